/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/ids.c - who is who: container ids, the user namespace U, the host.
 */
#include "container/ids.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/text.h"
#include "container/rootfs.h"
#include "spec/user.h"

/*
 * The user as the image's layers tell, before anything is mounted: good for
 * choosing maps. A name that only other files explain means root here.
 */
static void
ids_guess_user(const struct container_spec *spec, struct store *store,
	       uint32_t *ret_uid, uint32_t *ret_gid)
{
	cleanup_strbuf struct strbuf passwd = STRBUF_INIT;
	cleanup_strbuf struct strbuf group = STRBUF_INIT;
	struct user user;

	*ret_uid = *ret_gid = 0;
	if (!*spec->user || !strcmp(spec->user, "0") ||
	    !strcmp(spec->user, "root"))
		return;
	(void)rootfs_peek(store, spec, "etc/passwd", USER_FILE_MAX_BYTES,
			  &passwd);
	(void)rootfs_peek(store, spec, "etc/group", USER_FILE_MAX_BYTES,
			  &group);
	if (user_resolve(spec->user, span_new(passwd.buf, passwd.len),
			 span_new(group.buf, group.len), NULL, &user, NULL) < 0)
		return;
	*ret_uid = user.uid;
	*ret_gid = user.gid;
	user_release(&user);
}

/* Some writable bind mount shows a directory that is yours. */
static bool
ids_shares_yours(const struct container_spec *spec, uid_t host_uid)
{
	for (size_t i = 0; i < spec->mounts.len; i++) {
		const struct mount_spec *mount = &spec->mounts.items[i];
		struct stat st;

		/* We are in U by now, where the caller's own uid is 0. */
		if (mount->kind == MOUNT_BIND && !mount->readonly &&
		    mount->source && stat(mount->source, &st) == 0 &&
		    S_ISDIR(st.st_mode) && st.st_uid == 0 && host_uid != 0)
			return true;
	}
	return false;
}

static void
ids_choose_single(struct ids *ids, const struct idspace *space)
{
	ids->single = true;
	ids->deny_setgroups = true;
	/* Without a network U is left out, and the parent is the host's. */
	idmap_add(&ids->uids, ids->you_uid, space->entered ? 0 : space->uid, 1);
	idmap_add(&ids->gids, ids->you_gid, space->entered ? 0 : space->gid, 1);
}

int
ids_choose(const struct container_spec *spec, struct store *store,
	   const struct idspace *space, struct ids *ret_ids, struct err *err)
{
	struct ids ids = { .you_uid = 0 };
	uint32_t uid, gid;

	ids_guess_user(spec, store, &uid, &gid);
	if (spec->ids_mode == IDS_KEEP) {
		ids.you_uid = spec->keep_uid;
		ids.you_gid = spec->keep_gid;
	} else if (space->mode == ID_MODE_SINGLE ||
		   (spec->ids_mode == IDS_AUTO && uid != 0 &&
		    ids_shares_yours(spec, space->uid))) {
		ids.you_uid = uid;
		ids.you_gid = gid;
	}
	if (space->mode == ID_MODE_SINGLE) {
		ids_choose_single(&ids, space);
		*ret_ids = ids;
		return 0;
	}
	if (idmap_to_outside(&space->uids, ids.you_uid) == IDMAP_UNMAPPED ||
	    idmap_to_outside(&space->gids, ids.you_gid) == IDMAP_UNMAPPED) {
		(void)err_set(err, EINVAL,
			      "user %u:%u is outside the ids of this account",
			      ids.you_uid, ids.you_gid);
		err_hint(err, "ids 0 to %u can be used; more sub-ids make more",
			 idmap_span(&space->uids) - 1);
		return -EINVAL;
	}
	idmap_swapped(&space->uids, 0, ids.you_uid, &ids.uids);
	idmap_swapped(&space->gids, 0, ids.you_gid, &ids.gids);
	ids.permuted = ids.you_uid != 0 || ids.you_gid != 0;
	*ret_ids = ids;
	return 0;
}

static int
ids_read_file(int rootfd, const char *path, struct strbuf *sb, struct err *err)
{
	int r = fsx_read_in_root(rootfd, path, USER_FILE_MAX_BYTES, sb, err);

	/* Many images have neither file: numbers need none. */
	if (r == -ENOENT || r == -ENOTDIR || r == -ELOOP) {
		err_reset(err);
		return 0;
	}
	return r;
}

static int
ids_check_mapped(const struct ids *ids, const struct user *user,
		 struct err *err)
{
	if (idmap_to_outside(&ids->uids, user->uid) != IDMAP_UNMAPPED &&
	    idmap_to_outside(&ids->gids, user->gid) != IDMAP_UNMAPPED)
		return 0;
	(void)err_set(err, EINVAL,
		      "user %u:%u is outside the ids of this account",
		      user->uid, user->gid);
	if (ids->single)
		err_hint(
			err,
			"without sub-ids a container has one user: run 'dhow doctor'");
	else
		err_hint(err, "ids 0 to %u can be used; more sub-ids make more",
			 idmap_span(&ids->uids) - 1);
	return -EINVAL;
}

static int
ids_fill_late(const struct ids *ids, const struct user *user,
	      struct rt_late *late, struct err *err)
{
	int n;

	late->uid = user->uid;
	late->gid = user->gid;
	late->group_count = 0;
	for (size_t i = 0; i < user->group_count; i++)
		if (idmap_to_outside(&ids->gids, user->groups[i]) !=
		    IDMAP_UNMAPPED)
			late->groups[late->group_count++] = user->groups[i];
	n = snprintf(late->home_env, sizeof(late->home_env), "HOME=%s",
		     user->home);
	if (n < 0 || (size_t)n >= sizeof(late->home_env))
		return err_set(err, EINVAL,
			       "home directory of uid %u is too long",
			       user->uid);
	return 0;
}

int
ids_resolve(const struct container_spec *spec, const struct ids *ids,
	    int rootfd, struct rt_late *late, struct err *err)
{
	cleanup_strbuf struct strbuf passwd = STRBUF_INIT;
	cleanup_strbuf struct strbuf group = STRBUF_INIT;
	struct user user;
	char number[32];
	const char *who = spec->user;
	int r;

	/* --userns keep-id: you stay you, unless another user is asked for. */
	if (spec->ids_mode == IDS_KEEP && !*who) {
		(void)snprintf(number, sizeof(number), "%u:%u", ids->you_uid,
			       ids->you_gid);
		who = number;
	}
	r = ids_read_file(rootfd, "/etc/passwd", &passwd, err);
	if (r == 0)
		r = ids_read_file(rootfd, "/etc/group", &group, err);
	if (r == 0)
		r = user_resolve(who, span_new(passwd.buf, passwd.len),
				 span_new(group.buf, group.len),
				 &spec->group_add, &user, err);
	if (r < 0)
		return r;
	r = ids_check_mapped(ids, &user, err);
	if (r == 0)
		r = ids_fill_late(ids, &user, late, err);
	user_release(&user);
	return r;
}
