// The methods of the loop that asyncio calls most: what makes handles and tasks.

#include "tasks/handle.h"
#include "tasks/task.h"

static Py_ssize_t count_of(PyObject *names) { return names ? PyTuple_GET_SIZE(names) : 0; }

// The argument `context`, borrowed, or null.
static PyObject *context_of(PyObject *const *arguments, Py_ssize_t count, PyObject *names) {
    for (Py_ssize_t i = 0; i < count_of(names); i++)
        if (PyUnicode_EqualToUTF8(PyTuple_GET_ITEM(names, i), "context"))
            return arguments[count + i];
    return NULL;
}

static PyObject *call_soon(PyObject *loop, PyObject *const *arguments, Py_ssize_t count, PyObject *names) {
    (void)loop;
    PyObject *context = context_of(arguments, count, names);
    if (count < 1 || count_of(names) > (context ? 1 : 0))
        return PyErr_Format(PyExc_TypeError, "call_soon() takes a callback, its arguments and `context`");
    context = context && context != Py_None ? Py_NewRef(context) : PyContext_CopyCurrent();
    PyObject *handle = context ? handle_new(arguments[0], arguments + 1, count - 1, context) : NULL;
    if (handle && task_queue(handle, context) < 0)
        Py_CLEAR(handle);
    Py_XDECREF(context);
    return handle;
}

// As many named arguments as a task of asyncio takes, and more.
enum { MOST_NAMED = 8 };

// The names of a call, and "loop".
static PyObject *with_loop(PyObject *names) {
    static PyObject *loop_alone;
    if (!loop_alone)
        loop_alone = Py_BuildValue("(s)", "loop");
    return names ? PySequence_Concat(names, loop_alone) : Py_XNewRef(loop_alone);
}

static PyObject *new_asyncio_task(PyObject *loop, PyObject *const *arguments, PyObject *names) {
    Py_ssize_t count = 1 + count_of(names);
    PyObject *all[MOST_NAMED + 2];
    for (Py_ssize_t i = 0; i < count; i++)
        all[i] = arguments[i];
    all[count] = loop;
    PyObject *all_names = with_loop(names);
    PyObject *task = all_names ? PyObject_Vectorcall(tasks.class, all, 1, all_names) : NULL;
    Py_XDECREF(all_names);
    return task;
}

// The component task lives as long as the tasks of asyncio that are made in it.
static int own(struct task *owner, PyObject *task) {
    if (!owner)
        return 0;
    Py_ssize_t length = owner->others ? PyList_GET_SIZE(owner->others) : 0;
    // At each power of two: those that are done go.
    if (length > 64 && (length & (length - 1)) == 0)
        task_has_others(owner);
    PyObject *reference = PyWeakref_NewRef(task, NULL);
    if (reference && !owner->others)
        owner->others = PyList_New(0);
    int status = reference && owner->others ? PyList_Append(owner->others, reference) : -1;
    Py_XDECREF(reference);
    return status;
}

static PyObject *make_task(PyObject *loop, PyObject *const *arguments, PyObject *names) {
    static PyObject *task_factory, *by_factory;
    if (!task_factory) {
        task_factory = PyUnicode_InternFromString("_task_factory");
        by_factory = PyUnicode_InternFromString("_create_by_factory");
    }
    PyObject *factory = PyObject_GetAttr(loop, task_factory);
    Py_XDECREF(factory);
    if (!factory)
        return NULL;
    if (factory == Py_None)
        return new_asyncio_task(loop, arguments, names);
    PyObject *method = PyObject_GetAttr(loop, by_factory);
    PyObject *task = method ? PyObject_Vectorcall(method, arguments, 1, names) : NULL;
    Py_XDECREF(method);
    return task;
}

static PyObject *create_task(PyObject *loop, PyObject *const *arguments, Py_ssize_t count, PyObject *names) {
    if (count != 1 || count_of(names) > MOST_NAMED)
        return PyErr_Format(PyExc_TypeError, "create_task() takes a coroutine");
    PyObject *task = make_task(loop, arguments, names);
    PyObject *context = context_of(arguments, count, names);
    if (task && own(task_of_context(context ? context : Py_None), task) < 0)
        Py_CLEAR(task);
    return task;
}

static PyObject *get_debug(PyObject *loop, PyObject *nothing) {
    (void)nothing;
    static PyObject *debug;
    if (!debug)
        debug = PyUnicode_InternFromString("_debug");
    return PyObject_GetAttr(loop, debug);
}

// What a WeakSet of asyncio's tasks has in its `data`: references to those that have not run to their end at once.
static PyObject *scheduled;

static PyObject *forget_reference(PyObject *nothing, PyObject *reference) {
    (void)nothing;
    return PySet_Discard(scheduled, reference) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef forget_method = {"forget_reference", forget_reference, METH_O, NULL};

static PyObject *remember_task(PyObject *module, PyObject *task) {
    (void)module;
    static PyObject *callback;
    if (!callback)
        callback = PyCFunction_New(&forget_method, NULL);
    PyObject *reference = callback ? PyWeakref_NewRef(task, callback) : NULL;
    int status = reference ? PySet_Add(scheduled, reference) : -1;
    Py_XDECREF(reference);
    return status < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *keep_tasks(PyObject *module, PyObject *data) {
    (void)module;
    if (!PySet_Check(data))
        return PyErr_Format(PyExc_TypeError, "keep_tasks() takes a set");
    Py_XSETREF(scheduled, Py_NewRef(data));
    return Py_NewRef(Py_None);
}

static PyMethodDef functions[] = {
    {"keep_tasks", keep_tasks, METH_O, "keep_tasks(data, /)\n--\n\nTake the set to which tasks of asyncio are added."},
    {"remember_task", remember_task, METH_O,
     "remember_task(task, /)\n--\n\nAdd a task to it, for as long as it lives."},
    {NULL, NULL, 0, NULL},
};

static PyMethodDef methods[] = {
    {"call_soon", _PyCFunction_CAST(call_soon), METH_FASTCALL | METH_KEYWORDS,
     "call_soon($self, callback, /, *args, context=None)\n--\n\nHave it called soon."},
    {"call_soon_threadsafe", _PyCFunction_CAST(call_soon), METH_FASTCALL | METH_KEYWORDS,
     "call_soon_threadsafe($self, callback, /, *args, context=None)\n--\n\nHave it called soon."},
    {"create_task", _PyCFunction_CAST(create_task), METH_FASTCALL | METH_KEYWORDS,
     "create_task($self, coro, /, *, name=None, context=None, **options)\n--\n\nHave a coroutine run."},
    {"get_debug", get_debug, METH_NOARGS, "get_debug($self, /)\n--\n\nWhether the loop is in debug mode."},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject schedule_type = {
    .ob_base = PyVarObject_HEAD_INIT(NULL, 0).tp_name = "componentize_py_runtime.Schedule",
    .tp_doc = "What a loop does most.",
    .tp_basicsize = sizeof(PyObject),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_methods = methods,
    .tp_new = PyType_GenericNew,
};

int schedule_populate(PyObject *module) {
    if (PyType_Ready(&handle_type) < 0 || PyModule_AddType(module, &schedule_type) < 0)
        return -1;
    return PyModule_AddFunctions(module, functions);
}
