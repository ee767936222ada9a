/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/confined.c - a forked child that reads hostile bytes, and reports.
 *
 * The report is one write. A parent that finds less asks the exit status.
 */
#include "archive/confined.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "base/log.h"
#include "base/proc.h"
#include "sys/confine.h"

#define REPORT_FD 3
#define END_FD (CONFINED_FIRST_FD + CONFINED_MAX_FDS)
#define MAX_CALLS 128
#define MAX_ERRNO 4096

struct report {
	int code; /* 0 or a negative errno */
	struct err err;
	_Alignas(max_align_t) char payload[CONFINED_MAX_PAYLOAD];
};
static_assert(sizeof(struct report) <= PIPE_BUF, "a report is one write");

/* What of a report is sent. */
static size_t
report_bytes(size_t payload_bytes)
{
	return offsetof(struct report, payload) + payload_bytes;
}

/* Memory, threads, and what libc does by itself. */
static const int common_calls[] = {
	SYS_read,
	SYS_write,
	SYS_close,
	SYS_mmap,
	SYS_munmap,
	SYS_mremap,
	SYS_mprotect,
	SYS_madvise,
	SYS_brk,
	SYS_futex,
	SYS_clone,
	SYS_clone3,
	SYS_set_robust_list,
	SYS_rseq,
	SYS_sched_yield,
	SYS_sched_getaffinity,
	SYS_getpid,
	SYS_gettid,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_sigaltstack,
	SYS_restart_syscall,
	SYS_exit,
	SYS_exit_group,
	SYS_getrandom,
	SYS_clock_gettime,
};

static void
reset_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int signo = 1; signo < NSIG; signo++)
		(void)sigaction(signo, &action, NULL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Give the report and the work's fds their numbers; close all others. */
static int
keep_fds(const struct confined_spec *spec, int report_fd, struct err *err)
{
	int fds[1 + CONFINED_MAX_FDS] = { report_fd, -1, -1, -1, -1 };

	for (size_t i = 0; i < spec->fd_count; i++)
		fds[i + 1] = spec->fds[i];
	/* First out of the way of each other's new places. */
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		if (fds[i] >= 0) {
			fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, END_FD);
			if (fds[i] < 0)
				return err_sys(err, "keep an fd");
		}
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		(void)close(REPORT_FD + (int)i);
		if (fds[i] >= 0 && dup2(fds[i], REPORT_FD + (int)i) < 0)
			return err_sys(err, "keep an fd");
	}
	if (syscall(SYS_close_range, END_FD, ~0u, 0) < 0)
		return err_sys(err, "close other fds");
	return 0;
}

/* Standard error is kept for --debug only: hostile bytes may reach it. */
static int
quiet_standard_fds(struct err *err)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "open '/dev/null'");
	if (dup2(fd, 0) < 0 || dup2(fd, 1) < 0 ||
	    (!log_enabled() && dup2(fd, 2) < 0))
		return err_sys(err, "quiet a confined process");
	if (fd > STDERR_FILENO)
		(void)close(fd);
	return 0;
}

/* The old root is behind the fd; what shall be used is the new one. */
static int
reopen_root(int fd, struct err *err)
{
	cleanup_close int rootfd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (rootfd < 0 || dup3(rootfd, fd, O_CLOEXEC) < 0)
		return err_sys(err, "open the confined root");
	return 0;
}

static int
confine_self(const struct confined_spec *spec, struct err *err)
{
	int rootfd = spec->root < 0 ? -1 : CONFINED_FIRST_FD + spec->root;
	int calls[MAX_CALLS];
	size_t count = ARRAY_LEN(common_calls);
	int r = confine_root(rootfd, CONFINE_NEW_NET, err);

	/* Hosts may allow no more of these; sockets are filtered anyway. */
	if (r == -ENOSPC || r == -EPERM)
		r = confine_root(rootfd, 0, err);
	if (r == 0 && rootfd >= 0)
		r = reopen_root(rootfd, err);
	if (r == 0)
		r = confine_caps(spec->caps, err);
	if (r < 0)
		return r;
	assert(count + spec->call_count <= MAX_CALLS);
	memcpy(calls, common_calls, sizeof(common_calls));
	for (size_t i = 0; i < spec->call_count; i++)
		calls[count++] = spec->calls[i];
	return confine_syscalls(calls, count, err);
}

