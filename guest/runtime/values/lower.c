#include "values/lower.h"
#include "world/asynchronous.h"

int lower(struct call *call, wit_type type, PyObject *object, uint8_t *to, const struct place *place) {
    type = world_resolve(type);
    switch (wit_kind(type)) {
    case WIT_BOOL: {
        int truth = PyObject_IsTrue(object);
        return truth < 0 ? -1 : lower_scalar(call, (uint64_t)truth, 1, to);
    }
    case WIT_CHAR:
        return lower_char(call, type, object, to, place);
    case WIT_STRING:
        return lower_string(call, object, to, place);
    case WIT_LIST:
        return lower_list(call, type, object, to, place);
    case WIT_MAP:
        return lower_map(call, type, object, to, place);
    case WIT_RECORD:
        return lower_record(call, type, object, to, place);
    case WIT_TUPLE:
        return lower_tuple(call, type, object, to, place);
    case WIT_OPTION:
        return lower_option(call, type, object, to, place);
    case WIT_RESULT:
        return lower_result(call, type, object, to, place);
    case WIT_VARIANT:
        return lower_variant(call, type, object, to, place);
    case WIT_ENUM:
        return lower_enum(call, type, object, to, place);
    case WIT_FLAGS:
        return lower_flags(call, type, object, to, place);
    case WIT_OWN:
    case WIT_BORROW:
        return lower_handle(call, type, object, to, place);
    case WIT_FUTURE:
    case WIT_STREAM:
        return asynchronous->lower(call, type, object, to, place);
    default:
        return lower_number(call, type, object, to, place);
    }
}
