// How virtual clocks say that there is none: WASI's have no errors. No real clock gives these numbers.

#ifndef AMPOULE_VIRTUAL_H
#define AMPOULE_VIRTUAL_H

#include <stdint.h>
#include <stdlib.h>

#define NO_WALL_CLOCK UINT32_MAX
#define NO_MONOTONIC_CLOCK UINT64_MAX

#endif
