/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/extract.c - an archive of files, which is no layer, into a directory.
 *
 * In the same confined process as a layer's; owners that cannot be set are
 * written to the file "owners" beside the directory.
 */
#include "image/engine.h"

#include <fcntl.h>

#include "archive/decomp.h"
#include "archive/layer_worker.h"
#include "archive/tar_reader.h"
#include "base/alloc.h"

/* Is it an archive at all? Asked of a process that can do no harm. */
static int
extract_probe(int fd, struct err *err)
{
	cleanup_with(decomp_close) struct decomp *decomp = NULL;
	struct decomp_opts opts = { .fd = fd,
				    .cancel_fd = -1,
				    .confined = true };
	cleanup_with(tar_reader_free) struct tar_reader *reader = NULL;
	const struct tar_entry *entry;
	struct byte_source source;
	int r = decomp_open(&opts, &decomp, NULL);

	if (r == 0) {
		source = decomp_source(decomp);
		reader = tar_reader_new(&source);
		r = tar_reader_next(reader, &entry, NULL);
	}
	if (r <= 0)
		return err_set(err, EMEDIUMTYPE, "it is no archive");
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, "read the archive again");
	return 0;
}

static int
extract_open(struct engine *engine, struct layer_unpack_opts *opts,
	     struct err *err)
{
	const struct transfer_request *request = &engine->request;
	int dirfd = engine->store->dirfd;
	cleanup_free char *owners = xasprintf("%s.owners", request->output);

	opts->input_fd = request->input ? openat(dirfd, request->input,
						 O_RDONLY | O_CLOEXEC)
					: fcntl(0, F_DUPFD_CLOEXEC, 5);
	if (opts->input_fd < 0)
		return err_sys(err, "open '%s'", request->input ?: "-");
	opts->root_fd = openat(dirfd, request->output,
			       O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (opts->root_fd < 0)
		return err_sys(err, "open '%s'", request->output);
	opts->plain = true;
	opts->own = request->own;
	if (request->own)
		return 0;
	opts->owners_fd = openat(dirfd, owners,
				 O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return opts->owners_fd < 0 ? err_sys(err, "make '%s'", owners) : 0;
}

int
engine_extract(struct engine *engine, struct err *err)
{
	struct layer_unpack_opts opts = LAYER_UNPACK_OPTS_INIT;
	cleanup_with(layer_worker_free) struct layer_worker *worker = NULL;
	struct layer_unpack_result result;
	int r = engine_enter(engine, err);

	if (r == 0)
		r = extract_open(engine, &opts, err);
	/* What comes through a pipe can be read once only. */
	if (r == 0 && lseek(opts.input_fd, 0, SEEK_CUR) >= 0)
		r = extract_probe(opts.input_fd, err);
	if (r == 0)
		r = layer_worker_start(&opts, &worker, err);
	if (r == 0)
		r = layer_worker_wait(worker, &result, err);
	cleanup_close_p(&opts.input_fd);
	cleanup_close_p(&opts.root_fd);
	cleanup_close_p(&opts.owners_fd);
	return r;
}
