// Reads and writes of streams and futures.

#include "tasks/channel.h"
#include "tasks/task.h"
#include "resources/transfer.h"
#include "values/lift.h"
#include "values/lower.h"

enum {
    // As many bytes as one read makes room for.
    ROOM = 65536,
    // As many items as one operation may have.
    MOST_ITEMS = (1 << 28) - 1,
};

struct copy {
    struct operation operation;
    struct end *end;
    PyObject *bytes;   // what is read to, of a stream of bytes
    void *block;       // what is read to, of any other
    Py_buffer view;    // what is written from, of a stream of bytes
    struct call *call; // what is written from, of any other
    size_t *marks;     // how many transfers there are after each item
    bool is_write;
};

static struct copy *copy_of(struct operation *operation) { return (struct copy *)operation; }

static wit_type payload_of(const struct end *end) { return world_resolve(channel_of(end->type)->payload); }

static PyObject *lift_items(wit_type payload, const uint8_t *block, size_t count) {
    PyObject *items = PyList_New((Py_ssize_t)count);
    size_t size = payload == WIT_NOTHING ? 0 : layout_of(payload)->size;
    for (size_t i = 0; items && i < count; i++) {
        PyObject *item = payload == WIT_NOTHING ? Py_NewRef(Py_None) : lift(NULL, payload, block + i * size);
        if (item)
            PyList_SET_ITEM(items, (Py_ssize_t)i, item);
        else
            Py_CLEAR(items);
    }
    return items;
}

static PyObject *taken_items(struct copy *copy, size_t count) {
    if (!copy->bytes)
        return lift_items(payload_of(copy->end), copy->block, count);
    PyObject *bytes = copy->bytes;
    copy->bytes = NULL;
    if ((size_t)PyBytes_GET_SIZE(bytes) != count)
        _PyBytes_Resize(&bytes, (Py_ssize_t)count);
    return bytes;
}

static PyObject *finish_read(struct copy *copy, uint32_t code) {
    if (channel_is_stream(copy->end->type))
        return taken_items(copy, code >> 4);
    if ((code & 0xf) != COPY_COMPLETED)
        return Py_NewRef(Py_None);
    wit_type payload = payload_of(copy->end);
    PyObject *value = payload == WIT_NOTHING ? Py_NewRef(Py_None) : lift(NULL, payload, copy->block);
    end_drop(copy->end);
    return value;
}

static void release_written(struct copy *copy, size_t count) {
    struct call *call = copy->call;
    copy->call = NULL;
    if (copy->view.obj)
        PyBuffer_Release(&copy->view);
    if (!call)
        return;
    size_t all = call->transfer_length;
    transfer_finish_part(call, count == 0 ? 0 : copy->marks ? copy->marks[count - 1] : all);
    call_finish(call);
}

static PyObject *finish_write(struct copy *copy, uint32_t code) {
    if (channel_is_stream(copy->end->type)) {
        release_written(copy, code >> 4);
        return PyLong_FromUnsignedLong(code >> 4);
    }
    release_written(copy, code == COPY_COMPLETED);
    if (code != COPY_CANCELLED)
        end_drop(copy->end);
    return PyBool_FromLong(code == COPY_COMPLETED);
}

static int finish(struct operation *operation, uint32_t code) {
    struct copy *copy = copy_of(operation);
    copy->end->busy = NULL;
    if ((code & 0xf) == COPY_DROPPED)
        copy->end->is_dropped = true;
    operation->value = copy->is_write ? finish_write(copy, code) : finish_read(copy, code);
    return operation->value ? 0 : -1;
}

static uint32_t cancel(struct operation *operation) {
    struct copy *copy = copy_of(operation);
    const wit_channel *channel = channel_of(copy->end->type);
    return (copy->is_write ? channel->cancel_write : channel->cancel_read)(copy->end->handle);
}

// What was read stays for the next read.
static void lose(struct operation *operation) {
    struct copy *copy = copy_of(operation);
    PyObject *value = operation->value;
    if (copy->is_write || !value)
        return;
    if (!channel_is_stream(copy->end->type)) {
        // A future that was read has no handle any more.
        if (!copy->end->is_open)
            Py_XSETREF(copy->end->spare, PyTuple_Pack(1, value));
    } else if (PyObject_Length(value) > 0) {
        Py_XSETREF(copy->end->spare, Py_NewRef(value));
    }
}

