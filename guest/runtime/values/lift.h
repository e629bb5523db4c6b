// From WIT to Python: makes objects, all of which are new references or null with an exception.

#ifndef AMPOULE_LIFT_H
#define AMPOULE_LIFT_H

#include "world/shared.h"
#include "calls/call.h"
#include "world/layout.h"

// The value in its canonical layout at `from`; frees the strings and lists that it owns.
PyObject *lift(struct call *call, wit_type type, const uint8_t *from) SHARED(lift);

PyObject *lift_char(uint32_t character);
// Takes over `bytes`.
PyObject *lift_string(uint8_t *bytes, size_t length);
// Takes over `elements`.
PyObject *lift_list(struct call *call, uint32_t index, uint8_t *elements, size_t length);
PyObject *lift_map(struct call *call, uint32_t index, uint8_t *entries, size_t length);
PyObject *lift_flags(uint32_t index, uint32_t bits);
PyObject *lift_enum(uint32_t index, uint32_t discriminant);

// The object behind a handle that arrives for good.
PyObject *lift_own(uint32_t index, uint32_t handle);
// The object behind a handle that arrives for the time of the call.
PyObject *lift_borrow(struct call *call, uint32_t index, uint32_t handle);
// Takes over the handle.
PyObject *lift_error_context(uint32_t handle);

// These take the parts as borrowed references.
PyObject *lift_record(uint32_t index, PyObject *const *fields);
PyObject *lift_tuple(uint32_t index, PyObject *const *items);
// A null payload means that the case has none.
PyObject *lift_option(uint32_t index, PyObject *payload);
PyObject *lift_result(uint32_t index, bool is_error, PyObject *payload);
PyObject *lift_variant(uint32_t index, uint32_t discriminant, PyObject *payload);

#endif
