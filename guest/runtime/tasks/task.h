// Component tasks: the calls of asynchronous exports, which share one loop of asyncio.

#ifndef AMPOULE_TASK_H
#define AMPOULE_TASK_H

#include "calls/call.h"
#include "tasks/builtins.h"
#include "tasks/operation.h"

// A component task. In Python it is what the context variable of its context holds.
struct task {
    PyObject ob_base;
    struct call *call; // null once it has returned
    size_t which;
    PyObject *root;    // asyncio's task for the export's coroutine
    PyObject *context; // that it starts in
    PyObject *timers;  // a heap, for Python
    PyObject *others;  // a list of the other tasks of asyncio that were made in it, or of weak references; or null
    PyObject **ready;  // handles that are to be run
    size_t ready_first;
    size_t ready_end;
    size_t ready_capacity;
    uint32_t set;            // of waitables, 0 if it has none
    uint32_t waiting;        // how many operations are in the set
    struct operation *clock; // a timer of the host, or null
    double clock_due;
    double deadline; // of the first timer, 0 if there is none
    bool has_returned;
    bool is_cancelled;
    bool is_remembered; // the host has its address
    bool is_parked;     // it waits for an event
    bool is_rung;       // there is one on its way
    bool is_idle;       // nothing has happened since it yielded
    struct task *next;
    struct task **place;
};

struct tasks {
    PyObject *loop;
    PyObject *class;        // asyncio.Task
    PyObject *future_class; // asyncio.Future
    PyObject *handle_class; // asyncio.Handle
    PyObject *variable;     // of contexts: the component task
    struct task *current;
    struct task *live;
    struct task *ticker; // the one that looks at the time, where the host has no timers
    bool has_sockets;    // of WASI 0.2, which wake nobody
    PyObject *later;     // what is to be done when something may wait: a list of callables
};

extern struct tasks tasks;

// The task that a context, or with None the current one, belongs to; if it has ended, another one does its work. Null
// if there is none.
struct task *task_of_context(PyObject *context);
// Has a handle run in the task that its context belongs to; returns -1 with an exception.
int task_queue(PyObject *handle, PyObject *context);
// Whether tasks of asyncio that were made in it are not done; those that are, are forgotten.
bool task_has_others(struct task *task);
// Puts an operation into the set of the current task. Returns -1 with an exception if none is running.
int task_wait_for(struct operation *operation);
// No event is to come for the operation; with `leaves` its waitable leaves the set.
void task_forget(struct operation *operation, bool leaves);
// For calls of the host that may wait: while one does, others may run.
struct aside {
    struct task *current;
    PyObject *running;
};
struct aside task_step_aside(void);
void task_step_back(struct aside aside);
// Has a callable called when something may wait; steals it, and takes no notice of null.
void task_do_later(PyObject *callable);

// Wakes a task that waits.
void bell_ring(struct task *task);
// Takes the event of a bell.
void bell_heard(struct task *task, uint32_t waitable);

// The operation of a waitable, if it has one.
struct operation *waitable_operation(uint32_t waitable);
void waitable_set_operation(uint32_t waitable, struct operation *operation);

// What each file adds to `componentize_py_runtime`; -1 with an exception.
int task_populate(PyObject *module);
int subtask_populate(PyObject *module);
int schedule_populate(PyObject *module);

#endif
