#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make bench: dhow side by side with the peers installed on this host.
#
# usage: bench.sh BUILDDIR [RUNS [ROW]...]
#        (RUNS per command, in turn; default 30. ROW: start none network first
#        memory idle detached ps_200 stop together images; default all)
#
# Prints a table of medians with ratios and goals; exit 1 when a goal is
# missed. Run it as an ordinary user; root runs it as BENCH_USER (dhow-sub).
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
runs=${2:-30}
rows=("${@:3}")
[ "${#rows[@]}" -gt 0 ] || rows=(start none network first memory idle
	detached ps_200 stop together images)

if [ "$(id -u)" = 0 ]; then
	user=${BENCH_USER:-dhow-sub}
	id "$user" >/dev/null 2>&1 || {
		echo "there is no user $user: run contrib/check.sh once, or" \
			"set BENCH_USER" >&2
		exit 1
	}
	exec setpriv --reuid "$user" --regid "$user" --init-groups \
		--reset-env "${BASH_SOURCE[0]}" "$build" "$runs" "${rows[@]}"
fi

work=$(mktemp -d /var/tmp/dhow-bench.XXXXXX)
export HOME=$work XDG_RUNTIME_DIR=$work/run
mkdir -m 700 "$XDG_RUNTIME_DIR"
dhow=$build/dhow
race=$build/bench_race
missed=0

finish() {
	if command -v podman >/dev/null; then
		podman unshare rm -rf "$work" 2>/dev/null
		pkill -u "$(id -u)" -x catatonit 2>/dev/null
	fi
	python3 "$here/../e2e/lib/asroot.py" rm -rf "$work" 2>/dev/null
	rm -rf "$work"
}
trap finish EXIT

# row TITLE OURS PEERS-NAME PEERS GOAL SENSE: goal on ours/peer (max) or
# peer/ours (min), all in microseconds.
row() {
	awk -v title="$1" -v a="$2" -v peer="$3" -v b="$4" -v goal="$5" \
		-v sense="$6" 'BEGIN {
		ratio = sense == "max" ? a / b : b / a
		held = sense == "max" ? ratio <= goal : ratio >= goal
		printf "%-34s %9.2f  %-22s %9.2f  %6.2f  %s %-5s %s\n", title,
			a / 1000, peer, b / 1000, ratio,
			sense == "max" ? "<=" : ">=", goal,
			held ? "ok" : "MISSED"
		exit !held }' || missed=$((missed + 1))
}

# medians RUNS COMMAND... [-- COMMAND...]: one number each
medians() { "$race" "$@" | awk '{print $1}' | paste -sd' '; }

