# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by check.sh as root: makes a machine of a bare Debian in directory $1.
# Who lives there: "sub" with sub-ids, "plain" without, and "visitor", who is
# not there when he is not logged in (no lingering).

root=$1
echo vm >"$root/etc/hostname"
for user in sub:1000 plain:1001 visitor:1002; do
	chroot "$root" useradd -m -s /bin/bash -u "${user#*:}" "${user%:*}"
done
sed -i '/^plain:/d; /^visitor:/d' "$root"/etc/sub?id
echo '/dev/vdb /payload ext4 defaults 0 0' >"$root/etc/fstab"
mkdir "$root/payload"
mkdir -p "$root/var/lib/systemd/linger" "$root/etc/systemd/logind.conf.d"
touch "$root/var/lib/systemd/linger/"{sub,plain}
printf '[Login]\nKillUserProcesses=yes\n' \
	>"$root/etc/systemd/logind.conf.d/kill.conf"
# What a machine for one hour does not need.
for unit in getty.target e2scrub_reap.service serial-getty@ttyS0.service \
	apt-daily.timer apt-daily-upgrade.timer fstrim.timer; do
	ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
cat >"$root/etc/systemd/system/check.service" <<-'END'
	[Unit]
	Description=the tests of dhow
	RequiresMountsFor=/payload
	After=systemd-logind.service dbus.service systemd-user-sessions.service
	[Service]
	Type=exec
	ExecStart=/bin/sh -c 'exec /payload/src/contrib/vm/guest.sh >/dev/ttyS1 2>&1'
	[Install]
	WantedBy=multi-user.target
END
ln -s ../check.service \
	"$root/etc/systemd/system/multi-user.target.wants/check.service"
