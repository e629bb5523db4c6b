"""Counts the words of standard input, or those that are given."""

import argparse
import sys
from collections import Counter


def report(text: str, most: int) -> str:
    """The most frequent words, a line each."""
    counted = Counter(text.lower().split())
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return "".join(f"{count:6} {word}\n" for word, count in ordered[:most])


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="words", description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--most", type=int, default=10, metavar="N", help="how many to print")
    options = parser.parse_args(arguments)
    print(report(" ".join(options.words) or sys.stdin.read(), options.most), end="")
    return 0


class Run:
    """The export `wasi:cli/run`."""

    def run(self) -> None:
        sys.exit(main(sys.argv[1:]))
