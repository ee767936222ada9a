#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The default network: the way out, names, published ports, the process behind.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
	mkfifo "$BATS_FILE_TMPDIR/ready"
	python3 "$LIB/host_servers.py" "$BATS_FILE_TMPDIR/ready" \
		>"$BATS_FILE_TMPDIR/servers.log" 2>&1 3>&- &
	echo $! >"$BATS_FILE_TMPDIR/servers.pid"
	read -r HOST_TCP HOST_UDP HOST_ADDR HOST_ADDR6 <"$BATS_FILE_TMPDIR/ready"
	export HOST_TCP HOST_UDP HOST_ADDR HOST_ADDR6
}

teardown_file() {
	kill "$(cat "$BATS_FILE_TMPDIR/servers.pid")"
	wait_for 50 network_is_gone
	# What was killed hard is for the next command to collect.
	dhow run --rm --network none busybox true
	dhow_teardown_file
}

teardown() {
	local pid
	for pid in $STARTED; do
		kill -KILL "$pid" 2>/dev/null || true
		wait "$pid" || true
	done
	wait_for 50 network_is_gone
}

pid_file() {
	if [ -n "${XDG_RUNTIME_DIR:-}" ]; then
		echo "$XDG_RUNTIME_DIR/dhow/net/pid"
	else
		echo "/tmp/dhow-$(id -u)/net/pid"
	fi
}

network_pid() { sed 's/.*"pid":\([0-9]*\).*/\1/' "$(pid_file)" 2>/dev/null; }
network_is_there() { [ -e "$(pid_file)" ]; }
network_is_gone() { ! network_is_there; }

R() { dhow run --rm "$@"; }

# start NAME ARG...: a container in the background that says "up" when it is.
start() {
	local log=$BATS_TEST_TMPDIR/$1.log
	shift
	: >"$log"
	"${DHOW_WORDS[@]}" run --rm "$@" >"$log" 2>&1 3>&- &
	LAST=$!
	STARTED="${STARTED:-} $LAST"
	wait_for 100 grep -q up "$log"
}

# probe [-p PUBLISH]… -- COMMAND: a program of the host in a namespace that
# joined a network process of its own.
probe() {
	local program
	program=$(dirname "$DHOW")/net-probe
	[ -x "$program" ] || skip "net-probe is not built (make check)"
	mkdir -p "$TEST_RUN/probe"
	exec unshare -Ur "$program" "$TEST_RUN/probe" "$@"
}

# ask HOST PORT [udp]: what the server there says, from the host.
ask() { python3 "$LIB/ask.py" "$@"; }

setup() {
	STARTED=
	dhow_words
}

# --- the way out ---------------------------------------------------------

@test "a container has an address, a gateway and both up" {
	run -0 R busybox sh -c 'ip -4 addr show eth0; ip route'
	[[ $output == *"inet 172."*"/16"* ]]
	[[ $output == *"default via 172."*".0.1 dev eth0"* ]]
	run -0 R busybox ping -c 1 -W 2 127.0.0.1
}

@test "the first packet is not lost" {
	run -0 R busybox sh -c \
		'ping -c 1 -W 1 $(ip route | sed -n "s/default via \([^ ]*\).*/\1/p")'
}

@test "servers on the host's loopback are host.docker.internal" {
	run -0 R busybox sh -c \
		"echo hi | nc -w 5 host.docker.internal $HOST_TCP"
	[[ $output == *"tcp says hi"* ]]
}

@test "UDP goes to the host and comes back" {
	run -0 probe -- python3 "$LIB/ask.py" 169.254.1.2 "$HOST_UDP" udp
	[[ $output == *"udp says hello"* ]]
}

@test "the host is reached by its own address too" {
	[ "$HOST_ADDR" != - ] || skip "this host has no other address"
	run -0 R busybox sh -c "echo hi | nc -w 5 $HOST_ADDR $HOST_TCP"
	[[ $output == *"tcp says hi"* ]]
}

@test "IPv6 goes out where the host has it" {
	[ "$HOST_ADDR6" != - ] || skip "this host has no IPv6"
	run -0 R busybox sh -c "echo hi | nc -w 5 $HOST_ADDR6 $HOST_TCP"
	[[ $output == *"tcp says hi"* ]]
}

