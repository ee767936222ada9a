/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/volume.c - named directories that outlive their containers.
 */
#include "store/volume.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/lock.h"
#include "base/text.h"
#include "base/units.h"

#define VOLUME_JSON "volume.json"
#define VOLUME_JSON_MAX_BYTES (1U << 20)
#define VOLUME_COPY_UP "needsCopyUp"

static bool
is_name_char(char c)
{
	return text_is_alnum(c) || c == '_' || c == '.' || c == '-';
}

int
volume_check_name(const char *name, struct err *err)
{
	size_t len = strlen(name);
	bool good =
		len >= 2 && len <= VOLUME_MAX_NAME && text_is_alnum(name[0]);

	for (size_t i = 0; good && i < len; i++)
		good = is_name_char(name[i]);
	if (good)
		return 0;
	err_set(err, EINVAL, "volume name '%s' is not allowed", name);
	err_hint(err, "two characters or more of [a-zA-Z0-9_.-], the first a "
		      "letter or digit; a path starts with / or .");
	return -EINVAL;
}

void
volume_random_name(char buf[VOLUME_RANDOM_BYTES])
{
	text_random_hex(buf, VOLUME_RANDOM_BYTES - 1);
}

void
volume_close(struct volume *volume)
{
	if (volume->dirfd > 0)
		(void)close(volume->dirfd);
	if (volume->datafd > 0)
		(void)close(volume->datafd);
	free(volume->name);
	node_free(volume->doc);
	*volume = (struct volume)VOLUME_INIT;
}

static struct node *
volume_new_doc(const char *name, const struct node *labels,
	       const struct node *options)
{
	cleanup_strbuf struct strbuf now = STRBUF_INIT;
	struct node *doc = node_new_obj();

	units_add_rfc3339(&now, units_now_ns());
	node_set_str(doc, "name", name);
	node_set_str(doc, "createdAt", now.buf);
	node_set(doc, "labels", labels ? node_clone(labels) : node_new_null());
	node_set(doc, "options",
		 options ? node_clone(options) : node_new_null());
	node_set_bool(doc, VOLUME_COPY_UP, !node_len(options));
	return doc;
}

/* Make everything at @tmp, a path below the store's root. */
static int
volume_draft(struct store *store, const char *tmp, const struct node *doc,
	     struct err *err)
{
	cleanup_close int fd = -EBADF;

	if (mkdirat(store->dirfd, tmp, 0755) < 0)
		return err_sys(err, "make '%s'", tmp);
	fd = openat(store->dirfd, tmp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || mkdirat(fd, "_data", 0755) < 0)
		return err_sys(err, "make '%s/_data'", tmp);
	return node_write_json_file(fd, VOLUME_JSON, doc, 0644, 0, err);
}

int
volume_create(struct store *store, const char *name, const struct node *labels,
	      const struct node *options, struct err *err)
{
	cleanup_node struct node *doc = NULL;
	cleanup_free char *tmp = NULL;
	cleanup_free char *path = NULL;
	cleanup_close int pinfd = -EBADF;
	char leaf[FSX_TMP_NAME_BYTES];
	int r;

	r = volume_check_name(name, err);
	if (r == 0)
		r = store_lay_out(store, err);
	if (r == 0)
		r = pinfd = store_pin(store, err);
	if (r < 0)
		return r;
	doc = volume_new_doc(name, labels, options);
	fsx_tmp_name("volume", leaf);
	tmp = xasprintf("tmp/%s", leaf);
	path = xasprintf("volumes/%s", name);
	r = volume_draft(store, tmp, doc, err);
	if (r == 0 && renameat(store->dirfd, tmp, store->dirfd, path) < 0)
		r = errno == EEXIST || errno == ENOTEMPTY
			    ? err_set(err, EEXIST, "volume '%s' exists", name)
			    : err_sys(err, "name volume '%s'", name);
	if (r < 0)
		(void)fsx_remove_tree(store->dirfd, tmp, NULL);
	return r;
}

int
volume_list(struct store *store, struct strvec *names, struct err *err)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *ent;
	int fd = openat(store->dirfd, "volumes",
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return 0;
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir)
		return err_sys(err, "read the store's volumes");
	while ((ent = readdir(dir)))
		if (volume_check_name(ent->d_name, NULL) == 0)
			strvec_add(names, ent->d_name);
	strvec_sort(names);
	return 0;
}

