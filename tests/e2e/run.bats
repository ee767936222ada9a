#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# dhow run: what goes in, what comes out.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR use_image app:1 '{
		"User": "app", "WorkingDir": "/srv/app",
		"Env": ["PATH=/usr/bin:/bin", "COLOUR=blue"],
		"Entrypoint": ["echo", "E"], "Cmd": ["C"],
		"Volumes": {"/var/lib/data": {}}}'
}

R() { dhow run --rm --network none "$@"; }

# --- exit status ---------------------------------------------------------

@test "the command's output and status come through" {
	run -0 R busybox echo hello
	[ "$output" = hello ]
	run -7 R busybox sh -c 'exit 7'
}

@test "stdout and stderr stay apart" {
	run -0 --separate-stderr R busybox sh -c 'echo out; echo err >&2'
	[ "$output" = out ]
	[ "$stderr" = err ]
}

@test "death by a signal is 128 + its number" {
	run -143 R --init busybox sh -c 'kill -TERM $$; sleep 5'
	run -137 R --init busybox sh -c 'kill -KILL $$; sleep 5'
	# The kernel keeps signals of its own from a first process.
	run -0 R busybox sh -c 'kill -TERM $$; exit 0'
}

@test "127: no such command, 126: not executable, 125: not started" {
	run -127 R busybox no-such-command
	[[ $output == *"no-such-command"* ]]
	run -127 R busybox /no/such/path
	run -126 R busybox /etc/passwd
	run -126 R busybox /etc
	run -125 R --pull never no-such-image true
	run -125 R --no-such-flag busybox true
	run -125 R --memory nonsense busybox true
	run -125 R -w relative busybox true
}

@test "an unknown flag names the nearest one" {
	run -125 dhow run --entrypont x busybox
	[[ $output == *"--entrypoint"* ]]
}

@test "no image is an arity error" {
	run -1 dhow run
}

# --- command, entrypoint, environment ------------------------------------

@test "entrypoint and command merge as documented" {
	run -0 R app:1
	[ "$output" = "E C" ]
	run -0 R app:1 x y
	[ "$output" = "E x y" ]
	run -0 R --entrypoint echo app:1
	[ "$output" = "" ]
	run -0 R --entrypoint echo app:1 a b
	[ "$output" = "a b" ]
	run -0 R --entrypoint "" app:1 echo bare
	[ "$output" = bare ]
}

@test "what follows the image is the command's, flags too" {
	run -0 R busybox echo --rm -e X=1 -- --help
	[ "$output" = "--rm -e X=1 -- --help" ]
}

@test "environment: image, flags, files, host; later wins" {
	printf '%s\n' '# a comment' 'FILE=1' 'COLOUR=green' 'SPACED=a b ' \
		'FROM_HOST' 'NOT_THERE' >"$BATS_TEST_TMPDIR/env"
	FROM_HOST=host BOTH=host run -0 R --env-file "$BATS_TEST_TMPDIR/env" \
		-e COLOUR=red -e BOTH -e EMPTY= -e NOT_SET \
		--entrypoint env app:1
	[[ $'\n'$output$'\n' == *$'\n'"COLOUR=red"$'\n'* ]]
	[[ $'\n'$output$'\n' == *$'\n'"FILE=1"$'\n'* ]]
	[[ $'\n'$output$'\n' == *$'\n'"SPACED=a b "$'\n'* ]]
	[[ $'\n'$output$'\n' == *$'\n'"FROM_HOST=host"$'\n'* ]]
	[[ $'\n'$output$'\n' == *$'\n'"BOTH=host"$'\n'* ]]
	[[ $'\n'$output$'\n' == *$'\n'"EMPTY="$'\n'* ]]
	[[ $output != *NOT_SET* && $output != *NOT_THERE* ]]
}

@test "HOSTNAME, HOME and PATH are set, nothing of the host's is" {
	SECRET_OF_HOST=x run -0 R --hostname box busybox env
	[[ $output == *"HOSTNAME=box"* ]]
	[[ $output == *"HOME=/root"* ]]
	[[ $output == *"PATH=/usr/bin:/bin"* ]]
	[[ $output != *SECRET_OF_HOST* && $output != *TERM=* ]]
	run -0 R -u app busybox sh -c 'echo $HOME'
	[ "$output" = /home/app ]
}

@test "the working directory is the image's, or made for -w" {
	run -0 R --entrypoint pwd app:1
	[ "$output" = /srv/app ]
	run -0 R -w /made/for/me busybox pwd
	[ "$output" = /made/for/me ]
}

