/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/idspace.c - the user namespace that all of a user's containers share.
 *
 * State: holders/<pid> in the run directory, holders.lock beside them. Each is
 * a symlink whose target tells the process ("STARTTICKS BOOTID"): made whole
 * by one call. A crash leaves one whose process does not live: whoever reads
 * it next removes it.
 */
#include "conf/idspace.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/strvec.h"
#include "base/units.h"
#include "conf/subid.h"
#include "sys/ns.h"

#define IDSPACE_HOLDERS "holders"
#define IDSPACE_LOCK "holders.lock"
#define IDSPACE_HOLDER_BYTES 96

const char *
idspace_mode_name(enum id_mode mode)
{
	static const char *const names[] = { "range", "single", "root" };

	static_assert(ARRAY_LEN(names) == ID_MODE_COUNT, "one name each");
	return names[mode];
}

/* Root maps what it has itself: all ids, or those of an outer container. */
static int
idspace_detect_root(struct idspace *ids, struct err *err)
{
	ids->mode = ID_MODE_ROOT;
	ids->why = "started as root";
	for (int i = 0; i < 2; i++) {
		struct idmap *map = i ? &ids->gids : &ids->uids;
		int r;

		r = idmap_read(i ? "/proc/self/gid_map" : "/proc/self/uid_map",
			       map, err);
		if (r < 0)
			return r;
		for (size_t k = 0; k < map->len; k++)
			map->extents[k].outside = map->extents[k].inside;
	}
	return 0;
}

void
idspace_init(struct idspace *ids)
{
	*ids = (struct idspace){ .uid = geteuid(), .gid = getegid() };
}

static void
idspace_set_single(struct idspace *ids, const char *why)
{
	ids->mode = ID_MODE_SINGLE;
	ids->why = why;
	ids->uids = (struct idmap){ .len = 0 };
	ids->gids = (struct idmap){ .len = 0 };
	idmap_add(&ids->uids, 0, ids->uid, 1);
	idmap_add(&ids->gids, 0, ids->gid, 1);
}

int
idspace_detect(struct idspace *ids, struct err *err)
{
	const char *forced = getenv("DHOW_ID_MODE");

	if (forced && !strcmp(forced, "single")) {
		idspace_set_single(ids, "DHOW_ID_MODE=single");
		return 0;
	}
	if (forced && *forced) {
		(void)err_set(err, EINVAL, "DHOW_ID_MODE '%s' is unknown",
			      forced);
		err_hint(err, "it may be unset, empty or 'single'");
		return -EINVAL;
	}
	if (ids->uid == 0)
		return idspace_detect_root(ids, err);
	idspace_set_single(ids, NULL);
	if (subid_add(SUBID_USER, ids->uid, &ids->uids) <= 0 ||
	    subid_add(SUBID_GROUP, ids->uid, &ids->gids) <= 0) {
		idspace_set_single(ids,
				   "no sub-ids in /etc/subuid and /etc/subgid");
	} else if (!subid_has_helpers()) {
		idspace_set_single(ids, "newuidmap is not installed");
	} else {
		ids->mode = ID_MODE_RANGE;
		ids->why = "sub-ids of /etc/subuid and /etc/subgid";
	}
	return 0;
}

/* What the namespace that was joined has, as its maps say. */
static int
idspace_learn(struct idspace *ids, struct err *err)
{
	int r;

	r = idmap_read("/proc/self/uid_map", &ids->uids, err);
	if (r == 0)
		r = idmap_read("/proc/self/gid_map", &ids->gids, err);
	if (r < 0)
		return r;
	ids->mode = idmap_span(&ids->uids) == 1 ? ID_MODE_SINGLE
		    : ids->uid == 0             ? ID_MODE_ROOT
						: ID_MODE_RANGE;
	ids->why = "as the containers that already run";
	return 0;
}

static int
idspace_read_holder(int dirfd, const char *name, struct proc_ident *ret_ident)
{
	char text[IDSPACE_HOLDER_BYTES];
	ssize_t len = readlinkat(dirfd, name, text, sizeof(text) - 1);
	struct proc_ident ident = { 0 };
	uint64_t pid;

	if (len < 0)
		return -ENOENT;
	text[len] = '\0';
	if (sscanf(text, "%" SCNu64 " %39s", &ident.start_ticks,
		   ident.boot_id) != 2 ||
	    units_parse_u64(name, 1, INT32_MAX, &pid, NULL) < 0)
		return -EBADMSG;
	ident.pid = (pid_t)pid;
	*ret_ident = ident;
	return 0;
}

/* Enter the namespace of one holder; -ESRCH when it is gone. */
static int
idspace_join_holder(const struct proc_ident *ident)
{
	cleanup_close int fd = -EBADF;

	if (!proc_is_alive(ident))
		return -ESRCH;
	fd = ns_open(ident->pid, "user", NULL);
	if (fd < 0)
		return fd;
	/* Asked again: the pid may have changed hands before the open. */
	if (!proc_is_alive(ident))
		return -ESRCH;
	return ns_enter_user(fd, NULL);
}

