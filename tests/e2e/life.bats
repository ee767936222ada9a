#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Containers that outlive the command that started them.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

teardown() { dhow rm -fav >/dev/null; }

# A container in the background; no network unless the test is about one.
D() { dhow run -d --network none "$@"; }
# A command that ends with 5 when asked to.
POLITE='trap "exit 5" TERM; echo ready; while :; do sleep 0.05; done'

status() { dhow inspect --format '{{.State.Status}}' "$1"; }
has_status() { [ "$(status "$1")" = "$2" ]; }
logged() { dhow logs "$1" 2>&1 | grep -qx "$2"; }
host_pid() { dhow inspect --format '{{.State.Pid}}' "$1"; }
monitor_pid() {
	sed 's/.*"MonitorPid":\([0-9]*\).*/\1/' "$STORE/containers/$1"*/state.json
}

@test "run -d prints the id and returns while the container runs" {
	run -0 D --name bg busybox sh -c "$POLITE"
	[[ $output =~ ^[0-9a-f]{64}$ ]]
	has_status bg running
	run -0 dhow ps -q --no-trunc
	[ "$output" = "$(dhow inspect --format '{{.Id}}' bg)" ]
	run -125 D --name bg busybox true
	[[ $output == *"in use"* ]]
	run -127 D --name none-such busybox no-such-command
	run -1 dhow inspect none-such
}

@test "nothing of the caller's is kept: a pipe ends with run -d" {
	# cat would wait for ever if the monitor held the pipe.
	timeout 10 sh -c '"$0" run -d --network none busybox sleep 100 | cat' \
		"$DHOW"
}

@test "stop asks, waits, kills; the status is recorded" {
	D --name polite busybox sh -c "$POLITE"
	D --name deaf busybox sh -c 'trap "" TERM; echo ready; while :; do sleep 1; done'
	D --name other --stop-signal USR1 busybox \
		sh -c 'trap "exit 6" USR1; echo ready; while :; do sleep 0.05; done'
	for name in polite deaf other; do
		wait_for 50 logged "$name" ready
	done
	run -0 dhow stop -t 1 polite deaf other
	[ "$output" = $'polite\ndeaf\nother' ]
	[ "$(dhow inspect --format '{{.State.ExitCode}}' polite)" = 5 ]
	[ "$(dhow inspect --format '{{.State.ExitCode}}' deaf)" = 137 ]
	[ "$(dhow inspect --format '{{.State.ExitCode}}' other)" = 6 ]
	# Stopped already is a success; unknown is not, and others are served.
	run -0 dhow stop polite
	run -1 dhow stop nobody polite
	[[ $output == *nobody*polite* ]]
}

@test "create, start, start again: what was written is still there" {
	run -0 dhow create --name twice --network none busybox \
		sh -c 'echo x >>/log; cat /log; exit 3'
	has_status twice created
	run -3 dhow start -a twice
	[ "$output" = x ]
	run -3 dhow start -a twice
	[ "$output" = $'x\nx' ]
	has_status twice exited
	run -0 dhow logs twice
	[ "$output" = $'x\nx\nx' ]
	run -0 dhow wait twice
	[ "$output" = 3 ]
	# One that runs already is a success.
	D --name runs busybox sleep 100
	run -0 dhow start runs
	[ "$output" = runs ]
}

@test "start -i passes input on, attach joins, detach keys leave" {
	dhow create --name in -i --network none busybox cat
	run -0 dhow start -ai in <<<"hello"
	[ "$output" = hello ]
	dhow_words
	D --name term -it busybox sh
	pty sleep:0.3 'send:echo a$((1+1))b\r' 'expect:a2b' 'send:^P^Q' exit:0 \
		-- "${DHOW_WORDS[@]}" attach term
	has_status term running
	pty sleep:0.3 'send:exit 4\r' exit:4 -- "${DHOW_WORDS[@]}" attach term
	has_status term exited
}

@test "the detach keys of run -it leave the container running" {
	dhow_words
	pty 'expect:/ #' 'send:^P^Q' exit:0 -- "${DHOW_WORDS[@]}" run -it \
		--name left --network none busybox sh
	has_status left running
	dhow exec left true
}

has_fds() { [ "$(ls "/proc/$1/fd" | wc -l)" -ge "$2" ]; }

@test "several may attach; each sees all of it" {
	local out=$BATS_TEST_TMPDIR monitor fds one two
	D --name many -i busybox sh -c 'read x; echo "got $x"; seq 1 20000'
	monitor=$(dhow inspect --format "{{.State.ConmonPid}}" many)
	fds=$(ls "/proc/$monitor/fd" | wc -l)
	dhow attach --no-stdin many >"$out/1" 3>&- & one=$!
	dhow attach --no-stdin many >"$out/2" 3>&- & two=$!
	# A socket and two pipes of each.
	wait_for 50 has_fds "$monitor" $((fds + 6))
	echo go | dhow attach many >"$out/3"
	wait $one $two
	cmp "$out/1" "$out/2"
	cmp "$out/1" "$out/3"
	[ "$(wc -l <"$out/1")" = 20001 ]
	[ "$(dhow logs many | wc -l)" = 20001 ]
}

