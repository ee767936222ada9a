/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/child_reaper.c - process 1 for commands that do not reap (--init).
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/child.h"
#include "sys/caps.h"

/* Reap whatever ended. Returns true when @main_pid did, with its status. */
static bool
child_reap(pid_t main_pid, int *ret_status)
{
	bool ended = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != main_pid)
			continue;
		*ret_status = status;
		ended = true;
	}
	return ended;
}

/* Process 1 cannot kill itself by a signal, so 128 + N says it. */
static _Noreturn void
child_reaper_loop(pid_t main_pid, const sigset_t *all)
{
	int signo, status = 0;

	for (;;) {
		if (child_reap(main_pid, &status))
			_exit(WIFEXITED(status) ? WEXITSTATUS(status)
						: 128 + WTERMSIG(status));
		if (sigwait(all, &signo) == 0 && signo != SIGCHLD)
			(void)kill(main_pid, signo);
	}
}

/* "dhow-init -- COMMAND…", as far as there is room; ours is nobody's business.
 */
static void
child_rename(const struct rt_plan *plan)
{
	static const char name[] = "dhow-init\0--";
	size_t len = sizeof(name);

	(void)prctl(PR_SET_NAME, name, 0, 0, 0);
	if (!plan->cmdline)
		return;
	memset(plan->cmdline, 0, plan->cmdline_len);
	if (len >= plan->cmdline_len)
		return;
	(void)memcpy(plan->cmdline, name, len);
	for (size_t i = 0; plan->argv[i]; i++) {
		size_t more = strlen(plan->argv[i]) + 1;

		if (len + more >= plan->cmdline_len)
			return;
		(void)memcpy(plan->cmdline + len, plan->argv[i], more);
		len += more;
	}
}

int
child_reaper(struct child *child, struct err *err)
{
	sigset_t all, none;
	pid_t pid;

	(void)sigfillset(&all);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	pid = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid < 0)
		return err_sys(err, "start the command");
	if (!pid) {
		(void)sigprocmask(SIG_SETMASK, &none, NULL);
		return 0;
	}
	child_rename(child->plan);
	/* Our memory and files are no business of the container's. */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)caps_set(UINT64_C(1) << CAP_KILL, UINT64_C(1) << CAP_KILL, NULL);
	(void)syscall(SYS_close_range, 0, ~0U, 0);
	child_reaper_loop(pid, &all);
}
