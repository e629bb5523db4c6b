#include <Python.h>

int value(void);

static int fill(PyObject *module) { return PyModule_AddIntConstant(module, "VALUE", 1 * value()); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "once", .m_slots = slots};

PyMODINIT_FUNC PyInit_once(void) { return PyModuleDef_Init(&definition); }
