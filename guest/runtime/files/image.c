#include "files/image.h"
#include "life/guest.h"
#include <string.h>
#include <wasi/wasip2.h>

static const struct image *embedded;

void ampoule_embed(const void *image) { embedded = image; }

const struct image *ampoule_image(void) { return ampoule_building ? NULL : embedded; }

const struct mount *image_mounts(const struct image *image) {
    return (const struct mount *)(image->nodes + image->node_count);
}

const char *image_bytes(const struct image *image, uint32_t place) { return (const char *)image + place; }

static int compare(const struct image *image, const struct node *node, const char *name, size_t length) {
    size_t common = node->name_length < length ? node->name_length : length;
    int order = memcmp(image_bytes(image, node->name), name, common);
    return order ? order : (node->name_length > length) - (node->name_length < length);
}

static const struct node *child(const struct image *image, const struct node *folder, const char *name, size_t length) {
    size_t low = folder->start, high = low + folder->length;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(image, &image->nodes[middle], name, length);
        if (order == 0)
            return &image->nodes[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

// One name of a path. As on any system, the folder above / is / itself.
static const struct node *step(const struct image *image, const struct node *folder, const char *name, size_t length) {
    if (length == 1 && name[0] == '.')
        return folder;
    if (length == 2 && name[0] == '.' && name[1] == '.')
        return &image->nodes[folder->parent];
    return child(image, folder, name, length);
}

bool image_find(const struct image *image, const struct node *folder, const char *path, size_t length,
                const struct node **found, uint8_t *error) {
    const struct node *node = folder;
    const char *end = path + length;
    while (path < end) {
        if (node->kind != NODE_FOLDER) {
            *error = FILESYSTEM_ERROR_CODE_NOT_DIRECTORY;
            return false;
        }
        const char *slash = memchr(path, '/', end - path);
        const char *name_end = slash ? slash : end;
        if (name_end > path && !(node = step(image, node, path, name_end - path))) {
            *error = FILESYSTEM_ERROR_CODE_NO_ENTRY;
            return false;
        }
        path = slash ? slash + 1 : end;
        // A slash at the end asks for a folder.
        if (slash && path == end && node->kind != NODE_FOLDER) {
            *error = FILESYSTEM_ERROR_CODE_NOT_DIRECTORY;
            return false;
        }
    }
    *found = node;
    return true;
}
