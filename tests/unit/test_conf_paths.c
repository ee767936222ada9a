/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fsx.h"
#include "conf/paths.h"

static char place[64];

static void
paths_setup(void)
{
	static const char *const names[] = { "XDG_DATA_HOME", "XDG_CACHE_HOME",
					     "XDG_CONFIG_HOME",
					     "XDG_RUNTIME_DIR" };

	(void)umask(022);
	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]);
	(void)setenv("HOME", place, 1);
}

static void
paths_teardown(void)
{
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(conf_paths, .init = paths_setup, .fini = paths_teardown);

static const char *
under(const char *name)
{
	static char buf[128];

	(void)snprintf(buf, sizeof(buf), "%s/%s", place, name);
	return buf;
}

Test(conf_paths, home_alone_is_enough)
{
	cleanup_paths struct paths paths = PATHS_INIT;
	struct stat st;

	cr_assert(eq(int, paths_init(&paths, NULL, NULL, NULL), 0));
	cr_assert(eq(str, paths.data, (char *)under(".local/share/dhow")));
	cr_assert(ge(int, paths_open_data(&paths, NULL), 0));
	cr_assert(eq(int, stat(under(".local/share/dhow"), &st), 0));
	cr_assert(eq(int, st.st_mode & 07777, 0700));
	cr_assert(eq(str, paths.config, (char *)under(".config/dhow")));
	cr_assert(eq(int, access(under(".config"), F_OK), -1));
}

Test(conf_paths, without_home_the_password_file_is_asked)
{
	cleanup_paths struct paths paths = PATHS_INIT;

	(void)unsetenv("HOME");
	cr_assert(eq(int, paths_init(&paths, NULL, NULL, NULL), 0));
	cr_assert(eq(int, paths.data[0], '/'));
}

Test(conf_paths, a_relative_xdg_variable_counts_as_unset)
{
	cleanup_paths struct paths paths = PATHS_INIT;

	(void)setenv("XDG_DATA_HOME", "data", 1);
	cr_assert(eq(int, paths_init(&paths, NULL, NULL, NULL), 0));
	cr_assert(eq(str, paths.data, (char *)under(".local/share/dhow")));
}

Test(conf_paths, a_private_runtime_directory_is_used)
{
	cleanup_paths struct paths paths = PATHS_INIT;

	cr_assert(eq(int, mkdir(under("run"), 0700), 0));
	(void)setenv("XDG_RUNTIME_DIR", under("run"), 1);
	cr_assert(eq(int, paths_init(&paths, NULL, NULL, NULL), 0));
	cr_assert(eq(str, paths.run, (char *)under("run/dhow")));
	cr_assert(paths.warning == NULL);
	cr_assert(ge(int, paths_open_run(&paths, NULL), 0));
}

Test(conf_paths, a_leaked_runtime_directory_is_ignored_with_a_warning)
{
	cleanup_paths struct paths paths = PATHS_INIT;

	/* "/" is not ours, and for root everyone may write to /tmp. */
	(void)setenv("XDG_RUNTIME_DIR", geteuid() ? "/" : "/tmp", 1);
	cr_assert(eq(int, paths_init(&paths, NULL, NULL, NULL), 0));
	cr_assert(strncmp(paths.run, "/tmp/dhow-", 10) == 0 ||
		  strncmp(paths.run, "/run/user/", 10) == 0);
	cr_assert(strstr(paths.warning, "XDG_RUNTIME_DIR") != NULL);
}

Test(conf_paths, a_runtime_directory_that_others_may_read_is_refused)
{
	cleanup_paths struct paths paths = PATHS_INIT;
	struct err err = ERR_INIT;

	cr_assert(eq(int, mkdir(under("open"), 0755), 0));
	cr_assert(eq(int, paths_init(&paths, NULL, under("open"), NULL), 0));
	cr_assert(eq(int, paths_open_run(&paths, &err), -EACCES));
	cr_assert(strstr(err.text, "open to other users") != NULL);
}

Test(conf_paths, a_symlink_in_place_of_the_runtime_directory_is_refused)
{
	cleanup_paths struct paths paths = PATHS_INIT;

	cr_assert(eq(int, mkdir(under("target"), 0700), 0));
	cr_assert(eq(int, symlink("target", under("link")), 0));
	cr_assert(eq(int, paths_init(&paths, NULL, under("link"), NULL), 0));
	cr_assert(lt(int, paths_open_run(&paths, NULL), 0));
}

Test(conf_paths, a_store_that_others_may_write_to_is_refused)
{
	cleanup_paths struct paths paths = PATHS_INIT;

	cr_assert(eq(int, mkdir(under("root"), 0755), 0));
	cr_assert(eq(int, chmod(under("root"), 0777), 0));
	cr_assert(eq(int, paths_init(&paths, under("root"), NULL, NULL), 0));
	cr_assert(eq(int, paths_open_data(&paths, NULL), -EACCES));
}

Test(conf_paths, a_relative_root_is_made_absolute)
{
	cleanup_paths struct paths paths = PATHS_INIT;

	cr_assert(eq(int, chdir(place), 0));
	cr_assert(eq(int, paths_init(&paths, "store", NULL, NULL), 0));
	cr_assert(eq(str, paths.data, (char *)under("store")));
}
