/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/volume_tar.c - a volume's files as one tar archive, out and in.
 */
#include "container/volume_tar.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "archive/byte_fd.h"
#include "archive/layer_pack.h"
#include "archive/tree_pipe.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "container/volumes.h"
#include "store/volume.h"

/* The directory that a volume is: its own, or one of the host. */
static int
tar_open_data(struct store *store, const char *name,
	      const struct volume *volume, int *ret_fd, struct err *err)
{
	struct mount_spec mount = MOUNT_SPEC_INIT, truth = MOUNT_SPEC_INIT;
	int fd = -EBADF, r;

	mount.source = xstrdup(name);
	mount.target = xstrdup("/volume");
	r = volumes_resolve(store, &mount, &truth, err);
	if (r == 1 && truth.kind != MOUNT_BIND)
		r = err_set(err, EOPNOTSUPP,
			    "volume '%s' is a tmpfs, of which each container "
			    "has its own",
			    name);
	if (r >= 0) {
		fd = r ? open(truth.source, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
		       : fcntl(volume->datafd, F_DUPFD_CLOEXEC, 3);
		r = fd < 0 ? err_sys(err, "open volume '%s'", name) : 0;
	}
	mount_spec_release(&mount);
	mount_spec_release(&truth);
	if (r == 0)
		*ret_fd = fd;
	return r;
}

static int
tar_open(struct session *session, const char *name, struct volume *ret_volume,
	 int *ret_fd, struct err *err)
{
	struct store *store;
	int r = session_enter(session, false, err);

	if (r == 0)
		r = session_store(session, &store, err);
	if (r < 0)
		return r;
	r = volume_open(store, name, ret_volume, err);
	return r < 0 ? r : tar_open_data(store, name, ret_volume, ret_fd, err);
}

int
volume_tar_export(struct session *session, const char *name, int outfd,
		  struct err *err)
{
	cleanup_volume struct volume volume = VOLUME_INIT;
	cleanup_free struct byte_fd *out = xcalloc(1, sizeof(*out));
	struct byte_sink sink = byte_fd_sink(out);
	struct layer_pack_opts opts = LAYER_PACK_OPTS_INIT;
	cleanup_close int fd = -EBADF;
	int r = tar_open(session, name, &volume, &fd, err);

	if (r < 0)
		return r;
	/* Who no longer reads is an error to tell. */
	(void)signal(SIGPIPE, SIG_IGN);
	out->fd = outfd;
	opts.root_fd = fd;
	opts.whole = opts.literal = true;
	r = layer_pack(&opts, &sink, NULL, err);
	if (r == 0)
		r = byte_fd_flush(out, err);
	return r < 0 ? err_wrap(err, r, "volume '%s'", name) : 0;
}

int
volume_tar_import(struct session *session, const char *name, int infd,
		  struct err *err)
{
	cleanup_volume struct volume volume = VOLUME_INIT;
	cleanup_close int fd = -EBADF, lockfd = -EBADF;
	struct tree_receive receive = { .archive = true,
					.replaces = true,
					.keep_owners = true };
	int r = tar_open(session, name, &volume, &fd, err);

	/* What an image has there no longer comes in. */
	if (r == 0)
		r = volume_begin_copy_up(&volume, &lockfd, err);
	if (r < 0)
		return r;
	receive.to = (struct tree_end){ .rootfd = fd, .path = "/" };
	r = tree_pipe_receive(&receive, infd, NULL, err);
	if (r == 0 && lockfd >= 0)
		r = volume_end_copy_up(&volume, err);
	return r < 0 ? err_wrap(err, r, "volume '%s'", name) : 0;
}
