// The life of a component task: from the host's call over its events to its end.

#include "tasks/task.h"
#include "tasks/handle.h"
#include "calls/exports.h"
#include "life/guest.h"
#include "resources/transfer.h"
#include <string.h>

// As many handles as are run before others get their turn.
enum { BUDGET = 1000 };

struct tasks tasks;
static PyTypeObject task_type;

// A method of the loop; a new reference, or null with an exception.
static PyObject *call_loop(const char *method, PyObject *argument) {
    PyObject *name = PyUnicode_InternFromString(method);
    PyObject *result = name ? PyObject_CallMethodOneArg(tasks.loop, name, argument) : NULL;
    Py_XDECREF(name);
    return result;
}

// The answer of a method that cannot fail.
static bool is_true(PyObject *answer) {
    if (!answer)
        ampoule_end_uncaught();
    bool is_yes = answer == Py_True;
    Py_DECREF(answer);
    return is_yes;
}

// asyncio's running loop, which is set while one of our tasks runs.
static void set_running(PyObject *loop) {
    static PyObject *set_running_loop;
    if (!set_running_loop) {
        PyObject *module = ampoule_module("_asyncio");
        set_running_loop = module ? PyObject_GetAttrString(module, "_set_running_loop") : NULL;
        Py_XDECREF(module);
    }
    PyObject *nothing = set_running_loop ? PyObject_CallOneArg(set_running_loop, loop) : NULL;
    if (!nothing)
        ampoule_end_uncaught();
    Py_DECREF(nothing);
}

static void enter(struct task *task) {
    tasks.current = task;
    task->is_parked = false;
    set_running(tasks.loop);
}

static void leave(void) {
    tasks.current = NULL;
    set_running(Py_None);
    ampoule_flush();
}

struct aside task_step_aside(void) {
    struct aside aside = {tasks.current, call_loop("_step_aside", Py_None)};
    tasks.current = NULL;
    set_running(Py_None);
    return aside;
}

void task_step_back(struct aside aside) {
    PyObject *exception = PyErr_GetRaisedException();
    tasks.current = aside.current;
    set_running(tasks.loop);
    PyObject *nothing = aside.running ? call_loop("_step_back", aside.running) : NULL;
    if (!nothing)
        PyErr_Clear();
    Py_XDECREF(nothing);
    Py_XDECREF(aside.running);
    PyErr_SetRaisedException(exception);
}

void task_do_later(PyObject *callable) {
    if (!callable || PyList_Append(tasks.later, callable) < 0)
        PyErr_Clear();
    Py_XDECREF(callable);
}

static void do_what_waits(void) {
    while (PyList_GET_SIZE(tasks.later) > 0) {
        PyObject *all = tasks.later;
        tasks.later = PyList_New(0);
        if (!tasks.later)
            ampoule_end_uncaught();
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(all); i++) {
            PyObject *result = PyObject_CallNoArgs(PyList_GET_ITEM(all, i));
            if (!result)
                PyErr_FormatUnraisable("Exception ignored in what an asynchronous export left undone");
            Py_XDECREF(result);
        }
        Py_DECREF(all);
    }
}

// The sets of tasks that have ended.
static struct {
    uint32_t sets[1024];
    size_t length;
} spare_sets;

static uint32_t set_of(struct task *task) {
    if (!task->set)
        task->set = spare_sets.length ? spare_sets.sets[--spare_sets.length] : builtins.set_new();
    return task->set;
}

static void release_set(struct task *task) {
    if (!task->set)
        return;
    if (spare_sets.length < Py_ARRAY_LENGTH(spare_sets.sets))
        spare_sets.sets[spare_sets.length++] = task->set;
    else
        builtins.set_drop(task->set);
    task->set = 0;
}

int task_wait_for(struct operation *operation) {
    if (operation->task)
        return 0;
    if (!tasks.current) {
        PyErr_SetString(
            PyExc_RuntimeError,
            "this waits for the host, which only an asynchronous export can do: call it from an `async def` that "
            "the world exports as `async func`");
        return -1;
    }
    operation->task = tasks.current;
    operation->task->waiting++;
    waitable_set_operation(operation->waitable, operation);
    Py_INCREF(operation);
    builtins.join(operation->waitable, set_of(operation->task));
    return 0;
}

void task_forget(struct operation *operation, bool leaves) {
    if (!operation->task)
        return;
    if (leaves)
        builtins.join(operation->waitable, 0);
    waitable_set_operation(operation->waitable, NULL);
    operation->task->waiting--;
    operation->task = NULL;
    Py_DECREF(operation);
}

