// Late imports from the image: where a module is, and its bytecode, without asking the file system for either.

#include "files/modules.h"
#include "files/handles.h"
#include <marshal.h>
#include <string.h>
#include <wasi/wasip2.h>

// In front of the bytecode in a `.pyc` (PEP 552): the magic number, and flags, a time and a size, which are not looked
// at where there is no source.
enum { PYC_HEADER = 16, PYC_FLAGS = 3 };

static enum { NOT_ASKED, ASIDE, IN_THE_WAY } folders_of_host = NOT_ASKED;

void ampoule_forget_folders_of_host(void) { folders_of_host = NOT_ASKED; }

// A path without what does not count at its start, as the C library has the host's.
static wasip2_string_t relative(wasip2_string_t path) {
    while (path.len && (path.ptr[0] == '/' || (path.ptr[0] == '.' && (path.len == 1 || path.ptr[1] == '/'))))
        path.ptr++, path.len--;
    while (path.len && path.ptr[path.len - 1] == '/')
        path.len--;
    return path;
}

static bool is_within(wasip2_string_t path, wasip2_string_t folder) {
    return path.len >= folder.len && memcmp(path.ptr, folder.ptr, folder.len) == 0 &&
           (path.len == folder.len || path.ptr[folder.len] == '/');
}

// Whether a path is in a folder that the image takes for itself, other than / as a whole.
static bool is_in_mount(const struct image *image, wasip2_string_t path) {
    const struct mount *mounts = image_mounts(image);
    for (uint32_t i = 0; i < image->mount_count; i++) {
        wasip2_string_t mount =
            relative((wasip2_string_t){(uint8_t *)image_bytes(image, mounts[i].path), mounts[i].path_length});
        if (mount.len && is_within(path, mount))
            return true;
    }
    return false;
}

// Whether no folder of the host's lies in one of the image's, or in its place.
static bool host_is_aside(const struct image *image) {
    if (folders_of_host == NOT_ASKED) {
        filesystem_preopens_list_tuple2_own_descriptor_string_t folders;
        host_get_directories((uint8_t *)&folders);
        folders_of_host = ASIDE;
        for (size_t i = 0; i < folders.len; i++)
            if (is_in_mount(image, relative(folders.ptr[i].f1)))
                folders_of_host = IN_THE_WAY;
        filesystem_preopens_list_tuple2_own_descriptor_string_free(&folders);
    }
    return folders_of_host == ASIDE;
}

// Null if a text cannot be in UTF-8, as all names in the image are.
static const char *utf8(PyObject *text, Py_ssize_t *length) {
    const char *bytes = PyUnicode_AsUTF8AndSize(text, length);
    if (!bytes)
        PyErr_Clear();
    return bytes;
}

// What is at a path of the image; null if nothing is, or if the file system is to say.
static const struct node *node_at(const struct image *image, PyObject *path) {
    Py_ssize_t length;
    const char *text = image && PyUnicode_Check(path) ? utf8(path, &length) : NULL;
    if (!text || !length || text[0] != '/' || text[length - 1] == '/')
        return NULL;
    wasip2_string_t place = relative((wasip2_string_t){(uint8_t *)text, (size_t)length});
    const struct node *node;
    uint8_t error;
    if (!is_in_mount(image, place) || !host_is_aside(image) ||
        !image_find(image, image->nodes, (const char *)place.ptr, place.len, &node, &error))
        return NULL;
    return node;
}

// Longer ones, and what no file can have in its name, are left to the file system.
enum { LONGEST_NAME = 200, LONGEST_SUFFIX = 50 };

static bool is_file_name(const char *text, Py_ssize_t length) {
    return length && length <= LONGEST_NAME && strlen(text) == (size_t)length && !strchr(text, '/');
}

// A child of a folder, by a name and a suffix.
static const struct node *child(const struct image *image, const struct node *folder, const char *name,
                                const char *suffix) {
    char path[LONGEST_NAME + LONGEST_SUFFIX + 1];
    size_t length = (size_t)(stpcpy(stpcpy(path, name), suffix) - path);
    const struct node *node;
    uint8_t error;
    return image_find(image, folder, path, length, &node, &error) ? node : NULL;
}

// The first of the suffixes that makes a file of a name; -1 if none does.
static Py_ssize_t find_file(const struct image *image, const struct node *folder, const char *name,
                            PyObject *suffixes) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(suffixes); i++) {
        Py_ssize_t length;
        const char *suffix = utf8(PyTuple_GET_ITEM(suffixes, i), &length);
        const struct node *file = suffix && length <= LONGEST_SUFFIX ? child(image, folder, name, suffix) : NULL;
        if (file && file->kind != NODE_FOLDER)
            return i;
    }
    return -1;
}

static PyObject *found(const char *format, PyObject *folder, PyObject *name, PyObject *suffixes, Py_ssize_t suffix,
                       PyObject *is_package) {
    PyObject *path = PyUnicode_FromFormat(format, folder, name, PyTuple_GET_ITEM(suffixes, suffix));
    return path ? Py_BuildValue("NnO", path, suffix, is_package) : NULL;
}

PyObject *ampoule_find_module(PyObject *module, PyObject *arguments) {
    PyObject *folder, *name, *suffixes;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "OUO!:find_module", &folder, &name, &PyTuple_Type, &suffixes))
        return NULL;
    const struct image *image = ampoule_image();
    const struct node *place = node_at(image, folder);
    Py_ssize_t length;
    const char *text = utf8(name, &length);
    if (!place || place->kind != NODE_FOLDER || !text || !is_file_name(text, length))
        return Py_NewRef(Py_None);
    const struct node *package = child(image, place, text, "");
    bool has_folder = package && package->kind == NODE_FOLDER;
    Py_ssize_t suffix = has_folder ? find_file(image, package, "__init__", suffixes) : -1;
    if (suffix >= 0)
        return found("%U/%U/__init__%U", folder, name, suffixes, suffix, Py_True);
    suffix = find_file(image, place, text, suffixes);
    if (suffix >= 0)
        return found("%U/%U%U", folder, name, suffixes, suffix, Py_False);
    // A folder without __init__ may be a part of a namespace package.
    return Py_NewRef(has_folder ? Py_None : Py_False);
}

static PyObject *code_of(const uint8_t *bytes, size_t size) {
    uint32_t header[2];
    if (size < PYC_HEADER)
        return NULL;
    memcpy(header, bytes, sizeof header);
    if (header[0] != (uint32_t)PyImport_GetMagicNumber() || header[1] & ~PYC_FLAGS)
        return NULL;
    return PyMarshal_ReadObjectFromString((const char *)bytes + PYC_HEADER, (Py_ssize_t)(size - PYC_HEADER));
}

PyObject *ampoule_read_code(PyObject *module, PyObject *path) {
    (void)module;
    const struct image *image = ampoule_image();
    const struct node *file = node_at(image, path);
    if (!file || file->kind == NODE_FOLDER)
        return Py_NewRef(Py_None);
    uint8_t *bytes = malloc(file->size);
    if (!bytes || !image_unpack(image, file, bytes)) {
        free(bytes);
        return PyErr_NoMemory();
    }
    PyObject *code = code_of(bytes, file->size);
    free(bytes);
    if (code && PyCode_Check(code))
        return code;
    Py_XDECREF(code);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}
