// Error contexts: objects of `componentize_py_types.ErrorContext` in Python, handles to texts outside.

#ifndef AMPOULE_ERROR_CONTEXT_H
#define AMPOULE_ERROR_CONTEXT_H

#include "calls/call.h"

// A handle to the object's debug message; returns -1 with an exception.
int error_context_new(PyObject *object, uint32_t *handle);
void error_context_drop(uint32_t handle);

#endif
