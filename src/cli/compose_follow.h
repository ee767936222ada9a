/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_follow.h - the output of several containers in one stream.
 *
 * A member is pending until its container starts, then followed until that
 * ends; if it starts again it is followed again. Changes are told by a watch
 * of the containers' directories, and new containers by one of the events.
 */
#ifndef DHOW_CLI_COMPOSE_FOLLOW_H
#define DHOW_CLI_COMPOSE_FOLLOW_H

#include "cli/compose_ctx.h"

struct compose_follow;

/* Is a container of the project followed, and is its output shown? */
typedef bool (*follow_wants_fn)(const struct compose *compose,
				const struct world_container *one,
				bool *ret_shown);

struct follow_opts {
	follow_wants_fn wants; /* NULL: those that are added, no other */
	bool waits_for_new;    /* who was made meanwhile is yet to start */
	bool timestamps;
	bool no_color;
	bool no_prefix;
	bool notices;     /* "NAME exited with code N" */
	bool only_new;    /* lives that are over by now count for nothing */
	int64_t since_ns; /* 0: from the beginning */
	int64_t until_ns;
	int64_t tail; /* -1: all */
};

#define FOLLOW_OPTS_INIT    \
	{                   \
		.tail = -1, \
	}

struct compose_follow *compose_follow_new(struct compose *compose,
					  const struct follow_opts *opts);
void compose_follow_free(struct compose_follow *follow);
DEFINE_CLEANUP(struct compose_follow *, compose_follow_free);

/* @shown: whether its output is printed; its end counts in any case. */
void compose_follow_add(struct compose_follow *follow,
			const struct world_container *one, bool shown);

/* Add what is wanted of what there is; later, it is looked again. */
void compose_follow_look(struct compose_follow *follow);

/* What a line that is nobody's begins with: @mark where names end. Owned. */
char *compose_follow_prefix(const struct compose_follow *follow,
			    const char *mark);
/* Print "Attaching to" and the members that are shown. */
void compose_follow_announce(struct compose_follow *follow);

/* Print what there is, all members merged by time, and return. */
int compose_follow_dump(struct compose_follow *follow, struct err *err);

/* What happened while somebody waited. */
enum follow_event {
	FOLLOW_NOTHING, /* one of the caller's descriptors, or time */
	FOLLOW_ENDED,   /* a member did; see the arguments */
	FOLLOW_ALL_ENDED,
};

/*
 * Print and wait until a member ends or @fd is readable (-1: none).
 *
 * @starting: members that have not started yet may still do so
 */
int compose_follow_step(struct compose_follow *follow, int fd, bool starting,
			enum follow_event *ret_event, const char **ret_service,
			int *ret_code, struct err *err);

#endif
