# SPDX-License-Identifier: Apache-2.0
# Volumes made by hand, what everything takes on disk, and pruning.
bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

@test "a volume is made, listed, shown and removed" {
	[ "$(dhow volume create --label tier=back data)" = data ]
	# As docker: once more is no failure.
	[ "$(dhow volume create data)" = data ]
	[[ $(dhow volume create) =~ ^[0-9a-f]{64}$ ]]
	run dhow volume ls
	[[ ${lines[0]} =~ ^DRIVER\ +VOLUME\ NAME$ ]]
	[[ $output =~ local\ +data ]]
	run dhow volume ls --filter label=tier=back --format '{{.Name}} {{.Driver}} {{.Scope}} {{.Label "tier"}}'
	[ "$output" = "data local local back" ]
	run dhow volume inspect --format '{{.Mountpoint}} {{json .Labels}}' data
	[ "$output" = "$STORE/volumes/data/_data {\"tier\":\"back\"}" ]
	[ "$(dhow volume ls -q --filter name=^data$)" = data ]
	[ "$(dhow volume rm data)" = data ]
	run -1 dhow volume rm data
	dhow volume rm -f data
	run -1 dhow volume create 'a/b'
	run -1 dhow volume inspect nothing
	[[ $output == *"[]"* ]]
	run -1 dhow volume rm
	dhow volume create last >/dev/null
	[ "$(dhow volume inspect --all --format '{{.Name}}')" = \
		"$(dhow volume ls -q)" ]
	run -0 dhow volume prune --all --dry-run
	[[ ${lines[0]} == "Volumes to be deleted:" && $output == *last* ]]
	[[ ${lines[-1]} == "Total reclaimable space: "* ]]
	dhow volume inspect last >/dev/null
	dhow volume rm --all >/dev/null
	[ -z "$(dhow volume ls -q)" ]
}

@test "volumes with options are a tmpfs or a directory of the host" {
	local dir=$BATS_TEST_TMPDIR/shared
	mkdir -m 777 "$dir"
	echo hello >"$dir/file"
	dhow volume create -o type=tmpfs -o device=tmpfs -o o=size=1m,mode=0700 mem
	dhow volume create -o type=none -o o=bind -o device="$dir" here
	run dhow run --rm --network none -v mem:/mem -v here:/here:ro busybox sh -c \
		'grep " /mem " /proc/mounts; cat /here/file; echo x >/here/file'
	[[ $output == *"tmpfs /mem tmpfs "*"size=1024k"*hello* ]]
	[[ $output == *"Read-only file system"* ]]
	dhow run --rm --network none -v here:/here busybox touch /here/new
	[ -e "$dir/new" ]
	run -1 dhow volume create -o type=nfs -o device=:/x -o o=addr=1 far
	[[ $output == *"for the host's root to mount"* ]]
	run -1 dhow volume create -o colour=red bad
	[[ $output == *"unknown volume option 'colour'"* ]]
	run -1 dhow volume create -o type=none -o o=bind -o device=relative bad
	dhow volume rm mem here
	# What the volume pointed to is not the volume's.
	[ -e "$dir/file" ]
}

@test "export and import carry a volume as a tar archive" {
	local tar=$BATS_TEST_TMPDIR/out.tar
	dhow run --rm --network none -v from:/v busybox sh -c 'cd /v &&
		mkdir -p d/e && echo one >d/e/f && ln -s e d/l && ln d/e/f d/h &&
		chmod 4750 d/e/f && chmod 700 d && touch .wh.name'
	dhow volume export -o "$tar" from
	[ "$(tar -tf "$tar" | sed 's|^\./||' | grep -c .)" -ge 6 ]
	dhow volume export from | cmp - "$tar"
	dhow volume create to
	run -0 dhow volume import to "$tar"
	[ -z "$output" ]
	run -0 dhow run --rm --network none -v to:/v busybox sh -c 'cd /v &&
		cat d/l/f && stat -c "%a %h %u" d/e/f && [ d/h -ef d/e/f ] &&
		ls -A'
	[ "$output" = "$(printf 'one\n4750 2 0\n.wh.name\nd')" ]
	# What an image has at the place stays out; what was there stays.
	mkdir "$BATS_TEST_TMPDIR/more"
	echo two >"$BATS_TEST_TMPDIR/more/two"
	dhow volume create fresh
	tar -C "$BATS_TEST_TMPDIR/more" -c . | dhow volume import fresh
	tar -C "$BATS_TEST_TMPDIR/more" -c two | dhow volume import to -
	run -0 dhow run --rm --network none -v to:/v -v fresh:/var/lib/data \
		busybox sh -c 'cat /v/two /v/d/l/f; ls /var/lib/data'
	[ "$output" = "$(printf 'two\none\ntwo')" ]
	run -1 dhow volume import absent "$tar"
	run -1 dhow volume export -o "$BATS_TEST_TMPDIR/none.tar" absent
	[ ! -e "$BATS_TEST_TMPDIR/none.tar" ]
	gzip -c "$tar" >"$tar.gz"
	run -1 dhow volume import to "$tar.gz"
	[[ $output == *"hint: "*gunzip* ]]
	dhow volume create -o type=tmpfs mem
	run -1 dhow volume export mem
	[[ $output == *tmpfs* ]]
	run -1 pty 'wait terminal' -- "$DHOW" volume export from
	dhow volume rm from to fresh mem
}

