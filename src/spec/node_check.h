/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/node_check.h - members of documents from outside, strictly typed.
 *
 * node_get_str() answers "absent" for a number where a string belongs; a
 * document that somebody else wrote is refused instead: -EBADMSG with the
 * member's name. A member that is null counts as absent, as in Go.
 */
#ifndef DHOW_SPEC_NODE_CHECK_H
#define DHOW_SPEC_NODE_CHECK_H

#include "base/err.h"
#include "base/strvec.h"
#include "data/node.h"
#include "spec/platform.h"

/* A string or absent (NULL); borrowed. */
int node_check_str(const struct node *obj, const char *key,
		   const char **ret_str, struct err *err);
/* An array of strings, appended to @sv; absent adds nothing. */
int node_check_strvec(const struct node *obj, const char *key,
		      struct strvec *sv, struct err *err);
/* An object or absent (NULL); borrowed. */
int node_check_obj(const struct node *obj, const char *key,
		   const struct node **ret_obj, struct err *err);
/* An object whose values are all strings, or absent (NULL); borrowed. */
int node_check_str_obj(const struct node *obj, const char *key,
		       const struct node **ret_obj, struct err *err);
/* An integer @min..@max or absent (*io_value stays). */
int node_check_int(const struct node *obj, const char *key, int64_t min,
		   int64_t max, int64_t *io_value, struct err *err);
/* A boolean or absent (*io_value stays). */
int node_check_bool(const struct node *obj, const char *key, bool *io_value,
		    struct err *err);
/* The members os, architecture and variant; what is absent becomes "". */
int node_check_platform(const struct node *node, struct platform *platform,
			struct err *err);

#endif
