/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/layer_worker.c - layer_unpack() in a process that can do nothing
 * else.
 *
 * States: running (pid and report pipe are held), waited for (pid is -1).
 * What the child writes on the report pipe is one struct report; a parent
 * that finds less asks the exit status. The child read hostile bytes, so its
 * report is checked like them. A crash of the parent kills the child; the
 * half-made tree is the store's to collect.
 */
#include "archive/layer_worker.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/text.h"
#include "sys/confine.h"

#define PIPE_BYTES (1024 * 1024)
#define MAX_ERRNO 4096

struct layer_worker {
	pid_t pid;
	int pidfd;
	int report_fd;
};

struct report {
	int code; /* 0 or a negative errno */
	struct layer_unpack_result result;
	struct err err;
};

static const uint64_t kept_caps =
	UINT64_C(1) << CAP_CHOWN | UINT64_C(1) << CAP_DAC_OVERRIDE |
	UINT64_C(1) << CAP_FOWNER | UINT64_C(1) << CAP_FSETID |
	UINT64_C(1) << CAP_MKNOD | UINT64_C(1) << CAP_SETFCAP;

/*
 * Files below the root, memory, threads, and what libc does by itself. The
 * C library picks old or new names of a call by machine: all are listed.
 */
static const int allowed_calls[] = {
	/* bytes */
	SYS_read,
	SYS_write,
	SYS_pwrite64,
	SYS_lseek,
	SYS_close,
#ifdef SYS_poll
	SYS_poll,
#endif
	SYS_ppoll,
	SYS_fcntl,
	/* the tree */
	SYS_openat,
	SYS_openat2,
	SYS_mkdirat,
	SYS_mknodat,
	SYS_symlinkat,
	SYS_linkat,
	SYS_unlinkat,
	SYS_fstat,
	SYS_newfstatat,
	SYS_statx,
	SYS_fchown,
	SYS_fchownat,
	SYS_fchmod,
	SYS_fchmodat,
	SYS_utimensat,
	SYS_ftruncate,
	SYS_fsetxattr,
	SYS_fremovexattr,
	SYS_getdents64,
	SYS_readlinkat,
	SYS_fstatfs,
	SYS_faccessat,
#ifdef SYS_faccessat2
	SYS_faccessat2,
#endif
	SYS_renameat2,
	SYS_umask,
	SYS_geteuid,
	SYS_getegid,
	/* memory and threads */
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
	SYS_eventfd2,
	SYS_getrandom,
	SYS_clock_gettime,
};

/* Where the child finds its fds after it has put them in order. */
enum child_fd {
	CHILD_FD_REPORT = 3,
	CHILD_FD_INPUT,
	CHILD_FD_ROOT,
	CHILD_FD_OWNERS,
	CHILD_FD_END,
};

/* Standard error is kept for --debug only: hostile bytes may reach it. */
static int
quiet_standard_fds(struct err *err)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return err_sys(err, "open '/dev/null'");
	if (dup2(fd, 0) < 0 || dup2(fd, 1) < 0 ||
	    (!log_enabled() && dup2(fd, 2) < 0))
		return err_sys(err, "quiet the extractor");
	return 0;
}

/* Keep the four fds, the standard ones, and nothing else. */
static int
keep_fds(int fds[4], struct err *err)
{
	/* First out of the way of each other's new places. */
	for (int i = 0; i < 4; i++)
		if (fds[i] >= 0) {
			fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, CHILD_FD_END);
			if (fds[i] < 0)
				return err_sys(err, "keep an fd");
		}
	for (int i = 0; i < 4; i++) {
		(void)close(CHILD_FD_REPORT + i);
		if (fds[i] >= 0 && dup2(fds[i], CHILD_FD_REPORT + i) < 0)
			return err_sys(err, "keep an fd");
	}
	if (syscall(SYS_close_range, CHILD_FD_END, ~0u, 0) < 0)
		return err_sys(err, "close other fds");
	return 0;
}

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

static int
confine(struct err *err)
{
	int r = confine_root(CHILD_FD_ROOT, CONFINE_NEW_NET, err);

	/* Hosts may allow no more of these; sockets are filtered anyway. */
	if (r == -ENOSPC || r == -EPERM)
		r = confine_root(CHILD_FD_ROOT, 0, err);
	if (r == 0)
		r = confine_caps(kept_caps, err);
	if (r < 0)
		return r;
	/* The old root is behind this fd; the new one is "/". */
	(void)close(CHILD_FD_ROOT);
	if (open("/", O_PATH | O_DIRECTORY | O_CLOEXEC) != CHILD_FD_ROOT)
		return err_sys(err, "open the confined root");
	return confine_syscalls(allowed_calls, ARRAY_LEN(allowed_calls), err);
}