@test "an archive for a volume cannot leave it" {
	dhow volume create jail
	python3 - "$BATS_TEST_TMPDIR/evil.tar" <<-'END'
		import io, sys, tarfile
		with tarfile.open(sys.argv[1], "w") as tar:
		    link = tarfile.TarInfo("out")
		    link.type, link.linkname = tarfile.SYMTYPE, "../../../../../.."
		    tar.addfile(link)
		    for name in "out/tmp/dhow-escaped", "../../escaped":
		        info = tarfile.TarInfo(name)
		        info.size = 1
		        tar.addfile(info, io.BytesIO(b"x"))
	END
	run -1 dhow volume import jail "$BATS_TEST_TMPDIR/evil.tar"
	echo "$output"
	[ ! -e /tmp/dhow-escaped ]
	[ -z "$(find "$HOME" -name escaped)" ]
	dhow volume rm jail
}

@test "a volume that a container mounts stays" {
	dhow create --name user -v kept:/k busybox true
	run -1 dhow volume rm kept
	[[ $output == *"volume 'kept' is in use by 'user'"* ]]
	dhow volume prune -af
	[ "$(dhow volume ls -q --filter dangling=false)" = kept ]
	dhow rm user
	[ "$(dhow volume ls -q --filter dangling=true)" = kept ]
	# It has a name: only --all removes it.
	run dhow volume prune -f
	[[ $output == "Total reclaimed space: 0B" ]]
	run dhow volume prune -af
	[[ ${lines[*]} == "Deleted Volumes: kept Total reclaimed space: 0B" ]]
}

@test "prune asks, and no answer is no" {
	dhow create --name idle busybox true
	run dhow container prune </dev/null
	[[ $output == *"WARNING! This will remove all stopped containers."* ]]
	[ -n "$(dhow ps -aq)" ]
	dhow container prune -f --filter until=1h
	dhow container prune -f --filter label=none
	[ -n "$(dhow ps -aq)" ]
	run sh -c 'echo y | "$DHOW" container prune'
	[[ $output == *"Deleted Containers:"* ]]
	[ -z "$(dhow ps -aq)" ]
}

@test "system prune leaves what is in use" {
	dhow run -d --name busy -v busydata:/d busybox sleep 1000
	dhow run --name done --network none -v /anonymous busybox sh -c 'echo 12345 >/f'
	dhow network create lonely
	run dhow system prune -f --volumes
	[[ $output == *"Deleted Containers:"*"Deleted Networks:"*lonely*"Deleted Volumes:"*"Total reclaimed space: 6B"* ]]
	[ "$(dhow ps -a --format '{{.Names}}')" = busy ]
	[ "$(dhow volume ls -q)" = busydata ]
	# Its container runs: the image is no waste either.
	dhow system prune -af
	[ -n "$(dhow images -q busybox)" ]
	run -1 dhow system prune -f --volumes --filter until=1h
	dhow rm -f busy
	dhow volume rm busydata
}

@test "images without a name are pruned, with --all all that nobody uses" {
	use_image extra:1 '{}' '[{"path": "x", "data": "1"}]'
	use_image extra:1 '{}' '[{"path": "x", "data": "2"}]'
	[ -n "$(dhow images -q -f dangling=true)" ]
	run dhow image prune -f
	[[ $output == *"Deleted Images:"*"deleted: sha256:"* ]]
	[ -z "$(dhow images -q -f dangling=true)" ]
	[ -n "$(dhow images -q extra:1)" ]
	dhow create --name keeps busybox true
	run dhow image prune -af
	[[ $output == *"untagged: extra:1"* ]]
	[ "$(dhow images --format '{{.Repository}}')" = busybox ]
	dhow rm keeps
}

@test "system df explains every byte" {
	local all
	dhow run --name big --network none -v df:/d busybox sh -c \
		'dd if=/dev/zero of=/f bs=1000 count=500; dd if=/dev/zero of=/d/f bs=1000 count=30' 2>/dev/null
	run dhow system df
	[[ ${lines[0]} =~ ^TYPE\ +TOTAL\ +ACTIVE\ +SIZE\ +RECLAIMABLE$ ]]
	[[ ${lines[1]} =~ ^Images\ +1\ +1\  ]]
	[[ ${lines[2]} =~ ^Containers\ +1\ +0\ +500kB\ +"500kB (100%)"$ ]]
	[[ ${lines[3]} =~ ^"Local Volumes"\ +1\ +1\ +30kB\ +"0B (0%)"$ ]]
	[[ ${lines[4]} =~ ^"Build Cache" ]]
	run dhow system df --format '{{.Type}}: {{.TotalCount}}/{{.Active}}'
	[ "${lines[1]}" = "Containers: 1/0" ]
	run dhow system df -v
	[[ $output == *"Images space usage:"*"Containers space usage:"*big*"Local Volumes space usage:"*"Build cache usage: "* ]]
	run dhow system df -v --format '{{range .Volumes}}{{.Name}} {{.Links}} {{.Size}}{{end}}'
	[ "$output" = "df 1 30kB" ]
	# The places add up to what du says.
	all=$(dhow system df -v --format json | python3 -c '
import json, sys
places = json.load(sys.stdin)["Store"]
total = places.pop()
assert sum(place["Bytes"] for place in places) == total["Bytes"], places
print(total["Bytes"])')
	[ "$all" = "$(dhow unshare du -s --block-size=1 "$STORE" | cut -f1)" ]
	dhow rm big
	dhow volume rm df
}
