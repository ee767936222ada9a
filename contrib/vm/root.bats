#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Root on a host of systemd: its groups are where root says.

bats_require_minimum_version 1.5.0
load ../../tests/e2e/lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

@test "memory: the kernel ends what takes more" {
	run -137 dhow run --name fat --network none -m 32m \
		busybox sh -c 'exec tail -c 100m /dev/zero'
	[ "$(dhow inspect --format '{{.State.OOMKilled}}' fat)" = true ]
	dhow rm fat
}

@test "a slice is made by the host's systemd" {
	dhow run -d --name sliced --network none -m 64m \
		--cgroup-parent dhowtest.slice busybox sleep 1000 3>&-
	run -0 dhow inspect --format '{{.State.CgroupPath}}' sliced
	[[ $output == /sys/fs/cgroup/dhowtest.slice/dhow-*.scope/dhow-* ]]
	[ "$(cat "$output/memory.max")" = 67108864 ]
	dhow exec sliced true
	dhow rm -f sliced
}
