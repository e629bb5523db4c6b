#include "values/lower.h"

static int lower_entry(struct call *call, const wit_map *map, PyObject *entry, Py_ssize_t index, uint8_t *key_to,
                       uint8_t *value_to, const struct place *parent) {
    struct place key = {parent, PLACE_KEY, NULL, index};
    struct place value = {parent, PLACE_ENTRY, NULL, index};
    if (lower(call, map->key, PyTuple_GET_ITEM(entry, 0), key_to, &key) < 0)
        return -1;
    return lower(call, map->value, PyTuple_GET_ITEM(entry, 1), value_to, &value);
}

// On the tape: the number of entries, then each key and value.
static int lower_to_tape(struct call *call, const wit_map *map, PyObject *entries, const struct place *place) {
    Py_ssize_t count = PyList_GET_SIZE(entries);
    if (call_write(call, (uint64_t)count) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < count; i++)
        if (lower_entry(call, map, PyList_GET_ITEM(entries, i), i, NULL, NULL, place) < 0)
            return -1;
    return 0;
}

// In memory: a list of key and value pairs.
static int lower_to_memory(struct call *call, uint32_t index, PyObject *entries, uint8_t *to,
                           const struct place *place) {
    const struct layout *layout = layout_of_map_entry(index);
    Py_ssize_t count = PyList_GET_SIZE(entries);
    uint8_t *memory = (uint8_t *)(uintptr_t)layout->alignment;
    if (count && !(memory = call_allocate(call, (size_t)count * layout->size, layout->alignment)))
        return -1;
    for (Py_ssize_t i = 0; i < count; i++) {
        uint8_t *entry = memory + (size_t)i * layout->size;
        if (lower_entry(call, &world.wit->maps[index], PyList_GET_ITEM(entries, i), i, entry + layout->offsets[0],
                        entry + layout->offsets[1], place) < 0)
            return -1;
    }
    return lower_pointer(call, memory, (size_t)count, to);
}

int lower_map(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    if (!PyMapping_Check(object) || !PyObject_HasAttrString(object, "items"))
        return problem_type(call, place, type, object);
    PyObject *entries = PyMapping_Items(object);
    if (!entries)
        return -1;
    uint32_t index = wit_index(type);
    int status = to ? lower_to_memory(call, index, entries, to, place)
                    : lower_to_tape(call, &world.wit->maps[index], entries, place);
    Py_DECREF(entries);
    return status;
}
