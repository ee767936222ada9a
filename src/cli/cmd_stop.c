/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_stop.c - dhow stop, dhow restart.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/say.h"
#include "cli/targets.h"
#include "container/lifecycle.h"
#include "spec/signal_spec.h"
#include "sys/sealed.h"

/* One that was asked to stop. */
struct stopping {
	struct container container;
	struct err err;
	int fd;
	int r;
};

static int
read_stop(struct cmd_ctx *ctx, struct lifecycle_stop *how)
{
	const char *signal = args_str(ctx->args, "signal");
	int r = 0;

	*how = (struct lifecycle_stop)LIFECYCLE_STOP_INIT;
	if (signal)
		r = signal_spec_parse(signal, &how->signal, ctx->err);
	if (args_given(ctx->args, "timeout"))
		how->timeout_s = args_int(ctx->args, "timeout");
	return r < 0 ? err_wrap(ctx->err, r, "--signal '%s'", signal) : 0;
}

static void
ask(struct session *session, const char *name, const struct lifecycle_stop *how,
    struct stopping *stopping)
{
	*stopping =
		(struct stopping){ .container = CONTAINER_INIT, .fd = -EBADF };
	stopping->r = container_find(session, name, &stopping->container,
				     &stopping->err);
	if (stopping->r == 0)
		stopping->r =
			lifecycle_stop_ask(session, &stopping->container, how,
					   &stopping->fd, &stopping->err);
}

/* All are asked before the first is waited for. */
static int
stop_each(struct cmd_ctx *ctx, struct session *session,
	  const struct strvec *names, const struct lifecycle_stop *how)
{
	struct stopping *all = xcalloc(names->len, sizeof(*all));
	int status = 0;

	for (size_t i = 0; i < names->len; i++)
		ask(session, names->v[i], how, &all[i]);
	for (size_t i = 0; i < names->len; i++) {
		struct stopping *one = &all[i];

		if (one->r == -ENOENT && args_bool(ctx->args, "ignore"))
			continue;
		if (one->r == 0)
			one->r = lifecycle_stop_wait(session, &one->container,
						     one->fd, false, &one->err);
		if (one->r == 0) {
			(void)printf("%s\n", names->v[i]);
			(void)fflush(stdout);
		} else {
			say_error(&one->err);
			status = 1;
		}
		container_release(&one->container);
	}
	free(all);
	return status;
}

static int
run_stop(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	struct lifecycle_stop how;
	int r;

	r = read_stop(ctx, &how);
	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = targets_collect(ctx, &session, targets_live, &names);
	return r < 0 ? r : stop_each(ctx, &session, &names, &how);
}

#define STOP_SIGNAL                                                        \
	{                                                                  \
		.name = "signal", .kind = FLAG_STR, .letter = 's',         \
		.meta = "SIGNAL", .offer = OFFER_SIGNAL,                   \
		.help = "what to send (default: what the container names)" \
	}
#define STOP_TIME                                                         \
	{                                                                 \
		.name = "time", .kind = FLAG_ALIAS, .alias_of = "timeout" \
	}
#define STOP_TIMEOUT                                                                                                   \
	{                                                                                                              \
		.name = "timeout", .kind = FLAG_INT, .letter = 't',                                                    \
		.meta = "SECONDS", .min = -1, .max = INT32_MAX,                                                        \
		.help = "how long to wait before it is killed; -1 for ever (default: what the container names, or 10)" \
	}

static const struct flag stop_flags[] = {
	TARGETS_ALL("stop every container that runs"),
	TARGETS_CIDFILE,
	TARGETS_FILTER,
	TARGETS_IGNORE,
	TARGETS_LATEST,
	STOP_SIGNAL,
	STOP_TIME,
	STOP_TIMEOUT,
};

static const struct cmd_example stop_examples[] = {
	{ "stop two containers, giving them a minute",
	  "dhow stop -t 60 web db" },
};

const struct cmd cmd_stop = {
	.path = "stop",
	.aliases = "container stop",
	.summary = "stop running containers",
	.operands = "CONTAINER...",
	.about =
		"The container's first process is sent its stop signal, and killed when it does not end in time. Several containers stop at the same time. One that does not run is no failure.",
	CMD_FLAGS(stop_flags),
	CMD_EXAMPLES(stop_examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run_stop,
};

struct restarting {
	struct lifecycle_stop stop;
	struct lifecycle_start start;
};

static int
restart_one(struct session *session, const struct container *container,
	    void *data, struct err *err)
{
	const struct restarting *how = data;

	return lifecycle_restart(session, container, &how->stop, &how->start,
				 err);
}

static int
run_restart(struct cmd_ctx *ctx)
{
	struct restarting how = {
		.start.driver = args_str(ctx->global, "storage-driver"),
	};
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r;

	r = read_stop(ctx, &how.stop);
	if (r == 0)
		r = sealed_ensure(ctx->err);
	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = targets_collect(ctx, &session,
				    args_bool(ctx->args, "running")
					    ? targets_live
					    : targets_any,
				    &names);
	return r < 0 ? r
		     : targets_each(&session, &names, false, restart_one, &how);
}

static const struct flag restart_flags[] = {
	TARGETS_ALL("restart every container"),
	TARGETS_CIDFILE,
	TARGETS_FILTER,
	TARGETS_LATEST,
	{ .name = "running",
	  .kind = FLAG_BOOL,
	  .help = "restart every container that runs" },
	STOP_SIGNAL,
	STOP_TIME,
	STOP_TIMEOUT,
};

static const struct cmd_example restart_examples[] = {
	{ "restart a container", "dhow restart web" },
};

const struct cmd cmd_restart = {
	.path = "restart",
	.aliases = "container restart",
	.summary = "stop containers and start them again",
	.operands = "CONTAINER...",
	.about =
		"As stop and start, one container after the other. One that does not run is started. Who was attached is not any more.",
	CMD_FLAGS(restart_flags),
	CMD_EXAMPLES(restart_examples),
	.max_operands = CMD_MANY,
	.offer = OFFER_CONTAINER,
	.run = run_restart,
};
