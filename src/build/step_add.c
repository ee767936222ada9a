/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/step_add.c - ADD: files of the context, the web, repositories;
 * archives unpacked.
 *
 * Whatever dhow-transfer and git do is done outside U, before the step's own
 * part: what is remote is fetched first, because its content is part of the
 * key; archives are unpacked only when the step is not cached.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/owners.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "build/context_fetch.h"
#include "build/step_copy.h"
#include "build/step_key.h"
#include "dockerfile/df_source.h"

#define ADD_OWNERS_MAX (64U << 20)

static int
fetch_one(struct step_work *work, const char *source, struct added *added,
	  struct task_link *link, struct err *err)
{
	const struct df_copy *copy = &work->step->copy;
	struct fetched fetched = { .mtime = -1 };
	bool is_git = df_source_of(source) == DF_SOURCE_GIT;
	int r;

	if (is_git)
		r = fetch_git(work->build->source, source, copy->keep_git_dir,
			      &fetched, err);
	else
		r = fetch_url(work->build->source, source, link, &fetched, err);
	if (r < 0)
		return r;
	if (copy->checksum &&
	    (is_git ? strncmp(fetched.commit, copy->checksum,
			      strlen(copy->checksum)) != 0
		    : strcmp(fetched.digest.text, copy->checksum) != 0))
		r = err_set(err, EBADMSG,
			    "'%s' is %s, which is not the --checksum", source,
			    is_git ? fetched.commit : fetched.digest.text);
	blake2_add_text(&work->hash,
			is_git ? fetched.commit : fetched.digest.text);
	blake2_add_text(&work->hash, fetched.name);
	strvec_addf(&work->inputs, "%s=%s", source,
		    is_git ? fetched.commit : fetched.digest.text);
	if (is_git)
		added->dir = xstrdup(fetched.path);
	else
		added->file = xstrdup(fetched.path);
	added->subdir = take_ptr(fetched.subdir);
	added->name = take_ptr(fetched.name);
	added->mtime = fetched.mtime;
	fetched_release(&fetched);
	return r;
}

int
add_fetch(struct step_work *work, struct task_link *link, struct err *err)
{
	const struct df_copy *copy = &work->step->copy;
	int r = 0;

	work->added = xcalloc(copy->sources.len + 1, sizeof(*work->added));
	for (size_t i = 0; r == 0 && i < copy->sources.len; i++)
		if (step_source_is_remote(work, copy->sources.v[i]))
			r = fetch_one(work, copy->sources.v[i], &work->added[i],
				      link, err);
	return r;
}

