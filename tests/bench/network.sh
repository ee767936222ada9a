#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make bench-network: dhow's networks side by side with the rootless peers.
#
# usage: network.sh BUILDDIR [ROUNDS [SECONDS]]
#
# Each figure is the median of ROUNDS (3) measurements of SECONDS (3), peers in
# turn. Exit 1 when a goal is missed. Run it as an ordinary user with sub-ids;
# root runs it as BENCH_USER (dhow-sub). Needs iperf3; compares with podman
# (its bridge and rootlessport), slirp4netns and pasta where these are.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
rounds=${2:-3}
seconds=${3:-3}

if [ "$(id -u)" = 0 ]; then
	user=${BENCH_USER:-dhow-sub}
	exec setpriv --reuid "$user" --regid "$user" --init-groups \
		--reset-env "${BASH_SOURCE[0]}" "$build" "$rounds" "$seconds"
fi

work=$(mktemp -d /var/tmp/dhow-bench.XXXXXX)
export HOME=$work XDG_RUNTIME_DIR=$work/run
mkdir -m 700 "$XDG_RUNTIME_DIR"
dhow=$build/dhow
podman=(podman --runtime runc --cgroup-manager cgroupfs)
files=(-v /usr:/usr:ro -v /lib:/lib:ro -v /lib64:/lib64:ro)
host=169.254.1.2 # the host, as dhow's containers see it
missed=0

finish() {
	# shellcheck disable=SC2046
	"$dhow" rm -f $("$dhow" ps -aq) >/dev/null 2>&1
	if $has_podman; then
		"${podman[@]}" rm -f -a >/dev/null 2>&1
		podman unshare rm -rf "$work" 2>/dev/null
		pkill -u "$(id -u)" -x catatonit 2>/dev/null
	fi
	python3 "$here/../e2e/lib/asroot.py" rm -rf "$work" 2>/dev/null
	rm -rf "$work"
}

prepare() {
	LIB=$here/../e2e/lib
	export BATS_FILE_TMPDIR=$work
	# shellcheck source=tests/e2e/lib/common.bash
	DHOW=$dhow . "$LIB/common.bash"
	archive=$(cached busybox-2.oci make_busybox_image)
	"$dhow" load -q -i "$archive" >/dev/null || exit 1
	"$dhow" network create bench >/dev/null || exit 1
}

prepare_podman() {
	command -v podman >/dev/null && command -v runc >/dev/null || return 1
	mkdir -p "$HOME/.config/containers"
	printf '[storage]\ndriver = "overlay"\nrunroot = "%s"\ngraphroot = "%s"\n' \
		"$XDG_RUNTIME_DIR/containers" "$work/podman" \
		>"$HOME/.config/containers/storage.conf"
	{
		"${podman[@]}" load -q -i "$archive" &&
			"${podman[@]}" network create bench &&
			"${podman[@]}" run --rm --network bench busybox true
	} >/dev/null 2>&1
}

# Megabits a second that iperf3's client got through; 0 when it failed.
rate() {
	"$@" -t "$seconds" -J 2>/dev/null | python3 -c '
import json, sys
try:
    end = json.load(sys.stdin)["end"]
    print(int(end["sum_received"]["bits_per_second"] / 1e6))
except Exception:
    print(0)'
}

median() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }

# row TITLE OURS PEER-NAME PEER GOAL
row() {
	awk -v title="$1" -v a="$2" -v peer="$3" -v b="$4" -v goal="$5" 'BEGIN {
		if (b + 0 == 0) {
			printf "%-34s %9d  %-22s %9s\n", title, a, peer, "-"
			exit 0
		}
		held = goal == "-" || a / b >= goal
		printf "%-34s %9d  %-22s %9d  %6.2f  %s %s\n", title, a, peer,
			b, a / b, goal == "-" ? "" : ">= " goal,
			goal == "-" ? "" : held ? "ok" : "MISSED"
		exit !held }' || missed=$((missed + 1))
}

# in_turn OURS PEER: two commands that print a number; sets ours and peer.
in_turn() {
	local i
	: >"$work/a"
	: >"$work/b"
	for ((i = 0; i < rounds; i++)); do
		"$1" >>"$work/a"
		if $has_podman; then "$2" >>"$work/b"; else echo 0 >>"$work/b"; fi
	done
	ours=$(median <"$work/a")
	peer=$(median <"$work/b")
}

serve() {
	"$dhow" run -d --rm --name server --network bench -p 15301:5201 \
		"${files[@]}" busybox /usr/bin/iperf3 -s >/dev/null
	$has_podman && "${podman[@]}" run -d --rm --name server \
		--network bench -p 15302:5201 "${files[@]}" busybox \
		/usr/bin/iperf3 -s >/dev/null 2>&1
	iperf3 -s -p 15303 >/dev/null 2>&1 &
	host_server=$!
	sleep 1
}

