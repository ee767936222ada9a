#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Images out: push, login, logout, against Debian's docker-registry.

bats_require_minimum_version 1.5.0
load lib/common
load lib/registry

setup_file() {
	dhow_setup_file
	[ -z "${DHOW_TEST_DRIVER:-}" ] || skip "no driver takes part"
	registry_missing docker-registry skopeo
	use_busybox
	start_registry
}

teardown_file() {
	stop_registries
	dhow_teardown_file
}

setup() {
	unset DOCKER_AUTH_CONFIG REGISTRY_AUTH_FILE
	rm -rf "$HOME/.docker"
}

# Name busybox at $REGISTRY and push it.
push_as() { dhow tag busybox "$REGISTRY/$1" && dhow push -q "$REGISTRY/$1"; }

remote_digest() {
	skopeo inspect --tls-verify=false --format '{{.Digest}}' \
		"docker://$REGISTRY/$1" "${@:2}"
}

requests() { grep -c "\"$1 /v2/$2" "$SERVED_LOG" || true; }

# --- push ------------------------------------------------------------------

@test "what is pushed is what skopeo sees, and it can be pulled" {
	run -0 push_as team/box:1
	[ "$output" = "$REGISTRY/team/box:1" ]
	digest=$(remote_digest team/box:1)
	[ "$(dhow images --format '{{.Digest}}' "$REGISTRY/team/box:1")" = \
		"$digest" ]
	id=$(dhow images -q --no-trunc "$REGISTRY/team/box:1")
	dhow rmi "$REGISTRY/team/box:1"
	run -0 dhow pull "$REGISTRY/team/box:1"
	[[ $output == *"Digest: $digest"* ]]
	[ "$(dhow images -q --no-trunc "$REGISTRY/team/box:1")" = "$id" ]
	run -0 dhow run --rm --network none "$REGISTRY/team/box:1" echo hello
	[ "$output" = hello ]
}

@test "push says what docker says" {
	run -0 dhow tag busybox "$REGISTRY/team/said:1"
	run -0 dhow push "$REGISTRY/team/said:1"
	[ "${lines[0]}" = \
		"The push refers to repository [$REGISTRY/team/said]" ]
	[[ $output == *": Pushed"* || $output == *": Mounted"* ]]
	[[ ${lines[-1]} =~ ^1:\ digest:\ sha256:[0-9a-f]{64}\ size:\ [0-9]+$ ]]
	run -0 dhow push "$REGISTRY/team/said:1"
	[[ $output == *": Layer already exists"* ]]
}

@test "what is there costs one question" {
	push_as team/twice:1
	before=$(wc -l <"$SERVED_LOG")
	run -0 dhow push -q "$REGISTRY/team/twice:1"
	sed "1,${before}d" "$SERVED_LOG" | grep -o '"[A-Z]* /v2/[^"]*"' |
		sort -u >"$BATS_TEST_TMPDIR/seen"
	cat "$BATS_TEST_TMPDIR/seen"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/seen")" = 1 ]
	grep -q HEAD "$BATS_TEST_TMPDIR/seen"
}

@test "a layer of another repository there is taken over, not sent" {
	push_as from/box:1
	run -0 dhow tag busybox "$REGISTRY/to/box:1"
	run -0 dhow push "$REGISTRY/to/box:1"
	[[ $output == *": Mounted"* ]]
	grep -q 'POST /v2/to/box/blobs/uploads/?mount=' "$SERVED_LOG"
	[ "$(requests PATCH to/box/blobs/uploads)" = 0 ]
	remote_digest to/box:1
}

@test "--all-tags pushes every tag, a name without one pushes latest" {
	for tag in a b latest; do
		dhow tag busybox "$REGISTRY/team/tags:$tag"
	done
	run -0 dhow push -q -a "$REGISTRY/team/tags"
	[ "${#lines[@]}" = 3 ]
	remote_digest team/tags:b
	run -0 dhow push -q "$REGISTRY/team/tags"
	[ "$output" = "$REGISTRY/team/tags:latest" ]
	run -1 dhow push -a "$REGISTRY/team/tags:a"
	run -1 dhow push "$REGISTRY/team/absent"
	[[ $output == *"is not here"* ]]
}

@test "layers without compression get one, and others on request" {
	dhow import "$(busybox_tar)" plain:1
	dhow push -q plain:1 "docker://$REGISTRY/team/plain:1"
	skopeo inspect --raw --tls-verify=false \
		"docker://$REGISTRY/team/plain:1" | grep -q 'tar+gzip"'
	dhow push -q --compression-format zstd --digestfile \
		"$BATS_TEST_TMPDIR/digest" plain:1 "$REGISTRY/team/plain:z"
	skopeo inspect --raw --tls-verify=false \
		"docker://$REGISTRY/team/plain:z" | grep -q 'tar+zstd"'
	[ "$(cat "$BATS_TEST_TMPDIR/digest")" = \
		"$(remote_digest team/plain:z)" ]
	dhow push -q --format v2s2 plain:1 "$REGISTRY/team/plain:d"
	skopeo inspect --raw --tls-verify=false \
		"docker://$REGISTRY/team/plain:d" |
		grep -q docker.distribution.manifest.v2
	run -1 dhow push --format v2s2 --compression-format zstd plain:1 \
		"$REGISTRY/team/plain:x"
	# Each of them is the image that was imported.
	id=$(dhow images -q --no-trunc plain:1)
	for tag in 1 z d; do
		dhow pull -q "$REGISTRY/team/plain:$tag"
		[ "$(dhow images -q --no-trunc "$REGISTRY/team/plain:$tag")" = \
			"$id" ]
	done
	dhow rmi -f "$id"
}

