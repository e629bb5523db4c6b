#include "values/numbers.h"
#include "world/layout.h"
#include <stdlib.h>

// The class of arrays or of memoryviews; null if lists of numbers arrive as lists.
static PyTypeObject *class;
static PyObject *frombytes; // interned

// A list as it came from the host.
struct owner {
    PyObject ob_base;
    void *elements;
    Py_ssize_t length;
    Py_ssize_t size; // of an element
    const char *format;
};

static void free_owner(PyObject *self) {
    free(((struct owner *)self)->elements);
    PyObject_Free(self);
}

static int get_buffer(PyObject *self, Py_buffer *view, int flags) {
    struct owner *owner = (struct owner *)self;
    // The address of an empty list may be null, which is no buffer's.
    void *elements = owner->elements ? owner->elements : &owner->elements;
    if (PyBuffer_FillInfo(view, self, elements, owner->length * owner->size, 0, flags) < 0)
        return -1;
    view->itemsize = owner->size;
    view->format = flags & PyBUF_FORMAT ? (char *)owner->format : NULL;
    view->shape = flags & PyBUF_ND ? &owner->length : NULL;
    return 0;
}

static PyBufferProcs buffer_procedures = {.bf_getbuffer = get_buffer};

static PyTypeObject owner_type = {
    .ob_base = PyVarObject_HEAD_INIT(NULL, 0).tp_name = "componentize_py_runtime.Numbers",
    .tp_doc = "A list of numbers as it came from the host.",
    .tp_basicsize = sizeof(struct owner),
    .tp_dealloc = free_owner,
    .tp_as_buffer = &buffer_procedures,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
};

int numbers_register(PyObject *table) {
    PyObject *wanted = PyObject_GetAttrString(table, "NUMERIC_LISTS");
    if (!wanted || wanted == Py_None) {
        Py_XDECREF(wanted);
        return wanted ? 0 : -1;
    }
    if (!PyType_Check(wanted)) {
        PyErr_SetString(PyExc_ValueError, "_ampoule_world.NUMERIC_LISTS is no class");
        Py_DECREF(wanted);
        return -1;
    }
    class = (PyTypeObject *)wanted;
    frombytes = PyUnicode_InternFromString("frombytes");
    return frombytes ? PyType_Ready(&owner_type) : -1;
}

// The letter of the buffer protocol and of `array`; null for what is no number.
static const char *format_of(wit_type element) {
    static const char *const formats[] = {
        [WIT_U8] = "B",  [WIT_U16] = "H", [WIT_U32] = "I", [WIT_U64] = "Q", [WIT_S8] = "b",
        [WIT_S16] = "h", [WIT_S32] = "i", [WIT_S64] = "q", [WIT_F32] = "f", [WIT_F64] = "d",
    };
    enum wit_kind kind = wit_kind(element);
    return kind < Py_ARRAY_LENGTH(formats) ? formats[kind] : NULL;
}

bool numbers_are_buffers(wit_type element) { return class && format_of(element); }

// The view owns the memory as it is, without a copy.
static PyObject *view(const char *format, uint8_t *elements, size_t length, uint32_t size) {
    struct owner *owner = PyObject_New(struct owner, &owner_type);
    if (!owner) {
        if (length)
            free(elements);
        return NULL;
    }
    owner->elements = length ? elements : NULL;
    owner->length = (Py_ssize_t)length;
    owner->size = (Py_ssize_t)size;
    owner->format = format;
    PyObject *object = PyMemoryView_FromObject((PyObject *)owner);
    Py_DECREF(owner);
    return object;
}

static int fill(PyObject *array, uint8_t *elements, size_t bytes) {
    PyObject *source = PyMemoryView_FromMemory((char *)elements, (Py_ssize_t)bytes, PyBUF_READ);
    PyObject *done = source ? PyObject_CallMethodOneArg(array, frombytes, source) : NULL;
    Py_XDECREF(source);
    Py_XDECREF(done);
    return done ? 0 : -1;
}

static PyObject *array(const char *format, uint8_t *elements, size_t length, uint32_t size) {
    PyObject *letter = PyUnicode_FromString(format);
    PyObject *object = letter ? PyObject_CallOneArg((PyObject *)class, letter) : NULL;
    Py_XDECREF(letter);
    if (object && length && fill(object, elements, length * size) < 0)
        Py_CLEAR(object);
    if (length)
        free(elements);
    return object;
}

PyObject *numbers_lift(wit_type element, uint8_t *elements, size_t length) {
    const char *format = format_of(element);
    uint32_t size = layout_of(element)->size;
    return class == &PyMemoryView_Type ? view(format, elements, length, size) : array(format, elements, length, size);
}

bool numbers_are_plain_array(PyObject *object) {
    // A weak reference may have a callback.
    return Py_IS_TYPE(object, class) && !PyMemoryView_Check(object) && !*PyObject_GET_WEAKREFS_LISTPTR(object);
}

PyObject *numbers_owner(PyObject *object) {
    PyObject *owner = PyMemoryView_Check(object) ? PyMemoryView_GET_BASE(object) : NULL;
    return owner && Py_IS_TYPE(owner, &owner_type) ? owner : NULL;
}
