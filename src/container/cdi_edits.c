/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/cdi_edits.c - what devices asked for by name (CDI) bring along.
 */
#include "container/cdi_edits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "store/layer.h"
#include "store/view.h"

#define CDI_LIBRARY_PATH "LD_LIBRARY_PATH"

void
cdi_gift_release(struct cdi_gift *gift)
{
	strvec_release(&gift->env);
	strvec_release(&gift->devices);
	mount_list_release(&gift->mounts);
	strvec_release(&gift->library_dirs);
	strvec_release(&gift->links);
	strvec_release(&gift->warnings);
}

int
cdi_gift_mount(struct cdi_gift *gift, const char *source, const char *target,
	       const char *options, struct err *err)
{
	cleanup_free char *text = xasprintf("%s:%s%s%s", source, target,
					    *options ? ":" : "", options);
	struct mount_spec mount = MOUNT_SPEC_INIT;
	int r = mount_spec_parse_volume(text, &mount, err);

	if (r < 0)
		return r;
	mount.create_source = false;
	mount_list_take(&gift->mounts, &mount);
	return 0;
}

static int
cdi_need(const char *path, const char *file, struct err *err)
{
	int r;

	if (access(path, F_OK) == 0)
		return 0;
	r = err_sys(err, "'%s'", path);
	err_hint(err, "'%s' describes another driver: have it made anew", file);
	return r;
}

static int
cdi_add_nodes(const struct cdi_edits *edits, const char *file,
	      struct cdi_gift *gift, struct err *err)
{
	for (size_t i = 0; i < edits->node_len; i++) {
		const struct cdi_device_node *node = &edits->nodes[i];
		const char *host = node->host_path ?: node->path;
		int r = cdi_need(host, file, err);

		if (r < 0)
			return r;
		strvec_addf(&gift->devices, "%s\n%s\n%s", host, node->path,
			    node->permissions ?: "rwm");
	}
	return 0;
}

static int
cdi_add_mounts(const struct cdi_edits *edits, const char *file,
	       struct cdi_gift *gift, struct err *err)
{
	for (size_t i = 0; i < edits->mount_len; i++) {
		const struct cdi_mount *mount = &edits->mounts[i];
		cleanup_strbuf struct strbuf options = STRBUF_INIT;
		int r = cdi_need(mount->host_path, file, err);

		if (r < 0)
			return r;
		for (size_t k = 0; k < mount->options.len; k++)
			strbuf_addf(&options, "%s%s", k ? "," : "",
				    mount->options.v[k]);
		r = cdi_gift_mount(gift, mount->host_path,
				   mount->container_path, options.buf, err);
		if (r < 0)
			return err_wrap(err, r, "'%s'", file);
	}
	return 0;
}

static int
cdi_add_edits(const struct cdi_edits *edits, const char *file,
	      struct cdi_gift *gift, struct err *err)
{
	int r;

	if (node_len(edits->net_devices))
		return err_set(err, EOPNOTSUPP,
			       "'%s' moves a network device, which needs root",
			       file);
	strvec_add_all(&gift->env, &edits->env);
	r = cdi_add_nodes(edits, file, gift, err);
	if (r == 0)
		r = cdi_add_mounts(edits, file, gift, err);
	if (r == 0)
		cdi_gift_hooks(edits, file, gift);
	if (r == 0 && node_len(edits->gids))
		strvec_addf(
			&gift->warnings,
			"'%s' gives groups of the host, which only '--group-add keep-groups' can",
			file);
	return r;
}

static int
cdi_list_wanted(const struct container_spec *spec, const struct cdi *cdi,
		struct strvec *names, struct err *err)
{
	strvec_add_all(names, &spec->cdi_devices);
	for (size_t i = 0; i < spec->gpus.len; i++) {
		cleanup_gpu_spec struct gpu_spec gpus = GPU_SPEC_INIT;
		int r = gpu_spec_parse(spec->gpus.v[i], &gpus, err);

		if (r == 0)
			r = cdi_gpus_list(cdi, &gpus, names, err);
		if (r < 0)
			return err_wrap(err, r, "--gpus '%s'", spec->gpus.v[i]);
	}
	return 0;
}

/* Each file's own edits once, before those of its devices. */
static int
cdi_add_wanted(const struct cdi *cdi, const struct strvec *names,
	       struct cdi_gift *gift, struct err *err)
{
	cleanup_strvec struct strvec seen = STRVEC_INIT;

