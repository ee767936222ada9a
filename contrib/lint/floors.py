#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A file includes its own room and lower floors; file stems are unique."""
import re

from tree import TOP, end, find, name, sources

INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')


def read_floors():
    floors = {}
    for line in (TOP / "src" / "floors").read_text().splitlines():
        words = line.split("#")[0].split()
        for room in words[1:]:
            floors[room] = int(words[0])
    return floors


def check_includes(path, room, floors):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        hit = INCLUDE.match(line)
        if not hit or hit[1] == "config.h":
            continue
        other = hit[1].split("/")[0]
        if "/" not in hit[1]:
            find(path, number, f"'{hit[1]}' lacks its room")
        elif other not in floors:
            find(path, number, f"no room '{other}' in src/floors")
        elif not (TOP / "src" / hit[1]).is_file():
            find(path, number, f"no such header '{hit[1]}'")
        elif room and other != room and floors[other] >= floors[room]:
            find(path, number, f"'{room}' (floor {floors[room]}) must not "
                 f"see '{other}' (floor {floors[other]})")


def main():
    floors = read_floors()
    stems = {}
    for path in sources(".c", ".h", under=("src",)):
        room = path.relative_to(TOP / "src").parts[0]
        if room not in floors:
            find(path, 1, f"room '{room}' is not in src/floors")
            continue
        check_includes(path, room, floors)
        home = stems.setdefault(path.stem, path)
        if home.parent != path.parent:
            find(path, 1, f"the stem is taken by {name(home)}")
    for path in sources(".c", under=("tests/unit", "tests/fuzz")):
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines, 1):
            hit = INCLUDE.match(line)
            if hit and "/" in hit[1] and not (TOP / "src" / hit[1]).is_file():
                find(path, number, f"no such header '{hit[1]}'")
    end()


main()
