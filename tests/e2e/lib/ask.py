# SPDX-License-Identifier: Apache-2.0
# ask.py HOST PORT [udp]: print what the server there says; 1 when it is mute.
# A server in a container may just have said that it is up: try a few times.
import socket
import sys
import time

host, port = sys.argv[1], int(sys.argv[2])
kind = sys.argv[3] if len(sys.argv) > 3 else "tcp"


def ask():
    if kind == "udp":
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.settimeout(1)
            s.connect((host, port))
            s.send(b"hello\n")
            return s.recv(2000)
    with socket.create_connection((host, port), 2) as s:
        s.settimeout(2)
        answer = b""
        while True:
            data = s.recv(65536)
            if not data:
                return answer
            answer += data


for _ in range(10):
    try:
        answer = ask()
        if answer:
            sys.stdout.write(answer.decode())
            sys.exit(0)
    except OSError:
        pass
    time.sleep(0.2)
sys.exit(1)
