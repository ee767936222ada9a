# SPDX-License-Identifier: Apache-2.0
# Servers on the host for net.bats. TCP N answers a line, N + 1 digests what it
# gets up to the end, N + 2 sends 20 000 000 bytes, N + 3 does what its first
# line says (obey() below), N + 4 is silent; UDP M answers. N, M and the host's
# outer addresses ("-": none) go to the file named by the argument once they
# listen.
import hashlib
import socket
import struct
import sys
import threading


def outer_address(family, target):
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as s:
            s.connect((target, 9))
            return s.getsockname()[0]
    except OSError:
        return "-"


def listen(port):
    # "::" with V6ONLY off serves both families where there are two.
    try:
        s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        address = "::"
    except OSError:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        address = "0.0.0.0"
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, port))
    s.listen(64)
    return s


def say(connection):
    with connection:
        line = connection.recv(100)
        connection.sendall(b"tcp says " + line)


def digest(connection):
    with connection:
        total = hashlib.md5()
        while True:
            data = connection.recv(65536)
            if not data:
                connection.sendall(total.hexdigest().encode())
                return
            total.update(data)


def blob(connection):
    with connection:
        connection.sendall(b"x" * 20000000)


def first_line(connection):
    line = b""
    while not line.endswith(b"\n"):
        byte = connection.recv(1)
        if not byte:
            break
        line += byte
    return line.decode().split() or [""]


def echo(connection):
    while True:
        data = connection.recv(65536)
        if not data:
            return
        connection.sendall(data)


ends = {}
ended = threading.Condition()


def hold(connection, name):
    connection.sendall(b"held\n")
    try:
        how = "end" if not connection.recv(1) else "data"
    except ConnectionError:
        how = "reset"
    with ended:
        ends[name] = how
        ended.notify_all()


def tell(connection, name):
    with ended:
        ended.wait_for(lambda: name in ends, 10)
        connection.sendall(ends.get(name, "nothing").encode())


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))


def obey(connection):
    """echo; digest: of all up to the end; hold NAME: until its end; how NAME:
    what that was like; reset"""
    with connection:
        words = first_line(connection)
        if words[0] == "echo":
            echo(connection)
        elif words[0] == "digest":
            digest(connection)
        elif words[0] == "hold":
            hold(connection, words[1])
        elif words[0] == "how":
            tell(connection, words[1])
        elif words[0] == "reset":
            reset(connection)


def be_silent(listener):
    """Let nobody in any more: those who come now wait for ever."""
    address = ("127.0.0.1", listener.getsockname()[1])
    inside.append(listener)
    listener.listen(0)
    while True:
        s = socket.socket()
        s.settimeout(0.3)
        inside.append(s)
        try:
            s.connect(address)
        except OSError:
            return


inside = []


def serve(listener, handle):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=handle, args=(connection,)).start()


def serve_udp(s):
    while True:
        data, peer = s.recvfrom(2000)
        s.sendto(b"udp says " + data, peer)


def listeners(count):
    while True:
        found = [listen(0)]
        port = found[0].getsockname()[1]
        try:
            for i in range(1, count):
                found.append(listen(port + i))
            return port, found
        except OSError:
            for s in found:
                s.close()


tcp_port, tcp = listeners(5)
be_silent(tcp.pop())
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 0))
with open(sys.argv[1], "w") as ready:
    print(tcp_port, udp.getsockname()[1],
          outer_address(socket.AF_INET, "192.0.2.99"),
          outer_address(socket.AF_INET6, "2001:db8::99"), file=ready)
for listener, handle in zip(tcp, (say, digest, blob, obey)):
    threading.Thread(target=serve, args=(listener, handle)).start()
serve_udp(udp)
