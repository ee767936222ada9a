/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/run.c - a container from start to end in the foreground.
 *
 * What must fail before anything exists comes first (ports, cidfile). The
 * container's mounts and the joining of the network overlap. A crash at any
 * moment leaves a dead container directory and nothing that runs: the first
 * process is tied to us, all others to it by the pid namespace.
 */
#include "container/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fsx.h"
#include "base/io.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/units.h"
#include "container/attach.h"
#include "container/etc_files.h"
#include "container/janitor.h"
#include "container/planner.h"
#include "container/volumes.h"
#include "net/net_client.h"
#include "runtime/launch.h"
#include "sys/ns.h"

#define RUN_APT_CONF "APT::Sandbox::User \"root\";\n"

struct run {
	struct session *session;
	struct container_spec *spec;
	struct store *store; /* borrowed from session */
	int rundirfd;        /* borrowed */
	struct container_dir dir;
	struct ids ids;
	struct planner planner;
	struct rootfs rootfs;
	struct launch launch;
	struct attach_pipes pipes;
	struct janitor janitor;
	struct port_plan ports; /* open on the host until joined */
	int netfd; /* the container's life line to the network process */
	bool created;
};

/* Ports and cidfile: refused before anything of the container exists. */
static int
run_claim(struct run *run, struct err *err)
{
	const struct container_spec *spec = run->spec;
	cleanup_close int fd = -EBADF;
	int r;

	if (spec->cidfile) {
		fd = open(spec->cidfile,
			  O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd < 0) {
			(void)err_sys(err, "create cidfile '%s'",
				      spec->cidfile);
			return -errno;
		}
		r = io_write_all(fd, spec->id, strlen(spec->id));
		if (r < 0)
			return err_code(err, -r, "write cidfile '%s'",
					spec->cidfile);
	}
	return port_plan_open(&run->spec->ports, NULL, &run->ports, err);
}

static int
run_write_apt_conf(struct run *run, struct err *err)
{
	if (!run->ids.single)
		return 0;
	return fsx_write_atomic(run->dir.fd, "apt.conf", RUN_APT_CONF,
				strlen(RUN_APT_CONF), 0644, FSX_NOSYNC, err);
}

/* Make what the plan names. The container's namespaces come to be meanwhile. */
static int
run_create(struct run *run, struct err *err)
{
	cleanup_close int lockfd = -EBADF;
	int r;

	container_dir_collect(run->store);
	/* From here on gc knows that the layers are needed. */
	lockfd = store_lock_shared(run->store, err);
	if (lockfd < 0)
		return lockfd;
	r = container_dir_create(&run->dir, run->spec, err);
	if (r < 0)
		return r;
	run->created = true;
	for (size_t i = 0; r == 0 && i < run->planner.dirs.len; i++)
		r = fsx_mkdir_p(run->dir.fd, run->planner.dirs.v[i], 0755, err);
	if (r == 0)
		r = run_write_apt_conf(run, err);
	return r < 0 ? r : etc_files_write(&run->dir, run->spec, NULL, err);
}

static int
run_plan(struct run *run, struct err *err)
{
	struct container_spec *spec = run->spec;
	bool want[3] = { spec->open_stdin && spec->attach[0], spec->attach[1],
			 spec->attach[2] };
	int r;

	if (!spec->name)
		spec->name = container_dir_free_name(run->store);
	container_dir_init(&run->dir, run->store, spec);
	r = volumes_ensure(run->store, spec, err);
	if (r == 0)
		r = launch_init(&run->launch, err);
	if (r == 0)
		r = planner_build(&run->planner, run->session, spec, &run->ids,
				  &run->dir, run->launch.late, err);
	if (r < 0 || spec->tty)
		return r;
	r = attach_pipes_open(&run->pipes, want, err);
	(void)memcpy(run->planner.plan.stdio, run->pipes.container,
		     sizeof(run->pipes.container));
	return r;
}

/* A shifted view of the layers is something only FUSE can give. */
static enum driver
run_first_driver(const struct run *run, enum driver wanted, bool only)
{
	enum driver driver = only ? wanted : driver_first(run->rundirfd);

	if (!only && driver == DRIVER_OVERLAY && run->ids.permuted &&
	    access("/dev/fuse", R_OK | W_OK) == 0) {
		cleanup_free char *path = proc_find_program("fuse-overlayfs");

		if (path)
			return DRIVER_FUSE;
	}
	return driver;
}

static int
run_serve_fuse(void *data, int fusefd, struct err *err)
{
	struct run *run = data;

	return rootfs_serve_fuse(&run->rootfs, fusefd, err);
}

static struct net_join_request
run_join_request(const struct run *run, int netnsfd)
{
	return (struct net_join_request){
		.container_id = run->spec->id,
		.name = run->spec->name,
		.netnsfd = netnsfd,
		.aliases = &run->spec->net_aliases,
		.ip = run->spec->ip,
		.ip6 = run->spec->ip6,
		.mac = run->spec->mac,
		.ports = &run->ports,
	};
}

