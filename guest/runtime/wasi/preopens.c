// wasi:filesystem/preopens: the image's folders beside the host's. The C library takes the longest path that fits, and
// the last of two that are equal: so the host may put a folder of its own in the image's place.

#include "files/handles.h"
#include <string.h>
#include <wasi/wasip2.h>

typedef filesystem_preopens_tuple2_own_descriptor_string_t directory;

static bool add_mount(const struct image *image, const struct mount *mount, directory *added) {
    struct descriptor *descriptor = descriptor_open(&image->nodes[mount->node]);
    uint8_t *path = malloc(mount->path_length);
    if (!descriptor || !path)
        return false;
    memcpy(path, image_bytes(image, mount->path), mount->path_length);
    added->f0.__handle = handle_of(descriptor);
    added->f1 = (wasip2_string_t){path, mount->path_length};
    return true;
}

// Puts the image's folders before the others; if memory is short, the list stays as it is.
static void add_mounts(const struct image *image, filesystem_preopens_list_tuple2_own_descriptor_string_t *list) {
    directory *all = malloc((image->mount_count + list->len) * sizeof *all);
    if (!all)
        return;
    size_t count = 0;
    while (count < image->mount_count && add_mount(image, &image_mounts(image)[count], &all[count]))
        count++;
    memcpy(all + count, list->ptr, list->len * sizeof *all);
    if (list->len)
        free(list->ptr);
    list->ptr = all;
    list->len += count;
}

void __wasm_import_filesystem_preopens_get_directories(uint8_t *result) {
    host_get_directories(result);
    if (ampoule_image())
        add_mounts(ampoule_image(), (void *)result);
}
