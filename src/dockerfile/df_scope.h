/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_scope.h - the variables at a place of a Dockerfile.
 *
 * Before the first FROM there are the global ones: platforms and global ARGs,
 * for FROM lines only. A stage starts with the environment of its image (or
 * with all of its parent stage) and takes what ARG and ENV say, the later one
 * winning. Spec: Dockerfile reference, "ARG", "Scope", "Predefined ARGs".
 */
#ifndef DHOW_DOCKERFILE_DF_SCOPE_H
#define DHOW_DOCKERFILE_DF_SCOPE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/strvec.h"
#include "dockerfile/df_lint.h"
#include "dockerfile/dockerfile.h"
#include "spec/platform.h"

/* What ENV and RUN get when an image has no PATH. */
#define DF_DEFAULT_PATH \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct df_inputs {
	const struct strvec *build_args; /* unique "K=V"; borrowed */
	struct platform target;
	struct platform build;
	const char *target_stage; /* --target, NULL: none given */
};

struct df_globals {
	struct strvec args;       /* "K=V": platforms and global ARGs */
	struct strvec build_args; /* "K=V" of --build-arg */
	struct strvec declared;   /* names of all ARGs met, for unused_args() */
	struct df_range failed;   /* of the ARG that is wrong */
};

#define DF_GLOBALS_INIT             \
	{                           \
		.args = STRVEC_INIT \
	}

struct df_scope {
	struct strvec env;  /* "K=V": image, ARG and ENV so far; a RUN's env */
	struct strvec args; /* names of the ARGs so far, for history */
	bool has_workdir;   /* one was set in the file */
	bool has_shell;     /* by SHELL, here or in a parent stage */
};

#define DF_SCOPE_INIT              \
	{                          \
		.env = STRVEC_INIT \
	}

/*
 * Evaluate the ARGs before the first FROM. @lint: may be NULL. After a failure
 * there is but the place of it.
 * Returns 0 or -EINVAL ("${V:?…}" without V, bad substitution).
 */
int df_globals_init(const struct dockerfile *df, const struct df_inputs *inputs,
		    struct df_globals *ret_globals, struct df_lint *lint,
		    struct err *err);
void df_globals_release(struct df_globals *globals);

/* What a FROM line means. */
struct df_base {
	char *image; /* variables replaced; "scratch" too */
	bool is_scratch;
	bool is_stage; /* then: */
	size_t stage;
	bool has_platform; /* of --platform; else the target's counts */
	struct platform platform;
};

int df_base_resolve(const struct dockerfile *df, const struct df_stage *stage,
		    const struct df_globals *globals, struct df_base *ret_base,
		    struct df_lint *lint, struct err *err);
void df_base_release(struct df_base *base);

/* A stage on an image: @image_env is "K=V" of its config. */
void df_scope_init(struct df_scope *scope, const struct strvec *image_env);
/* A stage on a stage: all that the parent has at its end. */
void df_scope_copy(struct df_scope *to, const struct df_scope *from);
void df_scope_release(struct df_scope *scope);

/* HTTP_PROXY and its like, in capitals or not: usable without ARG. */
bool df_arg_is_proxy(const char *name);
/*
 * Append to @env those of --build-arg that every RUN gets without ARG: the
 * proxies. They are in no cache key and no history.
 */
void df_scope_add_proxies(const struct df_globals *globals, struct strvec *env);

/* Names of --build-arg that no ARG asked for, predefined ones left out. */
void df_globals_unused(const struct dockerfile *df,
		       const struct df_globals *globals, struct strvec *names);

#endif
