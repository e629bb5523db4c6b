#include <Python.h>

static PyObject *only_self(PyObject *self) { return PyObject_GetAttrString(self, "__name__"); }

// No import statement of the app leads to the module `colorsys`.
static PyObject *imported(PyObject *self, PyObject *unused) {
    (void)self, (void)unused;
    PyObject *module = PyImport_ImportModule("colorsys");
    PyObject *name = module ? PyObject_GetAttrString(module, "__name__") : NULL;
    Py_XDECREF(module);
    return name;
}

static PyMethodDef functions[] = {
    {"imported", imported, METH_NOARGS, NULL},
    {"name", (PyCFunction)(void (*)(void))only_self, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "late", .m_methods = functions};

PyMODINIT_FUNC PyInit_late(void) { return PyModuleDef_Init(&definition); }
