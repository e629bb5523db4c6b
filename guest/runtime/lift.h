// From WIT to Python: makes objects, all of which are new references or null with an exception.

#ifndef AMPOULE_LIFT_H
#define AMPOULE_LIFT_H

#include "layout.h"
#include "world.h"

// The value in its canonical layout at `from`; frees the strings and lists that it owns.
PyObject *lift(wit_type type, const uint8_t *from);

PyObject *lift_char(uint32_t character);
// Takes over `bytes`.
PyObject *lift_string(uint8_t *bytes, size_t length);
// Takes over `elements`.
PyObject *lift_list(uint32_t index, uint8_t *elements, size_t length);
PyObject *lift_map(uint32_t index, uint8_t *entries, size_t length);
PyObject *lift_flags(uint32_t index, uint32_t bits);
PyObject *lift_enum(uint32_t index, uint32_t discriminant);

// These take the parts as borrowed references.
PyObject *lift_record(uint32_t index, PyObject *const *fields);
PyObject *lift_tuple(uint32_t index, PyObject *const *items);
// A null payload means that the case has none.
PyObject *lift_option(uint32_t index, PyObject *payload);
PyObject *lift_result(uint32_t index, bool is_error, PyObject *payload);
PyObject *lift_variant(uint32_t index, uint32_t discriminant, PyObject *payload);

#endif
