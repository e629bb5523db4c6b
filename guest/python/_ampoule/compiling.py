"""Compiles Python files to .pyc that are never checked against their source, and lists what they import.

It needs no module beside the ones that the interpreter starts with, so that it runs before there is a compiled stdlib.
"""

import _imp
import posix
from _ampoule.bytecode import argument, before, constants
from _ampoule.charsets import WITH_TABLES_IN_C, encodings_wanted, module_of
from _ampoule.computed import computed_imports
from importlib._bootstrap_external import _RAW_MAGIC_NUMBER, _code_to_hash_pyc, cache_from_source

# An instruction of CPython 3.13, and the flag that functions have and modules and classes have not.
IMPORT_NAME = 75
CO_OPTIMIZED = 1

STDLIB = "/lib/python3.13/"

# The first folder of the app: what is in others is not its own.
APP = "/app/"

# What of hashlib only the module _hashlib has: two functions, and digests that are asked for by their names.
HASHLIB_FUNCTIONS = {"pbkdf2_hmac", "scrypt"}
HASHLIB_DIGESTS = {"md4", "ripemd160", "sha512_224", "sha512_256"}

# What unittest imports when it is asked for it, with all of asyncio.
ASYNC_TEST_CASE = "IsolatedAsyncioTestCase"


def compile_files(files, output, start_lines=()):
    """Compile files of the image and write what their modules import to `output`/imports.json.

    `files` lists (path in the image, module name, whether it is a package's __init__). The .pyc of /a/b.py is written to
    `output`/a/__pycache__/b.cpython-313.pyc (.opt-1.pyc with -O), with the path in the image in it, as tracebacks show it.
    What the app's own files import by names that they compute goes to `output`/computed.txt: a path, a line and a function in each line.
    `start_lines` has (path of a .pth file, line of Python in it): what it imports is listed under that path.
    Returns the problems: (path, line or None, message).
    """
    problems = []
    imports = {}
    computed = []
    made = set()
    for path, name, is_package in files:
        source = read(path)
        try:
            code = compile(source, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, ImportError) as error:
            # Without the module that Python reads it with, which is not linked yet, such a file gets no .pyc.
            code = compiled_plainly(source, path) if needs_module(source, error) else None
            if code is None:
                problems.append((path, getattr(error, "lineno", None), describe(error)))
                continue
        except (MemoryError, RecursionError) as error:
            # Python's own words for expressions that are nested too deeply.
            problems.append((path, None, str(error) or "the source is too large to compile"))
            continue
        else:
            target = output + cache_from_source(path)
            make_folder(target.rpartition("/")[0], made)
            write(target, unchecked_pyc(source, code))
        imports[name] = imports_of(code, name if is_package else name.rpartition(".")[0])
        if not path.startswith(STDLIB):
            top, inner = imports[name]["top"], imports[name]["inner"]
            wanted = {*encodings_wanted(code, imports[name].values()), *encoding_of_source(source)}
            imports[name]["inner"] = sorted({*inner, *wanted, *hashlib_named(code), *unittest_named(code, top)})
        if path.startswith(APP):
            computed.extend(f"{path}\t{line}\t{function}\n" for line, function in sorted(computed_imports(code)))
    for path, line in start_lines:
        found = imports_of_line(line, path)
        known = imports.setdefault(path, {"top": [], "inner": []})
        imports[path] = {level: sorted({*known[level], *found[level]}) for level in known}
    make_folder(output, made)
    write(output + "/imports.json", as_json(imports).encode())
    write(output + "/computed.txt", "".join(computed).encode())
    return problems


