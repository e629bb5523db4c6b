// Clocks and random numbers that are not there: the C library's functions, which Python calls, fail with ENOSYS; Python
// makes an OSError of that for clocks, and a NotImplementedError for random numbers.

#include "wasi/virtual.h"
#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wasi/wasip2.h>

// The C library's own, of which its clock_gettime is a weak alias.
int __clock_gettime(clockid_t clock, struct timespec *time);

int clock_gettime(clockid_t clock, struct timespec *time) {
    int status = __clock_gettime(clock, time);
    bool is_absent = (uint32_t)time->tv_nsec >= SECOND || (uint64_t)time->tv_sec == NO_MONOTONIC_CLOCK / SECOND;
    if (status == 0 && is_absent) {
        errno = ENOSYS;
        return -1;
    }
    return status;
}

int getentropy(void *buffer, size_t length) {
    if (length > MOST_ENTROPY) {
        errno = EIO;
        return -1;
    }
    wasip2_list_u8_t bytes;
    random_get_random_bytes(length, &bytes);
    bool is_absent = bytes.len != length;
    if (!is_absent)
        memcpy(buffer, bytes.ptr, length);
    wasip2_list_u8_free(&bytes);
    if (is_absent)
        errno = ENOSYS;
    return is_absent ? -1 : 0;
}
