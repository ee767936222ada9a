#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Images in and out, side by side with podman and tar: part of make bench.
#
# usage: images.sh BUILDDIR [RUNS]     (rounds, in turn; default 3)
#
# BENCH_DIR       where everything lies (default /var/tmp): a journaled file
#                 system or a tmpfs, for a deleted tree slows others down
# BENCH_BIG_MB    size of the large layer (default 2048)
#
# Against a docker-registry on loopback. What is measured starts cold: its
# image is removed before, and the time of that is not counted.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(cd "$1" && pwd)
runs=${2:-3}
if [ "$(id -u)" = 0 ]; then
	user=${BENCH_USER:-dhow-sub}
	id "$user" >/dev/null 2>&1 || {
		echo "there is no user $user: set BENCH_USER" >&2
		exit 1
	}
	exec setpriv --reuid "$user" --regid "$user" --init-groups \
		--reset-env env ${BENCH_DIR:+BENCH_DIR=$BENCH_DIR} \
		${BENCH_BIG_MB:+BENCH_BIG_MB=$BENCH_BIG_MB} \
		"${BASH_SOURCE[0]}" "$build" "$runs"
fi

work=$(mktemp -d "${BENCH_DIR:-/var/tmp}/dhow-bench.XXXXXX")
export HOME=$work XDG_RUNTIME_DIR=$work/run TMPDIR=$work
mkdir -m 700 "$XDG_RUNTIME_DIR"
dhow=$build/dhow
missed=0

finish() {
	kill "$registry_pid" 2>/dev/null
	if command -v podman >/dev/null; then
		podman unshare rm -rf "$work" 2>/dev/null
		pkill -u "$(id -u)" -x catatonit 2>/dev/null
	fi
	python3 "$here/../e2e/lib/asroot.py" rm -rf "$work" 2>/dev/null
	rm -rf "$work"
}
trap finish EXIT

# row TITLE OURS PEER-NAME PEERS GOAL SENSE, as in bench.sh
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

# Microseconds that a command takes.
took() {
	local from to
	from=$(date +%s%N)
	"$@" >"$work/out" 2>&1 || {
		echo "failed: $*" >&2
		cat "$work/out" >&2
	}
	to=$(date +%s%N)
	echo $(((to - from) / 1000))
}

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# compare OURS-PREPARE OURS PEER-PREPARE PEER: medians of both, in turn
compare() {
	local i
	: >"$work/ours"
	: >"$work/peers"
	for ((i = 0; i < runs; i++)); do
		eval "$1" >/dev/null 2>&1
		took bash -c "$2" >>"$work/ours"
		eval "$3" >/dev/null 2>&1
		took bash -c "$4" >>"$work/peers"
	done
	ours=$(median <"$work/ours") peers=$(median <"$work/peers")
}

podman=podman
prepare_podman() {
	command -v podman >/dev/null || return 1
	mkdir -p "$HOME/.config/containers"
	printf '[storage]\ndriver = "overlay"\nrunroot = "%s"\ngraphroot = "%s"\n' \
		"$XDG_RUNTIME_DIR/containers" "$work/podman" \
		>"$HOME/.config/containers/storage.conf"
	"$podman" info >/dev/null 2>&1
}

start_registry() {
	cat >"$work/registry.yml" <<-END
		version: 0.1
		log: { level: info }
		storage: { filesystem: { rootdirectory: $work/registry } }
		http: { addr: "127.0.0.1:0" }
	END
	docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
	registry_pid=$!
	until grep -q 'listening on' "$work/registry.log"; do
		kill -0 "$registry_pid" || exit 1
		sleep 0.1
	done
	at=localhost:$(sed -n \
		's/.*listening on 127\.0\.0\.1:\([0-9]*\)".*/\1/p' \
		"$work/registry.log")
}

