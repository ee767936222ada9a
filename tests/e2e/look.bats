# SPDX-License-Identifier: Apache-2.0
# Looking at containers: ps, inspect, logs, events, top, stats, port.
bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
	export KEEPS_CONTAINERS=1
	# One that goes on writing, one that ended, one that was only made.
	dhow run -d --name web -p 127.0.0.1::80 --expose 90 -l com.example.tier=front \
		-v data:/data -e WHO=me busybox \
		sh -c 'echo first; echo oops >&2; while :; do sleep 1; done'
	dhow run --name old --network none -l com.example.tier=back busybox \
		sh -c 'echo 0123456789 >/file; exit 3' || true
	dhow create --name made busybox true
}

teardown_file() {
	dhow rm -f -v web old made >/dev/null 2>&1
	unset KEEPS_CONTAINERS
	dhow_teardown_file
}

@test "ps shows what runs, -a all, newest first, -n and -l some" {
	run dhow ps --format '{{.Names}}'
	[ "$output" = web ]
	run dhow ps -a --format '{{.Names}}'
	[ "${lines[*]}" = "made old web" ]
	run dhow ps -l --format '{{.Names}}'
	[ "$output" = made ]
	run dhow ps -n 2 --format '{{.Names}}'
	[ "${lines[*]}" = "made old" ]
	[ "$(dhow ps -aq | wc -l)" -eq 3 ]
	[[ $(dhow ps -q --no-trunc) =~ ^[0-9a-f]{64}$ ]]
}

