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

set -g __dhow_nouns builder buildx compose container debug healthcheck image manifest network secret system volume
set -g __dhow_stop "compose" "compose exec" "compose run" "create" "container create" "exec" "container exec" "run" "container run" "top" "container top" "unshare"

function __dhow_values
	switch $argv[1]
	case ""
		printf '%s\n' --cdi-spec-dir --config --connection --context -c --host -H --identity --log-level -l --root --runroot --ssh --storage-driver --tlscacert --tlscert --tlskey --url
	case "attach" "container attach"
		printf '%s\n' --detach-keys
	case "autostart"
		printf '%s\n'
	case "build" "buildx build" "builder build" "image build"
		printf '%s\n' --add-host --allow --annotation --arch --attest --authfile --build-arg --build-arg-file --build-context --builder --cache-from --cache-to --cache-ttl --call --cap-add --cap-drop --cert-dir --cgroup-parent --cgroupns --cpp-flag --cpu-period --cpu-quota --cpu-shares -c --cpuset-cpus --cpuset-mems --creds --cw --decryption-key --device --dns --dns-option --dns-search --env --file -f --format --from --group-add --hooks-dir --ignorefile --iidfile --iidfile-raw --ipc --isolation --jobs --label --layer-label --logfile --manifest --memory -m --memory-swap --metadata-file --mount --net --network --no-cache-filter --os --os-feature --os-version --output -o --pid --platform --policy --progress --provenance --pull --resource --retry --retry-delay --runtime --runtime-flag --sbom --secret --security-opt --shm-size --sign-by --source-date-epoch --source-policy-file --ssh --tag -t --target --timestamp --ulimit --unsetannotation --unsetenv --unsetlabel --userns --userns-gid-map --userns-gid-map-group --userns-uid-map --userns-uid-map-user --uts --variant --volume -v
	case "builder du" "buildx du"
		printf '%s\n' --builder --filter --format
	case "builder prune" "buildx prune"
		printf '%s\n' --builder --filter --keep-storage --max-used-space --min-free-space --reserved-space
	case "buildx version"
		printf '%s\n'
	case "commit" "container commit"
		printf '%s\n' --author -a --change -c --config --format -f --iidfile --message -m
	case "completion"
		printf '%s\n' --file -f
	case "compose"
		printf '%s\n' --ansi --env-file --file -f --parallel --profile --progress --project-directory --project-name -p --workdir
	case "compose attach"
		printf '%s\n' --detach-keys --index
	case "compose build"
		printf '%s\n' --build-arg --memory -m --progress --ssh
	case "compose commit"
		printf '%s\n' --author -a --change -c --index --message -m
	case "compose config" "compose convert"
		printf '%s\n' --explain --format --hash --output -o
	case "compose cp"
		printf '%s\n' --index
	case "compose create"
		printf '%s\n' --pull --scale
	case "compose down"
		printf '%s\n' --rmi --timeout -t
	case "compose events"
		printf '%s\n' --since --until
	case "compose exec"
		printf '%s\n' --env -e --index --user -u --workdir -w
	case "compose export"
		printf '%s\n' --index --output -o
	case "compose images"
		printf '%s\n' --format
	case "compose kill"
		printf '%s\n' --signal -s
	case "compose logs"
		printf '%s\n' --index --since --tail -n --until
	case "compose ls"
		printf '%s\n' --filter --format
	case "compose pause"
		printf '%s\n'
	case "compose port"
		printf '%s\n' --index --protocol
	case "compose ps"
		printf '%s\n' --filter --format --status
	case "compose pull"
		printf '%s\n' --policy
	case "compose push"
		printf '%s\n'
	case "compose restart"
		printf '%s\n' --timeout -t
	case "compose rm"
		printf '%s\n'
	case "compose run"
		printf '%s\n' --cap-add --cap-drop --entrypoint --env -e --env-from-file --label -l --name --publish -p --pull --user -u --volume -v --workdir -w
	case "compose scale"
		printf '%s\n'
	case "compose start"
		printf '%s\n' --wait-timeout
	case "compose stats"
		printf '%s\n' --format
	case "compose stop"
		printf '%s\n' --timeout -t
	case "compose top"
		printf '%s\n'
	case "compose unpause"
		printf '%s\n'
	case "compose up"
		printf '%s\n' --attach --exit-code-from --no-attach --pull --scale --timeout -t --wait-timeout
	case "compose version"
		printf '%s\n' --format -f
	case "compose volumes"
		printf '%s\n' --format
	case "compose wait"
		printf '%s\n'
	case "compose watch"
		printf '%s\n'
	case "container exists"
		printf '%s\n'
	case "container inspect"
		printf '%s\n' --format -f
	case "container prune"
		printf '%s\n' --filter
	case "copy" "image copy"
		printf '%s\n' --authfile --cert-dir --compression-format --compression-level --dest-creds --digestfile --format -f --platform --retry --retry-delay --src-creds
	case "cp" "container cp"
		printf '%s\n'
	case "create" "container create"
		printf '%s\n' --add-host --annotation --arch --attach -a --authfile --blkio-weight --blkio-weight-device --cap-add --cap-drop --cert-dir --cgroup-conf --cgroup-parent --cgroupns --cgroups --chrootdirs --cidfile --conmon-pidfile --cpu-count --cpu-percent --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime --cpu-shares -c --cpus --cpuset-cpus --cpuset-mems --creds --decryption-key --detach-keys --device --device-cgroup-rule --device-read-bps --device-read-iops --device-write-bps --device-write-iops --dns --dns-opt --dns-option --dns-search --domainname --entrypoint --env -e --env-file --env-merge --expose --gidmap --gpus --group-add --group-entry --health-cmd --health-interval --health-log-destination --health-max-log-count --health-max-log-size --health-on-failure --health-retries --health-start-interval --health-start-period --health-startup-cmd --health-startup-interval --health-startup-retries --health-startup-success --health-startup-timeout --health-timeout --hostname -h --hosts-file --hostuser --image-volume --init-path --io-maxbandwidth --io-maxiops --ip --ip6 --ipc --isolation --kernel-memory --label -l --label-file --link --link-local-ip --log-driver --log-opt --mac-address --memory -m --memory-reservation --memory-swap --memory-swappiness --mount --name --net --net-alias --network --network-alias --oom-score-adj --os --passwd-entry --personality --pid --pidfile --pids-limit --platform --pod --pod-id-file --preserve-fd --preserve-fds --publish -p --pull --rdt-class --requires --restart --retry --retry-delay --runtime --sdnotify --seccomp-policy --secret --security-opt --shm-size --shm-size-systemd --stop-signal --stop-timeout --storage-opt --subgidname --subuidname --sysctl --systemd --timeout --tmpfs --tz --uidmap --ulimit --umask --unsetenv --user -u --userns --uts --variant --volume -v --volume-driver --volumes-from --workdir -w
	case "debug dockerfile-parse"
		printf '%s\n'
	case "debug yaml2json"
		printf '%s\n'
	case "diff" "container diff"
		printf '%s\n' --format
	case "doctor"
		printf '%s\n' --format
	case "events" "system events"
		printf '%s\n' --filter -f --format --service --since --until
	case "exec" "container exec"
		printf '%s\n' --cidfile --detach-keys --env -e --env-file --user -u --workdir -w
	case "export" "container export"
		printf '%s\n' --output -o
	case "healthcheck run"
		printf '%s\n'
	case "help"
		printf '%s\n'
	case "history" "image history"
		printf '%s\n' --format --platform
	case "image exists"
		printf '%s\n'
	case "image inspect"
		printf '%s\n' --format -f --platform
	case "image prune"
		printf '%s\n' --filter
	case "image tree"
		printf '%s\n'
	case "images" "image ls" "image list"
		printf '%s\n' --filter -f --format --sort
	case "import" "image import"
		printf '%s\n' --arch --change -c --message -m --os --platform --variant
	case "info" "system info"
		printf '%s\n' --format -f
	case "inspect"
		printf '%s\n' --format -f --type -t
	case "kill" "container kill"
		printf '%s\n' --cidfile --signal -s
	case "load" "image load"
		printf '%s\n' --input -i --platform
	case "login"
		printf '%s\n' --authfile --cert-dir --compat-auth-file --password -p --secret --username -u
	case "logout"
		printf '%s\n' --authfile --compat-auth-file
	case "logs" "container logs"
		printf '%s\n' --since --tail -n --until
	case "manifest add"
		printf '%s\n' --annotation --arch --artifact-config --artifact-config-type --artifact-layer-type --artifact-subject --artifact-type --authfile --cert-dir --creds --features --os --os-version --variant
	case "manifest annotate"
		printf '%s\n' --annotation --arch --features --os --os-features --os-version --subject --variant
	case "manifest create"
		printf '%s\n' --annotation --authfile --cert-dir --creds
	case "manifest exists"
		printf '%s\n'
	case "manifest inspect"
		printf '%s\n' --authfile --cert-dir --creds
	case "manifest push"
		printf '%s\n' --add-compression --authfile --cert-dir --compression-format --compression-level --creds --digestfile --format -f --rm --sign-by --sign-by-sigstore --sign-by-sigstore-private-key --sign-by-sq-fingerprint --sign-passphrase-file
	case "manifest remove"
		printf '%s\n'
	case "manifest rm"
		printf '%s\n'
	case "network connect"
		printf '%s\n' --alias --driver-opt --gw-priority --ip --ip6 --link --link-local-ip --mac-address
	case "network create"
		printf '%s\n' --aux-address --config-from --dns --driver -d --gateway --interface-name --ip-range --ipam-driver --ipam-opt --label --opt -o --route --scope --subnet
	case "network disconnect"
		printf '%s\n'
	case "network exists"
		printf '%s\n'
	case "network inspect"
		printf '%s\n' --format -f
	case "network ls" "network list"
		printf '%s\n' --filter -f --format
	case "network prune"
		printf '%s\n' --filter
	case "network rm" "network remove"
		printf '%s\n' --time -t
	case "pause" "container pause"
		printf '%s\n' --cidfile --filter -f
	case "port" "container port"
		printf '%s\n'
	case "ps" "container ls" "container list" "container ps"
		printf '%s\n' --filter -f --format --last -n --sort --watch -w
	case "pull" "image pull"
		printf '%s\n' --arch --authfile --cert-dir --creds --os --platform --policy --retry --retry-delay --variant
	case "push" "image push"
		printf '%s\n' --authfile --cert-dir --compression-format --compression-level --creds --digestfile --encrypt-layer --encryption-key --format -f --platform --retry --retry-delay --sign-by --sign-by-sigstore --sign-by-sigstore-private-key --sign-by-sq-fingerprint --sign-passphrase-file
	case "rename" "container rename"
		printf '%s\n'
	case "restart" "container restart"
		printf '%s\n' --cidfile --filter -f --signal -s --time --timeout -t
	case "rm" "container rm" "container remove"
		printf '%s\n' --cidfile --filter --time -t
	case "rmi" "image rm" "image remove"
		printf '%s\n' --platform
	case "run" "container run"
		printf '%s\n' --add-host --annotation --arch --attach -a --authfile --blkio-weight --blkio-weight-device --cap-add --cap-drop --cert-dir --cgroup-conf --cgroup-parent --cgroupns --cgroups --chrootdirs --cidfile --conmon-pidfile --cpu-count --cpu-percent --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime --cpu-shares -c --cpus --cpuset-cpus --cpuset-mems --creds --decryption-key --detach-keys --device --device-cgroup-rule --device-read-bps --device-read-iops --device-write-bps --device-write-iops --dns --dns-opt --dns-option --dns-search --domainname --entrypoint --env -e --env-file --env-merge --expose --gidmap --gpus --group-add --group-entry --health-cmd --health-interval --health-log-destination --health-max-log-count --health-max-log-size --health-on-failure --health-retries --health-start-interval --health-start-period --health-startup-cmd --health-startup-interval --health-startup-retries --health-startup-success --health-startup-timeout --health-timeout --hostname -h --hosts-file --hostuser --image-volume --init-path --io-maxbandwidth --io-maxiops --ip --ip6 --ipc --isolation --kernel-memory --label -l --label-file --link --link-local-ip --log-driver --log-opt --mac-address --memory -m --memory-reservation --memory-swap --memory-swappiness --mount --name --net --net-alias --network --network-alias --oom-score-adj --os --passwd-entry --personality --pid --pidfile --pids-limit --platform --pod --pod-id-file --preserve-fd --preserve-fds --publish -p --pull --rdt-class --requires --restart --retry --retry-delay --runtime --sdnotify --seccomp-policy --secret --security-opt --shm-size --shm-size-systemd --stop-signal --stop-timeout --storage-opt --subgidname --subuidname --sysctl --systemd --timeout --tmpfs --tz --uidmap --ulimit --umask --unsetenv --user -u --userns --uts --variant --volume -v --volume-driver --volumes-from --workdir -w
	case "save" "image save"
		printf '%s\n' --format --output -o --platform
	case "search" "image search"
		printf '%s\n' --authfile --cert-dir --creds --filter -f --format --limit
	case "secret create"
		printf '%s\n' --driver -d --driver-opts --label -l --template-driver
	case "secret exists"
		printf '%s\n'
	case "secret inspect"
		printf '%s\n' --format -f
	case "secret ls" "secret list"
		printf '%s\n' --filter -f --format
	case "secret rm" "secret remove"
		printf '%s\n'
	case "start" "container start"
		printf '%s\n' --checkpoint --checkpoint-dir --detach-keys --filter -f
	case "stats" "container stats"
		printf '%s\n' --format --interval -i
	case "stop" "container stop"
		printf '%s\n' --cidfile --filter -f --signal -s --time --timeout -t
	case "system df"
		printf '%s\n' --format
	case "system prune"
		printf '%s\n' --filter
	case "system reset"
		printf '%s\n'
	case "tag" "image tag"
		printf '%s\n'
	case "top" "container top"
		printf '%s\n'
	case "unpause" "container unpause"
		printf '%s\n' --cidfile --filter -f
	case "unshare"
		printf '%s\n'
	case "untag" "image untag"
		printf '%s\n'
	case "update" "container update"
		printf '%s\n' --blkio-weight --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime --cpu-shares -c --cpus --cpuset-cpus --cpuset-mems --health-cmd --health-interval --health-on-failure --health-retries --health-start-interval --health-start-period --health-timeout --kernel-memory --memory -m --memory-reservation --memory-swap --pids-limit --restart --ulimit
	case "version"
		printf '%s\n' --format -f
	case "volume create"
		printf '%s\n' --driver -d --label -l --opt -o
	case "volume exists"
		printf '%s\n'
	case "volume export"
		printf '%s\n' --output -o
	case "volume import"
		printf '%s\n'
	case "volume inspect"
		printf '%s\n' --format -f
	case "volume ls" "volume list"
		printf '%s\n' --filter -f --format
	case "volume prune"
		printf '%s\n' --filter
	case "volume rm" "volume remove"
		printf '%s\n'
	case "wait" "container wait"
		printf '%s\n' --condition
	end
end

