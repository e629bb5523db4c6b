#include "world.h"
#include "guest.h"
#include "layout.h"
#include <string.h>

struct world world;

void wit_dylib_initialize(const wit_world *wit) { world.wit = wit; }

static void *table(size_t count, size_t size) {
    void *items = PyMem_RawCalloc(count ? count : 1, size);
    if (!items)
        PyErr_NoMemory();
    return items;
}

// The tuple `name` of the table, with as many rows as the world has; a new reference.
static PyObject *rows_of(PyObject *module, const char *name, size_t count) {
    PyObject *rows = PyObject_GetAttrString(module, name);
    if (rows && (!PyTuple_Check(rows) || (size_t)PyTuple_GET_SIZE(rows) != count)) {
        PyErr_Format(PyExc_ValueError, "_ampoule_world.%s does not hold the %zu rows of the world's module", name,
                     count);
        Py_CLEAR(rows);
    }
    return rows;
}

static char *copy(PyObject *text) {
    const char *bytes = PyUnicode_AsUTF8(text);
    char *copied = bytes ? PyMem_RawMalloc(strlen(bytes) + 1) : NULL;
    if (copied)
        strcpy(copied, bytes);
    return copied;
}

static PyObject *class_of(PyObject *module_name, PyObject *class_name) {
    PyObject *module = PyImport_Import(module_name);
    PyObject *class = module ? PyObject_GetAttr(module, class_name) : NULL;
    Py_XDECREF(module);
    return class;
}

// "demo:echo/api.move-to"; functions of the world itself stand under the world's name.
static char *label_of(PyObject *module, PyObject *interface, PyObject *name) {
    PyObject *owner = interface == Py_None ? PyObject_GetAttrString(module, "WORLD") : Py_NewRef(interface);
    PyObject *text = owner ? PyUnicode_FromFormat("%U.%U", owner, name) : NULL;
    char *label = text ? copy(text) : NULL;
    Py_XDECREF(owner);
    Py_XDECREF(text);
    return label;
}

static int check_name(PyObject *given, const char *expected, const char *what) {
    if (PyUnicode_Check(given) && PyUnicode_EqualToUTF8(given, expected))
        return 0;
    PyErr_Format(PyExc_ValueError, "_ampoule_world has the %s %R where the world's module has %s", what, given,
                 expected);
    return -1;
}

static int register_function(PyObject *module, PyObject *row, struct function *function, const char *name,
                             size_t parameter_count) {
    PyObject *interface, *wit_name, *parameters;
    PyObject *head = PyTuple_GetSlice(row, 0, 3);
    if (!head || !PyArg_ParseTuple(head, "OUO!", &interface, &wit_name, &PyTuple_Type, &parameters)) {
        Py_XDECREF(head);
        return -1;
    }
    int status = check_name(wit_name, name, "function");
    if (status == 0 && (size_t)PyTuple_GET_SIZE(parameters) != parameter_count) {
        PyErr_Format(PyExc_ValueError, "_ampoule_world gives %U another number of parameters", wit_name);
        status = -1;
    }
    function->label = status == 0 ? label_of(module, interface, wit_name) : NULL;
    function->parameters = function->label ? table(parameter_count, sizeof *function->parameters) : NULL;
    for (size_t i = 0; function->parameters && i < parameter_count; i++)
        if (!(function->parameters[i] = copy(PyTuple_GET_ITEM(parameters, (Py_ssize_t)i))))
            status = -1;
    Py_DECREF(head);
    return function->parameters ? status : -1;
}

static int register_imports(PyObject *module) {
    size_t count = world.wit->import_count;
    PyObject *rows = rows_of(module, "IMPORTS", count);
    world.imports = rows ? table(count, sizeof *world.imports) : NULL;
    int status = world.imports ? 0 : -1;
    for (size_t i = 0; status == 0 && i < count; i++)
        status = register_function(module, PyTuple_GET_ITEM(rows, (Py_ssize_t)i), &world.imports[i],
                                   world.wit->imports[i].name, world.wit->imports[i].parameter_count);
    Py_XDECREF(rows);
    return status;
}

static int register_exports(PyObject *module) {
    size_t count = world.wit->export_count;
    PyObject *rows = rows_of(module, "EXPORTS", count);
    world.exports = rows ? table(count, sizeof *world.exports) : NULL;
    int status = world.exports ? 0 : -1;
    for (size_t i = 0; status == 0 && i < count; i++)
        status = register_function(module, PyTuple_GET_ITEM(rows, (Py_ssize_t)i), &world.exports[i],
                                   world.wit->exports[i].name, world.wit->exports[i].parameter_count);
    Py_XDECREF(rows);
    return status;
}

// An array of the tuple's strings, interned.
static PyObject **intern_all(PyObject *names) {
    PyObject **interned = table((size_t)PyTuple_GET_SIZE(names), sizeof *interned);
    for (Py_ssize_t i = 0; interned && i < PyTuple_GET_SIZE(names); i++) {
        interned[i] = Py_NewRef(PyTuple_GET_ITEM(names, i));
        PyUnicode_InternInPlace(&interned[i]);
    }
    return interned;
}

static int register_record(PyObject *row, struct record *record, const wit_record *wit) {
    PyObject *name, *module, *class, *attributes;
    if (!PyArg_ParseTuple(row, "UUUO!", &name, &module, &class, &PyTuple_Type, &attributes) ||
        check_name(name, wit->name, "record") < 0)
        return -1;
    record->class = class_of(module, class);
    record->attributes = record->class ? intern_all(attributes) : NULL;
    return record->attributes ? 0 : -1;
}

