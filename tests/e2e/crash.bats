#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# kill -9 of any process of dhow's at any moment: nothing has to be repaired.
#
# DHOW_CRASH_KILLS: how many (default: a few seconds' worth; "make
# check-crash" takes 500).

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

# What is in the run directory's live/ and in the store beside images.
crash_left() {
	local dir
	for dir in containers names removing tmp volumes; do
		find "$STORE/$dir" -mindepth 1 -maxdepth 1 2>/dev/null
	done
	find "$TEST_RUN/dhow/live" "/tmp/dhow-$(id -u)/live" -mindepth 1 \
		2>/dev/null
}

# Whoever comes next takes away what is left.
crash_is_clean() {
	dhow run --rm --network none busybox true && sleep 0.3 &&
		[ -z "$(crash_left)" ]
}

@test "after many kills under load every trace can be removed" {
	local name
	python3 "$LIB/crash.py" "$DHOW" "${DHOW_CRASH_KILLS:-60}" 8 3>&-
	# Nobody claims to run who does not.
	for name in $(dhow ps --format '{{.Names}}'); do
		run -0 dhow exec "$name" true
	done
	# Whoever comes next finds a store that works.
	run -0 dhow run --rm busybox echo works
	[ "$output" = works ]
	dhow rm -fav
	run -0 dhow ps -aq
	[ -z "$output" ]
	dhow volume prune -af >/dev/null
	wait_for 30 crash_is_clean || { crash_left; false; }
}
