#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Containers of a home that stays, over two reboots: guest.sh runs the tests
# that belong to each boot.

bats_require_minimum_version 1.5.0
load ../../tests/e2e/lib/common

setup_file() {
	export HOME
	HOME=$(getent passwd "$(id -u)" | cut -d: -f6)
}
teardown_file() { :; }

status() { dhow inspect --format '{{.State.Status}}' "$1"; }
is() { [ "$(status "$1")" = "$2" ]; }

# D NAME FLAG...: a container that sleeps.
D() {
	local name=$1
	shift
	dhow run -d --name "$name" "$@" busybox sleep 100000 3>&-
}

@test "before the reboot: four containers, and a unit that starts them" {
	use_busybox
	D always --restart always -m 64m
	D kept --restart unless-stopped --network none
	D halted --restart unless-stopped --network none
	dhow stop -t 0 halted
	D once --network none
	run -0 dhow autostart
	[[ $output == *"enabled: systemd user unit"* ]]
	[[ $output != *warning* ]]
	systemctl --user daemon-reload
	systemctl --user is-enabled dhow-autostart.service
}

@test "ps after a reboot tells the truth before anything is started" {
	run -0 dhow ps -q
	[ -z "$output" ]
	run -0 dhow ps -a --format '{{.Names}} {{.State}}'
	[ "$(sort <<<"$output")" = $'always exited\nhalted exited\nkept exited\nonce exited' ]
}

@test "back after a reboot is what its policy wants" {
	wait_for 1200 is always running
	wait_for 600 is kept running
	is halted exited
	is once exited
	run -0 dhow inspect --format '{{.State.CgroupPath}}' always
	[[ $output == */dhow-autostart.service/dhow-* ]]
	[ "$(cat "$output/memory.max")" = 67108864 ]
	[ "$(dhow exec always echo here)" = here ]
	dhow exec always ping -c 1 -W 10 host.docker.internal
}

@test "end: all of it goes, and nothing is left" {
	run -0 dhow autostart --remove
	dhow rm -f always kept halted once
	[ -z "$(dhow ps -aq)" ]
	[ ! -e "$HOME/.config/systemd/user/dhow-autostart.service" ]
	dhow rmi busybox
	STORE=$HOME/.local/share/dhow
	wait_for 100 test -z "$(leftovers)"
}
