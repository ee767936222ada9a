#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What has gone wrong in other builders. Tests are named after the record of
# the mistake; each makes the Dockerfile or the context that did the harm.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

# A context, and a directory of the host that must come out as it went in.
setup() {
	CTX=$BATS_TEST_TMPDIR/ctx
	VICTIM=$BATS_TEST_TMPDIR/victim
	UP=../../../../../../../../../../../..
	mkdir "$CTX" "$VICTIM" "$VICTIM/hollow"
	echo precious >"$VICTIM/file"
	touch "$VICTIM/empty" "$VICTIM/hosts"
	before=$(victim_state)
}

teardown() { [ -z "${SERVER:-}" ] || kill "$SERVER"; }

victim_state() {
	find "$VICTIM" -printf '%p %m %s %l\n' | sort
	cat "$VICTIM/file"
}

unharmed() { [ "$(victim_state)" = "$before" ]; }

dockerfile() { cat >"$CTX/Dockerfile"; }

build() { dhow build --progress plain -t t "$@" "$CTX" 2>&1; }

in_image() { dhow run --rm --network none t "$@"; }

# fails WORDS ARG...: a build of this Dockerfile on standard input is refused.
fails() {
	local words=$1
	shift
	dockerfile
	run build "$@"
	[ "$status" != 0 ]
	[[ $output == *"$words"* ]]
	[[ $output != *precious* ]]
	unharmed
}

# --- mounts of RUN -------------------------------------------------------

@test "CVE-2024-9407, CVE-2024-9675: every option of a mount is known" {
	local type option
	for type in bind cache tmpfs secret ssh; do
		for option in bind-propagation=rshared propagation=shared \
			rshared suid dev z options=suid; do
			printf 'FROM busybox\nRUN --mount=type=%s,%s,target=/m true\n' \
				"$type" "$option" >"$CTX/Dockerfile"
			run dhow build --check "$CTX"
			[ "$status" != 0 ]
			[[ $output == *"${option%%=*}"* ]]
		done
	done
	fails "nothing" <<-'X'
		FROM busybox
		RUN --mount=type=nothing,target=/m true
	X
}

@test "CVE-2024-9675, CVE-2024-11218: sources do not lead out" {
	fails "" <<-X
		FROM busybox
		RUN --mount=type=bind,source=$UP$VICTIM,target=/m cat /m/file
	X
	ln -s "$VICTIM" "$CTX/link"
	fails "" <<-X
		FROM busybox
		RUN --mount=type=bind,source=link,target=/m,rw cat /m/file
	X
	fails "" <<-X
		FROM busybox AS s
		RUN ln -s $UP$VICTIM /link
		FROM busybox
		RUN --mount=type=bind,from=s,source=/link,target=/m cat /m/file
	X
	fails "" <<-X
		FROM busybox AS s
		RUN ln -s $VICTIM /link
		FROM busybox
		RUN --mount=type=cache,from=s,source=/link,target=/m cat /m/file
	X
	fails "" <<-X
		FROM busybox
		RUN --mount=type=cache,id=$UP$VICTIM,target=/m cat /m/file
	X
	fails "" <<-X
		FROM busybox
		RUN --mount=type=cache,id=a,target=/m ln -sfn $VICTIM /m/l; ln -sfn $UP$VICTIM /m/u
		RUN --mount=type=cache,id=a,source=l,target=/m cat /m/file
	X
	fails "" <<-X
		FROM busybox
		RUN --mount=type=cache,id=a,source=u,target=/m cat /m/file
	X
}

@test "CVE-2024-1753: targets of mounts stay in the step's root" {
	dockerfile <<-X
		FROM busybox
		RUN mkdir -p $VICTIM && ln -s $VICTIM /abs && ln -s $UP$VICTIM /up
		RUN --mount=type=cache,target=/abs/new echo x >/abs/new/x
		RUN --mount=type=tmpfs,target=/up/new echo x >/up/new/x
		RUN --mount=type=bind,target=/up/hollow,rw echo x >/up/hollow/x
		RUN --mount=type=cache,target=$UP$VICTIM/hollow echo x >$VICTIM/hollow/y
	X
	build
	unharmed
}

