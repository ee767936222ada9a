/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/host_priv.h - shared by the checks of host_*.c.
 */
#ifndef DHOW_CONF_HOST_PRIV_H
#define DHOW_CONF_HOST_PRIV_H

#include "conf/host_facts.h"

/* Append a check that is ok; the caller may worsen it with the two below. */
struct host_check *host_check_add(struct host_report *report, const char *name,
				  const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void host_check_lose(struct host_check *check, enum host_state state,
		     const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void host_check_remedy(struct host_check *check, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* First line of a small file, or NULL; the caller frees it. */
char *host_read_line(const char *path);
/* The number in such a file, or @fallback. */
long long host_read_number(const char *path, long long fallback);

/*
 * Run @probe in a child that is root of a user and mount namespace of its
 * own. Returns 0, or the positive errno the child ended with.
 */
int host_try_in_userns(int (*probe)(void *data), void *data);

/* The checks, one file each; order is that of the report. */
void host_check_kernel(struct host_report *report, struct paths *paths);
void host_check_userns(struct host_report *report, struct paths *paths);
void host_check_subids(struct host_report *report, struct paths *paths);
void host_check_store(struct host_report *report, struct paths *paths);
void host_check_overlay(struct host_report *report, struct paths *paths);
void host_check_fuse(struct host_report *report, struct paths *paths);
void host_check_tun(struct host_report *report, struct paths *paths);
void host_check_cgroup(struct host_report *report, struct paths *paths);
void host_check_run_dir(struct host_report *report, struct paths *paths);
void host_check_seccomp(struct host_report *report, struct paths *paths);
void host_check_programs(struct host_report *report, struct paths *paths);

#endif
