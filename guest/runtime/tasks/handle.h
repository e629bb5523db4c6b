// What is to be called soon.

#ifndef AMPOULE_HANDLE_H
#define AMPOULE_HANDLE_H

#include <Python.h>

extern PyTypeObject handle_type;

// A new reference, or null with an exception.
PyObject *handle_new(PyObject *callback, PyObject *const *arguments, Py_ssize_t count, PyObject *context);
// Runs a handle, of this type or of asyncio's; -1 with an exception that ends the program.
int handle_run(PyObject *handle);

#endif
