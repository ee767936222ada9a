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
	rows=$'\n''--cdi-spec-dir	=dir	where devices are described, besides /etc/cdi, /var/run/cdi and ~/.config/dhow/cdi
--config	=dir	directory of config.json with credentials (default $DOCKER_CONFIG, else ~/.docker)
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
	rows=$'\n''attach	-	connect the terminal to a running container
autostart	-	start containers with the host
build	-	build an image from a Dockerfile
commit	-	make an image of a container'\''s files
completion	-	print a completion script for bash, fish or zsh
compose	-	run projects of several containers
copy	-	copy an image from one place to another
cp	-	copy files between a container and the host
create	-	make a new container without starting it
diff	-	list what a container changed of its image'\''s files
doctor	-	check what this host allows and what to ask for
events	-	show what happens to containers, images, volumes and networks
exec	-	run a command in a running container
export	-	write a container'\''s files as a tar archive
help	-	explain dhow or one of its commands
history	-	show the steps an image was made in
images	-	list images
import	-	make an image of a root file system'\''s archive
info	-	print a summary of this installation and this host
inspect	-	show all that is known of images, containers and more
kill	-	send a signal to containers
load	-	load images from an archive
login	-	tell a registry who one is, and keep it
logout	-	forget credentials for a registry
logs	-	show what a container wrote
pause	-	hold all processes of containers
port	-	show where the ports of a container are on the host
ps	-	list containers
pull	-	get images from a registry
push	-	send an image to a registry
rename	-	give a container another name
restart	-	stop containers and start them again
rm	-	remove containers
rmi	-	remove images
run	-	run a command in a new container
save	-	write images to an archive
search	-	look for images at a registry
start	-	start containers that do not run
stats	-	show what running containers use
stop	-	stop running containers
tag	-	give an image further names
top	-	show the processes of a container
unpause	-	let paused containers go on
unshare	-	run a command with the ids that containers have
untag	-	take names from an image and keep it
update	-	change limits and policies of containers
version	-	print the version of dhow and of the host'\''s kernel
wait	-	wait until containers end, and print their exit statuses
builder	-	commands of this kind
buildx	-	commands of this kind
compose	-	commands of this kind
container	-	commands of this kind
debug	-	commands of this kind
healthcheck	-	commands of this kind
image	-	commands of this kind
manifest	-	commands of this kind
network	-	commands of this kind
secret	-	commands of this kind
system	-	commands of this kind
volume	-	commands of this kind
'
}

_dhow_verbs() {
	case $1 in
	builder)
	rows=$'\n''build	-	build an image from a Dockerfile
du	-	list what the build cache holds
prune	-	remove what builds have left in their cache
'
	;;
	buildx)
	rows=$'\n''build	-	build an image from a Dockerfile
du	-	list what the build cache holds
prune	-	remove what builds have left in their cache
version	-	print the version, as scripts ask for it
'
	;;
	compose)
	rows=$'\n''attach	-	attach to a service'\''s container
build	-	build images of services
commit	-	make an image of a service'\''s container
config	-	check the files and print what they amount to
cp	-	copy files between a service and the host
create	-	make containers of services without starting them
down	-	stop and remove containers and networks
events	-	show what happens to a project
exec	-	run a command in a service'\''s container
export	-	write a service'\''s files as a tar archive
images	-	list images of containers
kill	-	send a signal to containers
logs	-	print what containers wrote, merged by time
ls	-	list projects
pause	-	freeze containers
port	-	print the host'\''s address of a service'\''s port
ps	-	list the containers of a project
pull	-	pull images of services
push	-	push images of services that are built
restart	-	stop and start containers
rm	-	remove stopped containers
run	-	run a command in a new container of a service
scale	-	set how many containers services have
start	-	start containers that exist
stats	-	show what services use
stop	-	stop containers without removing them
top	-	list processes of services
unpause	-	let frozen containers go on
up	-	make and start containers of services
version	-	print which Docker Compose is followed
volumes	-	list the volumes of a project
wait	-	wait until the first of some services ends
watch	-	do what develop.watch says when files change
'
	;;
	container)
	rows=$'\n''attach	-	connect the terminal to a running container
commit	-	make an image of a container'\''s files
exists	-	say by the exit status whether there is such a container
inspect	-	show all that is known of containers
prune	-	remove containers that do not run
cp	-	copy files between a container and the host
create	-	make a new container without starting it
diff	-	list what a container changed of its image'\''s files
exec	-	run a command in a running container
export	-	write a container'\''s files as a tar archive
kill	-	send a signal to containers
logs	-	show what a container wrote
pause	-	hold all processes of containers
port	-	show where the ports of a container are on the host
ls	-	list containers
rename	-	give a container another name
restart	-	stop containers and start them again
rm	-	remove containers
run	-	run a command in a new container
start	-	start containers that do not run
stats	-	show what running containers use
stop	-	stop running containers
top	-	show the processes of a container
unpause	-	let paused containers go on
update	-	change limits and policies of containers
wait	-	wait until containers end, and print their exit statuses
'
	;;
	debug)
	rows=$'\n''dockerfile-parse	-	show the instructions of a Dockerfile as JSON
yaml2json	-	print what is read from a YAML file as JSON
'
	;;
	healthcheck)
	rows=$'\n''run	-	ask a container for its health now
'
	;;
	image)
	rows=$'\n''build	-	build an image from a Dockerfile
copy	-	copy an image from one place to another
history	-	show the steps an image was made in
exists	-	say by the exit status whether there is such an image
inspect	-	show all that is known of images
prune	-	remove images that nobody needs
tree	-	show the layers of an image, their sizes and who shares them
ls	-	list images
import	-	make an image of a root file system'\''s archive
load	-	load images from an archive
pull	-	get images from a registry
push	-	send an image to a registry
rm	-	remove images
save	-	write images to an archive
search	-	look for images at a registry
tag	-	give an image further names
untag	-	take names from an image and keep it
'
	;;
	manifest)
	rows=$'\n''add	-	add an image to a list
annotate	-	say what an entry of a list is for
create	-	begin a list of images for several platforms
exists	-	say by the exit status whether a list is here
inspect	-	show a manifest or a list, here or at a registry
push	-	send a list and what it lists to a registry
remove	-	take an entry out of a list
rm	-	remove lists
'
	;;
	network)
	rows=$'\n''connect	-	put a container on one more network
create	-	make a network
disconnect	-	take a container from a network
exists	-	say by the exit status whether there is such a network
inspect	-	show all that is known of networks
ls	-	list networks
prune	-	remove all networks that no running container is on
rm	-	remove networks that no running container is on
'
	;;
	secret)
	rows=$'\n''create	-	keep a value that containers may be given
exists	-	say by the exit status whether there is such a secret
inspect	-	show all that is known of secrets
ls	-	list secrets
rm	-	remove secrets
'
	;;
	system)
	rows=$'\n''events	-	show what happens to containers, images, volumes and networks
info	-	print a summary of this installation and this host
df	-	show what images, containers and volumes take on disk
prune	-	remove containers, networks and images that are not in use
reset	-	remove everything there is
'
	;;
	volume)
	rows=$'\n''create	-	make a volume
exists	-	say by the exit status whether there is such a volume
export	-	write a volume'\''s files as a tar archive
import	-	unpack a tar archive into a volume
inspect	-	show all that is known of volumes
ls	-	list volumes
prune	-	remove volumes that no container mounts
rm	-	remove volumes
'
	;;
	*) return 1 ;;
	esac
}

_dhow_command() {
	case $1 in
	'attach' | 'container attach')
	stop=0 operand=container
	rows=$'\n''--detach-keys	=	what to type to leave a terminal (default ctrl-p,ctrl-q)
--latest	-	act on the newest container
-l	-	act on the newest container
--no-stdin	-	do not pass our input on
--sig-proxy	-	pass signals on to the process
--help	-	explain this command
'
	;;
	'autostart')
	stop=0 operand=
	rows=$'\n''--remove	-	do not start them with the host any more
--run	-	start them now: what the host is told to run
--help	-	explain this command
'
	;;
	'build' | 'buildx build' | 'builder build' | 'image build')
	stop=0 operand=dir
	rows=$'\n''--add-host	=	a line for the /etc/hosts of steps; the address may be host-gateway
