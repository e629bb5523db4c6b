import array

import cffi

ffi = cffi.FFI()
ffi.cdef("""
    typedef enum { RED, GREEN = 5, BLUE } colour;
    typedef struct node { int8_t kind; double value; struct node *next; char name[6]; } node;
    typedef struct { unsigned low : 3, high : 5; } bits;
    union word { uint32_t whole; uint8_t bytes[4]; };
    typedef int (*compare)(const void *, const void *);
    #define MOST 12
""")


def check():
    structures()
    memory()
    functions()


def structures():
    assert (ffi.sizeof("node"), ffi.sizeof("long"), ffi.sizeof("void *")) == (32, 4, 4)
    assert (ffi.offsetof("node", "name"), ffi.alignof("node")) == (20, 8)
    last = ffi.new("node *", {"kind": -1, "value": 2.5, "name": b"last"})
    first = ffi.new("node *", [1, 0.5, last, b"first"])
    assert first.next.value == 2.5 and ffi.string(first.next.name) == b"last" and last.next == ffi.NULL
    assert [field for field, _ in ffi.typeof("node").fields] == ["kind", "value", "next", "name"]
    assert ffi.typeof("colour").elements == {0: "RED", 5: "GREEN", 6: "BLUE"}
    assert ffi.string(ffi.cast("colour", 6)) == "BLUE" and ffi.getctype("compare", "f") == "int(* f)(void *, void *)"
    bits = ffi.new("bits *", {"low": 5, "high": 17})
    assert (bits.low, bits.high) == (5, 17)
    word = ffi.new("union word *", {"whole": 0x01020304})
    assert list(word.bytes) == [4, 3, 2, 1]
    for error, change in [
        (OverflowError, lambda: setattr(first, "kind", 128)),
        (OverflowError, lambda: setattr(bits, "low", 8)),
        (AttributeError, lambda: first.nothing),
        (IndexError, lambda: first.name[6]),
        (TypeError, lambda: setattr(first, "next", ffi.new("int *"))),
        (cffi.CDefError, lambda: ffi.cdef("int f(;")),
        (RuntimeError, lambda: ffi.new("node *").next[0]),
    ]:
        raises(error, change)


def memory():
    numbers = ffi.new("int[]", [3, 1, 2])
    assert len(numbers) == 3 and (numbers + 2)[0] == 2 and list(numbers[0:2]) == [3, 1]
    assert bytes(ffi.buffer(numbers))[:5] == b"\3\0\0\0\1"
    data = array.array("d", [1.5, 2.5])
    view = ffi.from_buffer("double[]", data)
    view[1] = -1
    assert data[1] == -1 and ffi.unpack(view, 2) == [1.5, -1]
    ffi.memmove(view, b"\0" * 8, 8)
    assert data[0] == 0 and ffi.string(ffi.new("wchar_t[]", "Genève")) == "Genève"
    handle = ffi.new_handle(data)
    assert ffi.from_handle(ffi.cast("void *", handle)) is data
    gone = []
    kept = ffi.gc(ffi.new("int *", 7), lambda pointer: gone.append(pointer[0]))
    ffi.release(kept)
    assert gone == [7] and int(ffi.cast("uint8_t", 513)) == 1 and int(ffi.cast("int", 2.9)) == 2
    ffi.errno = 5
    assert ffi.errno == 5 and ffi.init_once(lambda: 3, "once") == 3


def functions():
    # C calls no function that is made at run time, and there are no libraries to open.
    raises(MemoryError, lambda: ffi.callback("compare", lambda left, right: 0))
    raises(OSError, lambda: ffi.dlopen("libm.so"))
    raises(RuntimeError, lambda: ffi.cast("compare", 0)(ffi.NULL, ffi.NULL))
    raises(NotImplementedError, lambda: ffi.cast("int (*)(long double)", 1)(1))


def raises(error, call):
    try:
        call()
    except error:
        return
    raise AssertionError(f"{error.__name__} is not raised")
