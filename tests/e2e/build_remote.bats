#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Builds and what is elsewhere: registries, repositories, files, agents.

bats_require_minimum_version 1.5.0
load lib/common
load lib/registry

setup_file() {
	dhow_setup_file
	use_busybox
}

teardown_file() {
	stop_registries
	dhow_teardown_file
}

setup() {
	CTX=$BATS_TEST_TMPDIR/ctx
	mkdir -p "$CTX"
}

dockerfile() { cat >"$CTX/Dockerfile"; }
build() { dhow build --progress plain -t t "$@" "$CTX" 2>&1; }
in_image() { dhow run --rm --network none t "$@"; }
found() { grep -c ' CACHED$' <<<"$output"; }
forget() { dhow rmi -f t && dhow builder prune -af; }

# serve DIR: → $PORT, $SERVED
serve() {
	mkdir -p "$REGISTRY_TMP"
	SERVED=$(mktemp "$REGISTRY_TMP/served.XXXXXX")
	[ -e "$1/.allowed" ] || touch "$1/.allowed"
	python3 "$LIB/auth_server.py" "$1" "$SERVED" 3>&- &
	registry_remember $!
	registry_wait_for "$SERVED" '^port'
	PORT=$(awk 'NR == 1 { print $2 }' "$SERVED")
}

# repository DIR: what is in it, as DIR.git for a server of plain files
repository() {
	registry_missing git
	git -C "$1" init -q -b main
	git -C "$1" add -A
	git -C "$1" -c user.name=t -c user.email=t@t commit -qm t
	git clone -q --bare "$1" "$1.git"
	git -C "$1.git" update-server-info
}

# --- registries ------------------------------------------------------------

@test "a cache in a registry: steps of all stages, found by another store" {
	start_registry
	dockerfile <<-'X'
		FROM busybox AS one
		RUN date +%N >/one
		FROM busybox
		COPY --from=one /one /
		RUN date +%N >/two
	X
	run -0 build --cache-to "type=registry,ref=$REGISTRY/cache:all,mode=max"
	run -0 in_image cat /one /two
	local first=$output
	forget
	run -0 build --cache-from "type=registry,ref=$REGISTRY/cache:all"
	[ "$(found)" = 5 ]
	run -0 in_image cat /one /two
	[ "$output" = "$first" ]
	# A bare reference is a registry; what it lacks is no failure.
	forget
	run -0 build --cache-from "$REGISTRY/cache:all"
	[ "$(found)" = 5 ]
	forget
	run -0 build --cache-from "$REGISTRY/cache:none"
	[ "$(found)" = 2 ]
	[[ $output == *"$REGISTRY/cache:none"* ]]
	# Only the image's own steps.
	run -0 build --cache-to "type=registry,ref=$REGISTRY/cache:min"
	forget
	run -0 build --cache-from "$REGISTRY/cache:min"
	[ "$(found)" -lt 5 ]
	run -0 build --cache-from "$REGISTRY/cache:min"
}

@test "--push sends every tag; an inline cache goes with the image" {
	start_registry
	dockerfile <<-'X'
		FROM busybox
		RUN date +%N >/one
	X
	run -0 dhow build -t "$REGISTRY/team/app:1" -t "$REGISTRY/team/app:2" \
		--push --cache-to type=inline \
		--metadata-file "$BATS_TEST_TMPDIR/meta" "$CTX"
	run -0 skopeo inspect --tls-verify=false --format '{{.Digest}}' \
		"docker://$REGISTRY/team/app:2"
	grep -q "\"containerimage.digest\": *\"$output\"" "$BATS_TEST_TMPDIR/meta"
	run -0 dhow run --rm --network none "$REGISTRY/team/app:1" cat /one
	local first=$output
	dhow rmi -f "$REGISTRY/team/app:1" "$REGISTRY/team/app:2"
	dhow builder prune -af
	run -0 build --cache-from "$REGISTRY/team/app:1"
	run -0 in_image cat /one
	[ "$output" = "$first" ]
	run -0 dhow build -q -o "type=registry,name=$REGISTRY/team/app:3" "$CTX"
	run -0 skopeo inspect --tls-verify=false \
		"docker://$REGISTRY/team/app:3"
}

@test "a base comes from a registry, by tag and digest, and --pull looks anew" {
	start_registry
	push_image "docker-archive:$(cached busybox-2.oci make_busybox_image)" \
		base:1 2>/dev/null || {
		dhow tag busybox "$REGISTRY/base:1"
		dhow push -q "$REGISTRY/base:1"
		dhow rmi "$REGISTRY/base:1"
	}
	dockerfile <<<"FROM $REGISTRY/base:1"
	run -0 build
	run -0 dhow build -q -t next - <<-X
		FROM $REGISTRY/base:1
		RUN echo new >/new
	X
	dhow tag next "$REGISTRY/base:1"
	dhow push -q "$REGISTRY/base:1"
	dhow tag busybox "$REGISTRY/base:1"
	echo 'RUN cat /new' >>"$CTX/Dockerfile"
	run -1 build
	run -0 build --pull
}

