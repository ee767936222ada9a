/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/lifecycle.c - the verbs of containers that exist.
 *
 * Who changes what is on disk holds the container's lock, which its monitor
 * holds while it lives. Asking a monitor needs none.
 */
#include "container/lifecycle.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "base/proc.h"
#include "container/cidfile.h"
#include "container/dir.h"
#include "container/events.h"
#include "container/front.h"
#include "container/lifecycle_priv.h"
#include "container/limits.h"
#include "container/live.h"
#include "container/monitor_client.h"
#include "container/spawn.h"
#include "container/volumes.h"
#include "spec/name_spec.h"

/* A monitor that has ended its container lets go in moments. */
#define LOCK_TRY_MS 2
#define LOCK_TRIES 5000

static int
lifecycle_make(struct store *store, int rundirfd, struct container_spec *spec,
	       struct err *err)
{
	struct container_dir dir = CONTAINER_DIR_INIT;
	cleanup_close int storefd = -EBADF, lockfd = -EBADF;
	int r;

	/* From here on gc knows that the layers are needed. */
	storefd = store_lock_shared(store, err);
	if (storefd < 0)
		return storefd;
	lockfd = live_hold(rundirfd, spec->id, err);
	if (lockfd < 0)
		return lockfd;
	container_dir_init(&dir, store, spec);
	r = container_dir_create(&dir, spec, false, err);
	container_dir_close(&dir);
	live_remove(rundirfd, spec->id);
	return r;
}

int
lifecycle_create(struct session *session, struct container_spec *spec,
		 struct err *err)
{
	int r, rundirfd = paths_open_run(&session->paths, err);
	struct store *store;

	if (rundirfd < 0)
		return rundirfd;
	r = session_store(session, &store, err);
	if (r == 0 && spec->cidfile)
		r = cidfile_create(spec->cidfile, spec->id, err);
	if (r < 0)
		return r;
	r = volumes_ensure(store, spec, err);
	if (r == 0)
		r = lifecycle_make(store, rundirfd, spec, err);
	if (r < 0 && spec->cidfile)
		(void)unlink(spec->cidfile);
	if (r == 0)
		container_event(store, spec, "create", NULL);
	return r;
}

int
lifecycle_check_here(const struct container *container, struct err *err)
{
	if (!container->state.elsewhere)
		return 0;
	(void)err_set(err, EBUSY, "container '%s' runs on host '%s'",
		      container->name, container->state.host);
	err_hint(err, "act on it there");
	return -EBUSY;
}

/* What the kernel should have ended with the monitor. */
static void
lifecycle_kill_rest(const struct container_state *state)
{
	struct proc_ident ident = { .pid = state->pid,
				    .start_ticks = state->pid_start };
	int pidfd;

	if (state->pid <= 0)
		return;
	(void)memcpy(ident.boot_id, state->boot_id, sizeof(ident.boot_id));
	pidfd = proc_open_pidfd(&ident);
	if (pidfd < 0)
		return;
	(void)syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0);
	(void)poll(&(struct pollfd){ .fd = pidfd, .events = POLLIN }, 1, 1000);
	(void)close(pidfd);
}

/* Its monitor was killed: write down what everybody already reports. */
static void
lifecycle_bury_monitor(struct session *session,
		       const struct container *container,
		       struct container_state *state)
{
	cleanup_strvec struct strvec extra = STRVEC_INIT;
	struct store *store;

	if (state->cgroup)
		limits_thaw(state->cgroup);
	lifecycle_kill_rest(state);
	if (state->cgroup)
		limits_collect(state->cgroup);
	state->pid = state->monitor_pid = 0;
	container_state_clear_network(state);
	(void)container_state_write(container->dirfd, state, true, NULL);
	strvec_addf(&extra, "exitCode=%d", state->exit_code);
	if (session_store(session, &store, NULL) == 0)
		container_event_of(store, container, "die", &extra);
}

/* The record as it is, before the lock is taken: then it would seem alive. */
static int
lifecycle_read_state(struct session *session, const struct container *container,
		     struct container_state *ret_state, struct err *err)
{
	int rundirfd = paths_open_run(&session->paths, err);

	if (rundirfd < 0)
		return rundirfd;
	return container_state_read(container->dirfd, rundirfd, container->id,
				    ret_state, err);
}

