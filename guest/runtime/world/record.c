#define Py_BUILD_CORE 1 // for the layout of instances
#include "world/record.h"
#include <internal/pycore_dict.h>
#include <internal/pycore_object.h>
#include <internal/pycore_typeobject.h>

// Without one of these it is not known what making an instance, or reading its attributes, does.
static bool has_plain_slots(const PyTypeObject *class) {
    return Py_IS_TYPE(class, &PyType_Type) && class->tp_flags & Py_TPFLAGS_INLINE_VALUES &&
           class->tp_basicsize == sizeof(PyObject) && class->tp_new == PyBaseObject_Type.tp_new &&
           class->tp_alloc == PyType_GenericAlloc && class->tp_getattro == PyObject_GenericGetAttr &&
           class->tp_setattro == PyObject_GenericSetAttr;
}

static bool is_as_defined(const struct record *record) {
    PyTypeObject *class = (PyTypeObject *)record->class;
    if (!record->slots || !has_plain_slots(class) || _PyType_Lookup(class, &_Py_ID(__init__)) != record->constructor)
        return false;
    for (size_t i = 0; i < record->slot_count; i++)
        if (_PyType_Lookup(class, record->attributes[i]))
            return false;
    return true;
}

// The answer holds until the class changes, which gives it another version.
static bool is_plain(struct record *record) {
    PyTypeObject *class = (PyTypeObject *)record->class;
    if (class->tp_version_tag == record->version && record->version)
        return record->is_plain;
    record->is_plain = PyUnstable_Type_AssignVersionTag(class) && is_as_defined(record);
    record->version = class->tp_version_tag;
    return record->is_plain;
}

// The keys that all instances share are those of the first one.
static PyObject *first_instance(const struct record *record, size_t count) {
    PyObject *fields = PyTuple_New((Py_ssize_t)count);
    for (size_t i = 0; fields && i < count; i++)
        PyTuple_SET_ITEM(fields, (Py_ssize_t)i, Py_None);
    PyObject *instance = fields ? PyObject_CallObject(record->class, fields) : NULL;
    Py_XDECREF(fields);
    return instance;
}

// Whether all attributes are among the shared keys, which hold no more than 30.
static bool find_slots(struct record *record, size_t count) {
    PyDictKeysObject *keys = ((PyHeapTypeObject *)record->class)->ht_cached_keys;
    for (size_t i = 0; i < count; i++) {
        Py_ssize_t slot = keys ? _PyDictKeys_StringLookup(keys, record->attributes[i]) : -1;
        if (slot < 0)
            return false;
        record->slots[i] = slot;
    }
    record->slot_count = count;
    return true;
}

int record_prepare(struct record *record, size_t count) {
    PyObject *instance = first_instance(record, count);
    if (!instance)
        return -1;
    Py_DECREF(instance);
    record->constructor = Py_XNewRef(_PyType_Lookup((PyTypeObject *)record->class, &_Py_ID(__init__)));
    record->slots = PyMem_RawCalloc(count ? count : 1, sizeof *record->slots);
    if (!record->slots) {
        PyErr_NoMemory();
        return -1;
    }
    if (!find_slots(record, count)) {
        PyMem_RawFree(record->slots);
        record->slots = NULL;
    }
    return 0;
}

PyObject *record_new(struct record *record, size_t count, PyObject *const *fields) {
    if (!is_plain(record))
        return PyObject_Vectorcall(record->class, fields, count, NULL);
    PyObject *instance = PyType_GenericAlloc((PyTypeObject *)record->class, 0);
    if (!instance)
        return NULL;
    PyDictValues *values = _PyObject_InlineValues(instance);
    for (size_t i = 0; i < count; i++) {
        values->values[record->slots[i]] = Py_NewRef(fields[i]);
        _PyDictValues_AddToInsertionOrder(values, record->slots[i]);
    }
    return instance;
}

PyObject *record_field(struct record *record, PyObject *object, size_t field) {
    if ((PyObject *)Py_TYPE(object) != record->class || !is_plain(record))
        return NULL;
    PyDictValues *values = _PyObject_InlineValues(object);
    return values->valid ? Py_XNewRef(values->values[record->slots[field]]) : NULL;
}
