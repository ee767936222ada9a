/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "archive/layer_worker.h"
#include "archive_help.h"

struct job {
	const struct strbuf *archive; /* NULL: a pipe that stays silent */
	struct room room;
	int (*check)(const struct job *job, struct layer_worker *worker);
};

static int
start(const struct job *job, struct layer_worker **ret_worker)
{
	struct layer_unpack_opts opts = LAYER_UNPACK_OPTS_INIT;
	struct err err = ERR_INIT;
	int fds[2];
	int r;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	opts.input_fd = job->archive
				? made_fd(job->archive->buf, job->archive->len)
				: fds[0];
	opts.root_fd = job->room.rootfd;
	r = layer_worker_start(&opts, ret_worker, &err);
	if (r < 0)
		fprintf(stderr, "start: %s\n", err.text);
	return r;
}

/* Everything in a forked child: Criterion's own has threads. */
static void
run(struct job *job)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		struct layer_worker *worker = NULL;

		made_namespace();
		if (start(job, &worker) < 0)
			_exit(91);
		_exit(job->check(job, worker));
	}
	cr_assert(waitpid(pid, &status, 0) == pid);
	cr_expect(room_sentinel_is_untouched(&job->room));
	room_release(&job->room);
	if (WIFEXITED(status) && WEXITSTATUS(status) == MADE_NO_NAMESPACE)
		cr_skip_test("no user namespaces here");
	cr_expect(eq(int, status, 0));
}

static int
expect_tree(const struct job *job, struct layer_worker *worker)
{
	struct pollfd poll_fd = { layer_worker_pidfd(worker), POLLIN, 0 };
	struct layer_unpack_result result;
	struct err err = ERR_INIT;
	int r;

	if (poll(&poll_fd, 1, 10000) != 1)
		return 1;
	r = layer_worker_wait(worker, &result, &err);
	layer_worker_free(worker);
	if (r < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 2;
	}
	if (result.entry_count != 6 || strlen(result.diff_id) != 64)
		return 3;
	if (strcmp(room_look(job->room.rootfd, "d/f"), "f 4755 4 text") != 0)
		return 4;
	if (strcmp(room_look(job->room.rootfd, "gone"), "c 0:0") != 0)
		return 5;
	return strcmp(room_look(job->room.rootfd, "d"), "d 0711 opaque") ? 6
									 : 0;
}

Test(archive_layer_worker, a_confined_worker_unpacks_and_reports)
{
	static const char caps[] = "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
	struct job job = { .check = expect_tree };
	struct strbuf sb = STRBUF_INIT, gz = STRBUF_INIT, pax = STRBUF_INIT;

	room_init(&job.room);
	made_add(&sb, .type = '5', .name = "d", .mode = 0711, .mtime = 5);
	made_add(&sb, .name = "d/f", .data = "text", .mode = 04755,
		 .is_roots = true);
	made_add(&sb, .name = "d/.wh..wh..opq");
	made_add(&sb, .name = ".wh.gone");
	made_add_record(&pax, "SCHILY.xattr.security.capability", caps, 20);
	made_add(&sb, .type = 'x', .name = "pax", .data = pax.buf,
		 .len = pax.len);
	made_add(&sb, .name = "ping", .data = "x", .mode = 0755);
	made_add(&sb, .type = '3', .name = "dev", .dev_major = 1,
		 .dev_minor = 3);
	made_end(&sb);
	made_compress(&gz, MADE_GZIP, sb.buf, sb.len);
	job.archive = &gz;
	run(&job);
	strbuf_release(&sb);
	strbuf_release(&gz);
	strbuf_release(&pax);
}

static int
expect_file(const struct job *job, struct layer_worker *worker)
{
	struct layer_unpack_result result;
	struct err err = ERR_INIT;
	int r = layer_worker_wait(worker, &result, &err);

	layer_worker_free(worker);
	if (r < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	return strcmp(room_look(job->room.rootfd, "d"), "f 0644 1 x") ? 2 : 0;
}

Test(archive_layer_worker, a_tree_that_is_replaced_needs_no_other_calls)
{
	struct job job = { .check = expect_file };
	struct strbuf sb = STRBUF_INIT, path = STRBUF_INIT;

	room_init(&job.room);
	for (int i = 0; i < 300; i++)
		strbuf_addstr(&path, "d/");
	made_pax(&sb, "path", path.buf);
	made_add(&sb, .type = '5', .name = "x", .mode = 0500);
	made_add(&sb, .name = "d/f", .data = "x");
	made_add(&sb, .type = '2', .name = "d/d/l", .link = "f");
	made_add(&sb, .name = "d", .data = "x");
	made_end(&sb);
	job.archive = &sb;
	run(&job);
	strbuf_release(&sb);
	strbuf_release(&path);
}

static int
expect_refusal(const struct job *job, struct layer_worker *worker)
{
	struct layer_unpack_result result;
	struct err err = ERR_INIT;
	int r = layer_worker_wait(worker, &result, &err);

	layer_worker_free(worker);
	if (r != -EBADMSG || err.code != EBADMSG)
		return 1;
	return strcmp(err.text,
		      "entry '../sentinel/file': name '../sentinel/file' leads out of the archive's root")
		       ? 2
		       : 0;
}

Test(archive_layer_worker, a_refusal_arrives_with_its_story)
{
	struct job job = { .check = expect_refusal };
	struct strbuf sb = STRBUF_INIT;

	room_init(&job.room);
	made_add(&sb, .name = "../sentinel/file", .data = "evil");
	job.archive = &sb;
	run(&job);
	strbuf_release(&sb);
}

static int
kill_it(const struct job *job, struct layer_worker *worker)
{
	struct layer_unpack_result result;
	struct err err = ERR_INIT;
	pid_t pid;
	char path[64], line[64];
	FILE *info;

	(void)snprintf(path, sizeof(path), "/proc/self/fdinfo/%d",
		       layer_worker_pidfd(worker));
	info = fopen(path, "r");
	pid = -1;
	while (info && fgets(line, sizeof(line), info))
		(void)sscanf(line, "Pid: %d", &pid);
	if (pid <= 0 || kill(pid, SIGKILL) < 0)
		return 1;
	if (layer_worker_wait(worker, &result, &err) != -EPROTO)
		return 2;
	layer_worker_free(worker);
	return strstr(err.text, "signal 9") ? 0 : 3;
}

Test(archive_layer_worker, a_killed_worker_is_told_from_a_bad_archive)
{
	struct job job = { .check = kill_it };

	room_init(&job.room);
	run(&job);
}

static int
give_it_up(const struct job *job, struct layer_worker *worker)
{
	layer_worker_free(worker);
	return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD ? 0 : 1;
}

Test(archive_layer_worker, a_worker_given_up_is_killed_and_reaped)
{
	struct job job = { .check = give_it_up };

	room_init(&job.room);
	run(&job);
}
