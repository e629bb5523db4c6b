"""Runs numpy's own tests, which are in the package as the recipe of this folder has it."""

import ctypes
from pathlib import Path

import numpy.testing
import pytest_lines

PACKAGE = Path(numpy.__file__).parent
ARGUMENTS = ["-m", "not slow", "-c", str(PACKAGE.with_name("pytest.ini")), "--hypothesis-profile=np.test() profile"]

# One class of the tests with ctypes calls a function of C, which ctypes does not have here; the others go without.
ctypes.CDLL.forward_pointer = None


class WitWorld:
    def files(self) -> list[str]:
        return sorted(str(file.relative_to(PACKAGE)) for file in PACKAGE.rglob("tests/test_*.py"))

    def run(self, file: str, arguments: list[str]) -> int:
        return pytest_lines.run([*ARGUMENTS, *arguments, str(PACKAGE / file)])
