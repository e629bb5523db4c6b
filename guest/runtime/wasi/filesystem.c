// wasi:filesystem: what is in the image is answered here, all else by the host. The C library calls these functions in
// place of the imports of the same names.

#include "files/handles.h"
#include <string.h>
#include <wasi/wasip2.h>

// Every file has this time: 1980-01-01T00:00:00Z, the oldest that a zip archive can hold.
enum { FILE_TIME = 315532800 };

HOST_IMPORT("filesystem/types", "[resource-drop]descriptor") void host_drop_descriptor(int32_t);
HOST_IMPORT("filesystem/types", "[method]descriptor.get-type") void host_get_type(int32_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.get-flags") void host_get_flags(int32_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.stat") void host_stat(int32_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.stat-at")
void host_stat_at(int32_t, int32_t, uint8_t *, size_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.open-at")
void host_open_at(int32_t, int32_t, uint8_t *, size_t, int32_t, int32_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.readlink-at")
void host_readlink_at(int32_t, uint8_t *, size_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.is-same-object") int32_t host_is_same_object(int32_t, int32_t);
HOST_IMPORT("filesystem/types", "[method]descriptor.metadata-hash") void host_metadata_hash(int32_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.metadata-hash-at")
void host_metadata_hash_at(int32_t, int32_t, uint8_t *, size_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.advise")
void host_advise(int32_t, int64_t, int64_t, int32_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.sync") void host_sync(int32_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.sync-data") void host_sync_data(int32_t, uint8_t *);

static const struct node *node_of(int32_t handle) {
    const struct descriptor *descriptor = opened_by(handle);
    return descriptor->node;
}

static bool find(int32_t folder, const uint8_t *path, size_t length, const struct node **node, uint8_t *error) {
    return image_find(ampoule_image(), node_of(folder), (const char *)path, length, node, error);
}

void __wasm_import_filesystem_descriptor_drop(int32_t handle) {
    if (is_of_image(handle))
        descriptor_release(opened_by(handle));
    else
        host_drop_descriptor(handle);
}

static filesystem_descriptor_type_t type_of(const struct node *node) {
    return node->kind == NODE_FOLDER ? FILESYSTEM_DESCRIPTOR_TYPE_DIRECTORY : FILESYSTEM_DESCRIPTOR_TYPE_REGULAR_FILE;
}

void __wasm_import_filesystem_method_descriptor_get_type(int32_t handle, uint8_t *result) {
    if (!is_of_image(handle)) {
        host_get_type(handle, result);
        return;
    }
    filesystem_result_descriptor_type_error_code_t *answer = (void *)result;
    answer->is_err = false;
    answer->val.ok = type_of(node_of(handle));
}

void __wasm_import_filesystem_method_descriptor_get_flags(int32_t handle, uint8_t *result) {
    if (!is_of_image(handle)) {
        host_get_flags(handle, result);
        return;
    }
    filesystem_result_descriptor_flags_error_code_t *answer = (void *)result;
    answer->is_err = false;
    answer->val.ok = FILESYSTEM_DESCRIPTOR_FLAGS_READ;
}

static void describe(const struct node *node, filesystem_result_descriptor_stat_error_code_t *answer) {
    const filesystem_option_datetime_t time = {.is_some = true, .val.seconds = FILE_TIME};
    answer->is_err = false;
    answer->val.ok = (filesystem_descriptor_stat_t){
        .type = type_of(node),
        .link_count = 1,
        .size = node->size,
        .data_access_timestamp = time,
        .data_modification_timestamp = time,
        .status_change_timestamp = time,
    };
}

void __wasm_import_filesystem_method_descriptor_stat(int32_t handle, uint8_t *result) {
    if (is_of_image(handle))
        describe(node_of(handle), (void *)result);
    else
        host_stat(handle, result);
}

void __wasm_import_filesystem_method_descriptor_stat_at(int32_t folder, int32_t flags, uint8_t *path, size_t length,
                                                        uint8_t *result) {
    if (!is_of_image(folder)) {
        host_stat_at(folder, flags, path, length, result);
        return;
    }
    filesystem_result_descriptor_stat_error_code_t *answer = (void *)result;
    const struct node *node;
    answer->is_err = !find(folder, path, length, &node, &answer->val.err);
    if (!answer->is_err)
        describe(node, answer);
}

// Whether a file or folder that is there may be opened in this way.
static bool may_open(const struct node *node, int32_t open_flags, int32_t flags, uint8_t *error) {
    const int32_t changing = FILESYSTEM_DESCRIPTOR_FLAGS_WRITE | FILESYSTEM_DESCRIPTOR_FLAGS_MUTATE_DIRECTORY;
    bool is_folder = node->kind == NODE_FOLDER;
    if (open_flags & FILESYSTEM_OPEN_FLAGS_EXCLUSIVE)
        *error = FILESYSTEM_ERROR_CODE_EXIST;
    else if (!is_folder && open_flags & FILESYSTEM_OPEN_FLAGS_DIRECTORY)
        *error = FILESYSTEM_ERROR_CODE_NOT_DIRECTORY;
    else if (is_folder && flags & FILESYSTEM_DESCRIPTOR_FLAGS_WRITE)
        *error = FILESYSTEM_ERROR_CODE_IS_DIRECTORY;
    else if (!is_folder && (flags & changing || open_flags & FILESYSTEM_OPEN_FLAGS_TRUNCATE))
        *error = FILESYSTEM_ERROR_CODE_READ_ONLY;
    else
        return true;
    return false;
}

static void open_in_image(const struct node *node, filesystem_result_own_descriptor_error_code_t *answer) {
    struct descriptor *descriptor = descriptor_open(node);
    answer->is_err = !descriptor;
    if (descriptor)
        answer->val.ok.__handle = handle_of(descriptor);
    else
        answer->val.err = FILESYSTEM_ERROR_CODE_INSUFFICIENT_MEMORY;
}

void __wasm_import_filesystem_method_descriptor_open_at(int32_t folder, int32_t path_flags, uint8_t *path,
                                                        size_t length, int32_t open_flags, int32_t flags,
                                                        uint8_t *result) {
    if (!is_of_image(folder)) {
        host_open_at(folder, path_flags, path, length, open_flags, flags, result);
        return;
    }
    filesystem_result_own_descriptor_error_code_t *answer = (void *)result;
    const struct node *node;
    uint8_t error;
    if (find(folder, path, length, &node, &error) && may_open(node, open_flags, flags, &error)) {
        open_in_image(node, answer);
        return;
    }
    bool would_create = error == FILESYSTEM_ERROR_CODE_NO_ENTRY && open_flags & FILESYSTEM_OPEN_FLAGS_CREATE;
    answer->is_err = true;
    answer->val.err = would_create ? FILESYSTEM_ERROR_CODE_READ_ONLY : error;
}

// There are no links in the image.
void __wasm_import_filesystem_method_descriptor_readlink_at(int32_t folder, uint8_t *path, size_t length,
                                                            uint8_t *result) {
    if (!is_of_image(folder)) {
        host_readlink_at(folder, path, length, result);
        return;
    }
    filesystem_result_string_error_code_t *answer = (void *)result;
    const struct node *node;
    answer->is_err = true;
    if (find(folder, path, length, &node, &answer->val.err))
        answer->val.err = FILESYSTEM_ERROR_CODE_INVALID;
}

int32_t __wasm_import_filesystem_method_descriptor_is_same_object(int32_t one, int32_t other) {
    if (is_of_image(one) && is_of_image(other))
        return node_of(one) == node_of(other);
    return is_of_image(one) || is_of_image(other) ? 0 : host_is_same_object(one, other);
}

// The identity of a file in the image is its node.
static void identify(const struct node *node, filesystem_result_metadata_hash_value_error_code_t *answer) {
    answer->is_err = false;
    answer->val.ok.lower = (uint64_t)(node - ampoule_image()->nodes) + 1;
    answer->val.ok.upper = 0;
}

void __wasm_import_filesystem_method_descriptor_metadata_hash(int32_t handle, uint8_t *result) {
    if (is_of_image(handle))
        identify(node_of(handle), (void *)result);
    else
        host_metadata_hash(handle, result);
}

void __wasm_import_filesystem_method_descriptor_metadata_hash_at(int32_t folder, int32_t flags, uint8_t *path,
                                                                 size_t length, uint8_t *result) {
    if (!is_of_image(folder)) {
        host_metadata_hash_at(folder, flags, path, length, result);
        return;
    }
    filesystem_result_metadata_hash_value_error_code_t *answer = (void *)result;
    const struct node *node;
    answer->is_err = !find(folder, path, length, &node, &answer->val.err);
    if (!answer->is_err)
        identify(node, answer);
}

static void succeed(uint8_t *result) {
    filesystem_result_void_error_code_t *answer = (void *)result;
    answer->is_err = false;
}

void __wasm_import_filesystem_method_descriptor_advise(int32_t handle, int64_t offset, int64_t length, int32_t advice,
                                                       uint8_t *result) {
    if (is_of_image(handle))
        succeed(result);
    else
        host_advise(handle, offset, length, advice, result);
}

void __wasm_import_filesystem_method_descriptor_sync(int32_t handle, uint8_t *result) {
    if (is_of_image(handle))
        succeed(result);
    else
        host_sync(handle, result);
}

void __wasm_import_filesystem_method_descriptor_sync_data(int32_t handle, uint8_t *result) {
    if (is_of_image(handle))
        succeed(result);
    else
        host_sync_data(handle, result);
}
