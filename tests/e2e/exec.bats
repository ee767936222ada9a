#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# dhow exec: a further command in a container that runs.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
	dhow run -d --name box --network none -e COLOUR=blue -w /tmp \
		--ulimit nofile=77 --init busybox sleep 1000 3>&-
}

teardown_file() {
	dhow rm -f box
	dhow_teardown_file
}

X() { dhow exec "$@"; }

@test "output, status, environment and directory are as with run" {
	run -0 --separate-stderr X box sh -c 'echo out; echo err >&2'
	[ "$output" = out ]
	[ "$stderr" = err ]
	run -7 X box sh -c 'exit 7'
	run -143 X box sh -c 'kill -TERM $$'
	run -0 X box sh -c 'echo $COLOUR $HOME $PWD $HOSTNAME; ulimit -n'
	[[ $output == "blue /root /tmp "* ]]
	[ "${lines[1]}" = 77 ]
	run -0 X -e COLOUR=red -e SIZE -w /usr box sh -c 'echo $COLOUR $PWD'
	[ "$output" = "red /usr" ]
	printf 'A=1\n# no\nB=2 3\n' >"$BATS_TEST_TMPDIR/env"
	run -0 X --env-file "$BATS_TEST_TMPDIR/env" -e A=4 box sh -c 'echo $A $B'
	[ "$output" = "4 2 3" ]
}

@test "input is passed on with -i only" {
	run -0 bash -c 'echo hello | "$0" exec -i box cat' "$DHOW"
	[ "$output" = hello ]
	run -0 bash -c 'echo hello | "$0" exec box cat' "$DHOW"
	[ -z "$output" ]
	run -0 bash -c 'head -c 3000000 /dev/zero | "$0" exec -i box wc -c' \
		"$DHOW"
	[ "$output" = 3000000 ]
}

@test "127: no such command, 126: not executable, 1: nothing to enter" {
	run -127 X box no-such-command
	run -126 X box /etc/passwd
	run -126 X box /etc
	run -126 X -w /no/such/directory box true
	run -126 X -u no-such-user box true
	run -1 X no-such-box true
	[[ $output == *"no-such-box"* ]]
	dhow create --name still --network none busybox true
	run -1 X still true
	[[ $output == *"is not running"* ]]
	dhow rm still
	run -125 X --no-such-flag box true
	run -1 X -w relative box true
	run -1 X box
}

@test "a paused container is not entered" {
	dhow pause box
	run -1 X box true
	[[ $output == *"paused"* ]]
	dhow unpause box
	run -0 X box true
}

@test "another user, by name and number" {
	if [ "$(id_mode)" = single ]; then
		run -126 X -u app box id
		[[ $output == *"outside the ids of this account"* ]]
		run -0 X -u 0 box id -u
		return 0
	fi
	run -0 X -u app box sh -c 'id -u; id -g; id -G; echo $HOME'
	[ "${lines[*]}" = "1000 1001 1001 2000 /home/app" ]
	run -0 X -u app:video box sh -c 'id -G'
	[ "$output" = 44 ]
	run -0 X -u 1000:5 box sh -c 'id -u; id -G'
	[ "${lines[*]}" = "1000 5" ]
	# Streams can be opened again by whom they are for.
	run -0 X -u app box sh -c 'echo x >/dev/stdout'
}

@test "a terminal of the right size, and its keys" {
	dhow_words
	pty size:33x101 'expect:/tmp #' 'send:stty size; tty\r' \
		'expect:33 101' 'expect:/dev/pts/' 'send:sleep 100\r' \
		sleep:0.3 'send:^C' 'send:exit 5\r' exit:5 \
		-- "${DHOW_WORDS[@]}" exec -it box sh
	pty 'expect:/tmp #' 'send:\x10\x11' exit:0 \
		-- "${DHOW_WORDS[@]}" exec -it box sh
	pty 'expect:/tmp #' 'send:ab' exit:0 \
		-- "${DHOW_WORDS[@]}" exec -it --detach-keys a,b box sh
	# What was left goes on, until the container ends or it is stopped.
	run -0 X box sh -c 'ps | grep -c " sh$"'
	[ "$output" = 2 ]
	X box sh -c 'kill -9 $(ps | awk "/ sh$/ {print \$1}")'
	run -1 bash -c '"$0" exec -it box true </dev/null' "$DHOW"
	[[ $output == *"not a TTY"* ]]
}