static int
volume_read(struct volume *volume, struct err *err)
{
	int r;

	node_free(volume->doc);
	volume->doc = NULL;
	r = node_read_json_file(volume->dirfd, VOLUME_JSON,
				VOLUME_JSON_MAX_BYTES, &volume->doc, err);
	if (r < 0)
		return err_wrap(err, r, "volume '%s'", volume->name);
	volume->needs_copy_up =
		node_get_bool(volume->doc, VOLUME_COPY_UP, false);
	return 0;
}

static int
volume_open_dirs(struct store *store, struct volume *volume, struct err *err)
{
	cleanup_free char *path = xasprintf("volumes/%s", volume->name);

	volume->dirfd = openat(store->dirfd, path,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (volume->dirfd < 0 && errno == ENOENT)
		return err_set(err, ENOENT, "no such volume: '%s'",
			       volume->name);
	if (volume->dirfd < 0)
		return err_sys(err, "open volume '%s'", volume->name);
	volume->datafd =
		openat(volume->dirfd, "_data",
		       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* Outside of U, a user's own data may be closed to us: then it can be
	 * named and mounted all the same. */
	if (volume->datafd < 0 && errno == EACCES)
		volume->datafd =
			openat(volume->dirfd, "_data",
			       O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (volume->datafd < 0)
		return err_sys(err, "open the data of volume '%s'",
			       volume->name);
	return volume_read(volume, err);
}

int
volume_open(struct store *store, const char *name, struct volume *ret_volume,
	    struct err *err)
{
	struct volume volume = VOLUME_INIT;
	int r;

	r = volume_check_name(name, err);
	if (r < 0)
		return r;
	volume.name = xstrdup(name);
	r = volume_open_dirs(store, &volume, err);
	if (r < 0) {
		volume_close(&volume);
		return r;
	}
	*ret_volume = volume;
	return 0;
}

int
volume_ensure(struct store *store, const char *name, struct volume *ret_volume,
	      struct err *err)
{
	int made, r;

	r = volume_open(store, name, ret_volume, err);
	if (r != -ENOENT)
		return r;
	err_reset(err);
	made = volume_create(store, name, NULL, NULL, err);
	if (made < 0 && made != -EEXIST)
		return made;
	if (err)
		err_reset(err);
	r = volume_open(store, name, ret_volume, err);
	return r < 0 ? r : made == 0;
}

int
volume_begin_copy_up(struct volume *volume, int *ret_lockfd, struct err *err)
{
	cleanup_close int lockfd = -EBADF;
	int r;

	if (!volume->needs_copy_up)
		return 0;
	lockfd = lock_exclusive(volume->dirfd, "lock", err);
	if (lockfd < 0)
		return lockfd;
	r = volume_read(volume, err);
	if (r < 0 || !volume->needs_copy_up)
		return r;
	*ret_lockfd = take_fd(lockfd);
	return 1;
}

int
volume_end_copy_up(struct volume *volume, struct err *err)
{
	int r;

	node_set_bool(volume->doc, VOLUME_COPY_UP, false);
	r = node_write_json_file(volume->dirfd, VOLUME_JSON, volume->doc, 0644,
				 0, err);
	if (r == 0)
		volume->needs_copy_up = false;
	return r;
}

int
volume_remove(struct store *store, const char *name, struct err *err)
{
	cleanup_free char *path = NULL;
	cleanup_free char *tomb = NULL;
	char leaf[FSX_TMP_NAME_BYTES];
	int r;

	r = volume_check_name(name, err);
	if (r < 0)
		return r;
	fsx_tmp_name("gone", leaf);
	tomb = xasprintf("tmp/%s", leaf);
	path = xasprintf("volumes/%s", name);
	if (renameat(store->dirfd, path, store->dirfd, tomb) < 0)
		return errno == ENOENT
			       ? err_set(err, ENOENT, "no such volume: '%s'",
					 name)
			       : err_sys(err, "remove volume '%s'", name);
	return fsx_remove_tree(store->dirfd, tomb, err);
}
