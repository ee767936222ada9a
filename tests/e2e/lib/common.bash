# SPDX-License-Identifier: Apache-2.0
# What every topic loads: load lib/common  (then setup_file and teardown_file
# below hold unless the topic has its own, which then calls dhow_setup_file and
# dhow_teardown_file).
#
# DHOW           the program under test (default: dhow in PATH)
# DHOW_TEST_DRIVER   storage driver for every command (default: auto)
# DHOW_TEST_CACHE    where images made once are kept between runs

LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
DHOW=${DHOW:-$(command -v dhow)}
DHOW_TEST_CACHE=${DHOW_TEST_CACHE:-/var/tmp/dhow-test-cache}
umask 022

# The program under test, with the driver that this pass is about.
dhow() {
	if [ -n "${DHOW_TEST_DRIVER:-}" ]; then
		"$DHOW" --storage-driver "$DHOW_TEST_DRIVER" "$@"
	else
		"$DHOW" "$@"
	fi
}

# A home of its own for one topic: nothing of the account is read or touched.
# The runtime directory has a short name: sockets live there.
dhow_setup_file() {
	HOME=$BATS_FILE_TMPDIR/home
	TEST_RUN=$(mktemp -d /tmp/dt.XXXXXX)
	XDG_RUNTIME_DIR=$TEST_RUN
	DHOW_TEST_TMP=$BATS_FILE_TMPDIR
	mkdir -p "$HOME"
	chmod 700 "$XDG_RUNTIME_DIR"
	unset XDG_DATA_HOME XDG_CACHE_HOME XDG_CONFIG_HOME DOCKER_CONFIG
	unset DOCKER_HOST DOCKER_CONTEXT REGISTRY_AUTH_FILE
	STORE=$HOME/.local/share/dhow
	export HOME XDG_RUNTIME_DIR TEST_RUN STORE DHOW DHOW_TEST_TMP
	if [ -n "${DHOW_TEST_BARE:-}" ]; then
		# As from cron: no runtime directory is known.
		unset XDG_RUNTIME_DIR
	fi
}

dhow_teardown_file() {
	local left tries
	# Mounts and trees are taken down behind the command's back: what is
	# still there after some seconds stays for ever.
	for tries in {1..100}; do
		left=$(leftovers)
		[ -n "$left" ] || break
		sleep 0.1
	done
	dhow_remove_store
	rm -rf "$TEST_RUN"
	if [ -n "$left" ]; then
		echo "left behind:"
		echo "$left"
		return 1
	fi
}

setup_file() { dhow_setup_file; }
teardown_file() { dhow_teardown_file; }

# Files of sub-ids can only be removed inside the user namespace.
dhow_remove_store() {
	local id
	chmod -R u+rwX "$HOME" 2>/dev/null
	rm -rf "$HOME" 2>/dev/null && return 0
	if [ -d "$HOME" ] && command -v newuidmap >/dev/null; then
		id=$(id -u)
		python3 "$LIB/asroot.py" rm -rf "$HOME" || true
	fi
	[ ! -e "$HOME" ] || echo "cannot remove $HOME (uid $id)" >&2
}

# Ours: this build's programs, and copies of dhow sealed in memory.
is_our_process() {
	local exe build
	exe=$(readlink "$1/exe" 2>/dev/null) || return 1
	build=$(dirname "$(dirname "$(readlink -f "$DHOW")")")
	case $exe in
	"$build"/*/dhow*) return 0 ;;
	/memfd:*) tr '\0' ' ' <"$1/cmdline" 2>/dev/null | grep -qF "$DHOW" ;;
	*/fuse-overlayfs) readlink "$1/cwd" | grep -qF "$HOME" ;;
	*) return 1 ;;
	esac
}

# What no command may leave: a process, a mount, a half-made file.
leftovers() {
	local pid
	find /proc -maxdepth 1 -regex '/proc/[0-9]+' -uid "$(id -u)" \
		2>/dev/null | while read -r pid; do
		is_our_process "$pid" || continue
		echo "process ${pid#/proc/}:" \
			"$(tr '\0' ' ' <"$pid/cmdline" 2>/dev/null)"
	done
	grep -F "$HOME" /proc/self/mountinfo | sed 's/^/mount: /'
	if [ -d "$STORE/tmp" ]; then
		find "$STORE/tmp" -mindepth 1 -maxdepth 1 | sed 's/^/file: /'
	fi
	if [ -d "$STORE/containers" ] && [ -z "${KEEPS_CONTAINERS:-}" ]; then
		find "$STORE/containers" -mindepth 1 -maxdepth 1 |
			sed 's/^/container: /'
	fi
}

