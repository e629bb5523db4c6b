#include "ffi.h"
#include <stdint.h>

#define TYPE(name, c_type, kind)                                                                                       \
    ffi_type ffi_type_##name = {sizeof(c_type), _Alignof(c_type), FFI_TYPE_##kind, NULL};

ffi_type ffi_type_void = {1, 1, FFI_TYPE_VOID, NULL};
TYPE(uint8, uint8_t, UINT8)
TYPE(sint8, int8_t, SINT8)
TYPE(uint16, uint16_t, UINT16)
TYPE(sint16, int16_t, SINT16)
TYPE(uint32, uint32_t, UINT32)
TYPE(sint32, int32_t, SINT32)
TYPE(uint64, uint64_t, UINT64)
TYPE(sint64, int64_t, SINT64)
TYPE(float, float, FLOAT)
TYPE(double, double, DOUBLE)
TYPE(longdouble, long double, LONGDOUBLE)
TYPE(pointer, void *, POINTER)

static const struct ampoule_callable *callable;

void ampoule_may_be_called(const struct ampoule_callable *list) { callable = list; }

bool ampoule_may_call(void *function, int nargs)
{
    for (const struct ampoule_callable *one = callable; one && one->function; one++)
        if (one->function == function && one->nargs == nargs)
            return true;
    return false;
}

ffi_status ffi_prep_cif(ffi_cif *cif, ffi_abi abi, unsigned nargs, ffi_type *result, ffi_type **arguments)
{
    (void)abi, (void)result, (void)arguments;
    cif->nargs = nargs;
    return FFI_OK;
}

static uintptr_t word(void **values, int index) { return *(uintptr_t *)values[index]; }

void ffi_call(ffi_cif *cif, void *function, void *result, void **values)
{
    uintptr_t given;
    if (cif->nargs == 2)
        given = ((uintptr_t(*)(uintptr_t, uintptr_t))function)(word(values, 0), word(values, 1));
    else
        given = ((uintptr_t(*)(uintptr_t, uintptr_t, uintptr_t))function)(word(values, 0), word(values, 1),
                                                                          word(values, 2));
    *(uintptr_t *)result = given;
}

ffi_status ffi_prep_closure(ffi_closure *closure, ffi_cif *cif, void (*run)(ffi_cif *, void *, void **, void *),
                            void *data)
{
    (void)closure, (void)cif, (void)run, (void)data;
    return FFI_BAD_TYPEDEF;
}

void *ffi_closure_alloc(size_t size, void **code)
{
    (void)size, (void)code;
    return NULL;
}

void ffi_closure_free(void *closure) { (void)closure; }
