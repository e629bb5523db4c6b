#include "resources/resource.h"
#include "calls/call.h"
#include "life/guest.h"
#include "values/lift.h"
#include "values/lower.h"
#include "resources/transfer.h"

struct resource {
    PyObject ob_base;
    uint32_t index; // among the world's resources
    uint32_t handle;
    uint32_t lent; // how often calls under way have it as a borrow
    enum { EMPTY, OWNED, BORROWED, DROPPED, MOVED, EXPIRED } state;
    bool leaves;  // the call that is being prepared takes it
    bool lingers; // it was dropped while a call has it: the handle goes when that is over
};

static void drop(struct resource *resource) {
    if (resource->state != OWNED && resource->state != BORROWED)
        return;
    resource->state = DROPPED;
    // The host traps where a handle that is lent is dropped.
    if (resource->lent || resource->leaves)
        resource->lingers = true;
    else
        world.wit->resources[resource->index].drop(resource->handle);
}

static void drop_lingering(struct resource *resource) {
    if (!resource->lingers || resource->lent || resource->leaves)
        return;
    resource->lingers = false;
    world.wit->resources[resource->index].drop(resource->handle);
}

static void deallocate(PyObject *object) {
    drop((struct resource *)object);
    Py_TYPE(object)->tp_free(object);
}

static int refuse_construction(PyObject *object, PyObject *arguments, PyObject *keywords) {
    (void)arguments;
    (void)keywords;
    PyErr_Format(PyExc_TypeError,
                 "%T has no constructor in WIT: its instances come from the functions that return them", object);
    return -1;
}

static PyObject *drop_now(PyObject *object, PyObject *nothing) {
    (void)nothing;
    drop((struct resource *)object);
    return Py_NewRef(Py_None);
}

static PyMethodDef methods[] = {
    {"_drop", drop_now, METH_NOARGS, "_drop($self, /)\n--\n\nDrop the handle now, if there is one."},
    {NULL, NULL, 0, NULL},
};

PyTypeObject resource_type = {
    .ob_base = PyVarObject_HEAD_INIT(NULL, 0).tp_name = "componentize_py_runtime.Resource",
    .tp_doc = "A resource of the host: what the classes of imported resources derive from.",
    .tp_basicsize = sizeof(struct resource),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = PyType_GenericNew,
    .tp_init = refuse_construction,
    .tp_dealloc = deallocate,
    .tp_methods = methods,
};

static PyObject *new_object(uint32_t index, uint32_t handle, int state) {
    PyTypeObject *class = (PyTypeObject *)world.resources[index].class;
    struct resource *resource = (struct resource *)class->tp_alloc(class, 0);
    if (!resource)
        return NULL;
    resource->index = index;
    resource->handle = handle;
    resource->state = state;
    return (PyObject *)resource;
}

int resource_construct(PyObject *object, PyObject *made) {
    if (!PyObject_TypeCheck(made, &resource_type) || !PyObject_TypeCheck(object, Py_TYPE(made))) {
        PyErr_Format(PyExc_TypeError, "the constructor of %T was called for an object that is none: %T", made, object);
        return -1;
    }
    struct resource *to = (struct resource *)object, *from = (struct resource *)made;
    if (to->lent || to->leaves || to->lingers) {
        PyErr_Format(PyExc_ValueError, "the constructor of %T was called for an object that a call under way has",
                     made);
        return -1;
    }
    drop(to);
    to->index = from->index;
    to->handle = from->handle;
    to->state = from->state;
    from->state = MOVED;
    return 0;
}

void resource_return(PyObject *object) {
    struct resource *resource = (struct resource *)object;
    resource->lent--;
    drop_lingering(resource);
}

void resource_leave(PyObject *object, bool taken) {
    struct resource *resource = (struct resource *)object;
    resource->leaves = false;
    if (taken) {
        resource->state = MOVED;
        resource->lingers = false;
    } else
        drop_lingering(resource);
}

void resource_expire(PyObject *object) {
    struct resource *resource = (struct resource *)object;
    bool was_borrowed = resource->state == BORROWED;
    drop(resource);
    if (was_borrowed)
        resource->state = EXPIRED;
}

