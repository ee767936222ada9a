/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_tree.h - entries of a layer archive become files.
 *
 * One tree is written by one thread, and by nobody else at the same time.
 * Directories get their owner, mode and time in layer_tree_finish(), when
 * nothing is written into them any more.
 */
#ifndef DHOW_ARCHIVE_LAYER_TREE_H
#define DHOW_ARCHIVE_LAYER_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "archive/file_queue.h"
#include "archive/tar_reader.h"
#include "base/err.h"
#include "base/strbuf.h"

/* What a directory shall become in the end. */
struct layer_dir {
	char *path;
	uint32_t mode;
	uint32_t uid;
	uint32_t gid;
	struct timespec mtime;
};

struct layer_tree {
	int rootfd; /* O_PATH */
	/*
	 * The tree is no layer, but a place with files of its own: ".wh.NAME"
	 * is a name as any other, the root stays as it is, directories that
	 * are there too, and a directory is not replaced by something else
	 * or the other way round (-EISDIR, -ENOTDIR) unless replaces is set.
	 */
	bool plain;
	bool replaces;
	int owners_fd;
	uid_t uid; /* what new files belong to by themselves */
	gid_t gid;
	struct strbuf owners;      /* lines to be written to owners_fd */
	struct strbuf path;        /* cleaned, of the entry being added */
	struct strbuf link;        /* the same of a hard link's target */
	struct strbuf parent_path; /* the directory that is held open */
	int parentfd;              /* O_PATH, -EBADF: none */
	struct layer_dir *dirs;
	size_t dir_count, dir_cap;
	size_t dir_bytes;
	bool own; /* all belongs to the caller; no devices */
	/* Finishes small files; NULL: nobody else does. Borrowed. */
	struct file_queue *queue;
	uint64_t file_bytes;
	uint64_t owner_count;
	uint64_t xattr_drop_count;
};

/* @root_fd and @owners_fd (or -1) are borrowed until the release. */
int layer_tree_init(struct layer_tree *tree, int root_fd, int owners_fd,
		    struct err *err);
/* A tree that is plain; what is there of it stays. */
int layer_tree_init_plain(struct layer_tree *tree, int root_fd, bool replaces,
			  struct err *err);

/* Make one entry, its content taken from @reader. Errors: layer_unpack.h. */
int layer_tree_add(struct layer_tree *tree, const struct tar_entry *entry,
		   struct tar_reader *reader, struct err *err);

int layer_tree_finish(struct layer_tree *tree, struct err *err);

void layer_tree_release(struct layer_tree *tree);

/*
 * The rest is between layer_tree.c, layer_entry.c and layer_meta.c.
 * @dirfd and @name: the place of tree->path.
 */

/* Borrow the directory of @path's first @dir_len bytes, made when missing. */
int layer_tree_parent(struct layer_tree *tree, const char *path, size_t dir_len,
		      struct err *err);
/* Remove what is in an entry's place. */
int layer_tree_clear(struct layer_tree *tree, int dirfd, const char *name,
		     struct err *err);
/* A new directory; what else was in its place goes, lower layers' too. */
int layer_tree_mkdir(struct layer_tree *tree, int dirfd, const char *name,
		     mode_t mode, struct err *err);
/* Whiteouts: of one name, of everything below. */
int layer_tree_whiteout(struct layer_tree *tree, int dirfd, const char *name,
			struct err *err);
int layer_tree_opaque(int dirfd, const char *name, struct err *err);

/* Make a plain entry of any type. */
int layer_entry_make(struct layer_tree *tree, const struct tar_entry *entry,
		     int dirfd, const char *name, struct tar_reader *reader,
		     struct err *err);

/* Owner, mode and attributes of a file open for writing; not its time. */
int layer_meta_set(struct layer_tree *tree, const struct tar_entry *entry,
		   int fd, struct err *err);
/* Owner and time of what has no fd: symlinks, fifos, devices. */
int layer_meta_set_at(struct layer_tree *tree, const struct tar_entry *entry,
		      int dirfd, const char *name, struct err *err);
/* Only attributes, of a directory open for reading. */
int layer_meta_set_xattrs(struct layer_tree *tree,
			  const struct tar_entry *entry, int fd,
			  struct err *err);
/* What a directory shall become; @path below the root. */
int layer_meta_set_dir(struct layer_tree *tree, const struct layer_dir *dir,
		       int fd, struct err *err);
/* Write down what could not be set; @letter of owners.h. */
int layer_meta_record(struct layer_tree *tree, char letter,
		      const struct tar_entry *entry, struct err *err);
/* The same on the file, for a container that copies it up; as it can be. */
void layer_meta_mark(const struct layer_tree *tree, char letter,
		     const struct tar_entry *entry, int fd);
/* What was recorded of tree->path and below holds no longer. */
int layer_meta_void(struct layer_tree *tree, struct err *err);
int layer_meta_flush(struct layer_tree *tree, struct err *err);

#endif
