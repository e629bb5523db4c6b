/* File locks for SQLite on WASI, which has none.
 *
 * SQLite counts the locks of one process's connections itself and asks the system only to hold them against other
 * processes. A component is a process alone in its world, so each such request is granted at once. Between the
 * connections of one component all locks work as they should; a database file must not be written by two components at
 * the same time. */

#include <fcntl.h>
#include <stdarg.h>

#undef fcntl
int fcntl(int descriptor, int command, ...);

int ampoule_fcntl(int descriptor, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    int result = 0;
    if (command == F_GETLK) {
        va_arg(arguments, struct flock *)->l_type = F_UNLCK;
    } else if (command != F_SETLK && command != F_SETLKW) {
        result = fcntl(descriptor, command, va_arg(arguments, int));
    }
    va_end(arguments);
    return result;
}
