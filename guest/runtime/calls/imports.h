// Calls to the host.

#ifndef AMPOULE_IMPORTS_H
#define AMPOULE_IMPORTS_H

#include "world/shared.h"
#include "calls/call.h"

// Calls the world's import with as many arguments as it has parameters; a new reference, or null with an exception.
PyObject *import_call(size_t index, PyObject *const *arguments);
// The import's index from the first argument, with the number of the others checked; -1 with an exception, as in the
// build.
Py_ssize_t import_find(PyObject *const *arguments, Py_ssize_t count) SHARED(import_find);
// Checks the arguments and writes them down; returns -1 with an exception.
int import_lower_arguments(struct call *call, const wit_import *import, PyObject *const *arguments)
    SHARED(import_lower_arguments);
// What has arrived: a new reference, or null with an exception.
PyObject *import_result(struct call *call, const wit_import *import) SHARED(import_result);

#endif
