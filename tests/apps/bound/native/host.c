#include <Python.h>

#define IMPORT(interface, version, name)                                                                               \
    __attribute__((__import_module__("wasi:" interface "@" version), __import_name__(name)))

typedef struct {
    uint8_t *start;
    size_t length;
} List;

typedef struct {
    List name;
    List value;
} Variable;

IMPORT("random/random", "0.2.9", "get-random-bytes") void get_random_bytes(int64_t length, List *result);
IMPORT("random/random", "0.2.4", "get-random-u64") int64_t get_random_u64(void);
IMPORT("random/insecure", "0.2.0", "get-insecure-random-u64") int64_t get_insecure_random_u64(void);
IMPORT("random/insecure-seed", "0.2.9", "insecure-seed") void insecure_seed(uint64_t result[2]);
IMPORT("cli/environment", "0.2.3", "get-environment") void get_environment(List *result);
IMPORT("cli/environment", "0.2.3", "get-arguments") void get_arguments(List *result);
IMPORT("cli/environment", "0.2.3", "initial-cwd") void initial_cwd(uint32_t result[3]);
IMPORT("clocks/wall-clock", "0.2.9", "now") void wall_clock_now(uint64_t result[2]);
IMPORT("clocks/monotonic-clock", "0.2.9", "now") int64_t monotonic_now(void);

static PyObject *random_bytes(PyObject *self, PyObject *length) {
    (void)self;
    List bytes;
    get_random_bytes(PyLong_AsLong(length), &bytes);
    PyObject *object = PyBytes_FromStringAndSize((char *)bytes.start, (Py_ssize_t)bytes.length);
    free(bytes.start);
    return object;
}

static PyObject *random_numbers(PyObject *self, PyObject *unused) {
    (void)self, (void)unused;
    return Py_BuildValue("(LL)", get_random_u64(), get_insecure_random_u64());
}

static PyObject *seed(PyObject *self, PyObject *unused) {
    (void)self, (void)unused;
    uint64_t numbers[2];
    insecure_seed(numbers);
    return Py_BuildValue("(KK)", numbers[0], numbers[1]);
}

static PyObject *environment(PyObject *self, PyObject *unused) {
    (void)self, (void)unused;
    List list, arguments;
    uint32_t folder[3] = {0};
    get_environment(&list);
    get_arguments(&arguments);
    initial_cwd(folder);
    PyObject *found = PyDict_New();
    for (size_t i = 0; found && i < list.length; i++) {
        Variable variable = ((Variable *)list.start)[i];
        PyObject *name = PyUnicode_FromStringAndSize((char *)variable.name.start, (Py_ssize_t)variable.name.length);
        PyObject *value = PyUnicode_FromStringAndSize((char *)variable.value.start, (Py_ssize_t)variable.value.length);
        if (!name || !value || PyDict_SetItem(found, name, value) < 0)
            Py_CLEAR(found);
        Py_XDECREF(name);
        Py_XDECREF(value);
        free(variable.name.start);
        free(variable.value.start);
    }
    free(list.start);
    return Py_BuildValue("(NnO)", found, (Py_ssize_t)arguments.length, folder[0] % 256 ? Py_True : Py_False);
}

static PyObject *clocks(PyObject *self, PyObject *unused) {
    (void)self, (void)unused;
    uint64_t now[2];
    wall_clock_now(now);
    return Py_BuildValue("(dL)", (double)now[0] + (double)(uint32_t)now[1] / 1e9, monotonic_now());
}

static PyMethodDef functions[] = {
    {"random_bytes", random_bytes, METH_O, NULL},
    {"random_numbers", random_numbers, METH_NOARGS, NULL},
    {"seed", seed, METH_NOARGS, NULL},
    {"environment", environment, METH_NOARGS, NULL},
    {"clocks", clocks, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "host", .m_methods = functions};

PyMODINIT_FUNC PyInit_host(void) { return PyModuleDef_Init(&definition); }
