/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/step_run.c - RUN: a container on the stage's trees.
 *
 * It is started as any other (container/start.h), with the same confinement,
 * network and limits; its upper directory becomes the step's layer.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/layer_marks.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "base/proc.h"
#include "build/build_priv.h"
#include "build/run_mounts.h"
#include "container/start.h"
#include "runtime/owner_watch.h"
#include "spec/caps_spec.h"
#include "spec/security_spec.h"

#define RUN_HOSTNAME "buildkitsandbox"

static const char *
hostname_of(const struct step_work *work)
{
	const char *name = build_arg(work->build, "BUILDKIT_SANDBOX_HOSTNAME");

	return name && *name ? name : RUN_HOSTNAME;
}

static int
fill_rights(const struct step_work *work, struct container_spec *spec,
	    struct err *err)
{
	const struct build_options *opts = work->build->opts;
	struct security_spec security = SECURITY_SPEC_INIT;
	int r = 0;

	for (size_t i = 0; r == 0 && i < opts->security_opts.len; i++)
		r = security_spec_apply(&security, opts->security_opts.v[i],
					err);
	if (r == 0) {
		spec->seccomp = security.seccomp;
		spec->seccomp_path = xstrdup_null(security.seccomp_path);
		spec->no_new_privs = security.no_new_privileges;
		spec->unmasked = security.systempaths_unconfined;
		r = caps_spec_resolve(caps_spec_default, &opts->cap_add,
				      &opts->cap_drop, &spec->caps, err);
	}
	security_spec_release(&security);
	if (r < 0 || !work->step->run.insecure)
		return r;
	/* Within the user namespace only; asked for by --allow as well. */
	spec->privileged = true;
	spec->caps = UINT64_MAX;
	return 0;
}

static enum df_network
network_of(const struct step_work *work)
{
	enum df_network own = work->step->run.network;

	return own != DF_NETWORK_DEFAULT ? own : work->build->opts->network;
}

static int
fill_network(const struct step_work *work, struct container_spec *spec,
	     struct err *err)
{
	const struct build_options *opts = work->build->opts;
	enum df_network network = network_of(work);

	spec->net_mode = network == DF_NETWORK_HOST   ? NET_MODE_HOST
			 : network == DF_NETWORK_NONE ? NET_MODE_NONE
						      : NET_MODE_BRIDGE;
	spec->hostname = xstrdup(hostname_of(work));
	strvec_add_all(&spec->hosts, &opts->hosts);
	strvec_add_all(&spec->dns, &opts->dns);
	strvec_add_all(&spec->dns_search, &opts->dns_search);
	strvec_add_all(&spec->dns_options, &opts->dns_options);
	return network_list_add(&spec->networks,
				network == DF_NETWORK_HOST   ? "host"
				: network == DF_NETWORK_NONE ? "none"
							     : "bridge",
				err);
}

int
step_check_allowed(const struct build *build, const struct df_run *run,
		   struct err *err)
{
	const struct build_options *opts = build->opts;
	const char *what = NULL;

	if (run->network == DF_NETWORK_HOST && !opts->allow_host_network)
		what = "network.host";
	if (run->insecure && !opts->allow_insecure)
		what = "security.insecure";
	if (!what)
		return 0;
	(void)err_set(err, EACCES, "the step asks for %s", what);
	err_hint(err, "allow it with --allow %s", what);
	return -EACCES;
}

static int
fill_host_files(const struct build_options *opts, struct container_spec *spec,
		struct err *err)
{
	strvec_add_all(&spec->devices, &opts->devices);
	for (size_t i = 0; i < opts->volumes.len; i++) {
		struct mount_spec mount = MOUNT_SPEC_INIT;
		int r = mount_spec_parse_volume(opts->volumes.v[i], &mount,
						err);

		if (r < 0)
			return r;
		mount_list_take(&spec->mounts, &mount);
	}
	return 0;
}