--allow	=network.host|security.insecure|device	what RUN --network=host and RUN --security=insecure need
--annotation	=	an annotation of the image'\''s manifest
--arch	=	architecture to build for, if not that of the host
--authfile	=file	credentials for the registry
--build-arg	=	a value for an ARG, or that of the host'\''s variable
--build-arg-file	=file	read values for ARGs from a file
--build-context	=dir	a further context: a directory, URL, docker-image://, oci-layout://
--cache-from	=	take finished steps from there: registry, local
--cache-to	=	put finished steps there: inline, registry, local
--call	=build|check|outline|targets	check, outline or targets: tell about the Dockerfile, build nothing
--cap-add	=capability	add a capability to steps
--cap-drop	=capability	take a capability from steps
--cert-dir	=dir	certificates and keys for the registry
--cgroup-parent	=	the control group, or slice of systemd, to make those of steps in
--check	-	the same as --call=check
--cpu-period	=	the time that --cpu-quota is a part of
--cpu-quota	=	processor time of a step in each --cpu-period
--cpu-shares	=	a step'\''s share of the processors, 1024 by default
-c	=	a step'\''s share of the processors, 1024 by default
--cpuset-cpus	=	which processors a step may use, as 0-3,7
--cpuset-mems	=	which memory nodes a step may use
--creds	=	credentials for the registry, as text
--device	=file	a device of the host that steps may use
--disable-content-trust	-	true is accepted: there is nothing to disable
--dns	=	name server of steps
--dns-option	=	an option for the resolv.conf of steps
--dns-search	=	search domain of steps
--env	=	an ENV before the first instruction of each image
--file	=file	the Dockerfile, or - for standard input (default: Dockerfile or Containerfile of the context)
-f	=file	the Dockerfile, or - for standard input (default: Dockerfile or Containerfile of the context)
--force-rm	-	accepted for scripts: no container is left behind
--format	=oci|docker	media types of the image
--from	=image	instead of the first FROM'\''s image
--http-proxy	-	pass on the proxy variables of the host
--ignorefile	=file	instead of .dockerignore
--iidfile	=file	write the id of the image there
--jobs	=	steps at once (default: what the processors allow)
--label	=	a label of the image, beating those of the Dockerfile
--layers	-	=false is the same as --no-cache
--load	-	store the image here, also with other --output
--manifest	=	add the image to this list of images, which may be new
--memory	=	how much memory a step may use
-m	=	how much memory a step may use
--memory-swap	=	memory and swap of a step together; -1 for any
--metadata-file	=file	write digests of the result there, as JSON
--net	=default|none|host|bridge	the network of steps
--network	=default|none|host|bridge	the network of steps
--no-cache	-	do every step again
--no-cache-filter	=	do every step of these stages again
--os	=	operating system to build for
--output	=file	where the result goes: image, local, tar, oci, docker, registry, cacheonly
-o	=file	where the result goes: image, local, tar, oci, docker, registry, cacheonly
--platform	=	what to build for, if not this host
--progress	=auto|plain|tty|quiet|none|rawjson	how to show what is done (default: $BUILDKIT_PROGRESS, or auto)
--provenance	=	attestations to make: none
--pull	=true|false|always|missing|never|newer|ifnewer	when to pull images, even if they are here
--push	-	push the image under its tags
--quiet	-	print the id of the image only
-q	-	print the id of the image only
--retry	=	how often to try again when the network fails
--retry-delay	=	pause between attempts (default: longer each time)
--rewrite-timestamp	-	accepted for scripts: no file of new layers is ever younger than SOURCE_DATE_EPOCH
--rm	-	accepted for scripts: no container is left behind
--secret	=	what RUN --mount=type=secret may see
--security-opt	=	security options of steps: no-new-privileges, seccomp=
--shm-size	=	size of the /dev/shm of steps
--skip-unused-stages	-	leave out stages that the target does not need; always so
--source-date-epoch	=	time to write into the image (default: $SOURCE_DATE_EPOCH)
--ssh	=	agent or keys that RUN --mount=type=ssh may use
--tag	=	name of the image
-t	=	name of the image
--target	=	stage to stop at
--timestamp	=	the same as --source-date-epoch and --rewrite-timestamp
--tls-verify	-	insist on HTTPS with a valid certificate; =false permits plain HTTP
--ulimit	=	a resource limit of steps, as of setrlimit(2)
--unsetenv	=	leave this variable out of the image
--unsetlabel	=	do not inherit this label of the base image
--variant	=	variant of the architecture
--volume	=dir	a directory of the host that steps see; it enters no layer
-v	=dir	a directory of the host that steps see; it enters no layer
--why	-	tell for each step that is done again what changed
--help	-	explain this command
'
	;;
	'builder du' | 'buildx du')
	stop=0 operand=
	rows=$'\n''--filter	=	only what matches: id, type, until, unused-for, inuse, shared, private, description
--format	=	print by a Go template, table TEMPLATE, or json
--verbose	-	print all there is
--help	-	explain this command
'
	;;
	'builder prune' | 'buildx prune')
	stop=0 operand=
	rows=$'\n''--all	-	everything, not only what nothing uses
-a	-	everything, not only what nothing uses
--filter	=	only what matches: until=24h, id, type, unused-for, inuse, shared, private, description
--force	-	do not ask
-f	-	do not ask
--keep-storage	=	keep so much in any case
--max-used-space	=	remove the least used until no more than this is left
--min-free-space	=	remove the least used until the disk has so much room
--reserved-space	=	keep so much in any case
--verbose	-	print all there is of what was removed
--help	-	explain this command
'
	;;
	'buildx version')
	stop=0 operand=
	rows=$'\n''--help	-	explain this command
'
	;;
	'commit' | 'container commit')
	stop=0 operand=container
	rows=$'\n''--author	=	who made it
-a	=	who made it
--change	=	change the image by an instruction of a Dockerfile
-c	=	change the image by an instruction of a Dockerfile
--format	=oci|docker	whose manifest it gets
-f	=oci|docker	whose manifest it gets
--iidfile	=file	write the id of the image to a file
--message	=	a comment in the image'\''s history
-m	=	a comment in the image'\''s history
--no-pause	-	let the container run meanwhile
--pause	-	stop the container'\''s processes meanwhile
-p	-	stop the container'\''s processes meanwhile
--quiet	-	print the id only, as it does anyway
-q	-	print the id only, as it does anyway
--help	-	explain this command
'
	;;
	'completion')
	stop=0 operand=
	rows=$'\n''--file	=file	write the script to a file
-f	=file	write the script to a file
--no-desc	-	leave out the texts beside the words
--help	-	explain this command
'
	;;
	'compose')
	stop=1 operand=
	rows=$'\n''--all-resources	-	keep networks and volumes that no service uses
--ansi	=auto|never|always	when to use colours and to move the cursor (COMPOSE_ANSI)
--compatibility	-	join names with underscores (COMPOSE_COMPATIBILITY)
--dry-run	-	say what would be done, and why, without doing it
--env-file	=file	variables for the files, instead of .env; the later one wins
--file	=file	file to read, - for standard input; the later one is merged over the earlier
-f	=file	file to read, - for standard input; the later one is merged over the earlier
--no-ansi	-	same as --ansi=never
--parallel	=	how many things are done at once; -1 is as many as fit (COMPOSE_PARALLEL_LIMIT)
--profile	=	turn services of a profile on; * is all (COMPOSE_PROFILES)
--progress	=auto|tty|plain|json|quiet	how to show what is being done (COMPOSE_PROGRESS), on standard error unless COMPOSE_STATUS_STDOUT is set
--project-directory	=dir	where relative paths start (default: the directory of the first file)
--project-name	=	name of the project (COMPOSE_PROJECT_NAME)
-p	=	name of the project (COMPOSE_PROJECT_NAME)
--verbose	-	say more; dhow --debug does
--version	-	print the version
-v	-	print the version
--workdir	=dir	where relative paths start (default: the directory of the first file)
--help	-	explain this command
'
	;;
	'compose attach')
	stop=0 operand=
	rows=$'\n''--detach-keys	=	what to type to leave
--index	=	which container, where a service has several
--no-stdin	-	do not pass our input on
--sig-proxy	-	pass signals on
--help	-	explain this command
'
	;;
	'compose build')
	stop=0 operand=
	rows=$'\n''--build-arg	=	a value for ARG
--check	-	only check the Dockerfiles
--memory	=	memory for each step
-m	=	memory for each step
--no-cache	-	do every step anew
--progress	=auto|plain|tty|quiet|rawjson	how to show steps: auto, plain, tty, quiet
--pull	-	look for newer base images
--push	-	push what was built
--quiet	-	do not show steps
-q	-	do not show steps
--ssh	=	agent or keys for steps that ask for them
--with-dependencies	-	what services depend on too
--help	-	explain this command
'
	;;
	'compose commit')
	stop=0 operand=
	rows=$'\n''--author	=	who made it
-a	=	who made it
--change	=	an instruction as of a Dockerfile
-c	=	an instruction as of a Dockerfile
--index	=	which container, where a service has several
--message	=	what was done
-m	=	what was done
--pause	-	freeze it meanwhile
-p	-	freeze it meanwhile
--help	-	explain this command
'
	;;
	'compose config' | 'compose convert')
	stop=0 operand=
	rows=$'\n''--environment	-	print the variables that the files are filled with
--explain	=	print every source of a variable, the winner first
--format	=yaml|json	how to print the model
--hash	=	print what decides whether containers are up to date
--images	-	print names of images
--lock-image-digests	-	print an override file that pins images by digest
--models	-	print names of models
--networks	-	print names of networks
--no-consistency	-	do not check what keys refer to
--no-env-resolution	-	leave env_file as it is
--no-interpolate	-	leave variables as they are
--no-normalize	-	leave out what is understood
--no-path-resolution	-	leave relative paths as they are
--output	=file	write to a file
-o	=file	write to a file
--profiles	-	print names of profiles
--quiet	-	only check
-q	-	only check
--resolve-image-digests	-	pin images by the digest that registries have
--services	-	print names of services
--variables	-	print the variables that the files use
--volumes	-	print names of volumes
--help	-	explain this command
'
	;;
	'compose cp')
	stop=0 operand=
	rows=$'\n''--all	-	containers of compose run too
--archive	-	keep owners
-a	-	keep owners
--follow-link	-	copy what a link names
-L	-	copy what a link names
--index	=	which container, where a service has several
--help	-	explain this command
'
	;;
	'compose create')
	stop=0 operand=
	rows=$'\n''--build	-	build images first
