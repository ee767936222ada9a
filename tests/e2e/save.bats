#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# Images in archives: save, and what others make of it; history.

bats_require_minimum_version 1.5.0
load lib/common
load lib/registry

setup_file() {
	dhow_setup_file
	use_busybox
}

teardown() {
	rm -rf "$HOME/out"
}

setup() { mkdir -p "$HOME/out"; }

ids() { dhow images -q --no-trunc "$1"; }

@test "an archive comes back as it was, and is the same each time" {
	id=$(ids busybox)
	dhow save -o "$HOME/out/a.tar" busybox
	dhow save busybox:latest >"$HOME/out/b.tar"
	cmp "$HOME/out/a.tar" "$HOME/out/b.tar"
	[ "$(ls "$HOME/out")" = $'a.tar\nb.tar' ]
	dhow rmi -f busybox
	run -0 dhow load -i "$HOME/out/a.tar"
	[ "$output" = "Loaded image: busybox:latest" ]
	[ "$(ids busybox)" = "$id" ]
	dhow save busybox | cmp - "$HOME/out/a.tar"
}

@test "it is what docker reads, and an OCI layout" {
	registry_missing skopeo
	dhow save -o "$HOME/out/a.tar" busybox
	run -0 skopeo inspect "docker-archive:$HOME/out/a.tar"
	run -0 skopeo inspect --format '{{.Digest}}' \
		"oci-archive:$HOME/out/a.tar"
	mkdir "$HOME/out/x"
	tar -xf "$HOME/out/a.tar" -C "$HOME/out/x"
	[[ $output == "$(dhow image inspect busybox --format \
		'{{index .RepoDigests 0}}' 2>/dev/null | cut -d@ -f2)" ]] ||
		grep -q "${output#sha256:}" "$HOME/out/x/index.json"
	python3 - "$HOME/out/x" <<-'END'
		import json, os, sys
		top = sys.argv[1]
		item, = json.load(open(top + "/manifest.json"))
		assert item["RepoTags"] == ["busybox:latest"], item
		for name in [item["Config"], *item["Layers"]]:
		    assert os.path.isfile(f"{top}/{name}"), name
		config = json.load(open(f"{top}/{item['Config']}"))
		assert len(config["rootfs"]["diff_ids"]) == len(item["Layers"])
		assert json.load(open(top + "/repositories"))["busybox"]["latest"]
		assert json.load(open(top + "/oci-layout"))
	END
}

@test "several images and names share their layers" {
	dhow tag busybox many:1
	dhow tag busybox many:2
	use_image other:1 '{"Cmd": ["true"]}'
	dhow save -o "$HOME/out/a.tar" many other:1
	dhow rmi -f many:1 many:2 other:1
	run -0 dhow load -i "$HOME/out/a.tar"
	[[ $output == *"many:1"*"many:2"*"other:1"* ]]
	[ "$(tar -tf "$HOME/out/a.tar" | sort | uniq -d)" = "" ]
	dhow rmi -f many:1 many:2 other:1
}

@test "by its id an image has no name" {
	dhow save "$(ids busybox)" >"$HOME/out/a.tar"
	tar -xOf "$HOME/out/a.tar" manifest.json | grep -q '"RepoTags":null'
}

@test "OCI archives and directories" {
	registry_missing skopeo
	dhow save --format oci-archive -o "$HOME/out/a.tar" busybox
	[ "$(tar -tf "$HOME/out/a.tar" | grep -c manifest.json)" = 0 ]
	run -0 skopeo inspect "oci-archive:$HOME/out/a.tar"
	dhow save --format oci-dir -o "$HOME/out/d" busybox
	run -0 skopeo inspect "oci:$HOME/out/d"
	dhow save --format docker-dir -o "$HOME/out/e" busybox
	run -0 skopeo inspect "dir:$HOME/out/e"
	run -1 dhow save --format oci-dir busybox
	[[ $output == *"--output"* ]]
}

@test "podman and skopeo load it, and dhow what they save" {
	registry_missing skopeo podman
	[ "$(id_mode)" = range ] || skip "podman needs sub-ids"
	dhow save -o "$HOME/out/a.tar" busybox
	pod=(podman --root "$HOME/out/pod" --runroot "$HOME/out/podrun"
		--storage-driver vfs)
	run -0 "${pod[@]}" load -q -i "$HOME/out/a.tar"
	id=$("${pod[@]}" images -q --no-trunc)
	[ "$id" = "$(ids busybox)" ]
	run -0 "${pod[@]}" save -q -o "$HOME/out/p.tar" busybox
	run -0 "${pod[@]}" save -q --format oci-archive -o "$HOME/out/o.tar" \
		busybox
	"${pod[@]}" unshare rm -rf "$HOME/out/pod"
	dhow rmi -f busybox
	run -0 dhow load -i "$HOME/out/p.tar"
	[ "$(ids docker.io/library/busybox)" = "$id" ]
	dhow rmi -f busybox
	run -0 dhow load -i "$HOME/out/o.tar"
	dhow rmi -f busybox
	skopeo copy -q "docker-archive:$HOME/out/a.tar" \
		"oci-archive:$HOME/out/s.tar:busybox:latest"
	run -0 dhow load -i "$HOME/out/s.tar"
	dhow rmi -af
	use_busybox
}

