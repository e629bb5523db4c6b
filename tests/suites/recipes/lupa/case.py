import lupa
from lupa import lua54, lua55


def check():
    assert lupa.LuaRuntime is lua55.LuaRuntime and lupa.LUA_VERSION == (5, 5)
    for version in lua54, lua55:
        runtime(version)


def runtime(version):
    lua = version.LuaRuntime(unpack_returned_tuples=True)
    assert lua.eval("1 + 2") == 3 and lua.eval("7 // 2, 2^0.5, 'é', 1 << 40") == (3, 2**0.5, "é", 2**40)
    assert lua.lua_version == version.LUA_VERSION
    globals = lua.globals()
    lua.execute("function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end")
    assert globals.fib(20) == 6765
    table = lua.table_from({"a": [1, 2, {"b": None}]}, recursive=True)
    assert table.a[2] == 2 and version.lua_type(table) == "table"
    assert list(lua.table(5, 6, x=7).items()) == [(1, 5), (2, 6), ("x", 7)]
    assert lua.eval("function(f, x) return f(x) .. '!' end")(str.upper, "abc") == "ABC!"
    assert lua.eval("python.builtins.len('four')") == 4
    numbers = lua.eval("coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i * i) end end)")
    assert [numbers() for _ in range(3)] == [1, 4, 9]
    squares = lua.eval("function() for i = 1, 3 do coroutine.yield(i * i) end end").coroutine()
    assert list(squares) == [1, 4, 9]
    total = lua.eval("function(list) local n = 0 for x in python.iter(list) do n = n + x end return n end")
    assert total([1, 2, 3]) == 6
    assert lua.eval("string.format('%5.2f|%s', 3.14159, ('x'):rep(3))") == " 3.14|xxx"
    assert lua.eval("select(2, pcall(error, {code = 7}))").code == 7
    assert lua.eval("os.execute()") is False and lua.eval("pcall(os.tmpname)")[0] is False
    assert lua.eval("io.tmpfile()")[0] is None and lua.eval("os.clock() >= 0 and os.time() > 0")

    def fails():
        raise KeyError("from Python")

    caught = lua.eval("function(f) local ok, reason = pcall(f) return ok, tostring(reason) end")(fails)
    assert caught[0] is False and "from Python" in caught[1]
    for wrong, kind in (
        (lambda: lua.execute("x = = 1"), version.LuaSyntaxError),
        (lambda: lua.execute("error('oh')"), version.LuaError),
        (lambda: globals.fib(None), version.LuaError), (lambda: lua.eval("function(f) f() end")(fails), KeyError),
        (lambda: lua.execute("local function f() return f() + 1 end f()"), version.LuaError),
    ):
        try:
            wrong()
        except kind:
            continue
        raise AssertionError(kind)