--force-recreate	-	replace containers that did not change
--no-build	-	do not build what is missing
--no-recreate	-	keep containers that should be replaced
--pull	=always|missing|never|build|policy	when to pull, instead of what services say
--quiet-pull	-	do not show pulls
--remove-orphans	-	remove containers of services that the files do not have
--scale	=	how many containers of a service
--yes	-	answer questions with yes
-y	-	answer questions with yes
--help	-	explain this command
'
	;;
	'compose down')
	stop=0 operand=
	rows=$'\n''--remove-orphans	-	remove containers of services that the files do not have
--rmi	=all|local	remove images too: all, or local: those without a name of their own
--timeout	=	how long containers may take to stop
-t	=	how long containers may take to stop
--volumes	-	remove volumes that the files declare
-v	-	remove volumes that the files declare
--help	-	explain this command
'
	;;
	'compose events')
	stop=0 operand=
	rows=$'\n''--json	-	print JSON, an object a line
--since	=	begin in the past
--until	=	end then
--help	-	explain this command
'
	;;
	'compose exec')
	stop=1 operand=
	rows=$'\n''--detach	-	do not wait for the command
-d	-	do not wait for the command
--env	=	set a variable, or pass on the host'\''s
-e	=	set a variable, or pass on the host'\''s
--index	=	which container, where a service has several
--interactive	-	pass our input on
-i	-	pass our input on
--no-tty	-	no terminal, even where there is one
-T	-	no terminal, even where there is one
--privileged	-	all capabilities in the container'\''s user namespace
--tty	-	a terminal, where we have one
-t	-	a terminal, where we have one
--user	=	run as this user of the container
-u	=	run as this user of the container
--workdir	=	working directory in the container
-w	=	working directory in the container
--help	-	explain this command
'
	;;
	'compose export')
	stop=0 operand=
	rows=$'\n''--index	=	which container, where a service has several
--output	=file	write to a file
-o	=file	write to a file
--help	-	explain this command
'
	;;
	'compose images')
	stop=0 operand=
	rows=$'\n''--format	=	how to print them
--quiet	-	print ids only
-q	-	print ids only
--help	-	explain this command
'
	;;
	'compose kill')
	stop=0 operand=
	rows=$'\n''--remove-orphans	-	remove containers of services that the files do not have
--signal	=signal	what to send
-s	=signal	what to send
--help	-	explain this command
'
	;;
	'compose logs')
	stop=0 operand=
	rows=$'\n''--follow	-	go on until all containers end
-f	-	go on until all containers end
--index	=	which container, where a service has several
--no-color	-	no colours
--no-log-prefix	-	leave names out
--since	=	only what came after: 10m, 2026-01-02T15:04, Unix seconds
--tail	=	only the last N lines of each container
-n	=	only the last N lines of each container
--timestamps	-	start each line with its time
-t	-	start each line with its time
--until	=	only what came before
--help	-	explain this command
'
	;;
	'compose ls')
	stop=0 operand=
	rows=$'\n''--all	-	projects that are stopped too
-a	-	projects that are stopped too
--filter	=	only projects whose name matches
--format	=	how to print them
--quiet	-	print names only
-q	-	print names only
--help	-	explain this command
'
	;;
	'compose pause')
	stop=0 operand=
	rows=$'\n''--help	-	explain this command
'
	;;
	'compose port')
	stop=0 operand=
	rows=$'\n''--index	=	which container, where a service has several
--protocol	=tcp|udp	which protocol
--help	-	explain this command
'
	;;
	'compose ps')
	stop=0 operand=
	rows=$'\n''--all	-	stopped ones and those of compose run too
-a	-	stopped ones and those of compose run too
--filter	=	only containers in this state
--format	=	how to print them
--no-trunc	-	print whole ids and commands
--orphans	-	services that the files do not have too
--quiet	-	print ids only
-q	-	print ids only
--services	-	print names of services only
--status	=paused|restarting|removing|running|dead|created|exited	only containers in this state
--help	-	explain this command
'
	;;
	'compose pull')
	stop=0 operand=
	rows=$'\n''--ignore-buildable	-	leave out what can be built
--ignore-pull-failures	-	go on when a pull fails
--include-deps	-	what services depend on too
--policy	=missing|always	pull what is missing, or everything
--quiet	-	do not show pulls
-q	-	do not show pulls
--help	-	explain this command
'
	;;
	'compose push')
	stop=0 operand=
	rows=$'\n''--ignore-push-failures	-	go on when a push fails
--include-deps	-	what services depend on too
--quiet	-	do not show pushes
-q	-	do not show pushes
--help	-	explain this command
'
	;;
	'compose restart')
	stop=0 operand=
	rows=$'\n''--no-deps	-	leave services that depend on these alone
--timeout	=	how long containers may take to stop
-t	=	how long containers may take to stop
--help	-	explain this command
'
	;;
	'compose rm')
	stop=0 operand=
	rows=$'\n''--all	-	those of compose run too; they always are
-a	-	those of compose run too; they always are
--force	-	do not ask
-f	-	do not ask
--stop	-	stop them first
-s	-	stop them first
--volumes	-	remove volumes without a name too
-v	-	remove volumes without a name too
--help	-	explain this command
'
	;;
	'compose run')
	stop=1 operand=
	rows=$'\n''--build	-	build the image first
--cap-add	=capability	add a capability
--cap-drop	=capability	drop a capability
--detach	-	print the container'\''s name and do not wait
-d	-	print the container'\''s name and do not wait
--entrypoint	=	instead of the service'\''s; its command is dropped too
--env	=	set a variable, or pass on the host'\''s
-e	=	set a variable, or pass on the host'\''s
--env-from-file	=file	read variables from a file
--interactive	-	pass our input on
-i	-	pass our input on
--label	=	a label more
-l	=	a label more
--name	=	name of the container
--no-deps	-	do not start what the service depends on
--no-tty	-	no terminal, even where there is one
-T	-	no terminal, even where there is one
--publish	=	open a port of the host
-p	=	open a port of the host
--pull	=always|missing|never|build|policy	when to pull, instead of what the service says
--quiet	-	show nothing but the command'\''s output
-q	-	show nothing but the command'\''s output
--quiet-build	-	do not show builds
--quiet-pull	-	do not show pulls
--remove-orphans	-	remove containers of services that the files do not have
--rm	-	remove the container when it ends
--service-ports	-	open the service'\''s own ports
-P	-	open the service'\''s own ports
--tty	-	a terminal, where we have one
-t	-	a terminal, where we have one
--use-aliases	-	others find it by the service'\''s names
--user	=	run as this user of the image
-u	=	run as this user of the image
--volume	=	mount something more
-v	=	mount something more
--workdir	=	working directory in the container
-w	=	working directory in the container
--help	-	explain this command
'
	;;
	'compose scale')
	stop=0 operand=
	rows=$'\n''--no-deps	-	leave what services depend on alone
--help	-	explain this command
'
	;;
	'compose start')
	stop=0 operand=
	rows=$'\n''--wait	-	return when all run and are healthy
--wait-timeout	=	for how long at most; 0: for ever
--help	-	explain this command
'
	;;
	'compose stats')
	stop=0 operand=
	rows=$'\n''--all	-	containers that do not run too
-a	-	containers that do not run too
--format	=	print by a Go template, table TEMPLATE, or json
--no-stream	-	print once
--no-trunc	-	print whole ids
--help	-	explain this command
'
	;;
	'compose stop')
	stop=0 operand=
	rows=$'\n''--timeout	=	how long containers may take to stop
-t	=	how long containers may take to stop
--help	-	explain this command
'
	;;
	'compose top')
	stop=0 operand=
	rows=$'\n''--help	-	explain this command
'
	;;
	'compose unpause')
	stop=0 operand=
	rows=$'\n''--help	-	explain this command
'
	;;
	'compose up')
	stop=0 operand=
	rows=$'\n''--abort-on-container-exit	-	stop all when a container ends, with its exit status
--abort-on-container-failure	-	stop all when a container fails, with its exit status
--always-recreate-deps	-	replace dependencies too
--attach	=	show the output of this service only
--attach-dependencies	-	show the output of dependencies too
--build	-	build images first
--detach	-	do not show output; return once all is started
-d	-	do not show output; return once all is started
--exit-code-from	=	stop all when a container ends, with this service'\''s exit status
--force-recreate	-	replace containers that did not change
--menu	-	keys that do things while output is shown
--no-attach	=	do not show the output of this service
--no-build	-	do not build what is missing
--no-color	-	no colours
--no-deps	-	leave what services depend on alone
--no-log-prefix	-	leave names out of the output
--no-recreate	-	keep containers that should be replaced
--no-start	-	only make what is missing
--pull	=always|missing|never|build|policy	when to pull, instead of what services say
--quiet-build	-	do not show builds
--quiet-pull	-	do not show pulls
--remove-orphans	-	remove containers of services that the files do not have
--renew-anon-volumes	-	new volumes where they have no name
-V	-	new volumes where they have no name
--scale	=	how many containers of a service
--timeout	=	how long containers may take to stop
-t	=	how long containers may take to stop
--timestamps	-	start each line with its time
--wait	-	return when all run and are healthy
--wait-timeout	=	for how long at most; 0: for ever
--watch	-	also do what develop.watch says
-w	-	also do what develop.watch says
--yes	-	answer questions with yes
-y	-	answer questions with yes
--help	-	explain this command
'
	;;
	'compose version')
	stop=0 operand=
	rows=$'\n''--format	=pretty|json	how to print it
