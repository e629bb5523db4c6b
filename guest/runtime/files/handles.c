#include "files/handles.h"
#include <string.h>

struct descriptor *descriptor_open(const struct node *node) {
    struct descriptor *descriptor = malloc(sizeof *descriptor);
    if (descriptor)
        *descriptor = (struct descriptor){node, 1, NULL};
    return descriptor;
}

void descriptor_release(struct descriptor *descriptor) {
    if (--descriptor->references)
        return;
    free(descriptor->content);
    free(descriptor);
}

static bool load(struct descriptor *descriptor) {
    if (descriptor->content)
        return true;
    uint8_t *content = malloc(descriptor->node->size + 1);
    if (!content || !image_unpack(ampoule_image(), descriptor->node, content)) {
        free(content);
        return false;
    }
    descriptor->content = content;
    return true;
}

// A file that is read as a whole is not kept: most are read once.
static bool read_bytes(struct descriptor *descriptor, uint64_t offset, uint8_t *bytes, size_t count) {
    if (count == descriptor->node->size)
        return image_unpack(ampoule_image(), descriptor->node, bytes);
    if (!load(descriptor))
        return false;
    memcpy(bytes, descriptor->content + offset, count);
    return true;
}

bool descriptor_read(struct descriptor *descriptor, uint64_t offset, uint64_t length, uint8_t **bytes, size_t *count) {
    uint64_t size = descriptor->node->size;
    uint64_t left = offset < size ? size - offset : 0;
    *count = (size_t)(length < left ? length : left);
    *bytes = malloc(*count + 1);
    if (*bytes && read_bytes(descriptor, left ? offset : 0, *bytes, *count))
        return true;
    free(*bytes);
    return false;
}