@test "signals reach the command" {
	X box sleep 500 3>&- &
	wait_for 50 dhow_sees 'sleep 500'
	kill -TERM $!
	status=0
	wait $! || status=$?
	[ "$status" = 143 ]
}

dhow_sees() { dhow exec box ps | grep -q "$1"; }

@test "a command that runs on does not keep exec waiting" {
	run -0 timeout 20 "$DHOW" exec box sh -c 'sleep 600 & echo started'
	[ "$output" = started ]
	X -d box sh -c 'echo done >/tmp/detached; sleep 600'
	wait_for 50 X box test -s /tmp/detached
	X box sh -c 'kill $(ps | awk "/[s]leep 600/ {print \$1}")'
}

@test "rights are those of the container" {
	run -0 X box grep -E 'Cap(Inh|Prm|Eff|Bnd|Amb)|^Seccomp:' \
		/proc/self/status
	[ "$output" = "$(dhow run --rm --network none busybox grep -E \
		'Cap(Inh|Prm|Eff|Bnd|Amb)|^Seccomp:' /proc/self/status)" ]
	run -1 X box mount -t tmpfs none /mnt
	run -0 X --privileged box sh -c 'mkdir -p /mnt &&
		mount -t tmpfs none /mnt && umount /mnt'
	dhow run -d --name tight --network none --cap-drop ALL \
		--security-opt no-new-privileges busybox sleep 1000 3>&-
	run -0 X tight grep -E 'CapBnd|NoNewPrivs' /proc/self/status
	[[ $output == *"CapBnd:	0000000000000000"* ]]
	[[ $output == *"NoNewPrivs:	1"* ]]
	dhow rm -f tight
}

@test "what happened is in the events" {
	X box sh -c 'exit 3' || true
	run -0 dhow events --since 1m --until 0s \
		--filter container=box --format '{{.Action}}'
	[[ $output == *"exec_create: sh -c exit 3"*"exec_start"*"exec_die"* ]]
}

@test "CVE-2019-5736: the runtime cannot be reached from inside exec" {
	local sum
	sum=$(sha256sum "$DHOW")
	X box sh -c 'ln -sf /proc/self/exe /tmp/entry'
	run -127 X box /tmp/entry --version
	run -0 X box sh -c 'for p in /proc/[0-9]*; do
		case $(readlink $p/exe) in *dhow*) ls -l $p/exe;; esac
		(: >>$p/exe) 2>/dev/null; done; true'
	[ "$(sha256sum "$DHOW")" = "$sum" ]
}

@test "CVE-2024-21626: exec leads nowhere through descriptors" {
	local n
	exec 7</
	for n in 3 4 5 6 7 8 9 10 20; do
		run X -w "/proc/self/fd/$n" box sh -c 'ls ../../../../etc'
		[[ $output != *debian_version* ]]
	done
	X box ln -sfn /proc/self/fd/7 /tmp/way
	run X -w /tmp/way box ls
	[[ $output != *debian_version* ]]
	run -0 X box sh -c 'ls /proc/self/fd | sort -n | tr "\n" " "'
	[ "$output" = "0 1 2 3 " ]
}

@test "CVE-2016-9962: what enters cannot be traced before it is the command" {
	# It looks into whatever appears, over and over.
	X -d box sh -c 'touch /tmp/go; while [ -e /tmp/go ]; do
		for p in /proc/[0-9]*; do ls -l $p/fd 2>/dev/null; done; done |
		grep -aE "anon|socket|/home|/var/tmp" >/tmp/seen'
	wait_for 50 X box test -e /tmp/go
	for n in 1 2 3 4 5 6 7 8 9 10; do X box true; done
	X box rm /tmp/go
	run -0 X box sh -c 'cat /tmp/seen'
	[ -z "$output" ]
}

@test "CVE-2026-30892: exec -u takes no half number" {
	local who
	for who in 0x0 -1 2147483648 4294967295 4294967296 1:2:3 '1 '; do
		run ! X -u "$who" box id
	done
	run -0 X -u 00 box id -u
}

@test "CVE-2022-1227: nothing of the image runs on the way in" {
	X box sh -c 'mkdir -p /evil/lib; echo garbage >/evil/lib/libc.so.6'
	run -0 X -e LD_PRELOAD=/evil/lib/libc.so.6 -e LD_LIBRARY_PATH=/evil/lib \
		box echo fine
	[ "$output" = fine ]
}
