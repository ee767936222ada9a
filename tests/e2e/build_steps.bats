#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What steps of a build do to files, what is cached, where results go.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

setup() {
	CTX=$BATS_TEST_TMPDIR/ctx
	mkdir -p "$CTX"
}

# dockerfile: the Dockerfile of this test, from standard input.
dockerfile() { cat >"$CTX/Dockerfile"; }

# build ARG...: plain, its output on stdout; the image is "t".
build() { dhow build --progress plain -t t "$@" "$CTX" 2>&1; }

in_image() { dhow run --rm --network none t "$@"; }

# stat_of PATH...: mode, owner, type or size of files in the image.
stat_of() { in_image stat -c '%a %u:%g %F %n' "$@"; }

# steps of the last output that were made, not found.
count() { grep -c "$1" <<<"$output" || true; }

# --- COPY and ADD --------------------------------------------------------

@test "COPY: files, directories, links, modes, owners of a context" {
	cd "$CTX"
	mkdir -p d/e
	echo a >a && echo f >d/e/f && chmod 640 d/e/f && ln -s ../a d/link
	ln d/e/f d/hard && ln -s a alink && mkdir -m 711 d/mode
	dockerfile <<'X'
FROM busybox
COPY a /one
COPY a d/e/f /many/
COPY d /dir
COPY alink /followed
COPY d/e/ /tmp/existing
X
	build
	[ "$(in_image cat /one /many/a /many/f /followed /tmp/existing/f)" = \
		$'a\na\nf\na\nf' ]
	[ "$(stat_of /dir/e/f /dir/mode /followed)" = \
		"640 0:0 regular file /dir/e/f
711 0:0 directory /dir/mode
644 0:0 regular file /followed" ]
	[ "$(in_image readlink /dir/link)" = ../a ]
	in_image sh -c '[ /dir/hard -ef /dir/e/f ]'
	[ "$(in_image stat -c %a /tmp)" = 1777 ]
}

@test "COPY: --chown, --chmod, --parents, --exclude, --link, wildcards" {
	cd "$CTX"
	mkdir -p x/y/z
	echo 1 >x/y/z/1.txt && echo 2 >x/y/2.txt && echo 3 >x/3.md
	dockerfile <<'X'
FROM busybox
COPY --chmod=0751 --chown=0:0 x/3.md /m
COPY --chmod=go=rX x/y /sym/
COPY --parents x/./y/z/1.txt x/y/2.txt /p/
COPY --exclude=**/*.txt x /e/
COPY --link x/3.md /tmp/../linked/
COPY x/*.md x/y/*.txt x/nothing* /w/
X
	build
	[ "$(stat_of /m)" = "751 0:0 regular file /m" ]
	[ "$(in_image find /p /e /linked /w -type f | sort)" = "/e/3.md
/linked/3.md
/p/x/y/2.txt
/p/y/z/1.txt
/w/2.txt
/w/3.md" ]
}

@test "COPY: what is not there is told with a near name, before others run" {
	echo >"$CTX/package.json"
	dockerfile <<'X'
FROM busybox
COPY package.jsn /
X
	run build
	[ "$status" = 1 ]
	[[ $output == *"'package.jsn' is not in the build context"* ]]
	[[ $output == *"did you mean 'package.json'?"* ]]
	[[ $output == *"Dockerfile:2"* ]]
	echo package.json >"$CTX/.dockerignore"
	sed -i s/jsn/json/ "$CTX/Dockerfile"
	run build
	[ "$status" = 1 ]
	[[ $output == *"ignore file excludes it"* ]]
}

@test "COPY: a directory is not overwritten by a file, nor the reverse" {
	mkdir "$CTX/d" && echo >"$CTX/d/etc" && mkdir -p "$CTX/e/passwd"
	printf 'FROM busybox\nCOPY d /\n' >"$CTX/Dockerfile"
	run build
	[ "$status" = 1 ]
	[[ $output == *"'/etc' is a directory"* ]]
	printf 'FROM busybox\nCOPY e /etc/\n' >"$CTX/Dockerfile"
	run build
	[ "$status" = 1 ]
	[[ $output == *"'/etc/passwd' is not a directory"* ]]
}

@test "COPY: several files go into a directory, one may be it" {
	cd "$CTX"
	mkdir -p d/sub && touch d/sub/x one two
	dockerfile <<'X'
FROM busybox
RUN mkdir /there
COPY one two /there
COPY one two /slash/
COPY d one /of-directory
COPY on* nothing* /single
COPY <<doc one /docs/
text
doc
WORKDIR /w
COPY one two .
ADD d/sub one ./
X
	build
	[ "$(in_image find /there /slash /of-directory /single /docs /w -type f |
		sort | tr '\n' ' ')" = "/docs/doc /docs/one /of-directory/one \
/of-directory/sub/x /single /slash/one /slash/two /there/one /there/two \
/w/one /w/two /w/x " ]
	for line in "COPY one two /new" "COPY one d /new" "ADD [ot]* /new"; do
		printf 'FROM busybox\n%s\n' "$line" >Dockerfile
		run build
		[ "$status" = 1 ]
		[[ $output == *"/new"*"director"* ]]
	done
}

@test "CVE-2024-1753: links of contexts and stages lead nowhere outside" {
	local secret=$BATS_TEST_TMPDIR/secret
	echo host >"$secret"
	mkdir "$CTX/d"
	ln -s "$secret" "$CTX/abs"
	ln -s ../../../../../../../../../..$secret "$CTX/rel"
	ln -s / "$CTX/root"
	for source in abs rel "root$secret" "../../../..$secret"; do
		printf 'FROM busybox\nCOPY %s /x\n' "$source" >"$CTX/Dockerfile"
		run build
		[ "$status" = 1 ]
		printf 'FROM busybox\nRUN --mount=type=bind,source=%s,target=/x cat /x\n' \
			"$source" >"$CTX/Dockerfile"
		run build
		[ "$status" = 1 ]
		[[ $output != *" host"* ]]
	done
	dockerfile <<X
FROM busybox AS a
RUN ln -s $BATS_TEST_TMPDIR /out && ln -s /etc /in
FROM busybox
COPY --from=a /out /o
X
	run build
	[ "$status" = 1 ]
	sed -i 's|/out /o|/in/passwd /o|' "$CTX/Dockerfile"
	build
}

@test "a destination's links are followed inside the root, not by --link" {
	echo new >"$CTX/f"
	dockerfile <<'X'
FROM busybox
RUN mkdir /real && ln -s /real /sym && ln -s /../../../real/deep /deep
COPY f /sym/
COPY f /deep/f
RUN test -L /sym && test -f /real/f && test -f /real/deep/f
COPY --link f /sym/g
X
	build
	[ "$(in_image stat -c %F /sym)" = directory ]
}

@test "ADD unpacks archives by what they hold, and only these" {
	cd "$CTX"
	mkdir t && echo in >t/f && tar cf t.tar t && gzip -k t.tar
	bzip2 -k t.tar && xz -k t.tar && zstd -q t.tar
	cp t.tar.gz noname && echo plain | gzip >p.gz && rm -rf t
	dockerfile <<'X'
FROM busybox
ADD t.tar /a/
ADD noname /b
ADD p.gz /c/
ADD --unpack=false t.tar.gz /d/
ADD t.tar.bz2 /bz2
ADD t.tar.xz /xz
ADD --unpack=true t.tar.zst /zst
RUN cmp /bz2/t/f /a/t/f && cmp /xz/t/f /a/t/f && cmp /zst/t/f /a/t/f
X
	build
	[ "$(in_image cat /a/t/f /b/t/f)" = $'in\nin' ]
	in_image test -f /c/p.gz
	in_image test -f /d/t.tar.gz
}

@test "ADD fetches from the web: name, mode, checksum, cache by content" {
	local port sum server
	mkdir "$BATS_TEST_TMPDIR/www"
	echo one >"$BATS_TEST_TMPDIR/www/file.txt"
	sum=$(sha256sum <"$BATS_TEST_TMPDIR/www/file.txt" | cut -d' ' -f1)
	port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
	python3 -m http.server -b 127.0.0.1 -d "$BATS_TEST_TMPDIR/www" "$port" \
		>/dev/null 2>&1 3>&- &
	server=$!
	wait_for 100 curl -fs "http://127.0.0.1:$port/" -o /dev/null
	printf 'FROM busybox\nADD --checksum=sha256:%s http://127.0.0.1:%s/file.txt /w/\n' \
		"$sum" "$port" >"$CTX/Dockerfile"
	build
	[ "$(stat_of /w/file.txt)" = "600 0:0 regular file /w/file.txt" ]
	run build
	[[ $output == *CACHED* ]]
	echo two >"$BATS_TEST_TMPDIR/www/file.txt"
	run build
	kill $server
	[ "$status" = 1 ]
	[[ $output == *"is not the --checksum"* ]]
}

@test "here-documents: files, scripts, programs" {
	dockerfile <<'X'
FROM busybox
ARG name=world
COPY <<one <<"two" /h/
hello $name
one
raw $name
two
RUN <<EOT
set -e
cat /h/one /h/two >/both
EOT
RUN <<EOT
#!/bin/sh
echo "$0" >/who
EOT
X
	build
	[ "$(in_image cat /both /who)" = "hello world
raw \$name
/dev/pipes/EOT" ]
}

# --- stages, RUN ---------------------------------------------------------

@test "stages: only those needed, side by side, by name and number" {
	dockerfile <<'X'
FROM busybox AS never
RUN false
FROM busybox AS one
RUN sleep 1; echo 1 >/1
FROM busybox AS two
RUN sleep 1; echo 2 >/2
FROM scratch
COPY --from=1 /1 /
COPY --from=two /2 /
COPY --from=busybox /bin/busybox /bin/busybox
X
	SECONDS=0
	build
	[ "$SECONDS" -le 2 ] || [ "$(nproc)" = 1 ]
	[ "$(in_image /bin/busybox cat /1 /2)" = $'1\n2' ]
	run build --target never
	[ "$status" = 1 ]
}

@test "RUN sees ENV and ARG, its directory and user, and nothing of the host" {
	export SENTINEL=leaked
	dockerfile <<'X'
FROM busybox
ARG v=1
ENV e=2
WORKDIR /w/d
RUN env | sort >env; pwd >pwd; readlink /proc/self/fd/0 >in
RUN ls -A /etc >/etc.list; grep CapInh /proc/self/status >/caps
X
	build
	[ "$(in_image cat /w/d/pwd /w/d/in)" = $'/w/d\n/dev/null' ]
	run in_image cat /w/d/env
	[[ $output == *"e=2"*"v=1"* ]]
	[[ $output != *leaked* && $output != *HOSTNAME* ]]
	[ "$(in_image cat /caps)" = $'CapInh:\t0000000000000000' ]
	# What was bound for the step is in no layer.
	[ -z "$(find "$STORE"/layers/*/fs/etc -size 0 \
		\( -name resolv.conf -o -name hosts -o -name hostname \))" ]
}

