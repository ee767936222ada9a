#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Registries, honest and hostile: who is told what, and what is believed.

bats_require_minimum_version 1.5.0
load lib/common
load lib/registry

setup_file() {
	dhow_setup_file
	LAYOUT=$BATS_FILE_TMPDIR/layout
	mkdir "$LAYOUT"
	tar -xf "$(cached busybox-2.oci make_busybox_image)" -C "$LAYOUT"
	export LAYOUT
}

teardown_file() {
	stop_registries
	dhow_teardown_file
}

setup() {
	unset DOCKER_AUTH_CONFIG REGISTRY_AUTH_FILE CONTAINERS_REGISTRIES_CONF
	unset SSL_CERT_FILE
}

teardown() {
	rm -rf "$HOME/.docker" "$HOME/.config"
	dhow rmi -af >/dev/null 2>&1 || true
}

pull() { dhow pull -q "$@" "$FAKE/team/box:latest"; }

# The pull failed in one line about $1, and left nothing.
refused() {
	[ "$status" = 1 ]
	[ "$(grep -c '^Error: ' <<<"$output")" = 1 ]
	[[ $output == *"$1"* ]]
	[ -z "$(dhow images -q)" ]
	[ -z "$(find "$STORE/layers" "$STORE/tmp" -mindepth 1 2>/dev/null)" ]
}

# --- who we are ------------------------------------------------------------

@test "basic credentials come from config.json" {
	start_fake_registry "$LAYOUT" basic
	run pull
	refused "pull access denied"
	write_auth "$FAKE" user wrong
	run pull
	refused "refuses the credentials of user 'user'"
	write_auth "$FAKE" user secret
	run -0 pull
}

@test "docker-registry itself takes them" {
	start_registry auth
	push_image "oci:$LAYOUT" private/box:1 --dest-creds user:secret
	run dhow pull -q "$REGISTRY/private/box:1"
	[ "$status" = 1 ]
	write_auth "$REGISTRY" user secret
	run -0 dhow pull -q "$REGISTRY/private/box:1"
}

@test "credentials come from the environment, a file and the command line" {
	start_fake_registry "$LAYOUT" basic
	auth=$(printf user:secret | base64)
	json="{\"auths\":{\"$FAKE\":{\"auth\":\"$auth\"}}}"
	DOCKER_AUTH_CONFIG=$json run -0 pull
	echo "$json" >"$BATS_TEST_TMPDIR/auth.json"
	REGISTRY_AUTH_FILE=$BATS_TEST_TMPDIR/auth.json run -0 pull
	run -0 pull --authfile "$BATS_TEST_TMPDIR/auth.json"
	run -0 pull --creds user:secret
	run -1 pull --creds user:wrong
	run -1 pull --authfile "$BATS_TEST_TMPDIR/absent.json"
}

@test "a credential helper is asked" {
	start_fake_registry "$LAYOUT" basic
	mkdir -p "$HOME/.docker" "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nread -r url\necho "{\\"Username\\":\\"user\\",%s}"\n' \
		'\"Secret\":\"secret\"' \
		>"$BATS_TEST_TMPDIR/bin/docker-credential-bats"
	chmod +x "$BATS_TEST_TMPDIR/bin/docker-credential-bats"
	echo '{"credsStore":"bats"}' >"$HOME/.docker/config.json"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run -0 pull
	dhow rmi -af >/dev/null
	echo '{"credsStore":"absent"}' >"$HOME/.docker/config.json"
	run pull
	refused "pull access denied"
	[[ $output == *"docker-credential-absent"* ]]
}

