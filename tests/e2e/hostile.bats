#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Images and registries that lie, stall and send us elsewhere; disks that are
# full: one clear error, what was verified is kept, and nothing else.

bats_require_minimum_version 1.5.0
load lib/common
load lib/registry

setup_file() {
	dhow_setup_file
	[ -z "${DHOW_TEST_DRIVER:-}" ] || skip "no driver takes part"
	LAYOUT=$BATS_FILE_TMPDIR/layout
	mkdir "$LAYOUT"
	tar -xf "$(cached busybox-2.oci make_busybox_image)" -C "$LAYOUT"
	mkdir -p "$LAYOUT-empty/blobs/sha256"
	echo '{"manifests": []}' >"$LAYOUT-empty/index.json"
	export LAYOUT
}

teardown_file() {
	stop_registries
	dhow_teardown_file
}

teardown() {
	dhow rmi -af >/dev/null 2>&1 || true
}

# The last command failed in one line that has $1, and left no image behind.
refused() {
	echo "$status: $output"
	[ "$status" = 1 ]
	[ "$(grep -c '^Error: ' <<<"$output")" = 1 ]
	[[ $output == *"$1"* ]]
	[ -z "$(dhow images -q)" ]
	[ -z "$(find "$STORE/layers" "$STORE/tmp" -mindepth 1 2>/dev/null)" ]
}

# --- what an image says ------------------------------------------------------

# Who refuses (pull, load, copy; P: before a blob is asked for), words of the
# story, and the lie.
lies() {
	cat <<-'END'
		plc as a manifest and as an index | manifest["manifests"] = []
		plc its mediaType calls the document | manifest["mediaType"] = "application/vnd.oci.image.index.v1+json"
		plc the sender calls the document | entry["mediaType"] = "application/vnd.oci.image.index.v1+json"
		plc the sender calls the document | manifest["mediaType"] = "application/vnd.docker.distribution.manifest.v2+json"
		pl_ no image of containers | manifest["config"]["mediaType"] = "application/vnd.cncf.helm.config.v1+json"
		pl_ cannot be unpacked | manifest["layers"][0]["mediaType"] = "text/html"
		pl_ cannot be unpacked | manifest["layers"][0]["mediaType"] += "+encrypted"
		Plc more than 1024 layers | manifest["layers"] *= 5000
		pl_ more than 1024 layers | config["rootfs"]["diff_ids"] *= 5000
		pl_ has 2 layers and the config 1 | manifest["layers"] *= 2
		pl_ has 0 layers and the config 1 | manifest["layers"] = []
		plc is not an array | manifest["layers"] = {}
		plc of its descriptor | manifest["layers"][0]["size"] += 1
		plc of its descriptor | manifest["layers"][0]["size"] -= 1
		plc no valid size | manifest["layers"][0]["size"] = -1
		plc no valid size | manifest["layers"][0]["size"] = "12"
		p__ are needed and | manifest["layers"][0]["size"] = 1 << 62
		Plc digits instead of 64 | manifest["layers"][0]["digest"] = "sha256:../../../token"
		Plc is not supported | manifest["layers"][0]["digest"] = "sha512:" + "a" * 128
		plc aaaaaaaa | manifest["layers"][0]["digest"] = "sha256:" + "a" * 64
		plc of its descriptor | manifest["config"]["size"] += 1
		P__ config has | manifest["config"]["size"] = 1 << 40
		plc aaaaaaaa | manifest["config"]["digest"] = "sha256:" + "a" * 64
		plc schema 1 | manifest["schemaVersion"] = 1
		plc no schemaVersion 2 | del manifest["schemaVersion"]
		_lc more than 4194304 bytes | manifest["annotations"] = {"x": "y" * (5 << 20)}
		p__ sends too much | manifest["annotations"] = {"x": "y" * (5 << 20)}
		P__ config has | config["x"] = "y" * (9 << 20)
		_l_ more than 8388608 bytes | config["x"] = "y" * (9 << 20)
		pl_ and the image says sha256:bbbb | config["rootfs"]["diff_ids"][0] = "sha256:" + "b" * 64
		plc manifest | raw = b"{"
		plc manifest | raw = b"[" * 100000
		plc manifest | raw = b'{"schemaVersion":2,"schemaVersion":2,"config":{},"layers":[]}'
		plc manifest | raw = b"\xff\xfe\0\0"
		_l_ of its descriptor | entry["size"] += 1
	END
}

