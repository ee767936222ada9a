/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_session.c - a session as the global flags ask for it.
 */
#include "cli/cmd_session.h"

#include "cli/say.h"

int
cmd_session(const struct cmd_ctx *ctx, struct session *session)
{
	int r = session_open(session, args_str(ctx->global, "root"),
			     args_str(ctx->global, "runroot"), ctx->err);

	if (r == 0 && session->paths.warning)
		say_warning("%s", session->paths.warning);
	return r;
}

int
cmd_store(const struct cmd_ctx *ctx, struct session *session,
	  struct store **ret_store)
{
	int r = cmd_session(ctx, session);

	return r < 0 ? r : session_store(session, ret_store, ctx->err);
}
