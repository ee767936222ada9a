#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Who does not linger, where logind kills what is left at logout.

bats_require_minimum_version 1.5.0
load ../../tests/e2e/lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

@test "run -d says that the container ends at logout" {
	run -0 --separate-stderr dhow run -d --name gone --network none busybox \
		sleep 1000 3>&-
	[[ $stderr == *"kills your processes when you log out"* ]]
	[[ $stderr == *"loginctl enable-linger"* ]]
	dhow rm -f gone
	run -0 --separate-stderr dhow run --rm --network none busybox true
	[ -z "$stderr" ]
}
