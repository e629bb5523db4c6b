"""Each function is a check, called by its name in a component that was granted nothing."""

import os
import sys

HERE = os.path.dirname(__file__)


def module_of_the_app():
    import package.inner

    return package.inner.where()


def module_of_a_dependency():
    import fourth

    return f"{fourth.__file__} {fourth.VERSION}"


def module_of_the_stdlib():
    import fractions

    return fractions.Fraction(3, 6)


def extension_of_the_stdlib():
    import zlib

    return zlib.decompress(zlib.compress(b"squeezed"))


def imported_by_a_c_module():
    import datetime

    return datetime.datetime.strptime("2024-02-29", "%Y-%m-%d").date()


def codec_by_name():
    return b"\x80 \xe4".decode("cp1252")


def missing_module_of_the_stdlib():
    name = "plist" + "lib"
    return __import__(name)


def module_that_wasi_cannot_have():
    import syslog


def attributes_of_a_terminal():
    import errno
    import termios
    import tty

    numbers = []
    for file in (1, 99):
        try:
            tty.setraw(file)
        except termios.error as error:
            numbers.append(error.args[0])
    return [errno.errorcode[number] for number in numbers]


def missing_module():
    import nowhere

    return nowhere


def missing_name_of_a_package():
    from json import nowhere

    return nowhere


def file_beside_the_module():
    with open(os.path.join(HERE, "data", "greeting.txt"), encoding="utf-8") as file:
        return file.read().strip()


def bytes_by_seeking():
    with open(os.path.join(HERE, "data", "greeting.txt"), "rb") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(2)
        return end, file.read(4), file.tell(), os.pread(file.fileno(), 3, 7), file.read()


def resources():
    from importlib import resources

    folder = resources.files("package")
    table = folder / "texts" / "table.json"
    names = sorted(entry.name for entry in (folder / "texts").iterdir())
    return names, table.read_text().strip(), (folder / "texts" / "empty").read_bytes()


def data_of_a_package():
    import pkgutil

    return pkgutil.get_data("package", "texts/table.json")


def modules_of_a_package():
    import pkgutil

    import package

    return [module.name for module in pkgutil.walk_packages(package.__path__, "package.")]


def metadata():
    from importlib import metadata

    (entry,) = metadata.entry_points(group="greeters")
    return metadata.version("fourth"), entry.load(), sorted(str(path) for path in metadata.files("fourth"))


def configuration():
    import sysconfig

    return sysconfig.get_platform(), sysconfig.get_config_var("EXT_SUFFIX")


def source():
    import inspect

    from package import inner

    return repr(inspect.getsource(inner.where))


def traceback():
    import traceback

    try:
        os.stat("/app/nowhere")
    except OSError:
        lines = traceback.format_exc().splitlines()
        return lines[2].strip(), lines[-1]


def run_as_a_program():
    import runpy

    return sorted(name for name in runpy.run_module("package.inner", run_name="program") if not name.startswith("_"))


def walk():
    return [(folder, sorted(folders), sorted(files)) for folder, folders, files in os.walk(os.path.join(HERE, "package"))]


def listing_of_the_root():
    return sorted(os.listdir("/"))


def globbing():
    import glob

    return sorted(glob.glob(HERE + "/**/*.json", recursive=True))


def paths():
    from pathlib import Path

    here = Path(HERE)
    found = sorted(path.name for path in here.glob("data/*"))
    return found, (here / "data").is_dir(), (here / "none").exists(), (here / "package" / ".." / "app.py").is_file()


def status():
    file = os.stat(os.path.join(HERE, "data", "greeting.txt"))
    folder = os.stat(HERE)
    return file.st_size, oct(file.st_mode >> 12), oct(folder.st_mode >> 12), int(file.st_mtime), file.st_ino != folder.st_ino


def times():
    """What a server tells clients that have a file: other bytes have another time, which is that of the build."""
    import app

    times = [os.stat(os.path.join(HERE, name)).st_mtime_ns for name in ("app.py", "checks.py", "package")]
    return app.TIME == times[0], len(set(times)) == 3, times[2] % 1_000_000_000


def same_file():
    return os.path.samefile(HERE + "/app.py", HERE + "/data/../app.py"), os.path.samefile(HERE + "/app.py", __file__)


def is_open(descriptor):
    try:
        os.fstat(descriptor)
        return True
    except OSError:
        return False


def mapping():
    import mmap

    with open(HERE + "/data/greeting.txt", "rb") as file:
        descriptor = file.fileno()
        first = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
        second = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    found = bytes(first) == bytes(second), first.find(b"Gott"), first.size()
    first.close()
    held = is_open(descriptor)
    second.close()
    return found, held, is_open(descriptor)


def scan():
    with os.scandir(HERE + "/package") as entries:
        return sorted((entry.name, entry.is_dir(), entry.is_file(), entry.is_symlink()) for entry in entries)


def refused(work):
    import errno

    try:
        work()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"


def changes():
    here = HERE + "/"
    return [
        refused(lambda: open(here + "data/greeting.txt", "w")),
        refused(lambda: open(here + "data/greeting.txt", "a")),
        refused(lambda: open(here + "data/greeting.txt", "r+")),
        refused(lambda: open(here + "new", "x")),
        refused(lambda: os.mkdir(here + "new")),
        refused(lambda: os.mkdir(here + "data")),
        refused(lambda: os.unlink(here + "app.py")),
        refused(lambda: os.rmdir(here + "data")),
        refused(lambda: os.unlink(here + "nowhere")),
        refused(lambda: os.rmdir(here + "app.py/nowhere")),
        refused(lambda: os.rename(here + "app.py", here + "other.py")),
        refused(lambda: os.symlink("app.py", here + "link")),
        refused(lambda: os.link(here + "app.py", here + "link")),
        refused(lambda: os.utime(here + "app.py", (0, 0))),
        refused(lambda: os.truncate(here + "app.py", 0)),
    ]