# Files that compress about as those of a distribution do.
make_trees() {
	python3 - "$work" "${BENCH_BIG_MB:-2048}" <<-'END'
		import os, random, sys
		work, big = sys.argv[1], int(sys.argv[2])
		rng = random.Random(7)
		words = [bytes(rng.randrange(97, 123) for _ in range(
		    rng.randrange(3, 12))) + b" " for _ in range(4000)]
		text = b"".join(rng.choice(words) for _ in range(600000))
		def some(size):
		    at = rng.randrange(len(text) - size if size < len(text) else 1)
		    half = size // 2
		    return text[at:at + half] + rng.randbytes(size - half) \
		        if rng.random() < 0.5 else (text[at:] + text)[:size]
		for i in range(30000):
		    path = f"{work}/small/d{i // 100}"
		    os.makedirs(path, exist_ok=True)
		    with open(f"{path}/f{i}", "wb") as file:
		        file.write(some(rng.randrange(200, 11000)))
		for part in range(5):
		    path = f"{work}/part{part}"
		    os.makedirs(path)
		    for i in range(400):
		        with open(f"{path}/f{i}", "wb") as file:
		            file.write(some(rng.randrange(20000, 180000)))
		os.makedirs(f"{work}/big")
		with open(f"{work}/big/file", "wb") as file:
		    for _ in range(big):
		        file.write(some(1 << 20))
	END
}

make_images() {
	local name
	for name in small big part0 part1 part2 part3 part4; do
		# As the files of nearly all layers, they belong to root.
		tar -C "$work/$name" --owner=0 --group=0 --numeric-owner \
			-cf "$work/$name.tar" .
		rm -rf "${work:?}/$name"
	done
	cat "$work"/part?.tar >/dev/null
	"$dhow" import "$work/small.tar" "$at/small:1" >/dev/null
	"$dhow" import "$work/big.tar" "$at/big:1" >/dev/null
	python3 "$here/../e2e/lib/mkimage.py" "$work/base.tar" base:1 \
		--config '{}' "$work"/part?.tar
	"$dhow" load -q -i "$work/base.tar" >/dev/null
	"$dhow" tag base:1 "$at/base:1"
	for name in small big base; do
		"$dhow" push -q "$at/$name:1" >/dev/null || exit 1
	done
	curl -s "http://$at/v2/small/manifests/1" -H \
		'Accept: application/vnd.oci.image.manifest.v1+json' |
		grep -o 'sha256:[0-9a-f]*' | tail -1 >"$work/small.digest"
	curl -s "http://$at/v2/small/blobs/$(cat "$work/small.digest")" \
		>"$work/small.tgz"
	rm "$work"/{big,base}.tar
}

bench_pull() {
	local name=$1 what=$2 goal=$3
	$has_podman || return
	compare "$dhow rmi -af" "$dhow pull -q $at/$name:1" \
		"$podman rmi -af" "$podman pull -q --tls-verify=false $at/$name:1"
	row "pull, $what" "$ours" podman "$peers" "$goal" min
}

bench_tar() {
	compare "$dhow rmi -af" "$dhow pull -q $at/small:1" \
		"rm -rf $work/x; mkdir $work/x" "tar -xzf $work/small.tgz -C $work/x"
	row "pull, 30 000 small files" "$ours" "tar xzf" "$peers" 0.6 max
	rm -rf "$work/x"
}

# The slower of hashing and inflating on one core is what no one can beat.
bench_bound() {
	local digest
	"$dhow" rmi -af >/dev/null 2>&1
	digest=$(curl -s "http://$at/v2/big/manifests/1" -H \
		'Accept: application/vnd.oci.image.manifest.v1+json' |
		grep -o 'sha256:[0-9a-f]*' | tail -1)
	curl -s "http://$at/v2/big/blobs/$digest" >"$work/big.tgz"
	command -v igzip >/dev/null || return
	compare "$dhow rmi -af" "$dhow pull -q $at/big:1" \
		true "igzip -dc $work/big.tgz | openssl dgst -sha256"
	row "pull, one large layer" "$ours" "igzip | sha256" "$peers" 1.3 max
	rm "$work/big.tgz"
}

# Peak of any process of ours during a pull of the large layer.
bench_memory() {
	local peak=0 kib pid
	"$dhow" rmi -af >/dev/null 2>&1
	"$dhow" pull -q "$at/big:1" >/dev/null &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		kib=$(for status in /proc/[0-9]*/status; do
			awk -v me="$(id -u)" '/^Name:.dhow/ {ours = 1}
				/^Uid/ {mine = $2 == me} /^VmHWM/ {n = $2}
				END {if (ours && mine) print n + 0}' \
				"$status" 2>/dev/null
		done | sort -n | tail -1)
		[ "${kib:-0}" -gt "$peak" ] && peak=$kib
		sleep 0.2
	done
	awk -v kib="$peak" 'BEGIN {
		printf "%-34s %6.1f MB  %42s <= 64 MB %s\n",
			"peak of a process, large layer", kib / 1024, "",
			kib <= 65536 ? "ok" : "MISSED"
		exit kib > 65536 }' || missed=$((missed + 1))
}

