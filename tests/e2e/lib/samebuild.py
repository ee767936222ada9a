#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare what two builders made of one Dockerfile.

usage: samebuild.py OUR.tar OUR.json THEIR.tar THEIR.json

The archives hold the files of the last stage, the JSON documents the image's
"config" object, or what "buildah inspect" prints. Files are the same when name, type, mode, owner, link target
and content are; times never count. Prints what differs; exit 1 then.
"""
import hashlib
import json
import sys
import tarfile

# Places that either builder mounts over and may leave as a directory.
MOUNTED = {"dev", "proc", "sys", "run", "etc/hosts", "etc/resolv.conf",
           "etc/hostname", "run/.containerenv", "run/secrets"}
KEYS = ("Cmd", "Entrypoint", "Env", "ExposedPorts", "Healthcheck", "Labels",
        "OnBuild", "Shell", "StopSignal", "User", "Volumes", "WorkingDir")


def clean(name):
    return name.removeprefix("./").strip("/")


def files(path):
    """name -> what it is; hard links stand for the file they name."""
    found = {}
    with tarfile.open(path) as tar:
        for item in tar:
            name = clean(item.name)
            if not name or name in MOUNTED or name.startswith("dev/"):
                continue
            if item.islnk():
                found[name] = found[clean(item.linkname)]
                continue
            what = [item.type.decode(), oct(item.mode & 0o7777), item.uid,
                    item.gid]
            if item.issym():
                what[1] = "link"
                what.append(item.linkname)
            if item.isreg():
                body = tar.extractfile(item).read()
                what[0] = "file"
                what.append(hashlib.sha256(body).hexdigest())
            found[name] = what
    return found


def config(path):
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    given = given.get("Docker", {}).get("config", given)
    said = {key: given[key] for key in KEYS if given.get(key)}
    said.get("Labels", {}).pop("io.buildah.version", None)
    said.get("Labels", {}).pop("io.buildah.identity", None)
    if "Env" in said:
        said["Env"] = sorted(said["Env"])
    # Nothing said means the root directory.
    if said.get("WorkingDir") == "/":
        del said["WorkingDir"]
    return {key: value for key, value in said.items() if value}


def compare(what, ours, theirs):
    same = True
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name):
            print(f"{what} {name}: {ours.get(name)}, not {theirs.get(name)}")
            same = False
    return same


def main():
    our_tar, our_json, their_tar, their_json = sys.argv[1:]
    same = compare("file", files(our_tar), files(their_tar))
    same &= compare("config", config(our_json), config(their_json))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
