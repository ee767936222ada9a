#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A token service for docker-registry: user "user" with "secret" gets what he
asks for, anybody else nothing. Tokens are signed by openssl.

usage: token_server.py KEY.pem CERT.pem LOG
Prints its port. Each line of LOG is the scopes of one request."""
import base64
import http.server
import json
import subprocess
import sys
import time
import urllib.parse

KEY, CERT, LOG = sys.argv[1:4]
USER = "Basic " + base64.b64encode(b"user:secret").decode()


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def chain():
    der = subprocess.run(["openssl", "x509", "-in", CERT, "-outform", "DER"],
                         check=True, capture_output=True).stdout
    return [base64.b64encode(der).decode()]


def token(service, scopes):
    now = int(time.time())
    access = []
    for scope in scopes:
        kind, name, actions = scope.split(":", 2)
        access.append({"type": kind, "name": name,
                       "actions": actions.split(",")})
    head = {"typ": "JWT", "alg": "RS256", "x5c": chain()}
    body = {"iss": "tests", "sub": "user", "aud": service, "access": access,
            "nbf": now - 10, "iat": now, "exp": now + 300, "jti": str(now)}
    text = b64(json.dumps(head).encode()) + b"." + b64(
        json.dumps(body).encode())
    sign = subprocess.run(["openssl", "dgst", "-sha256", "-sign", KEY],
                          input=text, check=True, capture_output=True).stdout
    return (text + b"." + b64(sign)).decode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        scopes = query.get("scope", [])
        with open(LOG, "a", encoding="utf-8") as log:
            log.write(" ".join(scopes) + "\n")
        if self.headers.get("Authorization") != USER:
            self.answer(401, {"errors": [{"code": "UNAUTHORIZED"}]})
            return
        self.answer(200, {"token": token(query["service"][0], scopes),
                          "expires_in": 300})


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
