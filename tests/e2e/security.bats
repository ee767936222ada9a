#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# What has gone wrong in other runtimes. Tests are named after the record of
# the mistake; each makes the image or the command line that did the harm.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

R() { dhow run --rm --network none "$@"; }

# A directory of the host that must come out of a test as it went in.
setup() {
	VICTIM=$BATS_TEST_TMPDIR/victim
	mkdir "$VICTIM"
	echo precious >"$VICTIM/file"
	chmod 755 "$VICTIM"
	before=$(victim_state)
}

victim_state() {
	find "$VICTIM" -printf '%p %m %s %l\n' | sort
	cat "$VICTIM/file"
}

unharmed() { [ "$(victim_state)" = "$before" ]; }

is_running() { [ "$(dhow inspect -f '{{.State.Running}}' "$1")" = true ]; }

# hostile LAYER-JSON: an image with one more layer, or nothing when dhow
# refuses it already at the door.
hostile() { use_image hostile:1 '{"Cmd": ["true"]}' "$1"; }

@test "CVE-2019-5736: the runtime cannot be reopened for writing from inside" {
	local sum
	sum=$(sha256sum "$DHOW")
	hostile '[{"path": "entry", "type": "symlink",
		"target": "/proc/self/exe"}]'
	run -127 R hostile:1 /entry --version
	run -0 R busybox sh -c 'for p in /proc/[0-9]*; do
		f=$(readlink $p/exe); case $f in *dhow*) echo "found $f";;
		esac; (: >>$p/exe) 2>/dev/null && echo "opened $p"; done; true'
	[[ $output != *"found"* ]]
	[ "$(sha256sum "$DHOW")" = "$sum" ]
}

