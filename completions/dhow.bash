# bash completion for dhow, made by 'dhow completion bash'

# The words up to the cursor, whole: readline cuts them at : and =.
_dhow_join() {
	local rest=$COMP_LINE word i
	argv=()
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if ((i == 0)) || [[ $rest == [[:space:]]* ]]; then
			argv+=("$word")
		else
			argv[${#argv[@]} - 1]+=$word
		fi
		rest="${rest#"${rest%%[![:space:]]*}"}"
		rest=${rest#"$word"}
	done
	cur=${argv[${#argv[@]} - 1]}
}

# The KIND of the flag $1: of -it, that of the letter whose value is next.
_dhow_kind() {
	local word=$1 rest
	kind=-
	if [[ $word != --* ]]; then
		while ((${#word} > 2)); do
			_dhow_kind "${word:0:2}"
			[[ $kind == =* ]] && kind=- && return
			word=-${word:2}
		done
	fi
	[[ $rows == *$'\n'"$word"$'\t'* ]] || return
	rest=${rows#*$'\n'"$word"$'\t'}
	kind=${rest%%$'\t'*}
}

# Over flags and operands from $at on; sets want, operands and ended.
_dhow_walk() {
	local word kind
	want= operands=0 ended=
	while ((at < ${#argv[@]} - 1)); do
		word=${argv[at]}
		if [[ -n $ended || $word != -?* ]]; then
			operands=$((operands + 1))
			((stop)) && return
			at=$((at + 1))
			continue
		fi
		at=$((at + 1))
		[[ $word == -- ]] && ended=1
		[[ $word == -- || $word == *=* ]] && continue
		_dhow_kind "$word"
		[[ $kind == =* ]] || continue
		((at == ${#argv[@]} - 1)) && want=$kind && return
		at=$((at + 1))
	done
}

# Rows that begin with $1, with their texts where they are only shown.
_dhow_choose() {
	local line width=0 word
	COMPREPLY=()
	while IFS= read -r line; do
		[[ -n $line && $line == "$1"* ]] || continue
		COMPREPLY+=("$line")
		word=${line%%$'\t'*}
		((${#word} > width)) && width=${#word}
	done <<<"$rows"
	local i shown=0
	[[ ${#COMPREPLY[@]} -gt 1 && $COMP_TYPE =~ ^(33|63|64)$ ]] && shown=1
	for i in "${!COMPREPLY[@]}"; do
		line=${COMPREPLY[i]}
		word=${line%%$'\t'*}
		line=${line##*$'\t'}
		if ((shown)) && [[ -n $line ]]; then
			printf -v word '%-*s  (%s)' "$width" "$word" "$line"
			word=${word:0:${COLUMNS:-80}-2}
		fi
		COMPREPLY[i]=$word
	done
}

# Names from the store; their texts are not shown.
_dhow_ask() {
	mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" __complete "$1" "$2" 2>/dev/null)
	COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
}

# What may stand for $2, by its KIND $1.
_dhow_offer() {
	case $1 in
	'') ;;
	file | dir | volume)
		if [[ $1 == volume && $2 != [./~]* ]]; then
			_dhow_ask volume "$2"
			return
		fi
		local how=-f
		[[ $1 == dir ]] && how=-d
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen "$how" -- "$2")
		;;
	container | image | network | object) _dhow_ask "$1" "$2" ;;
	capability) mapfile -t COMPREPLY < <(compgen -W 'ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM' -- "$2") ;;
	signal) mapfile -t COMPREPLY < <(compgen -W 'SIGABRT SIGALRM SIGCONT SIGHUP SIGINT SIGKILL SIGPWR SIGQUIT SIGSTOP SIGTERM SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH' -- "$2") ;;
	*) mapfile -t COMPREPLY < <(compgen -W "${1//|/ }" -- "$2") ;;
	esac
}

# readline replaces what follows the last : or =.
_dhow_trim() {
	local head= i
	[[ $cur == *:* && $COMP_WORDBREAKS == *:* ]] && head=${1%"${1##*:}"}
	[[ -n $head ]] || return
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=${COMPREPLY[i]#"$head"}
	done
}

# The value of $cur, which is --flag=VALUE.
_dhow_offer_inline() {
	local value=${cur#*=} kind i
	_dhow_kind "${cur%%=*}"
	[[ $kind == =* ]] || return
	_dhow_offer "${kind#=}" "$value"
	_dhow_trim "$value"
	[[ $COMP_WORDBREAKS == *=* ]] && return
	for i in "${!COMPREPLY[@]}"; do
		COMPREPLY[i]=${cur%%=*}=${COMPREPLY[i]}
	done
}

_dhow() {
	local argv cur at=1 rows want operands ended stop=1 operand= path
	COMPREPLY=()
	_dhow_join
	_dhow_global
	_dhow_walk
	if [[ -z $want && $operands -gt 0 ]]; then
		path=${argv[at]}
		at=$((at + 1))
		if _dhow_verbs "$path"; then
			if ((at == ${#argv[@]} - 1)); then
				_dhow_choose "$cur"
				return
			fi
			path="$path ${argv[at]}"
			at=$((at + 1))
		fi
		_dhow_command "$path" || return
		_dhow_walk
		if [[ -z $want ]] && ((stop && operands)); then
			compopt -o default 2>/dev/null
			return
		fi
	elif [[ -z $want && $cur != -* ]]; then
		_dhow_commands
		_dhow_choose "$cur"
		return
	fi
	if [[ -n $want ]]; then
		_dhow_offer "${want#=}" "$cur"
		_dhow_trim "$cur"
	elif [[ -z $ended && $cur == --*=* ]]; then
		_dhow_offer_inline
	elif [[ -z $ended && $cur == -* ]]; then
		_dhow_choose "$cur"
	elif [[ $operand == command ]]; then
		_dhow_commands
		_dhow_choose "$cur"
	else
		_dhow_offer "$operand" "$cur"
		_dhow_trim "$cur"
	fi
}

complete -F _dhow dhow

_dhow_global() {
	rows=$'\n''--config	=dir	directory of config.json with credentials (default $DOCKER_CONFIG, else ~/.docker)
--debug	-	say on stderr what is being done
-D	-	say on stderr what is being done
--log-level	=debug|info|warn|error|fatal	how much to say; error leaves out warnings
-l	=debug|info|warn|error|fatal	how much to say; error leaves out warnings
--root	=dir	where images, containers and volumes are kept (default $XDG_DATA_HOME/dhow)
--runroot	=dir	where the state of running containers is kept (default $XDG_RUNTIME_DIR/dhow)
--storage-driver	=auto|overlay|fuse-overlayfs|copy|vfs	how a container'\''s root is made of layers; vfs is copy
--version	-	print the version in one line
-v	-	print the version in one line
--help	-	explain this command
'
}

_dhow_commands() {
	rows=$'\n''completion	-	print a completion script for bash, fish or zsh
doctor	-	check what this host allows and what to ask for
help	-	explain dhow or one of its commands
info	-	print a summary of this installation and this host
version	-	print the version
system	-	commands of this kind
'
}

_dhow_verbs() {
	case $1 in
	system)
	rows=$'\n''info	-	print a summary of this installation and this host
'
	;;
	*) return 1 ;;
	esac
}

_dhow_command() {
	case $1 in
	'completion')
	stop=0 operand=
	rows=$'\n''--file	=file	write the script to a file
-f	=file	write the script to a file
--no-desc	-	leave out the texts beside the words
--help	-	explain this command
'
	;;
	'doctor')
	stop=0 operand=
	rows=$'\n''--format	=text|json	how to print the findings
--help	-	explain this command
'
	;;
	'help')
	stop=0 operand=command
	rows=$'\n''--man	-	show the manual page, or print its source where there is no terminal
--help	-	explain this command
'
	;;
	'info' | 'system info')
	stop=0 operand=
	rows=$'\n''--format	=json	json, or a Go template over the object
-f	=json	json, or a Go template over the object
--help	-	explain this command
'
	;;
	'version')
	stop=0 operand=
	rows=$'\n''--help	-	explain this command
'
	;;
	*) return 1 ;;
	esac
}

