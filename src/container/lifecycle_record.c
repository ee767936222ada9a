/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/lifecycle_record.c - verbs that change or remove the record.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "container/dir.h"
#include "container/events.h"
#include "container/lifecycle_priv.h"
#include "container/live.h"
#include "container/monitor_client.h"
#include "container/sweep.h"
#include "container/volumes.h"
#include "spec/name_spec.h"

#define REMOVE_LOCK_TRY_MS 2
#define REMOVE_LOCK_TRIES 1000

static int
remove_refuse(const struct container *container, struct err *err)
{
	(void)err_set(err, EBUSY, "container '%s' is %s", container->name,
		      container_status_name(container->state.status));
	err_hint(err, "stop it first, or remove it with --force");
	return -EBUSY;
}

/* It runs: end it, and wait until nothing of it is mounted any more. */
static int
remove_stop(struct session *session, const struct container *container,
	    int flags, const struct lifecycle_stop *how, struct err *err)
{
	struct lifecycle_stop end = { .signal = SIGKILL };
	int fd, r;

	if (!container_status_is_live(container->state.status))
		return 0;
	if (!(flags & LIFECYCLE_FORCE))
		return remove_refuse(container, err);
	if (how)
		end = *how;
	end.removed = true;
	r = lifecycle_stop_ask(session, container, &end, &fd, err);
	return r < 0 ? r
		     : lifecycle_stop_wait(session, container, fd, true, err);
}

/* Files of other ids can only be removed inside the user namespace. */
static int
remove_tree(struct session *session, struct container_dir *dir, struct err *err)
{
	char tomb[CONTAINER_TOMB_BYTES];
	int r = container_dir_bury(dir, tomb, err);

	if (r < 0 || !*tomb)
		return r;
	if (fsx_remove_tree(dir->store->dirfd, tomb, NULL) == 0)
		return 0;
	r = session_enter(session, false, err);
	return r < 0 ? r : fsx_remove_tree(dir->store->dirfd, tomb, err);
}

static int
remove_locked(struct session *session, const struct container *container,
	      int flags, struct err *err)
{
	cleanup_strvec struct strvec volumes = STRVEC_INIT;
	struct container_dir dir = CONTAINER_DIR_INIT;
	int r = session_store(session, &dir.store, err);

	if (r < 0)
		return r;
	(void)snprintf(dir.path, sizeof(dir.path), "containers/%s",
		       container->id);
	dir.name = xstrdup(container->name);
	node_get_strvec(container->config, "AnonymousVolumes", &volumes);
	r = remove_tree(session, &dir, err);
	if (r == 0 && (flags & LIFECYCLE_VOLUMES) && volumes.len) {
		r = session_enter(session, false, err);
		if (r == 0)
			volumes_remove(dir.store, &volumes);
	}
	if (r == 0)
		container_event_of(dir.store, container, "destroy", NULL);
	container_dir_close(&dir);
	return r;
}

/* Who was told to end holds its lock until its process is gone. */
static int
remove_lock(struct session *session, const struct container *container,
	    int flags, struct err *err)
{
	struct container_state state = CONTAINER_STATE_INIT;
	int tries = flags & LIFECYCLE_FORCE ? REMOVE_LOCK_TRIES : 1;
	int fd = -EALREADY;

	while (fd == -EALREADY && tries-- > 0) {
		fd = lifecycle_lock(session, container, &state, err);
		if (fd == -EALREADY && tries)
			(void)poll(NULL, 0, REMOVE_LOCK_TRY_MS);
	}
	container_state_release(&state);
	return fd == -EALREADY ? remove_refuse(container, err) : fd;
}

int
lifecycle_remove(struct session *session, const struct container *container,
		 int flags, const struct lifecycle_stop *how, struct err *err)
{
	cleanup_close int lockfd = -EBADF;
	int rundirfd, r = lifecycle_check_here(container, err);

	if (r == 0)
		r = remove_stop(session, container, flags, how, err);
	if (r < 0)
		return r;
	rundirfd = paths_open_run(&session->paths, err);
	lockfd = remove_lock(session, container, flags, err);
	if (lockfd < 0)
		return lockfd;
	r = remove_locked(session, container, flags, err);
	live_remove(rundirfd, container->id);
	if (r == 0)
		sweep(&session->store, rundirfd);
	return r < 0 ? err_wrap(err, r, "remove '%s'", container->name) : 0;
}

/* The monitor reads it anew; one that is gone needs not to. */
static int
record_tell(struct session *session, const struct container *container,
	    struct err *err)
{
	const struct monitor_request request = { .op = MONITOR_RELOAD };
	cleanup_close int fd = -EBADF;
	int r;

	if (!container_status_is_live(container->state.status))
		return 0;
	fd = lifecycle_connect(session, container, NULL);
	if (fd == -ESRCH)
		return 0;
	r = fd < 0 ? fd : monitor_client_ask(fd, &request, err);
	return r == -ECONNRESET ? 0 : r;
}

static int
record_write(const struct container *container, const struct node *config,
	     struct err *err)
{
	return node_write_json_file(container->dirfd, "config.json", config,
				    0600, 0, err);
}

int
lifecycle_rename(struct session *session, const struct container *container,
		 const char *name, struct err *err)
{
	cleanup_node struct node *config = node_clone(container->config);
	cleanup_strvec struct strvec extra = STRVEC_INIT;
	struct store *store;
	int r = name_spec_check("container name", name, err);

	if (r == 0)
		r = lifecycle_check_here(container, err);
	if (r == 0)
		r = session_store(session, &store, err);
	if (r == 0)
		r = container_dir_take_name(store, container->id, name, err);
	if (r < 0)
		return r;
	/* For a moment it has two names; the record says which one holds. */
	node_set_str(config, "Name", name);
	r = record_write(container, config, err);
	container_dir_drop_name(store, container->id,
				r < 0 ? name : container->name);
	if (r == 0)
		r = record_tell(session, container, err);
	if (r < 0)
		return r;
	strvec_addf(&extra, "oldName=/%s", container->name);
	container_event_of(store, container, "rename", &extra);
	return 0;
}

int
lifecycle_update(struct session *session, const struct container *container,
		 const struct container_spec *spec, struct err *err)
{
	cleanup_node struct node *config = container_spec_to_node(spec);
	struct store *store;
	int r = lifecycle_check_here(container, err);

	if (r == 0)
		r = session_store(session, &store, err);
	if (r == 0)
		r = record_write(container, config, err);
	if (r == 0)
		r = record_tell(session, container, err);
	if (r == 0)
		container_event_of(store, container, "update", NULL);
	return r;
}
