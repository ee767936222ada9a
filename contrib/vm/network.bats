#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The way out, the way in and names, on the oldest kernel that is tested.

bats_require_minimum_version 1.5.0
load ../../tests/e2e/lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

teardown() { dhow rm -fa >/dev/null; }

# Not wget's own -T: that of Debian 12's busybox-static ends in SIGSEGV.
fetch() { timeout 100 busybox wget -qO- "http://$1/"; }
says() { [ "$(fetch "$1" 2>/dev/null)" = "$2" ]; }

# serve NAME TEXT FLAG...: a container whose web server says TEXT.
serve() {
	local name=$1 text=$2
	shift 2
	dhow run -d --name "$name" "$@" busybox sh -c \
		"mkdir /www; echo $text >/www/index.html; httpd -f -h /www" 3>&-
}

@test "a server of the host is reached by its name, and by no other way" {
	local port=$((9100 + $(id -u))) url
	url=http://host.docker.internal:$port/
	mkdir "$BATS_TEST_TMPDIR/www"
	echo "from the host" >"$BATS_TEST_TMPDIR/www/index.html"
	busybox httpd -f -p "127.0.0.1:$port" -h "$BATS_TEST_TMPDIR/www" 3>&- &
	wait_for 50 says "127.0.0.1:$port" "from the host"
	run -0 dhow run --rm busybox wget -qO- "$url"
	[ "$output" = "from the host" ]
	run -1 dhow run --rm --network none busybox wget -qO- "$url"
	kill $!
}

@test "a published port is answered by its container, until it ends" {
	local at
	serve web published -p 127.0.0.1::80
	wait_for 100 says "$(dhow port web 80)" published
	dhow restart -t 0 web
	at=$(dhow port web 80)
	wait_for 100 says "$at" published
	dhow stop -t 0 web
	run ! fetch "$at"
}

@test "containers of one network find each other by name, others do not" {
	dhow network create --internal inner
	serve shop "one network" --network inner --network-alias till
	for name in shop till; do
		run -0 timeout 100 "$DHOW" run --rm --network inner busybox \
			sh -c "until wget -qO- http://$name/ 2>/dev/null; do :; done"
		[ "$output" = "one network" ]
	done
	run -0 dhow run --rm --network inner busybox nslookup shop
	run ! dhow run --rm --network inner busybox nslookup nobody
	run ! dhow run --rm busybox nslookup shop
	dhow rm -f shop
	dhow network rm inner
}
