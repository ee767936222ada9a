#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The look of a page: licence line, header guard, comments, messages."""
import re

from tree import TOP, end, find, sources

SPDX = "SPDX-License-Identifier: Apache-2.0"
CALL = re.compile(r'\berr_(?:set|sys|code|wrap|hint)\(')
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
KEEP_CASE = re.compile(r"^([A-Z][A-Z0-9_+/-]+|[A-Z][a-z]*[A-Z]\w*|Debian|"
                       r"Docker|Dockerfile|Linux|AppArmor|Compose|Accept|"
                       r"Content|Location|%)")
NOTES = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def message_of(text, at):
    """The first string literal of the call that starts at text[at]."""
    depth, i = 0, text.index("(", at)
    while i < len(text):
        if text[i] == '"':
            hit = STRING.match(text, i)
            return hit[1] if hit else None
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return None
        i += 1
    return None


def check_messages(path, text):
    for hit in CALL.finditer(text):
        words = message_of(text, hit.start())
        line = text.count("\n", 0, hit.start()) + 1
        if not words:
            continue
        if words[0].isupper() and not KEEP_CASE.match(words):
            find(path, line, f"a message starts in lower case: '{words}'")
        if words.endswith(".") and not words.endswith(".."):
            find(path, line, f"a message has no full stop: '{words}'")
        if words.endswith("\\n"):
            find(path, line, f"a message has no line end: '{words}'")


def check_header(path, text):
    parts = path.relative_to(TOP).parts[1:]
    guard = "DHOW_" + re.sub(r"\W", "_", "/".join(parts)).upper()
    if f"#ifndef {guard}\n#define {guard}\n" not in text:
        find(path, 1, f"the header guard is not {guard}")


def check_code(path, text):
    if SPDX not in text.split("\n", 2)[0]:
        find(path, 1, "the first line is not the SPDX line")
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"\s*//", line) or re.search(r"[;{}]\s+//", line):
            find(path, number, "comments are /* */")
        if NOTES.search(line):
            find(path, number, "a note to oneself is not a plan")
        if line != line.rstrip():
            find(path, number, "blanks at the end of the line")


def main():
    for path in sources(".c", ".h"):
        text = path.read_text()
        check_code(path, text)
        if path.parts[len(TOP.parts)] == "src":
            check_messages(path, text)
            if path.suffix == ".h":
                check_header(path, text)
    scripts = sources(".am", ".sh", ".py", ".bash", ".bats",
                      under=("src", "tests", "contrib", "man"))
    for path in scripts + [TOP / "configure.ac", TOP / "Makefile.am"]:
        if SPDX not in "".join(path.read_text().splitlines(True)[:3]):
            find(path, 1, "there is no SPDX line")
    end()


main()
