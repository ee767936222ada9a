#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make an image archive for a test, honest or hostile.

usage: mkimage.py OUT.tar NAME [--format oci|docker] [--config JSON]
                  [--arch ARCH] LAYER...

A LAYER is a tar file, or JSON text: a list of entries
  {"path": P, "type": file|dir|symlink|hardlink|char|block|fifo,
   "data": TEXT, "target": T, "mode": OCTAL TEXT, "uid": N, "gid": N,
   "major": N, "minor": N, "xattrs": {NAME: TEXT}}
whose paths are written as they stand, "..", "/" and all.
"""
import argparse
import gzip
import hashlib
import io
import json
import pathlib
import tarfile

TYPES = {"file": tarfile.REGTYPE, "dir": tarfile.DIRTYPE,
         "symlink": tarfile.SYMTYPE, "hardlink": tarfile.LNKTYPE,
         "char": tarfile.CHRTYPE, "block": tarfile.BLKTYPE,
         "fifo": tarfile.FIFOTYPE}
OCI = "application/vnd.oci.image"


def layer_bytes(layer):
    if not layer.lstrip().startswith("["):
        return pathlib.Path(layer).read_bytes()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for entry in json.loads(layer):
            kind = entry.get("type", "file")
            info = tarfile.TarInfo(entry["path"])
            info.type = TYPES[kind]
            info.mode = int(entry.get("mode", "755"), 8)
            info.uid = entry.get("uid", 0)
            info.gid = entry.get("gid", 0)
            info.linkname = entry.get("target", "")
            info.devmajor = entry.get("major", 0)
            info.devminor = entry.get("minor", 0)
            data = entry.get("data", "").encode()
            info.size = len(data) if kind == "file" else 0
            for key, value in entry.get("xattrs", {}).items():
                info.pax_headers["SCHILY.xattr." + key] = value
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


class Archive:
    def __init__(self, path):
        self.tar = tarfile.open(path, "w")

    def add(self, name, data):
        info = tarfile.TarInfo(name)
        info.size = len(data)
        info.mode = 0o644
        self.tar.addfile(info, io.BytesIO(data))

    def blob(self, media, data):
        digest = hashlib.sha256(data).hexdigest()
        self.add("blobs/sha256/" + digest, data)
        return {"mediaType": media, "digest": "sha256:" + digest,
                "size": len(data)}


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("out")
    ask.add_argument("name")
    ask.add_argument("layers", nargs="+")
    ask.add_argument("--format", default="oci")
    ask.add_argument("--config", default="{}")
    ask.add_argument("--arch", default="amd64")
    want = ask.parse_args()

    layers = [layer_bytes(layer) for layer in want.layers]
    diffs = ["sha256:" + hashlib.sha256(x).hexdigest() for x in layers]
    config = json.dumps({
        "architecture": want.arch, "os": "linux",
        "created": "2024-01-02T03:04:05Z",
        "config": json.loads(want.config),
        "rootfs": {"type": "layers", "diff_ids": diffs},
        "history": [{"created_by": "mkimage"} for _ in layers],
    }).encode()
    out = Archive(want.out)
    if want.format == "docker":
        names = [f"layer{i}.tar" for i in range(len(layers))]
        for name, data in zip(names, layers):
            out.add(name, data)
        out.add("config.json", config)
        out.add("manifest.json", json.dumps([{
            "Config": "config.json", "RepoTags": [want.name],
            "Layers": names}]).encode())
        out.tar.close()
        return
    manifest = out.blob(OCI + ".manifest.v1+json", json.dumps({
        "schemaVersion": 2, "mediaType": OCI + ".manifest.v1+json",
        "config": out.blob(OCI + ".config.v1+json", config),
        "layers": [out.blob(OCI + ".layer.v1.tar+gzip",
                            gzip.compress(x, 1, mtime=0)) for x in layers],
    }).encode())
    manifest["annotations"] = {"org.opencontainers.image.ref.name": want.name}
    manifest["platform"] = {"architecture": want.arch, "os": "linux"}
    out.add("oci-layout", b'{"imageLayoutVersion": "1.0.0"}')
    out.add("index.json", json.dumps({
        "schemaVersion": 2, "manifests": [manifest]}).encode())
    out.tar.close()


main()
