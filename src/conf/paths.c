/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/paths.c - where this user's state lives (XDG base directories).
 */
#include "conf/paths.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"

#define PATHS_PASSWD_BYTES 16384

/* XDG: a relative path in a variable is invalid and counts as unset. */
static const char *
paths_env(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] == '/' ? value : NULL;
}

static int
paths_home(uid_t uid, char **ret_home, struct err *err)
{
	cleanup_free char *buf = NULL;
	const char *home = paths_env("HOME");
	struct passwd entry;
	struct passwd *found = NULL;

	if (home) {
		*ret_home = xstrdup(home);
		return 0;
	}
	buf = xmalloc(PATHS_PASSWD_BYTES);
	(void)getpwuid_r(uid, &entry, buf, PATHS_PASSWD_BYTES, &found);
	if (!found || found->pw_dir[0] != '/') {
		err_set(err, ENOENT, "no home directory is known for uid %u",
			(unsigned int)uid);
		err_hint(err, "set HOME, or say where with --root DIR");
		return -ENOENT;
	}
	*ret_home = xstrdup(found->pw_dir);
	return 0;
}

static int
paths_absolute(const char *path, char **ret_path, struct err *err)
{
	cleanup_free char *cwd = NULL;

	if (path[0] == '/') {
		*ret_path = xstrdup(path);
		return 0;
	}
	if (!path[0])
		return err_set(err, EINVAL, "a directory name is empty");
	cwd = getcwd(NULL, 0);
	if (!cwd)
		return err_sys(err, "find the working directory for '%s'",
			       path);
	*ret_path = xasprintf("%s/%s", cwd, path);
	return 0;
}

/* "$VARIABLE/dhow", or the same below the home directory. */
static int
paths_base(struct paths *paths, const char *variable, const char *fallback,
	   char **ret_path, struct err *err)
{
	cleanup_free char *home = NULL;
	const char *base = paths_env(variable);
	int r;

	if (base) {
		*ret_path = xasprintf("%s/dhow", base);
		return 0;
	}
	r = paths_home(paths->uid, &home, err);
	if (r < 0)
		return r;
	*ret_path = xasprintf("%s/%s/dhow", home, fallback);
	return 0;
}

/* Is @dir a directory of @uid that nobody else may write to? */
static bool
paths_is_private(const char *dir, uid_t uid)
{
	struct stat st;

	return stat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == uid &&
	       !(st.st_mode & 022) && access(dir, W_OK | X_OK) == 0;
}

static void
paths_decide_run(struct paths *paths)
{
	cleanup_free char *login = NULL;
	const char *dir = getenv("XDG_RUNTIME_DIR");
	unsigned int uid = paths->uid;

	if (dir && dir[0] == '/' && paths_is_private(dir, paths->uid)) {
		paths->run = xasprintf("%s/dhow", dir);
		return;
	}
	login = xasprintf("/run/user/%u", uid);
	if (paths_is_private(login, paths->uid))
		paths->run = xasprintf("%s/dhow", login);
	else
		paths->run = xasprintf("/tmp/dhow-%u", uid);
	if (dir && dir[0])
		paths->warning = xasprintf(
			"XDG_RUNTIME_DIR '%s' is not a private directory of yours; using '%s'",
			dir, paths->run);
}

int
paths_init(struct paths *paths, const char *root, const char *runroot,
	   struct err *err)
{
	int r;

	*paths = (struct paths)PATHS_INIT;
	paths->uid = geteuid();
	if (root)
		r = paths_absolute(root, &paths->data, err);
	else
		r = paths_base(paths, "XDG_DATA_HOME", ".local/share",
			       &paths->data, err);
	if (r < 0)
		return r;
	r = paths_base(paths, "XDG_CACHE_HOME", ".cache", &paths->cache, err);
	if (r == 0)
		r = paths_base(paths, "XDG_CONFIG_HOME", ".config",
			       &paths->config, err);
	if (r == 0 && runroot)
		r = paths_absolute(runroot, &paths->run, err);
	else if (r == 0)
		paths_decide_run(paths);
	if (r < 0)
		paths_release(paths);
	return r;
}

void
paths_release(struct paths *paths)
{
	int *fds[] = { &paths->data_fd, &paths->cache_fd, &paths->run_fd };

	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		if (*fds[i] > 0)
			(void)close(*fds[i]);
	free(paths->data);
	free(paths->cache);
	free(paths->config);
	free(paths->run);
	free(paths->warning);
	*paths = (struct paths)PATHS_INIT;
}

/* Checked by fd: what was looked at is what is used. */
static int
paths_check(int fd, const char *path, mode_t forbidden, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_sys(err, "look at '%s'", path);
	if (st.st_uid != geteuid()) {
		err_set(err, EACCES, "'%s' belongs to uid %u, not to you", path,
			(unsigned int)st.st_uid);
		err_hint(err, "remove it or name another place: --root DIR, "
			      "--runroot DIR, HOME or XDG_*");
		return -EACCES;
	}
	if (st.st_mode & forbidden) {
		err_set(err, EACCES, "'%s' is open to other users (mode %04o)",
			path, st.st_mode & 07777);
		err_hint(err, "chmod 0700 '%s', if you trust what is in it",
			 path);
		return -EACCES;
	}
	return 0;
}

static int
paths_open(const char *path, mode_t forbidden, int *io_fd, struct err *err)
{
	cleanup_close int fd = -EBADF;
	int r;

	if (*io_fd >= 0)
		return *io_fd;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		fd = fsx_opendir_p(AT_FDCWD, path, 0700, err);
		if (fd < 0)
			return fd;
	}
	if (fd < 0)
		return err_sys(err, "open directory '%s'", path);
	r = paths_check(fd, path, forbidden, err);
	if (r < 0)
		return r;
	*io_fd = take_fd(fd);
	return *io_fd;
}

int
paths_open_data(struct paths *paths, struct err *err)
{
	return paths_open(paths->data, 022, &paths->data_fd, err);
}

int
paths_open_cache(struct paths *paths, struct err *err)
{
	return paths_open(paths->cache, 022, &paths->cache_fd, err);
}

/*
 * The name may lie in /tmp, where anybody can be first to take it: a symlink
 * is not followed, and another's directory is refused by the check.
 */
int
paths_open_run(struct paths *paths, struct err *err)
{
	cleanup_close int fd = -EBADF;
	int r;

	if (paths->run_fd >= 0)
		return paths->run_fd;
	if (mkdir(paths->run, 0700) < 0 && errno != EEXIST) {
		r = fsx_mkdir_p(AT_FDCWD, paths->run, 0700, err);
		if (r < 0)
			return r;
	}
	fd = open(paths->run, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		r = err_sys(err, "open runtime directory '%s'", paths->run);
		err_hint(err, "remove it, or name another: --runroot DIR");
		return r;
	}
	r = paths_check(fd, paths->run, 077, err);
	if (r < 0)
		return r;
	paths->run_fd = take_fd(fd);
	return paths->run_fd;
}
