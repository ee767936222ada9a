/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_marks.c - how storage drivers write down what is deleted.
 */
#include "archive/layer_marks.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/text.h"

#define MARKS_MAX_DEPTH 512
#define MARKS_OPAQUE_FILE ".wh..wh..opq"
#define MARKS_OPAQUE_OLD ".wh..opq" /* of fuse-overlayfs alone */
#define MARKS_FUSE_PREFIX "user.fuseoverlayfs."
#define MARKS_LIST_BYTES 4096

static bool
is_yes(int fd, const char *name)
{
	char value[2];

	return fgetxattr(fd, name, value, sizeof(value)) == 1 &&
	       value[0] == 'y';
}

static bool
has_file(int dirfd, const char *name)
{
	return faccessat(dirfd, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

bool
layer_mark_is_file(const char *name)
{
	return text_starts(name, ".wh..wh.") || !strcmp(name, MARKS_OPAQUE_OLD);
}

bool
layer_mark_is_opaque(int dirfd)
{
	return is_yes(dirfd, "user.overlay.opaque") ||
	       is_yes(dirfd, MARKS_FUSE_PREFIX "opaque") ||
	       has_file(dirfd, MARKS_OPAQUE_FILE) ||
	       has_file(dirfd, MARKS_OPAQUE_OLD);
}

static void
drop_attributes(int fd)
{
	char names[MARKS_LIST_BYTES];
	ssize_t len = flistxattr(fd, names, sizeof(names));

	/* One that stays is not copied into layers either. */
	for (char *name = names; len > 0 && name < names + len;
	     name += strlen(name) + 1)
		if (text_starts(name, MARKS_FUSE_PREFIX))
			(void)fremovexattr(fd, name);
}

static int
make_whiteout(int dirfd, const char *file, const char *name, struct err *err)
{
	if (unlinkat(dirfd, file, 0) < 0)
		return err_sys(err, "remove '%s'", file);
	if (mknodat(dirfd, name, S_IFCHR, makedev(0, 0)) < 0 && errno != EEXIST)
		return err_sys(err, "make the whiteout of '%s'", name);
	return 0;
}

static int
make_opaque(int dirfd, struct err *err)
{
	if (!layer_mark_is_opaque(dirfd))
		return 0;
	if (fsetxattr(dirfd, "user.overlay.opaque", "y", 1, 0) < 0)
		return err_sys(err, "mark a directory as opaque");
	if ((unlinkat(dirfd, MARKS_OPAQUE_FILE, 0) < 0 && errno != ENOENT) ||
	    (unlinkat(dirfd, MARKS_OPAQUE_OLD, 0) < 0 && errno != ENOENT))
		return err_sys(err, "remove the mark of an opaque directory");
	return 0;
}

static int convert_dir(int dirfd, int depth, struct err *err);

static int
convert_entry(int dirfd, const struct dirent *ent, int depth, struct err *err)
{
	const char *hidden = text_after(ent->d_name, ".wh.");
	cleanup_close int fd = -EBADF;

	if (hidden && *hidden && !layer_mark_is_file(ent->d_name))
		return make_whiteout(dirfd, ent->d_name, hidden, err);
	if (ent->d_type != DT_DIR && ent->d_type != DT_REG)
		return 0;
	fd = openat(dirfd, ent->d_name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0
				       : err_sys(err, "open '%s'", ent->d_name);
	if (ent->d_type == DT_DIR)
		return convert_dir(fd, depth + 1, err);
	drop_attributes(fd);
	return 0;
}

static int
convert_dir(int dirfd, int depth, struct err *err)
{
	int own = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *dir = own < 0 ? NULL : fdopendir(own);
	struct dirent *ent;
	int r;

	if (!dir)
		return err_sys(err, "read a directory");
	if (depth > MARKS_MAX_DEPTH)
		return err_set(err, ELOOP, "directories are nested too deep");
	r = make_opaque(dirfd, err);
	drop_attributes(dirfd);
	while (r == 0 && (ent = readdir(dir)))
		if (strcmp(ent->d_name, ".") != 0 &&
		    strcmp(ent->d_name, "..") != 0)
			r = convert_entry(dirfd, ent, depth, err);
	return r;
}

int
layer_marks_to_native(int rootfd, struct err *err)
{
	int r = convert_dir(rootfd, 0, err);

	return r < 0 ? err_wrap(err, r, "convert the layer of fuse-overlayfs")
		     : 0;
}
