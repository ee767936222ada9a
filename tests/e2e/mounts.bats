# SPDX-License-Identifier: Apache-2.0
# The rarer mounts: images, patterns, memory, terminals; files of /etc that a
# start provides.
bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox >/dev/null
	# Two layers, the upper with less than the lower.
	dhow run --name maker --network none busybox sh -c '
		echo hello >/etc/greeting; rm /var/lib/data/seed'
	dhow commit maker two:1 >/dev/null
	dhow rm maker
}

R() { dhow run --rm --network none "$@"; }

@test "an image is mounted, read-only, whole or in part" {
	run -0 R --mount type=image,source=two:1,target=/im busybox sh -c '
		cat /im/etc/greeting; ls /im/var/lib/data; touch /im/x 2>/dev/null || echo ro'
	[ "${lines[0]}" = hello ]
	[[ "$output" != *seed* ]]
	[ "${lines[-1]}" = ro ]
	run -0 R --mount type=image,source=busybox,target=/im busybox sh -c '
		cat /im/var/lib/data/seed; touch /im/x 2>/dev/null || echo ro'
	[ "${lines[0]}" = "from the image" ]
	[ "${lines[-1]}" = ro ]
	[ "$(R --mount type=image,src=two:1,dst=/im,image-subpath=etc busybox \
		cat /im/greeting)" = hello ]
	run -125 R --pull never --mount type=image,source=nosuch,target=/im \
		busybox true
	[[ "$output" == *"mount on '/im': image 'nosuch' is not here"* ]]
}

@test "an image that may be written to is the container's own" {
	[ "$(R --mount type=image,source=two:1,target=/im,rw busybox sh -c '
		echo changed >/im/etc/greeting; cat /im/etc/greeting')" = changed ]
	[ "$(R two:1 cat /etc/greeting)" = hello ]
}

@test "a mounted image stays while a container needs it" {
	dhow tag two:1 going:1
	dhow create --name holder --network none \
		--mount type=image,source=two:1,target=/im busybox cat /im/etc/greeting
	dhow rmi -f two:1 going:1
	[ "$(dhow start -a holder)" = hello ]
	[ "$(dhow inspect -f '{{range .Mounts}}{{.Type}} {{.Source}} {{.RW}}{{end}}' \
		holder)" = "image two:1 false" ]
	dhow commit holder again:1 >/dev/null
	dhow rm holder
	dhow rmi again:1
	dhow system prune -f
	[ "$(dhow images -q | wc -l)" = 1 ]
}

@test "what a pattern finds, memory and terminals are mounted" {
	local dir=$BATS_TEST_TMPDIR
	touch "$dir/a.so" "$dir/b.so" "$dir/c.txt"
	run -0 R --mount "type=glob,source=$dir/*.so,target=/libs,ro" busybox \
		sh -c 'ls /libs; touch /libs/a.so 2>/dev/null || echo ro'
	[ "${lines[0]} ${lines[1]} ${lines[-1]}" = "a.so b.so ro" ]
	run -125 R --mount "type=glob,source=$dir/*.no,target=/libs" busybox true
	[[ "$output" == *"nothing matches '$dir/*.no'"* ]]
	R --mount type=ramfs,target=/mem busybox sh -c \
		'echo x >/mem/x && grep -q "^ramfs /mem ramfs " /proc/mounts'
	R --mount type=devpts,target=/terms busybox sh -c \
		'[ -c /terms/ptmx ] && grep -q "^devpts /terms devpts " /proc/mounts'
}

@test "a file is mounted where a link of the image leads to nothing" {
	use_image links:1 '{"Cmd": ["sh"]}' \
		'[{"path": "etc/stub", "type": "symlink", "target": "../run/none/stub"},
		  {"path": "etc/loop", "type": "symlink", "target": "loop"}]'
	echo mine >"$BATS_TEST_TMPDIR/file"
	[ "$(R -v "$BATS_TEST_TMPDIR/file:/etc/stub" links:1 sh -c \
		'cat /etc/stub /run/none/stub')" = $'mine\nmine' ]
	run -125 R -v "$BATS_TEST_TMPDIR/file:/etc/loop" links:1 true
	dhow rmi links:1
}

@test "--tz and --hosts-file" {
	[ -e /usr/share/zoneinfo/Asia/Tokyo ] || skip "tzdata is not installed"
	dhow run --name zoned --network none --tz Asia/Tokyo busybox date +%Z
	[ "$(dhow logs zoned)" = JST ]
	[ -z "$(dhow diff zoned)" ]
	[ "$(dhow inspect -f '{{.Config.Timezone}}' zoned)" = Asia/Tokyo ]
	dhow rm zoned
	run -125 R --tz Mars/Olympus busybox true
	[[ "$output" == *"there is no such zone"* ]]
	run -125 R --tz ../../../etc/passwd busybox true
	echo "10.9.8.7 nine" >"$BATS_TEST_TMPDIR/hosts"
	run -0 R --hosts-file "$BATS_TEST_TMPDIR/hosts" --add-host ten:10.9.8.6 \
		busybox cat /etc/hosts
	[ "${lines[0]}" = "10.9.8.7 nine" ]
	[[ "$output" == *localhost* && "$output" == *"10.9.8.6"*ten* ]]
	[[ "$(R --hosts-file none busybox cat /etc/hosts)" != *nine* ]]
	run -125 R --hosts-file /nosuch busybox true
}

