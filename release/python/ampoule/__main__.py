"""``python -m ampoule`` and ``ampoule``: the program itself."""

import os
import sys
from typing import NoReturn

from ampoule._program import PROGRAM


def main() -> NoReturn:
    """Becomes the program."""
    os.execv(PROGRAM, ["ampoule", *sys.argv[1:]])


if __name__ == "__main__":
    main()
