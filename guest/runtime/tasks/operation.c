#define Py_BUILD_CORE 1 // for _PyGen_SetStopIterationValue
#include "tasks/operation.h"
#include "tasks/task.h"
#include <internal/pycore_genobject.h>

// The operations that wait for an event, by their waitables, which are small numbers.
static struct {
    struct operation **operations;
    size_t length;
} waitables;

struct operation *waitable_operation(uint32_t waitable) {
    return waitable < waitables.length ? waitables.operations[waitable] : NULL;
}

void waitable_set_operation(uint32_t waitable, struct operation *operation) {
    if (waitable >= waitables.length) {
        size_t larger = (size_t)waitable * 2 + 16;
        struct operation **grown = PyMem_RawRealloc(waitables.operations, larger * sizeof *grown);
        if (!grown)
            Py_FatalError("out of memory for the operations that wait");
        for (size_t i = waitables.length; i < larger; i++)
            grown[i] = NULL;
        waitables.operations = grown;
        waitables.length = larger;
    }
    waitables.operations[waitable] = operation;
}

int operation_finish(struct operation *operation, uint32_t code) {
    operation->state = OPERATION_DONE;
    return operation->kind->finish(operation, code);
}

bool operation_goes_on(struct operation *operation, enum event event, uint32_t *code) {
    if (event == EVENT_SUBTASK)
        return *code == SUBTASK_STARTED;
    return operation->kind->go_on && operation->kind->go_on(operation, code);
}

// Whoever awaits it goes on.
static void wake(struct operation *operation) {
    static PyObject *set_result;
    PyObject *future = operation->future;
    operation->future = NULL;
    if (!future)
        return;
    if (!set_result)
        set_result = PyUnicode_InternFromString("set_result");
    PyObject *nothing = PyObject_CallMethodOneArg(future, set_result, Py_None);
    // A future that was cancelled meanwhile takes no result.
    if (!nothing)
        PyErr_Clear();
    Py_XDECREF(nothing);
    Py_DECREF(future);
}

void operation_complete(struct operation *operation, uint32_t code) {
    Py_INCREF(operation);
    task_forget(operation, !operation->kind->ends_waitable);
    if (operation_finish(operation, code) < 0)
        operation->exception = PyErr_GetRaisedException();
    wake(operation);
    Py_DECREF(operation);
}

static void do_later(struct operation *operation) {
    task_do_later(PyObject_GetAttrString((PyObject *)operation, "_cancel"));
}

static void cancel_started(struct operation *operation) {
    Py_INCREF(operation);
    task_forget(operation, true);
    struct aside aside = task_step_aside();
    uint32_t code = operation->kind->cancel(operation);
    task_step_back(aside);
    operation_goes_on(operation, EVENT_NONE, &code);
    operation_complete(operation, code);
    Py_DECREF(operation);
}

void operation_cancel(struct operation *operation) {
    if (operation->state == OPERATION_NEW)
        operation->state = OPERATION_DONE;
    if (operation->state == OPERATION_DONE)
        return;
    if (tasks.current)
        cancel_started(operation);
    else
        do_later(operation);
}

// A future of asyncio for what awaits the operation.
static PyObject *new_future(void) {
    static PyObject *names, *blocking;
    if (!names) {
        names = Py_BuildValue("(s)", "loop");
        blocking = PyUnicode_InternFromString("_asyncio_future_blocking");
    }
    PyObject *future = PyObject_Vectorcall(tasks.future_class, &tasks.loop, 0, names);
    if (future && PyObject_SetAttr(future, blocking, Py_True) < 0)
        Py_CLEAR(future);
    return future;
}

// The StopIteration that carries a value to who awaits it, and is used again: to make one takes as long as all else.
static struct {
    PyStopIterationObject *exception;
    struct operation *user;
} carrier;

static void carry(struct operation *operation, PyObject *value) {
    if (!carrier.exception)
        carrier.exception = (PyStopIterationObject *)PyObject_CallNoArgs(PyExc_StopIteration);
    if (!carrier.exception || Py_REFCNT(carrier.exception) > 1) {
        _PyGen_SetStopIterationValue(value);
        return;
    }
    carrier.user = operation;
    Py_XSETREF(carrier.exception->value, Py_NewRef(value));
    PyErr_SetRaisedException(Py_NewRef(carrier.exception));
}

