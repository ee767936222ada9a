#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs every test of dhow and ends with "N passed, N failed".
#
# usage: contrib/check.sh [PART]...
#   build unit stacks-beside (all of these: acceptance lint asan dist surface)
#   e2e-accounts (all of these:
#   e2e-sub e2e-sub-fuse e2e-sub-copy e2e-sub-bare e2e-plain e2e-root)
#   leftovers                             (default: all that apply)
#
# ACCEPTANCE_STACKS  which stacks (default: two)
#
# As root it makes the users dhow-sub (with sub-ids) and dhow-plain (without),
# builds and tests as dhow-sub, and runs the end-to-end tests as each of them.
# As an ordinary user it runs what this account can, and says what needs root.
# What is tested is a copy of the tree: nothing is written into the clone.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
top=$PWD
. contrib/packages.sh

passed=0 failed=0 skipped=0
started=$SECONDS
root=false
[ "$(id -u)" = 0 ] && root=true
export DHOW_TEST_CACHE=${DHOW_TEST_CACHE:-/var/tmp/dhow-test-cache}

say() { printf '\n== %s (%d s)\n' "$*" "$((SECONDS - started))"; }

count() {
	local ok=$1 bad=$2 skip=${3:-0}
	passed=$((passed + ok)) failed=$((failed + bad))
	skipped=$((skipped + skip))
	echo "-- $ok passed, $bad failed$([ "$skip" = 0 ] ||
		echo ", $skip skipped")"
}

# One thing that either holds or not: it NAME COMMAND...
it() {
	local name=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		echo "ok: $name"
		count 1 0
	else
		echo "FAILED: $name"
		tail -40 "$work/out"
		count 0 1
	fi
}

# --- the place and the people -------------------------------------------

make_users() {
	id dhow-sub >/dev/null 2>&1 || useradd -m dhow-sub
	id dhow-plain >/dev/null 2>&1 || useradd -m dhow-plain
	grep -q '^dhow-sub:' /etc/subuid ||
		usermod --add-subuids 300000-365535 dhow-sub
	grep -q '^dhow-sub:' /etc/subgid ||
		usermod --add-subgids 300000-365535 dhow-sub
	sed -i '/^dhow-plain:/d' /etc/subuid /etc/subgid
	# Devices that every distribution opens to all; bare test machines
	# do not.
	chmod 0666 /dev/fuse /dev/net/tun 2>/dev/null || true
}

# A cgroup of each controller for each of them, where there is version 1:
# an administrator delegates them like this.
delegate_cgroups() {
	local user file dir controller
	for user in dhow-sub dhow-plain; do
		for controller in memory pids cpu cpuacct cpuset freezer; do
			dir=/sys/fs/cgroup/$controller/dhow-check-$user
			mkdir "$dir" 2>/dev/null || continue
			for file in "$dir"/cpuset.{cpus,mems}; do
				[ ! -e "$file" ] ||
					cat "${dir%/*}/${file##*/}" >"$file"
			done
			chown -R "$user" "$dir"
		done
	done
}

