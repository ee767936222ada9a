#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Networks of one's own: names, walls, changes while containers run, and the
# process behind them killed. Servers are the host's, shown to containers.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

setup() {
	MADE=
}

teardown() {
	local name
	# shellcheck disable=SC2046
	dhow rm -f $(dhow ps -aq) >/dev/null 2>&1 || true
	for name in $MADE; do
		wait_for 50 dhow network rm "$name" >/dev/null
	done
}

# make NAME [FLAG...]: a network that goes with the test.
make() {
	local name=$1
	shift
	dhow network create "$@" "$name" >/dev/null
	MADE="$MADE $name"
}

# up NAME ARG... -- COMMAND...: a container in the background.
up() {
	local name=$1
	shift
	dhow run -d --rm --name "$name" "$@" >/dev/null
}

# A shell command of the container.
in_() { dhow exec "$1" sh -c "$2"; }

# The host's programs, for servers of Debian packages.
HOST_FILES="-v /usr:/usr:ro -v /lib:/lib:ro -v /lib64:/lib64:ro"

address() {
	dhow inspect -f "{{(index .NetworkSettings.Networks \"$2\").IPAddress}}" \
		"$1"
}

network_pid() {
	local file=/tmp/dhow-$(id -u)/net/pid
	[ -z "${XDG_RUNTIME_DIR:-}" ] || file=$XDG_RUNTIME_DIR/dhow/net/pid
	sed 's/.*"pid":\([0-9]*\).*/\1/' "$file"
}

# --- definitions ---------------------------------------------------------

@test "create, ls, inspect, rm: as docker shows them" {
	run -0 dhow network ls --format '{{.Name}} {{.Driver}} {{.Scope}}'
	[ "$output" = $'bridge bridge local\nhost host local\nnone null local' ]
	run -0 dhow network create --subnet 10.89.1.0/24 --gateway 10.89.1.9 \
		--ip-range 10.89.1.128/25 --label a=b --internal back
	MADE=back
	[[ $output =~ ^[0-9a-f]{64}$ ]]
	local id=$output
	run -0 dhow network inspect "${id:0:7}" --format \
		'{{.Name}} {{.Internal}} {{.Labels.a}} {{range .IPAM.Config}}{{.Subnet}} {{.IPRange}} {{.Gateway}}{{end}}'
	[ "$output" = "back true b 10.89.1.0/24 10.89.1.128/25 10.89.1.9" ]
	run -0 dhow network ls -q --no-trunc --filter label=a=b
	[ "$output" = "$id" ]
	run -1 dhow network create back
	[[ $output == *"already exists"* ]]
	run -1 dhow network create --subnet 10.89.1.128/25 other
	[[ $output == *"overlaps"* ]]
	run -1 dhow network create -d macvlan other
	[[ $output == *"privileges"* ]]
	run -1 dhow network rm bridge
	run -0 dhow network rm back
	MADE=
	run -1 dhow network inspect back
	run -0 dhow network rm -f back
	run -125 dhow run --rm --network back busybox true
	[[ $output == *"network back not found"* ]]
}

@test "prune takes what nobody is on" {
	make used
	make free
	up one --network used busybox sleep 30
	run -0 dhow network prune -f
	[[ $output == *free* && $output != *used* ]]
	run -1 dhow network rm used
	[[ $output == *"active endpoints"* ]]
	MADE=used
}

# --- names ---------------------------------------------------------------

@test "containers are found by name, alias, short id and address" {
	make back
	up db --network back --network-alias sql busybox sleep 60
	up web --network back busybox sleep 60
	local ip id
	ip=$(address db back)
	id=$(dhow inspect -f '{{.Id}}' db)
	for name in db sql DB "${id:0:12}" db.back; do
		run -0 in_ web "nslookup -type=a $name"
		[[ $output == *"$ip"* ]]
	done
	run -0 in_ web "nslookup $ip"
	[[ $output == *"db.back"* ]]
	run in_ web "nslookup -type=a nobody.invalid"
	[[ $output != *"$ip"* ]]
}

@test "a container that is renamed is found by its new name only" {
	make back
	up user --network back busybox sleep 60
	up web --network back --network-alias shop busybox sleep 60
	run -0 in_ user "nslookup -type=a web"
	dhow rename web site
	run -0 wait_for 50 in_ user "nslookup -type=a site"
	[[ $output == *"$(address site back)"* ]]
	run -0 in_ user "nslookup -type=a shop"
	run -1 in_ user "nslookup -type=a web"
	run -0 dhow network inspect back
	[[ $output == *'"site"'* && $output != *'"web"'* ]]
	# Also where it has to join again.
	kill -KILL "$(network_pid)"
	run -0 wait_for 100 in_ user "nslookup -type=a site"
	run -1 in_ user "nslookup -type=a web"
}

