// One call in progress, of an export or an import: its stack of Python objects (values that arrive), its tape (values
// that leave), and what must stay alive until the call is over.

#ifndef AMPOULE_CALL_H
#define AMPOULE_CALL_H

#include "world/shared.h"
#include "world/world.h"
#include <Python.h>
#include <stdbool.h>

struct block;
struct transfer;
struct kept_buffer;

struct call {
    const struct function *function;

    // The stack; slot 0 is for the object that a method is bound to, so that it can be called without a copy.
    PyObject **stack;
    size_t stack_length;
    size_t stack_capacity;
    PyObject *first_stack[16];

    // The tape: what the pops read, in their order.
    uint64_t *tape;
    size_t tape_length;
    size_t tape_capacity;
    size_t tape_position;
    uint64_t first_tape[16];

    // Objects whose memory the host reads.
    PyObject **kept;
    size_t kept_length;
    size_t kept_capacity;
    PyObject *first_kept[8];
    struct kept_buffer *buffers;
    // What leaves beside plain values; `committed` says that it has left.
    struct transfer *transfers;
    size_t transfer_length;
    size_t transfer_capacity;
    bool committed;
    // Memory that the host reads, and what wit-dylib wants to be freed at the end.
    struct block *blocks;
    uint8_t *free_start;
    uint8_t *free_end;

    // The function's own result type if it is a `result`: Ok is unwrapped, Err raised.
    wit_type result;
    bool is_error;
    // Whether the pushes bring the result (of an import), not arguments (of an export).
    bool result_arrives;
    // What went wrong while values arrived; the pushes themselves can not fail.
    PyObject *exception;
};

struct call *call_start(const struct function *function, wit_type result) SHARED(call_start);
void call_finish(struct call *call) SHARED(call_finish);

// Both steal the reference; null records the pending exception and pushes None instead.
void call_push(struct call *call, PyObject *object);
void call_replace(struct call *call, size_t count, PyObject *object);
// The top of the stack, whose reference passes to the caller.
PyObject *call_pop(struct call *call);
// Lets go of all that is on the stack.
void call_clear_stack(struct call *call) SHARED(call_clear_stack);
static inline PyObject **call_top(struct call *call, size_t count) { return call->stack + call->stack_length - count; }

// All of these return -1 or null with an exception if memory runs out.
int call_write(struct call *call, uint64_t value) SHARED(call_write);
int call_keep(struct call *call, PyObject *object);
Py_buffer *call_keep_buffer(struct call *call);
void *call_allocate(struct call *call, size_t size, size_t alignment) SHARED(call_allocate);
// Frees memory that was allocated by malloc when the call is over.
void call_free_later(struct call *call, void *memory);

static inline uint64_t call_read(struct call *call) { return call->tape[call->tape_position++]; }

#endif