prepare() {
	LIB=$here/../e2e/lib
	export BATS_FILE_TMPDIR=$work
	# shellcheck source=tests/e2e/lib/common.bash
	DHOW=$dhow . "$LIB/common.bash"
	STORE=$HOME/.local/share/dhow
	archive=$(cached busybox-2.oci make_busybox_image)
	"$dhow" load -q -i "$archive" >/dev/null || exit 1
	root=$(echo "$STORE"/layers/*/fs)
	# What the very first run makes for all others is no row's.
	"$dhow" run --rm --network none busybox true || exit 1
}

podman=(podman --runtime runc --cgroup-manager cgroupfs)

# Its default runtime and storage may not work on a bare machine: runc, and
# the kernel's overlay.
prepare_podman() {
	command -v podman >/dev/null && command -v runc >/dev/null || return 1
	mkdir -p "$HOME/.config/containers"
	printf '[storage]\ndriver = "overlay"\nrunroot = "%s"\ngraphroot = "%s"\n' \
		"$XDG_RUNTIME_DIR/containers" "$work/podman" \
		>"$HOME/.config/containers/storage.conf"
	"${podman[@]}" load -q -i "$archive" >/dev/null 2>&1 &&
		"${podman[@]}" run --rm --network none busybox true
}

bench_none() {
	local ours bwrap
	read -r ours bwrap < <(medians "$runs" "$dhow" run --rm --network none \
		busybox true -- bwrap --unshare-all --bind "$root" / \
		--dev /dev --proc /proc true)
	row "run --network none" "$ours" "bwrap --unshare-all" "$bwrap" 1.1 max
	$has_podman || return
	read -r ours podman_us < <(medians 20 "$dhow" run --rm --network none \
		busybox true -- "${podman[@]}" run --rm --network none busybox \
		true)
	row "run --network none" "$ours" "podman" "$podman_us" 10 min
}

# One run after a while without any: the user namespace and the network process
# are made anew. For information, without a goal: first FLAG...
first() {
	local i start
	for ((i = 0; i < 9; i++)); do
		sleep 0.8
		start=${EPOCHREALTIME/./}
		"$dhow" run --rm "$@" busybox true
		echo $((${EPOCHREALTIME/./} - start))
	done | sort -n | sed -n 5p
}

bench_first() {
	awk -v none="$(first --network none)" -v net="$(first)" 'BEGIN {
		printf "%-34s %9.2f\n%-34s %9.2f\n",
			"the first run --network none", none / 1000,
			"the first run, default network", net / 1000 }'
}

# With a container beside that keeps the network process, and without.
bench_network() {
	local ours bwrap keeper
	read -r ours bwrap < <(medians "$runs" "$dhow" run --rm busybox true \
		-- bwrap --unshare-all --bind "$root" / --dev /dev \
		--proc /proc true)
	row "run, default network" "$ours" "bwrap --unshare-all" "$bwrap" 1.6 \
		max
	"$dhow" run --rm busybox sleep 600 &
	keeper=$!
	sleep 1
	read -r ours bwrap < <(medians "$runs" "$dhow" run --rm busybox true \
		-- bwrap --unshare-all --bind "$root" / --dev /dev \
		--proc /proc true)
	row "run, default network, one beside" "$ours" "bwrap --unshare-all" \
		"$bwrap" 1.6 max
	kill -KILL "$keeper"
	wait "$keeper" 2>/dev/null
	$has_podman || return
	read -r ours podman_us < <(medians 20 "$dhow" run --rm busybox true \
		-- "${podman[@]}" run --rm busybox true)
	row "run, default network" "$ours" "podman" "$podman_us" 8 min
}

# Peak of every process of ours while a container runs, the command included.
bench_memory() {
	local pid sum
	"$dhow" run --rm busybox sleep 600 &
	pid=$!
	sleep 1
	sum=$(for status in /proc/[0-9]*/status; do
		grep -qE '^Name:.(dhow|dhow-net|dhow-init|sleep|busybox|fuse)' \
			"$status" 2>/dev/null && awk -v me="$(id -u)" \
			'/^Uid/ {mine = $2 == me} /^VmHWM/ {n = $2}
			END {if (mine) print n + 0}' "$status" 2>/dev/null
	done | awk '{n += $1} END {print n}')
	kill -KILL "$pid"
	wait "$pid" 2>/dev/null
	awk -v kib="$sum" 'BEGIN {
		printf "%-34s %6.1f MB  %42s <= 12 MB %s\n",
			"peak memory of the whole tree", kib / 1024, "",
			kib <= 12288 ? "ok" : "MISSED"
		exit kib > 12288 }' || missed=$((missed + 1))
}

bench_start() {
	local ours empty
	read -r ours empty < <(medians $((runs * 4)) "$dhow" --version -- \
		"$build/bench_empty")
	row "dhow --version" "$ours" "an empty C program" "$empty" 1.5 max
}

bench_images() {
	local i ours empty
	for i in $(seq 999); do
		"$dhow" tag busybox "many/image-$i:v$i"
	done
	read -r ours empty < <(medians "$runs" "$dhow" images -- \
		"$build/bench_empty")
	row "images, 1000 of them" "$ours" "(goal: 10 ms)" 10000 1 max
}