@test "WORKDIR belongs to the user at hand, ENTRYPOINT and CMD as with docker" {
	[ "$(id_mode)" = single ] && skip "another user owns nothing here"
	dockerfile <<'X'
FROM busybox
USER 12:34
WORKDIR /mine/too
RUN id -u; touch here
ENTRYPOINT ["stat", "-c", "%u:%g"]
CMD ["/mine/too/here"]
X
	build
	[ "$(dhow run --rm --network none t)" = 12:34 ]
	[ "$(dhow run --rm --network none t /mine)" = 12:34 ]
}

@test "mounts: bind, cache, tmpfs; nothing of them stays" {
	echo ctx >"$CTX/f"
	echo ignored >"$CTX/secret.log"
	echo '*.log' >"$CTX/.dockerignore"
	dockerfile <<'X'
FROM busybox AS src
RUN mkdir /s && echo stage >/s/f
FROM busybox
RUN --mount=target=/ctx cat /ctx/f; test ! -e /ctx/secret.log
RUN --mount=target=/ctx,rw echo w >/ctx/new && cat /ctx/new
RUN --mount=target=/s,from=src,source=/s cat /s/f; ! touch /s/x
RUN --mount=type=cache,target=/c/d echo x >>/c/d/n; wc -l </c/d/n >/lines
RUN --mount=type=tmpfs,target=/t,size=1m df -k /t | grep -q 1024; touch /t/x
RUN --mount=target=/s,FROM=src,source=s/f,readonly cat /s
RUN --mount=type=cache,target=/c,id=ro,ro ! touch /c/x
RUN --mount=type=cache,target=/c,id=of,from=src,source=/s,mode=0711 \
	test -f /c/f && touch /c/g
WORKDIR /w
RUN --mount=target=rel test -f /w/rel/f
X
	build
	[ ! -e "$CTX/new" ]
	[ "$(in_image cat /lines)" = 1 ]
	build --no-cache
	[ "$(in_image cat /lines)" = 2 ]
	run in_image ls /
	[[ " ${output//$'\n'/ } " != *" "[cst]" "* && $output != *ctx* ]]
}

