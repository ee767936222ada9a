# SPDX-License-Identifier: Apache-2.0
# how_ends.py HOST PORT: reads what a server sends; says "up" when it begins,
# and "end" or "reset" when it is over. A server may just be starting.
import socket
import sys
import time

for _ in range(50):
    try:
        s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)
        if s.recv(1):
            break
    except OSError:
        pass
    time.sleep(0.2)
print("up", flush=True)
s.settimeout(60)
try:
    while s.recv(1 << 16):
        pass
    print("end")
except ConnectionResetError:
    print("reset")
