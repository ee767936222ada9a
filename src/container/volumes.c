/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/volumes.c - the volumes a container mounts.
 */
#include "container/volumes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/log.h"
#include "spec/choice.h"
#include "store/event_log.h"
#include "store/volume.h"

static int
volumes_refuse_type(const char *type, struct err *err)
{
	(void)err_set(err, EOPNOTSUPP,
		      "a volume of type '%s' is for the host's root to mount",
		      type);
	err_hint(err,
		 "use type=tmpfs, or type=none with o=bind and device=PATH");
	return -EOPNOTSUPP;
}

/* The words of o= that -v has too; "bind" and "rbind" say what device is. */
static int
volumes_read_bind(const char *device, const char *words, const char *target,
		  struct mount_spec *ret_mount, struct err *err)
{
	cleanup_strvec struct strvec list = STRVEC_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	int r;

	if (*device != '/')
		return err_set(err, EINVAL,
			       "option device='%s' is no absolute path",
			       device);
	strbuf_addf(&text, "type=bind,source=%s,target=%s", device, target);
	strvec_split(&list, words, ",");
	for (size_t i = 0; i < list.len; i++) {
		if (!strcmp(list.v[i], "ro"))
			strbuf_addstr(&text, ",readonly");
		else if (strcmp(list.v[i], "bind") != 0 &&
			 strcmp(list.v[i], "rbind") != 0 &&
			 strcmp(list.v[i], "rw") != 0)
			return err_set(
				err, EINVAL,
				"option o=%s: a bind mount has bind, rbind, ro and rw",
				list.v[i]);
	}
	if (strchr(device, ',') || strchr(target, ','))
		return err_set(err, EINVAL, "'%s' has a comma in it", device);
	r = mount_spec_parse_mount(text.buf, ret_mount, err);
	return r < 0 ? r : 1;
}

static bool
volumes_has_word(const char *words, const char *word)
{
	cleanup_strvec struct strvec list = STRVEC_INIT;

	strvec_split(&list, words, ",");
	return strvec_has(&list, word);
}

/* As volumes_resolve(), for options that were read. */
static int
volumes_read_options(const struct node *options, const char *target,
		     struct mount_spec *ret_mount, struct err *err)
{
	const char *type = node_str_or(node_get(options, "type"), "");
	const char *device = node_str_or(node_get(options, "device"), "");
	const char *words = node_str_or(node_get(options, "o"), "");
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	int r;

	if (!node_len(options))
		return 0;
	if (volumes_has_word(words, "bind") || volumes_has_word(words, "rbind"))
		return volumes_read_bind(device, words, target, ret_mount, err);
	if (strcmp(type, "tmpfs") != 0)
		return volumes_refuse_type(*type ? type : words, err);
	strbuf_addf(&text, "%s%s%s", target, *words ? ":" : "", words);
	r = mount_spec_parse_tmpfs(text.buf, ret_mount, err);
	return r < 0 ? err_wrap(err, r, "option o=%s", words) : 1;
}

int
volumes_check_options(const struct node *options, struct err *err)
{
	static const char *const keys[] = { "device", "o", "type", NULL };
	struct mount_spec mount = MOUNT_SPEC_INIT;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < node_len(options); i++)
		r = choice_find("volume option", node_key_at(options, i), keys,
				err);
	if (r >= 0)
		r = volumes_read_options(options, "/volume", &mount, err);
	mount_spec_release(&mount);
	return r < 0 ? r : 0;
}

int
volumes_resolve(struct store *store, const struct mount_spec *mount,
		struct mount_spec *ret_mount, struct err *err)
{
	cleanup_volume struct volume volume = VOLUME_INIT;
	int r = volume_open(store, mount->source, &volume, err);

	if (r < 0)
		return r;
	r = volumes_read_options(node_get(volume.doc, "options"), mount->target,
				 ret_mount, err);
	if (r <= 0)
		return r < 0 ? err_wrap(err, r, "volume '%s'", mount->source)
			     : 0;
	ret_mount->readonly |= mount->readonly;
	ret_mount->exec = mount->exec ?: ret_mount->exec;
	ret_mount->suid = mount->suid ?: ret_mount->suid;
	ret_mount->dev = mount->dev ?: ret_mount->dev;
	if (mount->subpath && ret_mount->kind == MOUNT_BIND)
		ret_mount->subpath = xstrdup(mount->subpath);
	return 1;
}

int
volumes_ensure(struct store *store, struct container_spec *spec,
	       struct err *err)
{
	for (size_t i = 0; i < spec->mounts.len; i++) {
		struct mount_spec *mount = &spec->mounts.items[i];
		cleanup_volume struct volume volume = VOLUME_INIT;
		char name[VOLUME_RANDOM_BYTES];
		int r;

		if (mount->kind != MOUNT_VOLUME)
			continue;
		if (!mount->source) {
			volume_random_name(name);
			mount->source = xstrdup(name);
			strvec_add(&spec->anonymous, name);
		}
		r = volume_ensure(store, mount->source, &volume, err);
		if (r < 0)
			return err_wrap(err, r, "volume '%s'", mount->source);
		if (r == 1)
			volumes_event(store, mount->source, "create");
	}
	return 0;
}

