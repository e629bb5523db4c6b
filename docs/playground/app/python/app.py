"""The component of the playground: it runs programs that it is given as text."""

import ast
import linecache
import sys
import traceback
from types import ModuleType, TracebackType
from typing import Any

import popular
import wit_world
from componentize_py_types import Err
from wit_world import Failure, Value

FILE = "<editor>"


class WitWorld(wit_world.WitWorld):
    def version(self) -> str:
        return sys.version.split()[0]

    def run(self, source: str) -> Value | None:
        sys.stdout.reconfigure(line_buffering=True)
        try:
            value = execute(source)
            return None if value is None else Value(name(type(value)), well_formed(repr(value)))
        except SystemExit as error:
            return leave(error)
        except BaseException as error:
            raise Err(failure(error)) from None
        finally:
            sys.stdout.flush()


def execute(source: str) -> Any:
    """Runs a program as `__main__`; gives the value of its last line, if that is an expression."""
    # Where tracebacks and `inspect` find its lines.
    linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
    module = sys.modules["__main__"] = ModuleType("__main__")
    tree = ast.parse(source, FILE)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, FILE, "exec"), module.__dict__)
    if last is not None:
        return eval(compile(ast.Expression(last.value), FILE, "eval"), module.__dict__)


def leave(error: SystemExit) -> None:
    """What `sys.exit` does to a process: only one that it ends in success is no failure."""
    if error.code not in (None, 0):
        status = f"exit status {error.code}" if isinstance(error.code, int) else str(error.code)
        raise Err(Failure(line(error), well_formed(f"{status}\n"))) from None


def failure(error: BaseException) -> Failure:
    """An exception as the visitor sees it: from the program's own first line on."""
    lines = traceback.format_exception(type(error), error, own(error.__traceback__))
    return Failure(line(error), well_formed("".join(lines)))


def line(error: BaseException) -> int | None:
    """The innermost line of the program that an exception came through."""
    if isinstance(error, SyntaxError) and error.filename == FILE:
        return error.lineno
    lines = [number for frame, number in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == FILE]
    return lines[-1] if lines else None


def own(frames: TracebackType | None) -> TracebackType | None:
    """The frames of a traceback without those of this module, which come first."""
    while frames is not None and frames.tb_frame.f_code.co_filename != FILE:
        frames = frames.tb_next
    return frames


def name(kind: type) -> str:
    """A type's name, with its module where it is neither Python's own nor the program's."""
    return kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"


def well_formed(text: str) -> str:
    """Text without lone surrogates, which WIT's strings cannot have."""
    return text.encode(errors="backslashreplace").decode()
