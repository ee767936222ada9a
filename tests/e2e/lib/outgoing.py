# SPDX-License-Identifier: Apache-2.0
# outgoing.py HOST PORT: what a TCP connection out of a container must do,
# tried on the servers of host_servers.py at PORT and behind. Prints a line for
# everything that held; the first that did not ends it.
import hashlib
import os
import resource
import socket
import struct
import sys
import threading

host, port = sys.argv[1], int(sys.argv[2])
OBEYING, SILENT, CLOSED = port + 3, port + 4, 1
# More than are carried past libslirp at once.
MANY = 300


def connect(words, timeout=20):
    s = socket.create_connection((host, OBEYING), timeout)
    s.sendall((words + "\n").encode())
    return s


def read_all(s):
    data = b""
    while True:
        piece = s.recv(1 << 16)
        if not piece:
            return data
        data += piece


def how(name):
    with connect("how " + name) as s:
        return read_all(s).decode()


def refused():
    """refused is refused"""
    try:
        socket.create_connection((host, CLOSED), 10).close()
    except ConnectionRefusedError:
        return
    raise AssertionError("not refused")


def silent():
    """nobody is connected before the server is"""
    try:
        socket.create_connection((host, SILENT), 1.5).close()
    except TimeoutError:
        return
    raise AssertionError("not silent")


def half_closed():
    """one direction ends, the other goes on"""
    data = os.urandom(1 << 20) * 24
    with connect("digest") as s:
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
        assert read_all(s).decode() == hashlib.md5(data).hexdigest()


def both_ways():
    """both directions at once"""
    data = os.urandom(1 << 20) * 16
    got = hashlib.md5()
    with connect("echo") as s:
        def send():
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
        thread = threading.Thread(target=send)
        thread.start()
        while True:
            piece = s.recv(1 << 16)
            if not piece:
                break
            got.update(piece)
        thread.join()
    assert got.digest() == hashlib.md5(data).digest()


def urgent():
    """an urgent byte keeps its place"""
    with connect("digest") as s:
        s.sendall(b"a")
        s.send(b"b", socket.MSG_OOB)
        s.sendall(b"c")
        s.shutdown(socket.SHUT_WR)
        assert read_all(s).decode() == hashlib.md5(b"abc").hexdigest()


def reset_there():
    """a reset of the server's is seen"""
    with connect("reset") as s:
        try:
            s.recv(1)
        except ConnectionResetError:
            return
    raise AssertionError("not reset")


def reset_here():
    """a reset of the client's is seen, and no end"""
    name = "reset-" + host
    s = connect("hold " + name)
    assert s.recv(5) == b"held\n"
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()
    assert how(name) == "reset"


def again():
    """the same port is used again at once"""
    for end in ("here", "client", "there") * 2:
        s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        s.settimeout(10)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("", 5999))
        # A connection of before may still be in its last state here.
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                     struct.pack("ii", 1, 0) if end != "client" else
                     struct.pack("ii", 0, 0))
        try:
            s.connect((host, OBEYING))
        except OSError as error:
            if error.errno == 99:  # EADDRNOTAVAIL: our own TIME-WAIT
                s.close()
                continue
            raise
        s.sendall(b"reset\n" if end == "there" else b"echo\nhello")
        if end != "there":
            assert s.recv(5) == b"hello"
        s.close()


def many():
    """more than are carried at once"""
    resource.setrlimit(resource.RLIMIT_NOFILE,
                       (1024, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    held = [connect("echo") for _ in range(MANY)]
    for i, s in enumerate(held):
        s.sendall(b"%d\n" % i)
    for i, s in enumerate(held):
        assert s.makefile().readline() == "%d\n" % i
    for s in held:
        s.close()
    half_closed()


for check in (refused, silent, half_closed, both_ways, urgent, reset_there,
              reset_here, again, many):
    try:
        check()
    except Exception as error:
        print("NOT", check.__doc__, repr(error))
        sys.exit(1)
    print(check.__doc__, flush=True)
