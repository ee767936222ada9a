# SPDX-License-Identifier: Apache-2.0
# Compose, line by line of what is asked of it: names and labels, what waits
# for what, what is made anew, who is shown, and each verb's flags.
bats_require_minimum_version 1.5.0
load lib/common
load lib/registry
load lib/compose

teardown_file() {
	stop_registries
	dhow_teardown_file
}

# A member of a listing's JSON: field EXPRESSION <JSON, with "it" the document.
field() { python3 -c "import json, sys
it = json.load(sys.stdin)
print($1)"; }

label() { dhow inspect -f "{{index .Config.Labels \"com.docker.compose.$2\"}}" "$1"; }
id_of() { dhow inspect -f '{{.Id}}' "$1"; }

# Programs of a script's background ignore SIGINT: one that does not.
interruptible() {
	exec python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' "$@"
}

@test "names, labels, addresses and listings" {
	echo "M=1" >my.env
	write <<-'EOF'
		services:
		  web:
		    image: small
		    command: httpd -f -p 80 -h /etc
		    stop_signal: KILL
		    init: true
		    ports: ["127.0.0.1::80"]
		    depends_on: {db: {condition: service_healthy, restart: true}}
		    volumes: [/anon, "d:/d"]
		    networks: {default: {aliases: [www]}}
		    labels: {own: "1"}
		    deploy: {replicas: 2, restart_policy: {condition: on-failure, max_attempts: 3}}
		  db:
		    image: small
		    command: sleep 60
		    stop_signal: KILL
		    container_name: the-db
		    healthcheck: {test: [CMD, "true"], interval: 100ms}
		    volumes: ["e:/e"]
		volumes: {d: , e: , unused: }
		networks: {unused: }
	EOF
	dhow compose --env-file my.env up -d
	[ "$(states | xargs)" = "proj-web-1 running proj-web-2 running the-db running" ]
	# Labels, of containers, the network and a volume.
	local dir
	dir=$(pwd -P)
	while read -r name want; do
		[ "$(label proj-web-2 "$name")" = "$want" ] || {
			echo "$name is '$(label proj-web-2 "$name")', not '$want'"
			return 1
		}
	done <<-EOF
		project proj
		service web
		container-number 2
		oneoff False
		config-hash $(dhow compose --env-file my.env config --hash web | cut -d' ' -f2)
		image $(dhow inspect -f '{{.Id}}' small)
		depends_on db:service_healthy:true
		project.working_dir $dir
		project.config_files $dir/compose.yaml
		project.environment_file $dir/my.env
		version $(dhow compose version --short)
	EOF
	[ "$(dhow inspect -f '{{.Config.Labels.own}}' proj-web-1)" = 1 ]
	[ "$(dhow network inspect -f '{{index .Labels "com.docker.compose.network"}} {{index .Labels "com.docker.compose.project"}}' proj_default)" = "default proj" ]
	[ "$(dhow volume inspect -f '{{index .Labels "com.docker.compose.volume"}}' proj_d)" = d ]
	[ -z "$(dhow volume ls -q | grep unused; dhow network ls -q -f name=unused)" ]
	[ "$(dhow inspect -f '{{.HostConfig.RestartPolicy.Name}}:{{.HostConfig.RestartPolicy.MaximumRetryCount}}' proj-web-1)" = on-failure:3 ]
	# Every name leads there; a service's to all of its containers.
	for name in web www proj-web-1 "$(dhow inspect -f '{{slice .Id 0 12}}' proj-web-2)"; do
		wait_for 50 dhow compose exec -T db wget -qO /dev/null "http://$name/passwd"
	done
	[ "$(dhow compose exec -T db nslookup -type=a web 2>/dev/null | grep -c 'Address.*172\|Address: 1')" -ge 2 ]
	wait_for 50 sees_nobody web the-db
	# Listings.
	dhow compose ps --format json db | field "' '.join(sorted(it))" >keys
	for key in Command ExitCode Health ID Image Labels Mounts Name Names \
		Networks Ports Project Publishers RunningFor Service State Status; do
		grep -qw "$key" keys
	done
	[ "$(dhow compose ps --format json web | head -1 | field "it['Publishers'][0]['URL'] + ' ' + str(it['Publishers'][0]['TargetPort']) + ' ' + it['Publishers'][0]['Protocol']")" = "127.0.0.1 80 tcp" ]
	[ "$(dhow compose ps -q --status exited | wc -l)" = 0 ]
	[ "$(dhow compose ps --filter status=running --services | xargs)" = "db web" ]
	[ "$(dhow compose ls --format json | field "it[0]['Name'] + it[0]['Status'] + it[0]['ConfigFiles']")" = "projrunning(3)$dir/compose.yaml" ]
	[ -z "$(dhow compose ls -q --filter name=other)" ]
	[ "$(dhow compose images --format json | field "it[0]['ContainerName'] + it[0]['Repository'] + it[0]['Tag']")" = proj-web-1smalllatest ] ||
		[ "$(dhow compose images -q | sort -u | wc -l)" = 1 ]
	[ "$(dhow compose volumes -q | xargs)" = "proj_d proj_e" ]
	[ "$(dhow compose volumes -q db)" = proj_e ]
	[[ $(dhow compose stats --no-stream --format '{{.NetIO}}' web) == *B* ]]
	[[ $(dhow compose port --index 2 web 80) == 127.0.0.1:* ]]
	[[ $(dhow compose port --index 2 web 80) != "$(dhow compose port --index 1 web 80)" ]]
	run -1 dhow compose port --protocol udp web 80
	run -1 dhow compose port --index 3 web 80
	run -1 dhow compose logs --index 3 web
	[[ $output == *"no container with index 3"* ]]
	# What was removed by hand leaves a network, which down finds by name.
	dhow compose rm -sf
	cd /
	[ -z "$(dhow compose -p proj ps -q; dhow compose -p proj logs)" ]
	run -0 dhow compose -p proj down -v
	[[ $output == *"Network proj_default  Removed"*  ]]
	run -0 dhow compose -p proj down
	[[ $output == *"no resource found to remove"* ]]
	cd "$dir"
	dhow compose --compatibility up -d --no-deps --scale web=1 web
	[ "$(states)" = "proj_web_1 running" ]
	[[ $(dhow compose --compatibility run -d --rm web sleep 60) == proj_web_run_* ]]
	[[ $(dhow compose --compatibility ps -a --format '{{.Names}}') == *proj_web_run_* ]]
}

@test "what a service waits for, and what stops it" {
	local name
	local head='services: {a: {image: small, command: sleep 60, stop_signal: KILL, depends_on: {b: {'
	ups() {
		echo "$head$1" >compose.yaml
		dhow compose up -d "${@:2}"
	}
	# Not required: told, and nothing more.
	run -0 ups 'condition: service_completed_successfully, required: false}}}, b: {image: small, command: sh -c "exit 3"}}'
	[[ $output == *'warning: '*'service "b" didn'"'"'t complete successfully: exit 3'* ]]
	[[ $(states) == "proj-a-1 running"* ]]
	dhow compose down
	run -0 ups 'condition: service_healthy, required: false}}}, b: {image: small, profiles: [off]}}'
	dhow compose down
	# One that is off, and needed.
	run -1 ups 'condition: service_healthy}}}, b: {image: small, profiles: [off]}}'
	[ -z "$(states)" ]
	# Never healthy: without a check, ended, or ill; and scaled away.
	run -1 ups 'condition: service_healthy}}}, b: {image: small, command: sleep 60, stop_signal: KILL}}'
	[[ $output == *"proj-b-1 has no healthcheck configured"* ]]
	[[ $(states) == "proj-a-1 created"* ]]
	run -0 ups 'condition: service_healthy}}}, b: {image: small, command: sleep 60, stop_signal: KILL}}' --scale b=0
	[[ $output != *"proj-b-1  Waiting"* ]]
	[ "$(states)" = "proj-a-1 running" ]
	dhow compose down
	run -1 ups 'condition: service_healthy}}}, b: {image: small, command: sh -c "sleep 0.1; exit 2", healthcheck: {test: "true", interval: 10s}}}'
	[[ $output == *"dependency failed to start: container proj-b-1 exited (2)"* ]]
	run -1 ups 'condition: service_healthy}}}, b: {image: small, command: sleep 60, stop_signal: KILL, healthcheck: {test: "false", interval: 50ms, retries: 1}}}'
	[[ $output == *"dependency failed to start: container proj-b-1 is unhealthy"* ]]
	# --no-deps leaves it out; run waits as up does.
	run -0 ups 'condition: service_healthy}}}, b: {image: small}}' --no-deps a
	[[ $output != *proj-b-1* ]]
	echo "${head}condition: service_healthy}}}, b: {image: small, command: sleep 60, stop_signal: KILL}}" >compose.yaml
	run -1 dhow compose run --rm -T a true
	[[ $output == *"has no healthcheck configured"* ]]
}

@test "what is made anew, and what stays" {
	dhow tag small moved
	write <<-'EOF'
		services:
		  a: {image: small, command: sleep 60, stop_signal: KILL, volumes: [/anon], depends_on: [b]}
		  b: {image: moved, command: sleep 60, stop_signal: KILL}
		  c: {image: small, command: sleep 60, stop_signal: KILL, network_mode: "service:b"}
	EOF
	ids() { id_of proj-a-1; id_of proj-b-1; id_of proj-c-1; }
	# kept BEFORE: which of them are as they were.
	kept() { ids | grep -nFf <(echo "$1") | cut -d: -f1 | xargs; }
	local was
	dhow compose up -d
	dhow compose exec -T a touch /anon/mine
	was=$(ids)
	dhow compose up -d --force-recreate a
	[ "$(kept "$was")" = "2 3" ]
	[ "$(label proj-a-1 replace)" = "$(head -1 <<<"$was")" ]
	dhow compose exec -T a test -e /anon/mine
	dhow compose up -d --force-recreate -V a
	dhow compose exec -T a sh -c '! test -e /anon/mine'
	was=$(ids)
	# An image that is another one now; who shares a namespace follows.
	dhow build -q -t moved - <<<$'FROM small\nLABEL newer=1' >/dev/null
	dhow compose up -d --no-recreate
	[ "$(kept "$was")" = "1 2 3" ]
	run -0 dhow compose up -d
	[ "$(kept "$was")" = 1 ]
	was=$(ids)
	dhow compose up -d --always-recreate-deps a
	[ "$(kept "$was")" = "1 3" ] || [ "$(kept "$was")" = 1 ]
	was=$(ids)
	# restart and start do not look at the files.
	sed -i 's/sleep 60/sleep 61/' compose.yaml
	dhow compose restart -t 0
	dhow compose stop -t 0
	dhow compose start
	[ "$(kept "$was")" = "1 2 3" ]
	dhow compose up --no-start a
	[[ $(states) == *"proj-a-1 created"* ]]
	# The highest go first, gaps are filled from above.
	dhow compose up -d --no-deps --scale a=3 a
	dhow rm -f proj-a-2
	dhow compose up -d --no-deps --scale a=3 a
	[[ $(states) == "proj-a-1 running"*"proj-a-3 running"*"proj-a-4 running"* ]]
	dhow compose up -d --no-deps --scale a=1 a
	[[ $(states) == *"proj-a-1 running"* && $(states) != *"proj-a-3"* ]]
	# Orphans: told, left in peace, removed; ended ones of run among them.
	dhow compose run -T --no-deps --name past a true
	echo 'services: {a: {image: small, command: sleep 61, stop_signal: KILL}}' >compose.yaml
	run -0 dhow compose up -d
	[[ $output == *"orphan containers"*past*"--remove-orphans"* ]]
	COMPOSE_IGNORE_ORPHANS=1 run -0 dhow compose up -d
	[[ $output != *orphan* ]]
	COMPOSE_REMOVE_ORPHANS=1 run -0 dhow compose up -d
	[ "$(states)" = "proj-a-1 running" ]
	# One host port for two containers.
	sed -i 's/stop_signal: KILL/stop_signal: KILL, ports: ["127.0.0.1:18765:80"]/' compose.yaml
	run -1 dhow compose up -d --scale a=2
	[[ $output == *18765*"already allocated"* ]]
}

@test "whose output up shows, and how" {
	write <<-'EOF'
		services:
		  a: {image: small, command: sh -c 'echo from-a; sleep 0.2; exit 3', depends_on: [longer]}
		  longer: {image: small, command: sh -c 'echo from-longer; exec sleep 60', stop_signal: KILL}
		  hush: {image: small, command: sh -c 'echo from-hush; exec sleep 60', stop_signal: KILL, attach: false}
	EOF
	run -3 dhow compose up --abort-on-container-exit
	[[ $output == *"Attaching to a-1, longer-1"* ]]
	[[ $output == *"a-1       | from-a"* && $output == *"longer-1  | from-longer"* ]]
	[[ $output != *from-hush* && $output == *"longer-1 exited with code 137"* ]]
	[[ $(states) != *running* ]]
	run -3 dhow compose up --abort-on-container-failure a
	[[ $output == *"Attaching to a-1"* && $output != *from-longer* ]]
	run -3 dhow compose up --exit-code-from a --attach-dependencies a
	[[ $output == *from-longer* ]]
	run -3 dhow compose up --exit-code-from a --attach hush
	[[ $output == *"hush-1  | from-hush"* && $output != *from-a* ]]
	run -137 dhow compose up --exit-code-from longer --no-attach a --timestamps
	[[ $output =~ longer-1\ \ \|\ 20..-..-..T..:..:..\.[0-9]+Z\ from-longer ]]
	[[ $output != *from-a* ]]
	run -3 --separate-stderr dhow compose --ansi always up \
		--exit-code-from a --no-log-prefix
	[[ $output == *$'\nfrom-a'* && $output != *"a-1  |"* ]]
	# Colours in turn, unless they are not wanted.
	run -0 dhow compose --ansi always logs -n 1
	[[ $output == *$'\e[36ma-1       | \e[0mfrom-a'* ]]
	[[ $output == *$'\e[33mhush-1    | \e[0mfrom-hush'* ]]
	[[ $output == *$'\e[32mlonger-1  | \e[0mfrom-longer'* ]]
	run -0 dhow compose --ansi always logs --no-color -n 1 a
	[ "$output" = "a-1  | from-a" ]
	run -0 dhow compose logs -t --no-log-prefix -n 1 a
	[[ $output =~ ^20.*Z\ from-a$ ]]
	[ -z "$(dhow compose logs --until 1h)" ]
	[ "$(dhow compose logs --index 1 --since 1h --tail 1 a)" = "a-1  | from-a" ]
	# What is done: a line each, objects, nothing; also on standard output.
	run -0 --separate-stderr dhow compose up -d --force-recreate hush
	[ -z "$output" ]
	[[ $stderr == *" Container proj-hush-1  Recreated"*" Container proj-hush-1  Started"* ]]
	run -0 dhow compose --progress quiet up -d --force-recreate hush
	[ -z "$output" ]
	run -0 dhow compose --progress json up -d --force-recreate hush
	[[ $output == *'{"id":"Container proj-hush-1","status":"Done","text":"Started"}'* ]]
	run -0 dhow compose --progress tty up -d --force-recreate hush
	[[ $output == *"[+] Running "*"✔ Container proj-hush-1"* ]]
	COMPOSE_STATUS_STDOUT=1 run -0 --separate-stderr \
		dhow compose up -d --force-recreate hush
	[[ -z $stderr && $output == *"proj-hush-1  Started"* ]]
}

@test "the second Ctrl-C kills; logs -f shows who comes later" {
	write <<-'EOF'
		services:
		  a:
		    image: small
		    command: sh -c 'trap "echo asked" TERM; echo up; while :; do sleep 0.1; done'
	EOF
	interruptible "$DHOW" compose up >log 2>&1 &
	local pid=$! status=0
	wait_for 100 grep -q 'a-1  | up' log
	kill -INT "$pid"
	wait_for 100 grep -q 'a-1  | asked' log
	grep -q 'press Ctrl+C again to force' log
	kill -INT "$pid"
	wait "$pid" || status=$?
	[ "$status" = 130 ]
	grep -q 'a-1 exited with code 137' log
	[ "$(states)" = "proj-a-1 exited" ]
	dhow compose up -d
	"$DHOW" compose logs -f >log 2>&1 &
	pid=$!
	wait_for 100 grep -q 'a-1  | up' log
	dhow compose up -d --scale a=2
	wait_for 100 grep -q 'a-2  | up' log
	dhow compose kill
	wait "$pid"
	[ "$(grep -c 'exited with code 137' log)" = 2 ]
}

@test "run, exec and cp with their flags" {
	# With one id a container has one user.
	local who=app uid=1000
	[ "$(id_mode)" != single ] || who=root uid=0
	write <<-EOF
		services:
		  a: {image: small, command: sleep 60, stop_signal: KILL, init: true, environment: {X: file, Y: file}, working_dir: /etc, user: $who, mem_limit: 64m, volumes: ["d:/d"]}
		volumes: {d: }
	EOF
	printf 'X=from-file\nQ="q$Y"\n' >vars
	Y=y run -0 --separate-stderr dhow compose run -q --rm -T \
		--env-from-file vars -e Z=z a sh -c 'echo $X $Y $Q $Z; id -u; pwd'
	[ "$output" = "from-file file qy z
$uid
/etc" ]
	[[ $stderr != *Container* && $stderr != *Network* ]]
	Z=host run -0 --separate-stderr dhow compose run --rm -T -u root -w / -e Z \
		-v ./vars:/vars -v d:/more --cap-drop ALL --cap-add CHOWN -l k=v \
		a sh -c 'id -u; pwd; cat /vars; ls -d /more; echo $Z; grep CapEff /proc/self/status'
	[[ $output == *"CapEff:"*0000000000000001 ]]
	[ "$(head -n 6 <<<"$output" )" = "$(printf '%s\n' 0 / X=from-file 'Q="q$Y"' /more host)" ]
	[ "$(echo typed | dhow compose run -q --rm -T a cat)" = typed ]
	run -127 dhow compose run --rm -T a no-such-program
	dhow compose run -d --rm --name det -p 127.0.0.1::99 -l k=v a sleep 60
	[ "$(dhow inspect -f '{{.HostConfig.AutoRemove}} {{.Config.Labels.k}}' det)" = "true v" ]
	[[ $(dhow port det) == "99/tcp -> 127.0.0.1:"* ]]
	dhow rm -f det
	# A warning names the service, once for all its containers.
	run -0 dhow compose up -d --scale a=2
	[ "$(grep -c 'warning: .*--memory' <<<"$output")" = "$(grep -c 'warning: service a: --memory' <<<"$output")" ]
	[ "$(grep -c 'warning: .*--memory' <<<"$output")" -le 1 ]
	# exec
	Z=host run -0 dhow compose exec -T -u root -w /tmp -e X=exec -e Z a \
		sh -c 'echo $X $Y $Z; id -u; pwd'
	[ "$(xargs <<<"$output")" = "exec file host 0 /tmp" ]
	dhow compose exec -d -u root a touch /tmp/there
	wait_for 50 dhow compose exec -T a test -e /tmp/there
	run -1 dhow compose exec -T --index 2 a test -e /tmp/there
	run -1 dhow compose exec -T --index 3 a true
	[ "$(echo in | dhow compose exec a cat)" = in ]
	run -127 dhow compose exec -T a no-such-program
	run -1 dhow compose exec -T nope true
	[[ $output == *"no such service: nope"* ]]
	# cp: into all replicas or one, out of the first; archives; ended ones.
	echo all >f
	dhow compose cp f a:/d/
	dhow compose cp f a:/tmp/f
	echo two >f
	dhow compose cp --index 2 f a:/tmp/f
	[ "$(dhow compose exec -T --index 1 a cat /tmp/f; dhow compose exec -T --index 2 a cat /tmp/f)" = "all
two" ]
	[ "$(dhow compose cp a:/tmp/f - | tar -tf -)" = f ]
	tar -cf - f | dhow compose cp - a:/tmp/
	ln -s f link
	dhow compose cp -L link a:/tmp/link
	dhow compose stop -t 0
	dhow compose cp a:/tmp/link back
	cmp f back
	dhow compose cp a:/tmp/f back
	cmp f back
	run -1 dhow compose cp a:/tmp/none .
	run -1 dhow compose cp f back
	# Verbs that ask, wait and come down.
	[[ $(dhow compose rm </dev/null 2>&1) == *"Going to remove proj-a-1, proj-a-2"* || $(states) == *proj-a-1* ]]
	echo y | dhow compose rm a
	[ -z "$(states)" ]
	run -0 dhow compose rm -f
	[[ $output == *"No stopped containers"* ]]
	run -1 dhow compose start a
	[[ $output == *'service "a" has no container to start'* ]]
	dhow compose up -d
	[[ $(dhow compose rm -f 2>&1) == *"No stopped containers"* ]]
	"$DHOW" compose wait --down-project a >waited 2>&1 &
	local pid=$! status=0
	dhow compose kill -s KILL a
	wait "$pid" || status=$?
	[ "$status" = 137 ]
	[ -z "$(states)" ]
}

@test "watch: restart, exec, rebuild, what was there, and --watch of up" {
	mkdir src conf ex ctx
	echo first >src/init
	ln -s init src/link
	echo 1 >conf/f
	echo 1 >ex/f
	echo one >ctx/file
	printf 'FROM small\nCOPY file /file\nCMD ["sh", "-c", "cat /file; exec sleep 60"]\n' >ctx/Dockerfile
	write <<-'EOF'
		services:
		  a:
		    image: small
		    command: sh -c 'echo began; exec sleep 60'
		    stop_signal: KILL
		    develop:
		      watch:
		        - {action: sync, path: src, target: /src, initial_sync: true}
		        - {action: sync+restart, path: conf, target: /conf}
		        - {action: sync+exec, path: ex, target: /ex, exec: {command: [sh, -c, 'echo ran >>/ran']}}
		  b:
		    build: ctx
		    stop_signal: KILL
		    develop: {watch: [{action: rebuild, path: ctx}]}
	EOF
	"$DHOW" compose watch --quiet >log 2>&1 &
	local pid=$! old
	wait_for 100 grep -q 'Watch enabled' log
	old=$(dhow inspect -f '{{.Image}}' proj-b-1)
	wait_for 100 dhow compose exec -T a test -e /src/link
	[ "$(dhow compose exec -T a ls -l /src/link | grep -c -- '-> init')" = 1 ]
	echo second >src/init
	rm src/link && ln -s other src/link
	wait_for 100 dhow compose exec -T a sh -c 'ls -l /src/link | grep -- "-> other"'
	wait_for 100 dhow compose exec -T a sh -c 'grep second /src/init'
	echo 2 >ex/f
	wait_for 100 dhow compose exec -T a sh -c 'grep 2 /ex/f && grep ran /ran'
	echo 2 >conf/f
	wait_for 100 grep -q 'service(s) \["a"\] restarted' log
	[ "$(dhow compose exec -T a cat /conf/f)" = 2 ]
	[ "$(dhow compose logs --no-log-prefix a | grep -c began)" = 2 ]
	echo two >ctx/file
	echo no >ctx/.file.swp
	wait_for 200 sh -c "dhow() { '$DHOW' \"\$@\"; }; dhow compose logs b | grep -q two"
	grep -q 'service(s) \["b"\] successfully built' log
	# What the name was taken from is gone.
	pruned() { ! dhow image inspect "$old" >/dev/null 2>&1; }
	wait_for 100 pruned
	kill -TERM "$pid"
	wait "$pid" || true
	# In the foreground, the output of what replaces it is shown too.
	interruptible "$DHOW" compose up --watch b >log 2>&1 &
	pid=$!
	wait_for 100 grep -q 'Watch enabled' log
	echo three >ctx/file
	wait_for 200 grep -q 'b-1  | three' log
	kill -INT "$pid"
	wait "$pid" || true
	[[ $(states) == *"proj-b-1 exited"* ]]
	run -1 dhow compose watch --no-up nope
	echo 'services: {a: {image: small}}' >compose.yaml
	run -1 dhow compose watch --no-up
	[[ $output == *"none of the selected services is configured for watch"* ]]
	dhow compose down --rmi local
}

@test "images: built, pushed, pulled, by policy" {
	start_registry
	push_image "docker-archive:$(dhow save -o "$BATS_TEST_TMPDIR/s.tar" small; echo "$BATS_TEST_TMPDIR/s.tar")" base:1
	printf 'FROM small\nARG V=none\nRUN echo $V >/v\nCMD ["cat", "/v"]\n' >Dockerfile
	write <<-EOF
		services:
		  own: {build: .}
		  named: {build: {context: ., args: {V: file}, tags: ["$REGISTRY/named:also"]}, image: "$REGISTRY/named:1"}
		  there: {image: "$REGISTRY/base:1", command: "true"}
		  never: {image: "$REGISTRY/none:1", pull_policy: never, profiles: [x]}
		  dep: {image: small, depends_on: [own], profiles: [y]}
	EOF
	run -0 dhow compose build
	[ "$(dhow inspect -f '{{index .Config.Labels "com.docker.compose.service"}} {{index .Config.Labels "com.docker.compose.project"}}' proj-own)" = "own proj" ]
	[ "$(dhow run --rm proj-own; dhow run --rm "$REGISTRY/named:also")" = "none
file" ]
	dhow compose build --build-arg V=flag --quiet own named
	[ "$(dhow run --rm proj-own; dhow run --rm "$REGISTRY/named:1")" = "flag
flag" ]
	run -0 dhow compose --profile y build --with-dependencies --no-cache --progress plain dep
	[[ $output == *"RUN echo"*"DONE"* ]]
	dhow compose build --check own
	run -0 dhow compose push
	[[ $output == *"Image $REGISTRY/named:1  Pushed"* && $output != *proj-own* ]]
	dhow rmi "$REGISTRY/named:1" "$REGISTRY/named:also"
	run -0 dhow compose pull
	[[ $output == *"$REGISTRY/base:1  Pulled"*  && $output == *"$REGISTRY/named:1  Pulled"* ]]
	run -0 dhow compose pull --ignore-buildable --policy missing
	[[ $output != *Pulled* ]]
	run -1 dhow compose --profile x up -d never
	[[ $output == *none:1* ]]
	[ -z "$(states)" ]
	dhow rmi "$REGISTRY/base:1"
	run -1 dhow compose up -d --pull never there
	run -0 dhow compose up -d --quiet-pull there
	[[ $output != *Pulling* ]]
	# No build where none may be; what fails stops all.
	dhow rmi proj-own
	run -1 dhow compose up -d --no-build own
	run -0 dhow compose up --quiet-build own
	[[ $output == *"own-1  | none"* ]]
	echo 'RUN exit 4' >>Dockerfile
	run -1 dhow compose up -d --build own
	[[ $output == *"Dockerfile:5"*"exit code: 4"* ]]
	run -1 dhow compose pull never --policy always
	run -0 dhow compose --profile x pull --ignore-pull-failures never
	dhow compose --profile '*' down --rmi all
	run -1 dhow compose publish proj/app
	[[ $output == *"no Compose file is fetched from a registry"* ]]
	run -1 dhow compose up --menu
	[[ $output == *"--menu: type commands in another terminal"* ]]
}
