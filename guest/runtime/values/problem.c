#include "values/problem.h"
#include <stdarg.h>

static const char *const scalar_names[] = {
    [WIT_U8] = "u8",         [WIT_U16] = "u16",
    [WIT_U32] = "u32",       [WIT_U64] = "u64",
    [WIT_S8] = "s8",         [WIT_S16] = "s16",
    [WIT_S32] = "s32",       [WIT_S64] = "s64",
    [WIT_BOOL] = "bool",     [WIT_CHAR] = "char",
    [WIT_F32] = "f32",       [WIT_F64] = "f64",
    [WIT_STRING] = "string", [WIT_ERROR_CONTEXT] = "error-context",
};

// "name<A, B>", the names being stolen references; null parts are passed on.
static PyObject *applied(const char *name, PyObject *first, PyObject *second) {
    PyObject *text = NULL;
    if (first && second)
        text = PyUnicode_FromFormat("%s<%U, %U>", name, first, second);
    Py_XDECREF(first);
    Py_XDECREF(second);
    return text;
}

static PyObject *applied_to_one(const char *name, PyObject *argument) {
    PyObject *text = argument ? PyUnicode_FromFormat("%s<%U>", name, argument) : NULL;
    Py_XDECREF(argument);
    return text;
}

static PyObject *name_or_nothing(wit_type type) {
    return type == WIT_NOTHING ? PyUnicode_FromString("_") : problem_type_name(type);
}

static PyObject *tuple_name(uint32_t index) {
    const wit_tuple *tuple = &world.wit->tuples[index];
    if (world.tuple_meanings[index] == MEANS_ERROR_CONTEXT)
        return PyUnicode_FromString("error-context");
    if (world.tuple_meanings[index] == MEANS_FIXED_LENGTH_LIST)
        return applied("list", problem_type_name(tuple->types[0]), PyUnicode_FromFormat("%zu", tuple->type_count));
    PyObject *text = PyUnicode_FromString("tuple<");
    for (size_t i = 0; text && i < tuple->type_count; i++) {
        PyObject *item = problem_type_name(tuple->types[i]);
        PyObject *longer = item ? PyUnicode_FromFormat("%U%s%U", text, i ? ", " : "", item) : NULL;
        Py_XDECREF(item);
        Py_SETREF(text, longer);
    }
    if (text)
        Py_SETREF(text, PyUnicode_FromFormat("%U>", text));
    return text;
}

PyObject *problem_type_name(wit_type type) {
    const wit_world *wit = world.wit;
    uint32_t index = wit_index(type);
    switch (wit_kind(type)) {
    case WIT_RECORD:
        return PyUnicode_FromString(wit->records[index].name);
    case WIT_VARIANT:
        return PyUnicode_FromString(wit->variants[index].name);
    case WIT_FLAGS:
        return PyUnicode_FromString(wit->flags[index].name);
    case WIT_ENUM:
        return PyUnicode_FromString(wit->enums[index].name);
    case WIT_OWN:
        return PyUnicode_FromString(wit->resources[index].name);
    case WIT_BORROW:
        return PyUnicode_FromFormat("borrow<%s>", wit->resources[index].name);
    case WIT_TUPLE:
        return tuple_name(index);
    case WIT_OPTION:
        return applied_to_one("option", problem_type_name(wit->options[index].payload));
    case WIT_RESULT:
        return applied("result", name_or_nothing(wit->results[index].ok), name_or_nothing(wit->results[index].error));
    case WIT_LIST:
        return applied_to_one("list", problem_type_name(wit->lists[index].element));
    case WIT_MAP:
        return applied("map", problem_type_name(wit->maps[index].key), problem_type_name(wit->maps[index].value));
    case WIT_FUTURE:
        return applied_to_one("future", name_or_nothing(wit->futures[index].payload));
    case WIT_STREAM:
        return applied_to_one("stream", name_or_nothing(wit->streams[index].payload));
    case WIT_ALIAS:
        return PyUnicode_FromString(wit->aliases[index].name);
    default:
        return PyUnicode_FromString(scalar_names[wit_kind(type)]);
    }
}

static PyObject *place_text(const struct place *place) {
    if (!place->parent)
        return place->name ? PyUnicode_FromFormat("parameter %s", place->name) : PyUnicode_FromString("the result");
    PyObject *parent = place_text(place->parent);
    PyObject *text = NULL;
    // "the result.x" reads badly.
    if (parent && !place->parent->parent && !place->parent->name)
        Py_SETREF(parent, PyUnicode_FromString("result"));
    if (parent) {
        switch (place->step) {
        case PLACE_FIELD:
            text = PyUnicode_FromFormat("%U.%s", parent, place->name);
            break;
        case PLACE_KEY:
            text = PyUnicode_FromFormat("list(%U)[%zd]", parent, place->index);
            break;
        case PLACE_ENTRY:
            text = PyUnicode_FromFormat("list(%U.values())[%zd]", parent, place->index);
            break;
        default:
            text = PyUnicode_FromFormat("%U[%zd]", parent, place->index);
        }
    }
    Py_XDECREF(parent);
    return text;
}

PyObject *problem_subject(const struct call *call, const struct place *place) {
    PyObject *where = place_text(place);
    PyObject *subject = where ? PyUnicode_FromFormat("%s(): %U", call->function->label, where) : NULL;
    Py_XDECREF(where);
    return subject;
}

