#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# dhow doctor and dhow info: what this host allows, told as it is.

bats_require_minimum_version 1.5.0
load lib/common

# A program of an ordinary user where no user namespace may be made.
without_userns() {
	local other=$TEST_RUN.other

	mkdir "$other"
	unshare -U --map-root-user --map-auto sh -c '
		echo 0 >/proc/sys/user/max_user_namespaces
		chmod 755 "$1"
		install -d -m 700 -o 1000 -g 1000 "$1/home" "$1/run"
		tmp=$1; shift
		exec setpriv --reuid 1000 --regid 1000 --clear-groups env \
			XDG_RUNTIME_DIR="$tmp/run" HOME="$tmp/home" "$@"' sh \
		"$other" "$@"
}

teardown() {
	[ ! -e "$TEST_RUN.other" ] ||
		python3 "$LIB/asroot.py" rm -rf "$TEST_RUN.other"
}

@test "every line says ok, degraded or missing, and a loss has a remedy" {
	run -0 dhow doctor
	for name in kernel 'user namespaces' sub-ids store overlay fuse tun \
		cgroups 'run directory' seccomp dhow-net dhow-transfer; do
		grep -qE "^(ok|degraded) +$name " <<<"$output"
	done
	lost=$(grep -c '^ *lost: ' <<<"$output" || true)
	[ "$lost" = "$(grep -c '^ *do:   ' <<<"$output" || true)" ]
	[ "$lost" = "$(grep -c '^degraded' <<<"$output" || true)" ]
	[[ ${lines[-1]} == *"id mode $(id_mode)"*"can run here"* ]]
}

@test "the JSON form says the same" {
	dhow doctor --format json >"$BATS_TEST_TMPDIR/json"
	run -0 python3 - "$BATS_TEST_TMPDIR/json" <<-'PYTHON'
		import json, sys
		report = json.load(open(sys.argv[1]))
		assert report["usable"] is True
		for check in report["checks"]:
		    assert check["state"] in ("ok", "degraded"), check
		    assert (check["state"] == "ok") == (check["remedy"] == "")
		print(report["idMode"], report["storageDriver"])
	PYTHON
	[[ $output == "$(id_mode) "* ]]
}

@test "doctor leaves nothing in the store" {
	run -0 dhow doctor
	[ -z "$(find "$STORE" -type f)" ]
	[ -z "$(ls -A "$STORE/tmp" 2>/dev/null)" ]
}

@test "a host without user namespaces: missing, with the line to ask for" {
	[ "$(id_mode)" = range ] || skip "needs sub-ids to stand for such a host"
	run -1 without_userns "$DHOW" doctor
	grep -qE '^missing +user namespaces ' <<<"$output"
	[[ $output == *"sysctl -w user.max_user_namespaces="* ]]
	[[ ${lines[-1]} == *"cannot run here"* ]]
}

@test "run on a host without user namespaces fails with cause and remedy" {
	[ "$(id_mode)" = range ] || skip "needs sub-ids to stand for such a host"
	local archive
	archive=$(cached busybox-2.oci make_busybox_image)
	run without_userns "$DHOW" load -q -i "$archive"
	[ "$status" = 1 ] || [ "$status" = 125 ]
	[[ $output == *"user namespace"* ]]
	[[ $output == *"hint: "* ]]
	[ "${#lines[@]}" -le 2 ]
}

@test "info answers what scripts ask docker for" {
	run -0 dhow info --format \
		'{{.OSType}} {{.Swarm.LocalNodeState}} {{.NCPU}} {{.CgroupVersion}}'
	[[ $output == "linux inactive $(nproc) "[12] ]]
	run -0 dhow info --format json
	python3 -c 'import json, sys
info = json.loads(sys.argv[1])
for name in ("ServerVersion", "Driver", "Architecture", "MemTotal",
             "SecurityOptions", "DockerRootDir", "Runtimes", "Name"):
    assert name in info, name' "$output"
	run -125 dhow info --format '{{.NoSuchField}}' ||
		run -1 dhow info --format '{{.NoSuchField}}'
	[[ $output == *NoSuchField* ]]
	run -0 dhow system info
}

@test "a runtime directory that is another's is passed over, and said" {
	is_root && skip "root may write everywhere"
	XDG_RUNTIME_DIR=/root run -0 dhow doctor
	grep -qE '^degraded +run directory' <<<"$output"
}

@test "the store can be told apart by --root and XDG_DATA_HOME" {
	run -0 dhow --root "$BATS_TEST_TMPDIR/elsewhere" info \
		--format '{{.DockerRootDir}}'
	[ "$output" = "$BATS_TEST_TMPDIR/elsewhere" ]
	XDG_DATA_HOME=$BATS_TEST_TMPDIR/data run -0 dhow info \
		--format '{{.DockerRootDir}}'
	[ "$output" = "$BATS_TEST_TMPDIR/data/dhow" ]
}
