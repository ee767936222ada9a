/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build_help.h - trees of small files for tests of build/.
 */
#ifndef DHOW_TESTS_BUILD_HELP_H
#define DHOW_TESTS_BUILD_HELP_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "build/walk.h"

struct tree {
	char path[64];
	int fd;
};

static inline struct tree
tree_new(void)
{
	struct tree tree;

	(void)strcpy(tree.path, "/tmp/dhow-build.XXXXXX");
	cr_assert(mkdtemp(tree.path) != NULL);
	tree.fd = open(tree.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return tree;
}

static inline void
tree_free(struct tree *tree)
{
	(void)close(tree->fd);
	(void)fsx_remove_tree(AT_FDCWD, tree->path, NULL);
}

/* "dir/", "file=content", "link@target" */
static inline void
tree_add(const struct tree *tree, const char *text)
{
	cleanup_free char *name = xstrndup(text, strcspn(text, "=@"));
	const char *rest = text + strlen(name);
	char *slash = strrchr(name, '/');

	if (slash) {
		*slash = '\0';
		cr_assert(fsx_mkdir_p(tree->fd, name, 0755, NULL) == 0);
		*slash = '/';
	}
	if (text_ends(name, "/"))
		return;
	if (*rest == '@')
		cr_assert(symlinkat(rest + 1, tree->fd, name) == 0);
	else
		cr_assert(fsx_write_atomic(tree->fd, name, rest + 1,
					   strlen(rest + 1), 0644, FSX_NOSYNC,
					   NULL) == 0);
}

static inline void
tree_fill(const struct tree *tree, const char *const *texts)
{
	for (; *texts; texts++)
		tree_add(tree, *texts);
}

static inline struct walk_source
tree_source(const struct tree *tree, const struct ignore *ignore)
{
	struct walk_source source = { .is_context = true, .ignore = ignore };

	cr_assert(view_add_fd(&source.view, tree->fd, NULL) == 0);
	return source;
}

#endif
