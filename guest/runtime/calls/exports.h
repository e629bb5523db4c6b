// Calls from the host, as synchronous and asynchronous exports have them.

#ifndef AMPOULE_EXPORTS_H
#define AMPOULE_EXPORTS_H

#include "world/shared.h"
#include "calls/call.h"

// Calls the app with the arguments that have arrived; a new reference, or null with an exception.
PyObject *export_call_app(struct call *call) SHARED(export_call_app);
// Checks the result and writes it down; a null value stands for the pending exception, which an `Err` may be. Returns
// -1 with an exception.
int export_lower(struct call *call, wit_type type, PyObject *value) SHARED(export_lower);
// Whether it is the `run` of a command: where it returns, the program ends.
bool export_is_program(const wit_export *function) SHARED(export_is_program);

#endif
