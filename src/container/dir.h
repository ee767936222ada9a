/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/dir.h - a container's place in the store.
 *
 * containers/<id>/
 *   config.json   what was asked for; written first, so that gc sees what the
 *                 container needs
 *   upper/ work/  its writable layer (overlay drivers)
 *   root/         the tree, where nothing is laid over anything (copy driver)
 *   hosts hostname resolv.conf
 *   state.json    what became of it
 * names/<name>    a relative symlink to ../containers/<id>: taking a name is
 *                 one atomic call
 *
 * removing/<id>.<mark>  there while a process lives that will remove the
 *               container (--rm); the mark's name tells the process. It is a
 *               further name of the store's oci-layout: no file of its own
 *
 * A crash leaves a directory whose process does not live. One that was to be
 * removed is removed by whoever starts the next container.
 */
#ifndef DHOW_CONTAINER_DIR_H
#define DHOW_CONTAINER_DIR_H

#include "base/fsx.h"
#include "container/spec.h"
#include "store/store.h"

#define CONTAINER_TOMB_BYTES (FSX_TMP_NAME_BYTES + 8)
#define CONTAINER_MARK_BYTES (FSX_TMP_NAME_BYTES + CONTAINER_ID_BYTES + 16)

struct container_dir {
	struct store *store; /* borrowed */
	char path[80];       /* "containers/<id>", below the store */
	char *name;
	char mark[CONTAINER_MARK_BYTES]; /* "removing/…", or "" */
	int fd;
};

#define CONTAINER_DIR_INIT    \
	{                     \
		.fd = -EBADF, \
	}

/* Where it will be; nothing is made yet. */
void container_dir_init(struct container_dir *dir, struct store *store,
			const struct container_spec *spec);

/*
 * Make the directory, its record and its name; all or nothing. Without a name
 * @spec gets a random one.
 *
 * @lives: this process will remove it, when that was asked for (--rm)
 *
 * Returns 0, or -EEXIST when the name is taken, with who has it.
 */
int container_dir_create(struct container_dir *dir, struct container_spec *spec,
			 bool lives, struct err *err);

/* Open one that is there, to start it. As for @lives above. */
int container_dir_open(struct container_dir *dir, struct store *store,
		       const struct container_spec *spec, struct err *err);

/*
 * Remove containers and their anonymous volumes that crashed processes would
 * have removed. The caller is inside U. Failures are only logged.
 */
void container_dir_collect(struct store *store);

/*
 * Take name, directory and mark out of sight, in moments (nothing is removed
 * that has blocks on the disk); what is left to remove is @tomb, below the
 * store ("" when there was nothing).
 */
int container_dir_bury(struct container_dir *dir,
		       char tomb[CONTAINER_TOMB_BYTES], struct err *err);

/* Remove name and directory. The caller is inside U, whose ids own files. */
int container_dir_remove(struct container_dir *dir, struct err *err);
void container_dir_close(struct container_dir *dir);

/* Take a name: -EEXIST, with who has it. */
int container_dir_take_name(struct store *store, const char *id,
			    const char *name, struct err *err);
/* Give a name up, unless it is another container's by now. */
void container_dir_drop_name(struct store *store, const char *id,
			     const char *name);

#endif
