#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What a layer says is what a container sees; what it must not do, it cannot.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

R() { dhow run --rm --network none "$@"; }

# layers LAYER-JSON...: the image layers:1, busybox with these on top.
layers() { use_image layers:1 '{"Cmd": ["sh"]}' "$@"; }

look() { run -0 R layers:1 sh -c "$1"; }

LOWER='[{"path": "d", "type": "dir"},
	{"path": "d/one", "data": "1"}, {"path": "d/two", "data": "2"},
	{"path": "d/sub/deep", "data": "3"}, {"path": "f", "data": "lower"}]'

@test "a whiteout hides a file, a directory, and nothing else" {
	layers "$LOWER" '[{"path": "d/.wh.one"}, {"path": "d/.wh.sub"}]'
	look 'ls -A d; ls -A / | grep wh; cat f'
	[ "$output" = "$(printf 'two\nlower')" ]
}

@test "an opaque directory shows only what its layer has" {
	layers "$LOWER" '[{"path": "d/new", "data": "n"},
		{"path": "d/.wh..wh..opq"}]'
	look 'ls -A d'
	[ "$output" = new ]
}

@test "a directory that was removed and made again is empty" {
	layers "$LOWER" '[{"path": ".wh.d"}, {"path": "d", "type": "dir"}]' \
		'[{"path": "d/later", "data": "l"}]'
	look 'ls -A d'
	[ "$output" = later ]
}

@test "a file becomes a directory, and a directory a link" {
	layers "$LOWER" '[{"path": "f", "type": "dir"},
		{"path": "f/x", "data": "x"},
		{"path": "d", "type": "symlink", "target": "f"}]'
	look 'cat d/x; ls -A d'
	[ "$output" = "xx" ]
}

@test "a removed file may come back in a later layer" {
	layers "$LOWER" '[{"path": ".wh.f"}]' '[{"path": "f", "data": "again"}]'
	look 'cat f'
	[ "$output" = again ]
}

@test "modes, links and long names arrive" {
	local long
	long=$(printf 'name%.0s' $(seq 60))
	layers "[{\"path\": \"s\", \"data\": \"x\", \"mode\": \"4711\"},
		{\"path\": \"t\", \"type\": \"dir\", \"mode\": \"1777\"},
		{\"path\": \"h\", \"type\": \"hardlink\", \"target\": \"s\"},
		{\"path\": \"l\", \"type\": \"symlink\", \"target\": \"/t/../s\"},
		{\"path\": \"$long\", \"data\": \"long\"},
		{\"path\": \"p\", \"type\": \"fifo\", \"mode\": \"600\"}]"
	look "stat -c %a s t p; [ s -ef h ] && echo same
		readlink l; cat $long"
	[ "$output" = "$(printf '4711\n1777\n600\nsame\n/t/../s\nlong')" ]
}

@test "owners arrive, or are on record where there is one id" {
	layers '[{"path": "owned", "data": "x", "uid": 1000, "gid": 1001,
			"mode": "640"},
		{"path": "dir", "type": "dir", "uid": 7, "gid": 8}]'
	look 'stat -c %u:%g owned dir'
	if [ "$(id_mode)" = single ]; then
		[ "$output" = "$(printf '0:0\n0:0')" ]
		grep -h owned "$STORE"/layers/*/owners
		[ "$(grep -h owned "$STORE"/layers/*/owners)" = \
			"f 0640 1000 1001 0 0 owned" ]
	else
		[ "$output" = "$(printf '1000:1001\n7:8')" ]
	fi
}

@test "device nodes of an image give no access to devices" {
	layers '[{"path": "mem", "type": "char", "major": 1, "minor": 1,
			"mode": "666"},
		{"path": "disk", "type": "block", "major": 254, "minor": 0,
			"mode": "666"}]'
	run R layers:1 sh -c 'head -c 1 mem; head -c 1 disk'
	[ -z "$(printf %s "$output" | grep -v 'head:')" ]
}

# Programs of these names leave a mark when anybody runs them.
trojans() {
	local name
	mkdir -p "$1"
	for name in xz unxz gzip gunzip unpigz pigz zstd bzip2 tar igzip; do
		printf '#!/bin/sh\ntouch "%s"\nexit 1\n' \
			"$BATS_TEST_TMPDIR/mark" >"$1/$name"
		chmod 755 "$1/$name"
	done
}

@test "GHSA-x86f-5xw2-fm2r: codecs are our own, whatever PATH offers" {
	local tar=$BATS_TEST_TMPDIR/t.tar file
	mkdir "$BATS_TEST_TMPDIR/in"
	echo content >"$BATS_TEST_TMPDIR/in/file"
	tar -C "$BATS_TEST_TMPDIR/in" -cf "$tar" .
	gzip -k "$tar"
	xz -k "$tar"
	bzip2 -k "$tar"
	zstd -q "$tar"
	trojans "$BATS_TEST_TMPDIR/bin"
	for file in "$tar" "$tar".{gz,xz,bz2,zst}; do
		PATH=$BATS_TEST_TMPDIR/bin:$PATH run -0 dhow import "$file" \
			"codec:1"
		run -0 dhow rmi codec:1
	done
	[ ! -e "$BATS_TEST_TMPDIR/mark" ]
}

