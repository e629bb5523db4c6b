// Writes what Python holds back of stdout and stderr: after each call, for the host may drop the instance at any time.

#define Py_BUILD_CORE 1 // for _PySys_GetAttr and the names that are always there
#include "guest.h"
#include <internal/pycore_runtime.h>
#include <internal/pycore_sysmodule.h>

// The manifest's changes to `_io` add these: the buffer under a TextIOWrapper, or null if text waits in the wrapper,
// and whether bytes wait in a BufferedWriter.
PyObject *ampoule_buffer_under_text(PyObject *wrapper);
int ampoule_bytes_wait(PyObject *writer);

static PyTypeObject *text_wrapper = NULL;
static PyTypeObject *buffered_writer = NULL;

static bool find_types(void) {
    if (text_wrapper)
        return true;
    PyObject *module = PyImport_ImportModule("_io");
    PyObject *text = module ? PyObject_GetAttrString(module, "TextIOWrapper") : NULL;
    PyObject *buffered = text ? PyObject_GetAttrString(module, "BufferedWriter") : NULL;
    Py_XDECREF(module);
    if (!buffered) {
        Py_XDECREF(text);
        PyErr_Clear();
        return false;
    }
    text_wrapper = (PyTypeObject *)text;
    buffered_writer = (PyTypeObject *)buffered;
    return true;
}

// Whether a file is one of Python's own with nothing to write: by far the most calls print nothing.
static bool is_flushed(PyObject *file) {
    if (!find_types() || !Py_IS_TYPE(file, text_wrapper))
        return false;
    PyObject *buffer = ampoule_buffer_under_text(file);
    return buffer && Py_IS_TYPE(buffer, buffered_writer) && !ampoule_bytes_wait(buffer);
}

static void flush_file(PyObject *name) {
    PyObject *file = _PySys_GetAttr(PyThreadState_Get(), name);
    if (!file || file == Py_None || is_flushed(file))
        return;
    PyObject *result = PyObject_CallMethodNoArgs(file, &_Py_ID(flush));
    if (!result)
        PyErr_Clear();
    Py_XDECREF(result);
}

void ampoule_flush(void) {
    flush_file(&_Py_ID(stdout));
    flush_file(&_Py_ID(stderr));
}
