#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What a container may use of the host: by cgroups where root delegated some
# (contrib/check.sh does), by other means or with a warning elsewhere.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

# A cgroup of version 1 that is ours: PARENT.
delegated() {
	local name=/dhow-check-$(id -un) controller
	if is_root && [ -d /sys/fs/cgroup/memory ]; then
		for controller in memory pids cpu cpuacct freezer; do
			mkdir -p "/sys/fs/cgroup/$controller$name"
		done
	fi
	[ -w "/sys/fs/cgroup/memory$name/cgroup.procs" ] ||
		skip "no cgroup is delegated to $(id -un)"
	PARENT=(--cgroup-parent "$name")
}

teardown() {
	if is_root; then
		rmdir /sys/fs/cgroup/*/dhow-check-root 2>/dev/null || true
	fi
}

R() { dhow run --rm --network none "$@"; }

# Groups of containers that somebody killed are not this topic's.
groups() {
	find /sys/fs/cgroup -maxdepth 3 \
		-path "*dhow-check-$(id -un)/dhow-*" 2>/dev/null | sort
}

setup() { before=$(groups); }

no_group_left() { [ "$(groups)" = "$before" ]; }

@test "memory: the kernel ends what takes more, and inspect says so" {
	delegated
	run -137 dhow run --name fat --network none "${PARENT[@]}" -m 32m \
		busybox sh -c 'exec tail -c 100m /dev/zero'
	run -0 dhow inspect --format \
		'{{.State.OOMKilled}} {{.State.ExitCode}} {{.HostConfig.Memory}}' fat
	[ "$output" = "true 137 33554432" ]
	dhow rm fat
	run -0 R "${PARENT[@]}" -m 64m busybox sh -c 'head -c 8m /dev/zero | tail -c 8m | wc -c'
	wait_for 50 no_group_left
}

@test "pids: no more processes than that" {
	delegated
	run R "${PARENT[@]}" --pids-limit 10 busybox sh -c '
		for n in $(seq 20); do sleep 3 & done 2>&1; wait'
	[[ $output == *"an't fork"* ]]
}

@test "cpus: a quarter of a processor is what it gets" {
	delegated
	run -0 R "${PARENT[@]}" --cpus 0.25 busybox sh -c '
		timeout 2 sh -c "while :; do :; done"; cat /proc/uptime >/dev/null
		awk "{print \$16 + \$17}" /proc/self/stat; times'
	# user time of children, as times prints it: 0m0.49s
	[[ ${lines[-1]} =~ ^0m0\.[2-7] ]]
}

@test "exec is in the group of the container" {
	delegated
	dhow run -d --name held --network none "${PARENT[@]}" --pids-limit 8 \
		busybox sleep 1000 3>&-
	run -0 dhow exec held cat /proc/self/cgroup
	[[ $output == *":pids:/"* ]]
	run dhow exec held sh -c 'for n in $(seq 20); do sleep 5 & done; wait'
	[[ $output == *"an't fork"* ]]
	dhow pause held
	run -0 dhow inspect --format '{{.Id}}' held
	run -0 cat "/sys/fs/cgroup/freezer${PARENT[1]}/dhow-${output:0:12}/freezer.state"
	[ "$output" = FROZEN ]
	dhow unpause held
	dhow rm -f held
	wait_for 50 no_group_left
}

@test "what a killed monitor leaves in a group is killed by it" {
	local id pid
	delegated
	id=$(dhow run -d --name left --network none --pid host "${PARENT[@]}" \
		-m 64m busybox sh -c 'sleep 1000 & echo $!; exec sleep 1000' 3>&-)
	kill -9 "$(dhow inspect --format '{{.State.ConmonPid}}' left)"
	pid=$(dhow logs left)
	grep -q sleep "/proc/$pid/cmdline"
	dhow rm "$id"
	# Who adopted it may be slow to notice its end.
	run ! grep -q sleep "/proc/$pid/cmdline"
	wait_for 50 no_group_left
}

@test "what cannot be is refused with its flag" {
	delegated
	run -125 R "${PARENT[@]}" --cpuset-cpus 999 busybox true
	[[ $output == *"--cpuset-cpus"* ]]
	run -125 R -m 1k busybox true
	[[ $output == *"--memory"* ]]
	run -125 R --cgroup-parent /no/such/group busybox true
	[[ $output == *"not yours"* ]]
	run -125 R --cgroup-parent /a/../.. busybox true
	run -125 R --cgroup-conf ../../x=1 busybox true
	wait_for 50 no_group_left
}

@test "without a cgroup each limit is warned of, and the nearest is done" {
	if is_root; then
		skip "all groups are root's"
	fi
	run -0 R --memory 32m --cpus 1 --blkio-weight 10 busybox true
	[[ $output == *"warning: --memory"* ]]
	[[ $output == *"warning: --cpus"* ]]
	[[ $output == *"warning: --blkio-weight"* ]]
	[ "${#lines[@]}" = 3 ]
	run -0 --separate-stderr R --cpuset-cpus 0 busybox nproc
	[ "$output" = 1 ]
	run R --pids-limit 10 busybox sh -c '
		for n in $(seq 20); do sleep 1 & done 2>&1; wait'
	[[ $output == *"an't fork"* ]]
	run -0 --separate-stderr R --oom-score-adj -500 busybox \
		cat /proc/self/oom_score_adj
	[[ $stderr == *"--oom-score-adj"* ]]
	run -0 --separate-stderr R --oom-score-adj 500 busybox \
		cat /proc/self/oom_score_adj
	[ "$output" = 500 ]
}
