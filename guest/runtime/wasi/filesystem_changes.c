// What would change something: the image is a read-only file system, /tmp takes all but links, the host's folders
// decide for themselves.

#define _GNU_SOURCE 1 // for clock_gettime
#include "files/handles.h"
#include <time.h>
#include <wasi/wasip2.h>

// The functions whose result has nothing in it but an error.
static void answer_with(uint8_t *result, bool is_done, uint8_t error) {
    filesystem_result_void_error_code_t *answer = (void *)result;
    answer->is_err = !is_done;
    answer->val.err = error;
}

static void refuse(uint8_t *result, uint8_t error) { answer_with(result, false, error); }

HOST_IMPORT("filesystem/types", "[method]descriptor.set-size") void host_set_size(int32_t, int64_t, uint8_t *);

void __wasm_import_filesystem_method_descriptor_set_size(int32_t handle, int64_t size, uint8_t *result) {
    uint8_t error = FILESYSTEM_ERROR_CODE_READ_ONLY;
    if (!is_own(handle))
        host_set_size(handle, size, result);
    else
        answer_with(result, place_of(handle).entry && temporary_resize(place_of(handle).entry, (uint64_t)size, &error),
                    error);
}

// One of the two times of a file: as it is, now, or a given one.
static void set_time(filesystem_datetime_t *time, int32_t kind, int64_t seconds, int32_t nanoseconds) {
    struct timespec now = {0};
    if (kind == FILESYSTEM_NEW_TIMESTAMP_NOW) {
        clock_gettime(CLOCK_REALTIME, &now);
        *time = (filesystem_datetime_t){(uint64_t)now.tv_sec, (uint32_t)now.tv_nsec};
    } else if (kind == FILESYSTEM_NEW_TIMESTAMP_TIMESTAMP) {
        *time = (filesystem_datetime_t){(uint64_t)seconds, (uint32_t)nanoseconds};
    }
}

#define TIMES_PARAMETERS                                                                                               \
    int32_t access, int64_t access_seconds, int32_t access_nanoseconds, int32_t change, int64_t change_seconds,        \
        int32_t change_nanoseconds, uint8_t *result
#define TIMES access, access_seconds, access_nanoseconds, change, change_seconds, change_nanoseconds, result

static void set_times(struct place place, TIMES_PARAMETERS) {
    if (!place.entry) {
        refuse(result, FILESYSTEM_ERROR_CODE_READ_ONLY);
        return;
    }
    set_time(&place.entry->accessed, access, access_seconds, access_nanoseconds);
    set_time(&place.entry->modified, change, change_seconds, change_nanoseconds);
    answer_with(result, true, 0);
}

HOST_IMPORT("filesystem/types", "[method]descriptor.set-times") void host_set_times(int32_t, TIMES_PARAMETERS);

void __wasm_import_filesystem_method_descriptor_set_times(int32_t handle, TIMES_PARAMETERS) {
    if (is_own(handle))
        set_times(place_of(handle), TIMES);
    else
        host_set_times(handle, TIMES);
}

HOST_IMPORT("filesystem/types", "[method]descriptor.set-times-at")
void host_set_times_at(int32_t, int32_t, uint8_t *, size_t, TIMES_PARAMETERS);

void __wasm_import_filesystem_method_descriptor_set_times_at(int32_t folder, int32_t flags, uint8_t *path,
                                                             size_t length, TIMES_PARAMETERS) {
    struct place place;
    uint8_t error;
    if (!is_own(folder))
        host_set_times_at(folder, flags, path, length, TIMES);
    else if (place_find(place_of(folder), path, length, &place, &error))
        set_times(place, TIMES);
    else
        refuse(result, error);
}

HOST_IMPORT("filesystem/types", "[method]descriptor.write")
void host_write(int32_t, uint8_t *, size_t, int64_t, uint8_t *);

void __wasm_import_filesystem_method_descriptor_write(int32_t handle, uint8_t *bytes, size_t length, int64_t offset,
                                                      uint8_t *result) {
    if (!is_own(handle)) {
        host_write(handle, bytes, length, offset, result);
        return;
    }
    filesystem_result_filesize_error_code_t *answer = (void *)result;
    struct entry *entry = place_of(handle).entry;
    uint8_t error = FILESYSTEM_ERROR_CODE_READ_ONLY;
    answer->is_err = !entry || !temporary_write(entry, (uint64_t)offset, bytes, length, &error);
    if (answer->is_err)
        answer->val.err = error;
    else
        answer->val.ok = length;
}

// What must be there, and only in /tmp is.
static bool locate(int32_t folder, const uint8_t *path, size_t length, struct location *found, uint8_t *error) {
    struct place start = place_of(folder), place;
    if (start.entry)
        return temporary_locate(start.entry, (const char *)path, length, found, error);
    // What is not there cannot be removed: programs remove files to be sure that they are gone.
    if (place_find(start, path, length, &place, error))
        *error = FILESYSTEM_ERROR_CODE_READ_ONLY;
    return false;
}

