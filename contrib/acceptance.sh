#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Real stacks of Dockerfiles and Compose files, each with a check.sh that uses
# dhow as people do: brought up, asked over HTTP, looked into, taken down.
#
# usage: contrib/acceptance.sh [FLAG]... DHOW [STACK]...
#                                                     (default: every stack)
#
# --builds  only the Dockerfiles, theirs and those of the images they stand on
#           (stack "images"), built again and again: stack_builds.sh
# --podman  the same, and each image into podman, which must be there
# --twice   again, with the store that the first time left
# --killed  the last time, every "up" gets kill -9, with all it started, at a
#           random moment, and is called again: killed_up.py
#
# ACCEPTANCE       where the stacks are (default: beside this checkout)
# DHOW_TEST_CACHE  where the Debian they build on is kept between runs
#
# A home of its own for the run; ends with "all: N passed, N failed".
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
times=1 killed=false builds=false PODMAN=
while [ "${1#--}" != "$1" ]; do
	case $1 in
	--twice) times=2 ;;
	--killed) killed=true ;;
	--builds) builds=true ;;
	--podman) builds=true PODMAN=1 ;;
	*)
		echo "unknown flag $1" >&2
		exit 1
		;;
	esac
	shift
done
dhow=$(readlink -f "$1")
shift
stacks=${ACCEPTANCE:-$here/../shared/acceptance}
cache=${DHOW_TEST_CACHE:-/var/tmp/dhow-test-cache}

[ -x "$stacks/all.sh" ] || {
	echo "no stacks in $stacks: set ACCEPTANCE" >&2
	exit 1
}
work=$(mktemp -d /var/tmp/dhow-accept.XXXXXX)
run=$(mktemp -d /tmp/da.XXXXXX)

finish() {
	[ -z "${PODMAN:-}" ] || podman unshare rm -rf "$work" 2>/dev/null
	# What a stopped check left still runs in this home.
	"$dhow" ps -aq 2>/dev/null | xargs -r "$dhow" rm -fv >/dev/null 2>&1
	"$dhow" unshare rm -rf "$work" 2>/dev/null
	rm -rf "$work" "$run"
}
trap finish EXIT

podman_home() {
	mkdir -p "$work/.config/containers"
	printf '[storage]\ndriver = "overlay"\nrunroot = "%s"\ngraphroot = "%s"\n' \
		"$run/containers" "$work/podman" \
		>"$work/.config/containers/storage.conf"
}

export HOME=$work XDG_RUNTIME_DIR=$run TMPDIR=$work
unset XDG_DATA_HOME XDG_CACHE_HOME XDG_CONFIG_HOME DOCKER_CONFIG
export DOCKER=$dhow COMPOSE="$dhow compose" DHOW_BASE_DIR=$cache/acceptance
# A copy: stacks that nobody may write to make directories alike.
cp -r "$stacks" "$work/stacks" && chmod -R u+w "$work/stacks"
status=0
if $builds; then
	export ACCEPT=$work/stacks PODMAN
	podman_home
	"$here/contrib/stack_builds.sh" "$@"
	exit
fi
for ((time = 1; time <= times; time++)); do
	if $killed && [ "$time" = "$times" ]; then
		export KILLED_LOG=$work/killed
		export COMPOSE="$here/contrib/killed_up.py $dhow compose"
	fi
	"$work/stacks/all.sh" "$@" || status=1
done
if $killed; then
	sed 's/^/killed: /' "$KILLED_LOG"
	[ -s "$KILLED_LOG" ] || status=1
fi
exit $status
