/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/cdi_read.c - one description of devices, checked.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "conf/cdi.h"
#include "data/decode.h"

static const struct field node_fields[] = {
	FIELD_STR(struct cdi_device_node, path, "path", FIELD_REQUIRED),
	FIELD_STR(struct cdi_device_node, host_path, "hostPath", 0),
	FIELD_STR(struct cdi_device_node, permissions, "permissions", 0),
	FIELD_END,
};

static const struct field mount_fields[] = {
	FIELD_STR(struct cdi_mount, host_path, "hostPath", FIELD_REQUIRED),
	FIELD_STR(struct cdi_mount, container_path, "containerPath",
		  FIELD_REQUIRED),
	FIELD_STR(struct cdi_mount, type, "type", 0),
	FIELD_STRVEC(struct cdi_mount, options, "options", 0),
	FIELD_END,
};

static const struct field hook_fields[] = {
	FIELD_STR(struct cdi_hook, name, "hookName", FIELD_REQUIRED),
	FIELD_STR(struct cdi_hook, path, "path", FIELD_REQUIRED),
	FIELD_STRVEC(struct cdi_hook, args, "args", 0),
	FIELD_END,
};

static const struct field edits_fields[] = {
	FIELD_STRVEC(struct cdi_edits, env, "env", 0),
	FIELD_STRUCTS(struct cdi_edits, nodes, node_len, "deviceNodes", 0,
		      node_fields),
	FIELD_STRUCTS(struct cdi_edits, mounts, mount_len, "mounts", 0,
		      mount_fields),
	FIELD_STRUCTS(struct cdi_edits, hooks, hook_len, "hooks", 0,
		      hook_fields),
	FIELD_NODE(struct cdi_edits, net_devices, "netDevices", 0),
	FIELD_NODE(struct cdi_edits, gids, "additionalGids", 0),
	FIELD_END,
};

static const struct field device_fields[] = {
	FIELD_STR(struct cdi_device, name, "name", FIELD_REQUIRED),
	FIELD_STRUCT(struct cdi_device, edits, "containerEdits", 0,
		     edits_fields),
	FIELD_END,
};

static const struct field file_fields[] = {
	FIELD_STR(struct cdi_file, version, "cdiVersion", FIELD_REQUIRED),
	FIELD_STR(struct cdi_file, kind, "kind", FIELD_REQUIRED),
	FIELD_STRUCTS(struct cdi_file, devices, len, "devices", FIELD_REQUIRED,
		      device_fields),
	FIELD_STRUCT(struct cdi_file, edits, "containerEdits", 0, edits_fields),
	FIELD_END,
};

/* Alphanumeric ends, @inner also between them. */
static bool
cdi_is_word(const char *word, size_t len, bool digit_first, const char *inner)
{
	if (!len || !text_is_alnum(word[0]) || !text_is_alnum(word[len - 1]) ||
	    (!digit_first && text_is_digit(word[0])))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!text_is_alnum(word[i]) && !strchr(inner, word[i]))
			return false;
	return true;
}

static bool
cdi_is_kind(const char *kind)
{
	const char *slash = strchr(kind, '/');

	return slash &&
	       cdi_is_word(kind, (size_t)(slash - kind), false, "_.-") &&
	       cdi_is_word(slash + 1, strlen(slash + 1), false, "_.-");
}

static int
cdi_check_edits(const struct node *node, const struct cdi_edits *edits,
		struct err *err)
{
	for (size_t i = 0; i < edits->env.len; i++) {
		const char *eq = strchr(edits->env.v[i], '=');

		if (!eq || eq == edits->env.v[i])
			return node_err(node_get(node, "env"), err, EBADMSG,
					"'%s' is not NAME=VALUE",
					edits->env.v[i]);
	}
	for (size_t i = 0; i < edits->node_len; i++)
		if (edits->nodes[i].path[0] != '/')
			return node_err(node_get(node, "deviceNodes"), err,
					EBADMSG, "path '%s' is not absolute",
					edits->nodes[i].path);
	for (size_t i = 0; i < edits->mount_len; i++)
		if (edits->mounts[i].host_path[0] != '/' ||
		    edits->mounts[i].container_path[0] != '/')
			return node_err(node_get(node, "mounts"), err, EBADMSG,
					"paths of '%s' are not absolute",
					edits->mounts[i].container_path);
	return 0;
}

static int
cdi_check_devices(const struct node *doc, const struct cdi_file *file,
		  struct err *err)
{
	const struct node *list = node_get(doc, "devices");

	for (size_t i = 0; i < file->len; i++) {
		const char *name = file->devices[i].name;
		const struct node *at = node_at(list, i);
		int r;

		if (!cdi_is_word(name, strlen(name), true, "_.:-"))
			return node_err(node_get(at, "name"), err, EBADMSG,
					"'%s' is not a device name", name);
		for (size_t k = 0; k < i; k++)
			if (!strcmp(file->devices[k].name, name))
				return node_err(node_get(at, "name"), err,
						EBADMSG,
						"device '%s' is there twice",
						name);
		r = cdi_check_edits(node_get(at, "containerEdits"),
				    &file->devices[i].edits, err);
		if (r < 0)
			return r;
	}
	return 0;
}

static int
cdi_check(const struct node *doc, const struct cdi_file *file, struct err *err)
{
	if (!text_starts(file->version, "0.") &&
	    !text_starts(file->version, "1."))
		return node_err(node_get(doc, "cdiVersion"), err, EBADMSG,
				"cdiVersion '%s' is not known", file->version);
	if (!cdi_is_kind(file->kind))
		return node_err(node_get(doc, "kind"), err, EBADMSG,
				"kind '%s' is not VENDOR/CLASS", file->kind);
	if (!file->len)
		return node_err(doc, err, EBADMSG, "there are no devices");
	return cdi_check_devices(doc, file, err);
}

int
cdi_read(const struct node *doc, struct cdi_file *ret_file, struct err *err)
{
	struct cdi_file file = { .path = NULL };
	int r = decode_read(doc, file_fields, 0, &file, err);

	if (r == 0)
		r = cdi_check(doc, &file, err);
	if (r == 0)
		r = cdi_check_edits(node_get(doc, "containerEdits"),
				    &file.edits, err);
	if (r < 0) {
		cdi_file_release(&file);
		return r;
	}
	*ret_file = file;
	return 0;
}

void
cdi_file_release(struct cdi_file *file)
{
	decode_release(file_fields, file);
	free(file->path);
	*file = (struct cdi_file){ .path = NULL };
}
