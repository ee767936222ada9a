/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/rootfs.c - which storage driver carries a container's root.
 */
#include "container/rootfs.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/log.h"
#include "base/proc.h"
#include "container/skeleton.h"
#include "store/layer.h"

#define DRIVER_FILE "driver"
#define FUSE_END_MS 2000
#define ROOTFS_MAX_LOWERS 500 /* of the kernel's overlay */

static const char *const driver_names[] = { "overlay", "fuse-overlayfs",
					    "copy" };
static_assert(ARRAY_LEN(driver_names) == DRIVER_COUNT, "one name each");

const char *
driver_name(enum driver driver)
{
	return driver_names[driver];
}

int
driver_parse(const char *text, enum driver *ret_driver, bool *ret_only,
	     struct err *err)
{
	*ret_only = false;
	*ret_driver = DRIVER_OVERLAY;
	if (!text || !strcmp(text, "auto"))
		return 0;
	*ret_only = true;
	for (size_t i = 0; i < DRIVER_COUNT; i++) {
		if (!strcmp(text, driver_names[i])) {
			*ret_driver = (enum driver)i;
			return 0;
		}
	}
	if (!strcmp(text, "vfs")) {
		*ret_driver = DRIVER_COPY;
		return 0;
	}
	(void)err_set(err, EINVAL, "storage driver '%s' is unknown", text);
	err_hint(err, "choose auto, overlay, fuse-overlayfs or copy");
	return -EINVAL;
}

enum driver
driver_first(int rundirfd)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	bool only;
	enum driver driver = DRIVER_OVERLAY;
	char *end;

	if (fsx_read_file(rundirfd, DRIVER_FILE, 128, &sb, NULL) < 0)
		return DRIVER_OVERLAY;
	end = strchr(sb.buf, ' ');
	if (!end || strcmp(end + 1, proc_boot_id()) != 0)
		return DRIVER_OVERLAY;
	*end = '\0';
	if (driver_parse(sb.buf, &driver, &only, NULL) < 0)
		return DRIVER_OVERLAY;
	return driver;
}

void
driver_remember(int rundirfd, enum driver driver)
{
	cleanup_free char *text =
		xasprintf("%s %s", driver_names[driver], proc_boot_id());

	/* Only a hint: without it the next start tries again. */
	(void)fsx_write_atomic(rundirfd, DRIVER_FILE, text, strlen(text), 0600,
			       FSX_NOSYNC, NULL);
}

/*
 * Top first. Two layers of the same content are one tree, and overlay takes
 * no directory twice: the lower one has nothing that the upper does not hide.
 */
static void
rootfs_list_lowers(const struct container_spec *spec, struct strvec *lowers)
{
	const struct image_config *config = spec->image_config;
	char path[LAYER_PATH_BYTES];

	strvec_release(lowers);
	for (size_t i = 0; i < spec->lowers.len; i++)
		if (!strvec_has(lowers, spec->lowers.v[i]))
			strvec_add(lowers, spec->lowers.v[i]);
	if (spec->lowers.len || !config)
		return;
	for (size_t i = config->diff_id_count; i > 0; i--) {
		(void)layer_path(&config->diff_ids[i - 1], path);
		if (!strvec_has(lowers, path))
			strvec_add(lowers, path);
	}
}

