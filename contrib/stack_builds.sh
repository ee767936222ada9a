#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The Dockerfiles of the stacks that acceptance.sh knows, each built unchanged:
# the image runs; a second build and one after touch have every step from the
# cache and the same image; a file with another mode or content has not.
# With PODMAN=1 each image also goes to podman: it runs there, and every file
# is of the type, mode and owner that dhow says.
#
# usage: stack_builds.sh [STACK]...   called by acceptance.sh --builds, which
# sets DOCKER and ACCEPT, a copy of the stacks that may be written to. Works
# with sub-ids and without (podman: only with). Last line as in check.sh.
set -uo pipefail
. "$ACCEPT/lib.sh"
cd "$ACCEPT" || exit 2
log=$(mktemp "${TMPDIR:-/tmp}/stack-build.XXXXXX")
podman=(podman --runtime runc --cgroup-manager cgroupfs)
trap 'rm -f "$log" "$log".*' EXIT

# stack | tag | words of build | command | what it says | a file that counts
#
# "=" leaves the image's entry script out. Those of servers step down from
# root, which an account with one id cannot.
images() {
	cat <<'E'
images|python:3.11-slim-bookworm|images/python|python3 --version|Python 3|
images|node:18-slim|images/node|node --version|v18|images/node/npm
images|redis:7|images/redis|=redis-server --version|v=7|images/redis/docker-entrypoint.sh
images|nginx:1.22|images/nginx|nginx -v|nginx/1.22|images/nginx/index.html
images|postgres:15|images/postgres|=postgres --version|PostgreSQL) 15|images/postgres/docker-entrypoint.sh
images|rabbitmq:3.10|images/rabbitmq|=erl -noshell -eval 'io:format("erlang~n"), halt().'|erlang|images/rabbitmq/docker-entrypoint.sh
images|prom/prometheus:v2.42.0|images/prometheus|--version|prometheus, version|images/prometheus/prometheus.yml
images|standin/mailcatcher:1|images/mailcatcher|python3 -c 'import aiosmtpd; print("imported")'|imported|images/mailcatcher/catch.py
images|registry:2|images/registry|--version|distribution|images/registry/config.yml
haztrak|haztrak-server:dev|--target dev haztrak/server|python manage.py check --settings haztrak.settings.build|no issues|haztrak/server/manage.py
haztrak|haztrak-server:prod|--target production haztrak/server|sh -c 'id -un; gunicorn --version; stat -c %U:%G manage.py'|app:app|
haztrak|haztrak-client:test|--target test haztrak/client||1 test passed|haztrak/client/test.js
haztrak|haztrak-client:dev|--target dev haztrak/client|node --version|v18|
haztrak|haztrak-client:prod|--target production haztrak/client|nginx -v|nginx/1.22|haztrak/client/nginx.conf
mlp|mlp-api|-f mlp/Dockerfile.api mlp|python -c 'import fastapi, celery; print("imported")'|imported|mlp/api/main.py
mlp|mlp-worker|-f mlp/Dockerfile.worker mlp|python -m celery --version|(|mlp/worker/tasks.py
mlp|mlp-grafana|mlp/grafana|=python3 -c 'import psycopg2, os; print("as", os.getuid())'|as 472|mlp/grafana/panel.py
start-django|sd-pg|-f start-django/deploy/pg/Dockerfile --build-arg run_cmd=run.sh start-django|python3 -c 'import django, psycopg2; print("imported")'|imported|start-django/src/scripts/worker.sh
start-django|sd-sq|-f start-django/deploy/sq/Dockerfile --build-arg run_cmd=run.sh start-django|litestream version|v0.3.9|start-django/src/scripts/worker.sh
pixel|pixel-prod|pixel|python -c 'import django, os; print("as", os.getuid())'|as 10001|pixel/manage.py
pixel|pixel-dev|--build-arg IS_NOT_PRODUCTION=true pixel|pytest --version|pytest|pixel/setup.cfg
mathapp|math-backend|-f mathapp/.Dockerfile.backend mathapp|sh -c 'id -un; python -m django --version; stat -c %U manage.py'|appuser|mathapp/backend/manage.py
mathapp|math-frontend|-f mathapp/.Dockerfile.frontend mathapp|sh -c 'id -un; node --version'|node|mathapp/frontend/package.json
mathapp|math-nginx|-f mathapp/.Dockerfile.frontend.nginx mathapp|nginx -t|successful|mathapp/nginx.conf
E
}

# build TAG WORDS: plain progress in $log
build() {
	# shellcheck disable=SC2086 # words they are
	$DOCKER build --progress plain --iidfile "$log.id" -t "$1" $2 \
		>"$log" 2>&1 </dev/null || {
		tail -n 20 "$log"
		return 1
	}
}

