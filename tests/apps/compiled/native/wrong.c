// Functions of other types than Python calls them by: other machines let that pass.

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define FUNCTION(name) ((PyCFunction)(void (*)(void))name)

static PyObject *text(const char *name) { return PyUnicode_FromString(name); }

static PyObject *nothing(void) { return text("nothing"); }
static PyObject *only_self(PyObject *self) { return text(self ? "self" : "no self"); }
static PyObject *both(PyObject *self, PyObject *argument) {
    (void)self;
    return text(argument ? "argument" : "no argument");
}
static PyObject *more(PyObject *self, PyObject *argument, PyObject *names) {
    (void)self;
    return text(argument && !names ? "argument and null" : "something else");
}
static PyObject *first_of(PyObject *self, PyObject *const *arguments) {
    (void)self;
    return Py_NewRef(arguments[0]);
}
static PyObject *count_of(PyObject *self, PyObject *const *arguments, Py_ssize_t count) {
    (void)self, (void)arguments;
    return PyLong_FromSsize_t(count);
}
static PyObject *of_class(PyObject *self, PyTypeObject *class, PyObject *const *arguments) {
    (void)self;
    return PyUnicode_FromFormat("%s %R", class->tp_name, arguments[0]);
}
static int silent_calls = 0;
static void silent(PyObject *self) {
    (void)self;
    silent_calls++;
}
static void silent_failure(PyObject *self) {
    (void)self;
    PyErr_SetString(PyExc_KeyError, "silent");
}
static PyObject *number(PyObject *self, double value) {
    (void)self;
    return PyFloat_FromDouble(value);
}
// Not static: its address comes from the linker.
PyObject *exported_only_self(PyObject *self) { return text(self ? "self" : "no self"); }

#define METHODS                                                                                                        \
    {"no_arguments_0", FUNCTION(nothing), METH_NOARGS, NULL}, {"no_arguments_1", FUNCTION(only_self), METH_NOARGS, NULL}, \
        {"no_arguments", FUNCTION(both), METH_NOARGS, NULL}, {"exported", FUNCTION(exported_only_self), METH_NOARGS, NULL}, \
        {"one_0", FUNCTION(nothing), METH_O, NULL}, {"one_1", FUNCTION(only_self), METH_O, NULL},                      \
        {"one_3", FUNCTION(more), METH_O, NULL}, {"tuple_1", FUNCTION(only_self), METH_VARARGS, NULL},                 \
        {"tuple_3", FUNCTION(more), METH_VARARGS, NULL},                                                               \
        {"keywords_1", FUNCTION(only_self), METH_VARARGS | METH_KEYWORDS, NULL},                                       \
        {"keywords_2", FUNCTION(both), METH_VARARGS | METH_KEYWORDS, NULL},                                            \
        {"fast_2", FUNCTION(first_of), METH_FASTCALL, NULL},                                                           \
        {"fast_keywords_3", FUNCTION(count_of), METH_FASTCALL | METH_KEYWORDS, NULL},                                  \
        {"silent", FUNCTION(silent), METH_NOARGS, NULL}, {"silent_failure", FUNCTION(silent_failure), METH_NOARGS, NULL}, \
        {"number", FUNCTION(number), METH_O, NULL}

static PyMethodDef functions[] = {METHODS, {NULL, NULL, 0, NULL}};
static PyMethodDef methods[] = {
    METHODS, {"of_class_3", FUNCTION(of_class), METH_METHOD | METH_FASTCALL | METH_KEYWORDS, NULL}, {NULL, NULL, 0, NULL}};

typedef struct {
    PyObject_HEAD
    long value;
} thing;

static PyObject *get_value(PyObject *self) { return PyLong_FromLong(((thing *)self)->value); }
static int set_value(PyObject *self, PyObject *value) {
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "it stays");
        return -1;
    }
    ((thing *)self)->value = PyLong_AsLong(value);
    return PyErr_Occurred() ? -1 : 0;
}
static void set_silently(PyObject *self, PyObject *value) { (void)set_value(self, value); }
static PyObject *get_constant(void) { return text("constant"); }
static PyObject *call(PyObject *self, PyObject *arguments) {
    (void)self;
    return Py_NewRef(arguments);
}

static PyGetSetDef attributes[] = {
    {"value", (getter)(void (*)(void))get_value, (setter)(void (*)(void))set_value, NULL, NULL},
    {"silent_value", (getter)(void (*)(void))get_value, (setter)(void (*)(void))set_silently, NULL, NULL},
    {"constant", (getter)(void (*)(void))get_constant, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_methods, methods}, {Py_tp_getset, attributes}, {Py_tp_call, (void *)call}, {0, NULL}};
static PyType_Spec specification = {"wrong.Thing", sizeof(thing), 0, Py_TPFLAGS_DEFAULT, slots};

static int execute(PyObject *module) {
    PyObject *type = PyType_FromModuleAndSpec(module, &specification, NULL);
    return type ? PyModule_Add(module, "Thing", type) : -1;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, (void *)execute}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "wrong", .m_methods = functions, .m_slots = module_slots};

PyMODINIT_FUNC PyInit_wrong(void) { return PyModuleDef_Init(&definition); }
