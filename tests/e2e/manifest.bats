#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Lists of images for several platforms: manifest create, add, annotate,
# inspect, push, remove, rm.

bats_require_minimum_version 1.5.0
load lib/common
load lib/registry

setup_file() {
	dhow_setup_file
	[ -z "${DHOW_TEST_DRIVER:-}" ] || skip "no driver takes part"
	registry_missing docker-registry skopeo
	start_registry
	for arch in amd64 arm64 riscv64; do
		python3 "$LIB/mkimage.py" "$BATS_FILE_TMPDIR/$arch.tar" \
			"m/$arch:1" --arch "$arch" --config '{}' \
			'[{"path": "arch", "data": "'"$arch"'"}]'
		dhow load -q -i "$BATS_FILE_TMPDIR/$arch.tar"
	done
}

teardown_file() {
	stop_registries
	dhow_teardown_file
}

platforms() {
	skopeo inspect --raw --tls-verify=false "docker://$REGISTRY/$1" |
		python3 -c 'import json, sys
for entry in json.load(sys.stdin)["manifests"]:
    assert "annotations" not in entry or \
        "dev.dhow.source" not in entry["annotations"], entry
    platform = entry["platform"]
    print("/".join([platform["os"], platform["architecture"],
                    *filter(None, [platform.get("variant")])]))'
}

@test "images that are here become one name at a registry" {
	run -0 dhow manifest create "$REGISTRY/multi:1" m/amd64:1
	[[ $output == "Created manifest list $REGISTRY/multi:1" ]]
	run -1 dhow manifest create "$REGISTRY/multi:1" m/arm64:1
	[[ $output == *--amend* ]]
	run -0 dhow manifest create --amend "$REGISTRY/multi:1" m/arm64:1
	run -0 dhow manifest add --variant v9 --annotation a=b \
		"$REGISTRY/multi:1" m/riscv64:1
	run -0 dhow manifest exists "$REGISTRY/multi:1"
	run -1 dhow manifest exists "$REGISTRY/none:1"
	run -0 dhow manifest inspect "$REGISTRY/multi:1"
	[[ $output == *amd64*arm64*riscv64*v9* ]]
	run -0 dhow manifest push -q --digestfile "$BATS_TEST_TMPDIR/d" \
		"$REGISTRY/multi:1"
	[ "$(cat "$BATS_TEST_TMPDIR/d")" = "$output" ]
	run -0 platforms multi:1
	[ "$output" = $'linux/amd64\nlinux/arm64\nlinux/riscv64/v9' ]
	run -0 dhow pull -q --platform linux/arm64 "$REGISTRY/multi:1"
	run -0 dhow manifest rm "$REGISTRY/multi:1"
	run -1 dhow manifest rm "$REGISTRY/multi:1"
	run -0 dhow manifest rm -i "$REGISTRY/multi:1"
}

@test "images of a registry are listed without being pulled" {
	for arch in amd64 arm64; do
		dhow push -q "m/$arch:1" "docker://$REGISTRY/far/$arch:1"
	done
	before=$(dhow images -q | wc -l)
	dhow manifest create far:1 "docker://$REGISTRY/far/amd64:1"
	dhow manifest add far:1 "docker://$REGISTRY/far/arm64:1"
	run -0 dhow manifest annotate --os-version 5 --annotation x=y far:1 \
		"$REGISTRY/far/arm64:1"
	run -0 dhow manifest annotate --index --annotation all=1 far:1
	run -0 dhow manifest push --purge -q far:1 "$REGISTRY/far/all:1"
	[ "$(dhow images -q | wc -l)" = "$before" ]
	run -0 platforms far/all:1
	[ "${#lines[@]}" = 2 ]
	run -0 skopeo inspect --raw --tls-verify=false \
		"docker://$REGISTRY/far/all:1"
	[[ $output == *'"os.version":"5"'* && $output == *'"all":"1"'* ]]
	run -1 dhow manifest exists far:1
}

