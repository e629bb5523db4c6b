// What the rest of the guest calls in an asynchronous world: through pointers that its module sets, and that others
// have not.

#ifndef AMPOULE_ASYNCHRONOUS_H
#define AMPOULE_ASYNCHRONOUS_H

#include "world/shared.h"
#include "calls/call.h"
#include "values/problem.h"

struct transfer;

struct asynchronous {
    // Adds to `componentize_py_runtime`; returns -1 with an exception.
    int (*populate)(PyObject *module);
    // Takes the names of streams and futures from `_ampoule_world`; returns -1 with an exception.
    int (*register_channels)(PyObject *table);
    // A reader with this handle; a new reference.
    PyObject *(*lift)(wit_type type, uint32_t handle);
    // Notes a reader that leaves; returns -1 with an exception.
    int (*lower)(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place);
    // The handle of a noted reader: it is made now, if there is none; 0 with an exception.
    uint32_t (*commit)(PyObject *object, uint32_t channel);
    // The reader was taken, or comes back.
    void (*finish)(PyObject *object, uint32_t channel, uint32_t handle, bool taken);
};

extern const struct asynchronous *asynchronous SHARED(asynchronous);

#endif