-f	=pretty|json	how to print it
--short	-	print the number alone
--help	-	explain this command
'
	;;
	'compose volumes')
	stop=0 operand=
	rows=$'\n''--format	=	print by a Go template, table TEMPLATE, or json
--quiet	-	print names only
-q	-	print names only
--help	-	explain this command
'
	;;
	'compose wait')
	stop=0 operand=
	rows=$'\n''--down-project	-	take the project down when the first service ends
--help	-	explain this command
'
	;;
	'compose watch')
	stop=0 operand=
	rows=$'\n''--no-up	-	do not build and start services first
--prune	-	remove images that a rebuild takes the name of
--quiet	-	do not show builds
--help	-	explain this command
'
	;;
	'container exists')
	stop=0 operand=container
	rows=$'\n''--help	-	explain this command
'
	;;
	'container inspect')
	stop=0 operand=container
	rows=$'\n''--format	=	print by a Go template, or json
-f	=	print by a Go template, or json
--latest	-	act on the newest container
-l	-	act on the newest container
--size	-	show what they take on disk too
-s	-	show what they take on disk too
--help	-	explain this command
'
	;;
	'container prune')
	stop=0 operand=
	rows=$'\n''--filter	=	remove those that match: label, until
--force	-	do not ask
-f	-	do not ask
--help	-	explain this command
'
	;;
	'copy' | 'image copy')
	stop=0 operand=image
	rows=$'\n''--all	-	copy every platform of an image, and its index
-a	-	copy every platform of an image, and its index
--authfile	=file	credentials for the registry
--cert-dir	=dir	certificates and keys for the registry
--compression-format	=gzip|zstd|zstd:chunked	compress layers that are compressed otherwise, too
--compression-level	=	of layers that have to be compressed; 0 for the usual
--dest-creds	=	credentials for the registry that is copied to
--dest-tls-verify	-	as --tls-verify, for the registry that is copied to
--digestfile	=file	write the digest of what was sent to a file
--force-compression	-	compress layers anew that are compressed that way already
--format	=oci|v2s2|v2s1	media types of the manifest: oci or docker'\''s (v2s2)
-f	=oci|v2s2|v2s1	media types of the manifest: oci or docker'\''s (v2s2)
--platform	=	which of an image'\''s platforms to copy
--quiet	-	print the digest of what was copied only
-q	-	print the digest of what was copied only
--retry	=	how often to try again when the network fails
--retry-delay	=	pause between attempts (default: longer each time)
--src-creds	=	credentials for the registry that is copied from
--src-tls-verify	-	as --tls-verify, for the registry that is copied from
--tls-verify	-	insist on HTTPS with a valid certificate; =false permits plain HTTP
--help	-	explain this command
'
	;;
	'cp' | 'container cp')
	stop=0 operand=container
	rows=$'\n''--archive	-	keep the numbers of users and groups
-a	-	keep the numbers of users and groups
--follow-link	-	copy what a link leads to, not the link
-L	-	copy what a link leads to, not the link
--overwrite	-	replace a directory by a file, or a file by a directory
--quiet	-	do not tell what was copied
-q	-	do not tell what was copied
--help	-	explain this command
'
	;;
	'create' | 'container create')
	stop=1 operand=image
	rows=$'\n''--add-host	=	a line for /etc/hosts; the address may be host-gateway
--annotation	=	an annotation of the container
--arch	=	architecture of the image, if not that of the host
--attach	=stdin|stdout|stderr	which streams to attach to
-a	=stdin|stdout|stderr	which streams to attach to
--authfile	=file	credentials for the registry
--blkio-weight	=	its share of disk transfers, 10 to 1000
--blkio-weight-device	=	the same for one device
--cap-add	=capability	add a capability; ALL for every one
--cap-drop	=capability	drop a capability; ALL for every one
--cert-dir	=dir	certificates and keys for the registry
--cgroup-conf	=	a setting of its control group
--cgroup-parent	=	the control group, or the slice of systemd, to make its own in
--cidfile	=file	write the id of the container to a new file
--cpu-period	=	the time that --cpu-quota is a part of
--cpu-quota	=	processor time in each --cpu-period
--cpu-shares	=	its share of the processors, 1024 by default
-c	=	its share of the processors, 1024 by default
--cpus	=	how many processors it may use
--cpuset-cpus	=	which processors it may use, as 0-3,7
--cpuset-mems	=	which memory nodes it may use
--creds	=	credentials for this pull
--device	=file	a device of the host that you may open; or VENDOR/CLASS=NAME, as /etc/cdi describes it
--device-read-bps	=	bytes a second it may read from a device
--device-read-iops	=	reads a second from a device
--device-write-bps	=	bytes a second it may write to a device
--device-write-iops	=	writes a second to a device
--disable-content-trust	-	true is accepted: there is nothing to disable
--dns	=	name server to use instead of the host'\''s
--dns-opt	=	an option for resolv.conf
--dns-option	=	an option for resolv.conf
--dns-search	=	search domain; . for none
--domainname	=	NIS domain name
--entrypoint	=	replace the entry point of the image; a JSON array may carry arguments
--env	=	set a variable, or pass on the host'\''s
-e	=	set a variable, or pass on the host'\''s
--env-file	=file	read variables from a file
--env-host	-	pass on every variable of the host
--expose	=	a port that --publish-all publishes
--gpus	=	GPUs as their vendor describes them (CDI): all, how many, or which
--group-add	=	a further group, by name or number
--health-cmd	=	how to ask whether it is healthy
--health-interval	=	how often to ask
--health-on-failure	=none|kill|restart|stop	what happens when it turns unhealthy
--health-retries	=	failures in a row that mean unhealthy
--health-start-interval	=	how often to ask in the start period
--health-start-period	=	how long failures do not count
--health-timeout	=	how long an answer may take
--host-loopback	-	let host.docker.internal reach servers on the host'\''s 127.0.0.1
--hostname	=	host name (default: the short id)
-h	=	host name (default: the short id)
--hosts-file	=file	what /etc/hosts starts with: a file, image, or none
--http-proxy	-	pass on the proxy variables of the host
--image-volume	=anonymous|bind|tmpfs|ignore	what becomes of the volumes an image declares; bind is anonymous
--init	-	a small first process that reaps and passes on signals
--interactive	-	keep standard input open
-i	-	keep standard input open
--ip	=	IPv4 address
--ip6	=	IPv6 address
--ipc	=private|host|none|shareable	IPC namespace: private, host or none
--label	=	a label of the container
-l	=	a label of the container
--label-file	=file	read labels from a file
--link	=container	a line for /etc/hosts that names another container
--log-driver	=json-file|k8s-file|journald|local|none|passthrough	where the output is kept
--log-opt	=	an option of the log driver
--mac-address	=	hardware address
--memory	=	how much memory it may use
-m	=	how much memory it may use
--memory-reservation	=	how much memory it keeps when memory is short
--memory-swap	=	memory and swap together; -1 for any
--mount	=	mount something: type=bind|volume|tmpfs|image,source=,target=
--name	=	name of the container
--net	=network	bridge, host, none, container:NAME, or a network of yours; name=NAME,alias=,ip= with options
--net-alias	=	a further name on the network
--network	=network	bridge, host, none, container:NAME, or a network of yours; name=NAME,alias=,ip= with options
--network-alias	=	a further name on the network
--no-healthcheck	-	never ask whether it is healthy
--no-hosts	-	leave /etc/hosts to the image
--oom-kill-disable	-	wait for memory instead of ending a process (cgroups version 1)
--oom-score-adj	=	how soon it is ended when memory ends: -1000 to 1000
--os	=	operating system of the image
--pid	=private|host	PID namespace: private or host
--pidfile	=file	write the process id to a file
--pids-limit	=	how many processes it may have; -1 for any
--platform	=	platform of the image, if not that of the host
--privileged	-	every capability and what devices you may open
--publish	=	open a port of the host
-p	=	open a port of the host
--publish-all	-	open a port of the host for each exposed one
-P	-	open a port of the host for each exposed one
--pull	=always|missing|never|newer	when to pull the image
--quiet	-	do not show the progress of a pull
-q	-	do not show the progress of a pull
--read-only	-	nothing but volumes can be written
--read-only-tmpfs	-	with --read-only: /tmp, /run and /var/tmp can be
--replace	-	remove a container that has the name first
--restart	=no|always|unless-stopped|on-failure	start it again when it ends
--retry	=	how often to try a pull again (default 3)
--retry-delay	=	how long to wait in between
--rm	-	remove the container when it ends
--secret	=	a secret as a file below /run/secrets; type=env,target=NAME as a variable
--security-opt	=	no-new-privileges, seccomp=FILE|unconfined, mask=, unmask=, systempaths=unconfined
--shm-size	=	size of /dev/shm
--stop-signal	=signal	the signal that asks it to end
--stop-timeout	=	how long it may take to end; -1 for ever
--sysctl	=	set a namespaced kernel parameter
--timeout	=	kill it after so long; 0 for never
--tls-verify	-	insist on HTTPS and a good certificate of the registry
--tmpfs	=	an empty file system in memory
--tty	-	give it a terminal
-t	-	give it a terminal
--tz	=	time zone, as Europe/Paris; local for the host'\''s
--ulimit	=	a resource limit as of setrlimit(2)
--umask	=	file mode mask (default 0022)
--unsetenv	=	drop a variable of the image
--unsetenv-all	-	drop all variables of the image
--user	=	run as this user of the image, by name or number
-u	=	run as this user of the image, by name or number
--userns	=private|host|keep-id	user namespace: private, host, keep-id[:uid=,gid=]
--uts	=host|private	whose host name it has
--variant	=	variant of the architecture, as v7
--volume	=volume	mount a directory of the host or a volume
-v	=volume	mount a directory of the host or a volume
--volumes-from	=container	mount what another container mounts
--workdir	=	working directory in the container
-w	=	working directory in the container
--help	-	explain this command
'
	;;
	'debug dockerfile-parse')
	stop=0 operand=file
	rows=$'\n''--help	-	explain this command
