// What wit-dylib asks for when a value leaves: all of it stands on the tape already, so nothing here can fail.

#include "calls/call.h"
#include <string.h>

bool wit_dylib_pop_bool(void *call) { return call_read(call) != 0; }
uint32_t wit_dylib_pop_char(void *call) { return (uint32_t)call_read(call); }
uint8_t wit_dylib_pop_u8(void *call) { return (uint8_t)call_read(call); }
int8_t wit_dylib_pop_s8(void *call) { return (int8_t)call_read(call); }
uint16_t wit_dylib_pop_u16(void *call) { return (uint16_t)call_read(call); }
int16_t wit_dylib_pop_s16(void *call) { return (int16_t)call_read(call); }
uint32_t wit_dylib_pop_u32(void *call) { return (uint32_t)call_read(call); }
int32_t wit_dylib_pop_s32(void *call) { return (int32_t)call_read(call); }
uint64_t wit_dylib_pop_u64(void *call) { return call_read(call); }
int64_t wit_dylib_pop_s64(void *call) { return (int64_t)call_read(call); }

float wit_dylib_pop_f32(void *call) {
    uint64_t bits = call_read(call);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double wit_dylib_pop_f64(void *call) {
    uint64_t bits = call_read(call);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// A pointer in the low half, a length in the high half.
static size_t read_pointer(struct call *call, void **pointer) {
    uint64_t both = call_read(call);
    *pointer = (void *)(uintptr_t)(uint32_t)both;
    return (size_t)(both >> 32);
}

size_t wit_dylib_pop_string(void *call, char **bytes) { return read_pointer(call, (void **)bytes); }

size_t wit_dylib_pop_list(void *call, size_t index, void **elements) {
    (void)index;
    return read_pointer(call, elements);
}

// Lists are always in their canonical layout, so that there is nothing to iterate over.
void wit_dylib_pop_list_iter_next(void *call, size_t index) {
    (void)call;
    (void)index;
}

void wit_dylib_pop_list_iter(void *call, size_t index) {
    (void)call;
    (void)index;
}

size_t wit_dylib_pop_map(void *call, size_t index) {
    (void)index;
    return (size_t)call_read(call);
}

void wit_dylib_pop_map_iter_next(void *call, size_t index) {
    (void)call;
    (void)index;
}

void wit_dylib_pop_map_iter(void *call, size_t index) {
    (void)call;
    (void)index;
}

// The parts of a record or tuple follow on the tape by themselves.
void wit_dylib_pop_record(void *call, size_t index) {
    (void)call;
    (void)index;
}

void wit_dylib_pop_tuple(void *call, size_t index) {
    (void)call;
    (void)index;
}

static uint32_t read_number(void *call, size_t index) {
    (void)index;
    return (uint32_t)call_read(call);
}

uint32_t wit_dylib_pop_flags(void *call, size_t index) { return read_number(call, index); }
uint32_t wit_dylib_pop_enum(void *call, size_t index) { return read_number(call, index); }
uint32_t wit_dylib_pop_own(void *call, size_t index) { return read_number(call, index); }
uint32_t wit_dylib_pop_borrow(void *call, size_t index) { return read_number(call, index); }
uint32_t wit_dylib_pop_future(void *call, size_t index) { return read_number(call, index); }
uint32_t wit_dylib_pop_stream(void *call, size_t index) { return read_number(call, index); }
uint32_t wit_dylib_pop_option(void *call, size_t index) { return read_number(call, index); }
uint32_t wit_dylib_pop_result(void *call, size_t index) { return read_number(call, index); }
uint32_t wit_dylib_pop_variant(void *call, size_t index) { return read_number(call, index); }
