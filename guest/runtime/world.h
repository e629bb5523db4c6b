// What is known of the world: wit-dylib's description of its functions and types, with the Python names added.

#ifndef AMPOULE_WORLD_H
#define AMPOULE_WORLD_H

#include "wit_dylib.h"
#include <Python.h>

// An imported or exported function.
struct function {
    const char *label; // "demo:echo/api.move-to"
    const char **parameters;
    PyObject *callable; // of an export: the bound method of the app's instance
};

struct record {
    PyObject *class;
    PyObject **attributes; // interned
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

struct world {
    const wit_world *wit;
    struct function *imports;
    struct function *exports;
    struct record *records;
    struct variant *variants;
    struct names *enums;
    struct names *flags;
    bool *tuple_is_list; // wit-dylib knows no fixed-length lists: tuples of equal parts stand for them
    PyObject *ok;
    PyObject *err;
    PyObject *some;
    PyObject *value_name;  // "value", interned
    PyObject *number_name; // "_value_", interned
    bool registered;
};

extern struct world world;

// Takes the names from the module `_ampoule_world`; returns -1 with an exception if they do not fit the world.
int world_register(PyObject *table);
// Takes the callables of all exports, in order.
int world_register_exports(PyObject *callables);

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
