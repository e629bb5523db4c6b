"""Runs the tests of pydantic and of its core, which lie beside this file."""

from pathlib import Path

import pydantic
import pytest_lines

FOLDER = Path(__file__).with_name("suite")
# Some tests take for granted that others have made a model before.
pydantic.create_model("First")


class WitWorld:
    def files(self) -> list[str]:
        return sorted(str(file.relative_to(FOLDER)) for file in FOLDER.rglob("test_*.py"))

    def run(self, file: str, arguments: list[str]) -> int:
        settings = FOLDER / file.split("/")[0] / "pytest.ini"
        return pytest_lines.run(["-c", str(settings), *arguments, str(FOLDER / file)])
