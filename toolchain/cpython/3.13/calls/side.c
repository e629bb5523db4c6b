/* Calls of functions of side modules that have another type than the one by which they are called. Other machines let
 * that pass, and packages rely on it: a getter without its closure, a method without arguments that takes only `self`.
 * WebAssembly checks the type at each call. So it is looked up, and the function called by its own. */

#include "Python.h"
#include "pycore_emscripten_trampoline.h"

uintptr_t ampoule_first_side_function = UINTPTR_MAX;
uintptr_t ampoule_side_functions;
const char *ampoule_side_signatures;

typedef uintptr_t word;

/* What a function without a result gives instead. */
static word no_result(word instead)
{
    return PyErr_Occurred() ? (instead ? 0 : (word)-1) : instead;
}

static word call_other(word instead)
{
    PyErr_SetString(PyExc_SystemError,
                    "a function of an extension module takes or gives other values than Python passes (64-bit or floating-point "
                    "numbers, or more than five), and WebAssembly calls no function by another type: declare it as the Python C API "
                    "wants it in a table of methods or attributes");
    return instead ? 0 : (word)-1;
}

word ampoule_call_side(word function, word instead, word a, word b, word c, word d, word e)
{
    switch (ampoule_side_signatures[function - ampoule_first_side_function]) {
    case '0': return ((word (*)(void))function)();
    case '1': return ((word (*)(word))function)(a);
    case '2': return ((word (*)(word, word))function)(a, b);
    case '3': return ((word (*)(word, word, word))function)(a, b, c);
    case '4': return ((word (*)(word, word, word, word))function)(a, b, c, d);
    case '5': return ((word (*)(word, word, word, word, word))function)(a, b, c, d, e);
    case 'a': ((void (*)(void))function)(); return no_result(instead);
    case 'b': ((void (*)(word))function)(a); return no_result(instead);
    case 'c': ((void (*)(word, word))function)(a, b); return no_result(instead);
    case 'd': ((void (*)(word, word, word))function)(a, b, c); return no_result(instead);
    case 'e': ((void (*)(word, word, word, word))function)(a, b, c, d); return no_result(instead);
    case 'f': ((void (*)(word, word, word, word, word))function)(a, b, c, d, e); return no_result(instead);
    default: return call_other(instead);
    }
}
