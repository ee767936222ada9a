/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/manifest_list.h - a list of images that is being put together.
 */
#ifndef DHOW_CLI_MANIFEST_LIST_H
#define DHOW_CLI_MANIFEST_LIST_H

#include "base/strvec.h"
#include "cli/cmd.h"
#include "data/node.h"
#include "session/session.h"

struct manifest_list {
	struct cmd_ctx *ctx;
	struct session *session;
	struct store *store;
	char *name; /* canonical */
	struct node *index;
	bool is_there; /* it was, when it was opened */
};

#define MANIFEST_LIST_INIT   \
	{                    \
		.name = NULL \
	}
#define cleanup_manifest_list cleanup_release(manifest_list_release)
void manifest_list_release(struct manifest_list *list);

/* Open the list @name; one that is not there is empty. Opens @session. */
int manifest_list_open(struct cmd_ctx *ctx, struct session *session,
		       const char *name, struct manifest_list *list);
/* Begin one that has no name and is not kept here. Opens @session. */
int manifest_list_begin(struct cmd_ctx *ctx, struct session *session,
			struct manifest_list *list);
/* -ENOENT for one that was not there. */
int manifest_list_need(const struct manifest_list *list);
int manifest_list_save(struct manifest_list *list);
int manifest_list_drop(struct manifest_list *list);

/*
 * Add the image @input; one that is listed already is replaced.
 *
 * @all:       every entry of an index
 * @ret_entry: the one that was added, NULL after several; may be NULL
 */
int manifest_list_add(struct manifest_list *list, const char *input, bool all,
		      struct node **ret_entry);

/* The entry with that digest, or of that image. Returns 0 or -ENOENT. */
int manifest_list_find(const struct manifest_list *list, const char *what,
		       struct node **ret_entry, size_t *ret_at);

/* Add "KEY=VALUE" texts to the annotations of an entry or the list. */
int manifest_list_annotate(struct node *node, const struct strvec *notes,
			   struct err *err);
/* Change an entry's platform by arch, features, os, os-features, os-version
 * and variant, as far as @ctx's command has these flags. */
int manifest_list_set_platform(const struct cmd_ctx *ctx, struct node *entry);

/* Print a list as it will be pushed, or any manifest. */
void manifest_list_print(struct node *index);

#endif
