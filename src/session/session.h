/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session/session.h - what one invocation holds.
 *
 * Everything is made when it is first asked for: a command that only reads
 * the image table opens one directory.
 */
#ifndef DHOW_SESSION_SESSION_H
#define DHOW_SESSION_SESSION_H

#include "base/err.h"
#include "conf/idspace.h"
#include "conf/paths.h"
#include "store/store.h"

struct session {
	struct paths paths;
	struct idspace ids;
	struct store store; /* after session_store() */
};

#define SESSION_INIT                                      \
	{                                                 \
		.paths = PATHS_INIT, .store = STORE_INIT, \
	}

#define cleanup_session cleanup_release(session_close)

/*
 * Decide where things are; see paths_init(). @root, @runroot: the options of
 * these names, or NULL.
 */
int session_open(struct session *session, const char *root, const char *runroot,
		 struct err *err);
void session_close(struct session *session);

/* The open store; borrowed. Returns 0 or -errno. */
int session_store(struct session *session, struct store **ret_store,
		  struct err *err);

/* Enter the user's user namespace; see idspace_enter(). */
int session_enter(struct session *session, bool hold, struct err *err);

#endif
