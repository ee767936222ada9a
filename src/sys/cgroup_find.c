/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/cgroup_find.c - which control groups of this host are ours to divide.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/span.h"
#include "base/strvec.h"
#include "base/text.h"
#include "sys/cgroup.h"
#include "sys/cgroup_priv.h"

#define PROC_FILE_BYTES (1 << 20)

/* Both files of /proc that tell, read once. */
struct finder {
	struct strbuf mounts; /* /proc/self/mounts */
	struct strbuf own;    /* /proc/self/cgroup */
};

static void
finder_release(struct finder *finder)
{
	strbuf_release(&finder->mounts);
	strbuf_release(&finder->own);
}

static int
finder_init(struct finder *finder, struct err *err)
{
	int r;

	r = fsx_read_file(AT_FDCWD, "/proc/self/mounts", PROC_FILE_BYTES,
			  &finder->mounts, err);
	return r < 0 ? r
		     : fsx_read_file(AT_FDCWD, "/proc/self/cgroup",
				     PROC_FILE_BYTES, &finder->own, err);
}

/* Where a hierarchy is mounted; @controller NULL: the unified one. */
static char *
find_mount(const struct finder *finder, const char *controller)
{
	struct span rest = span_new(finder->mounts.buf, finder->mounts.len);
	struct span line;

	while (span_next(&rest, '\n', &line)) {
		cleanup_free char *text = NULL;
		cleanup_strvec struct strvec words = STRVEC_INIT;
		cleanup_strvec struct strvec options = STRVEC_INIT;

		if (!memmem(line.ptr, line.len, " cgroup", strlen(" cgroup")))
			continue;
		text = span_dup(line);
		strvec_split(&words, text, " ");
		if (words.len < 4)
			continue;
		strvec_split(&options, words.v[3], ",");
		if (controller ? strcmp(words.v[2], "cgroup") == 0 &&
					 strvec_has(&options, controller)
			       : strcmp(words.v[2], "cgroup2") == 0)
			return xstrdup(words.v[1]);
	}
	return NULL;
}

/* This process's path in a hierarchy: "0::/user.slice", "4:memory:/x". */
static char *
find_own(const struct finder *finder, const char *controller)
{
	struct span rest = span_new(finder->own.buf, finder->own.len);
	struct span line;

	while (span_next(&rest, '\n', &line)) {
		cleanup_free char *text = span_dup(line);
		cleanup_strvec struct strvec names = STRVEC_INIT;
		char *list = strchr(text, ':');
		char *path = list ? strchr(list + 1, ':') : NULL;

		if (!path)
			continue;
		*path++ = '\0';
		strvec_split(&names, list + 1, ",");
		if (controller ? strvec_has(&names, controller)
			       : text_starts(text, "0:"))
			return xstrdup(path);
	}
	return NULL;
}

static bool
is_delegated(const char *dir, bool unified)
{
	cleanup_free char *procs = xasprintf("%s/cgroup.procs", dir);
	cleanup_free char *control =
		xasprintf("%s/cgroup.subtree_control", dir);

	return access(dir, W_OK) == 0 && access(procs, W_OK) == 0 &&
	       (!unified || access(control, W_OK) == 0);
}

static char *
join_path(const char *top, const char *path)
{
	return xasprintf("%s%s", top, strcmp(path, "/") == 0 ? "" : path);
}

/*
 * A unit that systemd leaves to who is in it. Ours are known by their names;
 * others by a mark that newer systemds set, 252 does not yet.
 */
static bool
is_delegated_unit(const char *dir)
{
	const char *name = strrchr(dir, '/');
	char mark[2];

	return (text_starts(name, "/" CGROUP_UNIT_PREFIX) &&
		(text_ends(name, ".scope") || text_ends(name, ".service"))) ||
	       (getxattr(dir, "user.delegate", mark, sizeof(mark)) == 1 &&
		*mark == '1');
}

/* The user's systemd divides it, and does not want to share that. */
static bool
is_manager(const char *dir)
{
	const char *name = strrchr(dir, '/');

	return text_starts(name, "/user@") && text_ends(name, ".service");
}

/*
 * The nearest delegated unit of systemd, or where there is none the topmost
 * delegated directory, at or above @dir. NULL when there is none.
 */
static char *
climb(const char *top, const char *dir)
{
	cleanup_free char *at = xstrdup(dir);
	cleanup_free char *best = NULL;

	while (strlen(at) >= strlen(top) && is_delegated(at, true)) {
		if (is_manager(at))
			return NULL;
		free(best);
		best = xstrdup(at);
		if (strcmp(at, top) == 0 || is_delegated_unit(at))
			break;
		*strrchr(at, '/') = '\0';
	}
	return take_ptr(best);
}

