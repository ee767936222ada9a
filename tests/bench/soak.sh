#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Containers join and leave a network while others resolve and connect.
#
# usage: soak.sh BUILDDIR [SECONDS [CLIENTS]]     (default 600 s, 20 clients)
#
# Exit 1 when a look-up or a connection failed, or something is left behind.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dhow=$(cd "$1" && pwd)/dhow
seconds=${2:-600}
clients=${3:-20}
work=$(mktemp -d /var/tmp/dhow-soak.XXXXXX)
STORE=$work/.local/share/dhow
export HOME=$work XDG_RUNTIME_DIR=$work/run
mkdir -m 700 "$XDG_RUNTIME_DIR"
LIB=$here/../e2e/lib
export BATS_FILE_TMPDIR=$work
# shellcheck source=tests/e2e/lib/common.bash
DHOW=$dhow . "$LIB/common.bash"

finish() {
	# shellcheck disable=SC2046
	"$dhow" rm -f $("$dhow" ps -aq) >/dev/null 2>&1
	dhow_remove_store
	rm -rf "$work"
}
trap finish EXIT

"$dhow" load -q -i "$(cached busybox-2.oci make_busybox_image)" >/dev/null
"$dhow" network create soak >/dev/null
"$dhow" run -d --rm --name server --network soak busybox \
	httpd -f -p 80 -h /etc >/dev/null
sleep 1
for ((i = 0; i < clients; i++)); do
	"$dhow" run -d --name "client$i" --network soak busybox sh -c '
		while :; do
			nslookup -type=a server >/dev/null 2>&1 || echo lookup
			wget -q -O /dev/null http://server/hostname || echo connect
			echo >>/count
			usleep 100000
		done' >/dev/null
done

joined=0
end=$((SECONDS + seconds))
while [ $SECONDS -lt $end ]; do
	for i in 1 2 3 4; do
		"$dhow" run --rm --network soak busybox true || echo "start $i" &
	done
	wait
	joined=$((joined + 4))
done

failed=0 asked=0
for ((i = 0; i < clients; i++)); do
	failed=$((failed + $("$dhow" logs "client$i" 2>&1 | wc -l)))
	asked=$((asked + $("$dhow" exec "client$i" \
		sh -c 'wc -l </count' || echo 0)))
done
on=$("$dhow" network inspect soak -f '{{len .Containers}}')
# shellcheck disable=SC2046
"$dhow" rm -f $("$dhow" ps -aq) >/dev/null
sleep 3
left=$(find "$STORE/containers" "$XDG_RUNTIME_DIR/dhow/live" -mindepth 1 \
	2>/dev/null | wc -l)
echo "$joined joined and left; $asked look-ups and connections of $clients" \
	"clients, $failed failed; $on of $((clients + 1)) on the network at" \
	"the end, $left things left"
[ "$failed" = 0 ] && [ "$on" = $((clients + 1)) ] && [ "$left" = 0 ]
