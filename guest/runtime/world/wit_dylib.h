// The ABI between the guest and the world's module, which the wit-dylib crate generates (its metadata version 3).
//
// The world's module hands over a `wit_world` that describes every function and type, then converts values by calling
// `wit_dylib_push_*` (a WIT value arrives) and `wit_dylib_pop_*` (a WIT value is wanted).

#ifndef AMPOULE_WIT_DYLIB_H
#define AMPOULE_WIT_DYLIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WIT_METADATA_VERSION = 3 };

// The low byte is a `wit_kind`, the rest an index into the table of that kind.
typedef uint32_t wit_type;

enum wit_kind {
    WIT_U8,
    WIT_U16,
    WIT_U32,
    WIT_U64,
    WIT_S8,
    WIT_S16,
    WIT_S32,
    WIT_S64,
    WIT_BOOL,
    WIT_CHAR,
    WIT_F32,
    WIT_F64,
    WIT_STRING,
    WIT_ERROR_CONTEXT,
    WIT_RECORD,
    WIT_OWN,
    WIT_BORROW,
    WIT_FLAGS,
    WIT_TUPLE,
    WIT_VARIANT,
    WIT_ENUM,
    WIT_OPTION,
    WIT_RESULT,
    WIT_LIST,
    WIT_MAP,
    WIT_FIXED_LENGTH_LIST,
    WIT_FUTURE,
    WIT_STREAM,
    WIT_ALIAS,
};

// Stands for "no type": a function without a result, a case without a payload.
#define WIT_NOTHING UINT32_MAX

static inline enum wit_kind wit_kind(wit_type type) { return (enum wit_kind)(type & 0xff); }
static inline uint32_t wit_index(wit_type type) { return type >> 8; }

typedef struct {
    const char *interface; // null for a function of the world itself
    const char *name;
    void (*call)(void *call);
    uint32_t (*call_async)(void *call, void *area);
    void (*lift_async)(void *call, void *area);
    size_t parameter_count;
    const wit_type *parameters;
    wit_type result;
    size_t async_area_size;
    size_t async_area_alignment;
} wit_import;

typedef struct {
    const char *interface;
    const char *name;
    void (*task_return)(void *call);
    size_t parameter_count;
    const wit_type *parameters;
    wit_type result;
} wit_export;

typedef struct {
    const char *interface;
    const char *name;
    void (*drop)(uint32_t handle);
    uint32_t (*create)(size_t representation); // null for an imported resource
    size_t (*representation)(uint32_t handle); // null for an imported resource
} wit_resource;

typedef struct {
    const char *name;
    wit_type type;
} wit_field;

typedef struct {
    const char *interface;
    const char *name;
    size_t field_count;
    const wit_field *fields;
} wit_record;

// Flags and enums.
typedef struct {
    const char *interface;
    const char *name;
    size_t name_count;
    const char *const *names;
} wit_names;

typedef struct {
    const char *interface;
    const char *name; // null if the type has none
    size_t type_count;
    const wit_type *types;
} wit_tuple;

// The cases are fields whose type may be WIT_NOTHING.
typedef wit_record wit_variant;

typedef struct {
    const char *interface;
    const char *name;
    wit_type payload;
} wit_option;

typedef struct {
    const char *interface;
    const char *name;
    wit_type ok;
    wit_type error;
} wit_result;

typedef struct {
    const char *interface;
    const char *name;
    wit_type element;
} wit_list;

typedef struct {
    const char *interface;
    const char *name;
    wit_type key;
    wit_type value;
} wit_map;

typedef struct {
    const char *interface;
    const char *name;
    uint32_t length;
    wit_type element;
} wit_fixed_length_list;

typedef struct {
    const char *interface;
    const char *name;
    wit_type payload;
    uint64_t (*new)(void); // the reader in the low half, the writer in the high half
    uint32_t (*read)(uint32_t reader, void *items, uint32_t count); // of a future: without a count
    uint32_t (*write)(uint32_t writer, const void *items, uint32_t count);
    uint32_t (*cancel_read)(uint32_t reader);
    uint32_t (*cancel_write)(uint32_t writer);
    void (*drop_readable)(uint32_t reader);
    void (*drop_writable)(uint32_t writer);
    void (*lift)(void *call, void *item); // null without a payload, as the next
    void (*lower)(void *call, void *item);
    size_t payload_size;
    size_t payload_alignment;
} wit_channel; // a future or a stream

typedef struct {
    const char *interface;
    const char *name;
    wit_type target;
} wit_alias;

typedef struct {
    uint32_t version;
    size_t import_count;
    const wit_import *imports;
    size_t export_count;
    const wit_export *exports;
    size_t resource_count;
    const wit_resource *resources;
    size_t record_count;
    const wit_record *records;
    size_t flags_count;
    const wit_names *flags;
    size_t tuple_count;
    const wit_tuple *tuples;
    size_t variant_count;
    const wit_variant *variants;
    size_t enum_count;
    const wit_names *enums;
    size_t option_count;
    const wit_option *options;
    size_t result_count;
    const wit_result *results;
    size_t list_count;
    const wit_list *lists;
    size_t map_count;
    const wit_map *maps;
    size_t fixed_length_list_count;
    const wit_fixed_length_list *fixed_length_lists;
    size_t future_count;
    const wit_channel *futures;
    size_t stream_count;
    const wit_channel *streams;
    size_t alias_count;
    const wit_alias *aliases;
} wit_world;

