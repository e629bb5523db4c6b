#include "values/lower.h"

// The object's `value`, lowered as the payload of a case of `type`.
static int lower_value(struct call *call, wit_type type, wit_type payload, PyObject *object, uint8_t *to,
                       const struct place *place) {
    struct place inner = {place, PLACE_FIELD, "value", 0};
    PyObject *value = PyObject_GetAttr(object, world.value_name);
    if (!value)
        return problem_attribute(call, place, type, object, world.value_name);
    int status = lower(call, payload, value, to, &inner);
    Py_DECREF(value);
    return status;
}

static uint8_t *payload_at(wit_type type, uint8_t *to) { return to ? to + layout_of(type)->payload : NULL; }

int lower_option(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    wit_type payload = world.wit->options[wit_index(type)].payload;
    if (lower_scalar(call, object != Py_None, 1, to) < 0)
        return -1;
    if (object == Py_None)
        return 0;
    if (!world_is(payload, WIT_OPTION))
        return lower(call, payload, object, payload_at(type, to), place);
    int is_some = PyObject_IsInstance(object, world.some);
    if (is_some < 0)
        return -1;
    if (!is_some)
        return problem_case(call, place, type, "None or Some(...)", object);
    return lower_value(call, type, payload, object, payload_at(type, to), place);
}

int lower_outcome(struct call *call, wit_type type, bool is_error, PyObject *payload, uint8_t *to,
                  const struct place *place) {
    const wit_result *result = &world.wit->results[wit_index(type)];
    wit_type payload_type = is_error ? result->error : result->ok;
    if (lower_scalar(call, is_error, 1, to) < 0)
        return -1;
    return payload_type == WIT_NOTHING ? 0 : lower(call, payload_type, payload, payload_at(type, to), place);
}

int lower_result(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    int is_error = PyObject_IsInstance(object, world.err);
    int is_ok = is_error ? 0 : PyObject_IsInstance(object, world.ok);
    if (is_error < 0 || is_ok < 0)
        return -1;
    if (!is_error && !is_ok)
        return problem_case(call, place, type, "Ok(...) or Err(...)", object);
    PyObject *value = PyObject_GetAttr(object, world.value_name);
    if (!value)
        return problem_attribute(call, place, type, object, world.value_name);
    struct place inner = {place, PLACE_FIELD, "value", 0};
    int status = lower_outcome(call, type, is_error, value, to, &inner);
    Py_DECREF(value);
    return status;
}

// The case whose class is the object's, or a base of it; -1: none, -2: an exception.
static Py_ssize_t find_case(uint32_t index, PyObject *object) {
    PyObject **classes = world.variants[index].classes;
    Py_ssize_t count = (Py_ssize_t)world.wit->variants[index].field_count;
    for (Py_ssize_t i = 0; i < count; i++)
        if ((PyObject *)Py_TYPE(object) == classes[i])
            return i;
    for (Py_ssize_t i = 0; i < count; i++) {
        int is_instance = PyObject_IsInstance(object, classes[i]);
        if (is_instance)
            return is_instance < 0 ? -2 : i;
    }
    return -1;
}

int lower_variant(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    uint32_t index = wit_index(type);
    const wit_variant *variant = &world.wit->variants[index];
    Py_ssize_t found = find_case(index, object);
    if (found < 0)
        return found == -1 ? problem_type(call, place, type, object) : -1;
    if (lower_scalar(call, (uint64_t)found, layout_discriminant(variant->field_count), to) < 0)
        return -1;
    wit_type payload = variant->fields[found].type;
    return payload == WIT_NOTHING ? 0 : lower_value(call, type, payload, object, payload_at(type, to), place);
}

// The number of an enum's member or of flags; -1 with an exception.
static int64_t member_number(struct call *call, wit_type type, PyObject *class, PyObject *object,
                             const struct place *place) {
    int is_instance = (PyObject *)Py_TYPE(object) == class ? 1 : PyObject_IsInstance(object, class);
    if (is_instance < 0)
        return -1;
    if (!is_instance)
        return problem_type(call, place, type, object);
    PyObject *number = PyObject_GetAttr(object, world.number_name);
    if (!number)
        return problem_attribute(call, place, type, object, world.number_name);
    int64_t value = PyLong_AsLongLong(number);
    Py_DECREF(number);
    return value;
}

int lower_enum(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    uint32_t index = wit_index(type);
    size_t count = world.wit->enums[index].name_count;
    int64_t number = member_number(call, type, world.enums[index].class, object, place);
    if (number < 0)
        return -1;
    if ((size_t)number >= count)
        return problem_type(call, place, type, object);
    return lower_scalar(call, (uint64_t)number, layout_discriminant(count), to);
}

int lower_flags(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    uint32_t index = wit_index(type);
    int64_t bits = member_number(call, type, world.flags[index].class, object, place);
    if (bits < 0)
        return PyErr_Occurred() ? -1 : problem_type(call, place, type, object);
    if (bits >> world.wit->flags[index].name_count)
        return problem(call, place, PyExc_ValueError, "be %s, which has no bits beyond its %zu flags: %R",
                       world.wit->flags[index].name, world.wit->flags[index].name_count, object);
    return lower_scalar(call, (uint64_t)bits, layout_of(type)->size, to);
}
