#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# How Dockerfiles are read, what variables become, what build shows and makes.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox
}

setup() {
	CTX=$BATS_TEST_TMPDIR/ctx
	mkdir -p "$CTX"
}

# dockerfile LINE...: the Dockerfile of this test.
dockerfile() { printf '%s\n' "$@" >"$CTX/Dockerfile"; }

# build ARG...: plain, its output on stdout; the image is "t".
build() { dhow build --progress plain -t t "$@" "$CTX" 2>&1; }

# config PATH: a value of the image's configuration as JSON.
config() { dhow image inspect --format "{{json .Config.$1}}" t; }

# --- reading -------------------------------------------------------------

@test "what is wrong is told with line, column, excerpt and the nearest name" {
	dockerfile 'FROM busybox' '' '  CPOY a b'
	run build
	[ "$status" = 1 ]
	[[ $output == *"Dockerfile:3:3: unknown instruction 'CPOY'"* ]]
	[[ $output == *"   3 | >>>   CPOY a b"* ]]
	[[ $output == *"did you mean 'COPY'?"* ]]
}

@test "a Dockerfile that is wrong anywhere runs nothing" {
	dockerfile 'FROM busybox' "RUN touch $CTX/ran" \
		'RUN --mount=type=cache,targt=/x true'
	run build
	[ "$status" = 1 ]
	[[ $output == *"Dockerfile:3:5: "*"unknown key 'targt'"* ]]
	[[ $output == *"did you mean 'target'?"* ]]
	[[ $output != *"#1 "*RUN* ]]
}

@test "every mistake is told with its line, before anything runs" {
	mkdir "$CTX/all"
	run -0 python3 "$LIB/build_errors.py" "$DHOW" "$CTX/all"
	echo "$output"
	[ -z "$output" ]
}

@test "a later stage cannot be copied from, an unknown target is not built" {
	dockerfile 'FROM busybox' 'COPY --from=later /a /b' \
		'FROM busybox AS later' 'FROM busybox AS last' \
		'COPY --from=0 /etc/passwd /'
	run build
	[ "$status" = 1 ]
	[[ $output == *"Dockerfile:2"*"later"* ]]
	run build --target lats
	[ "$status" = 1 ]
	[[ $output == *"no stage 'lats'"*"did you mean 'last'?"* ]]
}

@test "an image that cannot be had is told with its line and a near stage" {
	dockerfile 'FROM busybox AS builder' 'FROM localhost:1/nope'
	run build
	[ "$status" = 1 ]
	[[ $output == *"   2 | >>> FROM localhost:1/nope"* ]]
	dockerfile 'FROM busybox AS builder' 'FROM busybox' \
		'COPY --from=localhost:1/buildr /a /b'
	run build
	[[ $output == *"   3 | >>> COPY"* ]]
}

@test "the Dockerfile is found, named, or read from standard input" {
	dockerfile 'FROM busybox' 'LABEL which=dockerfile'
	printf 'FROM busybox\nLABEL which=other\n' >"$CTX/other"
	printf 'FROM busybox\nLABEL which=container\n' >"$CTX/Containerfile"
	build
	[ "$(config Labels)" = '{"which":"dockerfile"}' ]
	(cd "$CTX" && dhow build -q -t t -f other .)
	[ "$(config Labels)" = '{"which":"other"}' ]
	rm "$CTX/Dockerfile"
	build
	[ "$(config Labels)" = '{"which":"container"}' ]
	printf 'FROM busybox\nLABEL which=stdin\n' |
		dhow build -q -t t -f - "$CTX"
	[ "$(config Labels)" = '{"which":"stdin"}' ]
	printf 'FROM busybox\nLABEL which=alone\n' | dhow build -q -t t -
	[ "$(config Labels)" = '{"which":"alone"}' ]
	rm "$CTX/Containerfile"
	run build
	[ "$status" = 1 ]
	[[ $output == *"Dockerfile"* ]]
	printf 'FROM busybox\nLABEL which=small\n' >"$CTX/dockerfile"
	build
	[ "$(config Labels)" = '{"which":"small"}' ]
}

