/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/run_mounts.c - RUN --mount: binds, tmpfs, scripts.
 *
 * What is bound read-only and as it lies on disk is bound directly; what has
 * ignored files, several layers or writes that are to be discarded is copied
 * first.
 */
#include "build/run_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "build/layer_copy.h"

void
run_mounts_bind(struct run_mounts *mounts, const char *source,
		const char *below, const char *target, bool readonly)
{
	struct mount_spec mount = MOUNT_SPEC_INIT;
	const char *store = mounts->room->work->build->session->paths.data;

	mount.kind = MOUNT_BIND;
	mount.source = *source == '/' ? xstrdup(source)
				      : xasprintf("%s/%s", store, source);
	mount.subpath = below && *below ? xstrdup(below) : NULL;
	mount.target = xstrdup(target);
	mount.readonly = readonly;
	mount_list_take(&mounts->spec->mounts, &mount);
}

static int
open_dir(struct run_mounts *mounts, struct err *err)
{
	if (mounts->dirfd >= 0)
		return 0;
	mounts->dirfd = fsx_opendir_p(mounts->room->fd, "mounts", 0755, err);
	return mounts->dirfd < 0 ? mounts->dirfd : 0;
}

int
run_mounts_new_dir(struct run_mounts *mounts, char **ret_path, struct err *err)
{
	char name[16];
	int r = open_dir(mounts, err);
	int fd;

	if (r < 0)
		return r;
	(void)snprintf(name, sizeof(name), "%zu", mounts->made++);
	fd = fsx_opendir_p(mounts->dirfd, name, 0755, err);
	if (fd >= 0)
		*ret_path = xasprintf("%s/mounts/%s", mounts->room->path, name);
	return fd;
}

/* A copy that this step may write to, or that lacks what is ignored. */
static int
bind_copy(struct run_mounts *mounts, const struct walk_source *source,
	  const struct view_place *place, const struct df_mount *mount,
	  const char *target, struct err *err)
{
	const struct view nothing = { .root = { .fds = NULL } };
	cleanup_strbuf struct strbuf owners = STRBUF_INIT;
	cleanup_free char *path = NULL;
	cleanup_close int fd = run_mounts_new_dir(mounts, &path, err);
	bool is_dir = S_ISDIR(place->st.st_mode);
	struct copy_job job = { .below = &nothing,
				.upperfd = fd,
				.owners = &owners };
	int r = fd;

	if (fd < 0)
		return r;
	r = copy_tree(&job, source, place->path.buf, is_dir ? "" : "file", NULL,
		      err);
	if (r < 0)
		return r;
	run_mounts_bind(mounts, path, is_dir ? NULL : "file", target,
			mount->readonly);
	return 0;
}

static int
bind_context(struct run_mounts *mounts, const struct df_mount *mount,
	     const struct origin *origin, const struct walk_source *source,
	     const struct view_place *place, const char *target,
	     struct err *err)
{
	if (!mount->readonly ||
	    (source->ignore && !ignore_is_empty(source->ignore)))
		return bind_copy(mounts, source, place, mount, target, err);
	run_mounts_bind(mounts, origin->context->path, place->path.buf, target,
			true);
	return 0;
}

/* The one tree of several that has the path. */
static const char *
tree_with(struct store *store, const struct strvec *trees, const char *path)
{
	for (size_t i = 0; i < trees->len; i++) {
		cleanup_free char *full = xasprintf("%s/%s", trees->v[i], path);
		struct stat st;

		if (fstatat(store->dirfd, full, &st, AT_SYMLINK_NOFOLLOW) == 0)
			return trees->v[i];
	}
	return NULL;
}

static int
bind_trees(struct run_mounts *mounts, const struct df_mount *mount,
	   const struct origin *origin, const struct walk_source *source,
	   const struct view_place *place, const char *target, struct err *err)
{
	struct store *store = mounts->room->work->build->store;
	cleanup_strvec struct strvec trees = STRVEC_INIT;
	const char *tree;
	int r = chain_paths(store, origin_chain(origin), &trees, err);

	if (r < 0)
		return r;
	tree = tree_with(store, &trees, place->path.buf);
	if (!mount->readonly || place->dir.count > 1 || !tree)
		return bind_copy(mounts, source, place, mount, target, err);
	run_mounts_bind(mounts, tree, place->path.buf, target, true);
	return 0;
}

