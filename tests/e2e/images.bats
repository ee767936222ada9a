#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Images come, are listed, named, read by others, and go.

bats_require_minimum_version 1.5.0
load lib/common
load lib/registry

setup_file() {
	dhow_setup_file
	start_registry
	ARCHIVE=$(cached busybox-2.oci make_busybox_image)
	# A directory: skopeo gives files of an archive to their owners, which
	# only root can.
	LAYOUT=$BATS_FILE_TMPDIR/layout
	mkdir "$LAYOUT"
	tar -xf "$ARCHIVE" -C "$LAYOUT"
	export ARCHIVE LAYOUT
	push_image "oci:$LAYOUT" busybox:1
	push_image "oci:$LAYOUT" busybox:zstd \
		--dest-compress --dest-compress-format zstd
}

teardown_file() {
	stop_registries
	dhow_teardown_file
}

setup() { IMG=$REGISTRY/busybox; }

teardown() {
	dhow rmi -af >/dev/null 2>&1 || true
}

# The store holds no blob and no layer.
store_is_empty() {
	[ -z "$(find "$STORE/blobs/sha256" "$STORE/layers" "$STORE/tmp" \
		-mindepth 1 -maxdepth 1)" ]
}

@test "pull tells what it does and says the reference last" {
	run dhow pull "$IMG:1"
	[ "$status" = 0 ]
	[ "${lines[0]}" = "1: Pulling from $IMG" ]
	[[ $output == *"Pull complete"* ]]
	[[ $output == *"Digest: sha256:"* ]]
	[[ $output == *"Status: Downloaded newer image for $IMG:1"* ]]
	[ "${lines[-1]}" = "$IMG:1" ]
	run dhow pull "$IMG:1"
	[[ $output == *"Already exists"* ]]
	[[ $output == *"Status: Image is up to date for $IMG:1"* ]]
}

@test "pull -q prints the reference only" {
	run dhow pull -q "$IMG:1"
	[ "$status" = 0 ]
	[ "$output" = "$IMG:1" ]
}

@test "gzip and zstd layers make the same tree" {
	dhow pull -q "$IMG:1"
	dhow pull -q "$IMG:zstd"
	[ "$(find "$STORE/layers" -mindepth 1 -maxdepth 1 | wc -l)" = 1 ]
}

@test "a pull by digest is found by it, and by no other name" {
	digest=$(skopeo inspect --tls-verify=false --format '{{.Digest}}' \
		"docker://$IMG:1")
	run dhow pull "$IMG@$digest"
	[ "$status" = 0 ]
	[ "${lines[-1]}" = "$IMG@$digest" ]
	dhow image inspect "$IMG@$digest" >/dev/null
	dhow image inspect "$IMG:9@$digest" >/dev/null
	run dhow image inspect "other@$digest"
	[ "$status" = 1 ]
	run dhow images --digests --format '{{.Repository}} {{.Tag}} {{.Digest}}'
	[ "$output" = "$IMG <none> $digest" ]
}

@test "all tags of a repository are pulled" {
	run dhow pull -q --all-tags "$IMG"
	[ "$status" = 0 ]
	[ "$output" = "$IMG" ]
	[ "$(dhow images --format '{{.Tag}}' | sort | xargs)" = "1 zstd" ]
	run dhow pull -a "$IMG:1"
	[ "$status" = 1 ]
}

@test "what is not there is one line and exit 1" {
	run dhow pull "$IMG:absent"
	[ "$status" = 1 ]
	[[ ${lines[1]} == "Error: "*absent* ]]
	run dhow pull Upper/case
	[ "$status" = 1 ]
	run dhow pull --platform linux/arm64 "$IMG:1"
	[ "$status" = 1 ]
	[[ $output == *"linux/arm64"* ]]
	store_has_no_image
}

store_has_no_image() { [ -z "$(dhow images -q)" ]; }