def imports_of_line(line, path):
    """What a line of a .pth file imports; nothing if Python refuses it, for then `site` leaves it out."""
    try:
        code = compile(line, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return {"top": [], "inner": []}
    return imports_of(code, "")


def show_problems(problems, output):
    """Write each problem as Python shows it to `output`/PATH.problem, PATH being that of the refused file."""
    import sys

    from io import StringIO

    made = set()
    for path, _, _ in problems:
        shown = StringIO()
        sys.stderr, stderr = shown, sys.stderr
        try:
            error = problem_of(read(path), path)
            sys.excepthook(type(error), error, None)
        finally:
            sys.stderr = stderr
        target = output + path + ".problem"
        make_folder(target.rpartition("/")[0], made)
        write(target, shown.getvalue().encode())


def problem_of(source, path):
    """What is wrong with a source, as an exception that points at its line."""
    try:
        compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, ImportError) as error:
        if not needs_module(source, error):
            return error.with_traceback(None)
    try:
        compile(plain(source), path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        if getattr(error, "text", None) and error.lineno:
            error.text = text_of(source).split("\n")[error.lineno - 1]
        return error.with_traceback(None)


def needs_module(source, error):
    """Whether Python wanted a module with large tables: unicodedata for a character given by its name, or a name that is not ASCII;
    those of an encoding for the whole source.
    """
    return "unicodedata" in str(error) or "unknown encoding" in str(error) and bool(encoding_of_source(source))


def compiled_plainly(source, path):
    """The code of the plain source, which imports the same. None if it is refused still."""
    try:
        return compile(plain(source), path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None


def encoding_of_source(source):
    """The module of the encoding that a comment in the first two lines names (PEP 263), if its tables are in C; as a set."""
    for line in source.split(b"\n", 2)[:2]:
        code, mark, comment = line.decode("latin-1").partition("#")
        if code.strip(" \t\f\r"):
            break
        _, named, rest = comment.partition("coding")
        if mark and named and rest[:1] in (":", "="):
            rest = rest[1:].lstrip(" \t")
            length = next((i for i, c in enumerate(rest) if not (c.isascii() and c.isalnum()) and c not in "-_."), len(rest))
            module = module_of(rest[:length]) if length else None
            return {"encodings." + module} if module and module.startswith(WITH_TABLES_IN_C) else set()
    return set()


def plain_letters(source):
    """The source of such an encoding, its characters made plain: the second byte of one may look like another."""
    encoding = next(iter(encoding_of_source(source)), "")
    # Single bytes of these are characters, too.
    single = range(0xA0, 0xE0) if "shift_jis" in encoding or "cp932" in encoding else range(0)
    text = bytearray()
    position = 0
    while position < len(source):
        byte = source[position]
        wide = byte >= 0x80 and byte not in single and source[position + 1 : position + 2] not in (b"", b"\n", b"\r")
        text += b"_" if byte >= 0x80 else source[position : position + 1]
        position += 2 if wide else 1
    for name in (b"coding:", b"coding="):
        # In the first lines only the comment has it.
        text = text.replace(name, b"______ ", 1)
    return bytes(text)


def plain(source):
    """The source with plain characters, in the same columns, for those that only the module unicodedata knows."""
    if encoding_of_source(source):
        source = plain_letters(source)
    first, *others = text_of(source).split("\\N{")
    for other in others:
        name, brace, rest = other.partition("}")
        is_name = brace and "\n" not in name
        first += "?" * len("\\N{" + name + brace) + rest if is_name else "\\N{" + other
    return "".join(character if character.isascii() else "_" for character in first)


def text_of(source):
    source = source.removeprefix(b"\xef\xbb\xbf")
    try:
        return source.decode()
    except UnicodeDecodeError:
        return source.decode("latin-1")


def describe(error):
    return error.msg if isinstance(error, SyntaxError) else str(error)


def unchecked_pyc(source, code):
    return _code_to_hash_pyc(code, _imp.source_hash(_RAW_MAGIC_NUMBER, source), checked=False)


def imports_of(code, package):
    """{"top": [...], "inner": [...]}: absolute names imported when the module runs, and by its functions.

    For `from a import b`, both a and a.b are listed: whoever reads this knows which of them are modules.
    """
    found = {"top": set(), "inner": set()}
    pending = [(code, "top")]
    while pending:
        code, level = pending.pop()
        found[level].update(names_imported(code, package))
        for constant in code.co_consts:
            if isinstance(constant, type(code)):
                pending.append((constant, "inner" if constant.co_flags & CO_OPTIMIZED else level))
    return {level: sorted(names) for level, names in found.items()}


def hashlib_named(code):
    """The module _hashlib, if something is named that no other module has."""
    for constant in constants(code):
        if isinstance(constant, type(code)) and not HASHLIB_FUNCTIONS.isdisjoint(constant.co_names):
            return {"_hashlib"}
        if isinstance(constant, str) and constant.lower() in HASHLIB_DIGESTS:
            return {"_hashlib"}
    return set()


def unittest_named(code, imported):
    """The module unittest.async_case, if something is named that it alone has, or all that unittest has."""
    codes = [constant for constant in constants(code) if isinstance(constant, type(code))]
    is_named = any(ASYNC_TEST_CASE in each.co_names for each in codes)
    return {"unittest.async_case"} if is_named or "unittest.*" in imported else set()


def names_imported(code, package):
    instructions = code.co_code
    position = instructions.find(IMPORT_NAME)
    while position >= 0:
        if position % 2 == 0:
            name = code.co_names[argument(instructions, position)]
            fromlist_at = before(instructions, position)
            fromlist = code.co_consts[argument(instructions, fromlist_at)]
            depth = code.co_consts[argument(instructions, before(instructions, fromlist_at))]
            yield from absolute_names(name, fromlist, depth, package)
        position = instructions.find(IMPORT_NAME, position + 1)


def absolute_names(name, fromlist, depth, package):
    if depth:
        base = package.rsplit(".", depth - 1)[0]
        name = f"{base}.{name}" if name else base
    parts = name.split(".")
    yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))
    yield from (f"{name}.{item}" for item in fromlist or ())


def as_json(imports):
    rows = []
    for module in sorted(imports):
        levels = ", ".join(f'"{level}": [{", ".join(quoted(n) for n in names)}]' for level, names in imports[module].items())
        rows.append(f"  {quoted(module)}: {{{levels}}}")
    return "{\n" + ",\n".join(rows) + "\n}\n"


def quoted(name):
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def make_folder(path, made):
    if path in made or not path:
        return
    make_folder(path.rpartition("/")[0], made)
    try:
        posix.mkdir(path)
    except FileExistsError:
        pass
    made.add(path)
