// How an instance ends: a message or a traceback on stderr, then a trap or an exit, which the host reports.

#include "life/guest.h"
#include <stdio.h>
#include <stdlib.h>

bool ampoule_exits_on_exception = false;

// A function of its own, so that its name stands in the host's backtrace.
_Noreturn __attribute__((noinline)) static void trap_after_message_on_stderr(void) {
    fflush(NULL);
    __builtin_trap();
}

void ampoule_end(const char *message) {
    fprintf(stderr, "%s\n", message);
    trap_after_message_on_stderr();
}

void ampoule_end_uncaught(void) {
    if (PyErr_ExceptionMatches(PyExc_SystemExit))
        ampoule_exit_with_code();
    // Ends the instance if the exception is SystemExit.
    PyErr_PrintEx(0);
    ampoule_run_exit_functions();
    ampoule_flush();
    if (ampoule_exits_on_exception)
        exit(EXIT_FAILURE);
    trap_after_message_on_stderr();
}