@test "bytes that are not what their digest says are refused" {
	for mode in wrong-blob wrong-claim truncate; do
		start_fake_registry "$LAYOUT" $mode
		run dhow pull --retry 0 -q "$FAKE/busybox:latest"
		[ "$status" = 1 ]
		[[ $output == "Error: "* ]]
		[ -z "$(dhow images -q)" ]
		[ -z "$(find "$STORE/layers" "$STORE/tmp" -mindepth 1)" ]
	done
}

@test "skopeo reads the store" {
	dhow pull -q "$IMG:1"
	dhow tag "$IMG:1" mine:x
	run skopeo inspect "oci:$STORE:$IMG:1"
	[ "$status" = 0 ]
	skopeo inspect "oci:$STORE:docker.io/library/mine:x" >/dev/null
	skopeo copy -q "oci:$STORE:$IMG:1" "dir:$BATS_TEST_TMPDIR/copy"
}

@test "what skopeo wrote into the store is listed" {
	dhow pull -q "$IMG:1"
	skopeo copy -q "oci:$LAYOUT" "oci:$STORE:foreign:7"
	run dhow images --format '{{.Repository}}:{{.Tag}}'
	[[ $output == *"foreign:7"* ]]
	[[ $output == *"$IMG:1"* ]]
	# Its layers are unpacked when they are first needed.
	[ "$(dhow run --rm --network none foreign:7 echo hello)" = hello ]
	dhow rmi foreign:7
	dhow image inspect "$IMG:1" >/dev/null
}

@test "archives of skopeo load, from a file, a pipe, and compressed" {
	for kind in docker-archive oci-archive; do
		file=$BATS_TEST_TMPDIR/$kind.tar
		skopeo copy -q "oci:$LAYOUT" "$kind:$file:box:x"
		[ "$(dhow load -q -i "$file")" = "Loaded image: box:x" ]
		dhow rmi box:x
		for tool in cat gzip bzip2 xz zstd; do
			command -v $tool >/dev/null || continue
			[ "$($tool <"$file" | dhow load -q)" = \
				"Loaded image: box:x" ]
		done
		dhow rmi box:x
	done
	store_is_empty
}

@test "archives of podman save load" {
	command -v podman >/dev/null || skip "podman is not installed"
	opts=(--root "$BATS_TEST_TMPDIR/p" --runroot "$BATS_TEST_TMPDIR/r"
		--storage-driver vfs)
	podman "${opts[@]}" load -q -i "$ARCHIVE" >/dev/null 2>&1 ||
		skip "podman does not work here"
	name=$(podman "${opts[@]}" images --format '{{.Repository}}:{{.Tag}}' |
		head -1)
	for format in docker-archive oci-archive; do
		podman "${opts[@]}" save -q --format $format \
			-o "$BATS_TEST_TMPDIR/$format.tar" "$name"
		run dhow load -q -i "$BATS_TEST_TMPDIR/$format.tar"
		[ "$status" = 0 ]
		[[ $output == "Loaded image: "* ]]
		dhow rmi -af
	done
	podman "${opts[@]}" rmi -af >/dev/null 2>&1
	podman "${opts[@]}" unshare rm -rf "$BATS_TEST_TMPDIR/p" 2>/dev/null ||
		rm -rf "$BATS_TEST_TMPDIR/p"
}

@test "a directory with an OCI layout loads" {
	skopeo copy -q "oci:$LAYOUT" "oci:$BATS_TEST_TMPDIR/dir:d:1"
	[ "$(dhow load -i "$BATS_TEST_TMPDIR/dir")" = "Loaded image: d:1" ]
}

@test "what is no image archive is refused and leaves nothing" {
	echo "no archive" >"$BATS_TEST_TMPDIR/text"
	tar -cf "$BATS_TEST_TMPDIR/other.tar" -C "$BATS_TEST_TMPDIR" text
	head -c 600000 "$ARCHIVE" >"$BATS_TEST_TMPDIR/cut.tar"
	for file in text other.tar cut.tar absent; do
		run dhow load -i "$BATS_TEST_TMPDIR/$file"
		[ "$status" = 1 ]
		[[ $output == "Error: load "* ]]
		[ "$(wc -l <<<"$output")" -le 2 ]
	done
	store_is_empty
}

