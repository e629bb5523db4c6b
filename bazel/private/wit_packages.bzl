"""Python packages with WIT of their own."""

# The file that makes a package one, and by which it says where its WIT is.
_PACKAGE_FILE = "componentize-py.toml"

_WIT = ["wasm", "wat", "wit"]

def _name(place):
    """The dotted name of the package whose file is at `/app/...`; empty for a folder of the Python path itself."""
    return ".".join(place.split("/")[2:-1])

def wit_packages(files, place):
    """The packages among an app's files, as the stage `bindgen` takes them.

    Args:
      files: a depset of the files.
      place: a function that gives a file's place in the component.

    Returns:
      a list of structs: `name`, by which Python imports the package, and `files`, the one that says where the WIT is and all WIT
      below its folder.
    """
    files = files.to_list()
    packages = {}
    for file in files:
        if file.basename == _PACKAGE_FILE:
            folder = file.short_path.removesuffix(_PACKAGE_FILE)
            wit = [other for other in files if other.extension in _WIT and other.short_path.startswith(folder)]
            packages[_name(place(file))] = [file] + wit
    return [struct(files = packages[name], name = name) for name in sorted(packages)]
