/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/login.c - does a registry take these credentials?
 */
#include "image/remote.h"

int
engine_login(struct engine *engine, struct err *err)
{
	cleanup_remote struct remote remote = REMOTE_INIT;
	const char *domain = engine->request.name ?: "";
	struct registry_opts opts = remote_opts(engine);
	int r = remote_configure(&remote, engine, err);

	opts.registries = remote.registries;
	if (r == 0)
		r = registry_check_login(domain, &opts, err);
	return r < 0 ? err_wrap(err, r, "log in to '%s'", domain) : 0;
}
