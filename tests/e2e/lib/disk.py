#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does "system df -v --format json" (in FILE) explain what a store takes?

usage: disk.py STORE FILE

Each of the store's directories has to take the blocks that are told, all of it
their sum, and nothing may be left out. Prints what does not hold and ends
with 1. To be run by "dhow unshare": files of sub-ids are to be seen.
"""
import json
import os
import sys

STORE, FILE = sys.argv[1:3]


def blocks(path, seen):
    """Bytes as du counts them: a file of several names once."""
    st = os.lstat(path)
    if (st.st_dev, st.st_ino) in seen:
        return 0
    seen.add((st.st_dev, st.st_ino))
    inside = 0
    if os.path.isdir(path) and not os.path.islink(path):
        inside = sum(blocks(os.path.join(path, name), seen)
                     for name in os.listdir(path))
    return st.st_blocks * 512 + inside


def main():
    with open(FILE, encoding="utf-8") as file:
        told = {place["Place"]: place["Bytes"]
                for place in json.load(file)["Store"]}
    found = {f"{entry.name}/": blocks(entry.path, set())
             for entry in os.scandir(STORE) if entry.is_dir()}
    found["all of it"] = blocks(STORE, set())
    found["tables and logs"] = found["all of it"] - sum(
        size for name, size in found.items() if name != "all of it")
    for name in sorted({*told, *found}):
        if told.get(name) != found.get(name):
            print(f"{name}: told {told.get(name)}, found {found.get(name)}")
    return 0 if told == found else 1


if __name__ == "__main__":
    sys.exit(main())