int problem(const struct call *call, const struct place *place, PyObject *exception, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    PyObject *rest = PyUnicode_FromFormatV(format, arguments);
    va_end(arguments);
    PyObject *subject = problem_subject(call, place);
    if (rest && subject)
        PyErr_Format(exception, "%U must %U", subject, rest);
    Py_XDECREF(rest);
    Py_XDECREF(subject);
    return -1;
}

// What to do about a wrapper in the place of the value that is meant.
static const char *advice(const struct place *place, PyObject *given) {
    bool is_returned = !place->parent && !place->name;
    if (PyObject_TypeCheck(given, (PyTypeObject *)world.some))
        return is_returned ? ": return the value itself" : ": give the value itself";
    if (is_returned && PyObject_TypeCheck(given, (PyTypeObject *)world.ok))
        return ": return the value itself";
    if (is_returned && PyObject_TypeCheck(given, (PyTypeObject *)world.err))
        return ": raise it";
    return "";
}

int problem_type(const struct call *call, const struct place *place, wit_type type, PyObject *given) {
    PyObject *name = problem_type_name(type);
    if (name)
        problem(call, place, PyExc_TypeError, "be %U, not %s%s", name,
                given == Py_None ? "None" : Py_TYPE(given)->tp_name, advice(place, given));
    Py_XDECREF(name);
    return -1;
}

// An AttributeError that the app's own code raised is kept as the cause.
static void set_cause(PyObject *error) {
    PyObject *traceback = error ? PyException_GetTraceback(error) : NULL;
    PyObject *exception = PyErr_GetRaisedException();
    if (traceback && exception)
        PyException_SetCause(exception, Py_NewRef(error));
    PyErr_SetRaisedException(exception);
    Py_XDECREF(traceback);
}

int problem_attribute(const struct call *call, const struct place *place, wit_type type, PyObject *given,
                      PyObject *attribute) {
    if (!PyErr_ExceptionMatches(PyExc_AttributeError))
        return -1;
    PyObject *error = PyErr_GetRaisedException();
    PyObject *name = problem_type_name(type);
    if (name)
        problem(call, place, PyExc_TypeError, "be %U: %s has no attribute '%U'%s", name,
                given == Py_None ? "None" : Py_TYPE(given)->tp_name, attribute, advice(place, given));
    set_cause(error);
    Py_XDECREF(error);
    Py_XDECREF(name);
    return -1;
}

int problem_length(const struct call *call, const struct place *place, wit_type type, size_t wanted, Py_ssize_t given) {
    PyObject *name = problem_type_name(type);
    if (name)
        problem(call, place, PyExc_ValueError, "be %U, with exactly %zu items, not %zd", name, wanted, given);
    Py_XDECREF(name);
    return -1;
}

int problem_case(const struct call *call, const struct place *place, wit_type type, const char *cases,
                 PyObject *given) {
    PyObject *name = problem_type_name(type);
    if (name)
        problem(call, place, PyExc_TypeError, "be %U, as %s, not %s", name, cases,
                given == Py_None ? "None" : Py_TYPE(given)->tp_name);
    Py_XDECREF(name);
    return -1;
}

int problem_resource(const struct call *call, const struct place *place, wit_type type, PyObject *given) {
    const wit_resource *resource = &world.wit->resources[wit_index(type)];
    PyObject *name = problem_type_name(type);
    // Classes of the same name are told apart by their modules.
    if (name && given == Py_None)
        problem(call, place, PyExc_TypeError, "be %U, not None", name);
    else if (name && resource->create)
        problem(call, place, PyExc_TypeError, "be %U, of the class %N or with its methods, not %T", name,
                world.resources[wit_index(type)].class, given);
    else if (name)
        problem(call, place, PyExc_TypeError, "be %U, of the class %N, not %T", name,
                world.resources[wit_index(type)].class, given);
    Py_XDECREF(name);
    return -1;
}

int problem_range(const struct call *call, const struct place *place, wit_type type, PyObject *given) {
    static const char *const ranges[] = {
        [WIT_U8] = "0 to 255",
        [WIT_U16] = "0 to 65535",
        [WIT_U32] = "0 to 4294967295",
        [WIT_U64] = "0 to 18446744073709551615",
        [WIT_S8] = "-128 to 127",
        [WIT_S16] = "-32768 to 32767",
        [WIT_S32] = "-2147483648 to 2147483647",
        [WIT_S64] = "-9223372036854775808 to 9223372036854775807",
        [WIT_F32] = "up to 1.8e308 on either side",
        [WIT_F64] = "up to 1.8e308 on either side",
    };
    PyErr_Clear();
    bool is_float = wit_kind(type) == WIT_F32 || wit_kind(type) == WIT_F64;
    PyObject *text = is_float ? NULL : PyObject_Repr(given);
    if (!text) { // too many digits
        PyErr_Clear();
        text = PyUnicode_FromString("a far larger number");
    }
    if (text)
        problem(call, place, PyExc_OverflowError, "be %s (%s), not %U", scalar_names[wit_kind(type)],
                ranges[wit_kind(type)], text);
    Py_XDECREF(text);
    return -1;
}
