#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Images from anywhere to anywhere: copy, and transports where an image is
# asked for.

bats_require_minimum_version 1.5.0
load lib/common
load lib/registry

setup_file() {
	dhow_setup_file
	[ -z "${DHOW_TEST_DRIVER:-}" ] || skip "no driver takes part"
	registry_missing docker-registry skopeo
	start_registry
	ARCHIVE=$(cached busybox-2.oci make_busybox_image)
	export ARCHIVE
	dhow copy -q "oci-archive:$ARCHIVE" "docker://$REGISTRY/team/box:1"
}

teardown_file() {
	stop_registries
	dhow_teardown_file
}

setup() { mkdir -p "$HOME/out"; }

teardown() {
	rm -rf "$HOME/out"
	dhow rmi -af >/dev/null 2>&1 || true
}

digest_of() {
	skopeo inspect --tls-verify=false --format '{{.Digest}}' "$1"
}

@test "from a registry to files and back, digests stay" {
	source=docker://$REGISTRY/team/box:1
	want=$(digest_of "$source")
	for place in "oci:$HOME/out/dir:name" "oci-archive:$HOME/out/o.tar:x" \
		"docker-archive:$HOME/out/d.tar:box:1" "dir:$HOME/out/plain"; do
		run -0 dhow copy -q "$source" "$place"
		[ "$output" = "$want" ]
		case $place in
		docker-archive:*) ;;
		*) [ "$(digest_of "$place")" = "$want" ] ;;
		esac
		run -0 dhow copy -q "$place" "docker://$REGISTRY/back/box:1"
		skopeo inspect --config --tls-verify=false \
			"docker://$REGISTRY/back/box:1" | cmp - <(skopeo \
			inspect --config --tls-verify=false "$source")
	done
	# Nothing was unpacked, and nothing stays.
	[ -z "$(find "$STORE/layers" -mindepth 1)" ]
	[ -z "$(find "$STORE/blobs/sha256" "$STORE/tmp" -type f)" ]
	[ "$(dhow images -q)" = "" ]
}