take_cgroups_back() {
	rmdir /sys/fs/cgroup/*/dhow-check-dhow-* 2>/dev/null || true
}

# as USER COMMAND...: with a clean environment, as from a login.
as() {
	local user=$1
	shift
	if ! $root || [ "$user" = root ]; then
		env -u XDG_RUNTIME_DIR "$@"
		return
	fi
	setpriv --reuid "$user" --regid "$user" --init-groups --reset-env \
		env DHOW_TEST_CACHE="$DHOW_TEST_CACHE" \
		${FUZZ_SECONDS:+FUZZ_SECONDS=$FUZZ_SECONDS} "$@"
}

make_work() {
	work=$(mktemp -d /var/tmp/dhow-check.XXXXXX)
	trap 'rm -rf "$work"; take_cgroups_back' EXIT
	chmod 755 "$work"
	mkdir "$work/src"
	if git -C "$top" rev-parse >/dev/null 2>&1; then
		git -C "$top" ls-files -z | xargs -0 tar -c -C "$top"
	else
		tar -c -C "$top" --exclude=./build --exclude=./b \
			--exclude='./*-build' .
	fi | tar -x -C "$work/src"
	if $root; then
		chown -R dhow-sub: "$work"
	fi
	mkdir -p "$DHOW_TEST_CACHE"
	chmod 1777 "$DHOW_TEST_CACHE" 2>/dev/null || true
}

# A Debian root file system is made once, as root: users without sub-ids
# cannot, and it takes a while.
make_debian() {
	local tar=$DHOW_TEST_CACHE/debian.tar
	[ ! -e "$tar" ] || return 0
	say "a Debian to test with"
	mmdebstrap --quiet --variant=minbase --format=tar bookworm \
		"$tar.new" </dev/null && chmod 644 "$tar.new" &&
		mv "$tar.new" "$tar"
}

finish() {
	cd "$top" || exit 1
	say "all parts are done"
	if [ "$skipped" -gt 0 ]; then
		echo "$passed passed, $failed failed, $skipped skipped"
	else
		echo "$passed passed, $failed failed"
	fi
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
	exit
}

# --- parts --------------------------------------------------------------

part_build() {
	say "build, as $builder"
	it "configure and build" as "$builder" sh -c "
		cd '$work/src' && autoreconf -fi && mkdir -p build &&
		cd build && ../configure -q --prefix='$work/prefix' &&
		make -s -j$(nproc) 2>make.err; r=\$?; cat make.err
		[ \$r = 0 ] && ! grep -q 'warning:' make.err"
	it "install" as "$builder" make -s -C "$work/src/build" install
	# What the network's tests send packets with goes beside dhow.
	it "build the test programs" as "$builder" sh -c "
		cd '$work/src/build' && make -s net-probe &&
		cp net-probe '$work/prefix/bin'"
	[ -x "$work/prefix/bin/dhow" ] || finish
}

# Criterion tells its tests, a replayed corpus its files.
count_unit() {
	local dir=$1 ok bad
	ok=$(grep -rhoE 'Passing: [0-9]+' "$dir"/test_*.log |
		awk '{n += $2} END {print n + 0}')
	bad=$(grep -rhoE '(Failing|Crashing): [0-9]+' "$dir"/test_*.log |
		awk '{n += $2} END {print n + 0}')
	ok=$((ok + $(grep -rhoE '[0-9]+ corpus files, all came' \
		"$dir"/tests/fuzz/*.log | awk '{n += $1} END {print n + 0}')))
	bad=$((bad + $(grep -lE '^FAIL|^ERROR' "$dir"/tests/fuzz/*.log \
		2>/dev/null | wc -l)))
	echo "$ok $bad"
}

# run_unit DIRECTORY COMMAND...: a make check whose logs are in DIRECTORY.
# What failed is told and run again, as topics are (second_look).
run_unit() {
	local dir=$1 ok bad
	shift
	if ! "$@" >"$work/out" 2>&1; then
		grep -hE '^(FAIL|ERROR)|\[(FAIL|----|CRASH)\]|ERROR:|warning:' \
			"$work/out" "$dir"/*.log "$dir"/tests/fuzz/*.log \
			2>/dev/null | head -60
		tail -5 "$work/out"
		if ! "$@" >"$work/out" 2>&1; then
			read -r ok bad < <(count_unit "$dir")
			count "$ok" "$((bad > 0 ? bad : 1))"
			return
		fi
		echo "UNSTEADY: what is above"
	fi
	read -r ok bad < <(count_unit "$dir")
	count "$ok" "$((ok > 0 ? bad : 1))"
}

part_unit() {
	say "unit tests and fuzz corpora, as $builder"
	run_unit "$work/src/build" as "$builder" \
		make -C "$work/src/build" -j"$(nproc)" check
}

part_asan() {
	say "the same with ASan and UBSan"
	run_unit "$work/src/build/asan-build" as "$builder" \
		make -C "$work/src/build" -j"$(nproc)" asan
}

part_lint() {
	say "lint"
	as "$builder" make -s -C "$work/src/build" lint >"$work/out" 2>&1
	cat "$work/out"
	count "$(grep -c '^lint: ok' "$work/out")" \
		"$(grep -c '^lint: FAIL' "$work/out")"
}

part_dist() {
	say "make distcheck"
	it "a release builds, passes and cleans up" as "$builder" sh -c "
		cd '$work/src/build' && make -s -j$(nproc) distcheck"
}

# What each pass is about. A storage driver's: all that looks at files.
DRIVER_TOPICS="run mounts security security_build debian layers life volumes
	exec files build_file build_diff"
COPY_TOPICS="run life volumes files"
BARE_TOPICS="run life"
ROOT_TOPICS="run images copy push doctor layers net life look volumes networks
	exec files limits build_file"

# run_bats USER TAP FILE...: with the variables in vars.
run_bats() {
	local user=$1 tap=$2
	shift 2
	as "$user" env "${vars[@]}" DHOW="$work/prefix/bin/dhow" \
		PATH="$PATH" HOME="$(eval echo "~$user")" \
		BATS_TEST_TIMEOUT=300 bats --tap "$@" </dev/null >"$tap" 2>&1
}

# The topics whose tests failed, by what bats says of where.
failed_topics() {
	sed -nE 's/^#.*[ (]in test file ([^ ,]*\.bats), line.*/\1/p' "$1" |
		sort -u
}

