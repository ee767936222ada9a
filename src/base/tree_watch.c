/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/tree_watch.c - which files below some directories changed.
 */
#include "base/tree_watch.h"

#include <dirent.h>
#include <errno.h>
#include <linux/magic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/units.h"

#define WATCH_MASK                                                \
	(IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | \
	 IN_MOVED_TO | IN_ATTRIB | IN_EXCL_UNLINK | IN_ONLYDIR)
#define WATCH_MAX_DIRS 100000
#define WATCH_POLL_MS 1000

/* What a file was like when it was looked at. */
struct stamp {
	int64_t mtime_ns, ctime_ns;
	uint64_t size, ino;
};

struct polled {
	char *path;
	struct map files; /* path → struct stamp *, owned */
};

struct tree_watch {
	struct tree_watch_opts opts;
	int fd;
	char **dirs; /* by watch descriptor */
	size_t dir_count;
	struct polled *polled;
	size_t polled_count, polled_cap;
};

int
tree_watch_new(const struct tree_watch_opts *opts,
	       struct tree_watch **ret_watch, struct err *err)
{
	struct tree_watch *watch;
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd < 0)
		return err_sys(err, "watch files");
	watch = xcalloc(1, sizeof(*watch));
	watch->opts = *opts;
	watch->fd = fd;
	*ret_watch = watch;
	return 0;
}

static void
release_files(struct map *files)
{
	for (map_each(e, files))
		free(e->value);
	map_release(files);
}

void
tree_watch_free(struct tree_watch *watch)
{
	if (!watch)
		return;
	(void)close(watch->fd);
	for (size_t i = 0; i < watch->dir_count; i++)
		free(watch->dirs[i]);
	free(watch->dirs);
	for (size_t i = 0; i < watch->polled_count; i++) {
		free(watch->polled[i].path);
		release_files(&watch->polled[i].files);
	}
	free(watch->polled);
	free(watch);
}

int
tree_watch_fd(const struct tree_watch *watch)
{
	return watch->fd;
}

int
tree_watch_timeout_ms(const struct tree_watch *watch)
{
	return watch->polled_count ? WATCH_POLL_MS : -1;
}

static bool
wants(const struct tree_watch *watch, const char *path)
{
	return !watch->opts.wants || watch->opts.wants(watch->opts.data, path);
}

static void
add_once(struct strvec *list, const char *path)
{
	if (!strvec_has(list, path))
		strvec_add(list, path);
}

/* Call @found for everything below @path that is no directory. */
static void
walk(struct tree_watch *watch, const char *path,
     void (*found)(void *data, const char *path, const struct stat *st),
     void *data)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *entry;
	struct stat st;

	if (lstat(path, &st) < 0)
		return;
	if (!S_ISDIR(st.st_mode)) {
		found(data, path, &st);
		return;
	}
	if (!wants(watch, path))
		return;
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		cleanup_free char *full =
			xasprintf("%s/%s", path, entry->d_name);

		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			walk(watch, full, found, data);
	}
}

static void
list_file(void *data, const char *path, const struct stat *st)
{
	add_once(data, path);
}

void
tree_watch_list(struct tree_watch *watch, const char *path,
		struct strvec *changed)
{
	walk(watch, path, list_file, changed);
}

/* Looking through. */

static int64_t
time_ns(struct timespec time)
{
	return (int64_t)time.tv_sec * UNITS_NS_PER_S + time.tv_nsec;
}

static void
keep_stamp(void *data, const char *path, const struct stat *st)
{
	struct stamp *stamp = xcalloc(1, sizeof(*stamp));

	stamp->mtime_ns = time_ns(st->st_mtim);
	stamp->ctime_ns = time_ns(st->st_ctim);
	stamp->size = (uint64_t)st->st_size;
	stamp->ino = st->st_ino;
	free(map_set(data, path, stamp));
}

static void
look_through(struct tree_watch *watch, struct polled *polled,
	     struct strvec *changed)
{
	struct map now = MAP_INIT;

	walk(watch, polled->path, keep_stamp, &now);
	for (map_each(e, &now)) {
		const struct stamp *was = map_get(&polled->files, e->key);

		if (!was || memcmp(was, e->value, sizeof(*was)) != 0)
			add_once(changed, e->key);
	}
	for (map_each(e, &polled->files))
		if (!map_has(&now, e->key))
			add_once(changed, e->key);
	release_files(&polled->files);
	polled->files = now;
}

static void
poll_for(struct tree_watch *watch, const char *path)
{
	struct polled polled = { .path = xstrdup(path), .files = MAP_INIT };

	walk(watch, path, keep_stamp, &polled.files);
	array_push(watch->polled, watch->polled_count, watch->polled_cap,
		   polled);
}

