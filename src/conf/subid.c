/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/subid.c - sub-ids granted to the user, and the programs that map them.
 */
#include "conf/subid.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/proc.h"
#include "base/strvec.h"
#include "base/units.h"

/* No account needs more; an image's ids end long before. */
#define SUBID_MAX_IDS (1U << 24)

static bool
subid_is_user(struct span who, const char *name, uid_t uid)
{
	cleanup_free char *text = span_dup(who);
	uint64_t number;

	if (name && span_is(who, name))
		return true;
	return units_parse_u64(text, 0, UINT32_MAX, &number, NULL) == 0 &&
	       number == uid;
}

/* "start:count" of one line; returns false when it is malformed or empty. */
static bool
subid_range(struct span rest, uint32_t *ret_start, uint32_t *ret_count)
{
	cleanup_free char *start = NULL, *count = NULL;
	struct span piece;
	uint64_t a, n;

	if (!span_next(&rest, ':', &piece))
		return false;
	start = span_dup(span_trim(piece));
	count = span_dup(span_trim(rest));
	if (units_parse_u64(start, 1, UINT32_MAX - 1, &a, NULL) < 0 ||
	    units_parse_u64(count, 1, UINT32_MAX - 1, &n, NULL) < 0 ||
	    a + n > UINT32_MAX)
		return false;
	*ret_start = (uint32_t)a;
	*ret_count = n > SUBID_MAX_IDS ? SUBID_MAX_IDS : (uint32_t)n;
	return true;
}

int64_t
subid_parse(struct span text, const char *name, uid_t uid, struct idmap *map)
{
	uint32_t next = idmap_span(map), first = next;
	struct span line, who;

	while (span_next(&text, '\n', &line)) {
		uint32_t start, count;

		if (!span_next(&line, ':', &who) ||
		    !subid_is_user(who, name, uid) ||
		    !subid_range(line, &start, &count))
			continue;
		if (map->len == IDMAP_MAX_EXTENTS - 4 ||
		    next > SUBID_MAX_IDS - count)
			break;
		idmap_add(map, next, start, count);
		next += count;
	}
	return (int64_t)next - first;
}

/* The name of @uid in passwd(5)'s file, or NULL; the caller frees. */
static char *
subid_local_name(uid_t uid)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct span text, line;

	if (fsx_read_file(AT_FDCWD, "/etc/passwd", SUBID_FILE_MAX_BYTES, &sb,
			  NULL) < 0)
		return NULL;
	text = span_new(sb.buf, sb.len);
	while (span_next(&text, '\n', &line)) {
		struct span name, password, number;

		if (span_next(&line, ':', &name) &&
		    span_next(&line, ':', &password) &&
		    span_next(&line, ':', &number) &&
		    subid_is_user(number, NULL, uid))
			return span_dup(name);
	}
	return NULL;
}

int64_t
subid_add(enum subid_kind kind, uid_t uid, struct idmap *map)
{
	const char *path = kind == SUBID_USER ? "/etc/subuid" : "/etc/subgid";
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_free char *login = NULL;

	if (fsx_read_file(AT_FDCWD, path, SUBID_FILE_MAX_BYTES, &sb, NULL) < 0)
		return 0;
	login = subid_local_name(uid);
	/* The account data base may be a network away: asked last. */
	if (!login) {
		const struct passwd *pw = sb.len ? getpwuid(uid) : NULL;

		login = xstrdup_null(pw ? pw->pw_name : NULL);
	}
	return subid_parse(span_new(sb.buf, sb.len), login, uid, map);
}

bool
subid_has_helpers(void)
{
	cleanup_free char *u = proc_find_program("newuidmap");
	cleanup_free char *g = proc_find_program("newgidmap");

	return u && g;
}

static int
subid_spawn(const char *program, pid_t target, const struct idmap *map,
	    pid_t *ret_pid, struct err *err)
{
	cleanup_strvec struct strvec argv = STRVEC_INIT;
	cleanup_free char *path = proc_find_program(program);
	struct proc_spawn spawn = PROC_SPAWN_INIT;

	if (!path)
		return err_set(err, ENOENT, "'%s' is not installed", program);
	strvec_add(&argv, program);
	strvec_addf(&argv, "%d", (int)target);
	for (size_t i = 0; i < map->len; i++) {
		strvec_addf(&argv, "%u", map->extents[i].inside);
		strvec_addf(&argv, "%u", map->extents[i].outside);
		strvec_addf(&argv, "%u", map->extents[i].count);
	}
	spawn.path = path;
	spawn.argv = argv.v;
	return proc_spawn(&spawn, ret_pid, NULL, err);
}

static int
subid_reap(pid_t pid, const char *program, struct err *err)
{
	int status = proc_wait(pid);

	if (status == 0)
		return 0;
	(void)err_set(err, EPERM, "'%s' refused the id map", program);
	err_hint(err, "check /etc/subuid, /etc/subgid and that %s is setuid",
		 program);
	return -EPERM;
}

int
subid_write_maps(pid_t pid, const struct idmap *uids, const struct idmap *gids,
		 struct err *err)
{
	pid_t upid, gpid;
	int r, r2;

	r = subid_spawn("newuidmap", pid, uids, &upid, err);
	if (r < 0)
		return r;
	r2 = subid_spawn("newgidmap", pid, gids, &gpid, err);
	r = subid_reap(upid, "newuidmap", r2 < 0 ? NULL : err);
	if (r2 == 0)
		r2 = subid_reap(gpid, "newgidmap", r < 0 ? NULL : err);
	return r < 0 ? r : r2;
}