/* Copy a directory of the image, its own mode and owner too. */
static int
volumes_copy_up(const struct volume *volume, int rootfd, const char *target,
		struct err *err)
{
	cleanup_close int fd = -EBADF;

	fd = fsx_openat_in_root(rootfd, target, O_RDONLY | O_DIRECTORY, 0,
				NULL);
	/* The image has nothing there: the volume stays empty. */
	if (fd == -ENOENT || fd == -ENOTDIR)
		return 0;
	if (fd < 0)
		return err_code(err, -fd, "open '%s' of the image", target);
	return fsx_copy_tree(fd, volume->datafd, 0, err);
}

static int
volumes_fill_one(struct store *store, const struct mount_spec *mount,
		 int rootfd, struct err *err)
{
	cleanup_volume struct volume volume = VOLUME_INIT;
	cleanup_close int lockfd = -EBADF;
	int r;

	r = volume_open(store, mount->source, &volume, err);
	if (r < 0 || !volume.needs_copy_up)
		return r;
	r = volume_begin_copy_up(&volume, &lockfd, err);
	if (r <= 0)
		return r;
	if (mount->copy_up && !mount->subpath) {
		r = volumes_copy_up(&volume, rootfd, mount->target, err);
		if (r < 0)
			return r;
	}
	return volume_end_copy_up(&volume, err);
}

/* U: all of the source becomes the container's user's. */
static int
volumes_give(struct store *store, const struct mount_spec *mount, uid_t uid,
	     gid_t gid, struct err *err)
{
	cleanup_free char *path =
		mount->kind == MOUNT_VOLUME
			? xasprintf("volumes/%s/_data", mount->source)
			: xstrdup(mount->source);
	int r = fsx_chown_tree(store->dirfd, path, uid, gid, err);

	return r < 0 ? err_wrap(err, r, "give '%s' to the user", path) : 0;
}

int
volumes_fill(struct store *store, const struct container_spec *spec, int rootfd,
	     uid_t uid, gid_t gid, struct err *err)
{
	for (size_t i = 0; i < spec->mounts.len; i++) {
		const struct mount_spec *mount = &spec->mounts.items[i];
		int r;

		if (mount->kind == MOUNT_VOLUME) {
			r = volumes_fill_one(store, mount, rootfd, err);
			if (r < 0)
				return err_wrap(err, r, "fill volume '%s'",
						mount->source);
		}
		if (mount->chown) {
			r = volumes_give(store, mount, uid, gid, err);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

static bool
volumes_is_mounted_by(const struct node *config, const char *name)
{
	const struct node *mounts = node_get(config, "Mounts");

	for (size_t i = 0; i < node_len(mounts); i++) {
		const struct node *mount = node_at(mounts, i);
		const char *type = node_get_str(mount, "Type");
		const char *source = node_get_str(mount, "Source");

		if (type && source && !strcmp(type, "volume") &&
		    !strcmp(source, name))
			return true;
	}
	return false;
}

size_t
volumes_count_users(const struct container_vec *all, const char *name,
		    const struct container **ret_user)
{
	size_t count = 0;

	for (size_t i = 0; i < all->len; i++) {
		if (!volumes_is_mounted_by(all->items[i].config, name))
			continue;
		if (ret_user)
			*ret_user = &all->items[i];
		count++;
	}
	return count;
}

int
volumes_remove_unused(struct session *session, const char *name,
		      struct err *err)
{
	cleanup_container_vec struct container_vec all = CONTAINER_VEC_INIT;
	cleanup_close int lockfd = -EBADF;
	const struct container *user = NULL;
	struct store *store;
	int r = session_store(session, &store, err);

	if (r < 0)
		return r;
	/* No container is recorded meanwhile. */
	lockfd = store_lock_exclusive(store, err);
	r = lockfd < 0 ? lockfd : container_list(session, &all, err);
	if (r < 0)
		return r;
	if (volumes_count_users(&all, name, &user)) {
		(void)err_set(err, EBUSY, "volume '%s' is in use by '%s'", name,
			      user->name);
		err_hint(err, "remove that container first");
		return -EBUSY;
	}
	r = volume_remove(store, name, err);
	if (r == 0)
		volumes_event(store, name, "destroy");
	return r;
}

void
volumes_event(struct store *store, const char *name, const char *action)
{
	cleanup_strvec struct strvec attributes = STRVEC_INIT;

	strvec_add(&attributes, "driver=local");
	event_log_add(store, &(struct event){ .type = "volume",
					      .action = action,
					      .id = name,
					      .attributes = &attributes });
}

void
volumes_remove(struct store *store, const struct strvec *names)
{
	for (size_t i = 0; i < names->len; i++) {
		struct err err = ERR_INIT;

		if (volume_remove(store, names->v[i], &err) < 0)
			log_debug("%s", err.text);
		else
			volumes_event(store, names->v[i], "destroy");
	}
}
