/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/project_env.h - the variables that a project's files are filled with.
 *
 * What wins, from the top: what was set here, the environment of the process
 * (or of the including project), the env files, the later one first.
 */
#ifndef DHOW_COMPOSE_PROJECT_ENV_H
#define DHOW_COMPOSE_PROJECT_ENV_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "base/strvec.h"
#include "compose/dotenv.h"

struct project_env_file {
	char *path;
	struct dotenv vars;
};

struct project_env {
	const struct project_env *parent; /* of an included project; or NULL */
	char *const *process;             /* NULL-ended, or NULL */
	struct strvec set;                /* "K=V" */
	struct project_env_file *files;   /* owned; the last one wins */
	size_t file_count, file_cap;
};

#define PROJECT_ENV_INIT       \
	{                      \
		.parent = NULL \
	}
#define cleanup_project_env cleanup_release(project_env_release)

void project_env_release(struct project_env *env);

/* The value of @name, or NULL; borrowed. */
const char *project_env_get(const struct project_env *env, const char *name);
/* The same without the env files. */
const char *project_env_outer(const struct project_env *env, const char *name);
/* As project_env_get() with void *, for callbacks. */
const char *project_env_lookup(void *env, const char *name);

/*
 * Read an env file. @required: its absence is an error; otherwise it is as if
 * it were empty. @below: it is weaker than those read before.
 */
int project_env_read(struct project_env *env, const char *path, bool required,
		     bool below, struct err *err);

/* Everything visible, "K=V" sorted. */
void project_env_list(const struct project_env *env, struct strvec *list);

/* Every source of @name with what it says, the winner first: a line each. */
void project_env_explain(const struct project_env *env, const char *name,
			 struct strbuf *sb);

#endif
