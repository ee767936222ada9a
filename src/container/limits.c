/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/limits.c - what of the host a container may use, and who holds it
 * to that.
 *
 * The group is named after the container and lives as long as it does: a
 * restart begins with a new one. What a killed monitor leaves is an empty
 * directory, recorded in state.json.
 *
 * Where nothing is delegated and systemd would delegate something, whoever
 * watches over the container moves into a scope of its own, and that is
 * divided: the group is beside the watcher. The scope lives as long as he.
 */
#include "container/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "base/units.h"
#include "container/limits_files.h"
#include "sys/systemd.h"

#define LIMITS_NAME "dhow-%.12s"
/* With the watcher's number: the one before him may not be gone yet. */
#define LIMITS_SCOPE CGROUP_UNIT_PREFIX "%.12s-%d.scope"

static bool
limits_can(const struct cgroup *cgroup, const struct limits_file *file)
{
	return file->controller != CGROUP_CONTROLLER_COUNT &&
	       cgroup_has(cgroup, file->controller);
}

/*
 * Since 5.14 the processes of each user namespace are counted on their own;
 * before, those of the whole account would be.
 */
bool
limits_can_count_processes(void)
{
	struct utsname uts;
	unsigned int major, minor;

	return uname(&uts) == 0 &&
	       sscanf(uts.release, "%u.%u", &major, &minor) == 2 &&
	       (major > 5 || (major == 5 && minor >= 14));
}

/* Was anything asked for? */
static bool
limits_are_wanted(const struct limits_spec *spec)
{
	cleanup_limits_files struct limits_files files = LIMITS_FILES_INIT;

	return limits_files_make(spec, 2, &files, NULL) < 0 || files.len > 0 ||
	       spec->cgroup_parent;
}

static void
limits_warn_of(const struct limits_file *file, const struct cgroup *place,
	       struct strvec *warnings)
{
	const char *why = place->version
				  ? "the cgroup that is yours cannot do it"
				  : "no cgroup is delegated to you";

	if (file->quiet)
		return;
	if (!strcmp(file->flag, "pids-limit") && limits_can_count_processes())
		strvec_addf(warnings,
			    "--%s counts each user of the container alone: %s",
			    file->flag, why);
	else if (!strcmp(file->flag, "cpuset-cpus"))
		strvec_addf(
			warnings,
			"--%s is a default that the container can change: %s",
			file->flag, why);
	else
		strvec_addf(warnings, "--%s has no effect: %s", file->flag,
			    why);
}

int
limits_lowest_oom_score(uid_t uid)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int64_t own;

	if (uid == 0 || fsx_read_file(AT_FDCWD, "/proc/self/oom_score_adj", 32,
				      &sb, NULL) < 0)
		return -1000;
	sb.buf[strcspn(sb.buf, "\n")] = '\0';
	return units_parse_i64(sb.buf, -1000, 1000, &own, NULL) < 0 ? -1000
								    : (int)own;
}

/*
 * What limits can be set with. @ret_scope: it is not ours yet, but systemd
 * makes us a scope that can do as much.
 */
static int
limits_find_place(const struct limits_spec *spec, uid_t uid,
		  struct cgroup *ret_place, bool *ret_scope, struct err *err)
{
	const char *parent = spec->cgroup_parent;
	bool slice = systemd_is_slice(parent);
	int r = slice ? 0 : cgroup_find(parent, ret_place, err);

	*ret_scope = false;
	if (r < 0 || ret_place->version)
		return r;
	if (cgroup_version() == 2 && systemd_is_there(uid)) {
		cgroup_find_manager(uid, ret_place);
		*ret_scope = ret_place->version == 2;
	}
	if (slice && !*ret_scope)
		return err_set(
			err, EOPNOTSUPP,
			"'%s' is a slice, and no systemd here makes some for you",
			parent);
	return 0;
}

bool
limits_need_scope(const struct container_spec *spec, uid_t uid)
{
	cleanup_cgroup struct cgroup place = CGROUP_INIT;
	bool scope;

	return limits_are_wanted(&spec->limits) &&
	       limits_find_place(&spec->limits, uid, &place, &scope, NULL) ==
		       0 &&
	       scope;
}

