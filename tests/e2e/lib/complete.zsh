# SPDX-License-Identifier: Apache-2.0
# Driven by completion.bats: complete.zsh FOLDER LINE
# Types LINE and a tab into a zsh whose fpath has FOLDER; prints the screen.
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1='> '; TERM=dumb; fpath=($1 \$fpath); autoload -Uz compinit;\
 compinit -u -D; LISTMAX=9999; setopt autolist; bindkey '^I' complete-word;\
 print re''ady"
zpty -r -m z out '*ready*'
zpty -w -n z "$2"$'\t'
quiet=0
for i in {1..50}; do
	sleep 0.1
	((quiet += 1))
	while zpty -r -t z more; do
		quiet=0
		all+=$more
	done
	[[ -n $all ]] && ((quiet > 5)) && break
done
print -r -- "${all//[$'\a\r']/}"
