// The image: the files inside the component. It lies in memory as the snapshot stage has packed it: this header, the
// nodes, the mounts, then names and contents. Places in it count from its start.

#ifndef AMPOULE_IMAGE_H
#define AMPOULE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum node_kind { NODE_FOLDER, NODE_STORED, NODE_DEFLATED };

// A file or folder. The first node is the folder /; the children of a folder stand together, in order of their names.
struct node {
    uint32_t name;
    uint32_t name_length;
    uint32_t parent;
    uint32_t kind;
    // A folder's first child, and how many it has; a file's content, and how many bytes it takes in the image.
    uint32_t start;
    uint32_t length;
    // The bytes of the file itself, and the nanoseconds of its time, which follow from them.
    uint32_t size;
    uint32_t nanoseconds;
};

// A folder that takes its path's place in the file system, whatever the host has there.
struct mount {
    uint32_t path;
    uint32_t path_length;
    uint32_t node;
};

struct image {
    uint32_t node_count;
    uint32_t mount_count;
    struct node nodes[];
};

// Null while the component is built: all files are the build's host's then.
const struct image *ampoule_image(void);

const struct mount *image_mounts(const struct image *image);
const char *image_bytes(const struct image *image, uint32_t place);

// Follows a relative path from a folder; false with one of FILESYSTEM_ERROR_CODE_* if there is nothing.
bool image_find(const struct image *image, const struct node *folder, const char *path, size_t length,
                const struct node **found, uint8_t *error);

// Unpacks a file into as many bytes as its size is; false if memory is short.
bool image_unpack(const struct image *image, const struct node *file, uint8_t *bytes);

#endif
