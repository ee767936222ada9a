/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/cdi_hooks.c - hooks of device descriptions, done by mounts.
 *
 *	create-symlinks --link TARGET::PATH   the file of TARGET, at PATH too
 *	update-ldcache --folder DIR           what ldconfig would link in DIR:
 *	                                      each library by the names that
 *	                                      the host's ldconfig gave it
 *	chmod, disable-device-node-modification
 *	                                      nothing: your account may, or not
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/text.h"
#include "container/cdi_edits.h"
#include "spec/abs_path.h"

/* The values of an option, "--link X" and "--link=X". */
static void
cdi_hook_values(const struct cdi_hook *hook, const char *option,
		struct strvec *values)
{
	for (size_t i = 0; i < hook->args.len; i++) {
		const char *rest = text_after(hook->args.v[i], option);

		if (rest && *rest == '=')
			strvec_add(values, rest + 1);
		else if (rest && !*rest && i + 1 < hook->args.len)
			strvec_add(values, hook->args.v[++i]);
	}
}

/* "nvidia-ctk hook NAME …" and "nvidia-cdi-hook NAME …". */
static const char *
cdi_hook_name(const struct cdi_hook *hook)
{
	size_t i = 1;

	if (i < hook->args.len && !strcmp(hook->args.v[i], "hook"))
		i++;
	return i < hook->args.len ? hook->args.v[i] : hook->path;
}

void
cdi_gift_hooks(const struct cdi_edits *edits, const char *file,
	       struct cdi_gift *io_gift)
{
	for (size_t i = 0; i < edits->hook_len; i++) {
		const struct cdi_hook *hook = &edits->hooks[i];
		const char *name = cdi_hook_name(hook);

		if (!strcmp(name, "create-symlinks"))
			cdi_hook_values(hook, "--link", &io_gift->links);
		else if (!strcmp(name, "update-ldcache"))
			cdi_hook_values(hook, "--folder",
					&io_gift->library_dirs);
		else if (strcmp(name, "chmod") != 0 &&
			 strcmp(name, "disable-device-node-modification") != 0)
			strvec_addf(&io_gift->warnings,
				    "the hook '%s' of '%s' is not run", name,
				    file);
	}
}

static const struct mount_spec *
cdi_mounted_at(const struct cdi_gift *gift, const char *target)
{
	for (size_t i = 0; i < gift->mounts.len; i++)
		if (!strcmp(gift->mounts.items[i].target, target))
			return &gift->mounts.items[i];
	return NULL;
}

static int
cdi_mount_also(struct cdi_gift *gift, const char *source, const char *target,
	       struct err *err)
{
	return cdi_mounted_at(gift, target)
		       ? 0
		       : cdi_gift_mount(gift, source, target, "ro", err);
}

/* Links beside @file that lead to it and start as it does, "libcuda.so". */
static void
cdi_list_aliases(const char *file, struct strvec *names)
{
	const char *slash = strrchr(file, '/');
	const char *so = strstr(slash, ".so");
	cleanup_free char *path = xstrndup(file, (size_t)(slash - file));
	cleanup_closedir DIR *dir = so ? opendir(path) : NULL;
	size_t stem = so ? (size_t)(so + strlen(".so") - slash - 1) : 0;
	struct stat is, st;
	struct dirent *ent;

	while (dir && (ent = readdir(dir)))
		if (ent->d_type == DT_LNK &&
		    !strncmp(ent->d_name, slash + 1, stem) &&
		    stat(file, &is) == 0 &&
		    fstatat(dirfd(dir), ent->d_name, &st, 0) == 0 &&
		    is.st_dev == st.st_dev && is.st_ino == st.st_ino)
			strvec_add(names, ent->d_name);
}

/* Each library mounted into @dir, by its other names. */
static int
cdi_name_libraries(struct cdi_gift *gift, const char *dir, struct err *err)
{
	size_t len = gift->mounts.len;
	int r = 0;

	for (size_t i = 0; r == 0 && i < len; i++) {
		cleanup_free char *source =
			xstrdup(gift->mounts.items[i].source);
		const char *target = gift->mounts.items[i].target;
		const char *rest = text_after(target, dir);
		cleanup_strvec struct strvec names = STRVEC_INIT;

		if (!rest || *rest != '/' || strchr(rest + 1, '/'))
			continue;
		cdi_list_aliases(source, &names);
		for (size_t k = 0; r == 0 && k < names.len; k++) {
			cleanup_free char *other =
				xasprintf("%s/%s", dir, names.v[k]);

			r = cdi_mount_also(gift, source, other, err);
		}
	}
	return r;
}

/* A link whose target is nothing that was mounted leads nowhere, as there. */
static int
cdi_link(struct cdi_gift *gift, const char *link, struct err *err)
{
	const char *colons = strstr(link, "::");
	cleanup_free char *to = NULL, *path = NULL, *dir = NULL, *target = NULL;
	cleanup_free char *source = NULL;
	const struct mount_spec *mounted;

	if (!colons)
		return 0;
	to = xstrndup(link, (size_t)(colons - link));
	path = abs_path_join("/", colons + 2);
	dir = abs_path_join(path, "..");
	target = abs_path_join(dir, to);
	mounted = cdi_mounted_at(gift, target);
	source = mounted ? xstrdup(mounted->source) : NULL;
	return source ? cdi_mount_also(gift, source, path, err) : 0;
}

int
cdi_gift_link(struct cdi_gift *io_gift, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < io_gift->library_dirs.len; i++)
		r = cdi_name_libraries(io_gift, io_gift->library_dirs.v[i],
				       err);
	for (size_t i = 0; r == 0 && i < io_gift->links.len; i++)
		r = cdi_link(io_gift, io_gift->links.v[i], err);
	return r;
}