@test "what cannot be done is refused" {
	run -125 dhow push --sign-by me busybox
	[[ $output == *cosign* ]]
	run -125 dhow push --encryption-key k busybox
	run -1 dhow push --compression-format zstd:chunked busybox
	run -1 dhow push --format v2s1 busybox
	run -1 dhow push --platform linux/s390x busybox "$REGISTRY/team/x:1"
	[[ $output == *"asked for"* ]]
	run -1 dhow push busybox "localhost:1/team/x:1"
	[[ $output == *"localhost:1"* ]]
}

# --- search ----------------------------------------------------------------

@test "search reads what a registry shows, and lists tags" {
	push_as find/one:1
	push_as find/one:2
	push_as find/two:1
	run -0 dhow search "$REGISTRY/find"
	[[ ${lines[0]} == "NAME "*DESCRIPTION*STARS*OFFICIAL ]]
	[ "${#lines[@]}" = 3 ]
	run -0 dhow search --limit 1 --format '{{.Name}}' "$REGISTRY/find"
	[ "$output" = "$REGISTRY/find/one" ]
	run -0 dhow search --list-tags "$REGISTRY/find/one"
	[ "${#lines[@]}" = 3 ]
	[[ ${lines[*]} == *"$REGISTRY/find/one "*2* ]]
	run -0 dhow search --filter stars=1 --format '{{.Name}}' \
		"$REGISTRY/find"
	[ -z "$output" ]
	run -1 dhow search --filter colour=red "$REGISTRY/find"
	run -1 dhow search localhost:1/x
}

# --- podman ----------------------------------------------------------------

# Debian's crun wants one pure cgroup tree, its runc does not.
podman_runs() {
	local runtime
	for runtime in runc crun; do
		run "${pod[@]}" --runtime $runtime --cgroup-manager cgroupfs \
			run --rm --network none "$1" echo there
		echo "$runtime: $output"
		[ "${lines[-1]}" != there ] || return 0
	done
	return 1
}

# There and back again through one kind of registry (see start_registry).
exchange() {
	local ours=() theirs=(--tls-verify=false) name digest
	# shellcheck disable=SC2086 # words
	start_registry $1
	if [ -n "$1" ]; then
		theirs=(--cert-dir "$(dirname "$FAKE_CA")" --creds user:secret)
		ours=("${theirs[@]}")
		# The token service speaks no TLS.
		[ "$1" = "tls token" ] || ours+=(--tls-verify)
	fi
	name=$REGISTRY/team/shared:1
	dhow tag busybox "$name"
	run -0 dhow push -q "${ours[@]}" "$name"
	digest=$(skopeo inspect "${theirs[@]}" --format '{{.Digest}}' \
		"docker://$name")
	[ "$(dhow images --format '{{.Digest}}' "$name")" = "$digest" ]
	run -0 "${pod[@]}" pull -q "${theirs[@]}" "$name"
	podman_runs "$name"
	run -0 "${pod[@]}" tag "$name" "$REGISTRY/team/back:1"
	run -0 "${pod[@]}" push -q "${theirs[@]}" "$REGISTRY/team/back:1"
	name=$REGISTRY/team/back:1
	run -0 dhow pull -q "${ours[@]}" "$name"
	digest=$(skopeo inspect "${theirs[@]}" --format '{{.Digest}}' \
		"docker://$name")
	[ "$(dhow images --format '{{.Digest}}' "$name")" = "$digest" ]
	run -0 dhow run --rm -q --network none "$name" echo back
	[ "$output" = back ]
}

@test "podman runs what dhow pushed, and the other way round" {
	registry_missing podman openssl
	[ "$(id_mode)" = range ] || skip "podman needs sub-ids"
	pod=(podman --root "$BATS_TEST_TMPDIR/pod" --runroot
		"$BATS_TEST_TMPDIR/podrun" --storage-driver vfs)
	exchange ""
	exchange "tls auth"
	exchange "tls token"
	run -0 "${pod[@]}" unshare rm -rf "$BATS_TEST_TMPDIR/pod"
}

# --- login -----------------------------------------------------------------