@test "CVE-2021-41190, CVE-2024-3727: what disagrees with itself is refused" {
	dir=$BATS_TEST_TMPDIR/lies
	lies | python3 "$LIB/evil_layout.py" "$LAYOUT" "$dir"
	start_fake_registry "$dir/all"
	n=0
	while read -r who words; do
		echo "row $n: $words"
		words=${words% |*}
		if [[ ${who,,} == *p* ]]; then
			: >"$FAKE_LOG"
			run dhow pull -q --retry 0 "$FAKE/x:t$n"
			refused "$words"
			[[ $who != *P* || $(fake_saw /blobs/) = 0 ]]
		fi
		if [[ $who == *l* ]]; then
			run dhow load -q -i "$dir/$n"
			refused "$words"
		fi
		if [[ $who == *c* ]]; then
			run dhow copy -q --retry 0 "docker://$FAKE/x:t$n" \
				"oci:$HOME/copy:x"
			refused ""
			run dhow copy -q "oci:$dir/$n" "dir:$HOME/copy"
			refused ""
			rm -rf "$HOME/copy"
		fi
		n=$((n + 1))
	done < <(lies)
	[ "$n" -gt 30 ]
}

# --- what a registry does ----------------------------------------------------

# A push of busybox to $FAKE.
push() {
	dhow tag busybox "$FAKE/team/box:1"
	dhow push -q "$@" "$FAKE/team/box:1"
}

@test "bursts of failures are waited out at every step, and end" {
	start_fake_registry "$LAYOUT" burst=2 token
	run -0 dhow pull -q --retry-delay 10ms --creds user:secret \
		"$FAKE/team/box:latest"
	dhow rmi -af >/dev/null
	start_fake_registry "$LAYOUT-empty" burst=2
	use_busybox
	run -0 push --retry-delay 10ms
	dhow rmi -af >/dev/null
	run -0 dhow pull -q --retry-delay 10ms "$FAKE/team/box:1"
	dhow rmi -af >/dev/null
	start_fake_registry "$LAYOUT" burst=1000
	run dhow pull -q --retry 3 --retry-delay 10ms "$FAKE/team/box:latest"
	refused "answers with status 50"
	[ "$(fake_saw GET)" = 4 ]
	use_busybox
	: >"$FAKE_LOG"
	run push --retry 3 --retry-delay 10ms
	[ "$status" = 1 ]
	[ "$(grep -c '^Error: ' <<<"$output")" = 1 ]
	[ "$(wc -l <"$FAKE_LOG")" -le 16 ]
}

@test "who is never content with a token is not asked for ever" {
	start_fake_registry "$LAYOUT" loop-token
	run dhow pull -q "$FAKE/team/box:latest"
	refused "pull access denied"
	run dhow pull -q --creds user:secret "$FAKE/team/box:latest"
	refused "pull access denied"
	[ "$(wc -l <"$FAKE_LOG")" -le 12 ]
	use_busybox
	run push
	[ "$status" = 1 ]
	[[ $output == "Error: "*"push access denied"* ]]
	[ "$(wc -l <"$FAKE_LOG")" -le 24 ]
}

@test "Retry-After is kept to, and told when it is long" {
	start_fake_registry "$LAYOUT" limit=1 retry-after=2
	run -0 --separate-stderr dhow pull -q --retry-delay 1ms \
		"$FAKE/team/box:latest"
	[[ $stderr == *"retrying in 2.0 s"* ]]
	dhow rmi -af >/dev/null
	start_fake_registry "$LAYOUT" limit=100 retry-after=86400
	run dhow pull -q "$FAKE/team/box:latest"
	refused "limits how often"
	[[ ${lines[-1]} == "hint: try again in 86400 s" ]]
	[ "$(fake_saw GET)" = 1 ]
	# What means nothing is as good as none.
	start_fake_registry "$LAYOUT" limit=1 retry-after=tomorrow,perhaps
	run -0 dhow pull -q --retry-delay 1ms "$FAKE/team/box:latest"
	start_fake_registry "$LAYOUT-empty" limit=1 retry-after=1
	use_busybox
	run -0 --separate-stderr push --retry-delay 1ms
	[[ $stderr == *"retrying in 1.0 s"* ]]
}

@test "CVE-2020-15157: where blobs are said to be" {
	for place in . file:///etc/passwd ftp://localhost/x gopher://x "" \
		"http://user@" "//" "http://localhost:1/x"; do
		start_fake_registry "$LAYOUT" "lead=$place" basic
		run dhow pull -q --retry 0 --creds user:secret \
			"$FAKE/team/box:latest"
		refused ""
		[ "$(wc -l <"$FAKE_LOG")" -le 12 ]
	done
}

# Somebody asked the second origin, and nobody said there who he was.
second_origin_knows_nothing() {
	[ "$(fake_saw "\"port\": ${FAKE_CDN#*:},")" -ge 2 ]
	! grep "\"port\": ${FAKE_CDN#*:}," "$FAKE_LOG" |
		grep -v '"authorization": null'
}

