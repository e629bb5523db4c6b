// Handles of what is opened in the image or in /tmp. A host's handles are small; these have the highest bit set, and
// hold an address.

#ifndef AMPOULE_HANDLES_H
#define AMPOULE_HANDLES_H

#include "files/image.h"
#include "files/temporary.h"
#include <stdlib.h>

#define HOST_IMPORT(interface, name)                                                                                   \
    __attribute__((__import_module__("wasi:" interface "@0.2.0"), __import_name__(name)))

// A file or folder: of the image, or of /tmp.
struct place {
    const struct node *node;
    struct entry *entry;
};

// A file or folder that is open. Its streams keep it alive.
struct descriptor {
    struct place place;
    uint32_t references;
    // FILESYSTEM_DESCRIPTOR_FLAGS_*
    uint8_t flags;
    // A file's bytes in the image, once they have been read.
    uint8_t *content;
};

struct input {
    struct descriptor *descriptor;
    uint64_t offset;
};

struct output {
    struct descriptor *descriptor;
    uint64_t offset;
    bool appends;
};

// The names in a folder at the time when it was asked for them.
struct listing {
    size_t next;
    size_t count;
    struct {
        const char *name;
        size_t length;
        bool is_folder;
    } items[];
};

// Whether it is one of ours and not the host's.
static inline bool is_own(int32_t handle) { return handle < 0; }

// Addresses from malloc are even.
static inline int32_t handle_of(const void *opened) {
    return (int32_t)(0x80000000u | (uint32_t)(uintptr_t)opened >> 1);
}

static inline void *opened_by(int32_t handle) { return (void *)(uintptr_t)((uint32_t)handle << 1); }

static inline struct place place_of(int32_t handle) {
    const struct descriptor *descriptor = opened_by(handle);
    return descriptor->place;
}

static inline bool is_folder(struct place place) {
    return place.entry ? place.entry->is_folder : place.node->kind == NODE_FOLDER;
}

static inline uint64_t size_of(struct place place) { return place.entry ? place.entry->size : place.node->size; }

// Follows a relative path from a folder; false with one of FILESYSTEM_ERROR_CODE_* if there is nothing.
bool place_find(struct place folder, const uint8_t *path, size_t length, struct place *found, uint8_t *error);

// The folders that the host gives, without the image's.
HOST_IMPORT("filesystem/preopens", "get-directories") void host_get_directories(uint8_t *);

// Null if memory is short.
struct descriptor *descriptor_open(struct place place, uint8_t flags);
void descriptor_release(struct descriptor *descriptor);
// Up to `length` bytes from an offset on, in memory of their own; false if memory is short.
bool descriptor_read(struct descriptor *descriptor, uint64_t offset, uint64_t length, uint8_t **bytes, size_t *count);

#endif
