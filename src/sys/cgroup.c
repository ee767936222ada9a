/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sys/cgroup.c - control groups of versions 1 and 2, for who owns some.
 *
 * Directories are given by absolute paths of a file system that only the
 * kernel fills: nothing of a container's making is resolved here.
 */
#include "sys/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/span.h"
#include "base/text.h"
#include "base/units.h"
#include "sys/cgroup_priv.h"

#define CGROUP_FILE_BYTES (1 << 20)
#define CGROUP_FREEZE_MS 5000
#define CGROUP_KILL_MS 1000
#define CGROUP_KILL_ROUNDS 16

const char *const cgroup_controller_names[CGROUP_CONTROLLER_COUNT] = {
	[CGROUP_MEMORY] = "memory",   [CGROUP_PIDS] = "pids",
	[CGROUP_CPU] = "cpu",         [CGROUP_CPUACCT] = "cpuacct",
	[CGROUP_CPUSET] = "cpuset",   [CGROUP_IO] = "blkio",
	[CGROUP_FREEZER] = "freezer",
};

void
cgroup_release(struct cgroup *cgroup)
{
	for (int i = 0; i < CGROUP_CONTROLLER_COUNT; i++)
		free(cgroup->dirs[i]);
	*cgroup = (struct cgroup)CGROUP_INIT;
}

void
cgroup_set_unified(struct cgroup *cgroup, const char *dir)
{
	cgroup->version = 2;
	for (int i = 0; i < CGROUP_CONTROLLER_COUNT; i++)
		cgroup->dirs[i] = xstrdup(dir);
}

/* True when an earlier controller has the same directory. */
static bool
cgroup_is_repeated(const struct cgroup *cgroup, int which)
{
	for (int i = 0; i < which; i++)
		if (cgroup->dirs[i] &&
		    !strcmp(cgroup->dirs[i], cgroup->dirs[which]))
			return true;
	return false;
}

static int
cgroup_write_at(const char *dir, const char *file, const char *value,
		struct err *err)
{
	cleanup_free char *path = xasprintf("%s/%s", dir, file);
	cleanup_close int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		return err_sys(err, "write '%s' to '%s'", value, path);
	return 0;
}

/* A cpuset begins empty, and an empty one takes no process. */
static int
cgroup_copy_cpuset(const char *from, const char *to, struct err *err)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(files); i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		cleanup_free char *path = xasprintf("%s/%s", from, files[i]);

		r = fsx_read_file(AT_FDCWD, path, CGROUP_FILE_BYTES, &sb, err);
		if (r == 0)
			r = cgroup_write_at(to, files[i], sb.buf, err);
	}
	return r;
}

/* Only leaves have processes: those of @dir move down into one. */
static int
cgroup_empty(const char *dir, struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_free char *path = xasprintf("%s/cgroup.procs", dir);
	cleanup_free char *type = xasprintf("%s/cgroup.type", dir);
	cleanup_free char *leaf = xasprintf("%s/%s", dir, CGROUP_LEAF);
	struct span rest, line;
	int r;

	/* The root of all has none, and may have both. */
	if (access(type, F_OK) < 0)
		return 0;
	r = fsx_read_file(AT_FDCWD, path, CGROUP_FILE_BYTES, &sb, err);
	if (r < 0 || !sb.len)
		return r;
	if (mkdir(leaf, 0755) < 0 && errno != EEXIST)
		return err_sys(err, "make cgroup '%s'", leaf);
	rest = span_new(sb.buf, sb.len);
	while (r == 0 && span_next(&rest, '\n', &line)) {
		cleanup_free char *pid = span_dup(line);

		/* One that has ended meanwhile is none any more. */
		if (*pid)
			r = cgroup_write_at(leaf, "cgroup.procs", pid, err);
		if (r == -ESRCH)
			r = 0;
	}
	return r;
}

static int
cgroup_enable(const char *dir, struct err *err)
{
	static const char *const wanted[] = { "+memory", "+pids", "+cpu",
					      "+cpuset", "+io" };
	int r = cgroup_empty(dir, err);

	/* What is not delegated cannot be enabled; a limit then says so. */
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(wanted); i++)
		(void)cgroup_write_at(dir, "cgroup.subtree_control", wanted[i],
				      NULL);
	return r;
}

static int
cgroup_make_dir(const struct cgroup *place, int which, const char *name,
		struct cgroup *made, struct err *err)
{
	char *dir = xasprintf("%s/%s", place->dirs[which], name);

	made->dirs[which] = dir;
	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return err_sys(err, "make cgroup '%s'", dir);
	if (place->version == 1 && which == CGROUP_CPUSET)
		return cgroup_copy_cpuset(place->dirs[which], dir, err);
	return 0;
}

