/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_history.c - how a step is written into an image's history.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "dockerfile/df_step.h"

bool
df_cmd_is_metadata(enum df_cmd cmd)
{
	return cmd != DF_ADD && cmd != DF_COPY && cmd != DF_RUN &&
	       cmd != DF_WORKDIR;
}

static void
df_history_words(struct strbuf *sb, const struct strvec *words, bool quoted)
{
	strbuf_addstr(sb, " [");
	for (size_t i = 0; i < words->len; i++)
		strbuf_addf(sb, quoted ? "%s\"%s\"" : "%s%s", i ? " " : "",
			    words->v[i]);
	strbuf_addch(sb, ']');
}

static void
df_history_pairs(struct strbuf *sb, const struct df_pairs *pairs)
{
	for (size_t i = 0; i < pairs->len; i++) {
		const struct df_pair *pair = &pairs->items[i];

		strbuf_addf(sb, " %s", pair->key);
		if (pair->value)
			strbuf_addf(sb, "=%s", pair->value);
	}
}

/* "|2 A=1 B=2": the ARGs that the command could see, proxies left out. */
static void
df_history_args(struct strbuf *sb, const struct df_scope *scope)
{
	if (!scope->args.len)
		return;
	strbuf_addf(sb, " |%zu", scope->args.len);
	for (size_t i = 0; i < scope->args.len; i++)
		strbuf_addf(sb, " %s=%s", scope->args.v[i],
			    strvec_env_get(&scope->env, scope->args.v[i])
				    ?: "");
}

static void
df_history_copy(struct strbuf *sb, const struct df_copy *copy)
{
	if (copy->chown)
		strbuf_addf(sb, " --chown=%s", copy->chown);
	if (copy->chmod)
		strbuf_addf(sb, " --chmod=%s", copy->chmod);
	if (copy->link)
		strbuf_addstr(sb, " --link");
	if (copy->parents)
		strbuf_addstr(sb, " --parents");
	for (size_t i = 0; i < copy->excludes.len; i++)
		strbuf_addf(sb, " --exclude=%s", copy->excludes.v[i]);
	for (size_t i = 0; i < copy->sources.len; i++)
		strbuf_addf(sb, " %s", copy->sources.v[i]);
	for (size_t i = 0; i < copy->file_count; i++)
		strbuf_addf(sb, " <<%s", copy->files[i].name);
	strbuf_addf(sb, " %s # buildkit", copy->dest);
}

static void
df_history_health(struct strbuf *sb, const struct df_healthcheck *health)
{
	static const char *const flags[] = { "interval", "timeout",
					     "start-period", "start-interval" };
	const int64_t values[] = { health->interval_ns, health->timeout_ns,
				   health->start_period_ns,
				   health->start_interval_ns };

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		if (!values[i])
			continue;
		strbuf_addf(sb, " --%s=", flags[i]);
		units_add_duration(sb, values[i]);
	}
	if (health->retries)
		strbuf_addf(sb, " --retries=%lld", (long long)health->retries);
	if (health->is_none) {
		strbuf_addstr(sb, " NONE");
	} else if (health->test.is_shell) {
		strbuf_addf(sb, " CMD %s", health->test.argv.v[0]);
	} else {
		strbuf_addstr(sb, " CMD");
		df_history_words(sb, &health->test.argv, true);
	}
}

static void
df_history_run(struct strbuf *sb, const struct df_scope *scope,
	       const struct strvec *argv)
{
	df_history_args(sb, scope);
	for (size_t i = 0; argv && i < argv->len; i++)
		strbuf_addf(sb, " %s", argv->v[i]);
	strbuf_addstr(sb, " # buildkit");
}

void
df_step_add_history(const struct df_step *step, const struct df_scope *scope,
		    const struct strvec *argv, const char *workdir,
		    struct strbuf *sb)
{
	strbuf_addstr(sb, df_cmd_name(step->cmd));
	switch (step->cmd) {
	case DF_ADD:
	case DF_COPY:
		df_history_copy(sb, &step->copy);
		break;
	case DF_ARG:
	case DF_ENV:
	case DF_LABEL:
		df_history_pairs(sb, &step->pairs);
		break;
	case DF_CMD:
	case DF_ENTRYPOINT:
		df_history_words(sb, argv ?: &step->command.argv, true);
		break;
	case DF_EXPOSE:
	case DF_SHELL:
	case DF_VOLUME:
		df_history_words(sb, &step->words, false);
		break;
	case DF_HEALTHCHECK:
		df_history_health(sb, &step->health);
		break;
	case DF_RUN:
		df_history_run(sb, scope, argv);
		break;
	case DF_WORKDIR:
		strbuf_addf(sb, " %s", workdir ?: step->word);
		break;
	default:
		strbuf_addf(sb, " %s", step->word);
		break;
	}
}
