#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Limits by cgroup version 2 and the user's systemd, from a login session,
# whose own group nobody may divide.

bats_require_minimum_version 1.5.0
load ../../tests/e2e/lib/common

setup_file() {
	export LOGIN_RUNTIME_DIR=$XDG_RUNTIME_DIR
	dhow_setup_file
	use_busybox
}

MANAGER=/sys/fs/cgroup/user.slice/user-$(id -u).slice/user@$(id -u).service

scopes() { find "$MANAGER" -name 'dhow-*.scope' | sort; }
no_scope() { [ -z "$(scopes)" ]; }
R() { dhow run --rm --network none "$@"; }

# D NAME FLAG...: a container that sleeps.
D() {
	local name=$1
	shift
	dhow run -d --name "$name" --network none "$@" busybox sleep 1000 3>&-
}

# The directory of a container's group.
group() { dhow inspect --format '{{.State.CgroupPath}}' "$1"; }
is() { [ "$(dhow inspect --format '{{.State.Status}}' "$1")" = "$2" ]; }
# in_unit OPTION... -- FLAG...: dhow in a unit of the user's systemd.
in_unit() {
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	XDG_RUNTIME_DIR=$LOGIN_RUNTIME_DIR systemd-run -q --user \
		"${options[@]}" env HOME="$HOME" \
		XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" "$DHOW" "$@"
}

teardown() {
	dhow ps -aq | xargs -r "$DHOW" rm -f >/dev/null
	wait_for 100 no_scope
}

@test "info and doctor say who is asked for groups" {
	run -0 dhow info --format '{{.CgroupDriver}} {{.CgroupVersion}}'
	[ "$output" = "systemd 2" ]
	run -0 --separate-stderr dhow info --format '{{.Driver}}'
	[ "$output" = overlay ]
	run dhow doctor
	[[ $output == *"by your systemd"* ]]
}

@test "memory: the kernel ends what takes more, and inspect says so" {
	run -137 dhow run --name fat --network none -m 32m \
		busybox sh -c 'exec tail -c 100m /dev/zero'
	run -0 dhow inspect --format \
		'{{.State.OOMKilled}} {{.State.ExitCode}} {{.HostConfig.Memory}}' fat
	[ "$output" = "true 137 33554432" ]
	run -0 R -m 64m busybox sh -c 'head -c 8m /dev/zero | tail -c 8m | wc -c'
}

@test "pids: no more processes than that, and exec is one of them" {
	D few --pids-limit 8
	[ "$(cat "$(group few)/pids.max")" = 8 ]
	run dhow exec few sh -c 'for n in $(seq 20); do sleep 5 & done; wait'
	[[ $output == *"an't fork"* ]]
}

@test "exec from a login is in the group of the container" {
	local before
	D host -m 64m
	before=$(wc -l <"$(group host)/cgroup.procs")
	dhow exec -d host sleep 1000
	[ "$(wc -l <"$(group host)/cgroup.procs")" = $((before + 1)) ]
	[ "$(cat "$(group host)/memory.max")" = 67108864 ]
}

throttled() {
	[ "$(awk '/^nr_throttled/ {print $2}' "$1/cpu.stat")" -ge 5 ]
}

@test "cpus: a fifth of a processor is what it gets" {
	local dir from till used
	dhow run -d --name busy --network none --cpus 0.2 busybox \
		sh -c 'while :; do :; done' 3>&-
	dir=$(group busy)
	[ "$(cat "$dir/cpu.max")" = "20000 100000" ]
	wait_for 300 throttled "$dir"
	from=$(date +%s%N) used=$(awk '/^usage_usec/ {print $2}' "$dir/cpu.stat")
	sleep 3
	used=$(($(awk '/^usage_usec/ {print $2}' "$dir/cpu.stat") - used))
	till=$(date +%s%N)
	# Percent of the time, with room for the edges of a period.
	[ $((used * 100000 / (till - from))) -le 25 ]
}

@test "pause is the freezer's" {
	D still --pids-limit 20
	dhow pause still
	[ "$(cat "$(group still)/cgroup.freeze")" = 1 ]
	grep -q 'frozen 1' "$(group still)/cgroup.events"
	is still paused
	dhow unpause still
	grep -q 'frozen 0' "$(group still)/cgroup.events"
	dhow pause still
	dhow stop -t 1 still
}

