#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Drive a program at a terminal, step by step.

usage: ptydrive.py [STEP...] -- PROGRAM [ARG...]

Steps, carried out in order (each waits 20 s at most):
  expect:TEXT    until TEXT has been printed since the last expect
  send:TEXT      type it; \\r \\n \\t \\xNN and ^C style are understood
  size:ROWSxCOLS set the window size (also before the program starts)
  stopped        until the program's process group has stopped (Ctrl-Z)
  continue       SIGCONT to it
  kill:SIG       signal the program
  sleep:SECONDS
  exit:N         until it ends with that status (128 + N for signal N)

Prints the terminal's text; exit 0 when every step came true, else 1.
"""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

LIMIT_S = 20


class Drive:
    def __init__(self, argv, size):
        self.text = ""
        self.seen = 0
        self.status = None
        self.stopped = False
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # Before the program can ask for it.
            if size:
                self.fd = 0
                self.size(size)
            os.execvp(argv[0], argv)

    def pump(self, seconds):
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if ready:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            self.text += data.decode("utf-8", "replace")
            if not data:
                time.sleep(0.02)
        self.reap()

    def reap(self):
        if self.status is not None:
            return
        pid, status = os.waitpid(self.pid, os.WNOHANG | os.WUNTRACED)
        if pid and os.WIFSTOPPED(status):
            self.stopped = True
        elif pid:
            code = os.waitstatus_to_exitcode(status)
            self.status = code if code >= 0 else 128 - code

    def until(self, what, true):
        end = time.monotonic() + LIMIT_S
        while not true():
            if time.monotonic() > end:
                self.fail(f"waited {LIMIT_S} s for {what}")
            self.pump(0.05)

    def size(self, word):
        rows, cols = map(int, word.split("x"))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, cols, 0, 0))

    def found(self, word):
        at = self.text.find(word, self.seen)
        if at < 0:
            return False
        self.seen = at + len(word)
        return True

    def fail(self, why):
        sys.stdout.write(self.text)
        print(f"\nptydrive: {why} (status {self.status})")
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        sys.exit(1)

    def step(self, verb, word):
        if verb == "expect":
            self.until(f"'{word}'", lambda: self.found(word))
        elif verb == "send":
            word = re.sub(r"\^([@-_])",
                          lambda hit: chr(ord(hit[1]) & 31), word)
            os.write(self.fd, codecs.decode(word, "unicode_escape").encode())
        elif verb == "size":
            self.size(word)
        elif verb == "stopped":
            self.until("a stop", lambda: self.stopped)
        elif verb == "continue":
            self.stopped = False
            os.kill(self.pid, signal.SIGCONT)
        elif verb == "kill":
            os.kill(self.pid, getattr(signal, "SIG" + word))
        elif verb == "sleep":
            end = time.monotonic() + float(word)
            while time.monotonic() < end:
                self.pump(0.05)
        elif verb == "exit":
            self.until("the end", lambda: self.status is not None)
            if self.status != int(word):
                self.fail(f"wanted exit status {word}")
        else:
            self.fail(f"no such step '{verb}'")


def main():
    cut = sys.argv.index("--")
    steps = [step.partition(":")[::2] for step in sys.argv[1:cut]]
    first = steps[0][1] if steps and steps[0][0] == "size" else None
    drive = Drive(sys.argv[cut + 1:], first)
    for verb, word in steps:
        drive.step(verb, word)
    drive.pump(0.05)
    sys.stdout.write(drive.text)


main()
