#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# In the machine, as root, at each boot: what this boot is there for.
cd "$(dirname "$0")" || exit 1
export PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
stage=$(cat /payload/stage 2>/dev/null || echo first)

wanted() { grep -qw "$1" /payload/topics; }

next() {
	echo "$1" >/payload/stage
	sync /payload/stage
}

# as USER TOPIC [FILTER]: as from a login, in a session of its own.
as() {
	wanted "$2" || return 0
	echo "# as $1: $2 ${3:-}"
	# shellcheck disable=SC2016 # the quotes are for his shell
	su -l "$1" -c "cd $PWD && DHOW=$dhow DHOW_TEST_CACHE=/payload/cache \
		PATH=$(dirname "$dhow"):$PATH bats --tap $2.bats \
		${3:+-f '$3'}" </dev/null
}

# As from cron: no session, and so nothing of systemd is started for it.
outside() {
	echo "# outside of a session: $2 $3"
	setpriv --reuid "$1" --regid "$1" --init-groups --reset-env env \
		DHOW="$dhow" DHOW_TEST_CACHE=/payload/cache \
		PATH="$(dirname "$dhow"):$PATH" bats --tap "$2.bats" -f "$3" \
		</dev/null
}

end() {
	echo "# done"
	systemctl poweroff -f
	exit
}

[ "$stage" != first ] || cp -a /payload/root/. /
dhow=$(find /payload/root -path '*/bin/dhow')
dhow=${dhow#/payload/root}

case $stage in
first)
	echo "# Linux $(uname -r), $(systemctl --version | head -1)"
	as sub limits
	as plain limits
	as sub network
	as plain network
	as root root
	as visitor visitor
	wanted reboot || end
	as sub reboot '^before'
	# Nobody is to start anything before it was looked at.
	loginctl disable-linger sub
	next ordered
	systemctl reboot
	;;
ordered)
	outside sub reboot '^ps after'
	loginctl enable-linger sub
	outside sub reboot '^back'
	next cut
	# As when the power fails.
	echo b >/proc/sysrq-trigger
	;;
cut)
	outside sub reboot '^back'
	outside sub reboot '^end'
	end
	;;
esac
