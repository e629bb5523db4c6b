// Python exceptions about values that do not fit their WIT type: they name the function, the place in its parameters,
// the WIT type and what was given.

#ifndef AMPOULE_PROBLEM_H
#define AMPOULE_PROBLEM_H

#include "world/shared.h"
#include "calls/call.h"

// Where a value stands, from the inside out.
struct place {
    const struct place *parent; // null: the parameter or result itself
    enum { PLACE_ROOT, PLACE_FIELD, PLACE_ELEMENT, PLACE_KEY, PLACE_ENTRY } step;
    const char *name; // of a root or field; null at the root means the function's result
    Py_ssize_t index; // of an element, key or entry
};

// Each sets the exception and returns -1.
int problem_type(const struct call *call, const struct place *place, wit_type type, PyObject *given)
    SHARED(problem_type);
int problem_resource(const struct call *call, const struct place *place, wit_type type, PyObject *given);
int problem_range(const struct call *call, const struct place *place, wit_type type, PyObject *given);
int problem_length(const struct call *call, const struct place *place, wit_type type, size_t wanted, Py_ssize_t given);
// `cases` says what is meant: "Ok(...) or Err(...)".
int problem_case(const struct call *call, const struct place *place, wit_type type, const char *cases, PyObject *given);
// After a look at an attribute that failed; an exception that is no AttributeError stays as it is.
int problem_attribute(const struct call *call, const struct place *place, wit_type type, PyObject *given,
                      PyObject *attribute);
// `format` and what follows make the end of the sentence: "parameter points[3] must ...".
int problem(const struct call *call, const struct place *place, PyObject *exception, const char *format, ...)
    SHARED(problem);
// The WIT type as text: a new reference to a str.
PyObject *problem_type_name(wit_type type);
// "demo:echo/api.move-to(): parameter points[3].x"
PyObject *problem_subject(const struct call *call, const struct place *place);

#endif
