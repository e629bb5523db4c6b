/* What `_ctypes` uses of libffi's interface, whose types describe data. WebAssembly has no calls of functions whose type
 * is known at run time only, which are the rest of it. */

#ifndef AMPOULE_FFI_H
#define AMPOULE_FFI_H

#include <stdbool.h>
#include <stddef.h>

#define FFI_TYPE_VOID 0
#define FFI_TYPE_INT 1
#define FFI_TYPE_FLOAT 2
#define FFI_TYPE_DOUBLE 3
#define FFI_TYPE_LONGDOUBLE 4
#define FFI_TYPE_UINT8 5
#define FFI_TYPE_SINT8 6
#define FFI_TYPE_UINT16 7
#define FFI_TYPE_SINT16 8
#define FFI_TYPE_UINT32 9
#define FFI_TYPE_SINT32 10
#define FFI_TYPE_UINT64 11
#define FFI_TYPE_SINT64 12
#define FFI_TYPE_STRUCT 13
#define FFI_TYPE_POINTER 14

typedef struct _ffi_type {
    size_t size;
    unsigned short alignment;
    unsigned short type;
    struct _ffi_type **elements;
} ffi_type;

extern ffi_type ffi_type_void, ffi_type_float, ffi_type_double, ffi_type_longdouble, ffi_type_pointer;
extern ffi_type ffi_type_uint8, ffi_type_uint16, ffi_type_uint32, ffi_type_uint64;
extern ffi_type ffi_type_sint8, ffi_type_sint16, ffi_type_sint32, ffi_type_sint64;

#define ffi_type_uchar ffi_type_uint8
#define ffi_type_schar ffi_type_sint8
#define ffi_type_ushort ffi_type_uint16
#define ffi_type_sshort ffi_type_sint16
#define ffi_type_uint ffi_type_uint32
#define ffi_type_sint ffi_type_sint32
#define ffi_type_ulong ffi_type_uint32
#define ffi_type_slong ffi_type_sint32

typedef unsigned long ffi_arg;
typedef enum { FFI_DEFAULT_ABI = 1 } ffi_abi;
typedef enum { FFI_OK, FFI_BAD_TYPEDEF } ffi_status;

typedef struct {
    unsigned nargs;
} ffi_cif;

typedef struct {
    void *nothing;
} ffi_closure;

ffi_status ffi_prep_cif(ffi_cif *cif, ffi_abi abi, unsigned nargs, ffi_type *result, ffi_type **arguments);

/* Calls one of the functions that may be called. */
void ffi_call(ffi_cif *cif, void *function, void *result, void **values);

ffi_status ffi_prep_closure(ffi_closure *closure, ffi_cif *cif, void (*run)(ffi_cif *, void *, void **, void *),
                            void *data);

/* Room for a closure: there is none. */
void *ffi_closure_alloc(size_t size, void **code);
void ffi_closure_free(void *closure);

/* A function of `_ctypes` or of the C library, whose arguments and result are words. */
struct ampoule_callable {
    void *function;
    int nargs;
};

/* Makes functions known that may be called; the list ends with null, and stays. */
void ampoule_may_be_called(const struct ampoule_callable *list);

bool ampoule_may_call(void *function, int nargs);

#endif
