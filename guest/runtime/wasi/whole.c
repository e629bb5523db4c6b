// What the linker puts in place of functions of the C library: reads and writes of files are whole, as on other systems, where a
// stream of the host's takes or gives a piece at once; and no file has the empty path.

#include "files/handles.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/libc-find-relpath.h>

#define WRAPPED(name) __attribute__((__export_name__(#name)))

ssize_t __real_read(int descriptor, void *bytes, size_t length);
ssize_t __real_pread(int descriptor, void *bytes, size_t length, off_t offset);
ssize_t __real_write(int descriptor, const void *bytes, size_t length);
int __real___wasilibc_find_relpath_alloc(const char *path, const char **folder, char **relative, size_t *length,
                                         int grows);
int __real_chdir(const char *path);

// Whether more may follow what was read or written: never of a socket or a pipe, of which a piece is all there is.
static bool continues(int descriptor, ssize_t done, size_t length) {
    struct stat status;
    return done > 0 && (size_t)done < length && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

// The C library tells no reason why a stream has failed.
static ssize_t write_piece(int descriptor, const uint8_t *bytes, size_t length) {
    ampoule_temporary_is_full = false;
    ssize_t written = __real_write(descriptor, bytes, length);
    if (written < 0 && ampoule_temporary_is_full)
        errno = ENOSPC;
    return written;
}

WRAPPED(write) ssize_t __wrap_write(int descriptor, const void *bytes, size_t length) {
    ssize_t piece = write_piece(descriptor, bytes, length);
    if (!continues(descriptor, piece, length))
        return piece;
    size_t done = 0;
    while (piece > 0 && (done += (size_t)piece) < length)
        piece = write_piece(descriptor, (const uint8_t *)bytes + done, length - done);
    return (ssize_t)done;
}

WRAPPED(read) ssize_t __wrap_read(int descriptor, void *bytes, size_t length) {
    ssize_t piece = __real_read(descriptor, bytes, length);
    if (!continues(descriptor, piece, length))
        return piece;
    size_t done = 0;
    while (piece > 0 && (done += (size_t)piece) < length)
        piece = __real_read(descriptor, (uint8_t *)bytes + done, length - done);
    return (ssize_t)done;
}

WRAPPED(pread) ssize_t __wrap_pread(int descriptor, void *bytes, size_t length, off_t offset) {
    ssize_t piece = __real_pread(descriptor, bytes, length, offset);
    if (!continues(descriptor, piece, length))
        return piece;
    size_t done = 0;
    while (piece > 0 && (done += (size_t)piece) < length)
        piece = __real_pread(descriptor, (uint8_t *)bytes + done, length - done, offset + (off_t)done);
    return (ssize_t)done;
}

int __wrap___wasilibc_find_relpath_alloc(const char *path, const char **folder, char **relative, size_t *length,
                                         int grows) {
    if (!*path) {
        errno = ENOENT;
        return -1;
    }
    return __real___wasilibc_find_relpath_alloc(path, folder, relative, length, grows);
}

WRAPPED(chdir) int __wrap_chdir(const char *path) {
    if (!*path) {
        errno = ENOENT;
        return -1;
    }
    return __real_chdir(path);
}
