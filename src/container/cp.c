/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/cp.c - files between containers and the host.
 *
 * Two processes and a pipe: a child of ours sends, we receive. Each end that
 * is a container's works inside it (container/inside.h). The host's end stays
 * outside of U: it has our own rights and no others.
 */
#include "container/cp.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive/byte_fd.h"
#include "archive/layer_pack.h"
#include "archive/tree_pipe.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "container/events.h"
#include "container/inside.h"
#include "sys/ns.h"

#define CP_OWNERS_MAX_BYTES (64U << 20)

struct cp {
	struct session *session;
	const struct cp_end *from, *to;
	const struct cp_options *options;
	int fd;          /* of the stream, at this end */
	uint64_t *bytes; /* shared with children */
};

static int
cp_send_from(void *data, int rootfd, struct err *err)
{
	const struct cp *cp = data;
	struct tree_end from = { .rootfd = rootfd, .path = cp->from->path };

	/* Who no longer reads has a reason to tell. */
	(void)signal(SIGPIPE, SIG_IGN);
	return tree_pipe_send(&from, cp->options->follow, cp->fd, cp->bytes,
			      err);
}

static int
cp_receive_into(void *data, int rootfd, struct err *err)
{
	const struct cp *cp = data;
	bool inside = rootfd >= 0;
	cleanup_free char *base =
		cp->from->path ? tree_pipe_base(cp->from->path) : NULL;
	struct tree_receive receive = {
		.to = { .rootfd = rootfd, .path = cp->to->path },
		.base = base,
		.archive = !cp->from->path,
		.replaces = cp->options->replaces,
		.keep_owners = cp->options->keep_owners || !cp->from->path,
		.uid = inside ? 0 : getuid(),
		.gid = inside ? 0 : getgid(),
		.drop_setid = !inside && getuid() != 0,
	};

	return tree_pipe_receive(&receive, cp->fd, cp->bytes, err);
}

static int
cp_at(struct cp *cp, const struct cp_end *end,
      int (*work)(void *data, int rootfd, struct err *err), struct err *err)
{
	int keep[] = { cp->fd, -1 };
	struct inside inside = { .keep = keep, .work = work, .data = cp };

	return end->container
		       ? inside_run(cp->session, end->container, &inside, err)
		       : work(cp, -1, err);
}

/*
 * The sender, in a child of ours. Its story, if there is one, goes to @report.
 * It must not hold the other ends: a receiver that has failed is known by it.
 */
static pid_t
cp_start_sender(struct cp *cp, const int stream[2], const int report[2],
		struct err *err)
{
	struct err told = ERR_INIT;
	pid_t pid = ns_clone(0, NULL, err);

	if (pid != 0)
		return pid;
	(void)close(stream[0]);
	(void)close(report[0]);
	cp->fd = stream[1];
	if (cp_at(cp, cp->from, cp_send_from, &told) < 0)
		(void)io_write_all(report[1], &told, sizeof(told));
	_exit(0);
}

static int
cp_open_pipes(int stream[2], int report[2], struct err *err)
{
	if (pipe2(stream, O_CLOEXEC) < 0)
		return err_sys(err, "create a pipe");
	if (pipe2(report, O_CLOEXEC) == 0)
		return 0;
	(void)close(stream[0]);
	(void)close(stream[1]);
	return err_sys(err, "create a pipe");
}

