/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/loader.h - files to one merged tree in long form.
 *
 * For each document: replace variables, take !reset and !override out, check,
 * write short forms out, import what is included, extend services, merge.
 */
#ifndef DHOW_COMPOSE_LOADER_H
#define DHOW_COMPOSE_LOADER_H

#include "compose/diag.h"
#include "compose/project_env.h"
#include "data/node.h"

#define LOAD_MAX_BYTES (16U << 20) /* of one file */
#define LOAD_MAX_DEPTH 32          /* of files within files */
#define LOAD_MAX_FILES 1000

struct load {
	struct diag *diag;
	int flags;           /* enum schema_flags */
	struct strvec chain; /* files that include or extend each other */
	size_t file_count;
	struct node *raw; /* array: every document as written; or NULL */
	/* Told what "name:" says last, before variables are replaced. */
	void (*named)(void *data, const struct node *name);
	void *data;
};

#define LOAD_INIT                    \
	{                            \
		.chain = STRVEC_INIT \
	}

/*
 * Load @files, the later ones over the earlier ones.
 *
 * @from:      the list that names them, for what is wrong with one; or NULL
 * @ret_model: an object, also when @load->diag has errors
 */
void load_files(struct load *load, const struct strvec *files,
		const struct node *from, const struct project_env *env,
		struct node **ret_model);
void load_release(struct load *load);

/* One text, as a file called @name would be (for tests). */
void load_text(struct load *load, struct span text, const char *name,
	       const struct project_env *env, struct node *model);

#endif