void
limits_warn(const struct container_spec *spec, uid_t uid,
	    struct strvec *ret_warnings)
{
	cleanup_limits_files struct limits_files files = LIMITS_FILES_INIT;
	cleanup_cgroup struct cgroup place = CGROUP_INIT;
	const char *last = "";
	bool scope;
	int lowest;

	if (spec->has_oom_score_adj) {
		lowest = limits_lowest_oom_score(uid);
		if (spec->oom_score_adj < lowest)
			strvec_addf(
				ret_warnings,
				"--oom-score-adj is %d: only root may lower it",
				lowest);
	}
	/* What fails here fails again, and is told, when they are made. */
	if (!limits_are_wanted(&spec->limits) ||
	    limits_find_place(&spec->limits, uid, &place, &scope, NULL) < 0 ||
	    limits_files_make(&spec->limits, place.version, &files, NULL) < 0)
		return;
	for (size_t i = 0; i < files.len; i++) {
		const struct limits_file *file = &files.items[i];

		if (!limits_can(&place, file) && strcmp(file->flag, last) != 0)
			limits_warn_of(file, &place, ret_warnings);
		last = file->flag;
	}
}

/* What cannot be held was warned of; what is refused is an error. */
static int
limits_write(const struct cgroup *cgroup, const struct limits_file *file,
	     struct err *err)
{
	struct err why = ERR_INIT;
	int r;

	if (!limits_can(cgroup, file))
		return 0;
	r = cgroup_write(cgroup, file->controller, file->file, file->value,
			 &why);
	if (r == -EOPNOTSUPP && file->other)
		r = cgroup_write(cgroup, file->controller, file->other,
				 file->value, &why);
	if (r == 0 || file->quiet)
		return 0;
	if (err)
		*err = why;
	return err_wrap(err, r, "--%s", file->flag);
}

/*
 * Memory cannot be more than memory and swap together at any moment: where
 * one of the two is refused at first, it fits after the other was written.
 */
static int
limits_write_all(const struct cgroup *cgroup, const struct limits_spec *spec,
		 struct err *err)
{
	cleanup_limits_files struct limits_files files = LIMITS_FILES_INIT;
	struct err first = ERR_INIT;
	size_t refused = SIZE_MAX;
	int r;

	r = limits_files_make(spec, cgroup->version, &files, err);
	for (size_t i = 0; r == 0 && i < files.len; i++) {
		r = limits_write(cgroup, &files.items[i], &first);
		if (r < 0 && files.items[i].controller == CGROUP_MEMORY &&
		    refused == SIZE_MAX) {
			refused = i;
			r = 0;
		}
	}
	if (r == 0 && refused != SIZE_MAX)
		r = limits_write(cgroup, &files.items[refused], &first);
	if (r < 0 && first.code && err)
		*err = first;
	return r;
}

static int
limits_take(struct limits *limits, struct err *err)
{
	limits->holds_pids = cgroup_has(&limits->cgroup, CGROUP_PIDS);
	limits->holds_cpuset = cgroup_has(&limits->cgroup, CGROUP_CPUSET);
	return cgroup_open_procs(&limits->cgroup, limits->procs, err);
}

/* Stand in a scope of our own; after a restart we do already. */
static int
limits_enter_scope(const struct container_spec *spec, uid_t uid,
		   struct cgroup *ret_place, struct err *err)
{
	const char *parent = spec->limits.cgroup_parent;
	char unit[64];
	int r;

	(void)snprintf(unit, sizeof(unit), LIMITS_SCOPE, spec->id,
		       (int)getpid());
	r = cgroup_find(NULL, ret_place, err);
	if (r < 0 ||
	    (ret_place->version == 2 && text_ends(ret_place->dirs[0], unit)))
		return r;
	cgroup_release(ret_place);
	r = systemd_make_scope(uid, unit, parent, err);
	if (r == 0)
		r = cgroup_find(NULL, ret_place, err);
	if (r < 0)
		err_hint(err, "without flags that limit it, it needs no scope");
	return r;
}

