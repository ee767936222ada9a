/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/volumes_from.c - --volumes-from: mount what another one mounts.
 */
#include "container/volumes_from.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "container/lookup.h"

struct volumes_from {
	char *name;
	bool readonly, writable; /* ":ro", ":rw"; neither: as it is there */
};

static int
volumes_from_parse(const char *text, struct volumes_from *ret_from,
		   struct err *err)
{
	const char *colon = strrchr(text, ':');
	const char *mode = colon ? colon + 1 : "";
	struct volumes_from from = { .readonly = !strcmp(mode, "ro"),
				     .writable = !strcmp(mode, "rw") };

	if (colon && !from.readonly && !from.writable && strcmp(mode, "z") &&
	    strcmp(mode, "Z"))
		return err_set(err, EINVAL, "mode '%s' is unknown", mode);
	from.name =
		colon ? xstrndup(text, (size_t)(colon - text)) : xstrdup(text);
	*ret_from = from;
	return 0;
}

static bool
volumes_from_has(const struct container_spec *spec, const char *target)
{
	for (size_t i = 0; i < spec->mounts.len; i++)
		if (!strcmp(spec->mounts.items[i].target, target))
			return true;
	return false;
}

/* @theirs gives its mounts away. */
static void
volumes_from_take(struct container_spec *spec, struct container_spec *theirs,
		  const struct volumes_from *from)
{
	for (size_t i = 0; i < theirs->mounts.len;) {
		struct mount_list *list = &theirs->mounts;
		struct mount_spec *mount = &list->items[i];

		if ((mount->kind != MOUNT_VOLUME &&
		     mount->kind != MOUNT_BIND) ||
		    volumes_from_has(spec, mount->target)) {
			i++;
			continue;
		}
		mount->readonly =
			from->readonly || (mount->readonly && !from->writable);
		array_push(spec->mounts.items, spec->mounts.len,
			   spec->mounts.cap, *mount);
		list->len--;
		(void)memmove(mount, mount + 1,
			      (list->len - i) * sizeof(*mount));
	}
}

static int
volumes_from_one(struct session *session, struct container_spec *spec,
		 const struct volumes_from *from, struct err *err)
{
	cleanup_container struct container container = CONTAINER_INIT;
	cleanup_container_spec struct container_spec theirs;
	cleanup_container_image struct container_image image = { 0 };
	int r;

	container_spec_init(&theirs);
	r = container_find(session, from->name, &container, err);
	if (r == 0)
		r = container_load_spec(session, &container, &theirs, &image,
					err);
	if (r == 0)
		volumes_from_take(spec, &theirs, from);
	return r;
}

int
volumes_from_add(struct session *session, struct container_spec *spec,
		 struct err *err)
{
	for (size_t i = 0; i < spec->volumes_from.len; i++) {
		const char *text = spec->volumes_from.v[i];
		struct volumes_from from = { .name = NULL };
		int r = volumes_from_parse(text, &from, err);

		if (r == 0) {
			r = volumes_from_one(session, spec, &from, err);
			free(from.name);
		}
		if (r < 0)
			return err_wrap(err, r, "--volumes-from '%s'", text);
	}
	return 0;
}
