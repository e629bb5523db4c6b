#include "files/handles.h"
#include <string.h>

bool place_find(struct place folder, const uint8_t *path, size_t length, struct place *found, uint8_t *error) {
    *found = (struct place){NULL, NULL};
    if (folder.entry)
        return temporary_find(folder.entry, (const char *)path, length, &found->entry, error);
    return image_find(ampoule_image(), folder.node, (const char *)path, length, &found->node, error);
}

struct descriptor *descriptor_open(struct place place, uint8_t flags) {
    struct descriptor *descriptor = malloc(sizeof *descriptor);
    if (descriptor)
        *descriptor = (struct descriptor){place, 1, flags, NULL};
    if (descriptor && place.entry)
        entry_keep(place.entry);
    return descriptor;
}

void descriptor_release(struct descriptor *descriptor) {
    if (--descriptor->references)
        return;
    if (descriptor->place.entry)
        entry_release(descriptor->place.entry);
    free(descriptor->content);
    free(descriptor);
}

static bool load(struct descriptor *descriptor) {
    if (descriptor->content)
        return true;
    const struct node *node = descriptor->place.node;
    uint8_t *content = malloc(node->size + 1);
    if (!content || !image_unpack(ampoule_image(), node, content)) {
        free(content);
        return false;
    }
    descriptor->content = content;
    return true;
}

// A file that is read as a whole is not kept: most are read once.
static bool read_bytes(struct descriptor *descriptor, uint64_t offset, uint8_t *bytes, size_t count) {
    const struct entry *entry = descriptor->place.entry;
    if (entry) {
        if (count)
            memcpy(bytes, entry->bytes + offset, count);
        return true;
    }
    if (count == descriptor->place.node->size)
        return image_unpack(ampoule_image(), descriptor->place.node, bytes);
    if (!load(descriptor))
        return false;
    memcpy(bytes, descriptor->content + offset, count);
    return true;
}

bool descriptor_read(struct descriptor *descriptor, uint64_t offset, uint64_t length, uint8_t **bytes, size_t *count) {
    uint64_t size = size_of(descriptor->place);
    uint64_t left = offset < size ? size - offset : 0;
    *count = (size_t)(length < left ? length : left);
    *bytes = malloc(*count + 1);
    if (*bytes && read_bytes(descriptor, left ? offset : 0, *bytes, *count))
        return true;
    free(*bytes);
    return false;
}
