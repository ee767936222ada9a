#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# dhow build beside podman build --layers, on one context of 30 000 files.
#
# usage: build.sh BUILDDIR [FILES]    (an ordinary user with sub-ids)
#
# Prints seconds and ratios; exit 1 when a goal is missed.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dhow=$(cd "$1" && pwd)/dhow
files=${2:-30000}
work=$(mktemp -d /var/tmp/dhow-bench.XXXXXX)
export HOME=$work XDG_RUNTIME_DIR=$work/run
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
	"$@" >/dev/null 2>&1 || echo "failed: $*" >&2
	awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f", b - a }'
}

# best COMMAND...: of three
best() { for _ in 1 2 3; do seconds "$@"; echo; done | sort -n | head -n 1; }

# row TITLE OURS THEIRS GOAL: theirs / ours must reach the goal
row() {
	awk -v t="$1" -v a="$2" -v b="$3" -v g="$4" 'BEGIN {
		held = (b / a >= g)
		printf("%-42s %8.3f %8.3f  %6.1f x  >= %s %s\n", t, a, b, b / a,
			g, held ? "ok" : "MISSED")
		exit !held }' || missed=1
}

# limit TITLE OURS GOAL: seconds
limit() {
	awk -v t="$1" -v a="$2" -v g="$3" 'BEGIN {
		held = (a <= g)
		printf("%-42s %8.3f %8s  %8s  <= %s %s\n", t, a, "", "", g,
			held ? "ok" : "MISSED")
		exit !held }' || missed=1
}

ours() { "$dhow" build -q -t bench "$@"; }
theirs() { podman build -q --layers -t bench "$@"; }

python3 - "$work/ctx" "$files" <<'PY'
import os, sys
for i in range(int(sys.argv[2])):
    d = f"{sys.argv[1]}/d{i % 200:03}/e{i // 200 % 10}"
    os.makedirs(d, exist_ok=True)
    with open(f"{d}/f{i}", "w") as f:
        f.write(f"{i} " * (i % 400))
PY
python3 "$here/../e2e/lib/mkimage.py" "$work/base.tar" base \
	"$(command -v busybox >/dev/null && cd "$work" && mkdir -p r/bin &&
		cp "$(command -v busybox)" r/bin/ && ln -s busybox r/bin/sh &&
		tar cf "$work/r.tar" -C r . && echo "$work/r.tar")"
"$dhow" load -q -i "$work/base.tar"
loaded=$(podman load -q -i "$work/base.tar" 2>/dev/null)
podman tag "${loaded##* }" docker.io/library/base:latest
printf 'FROM docker.io/library/base\nCOPY . /app\nRUN /bin/busybox true\n' >"$work/ctx/Dockerfile"
{ echo FROM docker.io/library/base; for i in {1..10}; do echo "RUN echo $i >/f$i"; done; } \
	>"$work/ten"
printf 'FROM docker.io/library/base AS a\nRUN sleep 2\nFROM docker.io/library/base AS b\nRUN sleep 2\nFROM docker.io/library/base\nCOPY --from=a /bin/sh /a\nCOPY --from=b /bin/sh /b\n' \
	>"$work/two"

printf '%-42s %8s %8s\n' '' dhow podman
copy=$(seconds cp -r "$work/ctx" "$work/copy")
cold=$(seconds ours "$work/ctx")
row "cold COPY of $files files" "$cold" "$(seconds theirs "$work/ctx")" 5
limit "  of three times cp -r" "$cold" \
	"$(awk -v c="$copy" 'BEGIN { print 3 * c }')"
sleep 3
same=$(best ours "$work/ctx")
row "nothing changed" "$same" "$(seconds theirs "$work/ctx")" 20
limit "  in all" "$same" 0.150
echo x >>"$work/ctx/d000/e0/f0"
row "one file changed" "$(seconds ours "$work/ctx")" \
	"$(seconds theirs "$work/ctx")" 4
limit "two stages of sleep 2" "$(seconds ours -f "$work/two" "$work/run")" 2.3
row "ten RUN steps" "$(seconds ours -f "$work/ten" "$work/run")" \
	"$(seconds theirs -f "$work/ten" "$work/run")" 8
exit "$missed"
