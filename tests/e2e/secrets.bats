# SPDX-License-Identifier: Apache-2.0
# Secrets: kept, listed, given to containers, in no image and no record.

bats_require_minimum_version 1.5.0
load lib/common

setup_file() {
	dhow_setup_file
	use_busybox >/dev/null
}

@test "a secret is kept, listed, shown, replaced and removed" {
	id=$(printf hunter2 | dhow secret create -l tier=db pw -)
	[ ${#id} -eq 25 ]
	run -1 dhow secret create pw /etc/hostname
	[ "$output" = "Error: the secret name 'pw' is in use" ]
	[ "$(dhow secret create --ignore pw /etc/hostname)" = "$id" ]
	# nobody else reads it, and it is not shown unasked
	[ "$(stat -c %a "$STORE/secrets/pw.json")" = 600 ]
	[ "$(dhow secret ls --format '{{.ID}} {{.Name}} {{.Driver}} {{.Labels}}')" \
		= "$id pw file tier=db" ]
	dhow secret ls | grep -q '^ID  *NAME  *DRIVER  *CREATED  *UPDATED$'
	[ "$(dhow secret ls -q -f label=tier=db)" = "$id" ]
	[ -z "$(dhow secret ls -q -f name=other)" ]
	[ -z "$(dhow secret inspect pw | grep SecretData)" ]
	[ "$(dhow secret inspect --showsecret -f '{{.SecretData}}' "${id:0:8}")" \
		= hunter2 ]
	[ "$(dhow inspect -f '{{.Spec.Name}}' "$id")" = pw ]
	[ "$(TOKEN=abc dhow secret create --replace --env pw TOKEN)" = "$id" ]
	[ "$(dhow secret inspect --showsecret -f '{{.SecretData}}' pw)" = abc ]
	run -1 dhow secret create empty /dev/null
	run -1 dhow secret rm nosuch
	[[ "$output" == "Error: no such secret: 'nosuch'"* ]]
	dhow secret rm --ignore nosuch
	dhow secret exists pw
	[ "$(dhow secret rm pw)" = pw ]
	run -1 dhow secret exists pw
	dhow events --since 1m --until 0s --filter type=secret \
		--format '{{.Action}} {{.Actor.Attributes.name}}' |
		grep -qx 'remove pw'
}

@test "a container sees them as files and variables" {
	printf one | dhow secret create first -
	printf two | dhow secret create second -
	run -0 dhow run --rm --secret first --secret second,type=env,target=X \
		--secret source=second,target=/etc/own,mode=0400 busybox sh -c '
			echo $(cat /run/secrets/first) $X $(cat /etc/own)
			stat -c "%a %u" /run/secrets/first /etc/own
			(echo no >/run/secrets/first) 2>/dev/null || echo refused'
	[ "${lines[0]}" = "one two two" ]
	[ "${lines[1]}" = "444 0" ]
	[ "${lines[2]}" = "400 0" ]
	[[ "$output" == *refused* ]]
	run -125 dhow run --rm --secret nosuch busybox true
	[[ "$output" == "Error: no such secret: 'nosuch'"* ]]
	run -125 dhow run --rm --secret first --secret first busybox true
	[[ "$output" == *"two secrets have the target '/run/secrets/first'"* ]]
	run -125 dhow run --rm --secret first,what=1 busybox true
}

@test "a container keeps its copy, and no image or record has it" {
	printf precious | dhow secret create gem -
	dhow run -d --name keeper --secret gem --secret gem,type=env,target=G \
		busybox sleep 1000
	dhow secret rm gem
	dhow restart -t 0 keeper
	[ "$(dhow exec keeper sh -c 'echo $G $(cat /run/secrets/gem)')" \
		= "precious precious" ]
	[ "$(dhow inspect -f '{{range .Config.Secrets}}{{.Name}} {{end}}' \
		keeper)" = "gem gem " ]
	[ -z "$(dhow inspect keeper | grep precious)" ]
	[ -z "$(dhow diff keeper | grep secrets)" ]
	dhow commit keeper committed
	[ "$(dhow save committed | grep -c precious)" = 0 ]
	dhow rm -f keeper
	dhow rmi committed
}
