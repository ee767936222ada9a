#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Whose files an image's are, also when it was built with a single id.

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

build() { dhow build --progress plain -t t "$@" "$CTX" 2>&1; }

# owners: "mode owner path" of everything in the layers of image t that the
# base has not.
owners() {
	local dir=$BATS_TEST_TMPDIR/save layer
	rm -rf "$dir"
	mkdir "$dir"
	dhow save -o "$dir/t.tar" t
	tar xf "$dir/t.tar" -C "$dir"
	for layer in $(python3 -c 'import json, sys
for layer in json.load(open(sys.argv[1]))[0]["Layers"][1:]: print(layer)' \
		"$dir/manifest.json"); do
		tar tvf "$dir/$layer" --numeric-owner
	done | awk '{ print $1, $2, $6 }'
}

# has LINE...: of owners
has() {
	local line
	for line; do
		grep -qxF -- "$line" <<<"$output" || {
			echo "no '$line' in:"
			echo "$output"
			return 1
		}
	done
}

# lacks PATTERN: no such line in owners
lacks() { ! grep -E -- "$1" <<<"$output"; }

@test "chown in RUN decides the owner in the layer, whatever the name becomes" {
	cat >"$CTX/Dockerfile" <<-'E'
		FROM busybox
		RUN mkdir -p /app/sub && echo x >/app/a && echo y >/app/sub/b && \
			chown -R 1000:1001 /app && chmod 0640 /app/a
		RUN echo n >/new && chown 33 /new && mv /new /final && \
			echo g >/grp && chgrp 44 /grp && cd /app && chown 7:8 sub/b
		RUN echo more >>/app/a && touch /app/sub/c && \
			echo z >/back && chown 5:5 /back && chown 0:0 /back
	E
	run -0 build
	run -0 owners
	has "drwxr-xr-x 1000/1001 app/" "-rw-r----- 1000/1001 app/a" \
		"drwxr-xr-x 1000/1001 app/sub/" \
		"-rw-r--r-- 7/8 app/sub/b" "-rw-r--r-- 33/0 final" \
		"-rw-r--r-- 0/44 grp" "-rw-r--r-- 0/0 app/sub/c" \
		"-rw-r--r-- 0/0 back"
	# The last step changed a file and a directory: theirs they stay.
	[ "$(grep -c '1000/1001 app/a$' <<<"$output")" = 2 ]
	[ "$(grep -c '7/8\|1000/1001 app/sub/' <<<"$output")" -ge 3 ]
}

@test "what the call would have failed of, it fails of" {
	cat >"$CTX/Dockerfile" <<-'E'
		FROM busybox
		RUN ! chown 5 /missing && ! chown 5 /bin/sh/x && \
			ln -s /nowhere /l && ! chown 5 /l && chown -h 5 /l && \
			mkdir -p /r/d && echo >/r/d/f && cd /r && \
			chroot /r /../bin/true 2>/dev/null; chown 6 d/../d/f
		RUN mkdir -p /c/bin && cp /bin/busybox /c/bin/ && echo >/c/f && \
			chroot /c /bin/busybox chown 9:9 /f && echo >/f && \
			chown 5 /dev/null /proc/self/fd/1 /etc/hosts || true
	E
	run -0 build
	run -0 owners
	has "-rw-r--r-- 6/0 r/d/f" "-rw-r--r-- 9/9 c/f" "-rw-r--r-- 0/0 f"
}

@test "what USER makes is the user's, what was there is not" {
	mkdir "$CTX/web"
	echo a >"$CTX/web/a"
	cat >"$CTX/Dockerfile" <<-'E'
		FROM busybox
		RUN mkdir /data && chown 33:34 /data && echo r >/data/root
		COPY --chown=33:34 web /web
		USER 33:34
		WORKDIR /home/x
		RUN echo n >/data/new && mkdir /data/dir && ln -s new /data/link && \
			touch /web/b && echo more >>/web/a
	E
	run -0 build
	run -0 owners
	has "-rw-r--r-- 0/0 data/root" "-rw-r--r-- 33/34 data/new" \
		"drwxr-xr-x 33/34 data/dir/" "lrwxrwxrwx 33/34 data/link" \
		"-rw-r--r-- 33/34 web/b" "drwxr-xr-x 33/34 home/x/"
	lacks " 0/0 web/"
}

@test "owners go along: COPY --from, ADD of an archive, a base" {
	mkdir "$CTX/t"
	echo u >"$CTX/t/u"
	tar cf "$CTX/t.tar" --owner=70 --group=71 --mode=u=rwX,go=rX -C "$CTX/t" .
	cat >"$CTX/Dockerfile" <<-'E'
		FROM busybox AS made
		RUN mkdir /o && echo 1 >/o/f && echo 2 >/o/s && \
			chown -R 50:51 /o && chmod 4755 /o/s
		FROM busybox
		COPY --from=made /o /copied
		COPY --from=made --chown=8:9 /o /given
		ADD t.tar /added
		RUN echo x >>/added/u && echo x >>/copied/f
	E
	run -0 build
	run -0 owners
	has "-rw-r--r-- 50/51 copied/f" "-rwsr-xr-x 50/51 copied/s" \
		"-rw-r--r-- 8/9 given/f" "-rw-r--r-- 70/71 added/u"
	lacks " 0/0 (copied|given|added)/."
	# From an image that comes as an archive, and on from there.
	dhow save -o "$BATS_TEST_TMPDIR/t.tar" t
	dhow rmi t
	dhow builder prune -af
	dhow load -q -i "$BATS_TEST_TMPDIR/t.tar"
	dhow tag t base
	printf 'FROM base\nRUN echo y >>/copied/f; touch /added/u; rm /given/s\n' \
		>"$CTX/Dockerfile"
	run -0 build
	run -0 owners
	[ "$(grep -c '^-rw-r--r-- 50/51 copied/f$' <<<"$output")" -ge 2 ]
	lacks " 0/0 (copied|added)/."
}

@test "a device that one id cannot make stands in the layer all the same" {
	[ "$(id_mode)" = single ] || skip "with more ids mknod fails as it is"
	cat >"$CTX/Dockerfile" <<-'E'
		FROM busybox
		RUN mkdir /n && mknod -m 640 /n/tty c 4 1 && chown 0:5 /n/tty && \
			mknod /n/sda b 8 0 && mkfifo /n/p && mv /n/sda /n/disk
	E
	run -0 build
	run -0 owners
	has "crw-r----- 0/5 n/tty" "brw-r--r-- 0/0 n/disk" "prw-r--r-- 0/0 n/p"
}

@test "commit and export of a container carry its owners, too" {
	dhow run --name cc --network none busybox sh -c \
		'mkdir /w && echo 1 >/w/f && chown -R 12:13 /w && mv /w /v'
	dhow commit -q cc t
	run -0 owners
	has "drwxr-xr-x 12/13 v/" "-rw-r--r-- 12/13 v/f"
	run -0 bash -c '"$DHOW" export cc | tar tv --numeric-owner v'
	[[ $output == *" 12/13 "*" v/f"* ]]
	dhow rm cc
	# A second life, and nothing that is left when it ends.
	dhow run -d --name dd --network none busybox \
		sh -c 'chown 5 /bin/sh; echo done; sleep 600'
	wait_for 100 bash -c '"$DHOW" logs dd | grep done'
	dhow restart -t 0 dd
	wait_for 100 bash -c '[ "$("$DHOW" logs dd | grep -c done)" = 2 ]'
	dhow rm -f dd
}

@test "what su makes in a RUN is that user's" {
	cat >"$CTX/Dockerfile" <<-'E'
		FROM busybox
		RUN echo srv:x:77:77::/srv:/bin/sh >>/etc/passwd && \
			echo srv:x:77: >>/etc/group && \
			echo root:x:0:0::/:/bin/sh >>/etc/passwd && \
			mkdir -p /srv/old && chown -R srv:srv /srv
		RUN su srv -c 'cd && mkdir -p new/er && echo 1 >new/er/f && ln -s f new/l && \
			echo 2 >old/f' && echo 3 >/etc/r && mkdir /srv2
		RUN mkdir /srv/roots && echo 4 >/srv/roots/f
	E
	run -0 build
	run -0 owners
	has "drwxr-xr-x 77/77 srv/new/" "drwxr-xr-x 77/77 srv/new/er/" \
		"-rw-r--r-- 77/77 srv/new/er/f" "lrwxrwxrwx 77/77 srv/new/l" \
		"-rw-r--r-- 77/77 srv/old/f" "-rw-r--r-- 0/0 etc/r" \
		"drwxr-xr-x 0/0 srv2/" "-rw-r--r-- 0/0 srv/roots/f"
}

@test "one id: who steps down goes on, who tries for ever hears what to do" {
	[ "$(id_mode)" = single ] || skip "with more ids it becomes that user"
	cat >"$CTX/Dockerfile" <<-'E'
		FROM busybox
		RUN echo srv:x:77:77::/:/entry >>/etc/passwd && \
			echo root:x:0:0::/:/bin/sh >>/etc/passwd && \
			printf '#!/bin/sh\n[ $(id -u) = 77 ] || exec su srv\necho serves\n' \
				>/entry && chmod +x /entry
		RUN su srv -s /bin/sh -c 'echo went on'
		CMD ["/entry"]
	E
	run -0 build
	run -1 dhow run --rm --network none t
	[[ $output == *"nobody can become user 77 here"*"--user 77"* ]]
	[[ $output != *serves* ]]
	run -0 dhow run --rm --network none --user 77 t
	[ "$output" = serves ]
}
