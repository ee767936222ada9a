/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_wait.c - wait until a container is what a plan needs it to be.
 *
 * Whatever becomes of a container is written to its state.json, by rename: a
 * watch of the directory tells. The time-out is for file systems that have no
 * such watch.
 */
#include "cli/compose_wait.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/fsx.h"
#include "container/lookup.h"

#define WAIT_POLL_MS 500

static bool
has_check(const struct container *container)
{
	const struct node *test =
		node_get(node_get(container->config, "Health"), "Test");

	return container->state.health.status != HEALTH_NONE ||
	       (node_len(test) &&
		strcmp(node_str_or(node_at(test, 0), ""), "NONE") != 0);
}

static bool
has_ended(const struct container *container)
{
	return container->state.status == CONTAINER_EXITED ||
	       container->state.status == CONTAINER_DEAD;
}

/* 1: it is; 0: not yet; or why never. */
static int
check_healthy(const struct container *c, struct err *err)
{
	if (has_ended(c))
		return err_set(
			err, EPROTO,
			"dependency failed to start: container %s exited (%d)",
			c->name, c->state.exit_code);
	if (!has_check(c))
		return err_set(err, EPROTO,
			       "container %s has no healthcheck configured",
			       c->name);
	if (c->state.health.status == HEALTH_UNHEALTHY)
		return err_set(
			err, EPROTO,
			"dependency failed to start: container %s is unhealthy",
			c->name);
	return c->state.health.status == HEALTH_HEALTHY;
}

static int
check_done(const struct container *c, const char *service, struct err *err)
{
	if (!has_ended(c))
		return 0;
	if (c->state.exit_code)
		return err_set(
			err, EPROTO,
			"service \"%s\" didn't complete successfully: exit %d",
			service ? service : c->name, c->state.exit_code);
	return 1;
}

static int
check_ready(const struct container *c, struct err *err)
{
	if (has_ended(c)) {
		if (c->state.exit_code)
			return err_set(err, EPROTO, "container %s exited (%d)",
				       c->name, c->state.exit_code);
		return 1;
	}
	if (c->state.health.status == HEALTH_UNHEALTHY)
		return err_set(err, EPROTO, "container %s is unhealthy",
			       c->name);
	if (has_check(c))
		return c->state.health.status == HEALTH_HEALTHY;
	return c->state.status == CONTAINER_RUNNING;
}

static int
check(const struct container *c, const struct plan_step *step, struct err *err)
{
	switch (step->until) {
	case PLAN_UNTIL_HEALTHY:
		return check_healthy(c, err);
	case PLAN_UNTIL_DONE:
		return check_done(c, step->service, err);
	case PLAN_UNTIL_READY:
		return check_ready(c, err);
	}
	return 1;
}

static void
wait_change(int watchfd)
{
	struct pollfd pollfd = { .fd = watchfd, .events = POLLIN };
	char events[4096];

	(void)poll(&pollfd, 1, WAIT_POLL_MS);
	while (watchfd >= 0 && read(watchfd, events, sizeof(events)) > 0)
		;
}

static int
wait_one(struct session *session, const struct plan_step *step,
	 const char *name, struct err *err)
{
	cleanup_close int watchfd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	bool watched = false;

	for (;;) {
		cleanup_container struct container c = CONTAINER_INIT;
		char path[FSX_FD_PATH_BYTES];
		int r = container_find(session, name, &c, err);

		if (r < 0)
			return r;
		if (!watched && watchfd >= 0) {
			/* Look again after the watch is set. */
			watched = true;
			(void)inotify_add_watch(watchfd,
						fsx_fd_path(c.dirfd, path),
						IN_MOVED_TO | IN_CLOSE_WRITE);
			continue;
		}
		r = check(&c, step, err);
		if (r)
			return r < 0 ? r : 0;
		wait_change(watchfd);
	}
}

int
compose_wait_step(struct session *session, const struct plan_step *step,
		  struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < step->words.len; i++)
		r = wait_one(session, step, step->words.v[i], err);
	return r;
}