@test "CVE-2024-23651: a cache's sub-path exchanged while steps mount it" {
	dockerfile <<-X
		FROM busybox AS swap
		RUN --mount=type=cache,id=swap,target=/m \
			until [ -e /m/over ]; do \
			ln -s $VICTIM /m/sub; rm /m/sub; \
			mkdir /m/sub; rm -rf /m/sub; done; rm /m/over
		FROM busybox AS use
		$(for i in 1 2 3 4 5 6 7 8; do
			echo "RUN --mount=type=cache,id=swap,source=sub,target=/m cat /m/file; echo x >/m/new; : $i"
		done)
	X
	# The steps that fail, for the sub-path is away, are tried again.
	dhow build -q --target swap "$CTX" >/dev/null 2>&1 3>&- &
	local pid=$! n
	for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
		run build --target use
		[[ $output != *precious* ]]
	done
	printf 'FROM busybox\nRUN --mount=type=cache,id=swap,target=/m touch /m/over\n' |
		dhow build -q -f - "$CTX"
	wait "$pid"
	unharmed
}

@test "CVE-2024-23652: what takes a stub's place is not removed outside" {
	echo s >"$BATS_TEST_TMPDIR/secret"
	dockerfile <<-X
		FROM busybox
		RUN --mount=type=tmpfs,target=/gone/hollow \
			mv /gone /was && ln -s $VICTIM /gone
		RUN --mount=type=secret,id=s,target=/file/empty \
			mv /file /was-file && ln -s $VICTIM /file
		RUN --mount=type=cache,target=/up/hollow \
			mv /up /was-up && ln -s $UP$VICTIM /up
		FROM scratch AS bare
		COPY --from=busybox /bin /bin
		RUN mv /etc /was && ln -s $VICTIM /etc
	X
	build --secret "id=s,src=$BATS_TEST_TMPDIR/secret" --target 0
	unharmed
	run build
	unharmed
}

# --- rights --------------------------------------------------------------

@test "CVE-2024-23653: a step has more rights only by the one gate" {
	local value caps
	printf 'FROM busybox\nRUN grep CapEff /proc/self/status >/caps\n' |
		dhow build -q -t t -f - "$CTX"
	caps=$(in_image cat /caps)
	for value in Insecure INSECURE privileged 1 2 -1 '' 'insecure ' \
		insecure,sandbox sandbox,insecure unconfined; do
		run dhow build -f - "$CTX" < <(
			printf 'FROM busybox\nRUN --security=%s true\n' "$value")
		[ "$status" != 0 ]
	done
	dockerfile <<-'X'
		FROM busybox AS parent
		ONBUILD RUN --security=insecure true
		FROM parent
		RUN true
	X
	run build
	[ "$status" != 0 ]
	[[ $output == *"--allow security.insecure"* ]]
	fails "--allow security.insecure" --allow network.host <<-'X'
		FROM busybox
		RUN --security=insecure <<S
		true
		S
	X
	fails "" --allow insecure.security <<-'X'
		FROM busybox
	X
	# --allow gives nothing to steps that do not ask.
	printf 'FROM busybox\nRUN grep CapEff /proc/self/status >/caps\n' |
		dhow build -q -t t --no-cache --allow security.insecure \
			-f - "$CTX"
	[ "$(in_image cat /caps)" = "$caps" ]
}

@test "CVE-2022-27651, CVE-2024-21626: sets and descriptors of a step" {
	dockerfile <<-'X'
		FROM busybox
		RUN grep -E 'CapInh|CapAmb' /proc/self/status >/sets
		RUN ls /proc/self/fd | sort -n | tr '\n' ' ' >/fds
	X
	exec 7<"$VICTIM"
	build
	exec 7<&-
	[ "$(in_image grep -c 0000000000000000 /sets)" = 2 ]
	# 3 is the directory that ls itself reads.
	[ "$(in_image cat /fds)" = "0 1 2 3 " ]
	local n
	for n in 3 5 7 9; do
		dockerfile <<-X
			FROM busybox
			WORKDIR /proc/self/fd/$n
			RUN ls $UP$VICTIM
		X
		run build
		[ "$status" != 0 ]
		[[ $output != *hollow* ]]
	done
	unharmed
}

@test "CVE-2021-3602: the caller's environment is in no step or layer" {
	printf 'FROM busybox\nARG GIVEN\nRUN env >/env; cat /proc/1/environ >>/env\n' \
		>"$CTX/Dockerfile"
	DHOW_SENTINEL=sentinel HTTP_PROXYX=sentinel build
	[ "$(in_image grep -c sentinel /env)" = 0 ]
	run ! grep -q sentinel <(dhow history --no-trunc t; dhow inspect t)
	dhow save t | tar xO >"$BATS_TEST_TMPDIR/all"
	run ! grep -q sentinel "$BATS_TEST_TMPDIR/all"
}