static void link_task(struct task *task) {
    task->next = tasks.live;
    task->place = &tasks.live;
    if (task->next)
        task->next->place = &task->next;
    tasks.live = task;
}

static void unlink_task(struct task *task) {
    *task->place = task->next;
    if (task->next)
        task->next->place = task->place;
}

static int take_handle(struct task *task, PyObject *handle) {
    if (task->ready_end == task->ready_capacity) {
        size_t length = task->ready_end - task->ready_first;
        if (task->ready_first > task->ready_capacity / 2) {
            memmove(task->ready, task->ready + task->ready_first, length * sizeof *task->ready);
        } else {
            size_t larger = task->ready_capacity * 2 + 16;
            PyObject **grown = PyMem_RawMalloc(larger * sizeof *grown);
            if (!grown) {
                PyErr_NoMemory();
                return -1;
            }
            if (length)
                memcpy(grown, task->ready + task->ready_first, length * sizeof *grown);
            PyMem_RawFree(task->ready);
            task->ready = grown;
            task->ready_capacity = larger;
        }
        task->ready_first = 0;
        task->ready_end = length;
    }
    task->ready[task->ready_end++] = Py_NewRef(handle);
    return 0;
}

struct task *task_of_context(PyObject *context) {
    PyObject *found = NULL;
    if (context == Py_None)
        PyContextVar_Get(tasks.variable, NULL, &found);
    else
        found = PyObject_GetItem(context, tasks.variable);
    if (!found)
        PyErr_Clear();
    struct task *task = (struct task *)found;
    // Its own reference keeps a living task alive.
    Py_XDECREF(found);
    if (task && task->place)
        return task;
    return tasks.current ? tasks.current : tasks.live;
}

// Handles that came when no task was there.
static PyObject *homeless;

int task_queue(PyObject *handle, PyObject *context) {
    struct task *task = task_of_context(context);
    if (!task) {
        if (!homeless && !(homeless = PyList_New(0)))
            return -1;
        return PyList_Append(homeless, handle);
    }
    if (take_handle(task, handle) < 0)
        return -1;
    bell_ring(task);
    return 0;
}

static PyObject *enqueue(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
    (void)module;
    if (count != 2)
        return PyErr_Format(PyExc_TypeError, "enqueue() takes a handle and its context");
    return task_queue(arguments[0], arguments[1]) < 0 ? NULL : Py_NewRef(Py_None);
}

static int take_homeless(struct task *task) {
    PyObject *all = homeless;
    homeless = NULL;
    int status = 0;
    for (Py_ssize_t i = 0; all && status == 0 && i < PyList_GET_SIZE(all); i++)
        status = take_handle(task, PyList_GET_ITEM(all, i));
    Py_XDECREF(all);
    return status;
}

// Whether it is through with all handles, and not only with as many as it may run at a time.
static bool run_handles(struct task *task) {
    for (int i = 0; task->ready_first < task->ready_end; i++) {
        if (i == BUDGET)
            return false;
        PyObject *handle = task->ready[task->ready_first++];
        // Handles report exceptions themselves, but for those that end the program.
        if (handle_run(handle) < 0)
            ampoule_end_uncaught();
        Py_DECREF(handle);
    }
    task->ready_first = task->ready_end = 0;
    return true;
}

static bool is_done(PyObject *asyncio_task) {
    static PyObject *done;
    if (!done)
        done = PyUnicode_InternFromString("done");
    return is_true(PyObject_CallMethodNoArgs(asyncio_task, done));
}

// Another task of asyncio, or a reference to it.
static bool is_living(PyObject *other) {
    if (!PyWeakref_Check(other))
        return !is_done(other);
    PyObject *found;
    if (PyWeakref_GetRef(other, &found) <= 0)
        return false;
    bool is_living = !is_done(found);
    Py_DECREF(found);
    return is_living;
}

bool task_has_others(struct task *task) {
    if (!task->others)
        return false;
    PyObject *living = PyList_New(0);
    for (Py_ssize_t i = 0; living && i < PyList_GET_SIZE(task->others); i++) {
        PyObject *other = PyList_GET_ITEM(task->others, i);
        if (is_living(other) && PyList_Append(living, other) < 0)
            Py_CLEAR(living);
    }
    if (!living)
        ampoule_end_uncaught();
    Py_SETREF(task->others, living);
    return PyList_GET_SIZE(living) > 0;
}

// The values of the call have left, or are not wanted: what was lent for it goes back.
static void end_call(struct task *task) {
    struct call *call = task->call;
    call_clear_stack(call);
    transfer_finish(call);
    ampoule_flush();
}

