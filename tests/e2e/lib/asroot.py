#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run a command as root of a user namespace with this user's sub-ids.

usage: asroot.py PROGRAM [ARG...]   (removes what sub-ids own, without dhow)
"""
import ctypes
import os
import pwd
import subprocess
import sys

CLONE_NEWUSER = 0x10000000


def span(path, name):
    for line in open(path, encoding="ascii"):
        owner, first, count = line.strip().split(":")
        if owner == name:
            return first, count
    sys.exit(f"{name} has no line in {path}")


def main():
    name = pwd.getpwuid(os.getuid()).pw_name
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        if ctypes.CDLL(None).unshare(CLONE_NEWUSER) != 0:
            os._exit(1)
        os.close(go[1])
        os.write(ready[1], b"x")
        if not os.read(go[0], 1):
            os._exit(1)
        os.setgid(0)
        os.setuid(0)
        os.execvp(sys.argv[1], sys.argv[1:])
    os.read(ready[0], 1)
    for tool, path, own in (("newuidmap", "/etc/subuid", os.getuid()),
                            ("newgidmap", "/etc/subgid", os.getgid())):
        first, count = span(path, name)
        subprocess.run([tool, str(child), "0", str(own), "1",
                        "1", first, count], check=True)
    os.write(go[1], b"x")
    _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status))


main()
