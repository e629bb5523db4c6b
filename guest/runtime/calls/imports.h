// Calls to the host.

#ifndef AMPOULE_IMPORTS_H
#define AMPOULE_IMPORTS_H

#include <Python.h>

// Calls the world's import with as many arguments as it has parameters; a new reference, or null with an exception.
PyObject *import_call(size_t index, PyObject *const *arguments);

#endif
