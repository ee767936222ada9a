#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh clone to a running container: installs what is missing, builds
# in build/, makes an image of busybox and runs it. Run it as often as you
# like, as root or as an ordinary user.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
top=$PWD
. contrib/packages.sh

# shellcheck disable=SC2086
packages_need $PACKAGES_BUILD $PACKAGES_RUN $PACKAGES_IMAGE

build=${DHOW_BUILD:-$top/build}
[ -x configure ] && [ ! configure.ac -nt configure ] || {
	echo "preparing configure"
	autoreconf -fi >/dev/null 2>&1
}
mkdir -p "$build"
cd "$build"
[ -e Makefile ] || {
	echo "configuring in $build"
	"$top/configure" -q
}
echo "building"
make -s -j"$(nproc)" all >make.log 2>&1 || {
	tail -30 make.log >&2
	echo "the build failed, see $build/make.log" >&2
	exit 1
}

# A home that cannot be written to is no reason to stop.
if [ ! -d "${HOME:-/nonexistent}" ] || [ ! -w "$HOME" ]; then
	echo "the home directory cannot be written to: images go to $build/home"
	export XDG_DATA_HOME="$build/home" XDG_CACHE_HOME="$build/home/cache"
	mkdir -p "$XDG_CACHE_HOME"
fi

if ! ./dhow image inspect quickstart >/dev/null 2>&1; then
	echo "making an image of busybox"
	root=$(mktemp -d)
	trap 'rm -rf "$root"' EXIT
	mkdir -p "$root"/{bin,etc,root,tmp}
	cp /bin/busybox "$root/bin/"
	for applet in $(/bin/busybox --list); do
		[ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
	done
	echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
	tar -C "$root" -c . | ./dhow import --change 'CMD ["sh"]' - quickstart \
		>/dev/null
fi

echo "running a container"
./dhow run --rm --hostname container quickstart sh -c '
	echo "    I am $(id -un) on $(hostname), process $$ of:"
	ps -o pid,user,comm | sed "s/^/    /"
	echo "    My files: $(echo /*)"'
echo "it works. Try:  $build/dhow run --rm -it quickstart"
