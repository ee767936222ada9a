/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/janitor.c - what is slow to take down, behind the command's back.
 */
#include "container/janitor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/lock.h"
#include "base/log.h"
#include "conf/idspace.h"
#include "container/sweep.h"
#include "container/volumes.h"
#include "sys/ns.h"

#define FUSE_END_MS 2000
#define BURY_TRIES 20
/*
 * How long to keep the user namespace: a loop of short runs, the most usual
 * kind, pays for newuidmap once.
 */
#define LINGER_MS 300
#define LINGER_LOCK "linger.lock"

/* What dhow says when it ends by itself. */
struct janitor_word {
	char tomb[CONTAINER_TOMB_BYTES]; /* below the store, or "" */
};

static void
janitor_wait_fuse(const struct janitor *janitor)
{
	struct pollfd fuse = { .fd = janitor->fuse_pidfd, .events = POLLIN };

	/* fuse-overlayfs ends with its mount; who still holds that loses. */
	if (janitor->fuse_pidfd >= 0 && poll(&fuse, 1, FUSE_END_MS) == 0)
		(void)syscall(SYS_pidfd_send_signal, janitor->fuse_pidfd,
			      SIGKILL, NULL, 0);
}

/*
 * The kernel takes mounts down behind our back too, and an overlay that ends
 * still tidies its work directory: what is busy now is not in a moment.
 */
static int
janitor_remove(const struct store *store, const char *tomb, struct err *err)
{
	const struct timespec moment = { .tv_nsec = 100 * 1000 * 1000 };
	int r = fsx_remove_tree(store->dirfd, tomb, err);

	for (int i = 0; r < 0 && i < BURY_TRIES; i++) {
		(void)nanosleep(&moment, NULL);
		r = fsx_remove_tree(store->dirfd, tomb, err);
	}
	return r;
}

/* @tomb: what is left of the directory; NULL: it still stands. */
static void
janitor_work(struct janitor *janitor, const char *tomb)
{
	struct store *store = janitor->dir->store;
	struct err err = ERR_INIT;
	int r = 0;

	/* The last one to hold the mounts takes them down here. */
	cleanup_close_p(&janitor->mntfd);
	janitor->mntfd = -EBADF;
	janitor_wait_fuse(janitor);
	if (tomb ? !*tomb : !janitor->removes)
		return;
	if (tomb)
		r = janitor_remove(store, tomb, &err);
	else
		r = container_dir_remove(janitor->dir, &err);
	if (r < 0)
		log_debug("%s", err.text);
	else
		volumes_remove(store, janitor->volumes);
}

/* Nothing of the caller's is kept: no terminal, no pipe somebody reads. */
static void
janitor_detach(struct janitor *janitor, int *wordfd)
{
	int *keep[] = { &janitor->mntfd, &janitor->fuse_pidfd,
			&janitor->rundirfd, &janitor->dir->store->dirfd,
			wordfd };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int count = (int)ARRAY_LEN(keep);

	(void)setsid();
	(void)prctl(PR_SET_NAME, "dhow-janitor", 0, 0, 0);
	for (int fd = 0; fd < 3; fd++)
		(void)dup2(null, fd);
	/* Those that stay become 3, 4, …; the rest is closed. */
	for (int i = 0; i < count; i++)
		if (*keep[i] >= 0)
			*keep[i] = fcntl(*keep[i], F_DUPFD_CLOEXEC, 3 + count);
	for (int i = 0; i < count; i++)
		if (*keep[i] >= 0)
			*keep[i] = dup3(*keep[i], 3 + i, O_CLOEXEC);
	(void)syscall(SYS_close_range, 3 + count, ~0U, 0);
}

/* One of us is enough, however many end at a time. */
static void
janitor_linger(const struct janitor *janitor)
{
	cleanup_close int lockfd =
		lock_try(janitor->rundirfd, LINGER_LOCK, NULL);

	if (lockfd >= 0)
		(void)poll(NULL, 0, LINGER_MS);
}

static _Noreturn void
janitor_live(struct janitor *janitor, pid_t parent, int wordfd)
{
	struct janitor_word word;
	bool told;

	janitor_detach(janitor, &wordfd);
	/* Without a record of ours the next start makes its own U. */
	if (janitor->holds)
		(void)idspace_hold(janitor->rundirfd, NULL);
	told = io_read_full(wordfd, &word, sizeof(word)) == sizeof(word);
	idspace_release(janitor->rundirfd, parent);
	janitor_work(janitor, told ? word.tomb : NULL);
	sweep(janitor->dir->store, janitor->rundirfd);
	if (janitor->holds)
		janitor_linger(janitor);
	idspace_release(janitor->rundirfd, getpid());
	_exit(0);
}

void
janitor_start(struct janitor *janitor)
{
	pid_t parent = getpid(), pid;
	int word[2];

	if (pipe2(word, O_CLOEXEC) < 0)
		return;
	pid = ns_clone(0, NULL, NULL);
	if (pid == 0)
		janitor_live(janitor, parent, word[0]);
	(void)close(word[0]);
	if (pid > 0)
		janitor->wordfd = word[1];
	else
		(void)close(word[1]);
}

void
janitor_bury(struct janitor *janitor)
{
	struct err err = ERR_INIT;

	if (janitor->removes &&
	    container_dir_bury(janitor->dir, janitor->tomb, &err) < 0)
		log_debug("%s", err.text);
}

void
janitor_dismiss(struct janitor *janitor)
{
	struct janitor_word word = { "" };

	(void)memcpy(word.tomb, janitor->tomb, sizeof(word.tomb));
	if (janitor->wordfd >= 0 &&
	    io_write_all(janitor->wordfd, &word, sizeof(word)) == 0) {
		cleanup_close_p(&janitor->wordfd);
		janitor->wordfd = -EBADF;
		return;
	}
	janitor_work(janitor, word.tomb);
	sweep(janitor->dir->store, janitor->rundirfd);
	idspace_release(janitor->rundirfd, getpid());
}
