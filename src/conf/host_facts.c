/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/host_facts.c - what this host lets an ordinary user do.
 */
#include "conf/host_facts.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/proc.h"
#include "conf/host_priv.h"

#define SMALL_FILE_BYTES 65536

const char *
host_state_name(enum host_state state)
{
	static const char *const names[] = { "ok", "degraded", "missing" };

	static_assert(ARRAY_LEN(names) == HOST_STATE_COUNT, "one name each");
	return names[state];
}

struct host_check *
host_check_add(struct host_report *report, const char *name, const char *fmt,
	       ...)
{
	struct host_check check = { .name = name, .state = HOST_OK };
	va_list args;

	va_start(args, fmt);
	check.found = xvasprintf(fmt, args);
	va_end(args);
	array_push(report->checks, report->len, report->cap, check);
	return &report->checks[report->len - 1];
}

void
host_check_lose(struct host_check *check, enum host_state state,
		const char *fmt, ...)
{
	va_list args;

	check->state = state;
	free(check->loss);
	va_start(args, fmt);
	check->loss = xvasprintf(fmt, args);
	va_end(args);
}

void
host_check_remedy(struct host_check *check, const char *fmt, ...)
{
	va_list args;

	free(check->remedy);
	va_start(args, fmt);
	check->remedy = xvasprintf(fmt, args);
	va_end(args);
}

char *
host_read_line(const char *path)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	if (fsx_read_file(AT_FDCWD, path, SMALL_FILE_BYTES, &sb, NULL) < 0)
		return NULL;
	sb.buf[strcspn(sb.buf, "\n")] = '\0';
	return strbuf_take(&sb);
}

long long
host_read_number(const char *path, long long fallback)
{
	cleanup_free char *line = host_read_line(path);

	return line && *line ? strtoll(line, NULL, 10) : fallback;
}

/* In the child: become root of new namespaces. Returns an errno or 0. */
static int
enter_own_userns(void)
{
	struct idmap uids = { .len = 0 }, gids = { .len = 0 };
	int flags = CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER);
	struct err err = ERR_INIT;

	idmap_add(&uids, 0, geteuid(), 1);
	idmap_add(&gids, 0, getegid(), 1);
	if (unshare(flags) < 0)
		return errno;
	if ((flags & CLONE_NEWUSER) &&
	    idmap_write(getpid(), &uids, &gids, 1, &err) < 0)
		return err.code;
	/* AppArmor lets the namespace be made and then refuses its use. */
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return errno;
	return 0;
}

int
host_try_in_userns(int (*probe)(void *data), void *data)
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return errno;
	if (pid == 0) {
		int code = enter_own_userns();

		_exit(code ? code : probe(data));
	}
	status = proc_wait(pid);
	return status >= 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
}

bool
host_report_is_usable(const struct host_report *report)
{
	for (size_t i = 0; i < report->len; i++)
		if (report->checks[i].state == HOST_MISSING)
			return false;
	return true;
}

const char *
host_report_driver(const struct host_report *report)
{
	if (report->overlay_works)
		return "overlay";
	return report->fuse_works ? "fuse-overlayfs" : "copy";
}

void
host_report_make(struct host_report *report, struct paths *paths)
{
	static void (*const checks[])(struct host_report *, struct paths *) = {
		host_check_kernel,  host_check_userns,   host_check_subids,
		host_check_store,   host_check_overlay,  host_check_fuse,
		host_check_tun,     host_check_cgroup,   host_check_run_dir,
		host_check_seccomp, host_check_programs,
	};

	for (size_t i = 0; i < ARRAY_LEN(checks); i++)
		checks[i](report, paths);
}

void
host_report_release(struct host_report *report)
{
	for (size_t i = 0; i < report->len; i++) {
		free(report->checks[i].found);
		free(report->checks[i].loss);
		free(report->checks[i].remedy);
	}
	free(report->checks);
	*report = (struct host_report)HOST_REPORT_INIT;
}
