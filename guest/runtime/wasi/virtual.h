// What the units of WASI share; and how virtual clocks say that there is none, as WASI's have no errors: no real clock
// gives these numbers.

#ifndef AMPOULE_VIRTUAL_H
#define AMPOULE_VIRTUAL_H

#include <stdint.h>
#include <stdlib.h>

// A second in nanoseconds, and the bytes that one call of getentropy may ask for.
enum { SECOND = 1000000000, MOST_ENTROPY = 256 };

#define NO_WALL_CLOCK UINT32_MAX
#define NO_MONOTONIC_CLOCK UINT64_MAX

#endif
