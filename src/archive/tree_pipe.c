/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/tree_pipe.c - a file or a directory through a pipe, as a tar stream.
 */
#include "archive/tree_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/byte_fd.h"
#include "archive/layer_pack.h"
#include "archive/layer_tree.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/text.h"

#define TREE_MAX_LINKS 40 /* as the kernel's own */

/* A path cut into the directory and the name in it. */
struct tree_place {
	char *dir;  /* "" is the working directory, or the root */
	char *name; /* "" when the path is a directory for certain */
	bool slash; /* it ended with one */
};

static void
tree_place_release(struct tree_place *place)
{
	free(place->dir);
	free(place->name);
}

#define cleanup_tree_place cleanup_release(tree_place_release)

static void
tree_cut(const char *path, struct tree_place *place)
{
	size_t len = strlen(path), at;

	tree_place_release(place);
	while (len > 1 && path[len - 1] == '/')
		len--;
	place->slash = path[len] == '/' || len == 0;
	for (at = len; at > 0 && path[at - 1] != '/';)
		at--;
	place->dir = xstrndup(path, at);
	place->name = xstrndup(path + at, len - at);
	if (!strcmp(place->name, ".") || !strcmp(place->name, "..") ||
	    !*place->name || !strcmp(place->name, "/")) {
		free(place->dir);
		place->dir = xstrdup(path);
		*place->name = '\0';
	}
}

char *
tree_pipe_base(const char *path)
{
	cleanup_tree_place struct tree_place place = { .dir = NULL };

	tree_cut(path, &place);
	return *place.name ? take_ptr(place.name) : NULL;
}

/* Returns an fd or -errno. */
static int
tree_open(const struct tree_end *end, const char *path, int flags,
	  struct err *err)
{
	int fd;

	if (end->rootfd >= 0)
		return fsx_openat_in_root(end->rootfd, *path ? path : "/",
					  flags, 0, err);
	fd = open(*path ? path : ".", flags | O_CLOEXEC);
	return fd < 0 ? err_sys(err, "open '%s'", path) : fd;
}

static int
tree_open_dir(const struct tree_end *end, const char *path, struct err *err)
{
	return tree_open(end, path, O_RDONLY | O_DIRECTORY, err);
}

/*
 * Where a path leads once symlinks at its end were followed, in the root of
 * @end. Returns a fd of the directory that has, or would have, place->name;
 * *ret_st is zeroed when it has not.
 */
static int
tree_find(const struct tree_end *end, bool follow, struct tree_place *place,
	  struct stat *ret_st, struct err *err)
{
	cleanup_free char *path = xstrdup(end->path);

	for (int i = 0; i < TREE_MAX_LINKS; i++) {
		cleanup_strbuf struct strbuf target = STRBUF_INIT;
		cleanup_close int fd = -EBADF;
		bool slash = place->slash && i > 0;

		tree_cut(path, place);
		place->slash |= slash;
		fd = tree_open_dir(end, place->dir, err);
		if (fd == -ENOENT)
			return err_set(err, ENOENT,
				       "'%s': there is no directory '%s'",
				       end->path, place->dir);
		if (fd < 0)
			return fd;
		*ret_st = (struct stat){ .st_mode = 0 };
		if (fstatat(fd, *place->name ? place->name : ".", ret_st,
			    AT_SYMLINK_NOFOLLOW) < 0 &&
		    errno != ENOENT)
			return err_sys(err, "look at '%s'", path);
		if (!S_ISLNK(ret_st->st_mode) || (!follow && !place->slash))
			return take_fd(fd);
		if (fsx_readlink(fd, place->name, &target) < 0)
			return err_sys(err, "read the link '%s'", path);
		free(path);
		path = *target.buf == '/'
			       ? xstrdup(target.buf)
			       : xasprintf("%s%s", place->dir, target.buf);
	}
	return err_set(err, ELOOP, "too many links at '%s'", end->path);
}

int
tree_pipe_send(const struct tree_end *from, bool follow, int outfd,
	       uint64_t *ret_bytes, struct err *err)
{
	cleanup_tree_place struct tree_place place = { .dir = NULL };
	cleanup_free struct byte_fd *out = xcalloc(1, sizeof(*out));
	cleanup_free char *base = tree_pipe_base(from->path);
	struct byte_sink sink = byte_fd_sink(out);
	struct layer_pack_opts opts = LAYER_PACK_OPTS_INIT;
	cleanup_close int fd = -EBADF;
	struct stat st;
	int r;

	fd = tree_find(from, follow, &place, &st, err);
	if (fd < 0)
		return fd;
	if (!st.st_mode)
		return err_set(err, ENOENT, "there is no '%s'", from->path);
	if (place.slash && !S_ISDIR(st.st_mode))
		return err_set(err, ENOTDIR, "'%s' is no directory",
			       from->path);
	out->fd = outfd;
	opts.root_fd = fd;
	opts.literal = true;
	r = layer_pack_entry(&opts, *place.name ? place.name : NULL,
			     base ?: place.name, &sink, NULL, err);
	if (r == 0)
		r = byte_fd_flush(out, err);
	if (r == 0 && ret_bytes)
		*ret_bytes = out->bytes;
	return r;
}

