// Records of the classes that the bindings define: their fields are written and read right where an instance holds
// them, as CPython's own specialised instructions do, as long as the app leaves the class as it was defined.

#ifndef AMPOULE_RECORD_H
#define AMPOULE_RECORD_H

#include "world/world.h"
#include <stdbool.h>

// Finds where instances of the class hold the attributes; returns -1 with an exception.
int record_prepare(struct record *record, size_t count);
// An instance with these fields, which are borrowed: a new reference, or null with an exception.
PyObject *record_new(struct record *record, size_t count, PyObject *const *fields);
// A new reference to a field, or null without an exception if it must be looked up as any attribute.
PyObject *record_field(struct record *record, PyObject *object, size_t field);

#endif