static int register_records(PyObject *module) {
    size_t count = world.wit->record_count;
    PyObject *rows = rows_of(module, "RECORDS", count);
    world.records = rows ? table(count, sizeof *world.records) : NULL;
    int status = world.records ? 0 : -1;
    for (size_t i = 0; status == 0 && i < count; i++)
        status = register_record(PyTuple_GET_ITEM(rows, (Py_ssize_t)i), &world.records[i], &world.wit->records[i]);
    Py_XDECREF(rows);
    return status;
}

static int register_variant(PyObject *row, struct variant *variant, const wit_variant *wit) {
    PyObject *name, *module, *classes;
    if (!PyArg_ParseTuple(row, "UUO!", &name, &module, &PyTuple_Type, &classes) ||
        check_name(name, wit->name, "variant") < 0)
        return -1;
    variant->classes = table(wit->field_count, sizeof *variant->classes);
    for (size_t i = 0; variant->classes && i < wit->field_count; i++)
        if (!(variant->classes[i] = class_of(module, PyTuple_GET_ITEM(classes, (Py_ssize_t)i))))
            return -1;
    return variant->classes ? 0 : -1;
}

static int register_variants(PyObject *module) {
    size_t count = world.wit->variant_count;
    PyObject *rows = rows_of(module, "VARIANTS", count);
    world.variants = rows ? table(count, sizeof *world.variants) : NULL;
    int status = world.variants ? 0 : -1;
    for (size_t i = 0; status == 0 && i < count; i++)
        status = register_variant(PyTuple_GET_ITEM(rows, (Py_ssize_t)i), &world.variants[i], &world.wit->variants[i]);
    Py_XDECREF(rows);
    return status;
}

static int register_names(PyObject *row, struct names *names, const wit_names *wit) {
    PyObject *name, *module, *class, *members;
    if (!PyArg_ParseTuple(row, "UUUO!", &name, &module, &class, &PyTuple_Type, &members) ||
        check_name(name, wit->name, "type") < 0)
        return -1;
    names->class = class_of(module, class);
    names->cache = PyDict_New();
    names->members = names->class && names->cache ? table(wit->name_count, sizeof *names->members) : NULL;
    for (size_t i = 0; names->members && i < wit->name_count; i++)
        if (!(names->members[i] = PyObject_GetAttr(names->class, PyTuple_GET_ITEM(members, (Py_ssize_t)i))))
            return -1;
    return names->members ? 0 : -1;
}

static int register_all_names(PyObject *module, const char *name, struct names **all, const wit_names *wit,
                              size_t count) {
    PyObject *rows = rows_of(module, name, count);
    *all = rows ? table(count, sizeof **all) : NULL;
    int status = *all ? 0 : -1;
    for (size_t i = 0; status == 0 && i < count; i++)
        status = register_names(PyTuple_GET_ITEM(rows, (Py_ssize_t)i), &(*all)[i], &wit[i]);
    Py_XDECREF(rows);
    return status;
}

static int register_fixed_length_lists(PyObject *module) {
    PyObject *indices = PyObject_GetAttrString(module, "FIXED_LENGTH_LISTS");
    world.tuple_is_list = indices ? table(world.wit->tuple_count, sizeof *world.tuple_is_list) : NULL;
    int status = world.tuple_is_list && PyTuple_Check(indices) ? 0 : -1;
    for (Py_ssize_t i = 0; status == 0 && i < PyTuple_GET_SIZE(indices); i++) {
        size_t index = PyLong_AsSize_t(PyTuple_GET_ITEM(indices, i));
        if (index < world.wit->tuple_count)
            world.tuple_is_list[index] = true;
        else
            status = -1;
    }
    if (status < 0 && !PyErr_Occurred())
        PyErr_SetString(PyExc_ValueError, "_ampoule_world.FIXED_LENGTH_LISTS does not fit the world's module");
    Py_XDECREF(indices);
    return status;
}

static int register_helpers(PyObject *module) {
    PyObject *name = PyObject_GetAttrString(module, "TYPES_MODULE");
    PyObject *types = name ? PyImport_Import(name) : NULL;
    Py_XDECREF(name);
    if (!types)
        return -1;
    world.ok = PyObject_GetAttrString(types, "Ok");
    world.err = PyObject_GetAttrString(types, "Err");
    world.some = PyObject_GetAttrString(types, "Some");
    world.value_name = PyUnicode_InternFromString("value");
    world.number_name = PyUnicode_InternFromString("_value_");
    Py_DECREF(types);
    return world.ok && world.err && world.some && world.value_name && world.number_name ? 0 : -1;
}

int world_register(PyObject *module) {
    if (!world.wit || world.wit->version != WIT_METADATA_VERSION) {
        PyErr_SetString(PyExc_RuntimeError, world.wit ? "the world's module has another version of wit-dylib's metadata"
                                                      : "no world's module is linked");
        return -1;
    }
    const wit_world *wit = world.wit;
    if (layout_prepare() < 0 || register_helpers(module) < 0 || register_records(module) < 0 ||
        register_variants(module) < 0 ||
        register_all_names(module, "ENUMS", &world.enums, wit->enums, wit->enum_count) < 0 ||
        register_all_names(module, "FLAGS", &world.flags, wit->flags, wit->flags_count) < 0 ||
        register_fixed_length_lists(module) < 0 || register_imports(module) < 0 || register_exports(module) < 0)
        return -1;
    world.registered = true;
    return 0;
}

int world_register_exports(PyObject *callables) {
    size_t count = world.registered ? world.wit->export_count : 0;
    if (!PyTuple_Check(callables) || (size_t)PyTuple_GET_SIZE(callables) != count) {
        PyErr_Format(PyExc_ValueError, "the world has %zu exports", count);
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        Py_XSETREF(world.exports[i].callable, Py_NewRef(PyTuple_GET_ITEM(callables, (Py_ssize_t)i)));
    return 0;
}
