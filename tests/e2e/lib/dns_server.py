# SPDX-License-Identifier: Apache-2.0
# dns_server.py IP ANSWER: a name server on IP:53 that has one address for every
# name. By UDP it says "truncated" to names with "big" and nothing to "silent".
# Prints "ready" once it listens.
import socket
import struct
import sys
import threading

ip, address = sys.argv[1:3]


def answer(query, truncated):
    flags = 0x8180 | (0x0200 if truncated else 0)
    count = 0 if truncated else 1
    end = 12
    while query[end]:
        end += query[end] + 1
    record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 5, 4) + \
        socket.inet_aton(address)
    return query[:2] + struct.pack(">HHHHH", flags, 1, count, 0, 0) + \
        query[12:end + 5] + record * count


def serve_tcp(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            size = struct.unpack(">H", connection.recv(2))[0]
            reply = answer(connection.recv(size), False)
            connection.sendall(struct.pack(">H", len(reply)) + reply)


udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind((ip, 53))
tcp = socket.socket()
tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
tcp.bind((ip, 53))
tcp.listen()
threading.Thread(target=serve_tcp, args=(tcp,), daemon=True).start()
print("ready", flush=True)
while True:
    query, peer = udp.recvfrom(4096)
    if b"silent" not in query:
        udp.sendto(answer(query, b"big" in query), peer)