/* Both ends; what the sender says goes before what came of it here. */
static int
cp_pipe(struct cp *cp, struct err *err)
{
	struct err told = ERR_INIT, own = ERR_INIT;
	int stream[2], report[2], r;
	ssize_t n;
	pid_t pid;

	r = cp_open_pipes(stream, report, err);
	if (r < 0)
		return r;
	pid = cp_start_sender(cp, stream, report, err);
	(void)close(stream[1]);
	(void)close(report[1]);
	cp->fd = stream[0];
	r = pid < 0 ? pid : cp_at(cp, cp->to, cp_receive_into, &own);
	(void)close(stream[0]);
	n = pid < 0 ? 0 : io_read_full(report[0], &told, sizeof(told));
	(void)close(report[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (n == sizeof(told) && !(r < 0 && told.code == EPIPE)) {
		own = told;
		r = -told.code;
	}
	if (r < 0 && pid > 0 && err)
		*err = own;
	return r;
}

static void
cp_note(struct session *session, const struct cp_end *end, const char *action)
{
	struct store *store;

	if (end->container && session_store(session, &store, NULL) == 0)
		container_event_of(store, end->container, action, NULL);
}

int
cp_run(struct session *session, const struct cp_end *from,
       const struct cp_end *to, const struct cp_options *options,
       uint64_t *ret_bytes, struct err *err)
{
	struct cp cp = {
		.session = session,
		.from = from,
		.to = to,
		.options = options,
	};
	void *memory = mmap(NULL, sizeof(uint64_t), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int r;

	if (memory == MAP_FAILED)
		return err_sys(err, "map memory");
	cp.bytes = memory;
	if (!to->path) {
		cp.fd = STDOUT_FILENO;
		r = cp_at(&cp, from, cp_send_from, err);
	} else if (!from->path) {
		cp.fd = STDIN_FILENO;
		r = cp_at(&cp, to, cp_receive_into, err);
		if (r == -EBADMSG)
			err_hint(
				err,
				"a compressed archive has to be unpacked first: gunzip | dhow cp - ...");
	} else {
		r = cp_pipe(&cp, err);
	}
	*ret_bytes = *cp.bytes;
	(void)munmap(memory, sizeof(uint64_t));
	if (r < 0)
		return r;
	cp_note(session, from, "archive-path");
	cp_note(session, to, "extract-to-dir");
	return 0;
}

struct cp_exporting {
	int outfd;
	int ownersfd;
};

static int
cp_export_root(void *data, int rootfd, struct err *err)
{
	const struct cp_exporting *exporting = data;
	cleanup_free struct byte_fd *out = xcalloc(1, sizeof(*out));
	struct byte_sink sink = byte_fd_sink(out);
	struct layer_pack_opts opts = {
		.root_fd = rootfd,
		.owners_fd = exporting->ownersfd,
		.whole = true,
		.literal = true,
	};
	int r;

	(void)signal(SIGPIPE, SIG_IGN);
	out->fd = exporting->outfd;
	r = layer_pack(&opts, &sink, NULL, err);
	return r < 0 ? r : byte_fd_flush(out, err);
}

/*
 * Owners that could not be set, of all layers: what an upper one says of a
 * file comes later and wins. Returns an fd, or -EBADF when there are none.
 */
static int
cp_merge_owners(struct store *store, const struct image_config *config,
		struct err *err)
{
	cleanup_close int fd = -EBADF;

	for (size_t i = 0; i < config->diff_id_count; i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		cleanup_free char *path = xasprintf(
			"layers/%s/owners", digest_hex(&config->diff_ids[i]));
		int r = fsx_read_file(store->dirfd, path, CP_OWNERS_MAX_BYTES,
				      &sb, err);

		if (r == -ENOENT)
			continue;
		if (r < 0)
			return r;
		if (fd < 0)
			fd = memfd_create("owners", MFD_CLOEXEC);
		if (fd < 0)
			return err_sys(err, "make room for owners");
		r = io_write_all(fd, sb.buf, sb.len);
		if (r < 0)
			return err_code(err, -r, "note owners");
	}
	if (fd >= 0 && lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, "read the owners");
	return take_fd(fd);
}

int
cp_export(struct session *session, const struct container *container, int outfd,
	  struct err *err)
{
	cleanup_container_image struct container_image image = { 0 };
	cleanup_container_spec struct container_spec spec = { 0 };
	struct cp_exporting exporting = { .outfd = outfd, .ownersfd = -1 };
	int keep[] = { outfd, -1, -1 };
	struct inside inside = {
		.only_root = true,
		.keep = keep,
		.work = cp_export_root,
		.data = &exporting,
	};
	struct store *store;
	int fd, r;

	r = session_store(session, &store, err);
	if (r == 0)
		r = container_load_spec(session, container, &spec, &image, err);
	if (r < 0)
		return r;
	fd = cp_merge_owners(store, &image.config, err);
	if (fd < 0 && fd != -EBADF)
		return fd;
	exporting.ownersfd = keep[1] = fd < 0 ? -1 : fd;
	r = inside_run(session, container, &inside, err);
	cleanup_close_p(&fd);
	if (r == 0)
		container_event_of(store, container, "export", NULL);
	return r;
}
