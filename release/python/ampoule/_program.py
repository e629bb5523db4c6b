"""The program that the package brings with it."""

from __future__ import annotations

import pathlib
import subprocess
from typing import Sequence

#: The program; its results of the toolchain are where it looks for them, in ``../share``.
PROGRAM = pathlib.Path(__file__).with_name("bin") / "ampoule"


class Error(Exception):
    """What the program says when it fails: sentences that name the cause and the remedy."""


def call(arguments: Sequence[str]) -> str:
    """Runs the program and gives what it prints."""
    done = subprocess.run(
        [PROGRAM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace"
    )
    if done.returncode != 0:
        raise Error(done.stderr.strip().removeprefix("error: ") or f"ampoule ended with {done.returncode}")
    return done.stdout