@test "login is checked, kept privately, and counts for push and pull" {
	start_registry auth
	dhow tag busybox "$REGISTRY/private/box:1"
	run -1 dhow push "$REGISTRY/private/box:1"
	[[ $output == *"push access denied"* ]]
	run -1 dhow login -u user --password-stdin "$REGISTRY" <<<wrong
	[[ $output == *"refuses the credentials"* ]]
	[ ! -e "$HOME/.docker/config.json" ]
	mkdir -p "$HOME/.docker"
	echo '{"psFormat": "x", "auths": {"other:1": {"auth": "YTpi"}}}' \
		>"$HOME/.docker/config.json"
	run -0 dhow login -u user --password-stdin "$REGISTRY" <<<secret
	[[ $output == *"Login Succeeded"* ]]
	[ "$(stat -c %a "$HOME/.docker/config.json")" = 600 ]
	grep -q psFormat "$HOME/.docker/config.json"
	grep -q other:1 "$HOME/.docker/config.json"
	[ "$(dhow login --get-login "$REGISTRY")" = user ]
	run -0 dhow push -q "$REGISTRY/private/box:1"
	run -0 dhow pull -q "$REGISTRY/private/box:1"
	run -0 dhow login "$REGISTRY"
	[[ $output == *"existing credentials"* ]]
	run -0 dhow logout "$REGISTRY"
	[ "$output" = "Removing login credentials for $REGISTRY" ]
	run -0 dhow logout "$REGISTRY"
	[ "$output" = "Not logged in to $REGISTRY" ]
	run -1 dhow pull -q "$REGISTRY/private/box:1"
	grep -q other:1 "$HOME/.docker/config.json"
	run -0 dhow logout --all
	run ! grep -q other:1 "$HOME/.docker/config.json"
}

@test "login follows a symlink, --authfile and REGISTRY_AUTH_FILE" {
	start_registry auth
	mkdir -p "$HOME/.docker" "$HOME/dot"
	ln -s ../dot/config.json "$HOME/.docker/config.json"
	dhow login -u user --password-stdin "$REGISTRY" <<<secret
	[ -L "$HOME/.docker/config.json" ]
	grep -q "$REGISTRY" "$HOME/dot/config.json"
	dhow login -u user --password-stdin --authfile "$HOME/auth.json" \
		"$REGISTRY" <<<secret
	grep -q "$REGISTRY" "$HOME/auth.json"
	REGISTRY_AUTH_FILE=$HOME/env.json dhow login -u user -p secret -v \
		"https://$REGISTRY/v2/" >"$BATS_TEST_TMPDIR/out" 2>&1
	grep -q "Used: $HOME/env.json" "$BATS_TEST_TMPDIR/out"
	grep -q "$REGISTRY" "$HOME/env.json"
	rm -rf "$HOME"/{dot,auth.json,env.json}
}

@test "a credential helper keeps what login learns" {
	start_registry auth
	mkdir -p "$HOME/.docker" "$BATS_TEST_TMPDIR/bin"
	cat >"$BATS_TEST_TMPDIR/bin/docker-credential-bats" <<-'END'
		#!/bin/sh
		kept=$(dirname "$0")/kept
		case $1 in
		store) cat >"$kept" ;;
		get) cat "$kept" 2>/dev/null || { echo "credentials not found in native keychain"; exit 1; } ;;
		erase) rm -f "$kept" ;;
		esac
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/docker-credential-bats"
	echo '{"credsStore":"bats"}' >"$HOME/.docker/config.json"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	run -0 dhow login -u user --password-stdin "$REGISTRY" <<<secret
	grep -q '"Secret":"secret"' "$BATS_TEST_TMPDIR/bin/kept"
	run ! grep -q '"auth"' "$HOME/.docker/config.json"
	dhow tag busybox "$REGISTRY/private/box:1"
	run -0 dhow push -q "$REGISTRY/private/box:1"
	run -0 dhow logout "$REGISTRY"
	[ ! -e "$BATS_TEST_TMPDIR/bin/kept" ]
}

@test "TLS with basic authentication, and with a token service" {
	start_registry tls auth
	export SSL_CERT_FILE=$FAKE_CA
	run -0 dhow login -u user --password-stdin --tls-verify "$REGISTRY" \
		<<<secret
	dhow tag busybox "$REGISTRY/private/box:1"
	run -0 dhow push -q --tls-verify "$REGISTRY/private/box:1"
	start_registry tls token
	run -1 dhow login -u user --password-stdin "$REGISTRY" <<<wrong
	run -0 dhow login -u user --password-stdin "$REGISTRY" <<<secret
	dhow tag busybox "$REGISTRY/private/box:1"
	run -0 dhow push -q "$REGISTRY/private/box:1"
	grep -q '^repository:private/box:pull,push$' "$TOKEN_LOG"
	run -0 dhow tag busybox "$REGISTRY/second/box:1"
	run -0 dhow push "$REGISTRY/second/box:1"
	[[ $output == *": Mounted"* ]]
	grep -q 'repository:private/box:pull$' "$TOKEN_LOG"
	run -0 dhow pull -q "$REGISTRY/second/box:1"
	run -0 dhow push -q --creds user:secret "$REGISTRY/second/box:1"
	unset SSL_CERT_FILE
}

@test "there is nobody to ask without a terminal" {
	run -1 setsid "$DHOW" login "$REGISTRY" </dev/null
	[[ $output == *"--password-stdin"* ]]
	run -1 dhow login --password-stdin "$REGISTRY" <<<secret
	[[ $output == *"--username"* ]]
	run -125 dhow login -p x --password-stdin -u y "$REGISTRY"
}
