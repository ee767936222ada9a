/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/tree_watch.h - which files below some directories changed.
 *
 * The kernel tells (inotify) of what this host changes. Where others may
 * change files too, on file systems of the network and those that a program
 * serves, and where the kernel has no watch left, the tree is looked through
 * once a second instead.
 */
#ifndef DHOW_BASE_TREE_WATCH_H
#define DHOW_BASE_TREE_WATCH_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/strvec.h"

struct tree_watch;

struct tree_watch_opts {
	/* Is what is below this directory of interest? NULL: always. */
	bool (*wants)(void *data, const char *path);
	void *data;
	bool polls; /* never ask the kernel */
};

int tree_watch_new(const struct tree_watch_opts *opts,
		   struct tree_watch **ret_watch, struct err *err);
void tree_watch_free(struct tree_watch *watch);
DEFINE_CLEANUP(struct tree_watch *, tree_watch_free);

/*
 * Watch a directory with all below, or a single file; neither need be there
 * yet to be polled for.
 *
 * @path: absolute, without a slash at its end
 *
 * Returns whether it is looked through.
 */
bool tree_watch_add(struct tree_watch *watch, const char *path);

/* Readable when the kernel has something to tell. */
int tree_watch_fd(const struct tree_watch *watch);
/* When to read at the latest; -1: when the descriptor says so. */
int tree_watch_timeout_ms(const struct tree_watch *watch);
/* Append what changed, came or went since the last time, each path once. */
void tree_watch_read(struct tree_watch *watch, struct strvec *changed);

/* Append every file below @path, as if it had just come. */
void tree_watch_list(struct tree_watch *watch, const char *path,
		     struct strvec *changed);

#endif