'
	;;
	'debug yaml2json')
	stop=0 operand=file
	rows=$'\n''--help	-	explain this command
'
	;;
	'diff' | 'container diff')
	stop=0 operand=container
	rows=$'\n''--format	=	print by a Go template, table TEMPLATE, or json
--latest	-	act on the newest container
-l	-	act on the newest container
--help	-	explain this command
'
	;;
	'doctor')
	stop=0 operand=
	rows=$'\n''--format	=text|json	how to print the findings
--help	-	explain this command
'
	;;
	'events' | 'system events')
	stop=0 operand=
	rows=$'\n''--filter	=	only those that match: container, event, image, label, network, scope, secret, type, volume
-f	=	only those that match: container, event, image, label, network, scope, secret, type, volume
--format	=	print by a Go template, or json
--no-trunc	-	whole ids, which are printed in any case
--since	=	start with what happened after: 10m, 2026-01-02T15:04, Unix seconds
--stream	-	go on with what happens; false: only what did
--until	=	end there
--help	-	explain this command
'
	;;
	'exec' | 'container exec')
	stop=1 operand=container
	rows=$'\n''--cidfile	=file	read an id from a file
--detach	-	do not wait for the command, and do not show its output
-d	-	do not wait for the command, and do not show its output
--detach-keys	=	what to type to leave a terminal (default ctrl-p,ctrl-q)
--env	=	set a variable, or pass on the host'\''s
-e	=	set a variable, or pass on the host'\''s
--env-file	=file	read variables from a file
--interactive	-	pass our input on
-i	-	pass our input on
--latest	-	act on the newest container
-l	-	act on the newest container
--privileged	-	all capabilities in the container'\''s user namespace
--tty	-	give the command a terminal
-t	-	give the command a terminal
--user	=	run as this user of the container, by name or number
-u	=	run as this user of the container, by name or number
--workdir	=	working directory in the container
-w	=	working directory in the container
--help	-	explain this command
'
	;;
	'export' | 'container export')
	stop=0 operand=container
	rows=$'\n''--output	=file	write to a file instead of standard output
-o	=file	write to a file instead of standard output
--help	-	explain this command
'
	;;
	'healthcheck run')
	stop=0 operand=container
	rows=$'\n''--help	-	explain this command
'
	;;
	'help')
	stop=0 operand=command
	rows=$'\n''--man	-	show the manual page, or print its source where there is no terminal
--help	-	explain this command
'
	;;
	'history' | 'image history')
	stop=0 operand=image
	rows=$'\n''--format	=	print by a Go template, table TEMPLATE, or json
--human	-	print sizes and ages for people; =false prints bytes and times
-H	-	print sizes and ages for people; =false prints bytes and times
--no-trunc	-	print whole ids and commands
--platform	=	insist on this platform of the image
--quiet	-	print ids only
-q	-	print ids only
--help	-	explain this command
'
	;;
	'image exists')
	stop=0 operand=image
	rows=$'\n''--help	-	explain this command
'
	;;
	'image inspect')
	stop=0 operand=image
	rows=$'\n''--format	=	print by a Go template, or json
-f	=	print by a Go template, or json
--platform	=	insist on this platform of the image
--help	-	explain this command
'
	;;
	'image prune')
	stop=0 operand=
	rows=$'\n''--all	-	remove images that have a name too
-a	-	remove images that have a name too
--build-cache	-	remove all build cache too, as builder prune --all
--filter	=	remove those that match: dangling, label, until
--force	-	do not ask
-f	-	do not ask
--help	-	explain this command
'
	;;
	'image tree')
	stop=0 operand=image
	rows=$'\n''--whatrequires	-	show the images that stand on this one
--help	-	explain this command
'
	;;
	'images' | 'image ls' | 'image list')
	stop=0 operand=image
	rows=$'\n''--all	-	show intermediate images too (there are none)
-a	-	show intermediate images too (there are none)
--digests	-	show the digests by which images were pulled
--filter	=	show images by after, before, dangling, id, label, reference, since, until
-f	=	show images by after, before, dangling, id, label, reference, since, until
--format	=	print by a Go template, table TEMPLATE, or json
--no-trunc	-	print whole ids
--noheading	-	print no headings
-n	-	print no headings
--quiet	-	print ids only
-q	-	print ids only
--sort	=created|id|repository|size|tag	order of the list
--tree	-	show each image with its platform, and what its files and its blobs take
--help	-	explain this command
'
	;;
	'import' | 'image import')
	stop=0 operand=file
	rows=$'\n''--arch	=	architecture to record, if not that of the host
--change	=	apply a Dockerfile instruction: CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR
-c	=	apply a Dockerfile instruction: CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR
--message	=	comment for the history
-m	=	comment for the history
--os	=	operating system to record
--platform	=	platform to record
--quiet	-	do not show how far a download is
-q	-	do not show how far a download is
--variant	=	variant of the architecture to record
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
	'inspect')
	stop=0 operand=object
	rows=$'\n''--format	=	print by a Go template, or json
-f	=	print by a Go template, or json
--latest	-	act on the newest container
-l	-	act on the newest container
--size	-	show the sizes of containers too
-s	-	show the sizes of containers too
--type	=container|image|network|volume|secret|pod|all	look for this kind only
-t	=container|image|network|volume|secret|pod|all	look for this kind only
--help	-	explain this command
'
	;;
	'kill' | 'container kill')
	stop=0 operand=container
	rows=$'\n''--all	-	signal every container that runs
-a	-	signal every container that runs
--cidfile	=file	read an id from a file
--latest	-	act on the newest container
-l	-	act on the newest container
--signal	=signal	what to send
-s	=signal	what to send
--help	-	explain this command
'
	;;
	'load' | 'image load')
	stop=0 operand=
	rows=$'\n''--input	=file	read an archive or a directory, not standard input
-i	=file	read an archive or a directory, not standard input
--platform	=	which of an image'\''s platforms to load
--quiet	-	print only what was loaded
-q	-	print only what was loaded
--help	-	explain this command
'
	;;
	'login')
	stop=0 operand=
	rows=$'\n''--authfile	=file	file to keep credentials in
--cert-dir	=dir	certificates and keys for the registry
--compat-auth-file	=file	the same as --authfile: both have docker'\''s format
--get-login	-	print as whom one is logged in, and do nothing else
--password	=	password or token; others on this host can see it there
-p	=	password or token; others on this host can see it there
--password-stdin	-	read it from standard input
--tls-verify	-	insist on HTTPS with a valid certificate; =false permits plain HTTP
--username	=	who one is to the registry
-u	=	who one is to the registry
--verbose	-	print where credentials are kept
-v	-	print where credentials are kept
--help	-	explain this command
'
	;;
	'logout')
	stop=0 operand=
	rows=$'\n''--all	-	forget the credentials for every registry
-a	-	forget the credentials for every registry
--authfile	=file	file that credentials are kept in
--compat-auth-file	=file	the same as --authfile: both have docker'\''s format
--help	-	explain this command
'
	;;
	'logs' | 'container logs')
	stop=0 operand=container
	rows=$'\n''--color	-	of several containers: each name in a colour of its own
--details	-	show what --log-opt env, labels and tag add to each line
--follow	-	go on until the container ends
-f	-	go on until the container ends
--latest	-	act on the newest container
-l	-	act on the newest container
--names	-	start each line with the container'\''s name
--since	=	only what came after: 10m, 2026-01-02T15:04, Unix seconds
--tail	=	only the last N lines
-n	=	only the last N lines
--timestamps	-	start each line with its time
-t	-	start each line with its time
--until	=	only what came before
--help	-	explain this command
'
	;;
	'manifest add')
	stop=0 operand=image
	rows=$'\n''--all	-	of an index, add every entry, not one of them
--annotation	=	a note in it
--arch	=	architecture to list it for
--authfile	=file	credentials for the registry
--cert-dir	=dir	certificates and keys for the registry
--creds	=	credentials for the registry, as text
--features	=	features of the processor that it needs
--insecure	-	permit plain HTTP and any certificate
--os	=	operating system to list it for
--os-version	=	version of the operating system
--tls-verify	-	insist on HTTPS with a valid certificate; =false permits plain HTTP
--variant	=	variant of the architecture
--help	-	explain this command
'
	;;
	'manifest annotate')
	stop=0 operand=image
	rows=$'\n''--annotation	=	a note in it
--arch	=	architecture to list it for
--features	=	features of the processor that it needs
--index	-	annotate the list itself
--os	=	operating system to list it for
--os-features	=	features of the operating system that it needs
--os-version	=	version of the operating system
--variant	=	variant of the architecture
--help	-	explain this command
'
	;;
	'manifest create')
	stop=0 operand=image
	rows=$'\n''--all	-	of an index, add every entry, not one of them