@test "within a registry no layer passes this host" {
	run -0 dhow copy -q "docker://$REGISTRY/team/box:1" \
		"docker://$REGISTRY/moved/box:1"
	[ "$(digest_of "docker://$REGISTRY/moved/box:1")" = "$output" ]
	layer=$(skopeo inspect --raw --tls-verify=false \
		"docker://$REGISTRY/team/box:1" | python3 -c 'import json, sys
print(json.load(sys.stdin)["layers"][0]["digest"])')
	[ "$(grep -c "GET /v2/team/box/blobs/$layer" "$SERVED_LOG")" = 0 ] ||
		[ "$(grep -c "PATCH /v2/moved/box" "$SERVED_LOG")" = 0 ]
}

@test "skopeo reads what copy writes, and the other way round" {
	run -0 dhow copy -q "oci-archive:$ARCHIVE" "dir:$HOME/out/plain"
	skopeo copy -q "dir:$HOME/out/plain" "oci:$HOME/out/s:one"
	skopeo copy -q "dir:$HOME/out/plain" "docker-archive:$HOME/out/s.tar:b:1"
	skopeo copy -q "dir:$HOME/out/plain" "oci-archive:$HOME/out/so.tar:b:1"
	for place in "oci:$HOME/out/s:one" "oci:$HOME/out/s" \
		"docker-archive:$HOME/out/s.tar" "oci-archive:$HOME/out/so.tar"; do
		run -0 dhow copy -q "$place" "docker://$REGISTRY/team/s:1"
		digest_of "docker://$REGISTRY/team/s:1"
	done
}

@test "pull and run take transports" {
	run -0 dhow copy -q "oci-archive:$ARCHIVE" "oci:$HOME/out/dir:my/box:2"
	run -0 dhow pull -q "oci:$HOME/out/dir:my/box:2"
	[ "$(dhow images --format '{{.Repository}}:{{.Tag}}')" = my/box:2 ]
	dhow rmi -af >/dev/null
	run -0 dhow run --rm -q --network none "oci:$HOME/out/dir" echo one
	[ "$output" = one ]
	run -0 dhow run --rm -q --network none "docker://$REGISTRY/team/box:1" \
		echo two
	[ "$output" = two ]
	dhow save -o "$HOME/out/d.tar" my/box:2
	dhow rmi -af >/dev/null
	run -0 dhow run --rm -q --network none "docker-archive:$HOME/out/d.tar" \
		echo three
	[ "$output" = three ]
	run -0 dhow copy -q my/box:2 "dir:$HOME/out/plain"
	dhow rmi -af >/dev/null
	run -0 dhow pull -q "dir:$HOME/out/plain"
	[[ $output =~ ^sha256: ]]
	run -0 dhow copy -q "dir:$HOME/out/plain" containers-storage:named:1
	run -0 dhow run --rm --network none named:1 echo four
	[ "$output" = four ]
}

@test "push takes them, too" {
	use_busybox
	run -0 dhow push -q busybox "oci:$HOME/out/dir:x"
	run -0 dhow push -q busybox "dir:$HOME/out/plain"
	run -0 dhow push -q busybox "docker-archive:$HOME/out/d.tar"
	run -0 dhow load -i "$HOME/out/d.tar"
	[ "$output" = "Loaded image: busybox:latest" ]
}

@test "several platforms, and one of them" {
	for arch in amd64 arm64; do
		python3 "$LIB/mkimage.py" "$HOME/out/$arch.tar" "m:$arch" \
			--arch "$arch" --config '{}' \
			'[{"path": "arch", "data": "'"$arch"'"}]'
		dhow copy -q "oci-archive:$HOME/out/$arch.tar" \
			"docker://$REGISTRY/multi/box:$arch"
	done
	dhow manifest create "$REGISTRY/multi/box:all" \
		"$REGISTRY/multi/box:amd64" "$REGISTRY/multi/box:arm64"
	dhow manifest push -q "$REGISTRY/multi/box:all"
	want=$(digest_of "docker://$REGISTRY/multi/box:all" 2>/dev/null ||
		true)
	run -0 dhow copy -q --all "docker://$REGISTRY/multi/box:all" \
		"oci:$HOME/out/multi:all"
	[ "$(find "$HOME/out/multi/blobs/sha256" -type f | wc -l)" = 7 ]
	run -0 dhow copy -q --all "oci:$HOME/out/multi:all" \
		"docker://$REGISTRY/multi/copy:all"
	run -0 skopeo inspect --raw --tls-verify=false \
		"docker://$REGISTRY/multi/copy:all"
	[[ $output == *amd64*arm64* ]]
	run -0 dhow copy -q --platform linux/arm64 \
		"docker://$REGISTRY/multi/box:all" "oci:$HOME/out/one:x"
	run -0 skopeo inspect --config "oci:$HOME/out/one:x"
	[[ $output == *arm64* ]]
	run -1 dhow copy -q --platform linux/s390x \
		"docker://$REGISTRY/multi/box:all" "oci:$HOME/out/none:x"
	[[ $output == *"linux/amd64, linux/arm64"* ]]
	run -0 dhow pull -q --platform linux/arm64 "$REGISTRY/multi/box:all"
	[ "$(dhow image inspect --format '{{.Architecture}}' \
		"$REGISTRY/multi/box:all")" = arm64 ]
}

@test "what is there is not what it claims" {
	dhow copy -q "oci-archive:$ARCHIVE" "oci:$HOME/out/dir:x"
	big=$(find "$HOME/out/dir/blobs" -size +100k)
	printf X | dd of="$big" bs=1 seek=5000 conv=notrunc status=none
	run -1 dhow copy -q "oci:$HOME/out/dir:x" "docker://$REGISTRY/bad/box:1"
	[[ $output == *digest* ]]
	run -1 dhow pull -q "oci:$HOME/out/dir:x"
	run -1 dhow copy -q "oci:$HOME/out/dir:absent" "dir:$HOME/out/p"
	[[ $output == *"called 'absent'"* ]]
	run -1 dhow copy -q busybox other
	[[ $output == *"docker://other"* ]]
	run -1 dhow copy -q docker-daemon:x "dir:$HOME/out/p"
	ln -s /etc/passwd "$HOME/out/dir/blobs/sha256/$(printf 0%.0s {1..64})"
	mkfifo "$HOME/out/fifo"
	run -1 timeout 20 "$DHOW" copy -q "dir:$HOME/out" "dir:$HOME/out/p"
}

@test "compose config pins images by what the registry has" {
	cd "$HOME/out"
	printf '%s\n' "services:" "  box: {image: $REGISTRY/team/box:1}" \
		"  own: {build: .}" >compose.yaml
	digest=$(digest_of "docker://$REGISTRY/team/box:1")
	run -0 dhow compose config --resolve-image-digests
	[[ $output == *"image: $REGISTRY/team/box:1@$digest"* ]]
	run -0 dhow compose config --lock-image-digests
	[ "${lines[0]}" = services: ]
	[[ $output == *"@$digest" && $output != *own* ]]
	sed -i 's/box:1/box:2/' compose.yaml
	run -1 dhow compose config --lock-image-digests
	[[ $output == *"Error: "*team/box*"no tag '2'"* ]]
}
