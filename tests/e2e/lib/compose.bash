# SPDX-License-Identifier: Apache-2.0
# What topics about Compose share: load lib/compose after lib/common. Each test
# is in an empty directory called proj and has the image "small", a busybox.

setup_file() {
	dhow_setup_file
	[ -x /bin/busybox ] || skip "busybox-static is not installed"
	local root=$BATS_FILE_TMPDIR/root name
	mkdir -p "$root"/{bin,etc,tmp,root}
	cp /bin/busybox "$root/bin/"
	for name in cat chmod chown echo env httpd id ls mkdir nslookup rm sh \
		sleep test touch true wget; do
		ln -s busybox "$root/bin/$name"
	done
	printf 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/:/bin/sh\n' \
		>"$root/etc/passwd"
	tar -C "$root" -cf "$BATS_FILE_TMPDIR/small.tar" .
	dhow import -q --change 'CMD ["sh"]' "$BATS_FILE_TMPDIR/small.tar" small
}

teardown_file() { dhow_teardown_file; }

setup() {
	mkdir "$BATS_TEST_TMPDIR/proj"
	cd "$BATS_TEST_TMPDIR/proj" || return 1
}

teardown() {
	dhow compose --profile '*' down -v --remove-orphans -t 0 \
		>/dev/null 2>&1 || true
}

write() { cat >compose.yaml; }

# Names and states of all containers of the project.
states() { dhow compose ps -a --format '{{.Name}} {{.State}}' | sort; }

# Does its name lead from the one to the other, where nobody listens?
sees_nobody() {
	local said
	said=$(dhow compose exec -T "$1" wget -qO- "http://$2" 2>&1)
	[[ $said == *refused* ]] || ! echo "$said"
}
