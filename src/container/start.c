/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/start.c - what brings a container's process up.
 *
 * What must fail before anything exists comes first (ports, cidfile). The
 * container's mounts and the joining of the network overlap. A crash at any
 * moment leaves a dead container directory and nothing that runs: the first
 * process is tied to us, all others to it by the pid namespace.
 */
#include "container/start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/log.h"
#include "base/proc.h"
#include "conf/config.h"
#include "container/cidfile.h"
#include "container/etc_files.h"
#include "container/live.h"
#include "container/secrets.h"
#include "container/volumes.h"
#include "sys/ns.h"

#define START_APT_CONF "APT::Sandbox::User \"root\";\n"

int
start_claim(struct start *start, struct err *err)
{
	const char *cidfile = start->exists ? NULL : start->spec->cidfile;
	cleanup_config struct config config = CONFIG_INIT;
	int r = config_load(start->session->paths.config, CONFIG_SITE_DIR,
			    &config, err);

	if (r == 0 && cidfile)
		r = cidfile_create(cidfile, start->spec->id, err);
	start->made_cidfile = cidfile && r == 0;
	if (r < 0)
		return r;
	start->net.no_host_loopback = !config.host_loopback;
	start->usual_driver = take_ptr(config.storage_driver);
	return port_plan_open(&start->spec->ports, config.publish_address,
			      &start->ports, err);
}

static int
start_write_apt_conf(struct start *start, struct err *err)
{
	if (!start->ids.single)
		return 0;
	return fsx_write_atomic(start->dir.fd, "apt.conf", START_APT_CONF,
				strlen(START_APT_CONF), 0644, FSX_NOSYNC, err);
}

/* An image that is mounted as a copy: whole when it has its name. */
static int
start_copy_image(struct start *start, const struct planner_copy *copy,
		 struct err *err)
{
	cleanup_free char *half = xasprintf("%s.half", copy->path);
	int r;

	if (faccessat(start->dir.fd, copy->path, F_OK, 0) == 0)
		return 0;
	r = fsx_remove_tree(start->dir.fd, half, err);
	if (r == 0)
		r = fsx_mkdir_p(start->dir.fd, half, 0755, err);
	if (r == 0)
		r = rootfs_copy_layers(&start->dir, copy->layers, half, err);
	if (r == 0 &&
	    renameat(start->dir.fd, half, start->dir.fd, copy->path) < 0)
		r = err_sys(err, "name the copy of an image");
	return r;
}

/* What is anew at each start. */
static int
start_fill_dir(struct start *start, struct err *err)
{
	const struct strvec *dirs = &start->planner.dirs;
	int r = 0;

	for (size_t i = 0; r == 0 && i < dirs->len; i++)
		r = fsx_mkdir_p(start->dir.fd, dirs->v[i], 0755, err);
	for (size_t i = 0; r == 0 && i < start->planner.copy_len; i++)
		r = start_copy_image(start, &start->planner.copies[i], err);
	if (r == 0)
		r = start_write_apt_conf(start, err);
	if (r == 0)
		r = etc_files_write(&start->dir, start->spec, NULL, err);
	start->filled = r == 0;
	return r;
}

/* Make what the plan names. The container's namespaces come to be meanwhile. */
static int
start_create(struct start *start, struct err *err)
{
	cleanup_close int lockfd = -EBADF;
	int r;

	container_dir_collect(start->store);
	/* From here on gc knows that the layers are needed. */
	lockfd = store_lock_shared(start->store, err);
	if (lockfd < 0)
		return lockfd;
	start->lockfd = live_hold(start->rundirfd, start->spec->id, err);
	if (start->lockfd < 0)
		return start->lockfd;
	r = container_dir_create(&start->dir, start->spec, true, err);
	if (r < 0)
		return r;
	start->created = true;
	return start_fill_dir(start, err);
}

static int
start_open_streams(struct start *start, struct err *err)
{
	int r;

	if (start->spec->tty)
		return 0;
	r = pipes_open(&start->pipes, start->spec->open_stdin, err);
	(void)memcpy(start->planner.plan.stdio, start->pipes.container,
		     sizeof(start->pipes.container));
	return r;
}

/*
 * Does the kernel's overlay work here, as far as is known, with an option for
 * each layer (Linux 6.5)? To try it takes a user namespace: the child's.
 */
static bool
start_has_overlay(const struct start *start)
{
	unsigned int major, minor;
	enum driver wanted;
	struct utsname uts;
	bool only;

	if (uname(&uts) < 0 ||
	    sscanf(uts.release, "%u.%u", &major, &minor) != 2 || major < 6 ||
	    (major == 6 && minor < 5))
		return false;
	if (driver_parse(start->again ?: start->driver ?: start->usual_driver,
			 &wanted, &only, NULL) == 0 &&
	    only)
		return wanted == DRIVER_OVERLAY;
	return driver_first(start->rundirfd) == DRIVER_OVERLAY;
}

