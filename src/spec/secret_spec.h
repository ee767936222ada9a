/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/secret_spec.h - --secret NAME[,type=mount|env][,target=…][,uid=…]…
 *
 * How a container sees a secret: as a file, or as a variable.
 */
#ifndef DHOW_SPEC_SECRET_SPEC_H
#define DHOW_SPEC_SECRET_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "data/node.h"

#define SECRET_SPEC_DIR "/run/secrets"

struct secret_spec {
	char *name;
	char *id;     /* of the secret, once it was found; or NULL */
	bool is_env;  /* type=env */
	char *target; /* an absolute path, or the name of a variable */
	uint32_t uid, gid;
	uint32_t mode;
	struct strbuf value; /* known while a container is made or started;
			      * never part of the record */
};

struct secret_spec_list {
	struct secret_spec *items; /* owned */
	size_t len;
	size_t cap;
};

#define SECRET_SPEC_LIST_INIT \
	{                     \
		.items = NULL \
	}

/* Add one option; -EINVAL, also when its target is taken. */
int secret_spec_add(struct secret_spec_list *list, const char *text,
		    struct err *err);
/* Values are overwritten first. */
void secret_spec_list_release(struct secret_spec_list *list);

/* [{"Name":…,"ID":…,"Type":…,"Target":…,"UID":…,"GID":…,"Mode":…}] */
struct node *secret_spec_list_to_node(const struct secret_spec_list *list);
int secret_spec_list_from_node(const struct node *node,
			       struct secret_spec_list *list, struct err *err);

#endif
