/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/load_priv.h - what loading, including and extending share.
 */
#ifndef DHOW_COMPOSE_LOAD_PRIV_H
#define DHOW_COMPOSE_LOAD_PRIV_H

#include "compose/loader.h"
#include "compose/merge.h"

/* A document on its way, and where it comes from. */
struct load_doc {
	struct node *node; /* canonical; owned */
	struct merge_cuts cuts;
	const char *file; /* its path */
	const struct project_env *env;
};

/* Append the canonical documents of @path. @from: who names it, or NULL. */
int load_read(struct load *load, const char *path, const struct node *from,
	      struct node **ret_docs);
/* Variables, checks, long forms. */
void load_prepare(struct load *load, struct load_doc *doc);

/* Import what "include:" names, below what the document says itself. */
void load_include(struct load *load, struct load_doc *doc);
/* Replace services that extend others by the whole. */
void load_extends(struct load *load, struct load_doc *doc);

/* The directory of a file; "-" stands in the current one. Owned. */
char *load_dir_of(const char *file);

#endif