#define REMOVED(function, import, is_folder)                                                                           \
    HOST_IMPORT("filesystem/types", "[method]descriptor." import)                                                      \
    void host_##function(int32_t, uint8_t *, size_t, uint8_t *);                                                       \
    void __wasm_import_filesystem_method_descriptor_##function(int32_t folder, uint8_t *path, size_t length,           \
                                                               uint8_t *result) {                                      \
        struct location location;                                                                                      \
        uint8_t error = 0;                                                                                             \
        if (!is_own(folder))                                                                                           \
            host_##function(folder, path, length, result);                                                             \
        else                                                                                                           \
            answer_with(result,                                                                                        \
                        locate(folder, path, length, &location, &error) &&                                             \
                            temporary_remove(&location, is_folder, &error),                                            \
                        error);                                                                                        \
    }

REMOVED(remove_directory_at, "remove-directory-at", true)
REMOVED(unlink_file_at, "unlink-file-at", false)

HOST_IMPORT("filesystem/types", "[method]descriptor.create-directory-at")
void host_create_directory_at(int32_t, uint8_t *, size_t, uint8_t *);

static bool create_folder(struct place start, const uint8_t *path, size_t length, uint8_t *error) {
    struct location location;
    struct entry *created;
    struct place place;
    if (start.entry)
        return temporary_locate(start.entry, (const char *)path, length, &location, error) &&
               temporary_create(&location, true, &created, error);
    // A folder that is there already is told from one that can not be made: os.makedirs asks for it.
    bool exists = place_find(start, path, length, &place, error);
    *error = exists ? FILESYSTEM_ERROR_CODE_EXIST : FILESYSTEM_ERROR_CODE_READ_ONLY;
    return false;
}

void __wasm_import_filesystem_method_descriptor_create_directory_at(int32_t folder, uint8_t *path, size_t length,
                                                                    uint8_t *result) {
    uint8_t error = 0;
    if (!is_own(folder))
        host_create_directory_at(folder, path, length, result);
    else
        answer_with(result, create_folder(place_of(folder), path, length, &error), error);
}

HOST_IMPORT("filesystem/types", "[method]descriptor.symlink-at")
void host_symlink_at(int32_t, uint8_t *, size_t, uint8_t *, size_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.link-at")
void host_link_at(int32_t, int32_t, uint8_t *, size_t, int32_t, uint8_t *, size_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.rename-at")
void host_rename_at(int32_t, uint8_t *, size_t, int32_t, uint8_t *, size_t, uint8_t *);

// Whether a handle is of /tmp.
static bool is_temporary(int32_t handle) { return is_own(handle) && place_of(handle).entry; }

void __wasm_import_filesystem_method_descriptor_symlink_at(int32_t folder, uint8_t *target, size_t target_length,
                                                           uint8_t *path, size_t length, uint8_t *result) {
    if (!is_own(folder))
        host_symlink_at(folder, target, target_length, path, length, result);
    else
        refuse(result, is_temporary(folder) ? FILESYSTEM_ERROR_CODE_UNSUPPORTED : FILESYSTEM_ERROR_CODE_READ_ONLY);
}

// Between the image, /tmp and the host are borders between file systems.
static uint8_t refusal(int32_t folder, int32_t new_folder) {
    if (!is_own(folder) || !is_own(new_folder) || is_temporary(folder) != is_temporary(new_folder))
        return FILESYSTEM_ERROR_CODE_CROSS_DEVICE;
    return is_temporary(folder) ? FILESYSTEM_ERROR_CODE_UNSUPPORTED : FILESYSTEM_ERROR_CODE_READ_ONLY;
}

void __wasm_import_filesystem_method_descriptor_link_at(int32_t folder, int32_t flags, uint8_t *path, size_t length,
                                                        int32_t new_folder, uint8_t *new_path, size_t new_length,
                                                        uint8_t *result) {
    if (is_own(folder) || is_own(new_folder))
        refuse(result, refusal(folder, new_folder));
    else
        host_link_at(folder, flags, path, length, new_folder, new_path, new_length, result);
}

static bool rename_temporary(struct entry *folder, const uint8_t *path, size_t length, struct entry *new_folder,
                             const uint8_t *new_path, size_t new_length, uint8_t *error) {
    struct location from, to;
    return temporary_locate(folder, (const char *)path, length, &from, error) &&
           temporary_locate(new_folder, (const char *)new_path, new_length, &to, error) &&
           temporary_rename(&from, &to, error);
}

void __wasm_import_filesystem_method_descriptor_rename_at(int32_t folder, uint8_t *path, size_t length,
                                                          int32_t new_folder, uint8_t *new_path, size_t new_length,
                                                          uint8_t *result) {
    uint8_t error = 0;
    if (is_temporary(folder) && is_temporary(new_folder))
        answer_with(result,
                    rename_temporary(place_of(folder).entry, path, length, place_of(new_folder).entry, new_path,
                                     new_length, &error),
                    error);
    else if (is_own(folder) || is_own(new_folder))
        refuse(result, refusal(folder, new_folder));
    else
        host_rename_at(folder, path, length, new_folder, new_path, new_length, result);
}
