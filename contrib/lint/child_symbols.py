#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What runs between clone and exec calls only what child-symbols.txt lists.

usage: child_symbols.py BUILDDIR  (after "make": reads child_*.o with nm)
"""
import pathlib
import subprocess
import sys

from tree import TOP, end, find, sources


def allowed():
    lines = (TOP / "contrib/lint/child-symbols.txt").read_text().splitlines()
    return {line.split("#")[0].strip() for line in lines} - {""}


def undefined(obj):
    out = subprocess.run(["nm", "-u", "-P", obj], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return {line.split()[0] for line in out.splitlines()}


def main():
    build = pathlib.Path(sys.argv[1])
    names = allowed()
    groups = {}
    for path in sources(".c", under=("src",)):
        if path.stem.startswith("child_"):
            groups[path] = list((build / path.relative_to(TOP).parent)
                                .glob(f"*-{path.stem}.o"))
    own = set()
    for objs in groups.values():
        for obj in objs:
            own |= {line.split()[0] for line in subprocess.run(
                ["nm", "-g", "--defined-only", "-P", obj], check=True,
                text=True, stdout=subprocess.PIPE).stdout.splitlines()}
    for path, objs in groups.items():
        if not objs:
            find(path, 1, "has no object file: run make first")
        for obj in objs:
            for symbol in sorted(undefined(obj) - names - own):
                find(path, 1, f"a child must not call {symbol}()")
    end()


main()
