# SPDX-License-Identifier: Apache-2.0
# What podman adds to docker's verbs, and verbs of several containers.
bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox >/dev/null
}

teardown() { dhow rm -fav >/dev/null; }

@test "logs of several containers come as one, in the order of time" {
	dhow run --name one busybox echo one-1
	dhow run --name two busybox sh -c 'echo two-1; printf two-2; echo E >&2'
	dhow start -a one
	run -0 --separate-stderr dhow logs one two
	[ "$output" = "$(printf '%.12s one-1\n%.12s two-1\n%.12s two-2\n%.12s one-1' \
		"$(dhow inspect -f '{{.Id}}' one)" \
		"$(dhow inspect -f '{{.Id}}' two)" \
		"$(dhow inspect -f '{{.Id}}' two)" \
		"$(dhow inspect -f '{{.Id}}' one)")" ]
	run -0 --separate-stderr dhow logs --names -f two one
	[ "${lines[0]}" = "one one-1" ]
	[ "${lines[2]}" = "two two-2" ]
	[ "${lines[3]}" = "one one-1" ]
	[ "$stderr" = "two E" ]
	dhow logs --names --color one two | grep -q $'^\e\[3.mone\e\[0m one-1$'
	[ "$(dhow logs --names one)" = $'one one-1\none one-1' ]
	[ "$(dhow logs --latest 2>/dev/null)" = $'two-1\ntwo-2' ]
	run -1 dhow logs
	[[ "$output" == *"takes at least 1 argument"* ]]
}