# --- who -----------------------------------------------------------------

@test "users by name and number, with their groups" {
	run -0 R -u app busybox sh -c 'id -u; id -g'
	[ "$output" = $'1000\n1001' ]
	run -0 R -u 1000:0 busybox sh -c 'id -u; id -g'
	[ "$output" = $'1000\n0' ]
	run -0 R -u 0 busybox id -u
	[ "$output" = 0 ]
	run -0 R --entrypoint id app:1 -u
	[ "$output" = 1000 ]
}

@test "supplementary groups: from the image, --group-add" {
	[ "$(id_mode)" != single ] || skip "one id: there are no other groups"
	run -0 R -u app busybox id -G
	[[ " $output " == *" 1001 "* && " $output " == *" 2000 "* ]]
	run -0 R -u app:1001 busybox id -G
	[[ " $output " != *" 2000 "* ]]
	run -0 R --group-add video --group-add 77 busybox id -G
	[[ " $output " == *" 44 "* && " $output " == *" 77 "* ]]
}

@test "a user that is not there is an error before the start" {
	run -125 R -u nosuch busybox true
	[[ $output == *"nosuch"* ]]
	run -125 R -u app:nogroupatall busybox true
	run -125 R -u 4294967296 busybox true
	run -125 R -u -1 busybox true
}

@test "files that a container writes to my directory are mine" {
	mkdir "$BATS_TEST_TMPDIR/src"
	R -v "$BATS_TEST_TMPDIR/src:/src" busybox touch /src/by-root
	[ "$(stat -c %u "$BATS_TEST_TMPDIR/src/by-root")" = "$(id -u)" ]
	if [ "$(id_mode)" != root ]; then
		R -v "$BATS_TEST_TMPDIR/src:/src" -u app busybox \
			touch /src/by-app
		[ "$(stat -c %u "$BATS_TEST_TMPDIR/src/by-app")" = "$(id -u)" ]
	fi
}

# --- files ---------------------------------------------------------------

@test "binds: read, write, read-only, a single file, relative" {
	cd "$BATS_TEST_TMPDIR"
	mkdir dir
	echo one >dir/file
	run -0 R -v "$PWD/dir:/m" busybox sh -c 'cat /m/file; echo two >/m/new'
	[ "$output" = one ]
	[ "$(cat dir/new)" = two ]
	run -1 R -v "$PWD/dir:/m:ro" busybox touch /m/x
	[[ $output == *"Read-only"* ]]
	run -0 R -v ./dir/file:/etc/motd busybox cat /etc/motd
	[ "$output" = one ]
	run -0 R --mount "type=bind,src=$PWD/dir,dst=/m,readonly" busybox \
		cat /m/file
	run -125 R --mount "type=bind,src=$PWD/absent,dst=/m" busybox true
	run -0 R -v "$PWD/made:/m" busybox touch /m/x
	[ -e made/x ]
}

@test "volumes keep, and take over what the image has there" {
	run -0 R -v vol1:/var/lib/data busybox cat /var/lib/data/seed
	[ "$output" = "from the image" ]
	R -v vol1:/var/lib/data busybox sh -c 'echo mine >/var/lib/data/seed'
	run -0 R -v vol1:/elsewhere busybox cat /elsewhere/seed
	[ "$output" = mine ]
	run -0 R -v vol2:/var/lib/data:nocopy busybox ls /var/lib/data
	[ "$output" = "" ]
}

@test "a root that is read-only, with a tmpfs in it" {
	run -1 R --read-only busybox touch /x
	[[ $output == *"Read-only"* ]]
	run -0 R --read-only --tmpfs /scratch:size=1m busybox sh -c \
		'touch /scratch/x && df -k /scratch | tail -1'
	[[ $output == *" 1024 "* ]]
}

@test "/dev/shm has the size that was asked for" {
	run -0 R busybox sh -c 'df -k /dev/shm | tail -1'
	[[ $output == *" 65536 "* ]]
	run -0 R --shm-size 2m busybox sh -c 'df -k /dev/shm | tail -1'
	[[ $output == *" 2048 "* ]]
}

@test "what one container writes, the next does not see" {
	R busybox touch /mark
	run -1 R busybox ls /mark
}

