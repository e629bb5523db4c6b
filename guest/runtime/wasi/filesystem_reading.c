// What is read of the image and of /tmp: the bytes of files, and the entries of folders.

#include "files/handles.h"
#include <string.h>
#include <wasi/wasip2.h>

HOST_IMPORT("filesystem/types", "[method]descriptor.read")
void host_read(int32_t, int64_t, int64_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.read-via-stream")
void host_read_via_stream(int32_t, int64_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.read-directory") void host_read_directory(int32_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]directory-entry-stream.read-directory-entry")
void host_read_directory_entry(int32_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[resource-drop]directory-entry-stream")
void host_drop_directory_entry_stream(int32_t);
HOST_IMPORT("io/streams", "[method]input-stream.read") void host_input_read(int32_t, int64_t, uint8_t *);
HOST_IMPORT("io/streams", "[method]input-stream.blocking-read")
void host_input_blocking_read(int32_t, int64_t, uint8_t *);
HOST_IMPORT("io/streams", "[method]input-stream.skip") void host_input_skip(int32_t, int64_t, uint8_t *);
HOST_IMPORT("io/streams", "[method]input-stream.blocking-skip")
void host_input_blocking_skip(int32_t, int64_t, uint8_t *);
HOST_IMPORT("io/streams", "[method]input-stream.subscribe") int32_t host_input_subscribe(int32_t);
HOST_IMPORT("io/streams", "[resource-drop]input-stream") void host_drop_input_stream(int32_t);

void __wasm_import_filesystem_method_descriptor_read(int32_t handle, int64_t length, int64_t offset, uint8_t *result) {
    if (!is_own(handle)) {
        host_read(handle, length, offset, result);
        return;
    }
    filesystem_result_tuple2_list_u8_bool_error_code_t *answer = (void *)result;
    struct descriptor *descriptor = opened_by(handle);
    uint8_t *bytes;
    size_t count;
    answer->is_err = true;
    if (is_folder(descriptor->place))
        answer->val.err = FILESYSTEM_ERROR_CODE_IS_DIRECTORY;
    else if (!descriptor_read(descriptor, (uint64_t)offset, (uint64_t)length, &bytes, &count))
        answer->val.err = FILESYSTEM_ERROR_CODE_INSUFFICIENT_MEMORY;
    else {
        answer->is_err = false;
        answer->val.ok.f0 = (wasip2_list_u8_t){bytes, count};
        answer->val.ok.f1 = (uint64_t)offset + count >= size_of(descriptor->place);
    }
}

void __wasm_import_filesystem_method_descriptor_read_via_stream(int32_t handle, int64_t offset, uint8_t *result) {
    if (!is_own(handle)) {
        host_read_via_stream(handle, offset, result);
        return;
    }
    filesystem_result_own_input_stream_error_code_t *answer = (void *)result;
    struct descriptor *descriptor = opened_by(handle);
    answer->is_err = true;
    if (is_folder(descriptor->place)) {
        answer->val.err = FILESYSTEM_ERROR_CODE_IS_DIRECTORY;
        return;
    }
    struct input *input = malloc(sizeof *input);
    if (!input) {
        answer->val.err = FILESYSTEM_ERROR_CODE_INSUFFICIENT_MEMORY;
        return;
    }
    descriptor->references++;
    *input = (struct input){descriptor, (uint64_t)offset};
    answer->is_err = false;
    answer->val.ok.__handle = handle_of(input);
}

static void read_input(int32_t handle, int64_t length, uint8_t *result) {
    streams_result_list_u8_stream_error_t *answer = (void *)result;
    struct input *input = opened_by(handle);
    uint8_t *bytes;
    size_t count;
    answer->is_err = true;
    answer->val.err.tag = STREAMS_STREAM_ERROR_CLOSED;
    bool at_end = length && input->offset >= size_of(input->descriptor->place);
    if (at_end || !descriptor_read(input->descriptor, input->offset, (uint64_t)length, &bytes, &count))
        return;
    input->offset += count;
    answer->is_err = false;
    answer->val.ok = (wasip2_list_u8_t){bytes, count};
}

void __wasm_import_streams_method_input_stream_read(int32_t handle, int64_t length, uint8_t *result) {
    if (is_own(handle))
        read_input(handle, length, result);
    else
        host_input_read(handle, length, result);
}

void __wasm_import_streams_method_input_stream_blocking_read(int32_t handle, int64_t length, uint8_t *result) {
    if (is_own(handle))
        read_input(handle, length, result);
    else
        host_input_blocking_read(handle, length, result);
}

static void skip_input(int32_t handle, int64_t length, uint8_t *result) {
    streams_result_u64_stream_error_t *answer = (void *)result;
    struct input *input = opened_by(handle);
    uint64_t size = size_of(input->descriptor->place);
    uint64_t left = input->offset < size ? size - input->offset : 0;
    uint64_t skipped = (uint64_t)length < left ? (uint64_t)length : left;
    answer->is_err = length && !left;
    if (answer->is_err) {
        answer->val.err.tag = STREAMS_STREAM_ERROR_CLOSED;
        return;
    }
    input->offset += skipped;
    answer->val.ok = skipped;
}

void __wasm_import_streams_method_input_stream_skip(int32_t handle, int64_t length, uint8_t *result) {
    if (is_own(handle))
        skip_input(handle, length, result);
    else
        host_input_skip(handle, length, result);
}

void __wasm_import_streams_method_input_stream_blocking_skip(int32_t handle, int64_t length, uint8_t *result) {
    if (is_own(handle))
        skip_input(handle, length, result);
    else
        host_input_blocking_skip(handle, length, result);
}

// A file is always ready, as a moment that has passed is.
int32_t __wasm_import_streams_method_input_stream_subscribe(int32_t handle) {
    return is_own(handle) ? monotonic_clock_subscribe_duration(0).__handle : host_input_subscribe(handle);
}

void __wasm_import_streams_input_stream_drop(int32_t handle) {
    if (!is_own(handle)) {
        host_drop_input_stream(handle);
        return;
    }
    struct input *input = opened_by(handle);
    descriptor_release(input->descriptor);
    free(input);
}

static struct listing *new_listing(size_t count, size_t size_of_names) {
    struct listing *listing = malloc(sizeof *listing + count * sizeof *listing->items + size_of_names);
    if (listing)
        *listing = (struct listing){.count = count};
    return listing;
}

static struct listing *list_nodes(const struct node *folder) {
    struct listing *listing = new_listing(folder->length, 0);
    const struct node *first = &ampoule_image()->nodes[folder->start];
    for (size_t i = 0; listing && i < listing->count; i++) {
        listing->items[i].name = image_bytes(ampoule_image(), first[i].name);
        listing->items[i].length = first[i].name_length;
        listing->items[i].is_folder = first[i].kind == NODE_FOLDER;
    }
    return listing;
}

// With copies of the names: the entries may be gone when they are read.
static struct listing *list_entries(const struct entry *folder) {
    size_t size = 0;
    for (size_t i = 0; i < folder->count; i++)
        size += folder->children[i]->name_length;
    struct listing *listing = new_listing(folder->count, size);
    char *name = listing ? (char *)&listing->items[listing->count] : NULL;
    for (size_t i = 0; listing && i < listing->count; i++) {
        const struct entry *entry = folder->children[i];
        listing->items[i].name = memcpy(name, entry->name, entry->name_length);
        listing->items[i].length = entry->name_length;
        listing->items[i].is_folder = entry->is_folder;
        name += entry->name_length;
    }
    return listing;
}

void __wasm_import_filesystem_method_descriptor_read_directory(int32_t handle, uint8_t *result) {
    if (!is_own(handle)) {
        host_read_directory(handle, result);
        return;
    }
    filesystem_result_own_directory_entry_stream_error_code_t *answer = (void *)result;
    struct place folder = place_of(handle);
    answer->is_err = true;
    if (!is_folder(folder)) {
        answer->val.err = FILESYSTEM_ERROR_CODE_NOT_DIRECTORY;
        return;
    }
    struct listing *listing = folder.entry ? list_entries(folder.entry) : list_nodes(folder.node);
    if (!listing) {
        answer->val.err = FILESYSTEM_ERROR_CODE_INSUFFICIENT_MEMORY;
        return;
    }
    answer->is_err = false;
    answer->val.ok.__handle = handle_of(listing);
}

void __wasm_import_filesystem_method_directory_entry_stream_read_directory_entry(int32_t handle, uint8_t *result) {
    if (!is_own(handle)) {
        host_read_directory_entry(handle, result);
        return;
    }
    filesystem_result_option_directory_entry_error_code_t *answer = (void *)result;
    struct listing *listing = opened_by(handle);
    answer->is_err = false;
    answer->val.ok.is_some = listing->next < listing->count;
    if (!answer->val.ok.is_some)
        return;
    size_t length = listing->items[listing->next].length;
    uint8_t *name = malloc(length);
    if (!name) {
        answer->is_err = true;
        answer->val.err = FILESYSTEM_ERROR_CODE_INSUFFICIENT_MEMORY;
        return;
    }
    memcpy(name, listing->items[listing->next].name, length);
    bool is_folder = listing->items[listing->next].is_folder;
    answer->val.ok.val = (filesystem_directory_entry_t){
        .type = is_folder ? FILESYSTEM_DESCRIPTOR_TYPE_DIRECTORY : FILESYSTEM_DESCRIPTOR_TYPE_REGULAR_FILE,
        .name = {name, length},
    };
    listing->next++;
}

void __wasm_import_filesystem_directory_entry_stream_drop(int32_t handle) {
    if (is_own(handle))
        free(opened_by(handle));
    else
        host_drop_directory_entry_stream(handle);
}
