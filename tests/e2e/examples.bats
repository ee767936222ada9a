# SPDX-License-Identifier: Apache-2.0
# Every example of the manual pages does what it says, on a small image that
# goes by the names they use.
bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	[ -x /bin/busybox ] || skip "busybox-static is not installed"
	local root=$BATS_FILE_TMPDIR/root name
	mkdir -p "$root"/{bin,etc/nginx,root,src,tmp,usr/share/nginx/html,var/log} \
		"$BATS_FILE_TMPDIR/site"
	cp /bin/busybox "$root/bin/"
	for name in cat id ls sh sleep; do
		ln -s busybox "$root/bin/$name"
	done
	for name in bash psql; do
		printf '#!/bin/sh\nexit 0\n' >"$root/bin/$name"
		chmod +x "$root/bin/$name"
	done
	echo 'events {}' >"$root/etc/nginx/nginx.conf"
	echo hello >"$BATS_FILE_TMPDIR/site/index.html"
	echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
	echo 'NAME=small' >"$root/etc/os-release"
	tar -C "$root" -czf "$BATS_FILE_TMPDIR/rootfs.tar.gz" .
	python3 "$BATS_TEST_DIRNAME/lib/mkimage.py" \
		"$BATS_FILE_TMPDIR/image.tar" loaded:1 \
		'[{"path": "file", "data": "x"}]'
	gzip -k "$BATS_FILE_TMPDIR/image.tar"
	echo 'services: {web: {image: debian}}' >"$BATS_FILE_TMPDIR/compose.yaml"
	printf 'FROM debian:12 AS dist\nRUN id\n' >"$BATS_FILE_TMPDIR/Dockerfile"
	mkdir "$BATS_FILE_TMPDIR/bin"
	ln -s "$DHOW" "$BATS_FILE_TMPDIR/bin/dhow"
	PATH=$BATS_FILE_TMPDIR/bin:$PATH
	export PATH
}

teardown() { dhow rm -fav >/dev/null; }

# The lines below "Examples:" of every --help.
examples() {
	local path
	"$DHOW" __complete command | cut -f1 | while read -r path; do
		# shellcheck disable=SC2086 # two words make one command
		"$DHOW" $path --help | sed -n '/^Examples:/,$ s/^  //p'
	done
}

# What the line talks of is there: containers that run, and what they need.
prepare() {
	local name
	if [[ $1 == *"network create backend"* ]]; then
		dhow rm -fa >/dev/null
		dhow network rm -f backend >/dev/null
	elif ! dhow network exists backend; then
		dhow network create backend >/dev/null
	fi
	dhow volume create data >/dev/null
	dhow volume exists copy || dhow volume create copy >/dev/null
	echo hunter2 >password.txt
	dhow secret create --ignore db_password password.txt >/dev/null
	[[ $1 != *" app:1 "* ]] ||
		dhow manifest create --amend app:1 debian:12 >/dev/null
	[[ $1 != *checked* ]] || dhow container exists checked ||
		dhow run -d --name checked --health-cmd true debian:12 \
			sleep 1000 >/dev/null
	for name in web db job box; do
		[[ " $1 " == *[\ /]"$name"[\ :]* ]] || continue
		[[ $1 == *"--name $name "* ]] && {
			dhow rm -f "$name" >/dev/null 2>&1
			continue
		}
		dhow container exists "$name" || dhow run -d --name "$name" \
			-p 127.0.0.1::80 --stop-signal KILL debian:12 \
			busybox sleep "$([ "$name" = job ] && echo 1 || echo 1000)" \
			>/dev/null
		[ "$name" = job ] || dhow start "$name" >/dev/null
	done
	[[ $1 != *"network disconnect"* ]] ||
		dhow network connect backend web
}

@test "every example works" {
	local line failed=0
	cd "$BATS_FILE_TMPDIR"
	while read -r line <&4; do
		# What a line needs may have gone with the one before.
		dhow import -q rootfs.tar.gz debian:12 >/dev/null
		dhow tag debian:12 debian:latest
		dhow tag debian:12 mine:base
		prepare "$line"
		case $line in
		*" compose config"* | *" compose ls"* | *" compose version"*)
			sh -c "$line" >out 2>&1 ;;
		*" compose "*) continue ;; # with a project of its own: compose.bats
		*" pull "*) continue ;; # from Docker Hub: registry.bats
		*" system reset"*) continue ;; # nothing would be left: verbs.bats
		*" login "* | *" search "* | *" manifest push "* | *" imagetools "*)
			continue ;; # with a registry: push.bats, manifest.bats
		# These go on until somebody ends them.
		*" attach "*) timeout 2 sh -c "$line" >out 2>&1 || [ $? -eq 124 ] ;;
		*" autostart"*) # where there is neither systemd nor cron: 1
			sh -c "$line" >out 2>&1 || [ $? -eq 1 ] ;;
		*" doctor"*) sh -c "$line" >/dev/null || [ $? -eq 1 ] ;;
		*" -it "*) script -qec "$line" /dev/null </dev/null ;;
		*) sh -c "$line" >out 2>&1 ;;
		esac || {
			echo "failed ($?): $line"
			cat out
			failed=1
		}
	done 4< <(examples)
	[ "$failed" -eq 0 ]
}