@test "archives of images load, however they are compressed" {
	local oci=$BATS_TEST_TMPDIR/i.oci codec
	cp "$(cached busybox-2.oci make_busybox_image)" "$oci"
	for codec in gzip bzip2 xz zstd; do
		"$codec" -c "$oci" >"$oci.$codec"
		run -0 dhow load -q -i "$oci.$codec"
		[ "$output" = "Loaded image: busybox:latest" ]
		head -c 300000 "$oci.$codec" >"$oci.cut"
		run -1 dhow load -q -i "$oci.cut"
		[[ $output == *"ends early"* ]]
	done
}

@test "members, frames and tables of contents are one stream" {
	local dir=$BATS_TEST_TMPDIR in
	in=$(busybox_tar)
	head -c 500000 "$in" >"$dir/a"
	tail -c +500001 "$in" >"$dir/b"
	cat <(gzip -c "$dir/a") <(gzip -c "$dir/b") >"$dir/two.gz"
	cat <(printf '\x5e\x2a\x4d\x18\x02\0\0\0go') \
		<(zstd -qc "$dir/a") \
		<(printf '\x5a\x2a\x4d\x18\x04\0\0\0toc!') \
		<(zstd -qc "$dir/b") \
		<(printf '\x50\x2a\x4d\x18\0\0\0\0') >"$dir/two.zst"
	run -0 dhow import "$dir/two.gz" two:gz
	run -0 R two:gz /bin/cat /var/lib/data/seed
	[ "$output" = "from the image" ]
	run -0 dhow import "$dir/two.zst" two:zst
	run -0 R two:zst /bin/cat /var/lib/data/seed
	[ "$output" = "from the image" ]
	grep -rqs 'tar+zstd' "$STORE/blobs"
}

@test "a full disk is told, with what to do, and nothing is left" {
	is_root || skip "only root mounts a small disk"
	local disk=$BATS_TEST_TMPDIR/disk
	mkdir "$disk"
	mount -t tmpfs -o size=1m tmpfs "$disk"
	run dhow --root "$disk/store" import "$(busybox_tar)" full:1
	run_status=$status run_output=$output
	left=$(find "$disk/store/tmp" -mindepth 1 2>&1 || true)
	umount "$disk"
	[ "$run_status" = 1 ]
	[[ $run_output == *"No space left"*"hint: "* ]]
	[ -z "$left" ]
}

refused() {
	run dhow import "$1" refused:1
	[ "$status" -ne 0 ]
	[[ $output == *"$2"* ]]
	[ -z "$(find "$STORE/tmp" -mindepth 1)" ]
	run -1 dhow image inspect refused:1
}

@test "archives that are cut, damaged or something else are refused" {
	local dir=$BATS_TEST_TMPDIR in
	in=$(busybox_tar)
	head -c 700000 "$in" >"$dir/cut.tar"
	refused "$dir/cut.tar" "ends early"
	gzip -c "$in" | head -c 400000 >"$dir/cut.gz"
	refused "$dir/cut.gz" "ends early"
	{ gzip -c "$in"; echo tail; } >"$dir/tail.gz"
	refused "$dir/tail.gz" "other bytes follow"
	echo "no archive at all, only a line" >"$dir/text"
	refused "$dir/text" "archive"
}

@test "a path 65536 deep is refused" {
	python3 - "$BATS_TEST_TMPDIR/deep.tar" <<-'END'
		import sys, tarfile
		tar = tarfile.open(sys.argv[1], "w", format=tarfile.PAX_FORMAT)
		info = tarfile.TarInfo("d/" * 65536)
		info.type = tarfile.DIRTYPE
		tar.addfile(info)
		tar.close()
	END
	refused "$BATS_TEST_TMPDIR/deep.tar" "more than 4095 bytes"
}

@test "CVE-2021-20291: a malformed layer holds nobody up" {
	local dir=$BATS_TEST_TMPDIR pids="" cut="" n
	head -c 700000 "$(busybox_tar)" >"$dir/cut.tar"
	for n in 1 2 3; do
		timeout 60 "$DHOW" import "$dir/cut.tar" "cut:$n" 3>&- &
		cut="$cut $!"
		timeout 60 "$DHOW" import "$(busybox_tar)" "good:$n" 3>&- &
		pids="$pids $!"
	done
	for n in $pids; do wait "$n"; done
	for n in $cut; do ! wait "$n" || return 1; done
	run -0 dhow images -q --filter reference='good:*'
	[ "${#lines[@]}" = 3 ]
}
