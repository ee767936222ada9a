/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/owner_mark.c - the record of owners.h on the file itself.
 */
#include "archive/owner_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>

#include "base/cleanup.h"
#include "base/fsx.h"

bool
owner_mark_parse(const char *text, size_t len, struct owner *ret_owner)
{
	cleanup_strbuf struct strbuf path = STRBUF_INIT;
	struct span rest = span_new(text, len);
	struct owner owner;

	if (owners_next(&rest, &owner, &path, NULL) != 1 || rest.len ||
	    path.len || !strchr("fdcb", owner.type))
		return false;
	*ret_owner = owner;
	return true;
}

bool
owner_mark_get(int fd, struct owner *ret_owner)
{
	char text[OWNER_MARK_MAX_BYTES];
	ssize_t len = fgetxattr(fd, OWNER_MARK_NAME, text, sizeof(text));
	char path[FSX_FD_PATH_BYTES];

	/* Attributes cannot be read from an O_PATH fd, but by its name. */
	if (len < 0 && errno == EBADF)
		len = getxattr(fsx_fd_path(fd, path), OWNER_MARK_NAME, text,
			       sizeof(text));
	return len > 0 && owner_mark_parse(text, (size_t)len, ret_owner);
}

/* -1: without a mark */
static ssize_t
read_mark(int dirfd, const char *name, char text[OWNER_MARK_MAX_BYTES])
{
	cleanup_close int fd = openat(
		dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 ? -1
		      : fgetxattr(fd, OWNER_MARK_NAME, text,
				  OWNER_MARK_MAX_BYTES);
}

bool
owner_mark_is_same(int dirfd, const char *name, int other_dirfd,
		   const char *other_name)
{
	char one[OWNER_MARK_MAX_BYTES], other[OWNER_MARK_MAX_BYTES];
	ssize_t len = read_mark(dirfd, name, one);

	return read_mark(other_dirfd, other_name, other) == len &&
	       (len <= 0 || !memcmp(one, other, (size_t)len));
}

static bool
says_nothing(const struct owner *owner)
{
	return !owner->uid && !owner->gid && !(owner->mode & 06000) &&
	       strchr("fd", owner->type);
}

int
owner_mark_set(int fd, const struct owner *owner)
{
	cleanup_strbuf struct strbuf line = STRBUF_INIT;
	int r;

	if (says_nothing(owner)) {
		r = fremovexattr(fd, OWNER_MARK_NAME);
		return r < 0 && errno != ENODATA ? -errno : 0;
	}
	owners_add_line(&line, owner, "");
	r = fsetxattr(fd, OWNER_MARK_NAME, line.buf, line.len, 0);
	return r < 0 ? -errno : 0;
}
