/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_system_reset.c - dhow system reset: as on the first day.
 *
 * Containers go first, by the way of rm, so that nothing runs on files that
 * are gone; then, with the store locked, all that is in it and in the cache.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fsx.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/confirm.h"
#include "container/lifecycle.h"
#include "store/store.h"

static const struct flag flags[] = {
	{ .name = "force",
	  .letter = 'f',
	  .kind = FLAG_BOOL,
	  .help = "do not ask" },
};

static int
remove_containers(struct session *session, struct err *err)
{
	cleanup_container_vec struct container_vec all = CONTAINER_VEC_INIT;
	int r = container_list(session, &all, err);

	for (size_t i = 0; r == 0 && i < all.len; i++) {
		cleanup_container struct container one = CONTAINER_INIT;

		r = container_find(session, all.items[i].id, &one, err);
		if (r == 0)
			r = lifecycle_remove(
				session, &one,
				LIFECYCLE_FORCE | LIFECYCLE_VOLUMES, NULL, err);
	}
	return r;
}

/* The locks themselves stay: we hold them. */
static int
empty_dir(int dirfd, struct err *err)
{
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *ent;
	int r = 0;

	if (!dir)
		return err_sys(err, "read the store");
	while (r == 0 && (ent = readdir(dir)))
		if (strcmp(ent->d_name, ".") && strcmp(ent->d_name, "..") &&
		    strcmp(ent->d_name, "lock") && strcmp(ent->d_name, "pins"))
			r = fsx_remove_tree(dirfd, ent->d_name, err);
	return r;
}

static int
empty_store(struct session *session, struct store *store, struct err *err)
{
	cleanup_close int lockfd = -EBADF, pinfd = -EBADF;
	int cachefd, r = 0;

	lockfd = store_lock_exclusive(store, err);
	if (lockfd < 0)
		return lockfd;
	pinfd = store_unpinned(store, err);
	if (pinfd < 0) {
		err_hint(err, "wait for what pulls or builds");
		return pinfd;
	}
	cachefd = paths_open_cache(&session->paths, NULL);
	if (cachefd >= 0)
		r = empty_dir(cachefd, err);
	return r < 0 ? r : empty_dir(store->dirfd, err);
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	struct store *store;
	int r;

	if (!args_bool(ctx->args, "force") &&
	    !confirm("This will remove:\n"
		     "  - all containers, running ones too\n"
		     "  - all images\n"
		     "  - all networks\n"
		     "  - all volumes, with what is in them\n"
		     "  - all secrets\n"
		     "  - all build cache\n"))
		return 0;
	r = cmd_store(ctx, &session, &store);
	if (r == 0)
		r = remove_containers(&session, ctx->err);
	/* Files of other ids can only be removed from inside. */
	if (r == 0)
		r = session_enter(&session, false, ctx->err);
	return r < 0 ? r : empty_store(&session, store, ctx->err);
}

static const struct cmd_example examples[] = {
	{ "start again from nothing", "dhow system reset" },
};

const struct cmd cmd_system_reset = {
	.path = "system reset",
	.summary = "remove everything there is",
	.about = "Containers, images, networks, volumes, secrets and caches of "
		 "this account are removed. Configuration and credentials "
		 "stay.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
