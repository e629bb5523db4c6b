#include "values/lower.h"

static int lower_signed(struct call *call, wit_type type, PyObject *number, uint8_t *to, const struct place *place) {
    uint32_t size = layout_of(type)->size;
    int overflow = 0;
    long long value = PyLong_AsLongLongAndOverflow(number, &overflow);
    long long limit = size == 8 ? LLONG_MAX : (1LL << (size * 8 - 1)) - 1;
    if (overflow || value > limit || value < -limit - 1)
        return problem_range(call, place, type, number);
    return lower_scalar(call, (uint64_t)value, size, to);
}

static int lower_unsigned(struct call *call, wit_type type, PyObject *number, uint8_t *to, const struct place *place) {
    uint32_t size = layout_of(type)->size;
    unsigned long long value = PyLong_AsUnsignedLongLong(number);
    if (value == (unsigned long long)-1 && PyErr_Occurred())
        return problem_range(call, place, type, number);
    if (size < 8 && value >> (size * 8))
        return problem_range(call, place, type, number);
    return lower_scalar(call, value, size, to);
}

static int lower_integer(struct call *call, wit_type type, PyObject *number, uint8_t *to, const struct place *place) {
    bool is_signed = wit_kind(type) >= WIT_S8 && wit_kind(type) <= WIT_S64;
    return is_signed ? lower_signed(call, type, number, to, place) : lower_unsigned(call, type, number, to, place);
}

static int lower_float(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    double value = PyFloat_AsDouble(object);
    if (value == -1.0 && PyErr_Occurred()) {
        // What the app's own `__float__` raises is its own business.
        if (PyErr_ExceptionMatches(PyExc_OverflowError) && PyLong_CheckExact(object))
            return problem_range(call, place, type, object);
        if (!PyErr_ExceptionMatches(PyExc_TypeError))
            return -1;
        PyErr_Clear();
        return problem_type(call, place, type, object);
    }
    uint64_t bits = 0;
    if (wit_kind(type) == WIT_F32) {
        float narrow = (float)value;
        memcpy(&bits, &narrow, sizeof narrow);
        return lower_scalar(call, bits, sizeof narrow, to);
    }
    memcpy(&bits, &value, sizeof value);
    return lower_scalar(call, bits, sizeof value, to);
}

int lower_number(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    if (wit_kind(type) == WIT_F32 || wit_kind(type) == WIT_F64)
        return lower_float(call, type, object, to, place);
    if (PyLong_Check(object))
        return lower_integer(call, type, object, to, place);
    if (!PyIndex_Check(object))
        return problem_type(call, place, type, object);
    PyObject *number = PyNumber_Index(object);
    if (!number)
        return -1;
    int status = lower_integer(call, type, number, to, place);
    Py_DECREF(number);
    return status;
}

int lower_char(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    if (!PyUnicode_Check(object))
        return problem_type(call, place, type, object);
    if (PyUnicode_GET_LENGTH(object) != 1)
        return problem(call, place, PyExc_ValueError, "be char, a str of exactly 1 character, not of %zd",
                       PyUnicode_GET_LENGTH(object));
    Py_UCS4 character = PyUnicode_READ_CHAR(object, 0);
    if (Py_UNICODE_IS_SURROGATE(character))
        return problem(call, place, PyExc_ValueError, "be char, which no surrogate is: %A", object);
    return lower_scalar(call, character, 4, to);
}

// Makes the encoder's exception say which value it was about.
static int explain_encoding(const struct call *call, const struct place *place) {
    if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
        return -1;
    PyObject *exception = PyErr_GetRaisedException();
    PyObject *subject = problem_subject(call, place);
    PyObject *reason = subject ? PyUnicode_FromFormat("%U must be string, which holds no surrogates", subject) : NULL;
    const char *text = reason ? PyUnicode_AsUTF8(reason) : NULL;
    if (text)
        PyUnicodeEncodeError_SetReason(exception, text);
    Py_XDECREF(reason);
    Py_XDECREF(subject);
    PyErr_SetRaisedException(exception);
    return -1;
}

int check_string(const struct call *call, PyObject *object, const struct place *place) {
    if (!PyUnicode_Check(object))
        return problem_type(call, place, WIT_STRING, object);
    return PyUnicode_AsUTF8AndSize(object, NULL) ? 0 : explain_encoding(call, place);
}

int lower_string(struct call *call, PyObject *object, uint8_t *to, const struct place *place) {
    // ASCII is UTF-8 as it stands.
    if (PyUnicode_CheckExact(object) && PyUnicode_IS_COMPACT_ASCII(object)) {
        const void *text = PyUnicode_DATA(object);
        size_t size = (size_t)PyUnicode_GET_LENGTH(object);
        return call_keep(call, object) < 0 ? -1 : lower_pointer(call, text, size, to);
    }
    if (check_string(call, object, place) < 0)
        return -1;
    // Of a subclass a plain copy is kept, since letting go of it must not run code of the app.
    PyObject *text = PyUnicode_FromObject(object);
    Py_ssize_t length;
    const char *bytes = text ? PyUnicode_AsUTF8AndSize(text, &length) : NULL;
    int status = bytes ? call_keep(call, text) : -1;
    Py_XDECREF(text);
    return status < 0 ? -1 : lower_pointer(call, bytes, (size_t)length, to);
}
