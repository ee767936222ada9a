/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/merge.h - one tree over another, by the rules of the tables.
 *
 * Trees are in long form. Spec: compose-spec, 13-merge.md.
 */
#ifndef DHOW_COMPOSE_MERGE_H
#define DHOW_COMPOSE_MERGE_H

#include "compose/schema.h"

/* Merge @over into @base, both objects. @path is for messages. */
void merge_into(const struct schema *schema, struct node *base,
		const struct node *over, const char *path, struct diag *diag);

/*
 * Elements that are equal stay once. Two of one key that differ are an error
 * in a single file.
 */
void merge_check_unique(const struct schema *schema, struct node *node,
			struct diag *diag);

/* What !reset and !override of one document take away from what was before. */
struct merge_cuts {
	struct strvec paths; /* keys between MERGE_CUT_SEP */
};

#define MERGE_CUT_SEP '\x1f'
#define MERGE_CUTS_INIT               \
	{                             \
		.paths = STRVEC_INIT, \
	}

/* Collect them from a document as written; what is !reset leaves it. */
void merge_collect_cuts(struct node *doc, struct merge_cuts *cuts);
/* Cut from @base. @below: only inside this key path (""), which is @base's. */
void merge_apply_cuts(const struct merge_cuts *cuts, struct node *base,
		      const char *below);
void merge_cuts_release(struct merge_cuts *cuts);

#endif
