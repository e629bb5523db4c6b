// Ends of streams and futures, and how readers come and go.

#include "tasks/channel.h"
#include "world/asynchronous.h"
#include "tasks/task.h"
#include "life/guest.h"
#include "resources/transfer.h"
#include "values/lower.h"
#include <string.h>

// What is known of a stream or future type.
struct channel {
    PyObject *name; // of the function that makes one
    struct function function;
};

static struct {
    struct channel *streams;
    struct channel *futures;
    PyObject *stream_reader;
    PyObject *byte_stream_reader;
    PyObject *future_reader;
} known;

static struct channel *channel(wit_type type) {
    return channel_is_stream(type) ? &known.streams[wit_index(type)] : &known.futures[wit_index(type)];
}

struct function *channel_function(wit_type type) { return &channel(type)->function; }

static PyObject *reader_class(wit_type type) {
    if (!channel_is_stream(type))
        return known.future_reader;
    return channel_is_bytes(type) ? known.byte_stream_reader : known.stream_reader;
}

PyObject *end_new(wit_type type, uint32_t handle, bool is_writer) {
    struct end *end = (struct end *)PyType_GenericAlloc(&end_type, 0);
    if (!end)
        return NULL;
    end->type = type;
    end->handle = handle;
    end->is_writer = is_writer;
    end->is_open = true;
    return (PyObject *)end;
}

void end_drop(struct end *end) {
    if (!end->is_open)
        return;
    if (end->busy && !tasks.current) {
        task_do_later(PyObject_GetAttrString((PyObject *)end, "drop"));
        return;
    }
    if (end->busy)
        operation_cancel((struct operation *)end->busy);
    if (!end->is_open)
        return;
    end->is_open = false;
    const wit_channel *channel = channel_of(end->type);
    (end->is_writer ? channel->drop_writable : channel->drop_readable)(end->handle);
}

static void deallocate(PyObject *object) {
    struct end *end = (struct end *)object;
    // The writer of a future that has written nothing is kept by its owner until it has.
    if (!end->is_writer || channel_is_stream(end->type))
        end_drop(end);
    Py_XDECREF(end->spare);
    Py_TYPE(object)->tp_free(object);
}

int end_check_usable(const struct end *end) {
    if (end->busy)
        PyErr_Format(PyExc_RuntimeError, "a %s is under way: await it before the next one",
                     end->is_writer ? "write" : "read");
    else if (end->is_used && !end->spare)
        PyErr_SetString(PyExc_ValueError, "the future was read before: it has one value");
    else if (!end->is_open && !end->spare)
        PyErr_Format(PyExc_ValueError, "the %s was dropped", end->is_writer ? "writer" : "reader");
    else
        return 0;
    return -1;
}

static bool has_two(Py_ssize_t count, const char *what) {
    if (count != 2)
        PyErr_Format(PyExc_TypeError, "%s() takes two arguments but %zd were given", what, count);
    return count == 2;
}

static PyObject *read_end(PyObject *object, PyObject *const *arguments, Py_ssize_t count) {
    if (!has_two(count, "read"))
        return NULL;
    Py_ssize_t number = PyNumber_AsSsize_t(arguments[0], PyExc_OverflowError);
    if (number == -1 && PyErr_Occurred())
        return NULL;
    if (number < 0)
        return PyErr_Format(PyExc_ValueError, "read() takes how many items may come, not %zd", number);
    return copy_read((struct end *)object, number, arguments[1]);
}

static PyObject *write_end(PyObject *object, PyObject *const *arguments, Py_ssize_t count) {
    return has_two(count, "write") ? copy_write((struct end *)object, arguments[0], false, arguments[1]) : NULL;
}

static PyObject *write_all(PyObject *object, PyObject *const *arguments, Py_ssize_t count) {
    return has_two(count, "write_all") ? copy_write((struct end *)object, arguments[0], true, arguments[1]) : NULL;
}