@test "--latest and --cidfile name a container" {
	dhow run -d --name older busybox sleep 1000
	dhow run -d --name newer --cidfile "$BATS_TEST_TMPDIR/cid" \
		-p 127.0.0.1::80 busybox sleep 1000
	[ "$(dhow exec -l hostname)" = "$(dhow exec newer hostname)" ]
	[ "$(dhow exec --cidfile "$BATS_TEST_TMPDIR/cid" echo hi)" = hi ]
	[ "$(dhow inspect -l -f '{{.Name}}')" = /newer ]
	[ "$(dhow container inspect -l -f '{{.Name}}')" = /newer ]
	[ "$(dhow top -l user,args | tail -1 | tr -s ' ')" = "root sleep 1000" ]
	[ "$(dhow port -l)" = "$(dhow port newer)" ]
	[ "$(dhow port -l 80)" = "$(dhow port newer 80)" ]
	[ "$(dhow port --all)" = "$(printf '%.12s\t%s' \
		"$(cat "$BATS_TEST_TMPDIR/cid")" "$(dhow port newer)")" ]
	dhow exec newer touch /new
	[ "$(dhow diff -l)" = "A /new" ]
	[ "$(dhow diff --format json newer)" = '{"Path":"/new","Type":"A"}' ]
	[ "$(dhow stats -l --no-stream --format '{{.Name}}')" = newer ]
	# by the port inside, as docker's manual has it, and by the host's
	host=$(dhow port newer 80) host=${host##*:}
	[ "$(dhow ps -f publish="$host" --format '{{.Names}}')" = newer ]
	[ "$(dhow ps -f publish=80/tcp --format '{{.Names}}')" = newer ]
	[ -z "$(dhow ps -q -f publish="$host"/udp)" ]
	run -1 dhow exec -l
	run -1 dhow exec older
	[[ "$output" == "Error: no command is given"* ]]
	run -1 dhow inspect -l older
}

@test "ps --watch lists again and again" {
	"$DHOW" ps -aq --watch 1 >"$BATS_TEST_TMPDIR/out" 3>&- &
	sees() { grep -q "$1" "$BATS_TEST_TMPDIR/out"; }
	id=$(dhow create busybox true)
	wait_for 100 sees "${id:0:12}"
	kill $!
	wait $! || true
}

@test "healthcheck run asks at once, and the answer counts" {
	dhow run -d --name asked --health-cmd 'test -e /ok || { echo no; false; }' \
		--health-interval 1h --health-retries 1 busybox sleep 1000
	run -1 dhow healthcheck run asked
	[ "$output" = unhealthy ]
	[ "$(dhow inspect -f '{{.State.Health.Status}}' asked)" = unhealthy ]
	dhow exec asked touch /ok
	run -0 dhow healthcheck run asked
	[ -z "$output" ]
	[ "$(dhow inspect -f '{{.State.Health.Status}} {{range .State.Health.Log}}{{.ExitCode}}{{end}}' asked)" \
		= "healthy 10" ]
	dhow pause asked
	run -125 dhow healthcheck run asked
	[[ "$output" == *"the container is paused" ]]
	dhow kill asked
	run -125 dhow healthcheck run asked
	[[ "$output" == *"is not running"* ]]
	dhow run -d --name unasked busybox sleep 1000
	run -125 dhow healthcheck run unasked
	[[ "$output" == *"it has no health check"* ]]
	run -125 dhow healthcheck run nosuch
}

@test "rm -f is told as docker tells it: killed, dead, destroyed" {
	id=$(dhow run -d --name gone busybox sleep 1000)
	dhow rm -f gone
	[ "$(dhow events --since 1m --until 0s -f container="$id" \
		--format '{{.Action}}' | tail -3 | xargs)" = "kill die destroy" ]
}

@test "events: networks and volumes come and go with the container" {
	id=$(dhow run -d --name eventful -v told:/told:ro busybox sleep 1000)
	dhow stop -t 0 eventful
	run -0 dhow events --since 1m --until 0s -f type=container \
		-f type=network -f type=volume --format \
		'{{.Type}} {{.Action}} {{.Actor.ID}} {{.Actor.Attributes.container}}'
	output=$(grep "$id" <<<"$output" | cut -d ' ' -f 1,2)
	[ "$(grep -v kill <<<"$output" | xargs -d '\n' printf '%s,')" = \
		"container create,network connect,volume mount,container start,container die,network disconnect,volume unmount,container stop," ]
	run -0 dhow events --since 1m --until 0s -f type=network -f event=connect
	[[ ${lines[-1]} =~ ^[0-9TZ:.-]+\ network\ connect\ [0-9a-f]{64}\ \(container=$id,\ name=bridge,\ type=bridge\)$ ]]
	run -0 dhow events --since 1m --until 0s -f event=mount -f volume=told \
		--format '{{json .Actor.Attributes}}'
	[ "$output" = "{\"container\":\"$id\",\"destination\":\"/told\",\"driver\":\"local\",\"propagation\":\"\",\"read/write\":\"false\"}" ]
	[ "$(dhow events --since 1m --until 0s -f event=die -f container="$id" \
		--format '{{.Actor.Attributes.exitCode}} {{.Actor.Attributes.execDuration}}')" \
		= "137 0" ]
}

@test "events: who attaches and detaches, and what was pruned" {
	local actions id
	actions() {
		dhow events --since 1m --until 0s -f container="$id" \
			--format '{{.Action}}' | paste -sd' '
	}
	dhow run --name fore busybox true
	id=$(dhow inspect --format '{{.Id}}' fore)
	[ "$(actions)" = "create attach start die" ]
	dhow start -a fore
	[ "$(actions)" = "create attach start die attach start die" ]
	dhow rm fore
	id=$(dhow run -dit --name back busybox sh)
	dhow_words
	pty 'send:^M' 'expect:/ #' 'send:^P^Q' exit:0 -- \
		"${DHOW_WORDS[@]}" attach back
	pty 'expect:/ #' 'send:^P^Q' exit:0 -- \
		"${DHOW_WORDS[@]}" exec -it back sh
	[[ "$(actions)" == "create start attach detach exec_create: sh exec_start: sh exec_detach"* ]]
	dhow rm -f back
	dhow system prune -f --volumes
	run -0 dhow events --since 1m --until 0s -f event=prune \
		--format '{{.Type}} {{.Actor.Attributes.reclaimed}}'
	[ "$(sort <<<"$output" | cut -d ' ' -f 1 | paste -sd ' ')" = \
		"builder container image network volume" ]
}

@test "create has what a start has not" {
	[ -z "$(dhow create --help | grep -e --detach)" ]
	run -125 dhow create -d busybox true
	[[ "$output" == *"create does not start the container"* ]]
	# docker's statuses: what is wrong with a flag, what is with the rest
	dhow create --name taken busybox true
	run -1 dhow create --name taken busybox true
	[[ "$output" == *"'taken' is in use by"* ]]
	run -125 dhow run --name taken busybox true
	run -125 dhow create -v a:b:c:d busybox true
	run -1 dhow create --pull never nosuch
}

@test "--init: process 1 says what it is, and nothing of how dhow was called" {
	dhow run -d --init --name inited -e HIDDEN=1 busybox sh -c 'sleep 1000; :'
	[ "$(dhow exec inited cat /proc/1/comm)" = dhow-init ]
	run -0 dhow exec inited sh -c 'tr "\0" " " </proc/1/cmdline'
	[[ "$output" == "dhow-init -- sh -c sleep 1000; : "* ]]
	[[ "$(dhow top inited user,args)" == *"dhow-init -- sh -c sleep 1000; :"$'\n'* ]]
	[ "$(dhow stats --no-stream --format '{{.PIDs}}' inited)" -ge 2 ]
}

@test "system reset leaves nothing but the configuration" {
	HOME=$BATS_TEST_TMPDIR/reset
	mkdir -p "$HOME/.config/dhow"
	echo 'host-loopback: true' >"$HOME/.config/dhow/config.yaml"
	use_busybox >/dev/null
	dhow run -d --name up -v kept:/k busybox sh -c 'chown 5 /k; sleep 1000'
	echo x | dhow secret create gone -
	dhow network create netless >/dev/null
	dhow system reset <<<n
	dhow container exists up
	dhow system reset -f
	[ -z "$(dhow ps -aq)$(dhow images -q)$(dhow volume ls -q)$(dhow secret ls -q)" ]
	run -1 dhow network exists netless
	[ "$(find "$HOME/.local/share/dhow" -mindepth 1 -type d | wc -l)" = 0 ]
	[ -e "$HOME/.config/dhow/config.yaml" ]
	use_busybox >/dev/null
	dhow run --rm busybox true
	dhow system reset -f
}
