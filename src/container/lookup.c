/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/lookup.c - finding and listing the containers of a store.
 */
#include "container/lookup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/log.h"
#include "base/text.h"
#include "container/secrets.h"
#include "store/image.h"

#define LOOKUP_DIR "containers"
#define LOOKUP_CONFIG_MAX_BYTES (16U << 20)
#define LOOKUP_MAX_CANDIDATES 5

void
container_release(struct container *container)
{
	cleanup_close_p(&container->dirfd);
	free(container->name);
	node_free(container->config);
	container_state_release(&container->state);
	*container = (struct container)CONTAINER_INIT;
}

void
container_vec_release(struct container_vec *vec)
{
	for (size_t i = 0; i < vec->len; i++)
		container_release(&vec->items[i]);
	free(vec->items);
	*vec = (struct container_vec)CONTAINER_VEC_INIT;
}

void
container_image_release(struct container_image *image)
{
	image_row_release(&image->row);
	image_config_release(&image->config);
}

/* The record is damaged: what is left is an id that can be removed. */
static void
lookup_damaged(struct container *container, const struct err *why)
{
	log_debug("%s", why->text);
	node_free(container->config);
	container->config = node_new_obj();
	container_state_release(&container->state);
	container->state.status = CONTAINER_DEAD;
	container->state.error = xstrdup(why->text);
}

/* Returns -ENOENT for what is no container (any more, or yet). */
static int
lookup_read(struct session *session, int dirfd, const char *id,
	    struct container *container, struct err *err)
{
	int rundirfd = paths_open_run(&session->paths, err);
	struct err why = ERR_INIT;
	const char *name;
	int r;

