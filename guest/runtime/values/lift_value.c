#include "values/lift.h"
#include "world/record.h"
#include <stdlib.h>

PyObject *lift_char(uint32_t character) { return PyUnicode_FromOrdinal((int)character); }

PyObject *lift_string(uint8_t *bytes, size_t length) {
    PyObject *text = PyUnicode_DecodeUTF8((const char *)bytes, (Py_ssize_t)length, NULL);
    if (length)
        free(bytes);
    return text;
}

PyObject *lift_record(uint32_t index, PyObject *const *fields) {
    return record_new(&world.records[index], world.wit->records[index].field_count, fields);
}

static PyObject *lift_fixed_length_list(size_t count, PyObject *const *items) {
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; list && i < count; i++)
        PyList_SET_ITEM(list, (Py_ssize_t)i, Py_NewRef(items[i]));
    return list;
}

PyObject *lift_tuple(uint32_t index, PyObject *const *items) {
    size_t count = world.wit->tuples[index].type_count;
    if (world.tuple_meanings[index] == MEANS_ERROR_CONTEXT)
        return lift_error_context((uint32_t)PyLong_AsUnsignedLong(items[0]));
    if (world.tuple_meanings[index] == MEANS_FIXED_LENGTH_LIST)
        return lift_fixed_length_list(count, items);
    PyObject *tuple = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; tuple && i < count; i++)
        PyTuple_SET_ITEM(tuple, (Py_ssize_t)i, Py_NewRef(items[i]));
    return tuple;
}

// Some says that a None inside is a value of its own.
PyObject *lift_option(uint32_t index, PyObject *payload) {
    if (!payload)
        return Py_NewRef(Py_None);
    if (world_is(world.wit->options[index].payload, WIT_OPTION))
        return PyObject_CallOneArg(world.some, payload);
    return Py_NewRef(payload);
}

PyObject *lift_result(uint32_t index, bool is_error, PyObject *payload) {
    (void)index;
    return PyObject_CallOneArg(is_error ? world.err : world.ok, payload ? payload : Py_None);
}

PyObject *lift_variant(uint32_t index, uint32_t discriminant, PyObject *payload) {
    PyObject *class = world.variants[index].classes[discriminant];
    return payload ? PyObject_CallOneArg(class, payload) : PyObject_CallNoArgs(class);
}

PyObject *lift_enum(uint32_t index, uint32_t discriminant) {
    return Py_NewRef(world.enums[index].members[discriminant]);
}

PyObject *lift_flags(uint32_t index, uint32_t bits) {
    struct names *flags = &world.flags[index];
    size_t count = world.wit->flags[index].name_count;
    // The host may not set other bits, but nothing checks that it did not.
    if (count < 32)
        bits &= (1u << count) - 1;
    PyObject *number = PyLong_FromUnsignedLong(bits);
    if (!number)
        return NULL;
    PyObject *instance = Py_XNewRef(PyDict_GetItemWithError(flags->cache, number));
    if (!instance && !PyErr_Occurred()) {
        instance = PyObject_CallOneArg(flags->class, number);
        if (instance && PyDict_GET_SIZE(flags->cache) < 256 && PyDict_SetItem(flags->cache, number, instance) < 0)
            Py_CLEAR(instance);
    }
    Py_DECREF(number);
    return instance;
}
