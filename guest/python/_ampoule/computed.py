"""Imports whose names are computed, which no list of imports can have."""

from _ampoule.bytecode import LOAD_ATTR, called, is_computed, loaded

FUNCTIONS = {"__import__", "eval", "exec", "import_module"}

# As methods these have nothing to do with Python's, as those of data frames.
BUILTINS = {"eval", "exec"}


def computed_imports(code):
    """(line, name of the function) of each call that may import what is no constant."""
    pending = [code]
    while pending:
        code = pending.pop()
        yield from calls(code)
        pending.extend(constant for constant in code.co_consts if isinstance(constant, type(code)))


def calls(code):
    instructions = code.co_code
    lines = [line for start, end, line in code.co_lines() for _ in range(start, end, 2)]
    owner = None
    for position in range(0, len(instructions), 2):
        name, start = called(code, instructions, position)
        is_method = instructions[position] == LOAD_ATTR and name in BUILTINS and owner != "builtins"
        if name in FUNCTIONS and not is_method and is_computed(instructions, start):
            yield lines[position // 2], name
        owner = loaded(code, instructions, position) or owner
