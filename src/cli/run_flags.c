/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_flags.c - the flags of run, all that docker and podman know.
 *
 * What cannot work on an account without privileges, or does not yet, is
 * refused with its reason: to make a flag work, remove its .refuse.
 */
#include "cli/run_flags.h"

#include <assert.h>

#include "base/alloc.h"

#define HEALTH_LOG "inspect shows the last five answers"
#define HEALTH_STARTUP "--health-start-period gives it time"
#define NEEDS_CGROUP1 "it needs root and version 1 of the control groups"
#define NO_GROUP "mount an /etc/group of your own"
#define NO_MAPS "the map is made by dhow; --userns keep-id names who you are"
#define NO_PASSWD "mount an /etc/passwd of your own"
#define NO_PODS "there are no pods; --network container:NAME shares a network"
#define NO_SYSTEMD "systemd as first process is not supported"
#define WINDOWS "it has a meaning on Windows only"

#define ROW(name_, kind_, section_, meta_, help_, ...)                       \
	{                                                                    \
		.name = name_, .kind = FLAG_##kind_,                         \
		.section = SECTION_##section_, .meta = meta_, .help = help_, \
		##__VA_ARGS__                                                \
	}
#define SAME(name_, section_, other_)                             \
	{                                                         \
		.name = name_, .kind = FLAG_ALIAS,                \
		.section = SECTION_##section_, .alias_of = other_ \
	}
#define REFUSED(name_, kind_, meta_, why_, harmless_)                 \
	{                                                             \
		.name = name_, .kind = FLAG_##kind_, .meta = meta_,   \
		.refuse = why_, .harmless = harmless_, .hidden = true \
	}
#define IGNORED(name_, kind_, meta_, why_, harmless_)                 \
	{                                                             \
		.name = name_, .kind = FLAG_##kind_, .meta = meta_,   \
		.ignore = why_, .harmless = harmless_, .hidden = true \
	}

const struct flag run_flags[] = {
#define START_ROW ROW
#include "cli/run_rows.inc"
#undef START_ROW
};

#define START_ROW(name_, kind_, section_, meta_, help_, ...)              \
	{                                                                 \
		.name = name_, .kind = FLAG_##kind_, .meta = meta_,       \
		.refuse = "create does not start the container, run and " \
			  "start do",                                     \
		.hidden = true, ##__VA_ARGS__                             \
	}

const struct flag create_flags[] = {
#include "cli/run_rows.inc"
};

static_assert(ARRAY_LEN(run_flags) == RUN_FLAGS_COUNT, "count the rows");
static_assert(ARRAY_LEN(create_flags) == RUN_FLAGS_COUNT, "the same rows");
