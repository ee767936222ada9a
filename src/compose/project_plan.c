/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/project_plan.c - what is to be done, as data.
 */
#include "compose/project_plan.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"

void
plan_release(struct plan *plan)
{
	for (size_t i = 0; i < plan->len; i++) {
		free(plan->steps[i].subject);
		free(plan->steps[i].service);
		free(plan->steps[i].why);
		free(plan->steps[i].needs);
		strvec_release(&plan->steps[i].words);
	}
	free(plan->steps);
	strvec_release(&plan->warnings);
	*plan = (struct plan)PLAN_INIT;
}

size_t
plan_add(struct plan *plan, enum plan_kind kind, const char *subject,
	 const char *doing, const char *done)
{
	array_push(plan->steps, plan->len, plan->cap,
		   (struct plan_step){ .kind = kind,
				       .subject = xstrdup(subject),
				       .doing = doing,
				       .done = done });
	return plan->len - 1;
}

void
plan_need(struct plan *plan, size_t at, size_t needed)
{
	struct plan_step *step = &plan->steps[at];

	if (needed == PLAN_NONE)
		return;
	assert(needed < at);
	for (size_t i = 0; i < step->need_count; i++)
		if (step->needs[i] == needed)
			return;
	array_push(step->needs, step->need_count, step->need_cap, needed);
}

void
plan_add_words(struct plan *plan, size_t at, const char *const *words)
{
	for (; *words; words++)
		strvec_add(&plan->steps[at].words, *words);
}

void
plan_why(struct plan *plan, size_t at, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	free(plan->steps[at].why);
	plan->steps[at].why = xvasprintf(fmt, args);
	va_end(args);
}

/* As a shell would take it. */
static void
add_word(struct strbuf *sb, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_=.,:/@%+";

	if (*word && !word[strspn(word, plain)]) {
		strbuf_addstr(sb, word);
		return;
	}
	strbuf_addch(sb, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			strbuf_addstr(sb, "'\\'");
		strbuf_addch(sb, *word);
	}
	strbuf_addch(sb, '\'');
}

static const char *
until_words(enum plan_until until)
{
	switch (until) {
	case PLAN_UNTIL_HEALTHY:
		return "until healthy";
	case PLAN_UNTIL_DONE:
		return "until ended with 0";
	case PLAN_UNTIL_READY:
		return "until running or healthy";
	}
	return "";
}

static void
print_step(const struct plan_step *step, struct strbuf *sb)
{
	strbuf_addf(sb, "%s  %s", step->subject, step->done);
	if (step->why)
		strbuf_addf(sb, " (%s)", step->why);
	if (step->kind == PLAN_WAIT)
		strbuf_addf(sb, ": wait %s", until_words(step->until));
	else if (step->kind == PLAN_COMMAND)
		strbuf_addstr(sb, ": dhow");
	for (size_t i = 0; step->kind == PLAN_COMMAND && i < step->words.len;
	     i++) {
		strbuf_addch(sb, ' ');
		add_word(sb, step->words.v[i]);
	}
	strbuf_addch(sb, '\n');
}

void
plan_print(const struct plan *plan, bool with_order, struct strbuf *sb)
{
	for (size_t i = 0; i < plan->len; i++) {
		const struct plan_step *step = &plan->steps[i];

		if (with_order) {
			strbuf_addf(sb, "%zu <", i);
			for (size_t k = 0; k < step->need_count; k++)
				strbuf_addf(sb, " %zu", step->needs[k]);
			strbuf_addstr(sb, " | ");
		}
		print_step(step, sb);
	}
}
