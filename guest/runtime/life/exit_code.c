// The code of sys.exit. WASI's `exit`, which libc calls, knows success and failure only; `exit-with-code` came with
// WASI 0.2.12. A world that imports it says that its host has it.

#define Py_BUILD_CORE 1 // for _Py_HandleSystemExit
#include "calls/call.h"
#include "life/guest.h"
#include <internal/pycore_pylifecycle.h>
#include <stdio.h>
#include <string.h>

static bool is_exit_with_code(const wit_import *import) {
    static const char interface[] = "wasi:cli/exit@";
    return import->interface && strncmp(import->interface, interface, sizeof interface - 1) == 0 &&
           strcmp(import->name, "exit-with-code") == 0;
}

// The index of the import, or the number of imports.
static size_t find_import(void) {
    size_t index = 0;
    while (index < world.wit->import_count && !is_exit_with_code(&world.wit->imports[index]))
        index++;
    return index;
}

void ampoule_run_exit_functions(void) {
    PyObject *module = ampoule_module("atexit");
    PyObject *result = module ? PyObject_CallMethod(module, "_run_exitfuncs", NULL) : NULL;
    Py_XDECREF(module);
    Py_XDECREF(result);
    PyErr_Clear();
}

void ampoule_exit_with_code(void) {
    size_t index = world.registered ? find_import() : 0;
    int code = 0;
    if (!world.registered || index == world.wit->import_count || !_Py_HandleSystemExit(&code))
        return;
    ampoule_run_exit_functions();
    ampoule_flush();
    fflush(NULL);
    struct call *call = call_start(&world.imports[index], WIT_NOTHING);
    // As by a process, the code's low eight bits.
    if (call_write(call, (uint8_t)code) == 0)
        world.wit->imports[index].call(call);
}
