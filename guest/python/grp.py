"""The one group of a component: WASI has no list of groups."""

from collections import namedtuple
from operator import index
from pwd import _checked

struct_group = namedtuple("struct_group", "gr_name gr_passwd gr_gid gr_mem", module=__name__)

_GROUP = struct_group("root", "x", 0, [])


def getgrgid(id):
    """The group with this number; KeyError for all but one."""
    if not -1 <= index(id) < 1 << 32:
        raise OverflowError("gid is out of range")
    if id != _GROUP.gr_gid:
        raise KeyError(f"getgrgid(): gid not found: {id}")
    return _GROUP


def getgrnam(name):
    """The group of this name; KeyError for all but one."""
    if _checked(name) != _GROUP.gr_name:
        raise KeyError(f"getgrnam(): name not found: {name!r}")
    return _GROUP


def getgrall():
    """A list of the group."""
    return [_GROUP]
