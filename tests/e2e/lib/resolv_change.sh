#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# resolv_change.sh PROBE DIR LIB: inside a user and mount namespace, with
# resolvers on 127.0.0.77 and .78, change /etc/resolv.conf under a container.
set -e
probe=$1 dir=$2 lib=$3
mkdir -p "$dir/etc" "$dir/run"
echo "nameserver 127.0.0.77" >"$dir/etc/resolv.conf"
mount --bind "$dir/etc" /etc
mkfifo "$dir/go" "$dir/done"

"$probe" "$dir/run" -- bash -c "
	ask() { python3 '$lib/resolve.py' \"\$DNS\" \"\$@\"; }
	ask plain.example; ask big.example
	echo >'$dir/done'; read -r _ <'$dir/go'
	for i in 1 2 3 4 5 6 7 8 9 10; do
		[ \"\$(ask again.example)\" = 'udp 10.8.8.8' ] && break
		sleep 0.1
	done
	ask again.example; ask big.example
	echo >'$dir/done'; read -r _ <'$dir/go'
	sleep 0.5
	ask third.example; ask silent.example" &
read -r _ <"$dir/done"
echo "nameserver 127.0.0.78" >/etc/new
mv /etc/new /etc/resolv.conf
echo >"$dir/go"
read -r _ <"$dir/done"
# In place, the first one dead.
printf 'nameserver 127.0.0.99\nnameserver 127.0.0.77\n' >/etc/resolv.conf
echo >"$dir/go"
wait $!
