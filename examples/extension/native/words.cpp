// The Python module `words`.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "text.h"

static PyObject *count(PyObject *, PyObject *argument) {
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(argument, &size);
    if (text == nullptr) {
        return nullptr;
    }
    PyObject *list = PyList_New(0);
    if (list == nullptr) {
        return nullptr;
    }
    for (const Count &entry : count_words(std::string_view(text, static_cast<size_t>(size)))) {
        PyObject *pair = Py_BuildValue("(s#I)", entry.word.data(), static_cast<Py_ssize_t>(entry.word.size()), entry.times);
        if (pair == nullptr || PyList_Append(list, pair) < 0) {
            Py_XDECREF(pair);
            Py_DECREF(list);
            return nullptr;
        }
        Py_DECREF(pair);
    }
    return list;
}

static PyMethodDef methods[] = {
    {"count", count, METH_O, "count(text) -> list of (word, times), the most frequent first"},
    {nullptr, nullptr, 0, nullptr},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
    {0, nullptr},
};

static PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "words", "Counts words, in C++.", 0, methods, slots, nullptr, nullptr, nullptr,
};

PyMODINIT_FUNC PyInit_words() {
    return PyModuleDef_Init(&module);
}
