/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/cdi.c - the directories of descriptions, and devices by name.
 */
#include "conf/cdi.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/text.h"

void
cdi_list_dirs(const char *config_dir, const struct strvec *more,
	      struct strvec *ret_dirs)
{
	strvec_add(ret_dirs, "/etc/cdi");
	strvec_add(ret_dirs, "/var/run/cdi");
	strvec_addf(ret_dirs, "%s/cdi", config_dir);
	strvec_add_all(ret_dirs, more);
}

static int
cdi_load_file(const char *path, struct cdi_file *ret_file, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_node struct node *doc = NULL;
	int r = fsx_read_file(AT_FDCWD, path, CDI_FILE_MAX_BYTES, &text, err);

	if (r == 0 && text_ends(path, ".json"))
		r = node_parse_json(span_new(text.buf, text.len), path, &doc,
				    err);
	else if (r == 0)
		r = node_parse_yaml(span_new(text.buf, text.len), path, &doc,
				    err);
	return r < 0 ? r : cdi_read(doc, ret_file, err);
}

static void
cdi_add_file(struct cdi *cdi, size_t rank, const char *dir, const char *name)
{
	cleanup_free char *path = xasprintf("%s/%s", dir, name);
	struct cdi_file file = { .path = NULL };
	struct err err = ERR_INIT;

	if (cdi_load_file(path, &file, &err) < 0) {
		strvec_add(&cdi->broken, err.text);
		return;
	}
	file.path = take_ptr(path);
	file.rank = rank;
	array_push(cdi->files, cdi->len, cdi->cap, file);
}

static void
cdi_load_dir(struct cdi *cdi, size_t rank, const char *path)
{
	cleanup_closedir DIR *dir = opendir(path);
	cleanup_strvec struct strvec names = STRVEC_INIT;
	struct dirent *ent;

	while (dir && (ent = readdir(dir)))
		if (text_ends(ent->d_name, ".json") ||
		    text_ends(ent->d_name, ".yaml"))
			strvec_add(&names, ent->d_name);
	strvec_sort(&names);
	for (size_t i = 0; i < names.len; i++)
		cdi_add_file(cdi, rank, path, names.v[i]);
}

void
cdi_load(const struct strvec *dirs, struct cdi *ret_cdi)
{
	struct cdi cdi = CDI_INIT;

	strvec_add_all(&cdi.dirs, dirs);
	for (size_t i = dirs->len; i > 0; i--)
		cdi_load_dir(&cdi, i - 1, dirs->v[i - 1]);
	*ret_cdi = cdi;
}

void
cdi_release(struct cdi *cdi)
{
	for (size_t i = 0; i < cdi->len; i++)
		cdi_file_release(&cdi->files[i]);
	free(cdi->files);
	strvec_release(&cdi->dirs);
	strvec_release(&cdi->broken);
	*cdi = (struct cdi)CDI_INIT;
}

void
cdi_list_names(const struct cdi *cdi, struct strvec *names)
{
	for (size_t i = 0; i < cdi->len; i++)
		for (size_t k = 0; k < cdi->files[i].len; k++) {
			const struct cdi_file *file = &cdi->files[i];
			cleanup_free char *name = xasprintf(
				"%s=%s", file->kind, file->devices[k].name);

			if (!strvec_has(names, name))
				strvec_add_take(names, take_ptr(name));
		}
	strvec_sort(names);
}

static const struct cdi_device *
cdi_device_of(const struct cdi_file *file, const char *name)
{
	const char *rest = text_after(name, file->kind);

	if (!rest || *rest != '=')
		return NULL;
	for (size_t i = 0; i < file->len; i++)
		if (!strcmp(file->devices[i].name, rest + 1))
			return &file->devices[i];
	return NULL;
}

static void
cdi_add_listed(struct strbuf *sb, const struct strvec *words)
{
	for (size_t i = 0; i < words->len; i++)
		strbuf_addf(sb, "%s%s", i ? ", " : "", words->v[i]);
}

/* Why it is not there: what is, or where it was looked for. */
static int
cdi_not_found(const struct cdi *cdi, const char *name, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	(void)err_set(err, ENOENT, "no device '%s' is described on this host",
		      name);
	cdi_list_names(cdi, &names);
	cdi_add_listed(&text, names.len ? &names : &cdi->dirs);
	if (cdi->broken.len)
		err_hint(err, "%s", cdi->broken.v[0]);
	else if (names.len)
		err_hint(err, "there are: %s", text.buf);
	else
		err_hint(
			err,
			"there are no descriptions in %s; for NVIDIA's, 'nvidia-ctk cdi generate' writes one",
			text.buf);
	return -ENOENT;
}

int
cdi_find(const struct cdi *cdi, const char *name,
	 const struct cdi_file **ret_file, const struct cdi_device **ret_device,
	 struct err *err)
{
	const struct cdi_file *found = NULL;

	for (size_t i = 0; i < cdi->len; i++) {
		const struct cdi_file *file = &cdi->files[i];

		if (found && file->rank < found->rank)
			break;
		if (!cdi_device_of(file, name))
			continue;
		if (found) {
			(void)err_set(
				err, EEXIST,
				"device '%s' is described by '%s' and by '%s'",
				name, found->path, file->path);
			err_hint(err, "remove one of them");
			return -EEXIST;
		}
		found = file;
	}
	if (!found)
		return cdi_not_found(cdi, name, err);
	*ret_file = found;
	*ret_device = cdi_device_of(found, name);
	return 0;
}
