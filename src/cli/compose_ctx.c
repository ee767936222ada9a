/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_ctx.c - a project, what there is of it, and what is meant.
 */
#include "cli/compose_ctx.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "cli/cmd_session.h"
#include "cli/compose_open.h"
#include "cli/invoke.h"
#include "compose/config_print.h"
#include "compose/profiles.h"
#include "sys/sealed.h"

void
compose_release(struct compose *compose)
{
	world_release(&compose->world);
	project_release(&compose->project);
	strvec_release(&compose->selected);
	session_close(&compose->session);
	free(compose->secrets_dir);
}

const char *
compose_variable(const struct compose *compose, const char *name)
{
	const char *value = project_env_get(&compose->project.env, name);

	return value ? value : getenv(name);
}

bool
compose_is_on(const struct compose *compose, const char *name)
{
	const char *value = compose_variable(compose, name);
	bool on = false;

	return value && units_parse_bool(value, &on, NULL) == 0 && on;
}

bool
compose_is_underscored(const struct compose *compose)
{
	return (compose->ctx->group &&
		args_bool(compose->ctx->group, "compatibility")) ||
	       compose_is_on(compose, "COMPOSE_COMPATIBILITY");
}

/* External secrets of the files. */
static int
look_secrets(struct compose *compose)
{
	const struct node *all = node_get(compose->project.model, "secrets");
	int r = 0;

	for (size_t i = 0; r == 0 && i < node_len(all); i++) {
		const struct node *one = node_value_at(all, i);

		if (node_get_bool(one, "external", false))
			r = world_read_secret(
				&compose->session,
				node_str_or(node_get(one, "name"), ""),
				&compose->world, compose->ctx->err);
	}
	return r;
}

int
compose_look(struct compose *compose)
{
	int r;

	world_release(&compose->world);
	r = world_read(&compose->session, compose->project.name,
		       &compose->world, compose->ctx->err);
	return r < 0 ? r : look_secrets(compose);
}

/* Images that services mount. */
static int
look_mounted(struct compose *compose, const struct node *service)
{
	const struct node *volumes = node_get(service, "volumes");
	int r = 0;

	for (size_t i = 0; r == 0 && i < node_len(volumes); i++) {
		const struct node *one = node_at(volumes, i);
		const char *image = node_get_str(one, "source");

		if (image &&
		    !strcmp(node_str_or(node_get(one, "type"), ""), "image"))
			r = world_read_image(&compose->session, image,
					     &compose->world,
					     compose->ctx->err);
	}
	return r;
}

int
compose_look_images(struct compose *compose)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < compose->selected.len; i++) {
		cleanup_free char *image =
			config_print_image(&compose->project,
					   compose->selected.v[i],
					   compose->in.underscore);

		r = world_read_image(&compose->session, image, &compose->world,
				     compose->ctx->err);
		if (r == 0)
			r = look_mounted(
				compose,
				project_service(&compose->project,
						compose->selected.v[i]));
	}
	return r;
}

/* -p alone: what is known is what labels say. */
static int
open_by_name(struct compose *compose, const struct project_opts *opts)
{
	const char *name = opts->name;
	int r;

	project_release(&compose->project);
	if (!name || !*name)
		name = getenv("COMPOSE_PROJECT_NAME");
	if (!name || !*name)
		return -ENOENT;
	err_reset(compose->ctx->err);
	r = project_name_only(&compose->project, opts, compose->ctx->err);
	return r;
}

/* Services that have containers, where there are no files to say. */
static int
select_labelled(struct compose *compose, const struct strvec *named, int flags)
{
	const struct world *world = &compose->world;

	for (size_t i = 0; i < world->container_count; i++) {
		const char *service = world->containers[i].service;

		if ((!named->len || strvec_has(named, service)) &&
		    !strvec_has(&compose->selected, service))
			strvec_add(&compose->selected, service);
	}
	for (size_t i = 0; i < named->len; i++)
		if (!strvec_has(&compose->selected, named->v[i]))
			return err_set(compose->ctx->err, ENOENT,
				       "no such service: %s", named->v[i]);
	if (!world->container_count && !(flags & COMPOSE_MAYBE_NONE))
		return err_set(compose->ctx->err, ENOENT,
			       "no container found for project \"%s\"",
			       compose->project.name);
	return 0;
}