@test "/dev has the usual nodes and no more" {
	run -0 R busybox sh -c 'cd /dev && ls -1'
	for node in null zero full random urandom tty fd stdin stdout stderr \
		ptmx pts shm mqueue; do
		[[ $'\n'$output$'\n' == *$'\n'$node$'\n'* ]]
	done
	[[ $output != *sda* && $output != *mem* && $output != *kvm* ]]
	run -0 R busybox sh -c 'echo x >/dev/null && head -c 2 /dev/zero |
		wc -c'
	[ "$output" = 2 ]
}

@test "a device is given by --device" {
	run -0 R --device /dev/zero:/dev/my0 busybox sh -c \
		'head -c 3 /dev/my0 | wc -c'
	[ "$output" = 3 ]
	run -125 R --device /dev/no-such-device busybox true
}

# --- rights --------------------------------------------------------------

@test "capabilities: Docker's fourteen, fewer, more" {
	run -0 R busybox grep CapEff /proc/self/status
	[[ $output == *00000000a80425fb ]]
	run -0 R --cap-drop ALL busybox grep CapBnd /proc/self/status
	[[ $output == *0000000000000000 ]]
	run -0 R --cap-drop all --cap-add net_raw busybox \
		grep CapBnd /proc/self/status
	[[ $output == *0000000000002000 ]]
	run -0 R -u app busybox grep CapEff /proc/self/status
	[[ $output == *0000000000000000 ]]
	run -125 R --cap-add CAP_NONSENSE busybox true
}

@test "no-new-privileges and seccomp are what was asked for" {
	run -0 R busybox grep -E 'NoNewPrivs|Seccomp:' /proc/self/status
	[[ $output == *$'Seccomp:\t2'* ]]
	run -0 R --security-opt no-new-privileges busybox \
		grep NoNewPrivs /proc/self/status
	[[ $output == *1 ]]
	run -125 R --security-opt nonsense=1 busybox true
}

@test "a seccomp profile of the user's is obeyed" {
	cat >"$BATS_TEST_TMPDIR/p.json" <<-'PROFILE'
		{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
		 {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO",
		  "errnoRet": 95}]}
	PROFILE
	run -1 R --security-opt "seccomp=$BATS_TEST_TMPDIR/p.json" busybox \
		mkdir /x
	[[ $output == *"not supported"* ]]
	echo '{' >"$BATS_TEST_TMPDIR/p.json"
	run -125 R --security-opt "seccomp=$BATS_TEST_TMPDIR/p.json" busybox \
		true
	run -125 R --security-opt seccomp=/no/such/profile busybox true
}

@test "a privileged container sees what its user could anyway" {
	run -0 R --privileged busybox grep CapEff /proc/self/status
	[[ $output == *1ffffffffff ]]
	run -0 R --privileged busybox sh -c 'mount -t tmpfs x /mnt 2>/dev/null ||
		{ mkdir -p /mnt && mount -t tmpfs x /mnt; }'
}

@test "limits are set and never above the caller's" {
	run -0 R --ulimit nofile=100:200 busybox sh -c 'ulimit -Sn; ulimit -Hn'
	[ "$output" = $'100\n200' ]
	run -0 R --ulimit core=0 busybox sh -c 'ulimit -c'
	[ "$output" = 0 ]
	run -125 R --ulimit nofile=200:100 busybox true
	run -125 R --ulimit nonsense=1 busybox true
}

# --- names, hosts, kernel ------------------------------------------------

@test "hostname, hosts and resolv.conf are written for the container" {
	run -0 R --hostname box --add-host db:10.1.2.3 busybox sh -c \
		'hostname; cat /etc/hosts'
	[[ $output == box* ]]
	[[ $output == *"10.1.2.3"*db* ]]
	[[ $output == *localhost* ]]
	run -0 R --dns 9.9.9.9 --dns-search a.example busybox \
		cat /etc/resolv.conf
	[[ $output == *"nameserver 9.9.9.9"* && $output == *a.example* ]]
	run -125 R --add-host nonsense busybox true
}

@test "a container has processes, host name and IPC of its own" {
	run -0 R busybox sh -c 'echo $$; ls -d /proc/[0-9]* | wc -l'
	[ "${lines[0]}" = 1 ]
	[ "${lines[1]}" -le 4 ]
	run -0 R busybox sh -c 'cd /proc/self/ns; readlink uts; readlink ipc'
	[ "${lines[0]}" != "$(readlink /proc/self/ns/uts)" ]
	[ "${lines[1]}" != "$(readlink /proc/self/ns/ipc)" ]
}

