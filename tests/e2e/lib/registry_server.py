#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A registry on loopback that serves an OCI layout, honestly or not.

usage: registry_server.py LAYOUT [--log FILE] [--tls CERT KEY] [MODE...]

Prints "PORT CDN_PORT" and serves until killed. Any repository name is taken;
tags are those of the layout's index.json. --log gets one JSON object a
request: port, method, path, authorization, range; and, after a blob was sent
or received, one with the bytes that went over the line: moved.

It can be written to, also by uploads that go on where they were cut.

Modes, which may be combined:
  basic            asks for Basic, user:secret
  token            asks for Bearer tokens of its own /token, user:secret
  anonymous-token  as token, given to everybody
  redirect         blobs are at the CDN port; it answers 401 to credentials
  wrong-claim      Docker-Content-Digest is another one
  wrong-manifest   a manifest asked for by digest has other bytes
  wrong-blob       the first byte of every layer is another one
  truncate         every blob ends early, whatever is asked
  cut=N            a blob's answer ends after N bytes; ranges are known
  cut-within=N     as cut, after a random number of bytes below N
  no-range         ranges are not known
  limit=N          the first N requests get 429 with Retry-After: 1
  retry-after=N    what limit says instead of 1
  fail=N           the first N requests get 503
  burst=N          the first N requests for each thing get 500, 502, 503, 504
  oversize         manifests have 5 MiB
  wrong-length=N   blobs are said, and sent, to be N bytes longer (or shorter)
  schema1          manifests are of schema 1
  slow=N           blobs come, and are taken, at N bytes a second
  loop             every answer is 401, whoever asks
  loop-token       the same with Bearer; everybody gets tokens, for nothing
  lead=PLACE       blobs are said to be at PLACE; "." is where they were asked
  take-cut=N       the line is cut after N bytes of what is sent
  take-cut-within=N  as take-cut, after a random number of bytes below N
  take-max=N       more than N bytes at once are too much (413)
  take-away        uploads go to the CDN port, which answers 401 to credentials
  take-lost        an upload that was cut is not known any more
  mount-no         nothing is taken over from another repository
  read-only        every upload is refused (403)
