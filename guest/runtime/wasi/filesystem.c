// wasi:filesystem: what is in the image and in /tmp is answered here, all else by the host. The C library calls these
// functions in place of the imports of the same names.

#include "files/handles.h"
#include <string.h>
#include <wasi/wasip2.h>

// Every file of the image is of this second: 1980-01-01T00:00:00Z, the oldest that a zip archive can hold.
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

void __wasm_import_filesystem_descriptor_drop(int32_t handle) {
    if (is_own(handle))
        descriptor_release(opened_by(handle));
    else
        host_drop_descriptor(handle);
}

static filesystem_descriptor_type_t type_of(struct place place) {
    if (is_null_device(place.entry))
        return FILESYSTEM_DESCRIPTOR_TYPE_CHARACTER_DEVICE;
    return is_folder(place) ? FILESYSTEM_DESCRIPTOR_TYPE_DIRECTORY : FILESYSTEM_DESCRIPTOR_TYPE_REGULAR_FILE;
}

void __wasm_import_filesystem_method_descriptor_get_type(int32_t handle, uint8_t *result) {
    if (!is_own(handle)) {
        host_get_type(handle, result);
        return;
    }
    filesystem_result_descriptor_type_error_code_t *answer = (void *)result;
    answer->is_err = false;
    answer->val.ok = type_of(place_of(handle));
}

void __wasm_import_filesystem_method_descriptor_get_flags(int32_t handle, uint8_t *result) {
    if (!is_own(handle)) {
        host_get_flags(handle, result);
        return;
    }
    filesystem_result_descriptor_flags_error_code_t *answer = (void *)result;
    answer->is_err = false;
    const struct descriptor *descriptor = opened_by(handle);
    answer->val.ok = descriptor->flags;
}

static void describe(struct place place, filesystem_result_descriptor_stat_error_code_t *answer) {
    const filesystem_datetime_t fixed = {.seconds = FILE_TIME,
                                         .nanoseconds = place.entry ? 0 : place.node->nanoseconds};
    const filesystem_datetime_t modified = place.entry ? place.entry->modified : fixed;
    answer->is_err = false;
    answer->val.ok = (filesystem_descriptor_stat_t){
        .type = type_of(place),
        .link_count = 1,
        .size = size_of(place),
        .data_access_timestamp = {.is_some = true, .val = place.entry ? place.entry->accessed : fixed},
        .data_modification_timestamp = {.is_some = true, .val = modified},
        .status_change_timestamp = {.is_some = true, .val = modified},
    };
}

void __wasm_import_filesystem_method_descriptor_stat(int32_t handle, uint8_t *result) {
    if (is_own(handle))
        describe(place_of(handle), (void *)result);
    else
        host_stat(handle, result);
}

void __wasm_import_filesystem_method_descriptor_stat_at(int32_t folder, int32_t flags, uint8_t *path, size_t length,
                                                        uint8_t *result) {
    if (!is_own(folder)) {
        host_stat_at(folder, flags, path, length, result);
        return;
    }
    filesystem_result_descriptor_stat_error_code_t *answer = (void *)result;
    struct place place;
    answer->is_err = !place_find(place_of(folder), path, length, &place, &answer->val.err);
    if (!answer->is_err)
        describe(place, answer);
}

// Whether a file or folder that is there may be opened in this way.
static bool may_open(struct place place, int32_t open_flags, int32_t flags, uint8_t *error) {
    const int32_t changing = FILESYSTEM_DESCRIPTOR_FLAGS_WRITE | FILESYSTEM_DESCRIPTOR_FLAGS_MUTATE_DIRECTORY;
    bool changes = flags & changing || open_flags & FILESYSTEM_OPEN_FLAGS_TRUNCATE;
    if (open_flags & FILESYSTEM_OPEN_FLAGS_EXCLUSIVE)
        *error = FILESYSTEM_ERROR_CODE_EXIST;
    else if (!is_folder(place) && open_flags & FILESYSTEM_OPEN_FLAGS_DIRECTORY)
        *error = FILESYSTEM_ERROR_CODE_NOT_DIRECTORY;
    else if (is_folder(place) && flags & FILESYSTEM_DESCRIPTOR_FLAGS_WRITE)
        *error = FILESYSTEM_ERROR_CODE_IS_DIRECTORY;
    else if (!place.entry && !is_folder(place) && changes)
        *error = FILESYSTEM_ERROR_CODE_READ_ONLY;
    else
        return true;
    return false;
}

static bool find_in_image(struct place folder, const uint8_t *path, size_t length, int32_t open_flags,
                          struct place *found, uint8_t *error) {
    if (place_find(folder, path, length, found, error))
        return true;
    if (*error == FILESYSTEM_ERROR_CODE_NO_ENTRY && open_flags & FILESYSTEM_OPEN_FLAGS_CREATE)
        *error = FILESYSTEM_ERROR_CODE_READ_ONLY;
    return false;
}