@test "cache mounts: shared by two at once, private, or one after the other" {
	# The shared one is where both wait for each other.
	dockerfile <<'X'
FROM busybox AS a
RUN --mount=type=cache,id=both,target=/b \
    --mount=type=cache,id=own,target=/own,sharing=private \
    touch /b/a; n=0; until [ -e /b/b ] || [ $n = 300 ]; do \
    sleep 0.1; n=$((n + 1)); done; mkdir /own/dir && test -e /b/b
RUN --mount=type=cache,id=lock,target=/l,sharing=locked \
    mkdir /l/in && sleep 0.3 && rmdir /l/in && touch /a
FROM busybox AS b
RUN --mount=type=cache,id=both,target=/b \
    --mount=type=cache,id=own,target=/own,sharing=private \
    touch /b/b; n=0; until [ -e /b/a ] || [ $n = 300 ]; do \
    sleep 0.1; n=$((n + 1)); done; mkdir /own/dir && test -e /b/a
RUN --mount=type=cache,id=lock,target=/l,sharing=locked \
    mkdir /l/in && sleep 0.3 && rmdir /l/in && touch /b
FROM busybox
COPY --from=a /a /
COPY --from=b /b /
X
	build --jobs 2
}

@test "secrets are seen by the step and by nobody else" {
	local value=topsecret$RANDOM$RANDOM
	echo "$value" >"$BATS_TEST_TMPDIR/s"
	dockerfile <<'X'
FROM busybox
RUN --mount=type=secret,id=a,required=true stat -c %a:%s /run/secrets/a
RUN --mount=type=secret,id=b,env=B test -n "$B" && test ! -e /run/secrets/b
RUN --mount=type=secret,id=none test ! -e /run/secrets/none
RUN --mount=type=secret,id=b,env=B,target=rel [ "$B" = "$(cat /rel)" ]
RUN --mount=type=secret,target=/x/BARE,mode=0444 [ "$(stat -c %a /x/BARE)" = 444 ]
X
	VALUE=$value BARE=$value build --secret id=b,env=VALUE \
		--secret "id=a,src=$BATS_TEST_TMPDIR/s" --secret id=BARE
	run grep -rlF "$value" "$HOME" "$TEST_RUN"
	[ -z "$output" ]
	run build --no-cache
	[ "$status" = 1 ]
	[[ $output == *"secret 'a' is required"* ]]
	head -c 512001 /dev/zero >"$BATS_TEST_TMPDIR/big"
	run build --secret "id=a,src=$BATS_TEST_TMPDIR/big"
	[ "$status" = 1 ]
	[[ $output == *"more than 500 KiB"* ]]
}