def owners():
    """There is one user, who can give his files to nobody else."""
    with open(HERE + "/app.py") as file:
        descriptor = file.fileno()
        given = [refused(lambda: os.fchown(descriptor, *to)) for to in [(0, 0), (-1, 1)]]
    give = [refused(lambda: os.chown(HERE + "/app.py", *to)) for to in [(0, 0), (-1, -1), (0, 1), (1000, -1)]]
    return given, give, refused(lambda: os.chown(HERE + "/none", 0, 0)), refused(lambda: os.lchown(HERE, 0, 0))


def data_of_c():
    import ctypes

    class Pair(ctypes.Structure):
        _fields_ = [("small", ctypes.c_uint8), ("large", ctypes.c_uint32)]

    there = ctypes.create_string_buffer(ctypes.sizeof(Pair))
    pair = Pair(1, 258)
    ctypes.memmove(there, ctypes.byref(pair), len(there))
    called = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(there))
    try:
        called()
    except NotImplementedError as error:
        return there.raw[4:], ctypes.string_at(there, 1), ctypes.sizeof(ctypes.c_void_p), str(error)[:45]


def wrong_paths():
    here = HERE + "/"
    return [
        refused(lambda: open(here + "none")),
        refused(lambda: open(here + "none/deeper")),
        refused(lambda: open(here + "app.py/deeper")),
        refused(lambda: os.listdir(here + "app.py")),
        refused(lambda: open(here + "data")),
        refused(lambda: os.readlink(here + "app.py")),
        refused(lambda: os.stat(here + "app.py/")),
        refused(lambda: os.stat(here + "data/")),
    ]


def folders_of_the_host():
    """With a folder of the host at /app/data, and one at /host."""
    with open("/host/written", "w") as file:
        file.write("there")
    shadowed = os.listdir(HERE + "/data")
    across = refused(lambda: os.rename(HERE + "/app.py", "/host/app.py"))
    return os.listdir("/host"), shadowed, across, os.path.exists(__file__), "checks" in sys.modules


def modules_of_the_host():
    """With a folder of the host at /plugins, and one in the place of the app's second folder."""
    import fifth
    import plugin

    try:
        import fourth
    except ModuleNotFoundError as error:
        return plugin.__file__, fifth.__file__, str(error)


def package_of_the_host():
    """With a folder of the host at /lib/python3.13/json."""
    import json

    return json.__file__, json.WHOSE


def what_path_finder_finds():
    """Modules and packages in every kind of file, and what is not to be found; each with what differs."""
    from importlib.machinery import PathFinder
    import package as parent

    package = parent.__path__
    finder = sys.meta_path[sys.meta_path.index(PathFinder) - 1]
    places = {"fractions": None, "json": None, "json.decoder": ["/lib/python3.13/json"], "zlib": None, "fourth": None}
    places |= {"package": None, "package.inner": package, "package.texts": package, "nowhere": None, "": None, "package/inner": None, "json\0x": None, "\ud800": None, "a" * 300: None}
    return [(name[:20], *differences(finder, PathFinder, name, path)) for name, path in places.items()]


def differences(finder, path_finder, name, path):
    ours, theirs = finder.find_spec(name, path), path_finder.find_spec(name, path)
    if ours is None:
        return ["not in the image", theirs and theirs.loader]
    fields = ["name", "origin", "cached", "parent", "has_location", "submodule_search_locations"]
    different = [field for field in fields if getattr(ours, field) != getattr(theirs, field)]
    return different if isinstance(ours.loader, type(theirs.loader)) else [*different, "loader"]


def copy_of_a_spec():
    import fractions
    import pickle

    copy = pickle.loads(pickle.dumps(fractions.__spec__))
    return copy == fractions.__spec__ or (copy.origin, copy.loader.get_code("fractions").co_name)


class Recorder:
    """A finder, and a hook that makes it for the stdlib's folder alone; it finds nothing."""

    asked = []

    def __init__(self, folder):
        if folder != "/lib/python3.13":
            raise ImportError(folder)

    def find_spec(self, name, target=None):
        self.asked.append(name)


def finders_of_others():
    """A hook of the app's own, then a finder where those that are known are kept, then a folder that is new."""
    sys.path_hooks.insert(0, Recorder)
    sys.path_importer_cache.clear()
    missing("fractions")
    sys.path_hooks.remove(Recorder)
    sys.path_importer_cache["/lib/python3.13"] = Recorder("/lib/python3.13")
    missing("decimal")
    del sys.path_importer_cache["/lib/python3.13"]
    sys.path.insert(0, HERE + "/package")
    import fractions
    import inner

    return Recorder.asked, fractions.__name__, inner.__file__


def missing(name):
    try:
        __import__(name)
    except ModuleNotFoundError:
        return
    raise AssertionError(f"{name} was found")


def many_files():
    """Nothing is kept of a file that was closed."""
    for _ in range(2000):
        with open(__file__, "rb") as file:
            length = len(file.read())
    return length == os.stat(__file__).st_size