@test "much data arrives whole, out and in" {
	run -0 R busybox sh -c "
		head -c 20000000 /dev/zero | tr '\\0' x >/tmp/big
		md5sum </tmp/big
		nc -w 10 host.docker.internal $((HOST_TCP + 1)) </tmp/big; echo
		nc -w 10 host.docker.internal $((HOST_TCP + 2)) </dev/null |
			md5sum"
	[ "${#lines[0]}" -gt 32 ]
	[ "${lines[1]}" = "${lines[0]%% *}" ]
	[ "${lines[2]%% *}" = "${lines[0]%% *}" ]
}

# The rules that deliver connections of containers to sockets of ours.
flow_rules() {
	nsenter --preserve-credentials -U -n -t "$(pgrep -P "$(network_pid)")" \
		ip rule | grep '^1850:'
}

@test "connections out are refused, half closed and reset as they are" {
	local files="-v /usr:/usr:ro -v /lib:/lib:ro -v /lib64:/lib64:ro"
	local python to
	# That of the host's /usr, which the container is shown.
	python=$(PATH=/usr/bin command -v python3)
	start keep busybox sh -c 'echo up; sleep 60'
	for to in 169.254.1.2 fd64:686f:7701::2; do
		[[ $to != *:* || $HOST_ADDR6 != - ]] || continue
		# shellcheck disable=SC2086
		run -0 R $files -v "$LIB:/lib.d:ro" busybox "$python" \
			/lib.d/outgoing.py $to "$HOST_TCP"
		[ "${#lines[@]}" = 9 ]
	done
	command -v ip >/dev/null || return 0
	run -1 flow_rules
}

@test "a client that begins anew from the same port is the one let in" {
	local files="-v /usr:/usr:ro -v /lib:/lib:ro -v /lib64:/lib64:ro"
	local python to=$BATS_TEST_TMPDIR/to ready=$BATS_TEST_TMPDIR/ready
	python=$(PATH=/usr/bin command -v python3)
	mkfifo "$to"
	python3 "$LIB/anew.py" serve "$ready" <>"$to" \
		>"$BATS_TEST_TMPDIR/said" 3>&- &
	STARTED=$!
	wait_for 50 test -s "$ready"
	# shellcheck disable=SC2086
	dhow run -d --name anew $files -v "$LIB:/lib.d:ro" busybox "$python" \
		/lib.d/anew.py ask 169.254.1.2 "$(cat "$ready")" >/dev/null
	wait_for 50 sh -c "'$DHOW' logs anew | grep -q begun"
	echo go >"$to"
	wait_for 100 test -s "$BATS_TEST_TMPDIR/said"
	[ "$(cat "$BATS_TEST_TMPDIR/said")" = again ]
	dhow rm -f anew >/dev/null
}

# how NAME: what the server that held it says of a connection's end.
how() {
	local fd
	exec {fd}<>"/dev/tcp/127.0.0.1/$((HOST_TCP + 3))"
	echo "how $1" >&"$fd"
	cat <&"$fd"
	exec {fd}>&-
}

@test "a connection ends with its container, and with its network" {
	local name
	for name in goner mover; do
		dhow run -d --name $name busybox sh -c "
			(echo hold $name; sleep 60) |
			nc host.docker.internal $((HOST_TCP + 3))" >/dev/null
		wait_for 50 sh -c "'$DHOW' logs $name | grep -q held"
	done
	dhow rm -f goner >/dev/null
	run -0 how goner
	[[ $output == end || $output == reset ]]
	dhow network disconnect bridge mover
	run -0 how mover
	[ "$output" = reset ]
	dhow rm -f mover >/dev/null
}

@test "an ordinary user of the container may bind low ports and ping" {
	run -0 R -u app busybox sh -c '
		timeout 1 nc -l -p 80 </dev/null; id -g
		cat /proc/sys/net/ipv4/ping_group_range'
	[[ $output != *"denied"* && $output != *"not permitted"* ]]
	local gid low high
	gid=$(sed -n '/^[0-9]*$/p' <<<"$output")
	read -r low high < <(tail -n 1 <<<"$output")
	[ "$low" -le "$gid" ] && [ "$gid" -le "$high" ]
}