# What failed is told, and its topics are run again: a test that passes then
# depends on time, which is a fault of its own, but not the one it looks for.
# second_look USER TAP: sets ok and bad.
second_look() {
	local user=$1 tap=$2 again topics
	mapfile -t topics < <(failed_topics "$tap")
	[ "${#topics[@]}" -gt 0 ] || return
	again=$(mktemp "$work/tap.XXXXXX")
	run_bats "$user" "$again" "${topics[@]}"
	grep -q '^ok ' "$again" || return
	grep -q '^not ok \|bats-exec' "$again" && {
		echo "-- again:"
		grep -vE '^ok |^1\.\.' "$again" | head -150
		return
	}
	grep '^not ok ' "$tap" | sed 's/^not ok [0-9]* /UNSTEADY: /'
	ok=$((ok + bad)) bad=0
}

# e2e USER NAME [VARIABLE=VALUE]... -- [TOPIC]...
e2e() {
	local user=$1 name=$2 tap ok bad skip vars=() topics=()
	shift 2
	while [ "$1" != -- ]; do
		vars+=("$1")
		shift
	done
	shift
	for topic in "$@"; do
		topics+=("$work/src/tests/e2e/$topic.bats")
	done
	[ $# -gt 0 ] || topics=("$work"/src/tests/e2e/*.bats)
	say "end to end, $name"
	tap=$(mktemp "$work/tap.XXXXXX")
	run_bats "$user" "$tap" "${topics[@]}"
	ok=$(grep -E '^ok ' "$tap" | grep -cv '# skip')
	bad=$(grep -c '^not ok ' "$tap")
	skip=$(grep -cE '^ok .*# skip' "$tap")
	grep -vE '^ok |^1\.\.' "$tap" | head -150
	grep -E '^ok .*# skip' "$tap" | sed 's/^ok [0-9]* /skipped: /'
	[ "$ok" -gt 0 ] || bad=$((bad + 1))
	grep -q 'bats-exec' "$tap" && [ "$bad" = 0 ] && bad=1
	[ "$bad" = 0 ] || second_look "$user" "$tap"
	count "$ok" "$bad" "$skip"
	echo "   in $((SECONDS - started)) s from the start"
}

# Passes of two accounts do not meet: they share the time they wait.
side_by_side() {
	local out=$work/$1 n sum
	(
		passed=0 failed=0 skipped=0
		"part_${1//-/_}"
		echo "sum: $passed $failed $skipped"
	) >"$out" 2>&1 &
	"part_${2//-/_}"
	wait $!
	sum=$(sed -n 's/^sum: //p' "$out")
	grep -v '^sum: ' "$out"
	read -r -a n <<<"${sum:-0 1 0}"
	passed=$((passed + n[0])) failed=$((failed + n[1]))
	skipped=$((skipped + n[2]))
}

part_e2e_sub() {
	e2e "$sub" "$sub with sub-ids" --
}

# shellcheck disable=SC2086 # lists
part_e2e_sub_fuse() {
	e2e "$sub" "fuse-overlayfs" DHOW_TEST_DRIVER=fuse-overlayfs -- \
		$DRIVER_TOPICS
}

# shellcheck disable=SC2086
part_e2e_sub_copy() {
	e2e "$sub" "copied layers" DHOW_TEST_DRIVER=copy -- $COPY_TOPICS
}

# Nothing but HOME and PATH: as from cron or a batch job.
# shellcheck disable=SC2086
part_e2e_sub_bare() {
	e2e "$sub" "env -i HOME PATH" -i DHOW_TEST_BARE=1 \
		DHOW_TEST_CACHE="$DHOW_TEST_CACHE" -- $BARE_TOPICS
}

part_e2e_drivers() {
	part_e2e_sub_fuse
	part_e2e_sub_copy
	part_e2e_sub_bare
}

part_e2e_plain() {
	e2e dhow-plain "without sub-ids" --
}

# shellcheck disable=SC2086
part_e2e_root() {
	e2e root "as root" -- $ROOT_TOPICS
}

# Stacks mostly wait, and what is built and linted beside them has time.
part_stacks_beside() {
	side_by_side acceptance checks
}

part_checks() {
	part_lint
	part_asan
	part_dist
	part_surface
}

part_e2e_accounts() {
	side_by_side e2e-plain e2e-sub
	side_by_side e2e-root e2e-drivers
}

# Real stacks, where they lie beside the checkout; "make check-acceptance"
# runs all of them.
ACCEPTANCE_STACKS=${ACCEPTANCE_STACKS:-"haztrak mathapp"}

# run_stacks OUT STACK...
run_stacks() {
	local out=$1
	shift
	as "$sub" env ACCEPTANCE="$work/stacks" \
		"$work/src/contrib/acceptance.sh" "$work/prefix/bin/dhow" "$@" \
		</dev/null >"$out" 2>&1
	grep -E '^(===|FAIL|SKIP|     \||[0-9]+ passed|\(stopped)' "$out"
}

# The stacks of a run that did not pass.
failed_stacks() {
	awk '/^=== / {name = $2; bad[name] = 1}
		/^[0-9]+ passed, 0 failed/ {bad[name] = 0}
		END {for (name in bad) if (bad[name]) print name}' "$1"
}

part_acceptance() {
	local stacks=$top/../shared/acceptance out=$work/acceptance.out
	local cache=$DHOW_TEST_CACHE/acceptance ok bad again
	[ -x "$stacks/all.sh" ] || {
		echo "no stacks in $stacks: acceptance is left out"
		return 0
	}
	cp -r "$stacks" "$work/stacks" && chmod -R a+rX "$work/stacks"
	if $root && [ ! -s "$cache/debian-bookworm.tar" ]; then
		say "a Debian for the stacks"
		# What it needs is a mirror, which is no fault of dhow's.
		"$stacks/base.sh" "$cache" >"$out" 2>&1 || {
			tail -20 "$out"
			echo "it cannot be made here: acceptance is left out"
			return 0
		}
	fi
	say "stacks: $ACCEPTANCE_STACKS"
	# shellcheck disable=SC2086
	run_stacks "$out" $ACCEPTANCE_STACKS
	read -r ok bad < <(awk '/^all: / {print $2, $4}' "$out")
	# As topics are (second_look): these wait for seconds of real time.
	mapfile -t again < <(failed_stacks "$out")
	if [ "${#again[@]}" -gt 0 ]; then
		echo "-- again:"
		run_stacks "$out" "${again[@]}" &&
			[ -z "$(failed_stacks "$out")" ] &&
			ok=$((ok + bad)) bad=0 &&
			echo "UNSTEADY: ${again[*]}"
	fi
	count "${ok:-0}" "${bad:-1}"
	echo "   in $((SECONDS - started)) s from the start"
}

# The commands of this release against the surface contract, where it is.
part_surface() {
	local script=$top/../shared/check/surface.py
	[ -e "$script" ] || return 0
	say "surface"
	as "$builder" python3 "$script" --dhow "$work/prefix/bin/dhow" \
		>"$work/out" 2>&1
	cat "$work/out"
	count "$(awk '/ passed, / {print $1}' "$work/out")" \
		"$(awk '/ passed, / {print $3}' "$work/out")"
}

# --- nothing is left ----------------------------------------------------

# /tmp/dhow-UID stands in for a runtime directory and stays, as that does;
# who no longer lives must not be in it. What podman and buildah, which some
# tests compare with, keep between their runs is theirs.
owned_files() {
	find /tmp /var/tmp -xdev \( -user dhow-sub -o -user dhow-plain \) \
		-not -path "$work*" -not -path "$DHOW_TEST_CACHE*" \
		-not -path '/tmp/podman-run-*' \
		-not -path '/tmp/containers-user-*' \
		-not -regex '/tmp/dhow-[0-9]+\(/[a-z.-]*\)?' \
		-not -regex '/tmp/dhow-[0-9]+/net/lock' 2>/dev/null
}

user_processes() {
	local user
	for user in dhow-sub dhow-plain; do
		# podman, which some tests make images with, keeps one.
		pkill -u "$user" -x catatonit
		ps -o stat=,pid=,args= -u "$user"
	done | grep -v '^Z' # ended, and not yet noticed by process 1
	ps -eo stat=,pid=,uid=,args= | awk '
		NR == FNR { if ($1 == "dhow-sub") from[$2] = $2 + $3; next }
		$1 !~ /^Z/ { for (f in from) if ($3 >= f + 0 && $3 < from[f]) print }
	' FS=: /etc/subuid FS=' ' -
}

nothing_left() {
	local left
	left=$(
		user_processes | sed 's/^/process: /'
		pgrep -af "$work/prefix" | sed 's/^/process: /'
		grep -E "$work|/home/dhow-(sub|plain)" /proc/mounts |
			sed 's/^/mount: /'
		owned_files | sed 's/^/file: /'
	)
	[ -z "$left" ] && return 0
	echo "$left"
	return 1
}

part_leftovers() {
	say "nothing is left"
	sleep 1
	it "no process, no mount, no file of the test users" nothing_left
}

# --- all ----------------------------------------------------------------

main() {
	# shellcheck disable=SC2086
	packages_need $PACKAGES_BUILD $PACKAGES_RUN $PACKAGES_IMAGE \
		$PACKAGES_TEST || exit 1
	builder=$(id -un) sub=$(id -un)
	parts=(build unit stacks-beside)
	if $root; then
		make_users
		delegate_cgroups
		builder=dhow-sub sub=dhow-sub
		parts+=(e2e-accounts leftovers)
	else
		parts+=(e2e-sub e2e-drivers)
		echo "not root: the tests of other accounts (without sub-ids, as root)" \
			"and the last look for leftovers need root and are left out"
	fi
	[ $# -eq 0 ] || parts=("$@")
	make_work
	$root && make_debian
	for part in "${parts[@]}"; do
		"part_${part//-/_}"
	done
	finish
}

main "$@"