static void __attribute__((noreturn))
child_main(const struct confined_spec *spec, int report_fd, pid_t parent)
{
	struct report report = { .code = 0 };
	struct err *err = &report.err;
	int r;

	reset_signals();
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_DUMPABLE, 0);
	if (getppid() != parent)
		_exit(1);
	r = keep_fds(spec, report_fd, err);
	if (r == 0)
		r = quiet_standard_fds(err);
	if (r == 0)
		r = confine_self(spec, err);
	if (r == 0)
		r = spec->run(spec->data, report.payload, err);
	report.code = r;
	_exit(io_write_all(REPORT_FD, &report,
			   report_bytes(spec->payload_bytes)) < 0);
}

int
confined_start(struct confined *child, const struct confined_spec *spec,
	       struct err *err)
{
	cleanup_close int write_fd = -EBADF;
	pid_t self = getpid();
	int fds[2];

	assert(spec->fd_count <= CONFINED_MAX_FDS &&
	       spec->payload_bytes <= CONFINED_MAX_PAYLOAD);
	*child = (struct confined)CONFINED_INIT;
	child->name = spec->name;
	child->payload_bytes = spec->payload_bytes;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_sys(err, "make a pipe for %s", spec->name);
	child->report_fd = fds[0];
	write_fd = fds[1];
	child->pid = fork();
	if (child->pid == 0)
		child_main(spec, write_fd, self);
	if (child->pid > 0)
		child->pidfd = pidfd_open(child->pid, 0);
	if (child->pidfd < 0) {
		int r = err_sys(err, "start %s", spec->name);

		confined_release(child);
		return r;
	}
	return 0;
}

static bool
report_is_valid(const struct report *report)
{
	return report->code <= 0 && report->code > -MAX_ERRNO &&
	       memchr(report->err.text, '\0', ERR_TEXT_BYTES) &&
	       memchr(report->err.hint, '\0', ERR_HINT_BYTES);
}

static int
explain_death(const struct confined *child, int status, struct err *err)
{
	if (status >= 0 && WIFSIGNALED(status))
		return err_set(err, EPROTO, "%s was killed by signal %d (%s)",
			       child->name, WTERMSIG(status),
			       sigdescr_np(WTERMSIG(status)) ?: "unknown");
	return err_set(err, EPROTO, "%s ended without a report", child->name);
}

int
confined_wait(struct confined *child, void *ret_payload, struct err *err)
{
	struct report report;
	ssize_t want = (ssize_t)report_bytes(child->payload_bytes);
	ssize_t n;
	int status;

	assert(child->pid > 0);
	n = io_read_full(child->report_fd, &report, (size_t)want);
	status = proc_wait(child->pid);
	child->pid = -1;
	if (n != want || !report_is_valid(&report))
		return explain_death(child, status, err);
	if (report.code < 0) {
		/* Its words come from an archive: one printable line. */
		(void)err_set(err, -report.code, "%s", report.err.text);
		if (report.err.hint[0])
			err_hint(err, "%s", report.err.hint);
		return report.code;
	}
	if (child->payload_bytes)
		memcpy(ret_payload, report.payload, child->payload_bytes);
	return 0;
}

void
confined_release(struct confined *child)
{
	if (child->pid > 0) {
		(void)kill(child->pid, SIGKILL);
		(void)proc_wait(child->pid);
	}
	if (child->pidfd >= 0)
		(void)close(child->pidfd);
	if (child->report_fd >= 0)
		(void)close(child->report_fd);
	*child = (struct confined)CONFINED_INIT;
}
