#include "world/layout.h"
#include "world/world.h"

static const struct layout scalars[] = {
    [WIT_U8] = {1, 1, 0, NULL},     [WIT_U16] = {2, 2, 0, NULL}, [WIT_U32] = {4, 4, 0, NULL},
    [WIT_U64] = {8, 8, 0, NULL},    [WIT_S8] = {1, 1, 0, NULL},  [WIT_S16] = {2, 2, 0, NULL},
    [WIT_S32] = {4, 4, 0, NULL},    [WIT_S64] = {8, 8, 0, NULL}, [WIT_BOOL] = {1, 1, 0, NULL},
    [WIT_CHAR] = {4, 4, 0, NULL},   [WIT_F32] = {4, 4, 0, NULL}, [WIT_F64] = {8, 8, 0, NULL},
    [WIT_STRING] = {8, 4, 0, NULL},
};
// Lists, maps: a pointer and a length.
static const struct layout pair = {8, 4, 0, NULL};
// Resources, futures, streams, error contexts.
static const struct layout handle = {4, 4, 0, NULL};

// The layouts of the kinds that are tables of the world; a size of 0 means not yet known.
static struct {
    struct layout *records, *tuples, *variants, *options, *results, *maps, *flags, *enums;
} tables;

static uint32_t align(uint32_t offset, uint32_t alignment) { return (offset + alignment - 1) & ~(alignment - 1); }

static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

uint32_t layout_discriminant(size_t cases) { return cases <= 0x100 ? 1 : cases <= 0x10000 ? 2 : 4; }

// Types follow one another, each at its alignment: fills in all but the offsets' memory.
static void lay_out_sequence(struct layout *layout, size_t count, wit_type (*type_at)(const void *, size_t),
                             const void *source) {
    uint32_t *offsets = PyMem_RawMalloc((count ? count : 1) * sizeof *offsets);
    uint32_t offset = 0;
    layout->alignment = 1;
    for (size_t i = 0; offsets && i < count; i++) {
        const struct layout *part = layout_of(world_resolve(type_at(source, i)));
        offset = align(offset, part->alignment);
        offsets[i] = offset;
        offset += part->size;
        layout->alignment = larger(layout->alignment, part->alignment);
    }
    layout->size = align(offset, layout->alignment);
    layout->offsets = offsets;
}

// A discriminant, then the largest payload.
static void lay_out_cases(struct layout *layout, size_t count, wit_type (*type_at)(const void *, size_t),
                          const void *source) {
    uint32_t discriminant = layout_discriminant(count);
    uint32_t size = 0, alignment = 1;
    for (size_t i = 0; i < count; i++) {
        wit_type type = world_resolve(type_at(source, i));
        if (type == WIT_NOTHING)
            continue;
        const struct layout *part = layout_of(type);
        size = larger(size, part->size);
        alignment = larger(alignment, part->alignment);
    }
    layout->alignment = larger(discriminant, alignment);
    layout->payload = align(discriminant, alignment);
    layout->size = align(layout->payload + size, layout->alignment);
}

static wit_type field_at(const void *record, size_t index) { return ((const wit_record *)record)->fields[index].type; }
static wit_type item_at(const void *tuple, size_t index) { return ((const wit_tuple *)tuple)->types[index]; }
static wit_type map_at(const void *map, size_t index) {
    return index == 0 ? ((const wit_map *)map)->key : ((const wit_map *)map)->value;
}
static wit_type option_at(const void *option, size_t index) {
    return index == 0 ? WIT_NOTHING : ((const wit_option *)option)->payload;
}
static wit_type result_at(const void *result, size_t index) {
    return index == 0 ? ((const wit_result *)result)->ok : ((const wit_result *)result)->error;
}

static void lay_out_number(struct layout *layout, uint32_t size) { *layout = (struct layout){size, size, 0, NULL}; }

// The layout of a type from one of the tables, made at the first use.
static const struct layout *layout_from_table(wit_type type) {
    const wit_world *wit = world.wit;
    uint32_t index = wit_index(type);
    struct layout *layout;
#define TABLE(KIND, TABLE_NAME, LAY_OUT)                                                                               \
    case KIND:                                                                                                         \
        layout = &tables.TABLE_NAME[index];                                                                            \
        if (layout->size == 0)                                                                                         \
            LAY_OUT;                                                                                                   \
        return layout;
    switch (wit_kind(type)) {
        TABLE(WIT_RECORD, records,
              lay_out_sequence(layout, wit->records[index].field_count, field_at, &wit->records[index]))
        TABLE(WIT_TUPLE, tuples, lay_out_sequence(layout, wit->tuples[index].type_count, item_at, &wit->tuples[index]))
        TABLE(WIT_MAP, maps, lay_out_sequence(layout, 2, map_at, &wit->maps[index]))
        TABLE(WIT_VARIANT, variants,
              lay_out_cases(layout, wit->variants[index].field_count, field_at, &wit->variants[index]))
        TABLE(WIT_OPTION, options, lay_out_cases(layout, 2, option_at, &wit->options[index]))
        TABLE(WIT_RESULT, results, lay_out_cases(layout, 2, result_at, &wit->results[index]))
        TABLE(WIT_ENUM, enums, lay_out_number(layout, layout_discriminant(wit->enums[index].name_count)))
        TABLE(WIT_FLAGS, flags,
              lay_out_number(layout, wit->flags[index].name_count <= 8    ? 1
                                     : wit->flags[index].name_count <= 16 ? 2
                                                                          : 4))
    default:
        return &handle;
    }
#undef TABLE
}

const struct layout *layout_of(wit_type type) {
    enum wit_kind kind = wit_kind(type);
    if (kind <= WIT_STRING)
        return &scalars[kind];
    if (kind == WIT_LIST || kind == WIT_MAP)
        return &pair;
    return layout_from_table(type);
}

const struct layout *layout_of_map_entry(uint32_t index) { return layout_from_table((wit_type)WIT_MAP | index << 8); }

static struct layout *table(size_t count) { return PyMem_RawCalloc(count ? count : 1, sizeof(struct layout)); }

int layout_prepare(void) {
    const wit_world *wit = world.wit;
    tables.records = table(wit->record_count);
    tables.tuples = table(wit->tuple_count);
    tables.variants = table(wit->variant_count);
    tables.options = table(wit->option_count);
    tables.results = table(wit->result_count);
    tables.maps = table(wit->map_count);
    tables.flags = table(wit->flags_count);
    tables.enums = table(wit->enum_count);
    bool complete = tables.records && tables.tuples && tables.variants && tables.options && tables.results &&
                    tables.maps && tables.flags && tables.enums;
    return complete ? 0 : -1;
}
