"""Reads CPython 3.13's bytecode."""

EXTENDED_ARG = 71
PUSH_NULL, LOAD_CONST, CALL = 34, 83, 53

# What loads a function that may be called: how far its operand is shifted, and how many caches follow it.
LOAD_ATTR, LOAD_GLOBAL, LOAD_NAME = 82, 91, 92
LOADS = {LOAD_ATTR: (1, 9), LOAD_GLOBAL: (1, 4), LOAD_NAME: (0, 0)}


def argument(instructions, position):
    """An instruction's argument, with the EXTENDED_ARGs before it."""
    value = instructions[position + 1]
    shift = 8
    position -= 2
    while position >= 0 and instructions[position] == EXTENDED_ARG:
        value |= instructions[position + 1] << shift
        shift += 8
        position -= 2
    return value


def before(instructions, position):
    """Where the instruction before this one stands."""
    position -= 2
    while instructions[position] == EXTENDED_ARG:
        position -= 2
    return position


def called(code, instructions, position):
    """The name of the function or method that an instruction loads to call it, and where the arguments begin; None if it does not."""
    if instructions[position] not in LOADS:
        return None, position
    shift, caches = LOADS[instructions[position]]
    operand = argument(instructions, position)
    end = position + 2 * (1 + caches)
    if shift and operand & 1:
        return code.co_names[operand >> shift], end
    is_called = end < len(instructions) and instructions[end] == PUSH_NULL
    return (code.co_names[operand >> shift], end + 2) if is_called else (None, end)


def loaded(code, instructions, position):
    """The name that an instruction loads; None if it loads none."""
    if instructions[position] not in LOADS:
        return None
    shift, _ = LOADS[instructions[position]]
    return code.co_names[argument(instructions, position) >> shift]


def is_computed(instructions, position):
    """Whether the first argument of a call, whose instructions begin here, is there and no constant."""
    while position < len(instructions) and instructions[position] == EXTENDED_ARG:
        position += 2
    return position < len(instructions) and instructions[position] not in (LOAD_CONST, CALL)


def constants(code):
    """All constants of a code, itself and those in others included."""
    pending = [code]
    while pending:
        constant = pending.pop()
        yield constant
        if isinstance(constant, type(code)):
            pending.extend(constant.co_consts)
        elif isinstance(constant, (tuple, frozenset)):
            pending.extend(constant)
