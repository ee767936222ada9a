/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/run_owners.c - whose files a command made that was not root, with one
 * id.
 *
 * As USER, the one id is that user's, but to the layer it is the account's,
 * which stands for root. So what is new is recorded as the user's. What was
 * there below stays whose it was.
 *
 * As root, a command may have stepped down for a while ("su app -c ..."), and
 * the files do not tell when. But a user makes them where it may, and root
 * seldom there: what is new in a directory of who was stepped down to is taken
 * as that user's, too.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "archive/owner_mark.h"
#include "base/cleanup.h"
#include "base/strvec.h"
#include "build/run_mounts.h"
#include "runtime/step_down.h"

struct owning {
	struct step_room *room;
	struct owner owner; /* USER */
	struct strbuf path; /* below the upper directory */
};

static int own_dir(struct owning *owning, int fd, const struct view_dir *below,
		   struct err *err);

static void
own_new(struct owning *owning, const struct owner *whose, int dirfd,
	const char *name, const struct stat *st)
{
	struct owner owner = *whose;
	cleanup_close int fd = -EBADF;

	if (S_ISDIR(st->st_mode) || S_ISREG(st->st_mode))
		fd = openat(dirfd, name,
			    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	/* A mark says that the command itself gave it to somebody. */
	if (fd >= 0 && owner_mark_get(fd, &owner))
		return;
	owner.mode = st->st_mode & 07777;
	owner.type = S_ISDIR(st->st_mode)   ? 'd'
		     : S_ISLNK(st->st_mode) ? 'l'
		     : S_ISREG(st->st_mode) ? 'f'
					    : 'p';
	owners_add_line(&owning->room->owners, &owner, owning->path.buf);
	/* Where there are no attributes, the record is all there is. */
	if (fd >= 0)
		(void)owner_mark_set(fd, &owner);
}

static int
own_entry(struct owning *owning, const struct owner *whose, int dirfd,
	  const char *name, const struct view_dir *below, struct err *err)
{
	struct view_node node = { .dirfd = -EBADF };
	bool is_below = below && view_lookup(below, name, &node, NULL) == 0;
	bool is_merged;
	struct stat st;
	int r = 0;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "look at '%s'", owning->path.buf);
	is_merged = is_below && S_ISDIR(st.st_mode) && S_ISDIR(node.st.st_mode);
	if (whose && !is_below && !(S_ISCHR(st.st_mode) && !st.st_rdev))
		own_new(owning, whose, dirfd, name, &st);
	if (S_ISDIR(st.st_mode)) {
		cleanup_close int fd =
			openat(dirfd, name,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		r = fd < 0 ? err_sys(err, "open '%s'", owning->path.buf)
			   : own_dir(owning, fd, is_merged ? &node.sub : NULL,
				     err);
	}
	view_node_release(&node);
	return r;
}

/* Whose is what is new in the directory? NULL: root's. */
static const struct owner *
whose_in(const struct owning *owning, int fd, struct owner *of_dir)
{
	if (owning->owner.uid || owning->owner.gid)
		return &owning->owner;
	return owner_mark_get(fd, of_dir) &&
			       step_down_has(owning->room->down, of_dir->uid)
		       ? of_dir
		       : NULL;
}

static int
own_dir(struct owning *owning, int fd, const struct view_dir *below,
	struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	size_t len = owning->path.len;
	struct owner of_dir;
	const struct owner *whose = whose_in(owning, fd, &of_dir);
	int r = run_list_names(fd, &names, err);

	for (size_t i = 0; r == 0 && i < names.len; i++) {
		strbuf_addf(&owning->path, "%s%s", len ? "/" : "", names.v[i]);
		r = own_entry(owning, whose, fd, names.v[i], below, err);
		strbuf_truncate(&owning->path, len);
	}
	return r;
}

int
run_own_new(struct step_room *room, uid_t uid, gid_t gid, struct err *err)
{
	struct owning owning = { .room = room,
				 .owner = { .uid = uid, .gid = gid },
				 .path = STRBUF_INIT };
	int r;

	if (!uid && !gid && (!room->down || !room->down->user_count))
		return 0;
	r = own_dir(&owning, room->upperfd, &room->below.root, err);

	strbuf_release(&owning.path);
	return r;
}
