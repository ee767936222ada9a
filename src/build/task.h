/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/task.h - a piece of work in a child process.
 *
 * The build itself stays outside the user namespace and never waits; whatever
 * reads trees, runs commands or moves bytes is a forked child that sees the
 * build's memory as it was and reports in lines of JSON. The child dies with
 * the build. What its command writes goes straight to the build by a pipe.
 */
#ifndef DHOW_BUILD_TASK_H
#define DHOW_BUILD_TASK_H

#include <sys/types.h>

#include "base/loop.h"
#include "base/span.h"
#include "base/strbuf.h"
#include "data/node.h"

struct task;

/* The child's side. */
struct task_link {
	int outfd; /* for a command's output; task_close_out() when the
		      command has it */
	int messagefd;
	pid_t parent;
};

/* What the work is told of meanwhile. */
struct task_status {
	const char *id;
	const char *action;
	int64_t done, total;
	const char *note; /* instead of all above */
};

struct task_spec {
	/* In the child. Fills @result, an object. Returns 0 or -errno. */
	int (*work)(void *data, struct task_link *link, struct node *result,
		    struct err *err);
	/* In the build, from its loop. */
	void (*output)(void *data, struct span bytes);
	void (*status)(void *data, const struct task_status *status);
	/*
	 * Once. @r: what work() returned, or -EPROTO when the child was
	 * killed; @result: borrowed. The task is freed after it.
	 */
	void (*end)(void *data, int r, const struct node *result,
		    const struct err *err);
	void *data;
};

/* Fork. @spec is copied. Returns the task, or NULL with a story. */
struct task *task_start(struct loop *loop, const struct task_spec *spec,
			struct err *err);
/* Kill it; end() is not called. Frees it. */
void task_kill(struct task *task);

/* In the child. */
void task_tell(struct task_link *link, const struct task_status *status);
void task_close_out(struct task_link *link);
/* Again after entering a namespace, which forgets it. */
void task_die_with_parent(const struct task_link *link);

#endif