dhow_between() {
	rate "$dhow" run --rm --network bench "${files[@]}" busybox \
		/usr/bin/iperf3 -c server
}
podman_between() {
	rate "${podman[@]}" run --rm --network bench "${files[@]}" busybox \
		/usr/bin/iperf3 -c "$("${podman[@]}" inspect -f \
			'{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' \
			server)"
}
dhow_published() { rate iperf3 -c 127.0.0.1 -p 15301; }
podman_published() { rate iperf3 -c 127.0.0.1 -p 15302; }
dhow_up() {
	rate "$dhow" run --rm "${files[@]}" busybox /usr/bin/iperf3 -c $host \
		-p 15303
}
dhow_down() {
	rate "$dhow" run --rm "${files[@]}" busybox /usr/bin/iperf3 -c $host \
		-p 15303 -R
}
slirp() {
	rate "${podman[@]}" run --rm --network \
		slirp4netns:allow_host_loopback=true,mtu=65520 "${files[@]}" \
		busybox /usr/bin/iperf3 -c 10.0.2.2 -p 15303 "$@"
}
slirp_up() { slirp; }
slirp_down() { slirp -R; }
pasta_one() {
	rate pasta -q --config-net -T 15303 -- /usr/bin/iperf3 -c 127.0.0.1 \
		-p 15303 "$@"
}
pasta_up() { pasta_one; }
pasta_down() { pasta_one -R; }

# requests PORT: requests a second of 20 clients. The server keeps connections
# open, or (single) ends each after one answer.
requests() {
	wrk -t 2 -c 20 -d "$seconds" "http://127.0.0.1:$1/" 2>/dev/null |
		awk '/^Requests\/sec/ {n = $2} END {print int(n)}'
}
dhow_requests() { requests 15311; }
podman_requests() { requests 15312; }
dhow_single() { requests 15313; }
podman_single() { requests 15314; }

bench_requests() {
	local args=("${files[@]}" -v "$work/web:/etc/nginx:ro" busybox
		/usr/sbin/nginx -e stderr -c /etc/nginx/nginx.conf)
	command -v wrk >/dev/null && [ -x /usr/sbin/nginx ] || return
	mkdir -p "$work/web"
	cat >"$work/web/nginx.conf" <<-'EOF'
		daemon off; pid /tmp/pid; error_log /dev/null; user root;
		events {}
		http {
			access_log off; client_body_temp_path /tmp/b;
			proxy_temp_path /tmp/p; fastcgi_temp_path /tmp/f;
			uwsgi_temp_path /tmp/u; scgi_temp_path /tmp/s;
			server { listen 80; location / { return 200 "ok\n"; } }
			server {
				listen 81; keepalive_timeout 0;
				location / { return 200 "ok\n"; }
			}
		}
	EOF
	"$dhow" run -d --rm --network bench -p 15311:80 -p 15313:81 \
		"${args[@]}" >/dev/null
	$has_podman && "${podman[@]}" run -d --rm --network bench \
		-p 15312:80 -p 15314:81 "${args[@]}" >/dev/null 2>&1
	sleep 1
	in_turn dhow_requests podman_requests
	row "requests/s, published port" "$ours" "rootlessport" "$peer" 1.2
	in_turn dhow_single podman_single
	row "connections/s, published port" "$ours" "rootlessport" "$peer" 1.2
}

# The 50th container of a network, and what the network process takes then.
bench_many() {
	local i pss race=$build/bench_race
	for ((i = 0; i < 49; i++)); do
		"$dhow" run -d --rm --network bench busybox sleep 900 >/dev/null
	done
	read -r join _ < <("$race" 20 "$dhow" run --rm --network bench \
		busybox true)
	read -r alone _ < <("$race" 20 "$dhow" run --rm --network none \
		busybox true)
	pss=$(for i in $(pgrep -u "$(id -u)" 'dhow-net'); do
		cat "/proc/$i/smaps_rollup" 2>/dev/null
	done | awk '/^Pss:/ {n += $2} END {print n + 0}')
	awk -v a="$join" -v b="$alone" -v pss="$pss" 'BEGIN {
		printf "%-34s %9.1f ms, %.1f ms of them the network  <= 10 ms %s\n",
			"run as the 50th of a network", a / 1000,
			(a - b) / 1000, a - b <= 10000 ? "ok" : "MISSED"
		printf "%-34s %9.1f MB  <= 6 MB %s\n",
			"network process with 50 containers", pss / 1024,
			pss <= 6144 ? "ok" : "MISSED"
		exit a - b > 10000 || pss > 6144 }' || missed=$((missed + 1))
}

has_podman=false
trap finish EXIT
prepare
prepare_podman && has_podman=true
printf '%-34s %9s  %-22s %9s  %6s  %s\n' "Mbit/s" "dhow" "peer" "" "ratio" \
	"goal"
serve
in_turn dhow_between podman_between
row "container to container" "$ours" "podman, its bridge" "$peer" 1.0
in_turn dhow_published podman_published
row "host to published port" "$ours" "rootlessport" "$peer" 1.2
in_turn dhow_up slirp_up
row "container to host" "$ours" "slirp4netns" "$peer" 1.2
up=$ours
in_turn dhow_down slirp_down
row "host to container" "$ours" "slirp4netns" "$peer" 1.2
if command -v pasta >/dev/null; then
	row "container to host" "$up" "pasta" "$(pasta_up)" -
	row "host to container" "$ours" "pasta" "$(pasta_down)" -
fi
kill "$host_server" 2>/dev/null
bench_requests
bench_many
[ "$missed" = 0 ] || echo "$missed goals are missed"
[ "$missed" = 0 ]