@test "tokens are fetched once, and anonymous ones too" {
	start_fake_registry "$LAYOUT" anonymous-token
	run -0 pull
	[ "$(fake_saw '"path": "/token')" = 1 ]
	dhow rmi -af >/dev/null
	start_fake_registry "$LAYOUT" token
	run pull
	refused "pull access denied"
	write_auth "$FAKE" user secret
	run -0 pull
}

@test "CVE-2020-15157, CVE-2022-23538: a redirect learns no credentials" {
	start_fake_registry "$LAYOUT" redirect basic
	write_auth "$FAKE" user secret
	run -0 pull
	cdn=$(grep -c "\"port\": ${FAKE_CDN#*:}," "$FAKE_LOG")
	[ "$cdn" -ge 2 ]
	! grep "\"port\": ${FAKE_CDN#*:}," "$FAKE_LOG" | grep -q Basic
}

@test "no secret is shown by --debug" {
	start_fake_registry "$LAYOUT" token
	write_auth "$FAKE" user secret
	run -0 dhow --debug pull "$FAKE/team/box:latest"
	[[ $output != *secret* && $output != *sesame* ]]
	[[ $output != *"$(printf user:secret | base64)"* ]]
}

# --- encryption --------------------------------------------------------------

@test "CVE-2025-6032: a certificate that is not trusted ends a pull" {
	start_fake_registry --tls "$LAYOUT"
	run -0 pull
	dhow rmi -af >/dev/null
	run pull --tls-verify=true
	refused certificate
	[[ $output == *"certs.d/$FAKE/ca.crt"* ]]
	[ ! -s "$FAKE_LOG" ] || [ "$(fake_saw manifests)" = 1 ]
}

@test "certificates come from --cert-dir, certs.d and SSL_CERT_FILE" {
	start_fake_registry --tls "$LAYOUT"
	run -0 pull --tls-verify --cert-dir "$(dirname "$FAKE_CA")"
	SSL_CERT_FILE=$FAKE_CA run -0 pull --tls-verify
	mkdir -p "$HOME/.config/containers/certs.d/$FAKE"
	cp "$FAKE_CA" "$HOME/.config/containers/certs.d/$FAKE/"
	run -0 pull --tls-verify
}

@test "plain HTTP is for loopback and those who ask for it" {
	start_fake_registry "$LAYOUT"
	run pull --tls-verify=true
	refused "$FAKE"
	[[ $output == *"--tls-verify=false"* ]]
	[ ! -s "$FAKE_LOG" ]
}

# --- what is believed ----------------------------------------------------------

@test "what is not what its digest says is refused" {
	digest=$(python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))["manifests"][0]["digest"])' \
		"$LAYOUT/index.json")
	for mode in wrong-claim wrong-blob; do
		start_fake_registry "$LAYOUT" "$mode"
		run pull
		refused digest
	done
	start_fake_registry "$LAYOUT" wrong-manifest
	run dhow pull -q "$FAKE/team/box@$digest"
	refused "wrong digest"
	start_fake_registry "$LAYOUT"
	run -0 dhow pull -q "$FAKE/team/box@$digest"
}

@test "blobs longer or shorter than they should be are refused" {
	start_fake_registry "$LAYOUT" wrong-length=10
	run pull --retry 0
	refused "of its descriptor"
	start_fake_registry "$LAYOUT" wrong-length=-10
	run pull --retry 0
	refused "of its descriptor"
}

@test "a full disk ends a pull in one line" {
	unshare -Urm true 2>/dev/null || skip "no user namespaces"
	start_fake_registry "$LAYOUT"
	mkdir "$BATS_TEST_TMPDIR/small"
	for size in 64k 800k 1500k 2300k 2600k; do
		run unshare -Urm sh -ec '
			mount -t tmpfs -o size=$2 none "$1"
			set +e
			"$3" --root "$1/store" pull -q "$4/team/box:latest"
			r=$?
			"$3" --root "$1/store" images -q
			find "$1/store/tmp" -mindepth 1
			exit $r' - "$BATS_TEST_TMPDIR/small" $size "$DHOW" "$FAKE"
		[ "$status" = 1 ]
		[ "$(grep -c "^Error: " <<<"$output")" = 1 ]
		[[ $output == *"space"* || $output == *"needed and"* ]]
		[[ ${lines[-1]} == "hint: "* || ${lines[-1]} == "Error: "* ]]
	done
}