int
lifecycle_lock(struct session *session, const struct container *container,
	       struct container_state *ret_state, struct err *err)
{
	int rundirfd = paths_open_run(&session->paths, err);

	if (rundirfd < 0)
		return rundirfd;
	for (int i = 0; i < LOCK_TRIES; i++) {
		struct container_state state = CONTAINER_STATE_INIT;
		int fd, r = lifecycle_read_state(session, container, &state,
						 err);

		if (r < 0)
			return r;
		if (container_status_is_live(state.status)) {
			container_state_release(&state);
			return -EALREADY;
		}
		fd = live_hold(rundirfd, container->id, err);
		if (fd >= 0) {
			if (state.died)
				lifecycle_bury_monitor(session, container,
						       &state);
			*ret_state = state;
			return fd;
		}
		container_state_release(&state);
		if (fd != -EBUSY)
			return fd;
		(void)poll(NULL, 0, LOCK_TRY_MS);
		if (err)
			err_reset(err);
	}
	return err_set(err, EBUSY, "another process acts on container '%s'",
		       container->name);
}

void
lifecycle_settle(struct session *session, const struct container *container)
{
	struct container_state state = CONTAINER_STATE_INIT;
	int fd;

	if (!container->state.died)
		return;
	fd = lifecycle_lock(session, container, &state, NULL);
	if (fd < 0)
		return;
	container_state_release(&state);
	live_remove(paths_open_run(&session->paths, NULL), container->id);
	(void)close(fd);
}

int
lifecycle_connect(struct session *session, const struct container *container,
		  struct err *err)
{
	int rundirfd = paths_open_run(&session->paths, err), fd;

	if (rundirfd < 0)
		return rundirfd;
	fd = live_connect(rundirfd, container->id, err);
	if (fd != -ENOENT)
		return fd;
	/* It ended meanwhile, or it is watched from another run directory. */
	(void)err_set(err, ESRCH, "container '%s' is not running",
		      container->name);
	return -ESRCH;
}

/* Connect to the monitor of a container that runs; returns the fd. */
static int
lifecycle_reach(struct session *session, const struct container *container,
		struct err *err)
{
	int r = lifecycle_check_here(container, err);

	if (r < 0)
		return r;
	if (!container_status_is_live(container->state.status)) {
		lifecycle_settle(session, container);
		return err_set(err, ESRCH, "container '%s' is not running",
			       container->name);
	}
	return lifecycle_connect(session, container, err);
}

/* Ask one thing of the monitor of a container that runs. */
static int
lifecycle_ask(struct session *session, const struct container *container,
	      const struct monitor_request *request, struct err *err)
{
	cleanup_close int fd = lifecycle_reach(session, container, err);
	int r;

	if (fd < 0)
		return fd;
	r = monitor_client_ask(fd, request, err);
	return r < 0 ? err_wrap(err, r, "container '%s'", container->name) : 0;
}

/* Nothing survives SIGKILL: whoever sent it may count on the end. */
static int
lifecycle_watch_end(struct session *session, const struct container *container,
		    struct err *err)
{
	const struct monitor_request request = { .op = MONITOR_WAIT };
	int fd = lifecycle_connect(session, container, err);
	int r;

	if (fd < 0)
		return fd;
	r = monitor_client_send(fd, &request, NULL, 0, err);
	if (r == 0)
		return fd;
	(void)close(fd);
	return r;
}

int
lifecycle_kill(struct session *session, const struct container *container,
	       int signo, struct err *err)
{
	const struct monitor_request request = { .op = MONITOR_SIGNAL,
						 .a = signo };
	cleanup_close int endfd = -EBADF;
	int r, status;

	if (signo == SIGKILL &&
	    container_status_is_live(container->state.status))
		endfd = lifecycle_watch_end(session, container, NULL);
	r = lifecycle_ask(session, container, &request, err);
	if (r == 0 && endfd >= 0)
		(void)monitor_client_wait_exit(endfd, &status, NULL);
	return r;
}

int
lifecycle_pause(struct session *session, const struct container *container,
		bool pause, struct err *err)
{
	const struct monitor_request request = {
		.op = pause ? MONITOR_PAUSE : MONITOR_UNPAUSE,
	};

	return lifecycle_ask(session, container, &request, err);
}