static int
start_plan(struct start *start, struct err *err)
{
	struct container_spec *spec = start->spec;
	int r;

	if (!start->created)
		container_dir_init(&start->dir, start->store, spec);
	r = volumes_ensure(start->store, spec, err);
	if (r == 0)
		r = launch_init(&start->launch, err);
	if (r == 0)
		r = limits_open(&start->limits, spec, start->session->paths.uid,
				err);
	start->planner.limits = &start->limits;
	start->planner.has_overlay = start_has_overlay(start);
	start->planner.watches_owners = start->watches_owners;
	if (r == 0)
		r = planner_build(&start->planner, start->session, spec,
				  &start->ids, &start->dir, start->launch.late,
				  err);
	start->planner.plan.join_netfd = start->net.sharedfd;
	start->planner.plan.tty_size = start->size;
	return r < 0 ? r : start_open_streams(start, err);
}

/* A shifted view of the layers is something only FUSE can give. */
static enum driver
start_first_driver(const struct start *start, enum driver wanted, bool only)
{
	enum driver driver = only ? wanted : driver_first(start->rundirfd);

	if (!only && driver == DRIVER_OVERLAY && start->ids.permuted &&
	    access("/dev/fuse", R_OK | W_OK) == 0) {
		cleanup_free char *path = proc_find_program("fuse-overlayfs");

		if (path)
			return DRIVER_FUSE;
	}
	return driver;
}

static int
start_serve_fuse(void *data, int fusefd, struct err *err)
{
	struct start *start = data;

	return rootfs_serve_fuse(&start->rootfs, fusefd, err);
}

/* The interfaces are made while the container's files are mounted. */
static int
start_begin_network(void *data, int netnsfd, struct err *err)
{
	struct start *start = data;

	return networking_begin(&start->net, start->spec, netnsfd,
				&start->ports, err);
}

static int
start_try_driver(struct start *start, enum driver driver, struct err *err)
{
	int r = start->created ? rootfs_check_layers(start->dir.store,
						     start->spec, err)
			       : 0;

	if (r < 0)
		return r;
	start->rootfs.store_path = start->session->paths.data;
	start->rootfs.squash =
		start->ids.single &&
		(start->ids.you_uid != 0 || !start->session->ids.entered);
	start->rootfs.squash_uid = start->ids.you_uid;
	start->rootfs.squash_gid = start->ids.you_gid;
	rootfs_plan(&start->rootfs, driver, &start->dir, start->spec);
	start->planner.plan.root = start->rootfs.root;
	start->launch.serve_fuse = start_serve_fuse;
	start->launch.begin_network = start_begin_network;
	start->launch.data = start;
	r = launch_clone(&start->launch, &start->planner.plan, err);
	if (r == 0 && !start->filled)
		r = start->created ? start_fill_dir(start, err)
				   : start_create(start, err);
	if (r == 0)
		r = rootfs_make(&start->rootfs, &start->dir, !start->again,
				err);
	if (r == 0)
		r = launch_map(&start->launch, &start->planner.plan, err);
	return r < 0 ? r : launch_wait_root(&start->launch, err);
}

static int
start_root(struct start *start, struct err *err)
{
	enum driver wanted, driver;
	bool only, fell_back = false;
	int r;

	/* What one driver wrote no other can read. */
	r = driver_parse(start->again ?: start->driver ?: start->usual_driver,
			 &wanted, &only, err);
	if (r < 0)
		return r;
	driver = start_first_driver(start, wanted, only);
	for (;;) {
		r = start_try_driver(start, driver, err);
		if (r == 0 || only || !start->created ||
		    driver + 1 == DRIVER_COUNT)
			break;
		log_debug("storage driver %s: %s", driver_name(driver),
			  err ? err->text : "failed");
		launch_abort(&start->launch);
		rootfs_finish(&start->rootfs);
		r = networking_connect(&start->net, start->rundirfd, err);
		if (r < 0)
			break;
		driver++;
		fell_back = true;
		if (err)
			err_reset(err);
	}
	if (r == 0 && fell_back)
		driver_remember(start->rundirfd, driver);
	return r;
}

static int
start_end_network(struct start *start, struct err *err)
{
	int r = networking_end(&start->net, start->launch.netfd, &start->ports,
			       err);

	if (r < 0 || !start->net.len)
		return r;
	return etc_files_write(&start->dir, start->spec, &start->net, err);
}

static int
start_write_pidfile(const struct start *start, struct err *err)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d\n", (int)start->launch.pid);

	if (!start->spec->pidfile)
		return 0;
	return fsx_write_atomic(AT_FDCWD, start->spec->pidfile, text,
				(size_t)len, 0644, FSX_NOSYNC, err);
}

