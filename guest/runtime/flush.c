// Writes what Python holds back of stdout and stderr: after each call, for the host may drop the instance at any time.

#define Py_BUILD_CORE 1 // for the names that are always there
#include "guest.h"
#include <internal/pycore_runtime.h>

// The manifest's changes to `_io` add these: the buffer under a TextIOWrapper, or null if text waits in the wrapper,
// and whether bytes wait in a BufferedWriter.
PyObject *ampoule_buffer_under_text(PyObject *wrapper);
int ampoule_bytes_wait(PyObject *writer);

static PyTypeObject *text_wrapper = NULL;
static PyTypeObject *buffered_writer = NULL;

// What is in `sys`, borrowed from it, until something in its dictionary changes: a look-up for each call would be dear.
static struct {
    PyObject *dictionary;
    PyObject *output;
    PyObject *errors;
    bool are_known;
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
    PyObject *module = PyImport_ImportModule("sys");
    PyObject *dictionary = module ? PyModule_GetDict(module) : NULL;
    int watcher = dictionary ? PyDict_AddWatcher(forget_files) : -1;
    if (watcher >= 0 && PyDict_Watch(watcher, dictionary) == 0)
        files.dictionary = dictionary;
    Py_XDECREF(module);
    PyErr_Clear();
    return files.dictionary;
}

static void find_files(void) {
    if (!files.are_known && watch_sys()) {
        files.output = PyDict_GetItem(files.dictionary, &_Py_ID(stdout));
        files.errors = PyDict_GetItem(files.dictionary, &_Py_ID(stderr));
        files.are_known = true;
    }
}

static bool find_types(void) {
    if (text_wrapper)
        return true;
    PyObject *module = PyImport_ImportModule("_io");
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

// Whether a file is one of Python's own with nothing to write: by far the most calls print nothing.
static bool is_flushed(PyObject *file) {
    if (!find_types() || !Py_IS_TYPE(file, text_wrapper))
        return false;
    PyObject *buffer = ampoule_buffer_under_text(file);
    return buffer && Py_IS_TYPE(buffer, buffered_writer) && !ampoule_bytes_wait(buffer);
}

static void flush_file(PyObject *file) {
    if (!file || file == Py_None || is_flushed(file))
        return;
    Py_INCREF(file);
    PyObject *result = PyObject_CallMethodNoArgs(file, &_Py_ID(flush));
    if (!result)
        PyErr_Clear();
    Py_XDECREF(result);
    Py_DECREF(file);
}

void ampoule_flush(void) {
    find_files();
    flush_file(files.output);
    find_files(); // the first may have been a file of the app's own, which changes `sys`
    flush_file(files.errors);
}