@test "a layer that leaves its root is refused and writes nothing outside" {
	python3 "$LIB/mkimage.py" "$BATS_TEST_TMPDIR/evil.tar" evil:1 \
		--format docker '[{"path": "../../../../escaped", "data": "x"}]'
	run dhow load -i "$BATS_TEST_TMPDIR/evil.tar"
	[ "$status" = 1 ]
	[ -z "$(find "$HOME" "$STORE" -name escaped)" ]
	store_is_empty
}

# A docker-archive of files as they are told: evil_archive OUT NAME=TEXT…,
# NAME@TARGET for a symlink.
evil_archive() {
	python3 - "$@" <<-'END'
		import io, sys, tarfile
		with tarfile.open(sys.argv[1], "w") as tar:
		    for word in sys.argv[2:]:
		        if "=" not in word:
		            name, target = word.split("@")
		            info = tarfile.TarInfo(name)
		            info.type, info.linkname = tarfile.SYMTYPE, target
		            tar.addfile(info)
		            continue
		        name, text = word.split("=", 1)
		        info = tarfile.TarInfo(name)
		        info.size = len(text)
		        tar.addfile(info, io.BytesIO(text.encode()))
	END
}

@test "an archive cannot name what is outside of it" {
	file=$BATS_TEST_TMPDIR/evil.tar
	diff='"rootfs":{"type":"layers","diff_ids":["sha256:'$(printf 'a%.0s' \
		{1..64})'"]}'
	config='c.json={"architecture":"amd64","os":"linux",'$diff'}'
	for links in 'l.tar@../../../../../etc/passwd' 'l.tar@/etc/passwd' \
		'l.tar@m.tar m.tar@l.tar' 'l.tar@l.tar'; do
		# shellcheck disable=SC2086
		evil_archive "$file" "$config" $links \
			'manifest.json=[{"Config":"c.json","Layers":["l.tar"]}]'
		run dhow load -i "$file"
		[ "$status" = 1 ]
		[[ $output == "Error: load "* ]]
	done
	for layers in '["../../etc/passwd"]' '["/etc/passwd"]' '[]' '[1]' \
		'["absent"]' '{}'; do
		evil_archive "$file" "$config" \
			'manifest.json=[{"Config":"c.json","Layers":'"$layers"'}]'
		run dhow load -i "$file"
		[ "$status" = 1 ]
	done
	for manifest in '[]' '{}' '[{}]' 'x' '[{"Config":"../../etc/passwd"}]'; do
		evil_archive "$file" "$config" "manifest.json=$manifest"
		run dhow load -i "$file"
		[ "$status" = 1 ]
	done
	store_is_empty
}

@test "a layer other than the config says is refused" {
	file=$BATS_TEST_TMPDIR/other.tar
	python3 "$LIB/mkimage.py" "$file" other:1 --format docker "$(busybox_tar)"
	mkdir "$BATS_TEST_TMPDIR/x"
	tar -xf "$file" -C "$BATS_TEST_TMPDIR/x"
	grep -rl diff_ids "$BATS_TEST_TMPDIR/x" | xargs sed -i -E \
		's/("diff_ids": ?\["sha256:)[0-9a-f]{8}/\100000000/'
	tar -cf "$file" -C "$BATS_TEST_TMPDIR/x" .
	run dhow load -i "$file"
	[ "$status" = 1 ]
	[[ $output == *"and the image says sha256:00000000"* ]]
	store_is_empty
}

@test "CVE-2021-20291: a bad layer holds up nobody" {
	start_fake_registry "$LAYOUT" wrong-blob
	timeout 20 "$DHOW" pull --retry 0 -q "$FAKE/busybox:latest" 3>&- & one=$!
	run timeout 20 "$DHOW" pull --retry 0 -q "$FAKE/busybox:latest"
	[ "$status" = 1 ]
	wait $one || true
	timeout 20 "$DHOW" pull -q "$IMG:1"
	[ "$(dhow images -q | wc -l)" = 1 ]
}