@test "--rmi takes the image along, unless somebody else has it" {
	use_image once:1 '{"Cmd": ["true"]}'
	R --rmi once:1 true
	run -1 dhow image exists once:1
	dhow create --name keeper busybox true
	R --rmi busybox true
	dhow image exists busybox
	dhow rm keeper
	run -125 dhow run --rmi busybox true
	run -125 dhow create --rm --rmi busybox true
}

# describe_gpus: two GPUs in $descriptions, with a library and its links.
describe_gpus() {
	local lib=$BATS_TEST_TMPDIR/lib
	descriptions=$BATS_TEST_TMPDIR/cdi
	mkdir "$lib" "$descriptions"
	echo library >"$lib/libcuda.so.5.1"
	ln -s libcuda.so.5.1 "$lib/libcuda.so.1"
	cat >"$descriptions/nvidia.yaml" <<-Y
		cdiVersion: 0.5.0
		kind: nvidia.com/gpu
		devices:
		- name: "0"
		  containerEdits:
		    deviceNodes: [{path: /dev/nvidia0, hostPath: /dev/null}]
		- name: "1"
		  containerEdits:
		    deviceNodes: [{path: /dev/nvidia1, hostPath: /dev/zero}]
		containerEdits:
		  env: [NVIDIA_VISIBLE_DEVICES=void]
		  mounts:
		  - hostPath: $lib/libcuda.so.5.1
		    containerPath: /usr/lib/gpu/libcuda.so.5.1
		    options: [ro, nosuid, nodev, bind]
		  hooks:
		  - hookName: createContainer
		    path: /usr/bin/nvidia-ctk
		    args: [nvidia-ctk, hook, create-symlinks,
		           --link, "libcuda.so.1::/usr/lib/gpu/libcuda.so"]
		  - hookName: createContainer
		    path: /usr/bin/nvidia-cdi-hook
		    args: [nvidia-cdi-hook, update-ldcache, --folder=/usr/lib/gpu]
	Y
}

@test "devices by name bring nodes, libraries and variables (CDI)" {
	local seen='ls /dev/nvidia*; cat /usr/lib/gpu/libcuda.so; echo $LD_LIBRARY_PATH'
	describe_gpus
	G() { dhow --cdi-spec-dir "$descriptions" "$@"; }
	run -0 --separate-stderr G run --rm --network none --gpus all busybox \
		sh -c "$seen; ls /usr/lib/gpu; echo \$NVIDIA_VISIBLE_DEVICES"
	[ "${lines[*]}" = "/dev/nvidia0 /dev/nvidia1 library /usr/lib/gpu libcuda.so libcuda.so.1 libcuda.so.5.1 void" ]
	[ -z "$stderr" ]
	run -0 G run --rm --network none --gpus '"device=1"' busybox sh -c "$seen"
	[ "${lines[0]}" = /dev/nvidia1 ]
	# Where the image's own loader looks, no variable is needed.
	use_image libc:1 '{"Cmd": ["sh"]}' \
		'[{"path": "usr/lib/gpu/libc.so.6", "content": "x"}]'
	run -0 G run --rm --network none --gpus 1 libc:1 sh -c "$seen"
	[ "${lines[*]}" = "/dev/nvidia0 library" ]
	# A container keeps them through its lives; inspect shows the request.
	G run -d --name gpu --network none --device nvidia.com/gpu=0 busybox \
		sleep 1000
	dhow restart -t 0 gpu
	dhow exec gpu sh -c 'test -c /dev/nvidia0 && [ $NVIDIA_VISIBLE_DEVICES = void ]'
	run -0 dhow inspect -f '{{range .HostConfig.DeviceRequests}}{{.Driver}} {{.DeviceIDs}}{{end}}' gpu
	[ "$output" = "cdi [nvidia.com/gpu=0]" ]
	dhow rm -f -t 0 gpu
	dhow rmi libc:1
	mkdir -p "$HOME/.config/dhow"
	cp -r "$descriptions" "$HOME/.config/dhow/cdi"
	run -0 dhow info -f '{{range .DiscoveredDevices}}{{.ID}} {{end}}'
	[ "$output" = "nvidia.com/gpu=0 nvidia.com/gpu=1 " ]
	rm -r "$HOME/.config/dhow/cdi"
}

@test "a device that is not described is refused with those that are" {
	describe_gpus
	run -125 R --gpus all busybox true
	[[ "$output" == *"no device 'nvidia.com/gpu=all' is described"*"/etc/cdi"* ]]
	run -125 dhow --cdi-spec-dir "$descriptions" run --rm --gpus 3 busybox true
	[[ "$output" == *"3 GPUs were asked for, there are 2"* ]]
	run -125 dhow --cdi-spec-dir "$descriptions" run --rm --device \
		nvidia.com/gpu=7 busybox true
	[[ "$output" == *"there are: nvidia.com/gpu=0, nvidia.com/gpu=1"* ]]
	rm "$BATS_TEST_TMPDIR/lib/libcuda.so.5.1"
	run -125 dhow --cdi-spec-dir "$descriptions" run --rm --device \
		nvidia.com/gpu=0 busybox true
	[[ "$output" == *"libcuda.so.5.1"*"describes another driver"* ]]
	echo 'kind: [' >"$descriptions/nvidia.yaml"
	run -125 dhow --cdi-spec-dir "$descriptions" run --rm --gpus all busybox true
	[[ "$output" == *"nvidia.yaml:"* ]]
}
