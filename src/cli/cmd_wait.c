/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_wait.c - dhow wait.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "cli/targets.h"
#include "container/lifecycle.h"

#define LOOK_AGAIN_MS 250

/* podman's words for what a container can be waited to be. */
static bool
is_state(const struct container *container, const char *word)
{
	const struct container_state *state = &container->state;
	bool live = container_status_is_live(state->status);

	if (!strcmp(word, "stopped"))
		return !live && state->status != CONTAINER_CREATED;
	if (!strcmp(word, "configured") || !strcmp(word, "initialized"))
		return state->status == CONTAINER_CREATED;
	if (!strcmp(word, "healthy") || !strcmp(word, "unhealthy"))
		return live &&
		       !strcmp(health_status_name(state->health.status), word);
	return !strcmp(container_status_name(state->status), word);
}

/* A record is replaced whole: that can be watched. */
static void
await_change(const struct container *container)
{
	cleanup_close int fd = inotify_init1(IN_CLOEXEC);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	char path[FSX_FD_PATH_BYTES];

	(void)inotify_add_watch(fd, fsx_fd_path(container->dirfd, path),
				IN_MOVED_TO | IN_MOVE_SELF | IN_DELETE_SELF);
	/* A killed monitor replaces nothing, nor does what came before. */
	(void)poll(&pfd, 1, LOOK_AGAIN_MS);
}

static int
wait_until(struct session *session, const char *name,
	   const struct strvec *conditions, int *ret_status, struct err *err)
{
	for (;;) {
		cleanup_container struct container container = CONTAINER_INIT;
		int r = container_find(session, name, &container, err);

		if (r < 0)
			return r;
		for (size_t i = 0; i < conditions->len; i++) {
			if (!is_state(&container, conditions->v[i]))
				continue;
			*ret_status = targets_live(&container)
					      ? -1
					      : container.state.exit_code;
			return 0;
		}
		await_change(&container);
	}
}

static int
wait_one(struct cmd_ctx *ctx, struct session *session, const char *name,
	 int *ret_status, struct err *err)
{
	const struct strvec *conditions = args_list(ctx->args, "condition");
	cleanup_container struct container container = CONTAINER_INIT;
	int r;

	if (conditions->len)
		return wait_until(session, name, conditions, ret_status, err);
	r = container_find(session, name, &container, err);
	return r < 0 ? r : lifecycle_wait(session, &container, ret_status, err);
}

static int
wait_each(struct cmd_ctx *ctx, struct session *session,
	  const struct strvec *names)
{
	int failed = 0;

	for (size_t i = 0; i < names->len; i++) {
		struct err err = ERR_INIT;
		int status, r;

		r = wait_one(ctx, session, names->v[i], &status, &err);
		if (r == -ENOENT && args_bool(ctx->args, "ignore")) {
			(void)printf("-1\n");
			continue;
		}
		if (r < 0) {
			say_error(&err);
			failed = 1;
			continue;
		}
		(void)printf("%d\n", status);
		(void)fflush(stdout);
	}
	return failed;
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = targets_collect(ctx, &session, targets_any, &names);
	return r < 0 ? r : wait_each(ctx, &session, &names);
}

static const struct flag flags[] = {
	{ .name = "condition",
	  .kind = FLAG_LIST,
	  .meta = "STATE",
	  .values =
		  "configured|created|exited|healthy|initialized|paused|removing|running|stopped|unhealthy",
	  .help = "what to wait for, any of them (default: its end)" },
	{ .name = "ignore",
	  .kind = FLAG_BOOL,
	  .help = "print -1 for a container that is not there" },
	TARGETS_LATEST,
};

static const struct cmd_example examples[] = {
	{ "wait for a container and print its exit status", "dhow wait job" },
};

const struct cmd cmd_wait = {
	.path = "wait",
	.aliases = "container wait",
	.summary = "wait until containers end, and print their exit statuses",
	.operands = "CONTAINER...",
	.about =
		"Of a container that does not run the last exit status is printed. One that its restart policy brings back has ended too.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run,
};
