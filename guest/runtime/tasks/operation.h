// What an asynchronous function may wait for: a call of an import, a read or a write. In Python it is awaitable.

#ifndef AMPOULE_OPERATION_H
#define AMPOULE_OPERATION_H

#include "tasks/builtins.h"
#include <Python.h>
#include <stdbool.h>

struct task;
struct operation;

struct operation_kind {
    // The host is done, or the operation was cancelled: sets the value, or raises and returns -1.
    int (*finish)(struct operation *operation, uint32_t code);
    // Asks the host to give up; gives the code to finish with.
    uint32_t (*cancel)(struct operation *operation);
    // Nobody takes the value.
    void (*lose)(struct operation *operation);
    // Lets go of memory.
    void (*clear)(struct operation *operation);
};

struct operation {
    PyObject ob_base;
    const struct operation_kind *kind;
    uint32_t waitable;
    struct task *task;   // in whose set the waitable is, or null
    PyObject *future;    // of asyncio, which is awaited, or null
    PyObject *value;     // once it is done
    PyObject *exception; // once it has failed
    bool is_done;
};

extern PyTypeObject operation_type;

// Takes the first look at what a kind has started: `state` says whether it is done. Steals the operation; null with an
// exception.
PyObject *operation_finished(struct operation *operation, uint32_t code);
// An event for its waitable.
void operation_complete(struct operation *operation, uint32_t code);
// Cancels it, if it is not done.
void operation_cancel(struct operation *operation);

#endif