@test "kill sends signals; a container that does not run is a failure" {
	D --name sig busybox sh -c \
		'trap "echo hup" HUP; echo ready; while :; do sleep 0.05; done'
	wait_for 50 logged sig ready
	dhow kill -s HUP sig
	wait_for 50 logged sig hup
	run -0 dhow kill sig
	[ "$(dhow wait sig)" = 137 ]
	run -1 dhow kill sig
	[[ $output == *"not running"* ]]
	run -1 dhow kill -s NOSUCH sig
	[[ $output == *NOSUCH* ]]
}

@test "rm refuses what runs, and takes all with -f -v" {
	local volume
	D --name gone -v /data busybox sleep 100
	volume=$(ls "$STORE/volumes")
	[ -n "$volume" ]
	run -1 dhow rm gone
	[[ $output == *running* && $output == *--force* ]]
	run -0 dhow rm -fv gone
	[ "$output" = gone ]
	[ -z "$(ls "$STORE/containers" "$STORE/volumes" | grep -v :)" ]
	run -1 dhow rm gone
	run -0 dhow rm -f gone
}

@test "--rm: the container goes with its process, by itself or stopped" {
	D --rm --name by-itself busybox true
	D --rm --name stopped busybox sh -c "$POLITE"
	wait_for 50 logged stopped ready
	dhow stop stopped
	wait_for 50 test -z "$(ls "$STORE/names")"
}

@test "pause holds, unpause lets go on" {
	local before
	D --name held busybox sh -c 'i=0; while :; do i=$((i+1)); echo $i; sleep 0.02; done'
	wait_for 50 logged held 3
	dhow pause held
	has_status held paused
	before=$(dhow logs held | wc -l)
	sleep 0.3
	[ "$(dhow logs held | wc -l)" -le $((before + 1)) ]
	run -1 dhow pause held
	run -1 dhow exec held true
	dhow unpause held
	wait_for 50 logged held $((before + 3))
	dhow pause held
	run -0 dhow stop -t 0 held
}

@test "restart and rename" {
	D --name old busybox sh -c "echo life; $POLITE"
	wait_for 50 logged old ready
	run -0 dhow restart -t 5 old
	wait_for 50 sh -c '[ "$("$0" logs old | grep -c life)" = 2 ]' "$DHOW"
	dhow rename old new
	run -1 dhow inspect old
	has_status new running
	D --name old busybox true
	run -1 dhow rename new old
	[[ $output == *"in use"* ]]
}

@test "a policy brings it back until it is stopped by hand" {
	D --name always --restart always busybox sh -c 'echo up; sleep 100'
	D --name three --restart on-failure:2 busybox sh -c 'echo try; exit 1'
	D --name fine --restart on-failure busybox true
	wait_for 50 logged always up
	kill -9 "$(host_pid always)"
	wait_for 50 sh -c '[ "$("$0" logs always | grep -c up)" = 2 ]' "$DHOW"
	wait_for 50 has_status always running
	dhow stop -t 0 always
	sleep 0.3
	has_status always exited
	wait_for 50 sh -c '[ "$("$0" logs three | grep -c try)" = 3 ]' "$DHOW"
	wait_for 50 has_status three exited
	[ "$(dhow inspect --format '{{.RestartCount}}' three)" = 2 ]
	has_status fine exited
	run -125 D --rm --restart always busybox true
}

@test "health turns with the answers, and can end the container" {
	local health='{{.State.Health.Status}}'
	D --name sick --health-cmd 'test -e /well' --health-interval 100ms \
		--health-retries 2 busybox sleep 100
	[ "$(dhow inspect --format "$health" sick)" = starting ]
	wait_for 50 sh -c '[ "$("$0" inspect --format "$1" sick)" = unhealthy ]' \
		"$DHOW" "$health"
	dhow exec sick touch /well
	wait_for 50 sh -c '[ "$("$0" inspect --format "$1" sick)" = healthy ]' \
		"$DHOW" "$health"
	[ "$(dhow inspect --format '{{len .State.Health.Log}}' sick)" -le 5 ]
	D --name slow --health-cmd 'sleep 100' --health-interval 100ms \
		--health-timeout 200ms --health-retries 1 \
		--health-on-failure kill busybox sleep 100
	wait_for 50 has_status slow exited
	[[ $(dhow inspect --format '{{json .State.Health.Log}}' slow) == \
		*"exceeded timeout"* ]]
}

@test "logs rotate, and none are kept where none are wanted" {
	local dir
	D --name much --log-opt max-size=1k --log-opt max-file=2 busybox \
		sh -c 'seq 1 500; echo end; sleep 100'
	wait_for 50 logged much end
	dir=$(echo "$STORE/containers/$(dhow inspect --format '{{.Id}}' much)")
	[ "$(ls "$dir" | grep -c '^json.log')" = 2 ]
	[ "$(stat -c %s "$dir/json.log.1")" -lt 1200 ]
	D --name quiet --log-driver none busybox sh -c 'echo hush; sleep 100'
	run -1 dhow logs quiet
	run -125 D --log-driver journald busybox true
}