static PyObject *drop(PyObject *object, PyObject *nothing) {
    (void)nothing;
    end_drop((struct end *)object);
    return Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"read", _PyCFunction_CAST(read_end), METH_FASTCALL,
     "read($self, count, owner, /)\n--\n\nRead at most so many items."},
    {"write", _PyCFunction_CAST(write_end), METH_FASTCALL,
     "write($self, items, owner, /)\n--\n\nOffer items, or a future's value."},
    {"write_all", _PyCFunction_CAST(write_all), METH_FASTCALL,
     "write_all($self, items, owner, /)\n--\n\nOffer items until all are taken."},
    {"drop", drop, METH_NOARGS, "drop($self, /)\n--\n\nDrop the end now."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef members[] = {
    {"dropped", Py_T_BOOL, offsetof(struct end, is_dropped), Py_READONLY, "Whether the other end is gone."},
    {"is_open", Py_T_BOOL, offsetof(struct end, is_open), Py_READONLY, "Whether this end is there."},
    {"spare", _Py_T_OBJECT, offsetof(struct end, spare), Py_READONLY, "What was read and given back."},
    {NULL, 0, 0, 0, NULL},
};

PyTypeObject end_type = {
    .ob_base = PyVarObject_HEAD_INIT(NULL, 0).tp_name = "componentize_py_runtime.End",
    .tp_doc = "The host's end of a stream or future.",
    .tp_basicsize = sizeof(struct end),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_dealloc = deallocate,
    .tp_methods = methods,
    .tp_members = members,
};

static PyObject *lift_reader(wit_type type, uint32_t handle) {
    PyObject *end = end_new(type, handle, false);
    PyObject *reader = end ? PyObject_CallMethod(reader_class(type), "_of", "O", end) : NULL;
    Py_XDECREF(end);
    return reader;
}

// The end itself, if it is the host's and not one of a pair in this component.
static struct end *of_host(PyObject *end) { return Py_IS_TYPE(end, &end_type) ? (struct end *)end : NULL; }

static PyObject *end_of(PyObject *reader) { return PyObject_GetAttrString(reader, "_end"); }

// Whether an attribute that tells is true: 1, 0, or -1 with an exception.
static int tells(PyObject *object, const char *name) {
    PyObject *answer = PyObject_GetAttrString(object, name);
    int is_true = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    return is_true;
}

// Whether a read is under way, or has left something: 1, 0, or -1 with an exception.
static int is_in_use(wit_type type, PyObject *reader, PyObject *end) {
    const struct end *ours = of_host(end);
    int is_busy = ours ? ours->busy || ours->spare : tells(end, "is_read");
    return is_busy == 0 && channel_is_stream(type) ? tells(reader, "_rest") : is_busy;
}

// What the end's type is called; null with an exception, None if it is gone.
static PyObject *name_of(PyObject *end) {
    const struct end *ours = of_host(end);
    return ours ? Py_NewRef(channel(ours->type)->name) : PyObject_GetAttrString(end, "name");
}

// Whether the arguments that are being taken have the reader already: 1, 0, or -1 with an exception.
static int is_leaving(PyObject *end) {
    const struct end *ours = of_host(end);
    return ours ? ours->leaves : tells(end, "leaves");
}

// Says that the arguments have the reader, or no longer: returns -1 with an exception.
static int set_leaving(PyObject *end, bool leaves) {
    struct end *ours = of_host(end);
    if (!ours)
        return PyObject_SetAttrString(end, "leaves", leaves ? Py_True : Py_False);
    ours->leaves = leaves;
    return 0;
}

// Why a reader cannot leave: -1 with an exception.
static int check_leaves(struct call *call, wit_type type, PyObject *reader, PyObject *end, const struct place *place) {
    const char *name = channel_is_stream(type) ? "stream" : "future";
    PyObject *own = name_of(end);
    if (!own)
        return -1;
    bool is_gone = own == Py_None;
    int differs = is_gone ? 0 : PyObject_RichCompareBool(own, channel(type)->name, Py_NE);
    Py_DECREF(own);
    if (differs)
        return differs < 0 ? -1 : problem_type(call, place, type, reader);
    int is_used = is_gone ? 0 : is_in_use(type, reader, end);
    if (is_used < 0)
        return -1;
    int leaves = is_gone ? 0 : is_leaving(end);
    if (leaves < 0)
        return -1;
    const struct end *ours = of_host(end);
    if (is_used)
        return problem(call, place, PyExc_ValueError, "be a %s that is not being read, and has no items left over",
                       name);
    if (leaves)
        return problem(call, place, PyExc_ValueError, "be a %s of its own: another part of the arguments has it", name);
    if (is_gone || (ours && !ours->is_open))
        return problem(call, place, PyExc_ValueError, "be a %s that can be read: it was dropped or passed on", name);
    return 0;
}

static int lower_reader(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    int is_reader = PyObject_IsInstance(object, reader_class(type));
    if (is_reader <= 0)
        return is_reader < 0 ? -1 : problem_type(call, place, type, object);
    PyObject *end = end_of(object);
    int status = end ? check_leaves(call, type, object, end, place) : -1;
    if (status == 0)
        status = transfer_note(call, TRANSFER_READER, type, object, to);
    if (status == 0)
        status = set_leaving(end, true);
    Py_XDECREF(end);
    return status < 0 ? -1 : lower_scalar(call, 0, 4, to);
}

// The writer of a pair whose reader leaves gets the handle of a new one.
static uint32_t connect(PyObject *pipe, wit_type type) {
    uint64_t ends = channel_of(type)->new();
    PyObject *writer = end_new(type, (uint32_t)(ends >> 32), true);
    PyObject *nothing = writer ? PyObject_CallMethod(pipe, "connect", "O", writer) : NULL;
    if (!nothing)
        ampoule_end_uncaught();
    Py_DECREF(nothing);
    Py_DECREF(writer);
    return (uint32_t)ends;
}

// From now on the reader cannot be used, unless it comes back. 0 with an exception.
static uint32_t commit_reader(PyObject *reader, uint32_t type) {
    PyObject *end = end_of(reader);
    int is_there = end ? is_leaving(end) : -1;
    if (is_there <= 0) {
        Py_XDECREF(end);
        // What converts another argument may run code of the app, such as `__index__`.
        if (is_there == 0)
            PyErr_Format(PyExc_ValueError, "the reader of a %s was dropped or passed on while the arguments were taken",
                         channel_is_stream(type) ? "stream" : "future");
        return 0;
    }
    uint32_t handle;
    struct end *ours = of_host(end);
    if (ours) {
        handle = ours->handle;
        ours->is_open = ours->leaves = false;
    } else {
        handle = connect(end, type);
    }
    Py_DECREF(end);
    PyObject *nothing = PyObject_CallMethod(reader, "_leave", NULL);
    if (!nothing)
        ampoule_end_uncaught();
    Py_DECREF(nothing);
    return handle;
}

static void come_back(PyObject *reader, uint32_t type, uint32_t handle) {
    PyObject *end = end_new(type, handle, false);
    PyObject *nothing = end ? PyObject_CallMethod(reader, "_come_back", "O", end) : NULL;
    if (!nothing)
        ampoule_end_uncaught();
    Py_DECREF(nothing);
    Py_DECREF(end);
}

static void finish_reader(PyObject *reader, uint32_t type, uint32_t handle, bool taken) {
    PyObject *exception = PyErr_GetRaisedException();
    if (handle && !taken)
        come_back(reader, type, handle);
    PyObject *end = handle ? NULL : end_of(reader);
    // What is gone meanwhile has nothing to set.
    if (!end || (is_leaving(end) > 0 && set_leaving(end, false) < 0))
        PyErr_Clear();
    Py_XDECREF(end);
    PyErr_SetRaisedException(exception);
}

static int register_names(PyObject *table, const char *name, struct channel **channels, size_t count) {
    PyObject *names = PyObject_GetAttrString(table, name);
    *channels = PyMem_RawCalloc(count ? count : 1, sizeof **channels);
    if (!names || !*channels || !PyTuple_Check(names) || (size_t)PyTuple_GET_SIZE(names) != count) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_ValueError, "_ampoule_world.%s does not fit the world's module", name);
        Py_XDECREF(names);
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        struct channel *channel = &(*channels)[i];
        channel->name = Py_NewRef(PyTuple_GET_ITEM(names, (Py_ssize_t)i));
        PyObject *label = PyUnicode_FromFormat("%U.write", channel->name);
        // The text lives as long as the interpreter.
        channel->function.label = label ? PyUnicode_AsUTF8(label) : NULL;
        if (!channel->function.label)
            return -1;
    }
    Py_DECREF(names);
    return 0;
}

