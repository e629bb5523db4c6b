// What is written to files of /tmp, by streams as the C library has them.

#include "files/handles.h"
#include <errno.h>
#include <unistd.h>
#include <wasi/wasip2.h>

HOST_IMPORT("filesystem/types", "[method]descriptor.write-via-stream")
void host_write_via_stream(int32_t, int64_t, uint8_t *);
HOST_IMPORT("filesystem/types", "[method]descriptor.append-via-stream")
void host_append_via_stream(int32_t, uint8_t *);
HOST_IMPORT("io/streams", "[method]output-stream.check-write") void host_output_check_write(int32_t, uint8_t *);
HOST_IMPORT("io/streams", "[method]output-stream.subscribe") int32_t host_output_subscribe(int32_t);
HOST_IMPORT("io/streams", "[resource-drop]output-stream") void host_drop_output_stream(int32_t);

static void open_stream(int32_t handle, uint64_t offset, bool appends, uint8_t *result) {
    filesystem_result_own_output_stream_error_code_t *answer = (void *)result;
    struct descriptor *descriptor = opened_by(handle);
    answer->is_err = true;
    if (!descriptor->place.entry) {
        answer->val.err = FILESYSTEM_ERROR_CODE_READ_ONLY;
        return;
    }
    if (!(descriptor->flags & FILESYSTEM_DESCRIPTOR_FLAGS_WRITE)) {
        answer->val.err = FILESYSTEM_ERROR_CODE_BAD_DESCRIPTOR;
        return;
    }
    struct output *output = malloc(sizeof *output);
    if (!output) {
        answer->val.err = FILESYSTEM_ERROR_CODE_INSUFFICIENT_MEMORY;
        return;
    }
    descriptor->references++;
    *output = (struct output){descriptor, offset, appends};
    answer->is_err = false;
    answer->val.ok.__handle = handle_of(output);
}

void __wasm_import_filesystem_method_descriptor_write_via_stream(int32_t handle, int64_t offset, uint8_t *result) {
    if (is_own(handle))
        open_stream(handle, (uint64_t)offset, false, result);
    else
        host_write_via_stream(handle, offset, result);
}

void __wasm_import_filesystem_method_descriptor_append_via_stream(int32_t handle, uint8_t *result) {
    if (is_own(handle))
        open_stream(handle, 0, true, result);
    else
        host_append_via_stream(handle, result);
}

// As much as one likes: what does not fit is refused when it is written.
void __wasm_import_streams_method_output_stream_check_write(int32_t handle, uint8_t *result) {
    if (!is_own(handle)) {
        host_output_check_write(handle, result);
        return;
    }
    streams_result_u64_stream_error_t *answer = (void *)result;
    answer->is_err = false;
    answer->val.ok = UINT32_MAX;
}

static void write_output(int32_t handle, const uint8_t *bytes, size_t length, uint8_t *result) {
    streams_result_void_stream_error_t *answer = (void *)result;
    struct output *output = opened_by(handle);
    struct entry *file = output->descriptor->place.entry;
    uint8_t error;
    if (output->appends)
        output->offset = file->size;
    answer->is_err = !temporary_write(file, output->offset, bytes, length, &error);
    // The C library makes EPIPE of it, `whole.c` ENOSPC.
    answer->val.err.tag = STREAMS_STREAM_ERROR_CLOSED;
    output->offset += length;
}

#define WRITTEN(function, import)                                                                                      \
    HOST_IMPORT("io/streams", "[method]output-stream." import)                                                         \
    void host_output_##function(int32_t, uint8_t *, size_t, uint8_t *);                                                \
    void __wasm_import_streams_method_output_stream_##function(int32_t handle, uint8_t *bytes, size_t length,          \
                                                               uint8_t *result) {                                      \
        if (is_own(handle))                                                                                            \
            write_output(handle, bytes, length, result);                                                               \
        else                                                                                                           \
            host_output_##function(handle, bytes, length, result);                                                     \
    }

WRITTEN(write, "write")
WRITTEN(blocking_write_and_flush, "blocking-write-and-flush")

// Nothing is held back.
#define FLUSHED(function, import)                                                                                      \
    HOST_IMPORT("io/streams", "[method]output-stream." import) void host_output_##function(int32_t, uint8_t *);        \
    void __wasm_import_streams_method_output_stream_##function(int32_t handle, uint8_t *result) {                      \
        streams_result_void_stream_error_t *answer = (void *)result;                                                   \
        if (is_own(handle))                                                                                            \
            answer->is_err = false;                                                                                    \
        else                                                                                                           \
            host_output_##function(handle, result);                                                                    \
    }

FLUSHED(flush, "flush")
FLUSHED(blocking_flush, "blocking-flush")

int32_t __wasm_import_streams_method_output_stream_subscribe(int32_t handle) {
    return is_own(handle) ? monotonic_clock_subscribe_duration(0).__handle : host_output_subscribe(handle);
}

void __wasm_import_streams_output_stream_drop(int32_t handle) {
    if (!is_own(handle)) {
        host_drop_output_stream(handle);
        return;
    }
    struct output *output = opened_by(handle);
    descriptor_release(output->descriptor);
    free(output);
}
