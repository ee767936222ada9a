#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stands for a compose command whose every new "up" is killed in the middle.

usage: killed_up.py COMPOSE-COMMAND... ARGUMENTS...

The first "up" with these arguments in this directory is started twice, and at
a random moment everything it started, monitors and containers included, gets
SIGKILL: once at any line that it prints, once at one about a resource. Then,
and for any other command, the command runs as it is.

KILLED_LOG  a line is added to this file for each kill
"""
import ctypes
import os
import random
import re
import select
import signal
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
LAST_LINE = (40, 12)  # of each time, after which it is killed at the latest
RESOURCE = re.compile(rb"^ *(Container|Network|Volume) .*\n", re.M)
QUIET_S = 20    # nothing was printed for so long: it is killed then


def parents():
    """pid -> (parent, name) of every process that lives."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8",
                      errors="replace") as file:
                text = file.read()
        except OSError:
            continue
        name, rest = text.rsplit(")", 1)
        state, parent = rest.split()[:2]
        if state not in "ZX":
            found[int(pid)] = (int(parent), name.split("(", 1)[1])
    return found


def kill_descendants():
    """SIGKILL to all that came from us, until none is left; their names."""
    names = []
    while True:
        below, new, all_of_them = set(), {os.getpid()}, parents()
        while new:
            new = {pid for pid, (parent, _) in all_of_them.items()
                   if parent in new and pid not in below}
            below |= new
        for pid in below:
            names.append(all_of_them[pid][1])
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return names
        time.sleep(0.01)


def run_and_kill(argv, time_no):
    """The killed run; what was killed, or None when it ended before."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    last = random.randint(1, LAST_LINE[time_no])
    lines, text = 0, b""
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          start_new_session=True) as child:
        while lines < last:
            ready, _, _ = select.select([child.stdout], [], [], QUIET_S)
            data = os.read(child.stdout.fileno(), 4096) if ready else b""
            if not ready:
                break
            if not data and child.wait() is not None:
                return None
            text += data
            lines = (len(RESOURCE.findall(text)) if time_no
                     else text.count(b"\n"))
        time.sleep(random.random() / 20)
        if child.poll() is not None:
            return None
        names = kill_descendants()
        child.returncode = -signal.SIGKILL
    shown = text.decode(errors="replace").strip().splitlines() or [""]
    return f"after '{shown[-1].strip()}': {len(names)} processes"


def main():
    argv, log = sys.argv[1:], os.environ["KILLED_LOG"]
    mark = f"{os.path.basename(os.getcwd())}: {' '.join(argv[2:])}"
    with open(log, "a+", encoding="utf-8") as file:
        file.seek(0)
        known = file.read().count(mark + " killed ")
        for time_no in range(known, 2) if "up" in argv else ():
            what = run_and_kill(argv, time_no)
            if not what:
                break
            file.write(f"{mark} killed {what}\n")
    os.execvp(argv[0], argv)


main()
