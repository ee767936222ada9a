#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Functions end within 100 lines (60 is warned of), files within 600."""
import re

from tree import end, find, name, sources

WARN_LINES, MAX_LINES, MAX_FILE = 60, 100, 600
TEST_LINES = 150  # most of a test is its table of cases
NAME = re.compile(r"^([a-z_][a-z0-9_]*|Test)\(")


def functions(lines):
    """Yield (name, first line, length): a body opens and closes at column 0."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            title = next((NAME.match(lines[i])[1]
                          for i in range(start - 2, max(start - 12, -1), -1)
                          if NAME.match(lines[i])), "?")
            yield title, start, number - start - 1
            start = None


def main():
    for path in sources(".c", ".h"):
        lines = path.read_text().splitlines()
        table = "tables only" in "\n".join(lines[:12])
        if len(lines) > MAX_FILE and not table:
            find(path, len(lines), f"more than {MAX_FILE} lines: "
                 "look for the seam")
        test = "tests" in path.parts
        for title, start, length in functions(lines):
            if length > (TEST_LINES if test else MAX_LINES):
                find(path, start, f"{title}() has {length} lines")
            elif length > WARN_LINES and not test:
                print(f"{name(path)}:{start}: warning: {title}() has "
                      f"{length} lines")
    end()


main()