@test "import makes an image of a tree, by file and by pipe" {
	id=$(dhow import -m hello -c 'CMD ["sh"]' -c 'ENV A=b' \
		-c 'LABEL k=v' "$(busybox_tar)" tree:1)
	[[ $id == sha256:* ]]
	run dhow image inspect tree:1 --format \
		'{{.Id}} {{.Config.Cmd}} {{.Config.Env}} {{.Config.Labels.k}} {{.Comment}}'
	[ "$output" = "$id [sh] [A=b] v hello" ]
	gzip <"$(busybox_tar)" | dhow import - tree:gz
	xz -0 <"$(busybox_tar)" | dhow import - tree:xz
	[ "$(find "$STORE/layers" -mindepth 1 -maxdepth 1 | wc -l)" = 1 ]
	skopeo inspect "oci:$STORE:docker.io/library/tree:xz" >/dev/null
	run dhow import -c 'FROM x' "$(busybox_tar)"
	[ "$status" = 1 ]
	[[ $output == *FROM* ]]
}

@test "import from the web" {
	registry_missing python3
	ln -s "$(busybox_tar)" "$BATS_TEST_TMPDIR/box.tar"
	python3 -u -m http.server --bind 127.0.0.1 \
		-d "$BATS_TEST_TMPDIR" 0 >"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
	pid=$!
	wait_for 50 grep -q 'port [0-9]' "$BATS_TEST_TMPDIR/log"
	port=$(sed -n 's/.*port \([0-9]*\).*/\1/p' "$BATS_TEST_TMPDIR/log")
	run dhow import "http://127.0.0.1:$port/box.tar" web:1
	run2() { dhow import "http://127.0.0.1:$port/absent" web:2; }
	[ "$status" = 0 ]
	[[ $output == sha256:* ]]
	run run2
	kill $pid
	wait $pid || true
	[ "$status" = 1 ]
	[[ $output == *"status 404"* ]]
	dhow image inspect web:1 >/dev/null
}

