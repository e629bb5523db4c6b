// What the linker puts in place of functions of the C library: reads and writes of files are whole, as on other
// systems, where a stream of the host's takes or gives a piece at once; and no file has the empty path.

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

// Reads or writes a piece; the offset is for what has one.
typedef ssize_t piece(int descriptor, uint8_t *bytes, size_t length, off_t offset);

static ssize_t read_piece(int descriptor, uint8_t *bytes, size_t length, off_t offset) {
    (void)offset;
    return __real_read(descriptor, bytes, length);
}

static ssize_t pread_piece(int descriptor, uint8_t *bytes, size_t length, off_t offset) {
    return __real_pread(descriptor, bytes, length, offset);
}

// The C library tells no reason why a stream has failed.
static ssize_t write_piece(int descriptor, uint8_t *bytes, size_t length, off_t offset) {
    (void)offset;
    ampoule_temporary_is_full = false;
    ssize_t written = __real_write(descriptor, bytes, length);
    if (written < 0 && ampoule_temporary_is_full)
        errno = ENOSPC;
    return written;
}

// A piece is all there is of a socket or a pipe; of a file there may be more.
static bool is_file(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

static ssize_t whole(piece *next, int descriptor, uint8_t *bytes, size_t length, off_t offset) {
    ssize_t count = next(descriptor, bytes, length, offset);
    if (count <= 0 || (size_t)count == length || !is_file(descriptor))
        return count;
    size_t done = 0;
    while (count > 0 && (done += (size_t)count) < length)
        count = next(descriptor, bytes + done, length - done, offset + (off_t)done);
    return (ssize_t)done;
}

WRAPPED(read) ssize_t __wrap_read(int descriptor, void *bytes, size_t length) {
    return whole(read_piece, descriptor, bytes, length, 0);
}

WRAPPED(pread) ssize_t __wrap_pread(int descriptor, void *bytes, size_t length, off_t offset) {
    return whole(pread_piece, descriptor, bytes, length, offset);
}

WRAPPED(write) ssize_t __wrap_write(int descriptor, const void *bytes, size_t length) {
    return whole(write_piece, descriptor, (uint8_t *)bytes, length, 0);
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
