/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_open.c - the project that a compose command works on.
 */
#include "cli/compose_open.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/say.h"
#include "compose/diag.h"

extern char **environ;

void
compose_options(const struct cmd_ctx *ctx, struct project_opts *opts)
{
	const struct args *group = ctx->group;

	opts->process_env = environ;
	if (!group)
		return;
	opts->files = args_list(group, "file");
	opts->env_files = args_list(group, "env-file");
	opts->profiles = args_list(group, "profile");
	opts->name = args_str(group, "project-name");
	opts->dir = args_str(group, "project-directory");
	opts->all_resources = args_bool(group, "all-resources");
}

static void
print_diag(const struct diag *diag, bool warn)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; warn && i < diag->warnings.len; i++)
		say_warning("%s", diag->warnings.v[i]);
	for (size_t i = 0; i < diag->len; i++)
		diag_print(diag, i, &sb);
	if (diag->len > 1)
		strbuf_addf(&sb, "%zu errors; nothing was done\n", diag->len);
	if (!sb.len)
		return;
	(void)fflush(stdout);
	(void)fwrite(sb.buf, 1, sb.len, stderr);
}

int
compose_open(const struct cmd_ctx *ctx, const struct project_opts *opts,
	     bool warn, struct project *project)
{
	cleanup_diag struct diag diag = DIAG_INIT;
	int r = project_load(project, opts, &diag, ctx->err);

	print_diag(&diag, warn);
	return diag.len ? 1 : r;
}