@test "layers that another store has are not fetched" {
	start_fake_registry "$LAYOUT"
	site=$BATS_TEST_TMPDIR/site
	dhow --root "$site" pull -q "$FAKE/team/box:latest"
	: >"$FAKE_LOG"
	DHOW_ADDITIONAL_STORES=/absent:$site run -0 pull
	[ "$(fake_saw /manifests/)" = 1 ]
	[ "$(fake_saw "\"port\".*/blobs/")" -le 1 ]
	dhow rmi -af >/dev/null
	# What is wrong there comes from the registry.
	chmod -R u+w "$site/blobs"
	for file in "$site"/blobs/sha256/*; do
		[ "$(stat -c %s "$file")" -lt 100000 ] ||
			printf X | dd of="$file" bs=1 seek=5000 conv=notrunc \
				status=none
	done
	DHOW_ADDITIONAL_STORES=$site run -0 pull
	run -0 dhow run --rm --network none "$FAKE/team/box:latest" echo fine
	python3 "$LIB/asroot.py" rm -rf "$site" 2>/dev/null || rm -rf "$site"
}

@test "an image that another store has needs no registry" {
	site=$BATS_TEST_TMPDIR/site
	dhow --root "$site" load -q -i "$LAYOUT"
	mkdir -p "$HOME/.config/dhow"
	echo "additional_stores: [$site]" >"$HOME/.config/dhow/config.yaml"
	name=$(dhow --root "$site" images --format '{{.Repository}}:{{.Tag}}')
	run -0 dhow run --rm -q --network none "$name" echo there
	[ "$output" = there ]
	[ "$(dhow images --format '{{.Repository}}:{{.Tag}}')" = "$name" ]
	python3 "$LIB/asroot.py" rm -rf "$site" 2>/dev/null || rm -rf "$site"
}

@test "documents of schema 1 and of 5 MiB are refused" {
	start_fake_registry "$LAYOUT" schema1
	run pull
	refused "schema 1"
	start_fake_registry "$LAYOUT" oversize
	run pull
	refused "too much"
}

# --- trouble -----------------------------------------------------------------

@test "a line that is cut again and again ends in the whole image" {
	start_fake_registry "$LAYOUT" cut=100000
	run -0 pull
	[ "$(fake_saw '"range": "bytes=')" -ge 3 ]
	run -0 dhow run --rm --network none "$FAKE/team/box:latest" echo fine
	[ "$output" = fine ]
}

@test "a line that is cut anywhere, in the first byte too, does no harm" {
	for length in 400000 900000; do
		start_fake_registry "$LAYOUT" cut-within=$length
		run -0 pull --retry 20 --retry-delay 1ms
		run -0 dhow run --rm --network none "$FAKE/team/box:latest" \
			echo fine
		[ "$output" = fine ]
		dhow rmi -af >/dev/null
	done
}

@test "a layer that always ends early is an error" {
	start_fake_registry "$LAYOUT" truncate
	run pull --retry 1 --retry-delay 10ms
	refused "cut the line"
}

@test "limits and failures that pass are waited for" {
	start_fake_registry "$LAYOUT" limit=1 fail=2
	run -0 pull
	dhow rmi -af >/dev/null
	start_fake_registry "$LAYOUT" fail=100
	run pull --retry 2 --retry-delay 10ms
	refused "status 503"
	[ "$(fake_saw GET)" = 3 ]
}

@test "nobody there, no such name, no such tag" {
	start_fake_registry "$LAYOUT"
	run dhow pull -q "$FAKE/team/box:absent"
	refused "no tag 'absent'"
	run dhow pull -q localhost:1/team/box
	refused "cannot connect to 'localhost:1'"
}

# --- what the site says ---------------------------------------------------------

@test "registries.conf: mirrors, rewriting, blocking, aliases" {
	start_fake_registry "$LAYOUT"
	CONTAINERS_REGISTRIES_CONF=$BATS_TEST_TMPDIR/registries.conf
	export CONTAINERS_REGISTRIES_CONF
	cat >"$CONTAINERS_REGISTRIES_CONF" <<-END
		[[registry]]
		prefix = "mirrored.invalid"
		[[registry.mirror]]
		location = "localhost:1/none"
		[[registry.mirror]]
		location = "$FAKE/team"
		[[registry]]
		prefix = "moved.invalid/old"
		location = "$FAKE/team"
		[[registry]]
		location = "bad.invalid"
		blocked = true
		[aliases]
		shorty = "$FAKE/team/box"
	END
	run -0 dhow pull -q mirrored.invalid/box:latest
	[ "${lines[-1]}" = mirrored.invalid/box:latest ]
	run -0 dhow pull -q moved.invalid/old/box:latest
	run -0 dhow pull -q shorty
	[ "${lines[-1]}" = "$FAKE/team/box:latest" ]
	run -0 dhow run --rm --network none --pull never shorty echo here
	[ "$output" = here ]
	run -1 dhow pull -q bad.invalid/x
	[[ $output == *blocked* ]]
	echo '[[registry' >"$CONTAINERS_REGISTRIES_CONF"
	run -1 dhow pull -q "$FAKE/team/box:latest"
	[[ $output == *"registries.conf:1:"* ]]
}
