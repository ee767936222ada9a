/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/file_queue.h"
#include "archive_help.h"

#define FILES 500 /* more than all batches hold */

static size_t
size_of(int number)
{
	return (size_t)number * 131 % FILE_QUEUE_MAX_BYTES;
}

static void
queue_one(struct file_queue *queue, int fd, int number)
{
	struct timespec mtime = { .tv_sec = 1000 + number, .tv_nsec = 5 };
	size_t len = size_of(number);

	memset(file_queue_room(queue, len), 'a' + number % 26, len);
	file_queue_add(queue, fd, len, &mtime);
}

static void
check_one(int fd, int number)
{
	static char buf[FILE_QUEUE_MAX_BYTES];
	struct stat st;

	cr_assert(eq(int, fstat(fd, &st), 0));
	cr_assert(eq(sz, (size_t)st.st_size, size_of(number)));
	cr_assert(eq(long, st.st_mtim.tv_sec, 1000 + number));
	cr_assert(eq(long, st.st_mtim.tv_nsec, 5));
	cr_assert(eq(sz, (size_t)pread(fd, buf, sizeof(buf), 0),
		     size_of(number)));
	for (size_t i = 0; i < size_of(number); i++)
		cr_assert(eq(chr, buf[i], (char)('a' + number % 26)));
}

Test(archive_file_queue, files_have_content_and_time)
{
	cleanup_with(file_queue_free) struct file_queue *queue =
		file_queue_new();
	static int fds[FILES];

	for (int i = 0; i < FILES; i++) {
		fds[i] = made_fd("", 0);
		queue_one(queue, dup(fds[i]), i);
	}
	cr_assert(eq(int, file_queue_finish(queue, NULL), 0));
	for (int i = 0; i < FILES; i++) {
		check_one(fds[i], i);
		(void)close(fds[i]);
	}
}

Test(archive_file_queue, the_first_failure_is_told)
{
	cleanup_with(file_queue_free) struct file_queue *queue =
		file_queue_new();
	struct err err = ERR_INIT;
	int after = made_fd("", 0);
	struct stat st;

	queue_one(queue, open("/dev/null", O_RDONLY | O_CLOEXEC), 1);
	cr_assert(eq(int, file_queue_finish(queue, &err), -EBADF));
	cr_assert(file_queue_has_failed(queue));
	queue_one(queue, dup(after), 2);
	cr_assert(eq(int, file_queue_finish(queue, NULL), -EBADF));
	cr_assert(eq(int, fstat(after, &st), 0));
	cr_assert(eq(sz, (size_t)st.st_size, 0));
}