@test "an ignore file: the Dockerfile's own, podman's, the context's" {
	local only='RUN [ "$(ls /c)" = "$(echo $FILES | tr " " "\n")" ]'
	dockerfile 'FROM busybox' 'ARG FILES' 'COPY a* /c/' "$only"
	touch "$CTX"/a{1,2,3,4,5}
	mkdir "$BATS_TEST_TMPDIR/other"
	echo a1 >"$CTX/.dockerignore"
	build --build-arg "FILES=a2 a3 a4 a5"
	echo a2 >"$CTX/.containerignore"
	build --build-arg "FILES=a1 a3 a4 a5"
	echo a3 >"$CTX/Dockerfile.dockerignore"
	build --build-arg "FILES=a1 a2 a4 a5"
	cp "$CTX/Dockerfile" "$BATS_TEST_TMPDIR/other/My"
	echo a4 >"$BATS_TEST_TMPDIR/other/My.dockerignore"
	build -f "$BATS_TEST_TMPDIR/other/My" --build-arg "FILES=a1 a2 a3 a5"
	echo a5 >"$BATS_TEST_TMPDIR/ignore"
	build --ignorefile "$BATS_TEST_TMPDIR/ignore" \
		--build-arg "FILES=a1 a2 a3 a4"
	# What is left out is read all the same when it is the builder's.
	printf '*\n!a1\n' >"$CTX/Dockerfile.dockerignore"
	build --build-arg FILES=a1
	printf '%s\n' '*' >"$CTX/Dockerfile.dockerignore"
	printf 'FROM busybox\nCOPY a1 /\n' >"$CTX/Dockerfile"
	run -1 dhow build --check "$CTX"
	[[ $output == *"WARN: CopyIgnoredFile"* ]]
	printf 'a1\n[\n' >"$CTX/Dockerfile.dockerignore"
	run -1 build
	[[ $output == *"Dockerfile.dockerignore:2: malformed pattern '['"* ]]
}

@test "directives: escape, syntax, check" {
	dockerfile '# escape=`' 'FROM busybox' 'ENV a=1 `' '  b=C:\x'
	build
	[ "$(config Env)" = '["PATH=/usr/bin:/bin","a=1","b=C:\\x"]' ]
	dockerfile '# syntax=docker/dockerfile:1.7-labs' 'FROM busybox'
	build
	dockerfile '# syntax=example.org/other:1' 'FROM busybox'
	run build
	[ "$status" = 1 ]
	[[ $output == *"'example.org/other:1' is not supported"* ]]
	dhow build -q -t t --build-arg BUILDKIT_SYNTAX=dockerfile.v0 "$CTX"
	dockerfile '# check=error=true' 'FROM busybox' 'MAINTAINER me'
	run build
	[ "$status" = 1 ]
	[[ $output == *"lint violation found for rules: MaintainerDeprecated"* ]]
	dhow build -q -t t --build-arg BUILDKIT_DOCKERFILE_CHECK=skip=all "$CTX"
}

@test "debug dockerfile-parse prints instructions as JSON" {
	dockerfile 'FROM busybox AS a' \
		'RUN --mount=type=cache,target=/x <<"E"' 'echo $HOME' 'E' \
		'CMD ["a","b"]'
	dhow debug dockerfile-parse "$CTX/Dockerfile" >"$CTX/out"
	run python3 - "$CTX/out" <<-'PY'
		import json, sys
		a, b, c = json.load(open(sys.argv[1]))
		assert a["cmd"] == "from" and a["args"] == ["busybox", "AS", "a"]
		assert a["line"] == 1 and not a["json"] and a["flags"] == []
		assert b["flags"] == ["--mount=type=cache,target=/x"], b
		assert b["heredocs"] == [{"name": "E", "expand": False,
			"chomp": False, "content": "echo $HOME\n"}], b
		assert c["json"] and c["args"] == ["a", "b"] and c["line"] == 5
	PY
	[ "$status" = 0 ]
}

