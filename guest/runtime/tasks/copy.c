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
    PyObject *owner; // of the end, in Python
    bool is_write;

    // Of a read:
    Py_ssize_t wanted; // how many items may come
    PyObject *bytes;   // where they come to, of a stream of bytes
    void *block;       // where they come to, of any other

    // Of a write:
    PyObject *items;     // until it starts
    bool is_all;         // what is not taken is offered again
    const uint8_t *from; // the first item
    size_t length;       // how many items there are
    size_t taken;        // how many of them the reader has
    Py_buffer view;      // which holds them, of a stream of bytes
    struct call *call;   // which holds them, of any other
    size_t *marks;       // how many transfers there are after each item
};

static struct copy *copy_of(struct operation *operation) { return (struct copy *)operation; }

static wit_type payload_of(const struct end *end) { return world_resolve(channel_of(end->type)->payload); }

static size_t size_of_item(const struct end *end) {
    wit_type payload = payload_of(end);
    return payload == WIT_NOTHING ? 0 : layout_of(payload)->size;
}

static PyObject *lift_item(wit_type payload, const uint8_t *from) {
    return payload == WIT_NOTHING ? Py_NewRef(Py_None) : lift(NULL, payload, from);
}

static PyObject *lift_items(const struct end *end, const uint8_t *block, size_t count) {
    PyObject *items = PyList_New((Py_ssize_t)count);
    wit_type payload = payload_of(end);
    size_t size = size_of_item(end);
    for (size_t i = 0; items && i < count; i++) {
        PyObject *item = lift_item(payload, block + i * size);
        if (item)
            PyList_SET_ITEM(items, (Py_ssize_t)i, item);
        else
            Py_CLEAR(items);
    }
    return items;
}

static PyObject *taken_items(struct copy *copy, size_t count) {
    if (!copy->bytes)
        return lift_items(copy->end, copy->block, count);
    PyObject *bytes = copy->bytes;
    copy->bytes = NULL;
    if ((size_t)PyBytes_GET_SIZE(bytes) != count)
        _PyBytes_Resize(&bytes, (Py_ssize_t)count);
    return bytes;
}

static PyObject *finish_read(struct copy *copy, uint32_t code) {
    if (channel_is_stream(copy->end->type))
        return taken_items(copy, code >> 4);
    if ((code & 0xf) != COPY_COMPLETED) {
        PyErr_SetString(PyExc_ValueError, "the reader was dropped");
        return NULL;
    }
    PyObject *value = lift_item(payload_of(copy->end), copy->block);
    copy->end->is_used = true;
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
    transfer_finish_part(call, count == 0 ? 0 : copy->marks[count - 1]);
    call_finish(call);
}

