/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/host_facts.h - what this host lets an ordinary user do.
 *
 * Each check says ok, degraded (and what is lost) or missing (and what to
 * type or to ask an administrator for). Nothing is changed on the host: what
 * must be tried is tried in a child, in a directory that is removed again.
 */
#ifndef DHOW_CONF_HOST_FACTS_H
#define DHOW_CONF_HOST_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "conf/idspace.h"
#include "conf/paths.h"

enum host_state {
	HOST_OK,
	HOST_DEGRADED, /* dhow works, with less */
	HOST_MISSING,  /* dhow cannot run containers so */
	HOST_STATE_COUNT,
};

struct host_check {
	const char *name; /* "kernel", "sub-ids" */
	enum host_state state;
	char *found;  /* what is there, one line */
	char *loss;   /* what does not work; NULL when ok */
	char *remedy; /* what to type or to ask for; NULL when ok */
};

struct host_report {
	struct host_check *checks;
	size_t len;
	size_t cap;
	bool overlay_works; /* the kernel's own, in the store */
	bool fuse_works;    /* fuse-overlayfs and /dev/fuse */
	enum id_mode id_mode;
};

#define HOST_REPORT_INIT        \
	{                       \
		.checks = NULL, \
	}
#define cleanup_host_report cleanup_release(host_report_release)

/* "ok", "degraded", "missing". */
const char *host_state_name(enum host_state state);
/* True unless a check says missing. */
bool host_report_is_usable(const struct host_report *report);

/* Look at everything; never fails. The caller releases @report. */
void host_report_make(struct host_report *report, struct paths *paths);
void host_report_release(struct host_report *report);

/*
 * The storage driver that "auto" comes to: "overlay", "fuse-overlayfs",
 * "copy".
 */
const char *host_report_driver(const struct host_report *report);

enum host_cgroup_kind {
	HOST_CGROUP_NONE,    /* no directory of it is ours */
	HOST_CGROUP_V2,      /* the process is below a delegated directory */
	HOST_CGROUP_V1,      /* directories of some controllers are ours */
	HOST_CGROUP_SYSTEMD, /* the user's systemd gives some to who asks */
	HOST_CGROUP_COUNT,
};

/*
 * What limits can be set with; @ret_path is the directory, of systemd the one
 * that it divides, or NULL. Not for inside a user namespace.
 */
enum host_cgroup_kind host_cgroup_find(char **ret_path);

#endif
