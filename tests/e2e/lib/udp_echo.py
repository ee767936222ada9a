# SPDX-License-Identifier: Apache-2.0
# udp_echo.py PORT: send every datagram back with its sender's address.
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", int(sys.argv[1])))
while True:
    data, peer = s.recvfrom(65536)
    s.sendto(data + str(peer).encode(), peer)