// The export's coroutine was cancelled because the caller asked for it.
static bool was_cancelled(struct task *task) {
    return task->is_cancelled && is_true(PyObject_CallMethod(task->root, "cancelled", NULL));
}

static void return_value(struct task *task, PyObject *value) {
    const wit_export *function = &world.wit->exports[task->which];
    if (export_lower(task->call, function->result, value) < 0 || transfer_commit(task->call) < 0)
        ampoule_end_uncaught();
    Py_XDECREF(value);
    if (export_is_program(function))
        ampoule_run_exit_functions();
    end_call(task);
    function->task_return(task->call);
}

static void return_result(struct task *task) {
    static PyObject *result;
    if (!result)
        result = PyUnicode_InternFromString("result");
    if (was_cancelled(task)) {
        end_call(task);
        builtins.task_cancel();
    } else {
        return_value(task, PyObject_CallMethodNoArgs(task->root, result));
    }
    call_finish(task->call);
    task->call = NULL;
    task->has_returned = true;
}

// Whether it may return: of a program, what it has spawned is to be done, and all else is to be ended.
static bool may_return(struct task *task) {
    if (!is_done(task->root))
        return false;
    if (!export_is_program(&world.wit->exports[task->which]))
        return true;
    is_true(call_loop("_end_program", (PyObject *)task));
    return !task_has_others(task) && is_true(call_loop("_has_closed_generators", (PyObject *)task));
}

// The operation that an event is for: null for one of a bell, of a cancellation, or for none.
static struct operation *operation_of(enum event event, uint32_t waitable) {
    return event == EVENT_NONE || event == EVENT_CANCELLED ? NULL : waitable_operation(waitable);
}

static void dispatch(struct task *task, enum event event, uint32_t waitable, struct operation *operation,
                     uint32_t code) {
    task->is_idle = false;
    if (event == EVENT_CANCELLED) {
        task->is_cancelled = true;
        is_true(PyObject_CallMethod(task->root, "cancel", NULL));
    } else if (operation) {
        operation_complete(operation, code);
    } else {
        bell_heard(task, waitable);
    }
}

// Takes the events that are there; says whether there were any.
static bool take_events(struct task *task) {
    bool any = false;
    while (task->set && (task->waiting || task->is_rung)) {
        uint32_t details[2];
        uint32_t event = builtins.set_poll(task->set, details);
        if (event == EVENT_NONE)
            break;
        struct operation *operation = operation_of(event, details[0]);
        if (operation && operation_goes_on(operation, event, &details[1]))
            continue;
        dispatch(task, event, details[0], operation, details[1]);
        any = true;
    }
    return any;
}

// Moves the timers that are due to the handles; says whether there were any.
static bool take_timers(struct task *task) {
    if (!task->timers || task->timers == Py_None)
        return false;
    PyObject *deadline = call_loop("_take_timers", (PyObject *)task);
    if (!deadline)
        ampoule_end_uncaught();
    task->deadline = deadline == Py_None ? 0 : PyFloat_AsDouble(deadline);
    Py_DECREF(deadline);
    return task->ready_first < task->ready_end;
}

// Whether there was one: while it is cancelled, others may run.
static bool stop_clock(struct task *task) {
    struct operation *clock = task->clock;
    task->clock = NULL;
    if (!clock)
        return false;
    operation_cancel(clock);
    Py_DECREF(clock);
    return true;
}

// Has the host wake the task when its first timer is due, if the host can. Whether there may be more to do then.
static bool set_clock(struct task *task) {
    if (!task->deadline)
        return stop_clock(task);
    // One that comes too early does no harm: the next one is started then.
    if (task->clock && task->clock->state != OPERATION_DONE && task->clock_due <= task->deadline)
        return false;
    bool was_there = stop_clock(task);
    PyObject *clock = call_loop("_start_clock", (PyObject *)task);
    if (!clock)
        ampoule_end_uncaught();
    if (PyBool_Check(clock) || clock == Py_None) {
        Py_DECREF(clock);
        return was_there || clock == Py_True;
    }
    task->clock = (struct operation *)clock;
    task->clock_due = task->deadline;
    if (task_wait_for(task->clock) < 0)
        ampoule_end_uncaught();
    return was_there;
}

// Hands the looking at the time to another task that has timers.
static void stop_ticking(struct task *task) {
    if (tasks.ticker != task)
        return;
    tasks.ticker = NULL;
    for (struct task *other = tasks.live; other; other = other->next)
        if (other != task && other->deadline) {
            // At once: one that ends before it looks at the time passes it on in turn.
            tasks.ticker = other;
            bell_ring(other);
            return;
        }
}