/* A file of ours is handed to the other program by a name in tmp/. */
static int
spool(struct step_work *work, int fd, char **ret_path, struct err *err)
{
	cleanup_free char *path = fetch_new_path("add");
	cleanup_close int out =
		openat(work->build->store->dirfd, path,
		       O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int64_t n;

	if (out < 0)
		return err_sys(err, "make '%s'", path);
	n = io_copy(fd, out, UINT64_MAX, err);
	if (n < 0)
		return (int)n;
	*ret_path = take_ptr(path);
	return 0;
}

static int
unpack_file(struct step_work *work, const char *file, struct added *added,
	    struct err *err)
{
	struct store *store = work->build->store;
	cleanup_free char *dir = fetch_new_path("add");
	cleanup_free char *owners = xasprintf("%s.owners", dir);
	struct err why = ERR_INIT;
	int r = fetch_extract(work->build->session, file, dir, false, &why);

	if (r == 0) {
		added->dir = take_ptr(dir);
		return 0;
	}
	(void)fsx_remove_tree(store->dirfd, dir, NULL);
	(void)unlinkat(store->dirfd, owners, 0);
	/* Compressed, but no archive: it stays what it is. */
	if (r == -EMEDIUMTYPE)
		return 0;
	if (err)
		*err = why;
	return r;
}

/* A source of the context that is one file and an archive. */
static int
unpack_local(struct step_work *work, const char *source, struct added *added,
	     struct err *err)
{
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	struct walk_source from;
	cleanup_close int fd = -EBADF;
	cleanup_free char *file = NULL;
	char path[FSX_FD_PATH_BYTES];
	int r;

	if (walk_is_pattern(source))
		return 0;
	r = origin_open(&work->from, work->build->store, &from, err);
	if (r == 0)
		r = view_find(&from.view, source, true, &place, err);
	view_close(&from.view);
	if (r < 0 || !place.exists || !S_ISREG(place.st.st_mode))
		return r;
	fd = open(fsx_fd_path(place.fd, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "open '%s'", source);
	if (!fetch_is_archive(fd))
		return 0;
	r = spool(work, fd, &file, err);
	if (r == 0)
		r = unpack_file(work, file, added, err);
	if (file)
		(void)unlinkat(work->build->store->dirfd, file, 0);
	return r < 0 ? err_wrap(err, r, "unpack '%s'", source) : 0;
}

int
add_unpack(struct step_work *work, struct err *err)
{
	const struct df_copy *copy = &work->step->copy;
	int r = 0;

	if (!work->added)
		return 0;
	for (size_t i = 0; r == 0 && i < copy->sources.len; i++) {
		struct added *added = &work->added[i];

		if (added->dir)
			continue;
		if (added->file && copy->unpack == 1)
			r = unpack_file(work, added->file, added, err);
		else if (!added->file && copy->unpack != 0)
			r = unpack_local(work, copy->sources.v[i], added, err);
	}
	return r;
}

void
add_clean(struct step_work *work)
{
	struct store *store = work->build->store;

	if (!work->added)
		return;
	for (size_t i = 0; i < work->step->copy.sources.len; i++) {
		struct added *added = &work->added[i];
		cleanup_free char *owners =
			added->dir ? xasprintf("%s.owners", added->dir) : NULL;

		if (added->file)
			(void)unlinkat(store->dirfd, added->file, 0);
		if (owners)
			(void)unlinkat(store->dirfd, owners, 0);
		if (added->dir)
			(void)fsx_remove_tree(store->dirfd, added->dir, NULL);
		free(added->file);
		free(added->dir);
		free(added->subdir);
		free(added->name);
	}
	free(take_ptr(work->added));
}

/* Owners that could not be set are written down for the layer too. */
static int
carry_owners(struct step_room *room, const char *dir, const char *dest,
	     struct err *err)
{
	cleanup_free char *name = xasprintf("%s.owners", dir);
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strbuf struct strbuf path = STRBUF_INIT;
	struct owner owner;
	struct span rest;
	int r = fsx_read_file(room->work->build->store->dirfd, name,
			      ADD_OWNERS_MAX, &text, NULL);

	if (r < 0 || room->work->step->copy.chown)
		return 0;
	rest = span_new(text.buf, text.len);
	while ((r = owners_next(&rest, &owner, &path, err)) > 0) {
		cleanup_free char *full =
			*dest ? xasprintf("%s%s%s", dest, path.len ? "/" : "",
					  path.buf)
			      : xstrdup(path.buf);

		owners_add_line(&room->owners, &owner, full);
	}
	return r;
}

static int
add_dir(struct copy_into *into, const struct added *added, bool is_git,
	struct err *err)
{
	struct store *store = into->room->work->build->store;
	struct walk_source source = { .is_context = is_git };
	cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
	cleanup_strvec struct strvec trees = STRVEC_INIT;
	int r;

	strvec_add(&trees, added->dir);
	r = view_add(&source.view, store->dirfd, &trees, err);
	/* A sub-directory that is a link stays inside (CVE-2026-33748). */
	if (r == 0)
		r = view_find(&source.view, added->subdir ?: "", true, &place,
			      err);
	if (r == 0 && !place.dir.count)
		r = err_set(err, ENOENT,
			    "'%s' is no directory of the repository",
			    added->subdir ?: "/");
	if (r == 0)
		r = copy_tree(into->job, &source, place.path.buf, into->dest,
			      into->exclude, err);
	view_close(&source.view);
	into->is_dir = true;
	return r < 0 || is_git
		       ? r
		       : carry_owners(into->room, added->dir, into->dest, err);
}

static int
add_file(struct copy_into *into, const struct added *added, const char *source,
	 struct err *err)
{
	struct store *store = into->room->work->build->store;
	cleanup_close int fd =
		openat(store->dirfd, added->file, O_RDONLY | O_CLOEXEC);
	cleanup_free char *target = NULL;
	int r;

	if (fd < 0)
		return err_sys(err, "open what was fetched");
	if (into->is_dir && !added->name)
		return err_set(err, EINVAL,
			       "'%s' tells no file name: give one as target",
			       source);
	r = copy_name_file(into, added->name, &target, err);
	if (r < 0)
		return r;
	return copy_fd(into->job, target, fd, 0600,
		       added->mtime < 0 ? 0 : added->mtime, err);
}

static int
add_local(struct copy_into *into, const char *source, struct err *err)
{
	const struct df_copy *copy = &into->room->work->step->copy;
	cleanup_strvec struct strvec paths = STRVEC_INIT;
	int r = walk_match(into->source, source, copy->parents, &paths, err);

	for (size_t i = 0; r == 0 && i < paths.len; i++)
		r = copy_one_source(into, source, paths.v[i], err);
	return r;
}

static int
add_one(struct copy_into *into, size_t at, struct err *err)
{
	const struct step_work *work = into->room->work;
	const char *source = work->step->copy.sources.v[at];
	const struct added *added = &work->added[at];

	if (added->dir)
		return add_dir(into, added,
			       df_source_of(source) == DF_SOURCE_GIT, err);
	if (added->file)
		return add_file(into, added, source, err);
	return add_local(into, source, err);
}

int
step_add(struct step_room *room, struct err *err)
{
	const struct df_copy *copy = &room->work->step->copy;
	const struct view nothing = { .root = { .fds = NULL } };
	cleanup_with(ignore_free) struct ignore *exclude = copy_excludes(copy);
	struct walk_source source = { .is_context = true };
	cleanup_free char *dest = NULL;
	struct copy_job job;
	struct copy_into into = {
		.room = room, .source = &source, .job = &job, .exclude = exclude
	};
	int r = copy_job_init(room, &job, &nothing, err);

	/* Without a context there may be remote sources only. */
	if (r == 0 && room->work->from.context->fd >= 0)
		r = origin_open(&room->work->from, room->work->build->store,
				&source, err);
	if (r == 0)
		r = copy_find_dest(room, &job, &dest, &into.is_dir, err);
	into.dest = dest;
	for (size_t i = 0; r == 0 && i < copy->sources.len; i++)
		r = add_one(&into, i, err);
	if (r == 0)
		r = copy_heredocs(&into, err);
	view_close(&source.view);
	return r;
}
