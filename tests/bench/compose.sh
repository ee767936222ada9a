#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make bench: dhow compose beside podman-compose, and beside docker compose
# where a daemon runs.
#
# usage: compose.sh BUILDDIR [RUNS]   (RUNS per command, in turn; default 5)
#
# Prints milliseconds, medians; exit 1 when a goal is missed. Run it as an
# ordinary user with sub-ids; root runs it as BENCH_USER (dhow-sub).
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
runs=${2:-5}

if [ "$(id -u)" = 0 ]; then
	exec setpriv --reuid "${BENCH_USER:-dhow-sub}" \
		--regid "${BENCH_USER:-dhow-sub}" --init-groups --reset-env \
		"${BASH_SOURCE[0]}" "$build" "$runs"
fi

work=$(mktemp -d /var/tmp/dhow-bench.XXXXXX)
export HOME=$work XDG_RUNTIME_DIR=$work/run
mkdir -m 700 "$XDG_RUNTIME_DIR"
dhow=$build/dhow
missed=0

finish() {
	cd /
	"$dhow" ps -aq 2>/dev/null | xargs -r "$dhow" rm -fv >/dev/null 2>&1
	if command -v podman >/dev/null; then
		podman rm -fa -t 0 >/dev/null 2>&1
		podman unshare rm -rf "$work" 2>/dev/null
		pkill -u "$(id -u)" -x catatonit 2>/dev/null
	fi
	python3 "$here/../e2e/lib/asroot.py" rm -rf "$work" 2>/dev/null
	rm -rf "$work"
}
trap finish EXIT

# ms COMMAND...: of one run, output away
ms() {
	local start=${EPOCHREALTIME/./}
	"$@" >"$work/out" 2>&1 </dev/null || {
		echo "failed: $*" >&2
		tail -3 "$work/out" >&2
	}
	awk -v us="$((${EPOCHREALTIME/./} - start))" \
		'BEGIN { printf "%.1f\n", us / 1000 }'
}

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# limit TITLE OURS GOAL
limit() {
	awk -v t="$1" -v a="$2" -v g="$3" 'BEGIN {
		held = (a <= g)
		printf("%-42s %9.1f %9s %9s  <= %s %s\n", t, a, "", "", g,
			held ? "ok" : "MISSED")
		exit !held }' || missed=$((missed + 1))
}

# row TITLE OURS PEER THEIRS GOAL: theirs / ours must reach the goal
row() {
	awk -v t="$1, $3" -v a="$2" -v b="$4" -v g="$5" 'BEGIN {
		held = (b / a >= g)
		printf("%-42s %9.1f %9.1f %7.1f x  >= %s %s\n", t, a, b, b / a,
			g, held ? "ok" : "MISSED")
		exit !held }' || missed=$((missed + 1))
}

prepare() {
	export BATS_FILE_TMPDIR=$work
	# shellcheck source=tests/e2e/lib/common.bash
	LIB=$here/../e2e/lib DHOW=$dhow . "$here/../e2e/lib/common.bash"
	archive=$(cached busybox-2.oci make_busybox_image)
	"$dhow" load -q -i "$archive" >/dev/null || exit 1
}

# Its default runtime and storage may not work on a bare machine: runc, and
# the kernel's overlay.
prepare_podman() {
	command -v podman-compose >/dev/null && command -v runc >/dev/null ||
		return 1
	mkdir -p "$HOME/.config/containers"
	printf '[storage]\ndriver = "overlay"\nrunroot = "%s"\ngraphroot = "%s"\n' \
		"$XDG_RUNTIME_DIR/containers" "$work/podman" \
		>"$HOME/.config/containers/storage.conf"
	printf '[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\n' \
		>"$HOME/.config/containers/containers.conf"
	podman load -q -i "$archive" >/dev/null 2>&1 &&
		podman run --rm --network none busybox true 2>/dev/null
}

# The shape of a web project: a database, a cache, and what needs them.
make_three() {
	mkdir "$work/three"
	cat >"$work/three/compose.yaml" <<-'END'
		services:
		  db:
		    image: busybox
		    command: sleep 1000
		    stop_signal: KILL
		    volumes: ["data:/data"]
		  cache: {image: busybox, command: sleep 1000, stop_signal: KILL}
		  web:
		    image: busybox
		    command: sleep 1000
		    stop_signal: KILL
		    depends_on: [db, cache]
		    environment: {DB: "postgres://db/app"}
		volumes: {data: {}}
	END
}

