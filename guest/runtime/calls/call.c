#include "calls/call.h"
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 4096 };

// Memory that lives as long as the call; `foreign` is memory of wit-dylib's.
struct block {
    struct block *next;
    void *foreign;
};

struct kept_buffer {
    struct kept_buffer *next;
    Py_buffer view;
};

// The memory of the last call that ended: most calls need no other.
static struct call *spare;

static struct call *take_memory(void) {
    struct call *call = spare ? spare : PyMem_RawMalloc(sizeof *call);
    spare = NULL;
    if (!call)
        Py_FatalError("out of memory at the start of a call");
    return call;
}

static void give_memory(struct call *call) {
    if (spare)
        PyMem_RawFree(call);
    else
        spare = call;
}

struct call *call_start(const struct function *function, wit_type result) {
    struct call *call = take_memory();
    call->function = function;
    call->stack = call->first_stack;
    call->stack_length = 1;
    call->stack_capacity = Py_ARRAY_LENGTH(call->first_stack);
    call->first_stack[0] = NULL;
    call->tape = call->first_tape;
    call->tape_length = 0;
    call->tape_capacity = Py_ARRAY_LENGTH(call->first_tape);
    call->tape_position = 0;
    call->kept = call->first_kept;
    call->kept_length = 0;
    call->kept_capacity = Py_ARRAY_LENGTH(call->first_kept);
    call->buffers = NULL;
    call->transfers = NULL;
    call->transfer_length = 0;
    call->transfer_capacity = 0;
    call->committed = false;
    call->blocks = NULL;
    call->free_start = NULL;
    call->free_end = NULL;
    call->result = result != WIT_NOTHING && wit_kind(result) == WIT_RESULT ? result : WIT_NOTHING;
    call->is_error = false;
    call->result_arrives = false;
    call->exception = NULL;
    return call;
}

static void release_buffers(struct call *call) {
    while (call->buffers) {
        struct kept_buffer *buffer = call->buffers;
        call->buffers = buffer->next;
        PyBuffer_Release(&buffer->view);
        PyMem_RawFree(buffer);
    }
}

static void release_blocks(struct call *call) {
    while (call->blocks) {
        struct block *block = call->blocks;
        call->blocks = block->next;
        free(block->foreign);
        PyMem_RawFree(block);
    }
}

void call_finish(struct call *call) {
    release_buffers(call);
    release_blocks(call);
    for (size_t i = 0; i < call->kept_length; i++)
        Py_DECREF(call->kept[i]);
    call_clear_stack(call);
    Py_XDECREF(call->exception);
    if (call->kept != call->first_kept)
        PyMem_RawFree(call->kept);
    if (call->stack != call->first_stack)
        PyMem_RawFree(call->stack);
    if (call->tape != call->first_tape)
        PyMem_RawFree(call->tape);
    give_memory(call);
}

// Makes room for one more item in an array that starts inside the call; returns the array or null.
static void *grow(void *items, const void *first, size_t length, size_t *capacity, size_t size) {
    if (length < *capacity)
        return items;
    size_t larger = *capacity * 2;
    void *grown = items == first ? PyMem_RawMalloc(larger * size) : PyMem_RawRealloc(items, larger * size);
    if (!grown) {
        PyErr_NoMemory();
        return NULL;
    }
    if (items == first)
        memcpy(grown, first, length * size);
    *capacity = larger;
    return grown;
}

void call_push(struct call *call, PyObject *object) {
    if (!object) {
        PyObject *exception = PyErr_GetRaisedException();
        if (call->exception)
            Py_XDECREF(exception);
        else
            call->exception = exception;
        object = Py_None;
    }
    PyObject **stack = grow(call->stack, call->first_stack, call->stack_length, &call->stack_capacity, sizeof *stack);
    if (!stack)
        Py_FatalError("out of memory while values arrived");
    call->stack = stack;
    stack[call->stack_length++] = object;
}

void call_replace(struct call *call, size_t count, PyObject *object) {
    for (size_t i = 0; i < count; i++)
        Py_DECREF(call->stack[--call->stack_length]);
    call_push(call, object);
}

void call_clear_stack(struct call *call) {
    while (call->stack_length > 1)
        Py_DECREF(call->stack[--call->stack_length]);
}

PyObject *call_pop(struct call *call) { return call->stack[--call->stack_length]; }

int call_write(struct call *call, uint64_t value) {
    uint64_t *tape = grow(call->tape, call->first_tape, call->tape_length, &call->tape_capacity, sizeof *tape);
    if (!tape)
        return -1;
    call->tape = tape;
    tape[call->tape_length++] = value;
    return 0;
}

int call_keep(struct call *call, PyObject *object) {
    PyObject **kept = grow(call->kept, call->first_kept, call->kept_length, &call->kept_capacity, sizeof *kept);
    if (!kept)
        return -1;
    call->kept = kept;
    kept[call->kept_length++] = Py_NewRef(object);
    return 0;
}

Py_buffer *call_keep_buffer(struct call *call) {
    struct kept_buffer *buffer = PyMem_RawMalloc(sizeof *buffer);
    if (!buffer) {
        PyErr_NoMemory();
        return NULL;
    }
    memset(&buffer->view, 0, sizeof buffer->view);
    buffer->next = call->buffers;
    call->buffers = buffer;
    return &buffer->view;
}

static struct block *new_block(struct call *call, size_t size, void *foreign) {
    struct block *block = PyMem_RawMalloc(sizeof *block + size);
    if (!block) {
        PyErr_NoMemory();
        return NULL;
    }
    block->foreign = foreign;
    block->next = call->blocks;
    call->blocks = block;
    return block;
}

static uint8_t *align(uint8_t *address, size_t alignment) {
    return (uint8_t *)(((uintptr_t)address + alignment - 1) & ~(uintptr_t)(alignment - 1));
}

void *call_allocate(struct call *call, size_t size, size_t alignment) {
    uint8_t *start = align(call->free_start, alignment);
    if (call->free_start && start <= call->free_end && size <= (size_t)(call->free_end - start)) {
        call->free_start = start + size;
        return start;
    }
    bool is_large = size > BLOCK_SIZE / 4;
    size_t capacity = (is_large ? size : BLOCK_SIZE) + alignment;
    struct block *block = new_block(call, capacity, NULL);
    if (!block)
        return NULL;
    uint8_t *memory = (uint8_t *)(block + 1);
    start = align(memory, alignment);
    if (!is_large) {
        call->free_start = start + size;
        call->free_end = memory + capacity;
    }
    return start;
}

void call_free_later(struct call *call, void *memory) {
    if (!new_block(call, 0, memory))
        Py_FatalError("out of memory during a call");
}

void wit_dylib_dealloc_bytes(void *call, void *bytes, size_t size, size_t alignment, bool later) {
    (void)size;
    (void)alignment;
    if (later)
        call_free_later(call, bytes);
    else
        free(bytes);
}