int
cgroup_make(const struct cgroup *place, const char *name,
	    struct cgroup *ret_cgroup, struct err *err)
{
	struct cgroup made = { .version = place->version };
	int r = 0;

	if (place->version == 2)
		r = cgroup_enable(place->dirs[0], err);
	for (int i = 0; r == 0 && i < CGROUP_CONTROLLER_COUNT; i++)
		if (place->dirs[i])
			r = cgroup_make_dir(place, i, name, &made, err);
	if (r < 0) {
		cgroup_remove(&made);
		cgroup_release(&made);
		return r;
	}
	*ret_cgroup = made;
	return 0;
}

void
cgroup_remove(const struct cgroup *cgroup)
{
	for (int i = 0; i < CGROUP_CONTROLLER_COUNT; i++)
		if (cgroup->dirs[i] && !cgroup_is_repeated(cgroup, i))
			(void)rmdir(cgroup->dirs[i]);
}

char *
cgroup_to_text(const struct cgroup *cgroup)
{
	struct strbuf sb = STRBUF_INIT;

	if (cgroup->version == 2)
		return xstrdup(cgroup->dirs[0]);
	for (int i = 0; i < CGROUP_CONTROLLER_COUNT; i++)
		if (cgroup->dirs[i])
			strbuf_addf(&sb, "%s%s:%s", sb.len ? "," : "",
				    cgroup_controller_names[i],
				    cgroup->dirs[i]);
	return strbuf_take(&sb);
}

static bool
cgroup_add_text(struct cgroup *cgroup, struct span part)
{
	for (int i = 0; i < CGROUP_CONTROLLER_COUNT; i++) {
		const char *name = cgroup_controller_names[i];
		size_t len = strlen(name);

		if (part.len <= len + 1 || !span_starts(part, name) ||
		    part.ptr[len] != ':' || cgroup->dirs[i])
			continue;
		cgroup->dirs[i] = span_dup(span_skip(part, len + 1));
		return *cgroup->dirs[i] == '/';
	}
	return false;
}

int
cgroup_from_text(const char *text, struct cgroup *ret_cgroup)
{
	struct cgroup cgroup = CGROUP_INIT;
	struct span rest = span_of(text ?: ""), part;
	bool good = rest.len > 0;

	if (good && *text == '/') {
		cgroup_set_unified(ret_cgroup, text);
		return 0;
	}
	cgroup.version = 1;
	while (good && span_next(&rest, ',', &part))
		good = cgroup_add_text(&cgroup, part);
	if (!good) {
		cgroup_release(&cgroup);
		return -EINVAL;
	}
	*ret_cgroup = cgroup;
	return 0;
}

int
cgroup_open_procs(const struct cgroup *cgroup, int fds[CGROUP_MAX_FDS],
		  struct err *err)
{
	size_t n = 0;

	for (int i = 0; i < CGROUP_CONTROLLER_COUNT; i++) {
		cleanup_free char *path = NULL;

		if (!cgroup->dirs[i] || cgroup_is_repeated(cgroup, i))
			continue;
		path = xasprintf("%s/cgroup.procs", cgroup->dirs[i]);
		fds[n] = open(path, O_WRONLY | O_CLOEXEC);
		if (fds[n] < 0) {
			int r = err_sys(err, "open '%s'", path);

			while (n > 0)
				(void)close(fds[--n]);
			fds[0] = -1;
			return r;
		}
		n++;
	}
	fds[n] = -1;
	return 0;
}

static int
cgroup_read_text(const struct cgroup *cgroup, enum cgroup_controller which,
		 const char *file, struct strbuf *sb)
{
	cleanup_free char *path = NULL;

	if (!cgroup->dirs[which])
		return -ENOENT;
	path = xasprintf("%s/%s", cgroup->dirs[which], file);
	return fsx_read_file(AT_FDCWD, path, CGROUP_FILE_BYTES, sb, NULL);
}

bool
cgroup_has(const struct cgroup *cgroup, enum cgroup_controller which)
{
	static const char *const names[CGROUP_CONTROLLER_COUNT] = {
		[CGROUP_MEMORY] = "memory", [CGROUP_PIDS] = "pids",
		[CGROUP_CPU] = "cpu",       [CGROUP_CPUACCT] = "cpu",
		[CGROUP_CPUSET] = "cpuset", [CGROUP_IO] = "io",
	};
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct span rest, word;

	if (cgroup->version != 2 || !names[which])
		return cgroup->dirs[which] != NULL;
	if (cgroup_read_text(cgroup, which, "cgroup.controllers", &sb) < 0)
		return false;
	rest = span_trim(span_new(sb.buf, sb.len));
	while (span_next(&rest, ' ', &word))
		if (span_is(word, names[which]))
			return true;
	return false;
}

