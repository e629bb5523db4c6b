#include "values/lift.h"
#include "world/asynchronous.h"
#include <stdlib.h>
#include <string.h>

enum { MOST_FIELDS_WITHOUT_ALLOCATION = 16 };

static uint32_t read_u32(const uint8_t *from) {
    uint32_t value;
    memcpy(&value, from, sizeof value);
    return value;
}

static uint32_t read_discriminant(const uint8_t *from, uint32_t size) {
    return size == 4 ? read_u32(from) : size == 2 ? from[0] | (uint32_t)from[1] << 8 : from[0];
}

// The parts of a record or tuple lie at `offsets`; `make` puts the object together.
static PyObject *lift_parts(struct call *call, size_t count, wit_type (*type_at)(uint32_t, size_t), uint32_t index,
                            wit_type whole, PyObject *(*make)(uint32_t, PyObject *const *), const uint8_t *from) {
    const uint32_t *offsets = layout_of(whole)->offsets;
    PyObject *few[MOST_FIELDS_WITHOUT_ALLOCATION];
    PyObject **parts = count <= Py_ARRAY_LENGTH(few) ? few : PyMem_Malloc(count * sizeof *parts);
    if (!parts)
        return PyErr_NoMemory();
    size_t done = 0;
    while (done < count && (parts[done] = lift(call, type_at(index, done), from + offsets[done])))
        done++;
    PyObject *object = done == count ? make(index, parts) : NULL;
    while (done > 0)
        Py_DECREF(parts[--done]);
    if (parts != few)
        PyMem_Free(parts);
    return object;
}

static wit_type field_type(uint32_t index, size_t field) { return world.wit->records[index].fields[field].type; }
static wit_type item_type(uint32_t index, size_t item) { return world.wit->tuples[index].types[item]; }

// The payload of a case, or null without an exception if it has none.
static PyObject *lift_payload(struct call *call, wit_type payload, wit_type whole, const uint8_t *from) {
    return payload == WIT_NOTHING ? NULL : lift(call, payload, from + layout_of(whole)->payload);
}

static PyObject *lift_option_from(struct call *call, wit_type type, const uint8_t *from) {
    uint32_t index = wit_index(type);
    if (*from == 0)
        return Py_NewRef(Py_None);
    PyObject *payload = lift_payload(call, world.wit->options[index].payload, type, from);
    PyObject *object = payload ? lift_option(index, payload) : NULL;
    Py_XDECREF(payload);
    return object;
}

static PyObject *lift_result_from(struct call *call, wit_type type, const uint8_t *from) {
    const wit_result *result = &world.wit->results[wit_index(type)];
    bool is_error = *from != 0;
    PyObject *payload = lift_payload(call, is_error ? result->error : result->ok, type, from);
    PyObject *object = PyErr_Occurred() ? NULL : lift_result(wit_index(type), is_error, payload);
    Py_XDECREF(payload);
    return object;
}

static PyObject *lift_variant_from(struct call *call, wit_type type, const uint8_t *from) {
    const wit_variant *variant = &world.wit->variants[wit_index(type)];
    uint32_t discriminant = read_discriminant(from, layout_discriminant(variant->field_count));
    PyObject *payload = lift_payload(call, variant->fields[discriminant].type, type, from);
    PyObject *object = PyErr_Occurred() ? NULL : lift_variant(wit_index(type), discriminant, payload);
    Py_XDECREF(payload);
    return object;
}

// One load: a copy whose size is not constant is a call of the host's.
#define READ(TYPE, MAKE)                                                                                               \
    {                                                                                                                  \
        TYPE value;                                                                                                    \
        memcpy(&value, from, sizeof value);                                                                            \
        return MAKE(value);                                                                                            \
    }

static PyObject *lift_scalar(enum wit_kind kind, const uint8_t *from) {
    switch (kind) {
    case WIT_U8:
        READ(uint8_t, PyLong_FromLong)
    case WIT_U16:
        READ(uint16_t, PyLong_FromLong)
    case WIT_U32:
        READ(uint32_t, PyLong_FromUnsignedLong)
    case WIT_U64:
        READ(uint64_t, PyLong_FromUnsignedLongLong)
    case WIT_S8:
        READ(int8_t, PyLong_FromLong)
    case WIT_S16:
        READ(int16_t, PyLong_FromLong)
    case WIT_S32:
        READ(int32_t, PyLong_FromLong)
    case WIT_S64:
        READ(int64_t, PyLong_FromLongLong)
    case WIT_F32:
        READ(float, PyFloat_FromDouble)
    case WIT_F64:
        READ(double, PyFloat_FromDouble)
    case WIT_BOOL:
        READ(uint8_t, PyBool_FromLong)
    default:
        READ(uint32_t, lift_char)
    }
}

PyObject *lift(struct call *call, wit_type type, const uint8_t *from) {
    type = world_resolve(type);
    uint32_t index = wit_index(type);
    const wit_world *wit = world.wit;
    switch (wit_kind(type)) {
    case WIT_STRING:
        return lift_string((uint8_t *)(uintptr_t)read_u32(from), read_u32(from + 4));
    case WIT_LIST:
        return lift_list(call, index, (uint8_t *)(uintptr_t)read_u32(from), read_u32(from + 4));
    case WIT_MAP:
        return lift_map(call, index, (uint8_t *)(uintptr_t)read_u32(from), read_u32(from + 4));
    case WIT_RECORD:
        return lift_parts(call, wit->records[index].field_count, field_type, index, type, lift_record, from);
    case WIT_TUPLE:
        return lift_parts(call, wit->tuples[index].type_count, item_type, index, type, lift_tuple, from);
    case WIT_OPTION:
        return lift_option_from(call, type, from);
    case WIT_RESULT:
        return lift_result_from(call, type, from);
    case WIT_VARIANT:
        return lift_variant_from(call, type, from);
    case WIT_ENUM:
        return lift_enum(index, read_discriminant(from, layout_of(type)->size));
    case WIT_FLAGS:
        return lift_flags(index, read_discriminant(from, layout_of(type)->size));
    case WIT_OWN:
        return lift_own(index, read_u32(from));
    case WIT_BORROW:
        return lift_borrow(call, index, read_u32(from));
    case WIT_FUTURE:
    case WIT_STREAM:
        return asynchronous->lift(type, read_u32(from));
    default:
        return lift_scalar(wit_kind(type), from);
    }
}
