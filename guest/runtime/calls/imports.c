// Calls to the host: `componentize_py_runtime.call_import`, which the generated bindings call.

#include "calls/call.h"
#include "life/guest.h"
#include "calls/imports.h"
#include "values/lower.h"
#include "resources/resource.h"
#include "resources/transfer.h"
#include "world/asynchronous.h"

static PyObject *called_at_build;

int import_lower_arguments(struct call *call, const wit_import *import, PyObject *const *arguments) {
    for (size_t i = 0; i < import->parameter_count; i++) {
        struct place place = {NULL, PLACE_ROOT, call->function->parameters[i], 0};
        if (lower(call, import->parameters[i], arguments[i], NULL, &place) < 0)
            return -1;
    }
    return 0;
}

static PyObject *raise_error(PyObject *payload) {
    PyObject *exception = PyObject_CallOneArg(world.err, payload);
    if (exception)
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
    Py_XDECREF(exception);
    return NULL;
}

PyObject *import_result(struct call *call, const wit_import *import) {
    if (call->exception) {
        PyErr_SetRaisedException(call->exception);
        call->exception = NULL;
        return NULL;
    }
    if (import->result == WIT_NOTHING)
        return Py_NewRef(Py_None);
    PyObject *value = call_pop(call);
    if (!call->is_error)
        return value;
    raise_error(value);
    Py_DECREF(value);
    return NULL;
}

PyObject *import_call(size_t index, PyObject *const *arguments) {
    const wit_import *import = &world.wit->imports[index];
    struct call *call = call_start(&world.imports[index], import->result);
    call->result_arrives = true;
    PyObject *value = NULL;
    if (import_lower_arguments(call, import, arguments) == 0 && transfer_commit(call) == 0) {
        import->call(call);
        transfer_finish(call);
        value = import_result(call, import);
    } else {
        transfer_finish(call);
    }
    call_finish(call);
    return value;
}

Py_ssize_t import_find(PyObject *const *arguments, Py_ssize_t count) {
    Py_ssize_t index = count > 0 ? PyNumber_AsSsize_t(arguments[0], PyExc_IndexError) : -1;
    if (index == -1 && PyErr_Occurred())
        return -1;
    if (!world.registered || index < 0 || (size_t)index >= world.wit->import_count) {
        PyErr_SetString(PyExc_IndexError, "the world has no such import");
        return -1;
    }
    size_t wanted = world.wit->imports[index].parameter_count;
    if ((size_t)(count - 1) != wanted) {
        PyErr_Format(PyExc_TypeError, "%s() takes %zu arguments but %zd were given", world.imports[index].label, wanted,
                     count - 1);
        return -1;
    }
    if (!ampoule_building)
        return index;
    PyErr_Format(called_at_build,
                 "%s() was called while the component is being built, but a host answers imports only at run "
                 "time: call it from a function that runs in an export, not at a module's level",
                 world.imports[index].label);
    return -1;
}

static PyObject *call_import(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
    (void)module;
    Py_ssize_t index = import_find(arguments, count);
    return index < 0 ? NULL : import_call((size_t)index, arguments + 1);
}

static PyObject *call_constructor(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
    PyObject *made = count > 0 ? call_import(module, arguments + 1, count - 1) : NULL;
    if (!made) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "call_constructor() takes the object to construct");
        return NULL;
    }
    int status = resource_construct(arguments[0], made);
    Py_DECREF(made);
    return status < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"call_import", _PyCFunction_CAST(call_import), METH_FASTCALL,
     "call_import(index, /, *arguments)\n--\n\nCall the world's import with this index."},
    {"call_constructor", _PyCFunction_CAST(call_constructor), METH_FASTCALL,
     "call_constructor(object, index, /, *arguments)\n--\n\nCall the constructor with this index for the new object."},
    {NULL, NULL, 0, NULL},
};

static int execute_module(PyObject *module) {
    if (!called_at_build)
        called_at_build = PyErr_NewExceptionWithDoc("componentize_py_runtime.ImportCalledAtBuild",
                                                    "An import of the world was called while the component is built.",
                                                    PyExc_RuntimeError, NULL);
    if (!called_at_build || PyModule_AddObjectRef(module, "ImportCalledAtBuild", called_at_build) < 0)
        return -1;
    if (PyModule_AddType(module, &resource_type) < 0)
        return -1;
    return asynchronous ? asynchronous->populate(module) : 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)execute_module},
    {0, NULL},
};

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "componentize_py_runtime",
    .m_doc = "How the generated bindings call the host.",
    .m_methods = methods,
    .m_slots = slots,
};

PyObject *PyInit_componentize_py_runtime(void) { return PyModuleDef_Init(&definition); }
