/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/output_files.c - the files of the result, as a directory or a tar
 * archive.
 *
 * A directory gets them as the caller's own, without set-id bits, for whoever
 * can reach it would be the caller; an archive keeps owners.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/layer_pack.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "build/context_fetch.h"
#include "build/layer_copy.h"
#include "build/output.h"

struct files_work {
	struct build *build;
	const struct build_output *output;
	int fd; /* the directory or the archive */
	struct task *task;
	bool over;
	int r;
	struct err err;
};

static int
write_fd(void *data, const void *bytes, size_t len, struct err *err)
{
	const struct files_work *work = data;
	int r = io_write_all(work->fd, bytes, len);

	return r < 0 ? err_code(err, -r, "write the archive") : 0;
}

static int
copy_root(struct files_work *work, int fd, bool own, struct strbuf *owners,
	  struct err *err)
{
	struct build *build = work->build;
	const struct stage *stage = &build->stages[build->target_stage];
	const struct view nothing = { .root = { .fds = NULL } };
	struct walk_source source = { .is_context = false };
	cleanup_strvec struct strvec paths = STRVEC_INIT;
	struct copy_job job = { .below = &nothing,
				.upperfd = fd,
				.owners = owners,
				.has_owner = own,
				.drop_setid = own };
	int r = chain_paths(build->store, &stage->chain, &paths, err);

	if (r == 0)
		r = view_add(&source.view, build->store->dirfd, &paths, err);
	if (r == 0)
		r = copy_tree(&job, &source, "", "", NULL, err);
	view_close(&source.view);
	return r;
}

/* Owners that this host cannot give go into the archive all the same. */
static int
owners_file(const struct strbuf *owners, struct err *err)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return err_sys(err, "make a temporary file");
	r = io_write_all(fd, owners->buf, owners->len);
	if (r < 0 || lseek(fd, 0, SEEK_SET) < 0) {
		(void)close(fd);
		return err_code(err, r < 0 ? -r : errno,
				"write a temporary file");
	}
	return fd;
}

static int
pack_root(struct files_work *work, struct err *err)
{
	struct store *store = work->build->store;
	const struct build_options *opts = work->build->opts;
	cleanup_free char *path = fetch_new_path("output");
	cleanup_strbuf struct strbuf owners = STRBUF_INIT;
	struct layer_pack_opts pack = LAYER_PACK_OPTS_INIT;
	struct byte_sink sink = { .write = write_fd, .data = work };
	cleanup_close int fd = fsx_opendir_p(store->dirfd, path, 0755, err);
	cleanup_close int ownersfd = -EBADF;
	int r;

	if (fd < 0)
		return fd;
	r = copy_root(work, fd, false, &owners, err);
	if (r == 0)
		r = ownersfd = owners_file(&owners, err);
	pack.root_fd = fd;
	pack.owners_fd = ownersfd;
	pack.whole = true;
	pack.clamp = opts->has_epoch;
	pack.max_time = opts->epoch;
	if (r >= 0)
		r = layer_pack(&pack, &sink, NULL, err);
	(void)fsx_remove_tree(store->dirfd, path, NULL);
	return r;
}

static int
files_child(void *data, struct task_link *link, struct node *result,
	    struct err *err)
{
	struct files_work *work = data;
	cleanup_strbuf struct strbuf owners = STRBUF_INIT;
	int r = session_enter(work->build->session, false, err);

	task_die_with_parent(link);
	(void)umask(0);
	if (r < 0)
		return r;
	if (work->output->kind == BUILD_OUTPUT_LOCAL || work->output->tar_off)
		return copy_root(work, work->fd, true, &owners, err);
	return pack_root(work, err);
}

static void
files_end(void *data, int r, const struct node *result, const struct err *err)
{
	struct files_work *work = data;

	build_task_over(work->build, work->task);
	work->over = true;
	work->r = r;
	work->err = *err;
	loop_stop(work->build->loop, 0);
}

static int
open_dest(const struct build_output *output, struct err *err)
{
	const char *dest = output->dest ?: ".";
	bool is_dir = output->kind == BUILD_OUTPUT_LOCAL || output->tar_off;
	int fd;

	if (is_dir)
		return fsx_opendir_p(AT_FDCWD, dest, 0777, err);
	if (!strcmp(dest, "-"))
		fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(dest, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	return fd < 0 ? err_sys(err, "open '%s'", dest) : fd;
}

int
output_files(struct build *build, const struct build_output *output,
	     struct err *err)
{
	struct build_vertex *vertex = vertex_new(
		build, NULL, NULL, "exporting to client %s",
		output->kind == BUILD_OUTPUT_LOCAL ? "directory" : "tarball");
	cleanup_close int fd = open_dest(output, err);
	struct files_work work = { .build = build, .output = output, .fd = fd };
	struct task_spec spec = { .work = files_child,
				  .end = files_end,
				  .data = &work };

	if (fd < 0)
		return fd;
	vertex_tell(build, vertex, BUILD_EVENT_START, NULL);
	work.task = build_task(build, &spec, err);
	if (!work.task)
		return -EAGAIN;
	while (!work.over && build->r == 0)
		(void)loop_run(build->loop);
	if (!work.over) {
		build_task_over(build, work.task);
		task_kill(work.task);
		return build->r;
	}
	if (work.r < 0 && err)
		*err = work.err;
	vertex_tell(build, vertex,
		    work.r < 0 ? BUILD_EVENT_FAILED : BUILD_EVENT_DONE,
		    work.r < 0 ? work.err.text : NULL);
	return work.r;
}
