// The Python module `jumping`: setjmp, and longjmp through some frames.
#include <Python.h>
#include <setjmp.h>

static jmp_buf target;

static __attribute__((noinline)) int jump(int depth, int value) {
    if (depth == 0) {
        longjmp(target, value);
    }
    return jump(depth - 1, value) + depth;
}

static PyObject *jumped(PyObject *self, PyObject *argument) {
    (void)self;
    volatile int before = 100;
    int value = setjmp(target);
    if (value == 0) {
        before += 1;
        return PyLong_FromLong(jump(6, (int)PyLong_AsLong(argument)));
    }
    return PyLong_FromLong(before + value);
}

static PyMethodDef methods[] = {
    {"jumped", jumped, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "jumping", .m_methods = methods};

PyMODINIT_FUNC PyInit_jumping(void) {
    return PyModuleDef_Init(&module);
}
