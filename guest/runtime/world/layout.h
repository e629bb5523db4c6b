// Sizes and offsets of WIT types in linear memory, as the canonical ABI defines them.

#ifndef AMPOULE_LAYOUT_H
#define AMPOULE_LAYOUT_H

#include "world/shared.h"
#include "world/wit_dylib.h"

struct layout {
    uint32_t size;
    uint32_t alignment;
    uint32_t payload;        // of variants, options and results: where the payload is
    const uint32_t *offsets; // of records, tuples and maps: where each part is
};

// Works out the layouts of all types of the world, once.
int layout_prepare(void);
// `type` is not an alias.
const struct layout *layout_of(wit_type type) SHARED(layout_of);
// The layout of one entry of a map: key, then value.
const struct layout *layout_of_map_entry(uint32_t index);
// The size of a discriminant with so many cases.
uint32_t layout_discriminant(size_t cases);

#endif