/* Join through any living holder. Returns 1 joined, 0 nobody lives. */
static int
idspace_join(int rundirfd)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *ent;
	int fd;

	fd = openat(rundirfd, IDSPACE_HOLDERS,
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return 0;
	while ((ent = readdir(dir))) {
		struct proc_ident ident;
		int r;

		if (ent->d_name[0] == '.')
			continue;
		r = idspace_read_holder(dirfd(dir), ent->d_name, &ident);
		if (r == 0)
			r = idspace_join_holder(&ident);
		if (r == 0)
			return 1;
		log_debug("holder %s cannot be joined: %s", ent->d_name,
			  strerrorname_np(-r) ?: "?");
		/* A record of a dead process is nobody's any more. */
		if (r == -ESRCH)
			(void)unlinkat(dirfd(dir), ent->d_name, 0);
	}
	return 0;
}

/* An old one of this pid gives way; ours stays, for others go by it. */
static int
idspace_put_holder(int rundirfd, const char *name, const char *text)
{
	char now[IDSPACE_HOLDER_BYTES];
	ssize_t len;

	if (symlinkat(text, rundirfd, name) == 0)
		return 0;
	if (errno != EEXIST)
		return -errno;
	len = readlinkat(rundirfd, name, now, sizeof(now));
	if (len == (ssize_t)strlen(text) && !memcmp(now, text, (size_t)len))
		return 0;
	(void)unlinkat(rundirfd, name, 0);
	return symlinkat(text, rundirfd, name) < 0 ? -errno : 0;
}

int
idspace_hold(int rundirfd, struct err *err)
{
	char name[32], text[IDSPACE_HOLDER_BYTES];
	struct proc_ident ident;
	int r;

	r = proc_identify(0, &ident);
	if (r < 0)
		return err_code(err, -r, "read /proc/self/stat");
	(void)snprintf(name, sizeof(name), IDSPACE_HOLDERS "/%d",
		       (int)ident.pid);
	(void)snprintf(text, sizeof(text), "%" PRIu64 " %s", ident.start_ticks,
		       ident.boot_id);
	r = idspace_put_holder(rundirfd, name, text);
	if (r == -ENOENT) {
		r = fsx_mkdir_p(rundirfd, IDSPACE_HOLDERS, 0700, err);
		if (r < 0)
			return r;
		r = idspace_put_holder(rundirfd, name, text);
	}
	return r < 0 ? err_code(err, -r, "make '%s'", name) : 0;
}

static int
idspace_write_maps(const struct idspace *ids, pid_t pid, struct err *err)
{
	switch (ids->mode) {
	case ID_MODE_RANGE:
		return subid_write_maps(pid, &ids->uids, &ids->gids, err);
	case ID_MODE_SINGLE:
		return idmap_write(pid, &ids->uids, &ids->gids, true, err);
	case ID_MODE_ROOT:
	case ID_MODE_COUNT:
		break;
	}
	return idmap_write(pid, &ids->uids, &ids->gids, false, err);
}

static int
idspace_create(struct idspace *ids, struct err *err)
{
	struct ns_holder holder;
	cleanup_close int fd = -EBADF;
	int r;

	r = ns_userns_holder(&holder, err);
	if (r < 0)
		return r;
	r = idspace_write_maps(ids, holder.pid, err);
	if (r == 0)
		fd = r = ns_open(holder.pid, "user", err);
	ns_holder_release(&holder);
	return r < 0 ? r : ns_enter_user(fd, err);
}

/* Returns 1 when this process is in U, 0 when it need not be. */
static int
idspace_find(struct idspace *ids, int rundirfd, int flags, struct err *err)
{
	bool optional = flags & IDSPACE_OPTIONAL;
	int r;

	/* Who forbids ranges does not mean that of others. */
	if (optional && getenv("DHOW_ID_MODE")) {
		r = idspace_detect(ids, err);
		if (r < 0 || ids->mode == ID_MODE_SINGLE)
			return r;
	}
	if (idspace_join(rundirfd) > 0) {
		r = idspace_learn(ids, err);
		return r < 0 ? r : 1;
	}
	r = idspace_detect(ids, err);
	if (r < 0 || (optional && ids->mode == ID_MODE_SINGLE))
		return r;
	r = idspace_create(ids, err);
	return r < 0 ? r : 1;
}

int
idspace_enter(struct idspace *ids, int rundirfd, int flags, struct err *err)
{
	bool hold = flags & IDSPACE_HOLD;
	cleanup_close int lockfd = -EBADF;
	int r;

	if (ids->entered)
		return hold ? idspace_hold(rundirfd, err) : 0;
	if (hold) {
		lockfd = lock_exclusive(rundirfd, IDSPACE_LOCK, err);
		if (lockfd < 0)
			return lockfd;
	}
	r = idspace_find(ids, rundirfd, flags, err);
	if (r < 0)
		return err_wrap(err, r, "enter the user namespace");
	ids->entered = r > 0;
	return ids->entered && hold ? idspace_hold(rundirfd, err) : 0;
}

void
idspace_release(int rundirfd, pid_t pid)
{
	char name[48];

	(void)snprintf(name, sizeof(name), IDSPACE_HOLDERS "/%d", (int)pid);
	(void)unlinkat(rundirfd, name, 0);
}
