// wit-dylib knows no error contexts: in its view of the world they are tuples of a u32, and the functions that make,
// read and drop them are imports of the world.

#include "resources/error_context.h"
#include "calls/imports.h"
#include "values/lift.h"
#include "values/lower.h"
#include "resources/transfer.h"

static PyObject *call_with(size_t import, PyObject *argument) { return import_call(import, &argument); }

static PyObject *call_with_handle(size_t import, uint32_t handle) {
    PyObject *number = PyLong_FromUnsignedLong(handle);
    PyObject *result = number ? call_with(import, number) : NULL;
    Py_XDECREF(number);
    return result;
}

int error_context_new(PyObject *object, uint32_t *handle) {
    PyObject *message = PyObject_GetAttr(object, world.debug_message_name);
    PyObject *number = message ? call_with(world.error_context.new, message) : NULL;
    Py_XDECREF(message);
    if (!number)
        return -1;
    *handle = (uint32_t)PyLong_AsUnsignedLong(number);
    Py_DECREF(number);
    return 0;
}

void error_context_drop(uint32_t handle) {
    PyObject *exception = PyErr_GetRaisedException();
    PyObject *nothing = call_with_handle(world.error_context.drop, handle);
    if (!nothing)
        PyErr_Clear();
    Py_XDECREF(nothing);
    PyErr_SetRaisedException(exception);
}

PyObject *lift_error_context(uint32_t handle) {
    PyObject *message = call_with_handle(world.error_context.debug_message, handle);
    error_context_drop(handle);
    PyObject *object = message ? PyObject_CallOneArg(world.error_context.class, message) : NULL;
    Py_XDECREF(message);
    return object;
}

int lower_error_context(struct call *call, PyObject *object, uint8_t *to, const struct place *place) {
    int is_instance = PyObject_IsInstance(object, world.error_context.class);
    if (is_instance < 0)
        return -1;
    if (!is_instance)
        return problem_type(call, place, WIT_ERROR_CONTEXT, object);
    PyObject *message = PyObject_GetAttr(object, world.debug_message_name);
    if (!message)
        return -1;
    struct place inner = {place, PLACE_FIELD, "debug_message", 0};
    int status = check_string(call, message, &inner);
    Py_DECREF(message);
    if (status < 0 || transfer_note(call, TRANSFER_ERROR, 0, object, to) < 0)
        return -1;
    return lower_scalar(call, 0, 4, to);
}
