// What would change something: the image is a read-only file system, the host's folders decide for themselves.

#include "files/handles.h"
#include <wasi/wasip2.h>

static void refuse(uint8_t *result, uint8_t error) {
    filesystem_result_void_error_code_t *answer = (void *)result;
    answer->is_err = true;
    answer->val.err = error;
}

// The functions whose result has nothing or a descriptor's size in it: their error stands where `place` says.
#define REFUSED(function, import, place, parameters, arguments)                                                        \
    HOST_IMPORT("filesystem/types", "[method]descriptor." import) void host_##function parameters;                     \
    void __wasm_import_filesystem_method_descriptor_##function parameters {                                            \
        if (!is_of_image(handle)) {                                                                                    \
            host_##function arguments;                                                                                 \
            return;                                                                                                    \
        }                                                                                                              \
        result[0] = 1;                                                                                                 \
        result[place] = FILESYSTEM_ERROR_CODE_READ_ONLY;                                                               \
    }

REFUSED(set_size, "set-size", 1, (int32_t handle, int64_t size, uint8_t *result), (handle, size, result))
REFUSED(set_times, "set-times", 1,
        (int32_t handle, int32_t access, int64_t access_seconds, int32_t access_nanoseconds, int32_t change,
         int64_t change_seconds, int32_t change_nanoseconds, uint8_t *result),
        (handle, access, access_seconds, access_nanoseconds, change, change_seconds, change_nanoseconds, result))
REFUSED(set_times_at, "set-times-at", 1,
        (int32_t handle, int32_t flags, uint8_t *path, size_t length, int32_t access, int64_t access_seconds,
         int32_t access_nanoseconds, int32_t change, int64_t change_seconds, int32_t change_nanoseconds,
         uint8_t *result),
        (handle, flags, path, length, access, access_seconds, access_nanoseconds, change, change_seconds,
         change_nanoseconds, result))
REFUSED(write, "write", 8, (int32_t handle, uint8_t *bytes, size_t length, int64_t offset, uint8_t *result),
        (handle, bytes, length, offset, result))
REFUSED(write_via_stream, "write-via-stream", 4, (int32_t handle, int64_t offset, uint8_t *result),
        (handle, offset, result))
REFUSED(append_via_stream, "append-via-stream", 4, (int32_t handle, uint8_t *result), (handle, result))
REFUSED(symlink_at, "symlink-at", 1,
        (int32_t handle, uint8_t *target, size_t target_length, uint8_t *path, size_t length, uint8_t *result),
        (handle, target, target_length, path, length, result))

// Whether there is something at a path of the image; if not, why.
static bool is_there(int32_t folder, uint8_t *path, size_t length, uint8_t *error) {
    const struct descriptor *descriptor = opened_by(folder);
    const struct node *node;
    return image_find(ampoule_image(), descriptor->node, (const char *)path, length, &node, error);
}

// What is not there cannot be removed: programs remove files to be sure that they are gone.
#define REMOVED(function, import)                                                                                      \
    HOST_IMPORT("filesystem/types", "[method]descriptor." import)                                                      \
    void host_##function(int32_t, uint8_t *, size_t, uint8_t *);                                                       \
    void __wasm_import_filesystem_method_descriptor_##function(int32_t folder, uint8_t *path, size_t length,           \
                                                               uint8_t *result) {                                      \
        uint8_t error;                                                                                                 \
        if (!is_of_image(folder))                                                                                      \
            host_##function(folder, path, length, result);                                                             \
        else                                                                                                           \
            refuse(result, is_there(folder, path, length, &error) ? FILESYSTEM_ERROR_CODE_READ_ONLY : error);          \
    }

REMOVED(remove_directory_at, "remove-directory-at")
REMOVED(unlink_file_at, "unlink-file-at")

HOST_IMPORT("filesystem/types", "[method]descriptor.create-directory-at")
void host_create_directory_at(int32_t, uint8_t *, size_t, uint8_t *);

// A folder that is there already is told from one that can not be made: os.makedirs asks for it.
void __wasm_import_filesystem_method_descriptor_create_directory_at(int32_t folder, uint8_t *path, size_t length,
                                                                    uint8_t *result) {
    if (!is_of_image(folder)) {
        host_create_directory_at(folder, path, length, result);
        return;
    }
    uint8_t error;
    bool exists = is_there(folder, path, length, &error);
    refuse(result, exists ? FILESYSTEM_ERROR_CODE_EXIST : FILESYSTEM_ERROR_CODE_READ_ONLY);
}

HOST_IMPORT("filesystem/types", "[method]descriptor.link-at")
void host_link_at(int32_t, int32_t, uint8_t *, size_t, int32_t, uint8_t *, size_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.rename-at")
void host_rename_at(int32_t, uint8_t *, size_t, int32_t, uint8_t *, size_t, uint8_t *);

// Between the image and the host is a border between two file systems.
static uint8_t refusal(int32_t folder, int32_t new_folder) {
    return is_of_image(folder) && is_of_image(new_folder) ? FILESYSTEM_ERROR_CODE_READ_ONLY
                                                          : FILESYSTEM_ERROR_CODE_CROSS_DEVICE;
}

void __wasm_import_filesystem_method_descriptor_link_at(int32_t folder, int32_t flags, uint8_t *path, size_t length,
                                                        int32_t new_folder, uint8_t *new_path, size_t new_length,
                                                        uint8_t *result) {
    if (is_of_image(folder) || is_of_image(new_folder))
        refuse(result, refusal(folder, new_folder));
    else
        host_link_at(folder, flags, path, length, new_folder, new_path, new_length, result);
}

void __wasm_import_filesystem_method_descriptor_rename_at(int32_t folder, uint8_t *path, size_t length,
                                                          int32_t new_folder, uint8_t *new_path, size_t new_length,
                                                          uint8_t *result) {
    if (is_of_image(folder) || is_of_image(new_folder))
        refuse(result, refusal(folder, new_folder));
    else
        host_rename_at(folder, path, length, new_folder, new_path, new_length, result);
}
