# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# Sourced: the Debian packages dhow is built of and tested with, and getting
# them. Used by quickstart.sh, check.sh and vm/check.sh.

PACKAGES_BUILD="gcc make autoconf automake pkgconf libc6-dev
	libyaml-dev libseccomp-dev libslirp-dev libglib2.0-dev
	libcurl4-openssl-dev libarchive-dev libzstd-dev libisal-dev libssl-dev
	ca-certificates"
# Without these dhow works with less: sub-ids, old kernels.
PACKAGES_RUN="uidmap fuse-overlayfs libseccomp2"
PACKAGES_IMAGE="busybox-static"
PACKAGES_TEST="libcriterion-dev bats python3 shellcheck cppcheck clang-format
	mmdebstrap skopeo podman runc buildah umoci isal git docker-registry curl bzip2 xz-utils
	zstd procps tzdata nginx-light redis-server"

# For "make check-vm": here, and in the machine it makes.
PACKAGES_VM="qemu-system-x86 mmdebstrap e2fsprogs python3 util-linux"
PACKAGES_GUEST="linux-image-cloud-amd64 initramfs-tools systemd-sysv dbus
	dbus-user-session libpam-systemd udev kmod procps uidmap fuse-overlayfs
	bats busybox-static ca-certificates libslirp0 libcurl4 libarchive13
	libzstd1 libisal2 libssl3 libseccomp2"

# packages_missing PACKAGE...: those that are not installed.
packages_missing() {
	local name
	for name in "$@"; do
		case $(dpkg-query -W -f='${db:Status-Status}' "$name" \
			2>/dev/null) in
		installed) ;;
		*) echo "$name" ;;
		esac
	done
}

# packages_need PACKAGE...: install what is missing, or say what to ask for.
packages_need() {
	local missing sudo=
	if ! command -v dpkg-query >/dev/null; then
		echo "this is not a Debian system; install what these bring:" \
			"$*" >&2
		return 1
	fi
	missing=$(packages_missing "$@" | paste -sd' ')
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" != 0 ]; then
		if sudo -n true 2>/dev/null; then
			sudo="sudo -n"
		elif [ -t 0 ] && command -v sudo >/dev/null; then
			sudo=sudo
		else
			echo "packages are missing, and this account may not" \
				"install them. Ask an administrator for:" >&2
			echo "    apt-get install $missing" >&2
			return 1
		fi
	fi
	echo "installing: $missing"
	# shellcheck disable=SC2086
	$sudo apt-get -qq update </dev/null &&
		$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install \
			-y --no-install-recommends $missing </dev/null \
			>/dev/null
}
