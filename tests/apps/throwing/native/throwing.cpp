// The Python module `throwing`: exceptions that are thrown and caught in it, and some that are not caught.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "kinds.h"

namespace {

std::string destroyed;

struct Noted {
    const char *name;
    ~Noted() { destroyed += std::string(name) + " "; }
};

[[gnu::noinline]] void throw_kind(const char *name) {
    std::string_view kind = name;
    if (kind == "vector") {
        (void)std::vector<int>{1}.at(kind.size());
    } else if (kind == "map") {
        (void)std::map<int, int>{}.at(3);
    } else if (kind == "length") {
        std::string(SIZE_MAX - 8, 'x');
    } else if (kind == "number") {
        throw 42;
    } else if (kind == "function") {
        std::function<void()>{}();
    } else if (kind == "pointer") {
        std::shared_ptr<int>{std::weak_ptr<int>{}};
    } else if (kind == "custom") {
        throw Custom("of the app's own");
    }
    throw std::runtime_error("no other kind");
}

[[gnu::noinline]] void destroying(const char *kind) {
    Noted outer{"outer"};
    [&] {
        Noted inner{"inner"};
        throw_kind(kind);
    }();
}

[[gnu::noinline]] void again(const char *kind) {
    try {
        destroying(kind);
    } catch (const std::logic_error &) {
        throw;
    } catch (const std::exception &) {
        std::throw_with_nested(std::runtime_error("around it"));
    }
}

std::string described(const std::exception &error) {
    std::string text = error.what();
    try {
        std::rethrow_if_nested(error);
    } catch (const std::exception &inner) {
        text += " (" + described(inner) + ")";
    }
    return text;
}

PyObject *caught(PyObject *, PyObject *argument) {
    std::string text;
    destroyed.clear();
    try {
        again(PyUnicode_AsUTF8(argument));
    } catch (const std::exception &error) {
        text = destroyed + described(error);
    } catch (int number) {
        text = destroyed + std::to_string(number);
    }
    text += std::uncaught_exceptions() == 0 ? "" : " uncaught";
    return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
}

PyObject *uncaught(PyObject *, PyObject *argument) {
    throw_kind(PyUnicode_AsUTF8(argument));
    return nullptr;
}

PyMethodDef methods[] = {
    {"caught", caught, METH_O, nullptr},
    {"uncaught", uncaught, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

int execute(PyObject *module) {
    Throw function = throw_kind;
    PyObject *capsule = PyCapsule_New(reinterpret_cast<void *>(function), CAPSULE, nullptr);
    return PyModule_Add(module, "throw", capsule);
}

PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void *>(execute)},
    {0, nullptr},
};

PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "throwing", nullptr, 0, methods, slots, nullptr, nullptr, nullptr,
};

} // namespace

PyMODINIT_FUNC PyInit_throwing() {
    return PyModuleDef_Init(&module);
}