@test "host namespaces when asked for" {
	run -0 R --uts host --ipc host busybox sh -c \
		'cd /proc/self/ns; readlink uts; readlink ipc'
	[ "${lines[0]}" = "$(readlink /proc/self/ns/uts)" ]
	[ "${lines[1]}" = "$(readlink /proc/self/ns/ipc)" ]
	run -0 dhow run --rm --network host busybox readlink /proc/self/ns/net
	[ "$output" = "$(readlink /proc/self/ns/net)" ]
	run -0 R --pid host busybox sh -c 'echo /proc/[0-9]* | wc -w'
	[ "$output" -gt 4 ]
}

@test "a sysctl of the container's namespaces" {
	run -0 R --sysctl net.ipv4.ip_forward=1 busybox \
		cat /proc/sys/net/ipv4/ip_forward
	[ "$output" = 1 ]
	run -125 R --sysctl kernel.panic=1 busybox true
	# Who joins the network sets this one too, and makes eth0.
	[ -e /dev/net/tun ] || return 0
	for _ in 1 2 3 4 5 6 7 8; do
		run -0 dhow run --rm \
			--sysctl net.ipv4.ip_unprivileged_port_start=80 \
			--sysctl net.ipv4.conf.eth0.arp_announce=2 busybox \
			cat /proc/sys/net/ipv4/ip_unprivileged_port_start \
			/proc/sys/net/ipv4/conf/eth0/arp_announce
		[ "$output" = $'80\n2' ]
	done
}

@test "--network none has nothing but loopback, and that is up" {
	run -0 R busybox sh -c 'ls /sys/class/net; ping -c1 -w2 127.0.0.1 |
		grep -c "1 packets received"'
	[ "$output" = $'lo\n1' ]
}

# --- input, terminal, signals --------------------------------------------

@test "stdin is there with -i only" {
	run -0 bash -c "echo hello | '$DHOW' run --rm -i --network none busybox cat"
	[ "$output" = hello ]
	run -0 bash -c "echo hello | '$DHOW' run --rm --network none busybox cat"
	[ "$output" = "" ]
}

@test "much data passes unharmed" {
	local sum
	head -c 20000000 /dev/urandom >"$BATS_TEST_TMPDIR/in"
	R -i busybox cat <"$BATS_TEST_TMPDIR/in" >"$BATS_TEST_TMPDIR/out"
	cmp "$BATS_TEST_TMPDIR/in" "$BATS_TEST_TMPDIR/out"
}

@test "a terminal: size, resize, raw mode, status" {
	dhow_words
	pty size:33x101 'expect:/ #' 'send:stty size\r' 'expect:33 101' \
		size:20x70 sleep:0.2 'send:stty size\r' 'expect:20 70' \
		'send:tty; echo $TERM\r' 'expect:/dev/' 'expect:xterm' \
		'send:exit 9\r' exit:9 -- "${DHOW_WORDS[@]}" run --rm -it \
		--network none busybox sh
}

@test "a terminal: Ctrl-C and Ctrl-Z reach the container's job" {
	dhow_words
	pty 'expect:/ #' 'send:sleep 100\r' sleep:0.3 'send:^C' \
		'expect:/ #' 'send:echo st=$?\r' 'expect:st=130' \
		'send:sleep 100\r' sleep:0.3 'send:^Z' 'expect:Stopped' \
		'send:kill -9 %1\r' sleep:0.3 'expect:/ #' 'send:exit 3\r' \
		sleep:0.3 'send:exit 3\r' exit:3 -- "${DHOW_WORDS[@]}" run \
		--rm -it --network none busybox sh
}

@test "the terminal is given back as it was" {
	dhow_words
	pty 'send:stty -a | grep -o "icanon\|-icanon"\r' 'expect:icanon' \
		"send:${DHOW_WORDS[*]} run --rm -it --network none busybox true; stty -a | tr ' ;' '\\\\n\\\\n' | grep -x -e icanon -e echo | sort | tr '\\\\n' +; echo done\\r" \
		'expect:echo+icanon+done' 'send:exit\r' -- sh
}

@test "-t without a terminal on stdin is an error with -i" {
	run -1 bash -c "echo | '$DHOW' run --rm -it --network none busybox true"
	[[ $output == *TTY* || $output == *terminal* ]]
}

