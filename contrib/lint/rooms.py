#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every source is built, checked for banned functions, and on the map."""
import re

from tree import TOP, end, find, sources


def main():
    chart = TOP / "ARCHITECTURE.md"
    words = chart.read_text() if chart.is_file() else ""
    built = (TOP / "tests" / "tests.am").read_text()
    for recipe in sources(".am", under=("src",)):
        room = recipe.parent.name
        text = recipe.read_text()
        built += text
        if f"{room}/" not in words:
            find(recipe, 1, f"ARCHITECTURE.md does not mention {room}/")
        if f"libdhow_{room}_a_CFLAGS = $(SRC_CFLAGS)" not in text:
            find(recipe, 1, "the library is built without base/banned.h")
    for path in sources(".c", ".h", under=("src", "tests")):
        short = str(path.relative_to(TOP))
        named = short if short.startswith("src") else short[:-2]
        if not re.search(re.escape(named) + r"(?![\w])", built):
            find(path, 1, "no .am file names it: it is never built")
    end()


main()
