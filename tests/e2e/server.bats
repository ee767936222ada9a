#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A server's whole life: a small one of busybox, and a real one of Debian.

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

none_lives() {
	local pid
	for pid in "$@"; do
		[ ! -e "/proc/$pid" ] || return 1
	done
}

# live_through NAME IMAGE PORT HEALTH READY PROBE [COMMAND...]: start it,
# probe it through its published port, kill it, probe it again, remove it.
# HEALTH is a command, or "": what the image says.
live_through() {
	local name=$1 image=$2 port=$3 check=$4 ready=$5 probe=$6 host follower
	local pids
	local health=(--health-cmd "$check" --health-interval 200ms)
	shift 6
	[ -n "$check" ] || health=()
	host=$(free_port)
	dhow run -d --name "$name" -p "127.0.0.1:$host:$port" -v /data \
		--restart on-failure "${health[@]}" "$image" "$@"
	wait_for 100 is_healthy "$name"
	$probe "$host"
	dhow logs -f "$name" >"$BATS_TEST_TMPDIR/followed" 2>&1 3>&- &
	follower=$!
	kill -9 "$(dhow inspect --format '{{.State.Pid}}' "$name")"
	wait_for 100 lives "$name" "$ready" 2
	wait_for 100 is_healthy "$name"
	$probe "$host"
	[ "$(dhow inspect --format '{{.RestartCount}}' "$name")" = 1 ]
	pids=$(dhow inspect --format '{{.State.Pid}} {{.State.ConmonPid}}' "$name")
	dhow stop "$name"
	wait_for 50 sh -c "! kill -0 $follower 2>/dev/null"
	[ "$(grep -c "$ready" "$BATS_TEST_TMPDIR/followed")" -ge 2 ]
	dhow rm -v "$name"
	[ -z "$(ls "$STORE/containers")" ]
	[ -z "$(ls "$STORE/volumes")" ]
	# shellcheck disable=SC2086 # two numbers
	wait_for 50 none_lives $pids
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

# Redis as it is installed here, with the libraries that it asks for and a bare
# Debian lacks: its packages are not always to be had from inside a container.
redis_files() {
	local program
	for program in redis-server redis-cli; do
		ldd "$(command -v "$program")" | awk '$3 ~ "^/" {print $3}'
		command -v "$program"
	done | grep -vE '/(libc|libm)\.so' | sort -u
}

@test "redis of a Debian image does the same" {
	command -v redis-server >/dev/null || skip "there is no redis-server"
	use_debian
	cd "$BATS_TEST_TMPDIR"
	redis_files | tar -chf redis.tar -P -T - --transform 's|^/\(lib\)|usr/\1|'
	dhow build -q -t redis:test -f - . <<-'END'
		FROM debian:12
		ADD redis.tar /
		WORKDIR /data
		EXPOSE 6379
		HEALTHCHECK --interval=200ms CMD redis-cli ping
		CMD ["redis-server", "--bind", "0.0.0.0", "--protected-mode", "no"]
	END
	live_through redis redis:test 6379 '' "Ready to accept" probe_redis
}