@test "signals to dhow reach the command" {
	dhow_words
	"${DHOW_WORDS[@]}" run --rm --network none busybox sh -c '
		trap "echo got; exit 5" TERM; echo ready
		while :; do sleep 0.05; done' >"$BATS_TEST_TMPDIR/out" 3>&- &
	pid=$!
	wait_for 100 grep -q ready "$BATS_TEST_TMPDIR/out"
	kill -TERM "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" = 5 ]
	grep -q got "$BATS_TEST_TMPDIR/out"
}

@test "--init reaps what nobody waits for" {
	run -0 R --init busybox sh -c '
		(sleep 0.1 &) ; sleep 0.4; ps -o stat,comm | grep -c "^Z" || true'
	[ "$output" = 0 ]
	run -9 R --init busybox sh -c 'exit 9'
}

# --- life ----------------------------------------------------------------

# In none of this account's containers.
sleeps_no_more() { ! pgrep -u "$(id -u)" -fx "sleep $1" >/dev/null; }

@test "kill -9 of dhow takes the container along" {
	dhow_words
	"${DHOW_WORDS[@]}" run --rm --network none busybox \
		sh -c 'echo up; exec sleep 7321' >"$BATS_TEST_TMPDIR/out" 3>&- &
	pid=$!
	wait_for 100 grep -q up "$BATS_TEST_TMPDIR/out"
	kill -9 "$pid"
	wait "$pid" || true
	wait_for 50 sleeps_no_more 7321
	run -0 R busybox echo again
	[ "$output" = again ]
}

@test "kill -9 at any moment of a start leaves a store that works" {
	local ms
	dhow_words
	for ms in 01 03 05 07 09 11 14 17 20 25 30 40 60 90; do
		"${DHOW_WORDS[@]}" run --rm --network none -v points:/data \
			busybox sleep 7322 >/dev/null 2>&1 3>&- &
		pid=$!
		sleep "0.0$ms"
		kill -9 "$pid"
		wait "$pid" 2>/dev/null || true
	done
	wait_for 50 sleeps_no_more 7322
	run -0 R -v points:/data busybox echo again
	[ "$output" = again ]
	run -0 dhow images -q
	# Whoever writes to the store next clears away what was half-made.
	use_busybox
}

@test "names are unique, --cidfile and --rm work" {
	dhow_words
	"${DHOW_WORDS[@]}" run --rm --name taken --network none busybox \
		sh -c 'echo up; exec sleep 7323' >"$BATS_TEST_TMPDIR/out" 3>&- &
	pid=$!
	wait_for 100 grep -q up "$BATS_TEST_TMPDIR/out"
	run -125 R --name taken busybox true
	[[ $output == *taken* ]]
	kill -TERM "$pid"
	sleep 0.1
	kill -KILL "$pid" 2>/dev/null || true
	wait "$pid" || true
	wait_for 50 sleeps_no_more 7323
	run -0 R --name taken busybox true
	run -0 R --cidfile "$BATS_TEST_TMPDIR/cid" busybox true
	grep -qxE '[0-9a-f]{64}' "$BATS_TEST_TMPDIR/cid"
	run -125 R --cidfile "$BATS_TEST_TMPDIR/cid" busybox true
	run -125 R --name 'bad/name' busybox true
}

@test "twenty at once" {
	local i pids=""
	for i in $(seq 20); do
		R busybox echo "n$i" >"$BATS_TEST_TMPDIR/$i" 2>&1 3>&- &
		pids="$pids $!"
	done
	for i in $pids; do wait "$i"; done
	for i in $(seq 20); do
		[ "$(cat "$BATS_TEST_TMPDIR/$i")" = "n$i" ]
	done
}

@test "the store can be moved" {
	R busybox true
	mv "$STORE" "$STORE.moved"
	run -0 "$DHOW" --root "$STORE.moved" run --rm --network none busybox \
		echo there
	[ "$output" = there ]
	mv "$STORE.moved" "$STORE"
}

@test "keep-id: I am who I am" {
	[ "$(id_mode)" != root ] || skip "root is root"
	run -0 R --userns keep-id busybox id -u
	[ "$output" = "$(id -u)" ]
}

@test "forty at once get names of their own and none stands in another's way" {
	local i pids=() out=$BATS_TEST_TMPDIR/out
	for i in {1..40}; do
		dhow run --rm --network none busybox echo "$i" >>"$out" &
		pids+=("$!")
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	[ "$(sort -n "$out" | paste -sd' ')" = "$(seq 40 | paste -sd' ')" ]
}
