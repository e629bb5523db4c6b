// `_ampoule_runtime`: how the support package `_ampoule` hands the world over to the runtime.

#include "life/guest.h"
#include "files/modules.h"
#include "files/temporary.h"
#include "world/world.h"

static PyObject *register_world(PyObject *module, PyObject *table) {
    (void)module;
    return world_register(table) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *register_exports(PyObject *module, PyObject *arguments) {
    PyObject *callables, *classes;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OO:register_exports", &callables, &classes))
        return NULL;
    return world_register_exports(callables, classes) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *exit_on_exception(PyObject *module, PyObject *exits) {
    (void)module;
    int truth = PyObject_IsTrue(exits);
    if (truth < 0)
        return NULL;
    ampoule_exits_on_exception = truth;
    return Py_NewRef(Py_None);
}

static PyObject *limit_temporary_files(PyObject *module, PyObject *size) {
    (void)module;
    unsigned long long limit = PyLong_AsUnsignedLongLong(size);
    if (PyErr_Occurred())
        return NULL;
    ampoule_temporary_limit = limit;
    return Py_NewRef(Py_None);
}

static PyObject *make_immortal(PyObject *module, PyObject *objects) {
    (void)module;
    if (!PyList_Check(objects))
        return PyErr_Format(PyExc_TypeError, "a list is needed, not %T", objects);
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(objects); i++)
        Py_SET_REFCNT(PyList_GET_ITEM(objects, i), _Py_IMMORTAL_REFCNT);
    return Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"register_world", register_world, METH_O,
     "register_world(table, /)\n--\n\nTake the Python names of the world from the module _ampoule_world."},
    {"register_exports", register_exports, METH_VARARGS,
     "register_exports(callables, classes, /)\n--\n\nTake what the exports call and the classes of the exported "
     "resources, in the order of the world."},
    {"exit_on_exception", exit_on_exception, METH_O,
     "exit_on_exception(exits, /)\n--\n\nSay whether what escapes an export ends the instance by an exit, not a trap."},
    {"limit_temporary_files", limit_temporary_files, METH_O,
     "limit_temporary_files(size, /)\n--\n\nSay how many bytes the files in /tmp may have; with 0 there is no /tmp."},
    {"exchange_audit_hooks", ampoule_exchange_audit_hooks, METH_O,
     "exchange_audit_hooks(hooks, /)\n--\n\nHave this list of hooks, or None, in place of the present ones, which are "
     "given."},
    {"make_immortal", make_immortal, METH_O,
     "make_immortal(objects, /)\n--\n\nCount no reference to any object of the list from now on (PEP 683)."},
    {"find_module", ampoule_find_module, METH_VARARGS,
     "find_module(folder, name, suffixes, /)\n--\n\nA module's file in a folder of the image, the number of its "
     "suffix, "
     "and whether it is a package; False if there is none, None if the file system is to be asked."},
    {"read_code", ampoule_read_code, METH_O,
     "read_code(path, /)\n--\n\nThe code in a bytecode file of the image that needs no source; None if the file is not "
     "such a one."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "_ampoule_runtime",
    .m_doc = "The runtime's side of the support package.",
    .m_methods = methods,
};

PyObject *PyInit__ampoule_runtime(void) { return PyModule_Create(&definition); }
