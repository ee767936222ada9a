#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Bad lines and dead processes: what was moved once is not moved again.
#
# DHOW_TEST_KILLS   how often a pull and a push are killed (default 8)

bats_require_minimum_version 1.5.0
load lib/common
load lib/registry

LAYER_BYTES=6291456

make_big_layout() {
	local dir=$BATS_FILE_TMPDIR/big
	mkdir -p "$dir/tree"
	head -c "$LAYER_BYTES" /dev/urandom >"$dir/tree/noise"
	tar -C "$dir/tree" --owner=0 --group=0 -cf "$dir/big.tar" noise
	python3 "$LIB/mkimage.py" "$dir/image.tar" big:latest --config '{}' \
		"$(busybox_tar)" "$dir/big.tar"
	mkdir "$LAYOUT"
	tar -xf "$dir/image.tar" -C "$LAYOUT"
}

setup_file() {
	dhow_setup_file
	[ -z "${DHOW_TEST_DRIVER:-}" ] || skip "no driver takes part"
	LAYOUT=$BATS_FILE_TMPDIR/layout
	export LAYOUT
	make_big_layout
	mkdir -p "$LAYOUT-empty/blobs/sha256"
	echo '{"manifests": []}' >"$LAYOUT-empty/index.json"
}

teardown_file() {
	stop_registries
	dhow_teardown_file
}

teardown() { dhow rmi -af >/dev/null 2>&1 || true; }