@test "an image is found by name, id, short id and digest" {
	id=$(dhow import "$(busybox_tar)" find:1)
	hex=${id#sha256:}
	for name in find:1 docker.io/library/find:1 "$id" "$hex" "${hex:0:12}" \
		localhost/find:1; do
		[ "$(dhow inspect -f '{{.Id}}' "$name")" = "$id" ]
	done
	run dhow inspect find:1 absent
	[ "$status" = 1 ]
	[[ $output == *"no such object: 'absent'"* ]]
	run dhow inspect absent
	[ "${lines[0]}" = "[]" ] || [ "${lines[1]}" = "[]" ]
	run dhow inspect --type container find:1
	[ "$status" = 1 ]
}

@test "images filters" {
	dhow import -c 'LABEL k=v' "$(busybox_tar)" one:1 >/dev/null
	dhow import "$(busybox_tar)" two/x:2 >/dev/null
	dhow import "$(busybox_tar)" >/dev/null
	names='{{.Repository}}:{{.Tag}}'
	list() { dhow images --format "$names" "$@" | sort | xargs; }
	[ "$(list)" = "<none>:<none> one:1 two/x:2" ]
	[ "$(list one)" = "one:1" ]
	[ "$(list 'two/*')" = "two/x:2" ]
	[ "$(list -f reference='*/x:2')" = "two/x:2" ]
	[ "$(list -f dangling=true)" = "<none>:<none>" ]
	[ "$(list -f dangling=false)" = "one:1 two/x:2" ]
	[ "$(list -f label=k)" = "one:1" ]
	[ "$(list -f label=k=w)" = "" ]
	[ "$(list -f since=one:1)" = "<none>:<none> two/x:2" ]
	[ "$(list -f before=two/x:2)" = "one:1" ]
	[ "$(list -f until=1h)" = "" ]
	run dhow images -f nonsense=1
	[ "$status" = 1 ]
}

@test "config.json says how images are listed, and --format and -q more" {
	id=$(dhow import "$(busybox_tar)" f:1)
	mkdir -p "$HOME/.docker"
	echo '{"imagesFormat": "<{{.Tag}}>"}' >"$HOME/.docker/config.json"
	run dhow images
	[ "$output" = "<1>" ]
	run dhow images --format '{{.Repository}}'
	[ "$output" = f ]
	run dhow images -q --no-trunc
	rm "$HOME/.docker/config.json"
	[ "$output" = "$id" ]
}

@test "rmi untags until the last name, then deletes" {
	id=$(dhow import "$(busybox_tar)" a:1)
	dhow tag a:1 b:1
	[ "$(dhow rmi a:1)" = "Untagged: a:1" ]
	run dhow rmi b:1
	[ "$output" = "Untagged: b:1"$'\n'"Deleted: $id" ]
	store_is_empty
	run dhow rmi b:1
	[ "$status" = 1 ]
	dhow rmi -i b:1
}

@test "rmi by id wants force when several repositories name it" {
	id=$(dhow import "$(busybox_tar)" a:1)
	dhow tag a:1 b:1
	run dhow rmi "$id"
	[ "$status" = 1 ]
	dhow rmi -f "$id"
	store_is_empty
}

@test "untag keeps the image" {
	id=$(dhow import "$(busybox_tar)" a:1)
	dhow untag a:1
	run dhow images --format '{{.Repository}} {{.Tag}}'
	[ "$output" = "<none> <none>" ]
	[ "$(dhow inspect -f '{{.Id}}' "$id")" = "$id" ]
}

@test "forty layers, some of them twice, pulled by two at once" {
	layers=()
	for i in {1..40}; do
		layers+=('[{"path": "f'$((i % 30))'", "data": "'$((i % 30))'"}]')
	done
	python3 "$LIB/mkimage.py" "$BATS_TEST_TMPDIR/many.tar" many:1 \
		"${layers[@]}"
	mkdir "$BATS_TEST_TMPDIR/many"
	tar -xf "$BATS_TEST_TMPDIR/many.tar" -C "$BATS_TEST_TMPDIR/many"
	push_image "oci:$BATS_TEST_TMPDIR/many" many:1
	dhow pull -q "$REGISTRY/many:1" 3>&- & one=$!
	dhow pull -q "$REGISTRY/many:1"
	wait $one
	[ "$(find "$STORE/layers" -mindepth 1 -maxdepth 1 | wc -l)" = 30 ]
	[ "$(dhow inspect -f '{{len .RootFS.Layers}}' "$REGISTRY/many:1")" = 40 ]
	dhow load -q -i "$BATS_TEST_TMPDIR/many.tar"
	dhow rmi "$REGISTRY/many:1" >/dev/null
	[ "$(find "$STORE/layers" -mindepth 1 -maxdepth 1 | wc -l)" = 30 ]
}

@test "two pulls of one image at once do the work once" {
	dhow pull -q "$IMG:1" & one=$!
	dhow pull -q "$IMG:1" & two=$!
	wait $one
	wait $two
	[ "$(dhow images -q | wc -l)" = 1 ]
	[ -z "$(find "$STORE/tmp" -mindepth 1)" ]
}

# Kill what "$@" starts after some milliseconds, at many points; each time the
# store must be readable, and at the end the command must still work.
kill_at_points() {
	local ms
	for ms in 2 5 10 15 20 30 40 60 80 100 140 180 250 350 500; do
		"$@" >/dev/null 2>&1 3>&- &
		sleep "$(printf '0.%03d' $ms)"
		kill -9 $! 2>/dev/null || true
		wait $! 2>/dev/null || true
		dhow images >/dev/null
	done
	wait_for 50 no_helper
	"$@" >/dev/null
	wait_for 50 no_helper
}

no_helper() {
	! pgrep -u "$(id -u)" -x dhow-transfer >/dev/null
}

@test "kill -9 at any point of pull, load and import leaves a good store" {
	kill_at_points "$DHOW" pull -q "$IMG:1"
	dhow image inspect "$IMG:1" >/dev/null
	dhow rmi -af >/dev/null
	store_is_empty
	kill_at_points "$DHOW" load -q -i "$ARCHIVE"
	dhow rmi -af >/dev/null
	store_is_empty
	kill_at_points "$DHOW" import "$(busybox_tar)" k:1
	dhow image inspect k:1 >/dev/null
	dhow rmi -af >/dev/null
	store_is_empty
}

@test "Ctrl-C ends a pull, exit 130, and leaves nothing half made" {
	start_fake_registry "$LAYOUT" slow=100000
	rm -rf "$STORE/partial"
	run python3 -c '
import os, signal, subprocess, sys, time
# Who was started in the background ignores it, and so would dhow.
signal.signal(signal.SIGINT, signal.SIG_DFL)
p = subprocess.Popen(sys.argv[2:], start_new_session=True)
while p.poll() is None and "/blobs/" not in open(sys.argv[1]).read():
    time.sleep(0.1)
os.killpg(p.pid, signal.SIGINT)
sys.exit(p.wait())' "$FAKE_LOG" timeout 60 "$DHOW" pull "$FAKE/busybox:latest"
	[ "$status" = 130 ]
	[ "${lines[-1]}" = "Error: stopped" ]
	no_helper
	[ -z "$(find "$STORE/layers" "$STORE/tmp" -mindepth 1)" ]
}

@test "a large layer needs no more memory than a small one" {
	mkdir "$BATS_TEST_TMPDIR/big"
	head -c 150000000 /dev/urandom >"$BATS_TEST_TMPDIR/big/file"
	tar -cf "$BATS_TEST_TMPDIR/big.tar" -C "$BATS_TEST_TMPDIR/big" .
	run python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)' \
		"$DHOW" import "$BATS_TEST_TMPDIR/big.tar" big:1
	[ "$status" = 0 ]
	echo "$output MiB"
	[ "$output" -le 64 ]
}

