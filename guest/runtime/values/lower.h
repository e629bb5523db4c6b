// From Python to WIT: one pass over a value checks it against its type and writes it down.
//
// A value goes either to the call's tape, for wit-dylib's pops to read in their order, or, as an element of a list,
// right into memory in its canonical layout. `to` says which: null is the tape. All functions return -1 with an
// exception.

#ifndef AMPOULE_LOWER_H
#define AMPOULE_LOWER_H

#include "world/shared.h"
#include "calls/call.h"
#include "world/layout.h"
#include "values/problem.h"
#include <string.h>

int lower(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) SHARED(lower);

int lower_number(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);
int lower_char(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);
int lower_string(struct call *call, PyObject *object, uint8_t *to, const struct place *place);

int lower_list(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);
int lower_map(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);

int lower_record(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);
int lower_tuple(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);

int lower_option(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);
int lower_result(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);
int lower_variant(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);
int lower_enum(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);
int lower_flags(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);

// A resource, own or borrowed.
int lower_handle(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);
int lower_error_context(struct call *call, PyObject *object, uint8_t *to, const struct place *place);

// The discriminant and payload of an Ok or Err whose payload is at hand (null: none is given).
int lower_outcome(struct call *call, wit_type type, bool is_error, PyObject *payload, uint8_t *to,
                  const struct place *place);

// Whether the object is a str that can be a WIT string: -1 with an exception if not.
int check_string(const struct call *call, PyObject *object, const struct place *place);

// Writes a scalar of `size` bytes.
static inline int lower_scalar(struct call *call, uint64_t value, uint32_t size, uint8_t *to) {
    if (!to)
        return call_write(call, value);
    // One store each: a copy whose size is not constant is a call of the host's.
    switch (size) {
    case 1:
        memcpy(to, &value, 1);
        break;
    case 2:
        memcpy(to, &value, 2);
        break;
    case 4:
        memcpy(to, &value, 4);
        break;
    default:
        memcpy(to, &value, 8);
    }
    return 0;
}

// Writes a pointer and a length, which share one place on the tape.
static inline int lower_pointer(struct call *call, const void *pointer, size_t length, uint8_t *to) {
    return lower_scalar(call, (uint64_t)(uintptr_t)pointer | (uint64_t)length << 32, 8, to);
}

#endif
