// Streams and futures: the host's ends of them, and what of them is known by name.

#ifndef AMPOULE_CHANNEL_H
#define AMPOULE_CHANNEL_H

#include "calls/call.h"
#include "tasks/operation.h"

struct copy;

// An end with a handle.
struct end {
    PyObject ob_base;
    wit_type type; // a stream or a future
    uint32_t handle;
    bool is_writer;
    bool is_open;    // the handle is ours
    bool is_dropped; // the other end is gone
    bool is_used;    // a future that has been read
    bool leaves;     // the call that is being prepared takes it
    struct copy *busy;
    PyObject *spare; // what was read and given back, or null
};

extern PyTypeObject end_type;

static inline const wit_channel *channel_of(wit_type type) {
    return wit_kind(type) == WIT_STREAM ? &world.wit->streams[wit_index(type)] : &world.wit->futures[wit_index(type)];
}

static inline bool channel_is_stream(wit_type type) { return wit_kind(type) == WIT_STREAM; }

// Whether it is a stream of bytes, which Python reads as bytes.
static inline bool channel_is_bytes(wit_type type) {
    wit_type payload = world_resolve(channel_of(type)->payload);
    return channel_is_stream(type) && (payload == (wit_type)WIT_U8 || payload == (wit_type)WIT_S8);
}

// A new reference.
PyObject *end_new(wit_type type, uint32_t handle, bool is_writer);
// The handle goes back, or is dropped when that can be.
void end_drop(struct end *end);

// Whether it can be read or written now; -1 with an exception if not.
int end_check_usable(const struct end *end);

// A read of at most so many items, or a write of items, of `is_all` of them; a new reference to an operation, which
// starts when it is awaited, or null with an exception. The owner, which drops the end when it goes, lives as long.
PyObject *copy_read(struct end *end, Py_ssize_t count, PyObject *owner);
PyObject *copy_write(struct end *end, PyObject *items, bool is_all, PyObject *owner);
int copy_ready(void);

// What the functions of a channel are called in messages.
struct function *channel_function(wit_type type);

#endif