drop_pushed() { rm -rf "$work"/registry/docker/registry/v2/repositories/new*; }

bench_push() {
	$has_podman || return
	"$dhow" pull -q "$at/base:1" >/dev/null
	mkdir "$work/context"
	mv "$work/200.tar" "$work/context/"
	printf 'FROM scratch\nADD 200.tar /\n' >"$work/context/Dockerfile"
	"$podman" build -q -t localhost/new:1 "$work/context" >/dev/null 2>&1
	"$dhow" build -q -t "$at/new:1" "$work/context" >/dev/null
	bench_size
	compare "wipe_registry" "$dhow push -q $at/new:1" \
		"wipe_registry" \
		"$podman push -q --tls-verify=false localhost/new:1 $at/newp:1"
	row "push of a built 200 MB layer" "$ours" podman "$peers" 3 min
	"$podman" pull -q --tls-verify=false "$at/base:1" >/dev/null 2>&1
	"$podman" push -q --tls-verify=false "$at/base:1" >/dev/null 2>&1
	compare true "$dhow push -q $at/base:1" true \
		"$podman push -q --tls-verify=false $at/base:1"
	row "push of what is there" "$ours" podman "$peers" 5 min
	compare true "$dhow pull -q $at/base:1" true \
		"$podman pull -q --tls-verify=false $at/base:1"
	row "pull of what is there" "$ours" podman "$peers" 5 min
}

# The blob of the new layer, as the registry has it.
new_blob_bytes() {
	find "$work/registry/docker/registry/v2/blobs" -name data -newer \
		"$work/mark" -size +1M -printf '%s\n'
}

bench_size() {
	local theirs
	wipe_registry
	"$podman" push -q --tls-verify=false localhost/new:1 "$at/newp:1" \
		>/dev/null 2>&1
	theirs=$(new_blob_bytes)
	wipe_registry
	"$dhow" push -q "$at/new:1" >/dev/null
	awk -v a="$(new_blob_bytes)" -v b="$theirs" 'BEGIN {
		printf "%-34s %6.1f MB  %-22s %6.1f MB  %6.2f  <= 1.1   %s\n",
			"size of a built 200 MB layer", a / 1e6, "podman",
			b / 1e6, a / b, a / b <= 1.1 ? "ok" : "MISSED"
		exit a / b > 1.1 }' || missed=$((missed + 1))
}

# The registry forgets blobs of the new image, and podman what it pushed.
wipe_registry() {
	drop_pushed
	find "$work/registry/docker/registry/v2/blobs" -name data -newer \
		"$work/mark" -delete
	rm -f "$HOME/.local/share/containers/cache/blob-info-cache-v1.boltdb" \
		"$work/podman/cache/blob-info-cache-v1.boltdb"
}

bench_save() {
	$has_podman || return
	compare "$dhow pull -q $at/base:1" \
		"$dhow save -o $work/s.tar $at/base:1 && $dhow rmi -f $at/base:1 && $dhow load -q -i $work/s.tar" \
		"$podman pull -q --tls-verify=false $at/base:1; rm -f $work/p.tar" \
		"$podman save -q -o $work/p.tar $at/base:1 && $podman rmi -f $at/base:1 && $podman load -q -i $work/p.tar"
	row "save, remove, load" "$ours" podman "$peers" 2 min
}

start_registry
make_trees
cp -r "$work/part0" "$work/200"
for part in 1 2 3 4; do cp -r "$work/part$part" "$work/200/$part"; done
tar -C "$work/200" -cf "$work/200.tar" . && rm -rf "$work/200"
make_images
touch "$work/mark"
has_podman=false
prepare_podman && has_podman=true
printf '%-34s %9s  %-22s %9s  %6s  %s\n' "what" "dhow ms" "peer" "ms" \
	"ratio" "goal"
bench_tar
bench_pull small "30 000 small files" 3
bench_pull base "200 MB in 5 layers" 3
bench_pull big "one large layer" 1.5
bench_bound
bench_memory
bench_push
bench_save
$has_podman || echo "podman did not run here: no comparison with it"
[ "$missed" = 0 ] || echo "$missed goals are missed"
[ "$missed" = 0 ]