--amend	-	add to a list that is there
-a	-	add to a list that is there
--annotation	=	a note in it
--authfile	=file	credentials for the registry
--cert-dir	=dir	certificates and keys for the registry
--creds	=	credentials for the registry, as text
--insecure	-	permit plain HTTP and any certificate
--tls-verify	-	insist on HTTPS with a valid certificate; =false permits plain HTTP
--help	-	explain this command
'
	;;
	'manifest exists')
	stop=0 operand=
	rows=$'\n''--help	-	explain this command
'
	;;
	'manifest inspect')
	stop=0 operand=image
	rows=$'\n''--authfile	=file	credentials for the registry
--cert-dir	=dir	certificates and keys for the registry
--creds	=	credentials for the registry, as text
--insecure	-	permit plain HTTP and any certificate
--tls-verify	-	insist on HTTPS with a valid certificate; =false permits plain HTTP
--verbose	-	show each manifest with its reference and descriptor
-v	-	show each manifest with its reference and descriptor
--help	-	explain this command
'
	;;
	'manifest push')
	stop=0 operand=
	rows=$'\n''--all	-	accepted for scripts: what is listed is always sent with it
--authfile	=file	credentials for the registry
--cert-dir	=dir	certificates and keys for the registry
--compression-format	=gzip|zstd|zstd:chunked	compress layers that are compressed otherwise, too
--compression-level	=	of layers that have to be compressed; 0 for the usual
--creds	=	credentials for the registry, as text
--digestfile	=file	write the digest of what was sent to a file
--force-compression	-	compress layers anew that are compressed that way already
--format	=oci|v2s2|v2s1	media types of the manifest: oci or docker'\''s (v2s2)
-f	=oci|v2s2|v2s1	media types of the manifest: oci or docker'\''s (v2s2)
--insecure	-	permit plain HTTP and any certificate
--purge	-	remove the list here afterwards
-p	-	remove the list here afterwards
--quiet	-	print the digest only
-q	-	print the digest only
--rm	-	remove the list here afterwards
--tls-verify	-	insist on HTTPS with a valid certificate; =false permits plain HTTP
--help	-	explain this command
'
	;;
	'manifest remove')
	stop=0 operand=
	rows=$'\n''--help	-	explain this command
'
	;;
	'manifest rm')
	stop=0 operand=
	rows=$'\n''--ignore	-	what is not here is no failure
-i	-	what is not here is no failure
--help	-	explain this command
'
	;;
	'network connect')
	stop=0 operand=network
	rows=$'\n''--alias	=	a further name of the container on the network
--gw-priority	=	the network with the highest one has the way out
--ip	=	IPv4 address
--ip6	=	IPv6 address
--mac-address	=	hardware address
--help	-	explain this command
'
	;;
	'network create')
	stop=0 operand=
	rows=$'\n''--attachable	-	let containers be connected by hand (they always may)
--aux-address	=	an address that no container gets
--driver	=bridge	kind of network; others need privileges of the host
-d	=bridge	kind of network; others need privileges of the host
--gateway	=	address of the way out, one for each --subnet
--ignore	-	a network that is there already is no failure
--internal	-	let nothing out of the network
--ip-range	=	the part of --subnet that containers get addresses of
--ipam-driver	=default|host-local	who gives addresses: dhow does
--ipv6	-	IPv6 too; without a --subnet of its own, a private one
--label	=	a label of the network
--opt	=	an option of the driver: com.docker.network.driver.mtu, com.docker.network.bridge.enable_icc and others
-o	=	an option of the driver: com.docker.network.driver.mtu, com.docker.network.bridge.enable_icc and others
--subnet	=	its addresses, as 10.5.0.0/24; one of each family
--help	-	explain this command
'
	;;
	'network disconnect')
	stop=0 operand=network
	rows=$'\n''--force	-	forget the network also when the container cannot be reached
-f	-	forget the network also when the container cannot be reached
--help	-	explain this command
'
	;;
	'network exists')
	stop=0 operand=network
	rows=$'\n''--help	-	explain this command
'
	;;
	'network inspect')
	stop=0 operand=network
	rows=$'\n''--format	=	print by a Go template, or json
-f	=	print by a Go template, or json
--help	-	explain this command
'
	;;
	'network ls' | 'network list')
	stop=0 operand=
	rows=$'\n''--filter	=	show those that match: dangling, driver, id, label, name, scope, type, until
-f	=	show those that match: dangling, driver, id, label, name, scope, type, until
--format	=	print by a Go template, table TEMPLATE, or json
--no-trunc	-	print whole ids
--noheading	-	print no headings
-n	-	print no headings
--quiet	-	print ids only
-q	-	print ids only
--help	-	explain this command
'
	;;
	'network prune')
	stop=0 operand=
	rows=$'\n''--filter	=	remove those that match: label, until
--force	-	do not ask
-f	-	do not ask
--help	-	explain this command
'
	;;
	'network rm' | 'network remove')
	stop=0 operand=network
	rows=$'\n''--force	-	a network that is not there is no failure
-f	-	a network that is not there is no failure
--help	-	explain this command
'
	;;
	'pause' | 'container pause')
	stop=0 operand=container
	rows=$'\n''--all	-	pause every container that runs
-a	-	pause every container that runs
--cidfile	=file	read an id from a file
--filter	=	act on those that match
-f	=	act on those that match
--latest	-	act on the newest container
-l	-	act on the newest container
--help	-	explain this command
'
	;;
	'port' | 'container port')
	stop=0 operand=container
	rows=$'\n''--all	-	show the ports of every container
-a	-	show the ports of every container
--latest	-	act on the newest container
-l	-	act on the newest container
--help	-	explain this command
'
	;;
	'ps' | 'container ls' | 'container list' | 'container ps')
	stop=0 operand=
	rows=$'\n''--all	-	show containers that do not run too
-a	-	show containers that do not run too
--filter	=	show those that match: name, id, label, status, ancestor, network, volume, health, exited, publish, expose, before, since and others
-f	=	show those that match: name, id, label, status, ancestor, network, volume, health, exited, publish, expose, before, since and others
--format	=	print by a Go template, table TEMPLATE, or json
--last	=	show the N newest, whatever became of them
-n	=	show the N newest, whatever became of them
--latest	-	show the newest, whatever became of it
-l	-	show the newest, whatever became of it
--no-trunc	-	print whole ids and commands
--noheading	-	print no headings
--quiet	-	print ids only
-q	-	print ids only
--size	-	show what each takes on disk
-s	-	show what each takes on disk
--sort	=command|created|id|image|names|runningfor|size|status	order of the list
--watch	=	list them again and again
-w	=	list them again and again
--help	-	explain this command
'
	;;
	'pull' | 'image pull')
	stop=0 operand=
	rows=$'\n''--all-tags	-	pull every tag of the repository
-a	-	pull every tag of the repository
--arch	=	architecture of the image, if not that of the host
--authfile	=file	credentials for the registry
--cert-dir	=dir	certificates and keys for the registry
--creds	=	credentials for the registry, as text
--disable-content-trust	-	true is accepted: there is nothing to disable
--os	=	operating system of the image
--platform	=	which of an image'\''s platforms to pull
--policy	=always|missing|never|newer	whether to ask the registry
--quiet	-	print the reference only
-q	-	print the reference only
--retry	=	how often to try again when the network fails
--retry-delay	=	pause between attempts (default: longer each time)
--tls-verify	-	insist on HTTPS with a valid certificate; =false permits plain HTTP
--variant	=	variant of the architecture
--help	-	explain this command
'
	;;
	'push' | 'image push')
	stop=0 operand=image
	rows=$'\n''--all-tags	-	push every tag of the repository that is here
-a	-	push every tag of the repository that is here
--authfile	=file	credentials for the registry
--cert-dir	=dir	certificates and keys for the registry
--compression-format	=gzip|zstd|zstd:chunked	compress layers that are compressed otherwise, too
--compression-level	=	of layers that have to be compressed; 0 for the usual
--creds	=	credentials for the registry, as text
--digestfile	=file	write the digest of what was sent to a file
--disable-content-trust	-	true is accepted: there is nothing to disable
--force-compression	-	compress layers anew that are compressed that way already
--format	=oci|v2s2|v2s1	media types of the manifest: oci or docker'\''s (v2s2)
-f	=oci|v2s2|v2s1	media types of the manifest: oci or docker'\''s (v2s2)
--platform	=	insist on this platform of the image
--quiet	-	print the reference only
-q	-	print the reference only
--retry	=	how often to try again when the network fails
--retry-delay	=	pause between attempts (default: longer each time)
--tls-verify	-	insist on HTTPS with a valid certificate; =false permits plain HTTP
--help	-	explain this command
'
	;;
	'rename' | 'container rename')
	stop=0 operand=container
	rows=$'\n''--help	-	explain this command
'
	;;
	'restart' | 'container restart')
	stop=0 operand=container
	rows=$'\n''--all	-	restart every container
