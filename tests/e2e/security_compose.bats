#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What has gone wrong in other readers of Compose files. Tests are named after
# the record of the mistake.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

# A project, and a directory of the host that must come out as it went in.
setup() {
	VICTIM=$BATS_TEST_TMPDIR/victim
	UP=../../../../../../../../../../../..
	mkdir "$VICTIM" "$BATS_TEST_TMPDIR/proj"
	echo precious >"$VICTIM/file"
	before=$(victim_state)
	cd "$BATS_TEST_TMPDIR/proj" || return 1
}

teardown() {
	[ -z "${SERVER:-}" ] || kill "$SERVER"
	dhow compose down -v -t 0 >/dev/null 2>&1 || true
}

victim_state() {
	find "$VICTIM" -printf '%p %m %s %l\n' | sort
	cat "$VICTIM/file"
}

unharmed() { [ "$(victim_state)" = "$before" ]; }

write() { cat >compose.yaml; }

@test "CVE-2025-62725: files from elsewhere are not fetched by anything" {
	local port verb from log=$BATS_TEST_TMPDIR/log
	port=$(python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	python3 -m http.server -b 127.0.0.1 "$port" >/dev/null 2>"$log" 3>&- &
	SERVER=$!
	wait_for 100 curl -fs "http://127.0.0.1:$port/" -o /dev/null
	for from in "http://127.0.0.1:$port/c.yaml" \
		"oci://127.0.0.1:$port/c:1" "git@127.0.0.1:c.git" \
		"http://127.0.0.1:$port/c.git#main:x"; do
		for verb in config ps 'up -d' pull down; do
			# shellcheck disable=SC2086 # words
			run dhow compose -f "$from" $verb
			[ "$status" != 0 ]
			[[ $output == *"from elsewhere"* ]]
		done
		printf 'include: ["%s"]\n' "$from" | write
		run dhow compose config
		[ "$status" != 0 ]
		[[ $output == *"from elsewhere"* ]]
	done
	printf 'services: {a: {extends: {service: a, file: "%s"}}}\n' \
		"oci://127.0.0.1:$port/c" | write
	run dhow compose ps
	[ "$status" != 0 ]
	[[ $output == *"from elsewhere"* ]]
	[ "$(grep -c GET "$log")" = 1 ]
}

@test "CVE-2025-9566: secrets and configs follow no link of a volume" {
	dhow volume create seeded
	dhow run --rm --network none -v seeded:/v busybox sh -c \
		"ln -s $VICTIM/file /v/conf; ln -s $UP$VICTIM /v/up
		ln -s $VICTIM /v/abs"
	local target
	for target in conf up/file up/new abs/file abs/new; do
		write <<-X
			services:
			  a:
			    image: busybox
			    network_mode: none
			    command: cat /etc/app/$target
			    volumes: [seeded:/etc/app]
			    configs: [{source: c, target: /etc/app/$target}]
			    secrets: [{source: s, target: /etc/app/$target.s}]
			configs: {c: {content: changed}}
			secrets: {s: {environment: HOME}}
			volumes: {seeded: {external: true}}
		X
		run dhow compose run --rm -T a
		[[ $output != *precious* ]]
		unharmed
	done
	dhow volume rm seeded
}

@test "CVE-2025-62725: no name of a file's object is a path" {
	local kind
	for kind in services secrets configs volumes networks; do
		printf '%s: {"../../x": {}}\n' "$kind" | write
		run dhow compose config
		[ "$status" != 0 ]
		[[ $output == *"is no name"* ]]
	done
	write <<-'X'
		name: ../../x
		services: {a: {image: busybox}}
	X
	run -0 dhow compose config
	[ "${lines[0]}" = "name: x" ]
	run ! dhow compose -p ../../x config
	run ! dhow compose -p . config
}

# Far less than what the text stands for.
limited() {
	(
		ulimit -v 2000000
		exec timeout 60 "$DHOW" compose "$@"
	)
}

@test "aliases and files without end are refused in time" {
	{
		echo 'x-a: &a [l, l, l, l, l, l, l, l, l, l]'
		local last=a name
		for name in b c d e f g h i j k; do
			echo "x-$name: &$name [*$last, *$last, *$last, *$last," \
				"*$last, *$last, *$last, *$last, *$last, *$last]"
			last=$name
		done
		echo 'services: {s: {image: busybox}}'
	} | write
	run limited config
	[ "$status" = 1 ]
	[[ $output == *compose.yaml:* ]]
	rm compose.yaml && mkfifo compose.yaml
	run limited config
	[ "$status" = 1 ]
	rm compose.yaml && ln -s /dev/zero compose.yaml
	run limited config
	[ "$status" = 1 ]
	rm compose.yaml && truncate -s 2G compose.yaml
	run limited config
	[ "$status" = 1 ]
	rm compose.yaml
	printf 'services: {s: {image: busybox, env_file: e}}\n' | write
	mkfifo e
	run limited config
	[ "$status" = 1 ]
	rm e && truncate -s 2G e
	run limited config
	[ "$status" = 1 ]
}
