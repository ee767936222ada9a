#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Write the manual pages, the completion scripts and the list of both from
# the command table of a dhow.
# usage: make.sh DHOW ROOT     (writes ROOT/man, ROOT/completions)
set -eu
export LC_ALL=C
dhow=$1
root=$2

# Of an earlier table there may be more.
mkdir -p "$root/man" "$root/completions"
find "$root/man" -name '*.1' -exec grep -qs 'command table\|^\.so ' {} \; \
	-exec rm {} +

"$dhow" help --man >"$root/man/dhow.1"
"$dhow" __complete command | cut -f1 | while read -r path; do
	# shellcheck disable=SC2086 # the path of a command may be two words
	"$dhow" help --man $path \
		>"$root/man/dhow-$(echo "$path" | tr ' ' '-').1"
done
tab=$(printf '\t')
"$dhow" __complete alias | while IFS=$tab read -r alias path; do
	echo ".so man1/dhow-$(echo "$path" | tr ' ' '-').1" \
		>"$root/man/dhow-$(echo "$alias" | tr ' ' '-').1"
done

"$dhow" compose manual >"$root/man/compose.5"

"$dhow" completion bash >"$root/completions/dhow.bash"
"$dhow" completion fish >"$root/completions/dhow.fish"
"$dhow" completion zsh >"$root/completions/_dhow"

{
	echo '## SPDX-License-Identifier: Apache-2.0'
	echo "## Made by 'make docs'."
	printf 'dist_man_MANS +='
	(cd "$root" && printf ' \\\n	%s' man/*.[15])
	echo
} >"$root/man/pages.am"
