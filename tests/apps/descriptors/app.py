"""/dev/null, and descriptors of the same open file, in an instance to which nothing is granted."""

import errno
import os
import stat
import sys
import tempfile


def null():
    with open(os.devnull, "w") as file:
        written = file.write("x" * 100_000), file.isatty(), stat.S_ISCHR(os.fstat(file.fileno()).st_mode)
    with open(os.devnull, "rb+", buffering=0) as file:
        raw = file.write(b"abc"), file.read(), file.seek(0), file.truncate(0)
    with open(os.devnull) as file:
        read = file.read()
    there = os.path.exists(os.devnull), os.stat(os.devnull).st_size, os.listdir("/dev"), "dev" in os.listdir("/")
    return written, raw, read, there


def devices_of_the_host():
    return sorted(os.listdir("/dev"))


def null_stays():
    calls = [
        lambda: os.remove(os.devnull),
        lambda: os.rename(os.devnull, "/dev/other"),
        lambda: open("/dev/other", "w"),
        lambda: os.mkdir("/dev/folder"),
        lambda: open(os.devnull, "x"),
        lambda: os.rmdir("/dev"),
    ]
    return [failure(call) for call in calls], os.path.exists(os.devnull)


def failure(function, *arguments):
    try:
        function(*arguments)
    except OSError as error:
        return errno.errorcode[error.errno]


def one_offset():
    with tempfile.TemporaryFile() as file:
        file.write(b"0123456789")
        file.flush()
        other = os.dup(file.fileno())
        os.lseek(other, 3, os.SEEK_SET)
        first = os.read(file.fileno(), 2), os.read(other, 2), os.get_inheritable(other)
    # The file is open still.
    os.lseek(other, 8, os.SEEK_SET)
    last = os.read(other, 9)
    os.close(other)
    return first, last, failure(os.read, other, 1), failure(os.dup, other)


def whole(folder=None):
    """A file takes and gives all at once, however little the host's streams do."""
    size = 200_000
    with tempfile.TemporaryFile(dir=folder) as file:
        number = file.fileno()
        written = os.write(number, bytes(size)), os.pwrite(number, b"x" * size, size)
        os.lseek(number, 0, os.SEEK_SET)
        return written, len(os.read(number, 2 * size)), len(os.pread(number, size, 1)), len(os.read(number, 1))


def in_a_folder_of_the_host():
    return whole("/folder")


def empty_path():
    calls = [os.stat, os.listdir, os.mkdir, os.rmdir, os.remove, os.chdir, open, lambda path: os.open(path, os.O_RDONLY)]
    return {failure(call, "") for call in calls}, os.path.exists(""), os.access("", os.F_OK)


def of_the_image():
    with open(__file__ if os.path.exists(__file__) else os.__file__, "rb") as file:
        begin = file.read(4)
        other = os.dup(file.fileno())
    with os.fdopen(other, "rb") as again:
        again.seek(0)
        return again.read(4) == begin


def onto_another():
    with tempfile.TemporaryFile() as one, tempfile.TemporaryFile() as other:
        one.write(b"one")
        one.flush()
        number = other.fileno()
        replaced = os.dup2(one.fileno(), number) == number
        os.lseek(number, 0, os.SEEK_SET)
        read = os.read(number, 9)
        new = os.dup2(number, 77), os.dup2(number, number) == number
        os.lseek(77, 1, os.SEEK_SET)
        far = os.read(77, 9)
        os.close(77)
    return replaced, read, new, far, failure(os.dup2, 77, 5), failure(os.dup2, 1, -1), failure(os.dup2, 1, 5000)


def captured():
    """As pytest does it."""
    sys.stdout.flush()
    saved = os.dup(1)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 1)
        print("to the file", flush=True)
        os.write(1, b"and this")
        os.dup2(saved, 1)
        os.close(saved)
        print("to the host", flush=True)
        file.seek(0)
        return file.read()


def many():
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
        others = [os.dup(file.fileno()) for _ in range(200)]
        numbers = len(set(others))
        for other in others:
            os.close(other)
        return numbers, os.dup(file.fileno()) < 210


def mapped():
    import mmap

    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(b"abc")
        file.flush()
        mapping = mmap.mmap(file.fileno(), 3)
        with open(os.devnull, "wb") as null:
            os.dup2(null.fileno(), file.fileno())
        mapping[0:1] = b"X"
        mapping.close()
    with open(file.name, "rb") as again:
        return again.read()


# What the build has done has no trace in an instance.
OF_THE_BUILD = null(), one_offset(), onto_another()
os.dup(os.open(os.devnull, os.O_RDWR))


def of_the_build():
    return OF_THE_BUILD == (null(), one_offset(), onto_another())


class WitWorld:
    def check(self, name: str) -> str:
        try:
            return str(globals()[name]())
        except Exception as error:
            return f"{type(error).__name__}: {error}"
