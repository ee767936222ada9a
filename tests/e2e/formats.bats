# SPDX-License-Identifier: Apache-2.0
# The --format examples of docker's manual, each with what docker prints; and
# what is wrong with a template is told with its place.
bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox >/dev/null
	dhow tag busybox \
		registry.example.com:5000/tools/web:1.0
	dhow volume create --label colour=blue tyler >/dev/null
	ID=$(dhow run -d --name Web_app -p 127.0.0.1::8787 -l color=blue -l "swarm.node=a b" \
		-v tyler:/data:ro -v /etc:/host-etc --hostname webhost busybox \
		sh -c 'exec sleep 1000' one two)
	dhow run --name done --network none -l color=red busybox sh -c 'exit 3' || true
	export ID SHORT=${ID:0:12} KEEPS_CONTAINERS=1
}

teardown_file() {
	dhow rm -fav >/dev/null 2>&1
	unset KEEPS_CONTAINERS
	dhow_teardown_file
}

# same WANTED COMMAND...: its whole output.
same() {
	local want=$1
	shift
	run -0 dhow "$@"
	[ "$output" = "$want" ] || {
		printf 'dhow %s\nwant: %s\n got: %s\n' "$*" "$want" "$output"
		return 1
	}
}

I() { same "$1" inspect --format "$2" Web_app; }

@test "docker ps" {
	same "$SHORT: \"sh -c 'exec sleep 1…\"" ps --format '{{.ID}}: {{.Command}}'
	same "$ID: \"sh -c 'exec sleep 1000' one two\"" ps --no-trunc \
		--format '{{.ID}}: {{.Command}}'
	same $'CONTAINER ID   LABELS\n'"$SHORT   color=blue,swarm.node=a b" \
		ps --format 'table {{.ID}}\t{{.Labels}}'
	same blue ps --format '{{.Label "color"}}'
	same "a b" ps --format '{{.Label "swarm.node"}}'
	same $'done\nWeb_app' ps -a --format '{{.Names}}'
	same "$SHORT" ps -q
	same "$ID" ps -q --no-trunc
	same "$SHORT" ps --quiet --filter label=color=blue
	same "done Exited" ps -a --filter exited=3 \
		--format '{{.Names}} {{slice .Status 0 6}}'
	same $'NAMES     STATE\ndone      exited\nWeb_app   running' \
		ps -a --format $'table {{.Names}}\t{{.State}}'
	port=$(dhow port Web_app 8787)
	same "Web_app $port->8787/tcp" ps --format '{{.Names}} {{.Ports}}'
	same "tyler,/etc 1 bridge" ps --format '{{.Mounts}} {{.LocalVolumes}} {{.Networks}}'
	dhow ps --format json | python3 -c '
import json, sys
row = json.loads(sys.stdin.read())
assert all(isinstance(v, str) for v in row.values()), row
assert list(row) == sorted(row), list(row)
assert set(row) >= set("ID Image Command CreatedAt RunningFor Ports State "
    "Status Size Names Labels Mounts LocalVolumes Networks".split())'
	run -0 dhow ps --format '{{json .}}'
	[ "$output" = "$(dhow ps --format json)" ]
}

