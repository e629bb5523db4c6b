// Memory through which the build's host passes strings.

#include "life/guest.h"
#include <stdlib.h>

void *ampoule_allocate(size_t size) { return malloc(size ? size : 1); }

void ampoule_release(void *memory) { free(memory); }
