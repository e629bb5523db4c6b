// Ends the build: what only the build needs goes away, and nothing stays that belongs to the build's host.

#include "guest.h"
#include <wasi/libc-environ.h>

bool ampoule_is_fresh = false;

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

int ampoule_finish(void) {
    if (run_support() < 0 || freeze_objects() < 0) {
        PyErr_Print();
        ampoule_flush();
        return 1;
    }
    ampoule_flush();
    ampoule_forget_descriptors();
    __wasilibc_deinitialize_environ();
    ampoule_clear_free_memory();
    ampoule_building = false;
    ampoule_is_fresh = true;
    return 0;
}