	if (rundirfd < 0)
		return rundirfd;
	container->dirfd =
		openat(dirfd, id, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (container->dirfd < 0)
		return err_sys(err, "open container %.12s", id);
	(void)memcpy(container->id, id, CONTAINER_ID_BYTES);
	r = node_read_json_file(container->dirfd, "config.json",
				LOOKUP_CONFIG_MAX_BYTES, &container->config,
				&why);
	if (r == -ENOENT)
		return err_set(err, ENOENT, "container %.12s is not whole", id);
	if (r == 0)
		r = container_state_read(container->dirfd, rundirfd, id,
					 &container->state, &why);
	if (r < 0)
		lookup_damaged(container, &why);
	name = node_get_str(container->config, "Name");
	container->name = name ? xstrdup(name) : xstrndup(id, 12);
	return 0;
}

static int
lookup_open_all(struct session *session, struct err *err)
{
	struct store *store;
	int r = session_store(session, &store, err);
	int fd;

	if (r < 0)
		return r;
	fd = openat(store->dirfd, LOOKUP_DIR,
		    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? err_sys(err, "read the store's containers") : fd;
}

/* Ids that start with @prefix. Takes @fd. */
static int
lookup_ids(int fd, const char *prefix, struct strvec *ids, struct err *err)
{
	cleanup_closedir DIR *dir = fdopendir(fd);
	struct dirent *ent;

	if (!dir) {
		(void)close(fd);
		return err_sys(err, "read the store's containers");
	}
	while ((ent = readdir(dir)))
		if (text_is_hex_of(ent->d_name, CONTAINER_ID_BYTES - 1) &&
		    text_starts(ent->d_name, prefix))
			strvec_add(ids, ent->d_name);
	return 0;
}

/* The id behind an exact name, as names/<name> says; or -ENOENT. */
static int
lookup_by_name(struct store *store, const char *name,
	       char ret_id[CONTAINER_ID_BYTES])
{
	cleanup_strbuf struct strbuf target = STRBUF_INIT;
	cleanup_free char *link = NULL;
	const char *id;

	if (!*name || strchr(name, '/') || *name == '.')
		return -ENOENT;
	link = xasprintf("names/%s", name);
	if (fsx_readlink(store->dirfd, link, &target) < 0)
		return -ENOENT;
	id = text_after(target.buf, "../" LOOKUP_DIR "/");
	if (!id || !text_is_hex_of(id, CONTAINER_ID_BYTES - 1))
		return -ENOENT;
	(void)memcpy(ret_id, id, CONTAINER_ID_BYTES);
	return 0;
}

static int
lookup_refuse_ambiguous(const char *ref, const struct strvec *ids,
			struct err *err)
{
	cleanup_strbuf struct strbuf list = STRBUF_INIT;

	for (size_t i = 0; i < ids->len && i < LOOKUP_MAX_CANDIDATES; i++)
		strbuf_addf(&list, "%s%.12s", i ? ", " : "", ids->v[i]);
	(void)err_set(err, EEXIST, "'%s' is the start of %zu ids: %s%s", ref,
		      ids->len, list.buf,
		      ids->len > LOOKUP_MAX_CANDIDATES ? ", …" : "");
	err_hint(err, "write more of the id, or a name");
	return -EEXIST;
}

/* Names, for a guess at what was meant. */
static void
lookup_hint(struct store *store, const char *ref, struct err *err)
{
	cleanup_closedir DIR *dir = NULL;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	struct dirent *ent;
	const char *near;
	int fd = openat(store->dirfd, "names",
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	dir = fd < 0 ? NULL : fdopendir(fd);
	while (dir && (ent = readdir(dir)))
		if (ent->d_name[0] != '.')
			strvec_add(&names, ent->d_name);
	near = text_nearest(ref, (const char *const *)strvec_argv(&names));
	if (near)
		err_hint(err, "did you mean '%s'?", near);
}

static int
lookup_id(struct store *store, int dirfd, const char *ref,
	  char ret_id[CONTAINER_ID_BYTES], struct err *err)
{
	cleanup_strvec struct strvec ids = STRVEC_INIT;
	const char *p = ref;
	int r;

	if (lookup_by_name(store, *ref == '/' ? ref + 1 : ref, ret_id) == 0)
		return 0;
	while (text_is_hex(*p))
		p++;
	if (*ref && !*p) {
		int fd = fcntl(dirfd, F_DUPFD_CLOEXEC, 0);

		r = fd < 0 ? err_sys(err, "read the store's containers")
			   : lookup_ids(fd, ref, &ids, err);
		if (r < 0)
			return r;
	}
	if (ids.len > 1)
		return lookup_refuse_ambiguous(ref, &ids, err);
	if (ids.len == 1) {
		(void)memcpy(ret_id, ids.v[0], CONTAINER_ID_BYTES);
		return 0;
	}
	(void)err_set(err, ENOENT, "no such container: '%s'", ref);
	lookup_hint(store, ref, err);
	return -ENOENT;
}

int
container_find(struct session *session, const char *ref,
	       struct container *ret_container, struct err *err)
{
	cleanup_container struct container container = CONTAINER_INIT;
	cleanup_close int dirfd = -EBADF;
	char id[CONTAINER_ID_BYTES];
	int r;

	dirfd = lookup_open_all(session, err);
	r = dirfd == -ENOENT ? -ENOENT : dirfd;
	if (r >= 0)
		r = lookup_id(&session->store, dirfd, ref, id, err);
	if (r == 0)
		r = lookup_read(session, dirfd, id, &container, err);
	if (r == -ENOENT) {
		if (dirfd < 0 || container.dirfd >= 0)
			err_reset(err);
		if (err && !err->code)
			(void)err_set(err, ENOENT, "no such container: '%s'",
				      ref);
	}
	if (r < 0)
		return r;
	*ret_container = container;
	container = (struct container)CONTAINER_INIT;
	return 0;
}

static int
lookup_newest_first(const void *a, const void *b)
{
	const struct container *left = a, *right = b;
	int64_t x = node_get_int(left->config, "Created", 0);
	int64_t y = node_get_int(right->config, "Created", 0);

	return x != y ? (x < y ? 1 : -1) : strcmp(left->id, right->id);
}

int
container_list(struct session *session, struct container_vec *ret_vec,
	       struct err *err)
{
	cleanup_container_vec struct container_vec vec = CONTAINER_VEC_INIT;
	cleanup_strvec struct strvec ids = STRVEC_INIT;
	cleanup_close int dirfd = lookup_open_all(session, err);
	int fd, r = 0;

	if (dirfd == -ENOENT) {
		if (err)
			err_reset(err);
		*ret_vec = vec;
		return 0;
	}
	if (dirfd < 0)
		return dirfd;
	fd = fcntl(dirfd, F_DUPFD_CLOEXEC, 0);
	r = fd < 0 ? err_sys(err, "read the store's containers")
		   : lookup_ids(fd, "", &ids, err);
	for (size_t i = 0; r == 0 && i < ids.len; i++) {
		struct container one = CONTAINER_INIT;

		r = lookup_read(session, dirfd, ids.v[i], &one, err);
		cleanup_close_p(&one.dirfd);
		one.dirfd = -EBADF;
		if (r == -ENOENT) {
			container_release(&one);
			r = 0;
			continue;
		}
		array_push(vec.items, vec.len, vec.cap, one);
	}
	if (r < 0)
		return r;
	if (err)
		err_reset(err);
	qsort(vec.items, vec.len, sizeof(*vec.items), lookup_newest_first);
	*ret_vec = vec;
	vec = (struct container_vec)CONTAINER_VEC_INIT;
	return 0;
}

/* An image whose config is gone: what its container recorded of it. */
static int
lookup_image_of_record(const struct node *config, struct image_config *ret,
		       struct err *err)
{
	cleanup_node struct node *doc = node_new_obj();
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	const struct node *layers = node_get(config, "Layers");

	node_set_str(doc, "os", "linux");
	node_set_str(doc, "architecture", "");
	node_set(node_need_obj(doc, "rootfs"), "diff_ids",
		 layers ? node_clone(layers) : node_new_arr());
	node_write_json(&text, doc, NODE_COMPACT);
	return image_config_parse(span_new(text.buf, text.len), ret, err);
}

static int
lookup_image(struct session *session, const struct node *config,
	     struct container_image *image, struct err *err)
{
	const char *id = node_get_str(config, "Image");
	struct store *store;
	int r;

	r = session_store(session, &store, err);
	if (r < 0)
		return r;
	if (!id || digest_parse(id, &image->row.id, err) < 0)
		return err_set(err, EBADMSG, "container record has no image");
	if (image_find(store, id, &image->row, NULL, NULL) == 0 &&
	    image_read_config(store, &image->row, &image->config, NULL) == 0)
		return 0;
	return lookup_image_of_record(config, &image->config, err);
}

int
container_load_spec(struct session *session, const struct container *container,
		    struct container_spec *ret_spec,
		    struct container_image *ret_image, struct err *err)
{
	struct container_image image = { .row = { .size_bytes = -1 } };
	struct container_spec spec;
	int r;

	container_spec_init(&spec);
	r = container_spec_from_node(container->config, &spec, err);
	if (r == 0)
		r = lookup_image(session, container->config, &image, err);
	if (r == 0)
		r = secrets_read(container->dirfd, &spec, err);
	if (r < 0) {
		container_spec_release(&spec);
		container_image_release(&image);
		return err_wrap(err, r, "container '%s'", container->name);
	}
	*ret_image = image;
	*ret_spec = spec;
	ret_spec->image = &ret_image->row;
	ret_spec->image_config = &ret_image->config;
	return 0;
}