/* One archive on its way in. */
struct receiver {
	const struct tree_receive *receive;
	struct tar_reader *reader;
	struct layer_tree tree;
	char *name; /* of what is received; NULL: as the archive says */
	struct strbuf path, link;
};

static int
receive_fit(struct receiver *receiver, bool is_dir, struct err *err)
{
	const struct tree_receive *receive = receiver->receive;
	const char *path = receive->to.path;
	cleanup_tree_place struct tree_place place = { .dir = NULL };
	cleanup_close int fd = -EBADF, dirfd = -EBADF;
	struct stat st;
	bool into;

	fd = tree_find(&receive->to, true, &place, &st, err);
	if (fd < 0)
		return fd;
	into = S_ISDIR(st.st_mode);
	if (st.st_mode && !into && (receive->archive || place.slash))
		return err_set(err, ENOTDIR, "'%s' is no directory", path);
	if (st.st_mode && !into && is_dir && !receive->replaces)
		return err_set(err, ENOTDIR,
			       "cannot copy a directory onto the file '%s'",
			       path);
	if (!st.st_mode && (receive->archive || (place.slash && !is_dir)))
		return err_set(err, ENOENT, "there is no directory '%s'", path);
	/* What is in a directory goes into one, made for it. */
	if (!st.st_mode && !receive->base) {
		if (mkdirat(fd, place.name, 0755) < 0)
			return err_sys(err, "make '%s'", path);
		into = true;
	}
	if (into && !receive->archive && receive->base)
		receiver->name = xstrdup(receive->base);
	else if (!into)
		receiver->name = xstrdup(place.name);
	if (!into || !*place.name)
		return layer_tree_init_plain(&receiver->tree, fd,
					     receive->replaces, err);
	dirfd = openat(fd, place.name,
		       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dirfd < 0)
		return err_sys(err, "open '%s'", path);
	return layer_tree_init_plain(&receiver->tree, dirfd, receive->replaces,
				     err);
}

/* The first component becomes the name that the copy shall have. */
static const char *
receive_rename(const struct receiver *receiver, const char *path,
	       struct strbuf *sb)
{
	const char *rest = strchr(path, '/');

	if (!receiver->name)
		return path;
	strbuf_reset(sb);
	strbuf_addf(sb, "%s%s", receiver->name, rest ?: "");
	return sb->buf;
}

static int
receive_entry(struct receiver *receiver, const struct tar_entry *from,
	      struct err *err)
{
	const struct tree_receive *receive = receiver->receive;
	struct tar_entry entry = *from;

	entry.path = receive_rename(receiver, from->path, &receiver->path);
	if (entry.type == TAR_HARDLINK)
		entry.link =
			receive_rename(receiver, from->link, &receiver->link);
	if (!receive->keep_owners) {
		entry.uid = receive->uid;
		entry.gid = receive->gid;
	}
	if (receive->drop_setid)
		entry.mode &= 01777;
	return layer_tree_add(&receiver->tree, &entry, receiver->reader, err);
}

static int
receive_all(struct receiver *receiver, struct err *err)
{
	const struct tar_entry *entry;
	bool first = true;
	int r;

	while ((r = tar_reader_next(receiver->reader, &entry, err)) > 0) {
		if (first)
			r = receive_fit(receiver,
					entry->type == TAR_DIR ||
						!receiver->receive->base,
					err);
		first = false;
		if (r >= 0)
			r = receive_entry(receiver, entry, err);
		if (r < 0)
			return r;
	}
	/* Nothing came: the destination has to fit all the same. */
	if (r == 0 && first)
		r = receive_fit(receiver, true, err);
	if (r == 0)
		r = layer_tree_finish(&receiver->tree, err);
	return r < 0 ? r : tar_reader_drain(receiver->reader, err);
}

int
tree_pipe_receive(const struct tree_receive *receive, int infd,
		  uint64_t *ret_bytes, struct err *err)
{
	cleanup_free struct byte_fd *in = xcalloc(1, sizeof(*in));
	struct byte_source source = byte_fd_source(in);
	struct receiver receiver = {
		.receive = receive,
		.reader = tar_reader_new(&source),
		.tree = { .rootfd = -EBADF, .parentfd = -EBADF },
		.path = STRBUF_INIT,
		.link = STRBUF_INIT,
	};
	mode_t mask = umask(0);
	int r;

	in->fd = infd;
	r = receive_all(&receiver, err);
	(void)umask(mask);
	layer_tree_release(&receiver.tree);
	tar_reader_free(receiver.reader);
	free(receiver.name);
	strbuf_release(&receiver.path);
	strbuf_release(&receiver.link);
	if (r == 0 && ret_bytes)
		*ret_bytes = in->bytes;
	return r;
}