@test "a monitor that is killed takes its container with it" {
	local id pid monitor
	id=$(D --name orphan busybox sleep 1000)
	pid=$(host_pid orphan)
	monitor=$(monitor_pid "$id")
	kill -9 "$monitor"
	wait_for 50 sh -c '! kill -0 '"$pid"' 2>/dev/null'
	wait_for 50 has_status orphan exited
	[ "$(dhow inspect --format '{{.State.ExitCode}}' orphan)" = 137 ]
	run -0 dhow start orphan
	has_status orphan running
}

sleepers() { pgrep -fc "^sleep 1001.$$\$" || true; }
has_sleepers() { [ "$(sleepers)" = "$1" ]; }

@test "--pid host: the others end with the first, too" {
	D --name shares --pid host --security-opt seccomp=unconfined busybox \
		sh -c "sleep 1001.$$ & unshare -Ur sleep 1001.$$ & exec sleep 1000"
	dhow exec -d shares sleep "1001.$$"
	wait_for 50 has_sleepers 3
	dhow rm -f -t 0 shares
	wait_for 50 has_sleepers 0
}

@test "prune takes what killed commands left, of which no list tells" {
	local id stale
	id=$(D --name here busybox sleep 1000)
	stale=$(find "$TEST_RUN" "/tmp/dhow-$(id -u)" -name "$id" \
		2>/dev/null || true)
	stale=${stale%/*}/$(printf 'a%.0s' {1..64})
	touch -d '1 minute ago' "$stale"
	ln -s "../containers/${stale##*/}" "$STORE/names/nobody"
	dhow container prune -f
	[ ! -e "$stale" ]
	[ ! -L "$STORE/names/nobody" ]
	dhow exec here true
}

@test "another boot: what ran has ended, and rm removes it" {
	local id
	id=$(D --name booted busybox sleep 1000)
	kill -9 "$(monitor_pid "$id")"
	wait_for 50 has_status booted exited
	rm -rf "$(dhow info --format '{{.RunRoot}}' 2>/dev/null || echo /none)/live"
	sed -i 's/"BootId":"[^"]*"/"BootId":"another"/' "$STORE/containers/$id/state.json"
	has_status booted exited
	run -0 dhow rm booted
}

@test "another host's container is left alone" {
	local id
	id=$(dhow create --name far --network none busybox true)
	echo '{"Status":"running","Host":"far.example","Pid":1}' \
		>"$STORE/containers/$id/state.json"
	has_status far running
	for verb in start stop kill "rm -f" pause; do
		run -1 dhow $verb far
		[[ $output == *far.example* ]]
	done
	rm "$STORE/containers/$id/state.json"
}

@test "a foreground run is stopped, seen and entered like any other" {
	R() { dhow run --rm --network none "$@"; }
	R --name front busybox sh -c "$POLITE" >"$BATS_TEST_TMPDIR/out" 3>&- &
	local front=$! ended=0
	wait_for 50 logged front ready
	dhow exec front true
	[ "$(dhow logs front)" = ready ]
	dhow stop front
	wait $front || ended=$?
	[ $ended = 5 ]
	[ "$(cat "$BATS_TEST_TMPDIR/out")" = ready ]
}

@test "who is ended by the host, with patience or without, comes back" {
	local id deaf='trap "" TERM; echo ready; while :; do sleep 1; done'
	D --name deaf --restart unless-stopped --stop-timeout 1 busybox sh -c "$deaf"
	D --name halted --restart unless-stopped --stop-timeout 1 busybox sh -c "$deaf"
	wait_for 50 logged deaf ready
	dhow stop halted
	id=$(dhow inspect --format '{{.Id}}' deaf)
	kill -TERM "$(monitor_pid "$id")"
	wait_for 50 has_status deaf exited
	run -0 dhow autostart --run
	has_status deaf running
	has_status halted exited
	dhow rm -f deaf halted
}

@test "rm -f of a foreground run waits until that is gone" {
	local n
	for n in 1 2 3 4 5 6; do
		dhow run --rm --name brief --network none busybox sleep 100 3>&- &
		wait_for 50 has_status brief running
		run -0 dhow rm -f brief
		[ "$output" = brief ]
		wait $! || true
		run -1 dhow inspect brief
	done
}

@test "volumes-from, replace, wait, latest, all" {
	D --name source -v /data busybox sh -c 'echo kept >/data/file; sleep 100'
	wait_for 50 dhow exec source test -s /data/file
	run -0 dhow run --rm --network none --volumes-from source:ro busybox \
		sh -c 'cat /data/file; ! touch /data/x 2>/dev/null'
	[ "$output" = kept ]
	D --replace --name source busybox sh -c 'sleep 0.2; exit 9'
	run -0 dhow wait source
	[ "$output" = 9 ]
	D --name newest busybox sleep 100
	run -0 timeout 20 "$DHOW" wait --condition running newest
	[ "$output" = -1 ]
	run -0 dhow stop -t 0 --latest
	has_status newest exited
	run -0 dhow rm --all
	run -0 dhow ps -aq
	[ -z "$output" ]
	run -1 dhow rm
}
