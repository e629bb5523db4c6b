import os
from watchdog.observers import Observer
from watchdog.utils.dirsnapshot import DirectorySnapshot, DirectorySnapshotDiff


def check():
    assert Observer.__name__ == "PollingObserver"
    os.mkdir("/tmp/watched")
    before = DirectorySnapshot("/tmp/watched")
    open("/tmp/watched/new", "w").close()
    difference = DirectorySnapshotDiff(before, DirectorySnapshot("/tmp/watched"))
    assert difference.files_created == ["/tmp/watched/new"]
