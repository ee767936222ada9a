#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Load from several workers while dhow's own processes are killed at random.

usage: crash.py DHOW KILLS MARK IMAGE [SEED]

Each worker starts, stops, enters, restarts, copies, builds and removes what
has one of a few names; failures are expected and ignored, hanging is not.
Meanwhile KILLS processes of this user whose program is DHOW's (commands,
monitors, janitors, builds, the network process) get SIGKILL. First processes
of containers have MARK among their words; containers with the label "stays"
do not end by themselves. IMAGE is an archive to load. Ends with 1 when a
command took longer than a minute. Prints what was killed and the seed.
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

DHOW, KILLS, MARK, IMAGE = sys.argv[1], int(sys.argv[2]), *sys.argv[3:5]
SEED = int(sys.argv[5]) if len(sys.argv) > 5 else random.randrange(1 << 30)
DRIVER = os.environ.get("DHOW_TEST_DRIVER")
COMMAND = [DHOW, *(["--storage-driver", DRIVER] if DRIVER else [])]
BUILD = str(pathlib.Path(DHOW).resolve().parent)
WORKERS = 8
LIMIT_S = 60

stop = threading.Event()
slow = []


def container(rng):
    """What follows run -d or create: flags, image and command."""
    stays = rng.random() < 0.5
    flags = ["--name", f"crash{rng.randrange(6)}"]
    flags += ["--label", "stays"] if stays else []
    flags += [] if rng.random() < 0.4 else ["--network", "none"]
    seconds = 100000 if stays else 3
    return [*flags, "busybox", "sh", "-c",
            f"echo up; sleep {seconds}; : {MARK}"]


def life(rng):
    name = f"crash{rng.randrange(6)}"
    net = [] if rng.random() < 0.4 else ["--network", "none"]
    return rng.choice([
        ["run", "-d", *container(rng)],
        ["run", "-d", "--rm", *container(rng)],
        ["run", "-d", "--restart", "always", *container(rng)],
        ["run", "--rm", "-v", "/data", *net, "busybox", "true"],
        ["run", "--rm", *net, "busybox", "sh", "-c", f"sleep 0.2; : {MARK}"],
        ["create", "-v", "/data", *container(rng)],
        ["start", name],
        ["stop", "-t", "0", name],
        ["restart", "-t", "0", name],
        ["exec", name, "true"],
        ["kill", name],
        ["pause", name],
        ["unpause", name],
        ["rename", name, f"crash{rng.randrange(6)}"],
        ["logs", name],
        ["cp", "/etc/passwd", f"{name}:/copied"],
        ["cp", f"{name}:/bin/busybox", "-"],
        ["rm", "-fv", name],
        ["ps", "-a"],
        ["inspect", name],
    ])


def things(rng):
    """Images, volumes and networks."""
    n = rng.randrange(6)
    return rng.choice([
        ["build", "-q", "-t", f"crash:{n}", "-"],
        ["commit", f"crash{n}", f"crash:{n}"],
        ["load", "-q", "-i", IMAGE],
        ["save", "busybox"],
        ["rmi", f"crash:{n}"],
        ["image", "prune", "-f"],
        ["system", "df", "-v"],
        ["volume", "create", f"crash{n}"],
        ["volume", "rm", f"crash{n}"],
        ["network", "create", f"crash{n % 2}"],
        ["network", "rm", f"crash{n % 2}"],
    ])


def work(seed):
    rng = random.Random(seed)
    while not stop.is_set():
        argv = [*COMMAND, *(life if rng.random() < 0.8 else things)(rng)]
        recipe = f"FROM busybox\nRUN echo {rng.randrange(9)} >/n\nRUN ls /\n"
        began = time.monotonic()
        try:
            subprocess.run(argv, input=recipe.encode(),
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
