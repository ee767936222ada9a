#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A command on a disk that is full at one place after the other.
#
# usage: unshare -Urm full_disk.sh DISK DHOW PREPARE COMMAND KB...
#
# For each KB a small file system is mounted at DISK and PREPARE is run with
# plenty of room; then all but KB are taken, and COMMAND is run: it fails in
# one line that tells why and leaves nothing half made, or it succeeds. With
# room again it succeeds. "dhow" in both means the store on this disk. When
# there is a $FAKE_LOG, no layer that was there whole may be asked for again.
# Prints how many of them failed. The last KB has to be enough, the first not.
set -u
disk=$1 program=$2 prepare=$3 command=$4
shift 4

dhow() { "$program" --root "$disk/store" "$@"; }

fail() {
	echo "$kb KB: $*"
	cat "$disk.out"
	exit 1
}

check_failure() {
	[ "$(grep -c '^Error: ' "$disk.out")" = 1 ] || fail "not one error"
	grep -qE 'No space left|are needed and' "$disk.out" || fail "no reason"
	grep -q '^hint: ' "$disk.out" || fail "no hint"
	[ -z "$(find "$disk/store/tmp" -mindepth 1)" ] || fail "leavings"
	dhow images -q >/dev/null || fail "the store is broken"
}

# What was there whole did not come again.
check_wire() {
	local name
	for name in "${kept[@]}"; do
		! grep -q "GET.*/blobs/sha256:$name" "$FAKE_LOG" ||
			fail "blob $name came twice"
	done
}

one() {
	local free
	mount -t tmpfs -o size=64m none "$disk" || exit 1
	eval "$prepare" >"$disk.out" 2>&1 || fail "prepare: $(cat "$disk.out")"
	free=$(df --output=avail -k "$disk" | tail -1)
	fallocate -l "$((free - kb))K" "$disk/filler" || fail "fallocate"
	kept=()
	if ! eval "$command" >"$disk.out" 2>&1; then
		failures=$((failures + 1))
		last=failed
		rm "$disk/filler"
		check_failure
		[ -z "${FAKE_LOG:-}" ] || {
			: >"$FAKE_LOG"
			mapfile -t kept < <(find "$disk/store/blobs/sha256" \
				-size +2k -printf '%f\n')
			# As who wants more room would do.
			dhow image prune -f >/dev/null || fail "prune"
		}
		eval "$command" >"$disk.out" 2>&1 || fail "with room again"
		check_wire
		whole=$((whole + ${#kept[@]}))
	else
		last=succeeded
	fi
	umount "$disk" || exit 1
}

failures=0 whole=0
for kb in "$@"; do
	one || exit 1
	[ "$kb" != "$1" ] || [ "$last" = failed ] || fail "too much at first"
done
[ "$last" = succeeded ] || fail "too little at last: $(cat "$disk.out")"
echo "$failures failed, $whole blobs kept"
