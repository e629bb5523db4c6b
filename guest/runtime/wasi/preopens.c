// wasi:filesystem/preopens: the image's folders and /tmp beside the host's. The C library takes the longest path that
// fits, and the last of two that are equal: so the host may put a folder of its own in the place of one of these.

#include "files/handles.h"
#include <string.h>
#include <wasi/wasip2.h>

typedef filesystem_preopens_tuple2_own_descriptor_string_t directory;

HOST_IMPORT("filesystem/types", "[method]descriptor.stat-at")
void host_stat_at(int32_t, int32_t, uint8_t *, size_t, uint8_t *);

static bool add_folder(struct place place, uint8_t flags, const char *text, size_t length, directory *added) {
    struct descriptor *descriptor = descriptor_open(place, flags);
    uint8_t *path = malloc(length);
    if (!descriptor || !path)
        return false;
    memcpy(path, text, length);
    added->f0.__handle = handle_of(descriptor);
    added->f1 = (wasip2_string_t){path, length};
    return true;
}

static bool add_mount(const struct image *image, const struct mount *mount, directory *added) {
    const char *path = image_bytes(image, mount->path);
    struct place place = {.node = &image->nodes[mount->node]};
    return add_folder(place, FILESYSTEM_DESCRIPTOR_FLAGS_READ, path, mount->path_length, added);
}

// Whether a folder of the host is /, with something at /tmp.
static bool has_temporary(const directory *folder) {
    static const char name[] = "tmp";
    filesystem_result_descriptor_stat_error_code_t answer;
    if (folder->f1.len != 1 || folder->f1.ptr[0] != '/')
        return false;
    host_stat_at(folder->f0.__handle, FILESYSTEM_PATH_FLAGS_SYMLINK_FOLLOW, (uint8_t *)name, strlen(name),
                 (uint8_t *)&answer);
    return !answer.is_err;
}

// In the host's /tmp, if it has one, files are better kept.
static bool wants_temporary(const filesystem_preopens_list_tuple2_own_descriptor_string_t *list) {
    bool is_wanted = ampoule_temporary_limit;
    for (size_t i = 0; is_wanted && i < list->len; i++)
        is_wanted = !has_temporary(&list->ptr[i]);
    return is_wanted;
}

static bool add_temporary(directory *added) {
    static const char path[] = "/tmp";
    struct place place = {.entry = temporary_root()};
    uint8_t flags = FILESYSTEM_DESCRIPTOR_FLAGS_READ | FILESYSTEM_DESCRIPTOR_FLAGS_MUTATE_DIRECTORY;
    return add_folder(place, flags, path, strlen(path), added);
}

// Puts our folders before the others; if memory is short, the list stays as it is.
static void add_folders(const struct image *image, filesystem_preopens_list_tuple2_own_descriptor_string_t *list) {
    size_t mounts = image ? image->mount_count : 0;
    directory *all = malloc((mounts + 1 + list->len) * sizeof *all);
    if (!all)
        return;
    size_t count = 0;
    while (count < mounts && add_mount(image, &image_mounts(image)[count], &all[count]))
        count++;
    if (wants_temporary(list) && add_temporary(&all[count]))
        count++;
    memcpy(all + count, list->ptr, list->len * sizeof *all);
    if (list->len)
        free(list->ptr);
    list->ptr = all;
    list->len += count;
}

void __wasm_import_filesystem_preopens_get_directories(uint8_t *result) {
    host_get_directories(result);
    add_folders(ampoule_image(), (void *)result);
}