static int
fill_spec(struct step_room *room, struct container_spec *spec, struct err *err)
{
	const struct step_work *work = room->work;
	const struct build_options *opts = work->build->opts;
	cleanup_strvec struct strvec proxies = STRVEC_INIT;
	int r;

	if (!work->argv.len)
		return err_set(err, EINVAL, "RUN has no command");
	container_spec_init(spec);
	strvec_add_all(&spec->lowers, &room->lowers);
	strvec_add_all(&spec->argv, &work->argv);
	df_scope_add_proxies(&work->build->globals, &proxies);
	strvec_add_all(&spec->env, &proxies);
	strvec_add_all(&spec->env, &work->env);
	spec->bare_env = true;
	spec->cwd = xstrdup(work->stage->draft.workdir);
	spec->user = xstrdup(work->stage->draft.user);
	spec->ids_mode = IDS_ROOT;
	spec->auto_remove = true;
	if (opts->shm_bytes > 0)
		spec->shm_bytes = opts->shm_bytes;
	/* Lent: taken back before the release. */
	spec->ulimits = opts->ulimits;
	spec->limits = opts->limits;
	r = fill_network(work, spec, err);
	if (r == 0)
		r = fill_host_files(opts, spec, err);
	return r < 0 ? r : fill_rights(work, spec, err);
}

static int
prepare_dirs(struct step_room *room, struct err *err)
{
	static const char *const dirs[] = { "upper", "work" };

	for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
		if (mkdirat(room->fd, dirs[i], 0755) < 0 ||
		    fchmodat(room->fd, dirs[i], 0755, 0) < 0)
			return err_sys(err, "make '%s/%s'", room->path,
				       dirs[i]);
	return 0;
}

/* What it writes goes straight to the build. */
static void
use_output(struct step_room *room, struct start *start)
{
	start->planner.plan.stdio[1] = room->link->outfd;
	start->planner.plan.stdio[2] = room->link->outfd;
}

static int
did_not_complete(const struct step_room *room, struct err *err)
{
	cleanup_strbuf struct strbuf command = STRBUF_INIT;

	for (size_t i = 0; i < room->work->argv.len; i++)
		strbuf_addf(&command, "%s%s", i ? " " : "",
			    room->work->argv.v[i]);
	return err_set(
		err, ECHILD,
		"process \"%.400s\" did not complete successfully: exit code: %d",
		command.buf, room->exit_code);
}

/* Until it ended; meanwhile somebody answers its calls about owners. */
static int
wait_command(struct step_room *room, struct start *start, pid_t *ret_watch,
	     struct err *err)
{
	struct launch *launch = &start->launch;
	struct pollfd fds[] = { { .fd = launch->pidfd, .events = POLLIN },
				{ .fd = launch->ownersfd, .events = POLLIN } };
	pid_t watch;

	while (!fds[0].revents) {
		if (poll(fds, ARRAY_LEN(fds), -1) < 0 && errno != EINTR)
			return err_sys(err, "wait for the command");
		if (!(fds[1].revents & POLLIN))
			continue;
		room->down = step_down_new();
		watch = owner_watch_start(launch, start->ids.you_uid,
					  start->ids.you_gid, room->down, err);
		if (watch < 0)
			return watch;
		*ret_watch = watch;
		fds[1] = (struct pollfd){ .fd = -1 };
		(void)close(launch->ownersfd);
		launch->ownersfd = -EBADF;
	}
	return 0;
}

static int
reap_command(struct step_room *room, struct start *start, struct err *err)
{
	pid_t watch = 0;
	int r = wait_command(room, start, &watch, err);

	if (r < 0)
		return r;
	r = proc_wait(start->launch.pid);
	start->launch.pid = 0;
	/* It ends when nobody can call any more. */
	if (watch)
		(void)proc_wait(watch);
	return r < 0 ? err_code(err, -r, "wait for the command") : r;
}

static int
start_and_wait(struct step_room *room, struct start *start, struct err *err)
{
	int r = start_prepare(start, err);

	task_die_with_parent(room->link);
	if (r < 0)
		return r;
	use_output(room, start);
	r = start_begin(start, err);
	if (r == 0)
		r = start_finish(start, err);
	task_close_out(room->link);
	if (r < 0) {
		if (start->launch.command_failed)
			room->exit_code = r == -ENOENT ? 127 : 126;
		if (r == -ENOEXEC)
			err_hint(
				err,
				"is the image for another platform? this host runs such programs only with binfmt_misc and an emulator");
		return r;
	}
	r = reap_command(room, start, err);
	if (r < 0)
		return r;
	room->exit_code = proc_exit_status(r);
	if (room->exit_code == 0)
		return 0;
	return did_not_complete(room, err);
}

/*
 * An empty file or directory that only was there to mount on. The command may
 * have put a link anywhere on the way to it: links lead nowhere outside of
 * what it wrote (CVE-2024-23652).
 */
