#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What only another machine can show: a Debian 12 with systemd, cgroup v2 and
# Linux 6.1, booted under qemu without KVM, tests dhow as ordinary users and is
# rebooted, once in order and once not.
#
# usage: contrib/vm/check.sh BUILD-DIRECTORY            (make check-vm)
#
# guest.sh is what runs in it, *.bats are the tests. The image is made once for
# each list of packages and kept in $DHOW_TEST_CACHE/vm; a run changes nothing
# in it. Prints TAP. Root is not needed (then: sub-ids).
#
# VM_TOPICS    which of them (default: limits network root visitor reboot)
# VM_TIMEOUT   seconds until it is given up (default 1800)
# VM_NICE      how far it steps back for others (default 10)
set -euo pipefail
build=$(readlink -f "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cache=${DHOW_TEST_CACHE:-/var/tmp/dhow-test-cache}
# shellcheck source=contrib/packages.sh
. contrib/packages.sh

# shellcheck disable=SC2086 # lists
missing=$(packages_missing $PACKAGES_VM $PACKAGES_IMAGE | paste -sd' ')
if [ -n "$missing" ]; then
	echo "check-vm needs packages that are not installed:" >&2
	echo "    apt-get install $missing" >&2
	exit 1
fi

work=$(mktemp -d /var/tmp/dhow-vm.XXXXXX)
trap 'rm -rf "$work"' EXIT

# Root, or who may call himself so.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		unshare --map-root-user --map-auto "$@"
	fi
}

# disk FILE SIZE DIRECTORY: a file system with what is in the directory.
disk() { mke2fs -q -t ext4 -d "$3" "$1" "$2" >/dev/null; }

make_image() {
	echo "# making the machine's image, once"
	# shellcheck disable=SC2086
	mmdebstrap --quiet --variant=minbase --format=tar \
		--include="$(echo $PACKAGES_GUEST | tr ' ' ,)" \
		bookworm "$work/root.tar" </dev/null
	# shellcheck disable=SC2016
	as_root bash -c '
		set -eu
		cd "$1"
		mkdir root new
		tar -C root -xf root.tar
		. "$2/contrib/vm/furnish.sh" root
		cp root/boot/vmlinuz-* new/vmlinuz
		cp root/boot/initrd.img-* new/initrd.img
		mke2fs -q -t ext4 -d root new/disk.img 2G >/dev/null
		rm -rf root root.tar' - "$work" "$PWD"
	mkdir -p "$cache/vm"
	rm -rf "${image:?}"
	mv "$work/new" "$image"
}

# What changes from run to run is a disk of its own.
make_payload() {
	local dir=$work/payload
	mkdir -p "$dir/src" "$dir/cache"
	make -s -C "$build" install-strip DESTDIR="$dir/root" >/dev/null
	cp -r --parents contrib/vm tests/e2e/lib "$dir/src"
	BATS_FILE_TMPDIR=$work DHOW_TEST_CACHE=$cache bash -c '
		. tests/e2e/lib/common.bash
		cached busybox-2.oci make_busybox_image' >/dev/null
	cp "$cache/busybox-2.oci" "$dir/cache"
	echo "${VM_TOPICS:-limits network root visitor reboot}" >"$dir/topics"
	chmod -R a+rX "$dir"
	disk "$work/payload.img" 256M "$dir"
}

boot() {
	timeout "${VM_TIMEOUT:-1800}" nice -n "${VM_NICE:-10}" \
		qemu-system-x86_64 -accel tcg -m 1024 -nodefaults \
		-no-user-config -display none \
		-kernel "$image/vmlinuz" -initrd "$image/initrd.img" -append \
		"root=/dev/vda rw console=ttyS0 mitigations=off panic=-1" \
		-drive "file=$image/disk.img,format=raw,if=virtio,snapshot=on" \
		-drive "file=$work/payload.img,format=raw,if=virtio" \
		-device virtio-rng-pci \
		-serial "file:$work/console" -serial stdio </dev/null
}

# Several plans become one; the machine says "# done" when it was not cut off.
one_plan() {
	local line n=0 bad=0 done=false
	while IFS= read -r line; do
		line=${line%$'\r'}
		case $line in
		1..*) continue ;;
		"# done") done=true ;;
		"ok "*) line="ok $((++n)) ${line#ok * }" ;;
		"not ok "*)
			line="not ok $((++n)) ${line#not ok * }"
			bad=$((bad + 1))
			;;
		esac
		printf '%s\n' "$line"
	done
	echo "1..$n"
	$done || echo "Bail out! the machine did not get to the end"
	$done && [ "$bad" = 0 ] && [ "$n" -gt 0 ]
}

image=$cache/vm/$( (echo "$PACKAGES_GUEST" && cat contrib/vm/furnish.sh) |
	sha256sum | cut -c1-12)
[ -e "$image/disk.img" ] || make_image
make_payload
if ! boot | one_plan; then
	echo "# the last of its console:"
	tail -20 "$work/console" | tr -d '\r' | sed 's/^/# /'
	exit 1
fi
