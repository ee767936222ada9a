#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Load from several workers while dhow's own processes are killed at random.

usage: crash.py DHOW KILLS [WORKERS] [SEED]

Each worker starts, stops, enters, restarts and removes containers of a small
pool of names; failures are expected and ignored, hanging is not. Meanwhile
KILLS processes of this user whose program is DHOW's (commands, monitors,
janitors, the network process) get SIGKILL. Ends with 1 when a command took
longer than a minute. Prints what was killed and the seed.
"""
import collections
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

DHOW = sys.argv[1]
KILLS = int(sys.argv[2])
WORKERS = int(sys.argv[3]) if len(sys.argv) > 3 else 8
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else random.randrange(1 << 30)
BUILD = str(pathlib.Path(DHOW).resolve().parent)
LIMIT_S = 60
SLEEP = ["busybox", "sh", "-c", "echo up; sleep 5"]

stop = threading.Event()
slow = []


def commands(rng):
    name = f"crash{rng.randrange(6)}"
    net = [] if rng.random() < 0.4 else ["--network", "none"]
    return rng.choice([
        ["run", "-d", "--name", name, *net, *SLEEP],
        ["run", "-d", "--rm", "--name", name, *net, *SLEEP],
        ["run", "-d", "--restart", "always", "--name", name, *net, *SLEEP],
        ["run", "--rm", "-v", "/data", *net, "busybox", "true"],
        ["run", "--rm", *net, "busybox", "sh", "-c", "sleep 0.2"],
        ["create", "--name", name, "-v", "/data", *net, *SLEEP],
        ["start", name],
        ["stop", "-t", "0", name],
        ["restart", "-t", "0", name],
        ["exec", name, "true"],
        ["kill", name],
        ["logs", name],
        ["rm", "-fv", name],
        ["ps", "-a"],
        ["inspect", name],
    ])


def work(seed):
    rng = random.Random(seed)
    while not stop.is_set():
        argv = [DHOW, *commands(rng)]
        began = time.monotonic()
        try:
            subprocess.run(argv, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            slow.append(" ".join(argv))
        took = time.monotonic() - began
        if took > 8:
            print(f"slow: {took:.1f} s:", " ".join(argv), flush=True)
        if took < 0.005:
            time.sleep(0.005)


def is_ours(pid):
    """Our program, and a process of the host's side: not a container's."""
    try:
        if os.stat(f"/proc/{pid}").st_uid != os.getuid():
            return False
        exe = os.readlink(f"/proc/{pid}/exe")
        if not exe.startswith(BUILD + "/") and "/memfd:" not in exe:
            return False
        return (os.readlink(f"/proc/{pid}/ns/pid") ==
                os.readlink("/proc/self/ns/pid"))
    except OSError:
        return False


def name_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return "?"


def storm(rng):
    killed = collections.Counter()
    while sum(killed.values()) < KILLS:
        pids = [p for p in os.listdir("/proc") if p.isdigit() and is_ours(p)]
        if pids:
            pid = rng.choice(pids)
            name = name_of(pid)
            try:
                os.kill(int(pid), signal.SIGKILL)
                killed[name] += 1
            except OSError:
                pass
        time.sleep(rng.random() * 0.08)
    return killed


def main():
    rng = random.Random(SEED)
    threads = [threading.Thread(target=work, args=(SEED + i,))
               for i in range(WORKERS)]
    for thread in threads:
        thread.start()
    killed = storm(rng)
    stop.set()
    for thread in threads:
        thread.join()
    print(f"seed {SEED}: killed", dict(killed))
    for line in slow:
        print("hung:", line)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