"""
import argparse
import base64
import hashlib
import http.server
import json
import pathlib
import random
import re
import socket
import ssl
import threading
import time
import urllib.parse

USER = base64.b64encode(b"user:secret").decode()
TOKEN = "sesame"
SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
UPLOAD = re.compile(r"^/v2/(.+)/blobs/uploads/([^/]*)$")
ROUTE = re.compile(r"^/v2/(.+)/(manifests|blobs|tags)/([^/]+)$")


class Layout:
    """Blobs and tags of an OCI layout, with what the modes do to them."""

    def __init__(self, path, modes):
        self.path = pathlib.Path(path)
        self.modes = modes
        self.blobs = {}  # what was pushed
        index = json.loads((self.path / "index.json").read_text())
        self.tags, self.types, self.layers = {}, {}, set()
        for entry in index["manifests"]:
            self.types[entry["digest"]] = entry["mediaType"]
            name = entry.get("annotations", {}).get(
                "org.opencontainers.image.ref.name", "latest")
            self.tags[name.rsplit(":", 1)[-1]] = entry["digest"]
            self.read_manifest(entry["digest"])

    def read_manifest(self, digest):
        try:
            document = json.loads(self.raw(digest))
            for entry in document.get("manifests", []):
                self.types[entry["digest"]] = entry["mediaType"]
                self.read_manifest(entry["digest"])
            self.layers.update(x["digest"] for x in document.get("layers", []))
        except (ValueError, TypeError, AttributeError, RecursionError):
            pass  # some tests serve what is no manifest

    def raw(self, digest):
        algorithm, _, name = digest.partition(":")
        if algorithm != "sha256" or not re.fullmatch("[0-9a-f]{64}", name):
            return None
        if digest in self.blobs:
            return self.blobs[digest]
        path = self.path / "blobs" / algorithm / name
        return path.read_bytes() if path.exists() else None

    def put(self, reference, digest, data, media_type):
        self.blobs[digest], self.types[digest] = data, media_type
        if reference != digest:
            self.tags[reference] = digest

    def manifest(self, reference):
        digest = self.tags.get(reference, reference)
        data = self.raw(digest)
        if data is None or digest not in self.types:
            return None, None, None
        media_type = self.types[digest]
        if "oversize" in self.modes:
            data += b" " * (5 << 20)
        if "schema1" in self.modes:
            media_type = SCHEMA1
        if "wrong-manifest" in self.modes and reference == digest:
            data += b"\n"
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        if "wrong-claim" in self.modes:
            digest = "sha256:" + "0" * 64
        return data, media_type, digest

    def blob(self, digest):
        data = self.raw(digest)
        if data and "wrong-blob" in self.modes and digest in self.layers:
            data = bytes([data[0] ^ 1]) + data[1:]
        more = int(self.modes.get("wrong-length", 0))
        if data and digest in self.layers:
            data = data + bytes(more) if more > 0 else data[:len(data) + more]
        return data


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def is_head(self):
        return self.command == "HEAD"

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not self.is_head():
            self.wfile.write(body)

    def refuse(self, status, code, **headers):
        body = json.dumps({"errors": [{"code": code, "message": code.lower()
                                       .replace("_", " ")}]}).encode()
        self.answer(status, body, **headers)

    def note(self):
        if not self.server.log:
            return
        line = json.dumps({
            "port": self.server.server_port, "method": self.command,
            "path": self.path, "range": self.headers.get("Range"),
            "authorization": self.headers.get("Authorization")})
        with self.server.lock, open(self.server.log, "a") as log:
            log.write(line + "\n")

    def moved(self, count):
        if self.server.log:
            with self.server.lock, open(self.server.log, "a") as log:
                log.write(json.dumps({"moved": count, "method": self.command,
                                      "path": self.path}) + "\n")

    def drop_body(self):
        left = int(self.headers.get("Content-Length") or 0)
        while left > 0:
            left -= len(self.rfile.read(min(left, 65536)) or b"x" * left)

    def do_GET(self):
        self.note()
        if "loop" in self.server.modes:
            return self.refuse(401, "UNAUTHORIZED",
                               WWW_Authenticate='Basic realm="loop"')
        modes, server = self.server.modes, self.server
        url = urllib.parse.urlsplit(self.path)
        if server.is_cdn:
            upload = UPLOAD.match(url.path)
            if upload and not self.headers.get("Authorization"):
                return self.serve_upload(upload[1], upload[2], url)
            return self.serve_cdn(url)
        with server.lock:
            server.count += 1
            count = server.count
        if count <= int(modes.get("limit", 0)):
            return self.refuse(429, "TOOMANYREQUESTS",
                               Retry_After=modes.get("retry-after", "1"))
        if count <= int(modes.get("fail", 0)):
            return self.refuse(503, "UNAVAILABLE")
        if self.is_burst(url):
            self.drop_body()
            return self.refuse(random.choice([500, 502, 503, 504]),
                               "UNAVAILABLE")
        if url.path == "/token":
            return self.serve_token()
        if not self.is_allowed():
            return None
        if url.path == "/v2/":
            return self.answer(200, b"{}")
        upload = UPLOAD.match(url.path)
        if upload:
            return self.serve_upload(upload[1], upload[2], url)
        found = ROUTE.match(url.path)
        if found and self.command == "PUT" and found[2] == "manifests":
            return self.take_manifest(found[3])
        if not found:
            return self.refuse(404, "NAME_UNKNOWN")
        if found[2] == "manifests":
            return self.serve_manifest(found[3])
        if found[2] == "tags":
            return self.serve_tags(found[1], url.query)
        if "lead" in modes:
            place = url.path if modes["lead"] == "." else modes["lead"]
            return self.answer(307, Location=place)
        if "redirect" in modes:
            place = "%s://localhost:%d%s" % (
                server.scheme, server.cdn.server_port, url.path)
            return self.answer(307, Location=place)
        return self.serve_blob(found[3])

    do_HEAD = do_POST = do_PUT = do_PATCH = do_GET

    def is_burst(self, url):
        """Has this thing been asked for so often only?"""
        seen, thing = self.server.seen, (self.command, url.path)
        with self.server.lock:
            seen[thing] = seen.get(thing, 0) + 1
            return seen[thing] <= int(self.server.modes.get("burst", 0))

    def is_allowed(self):
        modes, given = self.server.modes, self.headers.get("Authorization")
        if "basic" in modes:
            if given == "Basic " + USER:
                return True
            self.refuse(401, "UNAUTHORIZED",
                        WWW_Authenticate='Basic realm="test"')
            return False
        if "token" in modes or "anonymous-token" in modes \
                or "loop-token" in modes:
            if given == "Bearer " + TOKEN and "loop-token" not in modes:
                return True
            self.refuse(401, "UNAUTHORIZED", WWW_Authenticate=(
                'Bearer realm="%s://localhost:%d/token",service="test"'
                % (self.server.scheme, self.server.server_port)))
            return False
        return True

    def serve_token(self):
        given = self.headers.get("Authorization")
        if "token" in self.server.modes and given != "Basic " + USER:
            return self.refuse(401, "UNAUTHORIZED")
        return self.answer(200, json.dumps({"token": TOKEN}).encode())

    def serve_cdn(self, url):
        if self.headers.get("Authorization"):
            return self.answer(401, WWW_Authenticate='Basic realm="cdn"')
        return self.serve_blob(url.path.rsplit("/", 1)[-1])

    def serve_manifest(self, reference):
        data, media_type, digest = self.server.layout.manifest(reference)
        if data is None:
            return self.refuse(404, "MANIFEST_UNKNOWN")
        return self.answer(200, data, Content_Type=media_type,
                           Docker_Content_Digest=digest)

    def serve_tags(self, name, query):
        values = urllib.parse.parse_qs(query)
        size = min(int(values.get("n", ["2"])[0]), 2)
        last = values.get("last", [""])[0]
        tags = sorted(x for x in self.server.layout.tags if x > last)
        headers = {}
        if len(tags) > size:
            headers["Link"] = '</v2/%s/tags/list?last=%s&n=%d>; rel="next"' % (
                name, tags[size - 1], size)
        body = json.dumps({"name": name, "tags": tags[:size]}).encode()
        return self.answer(200, body, **headers)

    def serve_blob(self, digest):
        modes = self.server.modes
        data = self.server.layout.blob(digest)
        if data is None:
            return self.refuse(404, "BLOB_UNKNOWN")
        first, status, headers = 0, 200, {}
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        if wanted and "no-range" not in modes:
            first, status = int(wanted[1]), 206
            if first >= len(data):
                return self.answer(416)
            headers["Content_Range"] = "bytes %d-%d/%d" % (
                first, len(data) - 1, len(data))
        body = data[first:]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.is_head():
            return None
        sent = body
        if "truncate" in modes:
            sent = data[:len(data) // 2][first:]
        elif "cut" in modes:
            sent = body[:int(modes["cut"])]
        elif "cut-within" in modes:
            sent = body[:random.randrange(int(modes["cut-within"]))]
        self.send_body(sent)
        if len(sent) < len(body):
            self.close_connection = True
        return None

    def send_body(self, body):
        rate = int(self.server.modes.get("slow", 0))
        step = max(rate // 50, 1) if rate else len(body)
        moved = 0
        try:
            for at in range(0, len(body), max(step, 1)):
                self.wfile.write(body[at:at + step])
                moved += len(body[at:at + step])
                if rate:
                    time.sleep(0.02)
        except OSError:
            self.close_connection = True
        self.moved(moved)

    # --- what is written -------------------------------------------------

    def take_manifest(self, reference):
        data = self.rfile.read(int(self.headers["Content-Length"]))
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        self.server.layout.put(reference, digest, data,
                               self.headers["Content-Type"])
        return self.answer(201, Docker_Content_Digest=digest)

    def serve_upload(self, name, uuid, url):
        query = urllib.parse.parse_qs(url.query)
        uploads, modes = self.server.uploads, self.server.modes
        if "read-only" in modes:
            self.drop_body()
            return self.refuse(403, "DENIED")
        if self.command == "POST":
            digest = query.get("mount", [""])[0]
            if (digest and "mount-no" not in modes
                    and self.server.layout.blob(digest) is not None):
                return self.answer(201, Location="/v2/x")
            uuid = "u%d" % len(uploads)
            uploads[uuid] = bytearray()
            return self.place(name, uuid)
        if uuid not in uploads:
            self.drop_body()
            return self.refuse(404, "BLOB_UPLOAD_UNKNOWN")
        # Whoever asks now has given up what is still coming in.
        epochs = self.server.epochs
        epochs[uuid] = epochs.get(uuid, 0) + 1
        time.sleep(0.05)
        if self.command == "GET":
            return self.place(name, uuid, 204)
        if not self.take(uuid):
            return None
        if self.command == "PATCH":
            return self.place(name, uuid)
        data = bytes(uploads.pop(uuid))
        digest = query["digest"][0]
        if digest != "sha256:" + hashlib.sha256(data).hexdigest():
            return self.refuse(400, "DIGEST_INVALID")
        self.server.layout.blobs[digest] = data
        return self.answer(201, Docker_Content_Digest=digest)

    def place(self, name, uuid, status=202):
        have = len(self.server.uploads[uuid])
        location = "/v2/%s/blobs/uploads/%s?state=%d" % (name, uuid, have)
        if "take-away" in self.server.modes and self.server.cdn:
            location = "%s://localhost:%d%s" % (
                self.server.scheme, self.server.cdn.server_port, location)
        return self.answer(status, Range="0-%d" % max(have - 1, 0),
                           Location=location)

    def take(self, uuid):
        """The body behind what is there; False when it was refused or cut."""
        modes, upload = self.server.modes, self.server.uploads[uuid]
        left = int(self.headers.get("Content-Length") or 0)
        wanted = self.headers.get("Content-Range", "%d-" % len(upload))
        if int(wanted.split("-")[0]) != len(upload):
            self.drop_body()
            self.refuse(416, "RANGE_INVALID")
            return False
        if "take-max" in modes and left > int(modes["take-max"]):
            self.drop_body()
            self.refuse(413, "TOO_LARGE")
            return False
        stop = int(modes.get("take-cut", 0)) if left else 0
        if left and "take-cut-within" in modes:
            stop = random.randrange(1, int(modes["take-cut-within"]))
        rate, moved = int(modes.get("slow", 0)), 0
        step = max(rate // 50, 1) if rate else 65536
        epoch = self.server.epochs[uuid]
        while (left > 0 and not (stop and moved >= stop)
               and epoch == self.server.epochs[uuid]):
            try:
                data = self.rfile.read1(min(left, step))
            except OSError:
                data = b""
            if not data:
                break
            upload += data
            left -= len(data)
            moved += len(data)
            if rate:
                time.sleep(0.02)
        self.moved(moved)
        if left > 0:
            self.close_connection = True
            if "take-lost" in modes:
                del self.server.uploads[uuid]
            try:
                self.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            return False
        return True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass

    def __init__(self, layout, modes, args, cdn=None):
        super().__init__(("127.0.0.1", 0), Handler)
        # Little is under way when a line ends: tests count what arrived.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self.layout, self.modes, self.cdn = layout, modes, cdn
        self.is_cdn = cdn is None
        self.log = args.log
        self.scheme = "https" if args.tls else "http"
        self.lock, self.count = threading.Lock(), 0
        self.seen = {}
        self.uploads = cdn.uploads if cdn else {}
        self.epochs = cdn.epochs if cdn else {}
        if args.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*args.tls)
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("layout")
    parser.add_argument("--log")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    parser.add_argument("mode", nargs="*")
    args = parser.parse_intermixed_args()
    modes = dict(mode.partition("=")[::2] for mode in args.mode)
    layout = Layout(args.layout, modes)
    cdn = Server(layout, modes, args)
    server = Server(layout, modes, args, cdn)
    print(server.server_port, cdn.server_port, flush=True)
    threading.Thread(target=cdn.serve_forever, daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
