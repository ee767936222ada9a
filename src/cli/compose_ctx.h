/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/compose_ctx.h - a project, what there is of it, and what is meant.
 */
#ifndef DHOW_CLI_COMPOSE_CTX_H
#define DHOW_CLI_COMPOSE_CTX_H

#include "cli/cmd.h"
#include "compose/plan_input.h"
#include "session/session.h"

struct compose {
	const struct cmd_ctx *ctx;
	struct session session;
	struct project project;
	struct world world;
	struct strvec selected; /* services that are meant */
	struct plan_input in;   /* borrows from here */
	char *secrets_dir;
};

#define COMPOSE_INIT                                              \
	{                                                         \
		.session = SESSION_INIT, .project = PROJECT_INIT, \
		.world = WORLD_INIT, .in = PLAN_INPUT_INIT        \
	}
#define cleanup_compose cleanup_release(compose_release)

enum compose_flags {
	COMPOSE_NO_FILES = 1,     /* labels will do, where a name is given */
	COMPOSE_WITH_DEPS = 2,    /* named services bring what they depend on */
	COMPOSE_NO_SERVICES = 4,  /* operands are no services */
	COMPOSE_ALL_PROFILES = 8, /* services that are off count too */
	COMPOSE_WARN = 16,        /* say what is odd in the files */
	COMPOSE_ACTS = 32,        /* containers are made of them */
	COMPOSE_MAYBE_NONE = 64,  /* without files: no container is no error */
};

/*
 * Load the project, read what there is and select the services that
 * @services names (NULL: the operands; none: all).
 *
 * Returns 0, an exit status (told already) or a negative errno.
 */
int compose_begin(struct compose *compose, const struct cmd_ctx *ctx,
		  const struct strvec *services, int flags);
void compose_release(struct compose *compose);

/* Look again at what there is. */
int compose_look(struct compose *compose);
/* Look the images of the selected services up. */
int compose_look_images(struct compose *compose);

/*
 * The container of @service that is meant by --index (0: the first that
 * runs). -ENOENT: "service X is not running".
 */
int compose_container(struct compose *compose, const char *service,
		      int64_t index, bool must_run,
		      const struct world_container **ret_one);

/*
 * Begin, knowing of no service but @service, and find the container of it that
 * --index means. For what acts within one: the program is sealed first.
 */
int compose_find_one(struct compose *compose, const struct cmd_ctx *ctx,
		     const char *service, bool must_run,
		     const struct world_container **ret_one);

/* "FLAG VALUE" for compose_invoke(), when there is a value. */
void compose_add_flag(struct strvec *words, const char *flag,
		      const char *value);

/* A COMPOSE_* variable, of the process or of .env; or NULL. */
const char *compose_variable(const struct compose *compose, const char *name);
bool compose_is_on(const struct compose *compose, const char *name);
/* COMPOSE_COMPATIBILITY, --compatibility */
bool compose_is_underscored(const struct compose *compose);

/* Run another command of dhow in this process; its exit status. */
int compose_invoke(const struct compose *compose, const struct cmd *cmd,
		   const struct strvec *words);

#endif
