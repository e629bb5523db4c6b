// The module by whose import statement the build finds that these files are to be linked.

#include <Python.h>

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_ampoule_tasks",
    .m_doc = "What `componentize_py_runtime` has in asynchronous worlds.",
};

PyMODINIT_FUNC PyInit__ampoule_tasks(void) { return PyModuleDef_Init(&definition); }
