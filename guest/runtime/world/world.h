// What is known of the world: wit-dylib's description of its functions and types, with the Python names added.

#ifndef AMPOULE_WORLD_H
#define AMPOULE_WORLD_H

#include "world/shared.h"
#include "world/wit_dylib.h"
#include <Python.h>
#include <stdbool.h>

// An imported or exported function.
struct function {
    const char *label; // "demo:echo/api.move-to"
    const char **parameters;
    PyObject *callable; // of an export: what is called; a str is the method of the first argument
    PyObject *self;     // of an export: what `callable` is bound to, or null
};

struct resource_names {
    PyObject *class;    // of an exported resource: the app's
    PyObject **methods; // of an exported resource, interned
    size_t method_count;
};

struct record {
    PyObject *class;
    PyObject **attributes; // interned
    // What record.c knows of the class.
    PyObject *constructor; // its `__init__`, as it was defined
    Py_ssize_t *slots;     // where instances hold the attributes; null if they need not hold them
    size_t slot_count;
    unsigned int version; // the version of the class that the next line is about
    bool is_plain;
};

struct variant {
    PyObject **classes; // one for each case
};

// Flags and enums.
struct names {
    PyObject *class;
    PyObject **members;
    PyObject *cache; // of flags: bits -> instance
};

// What a tuple of wit-dylib's view of the world is in truth: it does not know all types.
enum tuple_meaning { MEANS_TUPLE, MEANS_FIXED_LENGTH_LIST, MEANS_ERROR_CONTEXT };

struct world {
    const wit_world *wit;
    struct function *imports;
    struct function *exports;
    struct record *records;
    struct variant *variants;
    struct names *enums;
    struct names *flags;
    struct resource_names *resources;
    enum tuple_meaning *tuple_meanings;
    PyObject *ok;
    PyObject *err;
    PyObject *some;
    struct {
        PyObject *class;
        size_t new, debug_message, drop; // imports
    } error_context;
    // Interned: "value", "_value_", "debug_message".
    PyObject *value_name;
    PyObject *number_name;
    PyObject *debug_message_name;
    bool registered;
};

extern struct world world SHARED(world);

// Takes the names from the module `_ampoule_world`; returns -1 with an exception if they do not fit the world.
int world_register(PyObject *table);
// Takes the callables of all exports, in order, and the classes of all resources, those that are imported being None.
int world_register_exports(PyObject *callables, PyObject *classes);

// The type behind any number of aliases.
static inline wit_type world_resolve(wit_type type) {
    while (type != WIT_NOTHING && wit_kind(type) == WIT_ALIAS)
        type = world.wit->aliases[wit_index(type)].target;
    return type;
}

static inline bool world_is(wit_type type, enum wit_kind kind) {
    type = world_resolve(type);
    return type != WIT_NOTHING && wit_kind(type) == kind;
}

#endif