-a	-	restart every container
--cidfile	=file	read an id from a file
--filter	=	act on those that match
-f	=	act on those that match
--latest	-	act on the newest container
-l	-	act on the newest container
--running	-	restart every container that runs
--signal	=signal	what to send (default: what the container names)
-s	=signal	what to send (default: what the container names)
--time	=	how long to wait before it is killed; -1 for ever (default: what the container names, or 10)
--timeout	=	how long to wait before it is killed; -1 for ever (default: what the container names, or 10)
-t	=	how long to wait before it is killed; -1 for ever (default: what the container names, or 10)
--help	-	explain this command
'
	;;
	'rm' | 'container rm' | 'container remove')
	stop=0 operand=container
	rows=$'\n''--all	-	remove every container
-a	-	remove every container
--cidfile	=file	read an id from a file
--filter	=	remove those that match
--force	-	kill those that run; one that is not there is no failure
-f	-	kill those that run; one that is not there is no failure
--ignore	-	a container that is not there is no failure
-i	-	a container that is not there is no failure
--latest	-	act on the newest container
-l	-	act on the newest container
--time	=	with --force: stop it, and kill it after so long
-t	=	with --force: stop it, and kill it after so long
--volumes	-	remove its volumes without a name, too
-v	-	remove its volumes without a name, too
--help	-	explain this command
'
	;;
	'rmi' | 'image rm' | 'image remove')
	stop=0 operand=image
	rows=$'\n''--all	-	remove every image
-a	-	remove every image
--force	-	remove all its names; also when a container uses it, which keeps its files
-f	-	remove all its names; also when a container uses it, which keeps its files
--ignore	-	what is not here is no failure
-i	-	what is not here is no failure
--no-prune	-	keep untagged parents (images have none here)
--platform	=	insist on this platform of the image
--help	-	explain this command
'
	;;
	'run' | 'container run')
	stop=1 operand=image
	rows=$'\n''--add-host	=	a line for /etc/hosts; the address may be host-gateway
--annotation	=	an annotation of the container
--arch	=	architecture of the image, if not that of the host
--attach	=stdin|stdout|stderr	which streams to attach to
-a	=stdin|stdout|stderr	which streams to attach to
--authfile	=file	credentials for the registry
--blkio-weight	=	its share of disk transfers, 10 to 1000
--blkio-weight-device	=	the same for one device
--cap-add	=capability	add a capability; ALL for every one
--cap-drop	=capability	drop a capability; ALL for every one
--cert-dir	=dir	certificates and keys for the registry
--cgroup-conf	=	a setting of its control group
--cgroup-parent	=	the control group, or the slice of systemd, to make its own in
--cidfile	=file	write the id of the container to a new file
--cpu-period	=	the time that --cpu-quota is a part of
--cpu-quota	=	processor time in each --cpu-period
--cpu-shares	=	its share of the processors, 1024 by default
-c	=	its share of the processors, 1024 by default
--cpus	=	how many processors it may use
--cpuset-cpus	=	which processors it may use, as 0-3,7
--cpuset-mems	=	which memory nodes it may use
--creds	=	credentials for this pull
--detach	-	run in the background and print the id
-d	-	run in the background and print the id
--detach-keys	=	what to type to leave a terminal (default ctrl-p,ctrl-q)
--device	=file	a device of the host that you may open; or VENDOR/CLASS=NAME, as /etc/cdi describes it
--device-read-bps	=	bytes a second it may read from a device
--device-read-iops	=	reads a second from a device
--device-write-bps	=	bytes a second it may write to a device
--device-write-iops	=	writes a second to a device
--disable-content-trust	-	true is accepted: there is nothing to disable
--dns	=	name server to use instead of the host'\''s
--dns-opt	=	an option for resolv.conf
--dns-option	=	an option for resolv.conf
--dns-search	=	search domain; . for none
--domainname	=	NIS domain name
--entrypoint	=	replace the entry point of the image; a JSON array may carry arguments
--env	=	set a variable, or pass on the host'\''s
-e	=	set a variable, or pass on the host'\''s
--env-file	=file	read variables from a file
--env-host	-	pass on every variable of the host
--expose	=	a port that --publish-all publishes
--gpus	=	GPUs as their vendor describes them (CDI): all, how many, or which
--group-add	=	a further group, by name or number
--health-cmd	=	how to ask whether it is healthy
--health-interval	=	how often to ask
--health-on-failure	=none|kill|restart|stop	what happens when it turns unhealthy
--health-retries	=	failures in a row that mean unhealthy
--health-start-interval	=	how often to ask in the start period
--health-start-period	=	how long failures do not count
--health-timeout	=	how long an answer may take
--host-loopback	-	let host.docker.internal reach servers on the host'\''s 127.0.0.1
--hostname	=	host name (default: the short id)
-h	=	host name (default: the short id)
--hosts-file	=file	what /etc/hosts starts with: a file, image, or none
--http-proxy	-	pass on the proxy variables of the host
--image-volume	=anonymous|bind|tmpfs|ignore	what becomes of the volumes an image declares; bind is anonymous
--init	-	a small first process that reaps and passes on signals
--interactive	-	keep standard input open
-i	-	keep standard input open
--ip	=	IPv4 address
--ip6	=	IPv6 address
--ipc	=private|host|none|shareable	IPC namespace: private, host or none
--label	=	a label of the container
-l	=	a label of the container
--label-file	=file	read labels from a file
--link	=container	a line for /etc/hosts that names another container
--log-driver	=json-file|k8s-file|journald|local|none|passthrough	where the output is kept
--log-opt	=	an option of the log driver
--mac-address	=	hardware address
--memory	=	how much memory it may use
-m	=	how much memory it may use
--memory-reservation	=	how much memory it keeps when memory is short
--memory-swap	=	memory and swap together; -1 for any
--mount	=	mount something: type=bind|volume|tmpfs|image,source=,target=
--name	=	name of the container
--net	=network	bridge, host, none, container:NAME, or a network of yours; name=NAME,alias=,ip= with options
--net-alias	=	a further name on the network
--network	=network	bridge, host, none, container:NAME, or a network of yours; name=NAME,alias=,ip= with options
--network-alias	=	a further name on the network
--no-healthcheck	-	never ask whether it is healthy
--no-hosts	-	leave /etc/hosts to the image
--oom-kill-disable	-	wait for memory instead of ending a process (cgroups version 1)
--oom-score-adj	=	how soon it is ended when memory ends: -1000 to 1000
--os	=	operating system of the image
--pid	=private|host	PID namespace: private or host
--pidfile	=file	write the process id to a file
--pids-limit	=	how many processes it may have; -1 for any
--platform	=	platform of the image, if not that of the host
--privileged	-	every capability and what devices you may open
--publish	=	open a port of the host
-p	=	open a port of the host
--publish-all	-	open a port of the host for each exposed one
-P	-	open a port of the host for each exposed one
--pull	=always|missing|never|newer	when to pull the image
--quiet	-	do not show the progress of a pull
-q	-	do not show the progress of a pull
--read-only	-	nothing but volumes can be written
--read-only-tmpfs	-	with --read-only: /tmp, /run and /var/tmp can be
--replace	-	remove a container that has the name first
--restart	=no|always|unless-stopped|on-failure	start it again when it ends
--retry	=	how often to try a pull again (default 3)
--retry-delay	=	how long to wait in between
--rm	-	remove the container when it ends
--rmi	-	with --rm: remove the image too, unless somebody else uses it
--secret	=	a secret as a file below /run/secrets; type=env,target=NAME as a variable
--security-opt	=	no-new-privileges, seccomp=FILE|unconfined, mask=, unmask=, systempaths=unconfined
--shm-size	=	size of /dev/shm
--sig-proxy	-	pass signals on to the process
--stop-signal	=signal	the signal that asks it to end
--stop-timeout	=	how long it may take to end; -1 for ever
--sysctl	=	set a namespaced kernel parameter
--timeout	=	kill it after so long; 0 for never
--tls-verify	-	insist on HTTPS and a good certificate of the registry
--tmpfs	=	an empty file system in memory
--tty	-	give it a terminal
-t	-	give it a terminal
--tz	=	time zone, as Europe/Paris; local for the host'\''s
--ulimit	=	a resource limit as of setrlimit(2)
--umask	=	file mode mask (default 0022)
--unsetenv	=	drop a variable of the image
--unsetenv-all	-	drop all variables of the image
--user	=	run as this user of the image, by name or number
-u	=	run as this user of the image, by name or number
--userns	=private|host|keep-id	user namespace: private, host, keep-id[:uid=,gid=]
--uts	=host|private	whose host name it has
--variant	=	variant of the architecture, as v7
--volume	=volume	mount a directory of the host or a volume
-v	=volume	mount a directory of the host or a volume
--volumes-from	=container	mount what another container mounts
--workdir	=	working directory in the container
-w	=	working directory in the container
--help	-	explain this command
'
	;;
	'save' | 'image save')
	stop=0 operand=image
	rows=$'\n''--format	=docker-archive|oci-archive|oci-dir|docker-dir	docker-archive is an OCI archive too; oci-archive is only that
--multi-image-archive	-	accepted for scripts: several images always go into one archive
-m	-	accepted for scripts: several images always go into one archive
--output	=file	write to a file or directory, not to standard output
-o	=file	write to a file or directory, not to standard output
--platform	=	insist on this platform of the images
--quiet	-	do not show how far it is
-q	-	do not show how far it is
--help	-	explain this command
'
	;;
	'search' | 'image search')
	stop=0 operand=
	rows=$'\n''--authfile	=file	credentials for the registry
