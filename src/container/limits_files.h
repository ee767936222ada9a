/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/limits_files.h - limits as what is written to files of a cgroup.
 */
#ifndef DHOW_CONTAINER_LIMITS_FILES_H
#define DHOW_CONTAINER_LIMITS_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "spec/limits_spec.h"
#include "sys/cgroup.h"

struct limits_file {
	const char *flag;                  /* "memory"; static */
	enum cgroup_controller controller; /* or its count: none has it */
	char *file;                        /* owned */
	const char *other; /* where it is called so; static, or NULL */
	char *value;       /* owned */
	bool quiet;        /* nobody asked for it: it may be missing */
};

struct limits_files {
	struct limits_file *items;
	size_t len;
	size_t cap;
};

#define LIMITS_FILES_INIT     \
	{                     \
		.items = NULL \
	}
#define cleanup_limits_files cleanup_release(limits_files_release)
void limits_files_release(struct limits_files *files);

/*
 * What to write, in order. @version: of cgroups, 1 or 2.
 * Returns 0 or -errno for a device that is not there.
 */
int limits_files_make(const struct limits_spec *spec, int version,
		      struct limits_files *files, struct err *err);

#endif
