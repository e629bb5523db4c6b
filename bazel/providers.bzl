"""What the targets of Ampoule's rules tell other rules."""

AmpouleToolsInfo = provider(
    doc = "Ampoule's own programs.",
    fields = {
        "ampoule": "File: the command `ampoule`, which runs components in tests.",
        "stages": "dict of string to File: the program of each stage by the stage's name.",
    },
)

AmpouleInterpreterInfo = provider(
    doc = "The Python interpreter that every component of a toolchain starts from.",
    fields = {
        "base": "File: the interpreter before it is initialised, a core module.",
        "imports": "File: what each module of the standard library imports (JSON).",
        "initialised": "File: the initialised interpreter, a core module.",
        "precompiled": "File: the same for the machine that runs the actions.",
        "precompiled_extensions": "File (folder): the standard library's extension modules for that machine.",
        "python_version": "string: the version of CPython.",
        "stdlib": "File (folder): the standard library with its bytecode.",
    },
)

PyWasmComponentInfo = provider(
    doc = "A component, and what the stages made on the way to it.",
    fields = {
        "bindings": "File (folder): the Python modules of the world.",
        "component": "File: the component.",
        "image": "File (folder): the app's files and their bytecode, as the component holds them.",
        "report": "File: the sizes of the linked module by origin (JSON).",
    },
)

PyWasmExtensionInfo = provider(
    doc = "An extension module of Python in C or C++.",
    fields = {
        "file": "File: the compiled module.",
        "module": "string: the name under which Python imports it, such as `package._module`.",
        "precompiled": "File (folder): the same for the machine that runs the actions.",
    },
)

WitBindingsInfo = provider(
    doc = "The Python modules of a world, for editors, type checkers and tests; a component brings its own.",
    fields = {
        "modules": "File (folder): the modules.",
    },
)
