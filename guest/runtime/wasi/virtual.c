// WASI that needs no host: what the linker binds imports to where a component is to have none. There is no environment
// and no folder, what is written is dropped, what is read has ended, and every socket is refused. Clocks and random
// numbers say that they are not there (see `absent.c`).
//
// What only works on handles that nothing here gives out is not defined: the linker makes it a trap.

#include "wasi/virtual.h"
#include <wasi/wasip2.h>

#define VIRTUAL(interface, name) __attribute__((__export_name__("virtual wasi:" interface " " name)))

// Any handle but zero is as good as any other.
enum { HANDLE = 1, CAPACITY = 1 << 16 };

static void give_nothing(uint8_t *result) {
    wasip2_list_u8_t *list = (void *)result;
    *list = (wasip2_list_u8_t){NULL, 0};
}

VIRTUAL("cli/environment", "get-environment") void virtual_get_environment(uint8_t *result) { give_nothing(result); }
VIRTUAL("cli/environment", "get-arguments") void virtual_get_arguments(uint8_t *result) { give_nothing(result); }
VIRTUAL("cli/environment", "initial-cwd") void virtual_initial_cwd(uint8_t *result) { *result = false; }
VIRTUAL("filesystem/preopens", "get-directories") void virtual_get_directories(uint8_t *result) {
    give_nothing(result);
}

// The instance has nowhere to go.
VIRTUAL("cli/exit", "exit") _Noreturn void virtual_exit(int32_t status) {
    (void)status;
    __builtin_trap();
}

VIRTUAL("cli/stdin", "get-stdin") int32_t virtual_get_stdin(void) { return HANDLE; }
VIRTUAL("cli/stdout", "get-stdout") int32_t virtual_get_stdout(void) { return HANDLE; }
VIRTUAL("cli/stderr", "get-stderr") int32_t virtual_get_stderr(void) { return HANDLE; }
VIRTUAL("cli/terminal-stdin", "get-terminal-stdin") void virtual_get_terminal_stdin(uint8_t *result) {
    *result = false;
}
VIRTUAL("cli/terminal-stdout", "get-terminal-stdout") void virtual_get_terminal_stdout(uint8_t *result) {
    *result = false;
}
VIRTUAL("cli/terminal-stderr", "get-terminal-stderr") void virtual_get_terminal_stderr(uint8_t *result) {
    *result = false;
}

static void end_of_input(uint8_t *result) {
    streams_result_list_u8_stream_error_t *answer = (void *)result;
    answer->is_err = true;
    answer->val.err.tag = STREAMS_STREAM_ERROR_CLOSED;
}

#define INPUT(function, name)                                                                                          \
    VIRTUAL("io/streams", "[method]input-stream." name)                                                                \
    void virtual_input_##function(int32_t stream, int64_t length, uint8_t *result) {                                   \
        (void)stream, (void)length;                                                                                    \
        end_of_input(result);                                                                                          \
    }

INPUT(read, "read")
INPUT(blocking_read, "blocking-read")

VIRTUAL("io/streams", "[method]output-stream.check-write")
void virtual_output_check_write(int32_t stream, uint8_t *result) {
    (void)stream;
    streams_result_u64_stream_error_t *answer = (void *)result;
    answer->is_err = false;
    answer->val.ok = CAPACITY;
}

#define OUTPUT(function, name, ...)                                                                                    \
    VIRTUAL("io/streams", "[method]output-stream." name)                                                               \
    void virtual_output_##function(int32_t stream, ##__VA_ARGS__, uint8_t *result) {                                   \
        (void)stream;                                                                                                  \
        *result = false;                                                                                               \
    }

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-parameter"
OUTPUT(write, "write", uint8_t *bytes, size_t length)
OUTPUT(blocking_write, "blocking-write-and-flush", uint8_t *bytes, size_t length)
OUTPUT(write_zeroes, "write-zeroes", int64_t length)
OUTPUT(blocking_write_zeroes, "blocking-write-zeroes-and-flush", int64_t length)
OUTPUT(flush, "flush")
OUTPUT(blocking_flush, "blocking-flush")
#pragma clang diagnostic pop

