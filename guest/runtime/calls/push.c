// What wit-dylib calls when a value arrives: each push puts one Python object on the call's stack, made of those on
// top.

#include "calls/call.h"
#include "world/asynchronous.h"
#include "values/lift.h"

void wit_dylib_push_bool(void *call, bool value) { call_push(call, PyBool_FromLong(value)); }
void wit_dylib_push_char(void *call, uint32_t value) { call_push(call, lift_char(value)); }
void wit_dylib_push_u8(void *call, uint8_t value) { call_push(call, PyLong_FromLong(value)); }
void wit_dylib_push_s8(void *call, int8_t value) { call_push(call, PyLong_FromLong(value)); }
void wit_dylib_push_u16(void *call, uint16_t value) { call_push(call, PyLong_FromLong(value)); }
void wit_dylib_push_s16(void *call, int16_t value) { call_push(call, PyLong_FromLong(value)); }
void wit_dylib_push_u32(void *call, uint32_t value) { call_push(call, PyLong_FromUnsignedLong(value)); }
void wit_dylib_push_s32(void *call, int32_t value) { call_push(call, PyLong_FromLong(value)); }
void wit_dylib_push_u64(void *call, uint64_t value) { call_push(call, PyLong_FromUnsignedLongLong(value)); }
void wit_dylib_push_s64(void *call, int64_t value) { call_push(call, PyLong_FromLongLong(value)); }
void wit_dylib_push_f32(void *call, float value) { call_push(call, PyFloat_FromDouble(value)); }
void wit_dylib_push_f64(void *call, double value) { call_push(call, PyFloat_FromDouble(value)); }

void wit_dylib_push_string(void *call, uint8_t *bytes, size_t length) { call_push(call, lift_string(bytes, length)); }

void wit_dylib_push_flags(void *call, size_t index, uint32_t bits) { call_push(call, lift_flags(index, bits)); }

void wit_dylib_push_enum(void *call, size_t index, uint32_t discriminant) {
    call_push(call, lift_enum(index, discriminant));
}

void wit_dylib_push_own(void *call, size_t index, uint32_t handle) { call_push(call, lift_own(index, handle)); }

void wit_dylib_push_borrow(void *call, size_t index, uint32_t handle) {
    call_push(call, lift_borrow(call, index, handle));
}

void wit_dylib_push_future(void *call, size_t index, uint32_t handle) {
    call_push(call, asynchronous->lift((wit_type)WIT_FUTURE | (wit_type)index << 8, handle));
}

void wit_dylib_push_stream(void *call, size_t index, uint32_t handle) {
    call_push(call, asynchronous->lift((wit_type)WIT_STREAM | (wit_type)index << 8, handle));
}

void wit_dylib_push_record(void *call, size_t index) {
    size_t count = world.wit->records[index].field_count;
    call_replace(call, count, lift_record(index, call_top(call, count)));
}

void wit_dylib_push_tuple(void *call, size_t index) {
    size_t count = world.wit->tuples[index].type_count;
    call_replace(call, count, lift_tuple(index, call_top(call, count)));
}

void wit_dylib_push_option(void *call, size_t index, uint32_t discriminant) {
    if (discriminant == 0)
        call_push(call, Py_NewRef(Py_None));
    else if (world_is(world.wit->options[index].payload, WIT_OPTION))
        call_replace(call, 1, lift_option(index, *call_top(call, 1)));
}

void wit_dylib_push_result(void *opaque, size_t index, uint32_t discriminant) {
    struct call *call = opaque;
    const wit_result *result = &world.wit->results[index];
    size_t count = (discriminant ? result->error : result->ok) != WIT_NOTHING;
    // No type contains itself, so this is the function's own result, never one inside it.
    if (call->result_arrives && call->result == ((wit_type)WIT_RESULT | (wit_type)index << 8)) {
        call->is_error = discriminant != 0;
        if (count == 0)
            call_push(call, Py_NewRef(Py_None));
        return;
    }
    call_replace(call, count, lift_result(index, discriminant, count ? *call_top(call, 1) : NULL));
}

void wit_dylib_push_variant(void *call, size_t index, uint32_t discriminant) {
    size_t count = world.wit->variants[index].fields[discriminant].type != WIT_NOTHING;
    call_replace(call, count, lift_variant(index, discriminant, count ? *call_top(call, 1) : NULL));
}

bool wit_dylib_push_list(void *call, size_t index, uint8_t *elements, size_t length) {
    call_push(call, lift_list(call, index, elements, length));
    return true;
}

// Lists are taken whole.
void wit_dylib_list_append(void *call, size_t index) {
    (void)call;
    (void)index;
}

void wit_dylib_push_map(void *call, size_t index, size_t length) {
    (void)index;
    (void)length;
    call_push(call, PyDict_New());
}

void wit_dylib_map_append(void *call, size_t index) {
    (void)index;
    PyObject **top = call_top(call, 3);
    bool failed = !PyDict_Check(top[0]) || PyDict_SetItem(top[0], top[1], top[2]) < 0;
    if (failed)
        call_replace(call, 3, NULL);
    else
        Py_DECREF(call_pop(call)), Py_DECREF(call_pop(call));
}