# --- an OCI layout ---------------------------------------------------------

@test "oci-layout: contexts by tag and digest, also of podman's making" {
	local dir=$BATS_TEST_TMPDIR/layout digest
	dhow build -q -o "type=oci,dest=$dir,tar=false" - <<<"FROM busybox
RUN echo from-layout >/l"
	digest=$(python3 -c 'import json, sys
print(json.load(open(sys.argv[1] + "/index.json"))["manifests"][0]["digest"])' \
		"$dir")
	dockerfile <<<$'FROM lay\nCOPY --from=lay /l /copy'
	run -0 build --build-context "lay=oci-layout://$dir@$digest"
	[ "$(in_image cat /l /copy)" = $'from-layout\nfrom-layout' ]
	run -0 build --build-context "lay=oci-layout://$dir"
	[ "$(found)" = 2 ]
	run -1 build --build-context "lay=oci-layout://$dir:none"
	[[ $output == *"none"* ]]
	run -1 build --build-context "lay=oci-layout://$CTX"
	run -1 build --build-context "lay=oci-layout://$dir@sha256:12"
}

# --- repositories ----------------------------------------------------------

@test "git: references, sub-directories, submodules' absence, what escapes" {
	local repo=$BATS_TEST_TMPDIR/web/repo
	mkdir -p "$repo/sub" "$BATS_TEST_TMPDIR/outside"
	echo secret >"$BATS_TEST_TMPDIR/outside/f"
	echo one >"$repo/sub/f"
	printf 'FROM busybox\nCOPY . /\n' >"$repo/sub/Dockerfile"
	ln -s "$BATS_TEST_TMPDIR/outside" "$repo/out"
	ln -s ../../../../../../../../etc "$repo/up"
	ln -s sub "$repo/inside"
	repository "$repo"
	git -C "$repo" tag v1
	echo two >"$repo/sub/f"
	git -C "$repo" -c user.name=t -c user.email=t@t commit -qam two
	git -C "$repo" push -q "$repo.git" main v1
	git -C "$repo.git" update-server-info
	serve "$BATS_TEST_TMPDIR/web"
	local url=http://127.0.0.1:$PORT/open/repo.git head
	head=$(git -C "$repo" rev-parse HEAD)
	run -0 dhow build -q -t t "$url#main:sub"
	[ "$(in_image cat /f)" = two ]
	run -0 dhow build -q -t t "$url#v1:sub"
	[ "$(in_image cat /f)" = one ]
	run -0 dhow build -q -t t "$url#$head:/sub/../sub"
	[ "$(in_image cat /f)" = two ]
	run -0 dhow build -q -t t "$url?ref=v1&subdir=sub"
	[ "$(in_image cat /f)" = one ]
	run ! in_image test -e /.git
	# CVE-2026-33748: a sub-directory that leads out of the repository.
	for bad in out up ../outside sub/../../outside out/f none; do
		run -1 dhow build "$url#main:$bad"
		[[ $output != *secret* ]]
		dockerfile <<<$'FROM busybox\nADD '"$url#main:$bad /x"
		run -1 build
		[[ $output == *"Dockerfile:2"*"no directory of the repository"* ]]
	done
	# What is above stays where it is.
	dockerfile <<<$'FROM busybox\nADD '"$url#main:../../../../.. /x"
	run build
	[ -f "$STORE/oci-layout" ]
	[ -f "$BATS_TEST_TMPDIR/outside/f" ]
	run -1 dhow build "$url#nobranch:sub"
	[[ $output == *nobranch* ]]
	# ADD of one: the commit is checked, .git only when it is asked for.
	dockerfile <<-X
		FROM busybox
		ADD --checksum=$head $url#main:sub /a
		ADD --keep-git-dir $url#v1 /b
	X
	run -0 build
	[ "$(in_image cat /a/f /b/sub/f)" = $'two\none' ]
	run -0 in_image test -d /b/.git
	run ! in_image test -e /a/.git
	sed -i "s/$head/$(git -C "$repo" rev-parse v1)/" "$CTX/Dockerfile"
	run -1 build
	[[ $output == *"Dockerfile:2"* ]]
	# As a named context.
	dockerfile <<<$'FROM busybox\nCOPY --from=src f /f'
	run -0 build --build-context "src=$url#v1:sub"
	[ "$(in_image cat /f)" = one ]
}

@test "secrets open repositories and files, and go nowhere else" {
	local web=$BATS_TEST_TMPDIR/web basic
	mkdir -p "$web/repo"
	echo inside >"$web/repo/f"
	repository "$web/repo"
	echo file >"$web/file"
	basic=$(printf 'x-access-token:gittoken77' | base64 -w0)
	printf '%s\n' "Basic $basic" "Bearer filetoken77" "Token raw77" \
		>"$web/.allowed"
	serve "$web"
	dockerfile <<-X
		FROM busybox
		ADD http://127.0.0.1:$PORT/repo.git /repo
		ADD http://127.0.0.1:$PORT/file /file
	X
	run -1 build
	[[ $output == *"--secret id=GIT_AUTH_TOKEN"* ]]
	GITTOK=gittoken77 FILETOK=filetoken77 run -0 build \
		--secret id=GIT_AUTH_TOKEN,env=GITTOK \
		--secret id=HTTP_AUTH_TOKEN_127.0.0.1,env=FILETOK
	[[ $output != *token77* ]]
	[ "$(in_image cat /repo/f /file)" = $'inside\nfile' ]
	run -1 grep -rlE 'gittoken77|filetoken77' "$STORE" "${XDG_RUNTIME_DIR:-$TEST_RUN}"
	# A whole header, and only for the host that it is for.
	forget
	sed -i /repo.git/d "$CTX/Dockerfile"
	H="Token raw77" run -0 build \
		--secret id=HTTP_AUTH_HEADER_127.0.0.1,env=H
	forget
	T=filetoken77 run -1 build --secret id=HTTP_AUTH_TOKEN_example.org,env=T
	run ! grep -E "raw77.*example" "$SERVED"
}

@test "ADD of a file: name, time, checksum, what the server says" {
	local web=$BATS_TEST_TMPDIR/web sum
	mkdir -p "$web"
	echo content >"$web/file"
	touch -d '2020-02-02 02:02:02 UTC' "$web/file"
	sum=$(sha256sum "$web/file" | cut -d' ' -f1)
	serve "$web"
	local url=http://127.0.0.1:$PORT/open
	dockerfile <<-X
		FROM busybox
		ADD $url/file /dir/
		ADD --checksum=sha256:$sum --chmod=640 --chown=5:6 $url/file /named
	X
	run -0 build
	run -0 in_image stat -c '%n %a %Y' /dir/file /named
	[ "$output" = $'/dir/file 600 1580608922\n/named 640 1580608922' ]
	run -0 build
	[ "$(found)" -ge 3 ]
	for bad in "ADD $url/ /dir/" "ADD $url/none /x" \
		"ADD --checksum=sha256:${sum//[0-9]/0} $url/file /x" \
		"COPY $url/file /x"; do
		dockerfile <<<$'FROM busybox\n'"$bad"
		run -1 build
		[[ $output == *"Dockerfile:2"* ]]
	done
	# It is what is fetched that counts, not when.
	dockerfile <<<$'FROM busybox\nADD '"$url/file /f"
	run -0 build
	echo other >"$web/file"
	run -0 build
	[ "$(in_image cat /f)" = other ]
}

# --- an agent --------------------------------------------------------------

@test "--ssh: an agent of the step's own, for who asks for it" {
	registry_missing ssh-agent ssh-add ssh-keygen
	ssh-keygen -q -t ed25519 -N '' -f "$BATS_TEST_TMPDIR/key"
	ssh-keygen -q -t ed25519 -N locked -f "$BATS_TEST_TMPDIR/locked"
	dockerfile <<-'X'
		FROM busybox
		RUN test -z "$SSH_AUTH_SOCK"
		RUN --mount=type=ssh,mode=0666 test -S "$SSH_AUTH_SOCK" && \
			stat -c '%a' "$SSH_AUTH_SOCK" >/mode
		RUN --mount=type=ssh,id=other,target=/agent test -S /agent
	X
	run -0 build --ssh "default=$BATS_TEST_TMPDIR/key" \
		--ssh "other=$BATS_TEST_TMPDIR/key"
	[ "$(in_image cat /mode)" = 666 ]
	run ! in_image test -e /agent
	# A real agent answers through it.
	eval "$(ssh-agent -a "$BATS_TEST_TMPDIR/agent")" >/dev/null
	registry_remember "$SSH_AGENT_PID"
	ssh-add -q "$BATS_TEST_TMPDIR/key"
	run -0 build --no-cache --ssh default --ssh "other=$BATS_TEST_TMPDIR/agent"
	[ -z "$(find "${XDG_RUNTIME_DIR:-$TEST_RUN}" -name '*ssh*')" ]
	run -1 build --no-cache --ssh "default=$BATS_TEST_TMPDIR/locked" \
		--ssh other
	[[ $output == *passphrase* ]]
	run -1 build --no-cache --ssh "default=$CTX/none" --ssh other
	# Without one: nothing is mounted, unless it is required.
	dockerfile <<<$'FROM busybox\nRUN --mount=type=ssh test -z "$SSH_AUTH_SOCK"'
	run -0 build --no-cache
	dockerfile <<<$'FROM busybox\nRUN --mount=type=ssh,required true'
	run -1 build --no-cache
	[[ $output == *"Dockerfile:2"* ]]
}
