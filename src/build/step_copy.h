/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/step_copy.h - what COPY and ADD have in common.
 */
#ifndef DHOW_BUILD_STEP_COPY_H
#define DHOW_BUILD_STEP_COPY_H

#include "build/build_priv.h"
#include "build/layer_copy.h"

struct copy_into {
	struct step_room *room;
	const struct walk_source *source;
	const struct copy_job *job;
	const struct ignore *exclude;
	const char *dest; /* without links */
	bool is_dir;      /* files go into it, under their own names */
	bool is_taken;    /* a file was written as dest itself */
};

/* @nothing: an empty view, which must outlive @job. */
int copy_job_init(struct step_room *room, struct copy_job *job,
		  const struct view *nothing, struct err *err);
int copy_find_dest(struct step_room *room, const struct copy_job *job,
		   char **ret_dest, bool *ret_is_dir, struct err *err);
/*
 * Where a file @name goes: into dest, or as dest, which can be one file only.
 * Returns 0 or -ENOTDIR; the caller frees @ret_target.
 */
int copy_name_file(struct copy_into *into, const char *name, char **ret_target,
		   struct err *err);
/* One path that @source named. */
int copy_one_source(struct copy_into *into, const char *source,
		    const char *path, struct err *err);
/* The here-documents among the sources. */
int copy_heredocs(struct copy_into *into, struct err *err);

#endif