int
lifecycle_probe(struct session *session, const struct container *container,
		int *ret_exit_code, struct err *err)
{
	const struct monitor_request request = { .op = MONITOR_PROBE };
	cleanup_close int fd = lifecycle_reach(session, container, err);
	struct monitor_reply reply = { .answer = MONITOR_OK };
	int r = fd < 0 ? fd : monitor_client_send(fd, &request, NULL, 0, err);

	while (r == 0 && reply.answer != MONITOR_PROBED)
		r = monitor_client_recv(fd, &reply, err);
	if (r == 0)
		*ret_exit_code = reply.value;
	return r < 0 && fd >= 0
		       ? err_wrap(err, r, "container '%s'", container->name)
		       : r;
}

static void
lifecycle_note(struct session *session, const struct container *container,
	       const char *action)
{
	struct store *store;

	if (session_store(session, &store, NULL) == 0)
		container_event_of(store, container, action, NULL);
}

static int
lifecycle_front(struct session *session, const struct container *container,
		struct front *front, struct lifecycle_started *started,
		struct err *err)
{
	int r = front_run(front, &started->exit_status, &started->detached,
			  err);

	if (r == 0 && started->detached)
		lifecycle_note(session, container, "detach");
	front_release(front);
	return r;
}

static void
lifecycle_init_front(struct front *front, const struct lifecycle_start *how,
		     bool tty, int fd)
{
	*front = (struct front)FRONT_INIT;
	front->fd = fd;
	front->tty = tty;
	front->sig_proxy = how->sig_proxy && !tty;
	front->detach_keys = how->detach_keys;
}

static int
lifecycle_spawn(struct monitor_job *job, const struct lifecycle_start *how,
		struct lifecycle_started *started, struct err *err)
{
	const bool streams[3] = { how->open_stdin, true, true };
	cleanup_spawn struct spawn spawn = SPAWN_INIT;
	struct front front;
	int r = spawn_open(&spawn, err);

	if (r < 0)
		return r;
	job->attached = how->attach;
	lifecycle_init_front(&front, how, job->spec->tty, spawn.ourfd);
	if (how->attach && job->spec->tty)
		(void)ioctl(STDIN_FILENO, TIOCGWINSZ, &job->size);
	if (how->attach)
		r = front_attach(&front, streams, err);
	if (r == 0)
		r = spawn_monitor(&spawn, job, err);
	if (r == 0)
		r = monitor_client_wait_start(spawn.ourfd, &started->not_run,
					      err);
	if (r < 0 || !how->attach) {
		front_release(&front);
		return r;
	}
	return lifecycle_front(job->session, job->container, &front, started,
			       err);
}

static int
lifecycle_start_locked(struct session *session, struct container *container,
		       int lockfd, const struct lifecycle_start *how,
		       struct lifecycle_started *started, struct err *err)
{
	cleanup_container_spec struct container_spec spec = { .umask = 0 };
	cleanup_container_image struct container_image image = { 0 };
	struct monitor_job job = MONITOR_JOB_INIT;
	int r = container_load_spec(session, container, &spec, &image, err);

	job.session = session;
	job.spec = &spec;
	job.driver = how->driver;
	job.container = container;
	job.lockfd = lockfd;
	if (r == 0)
		r = lifecycle_spawn(&job, how, started, err);
	cleanup_close_p(&job.lockfd);
	return r < 0 ? err_wrap(err, r, "start '%s'", container->name) : 0;
}

int
lifecycle_start(struct session *session, const struct container *container,
		const struct lifecycle_start *how,
		struct lifecycle_started *ret_started, struct err *err)
{
	struct container locked = *container;
	int lockfd, r = lifecycle_check_here(container, err);

	*ret_started = (struct lifecycle_started){ .exit_status = 0 };
	if (r < 0)
		return r;
	if (container->state.status == CONTAINER_PAUSED) {
		(void)err_set(err, EBUSY, "container '%s' is paused",
			      container->name);
		err_hint(err, "dhow unpause lets it go on");
		return -EBUSY;
	}
	lockfd = lifecycle_lock(session, container, &locked.state, err);
	if (lockfd == -EALREADY)
		return how->attach ? lifecycle_attach(session, container, how,
						      ret_started, err)
				   : 0;
	if (lockfd < 0)
		return lockfd;
	r = lifecycle_start_locked(session, &locked, lockfd, how, ret_started,
				   err);
	container_state_release(&locked.state);
	return r;
}

