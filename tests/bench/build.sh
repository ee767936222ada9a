#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dhow build beside podman build --layers, on one context of 30 000 files.
#
# usage: build.sh BUILDDIR [FILES]    (an ordinary user with sub-ids)
#   DHOW_BENCH_DIR   where to work (default: /dev/shm if it is a tmpfs with
#                    room, else /var/tmp; see PLATFORM.md, "Measuring here")
#
# Medians of seconds, the two programs in turn; exit 1 when a goal is missed.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dhow=$(cd "$1" && pwd)/dhow
files=${2:-30000}
place=${DHOW_BENCH_DIR:-}
if [ -z "$place" ]; then
	place=/var/tmp
	[ "$(stat -f -c %T /dev/shm)" = tmpfs ] && place=/dev/shm
fi
work=$(mktemp -d "$place/dhow-bench.XXXXXX")
export HOME=$work XDG_RUNTIME_DIR=$work/run
unset XDG_DATA_HOME XDG_CACHE_HOME XDG_CONFIG_HOME
mkdir -m 700 "$XDG_RUNTIME_DIR"
missed=0

finish() {
	cd /
	command -v podman >/dev/null && podman unshare rm -rf "$work" 2>/dev/null
	python3 "$here/../e2e/lib/asroot.py" rm -rf "$work" 2>/dev/null
	rm -rf "$work"
}
trap finish EXIT

# seconds COMMAND...: of one run, output away
seconds() {
	local start=$EPOCHREALTIME
	"$@" >/dev/null 2>"$work/stderr" || {
		echo "failed: $*" >&2
		tail -n 3 "$work/stderr" >&2
	}
	awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f\n", b - a }'
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# pair TIMES BEFORE COMMAND: medians of "ours COMMAND" and "theirs COMMAND",
# run in turn, each after BEFORE, a function.
pair() {
	local times=$1 before=$2 i
	shift 2
	: >"$work/ours" && : >"$work/theirs"
	for ((i = 0; i < times; i++)); do
		"$before"
		seconds ours "$@" >>"$work/ours"
		$has_podman || continue
		"$before"
		seconds theirs "$@" >>"$work/theirs"
	done
	us=$(median <"$work/ours") them=$(median <"$work/theirs")
}

# row TITLE GOAL: them / us must reach the goal
row() {
	if [ -z "$them" ]; then
		printf '%-42s %8.3f %8s\n' "$1" "$us" -
		return
	fi
	awk -v t="$1" -v a="$us" -v b="$them" -v g="$2" 'BEGIN {
		held = (b / a >= g)
		printf("%-42s %8.3f %8.3f  %6.1f x  >= %s %s\n", t, a, b, b / a,
			g, held ? "ok" : "MISSED")
		exit !held }' || missed=1
}

# limit TITLE SECONDS GOAL
limit() {
	awk -v t="$1" -v a="$2" -v g="$3" 'BEGIN {
		held = (a <= g)
		printf("%-42s %8.3f %8s  %8s  <= %.3f %s\n", t, a, "", "", g,
			held ? "ok" : "MISSED")
		exit !held }' || missed=1
}

ours() { "$dhow" build -q -t bench "$@"; }
# Its default runtime and storage may not work on a bare machine.
podman=(podman --runtime runc --cgroup-manager cgroupfs)
theirs() { "${podman[@]}" build -q --layers -t bench "$@"; }

nothing() { :; }
forget() {
	"$dhow" rmi -f bench
	"$dhow" builder prune -af
	$has_podman && "${podman[@]}" rmi -f bench
} >/dev/null 2>&1
change_first() { echo x >>"$work/ctx/d000/e0/f0"; }