@test "several of one alias take turns" {
	make back
	up one --network back --network-alias pool busybox sleep 60
	up two --network back --network-alias pool busybox sleep 60
	run -0 dhow run --rm --network back busybox sh -c \
		'for i in 1 2 3 4; do nslookup -type=a pool | awk "/^Address: /{print \$2; exit}"; done'
	[ "$(sort -u <<<"$output" | wc -l)" = 2 ]
	dhow rm -f one >/dev/null
	run -0 dhow run --rm --network back busybox nslookup -type=a pool
	[[ $output != *"$(address one back 2>/dev/null || echo none)"* ]]
	[ "$(grep -c '^Address: ' <<<"$output")" = 1 ]
}

@test "no query is lost while containers come and go" {
	make back
	up db --network back busybox sleep 60
	up asker --network back busybox sh -c \
		'while :; do nslookup -type=a db >/dev/null 2>&1 && echo y || echo n; done'
	for _ in 1 2 3 4 5 6 7 8; do
		dhow run --rm --network back busybox true
	done
	run -0 dhow logs asker
	[ "$(grep -c y <<<"$output")" -gt 20 ]
	[[ $output != *n* ]]
}

# --- walls ---------------------------------------------------------------

@test "different networks do not reach each other; internal ones reach nothing" {
	make front
	make back
	make vault --internal
	up web --network front busybox httpd -f -p 80 -h /etc
	up safe --network vault busybox httpd -f -p 80 -h /etc
	local ip
	ip=$(address web front)
	run -0 wait_for 30 dhow run --rm --network front busybox \
		timeout 3 wget -q -O- "http://$ip/hostname"
	for network in back vault bridge; do
		run dhow run --rm --network "$network" busybox \
			timeout 1 wget -q -O- "http://$ip/hostname"
		[ "$status" != 0 ]
		run dhow run --rm --network "$network" busybox \
			nslookup -type=a web
		[[ $output != *"$ip"* ]]
	done
	ip=$(address safe vault)
	run dhow run --rm --network back busybox \
		timeout 1 wget -q -O- "http://$ip/hostname"
	[ "$status" != 0 ]
	# No route out, and with one made by hand no way either.
	run -0 dhow run --rm --network vault --cap-add NET_ADMIN busybox sh -c '
		ip route | grep -q default && echo leak
		ip route add default via $(ip -4 route |
			sed "s/0\\/.*/1/;q") dev eth0
		timeout 1 wget -q -O- http://169.254.1.2:22/ && echo leak
		ping -c 1 -W 1 1.1.1.1 >/dev/null && echo leak
		nslookup example.com >/dev/null 2>&1 && echo leak
		true'
	[[ $output != *leak* ]]
	run -0 wait_for 30 dhow run --rm --network vault busybox \
		timeout 3 wget -q -O- http://safe/hostname
}

@test "enable_icc=false: containers of one network do not talk" {
	make alone -o com.docker.network.bridge.enable_icc=false
	up web --network alone busybox httpd -f -p 80 -h /etc
	run dhow run --rm --network alone busybox \
		timeout 1 wget -q -O- http://web/hostname
	[ "$status" != 0 ]
}

@test "--host-loopback=false closes the host's own servers" {
	local port
	python3 -c '
import socket, sys
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(8)
print(s.getsockname()[1], flush=True)
while True:
    c, _ = s.accept(); c.recv(100); c.sendall(b"HTTP/1.0 200 OK\r\n\r\nhost"); c.close()
' >"$BATS_TEST_TMPDIR/port" 3>&- &
	local server=$!
	wait_for 50 test -s "$BATS_TEST_TMPDIR/port"
	port=$(cat "$BATS_TEST_TMPDIR/port")
	run -0 wait_for 30 dhow run --rm busybox timeout 3 wget -q -O- \
		"http://host.docker.internal:$port/"
	[ "$output" = host ]
	run dhow run --rm --host-loopback=false busybox timeout 2 wget -q -O- \
		"http://host.docker.internal:$port/"
	[ "$status" != 0 ]
	mkdir -p "$HOME/.config/dhow"
	echo 'host-loopback: false' >"$HOME/.config/dhow/config.yaml"
	run dhow run --rm busybox timeout 2 wget -q -O- \
		"http://host.docker.internal:$port/"
	rm "$HOME/.config/dhow/config.yaml"
	kill "$server"
	[ "$status" != 0 ]
}

