#include <Python.h>

static PyObject *only_self(PyObject *self) { return PyObject_GetAttrString(self, "__name__"); }

static PyMethodDef functions[] = {
    {"name", (PyCFunction)(void (*)(void))only_self, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "late", .m_methods = functions};

PyMODINIT_FUNC PyInit_late(void) { return PyModuleDef_Init(&definition); }
