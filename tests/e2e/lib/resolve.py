# SPDX-License-Identifier: Apache-2.0
# resolve.py SERVER NAME: ask for the name's IPv4 address by UDP, then by TCP
# where the answer was cut. Prints "udp ADDRESS", "tcp ADDRESS" or "rcode N".
import socket
import struct
import sys

server, name = sys.argv[1:3]
query = struct.pack(">HHHHHH", 0x1234, 0x0100, 1, 0, 0, 0) + b"".join(
    bytes([len(label)]) + label.encode() for label in name.split(".")
) + b"\0" + struct.pack(">HH", 1, 1)
way = "udp"
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(15)
s.connect((server, 53))
s.send(query)
reply = s.recv(4096)
if reply[2] & 2:
    way = "tcp"
    s = socket.create_connection((server, 53), 15)
    s.sendall(struct.pack(">H", len(query)) + query)
    s.recv(2)
    reply = s.recv(4096)
assert reply[:2] == query[:2]
if reply[3] & 15:
    print("rcode", reply[3] & 15)
else:
    print(way, socket.inet_ntoa(reply[-4:]))