int
lifecycle_attach(struct session *session, const struct container *container,
		 const struct lifecycle_start *how,
		 struct lifecycle_started *ret_started, struct err *err)
{
	const bool streams[3] = { how->open_stdin, true, true };
	cleanup_close int fd = -EBADF;
	struct front front;
	int r = lifecycle_check_here(container, err);

	*ret_started = (struct lifecycle_started){ .exit_status = 0 };
	if (r < 0)
		return r;
	fd = lifecycle_connect(session, container, err);
	if (fd < 0)
		return fd;
	lifecycle_init_front(&front, how,
			     node_get_bool(container->config, "Tty", false),
			     fd);
	r = front_attach(&front, streams, err);
	if (r < 0) {
		front_release(&front);
		return r;
	}
	lifecycle_note(session, container, "attach");
	return lifecycle_front(session, container, &front, ret_started, err);
}

int
lifecycle_stop_ask(struct session *session, const struct container *container,
		   const struct lifecycle_stop *how, int *ret_fd,
		   struct err *err)
{
	struct monitor_request request = {
		.op = MONITOR_STOP,
		.flags = (how->keep ? MONITOR_KEEP : 0) |
			 (how->removed ? MONITOR_REMOVED : 0),
		.a = how->signal,
		.b = how->timeout_s,
	};
	int fd, r = lifecycle_check_here(container, err);

	*ret_fd = -EBADF;
	if (r < 0)
		return r;
	if (!container_status_is_live(container->state.status)) {
		lifecycle_settle(session, container);
		return 0;
	}
	fd = lifecycle_connect(session, container, err);
	if (fd == -ESRCH) {
		err_reset(err);
		return 0;
	}
	if (fd < 0)
		return fd;
	r = monitor_client_send(fd, &request, NULL, 0, err);
	if (r < 0)
		(void)close(fd);
	else
		*ret_fd = fd;
	return r;
}

int
lifecycle_stop_wait(struct session *session, const struct container *container,
		    int fd, bool gone, struct err *err)
{
	int status, r;

	if (fd < 0)
		return 0;
	r = monitor_client_wait_exit(fd, &status, err);
	if (r == 0 && gone)
		monitor_client_wait_gone(fd);
	(void)close(fd);
	/* Killed while it stopped: then that is how it stopped. */
	if (r == -ECONNRESET) {
		err_reset(err);
		r = 0;
	}
	return r < 0 ? err_wrap(err, r, "stop '%s'", container->name) : 0;
}

int
lifecycle_stop(struct session *session, const struct container *container,
	       const struct lifecycle_stop *how, struct err *err)
{
	int fd, r = lifecycle_stop_ask(session, container, how, &fd, err);

	return r < 0 ? r
		     : lifecycle_stop_wait(session, container, fd, false, err);
}

int
lifecycle_restart(struct session *session, const struct container *container,
		  const struct lifecycle_stop *stop,
		  const struct lifecycle_start *start, struct err *err)
{
	cleanup_container struct container fresh = CONTAINER_INIT;
	struct lifecycle_stop keep = *stop;
	struct lifecycle_started started;
	int fd, r;

	keep.keep = true;
	r = lifecycle_stop_ask(session, container, &keep, &fd, err);
	if (r == 0)
		r = lifecycle_stop_wait(session, container, fd, true, err);
	if (r == 0)
		r = container_find(session, container->id, &fresh, err);
	if (r == 0)
		r = lifecycle_start(session, &fresh, start, &started, err);
	if (r == 0)
		lifecycle_note(session, container, "restart");
	return r;
}

int
lifecycle_wait(struct session *session, const struct container *container,
	       int *ret_status, struct err *err)
{
	const struct monitor_request request = { .op = MONITOR_WAIT };
	cleanup_close int fd = -EBADF;
	int r = lifecycle_check_here(container, err);

	if (r < 0)
		return r;
	lifecycle_settle(session, container);
	*ret_status = container->state.exit_code;
	if (!container_status_is_live(container->state.status))
		return 0;
	fd = lifecycle_connect(session, container, err);
	if (fd < 0)
		return fd;
	r = monitor_client_send(fd, &request, NULL, 0, err);
	if (r == 0)
		r = monitor_client_wait_exit(fd, ret_status, err);
	if (r != -ECONNRESET)
		return r;
	err_reset(err);
	*ret_status = 128 + SIGKILL;
	return 0;
}
