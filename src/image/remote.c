/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/remote.c - a repository as the configuration describes it.
 */
#include "image/remote.h"

#include "base/alloc.h"
#include "image/short_name.h"

void
remote_release(struct remote *remote)
{
	registry_close(take_ptr(remote->reg));
	registries_free(take_ptr(remote->registries));
	config_release(&remote->config);
	ref_release(&remote->ref);
}

static int
remote_tick(void *data)
{
	return engine_check_stop(NULL);
}

static void
remote_note(void *data, const char *text)
{
	engine_note(data, text);
}

struct registry_opts
remote_opts(struct engine *engine)
{
	const struct transfer_request *request = &engine->request;

	return (struct registry_opts){
		.credentials = { .config_dir = request->config_dir,
				 .authfile = request->authfile },
		.user_pass = request->user_pass,
		.tls = (enum registry_tls)request->tls,
		.cert_dir = request->cert_dir,
		.retries = (int)request->retries,
		.retry_delay_ns = request->retry_delay_ns,
		.tick = remote_tick,
		.note = remote_note,
		.data = engine,
	};
}

/* Flags come before config.yaml, and that before registries.conf. */
int
remote_configure(struct remote *remote, struct engine *engine, struct err *err)
{
	struct transfer_request *request = &engine->request;
	int r;

	r = config_load(engine->session.paths.config, CONFIG_SITE_DIR,
			&remote->config, err);
	if (r == 0)
		r = registries_load(NULL, &remote->registries, err);
	if (r == 0)
		r = registries_add_config(remote->registries,
					  remote->config.registries, err);
	if (r < 0)
		return r;
	if (!request->parallel)
		request->parallel = remote->config.parallel_downloads;
	if (!request->platform && remote->config.platform)
		request->platform = xstrdup(remote->config.platform);
	return 0;
}

/* A short name may be another's alias by the site's choice. */
int
remote_resolve(struct remote *remote, struct engine *engine, const char *name,
	       struct err *err)
{
	cleanup_free char *full = NULL;
	int r = remote_configure(remote, engine, err);

	if (r == 0)
		r = short_name_expand(remote->registries, name, &full, err);
	return r < 0 ? r : ref_parse(full ?: name, &remote->ref, err);
}

int
remote_open(struct remote *remote, struct engine *engine, bool push,
	    const struct strvec *mounts, struct err *err)
{
	struct registry_opts opts = remote_opts(engine);

	if (remote->is_source) {
		opts.user_pass = engine->request.src_user_pass;
		opts.tls = (enum registry_tls)engine->request.src_tls;
	}
	opts.registries = remote->registries;
	opts.push = push;
	opts.mounts = mounts;
	return registry_open(&remote->ref, &opts, &remote->reg, err);
}