@test "what umoci and docker write is read" {
	registry_missing umoci
	umoci init --layout "$HOME/out/u"
	umoci new --image "$HOME/out/u:made"
	mkdir "$HOME/out/tree"
	echo hello >"$HOME/out/tree/greeting"
	umoci insert --rootless --image "$HOME/out/u:made" \
		"$HOME/out/tree" /data
	umoci config --image "$HOME/out/u:made" --config.cmd x \
		--config.label a=b
	run -0 dhow load -q -i "$HOME/out/u"
	id=${output##* }
	[ "$(dhow image inspect --format '{{index .Config.Labels "a"}}' \
		"$id")" = b ]
	run -0 dhow copy -q "oci:$HOME/out/u:made" "dir:$HOME/out/p"
	dhow rmi -f "$id"
	# As docker wrote it before its version 25.
	python3 "$LIB/mkimage.py" "$HOME/out/old.tar" old:1 --format docker \
		--config '{"Cmd": ["sh"]}' "$(busybox_tar)"
	run -0 dhow load -i "$HOME/out/old.tar"
	[ "$output" = "Loaded image: old:1" ]
	dhow rmi -f old:1
	run -0 dhow run --rm -q --network none \
		"docker-archive:$HOME/out/old.tar" echo old
	[ "$output" = old ]
	dhow rmi -f old:1
}

@test "zstd:chunked and eStargz are plain layers" {
	registry_missing zstd python3
	python3 - "$(busybox_tar)" "$HOME/out" <<-'END'
		import gzip, hashlib, json, os, struct, subprocess, sys
		tar, out = open(sys.argv[1], "rb").read(), sys.argv[2]
		def zstd(data):
		    return subprocess.run(["zstd", "-q", "-c"], input=data,
		                          check=True, capture_output=True).stdout
		skip = lambda data: struct.pack("<II", 0x184D2A50, len(data)) + data
		# Frames per chunk, then a table and a footer that are skipped.
		chunked = zstd(tar[:100000]) + zstd(tar[100000:]) + \
		    skip(zstd(b"{}")) + skip(b"\0" * 64)
		# Members per file, the last one of them with the footer's extra.
		footer = bytes.fromhex("1f8b0804000000000000ff1a00") + \
		    b"SG" + struct.pack("<H", 22) + b"0" * 16 + b"STARGZ" + \
		    bytes.fromhex("010000ffff") + bytes(8)
		stargz = gzip.compress(tar[:100000]) + \
		    gzip.compress(tar[100000:]) + footer
		for name, blob, kind in (("z", chunked, "zstd"),
		                         ("g", stargz, "gzip")):
		    top = f"{out}/{name}"
		    os.makedirs(top + "/blobs/sha256")
		    def put(data):
		        digest = hashlib.sha256(data).hexdigest()
		        open(f"{top}/blobs/sha256/{digest}", "wb").write(data)
		        return {"digest": "sha256:" + digest, "size": len(data)}
		    oci = "application/vnd.oci.image."
		    config = put(json.dumps({
		        "os": "linux", "architecture": "amd64", "config": {},
		        "rootfs": {"type": "layers", "diff_ids": [
		            "sha256:" + hashlib.sha256(tar).hexdigest()]}}).encode())
		    config["mediaType"] = oci + "config.v1+json"
		    layer = put(blob)
		    layer["mediaType"] = oci + "layer.v1.tar+" + kind
		    entry = put(json.dumps({"schemaVersion": 2, "config": config,
		                            "layers": [layer]}).encode())
		    entry["mediaType"] = oci + "manifest.v1+json"
		    json.dump({"schemaVersion": 2, "manifests": [entry]},
		              open(top + "/index.json", "w"))
		    open(top + "/oci-layout", "w").write(
		        '{"imageLayoutVersion": "1.0.0"}')
	END
	for name in z g; do
		run -0 dhow run --rm -q --network none "oci:$HOME/out/$name" \
			/bin/echo "$name"
		[ "$output" = "$name" ]
	done
}

@test "no archive is left of what failed" {
	run -1 dhow save -o "$HOME/out/a.tar" busybox absent
	[[ $output == *absent* ]]
	[ -z "$(ls "$HOME/out")" ]
	run -1 pty 'wait terminal' -- "$DHOW" save busybox
	run -1 dhow save -o "$HOME/out/none/a.tar" busybox
}

# --- history -----------------------------------------------------------------

@test "history tells how an image was made" {
	use_image steps:1 '{"Cmd": ["true"]}'
	run -0 dhow history steps:1
	[[ ${lines[0]} == "IMAGE "*"CREATED "*"CREATED BY "*"SIZE "*COMMENT* ]]
	[[ ${lines[1]} == "$(dhow images -q steps:1)"* ]]
	run -0 dhow history -q --no-trunc steps:1
	[ "${lines[0]}" = "$(ids steps:1)" ]
	run -0 dhow history --format '{{.ID}} {{.Size}}' --human=false steps:1
	[[ ${lines[0]} =~ ^[0-9a-f]{12}\ [0-9]+$ ]]
	run -0 dhow history --format json steps:1
	python3 -c 'import json, sys
for line in sys.stdin: assert json.loads(line)["ID"]' <<<"$output"
	run -1 dhow history absent
	run -1 dhow history --platform linux/s390x steps:1
	dhow rmi steps:1
}
