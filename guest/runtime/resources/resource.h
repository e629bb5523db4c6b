// Resources. An imported one is an object with a handle, of a class that derives from
// `componentize_py_runtime.Resource`; an exported one is an object of the app, to which the host has handles.

#ifndef AMPOULE_RESOURCE_H
#define AMPOULE_RESOURCE_H

#include <Python.h>
#include <stdbool.h>
#include <stdint.h>

extern PyTypeObject resource_type;

// Gives `object` the handle that a constructor has made; returns -1 with an exception.
int resource_construct(PyObject *object, PyObject *made);
// A handle to an object of the app, which lives at least as long as the handle.
uint32_t resource_export(uint32_t index, PyObject *object);
// The call to which the resource was lent is over.
void resource_return(PyObject *object);
// The call that was to take the resource is over; `taken` says whether it took it.
void resource_leave(PyObject *object, bool taken);
// Ends what was lent to an export for a call.
void resource_expire(PyObject *object);

#endif
