// wasi:filesystem/preopens: the image's folders, /tmp and /dev beside the host's. The C library takes the longest path
// that fits, and the last of two that are equal: so the host may put a folder of its own in the place of one of these.

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

typedef filesystem_preopens_list_tuple2_own_descriptor_string_t directories;

// Whether a folder of the host is /, with something at a path below it.
static bool has(const directory *folder, const char *path) {
    filesystem_result_descriptor_stat_error_code_t answer;
    if (folder->f1.len != 1 || folder->f1.ptr[0] != '/')
        return false;
    host_stat_at(folder->f0.__handle, FILESYSTEM_PATH_FLAGS_SYMLINK_FOLLOW, (uint8_t *)path, strlen(path),
                 (uint8_t *)&answer);
    return !answer.is_err;
}

static bool host_has(const directories *list, const char *path) {
    bool is_there = false;
    for (size_t i = 0; !is_there && i < list->len; i++)
        is_there = has(&list->ptr[i], path);
    return is_there;
}

// In the host's /tmp, if it has one, files are better kept.
static bool add_temporary(const directories *list, directory *added) {
    static const char path[] = "/tmp";
    struct place place = {.entry = temporary_root()};
    uint8_t flags = FILESYSTEM_DESCRIPTOR_FLAGS_READ | FILESYSTEM_DESCRIPTOR_FLAGS_MUTATE_DIRECTORY;
    return ampoule_temporary_limit && !host_has(list, "tmp") && add_folder(place, flags, path, strlen(path), added);
}

static bool add_devices(const directories *list, directory *added) {
    static const char path[] = "/dev";
    struct place place = {.entry = devices_root()};
    uint8_t flags = FILESYSTEM_DESCRIPTOR_FLAGS_READ | FILESYSTEM_DESCRIPTOR_FLAGS_MUTATE_DIRECTORY;
    return !host_has(list, "dev/null") && add_folder(place, flags, path, strlen(path), added);
}

// Puts our folders before the others; if memory is short, the list stays as it is.
static void add_folders(const struct image *image, directories *list) {
    size_t mounts = image ? image->mount_count : 0;
    directory *all = malloc((mounts + 2 + list->len) * sizeof *all);
    if (!all)
        return;
    size_t count = 0;
    while (count < mounts && add_mount(image, &image_mounts(image)[count], &all[count]))
        count++;
    count += add_temporary(list, &all[count]);
    count += add_devices(list, &all[count]);
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