# --- check, outline, targets ---------------------------------------------

@test "--check tells of what builds but should not be written so" {
	dockerfile 'FROM busybox as Base' 'COPY $fo /x' 'CMD a'
	run dhow build --check "$CTX"
	[ "$status" = 1 ]
	[[ $output == *"Check complete, 4 warnings have been found!"* ]]
	[[ $output == *"WARN: StageNameCasing - https://"* ]]
	[[ $output == *"WARN: FromAsCasing - "* ]]
	[[ $output == *"WARN: UndefinedVar - "*"'\$fo'"* ]]
	[[ $output == *"WARN: JSONArgsRecommended - "* ]]
	[[ $output == *"   3 | >>> CMD a"* ]]
	run dhow build --call check,format=json "$CTX"
	[ "$status" = 1 ]
	[ "$(python3 -c 'import json, sys
print(len(json.load(sys.stdin)["warnings"]))' <<<"$output")" = 4 ]
	dockerfile 'FROM busybox' 'CMD ["a"]'
	run dhow build --check "$CTX"
	[ "$status" = 0 ]
	[[ $output == *"no warnings found"* ]]
	run dhow images -q t-check
	[ -z "$output" ]
}

@test "a build warns at its end, too" {
	dockerfile 'FROM busybox' 'CMD a'
	run build
	[ "$status" = 0 ]
	[[ $output == *"1 warning found"*"JSONArgsRecommended"*"(line 2)"* ]]
}

@test "--call=outline and targets list what there is to give and to build" {
	dockerfile '# V is the version' 'ARG V=1' 'FROM busybox:${V}x AS a' \
		'# the rest' '# last is the end' 'FROM a AS last' \
		'# NAME says who' 'ARG NAME=me' \
		'RUN --mount=type=secret,id=tok,required true'
	run dhow build --call=outline "$CTX"
	[ "$status" = 0 ]
	[[ $output == *"TARGET:      last"* ]]
	[[ $output == *"DESCRIPTION: is the end"* ]]
	[[ $output =~ V\ +1\ +is\ the\ version ]]
	[[ $output =~ NAME\ +me\ +says\ who ]]
	[[ $output =~ tok\ +true ]]
	run dhow build --call=targets "$CTX"
	[[ ${lines[1]} =~ ^a\ * ]]
	[[ ${lines[2]} =~ ^last\ \(default\)\ +is\ the\ end ]]
}

# --- variables -----------------------------------------------------------

@test "ARG: scopes, defaults, --build-arg, the platform set" {
	dockerfile 'ARG V=latest' 'ARG NOT=seen' 'FROM busybox:$V AS one' \
		'ARG W=1' 'FROM one' 'ARG V X=x Y TARGETARCH BUILDPLATFORM' \
		'RUN echo "V=$V W=$W X=$X Y=${Y-none} N=$NOT T=$TARGETARCH" >/o'
	build
	run dhow run --rm t cat /o
	[ "$output" = "V=latest W=1 X=x Y=none N= T=$(dhow version --format '{{.Server.Arch}}')" ]
	Y=host build --build-arg W=2 --build-arg X=3 --build-arg Y
	run dhow run --rm t cat /o
	[[ $output == "V=latest W=2 X=3 Y=host N= "* ]]
	run config Env
	[ "$output" = '["PATH=/usr/bin:/bin"]' ]
	run dhow history --no-trunc --format '{{.CreatedBy}}' t
	[[ ${lines[0]} == "RUN |"*" X=3 "*"/bin/sh -c echo "*"# buildkit" ]]
}

@test "ENV beats ARG from its line on; one line sees one state" {
	dockerfile 'FROM busybox' 'ARG v=arg' 'ENV v=env w=$v' 'ENV w=$v-$w' \
		'RUN echo "$v $w" >/o'
	build --build-arg v=given
	run dhow run --rm t cat /o
	[ "$output" = "env env-given" ]
}

@test "expansion knows every modifier" {
	dockerfile 'FROM busybox' 'ENV n=a/b.tar.gz e=' \
		'LABEL a=${n#*/} b=${n%%.*} c=${n/a/A} d=${e:-dflt} f=${e-no}' \
		"LABEL g='\$n' h=\"\$n\" i=\\\$n j=\${u:+x} k=\${n:+y}"
	build
	run config Labels
	[ "$output" = '{"a":"b.tar.gz","b":"a/b","c":"A/b.tar.gz","d":"dflt","f":"","g":"$n","h":"a/b.tar.gz","i":"$n","j":"","k":"y"}' ]
	dockerfile 'FROM busybox' 'LABEL a="${u:?it is needed}"'
	run build
	[ "$status" = 1 ]
	[[ $output == *"Dockerfile:2:"*"it is needed"* ]]
}

@test "proxies need no ARG, leave no trace and cost no cache" {
	dockerfile 'FROM busybox' 'RUN echo "$HTTP_PROXY" >/o'
	build --build-arg HTTP_PROXY=http://one
	run dhow run --rm t cat /o
	[ "$output" = http://one ]
	run dhow history --no-trunc --format '{{.CreatedBy}}' t
	[[ $output != *http://one* ]]
	run build --build-arg HTTP_PROXY=http://two
	[[ $output == *CACHED* ]]
}

@test "a --build-arg that nothing takes is told" {
	dockerfile 'FROM busybox' 'ARG known'
	run build --build-arg konwn=1
	[ "$status" = 0 ]
	[[ $output == *"konwn"* ]]
}

@test "arguments of the builder need no ARG" {
	local line='RUN --mount=type=cache,target=/c echo >>/c/n; wc -l </c/n'
	dockerfile 'FROM busybox' 'ARG BUILDKIT_SBOM_SCAN_STAGE=true' \
		'RUN hostname; ! env | grep SBOM' "$line"
	run -0 build --build-arg BUILDKIT_SANDBOX_HOSTNAME=mine \
		--build-arg BUILDKIT_CACHE_MOUNT_NS=one
	[[ $output =~ \#[0-9]+\ [0-9.]+\ mine ]]
	[[ $output != *"is not used"* ]]
	run -0 build --no-cache --build-arg BUILDKIT_CACHE_MOUNT_NS=one
	[[ $output =~ \#[0-9]+\ [0-9.]+\ buildkitsandbox ]]
	[[ $output =~ \#[0-9]+\ [0-9.]+\ 2$'\n' ]]
	run -0 build --no-cache --build-arg BUILDKIT_CACHE_MOUNT_NS=two
	[[ $output =~ \#[0-9]+\ [0-9.]+\ 1$'\n' ]]
}

# --- metadata ------------------------------------------------------------

@test "metadata instructions make the configuration" {
	dockerfile 'FROM busybox' 'EXPOSE 80 90-91/UDP' 'VOLUME /a /x' \
		'VOLUME ["/b c"]' 'USER app:2000' 'WORKDIR /w' 'WORKDIR x/../y' \
		'STOPSIGNAL SIGINT' 'SHELL ["/bin/sh","-ec"]' 'CMD run $it' \
		'ENTRYPOINT ["/e"]' \
		'HEALTHCHECK --interval=5s --retries=2 CMD test it' \
		'ONBUILD RUN touch /trigger' 'MAINTAINER me <me@here>'
	build
	[ "$(config ExposedPorts)" = '{"80/tcp":{},"90/udp":{},"91/udp":{}}' ]
	[ "$(config User)" = '"app:2000"' ]
	[ "$(config WorkingDir)" = '"/w/y"' ]
	[ "$(config StopSignal)" = '"SIGINT"' ]
	[ "$(config Shell)" = '["/bin/sh","-ec"]' ]
	[ "$(config Cmd)" = '["/bin/sh","-ec","run $it"]' ]
	[ "$(config Entrypoint)" = '["/e"]' ]
	[ "$(config OnBuild)" = '["RUN touch /trigger"]' ]
	run config Healthcheck
	[ "$output" = '{"Test":["CMD-SHELL","test it"],"Interval":5000000000,"Retries":2}' ]
	run config Volumes
	[[ $output == *'"/a":{}'*'"/b c":{}'* ]]
	[ "$(dhow image inspect --format '{{.Author}}' t)" = "me <me@here>" ]
}

@test "history has an entry an instruction, and a layer where files change" {
	dockerfile 'FROM busybox' 'ARG v=1' 'ENV a=b' 'VOLUME /v' \
		'RUN mkdir -p /v && echo kept >/v/f' 'WORKDIR /' 'WORKDIR /w' \
		'COPY Dockerfile .' 'RUN true' 'ONBUILD RUN x' 'CMD ["cat"]'
	build --label l=m
	[ "$(dhow run --rm --network none t cat /v/f)" = kept ]
	dhow save t >"$CTX/t.tar"
	python3 - "$CTX/t.tar" <<-'PY'
		import json, sys, tarfile
		tar = tarfile.open(sys.argv[1])
		read = lambda name: json.load(tar.extractfile(name))
		image = read(read("manifest.json")[0]["Config"])
		ours = [item for item in image["history"]
			if item.get("comment") == "buildkit.dockerfile.v0"]
		made = [(item["created_by"], item.get("empty_layer", False))
			for item in ours]
		assert made == [
		    ("ARG v=1", True), ("ENV a=b", True), ("VOLUME [/v]", True),
		    ("RUN |1 v=1 /bin/sh -c mkdir -p /v && echo kept >/v/f"
		     " # buildkit", False),
		    ("WORKDIR /", True), ("WORKDIR /w", False),
		    ("COPY Dockerfile . # buildkit", False),
		    ("RUN |1 v=1 /bin/sh -c true # buildkit", False),
		    ("CMD [\"cat\"]", True)], made
		full = [item for item in image["history"]
			if not item.get("empty_layer")]
		assert len(full) == len(image["rootfs"]["diff_ids"])
		assert image["config"]["ArgsEscaped"] is True
		assert image["config"]["OnBuild"] == ["RUN x"]
		assert image["config"]["Labels"] == {"l": "m"}
	PY
}

@test "a new ENTRYPOINT drops the base's CMD, an empty one clears" {
	dockerfile 'FROM busybox' 'ENTRYPOINT ["/e"]'
	build
	[ "$(config Cmd)" = null ]
	dockerfile 'FROM busybox' 'CMD ["c"]' 'ENTRYPOINT ["/e"]'
	build
	[ "$(config Cmd)" = '["c"]' ]
	dhow tag t base
	dockerfile 'FROM base' 'ENTRYPOINT []'
	build
	[ "$(config Entrypoint)" = null ]
	dhow rmi base
}

@test "--label comes last, --annotation and --iidfile are written" {
	dockerfile 'FROM busybox' 'LABEL a=1 b=2'
	build --label b=3 --label c --annotation org.x=y \
		--iidfile "$CTX/iid" --metadata-file "$CTX/meta"
	[ "$(config Labels)" = '{"a":"1","b":"3","c":""}' ]
	[ "$(cat "$CTX/iid")" = "$(dhow image inspect --format '{{.Id}}' t)" ]
	python3 - "$CTX/meta" "$(cat "$CTX/iid")" <<-'PY'
		import json, sys
		meta = json.load(open(sys.argv[1]))
		assert meta["containerimage.config.digest"] == sys.argv[2], meta
		assert meta["containerimage.digest"].startswith("sha256:"), meta
		assert meta["image.name"] == "docker.io/library/t:latest", meta
	PY
}

@test "--env, --unsetenv and --unsetlabel change what is inherited" {
	dockerfile 'FROM busybox' 'LABEL a=1 b=2' 'ENV A=base B=base'
	dhow build -q -t base "$CTX"
	dockerfile 'FROM base' 'RUN echo "$A $C" >/o' 'ENV D=$C'
	build --env A=flag --env C=new --unsetenv B --unsetlabel a
	[ "$(config Env)" = '["PATH=/usr/bin:/bin","A=flag","C=new","D=new"]' ]
	[ "$(config Labels)" = '{"b":"2"}' ]
	[ "$(dhow run --rm t cat /o)" = "flag new" ]
	dhow rmi base
}

@test "outputs: a directory, archives, standard output, nothing" {
	dockerfile 'FROM scratch' 'COPY Dockerfile /d/file'
	dhow build -q -o "$CTX/out" "$CTX"
	cmp "$CTX/out/d/file" "$CTX/Dockerfile"
	dhow build -q -o - "$CTX" | tar -tf - | grep -qx 'd/file'
	dhow build -q -o "type=oci,dest=$CTX/oci.tar" -t t:oci "$CTX"
	tar -xOf "$CTX/oci.tar" index.json | grep -q t:oci
	dhow build -q -o "type=docker,dest=$CTX/docker.tar" -t t:docker "$CTX"
	tar -xOf "$CTX/docker.tar" manifest.json | grep -q t:docker
	dhow rmi -f t:oci t:docker 2>/dev/null || true
	dhow load -q -i "$CTX/docker.tar"
	dhow image inspect t:docker >/dev/null
	run dhow build -q -o type=cacheonly "$CTX"
	[ "$status" = 0 ]
	[ -z "$output" ]
}

# --- showing -------------------------------------------------------------

@test "a step that fails shows its command, status, last lines and place" {
	dockerfile 'FROM busybox' 'RUN true' \
		'RUN for i in $(seq 30); do echo line $i; done; exit 7'
	run build
	[ "$status" = 1 ]
	[[ $output == *"exit code: 7"* ]]
	[[ $output == *" > [3/3] RUN for i in"* ]]
	[[ $output == *"   3 | >>> RUN for i in"* ]]
	run dhow build --progress quiet "$CTX"
	[ "$status" = 1 ]
	[[ $output == *"line 30"* && $output == *" line 11"* ]]
	[[ $output != *" line 10"* ]]
	[[ $output == *"Dockerfile:3"* ]]
}

@test "plain progress names steps, their output, cached ones" {
	dockerfile 'FROM busybox' "RUN echo he''llo $RANDOM"
	run build
	[ "$status" = 0 ]
	[[ $output =~ \#[0-9]+\ \[2/2\]\ RUN\ echo ]]
	[[ $output =~ \#[0-9]+\ [0-9.]+\ hello ]]
	[[ $output =~ \#[0-9]+\ DONE\ [0-9.]+s ]]
	run build
	[[ $output =~ \#[0-9]+\ CACHED ]]
	# What was made is told before it is done, as BuildKit does.
	[[ $output == *"writing image sha256:"*"naming to docker.io/library/t:latest done"*"DONE"* ]]
	[[ ${lines[-1]} == *" DONE "* ]]
}

@test "-q prints the id only, also where BUILDKIT_PROGRESS says otherwise" {
	dockerfile 'FROM busybox' 'RUN echo noise'
	run --separate-stderr env BUILDKIT_PROGRESS=plain "$DHOW" build -q "$CTX"
	[ "$status" = 0 ]
	[[ $output =~ ^sha256:[0-9a-f]{64}$ ]]
	[ -z "$stderr" ]
}

@test "rawjson is one object a line" {
	dockerfile 'FROM busybox' 'RUN echo hello'
	dhow build --no-cache --progress rawjson "$CTX" 2>"$CTX/log"
	python3 - "$CTX/log" <<-'PY'
		import base64, json, sys
		names, text = set(), b""
		for line in open(sys.argv[1]):
		    said = json.loads(line)
		    for vertex in said.get("vertexes", []):
		        names.add(vertex["name"])
		    for log in said.get("logs", []):
		        text += base64.b64decode(log["data"])
		assert any("RUN echo hello" in name for name in names), names
		assert b"hello\n" in text, text
	PY
}

@test "a terminal is drawn upon, and nothing is written twice to a file" {
	dhow_words
	dockerfile 'FROM busybox' "RUN echo $RANDOM; sleep 0.3"
	run pty exit:0 -- "${DHOW_WORDS[@]}" build -t t "$CTX"
	[ "$status" = 0 ]
	[[ $output == *"[+] Building"* ]]
	[[ $output == *" => [2/2] RUN echo"* ]]
	run dhow build --progress tty "$CTX"
	[ "$status" != 0 ]
	[[ $output == *"needs a terminal"* ]]
}

# --- flags ---------------------------------------------------------------

@test "what cannot work is refused with its reason" {
	local flag
	dockerfile 'FROM busybox'
	for flag in --memory=1 --volume=/a:/b --squash --squash-all \
		--platform=linux/amd64,linux/arm64 --cache-to=type=gha \
		--output=type=nope --secret=id=a,src=/nonexistent \
		--progress=fancy --tag=UPPER --annotation=index:a=b; do
		run dhow build $flag "$CTX"
		[ "$status" != 0 ] || (echo "$flag: $output" && false)
		[ -n "$output" ]
	done
	run dhow build --cpu-shares 0 --memory 0 --rm --force-rm --provenance=false \
		--builder default --compress -q "$CTX"
	[ "$status" = 0 ]
}

@test "--volume and --device give a step what the host has, and no layer" {
	mkdir "$CTX/host"
	echo inside >"$CTX/host/f"
	dockerfile 'FROM busybox' 'RUN cat /in/f >/copy && echo w >>/in/w' \
		'RUN ! echo x >/ro/f && test -c /dev/mine'
	run -0 build -v "$CTX/host:/in" --volume "$CTX/host:/ro:ro" \
		--device /dev/null:/dev/mine
	[ "$(cat "$CTX/host/w")" = w ]
	run -0 dhow run --rm --network none t sh -c 'cat /copy; ls -d /in /ro /dev/mine'\
'; true'
	[ "${lines[0]}" = inside ]
	[[ $output != *$'\n/in'* && $output != *$'\n/ro'* ]]
	for bad in name:/in "$CTX/none:/in" relative/x:/in; do
		run ! build -v "$bad"
	done
	run ! build --device /dev/nonexistent
}

@test "--manifest puts images under one name, several platforms are told how" {
	dockerfile 'FROM scratch' 'COPY Dockerfile /'
	run -0 build --manifest both --platform linux/amd64
	run -0 build --manifest both --platform linux/arm64
	run -0 dhow manifest inspect both
	[[ $output == *'"amd64"'*'"arm64"'* ]]
	run -0 build --manifest both --platform linux/arm64
	run -0 bash -c '"$DHOW" manifest inspect both | grep -c arm64'
	[ "$output" = 1 ]
	run ! build --platform linux/amd64,linux/arm64
	[[ $output == *"--manifest LIST"* ]]
	dhow manifest rm both
}

@test "builder du lists, builder prune removes, images stay" {
	dockerfile 'FROM busybox' "RUN echo $RANDOM >/o"
	build
	run dhow builder du
	[ "$status" = 0 ]
	[[ ${lines[0]} =~ ^ID\ +RECLAIMABLE\ +SIZE\ +LAST\ ACCESSED ]]
	[[ $output == *"Total:"* ]]
	run dhow builder prune </dev/null
	[[ $output == *"Are you sure"* ]]
	run dhow builder prune --all --force --filter until=1h
	[[ $output == "Total reclaimed space: 0B" ]]
	run dhow builder prune --all --force
	[ "$status" = 0 ]
	[[ $output == *"Total reclaimed space: "* ]]
	dhow run --rm t cat /o
	run dhow builder du --format '{{.ID}}'
	[ -z "$output" ]
	run build
	run grep -A1 '] RUN' <<<"$output"
	[[ $output != *CACHED* ]]
	run -0 dhow image prune --build-cache --force
	[[ $output == *"Deleted build cache objects:"* ]]
	[ -z "$(dhow builder du --format '{{.ID}}')" ]
	dhow run --rm t cat /o
}