complete -c dhow -n '__dhow_at ""' -fa attach -d 'connect the terminal to a running container'
complete -c dhow -n '__dhow_at ""' -fa autostart -d 'start containers with the host'
complete -c dhow -n '__dhow_at ""' -fa build -d 'build an image from a Dockerfile'
complete -c dhow -n '__dhow_at ""' -fa commit -d 'make an image of a container\'s files'
complete -c dhow -n '__dhow_at ""' -fa completion -d 'print a completion script for bash, fish or zsh'
complete -c dhow -n '__dhow_at ""' -fa compose -d 'run projects of several containers'
complete -c dhow -n '__dhow_at ""' -fa copy -d 'copy an image from one place to another'
complete -c dhow -n '__dhow_at ""' -fa cp -d 'copy files between a container and the host'
complete -c dhow -n '__dhow_at ""' -fa create -d 'make a new container without starting it'
complete -c dhow -n '__dhow_at ""' -fa diff -d 'list what a container changed of its image\'s files'
complete -c dhow -n '__dhow_at ""' -fa doctor -d 'check what this host allows and what to ask for'
complete -c dhow -n '__dhow_at ""' -fa events -d 'show what happens to containers, images, volumes and networks'
complete -c dhow -n '__dhow_at ""' -fa exec -d 'run a command in a running container'
complete -c dhow -n '__dhow_at ""' -fa export -d 'write a container\'s files as a tar archive'
complete -c dhow -n '__dhow_at ""' -fa help -d 'explain dhow or one of its commands'
complete -c dhow -n '__dhow_at ""' -fa history -d 'show the steps an image was made in'
complete -c dhow -n '__dhow_at ""' -fa images -d 'list images'
complete -c dhow -n '__dhow_at ""' -fa import -d 'make an image of a root file system\'s archive'
complete -c dhow -n '__dhow_at ""' -fa info -d 'print a summary of this installation and this host'
complete -c dhow -n '__dhow_at ""' -fa inspect -d 'show all that is known of images, containers and more'
complete -c dhow -n '__dhow_at ""' -fa kill -d 'send a signal to containers'
complete -c dhow -n '__dhow_at ""' -fa load -d 'load images from an archive'
complete -c dhow -n '__dhow_at ""' -fa login -d 'tell a registry who one is, and keep it'
complete -c dhow -n '__dhow_at ""' -fa logout -d 'forget credentials for a registry'
complete -c dhow -n '__dhow_at ""' -fa logs -d 'show what a container wrote'
complete -c dhow -n '__dhow_at ""' -fa pause -d 'hold all processes of containers'
complete -c dhow -n '__dhow_at ""' -fa port -d 'show where the ports of a container are on the host'
complete -c dhow -n '__dhow_at ""' -fa ps -d 'list containers'
complete -c dhow -n '__dhow_at ""' -fa pull -d 'get images from a registry'
complete -c dhow -n '__dhow_at ""' -fa push -d 'send an image to a registry'
complete -c dhow -n '__dhow_at ""' -fa rename -d 'give a container another name'
complete -c dhow -n '__dhow_at ""' -fa restart -d 'stop containers and start them again'
complete -c dhow -n '__dhow_at ""' -fa rm -d 'remove containers'
complete -c dhow -n '__dhow_at ""' -fa rmi -d 'remove images'
complete -c dhow -n '__dhow_at ""' -fa run -d 'run a command in a new container'
complete -c dhow -n '__dhow_at ""' -fa save -d 'write images to an archive'
complete -c dhow -n '__dhow_at ""' -fa search -d 'look for images at a registry'
complete -c dhow -n '__dhow_at ""' -fa start -d 'start containers that do not run'
complete -c dhow -n '__dhow_at ""' -fa stats -d 'show what running containers use'
complete -c dhow -n '__dhow_at ""' -fa stop -d 'stop running containers'
complete -c dhow -n '__dhow_at ""' -fa tag -d 'give an image further names'
complete -c dhow -n '__dhow_at ""' -fa top -d 'show the processes of a container'
complete -c dhow -n '__dhow_at ""' -fa unpause -d 'let paused containers go on'
complete -c dhow -n '__dhow_at ""' -fa unshare -d 'run a command with the ids that containers have'
complete -c dhow -n '__dhow_at ""' -fa untag -d 'take names from an image and keep it'
complete -c dhow -n '__dhow_at ""' -fa update -d 'change limits and policies of containers'
complete -c dhow -n '__dhow_at ""' -fa version -d 'print the version of dhow and of the host\'s kernel'
complete -c dhow -n '__dhow_at ""' -fa wait -d 'wait until containers end, and print their exit statuses'
complete -c dhow -n '__dhow_at ""' -fa builder
complete -c dhow -n '__dhow_at builder' -fa build -d 'build an image from a Dockerfile'
complete -c dhow -n '__dhow_at builder' -fa du -d 'list what the build cache holds'
complete -c dhow -n '__dhow_at builder' -fa prune -d 'remove what builds have left in their cache'
complete -c dhow -n '__dhow_at ""' -fa buildx
complete -c dhow -n '__dhow_at buildx' -fa build -d 'build an image from a Dockerfile'
complete -c dhow -n '__dhow_at buildx' -fa du -d 'list what the build cache holds'
complete -c dhow -n '__dhow_at buildx' -fa prune -d 'remove what builds have left in their cache'
complete -c dhow -n '__dhow_at buildx' -fa version -d 'print the version, as scripts ask for it'
complete -c dhow -n '__dhow_at ""' -fa compose
complete -c dhow -n '__dhow_at compose' -fa attach -d 'attach to a service\'s container'
complete -c dhow -n '__dhow_at compose' -fa build -d 'build images of services'
complete -c dhow -n '__dhow_at compose' -fa commit -d 'make an image of a service\'s container'
complete -c dhow -n '__dhow_at compose' -fa config -d 'check the files and print what they amount to'
complete -c dhow -n '__dhow_at compose' -fa cp -d 'copy files between a service and the host'
complete -c dhow -n '__dhow_at compose' -fa create -d 'make containers of services without starting them'
complete -c dhow -n '__dhow_at compose' -fa down -d 'stop and remove containers and networks'
complete -c dhow -n '__dhow_at compose' -fa events -d 'show what happens to a project'
complete -c dhow -n '__dhow_at compose' -fa exec -d 'run a command in a service\'s container'
complete -c dhow -n '__dhow_at compose' -fa export -d 'write a service\'s files as a tar archive'
complete -c dhow -n '__dhow_at compose' -fa images -d 'list images of containers'
complete -c dhow -n '__dhow_at compose' -fa kill -d 'send a signal to containers'
complete -c dhow -n '__dhow_at compose' -fa logs -d 'print what containers wrote, merged by time'
complete -c dhow -n '__dhow_at compose' -fa ls -d 'list projects'
complete -c dhow -n '__dhow_at compose' -fa pause -d 'freeze containers'
complete -c dhow -n '__dhow_at compose' -fa port -d 'print the host\'s address of a service\'s port'
complete -c dhow -n '__dhow_at compose' -fa ps -d 'list the containers of a project'
complete -c dhow -n '__dhow_at compose' -fa pull -d 'pull images of services'
complete -c dhow -n '__dhow_at compose' -fa push -d 'push images of services that are built'
complete -c dhow -n '__dhow_at compose' -fa restart -d 'stop and start containers'
complete -c dhow -n '__dhow_at compose' -fa rm -d 'remove stopped containers'
complete -c dhow -n '__dhow_at compose' -fa run -d 'run a command in a new container of a service'
complete -c dhow -n '__dhow_at compose' -fa scale -d 'set how many containers services have'
complete -c dhow -n '__dhow_at compose' -fa start -d 'start containers that exist'
complete -c dhow -n '__dhow_at compose' -fa stats -d 'show what services use'
complete -c dhow -n '__dhow_at compose' -fa stop -d 'stop containers without removing them'
complete -c dhow -n '__dhow_at compose' -fa top -d 'list processes of services'
complete -c dhow -n '__dhow_at compose' -fa unpause -d 'let frozen containers go on'
complete -c dhow -n '__dhow_at compose' -fa up -d 'make and start containers of services'
complete -c dhow -n '__dhow_at compose' -fa version -d 'print which Docker Compose is followed'
complete -c dhow -n '__dhow_at compose' -fa volumes -d 'list the volumes of a project'
complete -c dhow -n '__dhow_at compose' -fa wait -d 'wait until the first of some services ends'
complete -c dhow -n '__dhow_at compose' -fa watch -d 'do what develop.watch says when files change'
complete -c dhow -n '__dhow_at ""' -fa container
complete -c dhow -n '__dhow_at container' -fa attach -d 'connect the terminal to a running container'
complete -c dhow -n '__dhow_at container' -fa commit -d 'make an image of a container\'s files'
complete -c dhow -n '__dhow_at container' -fa exists -d 'say by the exit status whether there is such a container'
complete -c dhow -n '__dhow_at container' -fa inspect -d 'show all that is known of containers'
complete -c dhow -n '__dhow_at container' -fa prune -d 'remove containers that do not run'
complete -c dhow -n '__dhow_at container' -fa cp -d 'copy files between a container and the host'
complete -c dhow -n '__dhow_at container' -fa create -d 'make a new container without starting it'
complete -c dhow -n '__dhow_at container' -fa diff -d 'list what a container changed of its image\'s files'
complete -c dhow -n '__dhow_at container' -fa exec -d 'run a command in a running container'
complete -c dhow -n '__dhow_at container' -fa export -d 'write a container\'s files as a tar archive'
complete -c dhow -n '__dhow_at container' -fa kill -d 'send a signal to containers'
complete -c dhow -n '__dhow_at container' -fa logs -d 'show what a container wrote'
complete -c dhow -n '__dhow_at container' -fa pause -d 'hold all processes of containers'
complete -c dhow -n '__dhow_at container' -fa port -d 'show where the ports of a container are on the host'
complete -c dhow -n '__dhow_at container' -fa ls -d 'list containers'
complete -c dhow -n '__dhow_at container' -fa rename -d 'give a container another name'
complete -c dhow -n '__dhow_at container' -fa restart -d 'stop containers and start them again'
complete -c dhow -n '__dhow_at container' -fa rm -d 'remove containers'
complete -c dhow -n '__dhow_at container' -fa run -d 'run a command in a new container'
complete -c dhow -n '__dhow_at container' -fa start -d 'start containers that do not run'
complete -c dhow -n '__dhow_at container' -fa stats -d 'show what running containers use'
complete -c dhow -n '__dhow_at container' -fa stop -d 'stop running containers'
complete -c dhow -n '__dhow_at container' -fa top -d 'show the processes of a container'
complete -c dhow -n '__dhow_at container' -fa unpause -d 'let paused containers go on'
complete -c dhow -n '__dhow_at container' -fa update -d 'change limits and policies of containers'
complete -c dhow -n '__dhow_at container' -fa wait -d 'wait until containers end, and print their exit statuses'
complete -c dhow -n '__dhow_at ""' -fa debug
complete -c dhow -n '__dhow_at debug' -fa dockerfile-parse -d 'show the instructions of a Dockerfile as JSON'
complete -c dhow -n '__dhow_at debug' -fa yaml2json -d 'print what is read from a YAML file as JSON'
complete -c dhow -n '__dhow_at ""' -fa healthcheck
complete -c dhow -n '__dhow_at healthcheck' -fa run -d 'ask a container for its health now'
complete -c dhow -n '__dhow_at ""' -fa image
complete -c dhow -n '__dhow_at image' -fa build -d 'build an image from a Dockerfile'
complete -c dhow -n '__dhow_at image' -fa copy -d 'copy an image from one place to another'
complete -c dhow -n '__dhow_at image' -fa history -d 'show the steps an image was made in'
complete -c dhow -n '__dhow_at image' -fa exists -d 'say by the exit status whether there is such an image'
complete -c dhow -n '__dhow_at image' -fa inspect -d 'show all that is known of images'
complete -c dhow -n '__dhow_at image' -fa prune -d 'remove images that nobody needs'
complete -c dhow -n '__dhow_at image' -fa tree -d 'show the layers of an image, their sizes and who shares them'
complete -c dhow -n '__dhow_at image' -fa ls -d 'list images'
complete -c dhow -n '__dhow_at image' -fa import -d 'make an image of a root file system\'s archive'
complete -c dhow -n '__dhow_at image' -fa load -d 'load images from an archive'
complete -c dhow -n '__dhow_at image' -fa pull -d 'get images from a registry'
complete -c dhow -n '__dhow_at image' -fa push -d 'send an image to a registry'
complete -c dhow -n '__dhow_at image' -fa rm -d 'remove images'
complete -c dhow -n '__dhow_at image' -fa save -d 'write images to an archive'
complete -c dhow -n '__dhow_at image' -fa search -d 'look for images at a registry'
complete -c dhow -n '__dhow_at image' -fa tag -d 'give an image further names'
complete -c dhow -n '__dhow_at image' -fa untag -d 'take names from an image and keep it'
complete -c dhow -n '__dhow_at ""' -fa manifest
complete -c dhow -n '__dhow_at manifest' -fa add -d 'add an image to a list'
complete -c dhow -n '__dhow_at manifest' -fa annotate -d 'say what an entry of a list is for'
complete -c dhow -n '__dhow_at manifest' -fa create -d 'begin a list of images for several platforms'
complete -c dhow -n '__dhow_at manifest' -fa exists -d 'say by the exit status whether a list is here'
complete -c dhow -n '__dhow_at manifest' -fa inspect -d 'show a manifest or a list, here or at a registry'
complete -c dhow -n '__dhow_at manifest' -fa push -d 'send a list and what it lists to a registry'
complete -c dhow -n '__dhow_at manifest' -fa remove -d 'take an entry out of a list'
complete -c dhow -n '__dhow_at manifest' -fa rm -d 'remove lists'
complete -c dhow -n '__dhow_at ""' -fa network
complete -c dhow -n '__dhow_at network' -fa connect -d 'put a container on one more network'
complete -c dhow -n '__dhow_at network' -fa create -d 'make a network'
complete -c dhow -n '__dhow_at network' -fa disconnect -d 'take a container from a network'
complete -c dhow -n '__dhow_at network' -fa exists -d 'say by the exit status whether there is such a network'
complete -c dhow -n '__dhow_at network' -fa inspect -d 'show all that is known of networks'
complete -c dhow -n '__dhow_at network' -fa ls -d 'list networks'
complete -c dhow -n '__dhow_at network' -fa prune -d 'remove all networks that no running container is on'
complete -c dhow -n '__dhow_at network' -fa rm -d 'remove networks that no running container is on'
complete -c dhow -n '__dhow_at ""' -fa secret
complete -c dhow -n '__dhow_at secret' -fa create -d 'keep a value that containers may be given'
complete -c dhow -n '__dhow_at secret' -fa exists -d 'say by the exit status whether there is such a secret'
complete -c dhow -n '__dhow_at secret' -fa inspect -d 'show all that is known of secrets'
complete -c dhow -n '__dhow_at secret' -fa ls -d 'list secrets'
complete -c dhow -n '__dhow_at secret' -fa rm -d 'remove secrets'
complete -c dhow -n '__dhow_at ""' -fa system
complete -c dhow -n '__dhow_at system' -fa events -d 'show what happens to containers, images, volumes and networks'
complete -c dhow -n '__dhow_at system' -fa info -d 'print a summary of this installation and this host'
complete -c dhow -n '__dhow_at system' -fa df -d 'show what images, containers and volumes take on disk'
complete -c dhow -n '__dhow_at system' -fa prune -d 'remove containers, networks and images that are not in use'
complete -c dhow -n '__dhow_at system' -fa reset -d 'remove everything there is'
complete -c dhow -n '__dhow_at ""' -fa volume
complete -c dhow -n '__dhow_at volume' -fa create -d 'make a volume'
complete -c dhow -n '__dhow_at volume' -fa exists -d 'say by the exit status whether there is such a volume'
complete -c dhow -n '__dhow_at volume' -fa export -d 'write a volume\'s files as a tar archive'
complete -c dhow -n '__dhow_at volume' -fa import -d 'unpack a tar archive into a volume'
complete -c dhow -n '__dhow_at volume' -fa inspect -d 'show all that is known of volumes'
complete -c dhow -n '__dhow_at volume' -fa ls -d 'list volumes'
complete -c dhow -n '__dhow_at volume' -fa prune -d 'remove volumes that no container mounts'
complete -c dhow -n '__dhow_at volume' -fa rm -d 'remove volumes'
complete -c dhow -n '__dhow_at ""' -l cdi-spec-dir -xa '(__fish_complete_directories)' -d 'where devices are described, besides /etc/cdi, /var/run/cdi and ~/.config/dhow/cdi'
complete -c dhow -n '__dhow_at ""' -l config -xa '(__fish_complete_directories)' -d 'directory of config.json with credentials (default $DOCKER_CONFIG, else ~/.docker)'
complete -c dhow -n '__dhow_at ""' -s D -l debug -f -d 'say on stderr what is being done'
complete -c dhow -n '__dhow_at ""' -s l -l log-level -xa 'debug info warn error fatal' -d 'how much to say; error leaves out warnings'
complete -c dhow -n '__dhow_at ""' -l root -xa '(__fish_complete_directories)' -d 'where images, containers and volumes are kept (default $XDG_DATA_HOME/dhow)'
complete -c dhow -n '__dhow_at ""' -l runroot -xa '(__fish_complete_directories)' -d 'where the state of running containers is kept (default $XDG_RUNTIME_DIR/dhow)'
complete -c dhow -n '__dhow_at ""' -l storage-driver -xa 'auto overlay fuse-overlayfs copy vfs' -d 'how a container\'s root is made of layers; vfs is copy'
complete -c dhow -n '__dhow_at ""' -s v -l version -f -d 'print the version in one line'
complete -c dhow -n '__dhow_at ""' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "attach" "container attach"' -l detach-keys -x -d 'what to type to leave a terminal (default ctrl-p,ctrl-q)'
complete -c dhow -n '__dhow_at "attach" "container attach"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "attach" "container attach"' -l no-stdin -f -d 'do not pass our input on'
complete -c dhow -n '__dhow_at "attach" "container attach"' -l sig-proxy -f -d 'pass signals on to the process'
complete -c dhow -n '__dhow_at "attach" "container attach"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "attach" "container attach"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "autostart"' -l remove -f -d 'do not start them with the host any more'
complete -c dhow -n '__dhow_at "autostart"' -l run -f -d 'start them now: what the host is told to run'
complete -c dhow -n '__dhow_at "autostart"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "autostart"' -f
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l add-host -x -d 'a line for the /etc/hosts of steps; the address may be host-gateway'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l allow -xa 'network.host security.insecure device' -d 'what RUN --network=host and RUN --security=insecure need'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l annotation -x -d 'an annotation of the image\'s manifest'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l arch -x -d 'architecture to build for, if not that of the host'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l authfile -rF -d 'credentials for the registry'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l build-arg -x -d 'a value for an ARG, or that of the host\'s variable'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l build-arg-file -rF -d 'read values for ARGs from a file'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l build-context -xa '(__fish_complete_directories)' -d 'a further context: a directory, URL, docker-image://, oci-layout://'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l cache-from -x -d 'take finished steps from there: registry, local'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l cache-to -x -d 'put finished steps there: inline, registry, local'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l call -xa 'build check outline targets' -d 'check, outline or targets: tell about the Dockerfile, build nothing'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l cap-add -xa 'ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM' -d 'add a capability to steps'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l cap-drop -xa 'ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM' -d 'take a capability from steps'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l cert-dir -xa '(__fish_complete_directories)' -d 'certificates and keys for the registry'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l cgroup-parent -x -d 'the control group, or slice of systemd, to make those of steps in'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l check -f -d 'the same as --call=check'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l cpu-period -x -d 'the time that --cpu-quota is a part of'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l cpu-quota -x -d 'processor time of a step in each --cpu-period'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -s c -l cpu-shares -x -d 'a step\'s share of the processors, 1024 by default'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l cpuset-cpus -x -d 'which processors a step may use, as 0-3,7'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l cpuset-mems -x -d 'which memory nodes a step may use'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l creds -x -d 'credentials for the registry, as text'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l device -rF -d 'a device of the host that steps may use'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l disable-content-trust -f -d 'true is accepted: there is nothing to disable'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l dns -x -d 'name server of steps'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l dns-option -x -d 'an option for the resolv.conf of steps'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l dns-search -x -d 'search domain of steps'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l env -x -d 'an ENV before the first instruction of each image'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -s f -l file -rF -d 'the Dockerfile, or - for standard input (default: Dockerfile or Containerfile of the context)'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l force-rm -f -d 'accepted for scripts: no container is left behind'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l format -xa 'oci docker' -d 'media types of the image'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l from -xa '(__dhow_ask image)' -d 'instead of the first FROM\'s image'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l http-proxy -f -d 'pass on the proxy variables of the host'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l ignorefile -rF -d 'instead of .dockerignore'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l iidfile -rF -d 'write the id of the image there'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l jobs -x -d 'steps at once (default: what the processors allow)'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l label -x -d 'a label of the image, beating those of the Dockerfile'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l layers -f -d '=false is the same as --no-cache'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l load -f -d 'store the image here, also with other --output'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l manifest -x -d 'add the image to this list of images, which may be new'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -s m -l memory -x -d 'how much memory a step may use'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l memory-swap -x -d 'memory and swap of a step together; -1 for any'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l metadata-file -rF -d 'write digests of the result there, as JSON'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l net -xa 'default none host bridge' -d 'the network of steps'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l network -xa 'default none host bridge' -d 'the network of steps'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l no-cache -f -d 'do every step again'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l no-cache-filter -x -d 'do every step of these stages again'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l os -x -d 'operating system to build for'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -s o -l output -rF -d 'where the result goes: image, local, tar, oci, docker, registry, cacheonly'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l platform -x -d 'what to build for, if not this host'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l progress -xa 'auto plain tty quiet none rawjson' -d 'how to show what is done (default: $BUILDKIT_PROGRESS, or auto)'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l provenance -x -d 'attestations to make: none'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l pull -xa 'true false always missing never newer ifnewer' -d 'when to pull images, even if they are here'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l push -f -d 'push the image under its tags'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -s q -l quiet -f -d 'print the id of the image only'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l retry -x -d 'how often to try again when the network fails'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l retry-delay -x -d 'pause between attempts (default: longer each time)'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l rewrite-timestamp -f -d 'accepted for scripts: no file of new layers is ever younger than SOURCE_DATE_EPOCH'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l rm -f -d 'accepted for scripts: no container is left behind'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l secret -x -d 'what RUN --mount=type=secret may see'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l security-opt -x -d 'security options of steps: no-new-privileges, seccomp='
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l shm-size -x -d 'size of the /dev/shm of steps'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l skip-unused-stages -f -d 'leave out stages that the target does not need; always so'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l source-date-epoch -x -d 'time to write into the image (default: $SOURCE_DATE_EPOCH)'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l ssh -x -d 'agent or keys that RUN --mount=type=ssh may use'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -s t -l tag -x -d 'name of the image'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l target -x -d 'stage to stop at'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l timestamp -x -d 'the same as --source-date-epoch and --rewrite-timestamp'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l tls-verify -f -d 'insist on HTTPS with a valid certificate; =false permits plain HTTP'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l ulimit -x -d 'a resource limit of steps, as of setrlimit(2)'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l unsetenv -x -d 'leave this variable out of the image'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l unsetlabel -x -d 'do not inherit this label of the base image'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l variant -x -d 'variant of the architecture'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -s v -l volume -xa '(__fish_complete_directories)' -d 'a directory of the host that steps see; it enters no layer'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l why -f -d 'tell for each step that is done again what changed'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "build" "buildx build" "builder build" "image build"' -fa '(__dhow_ask dir)'
complete -c dhow -n '__dhow_at "builder du" "buildx du"' -l filter -x -d 'only what matches: id, type, until, unused-for, inuse, shared, private, description'
complete -c dhow -n '__dhow_at "builder du" "buildx du"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "builder du" "buildx du"' -l verbose -f -d 'print all there is'
complete -c dhow -n '__dhow_at "builder du" "buildx du"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "builder du" "buildx du"' -f
complete -c dhow -n '__dhow_at "builder prune" "buildx prune"' -s a -l all -f -d 'everything, not only what nothing uses'
complete -c dhow -n '__dhow_at "builder prune" "buildx prune"' -l filter -x -d 'only what matches: until=24h, id, type, unused-for, inuse, shared, private, description'
complete -c dhow -n '__dhow_at "builder prune" "buildx prune"' -s f -l force -f -d 'do not ask'
complete -c dhow -n '__dhow_at "builder prune" "buildx prune"' -l keep-storage -x -d 'keep so much in any case'
complete -c dhow -n '__dhow_at "builder prune" "buildx prune"' -l max-used-space -x -d 'remove the least used until no more than this is left'
complete -c dhow -n '__dhow_at "builder prune" "buildx prune"' -l min-free-space -x -d 'remove the least used until the disk has so much room'
complete -c dhow -n '__dhow_at "builder prune" "buildx prune"' -l reserved-space -x -d 'keep so much in any case'
complete -c dhow -n '__dhow_at "builder prune" "buildx prune"' -l verbose -f -d 'print all there is of what was removed'
complete -c dhow -n '__dhow_at "builder prune" "buildx prune"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "builder prune" "buildx prune"' -f
complete -c dhow -n '__dhow_at "buildx version"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "buildx version"' -f
complete -c dhow -n '__dhow_at "commit" "container commit"' -s a -l author -x -d 'who made it'
complete -c dhow -n '__dhow_at "commit" "container commit"' -s c -l change -x -d 'change the image by an instruction of a Dockerfile'
complete -c dhow -n '__dhow_at "commit" "container commit"' -s f -l format -xa 'oci docker' -d 'whose manifest it gets'
complete -c dhow -n '__dhow_at "commit" "container commit"' -l iidfile -rF -d 'write the id of the image to a file'
complete -c dhow -n '__dhow_at "commit" "container commit"' -s m -l message -x -d 'a comment in the image\'s history'
complete -c dhow -n '__dhow_at "commit" "container commit"' -l no-pause -f -d 'let the container run meanwhile'
complete -c dhow -n '__dhow_at "commit" "container commit"' -s p -l pause -f -d 'stop the container\'s processes meanwhile'
complete -c dhow -n '__dhow_at "commit" "container commit"' -s q -l quiet -f -d 'print the id only, as it does anyway'
complete -c dhow -n '__dhow_at "commit" "container commit"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "commit" "container commit"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "completion"' -s f -l file -rF -d 'write the script to a file'
complete -c dhow -n '__dhow_at "completion"' -l no-desc -f -d 'leave out the texts beside the words'
complete -c dhow -n '__dhow_at "completion"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "completion"' -f
complete -c dhow -n '__dhow_at "compose"' -l all-resources -f -d 'keep networks and volumes that no service uses'
complete -c dhow -n '__dhow_at "compose"' -l ansi -xa 'auto never always' -d 'when to use colours and to move the cursor (COMPOSE_ANSI)'
complete -c dhow -n '__dhow_at "compose"' -l compatibility -f -d 'join names with underscores (COMPOSE_COMPATIBILITY)'
complete -c dhow -n '__dhow_at "compose"' -l dry-run -f -d 'say what would be done, and why, without doing it'
complete -c dhow -n '__dhow_at "compose"' -l env-file -rF -d 'variables for the files, instead of .env; the later one wins'
complete -c dhow -n '__dhow_at "compose"' -s f -l file -rF -d 'file to read, - for standard input; the later one is merged over the earlier'
complete -c dhow -n '__dhow_at "compose"' -l no-ansi -f -d 'same as --ansi=never'
complete -c dhow -n '__dhow_at "compose"' -l parallel -x -d 'how many things are done at once; -1 is as many as fit (COMPOSE_PARALLEL_LIMIT)'
complete -c dhow -n '__dhow_at "compose"' -l profile -x -d 'turn services of a profile on; * is all (COMPOSE_PROFILES)'
complete -c dhow -n '__dhow_at "compose"' -l progress -xa 'auto tty plain json quiet' -d 'how to show what is being done (COMPOSE_PROGRESS), on standard error unless COMPOSE_STATUS_STDOUT is set'
complete -c dhow -n '__dhow_at "compose"' -l project-directory -xa '(__fish_complete_directories)' -d 'where relative paths start (default: the directory of the first file)'
complete -c dhow -n '__dhow_at "compose"' -s p -l project-name -x -d 'name of the project (COMPOSE_PROJECT_NAME)'
complete -c dhow -n '__dhow_at "compose"' -l verbose -f -d 'say more; dhow --debug does'
complete -c dhow -n '__dhow_at "compose"' -s v -l version -f -d 'print the version'
complete -c dhow -n '__dhow_at "compose"' -l workdir -xa '(__fish_complete_directories)' -d 'where relative paths start (default: the directory of the first file)'
complete -c dhow -n '__dhow_at "compose"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose"' -f
complete -c dhow -n '__dhow_at "compose attach"' -l detach-keys -x -d 'what to type to leave'
complete -c dhow -n '__dhow_at "compose attach"' -l index -x -d 'which container, where a service has several'
complete -c dhow -n '__dhow_at "compose attach"' -l no-stdin -f -d 'do not pass our input on'
complete -c dhow -n '__dhow_at "compose attach"' -l sig-proxy -f -d 'pass signals on'
complete -c dhow -n '__dhow_at "compose attach"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose attach"' -f
complete -c dhow -n '__dhow_at "compose build"' -l build-arg -x -d 'a value for ARG'
complete -c dhow -n '__dhow_at "compose build"' -l check -f -d 'only check the Dockerfiles'
complete -c dhow -n '__dhow_at "compose build"' -s m -l memory -x -d 'memory for each step'
complete -c dhow -n '__dhow_at "compose build"' -l no-cache -f -d 'do every step anew'
complete -c dhow -n '__dhow_at "compose build"' -l progress -xa 'auto plain tty quiet rawjson' -d 'how to show steps: auto, plain, tty, quiet'
complete -c dhow -n '__dhow_at "compose build"' -l pull -f -d 'look for newer base images'
complete -c dhow -n '__dhow_at "compose build"' -l push -f -d 'push what was built'
complete -c dhow -n '__dhow_at "compose build"' -s q -l quiet -f -d 'do not show steps'
complete -c dhow -n '__dhow_at "compose build"' -l ssh -x -d 'agent or keys for steps that ask for them'
complete -c dhow -n '__dhow_at "compose build"' -l with-dependencies -f -d 'what services depend on too'
complete -c dhow -n '__dhow_at "compose build"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose build"' -f
complete -c dhow -n '__dhow_at "compose commit"' -s a -l author -x -d 'who made it'
complete -c dhow -n '__dhow_at "compose commit"' -s c -l change -x -d 'an instruction as of a Dockerfile'
complete -c dhow -n '__dhow_at "compose commit"' -l index -x -d 'which container, where a service has several'
complete -c dhow -n '__dhow_at "compose commit"' -s m -l message -x -d 'what was done'
complete -c dhow -n '__dhow_at "compose commit"' -s p -l pause -f -d 'freeze it meanwhile'
complete -c dhow -n '__dhow_at "compose commit"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose commit"' -f
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l environment -f -d 'print the variables that the files are filled with'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l explain -x -d 'print every source of a variable, the winner first'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l format -xa 'yaml json' -d 'how to print the model'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l hash -x -d 'print what decides whether containers are up to date'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l images -f -d 'print names of images'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l lock-image-digests -f -d 'print an override file that pins images by digest'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l models -f -d 'print names of models'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l networks -f -d 'print names of networks'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l no-consistency -f -d 'do not check what keys refer to'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l no-env-resolution -f -d 'leave env_file as it is'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l no-interpolate -f -d 'leave variables as they are'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l no-normalize -f -d 'leave out what is understood'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l no-path-resolution -f -d 'leave relative paths as they are'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -s o -l output -rF -d 'write to a file'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l profiles -f -d 'print names of profiles'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -s q -l quiet -f -d 'only check'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l resolve-image-digests -f -d 'pin images by the digest that registries have'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l services -f -d 'print names of services'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l variables -f -d 'print the variables that the files use'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l volumes -f -d 'print names of volumes'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose config" "compose convert"' -f
complete -c dhow -n '__dhow_at "compose cp"' -l all -f -d 'containers of compose run too'
complete -c dhow -n '__dhow_at "compose cp"' -s a -l archive -f -d 'keep owners'
complete -c dhow -n '__dhow_at "compose cp"' -s L -l follow-link -f -d 'copy what a link names'
complete -c dhow -n '__dhow_at "compose cp"' -l index -x -d 'which container, where a service has several'
complete -c dhow -n '__dhow_at "compose cp"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose cp"' -f
complete -c dhow -n '__dhow_at "compose create"' -l build -f -d 'build images first'
complete -c dhow -n '__dhow_at "compose create"' -l force-recreate -f -d 'replace containers that did not change'
complete -c dhow -n '__dhow_at "compose create"' -l no-build -f -d 'do not build what is missing'
complete -c dhow -n '__dhow_at "compose create"' -l no-recreate -f -d 'keep containers that should be replaced'
complete -c dhow -n '__dhow_at "compose create"' -l pull -xa 'always missing never build policy' -d 'when to pull, instead of what services say'
complete -c dhow -n '__dhow_at "compose create"' -l quiet-pull -f -d 'do not show pulls'
complete -c dhow -n '__dhow_at "compose create"' -l remove-orphans -f -d 'remove containers of services that the files do not have'
complete -c dhow -n '__dhow_at "compose create"' -l scale -x -d 'how many containers of a service'
complete -c dhow -n '__dhow_at "compose create"' -s y -l yes -f -d 'answer questions with yes'
complete -c dhow -n '__dhow_at "compose create"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose create"' -f
complete -c dhow -n '__dhow_at "compose down"' -l remove-orphans -f -d 'remove containers of services that the files do not have'
complete -c dhow -n '__dhow_at "compose down"' -l rmi -xa 'all local' -d 'remove images too: all, or local: those without a name of their own'
complete -c dhow -n '__dhow_at "compose down"' -s t -l timeout -x -d 'how long containers may take to stop'
complete -c dhow -n '__dhow_at "compose down"' -s v -l volumes -f -d 'remove volumes that the files declare'
complete -c dhow -n '__dhow_at "compose down"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose down"' -f
complete -c dhow -n '__dhow_at "compose events"' -l json -f -d 'print JSON, an object a line'
complete -c dhow -n '__dhow_at "compose events"' -l since -x -d 'begin in the past'
complete -c dhow -n '__dhow_at "compose events"' -l until -x -d 'end then'
complete -c dhow -n '__dhow_at "compose events"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose events"' -f
complete -c dhow -n '__dhow_at "compose exec"' -s d -l detach -f -d 'do not wait for the command'
complete -c dhow -n '__dhow_at "compose exec"' -s e -l env -x -d 'set a variable, or pass on the host\'s'
complete -c dhow -n '__dhow_at "compose exec"' -l index -x -d 'which container, where a service has several'
complete -c dhow -n '__dhow_at "compose exec"' -s i -l interactive -f -d 'pass our input on'
complete -c dhow -n '__dhow_at "compose exec"' -s T -l no-tty -f -d 'no terminal, even where there is one'
complete -c dhow -n '__dhow_at "compose exec"' -l privileged -f -d 'all capabilities in the container\'s user namespace'
complete -c dhow -n '__dhow_at "compose exec"' -s t -l tty -f -d 'a terminal, where we have one'
complete -c dhow -n '__dhow_at "compose exec"' -s u -l user -x -d 'run as this user of the container'
complete -c dhow -n '__dhow_at "compose exec"' -s w -l workdir -x -d 'working directory in the container'
complete -c dhow -n '__dhow_at "compose exec"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose exec"' -f
complete -c dhow -n '__dhow_at "compose export"' -l index -x -d 'which container, where a service has several'
complete -c dhow -n '__dhow_at "compose export"' -s o -l output -rF -d 'write to a file'
complete -c dhow -n '__dhow_at "compose export"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose export"' -f
complete -c dhow -n '__dhow_at "compose images"' -l format -x -d 'how to print them'
complete -c dhow -n '__dhow_at "compose images"' -s q -l quiet -f -d 'print ids only'
complete -c dhow -n '__dhow_at "compose images"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose images"' -f
complete -c dhow -n '__dhow_at "compose kill"' -l remove-orphans -f -d 'remove containers of services that the files do not have'
complete -c dhow -n '__dhow_at "compose kill"' -s s -l signal -xa 'SIGABRT SIGALRM SIGCONT SIGHUP SIGINT SIGKILL SIGPWR SIGQUIT SIGSTOP SIGTERM SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH' -d 'what to send'
complete -c dhow -n '__dhow_at "compose kill"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose kill"' -f
complete -c dhow -n '__dhow_at "compose logs"' -s f -l follow -f -d 'go on until all containers end'
complete -c dhow -n '__dhow_at "compose logs"' -l index -x -d 'which container, where a service has several'
complete -c dhow -n '__dhow_at "compose logs"' -l no-color -f -d 'no colours'
complete -c dhow -n '__dhow_at "compose logs"' -l no-log-prefix -f -d 'leave names out'
complete -c dhow -n '__dhow_at "compose logs"' -l since -x -d 'only what came after: 10m, 2026-01-02T15:04, Unix seconds'
complete -c dhow -n '__dhow_at "compose logs"' -s n -l tail -x -d 'only the last N lines of each container'
complete -c dhow -n '__dhow_at "compose logs"' -s t -l timestamps -f -d 'start each line with its time'
complete -c dhow -n '__dhow_at "compose logs"' -l until -x -d 'only what came before'
complete -c dhow -n '__dhow_at "compose logs"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose logs"' -f
complete -c dhow -n '__dhow_at "compose ls"' -s a -l all -f -d 'projects that are stopped too'
complete -c dhow -n '__dhow_at "compose ls"' -l filter -x -d 'only projects whose name matches'
complete -c dhow -n '__dhow_at "compose ls"' -l format -x -d 'how to print them'
complete -c dhow -n '__dhow_at "compose ls"' -s q -l quiet -f -d 'print names only'
complete -c dhow -n '__dhow_at "compose ls"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose ls"' -f
complete -c dhow -n '__dhow_at "compose pause"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose pause"' -f
complete -c dhow -n '__dhow_at "compose port"' -l index -x -d 'which container, where a service has several'
complete -c dhow -n '__dhow_at "compose port"' -l protocol -xa 'tcp udp' -d 'which protocol'
complete -c dhow -n '__dhow_at "compose port"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose port"' -f
complete -c dhow -n '__dhow_at "compose ps"' -s a -l all -f -d 'stopped ones and those of compose run too'
complete -c dhow -n '__dhow_at "compose ps"' -l filter -x -d 'only containers in this state'
complete -c dhow -n '__dhow_at "compose ps"' -l format -x -d 'how to print them'
complete -c dhow -n '__dhow_at "compose ps"' -l no-trunc -f -d 'print whole ids and commands'
complete -c dhow -n '__dhow_at "compose ps"' -l orphans -f -d 'services that the files do not have too'
complete -c dhow -n '__dhow_at "compose ps"' -s q -l quiet -f -d 'print ids only'
complete -c dhow -n '__dhow_at "compose ps"' -l services -f -d 'print names of services only'
complete -c dhow -n '__dhow_at "compose ps"' -l status -xa 'paused restarting removing running dead created exited' -d 'only containers in this state'
complete -c dhow -n '__dhow_at "compose ps"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose ps"' -f
complete -c dhow -n '__dhow_at "compose pull"' -l ignore-buildable -f -d 'leave out what can be built'
complete -c dhow -n '__dhow_at "compose pull"' -l ignore-pull-failures -f -d 'go on when a pull fails'
complete -c dhow -n '__dhow_at "compose pull"' -l include-deps -f -d 'what services depend on too'
complete -c dhow -n '__dhow_at "compose pull"' -l policy -xa 'missing always' -d 'pull what is missing, or everything'
complete -c dhow -n '__dhow_at "compose pull"' -s q -l quiet -f -d 'do not show pulls'
complete -c dhow -n '__dhow_at "compose pull"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose pull"' -f
complete -c dhow -n '__dhow_at "compose push"' -l ignore-push-failures -f -d 'go on when a push fails'
complete -c dhow -n '__dhow_at "compose push"' -l include-deps -f -d 'what services depend on too'
complete -c dhow -n '__dhow_at "compose push"' -s q -l quiet -f -d 'do not show pushes'
complete -c dhow -n '__dhow_at "compose push"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose push"' -f
complete -c dhow -n '__dhow_at "compose restart"' -l no-deps -f -d 'leave services that depend on these alone'
complete -c dhow -n '__dhow_at "compose restart"' -s t -l timeout -x -d 'how long containers may take to stop'
complete -c dhow -n '__dhow_at "compose restart"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose restart"' -f
complete -c dhow -n '__dhow_at "compose rm"' -s a -l all -f -d 'those of compose run too; they always are'
complete -c dhow -n '__dhow_at "compose rm"' -s f -l force -f -d 'do not ask'
complete -c dhow -n '__dhow_at "compose rm"' -s s -l stop -f -d 'stop them first'
complete -c dhow -n '__dhow_at "compose rm"' -s v -l volumes -f -d 'remove volumes without a name too'
complete -c dhow -n '__dhow_at "compose rm"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose rm"' -f
complete -c dhow -n '__dhow_at "compose run"' -l build -f -d 'build the image first'
complete -c dhow -n '__dhow_at "compose run"' -l cap-add -xa 'ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM' -d 'add a capability'
complete -c dhow -n '__dhow_at "compose run"' -l cap-drop -xa 'ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM' -d 'drop a capability'
complete -c dhow -n '__dhow_at "compose run"' -s d -l detach -f -d 'print the container\'s name and do not wait'
complete -c dhow -n '__dhow_at "compose run"' -l entrypoint -x -d 'instead of the service\'s; its command is dropped too'
complete -c dhow -n '__dhow_at "compose run"' -s e -l env -x -d 'set a variable, or pass on the host\'s'
complete -c dhow -n '__dhow_at "compose run"' -l env-from-file -rF -d 'read variables from a file'
complete -c dhow -n '__dhow_at "compose run"' -s i -l interactive -f -d 'pass our input on'
complete -c dhow -n '__dhow_at "compose run"' -s l -l label -x -d 'a label more'
complete -c dhow -n '__dhow_at "compose run"' -l name -x -d 'name of the container'
complete -c dhow -n '__dhow_at "compose run"' -l no-deps -f -d 'do not start what the service depends on'
complete -c dhow -n '__dhow_at "compose run"' -s T -l no-tty -f -d 'no terminal, even where there is one'
complete -c dhow -n '__dhow_at "compose run"' -s p -l publish -x -d 'open a port of the host'
complete -c dhow -n '__dhow_at "compose run"' -l pull -xa 'always missing never build policy' -d 'when to pull, instead of what the service says'
complete -c dhow -n '__dhow_at "compose run"' -s q -l quiet -f -d 'show nothing but the command\'s output'
complete -c dhow -n '__dhow_at "compose run"' -l quiet-build -f -d 'do not show builds'
complete -c dhow -n '__dhow_at "compose run"' -l quiet-pull -f -d 'do not show pulls'
complete -c dhow -n '__dhow_at "compose run"' -l remove-orphans -f -d 'remove containers of services that the files do not have'
complete -c dhow -n '__dhow_at "compose run"' -l rm -f -d 'remove the container when it ends'
complete -c dhow -n '__dhow_at "compose run"' -s P -l service-ports -f -d 'open the service\'s own ports'
complete -c dhow -n '__dhow_at "compose run"' -s t -l tty -f -d 'a terminal, where we have one'
complete -c dhow -n '__dhow_at "compose run"' -l use-aliases -f -d 'others find it by the service\'s names'
complete -c dhow -n '__dhow_at "compose run"' -s u -l user -x -d 'run as this user of the image'
complete -c dhow -n '__dhow_at "compose run"' -s v -l volume -x -d 'mount something more'
complete -c dhow -n '__dhow_at "compose run"' -s w -l workdir -x -d 'working directory in the container'
complete -c dhow -n '__dhow_at "compose run"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose run"' -f
complete -c dhow -n '__dhow_at "compose scale"' -l no-deps -f -d 'leave what services depend on alone'
complete -c dhow -n '__dhow_at "compose scale"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose scale"' -f
complete -c dhow -n '__dhow_at "compose start"' -l wait -f -d 'return when all run and are healthy'
complete -c dhow -n '__dhow_at "compose start"' -l wait-timeout -x -d 'for how long at most; 0: for ever'
complete -c dhow -n '__dhow_at "compose start"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose start"' -f
complete -c dhow -n '__dhow_at "compose stats"' -s a -l all -f -d 'containers that do not run too'
complete -c dhow -n '__dhow_at "compose stats"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "compose stats"' -l no-stream -f -d 'print once'
complete -c dhow -n '__dhow_at "compose stats"' -l no-trunc -f -d 'print whole ids'
complete -c dhow -n '__dhow_at "compose stats"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose stats"' -f
complete -c dhow -n '__dhow_at "compose stop"' -s t -l timeout -x -d 'how long containers may take to stop'
complete -c dhow -n '__dhow_at "compose stop"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose stop"' -f
complete -c dhow -n '__dhow_at "compose top"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose top"' -f
complete -c dhow -n '__dhow_at "compose unpause"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose unpause"' -f
complete -c dhow -n '__dhow_at "compose up"' -l abort-on-container-exit -f -d 'stop all when a container ends, with its exit status'
complete -c dhow -n '__dhow_at "compose up"' -l abort-on-container-failure -f -d 'stop all when a container fails, with its exit status'
complete -c dhow -n '__dhow_at "compose up"' -l always-recreate-deps -f -d 'replace dependencies too'
complete -c dhow -n '__dhow_at "compose up"' -l attach -x -d 'show the output of this service only'
complete -c dhow -n '__dhow_at "compose up"' -l attach-dependencies -f -d 'show the output of dependencies too'
complete -c dhow -n '__dhow_at "compose up"' -l build -f -d 'build images first'
complete -c dhow -n '__dhow_at "compose up"' -s d -l detach -f -d 'do not show output; return once all is started'
complete -c dhow -n '__dhow_at "compose up"' -l exit-code-from -x -d 'stop all when a container ends, with this service\'s exit status'
complete -c dhow -n '__dhow_at "compose up"' -l force-recreate -f -d 'replace containers that did not change'
complete -c dhow -n '__dhow_at "compose up"' -l menu -f -d 'keys that do things while output is shown'
complete -c dhow -n '__dhow_at "compose up"' -l no-attach -x -d 'do not show the output of this service'
complete -c dhow -n '__dhow_at "compose up"' -l no-build -f -d 'do not build what is missing'
complete -c dhow -n '__dhow_at "compose up"' -l no-color -f -d 'no colours'
complete -c dhow -n '__dhow_at "compose up"' -l no-deps -f -d 'leave what services depend on alone'
complete -c dhow -n '__dhow_at "compose up"' -l no-log-prefix -f -d 'leave names out of the output'
complete -c dhow -n '__dhow_at "compose up"' -l no-recreate -f -d 'keep containers that should be replaced'
complete -c dhow -n '__dhow_at "compose up"' -l no-start -f -d 'only make what is missing'
complete -c dhow -n '__dhow_at "compose up"' -l pull -xa 'always missing never build policy' -d 'when to pull, instead of what services say'
complete -c dhow -n '__dhow_at "compose up"' -l quiet-build -f -d 'do not show builds'
complete -c dhow -n '__dhow_at "compose up"' -l quiet-pull -f -d 'do not show pulls'
complete -c dhow -n '__dhow_at "compose up"' -l remove-orphans -f -d 'remove containers of services that the files do not have'
complete -c dhow -n '__dhow_at "compose up"' -s V -l renew-anon-volumes -f -d 'new volumes where they have no name'
complete -c dhow -n '__dhow_at "compose up"' -l scale -x -d 'how many containers of a service'
complete -c dhow -n '__dhow_at "compose up"' -s t -l timeout -x -d 'how long containers may take to stop'
complete -c dhow -n '__dhow_at "compose up"' -l timestamps -f -d 'start each line with its time'
complete -c dhow -n '__dhow_at "compose up"' -l wait -f -d 'return when all run and are healthy'
complete -c dhow -n '__dhow_at "compose up"' -l wait-timeout -x -d 'for how long at most; 0: for ever'
complete -c dhow -n '__dhow_at "compose up"' -s w -l watch -f -d 'also do what develop.watch says'
complete -c dhow -n '__dhow_at "compose up"' -s y -l yes -f -d 'answer questions with yes'
complete -c dhow -n '__dhow_at "compose up"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose up"' -f
complete -c dhow -n '__dhow_at "compose version"' -s f -l format -xa 'pretty json' -d 'how to print it'
complete -c dhow -n '__dhow_at "compose version"' -l short -f -d 'print the number alone'
complete -c dhow -n '__dhow_at "compose version"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose version"' -f
complete -c dhow -n '__dhow_at "compose volumes"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "compose volumes"' -s q -l quiet -f -d 'print names only'
complete -c dhow -n '__dhow_at "compose volumes"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose volumes"' -f
complete -c dhow -n '__dhow_at "compose wait"' -l down-project -f -d 'take the project down when the first service ends'
complete -c dhow -n '__dhow_at "compose wait"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose wait"' -f
complete -c dhow -n '__dhow_at "compose watch"' -l no-up -f -d 'do not build and start services first'
complete -c dhow -n '__dhow_at "compose watch"' -l prune -f -d 'remove images that a rebuild takes the name of'
complete -c dhow -n '__dhow_at "compose watch"' -l quiet -f -d 'do not show builds'
complete -c dhow -n '__dhow_at "compose watch"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "compose watch"' -f
complete -c dhow -n '__dhow_at "container exists"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "container exists"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "container inspect"' -s f -l format -x -d 'print by a Go template, or json'
complete -c dhow -n '__dhow_at "container inspect"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "container inspect"' -s s -l size -f -d 'show what they take on disk too'
complete -c dhow -n '__dhow_at "container inspect"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "container inspect"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "container prune"' -l filter -x -d 'remove those that match: label, until'
complete -c dhow -n '__dhow_at "container prune"' -s f -l force -f -d 'do not ask'
complete -c dhow -n '__dhow_at "container prune"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "container prune"' -f
complete -c dhow -n '__dhow_at "copy" "image copy"' -s a -l all -f -d 'copy every platform of an image, and its index'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l authfile -rF -d 'credentials for the registry'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l cert-dir -xa '(__fish_complete_directories)' -d 'certificates and keys for the registry'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l compression-format -xa 'gzip zstd zstd:chunked' -d 'compress layers that are compressed otherwise, too'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l compression-level -x -d 'of layers that have to be compressed; 0 for the usual'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l dest-creds -x -d 'credentials for the registry that is copied to'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l dest-tls-verify -f -d 'as --tls-verify, for the registry that is copied to'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l digestfile -rF -d 'write the digest of what was sent to a file'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l force-compression -f -d 'compress layers anew that are compressed that way already'
complete -c dhow -n '__dhow_at "copy" "image copy"' -s f -l format -xa 'oci v2s2 v2s1' -d 'media types of the manifest: oci or docker\'s (v2s2)'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l platform -x -d 'which of an image\'s platforms to copy'
complete -c dhow -n '__dhow_at "copy" "image copy"' -s q -l quiet -f -d 'print the digest of what was copied only'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l retry -x -d 'how often to try again when the network fails'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l retry-delay -x -d 'pause between attempts (default: longer each time)'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l src-creds -x -d 'credentials for the registry that is copied from'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l src-tls-verify -f -d 'as --tls-verify, for the registry that is copied from'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l tls-verify -f -d 'insist on HTTPS with a valid certificate; =false permits plain HTTP'
complete -c dhow -n '__dhow_at "copy" "image copy"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "copy" "image copy"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "cp" "container cp"' -s a -l archive -f -d 'keep the numbers of users and groups'
complete -c dhow -n '__dhow_at "cp" "container cp"' -s L -l follow-link -f -d 'copy what a link leads to, not the link'
complete -c dhow -n '__dhow_at "cp" "container cp"' -l overwrite -f -d 'replace a directory by a file, or a file by a directory'
complete -c dhow -n '__dhow_at "cp" "container cp"' -s q -l quiet -f -d 'do not tell what was copied'
complete -c dhow -n '__dhow_at "cp" "container cp"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "cp" "container cp"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "create" "container create"' -l add-host -x -d 'a line for /etc/hosts; the address may be host-gateway'
complete -c dhow -n '__dhow_at "create" "container create"' -l annotation -x -d 'an annotation of the container'
complete -c dhow -n '__dhow_at "create" "container create"' -l arch -x -d 'architecture of the image, if not that of the host'
complete -c dhow -n '__dhow_at "create" "container create"' -s a -l attach -xa 'stdin stdout stderr' -d 'which streams to attach to'
complete -c dhow -n '__dhow_at "create" "container create"' -l authfile -rF -d 'credentials for the registry'
complete -c dhow -n '__dhow_at "create" "container create"' -l blkio-weight -x -d 'its share of disk transfers, 10 to 1000'
complete -c dhow -n '__dhow_at "create" "container create"' -l blkio-weight-device -x -d 'the same for one device'
complete -c dhow -n '__dhow_at "create" "container create"' -l cap-add -xa 'ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM' -d 'add a capability; ALL for every one'
complete -c dhow -n '__dhow_at "create" "container create"' -l cap-drop -xa 'ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM' -d 'drop a capability; ALL for every one'
complete -c dhow -n '__dhow_at "create" "container create"' -l cert-dir -xa '(__fish_complete_directories)' -d 'certificates and keys for the registry'
complete -c dhow -n '__dhow_at "create" "container create"' -l cgroup-conf -x -d 'a setting of its control group'
complete -c dhow -n '__dhow_at "create" "container create"' -l cgroup-parent -x -d 'the control group, or the slice of systemd, to make its own in'
complete -c dhow -n '__dhow_at "create" "container create"' -l cidfile -rF -d 'write the id of the container to a new file'
complete -c dhow -n '__dhow_at "create" "container create"' -l cpu-period -x -d 'the time that --cpu-quota is a part of'
complete -c dhow -n '__dhow_at "create" "container create"' -l cpu-quota -x -d 'processor time in each --cpu-period'
complete -c dhow -n '__dhow_at "create" "container create"' -s c -l cpu-shares -x -d 'its share of the processors, 1024 by default'
complete -c dhow -n '__dhow_at "create" "container create"' -l cpus -x -d 'how many processors it may use'
complete -c dhow -n '__dhow_at "create" "container create"' -l cpuset-cpus -x -d 'which processors it may use, as 0-3,7'
complete -c dhow -n '__dhow_at "create" "container create"' -l cpuset-mems -x -d 'which memory nodes it may use'
complete -c dhow -n '__dhow_at "create" "container create"' -l creds -x -d 'credentials for this pull'
complete -c dhow -n '__dhow_at "create" "container create"' -l device -rF -d 'a device of the host that you may open; or VENDOR/CLASS=NAME, as /etc/cdi describes it'
complete -c dhow -n '__dhow_at "create" "container create"' -l device-read-bps -x -d 'bytes a second it may read from a device'
complete -c dhow -n '__dhow_at "create" "container create"' -l device-read-iops -x -d 'reads a second from a device'
complete -c dhow -n '__dhow_at "create" "container create"' -l device-write-bps -x -d 'bytes a second it may write to a device'
complete -c dhow -n '__dhow_at "create" "container create"' -l device-write-iops -x -d 'writes a second to a device'
complete -c dhow -n '__dhow_at "create" "container create"' -l disable-content-trust -f -d 'true is accepted: there is nothing to disable'
complete -c dhow -n '__dhow_at "create" "container create"' -l dns -x -d 'name server to use instead of the host\'s'
complete -c dhow -n '__dhow_at "create" "container create"' -l dns-opt -x -d 'an option for resolv.conf'
complete -c dhow -n '__dhow_at "create" "container create"' -l dns-option -x -d 'an option for resolv.conf'
complete -c dhow -n '__dhow_at "create" "container create"' -l dns-search -x -d 'search domain; . for none'
complete -c dhow -n '__dhow_at "create" "container create"' -l domainname -x -d 'NIS domain name'
complete -c dhow -n '__dhow_at "create" "container create"' -l entrypoint -x -d 'replace the entry point of the image; a JSON array may carry arguments'
complete -c dhow -n '__dhow_at "create" "container create"' -s e -l env -x -d 'set a variable, or pass on the host\'s'
complete -c dhow -n '__dhow_at "create" "container create"' -l env-file -rF -d 'read variables from a file'
complete -c dhow -n '__dhow_at "create" "container create"' -l env-host -f -d 'pass on every variable of the host'
complete -c dhow -n '__dhow_at "create" "container create"' -l expose -x -d 'a port that --publish-all publishes'
complete -c dhow -n '__dhow_at "create" "container create"' -l gpus -x -d 'GPUs as their vendor describes them (CDI): all, how many, or which'
complete -c dhow -n '__dhow_at "create" "container create"' -l group-add -x -d 'a further group, by name or number'
complete -c dhow -n '__dhow_at "create" "container create"' -l health-cmd -x -d 'how to ask whether it is healthy'
complete -c dhow -n '__dhow_at "create" "container create"' -l health-interval -x -d 'how often to ask'
complete -c dhow -n '__dhow_at "create" "container create"' -l health-on-failure -xa 'none kill restart stop' -d 'what happens when it turns unhealthy'
complete -c dhow -n '__dhow_at "create" "container create"' -l health-retries -x -d 'failures in a row that mean unhealthy'
complete -c dhow -n '__dhow_at "create" "container create"' -l health-start-interval -x -d 'how often to ask in the start period'
complete -c dhow -n '__dhow_at "create" "container create"' -l health-start-period -x -d 'how long failures do not count'
complete -c dhow -n '__dhow_at "create" "container create"' -l health-timeout -x -d 'how long an answer may take'
complete -c dhow -n '__dhow_at "create" "container create"' -l host-loopback -f -d 'let host.docker.internal reach servers on the host\'s 127.0.0.1'
complete -c dhow -n '__dhow_at "create" "container create"' -s h -l hostname -x -d 'host name (default: the short id)'
complete -c dhow -n '__dhow_at "create" "container create"' -l hosts-file -rF -d 'what /etc/hosts starts with: a file, image, or none'
complete -c dhow -n '__dhow_at "create" "container create"' -l http-proxy -f -d 'pass on the proxy variables of the host'
complete -c dhow -n '__dhow_at "create" "container create"' -l image-volume -xa 'anonymous bind tmpfs ignore' -d 'what becomes of the volumes an image declares; bind is anonymous'
complete -c dhow -n '__dhow_at "create" "container create"' -l init -f -d 'a small first process that reaps and passes on signals'
complete -c dhow -n '__dhow_at "create" "container create"' -s i -l interactive -f -d 'keep standard input open'
complete -c dhow -n '__dhow_at "create" "container create"' -l ip -x -d 'IPv4 address'
complete -c dhow -n '__dhow_at "create" "container create"' -l ip6 -x -d 'IPv6 address'
complete -c dhow -n '__dhow_at "create" "container create"' -l ipc -xa 'private host none shareable' -d 'IPC namespace: private, host or none'
complete -c dhow -n '__dhow_at "create" "container create"' -s l -l label -x -d 'a label of the container'
complete -c dhow -n '__dhow_at "create" "container create"' -l label-file -rF -d 'read labels from a file'
complete -c dhow -n '__dhow_at "create" "container create"' -l link -xa '(__dhow_ask container)' -d 'a line for /etc/hosts that names another container'
complete -c dhow -n '__dhow_at "create" "container create"' -l log-driver -xa 'json-file k8s-file journald local none passthrough' -d 'where the output is kept'
complete -c dhow -n '__dhow_at "create" "container create"' -l log-opt -x -d 'an option of the log driver'
complete -c dhow -n '__dhow_at "create" "container create"' -l mac-address -x -d 'hardware address'
complete -c dhow -n '__dhow_at "create" "container create"' -s m -l memory -x -d 'how much memory it may use'
complete -c dhow -n '__dhow_at "create" "container create"' -l memory-reservation -x -d 'how much memory it keeps when memory is short'
complete -c dhow -n '__dhow_at "create" "container create"' -l memory-swap -x -d 'memory and swap together; -1 for any'
complete -c dhow -n '__dhow_at "create" "container create"' -l mount -x -d 'mount something: type=bind|volume|tmpfs|image,source=,target='
complete -c dhow -n '__dhow_at "create" "container create"' -l name -x -d 'name of the container'
complete -c dhow -n '__dhow_at "create" "container create"' -l net -xa '(__dhow_ask network)' -d 'bridge, host, none, container:NAME, or a network of yours; name=NAME,alias=,ip= with options'
complete -c dhow -n '__dhow_at "create" "container create"' -l net-alias -x -d 'a further name on the network'
complete -c dhow -n '__dhow_at "create" "container create"' -l network -xa '(__dhow_ask network)' -d 'bridge, host, none, container:NAME, or a network of yours; name=NAME,alias=,ip= with options'
complete -c dhow -n '__dhow_at "create" "container create"' -l network-alias -x -d 'a further name on the network'
complete -c dhow -n '__dhow_at "create" "container create"' -l no-healthcheck -f -d 'never ask whether it is healthy'
complete -c dhow -n '__dhow_at "create" "container create"' -l no-hosts -f -d 'leave /etc/hosts to the image'
complete -c dhow -n '__dhow_at "create" "container create"' -l oom-kill-disable -f -d 'wait for memory instead of ending a process (cgroups version 1)'
complete -c dhow -n '__dhow_at "create" "container create"' -l oom-score-adj -x -d 'how soon it is ended when memory ends: -1000 to 1000'
complete -c dhow -n '__dhow_at "create" "container create"' -l os -x -d 'operating system of the image'
complete -c dhow -n '__dhow_at "create" "container create"' -l pid -xa 'private host' -d 'PID namespace: private or host'
complete -c dhow -n '__dhow_at "create" "container create"' -l pidfile -rF -d 'write the process id to a file'
complete -c dhow -n '__dhow_at "create" "container create"' -l pids-limit -x -d 'how many processes it may have; -1 for any'
complete -c dhow -n '__dhow_at "create" "container create"' -l platform -x -d 'platform of the image, if not that of the host'
complete -c dhow -n '__dhow_at "create" "container create"' -l privileged -f -d 'every capability and what devices you may open'
complete -c dhow -n '__dhow_at "create" "container create"' -s p -l publish -x -d 'open a port of the host'
complete -c dhow -n '__dhow_at "create" "container create"' -s P -l publish-all -f -d 'open a port of the host for each exposed one'
complete -c dhow -n '__dhow_at "create" "container create"' -l pull -xa 'always missing never newer' -d 'when to pull the image'
complete -c dhow -n '__dhow_at "create" "container create"' -s q -l quiet -f -d 'do not show the progress of a pull'
complete -c dhow -n '__dhow_at "create" "container create"' -l read-only -f -d 'nothing but volumes can be written'
complete -c dhow -n '__dhow_at "create" "container create"' -l read-only-tmpfs -f -d 'with --read-only: /tmp, /run and /var/tmp can be'
complete -c dhow -n '__dhow_at "create" "container create"' -l replace -f -d 'remove a container that has the name first'
complete -c dhow -n '__dhow_at "create" "container create"' -l restart -xa 'no always unless-stopped on-failure' -d 'start it again when it ends'
complete -c dhow -n '__dhow_at "create" "container create"' -l retry -x -d 'how often to try a pull again (default 3)'
complete -c dhow -n '__dhow_at "create" "container create"' -l retry-delay -x -d 'how long to wait in between'
complete -c dhow -n '__dhow_at "create" "container create"' -l rm -f -d 'remove the container when it ends'
complete -c dhow -n '__dhow_at "create" "container create"' -l secret -x -d 'a secret as a file below /run/secrets; type=env,target=NAME as a variable'
complete -c dhow -n '__dhow_at "create" "container create"' -l security-opt -x -d 'no-new-privileges, seccomp=FILE|unconfined, mask=, unmask=, systempaths=unconfined'
complete -c dhow -n '__dhow_at "create" "container create"' -l shm-size -x -d 'size of /dev/shm'
complete -c dhow -n '__dhow_at "create" "container create"' -l stop-signal -xa 'SIGABRT SIGALRM SIGCONT SIGHUP SIGINT SIGKILL SIGPWR SIGQUIT SIGSTOP SIGTERM SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH' -d 'the signal that asks it to end'
complete -c dhow -n '__dhow_at "create" "container create"' -l stop-timeout -x -d 'how long it may take to end; -1 for ever'
complete -c dhow -n '__dhow_at "create" "container create"' -l sysctl -x -d 'set a namespaced kernel parameter'
complete -c dhow -n '__dhow_at "create" "container create"' -l timeout -x -d 'kill it after so long; 0 for never'
complete -c dhow -n '__dhow_at "create" "container create"' -l tls-verify -f -d 'insist on HTTPS and a good certificate of the registry'
complete -c dhow -n '__dhow_at "create" "container create"' -l tmpfs -x -d 'an empty file system in memory'
complete -c dhow -n '__dhow_at "create" "container create"' -s t -l tty -f -d 'give it a terminal'
complete -c dhow -n '__dhow_at "create" "container create"' -l tz -x -d 'time zone, as Europe/Paris; local for the host\'s'
complete -c dhow -n '__dhow_at "create" "container create"' -l ulimit -x -d 'a resource limit as of setrlimit(2)'
complete -c dhow -n '__dhow_at "create" "container create"' -l umask -x -d 'file mode mask (default 0022)'
complete -c dhow -n '__dhow_at "create" "container create"' -l unsetenv -x -d 'drop a variable of the image'
complete -c dhow -n '__dhow_at "create" "container create"' -l unsetenv-all -f -d 'drop all variables of the image'
complete -c dhow -n '__dhow_at "create" "container create"' -s u -l user -x -d 'run as this user of the image, by name or number'
complete -c dhow -n '__dhow_at "create" "container create"' -l userns -xa 'private host keep-id' -d 'user namespace: private, host, keep-id[:uid=,gid=]'
complete -c dhow -n '__dhow_at "create" "container create"' -l uts -xa 'host private' -d 'whose host name it has'
complete -c dhow -n '__dhow_at "create" "container create"' -l variant -x -d 'variant of the architecture, as v7'
complete -c dhow -n '__dhow_at "create" "container create"' -s v -l volume -rFa '(__dhow_ask volume)' -d 'mount a directory of the host or a volume'
complete -c dhow -n '__dhow_at "create" "container create"' -l volumes-from -xa '(__dhow_ask container)' -d 'mount what another container mounts'
complete -c dhow -n '__dhow_at "create" "container create"' -s w -l workdir -x -d 'working directory in the container'
complete -c dhow -n '__dhow_at "create" "container create"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "create" "container create"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "debug dockerfile-parse"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "debug dockerfile-parse"' -F
complete -c dhow -n '__dhow_at "debug yaml2json"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "debug yaml2json"' -F
complete -c dhow -n '__dhow_at "diff" "container diff"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "diff" "container diff"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "diff" "container diff"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "diff" "container diff"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "doctor"' -l format -xa 'text json' -d 'how to print the findings'
complete -c dhow -n '__dhow_at "doctor"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "doctor"' -f
complete -c dhow -n '__dhow_at "events" "system events"' -s f -l filter -x -d 'only those that match: container, event, image, label, network, scope, secret, type, volume'
complete -c dhow -n '__dhow_at "events" "system events"' -l format -x -d 'print by a Go template, or json'
complete -c dhow -n '__dhow_at "events" "system events"' -l no-trunc -f -d 'whole ids, which are printed in any case'
complete -c dhow -n '__dhow_at "events" "system events"' -l since -x -d 'start with what happened after: 10m, 2026-01-02T15:04, Unix seconds'
complete -c dhow -n '__dhow_at "events" "system events"' -l stream -f -d 'go on with what happens; false: only what did'
complete -c dhow -n '__dhow_at "events" "system events"' -l until -x -d 'end there'
complete -c dhow -n '__dhow_at "events" "system events"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "events" "system events"' -f
complete -c dhow -n '__dhow_at "exec" "container exec"' -l cidfile -rF -d 'read an id from a file'
complete -c dhow -n '__dhow_at "exec" "container exec"' -s d -l detach -f -d 'do not wait for the command, and do not show its output'
complete -c dhow -n '__dhow_at "exec" "container exec"' -l detach-keys -x -d 'what to type to leave a terminal (default ctrl-p,ctrl-q)'
complete -c dhow -n '__dhow_at "exec" "container exec"' -s e -l env -x -d 'set a variable, or pass on the host\'s'
complete -c dhow -n '__dhow_at "exec" "container exec"' -l env-file -rF -d 'read variables from a file'
complete -c dhow -n '__dhow_at "exec" "container exec"' -s i -l interactive -f -d 'pass our input on'
complete -c dhow -n '__dhow_at "exec" "container exec"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "exec" "container exec"' -l privileged -f -d 'all capabilities in the container\'s user namespace'
complete -c dhow -n '__dhow_at "exec" "container exec"' -s t -l tty -f -d 'give the command a terminal'
complete -c dhow -n '__dhow_at "exec" "container exec"' -s u -l user -x -d 'run as this user of the container, by name or number'
complete -c dhow -n '__dhow_at "exec" "container exec"' -s w -l workdir -x -d 'working directory in the container'
complete -c dhow -n '__dhow_at "exec" "container exec"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "exec" "container exec"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "export" "container export"' -s o -l output -rF -d 'write to a file instead of standard output'
complete -c dhow -n '__dhow_at "export" "container export"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "export" "container export"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "healthcheck run"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "healthcheck run"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "help"' -l man -f -d 'show the manual page, or print its source where there is no terminal'
complete -c dhow -n '__dhow_at "help"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "help"' -fa '(__dhow_ask command)'
complete -c dhow -n '__dhow_at "history" "image history"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "history" "image history"' -s H -l human -f -d 'print sizes and ages for people; =false prints bytes and times'
complete -c dhow -n '__dhow_at "history" "image history"' -l no-trunc -f -d 'print whole ids and commands'
complete -c dhow -n '__dhow_at "history" "image history"' -l platform -x -d 'insist on this platform of the image'
complete -c dhow -n '__dhow_at "history" "image history"' -s q -l quiet -f -d 'print ids only'
complete -c dhow -n '__dhow_at "history" "image history"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "history" "image history"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "image exists"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "image exists"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "image inspect"' -s f -l format -x -d 'print by a Go template, or json'
complete -c dhow -n '__dhow_at "image inspect"' -l platform -x -d 'insist on this platform of the image'
complete -c dhow -n '__dhow_at "image inspect"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "image inspect"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "image prune"' -s a -l all -f -d 'remove images that have a name too'
complete -c dhow -n '__dhow_at "image prune"' -l build-cache -f -d 'remove all build cache too, as builder prune --all'
complete -c dhow -n '__dhow_at "image prune"' -l filter -x -d 'remove those that match: dangling, label, until'
complete -c dhow -n '__dhow_at "image prune"' -s f -l force -f -d 'do not ask'
complete -c dhow -n '__dhow_at "image prune"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "image prune"' -f
complete -c dhow -n '__dhow_at "image tree"' -l whatrequires -f -d 'show the images that stand on this one'
complete -c dhow -n '__dhow_at "image tree"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "image tree"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "images" "image ls" "image list"' -s a -l all -f -d 'show intermediate images too (there are none)'
complete -c dhow -n '__dhow_at "images" "image ls" "image list"' -l digests -f -d 'show the digests by which images were pulled'
complete -c dhow -n '__dhow_at "images" "image ls" "image list"' -s f -l filter -x -d 'show images by after, before, dangling, id, label, reference, since, until'
complete -c dhow -n '__dhow_at "images" "image ls" "image list"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "images" "image ls" "image list"' -l no-trunc -f -d 'print whole ids'
complete -c dhow -n '__dhow_at "images" "image ls" "image list"' -s n -l noheading -f -d 'print no headings'
complete -c dhow -n '__dhow_at "images" "image ls" "image list"' -s q -l quiet -f -d 'print ids only'
complete -c dhow -n '__dhow_at "images" "image ls" "image list"' -l sort -xa 'created id repository size tag' -d 'order of the list'
complete -c dhow -n '__dhow_at "images" "image ls" "image list"' -l tree -f -d 'show each image with its platform, and what its files and its blobs take'
complete -c dhow -n '__dhow_at "images" "image ls" "image list"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "images" "image ls" "image list"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "import" "image import"' -l arch -x -d 'architecture to record, if not that of the host'
complete -c dhow -n '__dhow_at "import" "image import"' -s c -l change -x -d 'apply a Dockerfile instruction: CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME, WORKDIR'
complete -c dhow -n '__dhow_at "import" "image import"' -s m -l message -x -d 'comment for the history'
complete -c dhow -n '__dhow_at "import" "image import"' -l os -x -d 'operating system to record'
complete -c dhow -n '__dhow_at "import" "image import"' -l platform -x -d 'platform to record'
complete -c dhow -n '__dhow_at "import" "image import"' -s q -l quiet -f -d 'do not show how far a download is'
complete -c dhow -n '__dhow_at "import" "image import"' -l variant -x -d 'variant of the architecture to record'
complete -c dhow -n '__dhow_at "import" "image import"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "import" "image import"' -F
complete -c dhow -n '__dhow_at "info" "system info"' -s f -l format -xa 'json' -d 'json, or a Go template over the object'
complete -c dhow -n '__dhow_at "info" "system info"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "info" "system info"' -f
complete -c dhow -n '__dhow_at "inspect"' -s f -l format -x -d 'print by a Go template, or json'
complete -c dhow -n '__dhow_at "inspect"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "inspect"' -s s -l size -f -d 'show the sizes of containers too'
complete -c dhow -n '__dhow_at "inspect"' -s t -l type -xa 'container image network volume secret pod all' -d 'look for this kind only'
complete -c dhow -n '__dhow_at "inspect"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "inspect"' -fa '(__dhow_ask object)'
complete -c dhow -n '__dhow_at "kill" "container kill"' -s a -l all -f -d 'signal every container that runs'
complete -c dhow -n '__dhow_at "kill" "container kill"' -l cidfile -rF -d 'read an id from a file'
complete -c dhow -n '__dhow_at "kill" "container kill"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "kill" "container kill"' -s s -l signal -xa 'SIGABRT SIGALRM SIGCONT SIGHUP SIGINT SIGKILL SIGPWR SIGQUIT SIGSTOP SIGTERM SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH' -d 'what to send'
complete -c dhow -n '__dhow_at "kill" "container kill"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "kill" "container kill"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "load" "image load"' -s i -l input -rF -d 'read an archive or a directory, not standard input'
complete -c dhow -n '__dhow_at "load" "image load"' -l platform -x -d 'which of an image\'s platforms to load'
complete -c dhow -n '__dhow_at "load" "image load"' -s q -l quiet -f -d 'print only what was loaded'
complete -c dhow -n '__dhow_at "load" "image load"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "load" "image load"' -f
complete -c dhow -n '__dhow_at "login"' -l authfile -rF -d 'file to keep credentials in'
complete -c dhow -n '__dhow_at "login"' -l cert-dir -xa '(__fish_complete_directories)' -d 'certificates and keys for the registry'
complete -c dhow -n '__dhow_at "login"' -l compat-auth-file -rF -d 'the same as --authfile: both have docker\'s format'
complete -c dhow -n '__dhow_at "login"' -l get-login -f -d 'print as whom one is logged in, and do nothing else'
complete -c dhow -n '__dhow_at "login"' -s p -l password -x -d 'password or token; others on this host can see it there'
complete -c dhow -n '__dhow_at "login"' -l password-stdin -f -d 'read it from standard input'
complete -c dhow -n '__dhow_at "login"' -l tls-verify -f -d 'insist on HTTPS with a valid certificate; =false permits plain HTTP'
complete -c dhow -n '__dhow_at "login"' -s u -l username -x -d 'who one is to the registry'
complete -c dhow -n '__dhow_at "login"' -s v -l verbose -f -d 'print where credentials are kept'
complete -c dhow -n '__dhow_at "login"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "login"' -f
complete -c dhow -n '__dhow_at "logout"' -s a -l all -f -d 'forget the credentials for every registry'
complete -c dhow -n '__dhow_at "logout"' -l authfile -rF -d 'file that credentials are kept in'
complete -c dhow -n '__dhow_at "logout"' -l compat-auth-file -rF -d 'the same as --authfile: both have docker\'s format'
complete -c dhow -n '__dhow_at "logout"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "logout"' -f
complete -c dhow -n '__dhow_at "logs" "container logs"' -l color -f -d 'of several containers: each name in a colour of its own'
complete -c dhow -n '__dhow_at "logs" "container logs"' -l details -f -d 'show what --log-opt env, labels and tag add to each line'
complete -c dhow -n '__dhow_at "logs" "container logs"' -s f -l follow -f -d 'go on until the container ends'
complete -c dhow -n '__dhow_at "logs" "container logs"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "logs" "container logs"' -l names -f -d 'start each line with the container\'s name'
complete -c dhow -n '__dhow_at "logs" "container logs"' -l since -x -d 'only what came after: 10m, 2026-01-02T15:04, Unix seconds'
complete -c dhow -n '__dhow_at "logs" "container logs"' -s n -l tail -x -d 'only the last N lines'
complete -c dhow -n '__dhow_at "logs" "container logs"' -s t -l timestamps -f -d 'start each line with its time'
complete -c dhow -n '__dhow_at "logs" "container logs"' -l until -x -d 'only what came before'
complete -c dhow -n '__dhow_at "logs" "container logs"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "logs" "container logs"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "manifest add"' -l all -f -d 'of an index, add every entry, not one of them'
complete -c dhow -n '__dhow_at "manifest add"' -l annotation -x -d 'a note in it'
complete -c dhow -n '__dhow_at "manifest add"' -l arch -x -d 'architecture to list it for'
complete -c dhow -n '__dhow_at "manifest add"' -l authfile -rF -d 'credentials for the registry'
complete -c dhow -n '__dhow_at "manifest add"' -l cert-dir -xa '(__fish_complete_directories)' -d 'certificates and keys for the registry'
complete -c dhow -n '__dhow_at "manifest add"' -l creds -x -d 'credentials for the registry, as text'
complete -c dhow -n '__dhow_at "manifest add"' -l features -x -d 'features of the processor that it needs'
complete -c dhow -n '__dhow_at "manifest add"' -l insecure -f -d 'permit plain HTTP and any certificate'
complete -c dhow -n '__dhow_at "manifest add"' -l os -x -d 'operating system to list it for'
complete -c dhow -n '__dhow_at "manifest add"' -l os-version -x -d 'version of the operating system'
complete -c dhow -n '__dhow_at "manifest add"' -l tls-verify -f -d 'insist on HTTPS with a valid certificate; =false permits plain HTTP'
complete -c dhow -n '__dhow_at "manifest add"' -l variant -x -d 'variant of the architecture'
complete -c dhow -n '__dhow_at "manifest add"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "manifest add"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "manifest annotate"' -l annotation -x -d 'a note in it'
complete -c dhow -n '__dhow_at "manifest annotate"' -l arch -x -d 'architecture to list it for'
complete -c dhow -n '__dhow_at "manifest annotate"' -l features -x -d 'features of the processor that it needs'
complete -c dhow -n '__dhow_at "manifest annotate"' -l index -f -d 'annotate the list itself'
complete -c dhow -n '__dhow_at "manifest annotate"' -l os -x -d 'operating system to list it for'
complete -c dhow -n '__dhow_at "manifest annotate"' -l os-features -x -d 'features of the operating system that it needs'
complete -c dhow -n '__dhow_at "manifest annotate"' -l os-version -x -d 'version of the operating system'
complete -c dhow -n '__dhow_at "manifest annotate"' -l variant -x -d 'variant of the architecture'
complete -c dhow -n '__dhow_at "manifest annotate"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "manifest annotate"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "manifest create"' -l all -f -d 'of an index, add every entry, not one of them'
complete -c dhow -n '__dhow_at "manifest create"' -s a -l amend -f -d 'add to a list that is there'
complete -c dhow -n '__dhow_at "manifest create"' -l annotation -x -d 'a note in it'
complete -c dhow -n '__dhow_at "manifest create"' -l authfile -rF -d 'credentials for the registry'
complete -c dhow -n '__dhow_at "manifest create"' -l cert-dir -xa '(__fish_complete_directories)' -d 'certificates and keys for the registry'
complete -c dhow -n '__dhow_at "manifest create"' -l creds -x -d 'credentials for the registry, as text'
complete -c dhow -n '__dhow_at "manifest create"' -l insecure -f -d 'permit plain HTTP and any certificate'
complete -c dhow -n '__dhow_at "manifest create"' -l tls-verify -f -d 'insist on HTTPS with a valid certificate; =false permits plain HTTP'
complete -c dhow -n '__dhow_at "manifest create"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "manifest create"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "manifest exists"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "manifest exists"' -f
complete -c dhow -n '__dhow_at "manifest inspect"' -l authfile -rF -d 'credentials for the registry'
complete -c dhow -n '__dhow_at "manifest inspect"' -l cert-dir -xa '(__fish_complete_directories)' -d 'certificates and keys for the registry'
complete -c dhow -n '__dhow_at "manifest inspect"' -l creds -x -d 'credentials for the registry, as text'
complete -c dhow -n '__dhow_at "manifest inspect"' -l insecure -f -d 'permit plain HTTP and any certificate'
complete -c dhow -n '__dhow_at "manifest inspect"' -l tls-verify -f -d 'insist on HTTPS with a valid certificate; =false permits plain HTTP'
complete -c dhow -n '__dhow_at "manifest inspect"' -s v -l verbose -f -d 'show each manifest with its reference and descriptor'
complete -c dhow -n '__dhow_at "manifest inspect"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "manifest inspect"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "manifest push"' -l all -f -d 'accepted for scripts: what is listed is always sent with it'
complete -c dhow -n '__dhow_at "manifest push"' -l authfile -rF -d 'credentials for the registry'
complete -c dhow -n '__dhow_at "manifest push"' -l cert-dir -xa '(__fish_complete_directories)' -d 'certificates and keys for the registry'
complete -c dhow -n '__dhow_at "manifest push"' -l compression-format -xa 'gzip zstd zstd:chunked' -d 'compress layers that are compressed otherwise, too'
complete -c dhow -n '__dhow_at "manifest push"' -l compression-level -x -d 'of layers that have to be compressed; 0 for the usual'
complete -c dhow -n '__dhow_at "manifest push"' -l creds -x -d 'credentials for the registry, as text'
complete -c dhow -n '__dhow_at "manifest push"' -l digestfile -rF -d 'write the digest of what was sent to a file'
complete -c dhow -n '__dhow_at "manifest push"' -l force-compression -f -d 'compress layers anew that are compressed that way already'
complete -c dhow -n '__dhow_at "manifest push"' -s f -l format -xa 'oci v2s2 v2s1' -d 'media types of the manifest: oci or docker\'s (v2s2)'
complete -c dhow -n '__dhow_at "manifest push"' -l insecure -f -d 'permit plain HTTP and any certificate'
complete -c dhow -n '__dhow_at "manifest push"' -s p -l purge -f -d 'remove the list here afterwards'
complete -c dhow -n '__dhow_at "manifest push"' -s q -l quiet -f -d 'print the digest only'
complete -c dhow -n '__dhow_at "manifest push"' -l rm -f -d 'remove the list here afterwards'
complete -c dhow -n '__dhow_at "manifest push"' -l tls-verify -f -d 'insist on HTTPS with a valid certificate; =false permits plain HTTP'
complete -c dhow -n '__dhow_at "manifest push"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "manifest push"' -f
complete -c dhow -n '__dhow_at "manifest remove"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "manifest remove"' -f
complete -c dhow -n '__dhow_at "manifest rm"' -s i -l ignore -f -d 'what is not here is no failure'
complete -c dhow -n '__dhow_at "manifest rm"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "manifest rm"' -f
complete -c dhow -n '__dhow_at "network connect"' -l alias -x -d 'a further name of the container on the network'
complete -c dhow -n '__dhow_at "network connect"' -l gw-priority -x -d 'the network with the highest one has the way out'
complete -c dhow -n '__dhow_at "network connect"' -l ip -x -d 'IPv4 address'
complete -c dhow -n '__dhow_at "network connect"' -l ip6 -x -d 'IPv6 address'
complete -c dhow -n '__dhow_at "network connect"' -l mac-address -x -d 'hardware address'
complete -c dhow -n '__dhow_at "network connect"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "network connect"' -fa '(__dhow_ask network)'
complete -c dhow -n '__dhow_at "network create"' -l attachable -f -d 'let containers be connected by hand (they always may)'
complete -c dhow -n '__dhow_at "network create"' -l aux-address -x -d 'an address that no container gets'
complete -c dhow -n '__dhow_at "network create"' -s d -l driver -xa 'bridge' -d 'kind of network; others need privileges of the host'
complete -c dhow -n '__dhow_at "network create"' -l gateway -x -d 'address of the way out, one for each --subnet'
complete -c dhow -n '__dhow_at "network create"' -l ignore -f -d 'a network that is there already is no failure'
complete -c dhow -n '__dhow_at "network create"' -l internal -f -d 'let nothing out of the network'
complete -c dhow -n '__dhow_at "network create"' -l ip-range -x -d 'the part of --subnet that containers get addresses of'
complete -c dhow -n '__dhow_at "network create"' -l ipam-driver -xa 'default host-local' -d 'who gives addresses: dhow does'
complete -c dhow -n '__dhow_at "network create"' -l ipv6 -f -d 'IPv6 too; without a --subnet of its own, a private one'
complete -c dhow -n '__dhow_at "network create"' -l label -x -d 'a label of the network'
complete -c dhow -n '__dhow_at "network create"' -s o -l opt -x -d 'an option of the driver: com.docker.network.driver.mtu, com.docker.network.bridge.enable_icc and others'
complete -c dhow -n '__dhow_at "network create"' -l subnet -x -d 'its addresses, as 10.5.0.0/24; one of each family'
complete -c dhow -n '__dhow_at "network create"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "network create"' -f
complete -c dhow -n '__dhow_at "network disconnect"' -s f -l force -f -d 'forget the network also when the container cannot be reached'
complete -c dhow -n '__dhow_at "network disconnect"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "network disconnect"' -fa '(__dhow_ask network)'
complete -c dhow -n '__dhow_at "network exists"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "network exists"' -fa '(__dhow_ask network)'
complete -c dhow -n '__dhow_at "network inspect"' -s f -l format -x -d 'print by a Go template, or json'
complete -c dhow -n '__dhow_at "network inspect"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "network inspect"' -fa '(__dhow_ask network)'
complete -c dhow -n '__dhow_at "network ls" "network list"' -s f -l filter -x -d 'show those that match: dangling, driver, id, label, name, scope, type, until'
complete -c dhow -n '__dhow_at "network ls" "network list"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "network ls" "network list"' -l no-trunc -f -d 'print whole ids'
complete -c dhow -n '__dhow_at "network ls" "network list"' -s n -l noheading -f -d 'print no headings'
complete -c dhow -n '__dhow_at "network ls" "network list"' -s q -l quiet -f -d 'print ids only'
complete -c dhow -n '__dhow_at "network ls" "network list"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "network ls" "network list"' -f
complete -c dhow -n '__dhow_at "network prune"' -l filter -x -d 'remove those that match: label, until'
complete -c dhow -n '__dhow_at "network prune"' -s f -l force -f -d 'do not ask'
complete -c dhow -n '__dhow_at "network prune"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "network prune"' -f
complete -c dhow -n '__dhow_at "network rm" "network remove"' -s f -l force -f -d 'a network that is not there is no failure'
complete -c dhow -n '__dhow_at "network rm" "network remove"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "network rm" "network remove"' -fa '(__dhow_ask network)'
complete -c dhow -n '__dhow_at "pause" "container pause"' -s a -l all -f -d 'pause every container that runs'
complete -c dhow -n '__dhow_at "pause" "container pause"' -l cidfile -rF -d 'read an id from a file'
complete -c dhow -n '__dhow_at "pause" "container pause"' -s f -l filter -x -d 'act on those that match'
complete -c dhow -n '__dhow_at "pause" "container pause"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "pause" "container pause"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "pause" "container pause"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "port" "container port"' -s a -l all -f -d 'show the ports of every container'
complete -c dhow -n '__dhow_at "port" "container port"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "port" "container port"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "port" "container port"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -s a -l all -f -d 'show containers that do not run too'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -s f -l filter -x -d 'show those that match: name, id, label, status, ancestor, network, volume, health, exited, publish, expose, before, since and others'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -s n -l last -x -d 'show the N newest, whatever became of them'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -s l -l latest -f -d 'show the newest, whatever became of it'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -l no-trunc -f -d 'print whole ids and commands'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -l noheading -f -d 'print no headings'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -s q -l quiet -f -d 'print ids only'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -s s -l size -f -d 'show what each takes on disk'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -l sort -xa 'command created id image names runningfor size status' -d 'order of the list'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -s w -l watch -x -d 'list them again and again'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "ps" "container ls" "container list" "container ps"' -f
complete -c dhow -n '__dhow_at "pull" "image pull"' -s a -l all-tags -f -d 'pull every tag of the repository'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l arch -x -d 'architecture of the image, if not that of the host'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l authfile -rF -d 'credentials for the registry'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l cert-dir -xa '(__fish_complete_directories)' -d 'certificates and keys for the registry'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l creds -x -d 'credentials for the registry, as text'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l disable-content-trust -f -d 'true is accepted: there is nothing to disable'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l os -x -d 'operating system of the image'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l platform -x -d 'which of an image\'s platforms to pull'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l policy -xa 'always missing never newer' -d 'whether to ask the registry'
complete -c dhow -n '__dhow_at "pull" "image pull"' -s q -l quiet -f -d 'print the reference only'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l retry -x -d 'how often to try again when the network fails'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l retry-delay -x -d 'pause between attempts (default: longer each time)'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l tls-verify -f -d 'insist on HTTPS with a valid certificate; =false permits plain HTTP'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l variant -x -d 'variant of the architecture'
complete -c dhow -n '__dhow_at "pull" "image pull"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "pull" "image pull"' -f
complete -c dhow -n '__dhow_at "push" "image push"' -s a -l all-tags -f -d 'push every tag of the repository that is here'
complete -c dhow -n '__dhow_at "push" "image push"' -l authfile -rF -d 'credentials for the registry'
complete -c dhow -n '__dhow_at "push" "image push"' -l cert-dir -xa '(__fish_complete_directories)' -d 'certificates and keys for the registry'
complete -c dhow -n '__dhow_at "push" "image push"' -l compression-format -xa 'gzip zstd zstd:chunked' -d 'compress layers that are compressed otherwise, too'
complete -c dhow -n '__dhow_at "push" "image push"' -l compression-level -x -d 'of layers that have to be compressed; 0 for the usual'
complete -c dhow -n '__dhow_at "push" "image push"' -l creds -x -d 'credentials for the registry, as text'
complete -c dhow -n '__dhow_at "push" "image push"' -l digestfile -rF -d 'write the digest of what was sent to a file'
complete -c dhow -n '__dhow_at "push" "image push"' -l disable-content-trust -f -d 'true is accepted: there is nothing to disable'
complete -c dhow -n '__dhow_at "push" "image push"' -l force-compression -f -d 'compress layers anew that are compressed that way already'
complete -c dhow -n '__dhow_at "push" "image push"' -s f -l format -xa 'oci v2s2 v2s1' -d 'media types of the manifest: oci or docker\'s (v2s2)'
complete -c dhow -n '__dhow_at "push" "image push"' -l platform -x -d 'insist on this platform of the image'
complete -c dhow -n '__dhow_at "push" "image push"' -s q -l quiet -f -d 'print the reference only'
complete -c dhow -n '__dhow_at "push" "image push"' -l retry -x -d 'how often to try again when the network fails'
complete -c dhow -n '__dhow_at "push" "image push"' -l retry-delay -x -d 'pause between attempts (default: longer each time)'
complete -c dhow -n '__dhow_at "push" "image push"' -l tls-verify -f -d 'insist on HTTPS with a valid certificate; =false permits plain HTTP'
complete -c dhow -n '__dhow_at "push" "image push"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "push" "image push"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "rename" "container rename"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "rename" "container rename"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "restart" "container restart"' -s a -l all -f -d 'restart every container'
complete -c dhow -n '__dhow_at "restart" "container restart"' -l cidfile -rF -d 'read an id from a file'
complete -c dhow -n '__dhow_at "restart" "container restart"' -s f -l filter -x -d 'act on those that match'
complete -c dhow -n '__dhow_at "restart" "container restart"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "restart" "container restart"' -l running -f -d 'restart every container that runs'
complete -c dhow -n '__dhow_at "restart" "container restart"' -s s -l signal -xa 'SIGABRT SIGALRM SIGCONT SIGHUP SIGINT SIGKILL SIGPWR SIGQUIT SIGSTOP SIGTERM SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH' -d 'what to send (default: what the container names)'
complete -c dhow -n '__dhow_at "restart" "container restart"' -l time -x -d 'how long to wait before it is killed; -1 for ever (default: what the container names, or 10)'
complete -c dhow -n '__dhow_at "restart" "container restart"' -s t -l timeout -x -d 'how long to wait before it is killed; -1 for ever (default: what the container names, or 10)'
complete -c dhow -n '__dhow_at "restart" "container restart"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "restart" "container restart"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "rm" "container rm" "container remove"' -s a -l all -f -d 'remove every container'
complete -c dhow -n '__dhow_at "rm" "container rm" "container remove"' -l cidfile -rF -d 'read an id from a file'
complete -c dhow -n '__dhow_at "rm" "container rm" "container remove"' -l filter -x -d 'remove those that match'
complete -c dhow -n '__dhow_at "rm" "container rm" "container remove"' -s f -l force -f -d 'kill those that run; one that is not there is no failure'
complete -c dhow -n '__dhow_at "rm" "container rm" "container remove"' -s i -l ignore -f -d 'a container that is not there is no failure'
complete -c dhow -n '__dhow_at "rm" "container rm" "container remove"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "rm" "container rm" "container remove"' -s t -l time -x -d 'with --force: stop it, and kill it after so long'
complete -c dhow -n '__dhow_at "rm" "container rm" "container remove"' -s v -l volumes -f -d 'remove its volumes without a name, too'
complete -c dhow -n '__dhow_at "rm" "container rm" "container remove"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "rm" "container rm" "container remove"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "rmi" "image rm" "image remove"' -s a -l all -f -d 'remove every image'
complete -c dhow -n '__dhow_at "rmi" "image rm" "image remove"' -s f -l force -f -d 'remove all its names; also when a container uses it, which keeps its files'
complete -c dhow -n '__dhow_at "rmi" "image rm" "image remove"' -s i -l ignore -f -d 'what is not here is no failure'
complete -c dhow -n '__dhow_at "rmi" "image rm" "image remove"' -l no-prune -f -d 'keep untagged parents (images have none here)'
complete -c dhow -n '__dhow_at "rmi" "image rm" "image remove"' -l platform -x -d 'insist on this platform of the image'
complete -c dhow -n '__dhow_at "rmi" "image rm" "image remove"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "rmi" "image rm" "image remove"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "run" "container run"' -l add-host -x -d 'a line for /etc/hosts; the address may be host-gateway'
complete -c dhow -n '__dhow_at "run" "container run"' -l annotation -x -d 'an annotation of the container'
complete -c dhow -n '__dhow_at "run" "container run"' -l arch -x -d 'architecture of the image, if not that of the host'
complete -c dhow -n '__dhow_at "run" "container run"' -s a -l attach -xa 'stdin stdout stderr' -d 'which streams to attach to'
complete -c dhow -n '__dhow_at "run" "container run"' -l authfile -rF -d 'credentials for the registry'
complete -c dhow -n '__dhow_at "run" "container run"' -l blkio-weight -x -d 'its share of disk transfers, 10 to 1000'
complete -c dhow -n '__dhow_at "run" "container run"' -l blkio-weight-device -x -d 'the same for one device'
complete -c dhow -n '__dhow_at "run" "container run"' -l cap-add -xa 'ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM' -d 'add a capability; ALL for every one'
complete -c dhow -n '__dhow_at "run" "container run"' -l cap-drop -xa 'ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM' -d 'drop a capability; ALL for every one'
complete -c dhow -n '__dhow_at "run" "container run"' -l cert-dir -xa '(__fish_complete_directories)' -d 'certificates and keys for the registry'
complete -c dhow -n '__dhow_at "run" "container run"' -l cgroup-conf -x -d 'a setting of its control group'
complete -c dhow -n '__dhow_at "run" "container run"' -l cgroup-parent -x -d 'the control group, or the slice of systemd, to make its own in'
complete -c dhow -n '__dhow_at "run" "container run"' -l cidfile -rF -d 'write the id of the container to a new file'
complete -c dhow -n '__dhow_at "run" "container run"' -l cpu-period -x -d 'the time that --cpu-quota is a part of'
complete -c dhow -n '__dhow_at "run" "container run"' -l cpu-quota -x -d 'processor time in each --cpu-period'
complete -c dhow -n '__dhow_at "run" "container run"' -s c -l cpu-shares -x -d 'its share of the processors, 1024 by default'
complete -c dhow -n '__dhow_at "run" "container run"' -l cpus -x -d 'how many processors it may use'
complete -c dhow -n '__dhow_at "run" "container run"' -l cpuset-cpus -x -d 'which processors it may use, as 0-3,7'
complete -c dhow -n '__dhow_at "run" "container run"' -l cpuset-mems -x -d 'which memory nodes it may use'
complete -c dhow -n '__dhow_at "run" "container run"' -l creds -x -d 'credentials for this pull'
complete -c dhow -n '__dhow_at "run" "container run"' -s d -l detach -f -d 'run in the background and print the id'
complete -c dhow -n '__dhow_at "run" "container run"' -l detach-keys -x -d 'what to type to leave a terminal (default ctrl-p,ctrl-q)'
complete -c dhow -n '__dhow_at "run" "container run"' -l device -rF -d 'a device of the host that you may open; or VENDOR/CLASS=NAME, as /etc/cdi describes it'
complete -c dhow -n '__dhow_at "run" "container run"' -l device-read-bps -x -d 'bytes a second it may read from a device'
complete -c dhow -n '__dhow_at "run" "container run"' -l device-read-iops -x -d 'reads a second from a device'
complete -c dhow -n '__dhow_at "run" "container run"' -l device-write-bps -x -d 'bytes a second it may write to a device'
complete -c dhow -n '__dhow_at "run" "container run"' -l device-write-iops -x -d 'writes a second to a device'
complete -c dhow -n '__dhow_at "run" "container run"' -l disable-content-trust -f -d 'true is accepted: there is nothing to disable'
complete -c dhow -n '__dhow_at "run" "container run"' -l dns -x -d 'name server to use instead of the host\'s'
complete -c dhow -n '__dhow_at "run" "container run"' -l dns-opt -x -d 'an option for resolv.conf'
complete -c dhow -n '__dhow_at "run" "container run"' -l dns-option -x -d 'an option for resolv.conf'
complete -c dhow -n '__dhow_at "run" "container run"' -l dns-search -x -d 'search domain; . for none'
complete -c dhow -n '__dhow_at "run" "container run"' -l domainname -x -d 'NIS domain name'
complete -c dhow -n '__dhow_at "run" "container run"' -l entrypoint -x -d 'replace the entry point of the image; a JSON array may carry arguments'
complete -c dhow -n '__dhow_at "run" "container run"' -s e -l env -x -d 'set a variable, or pass on the host\'s'
complete -c dhow -n '__dhow_at "run" "container run"' -l env-file -rF -d 'read variables from a file'
complete -c dhow -n '__dhow_at "run" "container run"' -l env-host -f -d 'pass on every variable of the host'
complete -c dhow -n '__dhow_at "run" "container run"' -l expose -x -d 'a port that --publish-all publishes'
complete -c dhow -n '__dhow_at "run" "container run"' -l gpus -x -d 'GPUs as their vendor describes them (CDI): all, how many, or which'
complete -c dhow -n '__dhow_at "run" "container run"' -l group-add -x -d 'a further group, by name or number'
complete -c dhow -n '__dhow_at "run" "container run"' -l health-cmd -x -d 'how to ask whether it is healthy'
complete -c dhow -n '__dhow_at "run" "container run"' -l health-interval -x -d 'how often to ask'
complete -c dhow -n '__dhow_at "run" "container run"' -l health-on-failure -xa 'none kill restart stop' -d 'what happens when it turns unhealthy'
complete -c dhow -n '__dhow_at "run" "container run"' -l health-retries -x -d 'failures in a row that mean unhealthy'
complete -c dhow -n '__dhow_at "run" "container run"' -l health-start-interval -x -d 'how often to ask in the start period'
complete -c dhow -n '__dhow_at "run" "container run"' -l health-start-period -x -d 'how long failures do not count'
complete -c dhow -n '__dhow_at "run" "container run"' -l health-timeout -x -d 'how long an answer may take'
complete -c dhow -n '__dhow_at "run" "container run"' -l host-loopback -f -d 'let host.docker.internal reach servers on the host\'s 127.0.0.1'
complete -c dhow -n '__dhow_at "run" "container run"' -s h -l hostname -x -d 'host name (default: the short id)'
complete -c dhow -n '__dhow_at "run" "container run"' -l hosts-file -rF -d 'what /etc/hosts starts with: a file, image, or none'
complete -c dhow -n '__dhow_at "run" "container run"' -l http-proxy -f -d 'pass on the proxy variables of the host'
complete -c dhow -n '__dhow_at "run" "container run"' -l image-volume -xa 'anonymous bind tmpfs ignore' -d 'what becomes of the volumes an image declares; bind is anonymous'
complete -c dhow -n '__dhow_at "run" "container run"' -l init -f -d 'a small first process that reaps and passes on signals'
complete -c dhow -n '__dhow_at "run" "container run"' -s i -l interactive -f -d 'keep standard input open'
complete -c dhow -n '__dhow_at "run" "container run"' -l ip -x -d 'IPv4 address'
complete -c dhow -n '__dhow_at "run" "container run"' -l ip6 -x -d 'IPv6 address'
complete -c dhow -n '__dhow_at "run" "container run"' -l ipc -xa 'private host none shareable' -d 'IPC namespace: private, host or none'
complete -c dhow -n '__dhow_at "run" "container run"' -s l -l label -x -d 'a label of the container'
complete -c dhow -n '__dhow_at "run" "container run"' -l label-file -rF -d 'read labels from a file'
complete -c dhow -n '__dhow_at "run" "container run"' -l link -xa '(__dhow_ask container)' -d 'a line for /etc/hosts that names another container'
complete -c dhow -n '__dhow_at "run" "container run"' -l log-driver -xa 'json-file k8s-file journald local none passthrough' -d 'where the output is kept'
complete -c dhow -n '__dhow_at "run" "container run"' -l log-opt -x -d 'an option of the log driver'
complete -c dhow -n '__dhow_at "run" "container run"' -l mac-address -x -d 'hardware address'
complete -c dhow -n '__dhow_at "run" "container run"' -s m -l memory -x -d 'how much memory it may use'
complete -c dhow -n '__dhow_at "run" "container run"' -l memory-reservation -x -d 'how much memory it keeps when memory is short'
complete -c dhow -n '__dhow_at "run" "container run"' -l memory-swap -x -d 'memory and swap together; -1 for any'
complete -c dhow -n '__dhow_at "run" "container run"' -l mount -x -d 'mount something: type=bind|volume|tmpfs|image,source=,target='
complete -c dhow -n '__dhow_at "run" "container run"' -l name -x -d 'name of the container'
complete -c dhow -n '__dhow_at "run" "container run"' -l net -xa '(__dhow_ask network)' -d 'bridge, host, none, container:NAME, or a network of yours; name=NAME,alias=,ip= with options'
complete -c dhow -n '__dhow_at "run" "container run"' -l net-alias -x -d 'a further name on the network'
complete -c dhow -n '__dhow_at "run" "container run"' -l network -xa '(__dhow_ask network)' -d 'bridge, host, none, container:NAME, or a network of yours; name=NAME,alias=,ip= with options'
complete -c dhow -n '__dhow_at "run" "container run"' -l network-alias -x -d 'a further name on the network'
complete -c dhow -n '__dhow_at "run" "container run"' -l no-healthcheck -f -d 'never ask whether it is healthy'
complete -c dhow -n '__dhow_at "run" "container run"' -l no-hosts -f -d 'leave /etc/hosts to the image'
complete -c dhow -n '__dhow_at "run" "container run"' -l oom-kill-disable -f -d 'wait for memory instead of ending a process (cgroups version 1)'
complete -c dhow -n '__dhow_at "run" "container run"' -l oom-score-adj -x -d 'how soon it is ended when memory ends: -1000 to 1000'
complete -c dhow -n '__dhow_at "run" "container run"' -l os -x -d 'operating system of the image'
complete -c dhow -n '__dhow_at "run" "container run"' -l pid -xa 'private host' -d 'PID namespace: private or host'
complete -c dhow -n '__dhow_at "run" "container run"' -l pidfile -rF -d 'write the process id to a file'
complete -c dhow -n '__dhow_at "run" "container run"' -l pids-limit -x -d 'how many processes it may have; -1 for any'
complete -c dhow -n '__dhow_at "run" "container run"' -l platform -x -d 'platform of the image, if not that of the host'
complete -c dhow -n '__dhow_at "run" "container run"' -l privileged -f -d 'every capability and what devices you may open'
complete -c dhow -n '__dhow_at "run" "container run"' -s p -l publish -x -d 'open a port of the host'
complete -c dhow -n '__dhow_at "run" "container run"' -s P -l publish-all -f -d 'open a port of the host for each exposed one'
complete -c dhow -n '__dhow_at "run" "container run"' -l pull -xa 'always missing never newer' -d 'when to pull the image'
complete -c dhow -n '__dhow_at "run" "container run"' -s q -l quiet -f -d 'do not show the progress of a pull'
complete -c dhow -n '__dhow_at "run" "container run"' -l read-only -f -d 'nothing but volumes can be written'
complete -c dhow -n '__dhow_at "run" "container run"' -l read-only-tmpfs -f -d 'with --read-only: /tmp, /run and /var/tmp can be'
complete -c dhow -n '__dhow_at "run" "container run"' -l replace -f -d 'remove a container that has the name first'
complete -c dhow -n '__dhow_at "run" "container run"' -l restart -xa 'no always unless-stopped on-failure' -d 'start it again when it ends'
complete -c dhow -n '__dhow_at "run" "container run"' -l retry -x -d 'how often to try a pull again (default 3)'
complete -c dhow -n '__dhow_at "run" "container run"' -l retry-delay -x -d 'how long to wait in between'
complete -c dhow -n '__dhow_at "run" "container run"' -l rm -f -d 'remove the container when it ends'
complete -c dhow -n '__dhow_at "run" "container run"' -l rmi -f -d 'with --rm: remove the image too, unless somebody else uses it'
complete -c dhow -n '__dhow_at "run" "container run"' -l secret -x -d 'a secret as a file below /run/secrets; type=env,target=NAME as a variable'
complete -c dhow -n '__dhow_at "run" "container run"' -l security-opt -x -d 'no-new-privileges, seccomp=FILE|unconfined, mask=, unmask=, systempaths=unconfined'
complete -c dhow -n '__dhow_at "run" "container run"' -l shm-size -x -d 'size of /dev/shm'
complete -c dhow -n '__dhow_at "run" "container run"' -l sig-proxy -f -d 'pass signals on to the process'
complete -c dhow -n '__dhow_at "run" "container run"' -l stop-signal -xa 'SIGABRT SIGALRM SIGCONT SIGHUP SIGINT SIGKILL SIGPWR SIGQUIT SIGSTOP SIGTERM SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH' -d 'the signal that asks it to end'
complete -c dhow -n '__dhow_at "run" "container run"' -l stop-timeout -x -d 'how long it may take to end; -1 for ever'
complete -c dhow -n '__dhow_at "run" "container run"' -l sysctl -x -d 'set a namespaced kernel parameter'
complete -c dhow -n '__dhow_at "run" "container run"' -l timeout -x -d 'kill it after so long; 0 for never'
complete -c dhow -n '__dhow_at "run" "container run"' -l tls-verify -f -d 'insist on HTTPS and a good certificate of the registry'
complete -c dhow -n '__dhow_at "run" "container run"' -l tmpfs -x -d 'an empty file system in memory'
complete -c dhow -n '__dhow_at "run" "container run"' -s t -l tty -f -d 'give it a terminal'
complete -c dhow -n '__dhow_at "run" "container run"' -l tz -x -d 'time zone, as Europe/Paris; local for the host\'s'
complete -c dhow -n '__dhow_at "run" "container run"' -l ulimit -x -d 'a resource limit as of setrlimit(2)'
complete -c dhow -n '__dhow_at "run" "container run"' -l umask -x -d 'file mode mask (default 0022)'
complete -c dhow -n '__dhow_at "run" "container run"' -l unsetenv -x -d 'drop a variable of the image'
complete -c dhow -n '__dhow_at "run" "container run"' -l unsetenv-all -f -d 'drop all variables of the image'
complete -c dhow -n '__dhow_at "run" "container run"' -s u -l user -x -d 'run as this user of the image, by name or number'
complete -c dhow -n '__dhow_at "run" "container run"' -l userns -xa 'private host keep-id' -d 'user namespace: private, host, keep-id[:uid=,gid=]'
complete -c dhow -n '__dhow_at "run" "container run"' -l uts -xa 'host private' -d 'whose host name it has'
complete -c dhow -n '__dhow_at "run" "container run"' -l variant -x -d 'variant of the architecture, as v7'
complete -c dhow -n '__dhow_at "run" "container run"' -s v -l volume -rFa '(__dhow_ask volume)' -d 'mount a directory of the host or a volume'
complete -c dhow -n '__dhow_at "run" "container run"' -l volumes-from -xa '(__dhow_ask container)' -d 'mount what another container mounts'
complete -c dhow -n '__dhow_at "run" "container run"' -s w -l workdir -x -d 'working directory in the container'
complete -c dhow -n '__dhow_at "run" "container run"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "run" "container run"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "save" "image save"' -l format -xa 'docker-archive oci-archive oci-dir docker-dir' -d 'docker-archive is an OCI archive too; oci-archive is only that'
complete -c dhow -n '__dhow_at "save" "image save"' -s m -l multi-image-archive -f -d 'accepted for scripts: several images always go into one archive'
complete -c dhow -n '__dhow_at "save" "image save"' -s o -l output -rF -d 'write to a file or directory, not to standard output'
complete -c dhow -n '__dhow_at "save" "image save"' -l platform -x -d 'insist on this platform of the images'
complete -c dhow -n '__dhow_at "save" "image save"' -s q -l quiet -f -d 'do not show how far it is'
complete -c dhow -n '__dhow_at "save" "image save"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "save" "image save"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "search" "image search"' -l authfile -rF -d 'credentials for the registry'
complete -c dhow -n '__dhow_at "search" "image search"' -l cert-dir -xa '(__fish_complete_directories)' -d 'certificates and keys for the registry'
complete -c dhow -n '__dhow_at "search" "image search"' -l creds -x -d 'credentials for the registry, as text'
complete -c dhow -n '__dhow_at "search" "image search"' -s f -l filter -x -d 'show those with is-official=BOOL, is-automated=BOOL, stars=N or more'
complete -c dhow -n '__dhow_at "search" "image search"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "search" "image search"' -l limit -x -d 'how many to ask for (default 25)'
complete -c dhow -n '__dhow_at "search" "image search"' -l list-tags -f -d 'show the tags of a repository'
complete -c dhow -n '__dhow_at "search" "image search"' -l no-trunc -f -d 'print whole descriptions'
complete -c dhow -n '__dhow_at "search" "image search"' -l tls-verify -f -d 'insist on HTTPS with a valid certificate; =false permits plain HTTP'
complete -c dhow -n '__dhow_at "search" "image search"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "search" "image search"' -f
complete -c dhow -n '__dhow_at "secret create"' -s d -l driver -xa 'file' -d 'who keeps it: a file only you can read'
complete -c dhow -n '__dhow_at "secret create"' -l env -f -d 'take the value of an environment variable, not of a file'
complete -c dhow -n '__dhow_at "secret create"' -l ignore -f -d 'one that is there is fine, and keeps its value'
complete -c dhow -n '__dhow_at "secret create"' -s l -l label -x -d 'a label of the secret'
complete -c dhow -n '__dhow_at "secret create"' -l replace -f -d 'give one that is there the new value'
complete -c dhow -n '__dhow_at "secret create"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "secret create"' -F
complete -c dhow -n '__dhow_at "secret exists"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "secret exists"' -f
complete -c dhow -n '__dhow_at "secret inspect"' -s f -l format -x -d 'print by a Go template, or json'
complete -c dhow -n '__dhow_at "secret inspect"' -l pretty -f -d 'print for people to read'
complete -c dhow -n '__dhow_at "secret inspect"' -l showsecret -f -d 'show the value too, as SecretData'
complete -c dhow -n '__dhow_at "secret inspect"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "secret inspect"' -f
complete -c dhow -n '__dhow_at "secret ls" "secret list"' -s f -l filter -x -d 'show those that match: id, label, name'
complete -c dhow -n '__dhow_at "secret ls" "secret list"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "secret ls" "secret list"' -s n -l noheading -f -d 'print no headings'
complete -c dhow -n '__dhow_at "secret ls" "secret list"' -s q -l quiet -f -d 'print ids only'
complete -c dhow -n '__dhow_at "secret ls" "secret list"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "secret ls" "secret list"' -f
complete -c dhow -n '__dhow_at "secret rm" "secret remove"' -s a -l all -f -d 'remove every secret'
complete -c dhow -n '__dhow_at "secret rm" "secret remove"' -s i -l ignore -f -d 'do not complain of secrets that are not there'
complete -c dhow -n '__dhow_at "secret rm" "secret remove"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "secret rm" "secret remove"' -f
complete -c dhow -n '__dhow_at "start" "container start"' -l all -f -d 'start every container'
complete -c dhow -n '__dhow_at "start" "container start"' -s a -l attach -f -d 'show its output and wait for its end'
complete -c dhow -n '__dhow_at "start" "container start"' -l detach-keys -x -d 'what to type to leave a terminal (default ctrl-p,ctrl-q)'
complete -c dhow -n '__dhow_at "start" "container start"' -s f -l filter -x -d 'act on those that match'
complete -c dhow -n '__dhow_at "start" "container start"' -s i -l interactive -f -d 'attach, and pass our input on'
complete -c dhow -n '__dhow_at "start" "container start"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "start" "container start"' -l sig-proxy -f -d 'pass signals on to the process'
complete -c dhow -n '__dhow_at "start" "container start"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "start" "container start"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "stats" "container stats"' -s a -l all -f -d 'show containers that do not run too'
complete -c dhow -n '__dhow_at "stats" "container stats"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "stats" "container stats"' -s i -l interval -x -d 'how often to look'
complete -c dhow -n '__dhow_at "stats" "container stats"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "stats" "container stats"' -l no-reset -f -d 'do not clear the screen in between'
complete -c dhow -n '__dhow_at "stats" "container stats"' -l no-stream -f -d 'look once'
complete -c dhow -n '__dhow_at "stats" "container stats"' -l no-trunc -f -d 'print whole ids'
complete -c dhow -n '__dhow_at "stats" "container stats"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "stats" "container stats"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "stop" "container stop"' -s a -l all -f -d 'stop every container that runs'
complete -c dhow -n '__dhow_at "stop" "container stop"' -l cidfile -rF -d 'read an id from a file'
complete -c dhow -n '__dhow_at "stop" "container stop"' -s f -l filter -x -d 'act on those that match'
complete -c dhow -n '__dhow_at "stop" "container stop"' -s i -l ignore -f -d 'a container that is not there is no failure'
complete -c dhow -n '__dhow_at "stop" "container stop"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "stop" "container stop"' -s s -l signal -xa 'SIGABRT SIGALRM SIGCONT SIGHUP SIGINT SIGKILL SIGPWR SIGQUIT SIGSTOP SIGTERM SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH' -d 'what to send (default: what the container names)'
complete -c dhow -n '__dhow_at "stop" "container stop"' -l time -x -d 'how long to wait before it is killed; -1 for ever (default: what the container names, or 10)'
complete -c dhow -n '__dhow_at "stop" "container stop"' -s t -l timeout -x -d 'how long to wait before it is killed; -1 for ever (default: what the container names, or 10)'
complete -c dhow -n '__dhow_at "stop" "container stop"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "stop" "container stop"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "system df"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "system df"' -s v -l verbose -f -d 'show each object, and each place of the store'
complete -c dhow -n '__dhow_at "system df"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "system df"' -f
complete -c dhow -n '__dhow_at "system prune"' -s a -l all -f -d 'remove images that have a name too'
complete -c dhow -n '__dhow_at "system prune"' -l filter -x -d 'remove those that match: label, until'
complete -c dhow -n '__dhow_at "system prune"' -s f -l force -f -d 'do not ask'
complete -c dhow -n '__dhow_at "system prune"' -l volumes -f -d 'remove volumes without a name too'
complete -c dhow -n '__dhow_at "system prune"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "system prune"' -f
complete -c dhow -n '__dhow_at "system reset"' -s f -l force -f -d 'do not ask'
complete -c dhow -n '__dhow_at "system reset"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "system reset"' -f
complete -c dhow -n '__dhow_at "tag" "image tag"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "tag" "image tag"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "top" "container top"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "top" "container top"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "top" "container top"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "unpause" "container unpause"' -s a -l all -f -d 'let every paused container go on'
complete -c dhow -n '__dhow_at "unpause" "container unpause"' -l cidfile -rF -d 'read an id from a file'
complete -c dhow -n '__dhow_at "unpause" "container unpause"' -s f -l filter -x -d 'act on those that match'
complete -c dhow -n '__dhow_at "unpause" "container unpause"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "unpause" "container unpause"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "unpause" "container unpause"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "unshare"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "unshare"' -f
complete -c dhow -n '__dhow_at "untag" "image untag"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "untag" "image untag"' -fa '(__dhow_ask image)'
complete -c dhow -n '__dhow_at "update" "container update"' -l cpu-period -x -d 'length of a period of --cpu-quota'
complete -c dhow -n '__dhow_at "update" "container update"' -l cpu-quota -x -d 'processor time in a period'
complete -c dhow -n '__dhow_at "update" "container update"' -s c -l cpu-shares -x -d 'share of the processors when they are short'
complete -c dhow -n '__dhow_at "update" "container update"' -l cpus -x -d 'how many processors it may use'
complete -c dhow -n '__dhow_at "update" "container update"' -l cpuset-cpus -x -d 'which processors it may use'
complete -c dhow -n '__dhow_at "update" "container update"' -l cpuset-mems -x -d 'which memory nodes it may use'
complete -c dhow -n '__dhow_at "update" "container update"' -l health-cmd -x -d 'how to ask whether it is healthy'
complete -c dhow -n '__dhow_at "update" "container update"' -l health-interval -x -d 'how often to ask'
complete -c dhow -n '__dhow_at "update" "container update"' -l health-on-failure -xa 'none kill restart stop' -d 'what happens when it turns unhealthy'
complete -c dhow -n '__dhow_at "update" "container update"' -l health-retries -x -d 'failures in a row that mean unhealthy'
complete -c dhow -n '__dhow_at "update" "container update"' -l health-start-interval -x -d 'how often to ask in the start period'
complete -c dhow -n '__dhow_at "update" "container update"' -l health-start-period -x -d 'how long failures do not count'
complete -c dhow -n '__dhow_at "update" "container update"' -l health-timeout -x -d 'how long an answer may take'
complete -c dhow -n '__dhow_at "update" "container update"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "update" "container update"' -s m -l memory -x -d 'how much memory it may use'
complete -c dhow -n '__dhow_at "update" "container update"' -l memory-reservation -x -d 'how much memory it keeps when memory is short'
complete -c dhow -n '__dhow_at "update" "container update"' -l memory-swap -x -d 'memory and swap together; -1 for any'
complete -c dhow -n '__dhow_at "update" "container update"' -l no-healthcheck -f -d 'do not ask whether it is healthy any more'
complete -c dhow -n '__dhow_at "update" "container update"' -l pids-limit -x -d 'how many processes it may have; -1 for any'
complete -c dhow -n '__dhow_at "update" "container update"' -l restart -xa 'no always unless-stopped on-failure' -d 'start it again when it ends'
complete -c dhow -n '__dhow_at "update" "container update"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "update" "container update"' -fa '(__dhow_ask container)'
complete -c dhow -n '__dhow_at "version"' -s f -l format -x -d 'print JSON or what a Go template makes of it'
complete -c dhow -n '__dhow_at "version"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "version"' -f
complete -c dhow -n '__dhow_at "volume create"' -s d -l driver -xa 'local' -d 'who keeps it: there is only local'
complete -c dhow -n '__dhow_at "volume create"' -l ignore -f -d 'a volume that is there is fine, as it is anyway'
complete -c dhow -n '__dhow_at "volume create"' -s l -l label -x -d 'a label of the volume'
complete -c dhow -n '__dhow_at "volume create"' -s o -l opt -x -d 'type=tmpfs, device=PATH, o=OPTIONS: how to mount it'
complete -c dhow -n '__dhow_at "volume create"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "volume create"' -f
complete -c dhow -n '__dhow_at "volume exists"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "volume exists"' -fa '(__dhow_ask volume)'
complete -c dhow -n '__dhow_at "volume export"' -s o -l output -rF -d 'write to a file instead of standard output'
complete -c dhow -n '__dhow_at "volume export"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "volume export"' -fa '(__dhow_ask volume)'
complete -c dhow -n '__dhow_at "volume import"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "volume import"' -fa '(__dhow_ask volume)'
complete -c dhow -n '__dhow_at "volume inspect"' -s a -l all -f -d 'show every volume'
complete -c dhow -n '__dhow_at "volume inspect"' -s f -l format -x -d 'print by a Go template, or json'
complete -c dhow -n '__dhow_at "volume inspect"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "volume inspect"' -fa '(__dhow_ask volume)'
complete -c dhow -n '__dhow_at "volume ls" "volume list"' -s f -l filter -x -d 'show those that match: anonymous, dangling, driver, label, name, scope, until'
complete -c dhow -n '__dhow_at "volume ls" "volume list"' -l format -x -d 'print by a Go template, table TEMPLATE, or json'
complete -c dhow -n '__dhow_at "volume ls" "volume list"' -s n -l noheading -f -d 'print no headings'
complete -c dhow -n '__dhow_at "volume ls" "volume list"' -s q -l quiet -f -d 'print names only'
complete -c dhow -n '__dhow_at "volume ls" "volume list"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "volume ls" "volume list"' -f
complete -c dhow -n '__dhow_at "volume prune"' -s a -l all -f -d 'remove those that have a name too'
complete -c dhow -n '__dhow_at "volume prune"' -l dry-run -f -d 'tell what would be removed, and remove nothing'
complete -c dhow -n '__dhow_at "volume prune"' -l filter -x -d 'remove those that match: label, all'
complete -c dhow -n '__dhow_at "volume prune"' -s f -l force -f -d 'do not ask'
complete -c dhow -n '__dhow_at "volume prune"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "volume prune"' -f
complete -c dhow -n '__dhow_at "volume rm" "volume remove"' -s a -l all -f -d 'remove every volume that no container mounts'
complete -c dhow -n '__dhow_at "volume rm" "volume remove"' -s f -l force -f -d 'do not complain of volumes that are not there'
complete -c dhow -n '__dhow_at "volume rm" "volume remove"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "volume rm" "volume remove"' -fa '(__dhow_ask volume)'
complete -c dhow -n '__dhow_at "wait" "container wait"' -l condition -xa 'configured created exited healthy initialized paused removing running stopped unhealthy' -d 'what to wait for, any of them (default: its end)'
complete -c dhow -n '__dhow_at "wait" "container wait"' -l ignore -f -d 'print -1 for a container that is not there'
complete -c dhow -n '__dhow_at "wait" "container wait"' -s l -l latest -f -d 'act on the newest container'
complete -c dhow -n '__dhow_at "wait" "container wait"' -l help -f -d 'explain this command'
complete -c dhow -n '__dhow_at "wait" "container wait"' -fa '(__dhow_ask container)'