@test "stats shows what the group counts" {
	D seen -m 64m --pids-limit 20
	run -0 dhow stats --no-stream --format \
		'{{.PIDs}} {{.MemUsage}} {{.CPUPerc}}' seen
	[[ $output =~ ^1\ [0-9.]+[kMK]i?B\ /\ 64MiB\ [0-9.]+%$ ]]
}

@test "update changes limits of what runs" {
	D changed -m 64m
	dhow update -m 48m --memory-swap 96m --cpus 0.5 --pids-limit 9 changed
	[ "$(cat "$(group changed)/memory.max")" = 50331648 ]
	[ "$(cat "$(group changed)/memory.swap.max")" = 50331648 ]
	[ "$(cat "$(group changed)/cpu.max")" = "50000 100000" ]
	[ "$(cat "$(group changed)/pids.max")" = 9 ]
	[ "$(dhow inspect --format '{{.HostConfig.Memory}}' changed)" = 50331648 ]
}

restarted() {
	[ "$(dhow inspect --format '{{.RestartCount}} {{.State.Status}}' "$1")" = \
		"$2 running" ]
}

@test "what is started again stays in its scope, with its limits" {
	local scope
	D again -m 64m --restart on-failure
	scope=$(scopes)
	kill -9 "$(dhow inspect --format '{{.State.Pid}}' again)"
	wait_for 100 restarted again 1
	[ "$(scopes)" = "$scope" ]
	[ "$(cat "$(group again)/memory.max")" = 67108864 ]
}

@test "what a killed monitor leaves is found and removed" {
	D widow -m 64m
	kill -9 "$(dhow inspect --format '{{.State.ConmonPid}}' widow)"
	wait_for 100 is widow exited
	dhow start widow
	[ "$(cat "$(group widow)/memory.max")" = 67108864 ]
}

@test "several at once have each a scope" {
	local n pids=()
	for n in 1 2 3; do
		D "many$n" -m 64m &
		pids+=($!)
	done
	wait "${pids[@]}"
	[ "$(scopes | wc -l)" = 3 ]
}

@test "a slice is where the scope is made" {
	D sliced --cgroup-parent dhowtest-a.slice
	[[ $(group sliced) == */dhowtest.slice/dhowtest-a.slice/dhow-*.scope/* ]]
	run -125 R --cgroup-parent /user.slice busybox true
	[[ $output == *"not yours"* ]]
}

@test "what is not limited asks nobody" {
	D free
	[ -z "$(group free)" ]
	no_scope
	dhow pause free
	dhow unpause free
}

@test "in a unit of systemd it is the same, without a session" {
	local unit
	for unit in mine-$$ dhow-mine-$$; do
		in_unit --scope --unit "$unit" -p Delegate=yes -- run -d \
			--name "$unit" --network none -m 64m busybox \
			sleep 1000 3>&-
		dhow exec "$unit" true
	done
	# One that is ours by its name is divided, and no other is made.
	[[ $(group dhow-mine-$$) == */dhow-mine-$$.scope/dhow-* ]]
	run -0 in_unit --wait --pipe -- run --rm --network none -m 64m \
		busybox cat /proc/self/cgroup
	[ "$output" = 0::/ ]
}

@test "several layers on a kernel that takes them only as text" {
	printf 'FROM busybox\nRUN echo 1 >/one\nRUN echo 2 >/two\n' |
		dhow build -q -t three -f - "$BATS_TEST_TMPDIR"
	run -0 R three cat /one /two /var/lib/data/seed
	[ "$output" = $'1\n2\nfrom the image' ]
}

@test "networks: none is none, and the usual one gets out" {
	local port=$((9000 + $(id -u)))
	run -0 R busybox ls /sys/class/net
	[ "$output" = lo ]
	busybox nc -l -p "$port" -e echo hello 3>&- &
	run -0 dhow run --rm busybox \
		sh -c "nc -w 20 host.docker.internal $port </dev/null"
	[ "$output" = hello ]
}
