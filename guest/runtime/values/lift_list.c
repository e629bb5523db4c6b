#include "values/lift.h"
#include "values/numbers.h"
#include <stdlib.h>
#include <string.h>

// One loop for each kind of number, with nothing to decide inside.
#define LIFT_NUMBERS(TYPE, MAKE)                                                                                       \
    for (size_t i = 0; i < length; i++) {                                                                              \
        TYPE value;                                                                                                    \
        memcpy(&value, elements + i * sizeof value, sizeof value);                                                     \
        PyObject *item = MAKE(value);                                                                                  \
        if (!item)                                                                                                     \
            return -1;                                                                                                 \
        PyList_SET_ITEM(list, (Py_ssize_t)i, item);                                                                    \
    }                                                                                                                  \
    return 0

static int lift_elements(struct call *call, PyObject *list, wit_type element, const uint8_t *elements, size_t length) {
    switch (wit_kind(element)) {
    case WIT_U16:
        LIFT_NUMBERS(uint16_t, PyLong_FromLong);
    case WIT_U32:
        LIFT_NUMBERS(uint32_t, PyLong_FromUnsignedLong);
    case WIT_U64:
        LIFT_NUMBERS(uint64_t, PyLong_FromUnsignedLongLong);
    case WIT_S16:
        LIFT_NUMBERS(int16_t, PyLong_FromLong);
    case WIT_S32:
        LIFT_NUMBERS(int32_t, PyLong_FromLong);
    case WIT_S64:
        LIFT_NUMBERS(int64_t, PyLong_FromLongLong);
    case WIT_F32:
        LIFT_NUMBERS(float, PyFloat_FromDouble);
    case WIT_F64:
        LIFT_NUMBERS(double, PyFloat_FromDouble);
    default:
        break;
    }
    uint32_t size = layout_of(element)->size;
    for (size_t i = 0; i < length; i++) {
        PyObject *item = lift(call, element, elements + i * size);
        if (!item)
            return -1;
        PyList_SET_ITEM(list, (Py_ssize_t)i, item);
    }
    return 0;
}

PyObject *lift_list(struct call *call, uint32_t index, uint8_t *elements, size_t length) {
    // Bytes are a list of u8 or s8 by name: a list of an alias of these is a list, as its annotation says.
    wit_type named = world.wit->lists[index].element, element = world_resolve(named);
    PyObject *object;
    if (wit_kind(named) != WIT_U8 && numbers_are_buffers(element))
        return numbers_lift(element, elements, length);
    if (wit_kind(named) == WIT_U8 || wit_kind(named) == WIT_S8) {
        object = PyBytes_FromStringAndSize((const char *)elements, (Py_ssize_t)length);
    } else {
        object = PyList_New((Py_ssize_t)length);
        if (object && lift_elements(call, object, element, elements, length) < 0)
            Py_CLEAR(object);
    }
    if (length)
        free(elements);
    return object;
}

static int lift_entry(struct call *call, PyObject *dict, const wit_map *map, const uint32_t *offsets,
                      const uint8_t *entry) {
    PyObject *key = lift(call, map->key, entry + offsets[0]);
    PyObject *value = key ? lift(call, map->value, entry + offsets[1]) : NULL;
    int status = value ? PyDict_SetItem(dict, key, value) : -1;
    Py_XDECREF(key);
    Py_XDECREF(value);
    return status;
}

PyObject *lift_map(struct call *call, uint32_t index, uint8_t *entries, size_t length) {
    const struct layout *layout = layout_of_map_entry(index);
    PyObject *dict = PyDict_New();
    for (size_t i = 0; dict && i < length; i++)
        if (lift_entry(call, dict, &world.wit->maps[index], layout->offsets, entries + i * layout->size) < 0)
            Py_CLEAR(dict);
    if (length)
        free(entries);
    return dict;
}
