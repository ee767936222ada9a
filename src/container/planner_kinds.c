/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/planner_kinds.c - mounts of the rarer kinds: terminals, memory
 * without a limit, every file of a pattern, images, the time zone, secrets.
 */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "container/planner_priv.h"
#include "store/layer.h"

static void
planner_push_option(struct mountx_option *options, const char *key,
		    const char *value)
{
	size_t n = 0;

	while (options[n].key)
		n++;
	options[n] = (struct mountx_option){ key, value };
	options[n + 1] = (struct mountx_option){ NULL, NULL };
}

static const char *
planner_number(struct planner *planner, int64_t value)
{
	return planner_keep(planner, "%lld", (long long)value);
}

static const char *
planner_mode(struct planner *planner, int64_t mode, unsigned int usual)
{
	return planner_keep(planner, "%o",
			    mode >= 0 ? (unsigned int)mode : usual);
}

void
planner_add_devpts(struct planner *planner, const struct mount_spec *mount,
		   const struct ids *ids)
{
	struct mountx_option options[PLANNER_MAX_OPTIONS] = { { NULL, NULL } };
	int64_t gid = mount->gid >= 0 ? mount->gid : 5;

	planner_push_option(options, "newinstance", NULL);
	planner_push_option(options, "ptmxmode", "0666");
	planner_push_option(options, "mode",
			    planner_mode(planner, mount->mode, 0620));
	if (mount->uid >= 0)
		planner_push_option(options, "uid",
				    planner_number(planner, mount->uid));
	/* Group 5 is tty in every distribution; without it, no group. */
	if (mount->gid >= 0 ||
	    idmap_to_outside(&ids->gids, (uint32_t)gid) != IDMAP_UNMAPPED)
		planner_push_option(options, "gid",
				    planner_number(planner, gid));
	if (mount->max_ptys > 0)
		planner_push_option(options, "max",
				    planner_number(planner, mount->max_ptys));
	planner_add_mount(planner,
			  (struct rt_mount){
				  .kind = RT_DEVPTS,
				  .target = mount->target,
				  .attrs = planner_attrs(mount) |
					   MOUNTX_NOSUID | MOUNTX_NOEXEC,
				  .options = planner_options(planner, options),
			  });
}

/* The kernel's has a mode and nothing else. */
void
planner_add_ramfs(struct planner *planner, const struct mount_spec *mount)
{
	const struct mountx_option options[] = {
		{ "mode", planner_mode(planner, mount->mode, 01777) },
		{ NULL, NULL },
	};

	planner_add_mount(planner,
			  (struct rt_mount){
				  .kind = RT_RAMFS,
				  .target = mount->target,
				  .attrs = planner_attrs(mount),
				  .options = planner_options(planner, options),
			  });
}

/* What matches now, each below the target by its own name. */
int
planner_add_glob(struct planner *planner, const struct mount_spec *mount,
		 struct err *err)
{
	glob_t found = { .gl_pathc = 0 };
	int r = glob(mount->source, GLOB_ERR, NULL, &found);

	if (r == GLOB_NOMATCH) {
		r = err_set(err, ENOENT, "nothing matches '%s'", mount->source);
		err_hint(err, "make it first, or correct the pattern");
		return r;
	}
	if (r != 0)
		return err_sys(err, "look for '%s'", mount->source);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *source =
			planner_keep(planner, "%s", found.gl_pathv[i]);
		const char *slash = strrchr(source, '/');

		planner_add_bind(planner, mount, source,
				 planner_keep(planner, "%s%s", mount->target,
					      slash ?: source));
	}
	globfree(&found);
	return 0;
}

/*
 * Its layers one over the other, as the kernel's overlay shows them; where
 * that is not to be had, or a part of it is wanted, a copy made once
 * (planner->copies). Never the layer itself: a container that may mount could
 * make it writable, and it is everybody's.
 */
void
planner_add_image(struct planner *planner, const struct mount_spec *mount,
		  const struct container_dir *dir)
{
	struct mountx_option *options;
	size_t len = mount->layers.len, n = 0;
	struct rt_mount *added;

	if (!planner->has_overlay || mount->subpath || !mount->readonly) {
		const char *copy =
			planner_keep(planner, "images/%zu", planner->copy_len);

		array_push(planner->copies, planner->copy_len,
			   planner->copy_cap,
			   (struct planner_copy){ &mount->layers, copy });
		planner_add_bind(planner, mount,
				 planner_keep(planner, "%s/%s", dir->path,
					      copy),
				 mount->target);
		return;
	}
	options = xcalloc(len + 3, sizeof(*options));
	for (size_t i = 0; i < len; i++)
		options[n++] = (struct mountx_option){ "lowerdir+",
						       mount->layers.v[i] };
	/* The kernel lays no single directory. */
	if (len == 1) {
		strvec_add(&planner->dirs, "images/empty");
		options[n++] = (struct mountx_option){
			"lowerdir+",
			planner_keep(planner, "%s/images/empty", dir->path)
		};
	}
	options[n] = (struct mountx_option){ "userxattr", NULL };
	added = planner_add_mount(planner,
				  (struct rt_mount){
					  .kind = RT_OVERLAY,
					  .target = mount->target,
					  .attrs = planner_attrs(mount),
				  });
	added->options = planner_options(planner, options);
	free(options);
}

char *
planner_zone_path(const char *zone)
{
	return strcmp(zone, "local") == 0
		       ? xstrdup("/etc/localtime")
		       : xasprintf("/usr/share/zoneinfo/%s", zone);
}

void
planner_add_timezone(struct planner *planner, const char *zone)
{
	cleanup_free char *path = planner_zone_path(zone);

	planner_add_mount(planner,
			  (struct rt_mount){
				  .kind = RT_BIND,
				  .source = planner_keep(planner, "%s", path),
				  .target = "/etc/localtime",
				  .attrs = MOUNTX_RDONLY,
			  });
}

/* Their usual place is memory: nothing of them is in the layer. */
void
planner_add_secrets(struct planner *planner, const struct container_spec *spec,
		    const struct container_dir *dir)
{
	const struct mountx_option options[] = {
		{ "mode", "755" },
		{ "size", "65536" },
		{ NULL, NULL },
	};
	bool has_place = false;

	for (size_t i = 0; i < spec->secrets.len; i++) {
		const struct secret_spec *secret = &spec->secrets.items[i];
		struct rt_mount mount = {
			.kind = RT_BIND,
			.source = planner_keep(planner, "%s/secrets/%zu",
					       dir->path, i),
			.target = secret->target,
			.attrs = MOUNTX_RDONLY | PLANNER_NO_EXEC,
		};

		if (secret->is_env)
			continue;
		if (!has_place &&
		    text_after(secret->target, SECRET_SPEC_DIR "/"))
			planner_add_mount(planner,
					  (struct rt_mount){
						  .kind = RT_TMPFS,
						  .target = SECRET_SPEC_DIR,
						  .attrs = PLANNER_NO_EXEC,
						  .options = planner_options(
							  planner, options),
					  });
		has_place |=
			text_after(secret->target, SECRET_SPEC_DIR "/") != NULL;
		planner_add_mount(planner, mount);
	}
}
