"""The rules of Ampoule: Python applications as WebAssembly components."""

load(
    "//bazel:providers.bzl",
    _AmpouleInterpreterInfo = "AmpouleInterpreterInfo",
    _AmpouleToolsInfo = "AmpouleToolsInfo",
    _PyWasmComponentInfo = "PyWasmComponentInfo",
    _PyWasmExtensionInfo = "PyWasmExtensionInfo",
    _WitBindingsInfo = "WitBindingsInfo",
)
load(
    "//bazel/private:component.bzl",
    "INTERPRETER_ATTRIBUTES",
    "py_wasm_component_rule",
    "py_wasm_component_with_interpreter_rule",
)
load("//bazel/private:extension.bzl", _py_wasm_extension = "py_wasm_extension", _py_wasm_rust_extension = "py_wasm_rust_extension")
load("//bazel/private:test.bzl", "calls_file", "component_calls_test", "component_program")
load("//bazel/private:web.bzl", "WEB_APP", "web_library")
load("//bazel/private:wit.bzl", "wit_bindings_rule")

AmpouleInterpreterInfo = _AmpouleInterpreterInfo
AmpouleToolsInfo = _AmpouleToolsInfo
PyWasmComponentInfo = _PyWasmComponentInfo
PyWasmExtensionInfo = _PyWasmExtensionInfo
WitBindingsInfo = _WitBindingsInfo
py_wasm_extension = _py_wasm_extension
py_wasm_rust_extension = _py_wasm_rust_extension

def _world(world):
    """The attribute for a world, or for a list of them. What `select` gives is not known yet: it is one world."""
    return {"worlds": world} if type(world) == "list" else {"world": world}

_WEB_SETTINGS = ["wsgi", "asgi", "wasi_http", "warm_up", "http_client"]

def _web(name, app, kwargs):
    """What the settings of web applications become: the library between them and wasi:http, and the app that hands on to them."""
    settings = {key: kwargs.pop(key) for key in _WEB_SETTINGS if key in kwargs}
    if not settings:
        return {"app": app}
    web = name + ".web"
    shared = {key: kwargs[key] for key in ["testonly", "target_compatible_with"] if key in kwargs}
    web_library(name = web, tags = ["manual"], visibility = ["//visibility:private"], **(settings | shared))
    is_served = "wsgi" in settings or "asgi" in settings
    return {
        "app": WEB_APP if is_served else app,
        "deps": kwargs.pop("deps", []) + [web],
        "web": web,
    }

def py_wasm_component(name, app = "app", wit = [], world = None, **kwargs):
    """Builds a Python application into a WebAssembly component, `<name>.wasm`.

    `bazel run <name>.run -- CALL` calls one of its exports, and `bazel run <name>.serve` answers HTTP requests with it.

    Args:
      name: the name of the target.
      app: the module that is imported at build time.
      wit: the files of the WIT packages; an application of `wsgi` or `asgi` needs none.
      world: the world, or a list of worlds that are united; it may be left out where the WIT has only one. It may be a
        `select` of worlds; one of lists is `worlds`.
      **kwargs: see the attributes of the rule: srcs, deps, data, imports, extensions, hash_seed, those of the settings
        (docs/settings.md), and those of every rule.
    """
    kwargs = dict(kwargs)
    web = _web(name, app, kwargs)
    has_interpreter = any([kwargs.get(attribute) for attribute in INTERPRETER_ATTRIBUTES])
    component_rule = py_wasm_component_with_interpreter_rule if has_interpreter else py_wasm_component_rule
    component_rule(name = name, wit = wit, **(_world(world) | kwargs | web))
    for command in ["run", "serve"]:
        component_program(
            name = "{}.{}".format(name, command),
            args = [command, "$(rootpath :{})".format(name)],
            data = [name],
            tags = ["manual"],
            **{key: kwargs[key] for key in ["testonly", "visibility", "target_compatible_with"] if key in kwargs}
        )

def wit_bindings(name, wit, world = None, **kwargs):
    """Generates the Python modules of a world as a Python library, for editors, type checkers and tests.

    Args:
      name: the name of the target.
      wit: the files of the WIT packages.
      world: the world, or a list of worlds that are united; it may be left out where the WIT has only one. It may be a
        `select` of worlds; one of lists is `worlds`.
      **kwargs: see the attributes of the rule: those of the settings of WIT (docs/settings.md), and those of every rule.
    """
    wit_bindings_rule(name = name, wit = wit, **(_world(world) | kwargs))

def py_wasm_component_test(name, component, calls, stand_ins = [], size = "small", **kwargs):
    """Calls exports of a component and compares what they give. Each call has a fresh instance.

    Args:
      name: the name of the target.
      component: a py_wasm_component.
      calls: a dict: the result that is expected of each call, both in WAVE syntax: `{'greet("Ada")': '"Hello, Ada!"'}`.
      stand_ins: other components, such as py_wasm_component targets: their exports are what the component imports, where
        that is nothing that `ampoule run` has. Each call has fresh instances of them, too.
      size: as for every test.
      **kwargs: the other attributes of every test.
    """
    calls_file(
        name = name + ".calls",
        testonly = True,
        calls = calls,
        tags = ["manual"],
        visibility = ["//visibility:private"],
    )
    component_calls_test(
        name = name,
        args = ["run", "$(rootpath {})".format(component), "--calls", "$(rootpath :{}.calls)".format(name)] +
               ["--with=$(rootpath {})".format(stand_in) for stand_in in stand_ins],
        data = depset([component, name + ".calls"] + stand_ins).to_list(),
        size = size,
        **kwargs
    )