@test "CVE-2022-23538: a token stays with whom it is for" {
	start_fake_registry "$LAYOUT" redirect token
	run -0 dhow pull -q --creds user:secret "$FAKE/team/box:latest"
	grep -q Bearer "$FAKE_LOG"
	second_origin_knows_nothing
	use_busybox
	start_fake_registry "$LAYOUT-empty" take-away token
	run -0 push --creds user:secret
	grep -q Bearer "$FAKE_LOG"
	second_origin_knows_nothing
	start_fake_registry "$LAYOUT" redirect token
	run -0 dhow copy -q --src-creds user:secret \
		"docker://$FAKE/team/box:latest" "oci:$HOME/copy:x"
	rm -r "$HOME/copy"
	second_origin_knows_nothing
}

@test "a push that is cut anywhere arrives whole" {
	for length in 300000 900000; do
		start_fake_registry "$LAYOUT-empty" take-cut-within=$length
		use_busybox
		run -0 push --retry 30 --retry-delay 1ms
		dhow rmi -af >/dev/null
		run -0 dhow pull -q "$FAKE/team/box:1"
		dhow rmi -af >/dev/null
	done
}

# --- full disks --------------------------------------------------------------

# full_disk PREPARE COMMAND KB...: see there; sets $output.
full_disk() {
	unshare -Urm true 2>/dev/null || skip "no user namespaces"
	mkdir -p "$BATS_TEST_TMPDIR/disk"
	run unshare -Urm "$LIB/full_disk.sh" "$BATS_TEST_TMPDIR/disk" "$DHOW" \
		"$@"
	echo "$output"
	[ "$status" = 0 ]
}

# Five layers, one of which takes much more room than its blob.
make_wide_image() {
	local n layers=()
	mkdir -p "$BATS_TEST_TMPDIR/wide/t"
	for n in 1 2 3; do
		head -c 200000 /dev/urandom >"$BATS_TEST_TMPDIR/wide/t/f$n"
		tar -C "$BATS_TEST_TMPDIR/wide/t" --owner=0 --group=0 \
			-cf "$BATS_TEST_TMPDIR/wide/$n.tar" "f$n"
		layers+=("$BATS_TEST_TMPDIR/wide/$n.tar")
	done
	head -c 4000000 /dev/zero >"$BATS_TEST_TMPDIR/wide/t/zeros"
	tar -C "$BATS_TEST_TMPDIR/wide/t" --owner=0 --group=0 \
		-cf "$BATS_TEST_TMPDIR/wide/z.tar" zeros
	python3 "$LIB/mkimage.py" "$1" wide:latest --config '{}' \
		"$(busybox_tar)" "${layers[@]}" "$BATS_TEST_TMPDIR/wide/z.tar"
}

@test "a disk that is full at any place: pull" {
	make_wide_image "$BATS_TEST_TMPDIR/wide.tar"
	mkdir "$BATS_TEST_TMPDIR/layout"
	tar -xf "$BATS_TEST_TMPDIR/wide.tar" -C "$BATS_TEST_TMPDIR/layout"
	start_fake_registry "$BATS_TEST_TMPDIR/layout"
	FAKE_LOG=$FAKE_LOG full_disk true \
		"dhow pull -q $FAKE/team/wide:latest" \
		0 8 300 1000 1800 2600 {3400..9000..400} 20000
	[[ $output =~ ^([0-9]+)\ failed,\ ([0-9]+)\ blobs ]]
	[ "${BASH_REMATCH[1]}" -ge 12 ]
	[ "${BASH_REMATCH[2]}" -ge 20 ]
}

@test "a disk that is full at any place: load, save, copy, push, commit" {
	wide=$BATS_TEST_TMPDIR/wide.tar
	make_wide_image "$wide"
	full_disk true "dhow load -q -i $wide" \
		0 8 200 1000 {2000..9000..1400} 20000
	unset FAKE_LOG
	use="dhow load -q -i $wide"
	full_disk "$use" "dhow save -o $BATS_TEST_TMPDIR/disk/a wide" \
		0 4 100 700 1200 1700 20000
	full_disk "$use" "dhow copy -q wide oci:$BATS_TEST_TMPDIR/disk/o:x" \
		0 4 100 700 1200 1700 20000
	full_disk "dhow import $(busybox_tar) plain:1" \
		"dhow copy -q plain:1 docker-archive:$BATS_TEST_TMPDIR/disk/d" \
		0 100 1000 1900 20000
	start_fake_registry "$LAYOUT-empty" mount-no
	log=$FAKE_LOG
	unset FAKE_LOG
	full_disk "dhow import $(busybox_tar) plain:1" \
		"dhow push -q plain:1 docker://$FAKE/team/x:\$kb" \
		0 8 300 600 900 20000
	FAKE_LOG=$log
	# A container is made where there is all it takes, and goes there whole.
	dhow --root "$HOME/made" load -q -i "$wide"
	dhow --root "$HOME/made" create --name made wide true
	dhow --root "$HOME/made" cp "$(busybox_tar)" made:/more.tar
	full_disk "cp -a $HOME/made $BATS_TEST_TMPDIR/disk/store" \
		"dhow commit made new:1" 0 8 300 1700 2500 20000
}
