#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# The same Dockerfiles built by buildah: same files, same configuration.
#
# Each case is built once with both. Where they differ on purpose, as BuildKit
# and buildah do, a case is worded so that it does not matter.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
	[ -z "${DHOW_TEST_DRIVER:-}" ] || return 0
	CTX=$BATS_FILE_TMPDIR/ctx
	export CTX
	mkdir -p "$CTX"/{src/sub/deep,empty,.hidden}
	cp "$(busybox_tar)" "$CTX/base.tar"
	echo one >"$CTX/src/one.txt"
	echo two >"$CTX/src/two.txt"
	echo deep >"$CTX/src/sub/deep/file"
	echo hidden >"$CTX/.hidden/file"
	printf '#!/bin/sh\necho run\n' >"$CTX/src/run.sh"
	chmod 755 "$CTX/src/run.sh"
	chmod 640 "$CTX/src/two.txt"
	chmod 750 "$CTX/src/sub"
	ln -s one.txt "$CTX/src/link"
	ln -s sub/deep "$CTX/src/dirlink"
	ln -s nowhere "$CTX/src/dangling"
	# No entry of its own for the top: there buildah differs from BuildKit.
	(cd "$CTX/src" && tar --owner=7 --group=8 -czf ../files.tar.gz -- *)
	# One base for all cases: theirs takes seconds with vfs.
	printf 'FROM scratch\nADD base.tar /\nENV PATH=/bin\n' \
		>"$CTX/Dockerfile"
	dhow build -q -t base "$CTX"
	! can_compare || buildah bud -q --format docker -t base "$CTX"
}

teardown_file() {
	! can_compare || buildah rmi -af >/dev/null 2>&1 || true
	dhow_teardown_file
}

can_compare() {
	[ -z "${DHOW_TEST_DRIVER:-}${DHOW_TEST_BARE:-}" ] &&
		command -v buildah >/dev/null && [ "$(id_mode)" != single ]
}

setup() {
	can_compare || skip "once is enough, with buildah and sub-ids"
	OUT=$BATS_TEST_TMPDIR
}

# same LINE...: the Dockerfile below "FROM base" makes the same with both.
same() {
	printf '%s\n' 'FROM base' "$@" >"$CTX/Dockerfile"
	same_file
}

same_file() {
	local id
	dhow build -q -t ours "$CTX" &&
		dhow build -q -o "type=tar,dest=$OUT/ours.tar" "$CTX" &&
		dhow image inspect --format '{{json .Config}}' ours \
			>"$OUT/ours.json" || return 1
	id=$(buildah bud -q --layers=false --format docker \
		--output "type=tar,dest=$OUT/theirs.tar" "$CTX") || return 1
	buildah inspect --type image "$id" >"$OUT/theirs.json" || return 1
	python3 "$LIB/samebuild.py" "$OUT/ours.tar" "$OUT/ours.json" \
		"$OUT/theirs.tar" "$OUT/theirs.json"
}

@test "COPY: files, directories, wildcards, links, modes, owners" {
	same 'COPY src /a/' 'COPY src/one.txt /b' 'COPY src/one.txt /c/d/' \
		'COPY src/*.txt .hidden /e/' 'COPY src/link /f' \
		'COPY src/sub src/run.sh /g/' 'COPY empty /h/' \
		'COPY --chown=app:extra src /i' 'COPY --chown=5 src/one.txt /j' \
		'COPY --chmod=0751 src/one.txt /k' 'COPY ["src/two.txt", "/l m"]' \
		'WORKDIR /n/o' 'COPY src/one.txt .' 'COPY src/one.txt p/q' \
		'COPY src/t[v-x]o.txt /r/' 'COPY src/*/deep /s/' \
		'COPY src/./sub/../one.txt /t' 'COPY src empty /u' \
		'COPY --chown=:extra src/dirlink/file /v' \
		'RUN mkdir /w' 'COPY src/one.txt src/two.txt /w'
}

@test "ADD: archives are unpacked, others copied" {
	same 'ADD files.tar.gz /a/' 'ADD --chown=3:4 src/one.txt /b/' \
		'ADD src /c'
}

@test "RUN: what a command makes, changes and removes" {
	same 'RUN echo hi >/hi; mkdir -p /d/e; chmod 1770 /d; ln -s hi /l' \
		'RUN ln /hi /hard; chown 1000:1001 /d/e; mkfifo /d/pipe' \
		'RUN rm -r /home/app; echo new >/etc/new; rm /hi' \
		'RUN ["sh", "-c", "umask 027; echo $0 >/exec", "arg"]' \
		'RUN rm -rf /var/lib/data && mkdir /var/lib/data' \
		'RUN echo a \' '# c' '' '  b >/x && \' '  # d' \
		'echo "e \' '   f" >/y'
}