static PyObject *class_of(const char *module_name, const char *name) {
    PyObject *module = PyImport_ImportModule(module_name);
    PyObject *class = module ? PyObject_GetAttrString(module, name) : NULL;
    Py_XDECREF(module);
    return class;
}

static int register_channels(PyObject *table) {
    known.stream_reader = class_of("componentize_py_async_support.streams", "StreamReader");
    known.byte_stream_reader = class_of("componentize_py_async_support.streams", "ByteStreamReader");
    known.future_reader = class_of("componentize_py_async_support.futures", "FutureReader");
    if (!known.stream_reader || !known.byte_stream_reader || !known.future_reader)
        return -1;
    if (register_names(table, "STREAMS", &known.streams, world.wit->stream_count) < 0)
        return -1;
    return register_names(table, "FUTURES", &known.futures, world.wit->future_count);
}

static int populate(PyObject *module) {
    if (PyType_Ready(&end_type) < 0 || copy_ready() < 0)
        return -1;
    return task_populate(module) < 0 || subtask_populate(module) < 0 ? -1 : schedule_populate(module);
}

static const struct asynchronous in_asynchronous_worlds = {
    populate, register_channels, lift_reader, lower_reader, commit_reader, finish_reader,
};

struct builtins builtins;

#pragma GCC visibility push(default)
void ampoule_take_builtins(uint32_t first);
#pragma GCC visibility pop

// The constructor of an asynchronous world's module calls it: the addresses follow one another.
void ampoule_take_builtins(uint32_t first) {
    uint32_t *address = (uint32_t *)&builtins;
    for (size_t i = 0; i < sizeof builtins / sizeof *address; i++)
        address[i] = first + (uint32_t)i;
    asynchronous = &in_asynchronous_worlds;
}