# --- several networks, and changes ---------------------------------------

@test "a container on two networks sees both; the first has the way out" {
	make front
	make back
	up db --network back busybox sleep 60
	up web --network front busybox sleep 60
	run -0 dhow run --rm --network front,back busybox sh -c \
		'ip route; nslookup -type=a db; nslookup -type=a web; ls /sys/class/net'
	[[ $output == *"default via"*"dev eth0"* ]]
	[[ $output == *"$(address db back)"* ]]
	[[ $output == *"$(address web front)"* ]]
	[[ $output == *eth1* ]]
	run -0 dhow run --rm --network name=front --network \
		name=back,gw-priority=9 busybox ip route
	[[ $output == *"default via"*"dev eth1"* ]]
}

@test "connect and disconnect while it runs; kept when it is started again" {
	make front
	make back --subnet 10.89.2.0/24
	dhow run -d --name web --init --network front busybox \
		httpd -f -p 80 -h /etc >/dev/null
	up user --network back busybox sleep 60
	dhow network connect --alias www --ip 10.89.2.77 back web
	run -0 wait_for 30 in_ user "timeout 3 wget -q -O- http://www/hostname"
	run -0 in_ web "ip -4 addr; cat /etc/hosts"
	[[ $output == *"10.89.2.77/24"*"10.89.2.77"* ]]
	run -1 dhow network connect back web
	[[ $output == *"already exists"* ]]
	run -0 dhow network inspect back -f '{{range .Containers}}{{.Name}} {{end}}'
	[[ $output == *web* ]]
	dhow network disconnect front web
	run -0 in_ web "ip -4 addr; ip route"
	[[ $output == *"default via 10.89.2.1 dev eth1"* && $output != *eth0* ]]
	dhow stop -t 1 web
	dhow start web
	run -0 wait_for 30 in_ user "timeout 3 wget -q -O- http://www/hostname"
	[ "$(address web back)" = 10.89.2.77 ]
	dhow network disconnect back web
	run in_ user "timeout 1 wget -q -O- http://www/hostname"
	[ "$status" != 0 ]
	dhow network connect bridge web
	run -0 in_ web "ip -4 route"
	[[ $output == *"default via"* ]]
	run -1 dhow network connect host web
	run -125 dhow run --rm --network-alias x busybox true
	[[ $output == *"only supported for user-defined networks"* ]]
}

@test "--network container: shares it, --link names it" {
	make back
	up web --init --network back busybox httpd -f -p 127.0.0.1:80 -h /etc
	run -0 wait_for 30 dhow run --rm --network container:web busybox sh -c \
		'wget -q -O- http://127.0.0.1/hostname; hostname'
	[ "${lines[0]}" = "${lines[1]}" ]
	run -125 dhow run --rm --network container:web -p 80:80 busybox true
	[[ $output == *"conflicting options"* ]]
	run -0 dhow run --rm --network back --link web:www busybox \
		grep www /etc/hosts
	[[ $output == "$(address web back)"* ]]
}

@test "--ip, --ip6 and --mac-address are kept; IPv6 between containers" {
	make six --ipv6 --subnet 10.89.3.0/24 --subnet fd99:1::/64
	up one --network six --ip 10.89.3.33 --ip6 fd99:1::99 \
		--mac-address 02:00:00:00:00:07 busybox \
		httpd -f -p '[::]:80' -h /etc
	run -0 in_ one "ip addr show eth0"
	[[ $output == *02:00:00:00:00:07* && $output == *10.89.3.33/24* ]]
	[[ $output == *fd99:1::99/64* ]]
	run -0 wait_for 30 dhow run --rm --network six busybox sh -c \
		'nslookup -type=aaaa one; timeout 3 wget -q -O- "http://[fd99:1::99]/hostname"'
	[[ $output == *fd99:1::99* ]]
	run -125 dhow run --rm --network six --ip 10.89.3.33 busybox true
	[[ $output == *"already in use"* ]]
}

