// The guest's own entry points (the `ampoule_*` exports) and the state that its files share.

#ifndef AMPOULE_GUEST_H
#define AMPOULE_GUEST_H

#include "world/shared.h"
#include <Python.h>
#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(default)

// For the build. All return 0 on success; otherwise what went wrong is on stderr.
int ampoule_initialize(uint32_t hash_seed);
int ampoule_register_extension(const char *path, const char *symbol, void *initializer);
// The types of the functions in the table from `first` on (`ampoule_layout::Signatures`), in memory that stays.
void ampoule_describe_functions(uintptr_t first, const char *signatures);
int ampoule_execute(const char *source, size_t length);
// The files that the image need not hold, because the modules are there: a path in each line. To be released.
char *ampoule_held_files(void);
// The image as the running component has it, in memory that stays.
void ampoule_embed(const void *image);
int ampoule_finish(void);
void *ampoule_allocate(size_t size);
void ampoule_release(void *memory);

#pragma GCC visibility pop

// True from the initialisation to `ampoule_finish`: no host answers imports then.
extern bool ampoule_building VISIBLE;

// True from the snapshot to the first export call of an instance.
extern bool ampoule_is_fresh;

// Whether an exception that escapes an export ends the instance by wasi:cli/exit and not by a trap.
extern bool ampoule_exits_on_exception;

// Closes all files and lets go of the host's handles.
void ampoule_forget_descriptors(void);

// The time of the process begins anew when somebody asks for it.
void ampoule_forget_process_time(void);

// Zeroes all memory that is not in use.
void ampoule_clear_free_memory(void);

// Runs once in each fresh instance, before its first export call.
void ampoule_renew(void);

// Prints the pending exception with its traceback, flushes stdio and ends the instance; SystemExit ends it with its
// code.
_Noreturn void ampoule_end_uncaught(void) VISIBLE;
// Prints the message and ends the instance.
_Noreturn void ampoule_end(const char *message);
// Calls what is registered with `atexit`, once: for the end of an instance.
void ampoule_run_exit_functions(void) VISIBLE;
// Flushes sys.stdout and sys.stderr; a failure to do so is ignored.
void ampoule_flush(void) VISIBLE;

// Ends the instance with the pending SystemExit's code, if the world imports the function of wasi:cli/exit that takes
// one; comes back if not.
void ampoule_exit_with_code(void);

// A module of Python's own, whatever the app has made of `__import__`; a new reference.
static inline PyObject *ampoule_module(const char *name) {
    return PyImport_ImportModuleLevel(name, NULL, NULL, NULL, 0);
}

// For `_ampoule_runtime`: takes a list of audit hooks, or None, in place of those that there are, and gives these.
PyObject *ampoule_exchange_audit_hooks(PyObject *module, PyObject *hooks);

// The builtin modules.
PyObject *PyInit_componentize_py_runtime(void);
PyObject *PyInit__ampoule_runtime(void);

#endif