static void
find_unified(const struct finder *finder, const char *parent,
	     struct cgroup *cgroup)
{
	cleanup_free char *top = find_mount(finder, NULL);
	cleanup_free char *own = find_own(finder, NULL);
	cleanup_free char *dir = NULL, *place = NULL;

	if (!top || !own)
		return;
	dir = join_path(top, parent ?: own);
	if (!parent)
		place = climb(top, dir);
	else if (is_delegated(dir, true))
		place = xstrdup(dir);
	if (place)
		cgroup_set_unified(cgroup, place);
}

void
cgroup_find_manager(uid_t uid, struct cgroup *ret_cgroup)
{
	cleanup_release(finder_release) struct finder finder = {
		.mounts = STRBUF_INIT,
	};
	struct cgroup found = CGROUP_INIT;
	cleanup_free char *top = NULL, *dir = NULL;

	if (finder_init(&finder, NULL) == 0)
		top = find_mount(&finder, NULL);
	if (top)
		dir = uid ? xasprintf(
				    "%s/user.slice/user-%u.slice/user@%u.service",
				    top, uid, uid)
			  : xstrdup(top);
	if (dir && access(dir, F_OK) == 0)
		cgroup_set_unified(&found, dir);
	*ret_cgroup = found;
}

static void
find_split(const struct finder *finder, const char *parent,
	   struct cgroup *cgroup)
{
	for (int i = 0; i < CGROUP_CONTROLLER_COUNT; i++) {
		const char *name = cgroup_controller_names[i];
		cleanup_free char *top = find_mount(finder, name);
		cleanup_free char *own = find_own(finder, name);
		cleanup_free char *dir = NULL;

		if (!top || !own)
			continue;
		dir = join_path(top, parent ?: own);
		/* A comma would end its name in the record. */
		if (strchr(dir, ',') || !is_delegated(dir, false))
			continue;
		cgroup->version = 1;
		cgroup->dirs[i] = take_ptr(dir);
	}
}

bool
cgroup_is_unified(void)
{
	struct statfs fs;

	return statfs("/sys/fs/cgroup", &fs) == 0 &&
	       fs.f_type == CGROUP2_SUPER_MAGIC;
}

int
cgroup_version(void)
{
	cleanup_release(finder_release) struct finder finder = {
		.mounts = STRBUF_INIT,
	};
	cleanup_free char *memory = NULL, *unified = NULL;

	if (finder_init(&finder, NULL) < 0)
		return 1;
	memory = find_mount(&finder, "memory");
	unified = find_mount(&finder, NULL);
	return unified && !memory ? 2 : 1;
}

/* "/a/b": absolute, and nothing that leads elsewhere. */
static int
check_parent(const char *parent, struct err *err)
{
	if (*parent != '/' || strstr(parent, "/../") ||
	    text_ends(parent, "/.."))
		return err_set(err, EINVAL,
			       "'%s' is no absolute path below the cgroups",
			       parent);
	return 0;
}

int
cgroup_find(const char *parent, struct cgroup *ret_cgroup, struct err *err)
{
	cleanup_release(finder_release) struct finder finder = {
		.mounts = STRBUF_INIT,
	};
	cleanup_free char *memory = NULL, *unified = NULL;
	struct cgroup found = CGROUP_INIT;
	int r;

	r = parent ? check_parent(parent, err) : 0;
	if (r == 0)
		r = finder_init(&finder, err);
	if (r < 0)
		return r;
	memory = find_mount(&finder, "memory");
	unified = find_mount(&finder, NULL);
	if (unified && !memory)
		find_unified(&finder, parent, &found);
	else
		find_split(&finder, parent, &found);
	if (parent && !found.version) {
		(void)err_set(err, EACCES, "cgroup '%s' is not yours to divide",
			      parent);
		err_hint(err, "an administrator gives it to you by chown");
		return -EACCES;
	}
	*ret_cgroup = found;
	return 0;
}

bool
cgroup_can_join(const struct cgroup *cgroup)
{
	cleanup_release(finder_release) struct finder finder = {
		.mounts = STRBUF_INIT,
	};
	cleanup_free char *top = NULL, *own = NULL, *common = NULL;
	const char *dir = cgroup->dirs[0];
	size_t len = 0;

	if (cgroup->version != 2 || finder_init(&finder, NULL) < 0)
		return true;
	top = find_mount(&finder, NULL);
	common = find_own(&finder, NULL);
	if (!top || !common)
		return true;
	own = join_path(top, common);
	free(common);
	/* Whole names that both begin with. */
	for (size_t i = 0; own[i] == dir[i]; i++) {
		if (own[i] == '/')
			len = i;
		if (!own[i])
			return true;
	}
	common = xasprintf("%.*s/cgroup.procs", (int)len, dir);
	return access(common, W_OK) == 0;
}
