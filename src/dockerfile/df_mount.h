/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_mount.h - RUN --mount=…
 *
 * Spec: Dockerfile reference, "RUN --mount".
 */
#ifndef DHOW_DOCKERFILE_DF_MOUNT_H
#define DHOW_DOCKERFILE_DF_MOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum df_mount_kind {
	DF_MOUNT_BIND,
	DF_MOUNT_CACHE,
	DF_MOUNT_SECRET,
	DF_MOUNT_SSH,
	DF_MOUNT_TMPFS,
	DF_MOUNT_KIND_COUNT,
};

enum df_mount_sharing {
	DF_MOUNT_SHARED,  /* all at once */
	DF_MOUNT_PRIVATE, /* another copy while it is in use */
	DF_MOUNT_LOCKED,  /* one after the other */
	DF_MOUNT_SHARING_COUNT,
};

struct df_mount {
	enum df_mount_kind kind;
	char *from;    /* bind, cache: stage, context or image; or NULL */
	char *source;  /* bind, cache: below from; or NULL: its root */
	char *target;  /* may be relative to WORKDIR. Never NULL but for a
			  secret that only sets a variable, and ssh: the
			  caller numbers agents */
	char *id;      /* cache: the cleaned target by default, when that is
			  relative the caller joins it first: NULL then.
			  secret: never NULL. ssh: "default" */
	char *env;     /* secret: the variable to set, or NULL */
	bool readonly; /* bind: by default */
	bool required; /* secret, ssh */
	enum df_mount_sharing sharing;
	int mode;           /* cache 0755, secret 0400, ssh 0600 by default */
	int64_t uid, gid;   /* 0 by default */
	int64_t size_bytes; /* tmpfs; 0: no limit */
};

/*
 * Read one --mount value. @expand replaces the variables of each option's
 * value but that of "from"; it returns what the caller frees, or NULL with
 * @err set.
 *
 * -EINVAL: unknown key (with the nearest one) or type, a key that this type
 * does not take, "/" as target.
 */
int df_mount_parse(const char *text,
		   char *(*expand)(void *arg, const char *value), void *arg,
		   struct df_mount *ret_mount, struct err *err);
void df_mount_release(struct df_mount *mount);

#endif
