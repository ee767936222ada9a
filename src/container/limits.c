/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/limits.c - what of the host a container may use, and who holds it
 * to that.
 *
 * The group is named after the container and lives as long as it does: a
 * restart begins with a new one. What a killed monitor leaves is an empty
 * directory, recorded in state.json.
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
#include "base/units.h"
#include "container/limits_files.h"

#define LIMITS_NAME "dhow-%.12s"

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

void
limits_warn(const struct container_spec *spec, struct strvec *ret_warnings)
{
	cleanup_limits_files struct limits_files files = LIMITS_FILES_INIT;
	cleanup_cgroup struct cgroup place = CGROUP_INIT;
	const char *last = "";
	int lowest;

	if (spec->has_oom_score_adj) {
		lowest = limits_lowest_oom_score(geteuid());
		if (spec->oom_score_adj < lowest)
			strvec_addf(
				ret_warnings,
				"--oom-score-adj is %d: only root may lower it",
				lowest);
	}
	/* What fails here fails again, and is told, when they are made. */
	if (!limits_are_wanted(&spec->limits) ||
	    cgroup_find(spec->limits.cgroup_parent, &place, NULL) < 0 ||
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

int
limits_open(struct limits *limits, const struct container_spec *spec,
	    struct err *err)
{
	cleanup_cgroup struct cgroup place = CGROUP_INIT;
	char name[32];
	bool wanted = limits_are_wanted(&spec->limits);
	int r;

	/* Finding version 1, to leave it alone, takes two files of /proc. */
	if (!wanted && !cgroup_is_unified())
		return 0;
	r = cgroup_find(spec->limits.cgroup_parent, &place, err);
	if (r < 0)
		return err_wrap(err, r, "--cgroup-parent");
	/* Seven directories take milliseconds, one does not. */
	if (!place.version || (place.version == 1 && !wanted))
		return 0;
	(void)snprintf(name, sizeof(name), LIMITS_NAME, spec->id);
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

int
limits_join(struct limits *limits, const char *text, struct err *err)
{
	if (!text)
		return 0;
	if (cgroup_from_text(text, &limits->cgroup) < 0)
		return err_set(err, EBADMSG, "damaged record of the cgroup");
	return limits_take(limits, err);
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

	if (cgroup_from_text(text, &cgroup) == 0)
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
