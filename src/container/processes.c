/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/processes.c - the processes of a running container, by /proc.
 */
#include "container/processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "base/units.h"
#include "sys/ns.h"

#define PROC_FILE_MAX_BYTES (4U << 20)

/* Every process of the host, as far as it is needed to choose. */
struct candidate {
	pid_t pid, ppid;
	bool chosen;
};

struct candidates {
	struct candidate *items;
	size_t len, cap;
};

void
container_processes_release(struct container_processes *processes)
{
	for (size_t i = 0; i < processes->len; i++) {
		free(processes->items[i].comm);
		strvec_release(&processes->items[i].args);
	}
	free(processes->items);
	*processes = (struct container_processes)CONTAINER_PROCESSES_INIT;
}

static int
read_proc(pid_t pid, const char *file, struct strbuf *sb)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	return fsx_read_file(AT_FDCWD, path, PROC_FILE_MAX_BYTES, sb, NULL);
}

/* The inode of its pid namespace, 0 when we may not know. */
static ino_t
pid_namespace(pid_t pid)
{
	char path[64];
	struct stat st;

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)pid);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

/*
 * proc(5), stat: "PID (COMM) STATE PPID …"; the name may hold anything.
 * Returns where the state stands, or NULL.
 */
static const char *
after_comm(const char *stat, size_t *ret_start, size_t *ret_len)
{
	const char *open = strchr(stat, '(');
	const char *close = strrchr(stat, ')');

	if (!open || !close || close < open || close[1] != ' ')
		return NULL;
	*ret_start = (size_t)(open + 1 - stat);
	*ret_len = (size_t)(close - open - 1);
	return close + 2;
}

static pid_t
parent_of(pid_t pid)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const char *rest;
	size_t start, len;
	int ppid;

	if (read_proc(pid, "stat", &sb) < 0)
		return 0;
	rest = after_comm(sb.buf, &start, &len);
	return rest && sscanf(rest, "%*c %d", &ppid) == 1 ? ppid : 0;
}

static int
list_all(struct candidates *all, struct err *err)
{
	cleanup_closedir DIR *dir = opendir("/proc");
	struct dirent *ent;

	if (!dir)
		return err_sys(err, "read '/proc'");
	while ((ent = readdir(dir))) {
		uint64_t pid;

		if (units_parse_u64(ent->d_name, 1, INT32_MAX, &pid, NULL) < 0)
			continue;
		array_push(all->items, all->len, all->cap,
			   (struct candidate){ (pid_t)pid,
					       parent_of((pid_t)pid), false });
	}
	return 0;
}

/* A child of what is chosen is chosen. */
static void
choose_descendants(struct candidates *all)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < all->len; i++)
			for (size_t k = 0;
			     !all->items[i].chosen && k < all->len; k++)
				if (all->items[k].chosen &&
				    all->items[k].pid == all->items[i].ppid)
					again = all->items[i].chosen = true;
	}
}

static void
choose(struct candidates *all, const struct container_state *state)
{
	ino_t ours = pid_namespace(getpid());
	ino_t theirs = pid_namespace(state->pid);

	for (size_t i = 0; i < all->len; i++) {
		struct candidate *one = &all->items[i];

		one->chosen = one->pid == state->pid ||
			      (theirs && theirs != ours &&
			       pid_namespace(one->pid) == theirs);
	}
	choose_descendants(all);
}

static int
read_stat(struct container_process *process)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	uint64_t user, kernel, start;
	const char *rest;
	size_t at, len;
	long rss;
	int ppid, tty;

	if (read_proc(process->pid, "stat", &sb) < 0)
		return -ESRCH;
	rest = after_comm(sb.buf, &at, &len);
	if (!rest ||
	    sscanf(rest,
		   "%*c %d %*d %*d %d %*d %*u %*u %*u %*u %*u %" SCNu64
		   " %" SCNu64 " %*d %*d %*d %*d %*d %*d %" SCNu64 " %*u %ld",
		   &ppid, &tty, &user, &kernel, &start, &rss) != 6)
		return -ESRCH;
	process->ppid = ppid;
	process->tty = tty;
	process->cpu_ticks = user + kernel;
	process->start_ticks = start;
	process->rss_bytes = rss * sysconf(_SC_PAGESIZE);
	process->comm = xstrndup(sb.buf + at, len);
	return 0;
}

