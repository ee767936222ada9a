/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_meta.c - owners, modes, attributes and times of a layer.
 *
 * The order matters: chown(2) clears set-id bits and file capabilities, so it
 * comes first; times come last. A file whose owner could not be set gets no
 * set-id bits: they would lend another owner's rights than was meant.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/xattr.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "archive/layer_tree.h"
#include "archive/owner_mark.h"
#include "archive/xattr_set.h"
#include "base/alloc.h"
#include "base/io.h"

#define OWNERS_BUFFER_BYTES 65536

static int
record(struct layer_tree *tree, const struct owner *owner, const char *path,
       struct err *err)
{
	if (tree->owners_fd < 0)
		return 0;
	owners_add_line(&tree->owners, owner, path);
	tree->owner_count++;
	if (tree->owners.len < OWNERS_BUFFER_BYTES)
		return 0;
	return layer_meta_flush(tree, err);
}

static struct owner
owner_of(char letter, const struct tar_entry *entry)
{
	return (struct owner){
		.type = letter,
		.mode = entry->mode,
		.uid = entry->uid,
		.gid = entry->gid,
		.dev_major = entry->dev_major,
		.dev_minor = entry->dev_minor,
	};
}

int
layer_meta_record(struct layer_tree *tree, char letter,
		  const struct tar_entry *entry, struct err *err)
{
	struct owner owner = owner_of(letter, entry);

	return record(tree, &owner, tree->path.buf, err);
}

/* Also on the file itself, for a container that copies it up. */
void
layer_meta_mark(const struct layer_tree *tree, char letter,
		const struct tar_entry *entry, int fd)
{
	struct owner owner = owner_of(letter, entry);

	/* Where there are no attributes, the record is all there is. */
	if (tree->owners_fd >= 0)
		(void)owner_mark_set(fd, &owner);
}

int
layer_meta_void(struct layer_tree *tree, struct err *err)
{
	struct owner owner = { .type = '-' };

	if (!tree->owner_count)
		return 0;
	return record(tree, &owner, tree->path.buf, err);
}

int
layer_meta_flush(struct layer_tree *tree, struct err *err)
{
	int r;

	if (!tree->owners.len)
		return 0;
	r = io_write_all(tree->owners_fd, tree->owners.buf, tree->owners.len);
	strbuf_reset(&tree->owners);
	if (r < 0)
		return err_code(err, -r, "write the record of owners");
	return 0;
}

static char
letter_of(enum tar_type type)
{
	static const char letters[] = "fdlhcbp";

	_Static_assert(sizeof(letters) == TAR_TYPE_COUNT + 1, "one each");
	return letters[type];
}

/* Returns 0; 1 when this id cannot be given to a file here; -errno. */
static int
change_owner(int dirfd, const char *name, uint32_t uid, uint32_t gid,
	     struct err *err)
{
	if (fchownat(dirfd, name, uid, gid,
		     AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0)
		return 0;
	/* EINVAL: not in the id map. EPERM: no CAP_CHOWN over it. */
	if (errno == EINVAL || errno == EPERM)
		return 1;
	return err_sys(err, "set the owner %u:%u", uid, gid);
}

/* As above; then it is recorded, and 1 is returned. */
static int
set_owner(struct layer_tree *tree, const struct tar_entry *entry, int dirfd,
	  const char *name, struct err *err)
{
	int r;

	if (tree->own || (entry->uid == tree->uid && entry->gid == tree->gid))
		return 0;
	r = change_owner(dirfd, name, entry->uid, entry->gid, err);
	if (r <= 0)
		return r;
	r = layer_meta_record(tree, letter_of(entry->type), entry, err);
	return r < 0 ? r : 1;
}

/*
 * File capabilities bound to another namespace's root (revision 3) are made
 * plain ones: the kernel binds them to ours.
 */
static struct tar_xattr
plain_caps(const struct tar_xattr *xattr, struct vfs_cap_data *room)
{
	struct tar_xattr plain = *xattr;
	struct vfs_ns_cap_data bound;

	if (xattr->len != sizeof(bound))
		return plain;
	memcpy(&bound, xattr->value, sizeof(bound));
	room->magic_etc = VFS_CAP_REVISION_2 |
			  (bound.magic_etc & VFS_CAP_FLAGS_EFFECTIVE);
	memcpy(room->data, bound.data, sizeof(room->data));
	plain.value = room;
	plain.len = sizeof(*room);
	return plain;
}

static int
set_xattr(struct layer_tree *tree, const struct tar_xattr *xattr, int fd,
	  struct err *err)
{
	struct vfs_cap_data caps;
	bool is_caps = !strcmp(xattr->name, XATTR_NAME_CAPS);
	struct tar_xattr use = is_caps ? plain_caps(xattr, &caps) : *xattr;

	if (fsetxattr(fd, use.name, use.value, use.len, 0) == 0)
		return 0;
	if (errno == EOPNOTSUPP || errno == EPERM ||
	    (errno == EINVAL && is_caps)) {
		tree->xattr_drop_count++;
		return 0;
	}
	return err_sys(err, "set the attribute '%s'", use.name);
}

int
layer_meta_set_xattrs(struct layer_tree *tree, const struct tar_entry *entry,
		      int fd, struct err *err)
{
	for (size_t i = 0; i < entry->xattr_count; i++) {
		int r;

		if (!xattr_is_carried(entry->xattrs[i].name))
			continue;
		r = set_xattr(tree, &entry->xattrs[i], fd, err);
		if (r < 0)
			return r;
	}
	return 0;
}

int
layer_meta_set(struct layer_tree *tree, const struct tar_entry *entry, int fd,
	       struct err *err)
{
	uint32_t mode = entry->mode;
	int r = set_owner(tree, entry, fd, "", err);

	if (r < 0)
		return r;
	if (r > 0) {
		layer_meta_mark(tree, 'f', entry, fd);
		mode &= ~(uint32_t)(S_ISUID | S_ISGID);
	}
	/* The file was made with the lower nine bits already. */
	if (mode & 07000 && fchmod(fd, mode) < 0)
		return err_sys(err, "set the mode %04o", mode);
	return layer_meta_set_xattrs(tree, entry, fd, err);
}

int
layer_meta_set_at(struct layer_tree *tree, const struct tar_entry *entry,
		  int dirfd, const char *name, struct err *err)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, entry->mtime };
	int r = set_owner(tree, entry, dirfd, name, err);

	if (r < 0)
		return r;
	if (utimensat(dirfd, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return err_sys(err, "set the time");
	return 0;
}

int
layer_meta_set_dir(struct layer_tree *tree, const struct layer_dir *dir, int fd,
		   struct err *err)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, dir->mtime };
	struct owner owner = {
		.type = 'd', .mode = dir->mode, .uid = dir->uid, .gid = dir->gid
	};
	struct stat st;
	int r = 0;

	if (fstat(fd, &st) < 0)
		return err_sys(err, "look at it");
	if (!tree->own && (st.st_uid != dir->uid || st.st_gid != dir->gid))
		r = change_owner(fd, "", dir->uid, dir->gid, err);
	if (r > 0 && tree->owners_fd >= 0) {
		(void)owner_mark_set(fd, &owner);
		r = record(tree, &owner, dir->path, err);
	}
	if (r < 0)
		return r;
	if ((st.st_mode & 07777) != dir->mode && fchmod(fd, dir->mode) < 0)
		return err_sys(err, "set the mode %04o", dir->mode);
	if (futimens(fd, times) < 0)
		return err_sys(err, "set the time");
	return 0;
}
