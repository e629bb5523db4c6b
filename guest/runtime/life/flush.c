// Writes what Python holds back of stdout and stderr: after each call, for the host may drop the instance at any time.

#define Py_BUILD_CORE 1 // for the names that are always there
#include "life/guest.h"
#include <internal/pycore_runtime.h>

// The manifest's changes to `_io` add this: whether a TextIOWrapper or a BufferedWriter has written.
extern int ampoule_has_written;

static PyTypeObject *text_wrapper = NULL;
static PyTypeObject *buffered_writer = NULL;

// What is in `sys`, borrowed from it, until something in its dictionary changes: a look-up for each call would be dear.
static struct {
    PyObject *dictionary;
    PyObject *output;
    PyObject *errors;
    bool are_known;
    // Whether both tell by `ampoule_has_written` that there may be something to flush.
    bool are_own;
} files;

static int forget_files(PyDict_WatchEvent event, PyObject *dictionary, PyObject *key, PyObject *value) {
    (void)event, (void)dictionary, (void)key, (void)value;
    files.are_known = false;
    return 0;
}

// Whether the dictionary of `sys` is watched for changes.
static bool watch_sys(void) {
    if (files.dictionary)
        return true;
    PyObject *module = ampoule_module("sys");
    PyObject *dictionary = module ? PyModule_GetDict(module) : NULL;
    int watcher = dictionary ? PyDict_AddWatcher(forget_files) : -1;
    if (watcher >= 0 && PyDict_Watch(watcher, dictionary) == 0)
        files.dictionary = dictionary;
    Py_XDECREF(module);
    PyErr_Clear();
    return files.dictionary;
}

static bool find_types(void) {
    if (text_wrapper)
        return true;
    PyObject *module = ampoule_module("_io");
    PyObject *text = module ? PyObject_GetAttrString(module, "TextIOWrapper") : NULL;
    PyObject *buffered = text ? PyObject_GetAttrString(module, "BufferedWriter") : NULL;
    Py_XDECREF(module);
    if (!buffered) {
        Py_XDECREF(text);
        PyErr_Clear();
        return false;
    }
    text_wrapper = (PyTypeObject *)text;
    buffered_writer = (PyTypeObject *)buffered;
    return true;
}

// Whether a file is none, or Python's own over a buffer of its own.
static bool is_own(PyObject *file) {
    if (!file || file == Py_None)
        return true;
    if (!find_types() || !Py_IS_TYPE(file, text_wrapper))
        return false;
    PyObject *buffer = PyObject_GetAttr(file, &_Py_ID(buffer));
    bool is_own_buffer = buffer && Py_IS_TYPE(buffer, buffered_writer);
    Py_XDECREF(buffer);
    PyErr_Clear();
    return is_own_buffer;
}

static void find_files(void) {
    if (!files.are_known && watch_sys()) {
        files.output = PyDict_GetItem(files.dictionary, &_Py_ID(stdout));
        files.errors = PyDict_GetItem(files.dictionary, &_Py_ID(stderr));
        files.are_own = is_own(files.output) && is_own(files.errors);
        files.are_known = true;
    }
}

// Whether nothing of the file waits any more.
static bool flush_file(PyObject *file) {
    if (!file || file == Py_None)
        return true;
    Py_INCREF(file);
    PyObject *result = PyObject_CallMethodNoArgs(file, &_Py_ID(flush));
    if (!result)
        PyErr_Clear();
    Py_XDECREF(result);
    Py_DECREF(file);
    return result;
}

void ampoule_flush(void) {
    // By far the most calls print nothing.
    if (files.are_known && files.are_own && !ampoule_has_written)
        return;
    find_files();
    bool output_is_done = flush_file(files.output);
    find_files(); // the first may have been a file of the app's own, which changes `sys`
    bool errors_are_done = flush_file(files.errors);
    ampoule_has_written = !output_is_done || !errors_are_done;
}