# Wait until a command succeeds: $1 tenths of a second should do, and a busy
# machine may take four times as long.
wait_for() {
	local tries=$(($1 * 4))
	shift
	while ! "$@"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

is_root() { [ "$(id -u)" = 0 ]; }

# range, single or root, as dhow itself says.
id_mode() {
	if is_root; then
		echo root
	elif command -v newuidmap >/dev/null &&
		grep -q "^$(id -un):" /etc/subuid 2>/dev/null; then
		echo range
	else
		echo single
	fi
}

# A file made once per machine: made by "$@ OUT" when it is not there yet.
cached() {
	local out=$DHOW_TEST_CACHE/$1
	shift
	if [ ! -e "$out" ]; then
		mkdir -p "$DHOW_TEST_CACHE"
		chmod 1777 "$DHOW_TEST_CACHE" 2>/dev/null || true
		"$@" "$out.$$" && chmod 644 "$out.$$" && mv -f "$out.$$" "$out"
	fi
	echo "$out"
}

# A root file system: busybox and a few accounts.
make_busybox_tar() {
	local dir=$BATS_FILE_TMPDIR/busybox-root applet
	mkdir -p "$dir"/{bin,etc,home/app,root,tmp,usr/bin,var/lib/data}
	cp /bin/busybox "$dir/bin/busybox"
	for applet in $("$dir/bin/busybox" --list); do
		[ "$applet" = busybox ] || ln -sf busybox "$dir/bin/$applet"
	done
	printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' \
		'app:x:1000:1001:app:/home/app:/bin/sh' \
		'nobody:x:65534:65534:nobody:/:/bin/false' >"$dir/etc/passwd"
	printf '%s\n' 'root:x:0:' 'app:x:1001:' 'extra:x:2000:app' \
		'video:x:44:root' 'nogroup:x:65534:' >"$dir/etc/group"
	echo "from the image" >"$dir/var/lib/data/seed"
	chmod 1777 "$dir/tmp"
	chmod 700 "$dir/root"
	tar -C "$dir" --sort=name --owner=0 --group=0 --numeric-owner \
		--mtime=@1700000000 -cf "$1" .
	rm -rf "$dir"
}

busybox_tar() { cached busybox-2.tar make_busybox_tar; }

make_busybox_image() {
	python3 "$LIB/mkimage.py" "$1" busybox:latest \
		--config '{"Cmd": ["sh"], "Env": ["PATH=/usr/bin:/bin"]}' \
		"$(busybox_tar)"
}

# Load busybox:latest into this topic's store.
use_busybox() {
	dhow load -q -i "$(cached busybox-2.oci make_busybox_image)"
}

# use_image NAME CONFIG-JSON [LAYER...]: busybox with a configuration of its
# own and more layers (see mkimage.py) on top.
use_image() {
	local name=$1 config=$2 file=$BATS_TEST_TMPDIR/image.tar
	shift 2
	python3 "$LIB/mkimage.py" "$file" "$name" --config "$config" \
		"$(busybox_tar)" "$@" && dhow load -q -i "$file" && rm "$file"
}

make_debian_tar() {
	mmdebstrap --quiet --variant=minbase --format=tar bookworm "$1"
}

# debian:12 by import; made once by mmdebstrap (12 s).
use_debian() {
	local tar
	tar=$(cached debian.tar make_debian_tar) &&
		dhow import --change 'CMD ["bash"]' "$tar" debian:12
}

# pty STEP... -- PROGRAM ARG...: see ptydrive.py.
pty() { python3 "$LIB/ptydrive.py" "$@"; }

# A command line of "dhow" as words, for programs that start it themselves.
dhow_words() {
	DHOW_WORDS=("$DHOW")
	if [ -n "${DHOW_TEST_DRIVER:-}" ]; then
		DHOW_WORDS+=(--storage-driver "$DHOW_TEST_DRIVER")
	fi
}
