#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Record the terminal session that compose(5) shows.

usage: record_session.py DHOW             write src/cli/compose_session.h
       record_session.py --check DHOW     does a new one say the same?

Every command runs at a terminal of its own, typed to as a person would; what
is kept is what stands on the screen at the end. DHOW's store needs an image
"busybox". For --check, numbers count as equal, and lines of what happens side
by side may come in another order.
"""
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time

LIMIT_S = 30
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HEADER = os.path.join(ROOT, "src/cli/compose_session.h")

COMPOSE_YAML = """\
services:
  db:
    image: busybox
    command: sh /db.sh
    configs: [{source: db.sh, target: /db.sh}]
    healthcheck: {test: "test -e /tmp/ready", interval: 1s}
  web:
    image: busybox
    command: sh -c 'mkdir /site; echo listening on port 80; exec httpd -f -h /site'
    init: true
    depends_on: {db: {condition: service_healthy}}
    develop:
      watch: [{action: sync, path: ./site, target: /site}]
configs:
  db.sh:
    content: |
      trap 'echo shutting down; exit 0' TERM
      echo ready for connections; touch /tmp/ready
      sleep 600 & wait
"""


class Screen:
    """What stands on a terminal; of its language, what compose uses."""

    def __init__(self):
        self.rows, self.row, self.col = [""], 0, 0
        self.raw = ""

    def put(self, char):
        line = self.rows[self.row].ljust(self.col)
        self.rows[self.row] = line[:self.col] + char + line[self.col + 1:]
        self.col += 1

    def escape(self, number, verb):
        if verb == "A":
            self.row = max(0, self.row - int(number or 1))
        elif verb == "J":
            self.rows[self.row] = self.rows[self.row][:self.col]
            del self.rows[self.row + 1:]
        elif verb == "K":
            self.rows[self.row] = self.rows[self.row][:self.col]

    def feed(self, text):
        self.raw += text
        for part in re.finditer(r"\x1b\[([?\d;]*)([A-Za-z])|(.|\n)", text):
            char = part[3]
            if char is None:
                self.escape(part[1], part[2])
            elif char == "\r":
                self.col = 0
            elif char == "\n":
                self.row += 1
                if self.row == len(self.rows):
                    self.rows.append("")
            else:
                self.put(char)

    def text(self):
        return "\n".join(line.rstrip() for line in self.rows).strip("\n")


class Terminal:
    """One command at a terminal."""

    def __init__(self, argv):
        self.screen = Screen()
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.environ.update(TERM="xterm", COLUMNS="80", LINES="24")
            os.execv(argv[0], argv)

    def pump(self):
        """Read what there is; False at the end."""
        if not select.select([self.fd], [], [], 0.2)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.screen.feed(data.decode("utf-8", "replace"))
        return bool(data)

    def expect(self, *all_words):
        end = time.monotonic() + LIMIT_S
        while any(words not in self.screen.raw for words in all_words):
            if time.monotonic() > end or not self.pump():
                sys.exit(f"{all_words} never came:\n{self.screen.text()}")

    def note(self, words):
        """Something that happened elsewhere, between two lines."""
        while self.screen.col and self.pump():
            pass
        self.screen.feed(f"# elsewhere: {words}\r\n")

    def interrupt(self):
        os.write(self.fd, b"\x03")

    def finish(self):
        end = time.monotonic() + LIMIT_S
        while self.pump():
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return self.screen.text()


class Session:
    def __init__(self, dhow):
        self.dhow = dhow
        self.parts = []

    def quietly(self, *words):
        return subprocess.run([self.dhow, *words], check=False,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0

    def type(self, *words):
        self.parts.append("$ dhow " + " ".join(words))
        return Terminal([self.dhow, *words])

    def end(self, terminal):
        self.parts.append(terminal.finish())

    def record(self):
        up = self.type("compose", "up")
        up.expect("web-1  Started", "listening")
        up.interrupt()
        self.end(up)
        up = self.type("compose", "up", "-d")
        self.end(up)
        self.end(self.type("compose", "ps"))
        logs = self.type("compose", "logs", "-f", "-n", "1", "db")
        logs.expect("ready for connections")
        logs.note("db writes a checkpoint")
        self.quietly("compose", "exec", "-T", "db", "sh", "-c",
                     "echo checkpoint complete >/proc/1/fd/1")
        logs.expect("checkpoint complete")
        logs.interrupt()
        self.end(logs)
        watch = self.type("compose", "watch")
        watch.expect("Watch enabled")
        watch.note("site/index.html is saved")
        with open("site/index.html", "w", encoding="utf-8") as file:
            file.write("<h1>Sale</h1>\n")
        watch.expect("Syncing")
        while not self.quietly("compose", "exec", "-T", "web", "test", "-e",
                               "/site/index.html"):
            watch.pump()
        watch.interrupt()
        self.end(watch)
        self.end(self.type("compose", "exec", "web", "cat",
                           "/site/index.html"))
        return "\n".join(part for part in self.parts if part) + "\n"


def record(dhow):
    with tempfile.TemporaryDirectory() as place:
        os.mkdir(f"{place}/shop")
        os.chdir(f"{place}/shop")
        os.mkdir("site")
        with open("compose.yaml", "w", encoding="utf-8") as file:
            file.write(COMPOSE_YAML)
        session = Session(dhow)
        try:
            return session.record()
        finally:
            session.quietly("compose", "down", "-v", "-t", "0")
            os.chdir("/")


def c_lines(text):
    for line in text.splitlines():
        quoted = line.replace("\\", "\\\\").replace('"', '\\"')
        yield f'\t"{quoted}\\n"'


def write(text):
    with open(HEADER, "w", encoding="utf-8") as file:
        file.write("/* SPDX-License-Identifier: Apache-2.0 */\n"
                   "/*\n"
                   " * cli/compose_session.h - a session at a terminal, as "
                   "contrib/record_session.py\n"
                   " * recorded it.\n"
                   " */\n"
                   "#ifndef DHOW_CLI_COMPOSE_SESSION_H\n"
                   "#define DHOW_CLI_COMPOSE_SESSION_H\n\n"
                   "/* clang-format off */\n"
                   "static const char compose_session[] =\n")
        file.write("\n".join(c_lines(text)) + ";\n\n#endif\n")


def committed():
    with open(HEADER, encoding="utf-8") as file:
        lines = re.findall(r'^\t"(.*)\\n";?$', file.read(), re.M)
    return "".join(line.replace('\\"', '"').replace("\\\\", "\\") + "\n"
                   for line in lines)


def comparable(text):
    """Commands in order; below each its lines, without numbers, sorted."""
    text = re.sub(r"About an? \w+|Less than a \w+|\d+(\.\d+)?( ?(s|ms|"
                  r"seconds?|minutes?))?\b", "N", text)
    text = re.sub(r" +", " ", text)
    parts = re.split(r"(?m)^(?=\$ |# )", text)
    return [[part.splitlines()[0]] + sorted(part.splitlines()[1:])
            for part in parts if part]


def main():
    args = sys.argv[1:]
    check = args[:1] == ["--check"]
    text = record(os.path.abspath(args[-1]))
    if not check:
        write(text)
        return
    want, got = comparable(committed()), comparable(text)
    if want != got:
        print(*(line for pair in zip(want, got) if pair[0] != pair[1]
                for line in ("want", *pair[0], "got", *pair[1])), sep="\n")
        print(text)
        sys.exit("the session is not as recorded: run record_session.py")


main()
