// Ends the build: what only the build needs goes away, and nothing stays that belongs to the build's host.

#include "guest.h"
#include <stdio.h>
#include <wasi/libc-environ.h>
#include <wasi/libc.h>

bool ampoule_is_fresh = false;

// Of wasi-libc, in none of its headers: forgets all descriptors, the standard ones too.
void descriptor_table_clear(void) __attribute__((weak));

static int run_support(void) {
    PyObject *module = PyImport_ImportModule("_ampoule");
    PyObject *result = module ? PyObject_CallMethod(module, "finish", NULL) : NULL;
    Py_XDECREF(module);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

// Live objects are never looked at by a collection again, so that it does not touch their pages.
static int freeze_objects(void) {
    PyGC_Collect();
    PyObject *module = PyImport_ImportModule("gc");
    PyObject *result = module ? PyObject_CallMethod(module, "freeze", NULL) : NULL;
    Py_XDECREF(module);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

static void forget_host(void) {
    fflush(NULL);
    __wasilibc_reset_preopens();
    if (descriptor_table_clear)
        descriptor_table_clear();
    __wasilibc_deinitialize_environ();
}

int ampoule_finish(void) {
    if (run_support() < 0 || freeze_objects() < 0) {
        PyErr_Print();
        ampoule_flush();
        return 1;
    }
    ampoule_flush();
    forget_host();
    ampoule_building = false;
    ampoule_is_fresh = true;
    return 0;
}