@test "GHSA-xw73-rw38-6vjc: an image's history is no cache" {
	echo good >"$CTX/f"
	printf 'FROM scratch\nCOPY f /f\nHEALTHCHECK CMD one\n' \
		>"$CTX/Dockerfile"
	build
	dhow save t -o "$BATS_TEST_TMPDIR/t.tar"
	dhow rmi t && dhow builder prune -af
	# Not even one that tells the truth, as long as it came from elsewhere.
	dhow load -q -i "$BATS_TEST_TMPDIR/t.tar"
	run build
	[[ $output == *"COPY f /f"* ]]
	[ "$(grep -c CACHED <<<"$output")" = 1 ] # "scratch" is there always
	sed -i s/one/two/ "$CTX/Dockerfile"
	build
	[ "$(dhow inspect -f '{{index .Config.Healthcheck.Test 1}}' t)" = two ]
}

# --- contexts ------------------------------------------------------------

# serve: this test's directory by HTTP, at $URL.
serve() {
	local port
	port=$(python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	URL=http://127.0.0.1:$port
	python3 -m http.server -b 127.0.0.1 -d "$BATS_TEST_TMPDIR" "$port" \
		>/dev/null 2>&1 3>&- &
	SERVER=$!
	wait_for 100 curl -fs "$URL/" -o /dev/null
}

@test "CVE-2026-33748: a repository's directory stays in the repository" {
	command -v git >/dev/null || skip "git is not installed"
	local repo=$BATS_TEST_TMPDIR/repo sub
	mkdir -p "$repo/sub"
	printf 'FROM busybox\nCOPY . /r\n' | tee "$repo/Dockerfile" \
		>"$repo/sub/Dockerfile"
	cp "$repo/Dockerfile" "$VICTIM"
	before=$(victim_state)
	ln -s "$VICTIM" "$repo/abs"
	ln -s "$UP$VICTIM" "$repo/up"
	ln -s ../abs "$repo/sub/again"
	git -C "$repo" init -q -b main
	git -C "$repo" add .
	git -C "$repo" -c user.name=t -c user.email=t@t commit -qm t
	git clone -q --bare "$repo" "$BATS_TEST_TMPDIR/r.git"
	git -C "$BATS_TEST_TMPDIR/r.git" update-server-info
	serve
	for sub in abs up sub/again "$UP$VICTIM" "$VICTIM" sub/../up; do
		run dhow build -t t "$URL/r.git#main:$sub"
		[ "$status" != 0 ]
		[[ $output == *"is no directory of the context"* ]]
		run dhow build -t t "$URL/r.git?ref=main&subdir=$sub"
		[ "$status" != 0 ]
	done
	# As far up as one likes is the repository's own root.
	dhow build -q -t t "$URL/r.git#main:$UP"
	in_image test -L /r/abs -a -e /r/Dockerfile
	run ! dhow build -q "$URL/r.git#--upload-pack=touch $VICTIM/x"
	unharmed
}

@test "CVE-2022-39253: a repository's modules are not the host's" {
	command -v git >/dev/null || skip "git is not installed"
	local top=$BATS_TEST_TMPDIR/top url
	git -C "$VICTIM" init -q -b main
	git -C "$VICTIM" add file
	git -C "$VICTIM" -c user.name=t -c user.email=t@t commit -qm t
	before=$(victim_state)
	mkdir "$top"
	printf 'FROM busybox\nCOPY . /r\nRUN cat /r/m/file\n' >"$top/Dockerfile"
	git -C "$top" init -q -b main
	serve
	for url in "$VICTIM" "file://$VICTIM" "ext::sh -c touch% $VICTIM/x"; do
		printf '[submodule "m"]\n\tpath = m\n\turl = %s\n' "$url" \
			>"$top/.gitmodules"
		git -C "$top" update-index --add --cacheinfo \
			"160000,$(git -C "$VICTIM" rev-parse HEAD),m"
		git -C "$top" add .gitmodules Dockerfile
		git -C "$top" -c user.name=t -c user.email=t@t commit -qm t
		rm -rf "$BATS_TEST_TMPDIR/t.git"
		git clone -q --bare "$top" "$BATS_TEST_TMPDIR/t.git"
		git -C "$BATS_TEST_TMPDIR/t.git" update-server-info
		run dhow build --progress plain "$URL/t.git#main"
		[ "$status" != 0 ]
		[[ $output == *"submodule"* && $output != *precious* ]]
		unharmed
	done
}

@test "CVE-2026-44517: an archive as context writes only its own place" {
	python3 - "$BATS_TEST_TMPDIR" "$VICTIM" "$UP" <<'X'
import io, sys, tarfile
out, victim, up = sys.argv[1:]
def make(name, *entries):
    with tarfile.open(f"{out}/{name}.tar", "w") as tar:
        for path, target in entries:
            info = tarfile.TarInfo(path)
            data = b"FROM busybox\nCOPY . /c\n"
            if target:
                info.type, info.linkname = tarfile.SYMTYPE, target
                tar.addfile(info)
            else:
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
make("through", ("l", victim), ("l/Dockerfile", None), ("Dockerfile", None))
make("onto", ("Dockerfile", victim + "/file"), ("Dockerfile", None))
make("read", ("Dockerfile", victim + "/file"))
make("above", ("Dockerfile", None), (up + victim + "/new", None))
make("root", ("Dockerfile", None), (victim + "/new", None))
make("ignore", ("Dockerfile", None), (".dockerignore", victim + "/file"))
whole = open(f"{out}/onto.tar", "rb").read()
open(f"{out}/part.tar", "wb").write(whole[:1600])
X
	local name
	for name in through onto read above root ignore part; do
		run dhow build -t t - <"$BATS_TEST_TMPDIR/$name.tar"
		[[ $output != *precious* ]]
		unharmed
	done
	[ "$status" != 0 ]
	# The Dockerfile is one of the archive, too.
	cp "$VICTIM/file" "$CTX/Dockerfile"
	run dhow build -f "$UP$VICTIM/file" - <"$BATS_TEST_TMPDIR/through.tar"
	[ "$status" != 0 ]
	[[ $output != *precious* ]]
	[ -z "$(find "$STORE/tmp" -mindepth 1)" ]
}

@test "CVE-2026-33747: a syntax line runs no image" {
	use_image evil/frontend:1 '{"Entrypoint": ["touch", "/ran"]}' '[]'
	dockerfile <<-'X'
		# syntax=evil/frontend:1
		FROM busybox
		RUN true
	X
	run build
	[[ $output != *"/ran"* ]]
	[ -z "$(dhow ps -aq)" ]
	run ! dhow build --build-arg BUILDKIT_SYNTAX=evil/frontend:1 \
		-o "$BATS_TEST_TMPDIR/o" "$CTX"
	run ! ls "$BATS_TEST_TMPDIR/o/ran"
}

@test "CVE-2024-9676: files of a context that are pipes or endless" {
	local name
	for name in Dockerfile .dockerignore Dockerfile.dockerignore; do
		printf 'FROM busybox\n' >"$CTX/Dockerfile"
		rm -f "$CTX/$name" && mkfifo "$CTX/$name"
		run timeout 20 "$DHOW" build "$CTX"
		[ "$status" = 1 ]
		rm "$CTX/$name" && ln -s /dev/zero "$CTX/$name"
		run timeout 20 "$DHOW" build "$CTX"
		[ "$status" = 1 ]
		rm "$CTX/$name" && truncate -s 1G "$CTX/$name"
		run timeout 20 "$DHOW" build "$CTX"
		[ "$status" = 1 ]
		rm "$CTX/$name"
	done
}

# --- results -------------------------------------------------------------

@test "a directory as output: no rights of ours for others, no way out" {
	dockerfile <<-X
		FROM busybox AS b
		RUN mkdir -p /o/d && cp /bin/busybox /o/su && chmod 6755 /o/su && \
			chmod 2755 /o/d && ln -s $VICTIM /o/link
		FROM scratch
		COPY --from=b /o /
	X
	dhow build -q -o "$BATS_TEST_TMPDIR/out" "$CTX"
	[ "$(stat -c %a "$BATS_TEST_TMPDIR/out/su")" = 755 ]
	[ "$(stat -c %a "$BATS_TEST_TMPDIR/out/d")" = 755 ]
	dockerfile <<-X
		FROM busybox AS b
		RUN mkdir -p /o/link && echo x >/o/link/file
		FROM scratch
		COPY --from=b /o /
	X
	run dhow build -q -o "$BATS_TEST_TMPDIR/out" "$CTX"
	[ "$status" != 0 ]
	unharmed
}