static void __attribute__((noreturn))
child_main(const struct layer_unpack_opts *opts, int report_fd, pid_t parent)
{
	struct report report = { .code = 0 };
	struct layer_unpack_opts own = {
		.input_fd = CHILD_FD_INPUT,
		.root_fd = CHILD_FD_ROOT,
		.owners_fd = opts->owners_fd >= 0 ? CHILD_FD_OWNERS : -1,
		.max_bytes = opts->max_bytes,
		.hash_blob = opts->hash_blob,
	};
	int fds[4] = { report_fd, opts->input_fd, opts->root_fd,
		       opts->owners_fd };

	reset_signals();
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_DUMPABLE, 0);
	if (getppid() != parent)
		_exit(1);
	report.code = keep_fds(fds, &report.err);
	if (report.code == 0)
		report.code = quiet_standard_fds(&report.err);
	if (report.code == 0)
		report.code = confine(&report.err);
	if (report.code == 0)
		report.code = layer_unpack(&own, &report.result, &report.err);
	_exit(io_write_all(CHILD_FD_REPORT, &report, sizeof(report)) < 0);
}

int
layer_worker_start(const struct layer_unpack_opts *opts,
		   struct layer_worker **ret_worker, struct err *err)
{
	cleanup_with(layer_worker_free) struct layer_worker *worker =
		xcalloc(1, sizeof(*worker));
	cleanup_close int write_fd = -EBADF;
	pid_t self = getpid();
	int fds[2];

	worker->pid = worker->pidfd = worker->report_fd = -1;
	/* A longer pipe saves switches; what is none, or may not, is as well.
	 */
	(void)fcntl(opts->input_fd, F_SETPIPE_SZ, PIPE_BYTES);
	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_sys(err, "make a pipe for the extractor");
	worker->report_fd = fds[0];
	write_fd = fds[1];
	worker->pid = fork();
	if (worker->pid < 0)
		return err_sys(err, "start the extractor");
	if (worker->pid == 0)
		child_main(opts, write_fd, self);
	worker->pidfd = pidfd_open(worker->pid, 0);
	if (worker->pidfd < 0)
		return err_sys(err, "hold the extractor");
	*ret_worker = take_ptr(worker);
	return 0;
}

int
layer_worker_pidfd(const struct layer_worker *worker)
{
	return worker->pidfd;
}

static bool
is_terminated(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

static bool
is_digest(const char hex[SHA256_HEX_BYTES])
{
	return is_terminated(hex, SHA256_HEX_BYTES) &&
	       text_is_hex_of(hex, SHA256_HEX_BYTES - 1);
}

static bool
report_is_valid(const struct report *report)
{
	const struct layer_unpack_result *result = &report->result;

	if (report->code < 0)
		return report->code > -MAX_ERRNO &&
		       is_terminated(report->err.text, ERR_TEXT_BYTES) &&
		       is_terminated(report->err.hint, ERR_HINT_BYTES);
	return report->code == 0 && is_digest(result->diff_id) &&
	       (!result->blob_digest[0] || is_digest(result->blob_digest));
}

static int
explain_death(int status, struct err *err)
{
	if (status >= 0 && WIFSIGNALED(status))
		return err_set(err, EPROTO,
			       "the extractor was killed by signal %d (%s)",
			       WTERMSIG(status),
			       sigdescr_np(WTERMSIG(status)) ?: "unknown");
	return err_set(err, EPROTO, "the extractor ended without a report");
}

int
layer_worker_wait(struct layer_worker *worker,
		  struct layer_unpack_result *ret_result, struct err *err)
{
	struct report report;
	ssize_t n;
	int status;

	assert(worker->pid > 0);
	n = io_read_full(worker->report_fd, &report, sizeof(report));
	status = proc_wait(worker->pid);
	worker->pid = -1;
	if (n != sizeof(report) || !report_is_valid(&report))
		return explain_death(status, err);
	if (report.code < 0) {
		/* Its words come from an archive: one printable line. */
		(void)err_set(err, -report.code, "%s", report.err.text);
		if (report.err.hint[0])
			err_hint(err, "%s", report.err.hint);
		return report.code;
	}
	*ret_result = report.result;
	return 0;
}

void
layer_worker_free(struct layer_worker *worker)
{
	if (!worker)
		return;
	if (worker->pid > 0) {
		(void)kill(worker->pid, SIGKILL);
		(void)proc_wait(worker->pid);
	}
	if (worker->pidfd >= 0)
		(void)close(worker->pidfd);
	if (worker->report_fd >= 0)
		(void)close(worker->report_fd);
	free(worker);
}