int
cgroup_write(const struct cgroup *cgroup, enum cgroup_controller which,
	     const char *file, const char *value, struct err *err)
{
	int r;

	if (!cgroup->dirs[which])
		return err_set(err, EOPNOTSUPP, "no %s controller is delegated",
			       cgroup_controller_names[which]);
	r = cgroup_write_at(cgroup->dirs[which], file, value, err);
	return r == -ENOENT ? -EOPNOTSUPP : r;
}

static int
cgroup_parse(struct span word, int64_t *ret_value)
{
	cleanup_free char *text = span_dup(word);

	if (!strcmp(text, "max")) {
		*ret_value = INT64_MAX;
		return 0;
	}
	return units_parse_i64(text, INT64_MIN, INT64_MAX, ret_value, NULL) < 0
		       ? -ENOENT
		       : 0;
}

int
cgroup_read(const struct cgroup *cgroup, enum cgroup_controller which,
	    const char *file, const char *key, int64_t *ret_value)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct span rest, line;

	if (cgroup_read_text(cgroup, which, file, &sb) < 0)
		return -ENOENT;
	rest = span_new(sb.buf, sb.len);
	while (span_next(&rest, '\n', &line)) {
		size_t len = key ? strlen(key) : 0;

		if (!key)
			return cgroup_parse(line, ret_value);
		if (line.len > len + 1 && span_starts(line, key) &&
		    line.ptr[len] == ' ')
			return cgroup_parse(span_skip(line, len + 1),
					    ret_value);
	}
	return -ENOENT;
}

/* Version 2 wakes who polls its events; version 1 has to be asked. */
static bool
cgroup_is_frozen(const struct cgroup *cgroup)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int64_t frozen;

	if (cgroup->version == 2)
		return cgroup_read(cgroup, CGROUP_FREEZER, "cgroup.events",
				   "frozen", &frozen) == 0 &&
		       frozen;
	return cgroup_read_text(cgroup, CGROUP_FREEZER, "freezer.state", &sb) ==
		       0 &&
	       text_starts(sb.buf, "FROZEN");
}

static void
cgroup_wait_events(const struct cgroup *cgroup, int64_t timeout_ns)
{
	cleanup_free char *path =
		xasprintf("%s/cgroup.events", cgroup->dirs[CGROUP_FREEZER]);
	cleanup_close int fd =
		cgroup->version == 2 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	struct pollfd pfd = { .fd = fd, .events = POLLPRI };
	char byte;

	/* What was read is what changes are told against. */
	if (fd >= 0 && (read(fd, &byte, 1) < 0 || cgroup_is_frozen(cgroup)))
		return;
	(void)poll(&pfd, 1,
		   cgroup->version == 2 ? (int)(timeout_ns / 1000000) + 1 : 1);
}

int
cgroup_freeze(const struct cgroup *cgroup, bool frozen, struct err *err)
{
	int64_t until = units_monotonic_ns() + CGROUP_FREEZE_MS * 1000000LL;
	int64_t left;
	int r;

	if (cgroup->version == 2)
		r = cgroup_write(cgroup, CGROUP_FREEZER, "cgroup.freeze",
				 frozen ? "1" : "0", err);
	else
		r = cgroup_write(cgroup, CGROUP_FREEZER, "freezer.state",
				 frozen ? "FROZEN" : "THAWED", err);
	while (r == 0 && frozen && !cgroup_is_frozen(cgroup)) {
		left = until - units_monotonic_ns();
		if (left <= 0)
			return err_set(err, ETIMEDOUT,
				       "some process cannot be stopped");
		cgroup_wait_events(cgroup, left);
	}
	return r;
}

/* Returns whether there was one: new ones may have come meanwhile. */
static bool
cgroup_kill_listed(const char *dir)
{
	cleanup_free char *path = xasprintf("%s/cgroup.procs", dir);
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_free char *copy = NULL;
	bool any = false;
	char *rest, *word;

	if (fsx_read_file(AT_FDCWD, path, CGROUP_FILE_BYTES, &sb, NULL) < 0)
		return false;
	copy = strbuf_take(&sb);
	for (word = strtok_r(copy, "\n", &rest); word;
	     word = strtok_r(NULL, "\n", &rest)) {
		uint64_t pid;
		int fd;

		/* 0: one that we cannot see. */
		if (units_parse_u64(word, 1, INT32_MAX, &pid, NULL) < 0)
			continue;
		any = true;
		fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
		(void)kill((pid_t)pid, SIGKILL);
		if (fd >= 0)
			(void)poll(&(struct pollfd){ .fd = fd,
						     .events = POLLIN },
				   1, CGROUP_KILL_MS);
		cleanup_close_p(&fd);
	}
	return any;
}