// The representation of an exported resource is a reference to its object.
static PyObject *object_of(size_t representation) { return (PyObject *)representation; }

uint32_t resource_export(uint32_t index, PyObject *object) {
    return world.wit->resources[index].create((size_t)Py_NewRef(object));
}

void wit_dylib_resource_dtor(size_t index, size_t representation) {
    (void)index;
    ampoule_renew();
    Py_DECREF(object_of(representation));
    ampoule_flush();
}

PyObject *lift_own(uint32_t index, uint32_t handle) {
    const wit_resource *resource = &world.wit->resources[index];
    if (!resource->representation)
        return new_object(index, handle, OWNED);
    PyObject *object = Py_NewRef(object_of(resource->representation(handle)));
    resource->drop(handle);
    return object;
}

PyObject *lift_borrow(struct call *call, uint32_t index, uint32_t handle) {
    if (world.wit->resources[index].representation)
        return Py_NewRef(object_of(handle));
    PyObject *object = new_object(index, handle, BORROWED);
    if (object && transfer_note(call, TRANSFER_BORROW, index, object, NULL) < 0)
        Py_CLEAR(object);
    return object;
}

// Why a resource can not be used: -1 with an exception.
static int problem_state(const struct call *call, const struct place *place, const struct resource *resource,
                         const char *name) {
    static const char *const reasons[] = {
        [EMPTY] = "its constructor was not called",
        [DROPPED] = "it was dropped",
        [MOVED] = "it was passed on to a new owner",
        [EXPIRED] = "it was only lent, for a call that is over",
    };
    return problem(call, place, PyExc_ValueError, "be %s that can be used: %s", name, reasons[resource->state]);
}

static int lower_imported(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    uint32_t index = wit_index(type);
    const char *name = world.wit->resources[index].name;
    bool is_own = wit_kind(type) == WIT_OWN;
    struct resource *resource = (struct resource *)object;
    // The index tells even where a class derives from those of several resources.
    if (!PyObject_TypeCheck(object, (PyTypeObject *)world.resources[index].class) ||
        (resource->state != EMPTY && resource->index != index))
        return problem_resource(call, place, type, object);
    if (resource->state != OWNED && resource->state != BORROWED)
        return problem_state(call, place, resource, name);
    if (is_own && resource->state == BORROWED)
        return problem(call, place, PyExc_ValueError, "be %s of one's own to pass on: it is only lent, for this call",
                       name);
    if (resource->leaves || (is_own && resource->lent))
        return problem(call, place, PyExc_ValueError, "be %s of its own: %s has it", name,
                       resource->leaves ? "another part of the arguments"
                                        : "another part of the arguments or a call under way");
    if (transfer_note(call, is_own ? TRANSFER_MOVE : TRANSFER_LEND, index, object, to) < 0)
        return -1;
    if (is_own)
        resource->leaves = true;
    else
        resource->lent++;
    return lower_scalar(call, resource->handle, 4, to);
}

// Whether an object can stand for an exported resource: an instance of its class, or of any that has its methods.
static int implements(const struct resource_names *resource, PyObject *object) {
    int is_instance = PyObject_IsInstance(object, resource->class);
    if (is_instance || !resource->method_count)
        return is_instance;
    for (size_t i = 0; i < resource->method_count; i++)
        if (!PyObject_HasAttr((PyObject *)Py_TYPE(object), resource->methods[i]))
            return 0;
    return 1;
}

int lower_handle(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    uint32_t index = wit_index(type);
    if (!world.wit->resources[index].create)
        return lower_imported(call, type, object, to, place);
    int fits = implements(&world.resources[index], object);
    if (fits < 0)
        return -1;
    if (!fits)
        return problem_resource(call, place, type, object);
    // The world's imports know nothing of what it exports, so that no borrow of one ever leaves.
    if (transfer_note(call, TRANSFER_EXPORT, index, object, to) < 0)
        return -1;
    return lower_scalar(call, 0, 4, to);
}
