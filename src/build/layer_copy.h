/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/layer_copy.h - writing a step's layer: COPY, ADD, WORKDIR.
 *
 * Files are written straight into the step's upper directory. What is below
 * it is only read: a directory that is there below is made again in the upper
 * with its own mode, owner and time, so that the layer changes nothing else
 * about it. Nothing is ever deleted, so no whiteouts are needed.
 */
#ifndef DHOW_BUILD_LAYER_COPY_H
#define DHOW_BUILD_LAYER_COPY_H

#include <stdint.h>

#include "build/walk.h"

struct copy_job {
	const struct view *below; /* the step's parents; empty with --link */
	int upperfd;
	struct strbuf *owners; /* record of archive/owners.h */
	bool has_owner;        /* --chown */
	uid_t uid;
	gid_t gid;
	const char *chmod; /* --chmod, checked; or NULL */
	bool parents;      /* --parents: a new destination is a directory of
			      the source, else one like any other */
	bool drop_setid;   /* on the host, as another's program would be ours */
	bool has_epoch;    /* time of what has none of its own */
	int64_t epoch;
};

/* Where a destination leads. */
struct copy_dest {
	char *path; /* without links; no leading '/' */
	bool is_dir;
	bool exists;
};

/*
 * Follow @path in what the step sees, its own files included.
 * @ret_dest: path is the caller's.
 */
int copy_dest_find(const struct copy_job *job, const char *path,
		   struct copy_dest *ret_dest, struct err *err);

/*
 * Copy what is at @path of @source to @dest (without links): a directory's
 * content into the directory @dest, anything else as @dest itself. Missing
 * parents are made.
 *
 * Returns 0; -EEXIST when a directory would be replaced by something else or
 * the other way round; or what reading and writing failed of.
 */
int copy_tree(const struct copy_job *job, const struct walk_source *source,
	      const char *path, const char *dest, const struct ignore *exclude,
	      struct err *err);

/* Write a file of these bytes; @mode before --chmod. */
int copy_bytes(const struct copy_job *job, const char *dest, const void *data,
	       size_t len, mode_t mode, struct err *err);

/* Write the file @fd with mtime @seconds. */
int copy_fd(const struct copy_job *job, const char *dest, int fd, mode_t mode,
	    int64_t seconds, struct err *err);

/* Make a directory and its parents, all with the job's owner. */
int copy_mkdir(const struct copy_job *job, const char *dest, struct err *err);

/*
 * Between copy.c and layer_copy_file.c: one directory that is written into.
 */
struct copy_level {
	int fd;                /* in the upper */
	struct view_dir lower; /* the same one below */
	char *path;
	struct timespec mtime; /* as it shall be in the end */
};

/* What a file is made of. */
struct copy_meta {
	mode_t mode; /* type and permissions */
	uid_t uid;
	gid_t gid;
	dev_t rdev;
	struct timespec mtime;
};

struct copy_meta copy_meta_of(const struct copy_job *job,
			      const struct walk_source *source,
			      const struct stat *st);

/* What @fd, of a stage, is marked as (archive/owner_mark.h). */
void copy_meta_mark(const struct copy_job *job, int fd, struct copy_meta *meta);

/* Owner, mode and time of a directory; it is closed by the caller. */
int copy_set_dir(const struct copy_job *job, const struct copy_level *level,
		 const struct copy_meta *meta, struct err *err);

/*
 * Make the file @name in @level from the open file @fd (-1: from @data).
 */
struct copy_file {
	const struct copy_level *level;
	const char *name;
	struct copy_meta meta;
	int fd;
	const void *data;
	size_t len;
	bool xattrs; /* take those of fd over */
};
int copy_file_write(const struct copy_job *job, const struct copy_file *file,
		    struct err *err);
/* A link, a fifo, a device. @target: of a link. */
int copy_special_write(const struct copy_job *job, const struct copy_file *file,
		       const char *target, struct err *err);
/* What may not be replaced: -EEXIST for a directory of any layer. */
int copy_clear(const struct copy_level *level, const char *name,
	       struct err *err);

#endif