bench_detached() {
	local ours podman_us
	$has_podman || return
	read -r ours podman_us < <(medians 20 "$dhow" run -d --rm \
		--network none busybox true -- "${podman[@]}" run -d --rm \
		--network none busybox true)
	row "run -d --network none" "$ours" "podman" "$podman_us" 5 min
	"$dhow" run -d --name bench --network none busybox sleep 600 \
		>/dev/null
	"${podman[@]}" run -d --name bench --network none busybox sleep 600 \
		>/dev/null
	read -r ours podman_us < <(medians 20 "$dhow" exec bench true -- \
		"${podman[@]}" exec bench true)
	row "exec C true" "$ours" "podman" "$podman_us" 10 min
	read -r ours podman_us < <(medians 20 "$dhow" ps -- \
		"${podman[@]}" ps)
	row "ps, 1 container" "$ours" "podman" "$podman_us" 10 min
	"$dhow" rm -f bench >/dev/null
	"${podman[@]}" rm -f -t 0 bench >/dev/null
}

bench_ps_200() {
	local i ours empty
	for i in $(seq 200); do
		"$dhow" create --network none busybox true >/dev/null
	done
	read -r ours empty < <(medians "$runs" "$dhow" ps -a -- \
		"$build/bench_empty")
	row "ps -a, 200 containers" "$ours" "(goal: 10 ms)" 10000 1 max
	"$dhow" rm -fa >/dev/null
}

# From the end of the container's process to the return of stop.
bench_stop() {
	local i ours all=()
	for i in $(seq 10); do
		"$dhow" run -d --name polite --network none busybox sh -c \
			'trap "exit 0" TERM; echo up; while :; do read x; done' \
			>/dev/null
		until "$dhow" logs polite | grep -q up; do :; done
		ours=$(date +%s%N)
		"$dhow" stop polite >/dev/null
		all+=($((($(date +%s%N) - ours) / 1000)))
		"$dhow" rm polite >/dev/null
	done
	ours=$(printf '%s\n' "${all[@]}" | sort -n | sed -n 5p)
	row "stop of one that obeys" "$ours" "(goal: 15 ms)" 15000 1 max
}

# together COMMAND...: 64 at once, in microseconds
together() {
	local i began failed=0 pids=()
	began=$(date +%s%N)
	for i in $(seq 64); do
		"$@" >/dev/null 2>&1 &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || failed=$((failed + 1))
	done
	[ "$failed" = 0 ] || echo "$failed of 64 failed: $*" >&2
	echo $((($(date +%s%N) - began) / 1000))
}

bench_together() {
	local ours podman_us
	ours=$(together "$dhow" run --rm busybox true)
	$has_podman || return
	podman_us=$(together "${podman[@]}" run --rm busybox true)
	row "64 run --rm at once" "$ours" "podman" "$podman_us" 6 min
}

# What an idle container with a network costs: all processes of ours.
bench_idle() {
	local sum
	"$dhow" run -d --name idle busybox sleep 600 >/dev/null
	sleep 1
	sum=$(for dir in /proc/[0-9]*; do
		case $(cat "$dir/comm" 2>/dev/null) in
		dhow*) awk '/^Pss:/ {print $2}' "$dir/smaps_rollup" 2>/dev/null ;;
		esac
	done | awk '{n += $1} END {print n}')
	"$dhow" rm -f idle >/dev/null
	awk -v kib="$sum" 'BEGIN {
		printf "%-34s %6.1f MB  %42s <= 3 MB %s\n",
			"idle container with network, PSS", kib / 1024, "",
			kib <= 3072 ? "ok" : "MISSED"
		exit kib > 3072 }' || missed=$((missed + 1))
}

prepare
has_podman=false
prepare_podman && has_podman=true
printf '%-34s %9s  %-22s %9s  %6s  %s\n' "what" "dhow ms" "peer" "ms" \
	"ratio" "goal"
for row in "${rows[@]}"; do
	"bench_$row"
done
$has_podman || echo "podman did not run here: no comparison with it"
[ "$missed" = 0 ] || echo "$missed goals are missed"
[ "$missed" = 0 ]
