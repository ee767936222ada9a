/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/project_plan.h - what is to be done, as data.
 *
 * A step is one command of dhow, or a wait for what one brought about; it
 * starts when the steps that it needs are done. Who carries it out is no
 * business of this room: a plan can be printed (--dry-run) and tested.
 */
#ifndef DHOW_COMPOSE_PROJECT_PLAN_H
#define DHOW_COMPOSE_PROJECT_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/strbuf.h"
#include "base/strvec.h"

enum plan_kind {
	PLAN_COMMAND, /* words: a command of dhow */
	PLAN_WAIT,    /* until the containers named by words are … */
	PLAN_NOTE,    /* nothing to do; it is shown all the same */
	PLAN_WRITE,   /* words: path, mode (octal), text: a file of dhow's */
};

enum plan_until {
	PLAN_UNTIL_HEALTHY,
	PLAN_UNTIL_DONE,  /* ended with 0 */
	PLAN_UNTIL_READY, /* healthy where that is asked for, else running,
			     or ended with 0 (--wait) */
};

struct plan_step {
	enum plan_kind kind;
	enum plan_until until;
	char *subject;     /* "Container web-1" */
	char *service;     /* whose it is, or NULL */
	const char *doing; /* "Creating" */
	const char *done;  /* "Created" */
	char *why;         /* "its configuration changed", or NULL */
	struct strvec words;
	size_t *needs; /* positions of earlier steps; owned */
	size_t need_count, need_cap;
	bool optional; /* a failure is a warning, and others go on */
	/* What to say of that instead of what the command said; static. */
	const char *skipped;
	bool quiet;   /* not shown while all goes well */
	bool verbose; /* its own output is shown (builds) */
};

struct plan {
	struct plan_step *steps; /* owned */
	size_t len, cap;
	struct strvec warnings;
};

#define PLAN_INIT                       \
	{                               \
		.warnings = STRVEC_INIT \
	}
#define cleanup_plan cleanup_release(plan_release)

#define PLAN_NONE ((size_t)-1)

void plan_release(struct plan *plan);

/* Add a step; its position. @subject is copied; the verbs are static. */
size_t plan_add(struct plan *plan, enum plan_kind kind, const char *subject,
		const char *doing, const char *done);
/* Step @at starts after step @needed (PLAN_NONE: nothing). */
void plan_need(struct plan *plan, size_t at, size_t needed);
/* Append words to a step, NULL-ended. */
#define plan_words(plan, at, ...) \
	plan_add_words(plan, at, (const char *const[]){ __VA_ARGS__, NULL })
void plan_add_words(struct plan *plan, size_t at, const char *const *words);
/* Why it is done; printed by --dry-run. */
void plan_why(struct plan *plan, size_t at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Append a line per step: "Container web-1  Create (why): create …", with the
 * positions of what it needs in front when @with_order.
 */
void plan_print(const struct plan *plan, bool with_order, struct strbuf *sb);

#endif