@test "ps has docker's columns and words" {
	run dhow ps -a
	[[ ${lines[0]} =~ ^"CONTAINER ID   IMAGE     COMMAND".*CREATED.*STATUS.*PORTS.*NAMES$ ]]
	[[ ${lines[1]} =~ busybox\ .*\"true\".*Created.*made$ ]]
	[[ ${lines[2]} =~ "Exited (3) ".*" ago"\ +old$ ]]
	[[ ${lines[3]} =~ \"sh\ -c\ \'echo\ first\;\ …\".*"Up ".*127.0.0.1:[0-9]+-\>80/tcp.*web$ ]]
	run dhow ps -a --no-trunc --format '{{.Command}}' -f name=old
	[ "$output" = "\"sh -c 'echo 0123456789 >/file; exit 3'\"" ]
	run dhow ps -as -f name=old --format '{{.Size}}'
	[[ $output =~ ^"11B (virtual "[0-9.]+MB\)$ ]]
	run dhow ps --format 'table {{.Names}}\t{{.Label "com.example.tier"}}'
	[[ ${lines[0]} =~ ^NAMES\ +tier$ ]]
	[[ ${lines[1]} =~ ^web\ +front$ ]]
}

@test "every template field of ps has a value" {
	local field
	for field in ID Image Command CreatedAt RunningFor Ports State Status \
		HealthStatus Size Names Labels Mounts LocalVolumes Networks \
		Platform; do
		dhow ps --format "{{.$field}}" || return 1
	done
	run dhow ps --format '{{.State}} {{.Networks}} {{.Mounts}} {{.LocalVolumes}} {{.Labels}}'
	[ "$output" = "running bridge data 1 com.example.tier=front" ]
	run dhow ps --format json
	[ "$(echo "$output" | python3 -c 'import json, sys; print(json.load(sys.stdin)["Names"])')" = web ]
	run -1 dhow ps --format '{{.Nope}}'
	[[ $output == *"no field 'Nope'"*"fields: Command CreatedAt"* ]]
	run -1 dhow ps --format '{{.ID'
	[[ $output == *"template parsing error: template:1:"* ]]
}

@test "filters of ps" {
	local id filter want
	id=$(dhow ps -aq -f name=old)
	while read -r filter want; do
		run dhow ps -a --format '{{.Names}}' --filter "$filter"
		[ "${lines[*]}" = "$want" ] || {
			echo "$filter: got '${lines[*]}', not '$want'"
			return 1
		}
	done <<-END
		name=^/web$ web
		name=e made web
		id=$id old
		label=com.example.tier old web
		label=com.example.tier=back old
		label!=com.example.tier=back made web
		status=exited old
		status=created made
		exited=3 old
		exited=0
		ancestor=busybox made old web
		ancestor=nothing
		before=old web
		since=old made
		volume=data web
		volume=/data web
		network=none old
		publish=80 web
		publish=90
		expose=90/tcp web
		health=none made old web
		is-task=true
		until=1h
		restart-policy=no made old web
	END
	run dhow ps -a --format '{{.Names}}' -f status=exited -f status=created
	[ "${lines[*]}" = "made old" ]
	run dhow ps --format '{{.Names}}' -f status=exited
	[ "$output" = old ]
	run -1 dhow ps -f nonsense=1
	[[ $output == *"unknown filter 'nonsense'"* ]]
	run -1 dhow ps -f status=sleeping
	run -1 dhow ps -f before=nobody
	[[ $output == *"no such container: 'nobody'"* ]]
}

@test "names and ids are found as docker finds them" {
	local id
	id=$(dhow ps -q --no-trunc)
	for ref in web /web "$id" "${id:0:12}" "${id:0:8}"; do
		[ "$(dhow inspect -f '{{.Name}}' "$ref")" = /web ]
	done
	run -1 dhow logs wbe
	[[ $output == *"no such container: 'wbe'"*"did you mean 'web'"* ]]
	run -1 dhow inspect --type container nothing
	[[ $output == *"no such container: 'nothing'"* ]]
	[[ $output == *"[]"* ]]
}

@test "inspect has docker's shape" {
	dhow inspect web old | python3 -c '
import json, sys
web, old = json.load(sys.stdin)
assert web["Name"] == "/web" and len(web["Id"]) == 64
assert web["State"]["Status"] == "running" and web["State"]["Pid"] > 1
assert web["State"]["Running"] and not web["State"]["Paused"]
assert web["Config"]["Image"] == "busybox"
assert "WHO=me" in web["Config"]["Env"]
assert web["Config"]["Labels"] == {"com.example.tier": "front"}
assert web["Config"]["ExposedPorts"] == {"80/tcp": {}, "90/tcp": {}}
assert web["Path"] == "sh" and web["Args"][0] == "-c"
assert web["HostConfig"]["RestartPolicy"]["Name"] == "no"
assert web["HostConfig"]["Binds"] == ["data:/data"]
assert web["Mounts"][0]["Type"] == "volume"
assert web["Mounts"][0]["Name"] == "data"
ports = web["NetworkSettings"]["Ports"]
assert ports["80/tcp"][0]["HostIp"] == "127.0.0.1" and ports["90/tcp"] is None
net = web["NetworkSettings"]["Networks"]["bridge"]
assert net["IPAddress"] and net["IPAddress"] == web["NetworkSettings"]["IPAddress"]
assert old["State"]["ExitCode"] == 3 and old["State"]["Pid"] == 0
assert old["State"]["FinishedAt"] > old["State"]["StartedAt"] > "2020"
assert old["NetworkSettings"]["Ports"] == {}
'
	# From Docker's manual.
	run dhow inspect --format='{{range $p, $conf := .NetworkSettings.Ports}}{{if $conf}}{{$p}} -> {{(index $conf 0).HostPort}}{{end}}{{end}}' web
	[[ $output =~ ^80/tcp\ -\>\ [0-9]+$ ]]
	run dhow inspect --format='{{(index (index .NetworkSettings.Ports "80/tcp") 0).HostPort}}' web
	[[ $output =~ ^[0-9]+$ ]]
	run dhow inspect -f '{{json .Config.Labels}} {{.Config.Labels.nope}} {{index .Config.Labels "com.example.tier"}}' web
	[ "$output" = '{"com.example.tier":"front"} <no value> front' ]
	run dhow inspect -s -f '{{.SizeRw}} {{gt .SizeRootFs 1000000}}' old
	[ "$output" = "11 true" ]
	[ -e "$(dhow inspect -f '{{.LogPath}}' web)" ]
	run -1 dhow inspect -f '{{.State.Nope}}' web
	[[ $output == *"no field 'Nope'"*"Running"* ]]
}

@test "logs keep streams apart, have times, ends and beginnings" {
	run --separate-stderr dhow logs web
	[ "$output" = first ]
	[ "$stderr" = oops ]
	run dhow logs --tail 1 web
	[ "${#lines[@]}" -eq 1 ]
	run dhow logs -t web
	[[ ${lines[0]} =~ ^20[0-9-]+T[0-9:]+\.[0-9]{9}Z\ (first|oops)$ ]]
	run dhow logs --since 1h web
	[ "${#lines[@]}" -eq 2 ]
	run dhow logs --until 1h web
	[ -z "$output" ]
	run dhow logs --tail 0 web
	[ -z "$output" ]
	run -1 dhow logs --tail many web
	run -1 dhow logs --since yesterday web
}

@test "logs -f ends with the container, and misses nothing" {
	dhow run -d --name talker --network none busybox \
		sh -c 'i=0; while [ $i -lt 200 ]; do i=$((i+1)); echo $i; done; sleep 0.3; echo last'
	timeout 20 "$DHOW" logs -f talker >"$BATS_TEST_TMPDIR/log"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/log")" -eq 201 ]
	[ "$(sed -n 200p "$BATS_TEST_TMPDIR/log")" = 200 ]
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/log")" = last ]
	dhow rm -f talker
}

@test "logs that are rotated lose nothing that is kept" {
	dhow run --name rotated --network none --log-opt max-size=2k \
		--log-opt max-file=50 busybox \
		sh -c 'i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo line $i; done'
	[ "$(dhow logs rotated | wc -l)" -eq 300 ]
	run dhow logs --tail 45 rotated
	[ "${lines[0]}" = "line 256" ]
	[ "${lines[44]}" = "line 300" ]
	dhow rm rotated
}

@test "a damaged log shows the rest and says so" {
	local log
	dhow run --name torn --network none busybox sh -c 'echo a; echo b'
	log=$(dhow inspect -f '{{.LogPath}}' torn)
	sed -i '1s/.*/{"log":"cut/' "$log"
	run dhow logs torn
	[[ $output == *"the log of 'torn' is damaged: 1 of its records was left out"* ]]
	[[ $output == *b* ]]
	dhow rm torn
}

@test "a full disk costs lines of the log, not the container, and is told" {
	is_root || skip "only root mounts a small file system"
	local dir=$BATS_TEST_TMPDIR/small fails=""
	mkdir "$dir"
	mount -t tmpfs -o size=64k tmpfs "$dir"
	dhow run -d --name wordy --network none --log-opt path="$dir/log" busybox \
		sh -c 'i=0; while [ $i -lt 4000 ]; do i=$((i+1)); echo "line $i"; done
			echo over >/over
			until [ -e /room ]; do sleep 0.05; done
			echo after; exec sleep 1000'
	wait_for 300 dhow exec wordy test -e /over || fails="end"
	mount -o remount,size=1m "$dir"
	dhow exec wordy touch /room
	wait_for 50 grep -q '"after' "$dir/log" || fails="$fails after"
	run -0 dhow logs wordy
	[[ $output == *"line "[0-9]* ]] || fails="$fails lines"
	[[ $output == *"bytes of the log are missing: No space left"* ]] ||
		fails="$fails told"
	dhow rm -f wordy
	umount "$dir"
	[ -z "$fails" ]
}

@test "what is not kept cannot be read" {
	dhow run --name mute --network none --log-driver none busybox echo x
	run -1 dhow logs mute
	[[ $output == *"log driver 'none'"* ]]
	dhow rm mute
}

@test "events tell what happened, filtered and as JSON" {
	local id
	id=$(dhow ps -aq --no-trunc -f name=old)
	run dhow events --since 1h --until 0s --filter container=old \
		--format '{{.Action}}'
	[[ ${lines[*]} == "create "*"start die"* ]]
	run dhow events --since 1h --until 0s --filter event=die --filter container=old
	[[ $output =~ ^20.*\ container\ die\ $id\ \(.*exitCode=3,.*image=busybox,\ name=old\)$ ]]
	run dhow events --since 1h --until 0s -f event=die -f container=old \
		--format '{{.Status}} {{.From}} {{.Actor.Attributes.exitCode}} {{.Type}}'
	[ "$output" = "die busybox 3 container" ]
	dhow events --since 1h --until 0s --format json | python3 -c '
import json, sys
for line in sys.stdin:
    event = json.loads(line)
    assert event["Type"] and event["Actor"]["ID"] and event["timeNano"]
'
	run dhow events --since 1h --until 0s --filter type=volume \
		--filter event=create --format '{{.Actor.ID}}'
	[ "${lines[0]}" = data ]
	run -1 dhow events --filter colour=red --since 1h --until 0s
	run -1 dhow events --format '{{.Nope}}' --since 1h --until 0s
}

# It listens once it has its inotify.
listens() {
	local pid
	for pid in $(pgrep -P "$1"); do
		ls -l "/proc/$pid/fd" 2>/dev/null | grep -q inotify && return
	done
	return 1
}

@test "events are told as they come" {
	timeout 20 "$DHOW" events --filter container=brief --filter event=die \
		--format '{{.Actor.Attributes.exitCode}}' >"$BATS_TEST_TMPDIR/live" &
	local follower=$!
	wait_for 50 listens "$follower"
	dhow run --rm --name brief --network none busybox sh -c 'exit 7' || true
	wait_for 50 grep -q 7 "$BATS_TEST_TMPDIR/live"
	kill $follower
}

@test "top and stats show the processes and what they use" {
	run dhow top web
	[[ ${lines[0]} =~ ^UID\ +PID\ +PPID\ +C\ +STIME\ +TTY\ +TIME\ +CMD$ ]]
	[[ ${lines[1]} =~ ^root\ +[0-9]+\ .*"sh -c echo first" ]]
	run dhow top web pid,user,args
	[[ ${lines[1]} =~ ^1\ +root\ +sh\ -c ]]
	run -1 dhow top old
	[[ $output == *"container 'old' is not running"* ]]
	run dhow stats --no-stream
	[[ ${lines[0]} =~ ^"CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT" ]]
	[[ ${lines[1]} =~ web\ +[0-9.]+%\ +[0-9.]+[KM]iB\ /\ [0-9.]+[MGT]iB ]]
	run dhow stats --no-stream --format '{{.Name}} {{.PIDs}}' web old
	[[ ${lines[0]} =~ ^web\ [1-9] ]]
	[ "${lines[1]}" = "old --" ]
	run -1 dhow stats --no-stream nobody
}

@test "port shows where ports are" {
	run dhow port web
	[[ $output =~ ^80/tcp\ -\>\ 127.0.0.1:[0-9]+$ ]]
	run dhow port web 80
	[[ $output =~ ^127.0.0.1:[0-9]+$ ]]
	run -1 dhow port web 81
	[[ $output == *"no public port '81'"* ]]
	run -1 dhow port web 80/smoke
}

@test "a container whose monitor was killed is told as it is" {
	local monitor
	dhow run -d --name orphan --network none busybox sleep 1000
	monitor=$(dhow inspect -f '{{.State.ConmonPid}}' orphan)
	kill -9 "$monitor"
	wait_for 50 sh -c "! kill -0 $monitor 2>/dev/null"
	run dhow ps -a -f name=orphan --format '{{.State}} {{.Status}}'
	[[ $output =~ ^"exited Exited (137) " ]]
	[ "$(dhow inspect -f '{{.State.Running}}' orphan)" = false ]
	dhow rm orphan
}

@test "a damaged record hides no container, and can be removed" {
	local id
	id=$(dhow create --name damaged busybox true)
	echo '{' >"$STORE/containers/$id/config.json"
	run dhow ps -a --no-trunc --format '{{.ID}} {{.State}}'
	[[ $output == *"$id dead"* ]]
	[[ $output == *running* ]]
	dhow rm -f "$id"
	run dhow ps -aq --no-trunc
	[[ $output != *"$id"* ]]
}

@test "info counts containers" {
	run dhow info --format '{{.ContainersRunning}} {{.ContainersPaused}} {{ge .ContainersStopped 2}}'
	[ "$output" = "1 0 true" ]
}

@test "config.yaml names the storage driver, the flag another" {
	[ -z "${DHOW_TEST_DRIVER:-}" ] || skip "a driver was chosen"
	mkdir -p "$HOME/.config/dhow"
	echo 'storage-driver: copy' >"$HOME/.config/dhow/config.yaml"
	dhow run --name copied --network none busybox true
	[ "$(dhow inspect -f '{{.Driver}}' copied)" = copy ]
	echo 'storage-driver: magic' >"$HOME/.config/dhow/config.yaml"
	run -125 dhow run --rm --network none busybox true
	[[ $output == *"storage driver 'magic' is unknown"* ]]
	dhow --storage-driver copy run --rm --network none busybox true
	rm "$HOME/.config/dhow/config.yaml"
	dhow rm copied
}
