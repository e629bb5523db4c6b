#include <Python.h>
#include <stdio.h>
#include <stdlib.h>

// A long double that was read, as the C library writes it.
static PyObject *read_and_written(PyObject *self, PyObject *argument) {
    (void)self;
    const char *text = PyUnicode_AsUTF8(argument);
    if (!text)
        return NULL;
    char written[100];
    snprintf(written, sizeof written, "%.30Lf", strtold(text, NULL));
    long double scanned = 0;
    int count = sscanf(text, "%Lf", &scanned);
    return Py_BuildValue("sOi", written, scanned == strtold(text, NULL) ? Py_True : Py_False, count);
}

static PyMethodDef functions[] = {
    {"read_and_written", read_and_written, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "wide", .m_methods = functions};

PyMODINIT_FUNC PyInit_wide(void) { return PyModuleDef_Init(&definition); }
