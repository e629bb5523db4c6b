"""Runs the tests of pydantic and of its core, which lie beside this file."""

import os
import sys
from collections import Counter
from pathlib import Path

import pydantic
import pytest

FOLDER = Path(__file__).with_name("suite")
# Some tests take for granted that others have made a model before.
pydantic.create_model("First")
ARGUMENTS = ["-qq", "--tb=short", "--show-capture=no", "-p", "no:cacheprovider"]


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
        return sorted(str(file.relative_to(FOLDER)) for file in FOLDER.rglob("test_*.py"))

    def run(self, file: str, arguments: list[str]) -> int:
        os.chdir("/tmp")
        sys.dont_write_bytecode = True
        lines = Lines()
        root = FOLDER / file.split("/")[0]
        code = pytest.main([*ARGUMENTS, "-c", str(root / "pytest.ini"), *arguments, str(FOLDER / file)], plugins=[lines])
        print("numbers:", ", ".join(f"{number} {what}" for what, number in sorted(lines.numbers.items())) or "none")
        return int(code)
