# SPDX-License-Identifier: Apache-2.0
# Registries on loopback for a topic: load lib/registry after lib/common, and
# call stop_registries in teardown_file. What is started lives until then.
#
#   start_registry                  Debian's docker-registry → $REGISTRY
#   start_registry auth             the same, for user "user" with "secret"
#   start_registry tls auth         the same with a certificate, $FAKE_CA
#   start_registry tls token        with tokens of token_server.py, whose
#                                   requests are in $TOKEN_LOG
#   push_image SOURCE NAME:TAG      by skopeo, SOURCE as it names them
#   start_fake_registry LAYOUT MODE…   registry_server.py → $FAKE, $FAKE_CDN,
#                                   its log in $FAKE_LOG
#   start_fake_registry --tls LAYOUT MODE…  with a certificate, $FAKE_CA
#   fake_saw TEXT                   how many requests in the log have it
#   write_auth HOST USER PASSWORD   into $HOME/.docker/config.json

REGISTRY_TMP=${REGISTRY_TMP:-${BATS_FILE_TMPDIR:-/tmp}/registries}

# Without a runtime directory skopeo looks into /run, which only root may do.
skopeo() {
	XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-$TEST_RUN} command skopeo "$@"
}

registry_missing() {
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
}

# Remember a process for stop_registries; 3 is bats' own descriptor.
registry_remember() {
	echo "$1" >>"$REGISTRY_TMP/pids"
}

registry_wait_for() {
	local tries=100
	until [ -s "$1" ] && grep -q "$2" "$1"; do
		tries=$((tries - 1))
		if [ "$tries" = 0 ]; then
			cat "$1" >&2
			return 1
		fi
		sleep 0.05
	done
}

start_registry() {
	local dir
	registry_missing docker-registry skopeo
	mkdir -p "$REGISTRY_TMP"
	dir=$(mktemp -d "$REGISTRY_TMP/registry.XXXXXX")
	cat >"$dir/config.yml" <<-END
		version: 0.1
		log: { level: info, formatter: text }
		storage:
		  filesystem: { rootdirectory: $dir/data }
		  delete: { enabled: true }
		http: { addr: "127.0.0.1:0" }
	END
	if [ "${1:-}" = tls ]; then
		shift
		registry_missing openssl
		registry_make_cert
		sed -i "s|^http: .*|http: { addr: \"127.0.0.1:0\", tls: {\
			certificate: $FAKE_CA, key: $REGISTRY_TMP/key.pem } }|" \
			"$dir/config.yml"
	fi
	if [ "${1:-}" = token ]; then
		start_token_server "$dir"
		cat >>"$dir/config.yml" <<-END
			auth:
			  token:
			    realm: http://127.0.0.1:$TOKEN_PORT/token
			    service: tests
			    issuer: tests
			    rootcertbundle: $dir/token.crt
		END
	fi
	if [ "${1:-}" = auth ]; then
		# bcrypt of "secret"
		echo 'user:$2b$05$A6.fS.O9VTJ.RE7Ok0nQjeQ4k/R6uWDs64S92O72rsB.5LWnStxIW' >"$dir/htpasswd"
		cat >>"$dir/config.yml" <<-END
			auth:
			  htpasswd: { realm: test, path: $dir/htpasswd }
		END
	fi
	docker-registry serve "$dir/config.yml" >"$dir/log" 2>&1 3>&- &
	registry_remember $!
	registry_wait_for "$dir/log" 'listening on' || return 1
	REGISTRY=localhost:$(sed -n \
		's/.*listening on 127\.0\.0\.1:\([0-9]*\)[,"].*/\1/p' "$dir/log")
	SERVED_LOG=$dir/log
	SERVED_DATA=$dir/data
	export REGISTRY SERVED_LOG SERVED_DATA
}

start_token_server() {
	local dir=$1
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tests \
		-keyout "$dir/token.key" -out "$dir/token.crt" 2>/dev/null
	TOKEN_LOG=$dir/scopes
	: >"$TOKEN_LOG"
	python3 "$(dirname "${BASH_SOURCE[0]}")/token_server.py" \
		"$dir/token.key" "$dir/token.crt" "$TOKEN_LOG" \
		>"$dir/token.port" 2>"$dir/token.errors" 3>&- &
	registry_remember $!
	registry_wait_for "$dir/token.port" '^[0-9]' || return 1
	TOKEN_PORT=$(cat "$dir/token.port")
	export TOKEN_LOG TOKEN_PORT
}

# push_image SOURCE NAME:TAG [skopeo's options…]
push_image() {
	local from=$1 to=$2
	shift 2
	skopeo copy -q --dest-tls-verify=false "$@" "$from" \
		"docker://$REGISTRY/$to"
}

registry_make_cert() {
	FAKE_CA=$REGISTRY_TMP/ca.crt
	[ -e "$FAKE_CA" ] || openssl req -x509 -newkey ec \
		-pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
		-subj /CN=localhost \
		-addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
		-keyout "$REGISTRY_TMP/key.pem" -out "$FAKE_CA" 2>/dev/null
	export FAKE_CA
}

start_fake_registry() {
	local dir tls=()
	registry_missing python3
	mkdir -p "$REGISTRY_TMP"
	if [ "$1" = --tls ]; then
		shift
		registry_missing openssl
		registry_make_cert
		tls=(--tls "$FAKE_CA" "$REGISTRY_TMP/key.pem")
	fi
	dir=$(mktemp -d "$REGISTRY_TMP/fake.XXXXXX")
	FAKE_LOG=$dir/requests
	: >"$FAKE_LOG"
	python3 "$(dirname "${BASH_SOURCE[0]}")/registry_server.py" \
		"$1" --log "$FAKE_LOG" "${tls[@]}" "${@:2}" \
		>"$dir/ports" 2>"$dir/errors" 3>&- &
	registry_remember $!
	registry_wait_for "$dir/ports" '^[0-9]' || {
		cat "$dir/errors" >&2
		return 1
	}
	read -r FAKE FAKE_CDN <"$dir/ports"
	FAKE=localhost:$FAKE
	FAKE_CDN=localhost:$FAKE_CDN
	export FAKE FAKE_CDN FAKE_LOG
}

fake_saw() {
	grep -c -- "$1" "$FAKE_LOG" || true
}

write_auth() {
	mkdir -p "$HOME/.docker"
	printf '{"auths":{"%s":{"auth":"%s"}}}\n' "$1" \
		"$(printf '%s:%s' "$2" "$3" | base64 -w0)" \
		>"$HOME/.docker/config.json"
}

stop_registries() {
	local pid
	[ -e "$REGISTRY_TMP/pids" ] || return 0
	while read -r pid; do
		kill "$pid" 2>/dev/null || true
		# A zombie has no executable any more.
		while readlink "/proc/$pid/exe" >/dev/null 2>&1; do sleep 0.02; done
	done <"$REGISTRY_TMP/pids"
	rm -rf "$REGISTRY_TMP"
}