@test "an index is listed by its entries" {
	dhow manifest create two:1 m/amd64:1 m/arm64:1
	dhow manifest push -q two:1 "$REGISTRY/two:1"
	dhow manifest create all:1
	run -0 dhow manifest add --all all:1 "docker://$REGISTRY/two:1"
	run -0 dhow manifest inspect all:1
	[ "$(grep -c '"digest"' <<<"$output")" = 2 ]
	digest=$(grep -o 'sha256:[0-9a-f]*' <<<"$output" | head -1)
	run -0 dhow manifest remove all:1 "$digest"
	run -1 dhow manifest remove all:1 "$digest"
	run -0 dhow manifest push -q all:1 "$REGISTRY/less:1"
	run -0 platforms less:1
	[ "${#lines[@]}" = 1 ]
	run -0 dhow manifest inspect --verbose "docker://$REGISTRY/two:1"
	[ "$(grep -c '"Ref"' <<<"$output")" = 2 ]
	run -0 dhow manifest inspect "docker://$REGISTRY/two:1"
	[[ $output == *'"manifests"'* ]]
	run -0 dhow manifest inspect m/amd64:1
	[[ $output == *'"layers"'* ]]
	run -1 dhow manifest inspect "$REGISTRY/absent:1"
}

@test "what a list needs is not removed" {
	dhow tag m/amd64:1 m/kept:1
	dhow manifest create kept:1 m/kept:1
	dhow rmi -f m/kept:1 m/amd64:1
	run -0 dhow manifest push -q kept:1 "$REGISTRY/kept:1"
	dhow manifest rm kept:1
	dhow load -q -i "$BATS_FILE_TMPDIR/amd64.tar"
}

@test "imagetools: from registry to registry, with nothing kept here" {
	for arch in amd64 arm64; do
		dhow push -q "m/$arch:1" "docker://$REGISTRY/tools/box:$arch"
	done
	tools="dhow buildx imagetools"
	$tools create -t "$REGISTRY/tools/box:all" \
		-t "$REGISTRY/other/box:all" "$REGISTRY/tools/box:amd64" \
		"$REGISTRY/tools/box:arm64"
	for name in tools/box:all other/box:all; do
		run -0 platforms "$name"
		[ "$output" = $'linux/amd64\nlinux/arm64' ]
	done
	run -1 dhow manifest exists "$REGISTRY/tools/box:all"
	# An index alone stays what it is.
	run -0 $tools create --tag "$REGISTRY/tools/copy:x" \
		"$REGISTRY/tools/box:all"
	digest=$(skopeo inspect --tls-verify=false --format '{{.Digest}}' \
		--override-os linux --override-arch amd64 \
		"docker://$REGISTRY/tools/box:all")
	run -0 $tools inspect --format '{{.Manifest.Digest}}' \
		"$REGISTRY/tools/copy:x"
	[ "$output" = "$digest" ]
	run -0 $tools inspect "$REGISTRY/tools/copy:x"
	[ "${lines[0]}" = "Name:      $REGISTRY/tools/copy:x" ]
	[[ $output == *"Digest:    $digest"*"Platform:  linux/arm64"* ]]
	$tools inspect --raw "$REGISTRY/tools/copy:x" >"$BATS_TEST_TMPDIR/raw"
	[ "sha256:$(sha256sum <"$BATS_TEST_TMPDIR/raw" | cut -d' ' -f1)" = \
		"$digest" ]
	run -0 $tools inspect --format '{{json .Manifest}}' \
		"$REGISTRY/tools/copy:x"
	[[ $output == *'"manifests":[{'*"\"digest\":\"$digest\""* ]]
	# One platform of it, a note, and what was there before.
	run -0 $tools create --dry-run --platform linux/arm64 \
		--annotation a=b "$REGISTRY/tools/box:all"
	[[ $output == *arm64* && $output == *'"a": "b"'* ]]
	[[ $output != *amd64* && $output != *dev.dhow.source* ]]
	dhow push -q m/riscv64:1 "docker://$REGISTRY/tools/box:riscv64"
	run -0 $tools create --append -t "$REGISTRY/tools/copy:x" \
		"$REGISTRY/tools/box:riscv64"
	run -0 platforms tools/copy:x
	[ "$output" = $'linux/amd64\nlinux/arm64\nlinux/riscv64' ]
	run -1 $tools create "$REGISTRY/tools/box:all"
	[[ $output == *--tag* ]]
	run -1 $tools create -t "$REGISTRY/tools/n:1" --platform linux/s390x \
		"$REGISTRY/tools/box:all"
	run -1 $tools inspect "$REGISTRY/tools/absent:1"
}