	for (size_t i = 0; i < names->len; i++) {
		const struct cdi_device *device;
		const struct cdi_file *file;
		int r = cdi_find(cdi, names->v[i], &file, &device, err);

		if (r < 0)
			return r;
		if (!strvec_has(&seen, file->path)) {
			strvec_add(&seen, file->path);
			r = cdi_add_edits(&file->edits, file->path, gift, err);
		}
		if (r == 0)
			r = cdi_add_edits(&device->edits, file->path, gift,
					  err);
		if (r < 0)
			return err_wrap(err, r, "device '%s'", names->v[i]);
	}
	return 0;
}

int
cdi_gift_make(const struct container_spec *spec, const char *config_dir,
	      struct cdi_gift *ret_gift, struct err *err)
{
	cleanup_strvec struct strvec dirs = STRVEC_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_cdi struct cdi cdi = CDI_INIT;
	struct cdi_gift gift = CDI_GIFT_INIT;
	int r;

	if (!spec->cdi_devices.len && !spec->gpus.len) {
		*ret_gift = gift;
		return 0;
	}
	cdi_list_dirs(config_dir, &spec->cdi_dirs, &dirs);
	cdi_load(&dirs, &cdi);
	r = cdi_list_wanted(spec, &cdi, &names, err);
	if (r == 0)
		r = cdi_add_wanted(&cdi, &names, &gift, err);
	if (r == 0)
		r = cdi_gift_link(&gift, err);
	if (r < 0) {
		cdi_gift_release(&gift);
		return r;
	}
	*ret_gift = gift;
	return 0;
}

/* Where the image's loader finds libraries by itself, its own lie too. */
static bool
cdi_is_searched(const struct view *view, const char *dir)
{
	const char *const places[] = { dir, text_after(dir, "/usr") ?: dir };

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		cleanup_view_place struct view_place place = VIEW_PLACE_INIT;
		cleanup_free char *path = xasprintf("%s/libc.so.6", places[i]);

		if (view_find(view, path, false, &place, NULL) == 0 &&
		    place.exists)
			return true;
	}
	return false;
}

/* Behind what the image says, so that its own libraries come first. */
static int
cdi_add_library_dirs(struct session *session, struct container_spec *spec,
		     const struct strvec *dirs, struct err *err)
{
	const struct image_config *config = spec->image_config;
	const char *had = strvec_env_get(&spec->env, CDI_LIBRARY_PATH);
	cleanup_strbuf struct strbuf value = STRBUF_INIT;
	cleanup_strvec struct strvec trees = STRVEC_INIT;
	cleanup_view struct view view = { .root = { NULL } };
	char path[LAYER_PATH_BYTES];
	struct store *store;
	int r = session_store(session, &store, err);

	for (size_t i = config->diff_id_count; i > 0; i--)
		strvec_add(&trees, layer_path(&config->diff_ids[i - 1], path));
	if (r == 0)
		r = view_add(&view, store->dirfd, &trees, err);
	if (r < 0)
		return r;
	strbuf_addstr(&value, had ?: "");
	for (size_t i = 0; i < dirs->len; i++)
		if (!cdi_is_searched(&view, dirs->v[i]))
			strbuf_addf(&value, "%s%s", value.len ? ":" : "",
				    dirs->v[i]);
	if (value.len)
		strvec_env_set(&spec->env, CDI_LIBRARY_PATH, value.buf);
	return 0;
}

int
cdi_settle(struct session *session, struct container_spec *spec,
	   struct strvec *warnings, struct err *err)
{
	cleanup_cdi_gift struct cdi_gift gift = CDI_GIFT_INIT;
	int r = cdi_gift_make(spec, session->paths.config, &gift, err);

	if (r < 0)
		return r;
	strvec_add_all(warnings, &gift.warnings);
	for (size_t i = 0; i < gift.env.len; i++) {
		const char *eq = strchr(gift.env.v[i], '=');
		cleanup_free char *name =
			xstrndup(gift.env.v[i], (size_t)(eq - gift.env.v[i]));

		strvec_env_set(&spec->env, name, eq + 1);
	}
	return gift.library_dirs.len
		       ? cdi_add_library_dirs(session, spec, &gift.library_dirs,
					      err)
		       : 0;
}
