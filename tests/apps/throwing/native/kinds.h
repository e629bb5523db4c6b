// What both modules in C++ know of: each has the types' descriptions of its own.
#pragma once
#include <stdexcept>

struct Custom : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Throws an exception of the kind.
using Throw = void (*)(const char *kind);
constexpr const char *CAPSULE = "throwing.throw";
