#include "resources/transfer.h"
#include "resources/error_context.h"
#include "resources/resource.h"
#include "world/asynchronous.h"
#include <string.h>

// Error contexts in the result of an export: the host reads them when nothing can be called any more, so that they are
// dropped by the next call.
static struct {
    uint32_t *handles;
    size_t length;
} leftovers;

static struct transfer *new_transfer(struct call *call) {
    if (call->transfer_length == call->transfer_capacity) {
        size_t larger = call->transfer_capacity ? call->transfer_capacity * 2 : 8;
        struct transfer *grown = PyMem_RawRealloc(call->transfers, larger * sizeof *grown);
        if (!grown) {
            PyErr_NoMemory();
            return NULL;
        }
        call->transfers = grown;
        call->transfer_capacity = larger;
    }
    return &call->transfers[call->transfer_length++];
}

int transfer_note(struct call *call, enum transfer_kind kind, uint32_t index, PyObject *object, uint8_t *to) {
    struct transfer *transfer = new_transfer(call);
    if (!transfer)
        return -1;
    *transfer = (struct transfer){kind, index, 0, Py_NewRef(object), to, call->tape_length};
    return 0;
}

static void write_handle(struct call *call, const struct transfer *transfer, uint32_t handle) {
    if (transfer->to)
        memcpy(transfer->to, &handle, sizeof handle);
    else
        call->tape[transfer->position] = handle;
}

static int make_error_contexts(struct call *call) {
    for (size_t i = 0; i < call->transfer_length; i++) {
        struct transfer *transfer = &call->transfers[i];
        if (transfer->kind != TRANSFER_ERROR)
            continue;
        if (error_context_new(transfer->object, &transfer->handle) < 0)
            return -1;
        write_handle(call, transfer, transfer->handle);
    }
    return 0;
}

int transfer_commit(struct call *call) {
    if (make_error_contexts(call) < 0)
        return -1;
    for (size_t i = 0; i < call->transfer_length; i++) {
        struct transfer *transfer = &call->transfers[i];
        if (transfer->kind == TRANSFER_EXPORT)
            transfer->handle = resource_export(transfer->index, transfer->object);
        else if (transfer->kind == TRANSFER_READER)
            transfer->handle = asynchronous->commit(transfer->object, transfer->index);
        else
            continue;
        if (transfer->kind == TRANSFER_READER && !transfer->handle)
            return -1;
        write_handle(call, transfer, transfer->handle);
    }
    call->committed = true;
    return 0;
}

static void leave_over(uint32_t handle) {
    uint32_t *grown = PyMem_RawRealloc(leftovers.handles, (leftovers.length + 1) * sizeof *grown);
    if (!grown)
        return; // the host keeps an error context longer than need be
    leftovers.handles = grown;
    grown[leftovers.length++] = handle;
}

static void finish_one(struct call *call, const struct transfer *transfer, bool taken) {
    switch (transfer->kind) {
    case TRANSFER_LEND:
        resource_return(transfer->object);
        break;
    case TRANSFER_MOVE:
        resource_leave(transfer->object, taken);
        break;
    case TRANSFER_BORROW:
        resource_expire(transfer->object);
        break;
    case TRANSFER_EXPORT:
        if (transfer->handle && !taken)
            world.wit->resources[transfer->index].drop(transfer->handle);
        break;
    case TRANSFER_ERROR:
        if (transfer->handle && taken && !call->result_arrives)
            leave_over(transfer->handle);
        else if (transfer->handle)
            error_context_drop(transfer->handle);
        break;
    case TRANSFER_READER:
        asynchronous->finish(transfer->object, transfer->index, transfer->handle, taken);
        break;
    }
    Py_DECREF(transfer->object);
}

void transfer_finish_part(struct call *call, size_t taken) {
    if (!call->transfers)
        return;
    // Letting go of an object may run code of the app, which calls imports in calls of their own.
    for (size_t i = 0; i < call->transfer_length; i++)
        finish_one(call, &call->transfers[i], i < taken);
    PyMem_RawFree(call->transfers);
    call->transfers = NULL;
    call->transfer_length = call->transfer_capacity = 0;
}

void transfer_finish(struct call *call) { transfer_finish_part(call, call->committed ? call->transfer_length : 0); }

void transfer_drop_leftovers(void) {
    if (!leftovers.handles)
        return;
    while (leftovers.length > 0)
        error_context_drop(leftovers.handles[--leftovers.length]);
    PyMem_RawFree(leftovers.handles);
    leftovers.handles = NULL;
}