@test "host network and insecure need to be allowed" {
	dockerfile <<'X'
FROM busybox
RUN --network=none ip -o link | wc -l >/links
RUN --security=insecure true
X
	run build
	[ "$status" = 1 ]
	[[ $output == *"--allow security.insecure"* ]]
	build --allow security.insecure
	[ "$(in_image cat /links)" = 1 ]
}

@test "ONBUILD runs in the child, once" {
	printf 'FROM busybox\nONBUILD COPY f /f\nONBUILD RUN cat /f >/g\n' \
		>"$CTX/Dockerfile"
	dhow build -q -t parent "$CTX"
	echo child >"$CTX/f"
	printf 'FROM parent\n' >"$CTX/Dockerfile"
	build
	[ "$(in_image cat /g)" = child ]
	[ "$(dhow image inspect -f '{{json .Config.OnBuild}}' t)" = null ]
}

# --- cache ---------------------------------------------------------------

@test "cache: by content and mode, never by time" {
	echo a >"$CTX/f" && echo b >"$CTX/other"
	dockerfile <<'X'
FROM busybox
COPY f /f
RUN cat /f >/g
X
	build
	run build
	[ "$(count CACHED)" = 3 ]
	touch -d 2001-01-01 "$CTX/f"
	run build
	[ "$(count CACHED)" = 3 ]
	echo c >"$CTX/other"
	run build
	[ "$(count CACHED)" = 3 ]
	chmod 600 "$CTX/f"
	run build --why
	[ "$(count CACHED)" = 1 ]
	[[ $output == *"changed: files of /f"* ]]
	echo c >"$CTX/f"
	run build
	[ "$(count CACHED)" = 1 ]
	[ "$(in_image cat /g)" = c ]
	run build --no-cache-filter 0
	[ "$(count CACHED)" = 1 ]
	run build --no-cache-filter other
	[ "$(count CACHED)" = 3 ]
}

