// What is to be called soon: what asyncio's Handle is, without a frame of Python for each.

#include "tasks/handle.h"
#include "tasks/task.h"

struct handle {
    PyObject_VAR_HEAD PyObject *callback; // null once it was called or cancelled
    PyObject *context;
    PyObject *weak_references;
    bool is_cancelled;
    bool is_running;
    PyObject *arguments[];
};

PyObject *handle_new(PyObject *callback, PyObject *const *arguments, Py_ssize_t count, PyObject *context) {
    struct handle *handle = (struct handle *)PyType_GenericAlloc(&handle_type, count);
    if (!handle)
        return NULL;
    handle->callback = Py_NewRef(callback);
    handle->context = Py_NewRef(context);
    for (Py_ssize_t i = 0; i < count; i++)
        handle->arguments[i] = Py_NewRef(arguments[i]);
    return (PyObject *)handle;
}

static void forget(struct handle *handle) {
    Py_CLEAR(handle->callback);
    for (Py_ssize_t i = 0; i < Py_SIZE(handle); i++)
        Py_CLEAR(handle->arguments[i]);
}

static PyObject *arguments_of(struct handle *handle) {
    PyObject *arguments = PyTuple_New(handle->callback ? Py_SIZE(handle) : 0);
    for (Py_ssize_t i = 0; arguments && i < PyTuple_GET_SIZE(arguments); i++)
        PyTuple_SET_ITEM(arguments, i, Py_NewRef(handle->arguments[i]));
    return arguments;
}

// Has the loop's exception handler called for the exception that is raised; those that end the program stay raised.
static int report(struct handle *handle) {
    if (PyErr_ExceptionMatches(PyExc_SystemExit) || PyErr_ExceptionMatches(PyExc_KeyboardInterrupt))
        return -1;
    PyObject *exception = PyErr_GetRaisedException();
    PyObject *nothing = PyObject_CallMethod(tasks.loop, "_report", "OO", handle, exception);
    Py_DECREF(exception);
    Py_XDECREF(nothing);
    return nothing ? 0 : -1;
}

static int run(struct handle *handle) {
    if (!handle->callback)
        return 0;
    PyObject *result = NULL;
    handle->is_running = true;
    if (PyContext_Enter(handle->context) == 0) {
        result = PyObject_Vectorcall(handle->callback, handle->arguments, (size_t)Py_SIZE(handle), NULL);
        PyContext_Exit(handle->context);
    }
    int status = result ? 0 : report(handle);
    Py_XDECREF(result);
    handle->is_running = false;
    forget(handle);
    return status;
}

int handle_run(PyObject *object) {
    if (Py_IS_TYPE(object, &handle_type))
        return run((struct handle *)object);
    static PyObject *run_name, *cancelled_name;
    if (!run_name) {
        run_name = PyUnicode_InternFromString("_run");
        cancelled_name = PyUnicode_InternFromString("_cancelled");
    }
    PyObject *is_cancelled = PyObject_GetAttr(object, cancelled_name);
    bool is_due = is_cancelled == Py_False;
    PyObject *nothing = is_due ? PyObject_CallMethodNoArgs(object, run_name) : Py_XNewRef(is_cancelled);
    Py_XDECREF(is_cancelled);
    Py_XDECREF(nothing);
    return nothing ? 0 : -1;
}

static void deallocate(PyObject *object) {
    struct handle *handle = (struct handle *)object;
    PyObject_ClearWeakRefs(object);
    forget(handle);
    Py_XDECREF(handle->context);
    Py_TYPE(object)->tp_free(object);
}

static PyObject *represent(PyObject *object) {
    struct handle *handle = (struct handle *)object;
    if (!handle->callback)
        return PyUnicode_FromString(handle->is_cancelled ? "<Handle cancelled>" : "<Handle>");
    return PyUnicode_FromFormat("<Handle %R>", handle->callback);
}

static PyObject *cancel(PyObject *object, PyObject *nothing) {
    (void)nothing;
    struct handle *handle = (struct handle *)object;
    handle->is_cancelled = true;
    // What runs may cancel itself, and goes on with what it was called with.
    if (!handle->is_running)
        forget(handle);
    return Py_NewRef(Py_None);
}

static PyObject *cancelled(PyObject *object, PyObject *nothing) {
    (void)nothing;
    return PyBool_FromLong(((struct handle *)object)->is_cancelled);
}

static PyObject *get_loop(PyObject *object, PyObject *nothing) {
    (void)object, (void)nothing;
    return Py_NewRef(tasks.loop);
}

static PyObject *run_method(PyObject *object, PyObject *nothing) {
    (void)nothing;
    return run((struct handle *)object) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"cancel", cancel, METH_NOARGS, "cancel($self, /)\n--\n\nLeave it uncalled."},
    {"cancelled", cancelled, METH_NOARGS, "cancelled($self, /)\n--\n\nWhether it was cancelled."},
    {"get_loop", get_loop, METH_NOARGS, "get_loop($self, /)\n--\n\nThe loop."},
    {"_run", run_method, METH_NOARGS, "_run($self, /)\n--\n\nCall it."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"_callback", _Py_T_OBJECT, offsetof(struct handle, callback), Py_READONLY, "What is called."},
    {"_context", _Py_T_OBJECT, offsetof(struct handle, context), Py_READONLY, "In which it is called."},
    {"_cancelled", Py_T_BOOL, offsetof(struct handle, is_cancelled), Py_READONLY, "Whether it was cancelled."},
    {NULL, 0, 0, 0, NULL},
};

static PyObject *get_arguments(PyObject *object, void *nothing) {
    (void)nothing;
    return arguments_of((struct handle *)object);
}

// What `isinstance` sees.
static PyObject *get_class(PyObject *object, void *nothing) {
    (void)object, (void)nothing;
    return Py_NewRef(tasks.handle_class);
}

static PyGetSetDef getters[] = {
    {"_args", get_arguments, NULL, "What it is called with.", NULL},
    {"__class__", get_class, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject handle_type = {
    .ob_base = PyVarObject_HEAD_INIT(NULL, 0).tp_name = "componentize_py_runtime.Handle",
    .tp_doc = "What is to be called soon.",
    .tp_basicsize = offsetof(struct handle, arguments),
    .tp_itemsize = sizeof(PyObject *),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_dealloc = deallocate,
    .tp_repr = represent,
    .tp_weaklistoffset = offsetof(struct handle, weak_references),
    .tp_methods = methods,
    .tp_members = members,
    .tp_getset = getters,
};
