"""Runs numpy's own tests, which are in the package as the recipe of this folder has it."""

import ctypes
import os
import sys
from collections import Counter
from pathlib import Path

import numpy.testing
import pytest

PACKAGE = Path(numpy.__file__).parent
ARGUMENTS = [
    "-qq", "--tb=short", "--show-capture=no", "-m", "not slow", "-p", "no:cacheprovider",
    "-c", str(PACKAGE.with_name("pytest.ini")), "--hypothesis-profile=np.test() profile",
]

# One class of the tests with ctypes calls a function of C, which ctypes does not have here; the others go without.
ctypes.CDLL.forward_pointer = None


def became(report: pytest.TestReport | pytest.CollectReport) -> str:
    """What became of a test; nothing for one that goes on."""
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed"
    return "" if report.passed and report.when != "call" else report.outcome


class Lines:
    """A line for each test as it begins, one for what became of it if it did not pass, and their numbers at the end."""

    def __init__(self) -> None:
        self.numbers: Counter[str] = Counter()

    def add(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if what := became(report):
            self.numbers[what] += 1
            if what != "passed":
                print(f"{what}: {report.nodeid}")

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, str]:
        return became(report), "", ""

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        print(f"begins: {nodeid}", flush=True)

    pytest_runtest_logreport = pytest_collectreport = add


class WitWorld:
    def files(self) -> list[str]:
        return sorted(str(file.relative_to(PACKAGE)) for file in PACKAGE.rglob("tests/test_*.py"))

    def run(self, file: str, arguments: list[str]) -> int:
        os.chdir("/tmp")
        sys.dont_write_bytecode = True
        lines = Lines()
        code = pytest.main([*ARGUMENTS, *arguments, str(PACKAGE / file)], plugins=[lines])
        print("numbers:", ", ".join(f"{number} {what}" for what, number in sorted(lines.numbers.items())) or "none")
        return int(code)
