// Ends the build: what only the build needs goes away, and nothing stays that belongs to the build's host.

#include "life/guest.h"
#include <string.h>
#include <wasi/libc-environ.h>

bool ampoule_is_fresh = false;

// How many steps of Python's code an instance makes before the code adapts to its use. A request to a large framework
// takes a thousand or two, a loop that would gain by it less than a millisecond.
enum { STEPS_BEFORE_ADAPTING = 1 << 14 };
extern unsigned ampoule_steps_before_adapting;

static PyObject *call_support(const char *function) {
    PyObject *module = ampoule_module("_ampoule");
    PyObject *result = module ? PyObject_CallMethod(module, function, NULL) : NULL;
    Py_XDECREF(module);
    return result;
}

static int run_support(const char *function) {
    PyObject *result = call_support(function);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

char *ampoule_held_files(void) {
    PyObject *paths = call_support("held_files");
    const char *text = paths ? PyUnicode_AsUTF8(paths) : NULL;
    char *copy = text ? strdup(text) : NULL;
    if (!text)
        PyErr_Print();
    Py_XDECREF(paths);
    return copy;
}

// From here on the files are those of the image.
static int see_image(void) {
    ampoule_flush();
    ampoule_forget_descriptors();
    ampoule_building = false;
    return run_support("settle");
}

// Live objects are never looked at by a collection again, so that it does not touch their pages.
static int freeze_objects(void) {
    PyGC_Collect();
    PyObject *module = ampoule_module("gc");
    PyObject *result = module ? PyObject_CallMethod(module, "freeze", NULL) : NULL;
    Py_XDECREF(module);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

// How deep C may recurse in a running component: hosts give far less stack than the build does (Wasmtime 512 KiB).
enum { RECURSION_LIMIT = 500 };

static void limit_recursion(void) {
    PyThreadState_Get()->c_recursion_remaining -= Py_C_RECURSION_LIMIT - RECURSION_LIMIT;
}

// The app's audit hooks see nothing of this.
static bool prepare_snapshot(void) {
    PyObject *hooks = ampoule_exchange_audit_hooks(NULL, Py_None);
    bool is_done = run_support("tidy_up") == 0 && see_image() == 0 && freeze_objects() == 0;
    Py_DECREF(ampoule_exchange_audit_hooks(NULL, hooks));
    Py_DECREF(hooks);
    return is_done;
}

int ampoule_finish(void) {
    if (!prepare_snapshot()) {
        PyErr_Print();
        ampoule_flush();
        return 1;
    }
    ampoule_flush();
    ampoule_forget_descriptors();
    ampoule_forget_process_time();
    __wasilibc_deinitialize_environ();
    ampoule_clear_free_memory();
    limit_recursion();
    ampoule_steps_before_adapting = STEPS_BEFORE_ADAPTING;
    ampoule_is_fresh = true;
    return 0;
}