@test "cache: a build that changes nothing makes the same image" {
	printf 'FROM busybox\nENV a=b\nRUN date >/d\n' >"$CTX/Dockerfile"
	run --separate-stderr dhow build -q "$CTX"
	local first=$output
	sleep 1
	run --separate-stderr dhow build -q "$CTX"
	[ "$output" = "$first" ]
	run --separate-stderr dhow build -q --no-cache "$CTX"
	[ "$output" != "$first" ]
}

@test "cache: what an ARG's value reaches, a stage of the same content" {
	dockerfile <<'X'
FROM busybox AS a
ARG v
RUN echo $v >/unused; echo same >/used
FROM busybox
COPY --from=a /used /
RUN cat /used
X
	build --build-arg v=1
	run build --build-arg v=2
	# The stage is made anew, and what is copied of it is the same.
	[ "$(count CACHED)" = 4 ]
}

@test "cache: to a directory and from it" {
	printf 'FROM busybox\nRUN date +%%N >/d\n' >"$CTX/Dockerfile"
	build --cache-to "type=local,dest=$BATS_TEST_TMPDIR/cc"
	local first
	first=$(in_image cat /d)
	dhow rmi t && dhow builder prune -af
	run build --cache-from "type=local,src=$BATS_TEST_TMPDIR/cc"
	[ "$(count CACHED)" = 2 ]
	[ "$(in_image cat /d)" = "$first" ]
}

@test "a build that is killed leaves finished steps, and no more" {
	dockerfile <<'X'
FROM busybox
RUN date +%N >/one
RUN touch /begun; sleep 60
X
	"$DHOW" build -q -t t "$CTX" >/dev/null 2>&1 3>&- &
	local pid=$!
	wait_for 100 pgrep -u "$(id -u)" -f '^sleep 60' >/dev/null
	kill -9 "$pid"
	wait_for 100 bash -c "! pgrep -u $(id -u) -f '^sleep 60'"
	sed -i '/sleep/d' "$CTX/Dockerfile"
	run build
	[ "$(count CACHED)" = 2 ]
	[ -z "$(find "$STORE/tmp" -mindepth 1 -name 'build.*')" ]
}

