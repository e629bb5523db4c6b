// The Python module `catching`: it catches by their types what another module throws.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <string>

#include "kinds.h"

namespace {

PyObject *caught(PyObject *, PyObject *arguments) {
    PyObject *capsule;
    const char *kind;
    if (!PyArg_ParseTuple(arguments, "Os", &capsule, &kind)) {
        return nullptr;
    }
    auto function = reinterpret_cast<Throw>(PyCapsule_GetPointer(capsule, CAPSULE));
    std::string text;
    try {
        function(kind);
    } catch (const Custom &error) {
        text = std::string("Custom ") + error.what();
    } catch (const std::out_of_range &error) {
        text = std::string("std::out_of_range ") + error.what();
    } catch (const std::exception &error) {
        text = std::string("std::exception ") + error.what();
    } catch (int number) {
        text = "int " + std::to_string(number);
    }
    return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
}

PyMethodDef methods[] = {
    {"caught", caught, METH_VARARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "catching", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr,
};

} // namespace

PyMODINIT_FUNC PyInit_catching() {
    return PyModuleDef_Init(&module);
}
