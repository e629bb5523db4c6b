// Calls from the host: the arguments arrive on the stack, the app's method is called, its result goes to the tape.

#define Py_BUILD_CORE 1 // for _PyFunction_Vectorcall, _PyTraceback_Add
#include "calls/exports.h"
#include "life/guest.h"
#include "values/lower.h"
#include "resources/transfer.h"
#include <internal/pycore_function.h>
#include <internal/pycore_traceback.h>
#include <string.h>

// The Python function that an export calls, or another object if there is none; a new reference.
static PyObject *function_of(const struct call *call) {
    PyObject *callable = call->function->callable;
    if (PyUnicode_Check(callable))
        return PyObject_GetAttr((PyObject *)Py_TYPE(call->stack[1]), callable);
    return Py_NewRef(callable);
}

// Gives a wrong result a line in the traceback: where the function stands.
static void add_line(PyObject *function) {
    if (!PyFunction_Check(function))
        return;
    PyCodeObject *code = (PyCodeObject *)PyFunction_GET_CODE(function);
    const char *name = PyUnicode_AsUTF8(code->co_name);
    const char *path = PyUnicode_AsUTF8(code->co_filename);
    if (name && path)
        _PyTraceback_Add(name, path, code->co_firstlineno);
}

static void point_at_function(const struct call *call) {
    PyObject *exception = PyErr_GetRaisedException();
    PyObject *function = function_of(call);
    PyErr_SetRaisedException(exception);
    if (function)
        add_line(function);
    Py_XDECREF(function);
}

// An Err that the method raised, as the error of the function's result.
static int lower_raised(struct call *call) {
    if (call->result == WIT_NOTHING || !PyErr_ExceptionMatches(world.err))
        return -1;
    PyObject *exception = PyErr_GetRaisedException();
    struct place place = {NULL, PLACE_ROOT, NULL, 0};
    struct place inner = {&place, PLACE_FIELD, "value", 0};
    PyObject *payload = PyObject_GetAttr(exception, world.value_name);
    int status = payload ? lower_outcome(call, call->result, true, payload, NULL, &inner) : -1;
    Py_XDECREF(payload);
    if (status < 0) {
        // The traceback shows where the wrong error was raised.
        PyObject *refusal = PyErr_GetRaisedException();
        PyException_SetContext(refusal, Py_NewRef(exception));
        PyErr_SetRaisedException(refusal);
    }
    Py_DECREF(exception);
    return status;
}

static int lower_returned(struct call *call, wit_type type, PyObject *value) {
    struct place place = {NULL, PLACE_ROOT, NULL, 0};
    if (type == WIT_NOTHING)
        return 0;
    int status = call->result != WIT_NOTHING ? lower_outcome(call, call->result, false, value, NULL, &place)
                                             : lower(call, type, value, NULL, &place);
    if (status < 0)
        point_at_function(call);
    return status;
}

// A function in Python is called at once, anything else by way of its type.
static PyObject *call_object(PyObject *callable, PyObject *const *arguments, size_t count) {
    if (PyFunction_Check(callable) && ((PyFunctionObject *)callable)->vectorcall == _PyFunction_Vectorcall)
        return _PyFunction_Vectorcall(callable, arguments, count, NULL);
    return PyObject_Vectorcall(callable, arguments, count, NULL);
}

PyObject *export_call_app(struct call *call) {
    const struct function *function = call->function;
    if (call->exception) {
        PyErr_SetRaisedException(call->exception);
        call->exception = NULL;
        return NULL;
    }
    if (function->self) {
        call->stack[0] = function->self;
        return call_object(function->callable, call->stack, call->stack_length);
    }
    size_t count = (call->stack_length - 1) | PY_VECTORCALL_ARGUMENTS_OFFSET;
    if (PyUnicode_Check(function->callable))
        return PyObject_VectorcallMethod(function->callable, call->stack + 1, count, NULL);
    return call_object(function->callable, call->stack + 1, count);
}

int export_lower(struct call *call, wit_type type, PyObject *value) {
    return value ? lower_returned(call, type, value) : lower_raised(call);
}

static int run(struct call *call, const wit_export *function) {
    PyObject *value = export_call_app(call);
    int status = export_lower(call, function->result, value);
    Py_XDECREF(value);
    return status < 0 ? -1 : transfer_commit(call);
}

void *wit_dylib_export_start(size_t which) {
    ampoule_renew();
    transfer_drop_leftovers();
    if (!world.registered || !world.exports[which].callable)
        ampoule_end("ampoule: an export was called, but the component was built without an app");
    return call_start(&world.exports[which], world.wit->exports[which].result);
}

bool export_is_program(const wit_export *function) {
    static const char interface[] = "wasi:cli/run@";
    return function->interface && strncmp(function->interface, interface, sizeof interface - 1) == 0;
}

void wit_dylib_export_call(void *call, size_t which) {
    const wit_export *function = &world.wit->exports[which];
    if (run(call, function) < 0)
        ampoule_end_uncaught();
    if (export_is_program(function))
        ampoule_run_exit_functions();
    // What was given for the call goes now: in `wit_dylib_export_finish` nothing of the host may be called.
    call_clear_stack(call);
    transfer_finish(call);
    ampoule_flush();
}

void wit_dylib_export_finish(void *call, size_t which) {
    (void)which;
    call_finish(call);
}
