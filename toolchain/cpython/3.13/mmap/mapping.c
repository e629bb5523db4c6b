/* Mappings for mmap on WASI, which has none: a mapping is a copy of its part of the file.
 *
 * What was written to a shared mapping goes to the file when it is flushed, resized or closed, and only that: what
 * others wrote to the rest of the file meanwhile stays. A descriptor that is another file by now is not written to. */

#include "held.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 4096 };

typedef struct mapping {
    struct mapping *next;
    char *bytes;
    /* What the file holds, as far as is known; none where nothing is written back. */
    char *written;
    size_t length;
    off_t offset;
    dev_t device;
    ino_t file;
    /* Its file, if it has one. */
    held *held;
} mapping;

static mapping *mappings;

static int fail(int reason) {
    errno = reason;
    return -1;
}

static void *refuse(int reason) {
    errno = reason;
    return MAP_FAILED;
}

/* The place of the mapping with this address. */
static mapping **find(const char *address) {
    mapping **place = &mappings;
    while (*place && !(address >= (*place)->bytes && address < (*place)->bytes + (*place)->length))
        place = &(*place)->next;
    return place;
}

static void release(mapping *released) {
    if (released->held)
        ampoule_release_held(released->held);
    free(released->bytes);
    free(released->written);
    free(released);
}

/* Reads a part of a file; what is behind its end is zeros already. */
static int read_part(int descriptor, char *bytes, size_t length, off_t offset) {
    while (length > 0) {
        ssize_t count = pread(descriptor, bytes, length, offset);
        if (count <= 0)
            return (int)count;
        bytes += count;
        length -= (size_t)count;
        offset += count;
    }
    return 0;
}

static int write_part(int descriptor, const char *bytes, size_t length, off_t offset) {
    while (length > 0) {
        ssize_t count = pwrite(descriptor, bytes, length, offset);
        if (count <= 0)
            return count < 0 ? -1 : fail(EIO);
        bytes += count;
        length -= (size_t)count;
        offset += count;
    }
    return 0;
}

/* Writes the blocks back in which something was changed, as far as the file goes. */
static int write_back(mapping *changed, size_t start, size_t end) {
    struct stat status;
    if (!changed->written)
        return 0;
    int descriptor = ampoule_held_descriptor(changed->held);
    if (fstat(descriptor, &status) != 0)
        return -1;
    if (status.st_dev != changed->device || status.st_ino != changed->file)
        return fail(EBADF);
    if (status.st_size < changed->offset)
        return 0;
    if (status.st_size - changed->offset < (off_t)end)
        end = (size_t)(status.st_size - changed->offset);
    while (start < end) {
        size_t length = end - start < BLOCK ? end - start : BLOCK;
        char *bytes = changed->bytes + start;
        if (memcmp(bytes, changed->written + start, length) != 0) {
            size_t first = 0;
            size_t last = length;
            while (bytes[first] == changed->written[start + first])
                first++;
            while (bytes[last - 1] == changed->written[start + last - 1])
                last--;
            if (write_part(descriptor, bytes + first, last - first,
                           changed->offset + (off_t)(start + first)) != 0)
                return -1;
            memcpy(changed->written + start, bytes, length);
        }
        start += length;
    }
    return 0;
}

/* Keeps what the file holds. */
static int keep_written(mapping *kept) {
    kept->written = malloc(kept->length);
    if (!kept->written)
        return fail(ENOMEM);
    memcpy(kept->written, kept->bytes, kept->length);
    return 0;
}

/* Reads the mapping's part of its file. */
static int open_file(mapping *opened, int descriptor, int writes) {
    struct stat status;
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || fstat(descriptor, &status) != 0)
        return -1;
    int access = flags & (O_RDONLY | O_WRONLY);
    if (!(access & O_RDONLY) || (writes && !(access & O_WRONLY)))
        return fail(EACCES);
    if (!S_ISREG(status.st_mode))
        return fail(ENODEV);
    opened->held = ampoule_hold(descriptor);
    if (!opened->held)
        return fail(ENOMEM);
    opened->device = status.st_dev;
    opened->file = status.st_ino;
    if (read_part(descriptor, opened->bytes, opened->length, opened->offset) != 0)
        return -1;
    return writes ? keep_written(opened) : 0;
}

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
    int shared = flags & MAP_TYPE;
    if (length == 0 || (flags & MAP_FIXED) || (shared != MAP_SHARED && shared != MAP_PRIVATE) ||
        offset % sysconf(_SC_PAGESIZE) != 0)
        return refuse(EINVAL);
    if (protection & PROT_EXEC)
        return refuse(EACCES);
    mapping *made = malloc(sizeof *made);
    if (!made)
        return refuse(ENOMEM);
    *made = (mapping){.length = length, .offset = offset, .bytes = calloc(1, length)};
    int writes = shared == MAP_SHARED && (protection & PROT_WRITE);
    int result = made->bytes ? 0 : fail(ENOMEM);
    if (result == 0 && !(flags & MAP_ANONYMOUS))
        result = open_file(made, descriptor, writes);
    if (result != 0) {
        int reason = errno;
        release(made);
        return refuse(reason);
    }
    (void)address;
    made->next = mappings;
    mappings = made;
    return made->bytes;
}

/* The mapping is gone in any case; fails where what was written to it is lost. */
int munmap(void *address, size_t length) {
    mapping **place = find(address);
    mapping *found = *place;
    (void)length;
    if (!found)
        return fail(EINVAL);
    int result = write_back(found, 0, found->length);
    int reason = errno;
    *place = found->next;
    release(found);
    errno = reason;
    return result;
}

int msync(void *address, size_t length, int flags) {
    mapping *found = *find(address);
    (void)flags;
    if (!found)
        return length == 0 ? 0 : fail(ENOMEM);
    size_t start = (size_t)((char *)address - found->bytes);
    size_t rest = found->length - start;
    return write_back(found, start, start + (length < rest ? length : rest));
}

void *mremap(void *address, size_t length, size_t new_length, int flags, ...) {
    mapping *found = *find(address);
    (void)length;
    (void)flags;
    if (!found || new_length == 0)
        return refuse(EINVAL);
    size_t kept = found->length < new_length ? found->length : new_length;
    if (write_back(found, 0, kept) != 0)
        return MAP_FAILED;
    mapping resized = *found;
    resized.length = new_length;
    resized.written = NULL;
    resized.bytes = calloc(1, new_length);
    if (!resized.bytes)
        return refuse(ENOMEM);
    memcpy(resized.bytes, found->bytes, kept);
    if (found->written &&
        (read_part(ampoule_held_descriptor(found->held), resized.bytes + kept, new_length - kept,
                   found->offset + (off_t)kept) != 0 ||
         keep_written(&resized) != 0)) {
        int reason = errno;
        free(resized.bytes);
        return refuse(reason);
    }
    free(found->bytes);
    free(found->written);
    *found = resized;
    return found->bytes;
}

/* The whole mapping is in memory: of advice there is only such as changes nothing. */
int madvise(void *address, size_t length, int advice) {
    (void)address;
    (void)length;
    return advice == MADV_NORMAL || advice == MADV_RANDOM || advice == MADV_SEQUENTIAL || advice == MADV_WILLNEED
               ? 0
               : fail(EINVAL);
}
