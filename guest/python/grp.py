"""The one group of a component: WASI has no list of groups."""

from collections import namedtuple

struct_group = namedtuple("struct_group", "gr_name gr_passwd gr_gid gr_mem", module=__name__)

_GROUP = struct_group("root", "x", 0, [])


def getgrgid(id):
    """The group with this number; KeyError for all but one."""
    if id != _GROUP.gr_gid:
        raise KeyError(f"getgrgid(): gid not found: {id}")
    return _GROUP


def getgrnam(name):
    """The group of this name; KeyError for all but one."""
    if name != _GROUP.gr_name:
        raise KeyError(f"getgrnam(): name not found: {name!r}")
    return _GROUP


def getgrall():
    """A list of the group."""
    return [_GROUP]
