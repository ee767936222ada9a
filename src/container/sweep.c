/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/sweep.c - what killed processes left of containers.
 *
 * Who makes a container holds its lock from before there is anything of it,
 * so what has no directory and no holder is nobody's.
 */
#include "container/sweep.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/text.h"
#include "container/dir.h"
#include "container/live.h"

/* A lock file is made and locked in two steps: a new one is left alone. */
#define SWEEP_AGE_S 2

static bool
sweep_is_gone(const struct store *store, int rundirfd, const char *id)
{
	char path[80];

	(void)snprintf(path, sizeof(path), "containers/%.64s", id);
	return faccessat(store->dirfd, path, F_OK, AT_SYMLINK_NOFOLLOW) < 0 &&
	       live_test(rundirfd, id) != LIVE_HELD;
}

static DIR *
sweep_open(int dirfd, const char *name)
{
	int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? NULL : fdopendir(fd);
}

static bool
sweep_is_new(int dirfd, const char *name)
{
	struct stat st;

	return fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	       st.st_mtime + SWEEP_AGE_S > time(NULL);
}

/* Killed before the record was written: nobody sees such a container. */
static void
sweep_unborn(struct store *store, int rundirfd)
{
	cleanup_closedir DIR *dirs = sweep_open(store->dirfd, "containers");
	const struct dirent *ent;

	while (dirs && (ent = readdir(dirs))) {
		char id[CONTAINER_ID_BYTES], record[80],
			tomb[FSX_TMP_NAME_BYTES];
		cleanup_free char *to = NULL;

		(void)snprintf(id, sizeof(id), "%.64s", ent->d_name);
		(void)snprintf(record, sizeof(record), "%s/config.json", id);
		if (!text_is_hex_of(ent->d_name, CONTAINER_ID_BYTES - 1) ||
		    faccessat(dirfd(dirs), record, F_OK, 0) == 0 ||
		    sweep_is_new(dirfd(dirs), id) ||
		    live_test(rundirfd, id) == LIVE_HELD)
			continue;
		fsx_tmp_name("container", tomb);
		to = xasprintf("tmp/%s", tomb);
		if (renameat(dirfd(dirs), id, store->dirfd, to) == 0)
			(void)fsx_remove_tree(store->dirfd, to, NULL);
	}
}

static void
sweep_names(const struct store *store, int rundirfd)
{
	cleanup_closedir DIR *names = sweep_open(store->dirfd, "names");
	const struct dirent *ent;

	while (names && (ent = readdir(names))) {
		cleanup_strbuf struct strbuf target = STRBUF_INIT;
		const char *id;

		if (ent->d_name[0] == '.' ||
		    fsx_readlink(dirfd(names), ent->d_name, &target) < 0)
			continue;
		id = text_after(target.buf, "../containers/");
		if (id && text_is_hex_of(id, CONTAINER_ID_BYTES - 1) &&
		    sweep_is_gone(store, rundirfd, id))
			(void)unlinkat(dirfd(names), ent->d_name, 0);
	}
}

static void
sweep_live(const struct store *store, int rundirfd)
{
	cleanup_closedir DIR *live = sweep_open(rundirfd, LIVE_DIR);
	const struct dirent *ent;

	while (live && (ent = readdir(live))) {
		char id[CONTAINER_ID_BYTES];
		cleanup_close int lockfd = -EBADF;

		(void)snprintf(id, sizeof(id), "%.64s", ent->d_name);
		if (!text_is_hex_of(ent->d_name, CONTAINER_ID_BYTES - 1) ||
		    sweep_is_new(dirfd(live), ent->d_name) ||
		    !sweep_is_gone(store, rundirfd, id))
			continue;
		lockfd = live_hold(rundirfd, id, NULL);
		if (lockfd >= 0)
			live_remove(rundirfd, id);
	}
}

void
sweep(struct store *store, int rundirfd)
{
	container_dir_collect(store);
	sweep_unborn(store, rundirfd);
	sweep_names(store, rundirfd);
	sweep_live(store, rundirfd);
	store_collect_tmp(store);
}
