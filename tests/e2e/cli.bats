# SPDX-License-Identifier: Apache-2.0
# The command line itself: help, names, statuses, what is printed where.
bats_require_minimum_version 1.5.0
load lib/common

@test "no command, --help and help print the same and succeed" {
	run -0 --separate-stderr dhow --help
	local help=$output
	[ -z "$stderr" ]
	run -0 dhow
	[ "$output" = "$help" ]
	run -0 dhow help
	[ "$output" = "$help" ]
}

@test "every command explains itself, in 80 columns, in three ways" {
	local path group
	while read -r path; do
		# shellcheck disable=SC2086 # two words make one command
		run -0 dhow $path --help
		local help=$output
		[ "$(awk '{ if (length > 80) print }' <<<"$help")" = "" ]
		# shellcheck disable=SC2086
		run -0 dhow help $path
		[ "$output" = "$help" ]
		# shellcheck disable=SC2086
		run -0 dhow help --man $path
		[[ "$output" == *".SH NAME"* && "$output" == *".SH SYNOPSIS"* ]]
	done < <("$DHOW" __complete command | cut -f1)
	for group in image container; do
		run -0 dhow "$group" --help
		[[ "$output" == "Usage: dhow $group COMMAND"* ]]
	done
}

@test "manual pages have no mistakes for man(1)" {
	command -v man >/dev/null || skip "man is not installed"
	local path
	while read -r path; do
		# shellcheck disable=SC2086
		"$DHOW" help --man $path >"$BATS_TEST_TMPDIR/page.1"
		run --separate-stderr man --warnings -l "$BATS_TEST_TMPDIR/page.1"
		[ -z "$stderr" ]
	done < <("$DHOW" __complete command | cut -f1)
}

@test "the version is one line with -v, --version and behind docker's name" {
	run -0 dhow --version
	[[ "$output" =~ ^dhow\ version\ [0-9.]+,\ build\ [0-9a-z]+$ ]]
	local line=$output
	run -0 dhow -v
	[ "$output" = "$line" ]
	ln -s "$DHOW" "$BATS_TEST_TMPDIR/docker"
	run -0 "$BATS_TEST_TMPDIR/docker" --version
	[ "$output" = "$line" ]
}

@test "version and info answer the questions of scripts" {
	run -0 dhow version --format '{{.Server.Version}} {{.Client.Version}}'
	[ "${output% *}" = "${output#* }" ]
	run -0 dhow version -f '{{.Server.Os}}/{{.Server.Arch}}'
	[[ "$output" == linux/* ]]
	run -0 dhow info --format '{{.Swarm.LocalNodeState}} {{.OSType}}'
	[ "$output" = "inactive linux" ]
	run -0 dhow info
	[[ "$output" == *" Storage Driver: "* ]]
	dhow info -f json | python3 -m json.tool >/dev/null
	dhow version -f json | python3 -m json.tool >/dev/null
}

@test "an unknown flag is 125 and names the nearest" {
	run -125 --separate-stderr dhow run --memroy 1g img
	[ -z "$output" ]
	[ "${stderr_lines[0]}" = "Error: unknown flag '--memroy'" ]
	[ "${stderr_lines[1]}" = "hint: did you mean '--memory'?" ]
	run -125 dhow --rot /x version
	run -125 dhow run --pull=often img
	run -125 dhow run --user
}

@test "an unknown command, or a wrong number of operands, is 1" {
	run -1 --separate-stderr dhow verison
	[ "${stderr_lines[0]}" = "Error: unknown command 'verison'" ]
	[ "${stderr_lines[1]}" = "hint: did you mean 'dhow version'?" ]
	run -1 dhow image nosuch
	run -1 dhow run
	run -1 dhow version extra
	run -1 --separate-stderr dhow swarm init
	[[ "$stderr" == *"dhow has no 'swarm'"* ]]
}

@test "what cannot work is refused with its reason" {
	run -125 --separate-stderr dhow run --cpu-rt-period 5 img
	[[ "$stderr" == "Error: --cpu-rt-period: it needs root"* ]]
	run -125 dhow --host tcp://x version
	run -0 dhow --context default version
}

@test "settings of a daemon are ignored with one warning" {
	DOCKER_HOST=tcp://nowhere run -0 --separate-stderr dhow version
	[[ "$stderr" == "warning: DOCKER_HOST is set and ignored"* ]]
	DOCKER_HOST=tcp://nowhere run -0 --separate-stderr \
		dhow --log-level error version
	[ -z "$stderr" ]
	DOCKER_CONTEXT=default run -0 --separate-stderr dhow version
	[ -z "$stderr" ]
}

@test "output that cannot be written is a failure" {
	[ -e /dev/full ] || skip "no /dev/full"
	run -1 bash -c "'$DHOW' --help >/dev/full"
	[[ "$output" == *"write to standard output"* ]]
	run -0 bash -c "'$DHOW' --version <&- 2>&-"
}
