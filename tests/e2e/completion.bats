# SPDX-License-Identifier: Apache-2.0
# What the shells offer, word by word.
bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	mkdir -p "$BATS_FILE_TMPDIR/zsh"
	dhow completion bash >"$BATS_FILE_TMPDIR/dhow.bash"
	dhow completion fish >"$BATS_FILE_TMPDIR/dhow.fish"
	dhow completion zsh >"$BATS_FILE_TMPDIR/zsh/_dhow"
	PATH=$(dirname "$DHOW"):$PATH
	export PATH
}

# in_bash LINE WORD...
in_bash() {
	bash "$BATS_TEST_DIRNAME/lib/complete.bash" \
		"$BATS_FILE_TMPDIR/dhow.bash" "$@"
}

in_fish() {
	command -v fish >/dev/null || skip "fish is not installed"
	fish -N -c "source '$BATS_FILE_TMPDIR/dhow.fish'; complete -C'$1'"
}

in_zsh() {
	command -v zsh >/dev/null || skip "zsh is not installed"
	zsh -f "$BATS_TEST_DIRNAME/lib/complete.zsh" \
		"$BATS_FILE_TMPDIR/zsh" "$1"
}

@test "bash: commands and groups" {
	run in_bash "dhow ver" dhow ver
	[ "$output" = version ]
	run in_bash "dhow im" dhow im
	[[ "$output" == *image* && "$output" == *images* ]]
	run in_bash "dhow image ins" dhow image ins
	[ "$output" = inspect ]
	run in_bash "dhow -D --root /x help ver" dhow -D --root /x help ver
	[ "$output" = version ]
}

@test "bash: flags end where the command of the container begins" {
	run in_bash "dhow run --rea" dhow run --rea
	[ "${lines[0]}" = --read-only ]
	run in_bash "dhow run -it img --rea" dhow run -it img --rea
	[ -z "$output" ]
	run in_bash "dhow run -itv /x --rea" dhow run -itv /x --rea
	[ "${lines[0]}" = --read-only ]
}

@test "bash: values of flags, behind a blank and behind =" {
	run in_bash "dhow run --pull n" dhow run --pull n
	[ "$output" = "$(printf 'never\nnewer')" ]
	run in_bash "dhow run --pull=n" dhow run --pull = n
	[ "$output" = "$(printf 'never\nnewer')" ]
	run in_bash "dhow run --cap-add SYS_PT" dhow run --cap-add SYS_PT
	[ "$output" = SYS_PTRACE ]
	run in_bash "dhow run --network no" dhow run --network no
	[ "$output" = none ]
}

@test "bash: texts stand beside words that are only listed" {
	COMP_TYPE=63 run in_bash "dhow run --read" dhow run --read
	[[ "${lines[0]}" == "--read-only "*"(nothing but volumes can be written)" ]]
	COMP_TYPE=63 run in_bash "dhow run --read-only-" dhow run --read-only-
	[ "$output" = --read-only-tmpfs ]
}

@test "bash: names of images come from the store, colons and all" {
	mkdir -p "$BATS_TEST_TMPDIR/root"
	tar -C "$BATS_TEST_TMPDIR/root" -c . | dhow import - name/one:v1
	run in_bash "dhow run na" dhow run na
	[ "$output" = name/one:v1 ]
	run in_bash "dhow run name/one:v" dhow run name/one : v
	[ "$output" = v1 ]
	run in_bash "dhow rmi na" dhow rmi na
	[ "$output" = name/one:v1 ]
}

@test "fish: commands, flags, values" {
	run in_fish "dhow ver"
	[[ "$output" == version* ]]
	run in_fish "dhow container r"
	[[ "$output" == *run* ]]
	run in_fish "dhow run --read-only-"
	[[ "$output" == --read-only-tmpfs* ]]
	run in_fish "dhow run img --read-only-"
	[ -z "$output" ]
	run in_fish "dhow run -it --pull=nev"
	[[ "$output" == --pull=never* ]]
}

@test "zsh: commands, flags, values" {
	run in_zsh "dhow ver"
	[[ "$output" == *"dhow version "* ]]
	run in_zsh "dhow run -it --read-only-t"
	[[ "$output" == *"--read-only-tmpfs "* ]]
	run in_zsh "dhow run --cap-add SYS_PT"
	[[ "$output" == *"SYS_PTRACE "* ]]
	run in_zsh "dhow container ru"
	[[ "$output" == *"container run "* ]]
}

@test "the answer comes within 50 ms with 1000 names" {
	local root=$BATS_TEST_TMPDIR/many i start end best=999999
	mkdir -p "$root"
	python3 - "$root" <<'P'
import json, sys, pathlib
root = pathlib.Path(sys.argv[1])
(root / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
rows = [{"mediaType": "application/vnd.oci.image.manifest.v1+json",
         "digest": "sha256:%064x" % i, "size": 500, "annotations":
         {"org.opencontainers.image.ref.name": f"docker.io/library/i{i}:1"}}
        for i in range(1000)]
(root / "index.json").write_text(json.dumps(
    {"schemaVersion": 2, "manifests": rows}))
P
	for i in 1 2 3 4 5; do
		start=$(date +%s%N)
		"$DHOW" --root "$root" __complete image i99 >"$root/out"
		end=$(date +%s%N)
		[ $((end - start)) -ge "$best" ] || best=$(((end - start)))
	done
	[ "$(wc -l <"$root/out")" -eq 11 ]
	[ "$best" -lt 50000000 ]
}
