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

# Host's numbers of the first processes of our containers: they have $mark
# among their words.
first_processes() {
	local pid
	for pid in $(pgrep -u "$(id -u)" -f "$mark"); do
		! grep -qE $'^NSpid:\t.*\t1$' "/proc/$pid/status" 2>/dev/null ||
			echo "$pid"
	done | sort
}

told_to_run() {
	dhow ps -q --filter status=running --filter status=paused |
		xargs -r "$DHOW" inspect --format '{{.State.Pid}}' | sort
}

ps_is_true() { [ "$(told_to_run)" = "$(first_processes)" ]; }

# In the store and in the run directory, beside what an empty one has.
crash_left() {
	local dir
	for dir in containers names removing tmp volumes networks partial lists \
		layers blobs/sha256 build/steps build/trees build/contexts; do
		[ ! -d "$STORE/$dir" ] ||
			find "$STORE/$dir" -mindepth 1 -maxdepth 1
	done
	for dir in "$TEST_RUN/dhow/live" "/tmp/dhow-$(id -u)/live"; do
		[ ! -d "$dir" ] || find "$dir" -mindepth 1
	done
	first_processes | sed 's/^/process /'
}

# Whoever comes next takes away what is left.
crash_is_clean() {
	dhow system prune -af >/dev/null && [ -z "$(crash_left)" ]
}

df_explains_it() {
	dhow system df -v --format json >"$BATS_TEST_TMPDIR/df" &&
		dhow unshare python3 "$LIB/disk.py" "$STORE" "$BATS_TEST_TMPDIR/df"
}

@test "after many kills under load every trace can be removed" {
	local name mark="crash-$$-$RANDOM" image
	image=$(cached busybox-2.oci make_busybox_image)
	python3 "$LIB/crash.py" "$DHOW" "${DHOW_CRASH_KILLS:-60}" "$mark" \
		"$image" 3>&-
	# Nobody claims to run who does not, nobody runs whom nobody knows.
	wait_for 50 ps_is_true || { told_to_run; first_processes; false; }
	for name in $(dhow ps --format '{{.Names}}' --filter label=stays \
		--filter status=running); do
		dhow exec "$name" true
	done
	# Whoever comes next finds a store that works.
	dhow load -q -i "$image"
	run -0 dhow run --rm busybox echo works
	[ "$output" = works ]
	dhow ps -q | xargs -r "$DHOW" stop -t 0
	wait_for 50 df_explains_it || { df_explains_it; false; }
	dhow rm -fav
	run -0 dhow ps -aq
	[ -z "$output" ]
	dhow volume prune -af >/dev/null
	wait_for 30 crash_is_clean || { crash_left; false; }
	wait_for 50 df_explains_it
}
