/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/recompress.c - layers in another compression, several at once.
 */
#include "image/recompress.h"

#include <fcntl.h>
#include <poll.h>

#include "archive/confined.h"
#include "archive/decomp.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"

#define RECOMPRESS_TICK_MS 200

enum recompress_fd {
	RECOMPRESS_FD_IN = CONFINED_FIRST_FD,
	RECOMPRESS_FD_OUT,
};

struct recompress_work {
	enum comp_format format;
	int level;
};

struct recompress_child {
	struct confined child;
	bool is_running;
};

static const struct {
	const char *type;
	enum comp_format format;
} media_types[] = {
	{ MEDIA_OCI_LAYER, COMP_NONE },
	{ MEDIA_OCI_LAYER_GZIP, COMP_GZIP },
	{ MEDIA_OCI_LAYER_ZSTD, COMP_ZSTD },
	{ MEDIA_DOCKER_LAYER, COMP_NONE },
	{ MEDIA_DOCKER_LAYER_GZIP, COMP_GZIP },
};

int
recompress_format_of(const char *media_type)
{
	for (size_t i = 0; i < ARRAY_LEN(media_types); i++)
		if (strcmp(media_types[i].type, media_type) == 0)
			return (int)media_types[i].format;
	return -1;
}

const char *
recompress_media_type(enum comp_format format)
{
	size_t i = 0;

	while (media_types[i].format != format)
		i++;
	return media_types[i].type;
}

/* In the child: may: read in, write out. */
static int
recompress_in_child(const void *data, void *payload, struct err *err)
{
	const struct recompress_work *work = data;
	cleanup_with(decomp_close) struct decomp *decomp = NULL;
	cleanup_with(comp_free) struct comp *comp =
		comp_new_level(RECOMPRESS_FD_OUT, work->format, work->level);
	struct decomp_opts opts = { .fd = RECOMPRESS_FD_IN, .cancel_fd = -1 };
	struct byte_source source;
	const uint8_t *piece;
	ssize_t n;
	int r = decomp_open(&opts, &decomp, err);

	if (r < 0)
		return r;
	source = decomp_source(decomp);
	while ((n = source.next(source.data, &piece, err)) > 0) {
		r = comp_write(comp, piece, (size_t)n, err);
		if (r < 0)
			return r;
	}
	return n < 0 ? (int)n : comp_finish(comp, payload, err);
}

static int
recompress_open_out(struct engine *engine, struct err *err)
{
	char path[FSX_TMP_NAME_BYTES + 8] = "tmp/";
	int fd;

	fsx_tmp_name("layer", path + 4);
	fd = openat(engine->store->dirfd, path,
		    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(err, "write to the store");
	(void)unlinkat(engine->store->dirfd, path, 0);
	return fd;
}

static int
recompress_start(struct engine *engine, struct recompress_job *job,
		 const struct recompress_work *work,
		 struct recompress_child *child, struct err *err)
{
	struct confined_spec spec = {
		.name = "the compressor",
		.fd_count = 2,
		.root = -1,
		.run = recompress_in_child,
		.data = work,
		.payload_bytes = sizeof(struct comp_result),
	};
	int r;

	job->out_fd = recompress_open_out(engine, err);
	if (job->out_fd < 0)
		return job->out_fd;
	if (lseek(job->in_fd, 0, SEEK_SET) < 0)
		return err_sys(err, "read a layer");
	spec.fds[0] = job->in_fd;
	spec.fds[1] = job->out_fd;
	decomp_load_all();
	r = confined_start(&child->child, &spec, err);
	child->is_running = r == 0;
	return r;
}

static int
recompress_finish(struct recompress_job *job, struct recompress_child *child,
		  struct err *err)
{
	struct comp_result result;
	int r = confined_wait(&child->child, &result, err);

	child->is_running = false;
	if (r < 0)
		return r;
	/* The child read hostile bytes: what it says is looked at. */
	result.input_hex[SHA256_HEX_BYTES - 1] = '\0';
	result.output_hex[SHA256_HEX_BYTES - 1] = '\0';
	if (!text_is_hex_of(result.output_hex, DIGEST_HEX_LEN))
		return err_set(err, EPROTO, "the compressor reported nonsense");
	if (strcmp(result.input_hex, digest_hex(job->diff_id)) != 0)
		return err_set(
			err, EBADMSG,
			"its content is sha256:%s, and the image says %s",
			result.input_hex, job->diff_id->text);
	job->digest = digest_of_hex(result.output_hex);
	job->size_bytes = (int64_t)result.output_bytes;
	return 0;
}

/* Wait until one of the running ones is over, and finish it. */
static int
recompress_step(struct recompress_job *jobs, struct recompress_child *children,
		size_t count, struct err *err)
{
	cleanup_free struct pollfd *fds = xcalloc(count, sizeof(*fds));
	int r = 0;

	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){
			.fd = children[i].is_running ? children[i].child.pidfd
						     : -1,
			.events = POLLIN,
		};
	if (poll(fds, count, RECOMPRESS_TICK_MS) < 0 && errno != EINTR)
		return err_sys(err, "wait for the compressors");
	for (size_t i = 0; i < count && r == 0; i++)
		if (fds[i].revents)
			r = recompress_finish(&jobs[i], &children[i], err);
	return r < 0 ? r : engine_check_stop(err);
}

static size_t
running_of(const struct recompress_child *children, size_t count)
{
	size_t running = 0;

	for (size_t i = 0; i < count; i++)
		running += children[i].is_running;
	return running;
}

int
recompress_run(struct engine *engine, struct recompress_job *jobs, size_t count,
	       enum comp_format format, int level, struct err *err)
{
	const struct recompress_work work = { format, level };
	struct recompress_child *children =
		xcalloc(count ?: 1, sizeof(*children));
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t most = cpus > 1 ? (size_t)cpus : 1;
	size_t next = 0;
	int r = 0;

	for (size_t i = 0; i < count; i++)
		children[i].child = (struct confined)CONFINED_INIT;
	while (r == 0 && (next < count || running_of(children, count) > 0)) {
		while (r == 0 && next < count &&
		       running_of(children, count) < most) {
			r = recompress_start(engine, &jobs[next], &work,
					     &children[next], err);
			next++;
		}
		if (r == 0)
			r = recompress_step(jobs, children, count, err);
	}
	for (size_t i = 0; i < count; i++)
		confined_release(&children[i].child);
	free(children);
	return r;
}