# Bytes of all blobs, and those that went over the line.
blob_bytes() { du -bc "$LAYOUT"/blobs/sha256/* | tail -1 | cut -f1; }

moved_bytes() {
	python3 -c 'import json, sys
print(sum(json.loads(line).get("moved", 0) for line in open(sys.argv[1])
          if sys.argv[2] in line))' "$FAKE_LOG" "$1"
}

# Start a command, kill all of it after $1 milliseconds; true when it ended
# by itself before.
killed_after() {
	local ms=$1 pid
	shift
	setsid "$@" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	pid=$!
	sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
	kill -9 -- "-$pid" 2>/dev/null || true
	wait "$pid"
}

# What a killed process left goes on in the socket's buffers for a while.
settle() { sleep 0.3; }

@test "a killed pull goes on where it was" {
	start_fake_registry "$LAYOUT" slow=6000000
	kills=0
	while [ "$kills" -lt "${DHOW_TEST_KILLS:-8}" ]; do
		if killed_after $((RANDOM % 700 + 50)) "$DHOW" pull -q \
			"$FAKE/team/big:latest"; then
			dhow rmi -af >/dev/null
			: >"$FAKE_LOG"
			kills=$((kills + 1))
			continue
		fi
		kills=$((kills + 1))
		settle
	done
	run -0 dhow pull -q "$FAKE/team/big:latest"
	run -0 dhow run --rm --network none "$FAKE/team/big:latest" \
		sh -c 'wc -c </noise'
	[ "$output" = "$LAYER_BYTES" ]
	[ -z "$(find "$STORE/partial" -type f 2>/dev/null)" ]
}

@test "what was there of a blob is not asked for again" {
	start_fake_registry "$LAYOUT" slow=3000000
	killed_after 1500 "$DHOW" pull -q "$FAKE/team/big:latest" || true
	settle
	have=$(find "$STORE/partial" -type f -printf '%s\n' | sort -n | tail -1)
	[ "$have" -gt 500000 ]
	: >"$FAKE_LOG"
	run -0 dhow pull -q "$FAKE/team/big:latest"
	grep -q "\"range\": \"bytes=$have-\"" "$FAKE_LOG"
	[ "$(moved_bytes /blobs/)" -le $(($(blob_bytes) - have + 4096)) ]
}

@test "a partial blob is not believed" {
	start_fake_registry "$LAYOUT" slow=3000000
	killed_after 1200 "$DHOW" pull -q "$FAKE/team/big:latest" || true
	settle
	find "$STORE/partial" -type f -size +100k -print0 |
		while IFS= read -r -d '' file; do
			printf XXXX | dd of="$file" bs=1 seek=70000 \
				conv=notrunc status=none
		done
	run -0 dhow pull -q "$FAKE/team/big:latest"
	run -0 dhow run --rm --network none "$FAKE/team/big:latest" \
		sh -c 'wc -c </noise'
	[ "$output" = "$LAYER_BYTES" ]
}

is_settled() {
	[ -z "$(find "$STORE/layers" -maxdepth 2 -name unsettled)" ]
}

# As if the host had gone down before the disk had any of it.
crash_host() {
	local layer
	wait_for 50 is_settled
	for layer in "$STORE"/layers/*; do
		ln -sfn 00000000-0000-4000-8000-000000000000 "$layer/unsettled"
	done
}

@test "what a crash of the host left of a blob comes anew" {
	start_fake_registry "$LAYOUT"
	local image=$FAKE/team/big:latest blob how
	for how in cut damaged; do
		run -0 dhow pull -q "$image"
		blob=$(find "$STORE/blobs" -type f -size +5M)
		[ "$(stat -c %a "$blob")" = 644 ]
		crash_host
		if [ $how = cut ]; then
			truncate -s -70000 "$blob"
		else
			printf XXXX | dd of="$blob" bs=1 seek=70000 \
				conv=notrunc status=none
		fi
		run -0 dhow pull -q "$image"
		run -0 dhow run --rm --network none "$image" \
			sh -c 'wc -c </noise'
		[ "$output" = "$LAYER_BYTES" ]
		dhow rmi -af >/dev/null
	done
}

has_much() { [ -n "$(find "$STORE/partial" -type f -size +100k)" ]; }

@test "an interrupted pull says so and keeps what it has" {
	start_fake_registry "$LAYOUT" slow=3000000
	# Shells start what is in the background with SIGINT ignored.
	env --default-signal=INT "$DHOW" pull -q "$FAKE/team/big:latest" \
		>"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	local pull=$! ended=0
	wait_for 50 has_much
	kill -INT $pull
	wait $pull || ended=$?
	[ $ended != 0 ]
	has_much
	run -0 dhow pull -q "$FAKE/team/big:latest"
	[ -z "$(find "$STORE/tmp" -mindepth 1)" ]
}

# Each round ends with a push that nobody killed, at a registry of its own.
@test "a killed push goes on where it was" {
	dhow load -q -i "$LAYOUT"
	id=$(dhow images -q --no-trunc big)
	kills=0
	while [ "$kills" -lt "${DHOW_TEST_KILLS:-8}" ]; do
		stop_registries
		start_fake_registry "$LAYOUT-empty" slow=6000000
		dhow tag big "$FAKE/team/big:1"
		until [ "$kills" = "${DHOW_TEST_KILLS:-8}" ] ||
			killed_after $((RANDOM % 700 + 50)) "$DHOW" push -q \
				"$FAKE/team/big:1"; do
			kills=$((kills + 1))
			settle
		done
		run -0 dhow push -q "$FAKE/team/big:1"
		# Each byte was taken once.
		echo "moved $(moved_bytes /uploads/) of $(blob_bytes)"
		grep uploads "$FAKE_LOG" | cut -c1-150
		[ "$(moved_bytes /uploads/)" -le $(($(blob_bytes) + 65536)) ]
		dhow rmi "$FAKE/team/big:1"
	done
	dhow rmi -af >/dev/null
	run -0 dhow pull -q "$FAKE/team/big:1"
	[ "$(dhow images -q --no-trunc "$FAKE/team/big:1")" = "$id" ]
	[ -z "$(ls "$HOME/.cache/dhow/uploads")" ]
}

@test "a push over a bad line, in pieces, and without a memory" {
	dhow load -q -i "$LAYOUT"
	for mode in take-cut=1500000 take-max=2000000 mount-no \
		"take-cut=4000000 take-lost" "limit=1 fail=2"; do
		# shellcheck disable=SC2086
		start_fake_registry "$LAYOUT-empty" $mode
		dhow tag big "$FAKE/team/big:1"
		if [[ $mode == *take-lost ]]; then
			# Only the first 4 MB of 6 ever arrive.
			run -1 dhow push -q --retry 1 --retry-delay 10ms \
				"$FAKE/team/big:1"
			continue
		fi
		run -0 dhow push -q --retry-delay 10ms "$FAKE/team/big:1"
		id=$(dhow images -q --no-trunc big)
		run -0 dhow pull -q "$FAKE/team/big:1"
	done
}

@test "where an upload is sent away to, no credentials go" {
	dhow load -q -i "$LAYOUT"
	start_fake_registry "$LAYOUT-empty" basic take-away
	dhow tag big "$FAKE/team/big:1"
	run -0 dhow push -q --creds user:secret "$FAKE/team/big:1"
	[ "$(grep -c "\"port\": ${FAKE_CDN#*:}, .*uploads" "$FAKE_LOG")" -ge 2 ]
	[ "$(grep "\"port\": ${FAKE_CDN#*:}," "$FAKE_LOG" | grep -c Basic)" = 0 ]
	run -0 dhow pull -q --creds user:secret "$FAKE/team/big:1"
}

@test "a registry that takes nothing, and one that asks for ever" {
	dhow load -q -i "$LAYOUT"
	start_fake_registry "$LAYOUT-empty" read-only
	dhow tag big "$FAKE/team/new:1"
	run -1 dhow push -q "$FAKE/team/new:1"
	[ "$(grep -c '^Error: ' <<<"$output")" = 1 ]
	start_fake_registry "$LAYOUT" loop
	run -1 dhow pull -q --creds user:secret "$FAKE/team/big:latest"
	[[ $output == *"refuses the credentials"* ]]
	[ "$(fake_saw GET)" -le 4 ]
	dhow tag big "$FAKE/team/new:1"
	run -1 dhow push -q --creds user:secret "$FAKE/team/new:1"
	[ "$(grep -c '^Error: ' <<<"$output")" = 1 ]
}
