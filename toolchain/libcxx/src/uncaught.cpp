// What nothing has caught: it has left the extension module that threw it, and passed CPython by, which is as it was
// when it called the module: Python can still print where that was. The component's entrances call this
// (`ampoule_link`), and the host of the build.

#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <exception>
#include <typeinfo>

extern "C" {

// Of CPython, whose headers are not here.
struct PyObject;
extern PyObject *PyExc_SystemError;
void *PyEval_GetFrame();
int PyTraceBack_Here(void *);
void PyErr_SetString(PyObject *, const char *);
void PyErr_Print();
void Py_FatalError(const char *);

__attribute__((visibility("default"))) void ampoule_uncaught(void *thrown) {
    static char message[1024];
    abi::__cxa_begin_catch(thrown);
    const std::type_info *type = abi::__cxa_current_exception_type();
    const char *name = type == nullptr ? "?" : type->name();
    const char *demangled = abi::__cxa_demangle(name, nullptr, nullptr, nullptr);
    if (demangled != nullptr)
        name = demangled;
    try {
        throw;
    } catch (const std::exception &error) {
        std::snprintf(message, sizeof message, "C++ exception: %s: %s", name, error.what());
    } catch (...) {
        std::snprintf(message, sizeof message, "C++ exception: %s", name);
    }
    PyErr_SetString(PyExc_SystemError, message);
    void *frame = PyEval_GetFrame();
    if (frame != nullptr)
        PyTraceBack_Here(frame);
    PyErr_Print();
    Py_FatalError("an extension module has not caught a C++ exception");
}
}
