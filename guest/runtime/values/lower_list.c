#include "values/lower.h"
#include "values/numbers.h"

// The letters of the buffer protocol whose items have this layout and meaning; null for what no buffer holds.
static const char *buffer_formats(wit_type element) {
    switch (wit_kind(element)) {
    case WIT_U8:
    case WIT_S8:
        return "Bbc?";
    case WIT_U16:
        return "H";
    case WIT_S16:
        return "h";
    case WIT_U32:
        return "ILN";
    case WIT_S32:
        return "iln";
    case WIT_U64:
        return "Q";
    case WIT_S64:
        return "q";
    case WIT_F32:
        return "f";
    case WIT_F64:
        return "d";
    case WIT_BOOL:
        return "?";
    default:
        return NULL;
    }
}

static bool has_format(const Py_buffer *view, const char *formats) {
    const char *format = view->format ? view->format : "B";
    if (*format == '@' || *format == '=' || *format == '<')
        format++;
    return format[0] && !format[1] && strchr(formats, format[0]);
}

// Whether no code of the app runs when the object is let go of.
static bool is_plain(PyObject *object) {
    return PyBytes_CheckExact(object) || PyByteArray_CheckExact(object) || numbers_are_plain_array(object);
}

// The items without the buffer, which is released: those that a list of the host's has are kept with it, others are
// copied.
static void *without_buffer(struct call *call, PyObject *object, Py_buffer *view, uint32_t alignment) {
    PyObject *owner = numbers_owner(object);
    void *items = owner ? view->buf : call_allocate(call, (size_t)view->len, alignment);
    if (owner && call_keep(call, owner) < 0)
        items = NULL;
    else if (items && !owner)
        memcpy(items, view->buf, (size_t)view->len);
    PyBuffer_Release(view);
    return items;
}

// 1: lowered as it stands, without a copy; 0: not a fitting buffer; -1: an exception.
static int lower_buffer(struct call *call, wit_type element, PyObject *object, uint8_t *to) {
    const char *formats = buffer_formats(element);
    if (!formats || !PyObject_CheckBuffer(object))
        return 0;
    Py_buffer *view = call_keep_buffer(call);
    if (!view)
        return -1;
    if (PyObject_GetBuffer(object, view, PyBUF_CONTIG_RO | PyBUF_FORMAT) < 0) {
        PyErr_Clear();
        return 0;
    }
    uint32_t size = layout_of(element)->size;
    if (view->ndim != 1 || (uint32_t)view->itemsize != size || (uintptr_t)view->buf % size ||
        !has_format(view, formats)) {
        PyBuffer_Release(view);
        return 0;
    }
    size_t length = (size_t)view->len;
    // A list's address may not be null, even if it is empty.
    const void *items = length ? view->buf : (const void *)(uintptr_t)size;
    // The result of an export is let go of when no code of the app may run, and an object with a buffer may have such
    // code.
    if (length && !call->result_arrives && !is_plain(object))
        items = without_buffer(call, object, view, size);
    if (!items)
        return -1;
    return lower_pointer(call, items, length / size, to) < 0 ? -1 : 1;
}

// The commonest items without a function call; false leaves the item to `lower`.
static inline bool store_quickly(enum wit_kind kind, PyObject *item, uint8_t *to) {
    if (kind == WIT_F64 && PyFloat_CheckExact(item)) {
        memcpy(to, &((PyFloatObject *)item)->ob_fval, 8);
        return true;
    }
    if (!PyLong_CheckExact(item) || !PyUnstable_Long_IsCompact((PyLongObject *)item))
        return false;
    Py_ssize_t value = PyUnstable_Long_CompactValue((PyLongObject *)item);
    int64_t wide = value;
    switch (kind) {
    case WIT_U8:
        *to = (uint8_t)value;
        return value >= 0 && value <= UINT8_MAX;
    case WIT_S32:
        memcpy(to, &wide, 4);
        return true;
    case WIT_U32:
        memcpy(to, &wide, 4);
        return value >= 0;
    case WIT_S64:
        memcpy(to, &wide, 8);
        return true;
    case WIT_U64:
        memcpy(to, &wide, 8);
        return value >= 0;
    default:
        return false;
    }
}

// Lowers the items of a list or tuple one after the other; user code that runs meanwhile may change the list.
static int lower_items(struct call *call, wit_type element, PyObject *items, uint8_t *to, const struct place *parent) {
    const struct layout *layout = layout_of(element);
    enum wit_kind kind = wit_kind(element);
    Py_ssize_t count = PySequence_Fast_GET_SIZE(items);
    struct place place = {parent, PLACE_ELEMENT, NULL, 0};
    for (Py_ssize_t i = 0; i < count; i++, to += layout->size) {
        if (i >= PySequence_Fast_GET_SIZE(items))
            return problem(call, parent, PyExc_RuntimeError, "not be changed while it is passed on");
        PyObject *item = PySequence_Fast_GET_ITEM(items, i);
        if (store_quickly(kind, item, to))
            continue;
        place.index = i;
        Py_INCREF(item);
        int status = lower(call, element, item, to, &place);
        Py_DECREF(item);
        if (status < 0)
            return -1;
    }
    return 0;
}

// A view that can not be read item by item: -1 with an exception.
static int check_view(struct call *call, wit_type type, PyObject *object, const struct place *place) {
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_FULL_RO) < 0) {
        PyErr_Clear();
        return problem(call, place, PyExc_ValueError, "not be a memoryview that was released");
    }
    int dimensions = view.ndim;
    PyBuffer_Release(&view);
    return dimensions == 1 ? 0 : problem_type(call, place, type, object);
}

// A list or tuple with the items of any sequence: a new reference, or null with an exception. A str is one for
// characters only: where strings are meant, it is rather a mistake.
static PyObject *sequence_items(struct call *call, wit_type type, PyObject *object, const struct place *place) {
    if (PyList_Check(object) || PyTuple_Check(object))
        return Py_NewRef(object);
    bool is_text = PyUnicode_Check(object) && !world_is(world.wit->lists[wit_index(type)].element, WIT_CHAR);
    if (!PySequence_Check(object) || is_text || PyObject_HasAttrString(object, "keys")) {
        problem_type(call, place, type, object);
        return NULL;
    }
    if (PyMemoryView_Check(object) && check_view(call, type, object, place) < 0)
        return NULL;
    return PySequence_List(object);
}

int lower_list(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    wit_type element = world_resolve(world.wit->lists[wit_index(type)].element);
    int status = lower_buffer(call, element, object, to);
    if (status != 0)
        return status < 0 ? -1 : 0;
    PyObject *items = sequence_items(call, type, object, place);
    if (!items)
        return -1;
    const struct layout *layout = layout_of(element);
    size_t count = (size_t)PySequence_Fast_GET_SIZE(items);
    uint8_t *memory = (uint8_t *)(uintptr_t)layout->alignment;
    if (count > UINT32_MAX / layout->size) {
        PyErr_NoMemory();
        status = -1;
    } else if (count && !(memory = call_allocate(call, count * layout->size, layout->alignment)))
        status = -1;
    else
        status = lower_items(call, element, items, memory, place);
    Py_DECREF(items);
    return status < 0 ? -1 : lower_pointer(call, memory, count, to);
}
