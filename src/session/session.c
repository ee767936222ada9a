/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session/session.c - what one invocation holds.
 */
#include "session/session.h"

int
session_open(struct session *session, const char *root, const char *runroot,
	     struct err *err)
{
	*session = (struct session)SESSION_INIT;
	idspace_init(&session->ids);
	return paths_init(&session->paths, root, runroot, err);
}

void
session_close(struct session *session)
{
	store_close(&session->store);
	paths_release(&session->paths);
}

int
session_store(struct session *session, struct store **ret_store,
	      struct err *err)
{
	int fd;
	int r;

	if (session->store.dirfd < 0) {
		fd = paths_open_data(&session->paths, err);
		if (fd < 0)
			return fd;
		r = store_open(&session->store, fd, err);
		if (r < 0)
			return r;
	}
	*ret_store = &session->store;
	return 0;
}

int
session_enter(struct session *session, bool hold, struct err *err)
{
	int fd;

	fd = paths_open_run(&session->paths, err);
	return fd < 0 ? fd
		      : idspace_enter(&session->ids, fd,
				      hold ? IDSPACE_HOLD : 0, err);
}
