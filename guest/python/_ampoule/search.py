"""The folders that modules are searched in, and what Python does with them at its start."""

import os
import site
import sys


def extend_search_path(folders):
    """Put the folders first on the path, follow the .pth files in them, and import sitecustomize, as Python does with site-packages."""
    sys.path[:0] = folders
    known = set(sys.path)
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            if name.endswith(".pth") and not name.startswith(".") and is_text(f"{folder}/{name}"):
                site.addpackage(folder, name, known)
    site.execsitecustomize()


def is_text(path):
    """Whether it is a file of text; one with the weights of a model may have the same suffix."""
    with open(path, "rb") as file:
        content = file.read()
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False