/* The last number of the line that starts with @key, or @fallback. */
static int64_t
line_number(const char *text, const char *key, bool last, int64_t fallback)
{
	const char *at = strstr(text, key);
	const char *end = at ? strchrnul(at + 1, '\n') : NULL;
	const char *p = at ? at + strlen(key) : NULL;

	if (!p)
		return fallback;
	if (last)
		for (p = end; p > at && text_is_digit(p[-1]);)
			p--;
	return strtoll(p, NULL, 10);
}

/* @inner: an id outside, by "inner outer count" lines of a uid_map. */
static uint32_t
map_back(const char *map, uint32_t outer)
{
	uint32_t inside, outside, count;
	int used;

	while (sscanf(map, "%u %u %u%n", &inside, &outside, &count, &used) ==
	       3) {
		if (outer >= outside && outer - outside < count)
			return inside + (outer - outside);
		map += used;
	}
	return 65534;
}

static void
read_rest(struct container_process *process, const char *uid_map)
{
	cleanup_strbuf struct strbuf status = STRBUF_INIT;
	cleanup_strbuf struct strbuf io = STRBUF_INIT;
	cleanup_strbuf struct strbuf line = STRBUF_INIT;
	struct span rest, word;

	(void)read_proc(process->pid, "status", &status);
	process->uid =
		(uint32_t)line_number(status.buf, "\nUid:\t", false, 65534);
	process->inner_uid = map_back(uid_map, process->uid);
	process->inner_pid = (pid_t)line_number(status.buf, "\nNSpid:\t", true,
						process->pid);
	(void)read_proc(process->pid, "io", &io);
	process->read_bytes = line_number(io.buf, "read_bytes: ", false, -1);
	process->written_bytes =
		line_number(io.buf, "\nwrite_bytes: ", false, -1);
	(void)read_proc(process->pid, "cmdline", &line);
	rest = span_new(line.buf, line.len);
	while (span_next(&rest, '\0', &word))
		strvec_add_take(&process->args, span_dup(word));
}

/* Oldest first: process numbers wrap, so a later one can be lower. */
static int
by_age(const void *a, const void *b)
{
	const struct container_process *x = a, *y = b;

	if (x->start_ticks != y->start_ticks)
		return x->start_ticks < y->start_ticks ? -1 : 1;
	return x->inner_pid < y->inner_pid ? -1 : x->inner_pid > y->inner_pid;
}

int
container_processes_read(const struct container_state *state,
			 struct container_processes *ret_processes,
			 struct err *err)
{
	struct container_processes found = CONTAINER_PROCESSES_INIT;
	cleanup_strbuf struct strbuf uid_map = STRBUF_INIT;
	struct candidates all = { .items = NULL };
	int r = list_all(&all, err);

	if (r == 0)
		choose(&all, state);
	(void)read_proc(state->pid, "uid_map", &uid_map);
	for (size_t i = 0; r == 0 && i < all.len; i++) {
		struct container_process one = { .pid = all.items[i].pid };

		if (!all.items[i].chosen || read_stat(&one) < 0)
			continue;
		read_rest(&one, uid_map.buf);
		array_push(found.items, found.len, found.cap, one);
	}
	free(all.items);
	if (r < 0)
		return r;
	if (found.len)
		qsort(found.items, found.len, sizeof(*found.items), by_age);
	*ret_processes = found;
	return 0;
}

static bool
shares_our_network(pid_t pid)
{
	char path[64];
	struct stat ours, theirs;

	(void)snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	return stat("/proc/self/ns/net", &ours) < 0 ||
	       stat(path, &theirs) < 0 || ours.st_ino == theirs.st_ino;
}

void
container_traffic_read(const struct container_state *state,
		       struct container_traffic *ret_traffic)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct span rest, line;
	pid_t pid = ns_readable(state->pid);

	*ret_traffic = (struct container_traffic){ -1, -1 };
	if (shares_our_network(pid) || read_proc(pid, "net/dev", &sb) < 0)
		return;
	*ret_traffic = (struct container_traffic){ 0, 0 };
	rest = span_new(sb.buf, sb.len);
	while (span_next(&rest, '\n', &line)) {
		cleanup_free char *text = span_dup(span_trim(line));
		const char *colon = strchr(text, ':');
		int64_t in, out;

		if (!colon || text_starts(text, "lo:") ||
		    sscanf(colon + 1,
			   "%" SCNd64 " %*u %*u %*u %*u %*u %*u %*u %" SCNd64,
			   &in, &out) != 2)
			continue;
		ret_traffic->received_bytes += in;
		ret_traffic->sent_bytes += out;
	}
}
