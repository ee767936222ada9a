# SPDX-License-Identifier: Apache-2.0
# Projects: what compose does to containers, networks and volumes.
bats_require_minimum_version 1.5.0
load lib/common
load lib/compose

two_services() {
	write <<-'EOF'
		services:
		  web:
		    image: small
		    command: sh -c 'echo web; exec httpd -f -p 80 -h /etc'
		    depends_on: {db: {condition: service_healthy}}
		    stop_signal: KILL
		  db:
		    image: small
		    command: sh -c 'sleep 0.3; touch /tmp/up; exec sleep 60'
		    healthcheck: {test: test -e /tmp/up, interval: 100ms, retries: 100}
		    volumes: [data:/data]
		    stop_signal: KILL
		volumes: {data: }
	EOF
}

@test "up waits for health, down leaves nothing" {
	two_services
	dhow compose up -d
	[ "$(states)" = "proj-db-1 running
proj-web-1 running" ]
	[ "$(dhow inspect -f '{{.State.Health.Status}}' proj-db-1)" = healthy ]
	dhow compose exec -T web wget -qO- http://web/passwd | grep -q root
	dhow compose down
	[ -z "$(states)" ]
	dhow volume ls -q | grep -qx proj_data
	dhow compose down -v
	[ -z "$(dhow volume ls -q | grep proj_data)" ]
	[ -z "$(dhow network ls --format '{{.Name}}' | grep proj_default)" ]
}

@test "what did not change stays, what did is replaced" {
	two_services
	dhow compose up -d
	local web db
	web=$(dhow compose ps -q web) db=$(dhow compose ps -q db)
	dhow compose up -d
	[ "$web" = "$(dhow compose ps -q web)" ]
	sed -i 's/echo web/echo new/' compose.yaml
	run -0 dhow compose --dry-run up -d
	[[ $output == *"proj-web-1  Recreated (its configuration changed)"* ]]
	[ "$web" = "$(dhow compose ps -q web)" ]
	dhow compose up -d
	[ "$web" != "$(dhow compose ps -q web)" ]
	[ "$db" = "$(dhow compose ps -q db)" ]
	[ "$(dhow compose ps --format '{{.Name}}' web)" = proj-web-1 ]
}

@test "scaling up and down" {
	write <<-'EOF'
		services:
		  a: {image: small, command: sleep 60, stop_signal: KILL}
	EOF
	dhow compose up -d --scale a=3
	[ "$(dhow compose ps -q | wc -l)" = 3 ]
	dhow compose scale a=1
	[ "$(states)" = "proj-a-1 running" ]
}

@test "stop, start, restart, kill, rm" {
	write <<-'EOF'
		services:
		  a: {image: small, command: sleep 60, stop_signal: KILL}
	EOF
	dhow compose up -d
	dhow compose stop
	[ "$(states)" = "proj-a-1 exited" ]
	dhow compose start
	[ "$(states)" = "proj-a-1 running" ]
	dhow compose restart
	dhow compose kill
	[ "$(states)" = "proj-a-1 exited" ]
	dhow compose rm -f
	[ -z "$(states)" ]
}

@test "run: status, environment, dependencies, nothing left with --rm" {
	write <<-'EOF'
		services:
		  a:
		    image: small
		    environment: {A: own, B: own}
		    depends_on: [b]
		  b: {image: small, command: sleep 60, stop_signal: KILL}
	EOF
	run -0 --separate-stderr \
		dhow compose run --rm -T -e A=given a sh -c 'echo $A $B'
	[ "$output" = "given own" ]
	[ "$(states)" = "proj-b-1 running" ]
	run -7 dhow compose run --rm -T --no-deps a sh -c 'exit 7'
	run -1 dhow compose run --rm -T nope true
	[[ $output == *"no such service: nope"* ]]
}

@test "secrets and configs are mounted" {
	echo from-file >secret.txt
	write <<-'EOF'
		services:
		  a:
		    image: small
		    secrets: [one, {source: two, target: deux, mode: 0400}]
		    configs: [{source: c, target: /etc/c.conf}]
		secrets:
		  one: {file: secret.txt}
		  two: {environment: TWO}
		configs:
		  c: {content: "text $${X} $Y\n"}
	EOF
	TWO=from-env Y=y run -0 --separate-stderr dhow compose run --rm -T a \
		cat /run/secrets/one /run/secrets/deux /etc/c.conf
	[ "$output" = 'from-file
from-envtext ${X} y' ]
}

@test "an external secret comes from the store of dhow secret" {
	write <<-'EOF'
		services:
		  a: {image: small, secrets: [s]}
		secrets: {s: {external: true, name: token}}
	EOF
	run -1 dhow compose run --rm -T a true
	[[ $output == *"secret token declared as external, but could not be found"* ]]
	printf stored | dhow secret create token -
	run -0 --separate-stderr dhow compose run --rm -T a cat /run/secrets/s
	[ "$output" = stored ]
	dhow secret rm token
}

@test "a build's secret may be a variable of .env" {
	printf 'FROM small\nRUN --mount=type=secret,id=t cat /run/secrets/t >/seen\n' >Dockerfile
	echo T=dotted >.env
	write <<-'EOF'
		services:
		  a: {build: {context: ., secrets: [t]}, command: cat /seen, container_name: proj-only}
		secrets: {t: {environment: T}}
	EOF
	run -0 --separate-stderr dhow compose run --rm -T a
	[ "$output" = dotted ]
	run -1 dhow compose up -d --scale a=2
	[[ $output == *"compose.yaml:2:"*"'container_name' allows one replica only"* ]]
	dhow compose down --rmi local
}

@test "a failing dependency stops the start and is named" {
	write <<-'EOF'
		services:
		  a:
		    image: small
		    command: sleep 60
		    depends_on:
		      b: {condition: service_completed_successfully}
		  b: {image: small, command: sh -c 'exit 3'}
	EOF
	run -1 dhow compose up -d
	[[ $output == *'service "b" didn'"'"'t complete successfully: exit 3'* ]]
	[ "$(states | grep -c running)" = 0 ]
}

@test "up in the foreground: prefixes, the end, exit codes" {
	write <<-'EOF'
		services:
		  a: {image: small, command: sh -c 'echo one; exit 0'}
		  bb: {image: small, command: sh -c 'echo two >&2; exit 5'}
	EOF
	run -0 --separate-stderr dhow compose up
	[[ $output == *"a-1   | one"* ]]
	[[ $output == *"bb-1 exited with code 5"* ]]
	[[ $stderr == *"bb-1  | two"* ]]
	run -5 dhow compose up --exit-code-from bb
	run -5 dhow compose up --abort-on-container-failure
}

@test "Ctrl-C stops in order, and ends with 130" {
	write <<-'EOF'
		services:
		  a:
		    image: small
		    command: sh -c 'trap "echo bye; exit 0" TERM; echo up; while :; do sleep 0.1; done'
	EOF
	python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' "$DHOW" compose up >log 2>&1 &
	local pid=$! status=0
	wait_for 100 grep -q 'a-1  | up' log
	kill -INT "$pid"
	wait "$pid" || status=$?
	[ "$status" = 130 ]
	grep -q 'a-1  | bye' log
	[ "$(states)" = "proj-a-1 exited" ]
}

@test "an end of before does not end up" {
	write <<-'EOF'
		services:
		  a: {image: small, command: sh -c 'echo $$$$; exit 3'}
		  b: {image: small, command: sleep 60, stop_signal: KILL}
	EOF
	run -3 dhow compose up --abort-on-container-exit
	[ "$(states)" = "proj-a-1 exited
proj-b-1 exited" ]
	run -3 --separate-stderr dhow compose up --abort-on-container-exit
	[ "$(grep -c 'a-1 exited with code 3' <<<"$output")" = 1 ]
	[ "$(grep -c 'b-1 exited' <<<"$output")" = 1 ]
	[ "${lines[0]}" = "Attaching to a-1, b-1" ]
}

@test "a session at a terminal is as compose(5) shows it" {
	dhow tag small busybox
	"$BATS_TEST_DIRNAME/../../contrib/record_session.py" --check "$DHOW"
}

@test "logs are merged in the order of time" {
	write <<-'EOF'
		services:
		  a: {image: small, command: sh -c 'echo 1; sleep 0.4; echo 3'}
		  b: {image: small, command: sh -c 'sleep 0.2; echo 2'}
	EOF
	dhow compose up >/dev/null 2>&1
	run -0 dhow compose logs --no-log-prefix
	[ "$output" = "1
2
3" ]
	run -0 dhow compose logs -n 1 a
	[ "$output" = "a-1  | 3" ]
}

@test "orphans are told and removed when asked" {
	two_services
	dhow compose up -d
	write <<-'EOF'
		services:
		  db: {image: small, command: sleep 60, stop_signal: KILL}
	EOF
	run -0 dhow compose up -d
	[[ $output == *"proj-web-1"*"--remove-orphans"* ]]
	dhow compose up -d --remove-orphans
	[ "$(states)" = "proj-db-1 running" ]
}

@test "an external network must exist; nothing is done before" {
	write <<-'EOF'
		services:
		  a: {image: small, command: sleep 60, networks: [www]}
		networks: {www: {external: true}}
	EOF
	run -1 dhow compose up -d
	[[ $output == *"network www declared as external, but could not be found"* ]]
	[ -z "$(states)" ]
}

@test "a service has the image that another one builds; what is in use stays" {
	dhow tag small small2
	printf 'FROM small\nRUN echo built >/mark\n' >Dockerfile
	write <<-'EOF'
		services:
		  app: {image: "localhost:1/app:dev", build: ., command: sleep 60, stop_signal: KILL}
		  job: {image: "localhost:1/app:dev", command: cat /mark}
		  extra: {image: small2, profiles: [x], command: sleep 60, stop_signal: KILL}
	EOF
	dhow compose up -d
	run -0 dhow compose logs --no-log-prefix job
	[ "$output" = built ]
	dhow compose --profile x up -d
	run -0 dhow compose down
	[[ $output == *"Network proj_default  Resource is still in use"* ]]
	[[ $output != *Error* ]]
	[ "$(states)" = "proj-extra-1 running" ]
	run -0 dhow compose --profile x down --rmi all
	[ -z "$(dhow images -q localhost:1/app:dev; dhow images -q small2)" ]
	dhow images -q small | grep -q .
}

@test "a changed network and, if that may be, a changed volume are made again" {
	write <<-'EOF'
		services:
		  a: {image: small, command: sleep 60, stop_signal: KILL}
		  b: {image: small, command: sleep 60, stop_signal: KILL, volumes: ["v:/v"]}
		networks: {default: {labels: {mark: one}}}
		volumes: {v: {labels: {mark: one}}}
	EOF
	dhow compose up -d
	dhow compose exec -T b touch /v/data
	sed -i 's/default: {labels: {mark: one}}/default: {labels: {mark: two}}/' compose.yaml
	dhow compose up -d a
	[ "$(states)" = "proj-a-1 running
proj-b-1 running" ]
	[ "$(dhow network inspect -f '{{.Labels.mark}}' proj_default)" = two ]
	wait_for 50 sees_nobody a b
	sed -i 's/v: {labels: {mark: one}}/v: {labels: {mark: two}}/' compose.yaml
	run -0 dhow compose up -d
	[[ $output == *"volume proj_v is not as the files have it now"* ]]
	dhow compose exec -T b test -e /v/data
	dhow compose up -d -y
	[ "$(dhow volume inspect -f '{{.Labels.mark}}' proj_v)" = two ]
	dhow compose exec -T b sh -c '! test -e /v/data'
}

@test "without files, a name will do" {
	write <<-'EOF'
		services:
		  a: {image: small, command: sleep 60, stop_signal: KILL}
	EOF
	dhow compose up -d
	cd /
	[ "$(dhow compose -p proj ps -q | wc -l)" = 1 ]
	[ "$(dhow compose ls -q)" = proj ]
	run -1 dhow compose ps
	[[ $output == *"no configuration file provided: not found"* ]]
	dhow compose -p proj down
	[ -z "$(dhow compose ls -aq)" ]
	run -1 dhow compose -p proj stop
	[[ $output == *'no container found for project "proj"'* ]]
}

@test "an interrupted up is continued by the next" {
	write <<-'EOF'
		services:
		  a:
		    image: small
		    command: sleep 60
		    stop_signal: KILL
		    depends_on: {b: {condition: service_healthy}}
		  b:
		    image: small
		    command: sleep 60
		    stop_signal: KILL
		    healthcheck: {test: test -e /tmp/up, interval: 100ms, retries: 1000}
	EOF
	"$DHOW" compose up -d >log 2>&1 &
	local pid=$!
	wait_for 100 grep -q 'proj-b-1  Waiting' log
	kill -9 "$pid"
	wait "$pid" || true
	dhow compose exec -T b touch /tmp/up
	dhow compose up -d
	[ "$(states)" = "proj-a-1 running
proj-b-1 running" ]
}

@test "called as docker-compose and below docker" {
	write <<-'EOF'
		services:
		  a: {image: small}
	EOF
	ln -s "$DHOW" docker-compose
	ln -s "$DHOW" docker
	[ "$(./docker-compose config --services)" = a ]
	[ "$(./docker compose config --services)" = a ]
}

@test "all mistakes in one go, with their places, before anything is done" {
	write <<-'EOF'
		services:
		  a:
		    imag: small
		    restart: alwys
		    networks: [nope]
	EOF
	run -1 dhow compose up -d
	[[ $output == *"compose.yaml:3:5: services.a: unknown property 'imag'"* ]]
	[[ $output == *"did you mean 'image'?"* ]]
	[[ $output == *"compose.yaml:4:14: "* ]]
	[[ $output == *"compose.yaml:5:16: "* ]]
	[[ $output == *"errors; nothing was done"* ]]
}

@test "watch copies what changes, and removes what goes" {
	mkdir src
	write <<-'EOF'
		services:
		  a:
		    image: small
		    command: sleep 60
		    stop_signal: KILL
		    develop:
		      watch:
		        - {action: sync, path: src, target: /dst, ignore: ["*.tmp"]}
	EOF
	"$DHOW" compose watch >log 2>&1 &
	local pid=$!
	wait_for 100 grep -q 'Watch enabled' log
	mkdir src/sub
	echo new >src/sub/f
	echo no >src/x.tmp
	wait_for 100 dhow compose exec -T a test -e /dst/sub/f
	rm src/sub/f
	wait_for 100 dhow compose exec -T a sh -c '! test -e /dst/sub/f'
	dhow compose exec -T a sh -c '! test -e /dst/x.tmp'
	grep -q 'Syncing service "a" after 1 changes were detected' log
	kill -INT "$pid"
	wait "$pid" || true
	[ "$(states)" = "proj-a-1 running" ]
}

@test "a volume whose data is another user's is still ours" {
	write <<-'EOF'
		services:
		  a: {image: small, command: sleep 60, stop_signal: KILL, volumes: ["d:/d"]}
		volumes: {d: }
	EOF
	dhow compose run --rm -T a sh -c 'chown app /d && chmod 700 /d'
	run -0 dhow compose up -d
	[[ $output != *"Volume proj_d  Creating"* ]]
	dhow compose down
	dhow volume ls -q | grep -qx proj_d
}

@test "every verb speaks of the services" {
	two_services
	sed -i 's/    stop_signal: KILL/    stop_signal: KILL\n    init: true/' compose.yaml
	sed -i 's/^  web:/  web:\n    ports: ["127.0.0.1::80"]/' compose.yaml
	dhow compose up -d
	local port
	port=$(dhow compose port web 80)
	[[ $port == 127.0.0.1:* ]]
	[ "$(dhow compose ps --services | sort | xargs)" = "db web" ]
	[[ $(dhow compose ps web) == NAME*IMAGE*COMMAND*SERVICE*CREATED*STATUS*PORTS*proj-web-1*small*"$port->80/tcp"* ]]
	[[ $(dhow compose ps --format json db) == *'"Health":"healthy"'*'"Name":"proj-db-1"'*'"Project":"proj"'*'"Service":"db"'*'"State":"running"'* ]]
	[[ $(dhow compose images web) == CONTAINER*REPOSITORY*"IMAGE ID"*proj-web-1*small*latest* ]]
	[[ $(dhow compose top db) == proj-db-1*UID*PID*CMD*sleep* ]]
	[[ $(dhow compose stats --no-stream --format '{{.Name}}') == *proj-* ]]
	[[ $(dhow compose volumes) == DRIVER*"VOLUME NAME"*proj_data* ]]
	[[ $(dhow compose ls) == NAME*STATUS*"CONFIG FILES"*proj*"running(2)"*compose.yaml* ]]
	echo copied >file
	dhow compose cp file web:/tmp/file
	[ "$(dhow compose exec -T web cat /tmp/file)" = copied ]
	dhow compose cp web:/tmp/file back
	cmp file back
	dhow compose export -o web.tar web
	tar tf web.tar | grep -q '^tmp/file$'
	dhow compose commit web kept:1
	[ "$(dhow run --rm kept:1 cat /tmp/file)" = copied ]
	dhow rmi kept:1
	dhow compose pause db
	[[ $(states) == *"proj-db-1 paused"* ]]
	dhow compose unpause db
	[[ $(dhow compose events --json --since 10m --until 0s db) == *'"service":"db"'*'"action":"unpause"'* ]]
	run -137 dhow compose exec -T web sh -c 'kill -9 $$'
	dhow compose kill web
	run -137 dhow compose wait web
	[ "$(dhow compose config --hash web | cut -d' ' -f1)" = web ]
	[ "$(dhow compose config --hash web)" = "$(dhow compose config --hash web)" ]
}

@test "run: names, detached, published ports and aliases of its own" {
	write <<-'EOF'
		services:
		  a: {image: small, command: httpd -f -p 80 -h /etc, init: true, ports: ["127.0.0.1::80"], restart: always}
		  b: {image: small, command: sleep 60, stop_signal: KILL}
	EOF
	dhow compose up -d b
	local id
	id=$(dhow compose run -d --use-aliases a)
	[[ $id =~ ^proj-a-run-[0-9a-f]{12}$ ]]
	[ -z "$(dhow port "$id")" ]
	[ "$(dhow inspect -f '{{.HostConfig.RestartPolicy.Name}}' "$id")" = no ]
	[ "$(dhow inspect -f '{{index .Config.Labels "com.docker.compose.oneoff"}}' "$id")" = True ]
	wait_for 50 dhow compose exec -T b wget -qO- http://a/passwd
	[[ $(dhow compose ps -a) == *"$id"* ]]
	[[ $(dhow compose ps) != *"$id"* ]]
	dhow rm -f "$id"
	id=$(dhow compose run -d --service-ports --name mine a)
	[ "$id" = mine ]
	[[ $(dhow port mine) == "80/tcp -> 127.0.0.1:"* ]]
	dhow rm -f mine
	run -0 --separate-stderr dhow compose run --rm -T --entrypoint 'echo from' a
	[ "$output" = from ]
}

@test "hooks, and who starts anew with what it depends on" {
	write <<-'EOF'
		services:
		  a:
		    image: small
		    command: sleep 60
		    stop_signal: KILL
		    volumes: ["./out:/out"]
		    post_start: [{command: [sh, -c, 'echo "started as $$WHO" >>/out/log'], environment: {WHO: hook}}]
		    pre_stop: [{command: [sh, -c, 'echo stops >>/out/log']}]
		  b:
		    image: small
		    command: sleep 60
		    stop_signal: KILL
		    depends_on: {a: {condition: service_started, restart: true}}
	EOF
	dhow compose up -d
	[ "$(cat out/log)" = "started as hook" ]
	[ "$(stat -c %U out/log)" = "$(id -un)" ]
	local b began
	b=$(dhow compose ps -q b)
	began=$(dhow inspect -f '{{.State.StartedAt}}' "$b")
	dhow compose restart a
	[ "$(dhow inspect -f '{{.State.StartedAt}}' "$b")" != "$began" ]
	began=$(dhow inspect -f '{{.State.StartedAt}}' "$b")
	dhow compose restart --no-deps a
	[ "$(dhow inspect -f '{{.State.StartedAt}}' "$b")" = "$began" ]
	dhow compose up -d --force-recreate a
	[ "$(dhow compose ps -q b)" = "$b" ]
	dhow compose stop a
	grep -qx stops out/log
}

@test "up: exits, failures, --wait and what is refused" {
	write <<-'EOF'
		services:
		  good: {image: small, command: "true"}
		  bad: {image: small, command: sh -c 'sleep 0.2; exit 4'}
		  sick: {image: small, command: sleep 60, stop_signal: KILL, healthcheck: {test: "false", interval: 50ms, retries: 2}}
	EOF
	run -0 dhow compose up good
	run -4 dhow compose up --abort-on-container-failure good bad
	run -0 dhow compose up -d --wait good
	run -1 dhow compose up -d --wait sick
	[[ $output == *"container proj-sick-1 is unhealthy"* ]]
	run -1 dhow compose up -d --wait --wait-timeout 1 nope
	while read -r line; do
		# shellcheck disable=SC2086
		run -1 dhow compose up $line
		[[ $output == *"exclude each other"* ]]
	done <<-'EOF'
		-d --abort-on-container-exit
		-d --attach good
		-d --watch
		--wait --attach good
		--wait --abort-on-container-failure
		--abort-on-container-exit --abort-on-container-failure
		--build --no-build
		--no-build --watch
		--no-recreate --force-recreate
		--no-recreate --always-recreate-deps
		--no-recreate -V
	EOF
	run -1 dhow compose up --wait --wait-timeout -1
	run -1 dhow compose up --exit-code-from nope
	[[ $output == *"no such service: nope"* ]]
}

# The resolved name, and what a variable became.
named() { dhow compose "$@" config --format json | python3 -c '
import json, sys
model = json.load(sys.stdin)
print(model["name"], model["services"]["a"].get("hostname", "-"))'; }

@test "which files, which name, which variables" {
	mkdir -p sub/deep other
	echo 'services: {a: {image: small, hostname: "${V:-none}"}}' >compose.yaml
	[ "$(named)" = "proj none" ]
	cd sub/deep
	[ "$(named)" = "proj none" ]
	cd ../..
	# What lies beside it, and what does not.
	echo 'services: {a: {hostname: over}}' >compose.override.yml
	[ "$(named)" = "proj over" ]
	[ "$(named -f compose.yaml)" = "proj none" ]
	[ "$(named -f - <compose.yaml)" = "proj none" ]
	rm compose.override.yml
	cp compose.yaml docker-compose.yml
	run -0 --separate-stderr dhow compose config -q
	[[ $stderr == *"there are several Compose files"* ]]
	rm docker-compose.yml
	# Variables: the process, then files in their order.
	echo V=dot >.env
	printf 'V=one\nCOMPOSE_PROJECT_NAME=from-env\n' >one.env
	echo V=two >two.env
	[ "$(named)" = "proj dot" ]
	[ "$(V=process named)" = "proj process" ]
	[ "$(named --env-file one.env --env-file two.env)" = "from-env two" ]
	[ "$(COMPOSE_ENV_FILES=two.env,one.env named)" = "from-env one" ]
	[ "$(COMPOSE_DISABLE_ENV_FILE=1 named)" = "proj none" ]
	run -1 dhow compose --env-file none.env config
	[[ $output == *"couldn't find env file: "*none.env* ]]
	# Names: -p, the variable, the file, the directory.
	[ "$(named --project-directory other -f compose.yaml)" = "other none" ]
	echo 'name: "My ${V} Shop"' >name.yaml
	[ "$(named -f compose.yaml -f name.yaml)" = "mydotshop dot" ]
	[ "$(COMPOSE_PROJECT_NAME=var named -f compose.yaml -f name.yaml)" = "var dot" ]
	[ "$(COMPOSE_PROJECT_NAME=var named -p flag)" = "flag dot" ]
	run -1 dhow compose -p Flag config
	[[ $output == *"invalid project name 'Flag'"* ]]
	# COMPOSE_FILE, also of .env; -f beats it.
	printf 'COMPOSE_FILE=compose.yaml,name.yaml\nCOMPOSE_PATH_SEPARATOR=,\n' >>.env
	[ "$(named)" = "mydotshop dot" ]
	[ "$(named -f compose.yaml)" = "proj dot" ]
	run -1 dhow compose -f https://example.org/compose.yaml config
	[[ $output == *"files from elsewhere are not read"* ]]
	[ "$(dhow compose config --variables | awk 'NR > 1 {print $1}')" = V ]
	[[ $(dhow compose config --explain V) == *".env:1"*dot* ]]
}

@test "config prints what it is asked for" {
	mkdir -p sub
	cat >compose.yaml <<-'END'
		name: demo
		services:
		  web: {image: "web:${TAG:-1}", depends_on: [db], profiles: [front],
		    environment: {U: "${U:?no U}", A: "${A:+alt}", D: "a$$b"}}
		  db: {image: db, volumes: ["data:/d"], networks: [back]}
		  app: {build: ., depends_on: [db]}
		networks: {back: , unused: }
		volumes: {data: , other: }
	END
	export U=u
	[ "$(dhow compose config --services | paste -sd' ')" = "db app" ]
	[ "$(dhow compose --profile front config --services | paste -sd' ')" = "db app web" ]
	[ "$(dhow compose config --services web | paste -sd' ')" = "db web" ]
	[ "$(dhow compose config --profiles)" = front ]
	[ "$(dhow compose config --networks | paste -sd' ')" = "back default" ]
	[ "$(dhow compose config --volumes)" = data ]
	[ "$(dhow compose --all-resources config --volumes | paste -sd' ')" = "data other" ]
	[ "$(dhow compose --profile '*' config --images | sort | paste -sd' ')" = "db demo-app web:1" ]
	[[ $(dhow compose config --environment) == *$'\n'U=u* ]]
	[[ $(dhow compose config --hash '*') =~ ^app\ [0-9a-f]{64}$'\n'db\ [0-9a-f]{64}$ ]]
	# Only what the named services use.
	run -0 dhow compose config db
	[[ $output == *demo_back* && $output != *demo_default* ]]
	[ "${lines[0]}" = "name: demo" ]
	# What is read again says the same.
	dhow compose --profile front config >again.yaml
	grep -qF 'D: a$$b' again.yaml
	diff again.yaml <(dhow compose --profile front -f again.yaml config)
	dhow compose --profile front config --format json >again.json
	diff again.json <(dhow compose --profile front -f again.json config --format json)
	dhow compose config -o out.yaml
	diff out.yaml <(dhow compose config)
	[ -z "$(dhow compose config -q)" ]
	# Variables are told of without their values.
	unset U
	run -0 dhow compose config --variables
	[[ ${lines[0]} =~ ^NAME\ +REQUIRED\ +DEFAULT\ VALUE\ +ALTERNATE\ VALUE ]]
	[[ $output =~ TAG\ +false\ +1 && $output =~ U\ +true && $output =~ A\ +false\ +alt ]]
	[[ $(dhow compose config --variables --format json) == *'"DefaultValue": "1"'* ]]
	run -0 dhow compose --profile front config --no-interpolate
	[[ $output == *'web:${TAG:-1}'* && $output == *'a$$b'* ]]
	run -1 dhow compose --profile front config
	[[ $output == *"compose.yaml:4:"*"required variable 'U' is missing: no U"* ]]
	U=u run -1 dhow compose config nope
	[[ $output == *"no such service: nope"* ]]
	# Variables of Compose itself may stand in .env, here and further up.
	printf 'COMPOSE_PROFILES=front\nU=up\nTAG=up\n' >.env
	echo TAG=here >sub/.env
	run -0 --separate-stderr dhow compose config --services
	[ "$output" = $'db\napp\nweb' ]
	cd sub
	[[ $(dhow compose config --format json) == *'"U": "up"'*'"web:here"'* ]]
}