@test "fragments do not kill the network process" {
	start keep busybox sh -c 'echo up; sleep 30'
	run -0 R busybox ping -c 1 -W 1 -s 65507 host.docker.internal ||
		[ "$status" = 1 ]
	network_is_there
	run -0 R busybox sh -c "echo hi | nc -w 5 host.docker.internal $HOST_TCP"
}

# --- names ---------------------------------------------------------------

@test "names are the host's names, by UDP and by TCP" {
	run -0 R busybox cat /etc/resolv.conf
	[[ $output == *"nameserver 172."* ]]
	run -0 R busybox nslookup host.docker.internal
	[[ $output == *"169.254.1.2"* ]]
	getent hosts deb.debian.org || skip "this host resolves nothing"
	run -0 R busybox nslookup deb.debian.org
	[[ $output == *"$(getent ahostsv4 deb.debian.org |
		awk 'NR==1 {print $1}')"* ]]
}

@test "an unknown name is answered so, and at once" {
	getent hosts deb.debian.org || skip "this host resolves nothing"
	run R busybox timeout 5 nslookup no-such-name.invalid
	[ "$status" -eq 1 ]
}

@test "resolvers are followed when they change, by UDP and by TCP" {
	is_root || skip "a name server on port 53 needs root"
	local program server
	program=$(dirname "$DHOW")/net-probe
	[ -x "$program" ] || skip "net-probe is not built (make check)"
	for server in "77 10.7.7.7" "78 10.8.8.8"; do
		python3 "$LIB/dns_server.py" "127.0.0.${server%% *}" \
			"${server#* }" >"$BATS_TEST_TMPDIR/dns" 2>&1 3>&- &
		STARTED="$STARTED $!"
		wait_for 50 grep -q ready "$BATS_TEST_TMPDIR/dns"
	done
	run -0 unshare -Urm bash "$LIB/resolv_change.sh" "$program" \
		"$BATS_TEST_TMPDIR" "$LIB"
	[ "${lines[0]}" = "udp 10.7.7.7" ]
	[ "${lines[1]}" = "tcp 10.7.7.7" ]
	[ "${lines[2]}" = "udp 10.8.8.8" ]
	[ "${lines[3]}" = "tcp 10.8.8.8" ]
	[ "${lines[4]}" = "udp 10.7.7.7" ]
	[ "${lines[5]}" = "rcode 2" ]
}

# --- published ports -----------------------------------------------------

@test "CVE-2021-20199: -p HOST:CTR, and the server sees who calls" {
	local port=$((20000 + RANDOM % 10000))
	start web -p $port:80 busybox sh -c \
		'echo up; while :; do nc -l -p 80 -e sh -c "echo peer; cat /proc/net/tcp /proc/net/tcp6"; done'
	run -0 ask 127.0.0.1 $port
	[[ $output == *peer* ]]
	# Nobody there comes from what the server takes for itself.
	[[ $output != *0100007F* ]]
	if [ "$HOST_ADDR" != - ]; then
		run -0 ask "$HOST_ADDR" $port
		# The client's address in the container's own table of connections.
		[[ $output == *"$(python3 -c "
import socket,sys
print(socket.inet_aton('$HOST_ADDR')[::-1].hex().upper())")"* ]]
	fi
	if [ "$HOST_ADDR6" != - ]; then
		run -0 ask "$HOST_ADDR6" $port
	fi
}

@test "-p HOST:CTR/udp: it answers, and sees who calls" {
	local port=$((20000 + RANDOM % 10000))
	probe -p $port:7/udp -- python3 "$LIB/udp_echo.py" 7 \
		>"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
	STARTED=$!
	run -0 ask 127.0.0.1 $port udp
	[[ $output == *"hello"* ]]
	[ "$HOST_ADDR" != - ] || return 0
	run -0 ask "$HOST_ADDR" $port udp
	[[ $output == *"$HOST_ADDR"* ]]
}

@test "-p IP:HOST:CTR listens on that address only" {
	[ "$HOST_ADDR" != - ] || skip "this host has no other address"
	local port=$((20000 + RANDOM % 10000))
	start web -p 127.0.0.1:$port:80 busybox sh -c \
		'echo up; while :; do echo served | nc -l -p 80; done'
	run -0 ask 127.0.0.1 $port
	run ! ask "$HOST_ADDR" $port
}

@test "a taken port is refused before anything is made" {
	run -125 R -p "$HOST_TCP:80" busybox true
	[[ $output == *"port is already allocated"* ]]
	network_is_gone
}

@test "a low port is refused with the remedy" {
	! is_root || skip "root may"
	[ "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" -gt 81 ] ||
		skip "low ports are free here"
	run -125 R -p 81:80 busybox true
	[[ $output == *ip_unprivileged_port_start* ]]
}

@test "a port is free again when its container ended" {
	local port=$((20000 + RANDOM % 10000))
	run -0 R -p $port:80 busybox true
	run -0 R -p $port:80 busybox true
}

# --- containers among themselves -----------------------------------------

@test "containers of one network reach each other by address" {
	start web busybox sh -c \
		'hostname -i; echo up; while :; do echo served | nc -l -p 80; done'
	local ip
	ip=$(head -n 1 "$BATS_TEST_TMPDIR/web.log" | awk '{print $1}')
	run -0 R busybox nc -w 5 "$ip" 80
	[[ $output == *served* ]]
}

has_address() { [ "$(R busybox hostname -i)" = "$1" ]; }

@test "addresses are given back" {
	local first
	start one busybox sh -c 'echo up; sleep 30'
	first=$(R busybox hostname -i)
	wait_for 50 has_address "$first"
}

@test "--ip is kept, and refused when it is taken" {
	start one --ip 172.17.9.9 busybox sh -c 'hostname -i; echo up; sleep 30' ||
		skip "another subnet here"
	grep -q 172.17.9.9 "$BATS_TEST_TMPDIR/one.log"
	run -125 R --ip 172.17.9.9 busybox true
	[[ $output == *"already in use"* ]]
}

# --- the process ---------------------------------------------------------

@test "the network process ends with the last container" {
	start one busybox sh -c 'echo up; sleep 1'
	start two busybox sh -c 'echo up; sleep 30'
	local pid
	pid=$(network_pid)
	kill -0 "$pid"
	wait_for 50 grep -q . <(kill -0 "$pid" && echo there)
	kill -KILL "$LAST"
	wait_for 100 network_is_gone
	wait_for 50 test ! -d "/proc/$pid"
}

@test "CVE-2021-3592, CVE-2019-6778, CVE-2020-7039: no root, caps or calls" {
	local pid file
	start one busybox sh -c 'echo up; sleep 30'
	pid=$(network_pid)
	[ "$(awk '/^CapEff/ {print $2}' "/proc/$pid/status")" = 0000000000000000 ]
	[ "$(awk '/^CapBnd/ {print $2}' "/proc/$pid/status")" = 0000000000000000 ]
	[ "$(awk '/^NoNewPrivs/ {print $2}' "/proc/$pid/status")" = 1 ]
	[ "$(awk '/^Seccomp:/ {print $2}' "/proc/$pid/status")" = 2 ]
	[ -z "$(ls -A "/proc/$pid/root/")" ]
	for file in /proc/"$pid"/fd/*; do
		[[ $(readlink "$file") != "$HOME"* ]]
		[[ $(readlink "$file") != */dhow/net ]]
	done
}

