// Runs Python source for the build.

#include "life/guest.h"
#include <stdio.h>
#include <string.h>

// An exception with a `sentence` says all by itself; any other is shown with its traceback.
static void show_exception(void) {
    PyObject *exception = PyErr_GetRaisedException();
    PyObject *sentence;
    if (PyObject_GetOptionalAttrString(exception, "sentence", &sentence) < 0)
        PyErr_Clear();
    const char *text = sentence && PyUnicode_Check(sentence) ? PyUnicode_AsUTF8(sentence) : NULL;
    if (text)
        fprintf(stderr, "%s\n", text);
    else
        PyErr_DisplayException(exception);
    Py_XDECREF(sentence);
    Py_DECREF(exception);
}

static PyObject *run(const char *source) {
    PyObject *globals = PyDict_New();
    PyObject *name = PyUnicode_FromString("__main__");
    PyObject *code = Py_CompileString(source, "<ampoule>", Py_file_input);
    PyObject *result = NULL;
    if (globals && name && code && PyDict_SetItemString(globals, "__builtins__", PyEval_GetBuiltins()) == 0 &&
        PyDict_SetItemString(globals, "__name__", name) == 0)
        result = PyEval_EvalCode(code, globals, globals);
    Py_XDECREF(code);
    Py_XDECREF(name);
    Py_XDECREF(globals);
    return result;
}

int ampoule_execute(const char *source, size_t length) {
    char *text = PyMem_RawMalloc(length + 1);
    if (!text)
        return 1;
    memcpy(text, source, length);
    text[length] = 0;
    PyObject *result = run(text);
    PyMem_RawFree(text);
    if (!result)
        show_exception();
    ampoule_flush();
    fflush(NULL);
    int status = result ? 0 : 1;
    Py_XDECREF(result);
    return status;
}