@test "docker inspect" {
	I /Web_app '{{.Name}}'
	I busybox '{{.Config.Image}}'
	I "$(dhow inspect -f '{{.NetworkSettings.IPAddress}}' Web_app)" \
		'{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
	[[ $output =~ ^172\. ]]
	I "$(dhow exec Web_app cat /sys/class/net/eth0/address)" \
		'{{range .NetworkSettings.Networks}}{{.MacAddress}}{{end}}'
	I "$STORE/containers/$ID/json.log" '{{.LogPath}}'
	port=$(dhow port Web_app 8787) port=${port##*:}
	I " 8787/tcp -> $port " \
		'{{range $p, $conf := .NetworkSettings.Ports}} {{$p}} -> {{(index $conf 0).HostPort}} {{end}}'
	I "$port" '{{(index (index .NetworkSettings.Ports "8787/tcp") 0).HostPort}}'
	I "-c , exec sleep 1000 , one , two" '{{join .Args " , "}}'
	I '["-c","exec sleep 1000","one","two"]' '{{json .Args}}'
	I /web_app '{{lower .Name}}'
	I /WEB_APP '{{upper .Name}}'
	I "$(dhow image inspect -f '{{.Id}}' busybox)" '{{.Image}}'
	I '[sha256 x]' '{{split "sha256:x" ":"}}'
	I "sh 4" '{{.Path}} {{len .Args}}'
	I "running:true" '{{.State.Status}}:{{.State.Running}}'
	I yes '{{if .State.Running}}yes{{else}}no{{end}}'
	I "blue/a b/<no value>" '{{.Config.Labels.color}}/{{index .Config.Labels "swarm.node"}}/{{.Config.Labels.none}}'
	I "color=blue;swarm.node=a b;" \
		'{{range $k, $v := .Config.Labels}}{{$k}}={{$v}};{{end}}'
	I "/data:tyler:false /host-etc::true " \
		'{{range .Mounts}}{{.Destination}}:{{.Name}}:{{.RW}} {{end}}'
	I "127.0.0.1" '{{range (index .NetworkSettings.Ports "8787/tcp")}}{{println .HostIp}}{{end}}'
	# docker leaves these out where there are none; Go has them all the same
	I none '{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}'
	I "[] map[] <nil> false" '[{{.Config.StopSignal}}] {{.HostConfig.Tmpfs}} {{.HostConfig.Init}} {{.Config.NetworkDisabled}}'
	I "webhost" '{{with .Config}}{{.Hostname}}{{end}}'
	I "a b" '{{- index .Config.Labels "swarm.node" -}}'
	I "no 0 json-file" '{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.RestartPolicy.MaximumRetryCount}} {{.HostConfig.LogConfig.Type}}'
	I '["tyler:/data:ro","/etc:/host-etc"]' '{{json .HostConfig.Binds}}'
	I "0001-01-01T00:00:00Z" '{{.State.FinishedAt}}'
	I true '{{and (gt .State.Pid 0) (eq .State.ExitCode 0) (ne .Driver "")}}'
	I '&lt;b&gt; %2Fx "q"' '{{html "<b>"}} {{urlquery "/x"}} {{printf "%q" "q"}}'
	same $'/Web_app\n/done' inspect -f '{{.Name}}' Web_app done
	run -1 dhow inspect -f '{{.Name}}' nosuch Web_app
	[[ "$output" == *"no such object: 'nosuch'"*/Web_app ]]
	run -1 dhow inspect nosuch
	[ "${lines[-1]}" = "[]" ]
	# four blanks a level, and docker's order
	run -0 dhow inspect Web_app
	[ "${lines[0]}|${lines[1]}" = "[|    {" ]
	[[ "${lines[2]}" = '        "Id": "'$ID'",' ]]
	[[ "${lines[3]}" = '        "Created": "'* ]]
}

@test "docker images, history, volume, network, stats, events, version" {
	local image
	image=$(dhow images -q busybox)
	same "$image: busybox" images --format '{{.ID}}: {{.Repository}}' busybox
	same $'IMAGE ID       REPOSITORY   TAG\n'"$image   busybox      latest" \
		images --format 'table {{.ID}}\t{{.Repository}}\t{{.Tag}}' busybox
	same "registry.example.com:5000/tools/web:1.0" images \
		--format '{{.Repository}}:{{.Tag}}' registry.example.com:5000/tools/web
	[[ $(dhow images --no-trunc -q busybox) =~ ^sha256:[0-9a-f]{64}$ ]]
	same "$image: N/A" history --format '{{.ID}}: {{.CreatedSince}}' busybox ||
		[[ "$output" =~ ^$image:\ .*\ ago$ ]]
	same "tyler: local" volume ls --format '{{.Name}}: {{.Driver}}'
	same blue volume ls --format '{{.Label "colour"}}'
	same $'bridge: bridge\nhost: host\nnone: null' network ls \
		--format '{{.Name}}: {{.Driver}}'
	same "Web_app $SHORT" stats --no-stream --format '{{.Name}} {{.ID}}'
	run -0 dhow stats --no-stream --format 'table {{.Container}}\t{{.CPUPerc}}\t{{.MemUsage}}'
	[[ "${lines[0]}" =~ ^CONTAINER\ +CPU\ %\ +MEM\ USAGE\ /\ LIMIT$ ]]
	[[ "${lines[1]}" =~ ^$SHORT\ +[0-9.]+%\ +[0-9.]+[KM]iB\ /\ [0-9.]+GiB$ ]]
	run -0 dhow events --since 1h --until 0s -f container=done -f type=container \
		--format 'Type={{.Type}}  Status={{.Status}}  ID={{slice .ID 0 0}}'
	[ "${lines[0]}" = "Type=container  Status=create  ID=" ]
	[ "$(dhow version --format '{{.Server.Os}}/{{.Client.Os}}')" = linux/linux ]
	[ "$(dhow info --format '{{.OSType}} {{.ContainersRunning}} {{.ContainersStopped}}')" \
		= "linux 1 1" ]
	same $'Images: 1\nContainers: 2\nLocal Volumes: 1\nBuild Cache: 0' \
		system df --format '{{.Type}}: {{.TotalCount}}'
}

@test "a bad template says where, and what there is" {
	run -1 dhow ps --format '{{.ID}} {{.Nope}}'
	[[ "$output" == "Error: template parsing error: template:1:"*": at <.Nope>: there is no field 'Nope'"* ]]
	[[ "$output" == *"fields: Command CreatedAt "*" Status" ]]
	run -1 dhow inspect -f '{{.State.Nope}}' Web_app
	[[ "$output" == *"template:1:"*": at <.State.Nope>: there is no field 'Nope'"* ]]
	[[ "$output" == *"fields: Status Running "* ]]
	run -1 dhow ps --format '{{.ID'
	[[ "$output" == *"template:1:"*": unclosed action"* ]]
	run -1 dhow ps --format '{{if .ID}}x'
	[[ "$output" == *"template:1:12: unexpected end, expected '{{end}}'"* ]]
	run -1 dhow ps --format '{{nosuch .ID}}'
	[[ "$output" == *"nosuch"* ]]
	run -1 dhow inspect -f '{{index .Args 9}}' Web_app
	[[ "$output" == *"template:1:"* ]]
}

@test "names: unknown, ambiguous, taken" {
	run -1 dhow stop Web_ap
	[[ "$output" == "Error: no such container: 'Web_ap'"*"did you mean 'Web_app'?"* ]]
	run -1 dhow kill -s NOSUCH Web_app
	[[ "$output" == *"invalid signal 'NOSUCH'"* ]]
	run -1 dhow kill -s 65 Web_app
	run -1 dhow kill -s 0 Web_app
	run -1 dhow exec done true
	[[ "$output" == "Error: container 'done' is not running: exited"* ]]
	run -125 dhow run --name done busybox true
	[[ "$output" == *"the container name 'done' is in use by "* ]]
	run -1 dhow rename Web_app done
	[[ "$output" == *"'done' is in use by"* ]]
	# The start of two ids: of sixteen and one more, two begin alike.
	local i made first
	for i in {1..17}; do made+=($(dhow create busybox true)); done
	first=$(printf '%.1s\n' "${made[@]}" "$ID" | sort | uniq -d | head -1)
	run -1 dhow inspect --type container "$first"
	[[ "$output" == *"'$first' is the start of "*" ids: $first"* ]]
	dhow rm "${made[@]}" >/dev/null
}