# Ports that processes of ours listen on, in the host's network.
listening() {
	local pid
	for pid in $(pgrep -u "$(id -u)" dhow); do
		find "/proc/$pid/fd" -lname 'socket:*' -printf '%l\n' 2>/dev/null
	done | tr -dc '0-9\n' | sort -u >"$BATS_TEST_TMPDIR/sockets"
	awk 'NR == FNR {own[$1]; next}
		FILENAME ~ /tcp/ && $4 != "0A" || !($10 in own) {next}
		{print $2}' "$BATS_TEST_TMPDIR/sockets" \
		/proc/net/tcp /proc/net/tcp6
}

@test "CVE-2021-4024: nothing is served by TCP but what was published" {
	local port=$((20000 + RANDOM % 10000))
	start one busybox sh -c 'echo up; sleep 30'
	dhow ps
	dhow run -d --name bg busybox sleep 30
	dhow exec bg true
	[ -z "$(listening)" ]
	start two -p 127.0.0.1:$port:80 busybox sh -c 'echo up; sleep 30'
	[ "$(listening)" = "$(printf '0100007F:%04X' $port)" ]
	dhow rm -f bg
}

@test "GHSA-36xw-fx78-c5r4: the control socket is a private path" {
	start one busybox sh -c 'echo up; sleep 30'
	[ "$(stat -c %a "$(dirname "$(pid_file)")")" = 700 ]
	[ "$(stat -c %a "$(dirname "$(pid_file)")/control")" = 600 ]
	run ! grep -q '@.*dhow' /proc/net/unix
}

