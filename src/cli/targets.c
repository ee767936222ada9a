/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/targets.c - the containers that a verb acts on.
 */
#include "cli/targets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "cli/cmd_session.h"
#include "cli/container_filter.h"
#include "cli/say.h"

#define CIDFILE_MAX_BYTES 4096

bool
targets_any(const struct container *container)
{
	return true;
}

bool
targets_live(const struct container *container)
{
	return container_status_is_live(container->state.status);
}

bool
targets_paused(const struct container *container)
{
	return container->state.status == CONTAINER_PAUSED;
}

static bool
has_row(const struct cmd_ctx *ctx, const char *name)
{
	return flag_find(ctx->cmd->flags, ctx->cmd->flag_count, name) != NULL;
}

static bool
is_on(const struct cmd_ctx *ctx, const char *name)
{
	return has_row(ctx, name) && args_given(ctx->args, name);
}

static int
read_cidfiles(struct cmd_ctx *ctx, struct strvec *names)
{
	const struct strvec *files = args_list(ctx->args, "cidfile");

	for (size_t i = 0; i < files->len; i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		int r = fsx_read_file(AT_FDCWD, files->v[i], CIDFILE_MAX_BYTES,
				      &sb, ctx->err);

		if (r == -ENOENT && is_on(ctx, "ignore")) {
			err_reset(ctx->err);
			continue;
		}
		if (r < 0)
			return err_wrap(ctx->err, r, "--cidfile");
		strbuf_truncate(&sb, strcspn(sb.buf, "\n"));
		strvec_add(names, sb.buf);
	}
	return 0;
}

/* --all, --filter and --latest: what the store has. */
static int
list_matching(struct cmd_ctx *ctx, struct session *session, targets_fn all,
	      struct strvec *names)
{
	cleanup_container_filter struct container_filter filter =
		CONTAINER_FILTER_INIT;
	cleanup_container_vec struct container_vec list = CONTAINER_VEC_INIT;
	int r = 0;

	if (is_on(ctx, "filter"))
		r = container_filter_parse(session,
					   args_list(ctx->args, "filter"),
					   &filter, ctx->err);
	if (r == 0)
		r = container_list(session, &list, ctx->err);
	if (r < 0)
		return r;
	if (is_on(ctx, "latest")) {
		if (!list.len)
			return err_set(ctx->err, ENOENT,
				       "there is no container");
		strvec_add(names, list.items[0].id);
		return 0;
	}
	for (size_t i = 0; i < list.len; i++)
		if ((!is_on(ctx, "all") || all(&list.items[i])) &&
		    container_filter_match(&filter, &list.items[i]))
			strvec_add(names, list.items[i].id);
	return 0;
}

static int
no_target(struct cmd_ctx *ctx)
{
	(void)err_set(ctx->err, EINVAL, "'dhow %s' takes at least 1 argument",
		      ctx->cmd->path);
	err_hint(ctx->err, "usage: dhow %s [OPTIONS] %s", ctx->cmd->path,
		 ctx->cmd->operands);
	return -EINVAL;
}

int
targets_find_one(struct cmd_ctx *ctx, struct session *session,
		 struct container *ret_container, size_t *ret_used)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r;

	if (is_on(ctx, "latest"))
		r = list_matching(ctx, session, targets_any, &names);
	else
		r = has_row(ctx, "cidfile") ? read_cidfiles(ctx, &names) : 0;
	*ret_used = !names.len;
	if (r == 0 && !names.len && !ctx->args->operands.len)
		r = no_target(ctx);
	return r < 0 ? r
		     : container_find(session,
				      names.len ? names.v[0]
						: ctx->args->operands.v[0],
				      ret_container, ctx->err);
}

int
targets_collect(struct cmd_ctx *ctx, struct session *session, targets_fn all,
		struct strvec *ret_names)
{
	bool listed = is_on(ctx, "all") || is_on(ctx, "filter") ||
		      is_on(ctx, "latest");
	int r = 0;

	if (listed && ctx->args->operands.len) {
		(void)err_set(
			ctx->err, EINVAL,
			"names and --all, --filter or --latest exclude each other");
		return -EINVAL;
	}
	strvec_add_all(ret_names, &ctx->args->operands);
	if (has_row(ctx, "cidfile"))
		r = read_cidfiles(ctx, ret_names);
	if (r == 0 && listed)
		r = list_matching(ctx, session, all, ret_names);
	if (r < 0 || listed || ret_names->len || is_on(ctx, "cidfile"))
		return r;
	return no_target(ctx);
}

int
targets_each(struct session *session, const struct strvec *names,
	     bool missing_ok, targets_verb verb, void *data)
{
	int status = 0;

	for (size_t i = 0; i < names->len; i++) {
		cleanup_container struct container container = CONTAINER_INIT;
		struct err err = ERR_INIT;
		int r = container_find(session, names->v[i], &container, &err);

		if (r == -ENOENT && missing_ok)
			continue;
		if (r == 0)
			r = verb(session, &container, data, &err);
		if (r == 0) {
			(void)printf("%s\n", names->v[i]);
			/* What follows may take its time. */
			(void)fflush(stdout);
			continue;
		}
		say_error(&err);
		status = 1;
	}
	return status;
}

int
targets_run(struct cmd_ctx *ctx, targets_fn all, bool missing_ok,
	    targets_verb verb, void *data)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r;

	r = cmd_session(ctx, &session);
	if (r == 0)
		r = targets_collect(ctx, &session, all, &names);
	return r < 0 ? r
		     : targets_each(&session, &names, missing_ok, verb, data);
}