# --- contexts, outputs ---------------------------------------------------

@test "contexts: an archive on standard input, a repository, named ones" {
	local repo=$BATS_TEST_TMPDIR/repo port
	mkdir "$BATS_TEST_TMPDIR/named"
	echo n >"$BATS_TEST_TMPDIR/named/n"
	printf 'FROM base\nCOPY f /f\nCOPY --from=named n /n\n' >"$CTX/Dockerfile"
	echo tar >"$CTX/f"
	tar cz -C "$CTX" . | dhow build -q -t t \
		--build-context "named=$BATS_TEST_TMPDIR/named" \
		--build-context base=docker-image://busybox -
	[ "$(in_image cat /f /n)" = $'tar\nn' ]
	command -v git >/dev/null || return 0
	mkdir -p "$repo/sub" && cp "$CTX/f" "$repo/sub"
	printf 'FROM busybox\nCOPY . /\n' >"$repo/sub/Dockerfile"
	ln -s /etc "$repo/escape"
	git -C "$repo" init -q -b main
	git -C "$repo" add .
	git -C "$repo" -c user.name=t -c user.email=t@t commit -qm t
	git clone -q --bare "$repo" "$BATS_TEST_TMPDIR/r.git"
	git -C "$BATS_TEST_TMPDIR/r.git" update-server-info
	port=$(python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
	python3 -m http.server -b 127.0.0.1 -d "$BATS_TEST_TMPDIR" "$port" \
		>/dev/null 2>&1 3>&- &
	server=$!
	wait_for 100 curl -fs "http://127.0.0.1:$port/" -o /dev/null
	dhow build -q -t t "http://127.0.0.1:$port/r.git#main:sub"
	[ "$(in_image cat /f)" = tar ]
	run dhow build -q "http://127.0.0.1:$port/r.git#main:escape"
	kill $server
	[ "$status" = 1 ]
	[[ $output == *"'escape' is no directory of the context"* ]]
}

@test "named contexts go before images, and replace stages" {
	local named=$BATS_TEST_TMPDIR/named c
	mkdir "$named" && echo n >"$named/n" && echo skip >"$named/skip"
	echo skip >"$named/.dockerignore"
	dockerfile <<'X'
FROM alpine:3.99 AS of-image
RUN test -x /bin/busybox
FROM busybox AS dir
RUN false
FROM dir AS upon
COPY Dockerfile /df
FROM of-image
COPY --from=DIR n /n
COPY --from=upon /n /df /upon/
RUN --mount=from=dir,target=/m test -e /m/n && test ! -e /m/skip
X
	build --build-context "dir=$named" \
		--build-context alpine:3.99=docker-image://busybox
	[ "$(in_image cat /n /upon/n)" = $'n\nn' ]
	run build --build-context "dir=$named/none" \
		--build-context alpine:3.99=docker-image://busybox
	[ "$status" = 1 ]
	for c in bzip2 xz zstd cat; do
		printf 'FROM busybox\nCOPY Dockerfile /%s\n' $c \
			>"$CTX/Dockerfile"
		tar -cC "$CTX" Dockerfile | $c | dhow build -q -t t -
		in_image test -f /$c
	done
}

@test "CVE-2022-39253: no repository of this host's own files" {
	run dhow build "file://$CTX/x.git"
	[ "$status" = 1 ]
	run dhow build "ext::sh -c id% .git"
	[ "$status" = 1 ]
}

@test "outputs: a directory, archives of files and of images" {
	cd "$BATS_TEST_TMPDIR"
	printf 'FROM busybox AS b\nRUN echo x >/x\nFROM scratch\nCOPY --from=b /x /dir/x\n' \
		>"$CTX/Dockerfile"
	dhow build -q -o out "$CTX"
	[ "$(cat out/dir/x)" = x ]
	dhow build -q -o - "$CTX" | tar tf - >list
	[ "$(cat list)" = $'dir/\ndir/x' ]
	dhow build -q -t named -o type=oci,dest=i.oci "$CTX"
	dhow build -q -t named -o type=docker,dest=i.tar "$CTX"
	run dhow image inspect named
	[ "$status" = 1 ]
	tar tf i.oci | grep -q oci-layout
	dhow load -i i.tar
	dhow image inspect named >/dev/null
}

@test "SOURCE_DATE_EPOCH: the same image, whenever and wherever" {
	printf 'FROM busybox\nWORKDIR /w\nCOPY <<a <<b /w/\n1\na\n2\nb\nRUN echo x >/y\n' \
		>"$CTX/Dockerfile"
	export SOURCE_DATE_EPOCH=1000000000
	run --separate-stderr dhow build -q "$CTX"
	local first=$output
	dhow rmi "$first" && dhow builder prune -af
	sleep 1
	run --separate-stderr dhow build -q "$CTX"
	[ "$output" = "$first" ]
	[ "$(dhow image inspect -f '{{.Created}}' "$first")" = \
		2001-09-09T01:46:40Z ]
}

@test "two builds at once do a step once" {
	printf 'FROM busybox\nRUN sleep 1; date +%%N >/d\n' >"$CTX/Dockerfile"
	dhow build -q -t t1 "$CTX" 3>&- &
	dhow build -q -t t2 "$CTX"
	wait $!
	[ "$(dhow run --rm --network none t1 cat /d)" = \
		"$(dhow run --rm --network none t2 cat /d)" ]
}

nobody_left_of() { ! pgrep -s "$1" >/dev/null; }

@test "builds killed at any moment leave steps that count, and garbage that goes" {
	local i before=0 now id layers
	dhow rmi -f t
	dhow builder prune -af
	layers=$(ls "$STORE/layers")
	{
		echo FROM busybox
		for i in {1..6}; do
			echo "RUN echo $i >/s$i && date +%N >>/s$i"
			echo "COPY d /d$i"
		done
	} >"$CTX/Dockerfile"
	mkdir "$CTX/d"
	for i in {1..300}; do echo "$i" >"$CTX/d/$i"; done
	for i in {1..8}; do
		setsid "$DHOW" build -q -t t "$CTX" >/dev/null 2>&1 3>&- &
		sleep "0.$((RANDOM % 3))$((RANDOM % 10))"
		kill -9 "$!" 2>/dev/null || true
		wait "$!" 2>/dev/null || true
		# What it was just finishing counts; two at once would differ.
		wait_for 50 nobody_left_of "$!"
		now=$(find "$STORE/build/steps" -type f | wc -l)
		[ "$now" -ge "$before" ]
		before=$now
	done
	run -0 build
	[ "$(count CACHED)" -ge "$((before > 12 ? 12 : before))" ]
	id=$(dhow images -q --no-trunc t)
	[ "$(in_image sh -c 'cat /s*' | grep -cE '^[1-6]$')" = 6 ]
	[ "$(in_image sh -c 'ls /d1 /d6 | wc -l')" = 603 ]
	run -0 build
	[ "$(count CACHED)" = 13 ]
	[ "$(dhow images -q --no-trunc t)" = "$id" ]
	dhow rmi -f t
	dhow builder prune -af
	run -0 dhow system df --format '{{.Type}} {{.Size}}'
	[[ $output == *"Build Cache 0B"* ]]
	[ -z "$(find "$STORE/build/steps" "$STORE/build/trees" -mindepth 1)" ]
	wait_for 100 bash -c '[ -z "$(find "$STORE/tmp" -mindepth 1)" ]'
	[ "$(ls "$STORE/layers")" = "$layers" ]
}