# The steps of the build in $log that did not come from the cache.
made() {
	awk '/^#[0-9]+ \[/ && !/\[internal\]/ { step[$1] = $0 }
		/^#[0-9]+ CACHED/ { delete step[$1] }
		END { for (s in step) print step[s] }' "$log"
}

# again TAG WORDS WHEN: every step cached, the same image
again() {
	local before
	before=$(cat "$log.id")
	check "$1" "$3: builds" build "$1" "$2"
	equal "$1" "$3: every step is cached" "" "$(made)"
	equal "$1" "$3: the same image" "$before" "$(cat "$log.id")"
}

# other TAG WORDS WHAT: not every step cached, another image
other() {
	local before
	before=$(cat "$log.id")
	check "$1" "$3: builds" build "$1" "$2"
	check "$1" "$3: a step is made anew" test -n "$(made)"
	check "$1" "$3: another image" test "$before" != "$(cat "$log.id")"
}

# changed TAG WORDS FILE
changed() {
	local tag=$1 words=$2 file=$3 context=${2##* } first
	first=$(cat "$log.id")
	find "$context" -type f -exec touch {} +
	again "$tag" "$words" "touched"
	[ -n "$file" ] || return 0
	chmod g+w "$file"
	other "$tag" "$words" "$file of another mode"
	cp -p "$file" "$log.was"
	echo >>"$file"
	other "$tag" "$words" "$file of other content"
	cp -p "$log.was" "$file"
	chmod "$4" "$file"
	check "$tag" "as it was: builds" build "$tag" "$words"
	equal "$tag" "as it was: every step is cached" "" "$(made)"
	equal "$tag" "as it was: the first image" "$first" "$(cat "$log.id")"
}

# runs TAG COMMAND TEXT ENGINE...
runs() {
	local tag=$1 text=$3
	eval "set -- $2 -- $(printf '%q ' "${@:4}")"
	local command=() flags=(--rm --network none)
	if [[ $1 = =* ]]; then
		flags+=(--entrypoint "${1#=}")
		shift
	fi
	while [ "$1" != -- ]; do
		command+=("$1")
		shift
	done
	shift
	has "$tag" "it runs: $text (${1##*/})" "$text" "$(timeout -k 5 100 \
		"$@" run "${flags[@]}" "$tag" "${command[@]}" 2>&1 </dev/null)"
}

# files ENGINE... TAG: type, mode, owner and name of each, but what engines
# themselves put there
files() {
	local tag=${*: -1} id
	set -- "${@:1:$#-1}"
	id=$("$@" create "$tag" x 2>/dev/null) || return
	"$@" export "$id" | python3 -c '
import re, sys, tarfile
own = re.compile(r"(dev|proc|sys|run)/|\.dockerenv|etc/(hosts|hostname|resolv.conf|mtab)$|(dev|proc|sys|run)$")
rows = []
for f in tarfile.open(fileobj=sys.stdin.buffer, mode="r|"):
    name = f.name[2:] if f.name.startswith("./") else f.name
    if name in ("", ".") or own.match(name):
        continue
    kind = "0" if f.islnk() else f.type.decode()
    rows.append(f"{name} {kind} {f.mode & 0o7777:o} {f.uid}:{f.gid}" + (f" -> {f.linkname}" if f.issym() else ""))
print("\n".join(sorted(rows)))'
	"$@" rm "$id" >/dev/null 2>&1
}

# in_podman TAG COMMAND TEXT
in_podman() {
	check "$1" "save, podman load" bash -c \
		'"$1" save -o "$3.tar" "$2" && podman load -q -i "$3.tar"' \
		- "$DOCKER" "$1" "$log"
	rm -f "$log.tar"
	runs "$1" "$2" "$3" "${podman[@]}"
	files "$DOCKER" "$1" >"$log.ours"
	files "${podman[@]}" "$1" >"$log.theirs"
	check "$1" "podman has the same $(wc -l <"$log.ours") files" bash -c \
		'[ -s "$1" ] && diff "$1" "$2"' - "$log.ours" "$log.theirs"
}

wanted=" $* "
[ $# -gt 0 ] || wanted=" images haztrak mlp start-django pixel mathapp "
need base "the base image" images/build.sh debian
while IFS='|' read -r stack tag words command text file; do
	if [[ $wanted != *" $stack "* ]]; then
		# What the others stand on.
		[[ $words != images/@(python|node|nginx) ]] ||
			build "$tag" "$words"
		continue
	fi
	failed=$N_FAIL
	check "$tag" "builds" build "$tag" "$words"
	[ "$N_FAIL" = "$failed" ] || continue
	runs "$tag" "$command" "$text" "$DOCKER"
	again "$tag" "$words" "a second time"
	changed "$tag" "$words" "$file" "$([ -z "$file" ] || stat -c %a "$file")"
	[ -z "${PODMAN:-}" ] || in_podman "$tag" "$command" "$text"
done < <(images)
finish