// Everything is ready at once: nobody is there to wait for.
VIRTUAL("io/streams", "[method]input-stream.subscribe") int32_t virtual_input_subscribe(int32_t stream) {
    (void)stream;
    return HANDLE;
}
VIRTUAL("io/streams", "[method]output-stream.subscribe") int32_t virtual_output_subscribe(int32_t stream) {
    (void)stream;
    return HANDLE;
}
VIRTUAL("clocks/monotonic-clock", "subscribe-instant") int32_t virtual_subscribe_instant(int64_t instant) {
    (void)instant;
    return HANDLE;
}
VIRTUAL("clocks/monotonic-clock", "subscribe-duration") int32_t virtual_subscribe_duration(int64_t duration) {
    (void)duration;
    return HANDLE;
}
VIRTUAL("io/poll", "[method]pollable.ready") int32_t virtual_pollable_ready(int32_t pollable) {
    (void)pollable;
    return true;
}
VIRTUAL("io/poll", "[method]pollable.block") void virtual_pollable_block(int32_t pollable) { (void)pollable; }
VIRTUAL("io/poll", "poll") void virtual_poll(int32_t *pollables, size_t count, uint8_t *result) {
    (void)pollables;
    wasip2_list_u32_t *ready = (void *)result;
    *ready = (wasip2_list_u32_t){malloc(count * sizeof *ready->ptr), 0};
    while (ready->ptr && ready->len < count) {
        ready->ptr[ready->len] = (uint32_t)ready->len;
        ready->len++;
    }
}

#define DROP(function, interface, resource)                                                                            \
    VIRTUAL(interface, "[resource-drop]" resource) void virtual_drop_##function(int32_t handle) { (void)handle; }

DROP(input, "io/streams", "input-stream")
DROP(output, "io/streams", "output-stream")
DROP(pollable, "io/poll", "pollable")
DROP(network, "sockets/network", "network")

VIRTUAL("clocks/wall-clock", "now") void virtual_wall_clock_now(uint8_t *result) {
    wall_clock_datetime_t *time = (void *)result;
    *time = (wall_clock_datetime_t){.nanoseconds = NO_WALL_CLOCK};
}
VIRTUAL("clocks/wall-clock", "resolution") void virtual_wall_clock_resolution(uint8_t *result) {
    wall_clock_datetime_t *time = (void *)result;
    *time = (wall_clock_datetime_t){.nanoseconds = 1};
}
VIRTUAL("clocks/monotonic-clock", "now") int64_t virtual_monotonic_now(void) { return (int64_t)NO_MONOTONIC_CLOCK; }
VIRTUAL("clocks/monotonic-clock", "resolution") int64_t virtual_monotonic_resolution(void) { return 1; }

VIRTUAL("random/random", "get-random-bytes") void virtual_get_random_bytes(int64_t length, uint8_t *result) {
    (void)length;
    give_nothing(result);
}

#define NO_SOCKET(function, interface, name)                                                                           \
    VIRTUAL("sockets/" interface, name) void virtual_##function(int32_t family, uint8_t *result) {                     \
        (void)family;                                                                                                  \
        result[0] = true;                                                                                              \
        result[4] = NETWORK_ERROR_CODE_ACCESS_DENIED;                                                                  \
    }

NO_SOCKET(create_tcp_socket, "tcp-create-socket", "create-tcp-socket")
NO_SOCKET(create_udp_socket, "udp-create-socket", "create-udp-socket")
VIRTUAL("sockets/instance-network", "instance-network") int32_t virtual_instance_network(void) { return HANDLE; }
VIRTUAL("sockets/ip-name-lookup", "resolve-addresses")
void virtual_resolve_addresses(int32_t network, uint8_t *name, size_t length, uint8_t *result) {
    (void)network, (void)name, (void)length;
    result[0] = true;
    result[4] = NETWORK_ERROR_CODE_ACCESS_DENIED;
}