/* The interfaces are made while the container's files are mounted. */
static int
run_begin_network(void *data, int netnsfd, struct err *err)
{
	struct run *run = data;
	struct net_join_request request = run_join_request(run, netnsfd);

	if (run->spec->net_mode != NET_MODE_BRIDGE)
		return 0;
	return net_join_begin(run->netfd, &request, err);
}

static int
run_try_driver(struct run *run, enum driver driver, struct err *err)
{
	int r;

	run->rootfs.store_path = run->session->paths.data;
	run->rootfs.squash = run->ids.single && (run->ids.you_uid != 0 ||
						 !run->session->ids.entered);
	run->rootfs.squash_uid = run->ids.you_uid;
	run->rootfs.squash_gid = run->ids.you_gid;
	rootfs_plan(&run->rootfs, driver, &run->dir, run->spec);
	run->planner.plan.root = run->rootfs.root;
	run->launch.serve_fuse = run_serve_fuse;
	run->launch.begin_network = run_begin_network;
	run->launch.data = run;
	r = launch_clone(&run->launch, &run->planner.plan, err);
	if (r == 0 && !run->created)
		r = run_create(run, err);
	if (r == 0)
		r = rootfs_make(&run->rootfs, &run->dir, err);
	if (r == 0)
		r = launch_map(&run->launch, &run->planner.plan, err);
	return r < 0 ? r : launch_wait_root(&run->launch, err);
}

/* A new connection: what the last one asked for is taken back. */
static int
run_connect_network(struct run *run, struct err *err)
{
	if (run->spec->net_mode != NET_MODE_BRIDGE)
		return 0;
	cleanup_close_p(&run->netfd);
	run->netfd = -EBADF;
	return net_connect(run->rundirfd, &run->netfd, err);
}

static int
run_start_root(struct run *run, const char *driver_text, struct err *err)
{
	enum driver wanted, driver;
	bool only, fell_back = false;
	int r;

	r = driver_parse(driver_text, &wanted, &only, err);
	if (r < 0)
		return r;
	driver = run_first_driver(run, wanted, only);
	for (;;) {
		r = run_try_driver(run, driver, err);
		if (r == 0 || only || !run->created ||
		    driver + 1 == DRIVER_COUNT)
			break;
		log_debug("storage driver %s: %s", driver_name(driver),
			  err ? err->text : "failed");
		launch_abort(&run->launch);
		rootfs_finish(&run->rootfs);
		r = run_connect_network(run, err);
		if (r < 0)
			break;
		driver++;
		fell_back = true;
		if (err)
			err_reset(err);
	}
	if (r == 0 && fell_back)
		driver_remember(run->rundirfd, driver);
	return r;
}

static int
run_end_network(struct run *run, struct err *err)
{
	const struct container_spec *spec = run->spec;
	struct net_join_request request =
		run_join_request(run, run->launch.netfd);
	struct net_join_reply reply;
	int r;

	if (spec->net_mode != NET_MODE_BRIDGE)
		return 0;
	r = net_join_end(run->rundirfd, &run->netfd, &request, &reply, err);
	if (r < 0)
		return err_wrap(err, r, "network");
	port_plan_close(&run->ports);
	return etc_files_write(&run->dir, spec, &reply, err);
}

static int
run_write_pidfile(const struct run *run, struct err *err)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d\n", (int)run->launch.pid);

	if (!run->spec->pidfile)
		return 0;
	return fsx_write_atomic(AT_FDCWD, run->spec->pidfile, text, (size_t)len,
				0644, FSX_NOSYNC, err);
}

/* What needs the container's root: who the user is, first-use volumes. */
static int
run_look_inside(struct run *run, struct err *err)
{
	struct rt_late *late = run->launch.late;
	int r;

	r = ids_resolve(run->spec, &run->ids, run->launch.rootfd, late, err);
	if (r < 0)
		return r;
	return volumes_fill(run->store, run->spec, run->launch.rootfd,
			    idmap_to_outside(&run->ids.uids, late->uid),
			    idmap_to_outside(&run->ids.gids, late->gid), err);
}

/*
 * A FUSE mount answers only members of the user namespace that made it: look
 * from a child that joins it. What it finds is in memory we share.
 */
