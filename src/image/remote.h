/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/remote.h - a repository on a registry, as the request, config.yaml
 * and registries.conf together say it is to be reached.
 */
#ifndef DHOW_IMAGE_REMOTE_H
#define DHOW_IMAGE_REMOTE_H

#include "conf/config.h"
#include "conf/registries.h"
#include "image/engine.h"
#include "registry/registry.h"

struct remote {
	struct ref ref;
	struct config config;
	struct registries *registries;
	struct registry *reg;
	bool is_source; /* the request says src_… of it */
};

#define REMOTE_INIT                                     \
	{                                               \
		.ref = REF_INIT, .config = CONFIG_INIT, \
	}
#define cleanup_remote cleanup_release(remote_release)
void remote_release(struct remote *remote);

/*
 * Read the configuration; what it says of platform and parallel downloads
 * completes the request.
 */
int remote_configure(struct remote *remote, struct engine *engine,
		     struct err *err);
/* The same, and what @name means by it. */
int remote_resolve(struct remote *remote, struct engine *engine,
		   const char *name, struct err *err);

/*
 * Open the repository of a resolved name. Credentials belong to the host's
 * side: call it before engine_enter().
 *
 * @push, @mounts: see struct registry_opts
 */
int remote_open(struct remote *remote, struct engine *engine, bool push,
		const struct strvec *mounts, struct err *err);

/* The request's part of what a registry is opened with. */
struct registry_opts remote_opts(struct engine *engine);

#endif