// Nothing keeps the value longer than the operation does.
static void empty_carrier(struct operation *operation) {
    if (carrier.user != operation)
        return;
    carrier.user = NULL;
    if (Py_REFCNT(carrier.exception) == 1)
        Py_CLEAR(carrier.exception->value);
    else
        Py_CLEAR(carrier.exception);
}

static PyObject *take(struct operation *operation) {
    if (operation->exception) {
        PyErr_SetRaisedException(Py_NewRef(operation->exception));
        return NULL;
    }
    PyObject *value = operation->value;
    operation->value = NULL;
    if (value && value != Py_None)
        carry(operation, value);
    Py_XDECREF(value);
    return NULL;
}

static PyObject *next(PyObject *object) {
    struct operation *operation = (struct operation *)object;
    if (operation->state == OPERATION_NEW && operation->kind->start(operation) < 0) {
        operation->state = OPERATION_DONE;
        return NULL;
    }
    if (operation->state == OPERATION_DONE)
        return take(operation);
    if (task_wait_for(operation) < 0)
        return NULL;
    PyObject *future = new_future();
    Py_XSETREF(operation->future, Py_XNewRef(future));
    return future;
}

static PyObject *send(PyObject *object, PyObject *value) {
    (void)value;
    PyObject *yielded = next(object);
    if (!yielded && !PyErr_Occurred())
        PyErr_SetNone(PyExc_StopIteration);
    return yielded;
}

static void give_up(struct operation *operation) {
    operation_cancel(operation);
    if (operation->state == OPERATION_DONE && !operation->exception)
        operation->kind->lose(operation);
    Py_CLEAR(operation->value);
}

static PyObject *throw(PyObject *object, PyObject *const *arguments, Py_ssize_t count) {
    if (count < 1)
        return PyErr_Format(PyExc_TypeError, "throw() takes an exception");
    PyObject *exception = arguments[0];
    give_up((struct operation *)object);
    if (PyExceptionInstance_Check(exception))
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
    else
        PyErr_SetObject(exception, count > 1 ? arguments[1] : Py_None);
    return NULL;
}

static PyObject *cancel(PyObject *object, PyObject *nothing) {
    (void)nothing;
    give_up((struct operation *)object);
    return Py_NewRef(Py_None);
}

// What nobody has awaited to its end is cancelled when that can be.
static void finalize(PyObject *object) {
    struct operation *operation = (struct operation *)object;
    if (operation->state != OPERATION_STARTED)
        return;
    PyObject *exception = PyErr_GetRaisedException();
    do_later(operation);
    PyErr_SetRaisedException(exception);
}

static void deallocate(PyObject *object) {
    struct operation *operation = (struct operation *)object;
    if (operation->state == OPERATION_STARTED && PyObject_CallFinalizerFromDealloc(object) < 0)
        return;
    empty_carrier(operation);
    operation->kind->clear(operation);
    Py_XDECREF(operation->future);
    Py_XDECREF(operation->value);
    Py_XDECREF(operation->exception);
    Py_TYPE(object)->tp_free(object);
}

static PyObject *itself(PyObject *object) { return Py_NewRef(object); }

static PyMethodDef methods[] = {
    {"send", send, METH_O, "send($self, value, /)\n--\n\nGo on, as `await` does."},
    {"throw", _PyCFunction_CAST(throw), METH_FASTCALL, "throw($self, exception, /)\n--\n\nGive up, and raise."},
    {"close", cancel, METH_NOARGS, "close($self, /)\n--\n\nGive up."},
    {"_cancel", cancel, METH_NOARGS, "_cancel($self, /)\n--\n\nGive up."},
    {NULL, NULL, 0, NULL},
};

static PyAsyncMethods asynchronous_methods = {.am_await = itself};

PyTypeObject operation_type = {
    .ob_base = PyVarObject_HEAD_INIT(NULL, 0).tp_name = "componentize_py_runtime.Operation",
    .tp_doc = "What the host is asked to do, which can be awaited.",
    .tp_basicsize = sizeof(struct operation),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_dealloc = deallocate,
    .tp_finalize = finalize,
    .tp_as_async = &asynchronous_methods,
    .tp_iter = itself,
    .tp_iternext = next,
    .tp_methods = methods,
};
