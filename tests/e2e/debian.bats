#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# A whole distribution as an image: what people really run.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_debian
}

@test "it is the distribution it says it is" {
	run -0 dhow run --rm --network none debian:12 cat /etc/os-release
	[[ $output == *'VERSION_ID="12"'* ]]
}

@test "bash at a terminal: resize, Ctrl-C, Ctrl-Z, exit status" {
	dhow_words
	pty size:30x90 'expect:#' 'send:stty size\r' 'expect:30 90' \
		size:40x100 sleep:0.3 'send:stty size\r' 'expect:40 100' \
		'send:sleep 60\r' sleep:0.5 'send:^C' 'expect:#' \
		'send:sleep 60\r' sleep:0.5 'send:^Z' 'expect:Stopped' \
		'send:kill -9 %1; fg\r' 'expect:#' 'send:exit 5\r' exit:5 \
		-- "${DHOW_WORDS[@]}" run --rm -it --network none debian:12 \
		bash
}

@test "apt-get update and install, accounts and owners included" {
	run -0 dhow run --rm debian:12 sh -ec '
		export DEBIAN_FRONTEND=noninteractive
		apt-get -qq update
		apt-get -qq install -y --no-install-recommends hello cron \
			>/dev/null
		hello
		grep -c ^crontab: /etc/group
		useradd -m ada
		su ada -c "echo su works"'
	[[ $output == *"Hello, world!"* ]]
	[[ $output == *"su works"* ]]
}

@test "owners inside are as the image has them" {
	[ "$(id_mode)" != single ] || skip "one id: all files are one user's"
	run -0 dhow run --rm --network none debian:12 stat -c '%U:%G %a' \
		/etc/shadow /var/mail /usr/bin/passwd /var/local
	[ "${lines[0]}" = "root:shadow 640" ]
	[ "${lines[1]}" = "root:mail 2775" ]
	[ "${lines[2]}" = "root:root 4755" ]
	[ "${lines[3]}" = "root:staff 2775" ]
}

@test "a service's user is another than root" {
	[ "$(id_mode)" != single ] || skip "one id: all users are one"
	run -0 dhow run --rm --network none debian:12 sh -c '
		touch /tmp/f && chown www-data:www-data /tmp/f &&
		stat -c %U /tmp/f && chmod 600 /root && su -s /bin/sh www-data \
			-c "id -un; ls /root 2>&1; true"'
	[ "${lines[0]}" = www-data ]
	[ "${lines[1]}" = www-data ]
	[[ ${lines[2]} == *"ermission denied"* ]]
}
