/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/project.h - a project as its files describe it.
 *
 * The model is a tree in canonical form (every short form written out, files
 * merged, variables replaced, paths absolute, names given); its shape is what
 * "config --format json" prints. Nodes remember where they were written.
 */
#ifndef DHOW_COMPOSE_PROJECT_H
#define DHOW_COMPOSE_PROJECT_H

#include "compose/diag.h"
#include "compose/project_env.h"

struct project_opts {
	/* The command line; each may be NULL. */
	const struct strvec *files;     /* -f */
	const struct strvec *env_files; /* --env-file */
	const struct strvec *profiles;  /* --profile */
	const char *name;               /* -p */
	const char *dir;                /* --project-directory */
	/* Named services are on, whatever their profiles. */
	const struct strvec *services;
	char *const *process_env;

	/* What "config" can leave out. */
	bool no_interpolate;
	bool no_normalize;
	bool no_paths;
	bool no_consistency;
	bool no_env_resolution;
	bool all_resources; /* keep networks and volumes nobody uses */
	bool all_profiles;
	/* Containers are made: what @services cannot do here, or not beside
	 * each other, is wrong. */
	bool acts;
};

struct project {
	char *name;
	char *dir;               /* absolute */
	struct strvec files;     /* absolute, "-" for standard input */
	struct strvec env_paths; /* env files that were read */
	struct strvec profiles;  /* active ones; "*" is all */
	struct project_env env;
	struct node *model;    /* an object; services: those that are on */
	struct node *disabled; /* an object: services that are off */
};

#define PROJECT_INIT                                             \
	{                                                        \
		.files = STRVEC_INIT, .env_paths = STRVEC_INIT,  \
		.profiles = STRVEC_INIT, .env = PROJECT_ENV_INIT \
	}
#define cleanup_project cleanup_release(project_release)

/*
 * Find and load a project. What is wrong with its files goes to @diag, all in
 * one go; warnings too.
 *
 * Returns 0; -EINVAL when @diag has errors (the story is a summary); -ENOENT
 * when there is no file; or what reading failed of.
 */
int project_load(struct project *project, const struct project_opts *opts,
		 struct diag *diag, struct err *err);

/*
 * Only what needs no file: name, directory, environment. -ENOENT when no name
 * can be told.
 */
int project_name_only(struct project *project, const struct project_opts *opts,
		      struct err *err);
void project_release(struct project *project);

/* The service's node, or NULL; "services" never is missing. */
struct node *project_services(const struct project *project);
struct node *project_service(const struct project *project, const char *name);

#endif
