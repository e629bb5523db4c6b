// libc++ takes every libc of musl's family to have Linux's copy_file_range. WASI has none; on ENOSYS libc++ copies through a
// buffer.

#include <errno.h>
#include <sys/types.h>

static inline ssize_t copy_file_range(int, off_t *, int, off_t *, size_t, unsigned) {
  errno = ENOSYS;
  return -1;
}
