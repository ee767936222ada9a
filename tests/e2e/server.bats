#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A server's whole life: a real one where its packages can be had, else a small
# one of busybox.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() { dhow_setup_file; }

# A port that is free at this moment.
free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

health() { dhow inspect --format '{{.State.Health.Status}}' "$1"; }
is_healthy() { [ "$(health "$1")" = healthy ]; }
lives() { [ "$(dhow logs "$1" 2>&1 | grep -c "$2")" -ge "$3" ]; }

# live_through NAME IMAGE PORT HEALTH READY PROBE [COMMAND...]: start it,
# probe it through its published port, kill it, probe it again, remove it.
live_through() {
	local name=$1 image=$2 port=$3 check=$4 ready=$5 probe=$6 host follower
	shift 6
	host=$(free_port)
	dhow run -d --name "$name" -p "127.0.0.1:$host:$port" -v /data \
		--restart on-failure --health-cmd "$check" \
		--health-interval 200ms "$image" "$@"
	wait_for 100 is_healthy "$name"
	$probe "$host"
	dhow logs -f "$name" >"$BATS_TEST_TMPDIR/followed" 2>&1 3>&- &
	follower=$!
	kill -9 "$(dhow inspect --format '{{.State.Pid}}' "$name")"
	wait_for 100 lives "$name" "$ready" 2
	wait_for 100 is_healthy "$name"
	$probe "$host"
	[ "$(dhow inspect --format '{{.RestartCount}}' "$name")" = 1 ]
	dhow stop "$name"
	wait_for 50 sh -c "! kill -0 $follower 2>/dev/null"
	[ "$(grep -c "$ready" "$BATS_TEST_TMPDIR/followed")" -ge 2 ]
	dhow rm -v "$name"
	[ -z "$(ls "$STORE/containers")" ]
	[ -z "$(ls "$STORE/volumes")" ]
}

probe_httpd() {
	[ "$(python3 -c 'import sys, urllib.request as u
print(u.urlopen("http://127.0.0.1:" + sys.argv[1] + "/index.html")
      .read().decode().strip())' "$1")" = "hello there" ]
}

probe_redis() {
	[ "$(python3 -c 'import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)
s.sendall(b"PING\r\n")
print(s.recv(64).decode().strip())' "$1")" = "+PONG" ]
	[ "$(dhow exec redis redis-cli ping)" = PONG ]
}

@test "a web server of busybox: healthy, killed, back, gone without a trace" {
	use_busybox
	live_through web busybox 80 \
		'wget -qO- http://127.0.0.1/index.html | grep -q there' \
		listening probe_httpd sh -c 'mkdir -p /www &&
			echo "hello there" >/www/index.html && echo listening &&
			exec httpd -f -h /www'
}

@test "redis of a Debian image does the same" {
	timeout 5 getent hosts deb.debian.org >/dev/null ||
		skip "packages cannot be had here"
	use_debian
	timeout 120 dhow run --name made debian:12 sh -c \
		'apt-get -qq update && apt-get -qq install -y \
		--no-install-recommends redis-server' >/dev/null 2>&1 || {
		dhow rm -f made
		skip "redis cannot be installed here"
	}
	dhow commit made redis:test
	dhow rm made
	live_through redis redis:test 6379 'redis-cli ping' "Ready to accept" \
		probe_redis redis-server --bind 0.0.0.0 --protected-mode no
}
