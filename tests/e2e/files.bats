#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# dhow cp, diff, commit, export: a container's files from outside.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
	dhow run -d --name live --network none -v box-data:/data busybox \
		sh -c "$(fill_script); exec sleep 1000" 3>&-
	dhow run --name still --network none busybox sh -c "$(fill_script)"
	wait_for 100 dhow exec live test -e /ready
}

teardown_file() {
	dhow rm -f live still
	dhow volume rm -f box-data
	dhow_teardown_file
}

# The same files in both; /srv/out and the like lead outside.
fill_script() {
	cat <<-'END'
		mkdir -p /srv/a/b && echo one >/srv/a/1 && echo two >/srv/a/b/2
		chmod 750 /srv/a/b && ln -s /etc/passwd /srv/a/link
		ln -s /srv/a /srv/la && ln -s ../../../../../tmp/dhow-out /srv/out
		ln -s /proc/self/root/etc /srv/magic
		rm -rf /var/lib/data && mkdir /var/lib/data
		echo new >/var/lib/data/new && echo more >>/etc/group
		rm /bin/false && touch /ready
	END
}

setup() { cd "$BATS_TEST_TMPDIR" || exit 1; }

both() {
	local box
	for box in live still; do
		rm -rf "${BATS_TEST_TMPDIR:?}"/*
		"$@" "$box"
	done
}

@test "cp out: files, directories, what is in them, links" {
	both cp_out
}

cp_out() {
	dhow cp "$1:/srv/a/1" one
	[ "$(cat one)" = one ]
	dhow cp "$1:/srv/a" .
	[ "$(cat a/b/2)" = two ]
	[ "$(stat -c %a a/b)" = 750 ]
	[ "$(readlink a/link)" = /etc/passwd ]
	[ "$(stat -c %u a/1)" = "$(id -u)" ]
	dhow cp "$1:/srv/a" fresh
	[ -e fresh/b/2 ]
	mkdir into
	dhow cp "$1:srv/a/." into
	[ -e into/b/2 ]
	dhow cp "$1:/srv/la" link
	[ -L link ]
	dhow cp -L "$1:/srv/la" followed
	[ -e followed/1 ]
	run -1 dhow cp "$1:/no/such" .
	[[ $output == *"/no/such"* ]]
	run -1 dhow cp "$1:/srv/a" one
	[[ $output == *"onto the file"* ]]
}

@test "cp in: the target decides the name, and root owns it" {
	both cp_in
}

cp_in() {
	mkdir -p d/e
	echo text >f
	echo deep >d/e/g
	chmod 4755 d/e/g
	dhow cp f "$1:/tmp/"
	dhow cp f "$1:/tmp/named"
	dhow cp d "$1:/tmp"
	dhow cp d/. "$1:/tmp/made"
	dhow cp "$1:/tmp" - >tmp.tar
	run -0 tar tvf tmp.tar --numeric-owner
	[[ $output == *" 0/0 "*" tmp/f"* ]]
	[[ $output == *"-rwsr-xr-x 0/0 "*" tmp/d/e/g"* ]]
	[[ $output == *"tmp/named"* ]]
	[[ $output == *"tmp/made/e/g"* ]]
	run -1 dhow cp f "$1:/no/such/dir/"
	run -1 dhow cp d "$1:/tmp/named"
	run -1 dhow cp f d
	[[ $output == *"CONTAINER:PATH"* ]]
	run -1 dhow cp f "no-such-box:/"
}

@test "cp ends when either end cannot go on" {
	head -c 3000000 /dev/zero >big
	for box in live still; do
		run -1 timeout 60 "$DHOW" cp big "$box:/absent/dir/big"
		[ "$(grep -c '^Error: ' <<<"$output")" = 1 ]
		run -1 timeout 60 "$DHOW" cp "$box:/bin/busybox" absent/dir/x
		[ "$(grep -c '^Error: ' <<<"$output")" = 1 ]
	done
}

@test "cp of an archive, both ways" {
	both cp_archive
}

cp_archive() {
	mkdir -p x/y
	echo z >x/y/z
	tar cf - x | dhow cp - "$1:/tmp"
	run -0 bash -c '"$0" cp "$1:/tmp/x" - | tar xOf - x/y/z' "$DHOW" "$1"
	[ "$output" = z ]
	run -1 bash -c 'echo no archive | "$0" cp - "$1:/tmp"' "$DHOW" "$1"
	run -1 bash -c 'tar cf - x | "$0" cp - "$1:/etc/passwd"' "$DHOW" "$1"
}

@test "cp reaches volumes, and a container that never ran" {
	echo v >v
	dhow cp v live:/data/v
	dhow create --name fresh --network none -v box-data:/data busybox \
		cat /data/v /w
	dhow cp v fresh:/w
	dhow cp fresh:/data/v v2
	[ "$(cat v2)" = v ]
	run -0 dhow start -a fresh
	[ "${lines[*]}" = "v v" ]
	dhow rm fresh
}

@test "CVE-2018-15664, CVE-2019-10152: cp follows no link out" {
	both cp_evil
	[ ! -e /tmp/dhow-out ]
}

cp_evil() {
	echo evil >f
	run dhow cp f "$1:/srv/out"
	run dhow cp f "$1:/srv/out/x"
	run dhow cp f "$1:/srv/magic/dhow-magic"
	[ ! -e /etc/dhow-magic ]
	[ ! -e /tmp/dhow-out ]
	run dhow cp -L "$1:/srv/out" got
	[ ! -e got ] || [ "$(cat got)" = evil ]
}

@test "CVE-2018-15664: cp while the target is exchanged" {
	local n
	dhow exec -d live sh -c 'touch /go; mkdir -p /race/real
		while [ -e /go ]; do
		ln -sfn /../../../../tmp /race/l; mv -T /race/l /race/dir
		rm -rf /race/dir; mkdir /race/dir; done'
	wait_for 50 dhow exec live test -d /race/real
	echo evil >dhow-raced
	for n in 1 2 3 4 5 6 7 8 9 10; do
		dhow cp dhow-raced live:/race/dir/ 2>/dev/null || true
		dhow cp live:/race . 2>/dev/null || true
	done
	dhow exec live rm /go
	[ ! -e /tmp/dhow-raced ]
}

@test "CVE-2023-0778: export while a file is exchanged for a link" {
	local n
	echo precious >precious
	dhow exec -d live sh -c "touch /go; mkdir -p /race
		while [ -e /go ]; do
		ln -s $PWD/precious /race/f; rm /race/f
		ln -s /../../../..$PWD/precious /race/f; rm /race/f
		echo own >/race/f; rm /race/f; done"
	for n in 1 2 3 4 5; do
		dhow export live 2>/dev/null | tar xO >all 2>/dev/null || true
		run ! grep -q precious all
	done
	dhow exec live rm /go
}

@test "GHSA-x86f-5xw2-fm2r: no program of the image unpacks for cp" {
	dhow exec live sh -c 'for p in gunzip unpigz xz; do
		printf "#!/bin/sh\ntouch /trojan\n" >/tmp/$p; chmod 755 /tmp/$p
		cp /tmp/$p /bin/$p.new && mv /bin/$p.new /bin/$p; done'
	mkdir x
	run -1 bash -c 'tar czf - x | "$0" cp - live:/tmp' "$DHOW"
	[[ $output == *"compressed"* ]]
	run -1 dhow exec live test -e /trojan
}

@test "diff tells what was added, changed and deleted" {
	local box
	for box in live still; do
		run -0 dhow diff "$box"
		[[ $output == *"C /bin"$'\n'"D /bin/false"* ]]
		[[ $output == *"C /etc"$'\n'"C /etc/group"* ]]
		[[ $output == *"A /ready"* ]]
		[[ $output == *"A /srv/a/b/2"* ]]
		[[ $output == *"A /var/lib/data/new"$'\n'"D /var/lib/data/seed"* ]]
		[[ $output != *"/etc/hosts"* ]]
		[[ $output != *"/proc"* ]]
	done
	dhow create --name idle --network none busybox true
	run -0 dhow diff idle
	[ -z "$output" ]
	dhow rm idle
}

@test "diff drives no terminal, and gives scripts the names" {
	local esc=$'\e'
	dhow_words
	dhow exec live touch "/srv/esc${esc}x"
	pty 'expect:/srv/esc?x' exit:0 -- "${DHOW_WORDS[@]}" diff live
	run -0 dhow diff live
	[[ $output == *"A /srv/esc${esc}x"* ]]
	dhow exec live rm "/srv/esc${esc}x"
}

@test "commit makes an image of it" {
	local box id
	for box in live still; do
		run -0 dhow commit -a me -m why -c 'CMD ["cat", "/srv/a/1"]' \
			-c 'ENV SET=by-commit' "$box" "made:$box"
		id=${lines[0]}
		[[ $id == sha256:* ]]
		run -0 dhow run --rm --network none "made:$box"
		[ "$output" = one ]
		run -0 dhow run --rm --network none "$id" sh -c 'echo $SET
			ls -A /var/lib/data /srv/a; cat /srv/a/b/2
			tail -1 /etc/group; [ -e /bin/false ] || echo gone'
		[[ $output == "by-commit"*"new"*"two"*"more"*"gone" ]]
		[[ $output != *seed* ]]
		run -0 dhow inspect --format \
			'{{.Author}} {{.Comment}} {{len .RootFS.Layers}}' "$id"
		[ "$output" = "me why 2" ]
	done
	run -1 dhow commit -c 'NO such' live
	run -1 dhow commit no-such-box
	run -1 dhow commit live Bad/Name
	dhow rmi -f made:live made:still
	# It goes on after it was stopped for it.
	run -0 dhow exec live true
}

@test "export writes the root without what is mounted there" {
	local box
	for box in live still; do
		dhow export -o "$box.tar" "$box"
		run -0 tar tf "$box.tar"
		[[ $output == *"srv/a/b/2"* ]]
		[[ $output == *"var/lib/data/new"* ]]
		[[ $output != *"var/lib/data/seed"* ]]
		[[ $output != *"proc/1"* ]]
		[[ $output != *"data/v"$'\n'* ]]
		dhow import -q "$box.tar" "flat:$box"
		run -0 dhow run --rm --network none "flat:$box" cat /srv/a/1
		[ "$output" = one ]
	done
	dhow rmi flat:live flat:still
	run -1 dhow export no-such-box
}
