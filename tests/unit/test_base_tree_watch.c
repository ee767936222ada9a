/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "base/tree_watch.h"

static char place[64];
static struct tree_watch *tree;
static struct strvec changed;

static void
setup(void)
{
	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
}

static void
teardown(void)
{
	tree_watch_free(tree);
	strvec_release(&changed);
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(base_tree_watch, .init = setup, .fini = teardown);

/* What is below "ignored" is of no interest. */
static bool
is_wanted(void *data, const char *path)
{
	return !text_ends(path, "/ignored");
}

static void
make_dir(const char *name)
{
	cleanup_free char *path = xasprintf("%s/%s", place, name);

	cr_assert(mkdir(path, 0755) == 0);
}

static void
write_file(const char *name, const char *text)
{
	cleanup_free char *path = xasprintf("%s/%s", place, name);

	cr_assert(fsx_write_atomic(AT_FDCWD, path, text, strlen(text), 0644, 0,
				   NULL) == 0);
}

static void
remove_file(const char *name)
{
	cleanup_free char *path = xasprintf("%s/%s", place, name);

	cr_assert(unlink(path) == 0);
}

static void
watch(const char *name, bool polls)
{
	const struct tree_watch_opts opts = { .wants = is_wanted,
					      .polls = polls };
	cleanup_free char *path =
		xasprintf("%s%s%s", place, *name ? "/" : "", name);

	cr_assert(tree_watch_new(&opts, &tree, NULL) == 0);
	cr_assert(eq(int, tree_watch_add(tree, path), polls));
}

/* Was this, among others, told since the last look? */
static bool
is_told(const char *name)
{
	cleanup_free char *path = xasprintf("%s/%s", place, name);

	return strvec_has(&changed, path);
}

static void
look(void)
{
	strvec_release(&changed);
	tree_watch_read(tree, &changed);
}

static void
changes_are_told(bool polls)
{
	make_dir("sub");
	make_dir("ignored");
	write_file("sub/old", "1");
	write_file("stays", "1");
	watch("", polls);
	look();
	cr_assert(eq(sz, changed.len, 0));
	write_file("sub/old", "22");
	write_file("sub/new", "1");
	write_file("ignored/x", "1");
	look();
	cr_expect(is_told("sub/old") && is_told("sub/new"));
	cr_expect(not(is_told("stays")));
	cr_expect(not(is_told("ignored/x")));
	remove_file("sub/old");
	make_dir("later");
	write_file("later/f", "1");
	look();
	cr_expect(is_told("sub/old") && is_told("later/f"));
	write_file("later/f", "22");
	look();
	cr_expect(is_told("later/f"));
	cr_expect(not(is_told("sub/new")));
}

Test(base_tree_watch, the_kernel_tells_of_changes_and_new_directories)
{
	changes_are_told(false);
	cr_expect(eq(int, tree_watch_timeout_ms(tree), -1));
}

Test(base_tree_watch, looking_through_finds_the_same)
{
	changes_are_told(true);
	cr_expect(gt(int, tree_watch_timeout_ms(tree), 0));
}

Test(base_tree_watch, the_descriptor_is_readable_after_a_change)
{
	struct pollfd pollfd = { .events = POLLIN };

	watch("", false);
	write_file("f", "1");
	pollfd.fd = tree_watch_fd(tree);
	cr_expect(eq(int, poll(&pollfd, 1, 5000), 1));
}

Test(base_tree_watch, a_single_file_is_watched_through_its_directory)
{
	write_file("f", "1");
	watch("f", false);
	write_file("f", "22");
	look();
	cr_expect(is_told("f"));
}

Test(base_tree_watch, what_is_not_there_yet_is_polled_for)
{
	const struct tree_watch_opts opts = { .polls = false };
	cleanup_free char *path = xasprintf("%s/none", place);

	cr_assert(tree_watch_new(&opts, &tree, NULL) == 0);
	cr_assert(tree_watch_add(tree, path));
	make_dir("none");
	write_file("none/f", "1");
	look();
	cr_expect(is_told("none/f"));
}

Test(base_tree_watch, a_list_has_every_wanted_file)
{
	make_dir("ignored");
	make_dir("sub");
	write_file("ignored/x", "1");
	write_file("sub/f", "1");
	write_file("g", "1");
	watch("", false);
	tree_watch_list(tree, place, &changed);
	cr_expect(is_told("sub/f") && is_told("g"));
	cr_expect(eq(sz, changed.len, 2));
}