static int
run_look_from_within(struct run *run, struct err *err)
{
	struct err told = ERR_INIT;
	int report[2], r;
	pid_t pid;

	if (pipe2(report, O_CLOEXEC) < 0)
		return err_sys(err, "create a pipe");
	pid = ns_clone(0, NULL, err);
	if (pid == 0) {
		r = ns_enter_user(run->launch.userfd, &told);
		if (r == 0)
			r = run_look_inside(run, &told);
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
run_fill_late(struct run *run, struct err *err)
{
	return run->rootfs.driver == DRIVER_FUSE
		       ? run_look_from_within(run, err)
		       : run_look_inside(run, err);
}

/* What the janitor needs to know. */
static void
run_brief_janitor(struct run *run)
{
	run->janitor = (struct janitor){
		.dir = &run->dir,
		.volumes = &run->spec->anonymous,
		.rundirfd = run->rundirfd,
		.mntfd = run->launch.mntfd,
		.fuse_pidfd = run->rootfs.fuse_pidfd,
		.holds = run->session->ids.entered,
		.removes = run->spec->auto_remove,
		.wordfd = -EBADF,
	};
}

static int
run_start(struct run *run, const char *driver, struct run_result *result,
	  struct err *err)
{
	struct launch *launch = &run->launch;
	int r;

	r = run_start_root(run, driver, err);
	if (r == 0)
		r = run_fill_late(run, err);
	if (r == 0)
		r = launch_late(launch, err);
	if (r == 0)
		r = run_end_network(run, err);
	if (r == 0)
		r = run_write_pidfile(run, err);
	if (r == 0) {
		launch_go(launch);
		/* While the command is loaded there is time for this. */
		run_brief_janitor(run);
		janitor_start(&run->janitor);
		r = launch_wait_exec(launch, err);
	}
	attach_pipes_started(&run->pipes);
	result->command_failed = launch->command_failed;
	return r;
}

static int
run_attach(struct run *run, bool sig_proxy, struct run_result *result,
	   struct err *err)
{
	struct attach attach = {
		.pid = run->launch.pid,
		.pidfd = run->launch.pidfd,
		.pipes = &run->pipes,
		.ttyfd = run->launch.ttyfd,
		.open_stdin = run->spec->open_stdin,
		.sig_proxy = sig_proxy && !run->spec->tty,
		.detach_keys = &run->spec->detach_keys,
		.timeout_ns = run->spec->timeout_s * UNITS_NS_PER_S,
	};
	enum attach_end end;
	int status, r;

	r = attach_run(&attach, &status, &end, err);
	if (r < 0)
		return r;
	if (end == ATTACH_EXITED) {
		run->launch.pid = 0; /* reaped */
		result->exit_status = proc_exit_status(status);
	}
	result->detached = end == ATTACH_DETACHED;
	return 0;
}

/*
 * What of the container can be seen is gone when this returns; what is slow
 * to take down (mounts, trees) is left to the janitor.
 */
static void
run_clean(struct run *run, const struct run_result *result, bool started)
{
	launch_release(&run->launch);
	if (!run->janitor.dir)
		run_brief_janitor(run);
	run->janitor.removes |= !started;
	run->janitor.mntfd = -EBADF;
	attach_pipes_release(&run->pipes);
	port_plan_release(&run->ports);
	cleanup_close_p(&run->netfd);
	/* The container ran: a record that fails is not its fault. */
	if (run->created && !run->janitor.removes)
		(void)container_dir_record_exit(&run->dir, result->exit_status,
						NULL);
	if (!started && run->spec->cidfile)
		(void)unlink(run->spec->cidfile);
	if (run->spec->pidfile)
		(void)unlink(run->spec->pidfile);
	if (run->created)
		janitor_dismiss(&run->janitor);
	else
		idspace_release(run->rundirfd, getpid());
	rootfs_release(&run->rootfs);
	container_dir_close(&run->dir);
	planner_release(&run->planner);
}

/*
 * U is for sharing: of the network process, and of sub-ids that newuidmap
 * granted. With one id and no network there is nothing to share.
 */
static int
run_enter(struct run *run, struct err *err)
{
	struct idspace *ids = &run->session->ids;
	int r = 0;

	if (run->spec->net_mode != NET_MODE_BRIDGE) {
		r = idspace_detect(ids, err);
		if (r < 0 || ids->mode == ID_MODE_SINGLE)
			return r;
	}
	return session_enter(run->session, true, err);
}

static int
run_prepare(struct run *run, struct err *err)
{
	int r;

	run->rundirfd = paths_open_run(&run->session->paths, err);
	if (run->rundirfd < 0)
		return run->rundirfd;
	r = session_store(run->session, &run->store, err);
	if (r == 0)
		r = run_enter(run, err);
	if (r == 0)
		r = run_connect_network(run, err);
	if (r == 0)
		r = ids_choose(run->spec, run->store, &run->session->ids,
			       &run->ids, err);
	return r < 0 ? r : run_plan(run, err);
}

int
run_foreground(struct session *session, struct container_spec *spec,
	       const char *driver, bool sig_proxy,
	       struct run_result *ret_result, struct err *err)
{
	struct run run = {
		.session = session,
		.spec = spec,
		.rundirfd = -EBADF,
		.dir = CONTAINER_DIR_INIT,
		.rootfs = ROOTFS_INIT,
		.launch = LAUNCH_INIT,
		.janitor = JANITOR_INIT,
		.pipes = ATTACH_PIPES_INIT,
		.ports = PORT_PLAN_INIT,
		.netfd = -EBADF,
	};
	struct run_result result = { .exit_status = 0 };
	bool started;
	int r;

	r = run_claim(&run, err);
	if (r < 0)
		return r;
	r = run_prepare(&run, err);
	if (r == 0)
		r = run_start(&run, driver, &result, err);
	started = r == 0;
	if (started)
		r = run_attach(&run, sig_proxy, &result, err);
	run_clean(&run, &result, started);
	*ret_result = result;
	return r;
}
