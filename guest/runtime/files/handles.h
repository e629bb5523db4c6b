// Handles of what is opened in the image. A host's handles are small; these have the highest bit set, and hold an
// address.

#ifndef AMPOULE_HANDLES_H
#define AMPOULE_HANDLES_H

#include "files/image.h"
#include <stdlib.h>

#define HOST_IMPORT(interface, name)                                                                                   \
    __attribute__((__import_module__("wasi:" interface "@0.2.0"), __import_name__(name)))

// A file or folder that is open. Its streams keep it alive.
struct descriptor {
    const struct node *node;
    uint32_t references;
    // A file's bytes, once they have been read.
    uint8_t *content;
};

struct input {
    struct descriptor *descriptor;
    uint64_t offset;
};

struct listing {
    const struct node *next;
    const struct node *end;
};

static inline bool is_of_image(int32_t handle) { return handle < 0; }

// Addresses from malloc are even.
static inline int32_t handle_of(const void *opened) {
    return (int32_t)(0x80000000u | (uint32_t)(uintptr_t)opened >> 1);
}

static inline void *opened_by(int32_t handle) { return (void *)(uintptr_t)((uint32_t)handle << 1); }

// The folders that the host gives, without the image's.
HOST_IMPORT("filesystem/preopens", "get-directories") void host_get_directories(uint8_t *);

// Null if memory is short.
struct descriptor *descriptor_open(const struct node *node);
void descriptor_release(struct descriptor *descriptor);
// Up to `length` bytes from an offset on, in memory of their own; false if memory is short.
bool descriptor_read(struct descriptor *descriptor, uint64_t offset, uint64_t length, uint8_t **bytes, size_t *count);

#endif