make_context() {
	python3 - "$work/ctx" "$files" <<'PY'
import os, sys
for i in range(int(sys.argv[2])):
    d = f"{sys.argv[1]}/d{i % 200:03}/e{i // 200 % 10}"
    os.makedirs(d, exist_ok=True)
    with open(f"{d}/f{i}", "w") as f:
        f.write(f"{i} " * (i % 400))
open(f"{sys.argv[1]}/late", "w").close()
PY
	printf 'FROM base\nCOPY . /app\nRUN /bin/busybox true\n' \
		>"$work/ctx/Dockerfile"
	printf 'FROM base\nCOPY d* /app/\nCOPY late /late\nRUN /bin/busybox true\n' \
		>"$work/late"
	printf 'FROM base\nCOPY late /late\nRUN /bin/busybox true\n' \
		>"$work/alone"
	{
		echo FROM base
		for i in {1..10}; do echo "RUN echo $i >/f$i"; done
	} >"$work/ten"
	printf 'FROM base AS a\nRUN sleep 2\nFROM base AS b\nRUN sleep 2\nFROM base\nCOPY --from=a /bin/sh /a\nCOPY --from=b /bin/sh /b\n' \
		>"$work/two"
	mkdir "$work/empty"
}

# The base under the same name in both.
make_base() {
	mkdir -p "$work/r/bin" "$HOME/.config/containers"
	cp "$(command -v busybox)" "$work/r/bin/"
	for name in sh sleep; do ln -s busybox "$work/r/bin/$name"; done
	tar cf "$work/r.tar" -C "$work/r" .
	python3 "$here/../e2e/lib/mkimage.py" "$work/base.tar" base "$work/r.tar"
	"$dhow" load -q -i "$work/base.tar" >/dev/null || exit 1
	has_podman=false
	command -v podman >/dev/null && command -v runc >/dev/null || return 0
	printf '[storage]\ndriver = "overlay"\nrunroot = "%s"\ngraphroot = "%s"\n' \
		"$XDG_RUNTIME_DIR/containers" "$work/podman" \
		>"$HOME/.config/containers/storage.conf"
	"${podman[@]}" load -q -i "$work/base.tar" >/dev/null 2>&1 || return 0
	"${podman[@]}" tag localhost/base docker.io/library/base 2>/dev/null
	theirs "$work/empty" -f "$work/ten" >/dev/null 2>&1 && has_podman=true
}

make_context
make_base
printf '%-42s %8s %8s   (%s files, %s)\n' '' dhow podman "$files" "$place"

copy_and_forget() {
	seconds cp -r "$work/ctx" "$work/copy" >>"$work/copies"
	rm -r "$work/copy"
	forget
}
pair 3 copy_and_forget "$work/ctx"
row "cold COPY" 5
limit "  of three times cp -r" "$us" \
	"$(median <"$work/copies" | awk '{ print 3 * $1 }')"

pair 5 nothing "$work/ctx"
row "nothing changed" 20
limit "  in all" "$us" 0.150

pair 3 change_first "$work/ctx"
row "one file changed" 4

# What comes after the file alone, and after everything that is cached.
ours -f "$work/late" "$work/ctx" >/dev/null
mkdir "$work/small"
for i in 1 2 3; do
	echo "$i" | tee "$work/small/late" >"$work/ctx/late"
	seconds ours -f "$work/late" "$work/ctx" >>"$work/whole"
	seconds ours -f "$work/alone" "$work/small" >>"$work/steps"
done
limit "a late file changed, beside its steps" "$(awk \
	-v a="$(median <"$work/whole")" -v b="$(median <"$work/steps")" \
	'BEGIN { print a - b }')" 0.400

forget
limit "two stages of sleep 2" "$(seconds ours -f "$work/two" "$work/empty")" 2.3
forget_ten() {
	forget
	$has_podman && "${podman[@]}" image prune -af
	$has_podman && "${podman[@]}" load -q -i "$work/base.tar"
	$has_podman && "${podman[@]}" tag localhost/base docker.io/library/base
} >/dev/null 2>&1
pair 3 forget_ten -f "$work/ten" "$work/empty"
row "ten RUN steps" 8
exit "$missed"
