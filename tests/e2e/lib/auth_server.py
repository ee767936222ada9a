#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files for those who say who they are.

usage: auth_server.py DIR LOG

Serves DIR on a free port of 127.0.0.1, which is written to LOG's first line as
"port N". Below /open/ everything is for all (the prefix is cut off); the rest
wants one of the Authorization headers in DIR/.allowed, one a line, and answers
401 otherwise. Each request is a line of the log: status, path, Authorization.
"""
import functools
import http.server
import os
import sys


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        with open(os.path.join(self.directory, ".allowed")) as f:
            allowed = f.read().splitlines()
        said = self.headers.get("Authorization", "-")
        if self.path.startswith("/open/"):
            self.path = self.path[5:]
        elif said not in allowed:
            self.note(401, said)
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="files"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.note(200, said)
        super().do_GET()

    def note(self, status, said):
        self.server.log.write(f"{status} {self.path} {said}\n")

    def log_message(self, *args):
        pass


def main():
    handler = functools.partial(Handler, directory=sys.argv[1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.log = open(sys.argv[2], "w", buffering=1)
    server.log.write(f"port {server.server_address[1]}\n")
    server.serve_forever()


main()
