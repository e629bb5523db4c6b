// The audit hooks of the app, which watch the app and not the build's own work.

#define Py_BUILD_CORE 1 // for the interpreter's list of them
#include "life/guest.h"
#include <internal/pycore_interp.h>
#include <internal/pycore_pystate.h>

PyObject *ampoule_exchange_audit_hooks(PyObject *module, PyObject *hooks) {
    (void)module;
    PyInterpreterState *interpreter = _PyInterpreterState_GET();
    PyObject *old = interpreter->audit_hooks;
    interpreter->audit_hooks = hooks == Py_None ? NULL : Py_NewRef(hooks);
    return old ? old : Py_NewRef(Py_None);
}
