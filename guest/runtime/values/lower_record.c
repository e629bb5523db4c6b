#include "values/lower.h"
#include "world/record.h"

int lower_record(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    uint32_t index = wit_index(type);
    const wit_record *record = &world.wit->records[index];
    const struct layout *layout = to ? layout_of(type) : NULL;
    struct place inner = {place, PLACE_FIELD, NULL, 0};
    for (size_t i = 0; i < record->field_count; i++) {
        PyObject *name = world.records[index].attributes[i];
        PyObject *value = record_field(&world.records[index], object, i);
        if (!value)
            value = PyObject_GetAttr(object, name);
        if (!value)
            return problem_attribute(call, place, type, object, name);
        inner.name = PyUnicode_AsUTF8(name);
        int status = lower(call, record->fields[i].type, value, to ? to + layout->offsets[i] : NULL, &inner);
        Py_DECREF(value);
        if (status < 0)
            return -1;
    }
    return 0;
}

int lower_tuple(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    uint32_t index = wit_index(type);
    const wit_tuple *tuple = &world.wit->tuples[index];
    if (world.tuple_meanings[index] == MEANS_ERROR_CONTEXT)
        return lower_error_context(call, object, to, place);
    const struct layout *layout = to ? layout_of(type) : NULL;
    if (!PySequence_Check(object) || PyUnicode_Check(object))
        return problem_type(call, place, type, object);
    PyObject *items = PySequence_Tuple(object);
    if (!items)
        return -1;
    int status = 0;
    struct place inner = {place, PLACE_ELEMENT, NULL, 0};
    if ((size_t)PyTuple_GET_SIZE(items) != tuple->type_count)
        status = problem_length(call, place, type, tuple->type_count, PyTuple_GET_SIZE(items));
    for (size_t i = 0; status == 0 && i < tuple->type_count; i++) {
        inner.index = (Py_ssize_t)i;
        status = lower(call, tuple->types[i], PyTuple_GET_ITEM(items, i), to ? to + layout->offsets[i] : NULL, &inner);
    }
    Py_DECREF(items);
    return status;
}