@test "--ip-range holds for both families" {
	make narrow --ipv6 --subnet 10.89.4.0/24 --ip-range 10.89.4.64/28 \
		--subnet fd99:2::/64 --ip-range fd99:2::5:0/112
	run -0 dhow run --rm --network narrow busybox ip addr show eth0
	[[ $output == *10.89.4.64/24* && $output == *fd99:2::5:40/64* ]]
	run -0 dhow network inspect -f '{{json .IPAM.Config}}' narrow
	[[ $output == *'"IPRange":"fd99:2::5:0/112"'* ]]
	run -1 dhow network create --ipv6 --subnet 10.89.5.0/24 \
		--subnet fd99:3::/64 --ip-range fd99:4::/112 wrong
	[[ $output == *"is no part of"* ]]
}

# --- ports ---------------------------------------------------------------

@test "publish_address and -P" {
	use_image served '{"Cmd": ["httpd", "-f", "-p", "80", "-h", "/etc"],
		"ExposedPorts": {"80/tcp": {}}, "Env": ["PATH=/bin"]}'
	mkdir -p "$HOME/.config/dhow"
	echo 'publish_address: 127.0.0.1' >"$HOME/.config/dhow/config.yaml"
	up web -P served
	rm "$HOME/.config/dhow/config.yaml"
	run -0 dhow port web 80
	[[ $output == 127.0.0.1:* ]]
	run -0 wait_for 30 curl -sf -m 5 "http://$output/hostname"
}

@test "-p of a range: each to each, or one that is free" {
	local port tries
	for tries in 1 2 3 4 5; do
		port=$((20000 + RANDOM % 10000))
		up web -p "127.0.0.1:$port-$((port + 1)):8000-8001" busybox \
			sh -c 'httpd -p 8000 -h /etc
				exec httpd -f -p 8001 -h /etc' && break
	done
	run -0 wait_for 50 curl -sf "http://127.0.0.1:$port/hostname"
	run -0 wait_for 50 curl -sf "http://127.0.0.1:$((port + 1))/hostname"
	run -0 dhow port web
	[[ $output == *"8000/tcp -> 127.0.0.1:$port"* ]]
	[[ $output == *"8001/tcp -> 127.0.0.1:$((port + 1))"* ]]
	up other -p "127.0.0.1:$port-$((port + 20)):80" busybox \
		httpd -f -p 80 -h /etc
	run -0 dhow port other 80
	[ "${output##*:}" -gt $((port + 1)) ]
	[ "${output##*:}" -le $((port + 20)) ]
	run -0 wait_for 50 curl -sf "http://$output/hostname"
}

@test "a port that is taken: the holder is named, nothing is made" {
	local port
	up web -p 0:80 busybox httpd -f -p 80 -h /etc
	port=$(dhow port web 80 | head -n 1)
	run -125 dhow run --name second -p "${port##*:}:80" busybox true
	[[ $output == *"already allocated"*"process "* ]]
	run -1 dhow container exists second
}

# --- real servers --------------------------------------------------------