static void end_task(struct task *task) {
    unlink_task(task);
    task->place = NULL;
    stop_ticking(task);
    release_set(task);
    leave();
    // Its context refers to it, and its coroutine to the context.
    Py_CLEAR(task->root);
    Py_CLEAR(task->context);
    Py_DECREF(task);
}

// Where the host has no timers, one task looks at the time for all, with pauses: true if it does so now.
static bool tick(struct task *task) {
    if (tasks.ticker && tasks.ticker != task)
        return false;
    tasks.ticker = task;
    if (!task->is_idle) {
        task->is_idle = true;
        return true;
    }
    double first = task->deadline;
    for (struct task *other = tasks.live; other; other = other->next)
        if (other->deadline && (!first || other->deadline < first))
            first = other->deadline;
    PyObject *argument = PyFloat_FromDouble(first);
    PyObject *now = argument ? call_loop("_pause", argument) : NULL;
    if (!now)
        ampoule_end_uncaught();
    double time = PyFloat_AsDouble(now);
    for (struct task *other = tasks.live; other; other = other->next)
        if (other != task && other->deadline && other->deadline <= time)
            bell_ring(other);
    Py_DECREF(now);
    Py_DECREF(argument);
    return true;
}

// Where the callback finds the task.
static void remember(struct task *task) {
    if (!task->is_remembered)
        builtins.context_set((uint32_t)(uintptr_t)task);
    task->is_remembered = true;
}

static uint32_t yield_to_others(struct task *task) {
    remember(task);
    leave();
    return CALLBACK_YIELD;
}

static uint32_t park(struct task *task) {
    if (task->deadline ? !task->clock : tasks.has_sockets) {
        if (tick(task))
            return yield_to_others(task);
    } else {
        stop_ticking(task);
    }
    remember(task);
    uint32_t set = set_of(task);
    task->is_parked = true;
    leave();
    return CALLBACK_WAIT | set << 4;
}

// Does all that can be done now.
static uint32_t pump(struct task *task) {
    for (;;) {
        if (take_homeless(task) < 0)
            ampoule_end_uncaught();
        bool is_through = run_handles(task);
        if (!task->has_returned && may_return(task))
            return_result(task);
        do_what_waits();
        if (!is_through) {
            take_events(task);
            return yield_to_others(task);
        }
        bool any = take_events(task);
        any |= take_timers(task);
        if (any || task->ready_first < task->ready_end)
            task->is_idle = false;
        else if (PyList_GET_SIZE(tasks.later) == 0 && !set_clock(task))
            break;
    }
    if (task->has_returned && !task->waiting && !task->deadline && !task->is_rung && !task_has_others(task)) {
        end_task(task);
        return CALLBACK_EXIT;
    }
    return park(task);
}

static struct task *new_task(struct call *call, size_t which) {
    struct task *task = (struct task *)PyType_GenericAlloc(&task_type, 0);
    if (!task)
        ampoule_end_uncaught();
    task->call = call;
    task->which = which;
    link_task(task);
    return task;
}

// A copy of the app's context, in which the task can be found.
static PyObject *new_context(struct task *task) {
    PyObject *context = PyContext_CopyCurrent();
    if (!context || PyContext_Enter(context) < 0)
        return NULL;
    PyObject *token = PyContextVar_Set(tasks.variable, (PyObject *)task);
    Py_XDECREF(token);
    return PyContext_Exit(context) < 0 || !token ? NULL : context;
}

// asyncio's task for a coroutine, which has run as far as it can.
static PyObject *start_root(struct task *task) {
    static PyObject *names;
    if (!names)
        names = Py_BuildValue("(sss)", "loop", "context", "eager_start");
    PyObject *coroutine = export_call_app(task->call);
    if (coroutine && !PyCoro_CheckExact(coroutine))
        Py_SETREF(coroutine, call_loop("_as_coroutine", coroutine));
    task->context = coroutine ? new_context(task) : NULL;
    if (!task->context)
        return NULL;
    PyObject *arguments[] = {coroutine, tasks.loop, task->context, Py_True};
    PyObject *root = PyObject_Vectorcall(tasks.class, arguments, 1, names);
    Py_DECREF(coroutine);
    return root;
}

uint32_t wit_dylib_export_async_call(void *call, size_t which) {
    struct task *task = new_task(call, which);
    enter(task);
    task->root = start_root(task);
    if (!task->root)
        ampoule_end_uncaught();
    return pump(task);
}