static int
select_services(struct compose *compose, const struct strvec *named, int flags)
{
	if (!compose->project.model)
		return select_labelled(compose, named, flags);
	return profiles_select(&compose->project, named,
			       flags & COMPOSE_WITH_DEPS, &compose->selected,
			       compose->ctx->err);
}

static int
load(struct compose *compose, const struct strvec *named, int flags)
{
	struct project_opts opts = {
		.services = named,
		.all_profiles = flags & COMPOSE_ALL_PROFILES,
		.acts = flags & COMPOSE_ACTS,
	};
	int r;

	compose_options(compose->ctx, &opts);
	r = compose_open(compose->ctx, &opts, flags & COMPOSE_WARN,
			 &compose->project);
	if (r == -ENOENT && (flags & COMPOSE_NO_FILES) &&
	    !(opts.files && opts.files->len)) {
		struct err before = *compose->ctx->err;

		r = open_by_name(compose, &opts);
		if (r < 0 && !compose->ctx->err->text[0])
			*compose->ctx->err = before;
	}
	return r;
}

/* A build reads secrets of variables from its environment, and .env may be
 * what sets them. */
static void
export_secrets(const struct compose *compose)
{
	const struct node *all = node_get(compose->project.model, "secrets");

	for (size_t i = 0; i < node_len(all); i++) {
		const char *name =
			node_get_str(node_value_at(all, i), "environment");
		const char *value =
			name ? project_env_get(&compose->project.env, name)
			     : NULL;

		if (value)
			(void)setenv(name, value, 0);
	}
}

int
compose_begin(struct compose *compose, const struct cmd_ctx *ctx,
	      const struct strvec *services, int flags)
{
	static const struct strvec none = STRVEC_INIT;
	const struct strvec *named = services ? services
				     : (flags & COMPOSE_NO_SERVICES)
					     ? &none
					     : &ctx->args->operands;
	int r;

	compose->ctx = ctx;
	r = load(compose, named, flags);
	if (r == 0)
		r = cmd_session(ctx, &compose->session);
	if (r == 0)
		r = compose_look(compose);
	if (r == 0)
		r = select_services(compose, named, flags);
	if (r)
		return r;
	compose->secrets_dir =
		xasprintf("%s/compose", compose->session.paths.data);
	export_secrets(compose);
	compose->in.project = &compose->project;
	compose->in.world = &compose->world;
	compose->in.services = &compose->selected;
	compose->in.named = named;
	compose->in.secrets_dir = compose->secrets_dir;
	compose->in.underscore = compose_is_underscored(compose);
	return 0;
}

int
compose_container(struct compose *compose, const char *service, int64_t index,
		  bool must_run, const struct world_container **ret_one)
{
	const struct world_container *one =
		world_find(&compose->world, service, (int)index);
	struct err *err = compose->ctx->err;

	if (!one && index)
		return err_set(err, ENOENT,
			       "service \"%s\" has no container with index %d",
			       service, (int)index);
	if (!one || (must_run && !container_status_is_live(one->status))) {
		(void)err_set(err, ENOENT, "service \"%s\" is not running",
			      service);
		err_hint(err, "start it with: dhow compose up -d %s", service);
		return -ENOENT;
	}
	*ret_one = one;
	return 0;
}

int
compose_invoke(const struct compose *compose, const struct cmd *cmd,
	       const struct strvec *words)
{
	const struct invoke invoke = {
		.cmd = cmd,
		.global = compose->ctx->global,
		.argc = (int)words->len,
		.argv = strvec_argv(words),
	};

	return invoke_command(&invoke, compose->ctx->err);
}

int
compose_find_one(struct compose *compose, const struct cmd_ctx *ctx,
		 const char *service, bool must_run,
		 const struct world_container **ret_one)
{
	cleanup_strvec struct strvec named = STRVEC_INIT;
	int r = sealed_ensure(ctx->err);

	strvec_add(&named, service);
	if (r == 0)
		r = compose_begin(compose, ctx, &named, COMPOSE_NO_FILES);
	return r ? r
		 : compose_container(compose, service,
				     args_int(ctx->args, "index"), must_run,
				     ret_one);
}

void
compose_add_flag(struct strvec *words, const char *flag, const char *value)
{
	if (!value)
		return;
	strvec_add(words, flag);
	strvec_add(words, value);
}