@test "CVE-2019-5736: a program of one's own is run as a sealed copy" {
	local bin=$BATS_TEST_TMPDIR/bin dir pid
	dir=$(dirname "$(readlink -f "$DHOW")")
	mkdir "$bin"
	cp "$DHOW" "$bin/dhow"
	cp "$dir"/dhow-* "$bin" 2>/dev/null || cp "$dir"/../libexec/dhow/* "$bin"
	mkfifo "$BATS_TEST_TMPDIR/end"
	"$bin/dhow" run --rm -i --name own --network none busybox cat \
		<"$BATS_TEST_TMPDIR/end" >/dev/null 2>&1 3>&- &
	pid=$!
	exec 8>"$BATS_TEST_TMPDIR/end"
	wait_for 100 is_running own
	run readlink "/proc/$pid/exe"
	exec 8>&-
	wait "$pid"
	[[ $output == /memfd:* ]]
}

@test "CVE-2024-21626: no descriptor leads out, not as a working directory" {
	local n
	for n in 3 4 5 6 7 8 9 10 20; do
		run R -w "/proc/self/fd/$n" busybox sh -c 'ls ../../../../etc'
		[[ $output != *shadow* ]]
		[[ $output != *debian_version* ]]
	done
	run -0 R busybox sh -c 'ls /proc/self/fd | sort -n | tr "\n" " "'
	# 3 is the directory that ls itself reads.
	[ "$output" = "0 1 2 3 " ]
	exec 7<"$VICTIM"
	run -0 R busybox ls /proc/1/fd
	exec 7<&-
	[ "${lines[*]}" = "0 1 2 3" ]
}

@test "CVE-2024-21626: an image whose WORKDIR is a link into /proc" {
	hostile '[{"path": "w", "type": "symlink",
		"target": "/proc/self/fd/7"}]'
	exec 7</
	run R -w /w hostile:1 sh -c 'ls ../../../../etc'
	exec 7<&-
	[[ $output != *debian_version* ]]
}

@test "CVE-2025-31133: masks are made of the host's null device only" {
	hostile '[{"path": "dev", "type": "dir"},
		{"path": "dev/null", "type": "symlink",
		 "target": "/proc/sys/kernel/core_pattern"}]'
	run -0 R hostile:1 sh -c 'stat -c %F /dev/null;
		wc -c </proc/timer_list'
	[ "${lines[0]}" = "character special file" ]
	[ "${lines[1]}" = 0 ]
}

@test "CVE-2025-52565: a console that is a link stays inside" {
	dhow_words
	hostile "[{\"path\": \"dev\", \"type\": \"dir\"},
		{\"path\": \"dev/console\", \"type\": \"symlink\",
		 \"target\": \"$VICTIM/file\"},
		{\"path\": \"dev/pts\", \"type\": \"symlink\",
		 \"target\": \"/proc\"}]"
	pty 'expect:character' exit:0 -- "${DHOW_WORDS[@]}" run --rm -t \
		--network none hostile:1 stat -c %F /dev/console
	unharmed
}

@test "CVE-2025-52881, CVE-2019-16884: no volume over /proc fools a start" {
	mkdir -p "$BATS_TEST_TMPDIR/proc/self/attr" \
		"$BATS_TEST_TMPDIR/proc/sys/kernel"
	run R -v "$BATS_TEST_TMPDIR/proc:/proc" busybox true
	[ "$status" = 125 ]
	run R --tmpfs /proc busybox true
	[ "$status" = 125 ]
	run R -v "$BATS_TEST_TMPDIR/proc:/proc/self/attr" busybox true
	[ "$status" = 125 ]
}

@test "CVE-2019-19921, CVE-2023-27561, CVE-2023-28642: links in the way" {
	local dir
	for dir in proc sys dev; do
		hostile "[{\"path\": \"$dir\", \"type\": \"symlink\",
			\"target\": \"$VICTIM\"}]"
		run -125 R hostile:1 ls "$VICTIM"
		[[ $output == *"'/$dir' of the image is a symbolic link"* ]]
		unharmed
	done
}

@test "CVE-2026-41579, CVE-2026-47766: /dev that points upwards" {
	local up=../../../../../../../../../../..
	hostile "[{\"path\": \"dev\", \"type\": \"symlink\",
		\"target\": \"$up$VICTIM\"}]"
	run -125 R hostile:1 true
	unharmed
	hostile "[{\"path\": \"etc\", \"type\": \"symlink\",
		\"target\": \"$up$VICTIM\"}]"
	run R hostile:1 true
	unharmed
}

@test "CVE-2021-30465, CVE-2024-45310: destinations that are links" {
	local to links up=../../../../../../..
	links="{\"path\": \"out\", \"type\": \"symlink\",
		\"target\": \"$VICTIM\"},
		{\"path\": \"up\", \"type\": \"symlink\",
		 \"target\": \"$up$VICTIM\"}"
	mkdir "$BATS_TEST_TMPDIR/src"
	echo seen >"$BATS_TEST_TMPDIR/src/mark"
	# Where the links lead to is not there in the image, only on the host.
	hostile "[$links]"
	for to in /out /up /out/new /up/new /out/new/dir /up/new/dir; do
		run R -v "$BATS_TEST_TMPDIR/src:$to" hostile:1 true
		unharmed
		[ "$status" = 125 ]
	done
	run R --tmpfs /out/t -w /up/w hostile:1 true
	unharmed
	# It is there in the image, and that is what is meant.
	hostile "[$links, {\"path\": \"${VICTIM#/}/new\", \"type\": \"dir\"}]"
	for to in /out /up /out/new /up/new /out/made /up/made/dir; do
		run -0 R -v "$BATS_TEST_TMPDIR/src:$to" hostile:1 cat "$to/mark"
		[ "$output" = seen ]
		unharmed
	done
}

@test "CVE-2021-30465: a destination exchanged while containers start" {
	local share=$BATS_TEST_TMPDIR/share i
	mkdir -p "$share/a" "$BATS_TEST_TMPDIR/src"
	touch "$BATS_TEST_TMPDIR/going"
	(
		while [ -e "$BATS_TEST_TMPDIR/going" ]; do
			mv "$share/a" "$share/b"
			ln -s "$VICTIM" "$share/a"
			rm "$share/a"
			mv "$share/b" "$share/a"
			rmdir "$share/a/mnt"
		done
	) 2>/dev/null 3>&- &
	local swapper=$!
	for i in $(seq 25); do
		R -v "$share:/share" -v "$BATS_TEST_TMPDIR/src:/share/a/mnt" \
			busybox true >/dev/null 2>&1 || true
	done
	rm "$BATS_TEST_TMPDIR/going"
	wait $swapper || true
	unharmed
}

@test "CVE-2023-25809: cgroups cannot be written to" {
	local mode
	for mode in --network=none --network=host --cgroupns=private \
		--cap-add=SYS_ADMIN --pid=host; do
		run -0 dhow run --rm "$mode" busybox sh -c '
			find /sys/fs/cgroup -name cgroup.procs -o -name tasks |
			while read f; do (echo 0 >$f) 2>/dev/null && echo $f
			done; mkdir /sys/fs/cgroup/x 2>/dev/null && echo x; true'
		[ "$output" = "" ]
	done
	run -125 R --cgroupns host busybox true
}

@test "CVE-2022-0492: no new namespaces, no cgroup v1 mount" {
	run R busybox unshare -Urm true
	[ "$status" != 0 ]
	run R busybox sh -c 'mkdir -p /mnt && mount -t cgroup -o memory c /mnt'
	[ "$status" != 0 ]
}

health_has_run() {
	[[ $(dhow inspect -f '{{json .State.Health.Log}}' sets) == *CapInh* ]]
}

@test "CVE-2022-27649, CVE-2022-27650: inheritable sets are empty" {
	run -0 R busybox grep -E 'CapInh|CapAmb' /proc/self/status
	[ "$(grep -c 0000000000000000 <<<"$output")" = 2 ]
	run -0 R --init -u app busybox grep -E 'CapInh|CapAmb' /proc/1/status
	[ "$(grep -c 0000000000000000 <<<"$output")" = 2 ]
	run -0 R --cap-add ALL -u app busybox grep CapInh /proc/self/status
	[[ $output == *0000000000000000 ]]
	dhow run -d --name sets --network none --health-interval 100ms \
		--health-cmd 'grep CapInh /proc/self/status' busybox sleep 60
	run -0 dhow exec --privileged sets grep CapInh /proc/self/status
	[[ $output == *0000000000000000 ]]
	wait_for 100 health_has_run
	[[ $(dhow inspect -f '{{json .State.Health.Log}}' sets) == \
		*0000000000000000* ]]
	dhow rm -f sets
}

@test "CVE-2026-30892, GO-2025-3528: users are parsed by one strict reader" {
	local user
	run -0 R -u 1 busybox id -u
	[ "$output" = 1 ]
	for user in 2147483648 4294967295 4294967296 18446744073709551616 \
		-1 0x0 1:4294967296 '1 ' ' 1' +1; do
		run -125 R -u "$user" busybox id -u
	done
}

@test "CVE-2022-2989: a group's denial holds for its members" {
	[ "$(id_mode)" != single ] || skip "one id: there are no other groups"
	run -0 R -u app busybox id -G
	[[ " $output " == *" 1001 "* ]]
	run -0 R -u app busybox grep Groups /proc/self/status
	[[ " $output " == *1001* ]]
}

@test "CVE-2019-14271: no library of the image is loaded by the host side" {
	hostile '[{"path": "lib/x86_64-linux-gnu/libnss_files.so.2",
		"data": "not a library"}, {"path": "etc/ld.so.preload",
		"data": "/evil.so\n"}, {"path": "evil.so", "data": "x"}]'
	run -0 R -u app hostile:1 true
	run -0 R -v seeded:/home hostile:1 true
}

@test "GHSA-c72p-9xmj-rx3w: layers that reach outside are refused or tamed" {
	local layer up=../../../../../../../../..
	for layer in \
		"[{\"path\": \"$up$VICTIM/new\", \"data\": \"x\"}]" \
		"[{\"path\": \"$VICTIM/new\", \"data\": \"x\"}]" \
		"[{\"path\": \"l\", \"type\": \"symlink\", \"target\": \"$VICTIM\"},
		  {\"path\": \"l/new\", \"data\": \"x\"}]" \
		"[{\"path\": \"h\", \"type\": \"hardlink\", \"target\": \"$up$VICTIM/file\"},
		  {\"path\": \"h\", \"data\": \"changed\"}]" \
		"[{\"path\": \"l\", \"type\": \"symlink\", \"target\": \"$VICTIM/file\"},
		  {\"path\": \"m\", \"type\": \"hardlink\", \"target\": \"l\"},
		  {\"path\": \"m\", \"data\": \"changed\"}]" \
		"[{\"path\": \"l\", \"type\": \"symlink\", \"target\": \"$VICTIM\"},
		  {\"path\": \"l/.wh.file\"}]" \
		"[{\"path\": \"$up$VICTIM/.wh.file\"}]" \
		"[{\"path\": \"l\", \"type\": \"symlink\", \"target\": \"$VICTIM/file\"},
		  {\"path\": \"l\", \"type\": \"dir\", \"mode\": \"777\"}]"; do
		hostile "$layer" >/dev/null 2>&1 || true
		unharmed
		run R hostile:1 true
		unharmed
	done
}

@test "CVE-2024-9676: a password file that is a pipe or a link" {
	hostile '[{"path": "etc/passwd", "type": "fifo"}]'
	run timeout 20 "$DHOW" run --rm --network none -u app hostile:1 true
	[ "$status" = 125 ]
	hostile '[{"path": "etc/passwd", "type": "symlink",
		"target": "/dev/zero"}]'
	run timeout 20 "$DHOW" run --rm --network none -u app hostile:1 true
	[ "$status" = 125 ]
	hostile "[{\"path\": \"etc/passwd\", \"type\": \"symlink\",
		\"target\": \"/../../../../../../etc/passwd\"}]"
	run -125 R -u dhow-sub hostile:1 true
}

@test "GO-2026-5475: a password file that grew while the container ran" {
	local file
	for file in group passwd; do
		dhow run -d --name grown --network none busybox sleep 60
		dhow exec grown truncate -s 2G "/etc/$file"
		run timeout 20 "$DHOW" exec -u app grown true
		dhow rm -f grown
		[ "$status" = 126 ]
		[[ $output == *"/etc/$file"* ]]
	done
}

@test "CVE-2024-9341: what is mounted by itself follows no link outside" {
	hostile "[{\"path\": \"etc/hosts\", \"type\": \"symlink\",
		\"target\": \"$VICTIM/hosts\"},
		{\"path\": \"etc/resolv.conf\", \"type\": \"symlink\",
		\"target\": \"../../../../../..$VICTIM/resolv\"},
		{\"path\": \"${VICTIM#/}/hosts\", \"data\": \"image\"},
		{\"path\": \"${VICTIM#/}/resolv\", \"data\": \"image\"}]"
	touch "$VICTIM/hosts" "$VICTIM/resolv"
	before=$(victim_state)
	run -0 R hostile:1 cat "$VICTIM/hosts" "$VICTIM/resolv"
	[[ $output == *localhost* && $output != *image* ]]
	unharmed
}

@test "CVE-2020-1726: a volume that has files is not filled again" {
	run -0 R -v pre:/var/lib/data busybox sh -c \
		'rm /var/lib/data/seed; echo own >/var/lib/data/own'
	run -0 R -v pre:/var/lib/data busybox ls /var/lib/data
	[ "$output" = own ]
}

@test "CVE-2017-5226: input cannot be pushed into the caller's terminal" {
	dhow_words
	run -0 R busybox sh -c 'cut -d" " -f6,7 /proc/self/stat'
	[[ $output == *" 0" ]]
	# A session of its own, so /dev/tty is not the caller's.
	pty 'expect:none' exit:0 -- "${DHOW_WORDS[@]}" run --rm --network none \
		busybox sh -c '(: </dev/tty) 2>/dev/null && echo tty || echo none'
}

@test "GHSA-36xw-fx78-c5r4: no abstract socket of ours is reachable" {
	run -0 dhow run --rm --network host busybox cat /proc/net/unix
	[[ $output != *@dhow* ]]
}

@test "GO-2025-3961: what is made is private, whatever the umask" {
	(
		umask 000
		R busybox true
	)
	[ "$(stat -c %a "$STORE")" = 700 ]
	[ "$(find "$STORE" -maxdepth 2 -perm -002 -not -type l | wc -l)" = 0 ]
}

@test "CVE-2023-30549, GHSA-mmx5-32m4-wxvx: no set-id bit, no file rights" {
	local file dir
	dir=$(dirname "$(readlink -f "$DHOW")")
	for file in "$DHOW" "$dir"/dhow-* "$dir"/../libexec/dhow/*; do
		[ -x "$file" ] || continue
		[ ! -u "$file" ]
		[ ! -g "$file" ]
		! command -v getcap >/dev/null || [ -z "$(getcap "$file")" ]
	done
}

@test "CVE-2026-48785: a rule for a path is one for whole components" {
	mkdir "$BATS_TEST_TMPDIR/src"
	run -125 R -v "$BATS_TEST_TMPDIR/src:/proc/x" busybox true
	run -125 R -v "$BATS_TEST_TMPDIR/src:/proc/cpuinfo2" busybox true
	run -0 R -v "$BATS_TEST_TMPDIR/src:/procfs" busybox ls /procfs
}

@test "CVE-2026-119101, CVE-2026-115520: nothing is restored" {
	local words
	for words in 'checkpoint create a b' 'checkpoint ls a' \
		'container checkpoint a' 'container restore a' \
		'start --checkpoint b a' 'start --checkpoint-dir d a'; do
		# shellcheck disable=SC2086 # words
		run dhow $words
		[ "$status" != 0 ]
		[[ $output == *"need privileges"* || $output == *unknown* ]]
	done
}

@test "CVE-2022-39237: who asks for signatures to be checked is told" {
	local words
	for words in 'pull --disable-content-trust=false busybox' \
		'push --disable-content-trust=false busybox' \
		'run --disable-content-trust=false busybox true' \
		'create --disable-content-trust=false busybox true' \
		'build --disable-content-trust=false .' \
		'push --sign-by me busybox'; do
		# shellcheck disable=SC2086
		run dhow $words
		[ "$status" != 0 ]
		[[ $output == *sign* ]]
	done
	run -0 R --disable-content-trust --pull never busybox true
}

@test "CVE-2025-65105: a security option that cannot be had is an error" {
	run -125 R --security-opt apparmor=no-such-profile busybox true
	run -125 R --security-opt label=type:nonsense_t busybox true
	run -125 R --security-opt seccomp=nonsense busybox true
}

@test "CVE-2021-3602: nothing of the caller's environment gets in" {
	DHOW_SENTINEL=sentinel run -0 R busybox sh -c \
		'env; cat /proc/1/environ'
	[[ $output != *sentinel* ]]
}

@test "CVE-2024-3727: digests are parsed before they name a file" {
	local digest
	for digest in sha256:../../../etc/passwd sha256:abc \
		md5:d41d8cd98f00b204e9800998ecf8427e \
		"sha256:$(printf 'A%.0s' $(seq 64))"; do
		run dhow run --rm --pull never "busybox@$digest" true
		[ "$status" = 125 ]
	done
}

@test "masked and read-only places of /proc and /sys" {
	run -0 R busybox sh -c 'for f in /proc/kcore /proc/keys \
		/proc/timer_list /proc/sched_debug /sys/firmware/x; do
		[ -s $f ] && head -c1 $f 2>/dev/null | grep -q . && echo $f; done
		(echo 1 >/proc/sys/kernel/panic) 2>/dev/null && echo panic
		(echo h >/proc/sysrq-trigger) 2>/dev/null && echo sysrq
		(echo x >/sys/kernel/uevent_helper) 2>/dev/null && echo sys; true'
	[ "$output" = "" ]
	run -0 R --security-opt systempaths=unconfined busybox true
}

@test "what comes from outside drives no terminal" {
	local esc=$'\e' dir=$BATS_TEST_TMPDIR/ctx
	mkdir "$dir"
	printf 'FROM busybox\nFOO %s]0;title\a\n' "$esc" >"$dir/Dockerfile"
	run -1 dhow build "$dir"
	[[ $output == *FOO* && $output != *"$esc"* ]]
	printf 'services: {"a%s[31m": {}}\n' "$esc" >"$dir/compose.yaml"
	run -1 dhow compose -f "$dir/compose.yaml" config
	[[ $output != *"$esc"* ]]
	run -125 R "x${esc}[31m"
	[[ $output != *"$esc"* ]]
	use_image hostile:2 "{\"Cmd\": [\"sh\", \"-c\", \"sleep 60; :\", \"\\u001b[31m\"],
		\"User\": \"\\u001b[31m\",
		\"Labels\": {\"a\": \"\\u001b[31m\\u009b\"}}" '[]'
	run -125 R hostile:2
	[[ $output == *31m* && $output != *"$esc"* ]]
	dhow run -d --name loud --network none -u 0 hostile:2
	run -0 dhow ps --no-trunc
	[[ $output == *31m* && $output != *"$esc"* ]]
	run -0 dhow top loud
	[[ $output == *31m* && $output != *"$esc"* ]]
	run -0 dhow history --no-trunc hostile:2
	[[ $output != *"$esc"* ]]
	run -0 dhow inspect loud hostile:2
	[[ $output == *u009b* && $output != *"$esc"* ]]
	run -0 timeout 20 "$DHOW" events --since 1h --until 0s
	[[ $output != *"$esc"* ]]
	dhow rm -f loud
}