/* Others may change files there, of which this kernel hears nothing. */
static bool
is_shared(const char *path)
{
	static const unsigned long magics[] = {
		NFS_SUPER_MAGIC,         SMB_SUPER_MAGIC,
		0xfe534d42 /* SMB2 */,   0xff534d42 /* CIFS */,
		FUSE_SUPER_MAGIC,        V9FS_MAGIC,
		AFS_SUPER_MAGIC,         CODA_SUPER_MAGIC,
		0x00c36400 /* Ceph */,   0x786f4256 /* VirtualBox */,
		0x0bd00bd0 /* Lustre */,
	};
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return true; /* not there yet, perhaps */
	for (size_t i = 0; i < ARRAY_LEN(magics); i++)
		if ((unsigned long)fs.f_type == magics[i])
			return true;
	return false;
}

/* Being told. */

static void
keep_dir(struct tree_watch *watch, int wd, const char *path)
{
	if ((size_t)wd >= watch->dir_count) {
		size_t count = (size_t)wd * 2 + 16;

		watch->dirs =
			xreallocarray(watch->dirs, count, sizeof(*watch->dirs));
		(void)memset(watch->dirs + watch->dir_count, 0,
			     (count - watch->dir_count) * sizeof(*watch->dirs));
		watch->dir_count = count;
	}
	free(watch->dirs[wd]);
	watch->dirs[wd] = xstrdup(path);
}

/* False when the kernel has no watch for it. */
static bool
watch_dirs(struct tree_watch *watch, const char *path)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *entry;
	bool told = true;
	int wd;

	if (!wants(watch, path))
		return true;
	wd = inotify_add_watch(watch->fd, path, WATCH_MASK);
	if (wd < 0 || wd > WATCH_MAX_DIRS)
		return wd < 0 && errno != ENOSPC; /* else it went meanwhile */
	keep_dir(watch, wd, path);
	dir = opendir(path);
	while (told && dir && (entry = readdir(dir))) {
		cleanup_free char *full =
			xasprintf("%s/%s", path, entry->d_name);
		struct stat st;

		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		    lstat(full, &st) == 0 && S_ISDIR(st.st_mode))
			told = watch_dirs(watch, full);
	}
	return told;
}

bool
tree_watch_add(struct tree_watch *watch, const char *path)
{
	cleanup_free char *dir = xstrdup(path);
	bool told = false;
	struct stat st;
	int wd;

	if (watch->opts.polls || is_shared(path)) {
		poll_for(watch, path);
		return true;
	}
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		told = watch_dirs(watch, path);
	} else {
		/* Of a single file, its directory tells. */
		*strrchr(dir, '/') = '\0';
		wd = inotify_add_watch(watch->fd, *dir ? dir : "/",
				       WATCH_MASK | IN_MASK_ADD);
		told = wd >= 0;
		if (told)
			keep_dir(watch, wd, dir);
	}
	if (!told)
		poll_for(watch, path);
	return !told;
}

static void
note_event(struct tree_watch *watch, const struct inotify_event *event,
	   struct strvec *changed)
{
	cleanup_free char *path = NULL;

	if (event->wd < 0 || (size_t)event->wd >= watch->dir_count ||
	    !watch->dirs[event->wd] || !event->len)
		return;
	path = xasprintf("%s/%s", watch->dirs[event->wd], event->name);
	if ((event->mask & IN_ISDIR) &&
	    (event->mask & (IN_CREATE | IN_MOVED_TO))) {
		if (!watch_dirs(watch, path))
			poll_for(watch, path);
		tree_watch_list(watch, path, changed);
	}
	if ((event->mask & IN_ISDIR) &&
	    !(event->mask & (IN_DELETE | IN_MOVED_FROM)))
		return;
	add_once(changed, path);
}

/* Events were lost: whatever is there may be new. */
static void
list_all(struct tree_watch *watch, struct strvec *changed)
{
	for (size_t i = 0; i < watch->dir_count; i++)
		if (watch->dirs[i])
			tree_watch_list(watch, watch->dirs[i], changed);
}

void
tree_watch_read(struct tree_watch *watch, struct strvec *changed)
{
	char buf[16384]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t n;

	while ((n = read(watch->fd, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + n;) {
			const struct inotify_event *event = (void *)p;

			if (event->mask & IN_Q_OVERFLOW)
				list_all(watch, changed);
			note_event(watch, event, changed);
			p += sizeof(*event) + event->len;
		}
	for (size_t i = 0; i < watch->polled_count; i++)
		look_through(watch, &watch->polled[i], changed);
}
