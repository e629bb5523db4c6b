"""Packs a folder into a wheel in the folder `wheels`, and writes the lock that names it.

usage: lock_wheel.py NAME FOLDER
"""

import base64
import hashlib
import sys
import zipfile
from pathlib import Path

name, folder = sys.argv[1], Path(sys.argv[2])
metadata = f"{name}-1.0.dist-info"
files = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
files[f"{metadata}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode()
files[f"{metadata}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def line(path: str, content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
    return f"{path},sha256={digest},{len(content)}\n"


record = "".join(line(path, content) for path, content in files.items())
files[f"{metadata}/RECORD"] = f"{record}{metadata}/RECORD,,\n".encode()

wheel = Path("wheels", f"{name}-1.0-py3-none-any.whl")
wheel.parent.mkdir()
with zipfile.ZipFile(wheel, "w") as archive:
    for path, content in files.items():
        archive.writestr(zipfile.ZipInfo(path), content)

digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
Path("pylock.toml").write_text(f"""lock-version = "1.0"
created-by = "lock_wheel.py"

[[packages]]
name = "{name}"
version = "1.0"
wheels = [{{ path = "{wheel}", hashes = {{ sha256 = "{digest}" }} }}]
""")
