// Late imports from the image, for `_ampoule/image.py`.

#ifndef AMPOULE_MODULES_H
#define AMPOULE_MODULES_H

#include <Python.h>

PyObject *ampoule_find_module(PyObject *module, PyObject *arguments);
PyObject *ampoule_read_code(PyObject *module, PyObject *path);

// Each instance asks its host anew.
void ampoule_forget_folders_of_host(void);

#endif