/* What needs the container's root: who the user is, first-use volumes. */
static int
start_look_inside(struct start *start, struct err *err)
{
	struct rt_late *late = start->launch.late;
	int r;

	r = ids_resolve(start->spec, &start->ids, start->launch.rootfd, late,
			err);
	if (r == 0)
		r = secrets_give(start->dir.fd, start->spec, &start->ids, err);
	if (r < 0)
		return r;
	return volumes_fill(start->store, start->spec, start->launch.rootfd,
			    idmap_to_outside(&start->ids.uids, late->uid),
			    idmap_to_outside(&start->ids.gids, late->gid), err);
}

/*
 * A FUSE mount answers only members of the user namespace that made it: look
 * from a child that joins it. What it finds is in memory we share.
 */
static int
start_look_from_within(struct start *start, struct err *err)
{
	struct err told = ERR_INIT;
	int report[2], r;
	pid_t pid;

	if (pipe2(report, O_CLOEXEC) < 0)
		return err_sys(err, "create a pipe");
	pid = ns_clone(0, NULL, err);
	if (pid == 0) {
		r = ns_enter_user(start->launch.userfd, &told);
		if (r == 0)
			r = start_look_inside(start, &told);
		if (r < 0)
			(void)io_write_all(report[1], &told, sizeof(told));
		_exit(0);
	}
	(void)close(report[1]);
	r = pid;
	if (pid > 0) {
		ssize_t n = io_read_full(report[0], &told, sizeof(told));

		(void)proc_wait(pid);
		r = n == sizeof(told) ? -told.code : 0;
		if (r < 0 && err)
			*err = told;
	}
	(void)close(report[0]);
	return r;
}

static int
start_fill_late(struct start *start, struct err *err)
{
	return start->rootfs.driver == DRIVER_FUSE
		       ? start_look_from_within(start, err)
		       : start_look_inside(start, err);
}

int
start_begin(struct start *start, struct err *err)
{
	struct launch *launch = &start->launch;
	int r;

	r = start_root(start, err);
	if (r == 0)
		r = start_fill_late(start, err);
	if (r == 0)
		r = launch_late(launch, err);
	if (r == 0)
		r = start_end_network(start, err);
	if (r == 0)
		r = start_write_pidfile(start, err);
	if (r == 0)
		launch_go(launch);
	return r;
}

int
start_finish(struct start *start, struct err *err)
{
	int r = launch_wait_exec(&start->launch, err);

	pipes_started(&start->pipes);
	/* The child had a copy of its own. */
	planner_release(&start->planner);
	return r;
}

/*
 * U is for sharing: of the network process, and of sub-ids that newuidmap
 * granted. With one id and no network there is nothing to share.
 */
static int
start_enter(struct start *start, struct err *err)
{
	bool shares = start->spec->net_mode == NET_MODE_BRIDGE ||
		      start->spec->net_mode == NET_MODE_CONTAINER;

	return idspace_enter(&start->session->ids, start->rundirfd,
			     IDSPACE_HOLD | (shares ? 0 : IDSPACE_OPTIONAL),
			     err);
}

int
start_prepare(struct start *start, struct err *err)
{
	struct session *session = start->session;
	int r;

	start->created |= start->exists;
	start->rundirfd = paths_open_run(&session->paths, err);
	if (start->rundirfd < 0)
		return start->rundirfd;
	r = session_store(session, &start->store, err);
	if (r == 0)
		r = networking_prepare(&start->net, session, start->spec, err);
	if (r == 0)
		r = start_enter(start, err);
	if (r == 0)
		r = networking_connect(&start->net, start->rundirfd, err);
	if (r == 0)
		r = networking_share(&start->net, session, start->spec, err);
	if (r == 0)
		r = ids_choose(start->spec, start->store, &session->ids,
			       &start->ids, err);
	return r < 0 ? r : start_plan(start, err);
}

/* All but what stays from one life to the next. */
static void
start_release_life(struct start *start)
{
	launch_release(&start->launch);
	pipes_release(&start->pipes);
	networking_leave(&start->net);
	rootfs_release(&start->rootfs);
	planner_release(&start->planner);
	limits_remove(&start->limits);
	start->filled = false;
}

void
start_down(struct start *start)
{
	start->again = driver_name(start->rootfs.driver);
	/* The last one to hold its mounts takes them down here. */
	launch_release(&start->launch);
	rootfs_finish(&start->rootfs);
	start_release_life(start);
}

void
start_release(struct start *start)
{
	start_release_life(start);
	networking_release(&start->net);
	free(start->usual_driver);
	port_plan_release(&start->ports);
	container_dir_close(&start->dir);
}