static void clear(struct operation *operation) {
    struct copy *copy = copy_of(operation);
    Py_XDECREF(copy->bytes);
    PyMem_RawFree(copy->block);
    PyMem_RawFree(copy->marks);
    if (copy->end && copy->end->busy == copy)
        copy->end->busy = NULL;
    Py_XDECREF(copy->end);
}

static const struct operation_kind kind = {finish, cancel, lose, clear};

static PyTypeObject copy_type = {
    .ob_base = PyVarObject_HEAD_INIT(NULL, 0).tp_name = "componentize_py_runtime.Copy",
    .tp_doc = "A read or write of a stream or future.",
    .tp_basicsize = sizeof(struct copy),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_base = &operation_type,
};

int copy_ready(void) { return PyType_Ready(&copy_type); }

static struct copy *new_copy(struct end *end) {
    struct copy *copy = (struct copy *)PyType_GenericAlloc(&copy_type, 0);
    if (!copy)
        return NULL;
    copy->operation.kind = &kind;
    copy->operation.is_done = true; // until it has started
    copy->end = (struct end *)Py_NewRef(end);
    copy->is_write = end->is_writer;
    return copy;
}

static PyObject *with_value(struct copy *copy, PyObject *value) {
    copy->operation.value = value;
    if (!value)
        Py_CLEAR(copy);
    return (PyObject *)copy;
}

// The host has begun: `code` is what it gave.
static PyObject *started(struct copy *copy, uint32_t code) {
    copy->operation.is_done = false;
    copy->operation.waitable = copy->end->handle;
    if (code != COPY_BLOCKED)
        return operation_finished(&copy->operation, code);
    copy->end->busy = copy;
    return (PyObject *)copy;
}

// What an earlier read has left.
static PyObject *take_spare(struct end *end, Py_ssize_t count) {
    if (!channel_is_stream(end->type)) {
        PyObject *value = Py_NewRef(PyTuple_GET_ITEM(end->spare, 0));
        Py_CLEAR(end->spare);
        return value;
    }
    Py_ssize_t length = PyObject_Length(end->spare);
    PyObject *first = PySequence_GetSlice(end->spare, 0, count);
    PyObject *rest = count < length ? PySequence_GetSlice(end->spare, count, length) : NULL;
    Py_XSETREF(end->spare, rest);
    return first;
}

static int make_room(struct copy *copy, Py_ssize_t *count) {
    if (channel_is_bytes(copy->end->type)) {
        *count = Py_MIN(*count, ROOM);
        copy->bytes = PyBytes_FromStringAndSize(NULL, *count);
        return copy->bytes ? 0 : -1;
    }
    wit_type payload = payload_of(copy->end);
    size_t size = payload == WIT_NOTHING ? 0 : layout_of(payload)->size;
    *count = Py_MIN(*count, size ? Py_MAX(ROOM / (Py_ssize_t)size, 1) : MOST_ITEMS);
    copy->block = PyMem_RawMalloc(size && *count ? size * (size_t)*count : 8);
    if (!copy->block)
        PyErr_NoMemory();
    return copy->block ? 0 : -1;
}

PyObject *copy_read(struct end *end, Py_ssize_t count) {
    struct copy *copy = new_copy(end);
    if (!copy)
        return NULL;
    if (end->spare)
        return with_value(copy, take_spare(end, count));
    if (channel_is_stream(end->type) && end->is_dropped)
        return with_value(copy, channel_is_bytes(end->type) ? PyBytes_FromStringAndSize(NULL, 0) : PyList_New(0));
    if (make_room(copy, &count) < 0) {
        Py_DECREF(copy);
        return NULL;
    }
    void *room = copy->bytes ? PyBytes_AS_STRING(copy->bytes) : copy->block;
    const wit_channel *channel = channel_of(end->type);
    if (channel_is_stream(end->type))
        return started(copy, channel->read(end->handle, room, (uint32_t)count));
    uint32_t (*read_future)(uint32_t, void *) = (uint32_t (*)(uint32_t, void *))(void (*)(void))channel->read;
    return started(copy, read_future(end->handle, room));
}

