/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_session.h - a session as the global flags ask for it.
 */
#ifndef DHOW_CLI_CMD_SESSION_H
#define DHOW_CLI_CMD_SESSION_H

#include "cli/cmd.h"
#include "session/session.h"

/*
 * session_open() with --root and --runroot; what the environment asked for in
 * vain is said as a warning. The caller closes @session whatever is returned.
 */
int cmd_session(const struct cmd_ctx *ctx, struct session *session);

/* That, and its open store; borrowed. */
int cmd_store(const struct cmd_ctx *ctx, struct session *session,
	      struct store **ret_store);

#endif