# make_many DIR COUNT [LINE]...: services with all that people write
make_many() {
	local dir=$work/$1 count=$2 i
	shift 2
	mkdir "$dir"
	{
		echo "x-common: &common {restart: unless-stopped}"
		echo "services:"
		for ((i = 0; i < count; i++)); do
			echo "  s$i:"
			echo "    <<: *common"
			echo "    image: busybox"
			printf '    %s\n' "$@"
			echo "    environment: {N: $i, URL: 'db://\${HOST:-db}/x'}"
			echo "    labels: [\"app.rule=Host(\`s$i\`)\"]"
			[ "$i" = 0 ] || echo "    depends_on: [s$((i - 1))]"
		done
	} >"$dir/compose.yaml"
}

bench_config() {
	local i
	# shellcheck disable=SC2016 # ${TAG} is for compose
	make_many fifty 50 'command: [sh, -c, "echo ${TAG:-v1}"]' \
		'volumes: ["./src:/app", "data:/data"]' 'ports: ["80"]' \
		'healthcheck: {test: [CMD, "true"], interval: 5s}' \
		'networks: [front, back]' 'logging: {driver: json-file}'
	echo 'volumes: {data: {}}' >>"$work/fifty/compose.yaml"
	echo 'networks: {front: {}, back: {}}' >>"$work/fifty/compose.yaml"
	limit "config of 50 services" "$(cd "$work/fifty" &&
		for ((i = 0; i < 20; i++)); do
			ms "$dhow" compose config
		done | median)" 15
}

# ups_and_downs COMMAND...: medians of up -d and down
ups_and_downs() {
	local i
	: >"$work/ups" && : >"$work/downs"
	for ((i = 0; i < runs; i++)); do
		ms "$@" up -d >>"$work/ups"
		ms "$@" down >>"$work/downs"
	done
	echo "$(median <"$work/ups") $(median <"$work/downs")"
}

bench_three() {
	local up down peer_up peer_down
	make_three
	cd "$work/three" || exit 1
	read -r up down < <(ups_and_downs "$dhow" compose)
	printf '%-42s %9.1f\n%-42s %9.1f\n' "up -d of 3 services" "$up" \
		"down of them" "$down"
	if prepare_podman; then
		read -r peer_up peer_down < <(ups_and_downs podman-compose)
		row "up -d of 3 services" "$up" podman-compose "$peer_up" 10
		row "down of them" "$down" podman-compose "$peer_down" 10
	else
		echo "podman-compose did not run here: no comparison with it"
	fi
	if docker info >/dev/null 2>&1; then
		docker pull -q busybox >/dev/null 2>&1
		read -r peer_up peer_down < <(ups_and_downs docker compose)
		row "up -d of 3 services" "$up" "docker compose" "$peer_up" 1
		row "down of them" "$down" "docker compose" "$peer_down" 1
	fi
}

bench_nothing_to_do() {
	local i
	make_many ten 10 'command: sleep 1000' 'stop_signal: KILL'
	cd "$work/ten" || exit 1
	"$dhow" compose up -d >/dev/null 2>&1
	limit "up -d of 10 services that all run" "$(
		for ((i = 0; i < 20; i++)); do
			ms "$dhow" compose up -d
		done | median
	)" 50
	"$dhow" compose down >/dev/null 2>&1
}

# What down takes beyond the second that each container takes to stop.
bench_down() {
	local i
	mkdir "$work/slow" && cd "$work/slow" || exit 1
	cat >compose.yaml <<-'END'
		services:
		  a: &a
		    image: busybox
		    command: sh -c 'trap "sleep 1; exit 0" TERM; echo up; while :; do sleep 0.01; done'
		  b: *a
		  c: *a
	END
	limit "down, beyond the containers' own 1 s" "$(
		for ((i = 0; i < 3; i++)); do
			"$dhow" compose up -d >/dev/null 2>&1
			until [ "$("$dhow" compose logs | grep -c up)" = 3 ]; do
				:
			done
			ms "$dhow" compose down
		done | median | awk '{print $1 - 1000}'
	)" 100
}

prepare
printf '%-42s %9s %9s\n' "" "dhow ms" "peer ms"
bench_config
bench_three
bench_nothing_to_do
bench_down
[ "$missed" = 0 ] || echo "$missed goals are missed"
[ "$missed" = 0 ]