int
limits_open(struct limits *limits, const struct container_spec *spec, uid_t uid,
	    struct err *err)
{
	cleanup_cgroup struct cgroup place = CGROUP_INIT;
	char name[32];
	bool wanted = limits_are_wanted(&spec->limits), scope = false;
	int r;

	/*
	 * What nobody asked for is one directory, where it is ours. Seven of
	 * version 1 or a talk with systemd take milliseconds.
	 */
	if (!wanted && !cgroup_is_unified())
		return 0;
	r = wanted ? limits_find_place(&spec->limits, uid, &place, &scope, err)
		   : cgroup_find(NULL, &place, err);
	if (r < 0)
		return err_wrap(err, r, "--cgroup-parent");
	if (!place.version || (!wanted && place.version == 1))
		return 0;
	if (scope) {
		cgroup_release(&place);
		r = limits_enter_scope(spec, uid, &place, err);
	}
	(void)snprintf(name, sizeof(name), LIMITS_NAME, spec->id);
	if (r == 0)
		r = cgroup_make(&place, name, &limits->cgroup, err);
	if (r < 0)
		return r;
	r = limits_write_all(&limits->cgroup, &spec->limits, err);
	if (r == 0)
		r = limits_take(limits, err);
	if (r < 0)
		limits_remove(limits);
	return r;
}

/*
 * A group in a unit of systemd's that we are far from, as seen from a login
 * session: only systemd can bring us there.
 */
static int
limits_approach(const struct cgroup *cgroup, uid_t uid, struct err *err)
{
	cleanup_free char *place = NULL;
	const char *unit;

	if (cgroup_can_join(cgroup))
		return 0;
	place = xstrdup(cgroup->dirs[0]);
	*strrchr(place, '/') = '\0';
	unit = strrchr(place, '/');
	if (!unit ||
	    (!text_ends(unit, ".scope") && !text_ends(unit, ".service")))
		return 0;
	return systemd_join_scope(uid, unit + 1, "/" CGROUP_LEAF, err);
}

int
limits_join(struct limits *limits, const char *text, uid_t uid, struct err *err)
{
	int r;

	if (!text)
		return 0;
	if (cgroup_from_text(text, &limits->cgroup) < 0)
		return err_set(err, EBADMSG, "damaged record of the cgroup");
	r = limits_approach(&limits->cgroup, uid, err);
	return r < 0 ? r : limits_take(limits, err);
}

void
limits_close(struct limits *limits)
{
	for (size_t i = 0; limits->procs[i] >= 0; i++)
		(void)close(limits->procs[i]);
	cgroup_release(&limits->cgroup);
	*limits = (struct limits)LIMITS_INIT;
}

void
limits_remove(struct limits *limits)
{
	cgroup_remove(&limits->cgroup);
	limits_close(limits);
}

void
limits_thaw(const char *text)
{
	cleanup_cgroup struct cgroup cgroup = CGROUP_INIT;

	if (cgroup_from_text(text, &cgroup) == 0 &&
	    cgroup_has(&cgroup, CGROUP_FREEZER))
		(void)cgroup_freeze(&cgroup, false, NULL);
}

void
limits_collect(const char *text)
{
	cleanup_cgroup struct cgroup cgroup = CGROUP_INIT;

	if (cgroup_from_text(text, &cgroup) < 0)
		return;
	/* With --pid host they do not end with their first. */
	cgroup_kill(&cgroup);
	cgroup_remove(&cgroup);
}

char *
limits_to_text(const struct limits *limits)
{
	return limits->cgroup.version ? cgroup_to_text(&limits->cgroup) : NULL;
}

int
limits_update(const char *text, const struct limits_spec *spec, struct err *err)
{
	cleanup_cgroup struct cgroup cgroup = CGROUP_INIT;

	if (!text) {
		(void)err_set(err, EOPNOTSUPP,
			      "the container has no cgroup to limit it with");
		err_hint(err, "run 'dhow doctor': it says how to get one");
		return -EOPNOTSUPP;
	}
	if (cgroup_from_text(text, &cgroup) < 0)
		return err_set(err, EBADMSG, "damaged record of the cgroup");
	return limits_write_all(&cgroup, spec, err);
}