static bool find_or_create(struct place folder, const uint8_t *path, size_t length, int32_t *open_flags,
                           struct place *found, uint8_t *error) {
    struct location location;
    *found = (struct place){NULL, NULL};
    if (!temporary_locate(folder.entry, (const char *)path, length, &location, error))
        return false;
    found->entry = location.entry;
    if (found->entry)
        return true;
    *error = FILESYSTEM_ERROR_CODE_NO_ENTRY;
    bool creates = *open_flags & FILESYSTEM_OPEN_FLAGS_CREATE && path[length - 1] != '/';
    // What is new is the opener's alone.
    *open_flags &= ~FILESYSTEM_OPEN_FLAGS_EXCLUSIVE;
    return creates && temporary_create(&location, false, &found->entry, error);
}

static bool open_place(struct place folder, const uint8_t *path, size_t length, int32_t open_flags, int32_t flags,
                       int32_t *handle, uint8_t *error) {
    struct place place;
    bool is_found = folder.entry ? find_or_create(folder, path, length, &open_flags, &place, error)
                                 : find_in_image(folder, path, length, open_flags, &place, error);
    if (!is_found || !may_open(place, open_flags, flags, error))
        return false;
    if (place.entry && !is_folder(place) && open_flags & FILESYSTEM_OPEN_FLAGS_TRUNCATE &&
        !temporary_resize(place.entry, 0, error))
        return false;
    struct descriptor *descriptor =
        descriptor_open(place, place.entry ? (uint8_t)flags : FILESYSTEM_DESCRIPTOR_FLAGS_READ);
    *handle = handle_of(descriptor);
    *error = FILESYSTEM_ERROR_CODE_INSUFFICIENT_MEMORY;
    return descriptor;
}

void __wasm_import_filesystem_method_descriptor_open_at(int32_t folder, int32_t path_flags, uint8_t *path,
                                                        size_t length, int32_t open_flags, int32_t flags,
                                                        uint8_t *result) {
    if (!is_own(folder)) {
        host_open_at(folder, path_flags, path, length, open_flags, flags, result);
        return;
    }
    filesystem_result_own_descriptor_error_code_t *answer = (void *)result;
    int32_t handle;
    uint8_t error;
    answer->is_err = !open_place(place_of(folder), path, length, open_flags, flags, &handle, &error);
    if (answer->is_err)
        answer->val.err = error;
    else
        answer->val.ok.__handle = handle;
}

// There are no links in the image, nor in /tmp.
void __wasm_import_filesystem_method_descriptor_readlink_at(int32_t folder, uint8_t *path, size_t length,
                                                            uint8_t *result) {
    if (!is_own(folder)) {
        host_readlink_at(folder, path, length, result);
        return;
    }
    filesystem_result_string_error_code_t *answer = (void *)result;
    struct place place;
    answer->is_err = true;
    if (place_find(place_of(folder), path, length, &place, &answer->val.err))
        answer->val.err = FILESYSTEM_ERROR_CODE_INVALID;
}

int32_t __wasm_import_filesystem_method_descriptor_is_same_object(int32_t one, int32_t other) {
    if (is_own(one) && is_own(other))
        return place_of(one).node == place_of(other).node && place_of(one).entry == place_of(other).entry;
    return is_own(one) || is_own(other) ? 0 : host_is_same_object(one, other);
}

// The identity of a file in the image is its node, that of one in /tmp its number.
static void identify(struct place place, filesystem_result_metadata_hash_value_error_code_t *answer) {
    answer->is_err = false;
    answer->val.ok.lower = place.entry ? place.entry->number : (uint64_t)(place.node - ampoule_image()->nodes) + 1;
    answer->val.ok.upper = place.entry ? 1 : 0;
}

void __wasm_import_filesystem_method_descriptor_metadata_hash(int32_t handle, uint8_t *result) {
    if (is_own(handle))
        identify(place_of(handle), (void *)result);
    else
        host_metadata_hash(handle, result);
}

void __wasm_import_filesystem_method_descriptor_metadata_hash_at(int32_t folder, int32_t flags, uint8_t *path,
                                                                 size_t length, uint8_t *result) {
    if (!is_own(folder)) {
        host_metadata_hash_at(folder, flags, path, length, result);
        return;
    }
    filesystem_result_metadata_hash_value_error_code_t *answer = (void *)result;
    struct place place;
    answer->is_err = !place_find(place_of(folder), path, length, &place, &answer->val.err);
    if (!answer->is_err)
        identify(place, answer);
}

static void succeed(uint8_t *result) {
    filesystem_result_void_error_code_t *answer = (void *)result;
    answer->is_err = false;
}

void __wasm_import_filesystem_method_descriptor_advise(int32_t handle, int64_t offset, int64_t length, int32_t advice,
                                                       uint8_t *result) {
    if (is_own(handle))
        succeed(result);
    else
        host_advise(handle, offset, length, advice, result);
}

void __wasm_import_filesystem_method_descriptor_sync(int32_t handle, uint8_t *result) {
    if (is_own(handle))
        succeed(result);
    else
        host_sync(handle, result);
}

void __wasm_import_filesystem_method_descriptor_sync_data(int32_t handle, uint8_t *result) {
    if (is_own(handle))
        succeed(result);
    else
        host_sync_data(handle, result);
}