@test "nginx, redis and postgres behind one another" {
	local program
	for program in nginx redis-server; do
		PATH=$PATH:/usr/sbin command -v $program >/dev/null ||
			skip "$program is not installed"
	done
	make stack
	# shellcheck disable=SC2086
	up cache --network stack $HOST_FILES busybox \
		/usr/bin/redis-server --bind '*' --protected-mode no --save ''
	mkdir -p "$BATS_TEST_TMPDIR/nginx"
	cat >"$BATS_TEST_TMPDIR/nginx/nginx.conf" <<-EOF
		daemon off; pid /tmp/pid; error_log stderr; user root;
		events {}
		http {
			access_log /dev/stdout;
			client_body_temp_path /tmp/b; proxy_temp_path /tmp/p;
			fastcgi_temp_path /tmp/f; uwsgi_temp_path /tmp/u;
			scgi_temp_path /tmp/s;
			resolver 127.0.0.11 valid=1s;
			server {
				listen 80; listen [::]:80;
				location / {
					set \$to backend;
					proxy_pass http://\$to:80;
				}
				location /me { return 200 "\$remote_addr\n"; }
			}
		}
	EOF
	up backend --network stack busybox httpd -f -p 80 -h /etc
	# shellcheck disable=SC2086
	up proxy --network stack -p 127.0.0.1:0:80 $HOST_FILES \
		-v "$BATS_TEST_TMPDIR/nginx:/etc/nginx:ro" busybox \
		/usr/sbin/nginx -e stderr -c /etc/nginx/nginx.conf
	# shellcheck disable=SC2086
	wait_for 50 dhow run --rm --network stack $HOST_FILES busybox \
		/usr/bin/redis-cli -h cache ping
	run -0 wait_for 50 curl -sf -m 5 "http://$(dhow port proxy 80)/hostname"
	[[ $output == *"$(in_ backend hostname)"* ]]
	# Another backend of the name: nginx asks 127.0.0.11 again.
	dhow rm -f backend >/dev/null
	up backend2 --network stack --network-alias backend busybox \
		httpd -f -p 80 -h /etc
	sleep 1.1
	run -0 wait_for 50 curl -sf -m 5 "http://$(dhow port proxy 80)/hostname"
	[[ $output == *"$(in_ backend2 hostname)"* ]]
	local bin=/usr/lib/postgresql/15/bin
	[ -x "$bin/postgres" ] || return 0
	# shellcheck disable=SC2086
	up sql --network stack $HOST_FILES -v /etc/passwd:/etc/passwd:ro \
		-u "$(id -u nobody):$(id -g nobody)" --tmpfs /data:mode=1777 \
		--tmpfs /run/postgresql:mode=1777 busybox sh -c "
		$bin/initdb -D /data/db -A trust -U app >/dev/null &&
		echo 'host all all all trust' >>/data/db/pg_hba.conf &&
		exec $bin/postgres -D /data/db -h '*' -k /tmp" || true
	# shellcheck disable=SC2086
	[ "$(id_mode)" = single ] || run -0 wait_for 100 dhow run --rm \
		--network stack $HOST_FILES busybox \
		$bin/psql -h sql -U app -d postgres -tc 'select 40 + 2'
}

# --- the process behind --------------------------------------------------

@test "killed, it comes back: addresses, names and ports are kept" {
	make front
	make back
	up web --init --network front,back -p 127.0.0.1:0:80 busybox \
		httpd -f -p 80 -h /etc
	up user --network back busybox sleep 60
	local port before after
	port=$(dhow port web 80)
	before=$(address web front)$(address web back)$(address user back)
	kill -KILL "$(network_pid)"
	run -0 wait_for 50 in_ user "timeout 1 wget -q -O- http://web/hostname"
	run -0 wait_for 50 curl -sf -m 2 "http://$port/hostname"
	after=$(address web front)$(address web back)$(address user back)
	[ "$before" = "$after" ]
	run -0 in_ web "ip -4 -o addr show eth0; ip -4 -o addr show eth1"
	[[ $output == *"$(address web front)/"* ]]
	[[ $output == *"$(address web back)/"* ]]
	# And again, by the half inside.
	pkill -KILL -U "$(id -u)" -x dhow-net-inner || true
	run -0 wait_for 50 in_ user "timeout 1 wget -q -O- http://web/hostname"
}

@test "what cannot come back at once is tried for again" {
	local dir=/tmp/dhow-$(id -u)/net pid ip
	[ -z "${XDG_RUNTIME_DIR:-}" ] || dir=$XDG_RUNTIME_DIR/dhow/net
	make back
	up web --network back busybox httpd -f -p 80 -h /etc
	up user --network back busybox sleep 60
	pid=$(network_pid)
	ip=$(address web back)
	# Nobody can start another one for now.
	mv "$dir" "$dir.away"
	: >"$dir"
	kill -KILL "$pid"
	offline() { ! in_ user "timeout 1 wget -q -O- http://$ip/hostname"; }
	wait_for 50 offline
	rm "$dir"
	mv "$dir.away" "$dir"
	run -0 wait_for 150 in_ user \
		"timeout 1 wget -q -O- http://web/hostname"
}

@test "who comes while the network process ends shares the next one" {
	local i first
	for i in {1..12}; do
		# All are gone, and the user namespace with them; not yet it.
		dhow rm -fa >/dev/null
		dhow run -d --name "one$i" busybox sleep 1000 >/dev/null 3>&- &
		first=$!
		dhow run -d --name "two$i" busybox sleep 1000 >/dev/null
		wait "$first"
		[ "$(dhow network inspect -f '{{len .Containers}}' bridge)" = 2 ]
	done
}

@test "nothing is left when all have gone" {
	make back
	for i in 1 2 3 4 5 6; do
		up "c$i" --network back busybox sleep 60
	done
	dhow rm -f c1 c2 c3 c4 c5 c6 >/dev/null
	wait_for 50 sh -c "! pgrep -U $(id -u) -x 'dhow-net-inner' >/dev/null"
}
