#include "world/world.h"
#include "life/guest.h"
#include "world/layout.h"
#include "world/record.h"
#include "values/numbers.h"
#include "resources/resource.h"
#include "world/asynchronous.h"
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

// "demo:echo/api.move-to"; functions of the world itself stand under the world's name. Of "[method]thing.name" the kind
// is left out.
static char *label_of(PyObject *module, PyObject *interface, const char *name) {
    PyObject *owner = interface == Py_None ? PyObject_GetAttrString(module, "WORLD") : Py_NewRef(interface);
    const char *bracket = strchr(name, ']');
    PyObject *text = owner ? PyUnicode_FromFormat("%U.%s", owner, bracket ? bracket + 1 : name) : NULL;
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
    function->label = status == 0 ? label_of(module, interface, name) : NULL;
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
    return record->attributes ? record_prepare(record, wit->field_count) : -1;
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

static bool is_class_of_handles(PyObject *class) {
    return PyType_Check(class) && PyType_IsSubtype((PyTypeObject *)class, &resource_type);
}

static int register_resource(PyObject *row, struct resource_names *resource, const wit_resource *wit) {
    PyObject *name, *interface, *module, *class, *methods;
    if (!PyArg_ParseTuple(row, "UOUUO!", &name, &interface, &module, &class, &PyTuple_Type, &methods) ||
        check_name(name, wit->name, "resource") < 0)
        return -1;
    // The app's class of an exported resource comes later, with the exports.
    resource->class = wit->create ? Py_NewRef(Py_None) : class_of(module, class);
    if (resource->class && !wit->create && !is_class_of_handles(resource->class)) {
        PyErr_Format(PyExc_TypeError, "%R does not derive from componentize_py_runtime.Resource", resource->class);
        return -1;
    }
    resource->method_count = (size_t)PyTuple_GET_SIZE(methods);
    resource->methods = intern_all(methods);
    return resource->class && resource->methods ? 0 : -1;
}

static int register_resources(PyObject *module) {
    size_t count = world.wit->resource_count;
    PyObject *rows = rows_of(module, "RESOURCES", count);
    world.resources = rows ? table(count, sizeof *world.resources) : NULL;
    int status = world.resources ? 0 : -1;
    for (size_t i = 0; status == 0 && i < count; i++)
        status =
            register_resource(PyTuple_GET_ITEM(rows, (Py_ssize_t)i), &world.resources[i], &world.wit->resources[i]);
    Py_XDECREF(rows);
    return status;
}

// The tuples whose indices the table has under this name mean something else.
static int register_meaning(PyObject *module, const char *name, enum tuple_meaning meaning) {
    PyObject *indices = PyObject_GetAttrString(module, name);
    int status = indices && PyTuple_Check(indices) ? 0 : -1;
    for (Py_ssize_t i = 0; status == 0 && i < PyTuple_GET_SIZE(indices); i++) {
        size_t index = PyLong_AsSize_t(PyTuple_GET_ITEM(indices, i));
        if (index < world.wit->tuple_count)
            world.tuple_meanings[index] = meaning;
        else
            status = -1;
    }
    if (status < 0 && !PyErr_Occurred())
        PyErr_Format(PyExc_ValueError, "_ampoule_world.%s does not fit the world's module", name);
    Py_XDECREF(indices);
    return status;
}

static int register_meanings(PyObject *module) {
    world.tuple_meanings = table(world.wit->tuple_count, sizeof *world.tuple_meanings);
    if (!world.tuple_meanings || register_meaning(module, "FIXED_LENGTH_LISTS", MEANS_FIXED_LENGTH_LIST) < 0)
        return -1;
    return register_meaning(module, "ERROR_CONTEXTS", MEANS_ERROR_CONTEXT);
}

// The imports that make, read and drop error contexts, if the world has any.
static int register_error_context_imports(PyObject *module) {
    PyObject *indices = PyObject_GetAttrString(module, "ERROR_CONTEXT_IMPORTS");
    int status = indices && PyTuple_Check(indices) ? 0 : -1;
    if (status == 0 && PyTuple_GET_SIZE(indices) > 0 &&
        !PyArg_ParseTuple(indices, "nnn", &world.error_context.new, &world.error_context.debug_message,
                          &world.error_context.drop))
        status = -1;
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
    world.error_context.class = PyObject_GetAttrString(types, "ErrorContext");
    world.value_name = PyUnicode_InternFromString("value");
    world.number_name = PyUnicode_InternFromString("_value_");
    world.debug_message_name = PyUnicode_InternFromString("debug_message");
    Py_DECREF(types);
    bool complete = world.ok && world.err && world.some && world.error_context.class && world.value_name &&
                    world.number_name && world.debug_message_name;
    return complete ? 0 : -1;
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
        register_resources(module) < 0 || register_meanings(module) < 0 || numbers_register(module) < 0 ||
        register_error_context_imports(module) < 0 || register_imports(module) < 0 || register_exports(module) < 0)
        return -1;
    world.registered = true;
    return asynchronous ? asynchronous->register_channels(module) : 0;
}

static int check_count(PyObject *items, size_t count, const char *what) {
    if (PyTuple_Check(items) && (size_t)PyTuple_GET_SIZE(items) == count)
        return 0;
    PyErr_Format(PyExc_ValueError, "the world has %zu %s", count, what);
    return -1;
}

// A bound method is taken apart, so that a call goes to its function at once.
static void register_callable(struct function *function, PyObject *callable) {
    bool is_bound = PyMethod_Check(callable);
    Py_XSETREF(function->self, is_bound ? Py_NewRef(PyMethod_GET_SELF(callable)) : NULL);
    Py_XSETREF(function->callable, Py_NewRef(is_bound ? PyMethod_GET_FUNCTION(callable) : callable));
}

int world_register_exports(PyObject *callables, PyObject *classes) {
    size_t export_count = world.registered ? world.wit->export_count : 0;
    size_t resource_count = world.registered ? world.wit->resource_count : 0;
    if (check_count(callables, export_count, "exports") < 0 || check_count(classes, resource_count, "resources") < 0)
        return -1;
    for (size_t i = 0; i < export_count; i++)
        register_callable(&world.exports[i], PyTuple_GET_ITEM(callables, (Py_ssize_t)i));
    for (size_t i = 0; i < resource_count; i++)
        if (world.wit->resources[i].create)
            Py_XSETREF(world.resources[i].class, Py_NewRef(PyTuple_GET_ITEM(classes, (Py_ssize_t)i)));
    return 0;
}