uint32_t wit_dylib_export_async_callback(uint32_t event, uint32_t waitable, uint32_t code, size_t which) {
    (void)which;
    struct operation *operation = operation_of(event, waitable);
    struct task *task = operation ? operation->task : (struct task *)(uintptr_t)builtins.context_get();
    if (operation && operation_goes_on(operation, event, &code))
        return CALLBACK_WAIT | task->set << 4;
    enter(task);
    if (event != EVENT_NONE)
        dispatch(task, event, waitable, operation, code);
    return pump(task);
}

static void deallocate(PyObject *object) {
    struct task *task = (struct task *)object;
    Py_XDECREF(task->root);
    Py_XDECREF(task->context);
    Py_XDECREF(task->timers);
    Py_XDECREF(task->others);
    while (task->ready_first < task->ready_end)
        Py_DECREF(task->ready[task->ready_first++]);
    PyMem_RawFree(task->ready);
    Py_TYPE(object)->tp_free(object);
}

static PyMemberDef members[] = {
    {"root", Py_T_OBJECT_EX, offsetof(struct task, root), Py_READONLY,
     "The task of asyncio for the export's coroutine."},
    {"timers", _Py_T_OBJECT, offsetof(struct task, timers), 0, "A heap of timers, or None."},
    {"others", _Py_T_OBJECT, offsetof(struct task, others), 0, "The tasks of asyncio that were made in it, or None."},
    {"deadline", Py_T_DOUBLE, offsetof(struct task, deadline), Py_READONLY, "When its first timer is due."},
    {NULL, 0, 0, 0, NULL},
};

static PyTypeObject task_type = {
    .ob_base = PyVarObject_HEAD_INIT(NULL, 0).tp_name = "componentize_py_runtime.Task",
    .tp_doc = "The call of an asynchronous export.",
    .tp_basicsize = sizeof(struct task),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_dealloc = deallocate,
    .tp_members = members,
};

static PyObject *current_task(PyObject *module, PyObject *context) {
    (void)module;
    struct task *task = task_of_context(context);
    return Py_NewRef(task ? (PyObject *)task : Py_None);
}

static PyObject *register_loop(PyObject *module, PyObject *arguments) {
    (void)module;
    PyObject *loop, *class, *future_class, *handle_class;
    if (!PyArg_ParseTuple(arguments, "OOOO:register_loop", &loop, &class, &future_class, &handle_class))
        return NULL;
    Py_XSETREF(tasks.loop, Py_NewRef(loop));
    Py_XSETREF(tasks.class, Py_NewRef(class));
    Py_XSETREF(tasks.future_class, Py_NewRef(future_class));
    Py_XSETREF(tasks.handle_class, Py_NewRef(handle_class));
    if (!tasks.later && !(tasks.later = PyList_New(0)))
        return NULL;
    if (!tasks.variable && !(tasks.variable = PyContextVar_New("component task", NULL)))
        return NULL;
    return Py_NewRef(Py_None);
}

static PyObject *do_later(PyObject *module, PyObject *callable) {
    (void)module;
    task_do_later(Py_NewRef(callable));
    return Py_NewRef(Py_None);
}

static PyObject *watch_sockets(PyObject *module, PyObject *any) {
    (void)module;
    tasks.has_sockets = any == Py_True;
    return Py_NewRef(Py_None);
}

static PyObject *is_building(PyObject *module, PyObject *nothing) {
    (void)module;
    (void)nothing;
    return PyBool_FromLong(ampoule_building);
}

static PyMethodDef methods[] = {
    {"register_loop", register_loop, METH_VARARGS,
     "register_loop(loop, task_class, future_class, handle_class, /)\n--\n\nTake the loop that asynchronous exports "
     "run in."},
    {"enqueue", _PyCFunction_CAST(enqueue), METH_FASTCALL,
     "enqueue(handle, context, /)\n--\n\nHave a handle run in the task that its context belongs to."},
    {"current_task", current_task, METH_O,
     "current_task(context, /)\n--\n\nThe component task that a context belongs to, or one that can do its work."},
    {"do_later", do_later, METH_O, "do_later(callable, /)\n--\n\nCall it when something may wait for the host."},
    {"watch_sockets", watch_sockets, METH_O,
     "watch_sockets(any, /)\n--\n\nSay whether there are sockets of WASI 0.2 to look at."},
    {"is_building", is_building, METH_NOARGS, "is_building()\n--\n\nWhether the component is being built."},
    {NULL, NULL, 0, NULL},
};

int task_populate(PyObject *module) {
    return PyType_Ready(&task_type) < 0 ? -1 : PyModule_AddFunctions(module, methods);
}
