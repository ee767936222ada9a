/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive/confined.h - a forked child that reads hostile bytes, and reports.
 *
 * It sees one directory or none, keeps the capabilities and system calls that
 * its work needs, and dies with the thread that started it. May: use the fds
 * it was given. Must not: name or signal anything else.
 *
 * A child lives from confined_start() to confined_release(), which kills and
 * reaps one that still runs.
 */
#ifndef DHOW_ARCHIVE_CONFINED_H
#define DHOW_ARCHIVE_CONFINED_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* In the child, the fds of its spec are this one and those after it. */
#define CONFINED_FIRST_FD 4
#define CONFINED_MAX_FDS 4
#define CONFINED_MAX_PAYLOAD 1024

struct confined_spec {
	const char *name;          /* for messages: "the extractor" */
	int fds[CONFINED_MAX_FDS]; /* -1: this place stays empty */
	size_t fd_count;
	int root; /* index of the directory that becomes "/"; -1: nothing */
	uint64_t caps;    /* kept ones, bit N = capability N */
	const int *calls; /* allowed ones, beside those of libc and threads */
	size_t call_count;
	/* The work. Fills @payload on success; 0 or -errno with a story. */
	int (*run)(const void *data, void *payload, struct err *err);
	const void *data;
	size_t payload_bytes;
};

struct confined {
	pid_t pid; /* -1: none, or waited for */
	int pidfd; /* readable (EPOLLIN) when it is done */
	int report_fd;
	const char *name;
	size_t payload_bytes;
};
#define CONFINED_INIT                                    \
	{                                                \
		.pid = -1, .pidfd = -1, .report_fd = -1, \
	}

/*
 * Fork. The caller has CAP_SYS_ADMIN in its user namespace and may close the
 * fds at once. Returns 0 or -errno; what fails in the child, the wait tells.
 */
int confined_start(struct confined *child, const struct confined_spec *spec,
		   struct err *err);

/*
 * Wait for the end, once. Returns what run() did, or -EPROTO when the child
 * was killed. The payload is as hostile as what the child read.
 */
int confined_wait(struct confined *child, void *ret_payload, struct err *err);

void confined_release(struct confined *child);

#endif