// Checks the items and writes them to one block, each with its handles noted.
static uint8_t *lower_all(struct copy *copy, wit_type payload, PyObject *items, Py_ssize_t count) {
    struct call *call = copy->call;
    const struct layout *layout = layout_of(payload);
    uint8_t *block = call_allocate(call, (size_t)count * layout->size, layout->alignment);
    copy->marks = PyMem_RawMalloc((size_t)count * sizeof *copy->marks);
    if (!block || !copy->marks)
        return (uint8_t *)PyErr_NoMemory();
    struct place root = {NULL, PLACE_ROOT, channel_is_stream(copy->end->type) ? "items" : "value", 0};
    struct place place = {&root, PLACE_ELEMENT, NULL, 0};
    for (Py_ssize_t i = 0; i < count; i++) {
        if (i >= PySequence_Fast_GET_SIZE(items)) {
            PyErr_SetString(PyExc_RuntimeError, "the items changed while they were written");
            return NULL;
        }
        place.index = i;
        PyObject *item = Py_NewRef(PySequence_Fast_GET_ITEM(items, i));
        const struct place *where = channel_is_stream(copy->end->type) ? &place : &root;
        int status = lower(call, payload, item, block + (size_t)i * layout->size, where);
        Py_DECREF(item);
        if (status < 0)
            return NULL;
        copy->marks[i] = call->transfer_length;
    }
    return transfer_commit(call) < 0 ? NULL : block;
}

static PyObject *failed(struct copy *copy) {
    PyObject *exception = PyErr_GetRaisedException();
    release_written(copy, 0);
    Py_DECREF(copy);
    PyErr_SetRaisedException(exception);
    return NULL;
}

static PyObject *write_block(struct copy *copy, const void *block, Py_ssize_t count) {
    struct end *end = copy->end;
    const wit_channel *channel = channel_of(end->type);
    if (channel_is_stream(end->type))
        return started(copy, channel->write(end->handle, block, (uint32_t)Py_MIN(count, MOST_ITEMS)));
    uint32_t (*write_future)(uint32_t, const void *) =
        (uint32_t (*)(uint32_t, const void *))(void (*)(void))channel->write;
    return started(copy, write_future(end->handle, block));
}

// Items of any sequence, one after the other.
static PyObject *write_items(struct copy *copy, PyObject *items, struct function *function) {
    wit_type payload = payload_of(copy->end);
    Py_ssize_t count = PySequence_Fast_GET_SIZE(items);
    if (payload == WIT_NOTHING || count == 0)
        return write_block(copy, (const void *)8, count);
    copy->call = call_start(function, WIT_NOTHING);
    copy->call->result_arrives = true;
    uint8_t *block = lower_all(copy, payload, items, count);
    return block ? write_block(copy, block, count) : failed(copy);
}

static PyObject *write_sequence(struct copy *copy, PyObject *items, struct function *function) {
    if (PyUnicode_Check(items)) {
        PyErr_Format(PyExc_TypeError, "%s(): the items must be a list or another sequence, not str", function->label);
        Py_DECREF(copy);
        return NULL;
    }
    PyObject *fast = PySequence_Fast(items, "the items must be a list or another sequence");
    PyObject *operation = fast ? write_items(copy, fast, function) : failed(copy);
    Py_XDECREF(fast);
    return operation;
}

PyObject *copy_write(struct end *end, PyObject *items, struct function *function) {
    struct copy *copy = new_copy(end);
    if (!copy)
        return NULL;
    if (!channel_is_stream(end->type)) {
        PyObject *one = PyTuple_Pack(1, items);
        PyObject *operation = one ? write_items(copy, one, function) : failed(copy);
        Py_XDECREF(one);
        return operation;
    }
    if (end->is_dropped)
        return with_value(copy, PyLong_FromLong(0));
    if (!channel_is_bytes(end->type) || !PyObject_CheckBuffer(items))
        return write_sequence(copy, items, function);
    if (PyObject_GetBuffer(items, &copy->view, PyBUF_SIMPLE) < 0)
        return failed(copy);
    return write_block(copy, copy->view.buf, copy->view.len);
}
