// WASI for extension modules that import it by themselves, as Rust's standard library and crates do, of whatever
// version of 0.2: the stage `extension` binds their imports to these functions. They go through the C library, so that
// they are what Python has, in the build's host and where WASI is virtual, too. WASI's functions have no errors: what
// is not there ends the instance.

// getentropy and clock_gettime are none of ISO C.
#define _GNU_SOURCE

#include "wasi/virtual.h"
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wasi/wasip2.h>

#define BOUND(interface, name) __attribute__((__export_name__("bound wasi:" interface " " name)))

extern char **environ;

static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (size > 0 && !memory)
        abort();
    return memory;
}

static bool fill(uint8_t *bytes, size_t length) {
    for (size_t done = 0; done < length; done += MOST_ENTROPY) {
        size_t part = length - done < MOST_ENTROPY ? length - done : MOST_ENTROPY;
        if (getentropy(bytes + done, part) < 0)
            return false;
    }
    return true;
}

static int64_t random_u64(void) {
    int64_t number;
    if (!fill((uint8_t *)&number, sizeof number))
        abort();
    return number;
}

static void random_bytes(int64_t length, uint8_t *result) {
    wasip2_list_u8_t *list = (void *)result;
    *list = (wasip2_list_u8_t){allocate((size_t)length), (size_t)length};
    if (!fill(list->ptr, list->len))
        abort();
}

BOUND("random/random", "get-random-bytes") void bound_random_bytes(int64_t length, uint8_t *result) {
    random_bytes(length, result);
}
BOUND("random/random", "get-random-u64") int64_t bound_random_u64(void) { return random_u64(); }
BOUND("random/insecure", "get-insecure-random-bytes")
void bound_insecure_random_bytes(int64_t length, uint8_t *result) { random_bytes(length, result); }
BOUND("random/insecure", "get-insecure-random-u64") int64_t bound_insecure_random_u64(void) { return random_u64(); }

// What hash tables start from. Without random numbers each has the same, as Python's own have.
BOUND("random/insecure-seed", "insecure-seed") void bound_insecure_seed(uint8_t *result) {
    if (!fill(result, 2 * sizeof(uint64_t)))
        memset(result, 0, 2 * sizeof(uint64_t));
}

static wasip2_string_t copied(const char *text, size_t length) {
    wasip2_string_t copy = {allocate(length), length};
    if (length > 0)
        memcpy(copy.ptr, text, length);
    return copy;
}

BOUND("cli/environment", "get-environment") void bound_get_environment(uint8_t *result) {
    size_t count = 0;
    while (environ && environ[count])
        count++;
    wasip2_list_tuple2_string_string_t *list = (void *)result;
    *list = (wasip2_list_tuple2_string_string_t){allocate(count * sizeof *list->ptr), count};
    for (size_t i = 0; i < count; i++) {
        size_t name = strcspn(environ[i], "=");
        const char *value = environ[i] + name + (environ[i][name] == '=');
        list->ptr[i] = (wasip2_tuple2_string_string_t){copied(environ[i], name), copied(value, strlen(value))};
    }
}
// The arguments are Python's, in `sys.argv`.
BOUND("cli/environment", "get-arguments") void bound_get_arguments(uint8_t *result) {
    *(wasip2_list_string_t *)(void *)result = (wasip2_list_string_t){NULL, 0};
}
BOUND("cli/environment", "initial-cwd") void bound_initial_cwd(uint8_t *result) { *result = false; }

static struct timespec now(clockid_t clock) {
    struct timespec time;
    if (clock_gettime(clock, &time) < 0)
        abort();
    return time;
}

static void give(struct timespec time, uint8_t *result) {
    wall_clock_datetime_t *answer = (void *)result;
    *answer = (wall_clock_datetime_t){(uint64_t)time.tv_sec, (uint32_t)time.tv_nsec};
}

BOUND("clocks/wall-clock", "now") void bound_wall_clock_now(uint8_t *result) { give(now(CLOCK_REALTIME), result); }
BOUND("clocks/wall-clock", "resolution") void bound_wall_clock_resolution(uint8_t *result) {
    give((struct timespec){.tv_nsec = 1}, result);
}
BOUND("clocks/monotonic-clock", "now") int64_t bound_monotonic_now(void) {
    struct timespec time = now(CLOCK_MONOTONIC);
    return (int64_t)time.tv_sec * SECOND + time.tv_nsec;
}
BOUND("clocks/monotonic-clock", "resolution") int64_t bound_monotonic_resolution(void) { return 1; }