--cert-dir	=dir	certificates and keys for the registry
--creds	=	credentials for the registry, as text
--filter	=	show those with is-official=BOOL, is-automated=BOOL, stars=N or more
-f	=	show those with is-official=BOOL, is-automated=BOOL, stars=N or more
--format	=	print by a Go template, table TEMPLATE, or json
--limit	=	how many to ask for (default 25)
--list-tags	-	show the tags of a repository
--no-trunc	-	print whole descriptions
--tls-verify	-	insist on HTTPS with a valid certificate; =false permits plain HTTP
--help	-	explain this command
'
	;;
	'secret create')
	stop=0 operand=file
	rows=$'\n''--driver	=file	who keeps it: a file only you can read
-d	=file	who keeps it: a file only you can read
--env	-	take the value of an environment variable, not of a file
--ignore	-	one that is there is fine, and keeps its value
--label	=	a label of the secret
-l	=	a label of the secret
--replace	-	give one that is there the new value
--help	-	explain this command
'
	;;
	'secret exists')
	stop=0 operand=
	rows=$'\n''--help	-	explain this command
'
	;;
	'secret inspect')
	stop=0 operand=
	rows=$'\n''--format	=	print by a Go template, or json
-f	=	print by a Go template, or json
--pretty	-	print for people to read
--showsecret	-	show the value too, as SecretData
--help	-	explain this command
'
	;;
	'secret ls' | 'secret list')
	stop=0 operand=
	rows=$'\n''--filter	=	show those that match: id, label, name
-f	=	show those that match: id, label, name
--format	=	print by a Go template, table TEMPLATE, or json
--noheading	-	print no headings
-n	-	print no headings
--quiet	-	print ids only
-q	-	print ids only
--help	-	explain this command
'
	;;
	'secret rm' | 'secret remove')
	stop=0 operand=
	rows=$'\n''--all	-	remove every secret
-a	-	remove every secret
--ignore	-	do not complain of secrets that are not there
-i	-	do not complain of secrets that are not there
--help	-	explain this command
'
	;;
	'start' | 'container start')
	stop=0 operand=container
	rows=$'\n''--all	-	start every container
--attach	-	show its output and wait for its end
-a	-	show its output and wait for its end
--detach-keys	=	what to type to leave a terminal (default ctrl-p,ctrl-q)
--filter	=	act on those that match
-f	=	act on those that match
--interactive	-	attach, and pass our input on
-i	-	attach, and pass our input on
--latest	-	act on the newest container
-l	-	act on the newest container
--sig-proxy	-	pass signals on to the process
--help	-	explain this command
'
	;;
	'stats' | 'container stats')
	stop=0 operand=container
	rows=$'\n''--all	-	show containers that do not run too
-a	-	show containers that do not run too
--format	=	print by a Go template, table TEMPLATE, or json
--interval	=	how often to look
-i	=	how often to look
--latest	-	act on the newest container
-l	-	act on the newest container
--no-reset	-	do not clear the screen in between
--no-stream	-	look once
--no-trunc	-	print whole ids
--help	-	explain this command
'
	;;
	'stop' | 'container stop')
	stop=0 operand=container
	rows=$'\n''--all	-	stop every container that runs
-a	-	stop every container that runs
--cidfile	=file	read an id from a file
--filter	=	act on those that match
-f	=	act on those that match
--ignore	-	a container that is not there is no failure
-i	-	a container that is not there is no failure
--latest	-	act on the newest container
-l	-	act on the newest container
--signal	=signal	what to send (default: what the container names)
-s	=signal	what to send (default: what the container names)
--time	=	how long to wait before it is killed; -1 for ever (default: what the container names, or 10)
--timeout	=	how long to wait before it is killed; -1 for ever (default: what the container names, or 10)
-t	=	how long to wait before it is killed; -1 for ever (default: what the container names, or 10)
--help	-	explain this command
'
	;;
	'system df')
	stop=0 operand=
	rows=$'\n''--format	=	print by a Go template, table TEMPLATE, or json
--verbose	-	show each object, and each place of the store
-v	-	show each object, and each place of the store
--help	-	explain this command
'
	;;
	'system prune')
	stop=0 operand=
	rows=$'\n''--all	-	remove images that have a name too
-a	-	remove images that have a name too
--filter	=	remove those that match: label, until
--force	-	do not ask
-f	-	do not ask
--volumes	-	remove volumes without a name too
--help	-	explain this command
'
	;;
	'system reset')
	stop=0 operand=
	rows=$'\n''--force	-	do not ask
-f	-	do not ask
--help	-	explain this command
'
	;;
	'tag' | 'image tag')
	stop=0 operand=image
	rows=$'\n''--help	-	explain this command
'
	;;
	'top' | 'container top')
	stop=1 operand=container
	rows=$'\n''--latest	-	act on the newest container
-l	-	act on the newest container
--help	-	explain this command
'
	;;
	'unpause' | 'container unpause')
	stop=0 operand=container
	rows=$'\n''--all	-	let every paused container go on
-a	-	let every paused container go on
--cidfile	=file	read an id from a file
--filter	=	act on those that match
-f	=	act on those that match
--latest	-	act on the newest container
-l	-	act on the newest container
--help	-	explain this command
'
	;;
	'unshare')
	stop=1 operand=
	rows=$'\n''--help	-	explain this command
'
	;;
	'untag' | 'image untag')
	stop=0 operand=image
	rows=$'\n''--help	-	explain this command
'
	;;
	'update' | 'container update')
	stop=0 operand=container
	rows=$'\n''--cpu-period	=	length of a period of --cpu-quota
--cpu-quota	=	processor time in a period
--cpu-shares	=	share of the processors when they are short
-c	=	share of the processors when they are short
--cpus	=	how many processors it may use
--cpuset-cpus	=	which processors it may use
--cpuset-mems	=	which memory nodes it may use
--health-cmd	=	how to ask whether it is healthy
--health-interval	=	how often to ask
--health-on-failure	=none|kill|restart|stop	what happens when it turns unhealthy
--health-retries	=	failures in a row that mean unhealthy
--health-start-interval	=	how often to ask in the start period
--health-start-period	=	how long failures do not count
--health-timeout	=	how long an answer may take
--latest	-	act on the newest container
-l	-	act on the newest container
--memory	=	how much memory it may use
-m	=	how much memory it may use
--memory-reservation	=	how much memory it keeps when memory is short
--memory-swap	=	memory and swap together; -1 for any
--no-healthcheck	-	do not ask whether it is healthy any more
--pids-limit	=	how many processes it may have; -1 for any
--restart	=no|always|unless-stopped|on-failure	start it again when it ends
--help	-	explain this command
'
	;;
	'version')
	stop=0 operand=
	rows=$'\n''--format	=	print JSON or what a Go template makes of it
-f	=	print JSON or what a Go template makes of it
--help	-	explain this command
'
	;;
	'volume create')
	stop=0 operand=
	rows=$'\n''--driver	=local	who keeps it: there is only local
-d	=local	who keeps it: there is only local
--ignore	-	a volume that is there is fine, as it is anyway
--label	=	a label of the volume
-l	=	a label of the volume
--opt	=	type=tmpfs, device=PATH, o=OPTIONS: how to mount it
-o	=	type=tmpfs, device=PATH, o=OPTIONS: how to mount it
--help	-	explain this command
'
	;;
	'volume exists')
	stop=0 operand=volume
	rows=$'\n''--help	-	explain this command
'
	;;
	'volume export')
	stop=0 operand=volume
	rows=$'\n''--output	=file	write to a file instead of standard output
-o	=file	write to a file instead of standard output
--help	-	explain this command
'
	;;
	'volume import')
	stop=0 operand=volume
	rows=$'\n''--help	-	explain this command
'
	;;
	'volume inspect')
	stop=0 operand=volume
	rows=$'\n''--all	-	show every volume
-a	-	show every volume
--format	=	print by a Go template, or json
-f	=	print by a Go template, or json
--help	-	explain this command
'
	;;
	'volume ls' | 'volume list')
	stop=0 operand=
	rows=$'\n''--filter	=	show those that match: anonymous, dangling, driver, label, name, scope, until
-f	=	show those that match: anonymous, dangling, driver, label, name, scope, until
--format	=	print by a Go template, table TEMPLATE, or json
--noheading	-	print no headings
-n	-	print no headings
--quiet	-	print names only
-q	-	print names only
--help	-	explain this command
'
	;;
	'volume prune')
	stop=0 operand=
	rows=$'\n''--all	-	remove those that have a name too
-a	-	remove those that have a name too
--dry-run	-	tell what would be removed, and remove nothing
--filter	=	remove those that match: label, all
--force	-	do not ask
-f	-	do not ask
--help	-	explain this command
'
	;;
	'volume rm' | 'volume remove')
	stop=0 operand=volume
	rows=$'\n''--all	-	remove every volume that no container mounts
-a	-	remove every volume that no container mounts
--force	-	do not complain of volumes that are not there
-f	-	do not complain of volumes that are not there
--help	-	explain this command
'
	;;
	'wait' | 'container wait')
	stop=0 operand=container
	rows=$'\n''--condition	=configured|created|exited|healthy|initialized|paused|removing|running|stopped|unhealthy	what to wait for, any of them (default: its end)
--ignore	-	print -1 for a container that is not there
--latest	-	act on the newest container
-l	-	act on the newest container
--help	-	explain this command
'
	;;
	*) return 1 ;;
	esac
}

