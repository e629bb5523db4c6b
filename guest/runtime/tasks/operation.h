// What an asynchronous function may wait for: a call of an import, a read or a write. In Python it is awaitable.

#ifndef AMPOULE_OPERATION_H
#define AMPOULE_OPERATION_H

#include "tasks/builtins.h"
#include <Python.h>
#include <stdbool.h>

struct task;
struct operation;

enum operation_state { OPERATION_NEW, OPERATION_STARTED, OPERATION_DONE };

struct operation_kind {
    // Asks the host, when it is first awaited; or null, if it was asked before. Returns -1 with an exception.
    int (*start)(struct operation *operation);
    // Whether the host was asked for the rest of what it has done in part, and has yet to answer; may be null.
    bool (*go_on)(struct operation *operation, uint32_t *code);
    // The host is done, or the operation was cancelled: sets the value, or raises and returns -1.
    int (*finish)(struct operation *operation, uint32_t code);
    // Asks the host to give up; gives the code to finish with.
    uint32_t (*cancel)(struct operation *operation);
    // Nobody takes the value.
    void (*lose)(struct operation *operation);
    // Lets go of memory.
    void (*clear)(struct operation *operation);
    // Whether the waitable ends with the operation.
    bool ends_waitable;
};

struct operation {
    PyObject ob_base;
    const struct operation_kind *kind;
    enum operation_state state;
    uint32_t waitable;
    struct task *task;   // in whose set the waitable is, or null
    PyObject *future;    // of asyncio, which is awaited, or null
    PyObject *value;     // once it is done
    PyObject *exception; // once it has failed
};

extern PyTypeObject operation_type;

// The host is done: takes the value; returns -1 with an exception.
int operation_finish(struct operation *operation, uint32_t code);
// Whether nothing is to be done for an event but to wait for the next one.
bool operation_goes_on(struct operation *operation, enum event event, uint32_t *code);
// Finishes it after its last event, and wakes who awaits it.
void operation_complete(struct operation *operation, uint32_t code);
// Cancels it, if it is not done.
void operation_cancel(struct operation *operation);

#endif
