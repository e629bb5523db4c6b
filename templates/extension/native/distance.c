// The distance of two words (Wagner and Fischer's algorithm).

#define PY_SSIZE_T_CLEAN
#include <Python.h>

static Py_ssize_t least(Py_ssize_t one, Py_ssize_t other) {
  return one < other ? one : other;
}

static PyObject *levenshtein(PyObject *module, PyObject *arguments) {
  (void)module;
  PyObject *one, *other;
  if (!PyArg_ParseTuple(arguments, "UU", &one, &other)) {
    return NULL;
  }
  Py_ssize_t rows = PyUnicode_GET_LENGTH(one);
  Py_ssize_t columns = PyUnicode_GET_LENGTH(other);
  Py_ssize_t *row = PyMem_New(Py_ssize_t, (size_t)columns + 1);
  if (row == NULL) {
    return PyErr_NoMemory();
  }
  for (Py_ssize_t column = 0; column <= columns; column++) {
    row[column] = column;
  }
  for (Py_ssize_t index = 1; index <= rows; index++) {
    Py_UCS4 letter = PyUnicode_READ_CHAR(one, index - 1);
    Py_ssize_t diagonal = row[0];
    row[0] = index;
    for (Py_ssize_t column = 1; column <= columns; column++) {
      Py_ssize_t changed = diagonal + (letter != PyUnicode_READ_CHAR(other, column - 1));
      diagonal = row[column];
      row[column] = least(changed, least(row[column], row[column - 1]) + 1);
    }
  }
  Py_ssize_t distance = row[columns];
  PyMem_Free(row);
  return PyLong_FromSsize_t(distance);
}

static PyMethodDef methods[] = {
    {"levenshtein", levenshtein, METH_VARARGS, "The distance of two words."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_distance",
    .m_methods = methods,
};

PyMODINIT_FUNC PyInit__distance(void) { return PyModuleDef_Init(&definition); }
