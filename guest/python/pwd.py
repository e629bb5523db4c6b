"""The one user of a component: WASI has no list of users."""

from collections import namedtuple
from operator import index

struct_passwd = namedtuple("struct_passwd", "pw_name pw_passwd pw_uid pw_gid pw_gecos pw_dir pw_shell", module=__name__)

_USER = struct_passwd("root", "x", 0, 0, "", "/", "")


def getpwuid(uid, /):
    """The user with this number; KeyError for all but one."""
    if index(uid) != _USER.pw_uid:
        raise KeyError(f"getpwuid(): uid not found: {uid}")
    return _USER


def getpwnam(name, /):
    """The user of this name; KeyError for all but one."""
    if _checked(name) != _USER.pw_name:
        raise KeyError(f"getpwnam(): name not found: {name!r}")
    return _USER


def getpwall():
    """A list of the user."""
    return [_USER]


def _checked(name):
    """The name, if it can be one in any list of users or groups."""
    if not isinstance(name, str):
        raise TypeError(f"a name is a str, not {type(name).__name__}")
    if b"\0" in name.encode(errors="surrogateescape"):
        raise ValueError("embedded null byte")
    return name
