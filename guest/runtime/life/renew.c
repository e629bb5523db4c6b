// The first call in a fresh instance: what the snapshot could not know is read from the host.

#include "life/guest.h"
#include <stdlib.h>
#include <wasi/libc-environ.h>
#include <wasi/wasip2.h>

extern char **environ;

static int fill_environment(PyObject *dict) {
    PyDict_Clear(dict);
    for (char **entry = environ; *entry; entry++) {
        const char *equals = strchr(*entry, '=');
        if (!equals)
            continue;
        PyObject *name = PyBytes_FromStringAndSize(*entry, equals - *entry);
        PyObject *value = PyBytes_FromString(equals + 1);
        int status = name && value ? PyDict_SetItem(dict, name, value) : -1;
        Py_XDECREF(name);
        Py_XDECREF(value);
        if (status < 0)
            return -1;
    }
    return 0;
}

// `posix.environ` is also the dict behind `os.environ`.
static int renew_environment(void) {
    __wasilibc_initialize_environ();
    PyObject *posix = ampoule_module("posix");
    PyObject *dict = posix ? PyObject_GetAttrString(posix, "environ") : NULL;
    int status = dict ? fill_environment(dict) : -1;
    Py_XDECREF(dict);
    Py_XDECREF(posix);
    return status;
}

static int renew_arguments(void) {
    wasip2_list_string_t arguments;
    environment_get_arguments(&arguments);
    PyObject *list = PyList_New(0);
    int status = list ? 0 : -1;
    for (size_t i = 0; status == 0 && i < arguments.len; i++) {
        PyObject *text =
            PyUnicode_DecodeFSDefaultAndSize((const char *)arguments.ptr[i].ptr, (Py_ssize_t)arguments.ptr[i].len);
        status = text ? PyList_Append(list, text) : -1;
        Py_XDECREF(text);
    }
    wasip2_list_string_free(&arguments);
    PyObject *present = PySys_GetObject("argv");
    // In place, because modules may have taken `from sys import argv`.
    if (status == 0)
        status = present && PyList_Check(present) ? PyList_SetSlice(present, 0, PY_SSIZE_T_MAX, list)
                                                  : PySys_SetObject("argv", list);
    Py_XDECREF(list);
    return status;
}

static PyObject *raise_absent(PyObject *self, PyObject *arguments, PyObject *names) {
    (void)self, (void)arguments, (void)names;
    PyErr_SetString(PyExc_NotImplementedError, "this component has no random numbers: its WASI is virtual");
    return NULL;
}

static PyMethodDef absent = {"absent", (PyCFunction)(void (*)(void))raise_absent, METH_VARARGS | METH_KEYWORDS,
                             "Raise NotImplementedError, as os.urandom does."};

// Where no seed is to be had, the functions of `random` raise: better no number than one that was known beforehand.
static int forbid_random(PyObject *module) {
    PyObject *hidden = PyObject_GetAttrString(module, "_inst");
    PyObject *names = PyObject_GetAttrString(module, "__all__");
    PyObject *function = PyCFunction_New(&absent, NULL);
    int status = hidden && names && function && PyList_Check(names) ? 0 : -1;
    for (Py_ssize_t i = 0; status == 0 && i < PyList_GET_SIZE(names); i++) {
        PyObject *name = PyList_GET_ITEM(names, i);
        PyObject *item = PyObject_GetAttr(module, name);
        PyObject *owner;
        status = item ? PyObject_GetOptionalAttrString(item, "__self__", &owner) : -1;
        if (status > 0)
            status = owner == hidden ? PyObject_SetAttr(module, name, function) : 0;
        if (item)
            Py_XDECREF(owner);
        Py_XDECREF(item);
    }
    Py_XDECREF(function);
    Py_XDECREF(names);
    Py_XDECREF(hidden);
    return status;
}

// The stdlib's `random`, if the app uses it, and not a module of the app's own with this name; null without an
// exception if not.
static PyObject *find_random(void) {
    PyObject *name = PyUnicode_FromString("random");
    PyObject *module = name ? PyImport_GetModule(name) : NULL;
    Py_XDECREF(name);
    if (module && PyObject_HasAttrStringWithError(module, "_inst") <= 0)
        Py_CLEAR(module);
    return module;
}

// Seeds a generator by the method that it has from C, whatever the app has made of `random.seed`.
static PyObject *seed_anew(PyObject *generator) {
    PyTypeObject *type = Py_TYPE(generator);
    while (type->tp_base && type->tp_base != &PyBaseObject_Type)
        type = type->tp_base;
    PyObject *result = PyObject_CallMethod((PyObject *)type, "seed", "O", generator);
    // Half of a pair of numbers, of which the first was drawn in the build.
    if (result && PyObject_SetAttrString(generator, "gauss_next", Py_None) < 0)
        PyErr_Clear();
    return result;
}

// Its hidden generator must not repeat what it did in other instances.
static int renew_random(void) {
    PyObject *module = find_random();
    if (!module)
        return PyErr_Occurred() ? -1 : 0;
    PyObject *generator = PyObject_GetAttrString(module, "_inst");
    PyObject *result = generator ? seed_anew(generator) : NULL;
    Py_XDECREF(generator);
    int status = 0;
    if (!result) {
        PyErr_Clear();
        status = forbid_random(module);
    }
    Py_DECREF(module);
    Py_XDECREF(result);
    return status;
}

static int renew_terminal(void) {
    PyObject *stdout_file = PySys_GetObject("stdout");
    if (!stdout_file || !PyObject_HasAttrString(stdout_file, "reconfigure"))
        return 0;
    PyObject *is_terminal = PyObject_CallMethod(stdout_file, "isatty", NULL);
    int truth = is_terminal ? PyObject_IsTrue(is_terminal) : -1;
    Py_XDECREF(is_terminal);
    if (truth <= 0)
        return truth;
    PyObject *method = PyObject_GetAttrString(stdout_file, "reconfigure");
    PyObject *names = Py_BuildValue("{s:O}", "line_buffering", Py_True);
    PyObject *result = method && names ? PyObject_VectorcallDict(method, NULL, 0, names) : NULL;
    Py_XDECREF(method);
    Py_XDECREF(names);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

static void renew_all(void) {
    ampoule_is_fresh = false;
    if (renew_environment() < 0 || renew_arguments() < 0 || renew_terminal() < 0 || renew_random() < 0)
        ampoule_end_uncaught();
}

void ampoule_renew(void) {
    if (ampoule_is_fresh)
        renew_all();
}