static int
add_bind(struct run_mounts *mounts, const struct df_mount *mount,
	 const struct origin *origin, const char *target, struct err *err)
{
	struct store *store = mounts->room->work->build->store;
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	struct walk_source source;
	int r = origin_open(origin, store, &source, err);

	if (r == 0)
		r = view_find(&source.view, mount->source ?: "", true, &place,
			      err);
	if (r == 0 && !place.exists)
		r = err_set(err, ENOENT, "mount source '%s' does not exist",
			    mount->source);
	if (r == 0)
		r = origin_chain(origin)
			    ? bind_trees(mounts, mount, origin, &source, &place,
					 target, err)
			    : bind_context(mounts, mount, origin, &source,
					   &place, target, err);
	view_close(&source.view);
	return r;
}

static void
add_tmpfs(struct run_mounts *mounts, const struct df_mount *mount,
	  const char *target)
{
	struct mount_spec spec = MOUNT_SPEC_INIT;

	spec.kind = MOUNT_TMPFS;
	spec.target = xstrdup(target);
	spec.size_bytes = mount->size_bytes;
	spec.exec = MOUNT_SWITCH_ON;
	mount_list_take(&mounts->spec->mounts, &spec);
}

static int
add_mount(struct run_mounts *mounts, const struct df_mount *mount,
	  const struct origin *origin, struct err *err)
{
	cleanup_free char *target = NULL;

	if (mount->target)
		target = draft_join(&mounts->room->work->stage->draft,
				    mount->target);
	switch (mount->kind) {
	case DF_MOUNT_BIND:
		return add_bind(mounts, mount, origin, target, err);
	case DF_MOUNT_CACHE:
		return run_mounts_add_cache(mounts, mount, origin, target, err);
	case DF_MOUNT_SECRET:
		return run_mounts_add_secret(mounts, mount, target, err);
	case DF_MOUNT_SSH:
		return run_mounts_add_ssh(mounts, mount, target, err);
	default:
		add_tmpfs(mounts, mount, target);
		return 0;
	}
}

/* A here-document that is a program of its own. */
static int
add_script(struct run_mounts *mounts, const struct df_file *script,
	   struct err *err)
{
	cleanup_free char *target = NULL;
	cleanup_free char *path = NULL;
	cleanup_close int fd = -EBADF;
	int r;

	if (!script->name)
		return 0;
	fd = run_mounts_new_dir(mounts, &path, err);
	if (fd < 0)
		return fd;
	r = fsx_write_atomic(fd, "script", script->content,
			     strlen(script->content), 0755, FSX_NOSYNC, err);
	target = xasprintf("/dev/pipes/%s", script->name);
	if (r == 0)
		run_mounts_bind(mounts, path, "script", target, true);
	return r;
}

int
run_mounts_private(struct run_mounts *mounts, struct err *err)
{
	const char *run = mounts->room->work->build->session->paths.run;
	char name[FSX_TMP_NAME_BYTES];

	if (mounts->private_dir)
		return 0;
	fsx_tmp_name("build", name);
	mounts->private_dir = xasprintf("%s/%s", run, name);
	if (mkdir(mounts->private_dir, 0711) < 0)
		return err_sys(err, "make '%s'", mounts->private_dir);
	return 0;
}

int
run_mounts_begin(struct run_mounts *mounts, struct step_room *room,
		 struct container_spec *spec, struct err *err)
{
	const struct df_run *run = &room->work->step->run;
	int r;

	mounts->room = room;
	mounts->spec = spec;
	r = add_script(mounts, &run->script, err);
	for (size_t i = 0; r == 0 && i < run->mount_count; i++)
		r = add_mount(mounts, &run->mounts[i], &room->work->mounts[i],
			      err);
	return r < 0 ? r : mount_list_check(&spec->mounts, err);
}

void
run_mounts_end(struct run_mounts *mounts)
{
	for (size_t i = 0; i < mounts->lock_count; i++)
		(void)close(mounts->lockfds[i]);
	for (size_t i = 0; i < mounts->agent_count; i++) {
		(void)syscall(SYS_pidfd_send_signal, mounts->agents[i], SIGTERM,
			      NULL, 0);
		(void)close(mounts->agents[i]);
	}
	if (mounts->private_dir)
		(void)fsx_remove_tree(AT_FDCWD, mounts->private_dir, NULL);
	free(mounts->lockfds);
	free(mounts->agents);
	free(mounts->private_dir);
	cleanup_close_p(&mounts->dirfd);
	*mounts = (struct run_mounts)RUN_MOUNTS_INIT;
}