static PyObject *finish_write(struct copy *copy, uint32_t code) {
    if (channel_is_stream(copy->end->type)) {
        release_written(copy, copy->taken);
        return PyLong_FromSize_t(copy->taken);
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
    copy->is_all = false;
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
    Py_XDECREF(copy->items);
    PyMem_RawFree(copy->block);
    PyMem_RawFree(copy->marks);
    if (copy->end && copy->end->busy == copy)
        copy->end->busy = NULL;
    Py_XDECREF(copy->end);
    Py_XDECREF(copy->owner);
}

static int with_value(struct copy *copy, PyObject *value) {
    copy->operation.state = OPERATION_DONE;
    copy->operation.value = value;
    return value ? 0 : -1;
}

static uint32_t offer_rest(struct copy *copy) {
    const uint8_t *from = copy->from + copy->taken * size_of_item(copy->end);
    size_t length = copy->length - copy->taken;
    return channel_of(copy->end->type)->write(copy->end->handle, from, (uint32_t)Py_MIN(length, MOST_ITEMS));
}

static bool go_on(struct operation *operation, uint32_t *code) {
    struct copy *copy = copy_of(operation);
    if (!copy->is_write || !channel_is_stream(copy->end->type))
        return *code == COPY_BLOCKED;
    while (*code != COPY_BLOCKED) {
        copy->taken += *code >> 4;
        if (!copy->is_all || (*code & 0xf) != COPY_COMPLETED || copy->taken == copy->length)
            return false;
        *code = offer_rest(copy);
    }
    return true;
}

// The host has begun: `code` is what it gave.
static int started(struct copy *copy, uint32_t code) {
    struct operation *operation = &copy->operation;
    operation->state = OPERATION_STARTED;
    operation->waitable = copy->end->handle;
    if (!go_on(operation, &code))
        return operation_finish(operation, code);
    copy->end->busy = copy;
    return 0;
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

// Where the items come to: null with an exception.
static void *make_room(struct copy *copy) {
    if (channel_is_bytes(copy->end->type)) {
        copy->wanted = Py_MIN(copy->wanted, ROOM);
        copy->bytes = PyBytes_FromStringAndSize(NULL, copy->wanted);
        return copy->bytes ? PyBytes_AS_STRING(copy->bytes) : NULL;
    }
    size_t size = size_of_item(copy->end);
    copy->wanted = Py_MIN(copy->wanted, size ? Py_MAX(ROOM / (Py_ssize_t)size, 1) : MOST_ITEMS);
    copy->block = PyMem_RawMalloc(size && copy->wanted ? size * (size_t)copy->wanted : 8);
    return copy->block ? copy->block : PyErr_NoMemory();
}

static int start_read(struct copy *copy) {
    struct end *end = copy->end;
    if (end->spare)
        return with_value(copy, take_spare(end, copy->wanted));
    if (channel_is_stream(end->type) && end->is_dropped)
        return with_value(copy, channel_is_bytes(end->type) ? PyBytes_FromStringAndSize(NULL, 0) : PyList_New(0));
    void *room = make_room(copy);
    if (!room)
        return -1;
    const wit_channel *channel = channel_of(end->type);
    if (channel_is_stream(end->type))
        return started(copy, channel->read(end->handle, room, (uint32_t)copy->wanted));
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

static int failed(struct copy *copy) {
    PyObject *exception = PyErr_GetRaisedException();
    release_written(copy, 0);
    PyErr_SetRaisedException(exception);
    return -1;
}

static int write_block(struct copy *copy, const void *block, Py_ssize_t count) {
    if (copy->is_all && count == 0) {
        release_written(copy, 0);
        return with_value(copy, PyLong_FromLong(0));
    }
    copy->from = block;
    copy->length = (size_t)count;
    if (channel_is_stream(copy->end->type))
        return started(copy, offer_rest(copy));
    const wit_channel *channel = channel_of(copy->end->type);
    uint32_t (*write_future)(uint32_t, const void *) =
        (uint32_t (*)(uint32_t, const void *))(void (*)(void))channel->write;
    return started(copy, write_future(copy->end->handle, block));
}

// Items of any sequence, one after the other.
static int write_items(struct copy *copy, PyObject *items) {
    wit_type payload = payload_of(copy->end);
    Py_ssize_t count = PySequence_Fast_GET_SIZE(items);
    if (payload == WIT_NOTHING || count == 0)
        return write_block(copy, (const void *)8, count);
    copy->call = call_start(channel_function(copy->end->type), WIT_NOTHING);
    copy->call->result_arrives = true;
    uint8_t *block = lower_all(copy, payload, items, count);
    return block ? write_block(copy, block, count) : failed(copy);
}

// Whether it gives items in their order: a text, a set or a mapping is rather a mistake.
static bool has_items(PyObject *items) {
    if (PyList_Check(items) || PyTuple_Check(items))
        return true;
    if (PyUnicode_Check(items) || PyAnySet_Check(items) || PyObject_HasAttrString(items, "keys"))
        return false;
    return Py_TYPE(items)->tp_iter || PySequence_Check(items);
}

static int write_sequence(struct copy *copy, PyObject *items) {
    if (!has_items(items)) {
        const char *label = channel_function(copy->end->type)->label;
        PyErr_Format(PyExc_TypeError, "%s(): the items must be a list or another sequence, not %s", label,
                     items == Py_None ? "None" : Py_TYPE(items)->tp_name);
        return -1;
    }
    PyObject *fast = PySequence_Fast(items, "the items must be a list or another sequence");
    int status = fast ? write_items(copy, fast) : -1;
    Py_XDECREF(fast);
    return status;
}

static int write_value(struct copy *copy, PyObject *value) {
    PyObject *one = PyTuple_Pack(1, value);
    int status = one ? write_items(copy, one) : -1;
    Py_XDECREF(one);
    return status;
}

static int write_stream(struct copy *copy, PyObject *items) {
    if (copy->end->is_dropped)
        return with_value(copy, PyLong_FromLong(0));
    if (!channel_is_bytes(copy->end->type) || !PyObject_CheckBuffer(items))
        return write_sequence(copy, items);
    if (PyObject_GetBuffer(items, &copy->view, PyBUF_SIMPLE) < 0)
        return -1;
    return write_block(copy, copy->view.buf, copy->view.len);
}

static int start_write(struct copy *copy) {
    PyObject *items = copy->items;
    copy->items = NULL;
    int status = channel_is_stream(copy->end->type) ? write_stream(copy, items) : write_value(copy, items);
    Py_DECREF(items);
    return status;
}

static int start(struct operation *operation) {
    struct copy *copy = copy_of(operation);
    if (end_check_usable(copy->end) < 0)
        return -1;
    return copy->is_write ? start_write(copy) : start_read(copy);
}

static const struct operation_kind kind = {start, go_on, finish, cancel, lose, clear, false};

static PyTypeObject copy_type = {
    .ob_base = PyVarObject_HEAD_INIT(NULL, 0).tp_name = "componentize_py_runtime.Copy",
    .tp_doc = "A read or write of a stream or future.",
    .tp_basicsize = sizeof(struct copy),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .tp_base = &operation_type,
};

int copy_ready(void) { return PyType_Ready(&copy_type); }

static struct copy *new_copy(struct end *end, PyObject *owner) {
    struct copy *copy = (struct copy *)PyType_GenericAlloc(&copy_type, 0);
    if (!copy)
        return NULL;
    copy->operation.kind = &kind;
    copy->end = (struct end *)Py_NewRef(end);
    copy->owner = Py_NewRef(owner);
    copy->is_write = end->is_writer;
    return copy;
}

PyObject *copy_read(struct end *end, Py_ssize_t count, PyObject *owner) {
    struct copy *copy = new_copy(end, owner);
    if (copy)
        copy->wanted = count;
    return (PyObject *)copy;
}

PyObject *copy_write(struct end *end, PyObject *items, bool is_all, PyObject *owner) {
    struct copy *copy = new_copy(end, owner);
    if (copy) {
        copy->items = Py_NewRef(items);
        copy->is_all = is_all;
    }
    return (PyObject *)copy;
}
