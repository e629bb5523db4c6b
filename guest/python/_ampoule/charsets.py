"""Which encodings of the standard library a module can ask for.

Those that it names; all in Python, if it computes a name or reads XML, where a document names its own; and those with large tables in C,
too, if it reads the mails of others.
"""

import posix

from _ampoule.bytecode import EXTENDED_ARG, LOAD_CONST, argument, called, constants, is_computed

# An instruction of CPython 3.13.
CALL_KW = 57

FOLDER = "/lib/python3.13/encodings"

# What is no encoding of text that another could have chosen, or needs an extension of its own; each counts where it is named.
SPECIAL = {"__init__", "aliases", "base64_codec", "bz2_codec", "hex_codec", "idna", "mbcs", "oem", "quopri_codec", "uu_codec", "zlib_codec"}

# The beginnings of those whose tables are in C.
WITH_TABLES_IN_C = ("big5", "cp932", "cp949", "cp950", "euc_", "gb", "hz", "iso2022_", "johab", "shift_jis")

# Methods and functions that take an encoding's name first.
ASKING = {"decode", "encode", "getdecoder", "getencoder", "getincrementaldecoder", "getincrementalencoder", "getreader", "getwriter"}

# Names that mean something else as often as not; they count with `codec` in the name.
COMMON_WORDS = {"bz2_codec", "zlib_codec"}

# What reads messages in any charset.
MAIL = {
    "BytesFeedParser",
    "BytesParser",
    "decode_header",
    "message_from_binary_file",
    "message_from_bytes",
    "message_from_file",
    "message_from_string",
}

# The modules of the package encodings, once they are needed.
MODULES = set()


def encodings_wanted(code, imports):
    """The modules of the encodings that a module's code can ask for; `imports` are lists of what it imports."""
    names = encodings_named(code)
    if any(isinstance(part, type(code)) and not MAIL.isdisjoint(part.co_names) for part in constants(code)):
        names.update(modules() - SPECIAL)
    elif reads_xml(imports) or any(isinstance(part, type(code)) and computes_an_encoding(part) for part in constants(code)):
        names.update(name for name in modules() - SPECIAL if not name.startswith(WITH_TABLES_IN_C))
    return {"encodings." + name for name in names}


def modules():
    if not MODULES:
        MODULES.update(file.removesuffix(".py") for file in posix.listdir(FOLDER) if file.endswith(".py"))
    return MODULES


def encodings_named(code):
    """The encodings whose names are among the constants, alone or in lists of such names."""
    found = set()
    for constant in constants(code):
        if isinstance(constant, str) and constant.isascii():
            words = [constant] if len(constant) < 32 else constant.split()
            named = [module_of(word) for word in words if len(word) < 32]
            if None not in named:
                found.update(named)
    return found


def module_of(text):
    """The module of an encoding by one of its names; None if there is none."""
    from encodings import normalize_encoding
    from encodings.aliases import aliases

    name = normalize_encoding(text).lower()
    module = aliases.get(name) or aliases.get(name.replace(".", "_")) or name
    is_one = module in modules() and (module not in COMMON_WORDS or "codec" in text)
    return module if is_one else None


def reads_xml(imports):
    return any(name == "pyexpat" or name.startswith("xml.") for names in imports for name in names)


def computes_an_encoding(code):
    """Whether a method such as `decode`, or an argument `encoding`, is given what is no constant."""
    instructions = code.co_code
    for position in range(0, len(instructions), 2):
        name, start = called(code, instructions, position)
        if name in ASKING and is_computed(instructions, start):
            return True
        if instructions[position] == CALL_KW and names_a_variable(code, instructions, position):
            return True
    return False


def names_a_variable(code, instructions, position):
    """Whether a call with keywords has one `encoding` whose value, or what stands behind it, is no constant."""
    position = previous(instructions, position)
    names = code.co_consts[argument(instructions, position)] if instructions[position] == LOAD_CONST else ()
    if "encoding" not in names:
        return False
    for _ in names[names.index("encoding") :]:
        position = previous(instructions, position)
        if position < 0 or instructions[position] != LOAD_CONST:
            return True
    return False


def previous(instructions, position):
    position -= 2
    while position >= 0 and instructions[position] == EXTENDED_ARG:
        position -= 2
    return position
