# SPDX-License-Identifier: Apache-2.0
"""What the lint scripts share: the source files, and how a finding is told."""
import os
import pathlib
import sys

TOP = pathlib.Path(os.environ.get("DHOW_SRCDIR",
                                  pathlib.Path(__file__).parents[2])).resolve()
FOUND = []


def sources(*suffixes, under=("src", "tests")):
    """Files below the given folders whose name ends so, sorted."""
    out = []
    for folder in under:
        for path in (TOP / folder).rglob("*"):
            if path.suffix in suffixes and path.is_file():
                out.append(path)
    return sorted(out)


def name(path):
    return str(path.relative_to(TOP))


def find(path, line, words):
    FOUND.append(f"{name(path)}:{line}: {words}")


def end():
    for finding in FOUND:
        print(finding)
    sys.exit(1 if FOUND else 0)
