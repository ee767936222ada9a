/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/host_cgroup.c - which cgroups of this host are the user's to divide.
 *
 * v2: the process stands below a directory that was delegated to the user
 * (systemd's user manager, a batch system). v1: directories of controllers
 * were handed over by chown. man: cgroups(7), "Delegation".
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/span.h"
#include "base/strbuf.h"
#include "base/strvec.h"
#include "base/text.h"
#include "conf/host_priv.h"

#define PROC_FILE_BYTES (1 << 20)

static bool
read_proc(const char *path, struct strbuf *sb)
{
	return fsx_read_file(AT_FDCWD, path, PROC_FILE_BYTES, sb, NULL) == 0;
}

/* Where a hierarchy is mounted; @controller NULL: the unified one. */
static char *
mount_point(const char *controller)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct span rest, line;

	if (!read_proc("/proc/self/mounts", &sb))
		return NULL;
	rest = span_new(sb.buf, sb.len);
	while (span_next(&rest, '\n', &line)) {
		cleanup_free char *text = span_dup(line);
		cleanup_strvec struct strvec words = STRVEC_INIT;
		cleanup_strvec struct strvec options = STRVEC_INIT;

		strvec_split(&words, text, " ");
		if (words.len < 4)
			continue;
		strvec_split(&options, words.v[3], ",");
		if (controller ? strcmp(words.v[2], "cgroup") == 0 &&
					 strvec_has(&options, controller)
			       : strcmp(words.v[2], "cgroup2") == 0)
			return xstrdup(words.v[1]);
	}
	return NULL;
}

/* This process's path in a hierarchy: "0::/user.slice", "4:memory:/x". */
static char *
own_path(const char *controller)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct span rest, line;

	if (!read_proc("/proc/self/cgroup", &sb))
		return NULL;
	rest = span_new(sb.buf, sb.len);
	while (span_next(&rest, '\n', &line)) {
		cleanup_free char *text = span_dup(line);
		cleanup_strvec struct strvec names = STRVEC_INIT;
		char *list = strchr(text, ':');
		char *path = list ? strchr(list + 1, ':') : NULL;

		if (!path)
			continue;
		*path++ = '\0';
		strvec_split(&names, list + 1, ",");
		if (controller ? strvec_has(&names, controller)
			       : text_starts(text, "0:"))
			return xstrdup(path);
	}
	return NULL;
}

/* The process's directory when the user may divide it, else NULL. */
static char *
writable_dir(const char *controller)
{
	cleanup_free char *top = mount_point(controller);
	cleanup_free char *path = own_path(controller);
	cleanup_free char *dir = NULL;
	cleanup_free char *procs = NULL;

	if (!top || !path)
		return NULL;
	dir = xasprintf("%s%s", top, strcmp(path, "/") == 0 ? "" : path);
	procs = xasprintf("%s/cgroup.procs", dir);
	if (access(dir, W_OK) < 0 || access(procs, W_OK) < 0)
		return NULL;
	return take_ptr(dir);
}

int
host_cgroup_version(void)
{
	cleanup_free char *memory = mount_point("memory");
	cleanup_free char *unified = mount_point(NULL);

	return unified && !memory ? 2 : 1;
}

enum host_cgroup_kind
host_cgroup_find(char **ret_path)
{
	static const char *const controllers[] = { "memory", "pids", "cpu" };
	char *dir = NULL;

	if (host_cgroup_version() == 2) {
		dir = writable_dir(NULL);
		*ret_path = dir;
		return dir ? HOST_CGROUP_V2 : HOST_CGROUP_NONE;
	}
	for (size_t i = 0; !dir && i < ARRAY_LEN(controllers); i++)
		dir = writable_dir(controllers[i]);
	*ret_path = dir;
	return dir ? HOST_CGROUP_V1 : HOST_CGROUP_NONE;
}

void
host_check_cgroup(struct host_report *report, struct paths *paths)
{
	cleanup_free char *dir = NULL;
	enum host_cgroup_kind kind = host_cgroup_find(&dir);
	struct host_check *check;

	check = host_check_add(report, "cgroups", "v%d, %s%s",
			       host_cgroup_version(),
			       kind ? "delegated: " : "not delegated",
			       kind ? dir : "");
	if (kind)
		return;
	host_check_lose(
		check, HOST_DEGRADED,
		"no limits of memory, processors and processes for a container as a whole");
	host_check_remedy(
		check,
		host_cgroup_version() == 2
			? "start from a systemd user session: systemd-run --user --scope -p Delegate=yes dhow ..."
			: "ask an administrator for a cgroup directory of your own, and start from a process in it");
}
