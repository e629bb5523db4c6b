"""Late imports from the image: they ask no file system, of which each question costs more than what most modules do.

What PathFinder finds is found here first, in the same folders, in the same order, with the same loaders, as long as nobody has changed
how a folder is searched and the host has put no folder in the place of one of the image's.
"""

import sys

from importlib._bootstrap_external import spec_from_file_location
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    PathFinder,
    SourceFileLoader,
    SourcelessFileLoader,
)

from _ampoule_runtime import find_module, read_code


class ImageLoader(SourcelessFileLoader):
    """Reads bytecode without opening a file."""

    def get_code(self, fullname):
        """The module's code, or the exception that says what is wrong with the file."""
        code = read_code(self.path)
        return super().get_code(fullname) if code is None else code

    def __reduce__(self):
        # A copy has to do without this module, which is gone.
        return SourcelessFileLoader, (self.name, self.path)


KINDS = (
    (ExtensionFileLoader, EXTENSION_SUFFIXES),
    (SourceFileLoader, SOURCE_SUFFIXES),
    (ImageLoader, BYTECODE_SUFFIXES),
)
SUFFIXES = tuple(suffix for _, suffixes in KINDS for suffix in suffixes)
LOADERS = tuple(loader for loader, suffixes in KINDS for _ in suffixes)


class ImageFinder:
    """Finds what PathFinder would find in the image; the rest is left to it."""

    # As Python itself has them: the app is imported later.
    hooks = list(sys.path_hooks)

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        """The module's spec, or None."""
        folders = sys.path if path is None else path
        if type(folders) is not list or sys.path_hooks != cls.hooks:
            return None
        tail = name.rpartition(".")[2]
        for folder in folders:
            found = find_module(folder, tail, SUFFIXES)
            if found is None or not searched_as_ever(folder):
                return None
            if found:
                return spec_of(name, folder + "/" + tail, *found)
        return None


def searched_as_ever(folder):
    """Whether nobody has put a finder of their own for a folder."""
    finder = sys.path_importer_cache.get(folder)
    return finder is None or type(finder) is FileFinder


def spec_of(name, folder, file, kind, is_package):
    """What FileFinder gives for a file."""
    loader = LOADERS[kind](name, file)
    return spec_from_file_location(name, file, loader=loader, submodule_search_locations=[folder] if is_package else None)


def import_from_image():
    """Look into the image before any other folder is asked."""
    if PathFinder in sys.meta_path:
        sys.meta_path.insert(sys.meta_path.index(PathFinder), ImageFinder)
