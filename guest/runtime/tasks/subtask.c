// Calls of asynchronous imports.

#include "tasks/task.h"
#include "calls/imports.h"
#include "life/guest.h"
#include "resources/transfer.h"

// Larger areas are in the call's memory.
enum { ROOM = 64 };

struct subtask {
    struct operation operation;
    struct call *call;
    const wit_import *import;
    void *area; // for arguments and result
    _Alignas(8) uint8_t room[ROOM];
};

// Ends the call in the guest; the result, if it has arrived, is taken before.
static int finish(struct operation *operation, uint32_t state) {
    struct subtask *subtask = (struct subtask *)operation;
    struct call *call = subtask->call;
    subtask->call = NULL;
    if (state == SUBTASK_RETURNED)
        subtask->import->lift_async(call, subtask->area);
    if (state == SUBTASK_START_CANCELLED)
        call->committed = false;
    transfer_finish(call);
    if (operation->waitable)
        builtins.subtask_drop(operation->waitable);
    operation->value = state == SUBTASK_RETURNED ? import_result(call, subtask->import) : Py_NewRef(Py_None);
    call_finish(call);
    return operation->value ? 0 : -1;
}

static uint32_t cancel(struct operation *operation) { return builtins.subtask_cancel(operation->waitable); }

static void nothing(struct operation *operation) { (void)operation; }

static const struct operation_kind kind = {NULL, NULL, finish, cancel, nothing, nothing, true};

static PyTypeObject subtask_type = {
    .ob_base = PyVarObject_HEAD_INIT(NULL, 0).tp_name = "componentize_py_runtime.Subtask",
    .tp_doc = "A call of an asynchronous import.",
    .tp_basicsize = sizeof(struct subtask),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_base = &operation_type,
};

static struct subtask *new_subtask(struct call *call, const wit_import *import) {
    struct subtask *subtask = (struct subtask *)PyType_GenericAlloc(&subtask_type, 0);
    if (!subtask)
        return NULL;
    subtask->operation.kind = &kind;
    subtask->import = import;
    subtask->call = call;
    subtask->area = import->async_area_size <= ROOM
                        ? subtask->room
                        : call_allocate(call, import->async_area_size, import->async_area_alignment);
    if (!subtask->area)
        Py_CLEAR(subtask);
    return subtask;
}

static PyObject *start(size_t index, PyObject *const *arguments) {
    const wit_import *import = &world.wit->imports[index];
    struct call *call = call_start(&world.imports[index], import->result);
    call->result_arrives = true;
    bool is_ready = import_lower_arguments(call, import, arguments) == 0;
    struct subtask *subtask = is_ready ? new_subtask(call, import) : NULL;
    if (subtask && transfer_commit(call) < 0)
        Py_CLEAR(subtask);
    if (!subtask) {
        transfer_finish(call);
        call_finish(call);
        return NULL;
    }
    uint32_t status = import->call_async(call, subtask->area);
    uint32_t state = status & 0xf;
    subtask->operation.state = OPERATION_STARTED;
    subtask->operation.waitable = status >> 4;
    if (state != SUBTASK_RETURNED)
        return (PyObject *)subtask;
    operation_finish(&subtask->operation, state);
    PyObject *value = Py_XNewRef(subtask->operation.value);
    Py_DECREF(subtask);
    return value;
}

static PyObject *start_import(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
    (void)module;
    Py_ssize_t index = import_find(arguments, count);
    return index < 0 ? NULL : start((size_t)index, arguments + 1);
}

static PyMethodDef methods[] = {
    {"start_import", _PyCFunction_CAST(start_import), METH_FASTCALL,
     "start_import(index, /, *arguments)\n--\n\nCall the world's asynchronous import with this index: its result, or a "
     "Subtask that gives it when it is awaited."},
    {NULL, NULL, 0, NULL},
};

int subtask_populate(PyObject *module) {
    if (PyType_Ready(&operation_type) < 0 || PyModule_AddType(module, &subtask_type) < 0)
        return -1;
    return PyModule_AddFunctions(module, methods);
}