@test "a full disk is told before anything is written" {
	is_root || skip "only root mounts a small file system"
	mkdir "$BATS_TEST_TMPDIR/small"
	mount -t tmpfs -o size=1m,mode=700 none "$BATS_TEST_TMPDIR/small"
	run dhow --root "$BATS_TEST_TMPDIR/small" pull "$IMG:1"
	umount "$BATS_TEST_TMPDIR/small"
	[ "$status" = 1 ]
	[[ $output == *"are needed and"*"are free"* ]]
}

@test "a thousand images are listed in one go" {
	dhow import "$(busybox_tar)" many:1 >/dev/null
	python3 - "$STORE/index.json" <<-'END'
		import sys
		path = sys.argv[1]
		head, row, tail = open(path).read().splitlines()
		rows = [row.replace("many:1", f"many:{i}") for i in range(1000)]
		open(path, "w").write("\n".join([head, ",\n".join(rows), tail, ""]))
	END
	[ "$(dhow images -q | wc -l)" = 1000 ]
	[ "$(dhow inspect -f '{{len .RepoTags}}' many:999)" = 1000 ]
}

@test "exists answers with its exit status and nothing else" {
	use_busybox
	run -0 dhow image exists busybox
	[ -z "$output" ]
	run -1 dhow image exists nothing-like-it
	[ -z "$output" ]
	run -1 dhow volume exists nothing-like-it
	run -1 dhow container exists nothing-like-it
	run -125 dhow volume exists 'a/b'
}

@test "unshare has the ids of containers, the command's status, own mounts" {
	use_busybox
	run -0 dhow unshare id -u
	[ "$output" = 0 ]
	# shellcheck disable=SC2016 # expanded by the inner shell
	run -0 dhow unshare sh -c 'echo "$CONTAINERS_GRAPHROOT"'
	[ "$output" = "$STORE" ]
	run -0 dhow unshare sh -c 'mount -t tmpfs none /mnt && echo mounted'
	[ "$output" = mounted ]
	run -7 dhow unshare sh -c 'exit 7'
	run -127 dhow unshare /nothing/here
	[ "$(id_mode)" = range ] || return 0
	cd "$BATS_TEST_TMPDIR"
	run -0 dhow unshare sh -c 'touch f && chown 1000 f && rm f'
}
