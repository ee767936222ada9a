/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/project.c - a project as its files describe it.
 */
#include "compose/project.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "compose/consistency.h"
#include "compose/interpolate.h"
#include "compose/loader.h"
#include "compose/locate.h"
#include "compose/normalise.h"
#include "compose/profiles.h"
#include "compose/rebase.h"
#include "compose/schema.h"
#include "compose/service_env.h"

struct naming {
	struct project *project;
	const struct project_opts *opts;
	struct diag *diag;
	struct err err;
	int result;
};

/* The files' own name, with its variables; then the project has its name. */
static void
decide_name(void *data, const struct node *name)
{
	struct naming *naming = data;
	cleanup_node struct node *holder = node_new_arr();

	if (name) {
		node_push(holder, node_clone(name));
		interpolate(holder, &naming->project->env, naming->diag);
	}
	naming->result =
		locate_name(naming->project, naming->opts,
			    node_str(node_at(holder, 0)), &naming->err);
}

static void
finish_services(struct project *project, const struct project_opts *opts,
		struct diag *diag)
{
	struct node *services = project_services(project);

	if (opts->no_env_resolution || opts->no_interpolate)
		return;
	for (size_t i = 0; i < node_len(services); i++)
		if (node_kind(node_value_at(services, i)) == NODE_OBJ)
			service_env_resolve(node_value_at(services, i),
					    &project->env, diag);
}

static void
check_host(const struct project *project, const struct project_opts *opts,
	   struct diag *diag)
{
	cleanup_strvec struct strvec meant = STRVEC_INIT;

	/* A service that is not there is told of later. */
	if (profiles_select(project, opts->services, true, &meant, NULL) == 0)
		consistency_check_host(project->model, &meant, opts->acts,
				       diag);
}

static void
finish_model(struct project *project, const struct project_opts *opts,
	     struct diag *diag)
{
	struct node *model = project->model;

	if (!opts->no_paths)
		rebase_model(model, project->dir);
	if (!opts->no_normalize)
		normalise_model(model, project->name, &project->env);
	node_set_str(model, "name", project->name);
	if (!opts->no_consistency)
		consistency_check_all(model, opts->no_interpolate, diag);
	project->disabled = node_new_obj();
	profiles_apply(model, &project->profiles, opts->services,
		       project->disabled);
	if (!opts->no_consistency) {
		profiles_check(model, project->disabled, diag);
		consistency_check_cycles(model, diag);
	}
	if (!opts->no_consistency)
		check_host(project, opts, diag);
	if (!opts->all_resources && !opts->no_normalize)
		normalise_drop_unused(model);
	finish_services(project, opts, diag);
}

int
project_load(struct project *project, const struct project_opts *opts,
	     struct diag *diag, struct err *err)
{
	struct naming naming = { .project = project,
				 .opts = opts,
				 .diag = diag };
	struct load load = LOAD_INIT;
	int r = locate_project(project, opts, true, diag, err);

	if (r < 0)
		return r;
	load.diag = diag;
	load.flags = opts->no_interpolate ? SCHEMA_RAW : 0;
	load.named = decide_name;
	load.data = &naming;
	load_files(&load, &project->files, NULL, &project->env,
		   &project->model);
	load_release(&load);
	if (naming.result < 0) {
		*err = naming.err;
		return naming.result;
	}
	(void)node_need_obj(project->model, "services");
	finish_model(project, opts, diag);
	return diag_result(diag, err);
}

int
project_name_only(struct project *project, const struct project_opts *opts,
		  struct err *err)
{
	cleanup_diag struct diag diag = DIAG_INIT;
	int r = locate_project(project, opts, false, &diag, err);

	if (r == 0)
		r = locate_name(project, opts, NULL, err);
	return r;
}

void
project_release(struct project *project)
{
	free(project->name);
	free(project->dir);
	strvec_release(&project->files);
	strvec_release(&project->env_paths);
	strvec_release(&project->profiles);
	project_env_release(&project->env);
	node_free(project->model);
	node_free(project->disabled);
	*project = (struct project)PROJECT_INIT;
}

struct node *
project_services(const struct project *project)
{
	return node_get(project->model, "services");
}

struct node *
project_service(const struct project *project, const char *name)
{
	return node_get(project_services(project), name);
}
