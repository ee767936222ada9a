# SPDX-License-Identifier: Apache-2.0
# A client that gives up and begins anew from the same port.
#
# anew.py serve READY: on the host, a server that lets nobody in until a line
# comes on stdin; its port goes to the file READY. Prints what the first one
# says that is let in then.
# anew.py ask HOST PORT: two connections from one port, the first given up
# before it is one. Says "begun", and "again" over the second one.
import socket
import sys


def fill(address):
    """Connect until nobody is let in any more."""
    waiting = []
    while True:
        s = socket.socket()
        s.settimeout(0.3)
        waiting.append(s)
        try:
            s.connect(address)
        except OSError:
            return waiting


def serve(ready):
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    waiting = fill(listener.getsockname())
    ours = {s.getsockname() for s in waiting}
    with open(ready, "w") as file:
        print(listener.getsockname()[1], file=file)
    sys.stdin.readline()
    while True:
        s, peer = listener.accept()
        if peer in ours:
            s.close()
            continue
        try:
            print(s.recv(100).decode() or "nothing", flush=True)
        except ConnectionError:
            print("reset", flush=True)
        return


def begin(port, target):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", port))
    s.setblocking(False)
    try:
        s.connect(target)
    except BlockingIOError:
        pass
    return s


def ask(host, port):
    first = begin(0, (host, port))
    name = first.getsockname()
    first.close()
    second = begin(name[1], (host, port))
    print("begun", flush=True)
    second.settimeout(60)
    second.sendall(b"again")
    second.recv(1)


if sys.argv[1] == "serve":
    serve(sys.argv[2])
else:
    ask(sys.argv[2], int(sys.argv[3]))
