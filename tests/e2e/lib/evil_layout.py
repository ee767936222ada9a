#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Copies of an OCI layout that say something else, one for each row.

usage: evil_layout.py LAYOUT OUT <ROWS

A row is "WORDS | STATEMENT". STATEMENT is Python and changes "manifest" and
"config", the documents of the only image, or "entry", the descriptor of its
manifest. What follows from the change (digests, sizes) is made to fit, so that
nothing but what was changed is wrong; "raw" may be set to the manifest's bytes.

OUT/0, OUT/1… are the layouts, and OUT/all has all of them, tagged "t0", "t1"…
"""
import hashlib
import json
import os
import pathlib
import sys

REF_NAME = "org.opencontainers.image.ref.name"


class Layout:
    def __init__(self, source, top):
        self.top, self.blobs = top, top / "blobs/sha256"
        self.blobs.mkdir(parents=True)
        for path in (source / "blobs/sha256").iterdir():
            os.link(path, self.blobs / path.name)

    def read(self, entry):
        return json.loads((self.blobs / entry["digest"][7:]).read_text())

    def put(self, entry, data):
        name = hashlib.sha256(data).hexdigest()
        if entry["digest"] != "sha256:" + name:
            (self.blobs / name).write_bytes(data)
            entry.update(digest="sha256:" + name, size=len(data))

    def finish(self, entries):
        index = {"schemaVersion": 2, "manifests": entries}
        (self.top / "index.json").write_text(json.dumps(index))
        (self.top / "oci-layout").write_text(
            '{"imageLayoutVersion": "1.0.0"}')


def change(layout, entry, statement, n):
    names = {"entry": entry, "raw": None}
    names["manifest"] = layout.read(entry)
    # Each is a document of its own.
    names["manifest"]["annotations"] = {"row": str(n)}
    names["config"] = layout.read(names["manifest"]["config"])
    before = json.dumps(names["config"])
    # The descriptor as it is changed wins over what fits.
    old = dict(entry)
    exec(statement, names)
    told = {k: v for k, v in entry.items() if old.get(k) != v}
    if json.dumps(names["config"]) != before:
        layout.put(names["manifest"]["config"],
                   json.dumps(names["config"]).encode())
    data = names["raw"]
    if data is None:
        data = json.dumps(names["manifest"]).encode()
    layout.put(entry, data)
    entry.update(told)


def main():
    source, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    index = json.loads((source / "index.json").read_text())
    every, entries = Layout(source, out / "all"), []
    for n, row in enumerate(line for line in sys.stdin if line.strip()):
        statement = row.split("|", 1)[1].strip()
        layout = Layout(source, out / str(n))
        entry = dict(index["manifests"][0])
        change(layout, entry, statement, n)
        layout.finish([entry])
        for path in layout.blobs.iterdir():
            if not (every.blobs / path.name).exists():
                os.link(path, every.blobs / path.name)
        entries.append(dict(entry, annotations={REF_NAME: "t%d" % n}))
    every.finish(entries)


if __name__ == "__main__":
    main()
