// Lists of numbers as buffers, where the app asks for them.

#ifndef AMPOULE_NUMBERS_H
#define AMPOULE_NUMBERS_H

#include "world/world.h"

// Takes from the module `_ampoule_world` what lists of numbers arrive as: -1 with an exception.
int numbers_register(PyObject *table);

// Whether a list of this element, which is behind no alias, arrives as a buffer.
bool numbers_are_buffers(wit_type element);
// The array or memoryview of these numbers; takes over `elements`.
PyObject *numbers_lift(wit_type element, uint8_t *elements, size_t length);

// Whether the object is an array that is let go of without any code of the app.
bool numbers_are_plain_array(PyObject *object);
// What owns the memory of a memoryview that `numbers_lift` has made, or of a part of one: a borrowed reference, or null
// for any other object. No code of the app runs when it is let go of.
PyObject *numbers_owner(PyObject *object);

#endif
