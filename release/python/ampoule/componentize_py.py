"""componentize-py's own Python entry, with Ampoule behind it.

    from ampoule.componentize_py import script

in place of ``from componentize_py import script``, and ``python -m ampoule.componentize_py`` in place of its command: the command
line is the same.
"""

import subprocess
import sys

from ampoule._program import PROGRAM

__all__ = ["script"]


def script() -> None:
    """Does what the command line in ``sys.argv`` says. What it prints goes where Python's own output goes.

    Raises SystemExit with the program's exit code where it fails, after it has said why.
    """
    sys.stdout.flush()
    code = subprocess.run([PROGRAM, *sys.argv[1:]]).returncode
    if code != 0:
        raise SystemExit(code)


if __name__ == "__main__":
    script()