int
rootfs_copy_layers(const struct container_dir *dir, const struct strvec *layers,
		   const char *name, struct err *err)
{
	cleanup_close int to =
		openat(dir->fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (to < 0)
		return err_sys(err, "open '%s/%s'", dir->path, name);
	for (size_t i = layers->len; i > 0; i--) {
		const char *layer = layers->v[i - 1];
		cleanup_close int from =
			openat(dir->store->dirfd, layer,
			       O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		int r;

		if (from < 0)
			return err_sys(err, "open '%s'", layer);
		r = fsx_copy_tree(from, to, FSX_COPY_LAYER, err);
		if (r < 0)
			return err_wrap(err, r, "copy '%s'", layer);
	}
	return 0;
}

/* The upper's own attributes are those of "/" in the container. */
static int
rootfs_shape_upper(const struct rootfs *rootfs, const struct container_dir *dir,
		   struct err *err)
{
	struct stat st;

	if (!rootfs->lowers.len)
		return 0;
	if (fstatat(dir->store->dirfd, rootfs->lowers.v[0], &st, 0) < 0) {
		(void)err_sys(err, "open layer '%s'", rootfs->lowers.v[0]);
		err_hint(err, "pull the image again");
		return -ENOENT;
	}
	if (fchmodat(dir->fd, "upper", st.st_mode & 07777, 0) < 0)
		return err_sys(err, "set the mode of '%s/upper'", dir->path);
	return 0;
}

int
rootfs_check_layers(struct store *store, const struct container_spec *spec,
		    struct err *err)
{
	const struct image_config *config = spec->image_config;

	for (size_t i = 0; config && i < config->diff_id_count; i++) {
		if (!layer_is_lost(store, &config->diff_ids[i]))
			continue;
		err_set(err, ENOENT,
			"layer '%s' was not on disk yet when the host went down",
			config->diff_ids[i].text);
		err_hint(err, "dhow run or dhow pull of the image brings it "
			      "back");
		return -ENOENT;
	}
	return 0;
}

void
rootfs_plan(struct rootfs *rootfs, enum driver driver,
	    const struct container_dir *dir, const struct container_spec *spec)
{
	bool lays_over;

	rootfs->driver = driver;
	rootfs_list_lowers(spec, &rootfs->lowers);
	/* An image of nothing (scratch): there is nothing to lay over. */
	lays_over = driver != DRIVER_COPY && rootfs->lowers.len;
	/* With --no-hosts the image may have none, and then it has none. */
	if (lays_over && driver == DRIVER_OVERLAY && !spec->no_hosts &&
	    rootfs->lowers.len < ROOTFS_MAX_LOWERS)
		strvec_add(&rootfs->lowers, SKELETON_LAYER);
	free(rootfs->upper);
	free(rootfs->work);
	free(rootfs->mount_point);
	rootfs->upper = xasprintf("%s/upper", dir->path);
	rootfs->work = xasprintf("%s/work", dir->path);
	rootfs->mount_point = lays_over ? xstrdup(SKELETON_ROOT)
					: xasprintf("%s/root", dir->path);
	rootfs->root = (struct rt_root){
		.kind = !lays_over              ? RT_ROOT_DIR
			: driver == DRIVER_FUSE ? RT_ROOT_FUSE
						: RT_ROOT_OVERLAY,
		.lowers = (const char *const *)strvec_argv(&rootfs->lowers),
		.upper = rootfs->upper,
		.work = rootfs->work,
		.mount_point = rootfs->mount_point,
		.is_volatile = spec->auto_remove,
		.readonly = spec->readonly,
	};
}

static int
rootfs_make_tree(const struct container_dir *dir, struct err *err)
{
	int r = mkdirat(dir->fd, "root", 0755);

	if (r < 0 && errno == EEXIST)
		return 0;
	/* Whatever the umask: it is "/" of the container. */
	if (r < 0 || fchmodat(dir->fd, "root", 0755, 0) < 0)
		return err_sys(err, "make '%s/root'", dir->path);
	return 0;
}

int
rootfs_make(struct rootfs *rootfs, const struct container_dir *dir, bool fresh,
	    struct err *err)
{
	int r = rootfs_shape_upper(rootfs, dir, err);

	if (r == 0)
		r = rootfs->root.kind == RT_ROOT_DIR
			    ? rootfs_make_tree(dir, err)
			    : skeleton_ensure(dir->store, err);
	if (r < 0)
		return r;
	/*
	 * A volatile overlay (--rm) refuses its work directory a second time,
	 * and without capabilities it cannot be looked into.
	 */
	if (!fresh && rootfs->driver == DRIVER_OVERLAY)
		return fsx_remove_tree(dir->fd, "work/work", err);
	return fresh && rootfs->driver == DRIVER_COPY
		       ? rootfs_copy_layers(dir, &rootfs->lowers, "root", err)
		       : 0;
}

int
rootfs_serve_fuse(void *data, int fusefd, struct err *err)
{
	struct rootfs *rootfs = data;
	cleanup_strbuf struct strbuf options = STRBUF_INIT;
	cleanup_free char *path = proc_find_program("fuse-overlayfs");
	const char *argv[] = { "fuse-overlayfs", "-f", "-o", NULL,
			       "/dev/fd/3",      NULL };
	struct proc_spawn spawn = PROC_SPAWN_INIT;

	if (!path) {
		(void)err_set(err, ENOENT, "fuse-overlayfs is not installed");
		err_hint(
			err,
			"ask for the package fuse-overlayfs, or use --storage-driver copy");
		return -ENOENT;
	}
	for (size_t i = 0; i < rootfs->lowers.len; i++)
		strbuf_addf(&options, "%s%s",
			    i ? ":" : "lowerdir=", rootfs->lowers.v[i]);
	strbuf_addf(&options, ",upperdir=%s,workdir=%s", rootfs->upper,
		    rootfs->work);
	if (rootfs->squash)
		strbuf_addf(&options, ",squash_to_uid=%u,squash_to_gid=%u",
			    rootfs->squash_uid, rootfs->squash_gid);
	if (rootfs->root.is_volatile)
		strbuf_addstr(&options, ",volatile");
	argv[3] = options.buf;
	spawn.path = path;
	spawn.argv = (char *const *)argv;
	spawn.cwd = rootfs->store_path;
	spawn.stderr_fd = log_enabled() ? STDERR_FILENO : -2;
	spawn.pass_fds = &fusefd;
	spawn.pass_fd_count = 1;
	spawn.new_session = true;
	return proc_spawn(&spawn, &rootfs->fuse_pid, &rootfs->fuse_pidfd, err);
}

void
rootfs_finish(struct rootfs *rootfs)
{
	struct pollfd pfd = { .fd = rootfs->fuse_pidfd, .events = POLLIN };

	if (rootfs->fuse_pid <= 0)
		return;
	/* It ends with the mount; who still holds that loses. */
	if (poll(&pfd, 1, FUSE_END_MS) == 0)
		(void)kill(rootfs->fuse_pid, SIGKILL);
	(void)proc_wait(rootfs->fuse_pid);
	rootfs->fuse_pid = 0;
	cleanup_close_p(&rootfs->fuse_pidfd);
	rootfs->fuse_pidfd = -EBADF;
}

void
rootfs_release(struct rootfs *rootfs)
{
	cleanup_close_p(&rootfs->fuse_pidfd);
	strvec_release(&rootfs->lowers);
	free(rootfs->upper);
	free(rootfs->work);
	free(rootfs->mount_point);
	*rootfs = (struct rootfs)ROOTFS_INIT;
}

int
rootfs_peek(struct store *store, const struct container_spec *spec,
	    const char *path, size_t max_bytes, struct strbuf *sb)
{
	cleanup_strvec struct strvec lowers = STRVEC_INIT;

	rootfs_list_lowers(spec, &lowers);
	for (size_t i = 0; i < lowers.len; i++) {
		cleanup_close int fd =
			openat(store->dirfd, lowers.v[i],
			       O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		int r;

		if (fd < 0)
			continue;
		r = fsx_read_in_root(fd, path, max_bytes, sb, NULL);
		/* A whiteout or anything else that is no file hides lower ones.
		 */
		if (r != -ENOENT)
			return r < 0 ? -ENOENT : 0;
	}
	return -ENOENT;
}