@test "USER and WORKDIR decide whose files these are" {
	same 'USER app' 'RUN touch /tmp/app' 'USER 2000:3000' \
		'RUN id -u >/tmp/uid; id -g >/tmp/gid' 'USER app:video' \
		'RUN touch /tmp/group; pwd >/tmp/pwd' 'USER root' \
		'WORKDIR /w' 'WORKDIR x' 'RUN pwd >pwd' 'WORKDIR ../y/./z/' \
		'ENV d=/e' 'WORKDIR $d/f/' 'USER 1000' 'WORKDIR g' \
		'RUN id >/tmp/id' 'COPY src/one.txt .' 'USER app'
}

@test "ARG and ENV: scopes, expansion, what RUN sees" {
	same 'ARG a=1 b' 'ARG c=${a}2' 'ENV d=$c e="x $d y" f=\$a' \
		"ENV g='\$a' h=\${a:-no} i=\${b:-no} j=\${a:+yes} k=\${b:+yes}" \
		'ENV old way of it' 'ENV a=env' \
		'RUN echo "$a $b $c $d $e $f $g" >/seen' \
		'LABEL l=$c "m n"="o p" q=${d}z' 'COPY src/${Z:-one}*.txt /cc/' \
		'WORKDIR /w/$c/$old' 'ENV r="x  y" s=x\ y t="d\"e" u= v=""' \
		"ENV w 'i j' k" 'LABEL r="b c" s=e\ f' "LABEL t h  i" \
		'LABEL u="k \' '  l"' 'LABEL "v w"=x' 'EXPOSE $c $c/udp' \
		'ENV x=${Z:-x}$Z z=$a-${a}x'
}

@test "configuration: ports, volumes, shells, signals, health, triggers" {
	same 'EXPOSE 80 90/udp' 'VOLUME /v /w' 'VOLUME ["/x"]' \
		'STOPSIGNAL SIGINT' 'SHELL ["/bin/sh", "-e", "-c"]' \
		'CMD echo $PATH' 'ENTRYPOINT ["/bin/sh"]' 'CMD ["x", "y"]' \
		'HEALTHCHECK --interval=3s --timeout=2s --retries=4 CMD test 1' \
		'ONBUILD RUN echo later' 'USER app'
	same 'CMD one' 'ENTRYPOINT two'
	same 'HEALTHCHECK NONE' 'LABEL a=1 a=2' 'CMD []' 'ENTRYPOINT []'
	same 'HEALTHCHECK --interval=1m30s --timeout=0.5s CMD ["a", "b"]' \
		'CMD ["a" "b"]'
}

@test "stages: by name and number, copied from and built upon" {
	printf '%s\n' 'ARG which=base' 'FROM $which AS one' 'ARG v=stage' \
		'RUN mkdir /made && echo $v >/made/file && chown 9:9 /made/file' \
		'ENV from=one' 'FROM base AS unused' 'RUN exit 1' \
		'FROM one AS two' 'RUN echo $from >/made/two' 'FROM scratch' \
		'COPY --from=one /made /a' 'COPY --from=2 /made/two /b/' \
		'COPY --from=two --chown=1:2 /made/ /c' 'CMD ["/a"]' \
		>"$CTX/Dockerfile"
	same_file
}

@test "triggers of the base run first" {
	printf '%s\n' 'FROM base' 'ONBUILD COPY src/one.txt /trigger/' \
		'ONBUILD RUN echo $SHELL_IS >/trigger/two' \
		'ONBUILD ENV SHELL_IS=set' >"$CTX/Dockerfile"
	dhow build -q -t trigger "$CTX"
	buildah bud -q --format docker -t trigger "$CTX"
	printf '%s\n' 'FROM trigger' 'RUN echo $SHELL_IS >/trigger/three' \
		>"$CTX/Dockerfile"
	same_file
}

@test ".dockerignore: exceptions, depth, order" {
	printf '%s\n' '# not this' '*' '!src' 'src/*.txt' '!src/one.txt' \
		'**/deep' '!Dockerfile' >"$CTX/.dockerignore"
	same 'COPY . /a/' 'COPY src /b/'
	printf '%s\n' '**/*.txt' 'src/sub/../link' '/.hidden' '!**/two*' \
		'base.tar' '*.json' >"$CTX/.dockerignore"
	same 'COPY . /a/'
	rm "$CTX/.dockerignore"
}
