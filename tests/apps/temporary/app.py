"""What an app does with /tmp, in an instance to which no folder is granted."""

import errno
import mmap
import os
import shutil
import sqlite3
import tempfile
import time

# Made in the build, and there in each instance.
FOLDER = tempfile.mkdtemp(prefix="made-in-the-build-")
with open(os.path.join(FOLDER, "note"), "w") as note:
    note.write("from the build")


class WitWorld:
    def check(self, name: str) -> str:
        try:
            return str(globals()[name]())
        except Exception as error:
            return f"{type(error).__name__}: {error}"


def of_the_build():
    with open(os.path.join(FOLDER, "note"), "a") as file:
        file.write("!")
    with open(os.path.join(FOLDER, "note")) as file:
        return file.read(), os.listdir("/tmp") == [os.path.basename(FOLDER)]


def named():
    with tempfile.NamedTemporaryFile("w+", suffix=".txt") as file:
        file.write("ä" * 1000)
        file.flush()
        size = os.stat(file.name).st_size
        with open(file.name, encoding="utf-8") as again:
            return tempfile.gettempdir(), size, again.read() == "ä" * 1000, again.seek(0, os.SEEK_END)


def spooled():
    with tempfile.SpooledTemporaryFile(max_size=100) as file:
        file.write(b"x" * 200)
        file.seek(150)
        return len(file.read()), file._rolled


def anonymous():
    with tempfile.TemporaryFile() as file:
        file.write(b"abc")
        file.truncate(2)
        file.seek(-1, os.SEEK_END)
        return file.read(), os.fstat(file.fileno()).st_size, os.fstat(file.fileno()).st_nlink


def folders():
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/a/b")
        for name in ("two", "one", "three"):
            with open(f"{folder}/a/{name}", "w") as file:
                file.write(name)
        os.rename(f"{folder}/a/one", f"{folder}/a/b/four")
        os.replace(f"{folder}/a/two", f"{folder}/a/three")
        shutil.copytree(f"{folder}/a", f"{folder}/copy")
        os.utime(f"{folder}/copy/three", (1, 2))
        found = [(os.path.relpath(root, folder), sorted(names)) for root, _, names in os.walk(folder)]
        with open(f"{folder}/copy/three") as file:
            content = file.read()
        times = os.stat(f"{folder}/copy/three")
    return sorted(found), content, (times.st_atime, times.st_mtime), os.path.exists(folder)


def appending():
    with tempfile.NamedTemporaryFile() as file:
        with open(file.name, "ab") as one, open(file.name, "ab") as other:
            for part in (one, other, one):
                part.write(b"12")
                part.flush()
        os.pwrite(file.fileno(), b"ab", 1)
        os.pwrite(file.fileno(), b"z", 8)
        return file.read(), os.pread(file.fileno(), 3, 4)


def mapped():
    with tempfile.TemporaryFile() as file:
        file.write(b"abcdef")
        file.flush()
        with mmap.mmap(file.fileno(), 0) as mapping:
            mapping[1:3] = b"BC"
        file.seek(0)
        return file.read()


def database():
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(f"{folder}/data")
        connection.execute("create table numbers (number)")
        connection.executemany("insert into numbers values (?)", ((number,) for number in range(10_000)))
        connection.commit()
        connection.close()
        again = sqlite3.connect(f"{folder}/data")
        return again.execute("select sum(number) from numbers").fetchone()


def errors():
    folder = tempfile.mkdtemp()
    open(f"{folder}/file", "w").close()
    found = []
    for action in (
        lambda: open(f"{folder}/nowhere"),
        lambda: open(f"{folder}/nowhere/file", "w"),
        lambda: open(f"{folder}/file", "x"),
        lambda: open(f"{folder}/file/below", "w"),
        lambda: open(folder, "w"),
        lambda: os.mkdir(f"{folder}/file"),
        lambda: os.rmdir(folder),
        lambda: os.rmdir(f"{folder}/file"),
        lambda: os.unlink(folder),
        lambda: os.unlink(f"{folder}/nowhere"),
        lambda: os.rename(folder, f"{folder}/below"),
        lambda: os.rename(f"{folder}/file", "/app/file"),
        lambda: os.symlink("file", f"{folder}/link"),
        lambda: os.rmdir("/tmp"),
    ):
        try:
            action()
            found.append("done")
        except OSError as error:
            found.append(errno.errorcode[error.errno])
    shutil.rmtree(folder)
    return found


def filling():
    """What is removed makes room for what comes; what is open stays until it is closed."""
    found = []
    for _ in range(5):
        with tempfile.TemporaryFile() as file:
            file.write(bytes(700_000))
            file.flush()
            try:
                with open("/tmp/second", "wb", buffering=0) as second:
                    while True:
                        second.write(bytes(50_000))
            except OSError as error:
                found.append((errno.errorcode[error.errno], os.stat("/tmp/second").st_size > 100_000))
            os.remove("/tmp/second")
    return found


def times():
    before = time.time()
    with tempfile.NamedTemporaryFile() as file:
        return before - 1 < os.stat(file.name).st_mtime < before + 10


def of_the_host():
    with open("/tmp/written", "w") as file:
        file.write("there")
    return sorted(os.listdir("/tmp"))