@test "after kill -9 of the network process the next run just works" {
	start one busybox sh -c 'echo up; sleep 30'
	kill -KILL "$(network_pid)"
	run -0 R busybox sh -c "echo hi | nc -w 5 host.docker.internal $HOST_TCP"
	[[ $output == *"tcp says hi"* ]]
}

@test "after kill -9 under traffic connections come back" {
	local before count
	start pump --name pump busybox sh -c "
		echo up
		while :; do
			timeout 3 nc host.docker.internal \
				$((HOST_TCP + 2)) </dev/null | wc -c
			usleep 20000
		done"
	wait_for 100 grep -q 20000000 "$BATS_TEST_TMPDIR/pump.log"
	before=$(dhow inspect -f '{{.NetworkSettings.IPAddress}}' pump)
	kill -KILL "$(network_pid)"
	count=$(grep -c 20000000 "$BATS_TEST_TMPDIR/pump.log")
	wait_for 300 sh -c "[ \$(grep -c 20000000 \
		'$BATS_TEST_TMPDIR/pump.log') -gt $((count + 2)) ]"
	[ "$(dhow inspect -f '{{.NetworkSettings.IPAddress}}' pump)" = "$before" ]
}

@test "after kill -9 no connection looks complete" {
	local port=$((20000 + RANDOM % 10000)) log=$BATS_TEST_TMPDIR/log
	dhow run -d --name cut -p $port:80 busybox sh -c "
		nc -l -p 80 </dev/zero &
		(echo hold cut; sleep 60) |
			nc host.docker.internal $((HOST_TCP + 3))" >/dev/null
	python3 "$LIB/how_ends.py" 127.0.0.1 $port >"$log" 3>&- &
	STARTED=$!
	wait_for 100 grep -q up "$log"
	wait_for 50 sh -c "'$DHOW' logs cut | grep -q held"
	kill -KILL "$(network_pid)"
	run -0 how cut
	[ "$output" = reset ]
	wait_for 100 grep -qx reset "$log"
	dhow rm -f cut >/dev/null
}

@test "many starts at once share one network process" {
	local i fail=0 pids=
	for i in 1 2 3 4 5 6 7 8; do
		R busybox sh -c 'hostname -i; sleep 1' \
			>"$BATS_TEST_TMPDIR/$i" 2>&1 3>&- &
		pids="$pids $!"
	done
	for i in $pids; do
		wait "$i" || fail=1
	done
	cat "$BATS_TEST_TMPDIR"/[1-8]
	[ "$fail" = 0 ]
	[ "$(cat "$BATS_TEST_TMPDIR"/[1-8] | awk '{print $1}' | sort -u |
		wc -l)" = 8 ]
}

@test "a start that meets the end of the network process starts another" {
	local i
	for i in 1 2 3 4 5 6 7 8 9 10; do
		run -0 R busybox true
	done
}

@test "a network process of a user namespace that is gone makes room" {
	local i
	# Each has a user namespace of its own and one run directory.
	for i in 1 2 3 4 5 6 7 8 9 10; do
		run -0 probe -- true
	done
}
