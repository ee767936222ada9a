# fish completion for dhow, made by 'dhow completion fish'

# True when the words before the cursor name one of the commands $argv
# ("": none yet), and its flags and operands are not over.
function __dhow_at
	set -l words (commandline -opc)[2..-1]
	set -l path ''
	set -l takes (__dhow_values '')
	while set -q words[1]
		set -l word $words[1]
		set -e words[1]
		if string match -q -- '-?*' $word
			if contains -- $word $takes; and set -q words[1]
				set -e words[1]
			end
		else if test -z "$path"
			set path $word
			if contains -- $word $__dhow_nouns; and set -q words[1]
				set path "$word $words[1]"
				set -e words[1]
			end
			set takes (__dhow_values $path)
		else if contains -- $path $__dhow_stop
			return 1
		end
	end
	contains -- "$path" $argv
end

# Names from the store.
function __dhow_ask
	set -l dhow (commandline -opc)[1]
	$dhow __complete $argv[1] (commandline -ct) 2>/dev/null
end

set -g __dhow_nouns system
set -g __dhow_stop

function __dhow_values
	switch $argv[1]
	case ""
		printf '%s\n' --config --connection --context -c --host -H --identity --log-level -l --root --runroot --ssh --storage-driver --tlscacert --tlscert --tlskey --url
	case "completion"
		printf '%s\n' --file -f
	case "doctor"
		printf '%s\n' --format
	case "help"
		printf '%s\n'
	case "info" "system info"
		printf '%s\n' --format -f
	case "version"
		printf '%s\n'
	end
end

complete -c dhow -n '__dhow_at ""' -fa completion -d 'print a completion script for bash, fish or zsh'
complete -c dhow -n '__dhow_at ""' -fa doctor -d 'check what this host allows and what to ask for'
complete -c dhow -n '__dhow_at ""' -fa help -d 'explain dhow or one of its commands'
complete -c dhow -n '__dhow_at ""' -fa info -d 'print a summary of this installation and this host'
complete -c dhow -n '__dhow_at ""' -fa version -d 'print the version'
complete -c dhow -n '__dhow_at ""' -fa system
complete -c dhow -n '__dhow_at system' -fa info -d 'print a summary of this installation and this host'
complete -c dhow -n '__dhow_at ""' -l config -xa '(__fish_complete_directories)' -d 'directory of config.json with credentials (default $DOCKER_CONFIG, else ~/.docker)'
complete -c dhow -n '__dhow_at ""' -s D -l debug -f -d 'say on stderr what is being done'
complete -c dhow -n '__dhow_at ""' -s l -l log-level -xa 'debug info warn error fatal' -d 'how much to say; error leaves out warnings'
complete -c dhow -n '__dhow_at ""' -l root -xa '(__fish_complete_directories)' -d 'where images, containers and volumes are kept (default $XDG_DATA_HOME/dhow)'
complete -c dhow -n '__dhow_at ""' -l runroot -xa '(__fish_complete_directories)' -d 'where the state of running containers is kept (default $XDG_RUNTIME_DIR/dhow)'
complete -c dhow -n '__dhow_at ""' -l storage-driver -xa 'auto overlay fuse-overlayfs copy vfs' -d 'how a container\'s root is made of layers; vfs is copy'
complete -c dhow -n '__dhow_at ""' -s v -l version -f -d 'print the version in one line'
complete -c dhow -n '__dhow_at ""' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "completion"' -s f -l file -rF -d 'write the script to a file'
complete -c dhow -n '__dhow_at "completion"' -l no-desc -f -d 'leave out the texts beside the words'
complete -c dhow -n '__dhow_at "completion"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "completion"' -f
complete -c dhow -n '__dhow_at "doctor"' -l format -xa 'text json' -d 'how to print the findings'
complete -c dhow -n '__dhow_at "doctor"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "doctor"' -f
complete -c dhow -n '__dhow_at "help"' -l man -f -d 'show the manual page, or print its source where there is no terminal'
complete -c dhow -n '__dhow_at "help"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "help"' -fa '(__dhow_ask command)'
complete -c dhow -n '__dhow_at "info" "system info"' -s f -l format -xa 'json' -d 'json, or a Go template over the object'
complete -c dhow -n '__dhow_at "info" "system info"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "info" "system info"' -f
complete -c dhow -n '__dhow_at "version"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "version"' -f