void
cgroup_kill(const struct cgroup *cgroup)
{
	for (int i = 0; i < CGROUP_CONTROLLER_COUNT; i++) {
		if (!cgroup->dirs[i])
			continue;
		for (int k = 0; k < CGROUP_KILL_ROUNDS; k++)
			if (!cgroup_kill_listed(cgroup->dirs[i]))
				break;
		return; /* they are in each of its directories */
	}
}

bool
cgroup_was_oom(const struct cgroup *cgroup)
{
	const char *file =
		cgroup->version == 2 ? "memory.events" : "memory.oom_control";
	int64_t kills;

	return cgroup_read(cgroup, CGROUP_MEMORY, file, "oom_kill", &kills) ==
		       0 &&
	       kills > 0;
}

static int64_t
cgroup_number(const struct cgroup *cgroup, enum cgroup_controller which,
	      const char *file, const char *key, int64_t otherwise)
{
	int64_t value;

	return cgroup_read(cgroup, which, file, key, &value) < 0 ? otherwise
								 : value;
}

/* What docker stats shows: the page cache that nobody needs is left out. */
static void
cgroup_usage_memory(const struct cgroup *cgroup, struct cgroup_usage *usage)
{
	bool v2 = cgroup->version == 2;
	int64_t used, droppable;

	used = cgroup_number(cgroup, CGROUP_MEMORY,
			     v2 ? "memory.current" : "memory.usage_in_bytes",
			     NULL, -1);
	droppable =
		cgroup_number(cgroup, CGROUP_MEMORY, "memory.stat",
			      v2 ? "inactive_file" : "total_inactive_file", 0);
	usage->memory_bytes = used > droppable ? used - droppable : used;
	usage->memory_max_bytes =
		cgroup_number(cgroup, CGROUP_MEMORY,
			      v2 ? "memory.max" : "memory.limit_in_bytes", NULL,
			      INT64_MAX);
	/* Version 1 says "no limit" by the largest whole page. */
	if (usage->memory_max_bytes > INT64_MAX - (1 << 20))
		usage->memory_max_bytes = INT64_MAX;
}

/* Sums over devices: "8:0 rbytes=1 wbytes=2", or "8:0 Read 1". */
static void
cgroup_usage_io(const struct cgroup *cgroup, struct cgroup_usage *usage)
{
	bool v2 = cgroup->version == 2;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct span rest, line, word, value;

	usage->read_bytes = usage->written_bytes = -1;
	if (cgroup_read_text(cgroup, CGROUP_IO,
			     v2 ? "io.stat" : "blkio.throttle.io_service_bytes",
			     &sb) < 0)
		return;
	usage->read_bytes = usage->written_bytes = 0;
	rest = span_new(sb.buf, sb.len);
	while (span_next(&rest, '\n', &line)) {
		(void)span_next(&line, ' ', &word);
		while (span_next(&line, ' ', &word)) {
			int64_t *sum =
				span_starts(word, v2 ? "rbytes=" : "Read")
					? &usage->read_bytes
				: span_starts(word, v2 ? "wbytes=" : "Write")
					? &usage->written_bytes
					: NULL;
			int64_t number;

			if (!sum)
				continue;
			value = v2 ? span_skip(word, strlen("rbytes=")) : line;
			if (cgroup_parse(value, &number) == 0)
				*sum += number;
		}
	}
}

void
cgroup_usage(const struct cgroup *cgroup, struct cgroup_usage *ret_usage)
{
	struct cgroup_usage usage = { .cpu_ns = -1 };

	cgroup_usage_memory(cgroup, &usage);
	if (cgroup->version == 2) {
		int64_t us = cgroup_number(cgroup, CGROUP_CPU, "cpu.stat",
					   "usage_usec", -1);

		usage.cpu_ns = us < 0 ? -1 : us * 1000;
	} else {
		usage.cpu_ns = cgroup_number(cgroup, CGROUP_CPUACCT,
					     "cpuacct.usage", NULL, -1);
	}
	usage.pids =
		cgroup_number(cgroup, CGROUP_PIDS, "pids.current", NULL, -1);
	usage.pids_max =
		cgroup_number(cgroup, CGROUP_PIDS, "pids.max", NULL, INT64_MAX);
	cgroup_usage_io(cgroup, &usage);
	*ret_usage = usage;
}