// The world's module imports all of the following.
#pragma GCC visibility push(default)

void wit_dylib_initialize(const wit_world *world);
void wit_dylib_dealloc_bytes(void *call, void *bytes, size_t size, size_t alignment, bool later);

void *wit_dylib_export_start(size_t which);
void wit_dylib_export_call(void *call, size_t which);
void wit_dylib_export_finish(void *call, size_t which);

// An asynchronous export, and its callback: both give a `callback_code`. The call is the guest's from the first on,
// which ends it.
uint32_t wit_dylib_export_async_call(void *call, size_t which);
uint32_t wit_dylib_export_async_callback(uint32_t event, uint32_t waitable, uint32_t code, size_t which);

// The host drops a resource that the component exports.
void wit_dylib_resource_dtor(size_t index, size_t representation);

// A WIT value arrives: make the Python object and push it; composite values take their parts from the stack.
void wit_dylib_push_bool(void *call, bool value);
void wit_dylib_push_char(void *call, uint32_t value);
void wit_dylib_push_u8(void *call, uint8_t value);
void wit_dylib_push_s8(void *call, int8_t value);
void wit_dylib_push_u16(void *call, uint16_t value);
void wit_dylib_push_s16(void *call, int16_t value);
void wit_dylib_push_u32(void *call, uint32_t value);
void wit_dylib_push_s32(void *call, int32_t value);
void wit_dylib_push_u64(void *call, uint64_t value);
void wit_dylib_push_s64(void *call, int64_t value);
void wit_dylib_push_f32(void *call, float value);
void wit_dylib_push_f64(void *call, double value);
void wit_dylib_push_string(void *call, uint8_t *bytes, size_t length);
void wit_dylib_push_flags(void *call, size_t index, uint32_t bits);
void wit_dylib_push_enum(void *call, size_t index, uint32_t discriminant);
void wit_dylib_push_own(void *call, size_t index, uint32_t handle);
void wit_dylib_push_borrow(void *call, size_t index, uint32_t handle);
void wit_dylib_push_future(void *call, size_t index, uint32_t handle);
void wit_dylib_push_stream(void *call, size_t index, uint32_t handle);
void wit_dylib_push_record(void *call, size_t index);
void wit_dylib_push_tuple(void *call, size_t index);
void wit_dylib_push_option(void *call, size_t index, uint32_t discriminant);
void wit_dylib_push_result(void *call, size_t index, uint32_t discriminant);
void wit_dylib_push_variant(void *call, size_t index, uint32_t discriminant);
bool wit_dylib_push_list(void *call, size_t index, uint8_t *elements, size_t length);
void wit_dylib_list_append(void *call, size_t index);
void wit_dylib_push_map(void *call, size_t index, size_t length);
void wit_dylib_map_append(void *call, size_t index);

// A WIT value is wanted: read it from the tape.
bool wit_dylib_pop_bool(void *call);
uint32_t wit_dylib_pop_char(void *call);
uint8_t wit_dylib_pop_u8(void *call);
int8_t wit_dylib_pop_s8(void *call);
uint16_t wit_dylib_pop_u16(void *call);
int16_t wit_dylib_pop_s16(void *call);
uint32_t wit_dylib_pop_u32(void *call);
int32_t wit_dylib_pop_s32(void *call);
uint64_t wit_dylib_pop_u64(void *call);
int64_t wit_dylib_pop_s64(void *call);
float wit_dylib_pop_f32(void *call);
double wit_dylib_pop_f64(void *call);
size_t wit_dylib_pop_string(void *call, char **bytes);
uint32_t wit_dylib_pop_flags(void *call, size_t index);
uint32_t wit_dylib_pop_enum(void *call, size_t index);
uint32_t wit_dylib_pop_own(void *call, size_t index);
uint32_t wit_dylib_pop_borrow(void *call, size_t index);
uint32_t wit_dylib_pop_future(void *call, size_t index);
uint32_t wit_dylib_pop_stream(void *call, size_t index);
void wit_dylib_pop_record(void *call, size_t index);
void wit_dylib_pop_tuple(void *call, size_t index);
uint32_t wit_dylib_pop_option(void *call, size_t index);
uint32_t wit_dylib_pop_result(void *call, size_t index);
uint32_t wit_dylib_pop_variant(void *call, size_t index);
size_t wit_dylib_pop_list(void *call, size_t index, void **elements);
void wit_dylib_pop_list_iter_next(void *call, size_t index);
void wit_dylib_pop_list_iter(void *call, size_t index);
size_t wit_dylib_pop_map(void *call, size_t index);
void wit_dylib_pop_map_iter_next(void *call, size_t index);
void wit_dylib_pop_map_iter(void *call, size_t index);

#pragma GCC visibility pop

#endif