static void
drop_stub(int upperfd, const struct view *below, const char *path)
{
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	cleanup_free char *dir =
		slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup("/");
	cleanup_close int dirfd =
		fsx_openat_in_root(upperfd, dir, O_PATH | O_DIRECTORY, 0, NULL);
	struct stat st;

	if (dirfd < 0 || fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    view_find(below, path, false, &place, NULL) < 0)
		return;
	if (S_ISDIR(st.st_mode)) {
		/* One that is there below as it is here says nothing. */
		if (!place.exists || (place.st.st_mode == st.st_mode &&
				      place.st.st_uid == st.st_uid &&
				      place.st.st_gid == st.st_gid))
			(void)unlinkat(dirfd, name, AT_REMOVEDIR);
		return;
	}
	if (S_ISREG(st.st_mode) && st.st_size == 0 && !place.exists)
		(void)unlinkat(dirfd, name, 0);
}

/* Where a mount was, and what was made on the way there. */
static void
drop_mount_stub(int upperfd, const struct view *below, const char *target)
{
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	cleanup_free char *path = NULL;
	char *slash;

	if (view_find(below, target, true, &place, NULL) < 0)
		return;
	path = xstrdup(place.path.buf);
	while (*path) {
		drop_stub(upperfd, below, path);
		slash = strrchr(path, '/');
		if (!slash)
			break;
		*slash = '\0';
	}
}

static void
drop_stubs(const struct step_room *room, const struct mount_list *mounts)
{
	static const char *const paths[] = {
		"etc/resolv.conf",
		"etc/hosts",
		"etc/hostname",
		"etc",
		"dev",
		"proc",
		"sys",
	};

	for (size_t i = 0; i < mounts->len; i++)
		drop_mount_stub(room->upperfd, &room->below,
				mounts->items[i].target);
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		drop_stub(room->upperfd, &room->below, paths[i]);
}

/* The command's upper directory becomes the layer. */
static int
take_upper(struct step_room *room, const struct start *start, struct err *err)
{
	bool is_dir = start->rootfs.root.kind == RT_ROOT_DIR;
	const char *name = is_dir ? "root" : "upper";
	int r = 0;

	if (unlinkat(room->fd, "fs", AT_REMOVEDIR) < 0 ||
	    renameat(room->fd, name, room->fd, "fs") < 0)
		return err_sys(err, "keep what the command wrote");
	(void)close(room->upperfd);
	room->upperfd =
		openat(room->fd, "fs", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (room->upperfd < 0)
		return err_sys(err, "open the step's directory");
	if (start->rootfs.driver == DRIVER_FUSE)
		r = layer_marks_to_native(room->upperfd, err);
	if (r == 0 && is_dir && room->lowers.len)
		r = run_reduce(room->upperfd, &room->below, err);
	if (r == 0)
		drop_stubs(room, &start->spec->mounts);
	if (r == 0 && start->ids.single)
		r = run_own_new(room, start->ids.you_uid, start->ids.you_gid,
				err);
	return r;
}

static int
run_in(struct step_room *room, struct container_spec *spec,
       struct run_mounts *mounts, struct err *err)
{
	struct build *build = room->work->build;
	struct start start = START_INIT;
	int r;

	start.session = build->session;
	start.spec = spec;
	start.driver = build->opts->driver;
	start.exists = true;
	start.watches_owners = true;
	start.dir.store = build->store;
	start.dir.fd = room->fd;
	(void)snprintf(start.dir.path, sizeof(start.dir.path), "%s",
		       room->path);
	r = start_and_wait(room, &start, err);
	limits_remove(&start.limits);
	if (r < 0 || start.rootfs.driver == DRIVER_FUSE) {
		/* Its helper has written all when the mounts are gone. */
		start.dir.fd = -EBADF;
		launch_release(&start.launch);
		rootfs_finish(&start.rootfs);
	}
	/* Else the mounts go with this process, which nobody waits for. */
	run_mounts_end(mounts);
	return r < 0 ? r : take_upper(room, &start, err);
}

int
step_run(struct step_room *room, struct err *err)
{
	struct container_spec spec;
	struct run_mounts mounts = RUN_MOUNTS_INIT;
	int r = step_check_allowed(room->work->build, &room->work->step->run,
				   err);

	if (r == 0)
		r = prepare_dirs(room, err);
	if (r < 0)
		return r;
	r = fill_spec(room, &spec, err);
	if (r == 0)
		r = run_mounts_begin(&mounts, room, &spec, err);
	if (r == 0)
		r = run_in(room, &spec, &mounts, err);
	run_mounts_end(&mounts);
	spec.ulimits = (struct ulimit_list)ULIMIT_LIST_INIT;
	spec.limits = (struct limits_spec)LIMITS_SPEC_INIT;
	container_spec_release(&spec);
	return r;
}
