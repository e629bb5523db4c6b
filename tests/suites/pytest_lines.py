"""What becomes of tests, a line for each: what the suites that pytest runs in components have in common."""

import os
import sys
from collections import Counter

import pytest


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


def run(arguments: list[str]) -> int:
    """Runs pytest; gives its exit code."""
    os.chdir("/tmp")
    sys.dont_write_bytecode = True
    lines = Lines()
    code = pytest.main(["-qq", "--tb=short", "--show-capture=no", "-p", "no:cacheprovider", *arguments], plugins=[lines])
    print("numbers:", ", ".join(f"{number} {what}" for what, number in sorted(lines.numbers.items())) or "none")
    return int(code)
