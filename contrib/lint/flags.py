#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The command table and the code agree: no getter asks for a flag that no
table has or has of another kind, and no flag is accepted and then ignored."""
import re

from tree import end, find, sources

ROW = re.compile(r'\.name = "([^"]+)"|\b(?:START_)?ROW\("([^"]+)", (\w+)'
                 r'|\b(?:REFUSED|IGNORED|SAME)\("([^"]+)"')
GETTER = re.compile(r'\bargs_(given|bool|str|int|list)\(\s*([^,()]+),'
                    r'\s*"([^"]+)"\)')
KINDS = {
    "bool": {"BOOL"},
    "str": {"STR", "ENUM"},
    "int": {"INT", "SIZE", "DURATION", "DECIMAL"},
    "list": {"LIST", "CSV"},
}


def rows(text):
    """(name, kind, offset, is taken) of each flag in a file."""
    if ("struct flag" not in text and ".kind = FLAG_" not in text
            and "START_ROW(" not in text):
        return
    for hit in ROW.finditer(text):
        flag = hit[1] or hit[2] or hit[4]
        rest = text[hit.start():]
        if hit[1]:
            # Up to the end of the row's braces.
            body = rest[:rest.index("}")]
            kind = re.search(r"FLAG_(\w+)", body)
            if not kind:
                continue
            kind = kind[1]
        elif hit[2]:
            body, kind = rest[:rest.index("),")], hit[3]
        else:
            body, kind = ".refuse", None
        taken = not (".refuse" in body or ".ignore" in body
                     or ".alias_of" in body)
        yield flag, kind, text.count("\n", 0, hit.start()) + 1, taken


def reads(path, table):
    """May the file ask for flags of that table? Its own command's files do,
    and those that belong to no command."""
    if table.name == "run_rows.inc":
        return path.name == "cmd_run.c" or not path.name.startswith("cmd_")
    if table.name.startswith("cmd_"):
        return path == table or not path.name.startswith(("cmd_", "run_"))
    return True


def main():
    texts = {path: path.read_text()
             for path in sources(".c", ".h", ".inc", under=("src/cli",))}
    kinds = {}
    for path, text in texts.items():
        for flag, kind, _, _ in rows(text):
            if kind:
                kinds.setdefault(flag, set()).add(kind)
    for path, text in texts.items():
        for hit in GETTER.finditer(text):
            line = text.count("\n", 0, hit.start()) + 1
            flag, wants = hit[3], KINDS.get(hit[1])
            if flag not in kinds:
                find(path, line, f"no table has a flag --{flag}")
            elif wants and not wants & kinds[flag]:
                find(path, line, f"--{flag} is no {hit[1]}")
    for path, text in texts.items():
        readers = [other for at, other in texts.items() if reads(at, path)]
        for flag, _, line, taken in rows(text):
            said = sum(other.count(f'"{flag}"') for other in readers)
            named = sum(row[0] == flag for other in readers
                        for row in rows(other))
            if taken and said <= named:
                find(path, line, f"--{flag} is accepted and never asked for")
    end()


main()
