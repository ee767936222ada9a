/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_step_run.c - RUN.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "dockerfile/df_heredoc.h"
#include "dockerfile/df_step_priv.h"
#include "spec/choice.h"

/* A flag at hand, for the mount's parser to replace variables with. */
struct df_run_flag {
	const struct df_expand *run;
	const struct df_flag *flag;
	struct err *err;
};

static char *
df_run_expand(void *arg, const char *value)
{
	struct df_run_flag *at = arg;
	struct df_expand run = *at->run;

	/* The place is added to the story by who asked. */
	run.err = at->err;
	return df_expand_word(&run, value, &at->flag->range);
}

static int
df_run_mount(const struct df_expand *run, const struct df_flag *flag,
	     struct df_run *io_run)
{
	struct err inner = ERR_INIT;
	struct df_run_flag at = { run, flag, &inner };
	cleanup_free char *prefix = xasprintf(
		"%s:%d:%d: ", run->df->name, flag->range.line, flag->range.col);
	int r = df_mount_parse(flag->value, df_run_expand, &at,
			       &io_run->mounts[io_run->mount_count], &inner);

	if (r == 0) {
		io_run->mount_count++;
		return 0;
	}
	(void)dockerfile_err(run->df, &flag->range, run->err, EINVAL,
			     "RUN --mount=%s: %s", flag->value,
			     text_after(inner.text, prefix) ?: inner.text);
	if (inner.hint[0])
		err_hint(run->err, "%s", inner.hint);
	return -EINVAL;
}

static int
df_run_choice(const struct df_expand *run, const char *name,
	      const char *const *words, int *ret_at)
{
	const char *value = df_flag_get(run->in, name);
	struct err inner = ERR_INIT;
	int at;

	if (!value)
		return 0;
	at = choice_find(name, value, words, &inner);
	if (at < 0) {
		(void)df_step_fail_flag(run, name, "--%s: %s", name,
					inner.text);
		if (inner.hint[0])
			err_hint(run->err, "%s", inner.hint);
		return at;
	}
	*ret_at = at;
	return 0;
}

static int
df_run_flags(const struct df_expand *run, struct df_run *io_run)
{
	static const char *const networks[] = { "default", "host", "none",
						NULL };
	static const char *const securities[] = { "sandbox", "insecure", NULL };
	int network = DF_NETWORK_DEFAULT, security = 0;
	int r;

	_Static_assert(ARRAY_LEN(networks) == DF_NETWORK_COUNT + 1,
		       "every network has its name");
	io_run->mounts =
		xcalloc(run->in->flag_count + 1, sizeof(*io_run->mounts));
	for (size_t i = 0; i < run->in->flag_count; i++) {
		const struct df_flag *flag = &run->in->flags[i];

		if (strcmp(flag->name, "mount") != 0)
			continue;
		r = df_run_mount(run, flag, io_run);
		if (r < 0)
			return r;
	}
	r = df_run_choice(run, "network", networks, &network);
	if (r == 0)
		r = df_run_choice(run, "security", securities, &security);
	io_run->network = (enum df_network)network;
	io_run->insecure = security == 1;
	return r;
}

/* The line is a here-document and nothing else: it is the script. */
static void
df_run_script(const struct df_heredoc *doc, struct df_run *io_run)
{
	cleanup_strbuf struct strbuf body = STRBUF_INIT;
	struct strvec *argv = &io_run->command.argv;

	df_heredoc_body(doc, &body);
	strvec_release(argv);
	if (!text_starts(body.buf, "#!")) {
		strvec_add(argv, body.buf);
		return;
	}
	io_run->command.is_shell = false;
	strvec_addf(argv, "/dev/pipes/%s", doc->name);
	io_run->script.name = xstrdup(doc->name);
	io_run->script.content = strbuf_take(&body);
}

/* The shell gets line and bodies, and does the rest itself. */
static void
df_run_join(const struct df_instruction *in, struct df_run *io_run)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct strvec *argv = &io_run->command.argv;

	strbuf_addstr(&text, argv->v[0]);
	for (size_t i = 0; i < in->heredoc_count; i++)
		strbuf_addf(&text, "\n%s%s", in->heredocs[i].content,
			    in->heredocs[i].name);
	strvec_release(argv);
	strvec_add_take(argv, strbuf_take(&text));
}

int
df_step_run(const struct df_expand *run, struct df_step *step)
{
	const struct df_instruction *in = run->in;
	struct df_heredoc doc;
	int r;

	df_step_command(in, 0, &step->run.command);
	r = df_run_flags(run, &step->run);
	if (r < 0)
		return r;
	if (!step->run.command.argv.len)
		return df_step_fail(run, NULL, "there is no command");
	if (!in->heredoc_count || in->json)
		return 0;
	if (in->heredoc_count == 1 &&
	    df_heredoc_parse(in->args[0].text, &doc)) {
		free(doc.name);
		if (strchr(in->heredocs[0].name, '/'))
			return df_step_fail(run, NULL,
					    "'%s' cannot name a script",
					    in->heredocs[0].name);
		df_run_script(&in->heredocs[0], &step->run);
	} else {
		df_run_join(in, &step->run);
	}
	return 0;
}
