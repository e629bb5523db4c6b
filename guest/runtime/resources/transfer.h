// What leaves with a call beside plain values: handles of resources, and error contexts.
//
// While the values of a call are checked, handles are only noted. They leave, or are made, once all values are right.

#ifndef AMPOULE_TRANSFER_H
#define AMPOULE_TRANSFER_H

#include "world/shared.h"
#include "calls/call.h"

enum transfer_kind {
    TRANSFER_LEND,   // an imported resource for the time of the call
    TRANSFER_MOVE,   // an imported resource for good
    TRANSFER_BORROW, // an imported resource that the host lends to an export
    TRANSFER_EXPORT, // an object of the app that implements an exported resource
    TRANSFER_ERROR,  // a new error context
    TRANSFER_READER, // the reading end of a stream or future
};

struct transfer {
    enum transfer_kind kind;
    uint32_t index;   // of an exported resource; of a reader, the type of its channel
    uint32_t handle;  // that was made
    PyObject *object; // a reference of its own
    uint8_t *to;      // where a new handle goes: in memory or, if this is null,
    size_t position;  // on the tape
};

// Notes the object, and leaves room for the handle that is to be made; returns -1 with an exception.
int transfer_note(struct call *call, enum transfer_kind kind, uint32_t index, PyObject *object, uint8_t *to)
    SHARED(transfer_note);
// All values are checked: handles are made and written. Returns -1 with an exception, and then nothing has left.
int transfer_commit(struct call *call) SHARED(transfer_commit);
// The call is over, or does not come about.
void transfer_finish(struct call *call) SHARED(transfer_finish);
// A write is over that took what the first `taken` transfers stand for, and nothing of the others.
void transfer_finish_part(struct call *call, size_t taken) SHARED(transfer_finish_part);
// Drops what the host has read by now of the exports that were called before.
void transfer_drop_leftovers(void);

#endif
