/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/descriptor.c - the pointer that manifests and indexes are made of.
 *
 * Spec: OCI image-spec, descriptor.md.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "spec/manifest.h"
#include "spec/node_check.h"

void
descriptor_release(struct descriptor *desc)
{
	free(desc->media_type);
	node_free(desc->annotations);
	strvec_release(&desc->urls);
	*desc = (struct descriptor){ .media_type = NULL };
}

/* The three members that every descriptor has. */
static int
descriptor_read_core(const struct node *node, struct descriptor *desc,
		     struct err *err)
{
	const struct node *size = node_get(node, "size");
	const char *media_type, *digest;
	int r;

	r = node_check_str(node, "mediaType", &media_type, err);
	if (r >= 0)
		r = node_check_str(node, "digest", &digest, err);
	if (r < 0)
		return r;
	if (!media_type || !*media_type)
		return err_set(err, EBADMSG, "descriptor has no mediaType");
	if (!digest)
		return err_set(err, EBADMSG, "descriptor has no digest");
	if (digest_parse(digest, &desc->digest, err) < 0) {
		if (err)
			err->code = EBADMSG;
		return -EBADMSG;
	}
	desc->size_bytes = node_int_or(size, -1);
	if (desc->size_bytes < 0)
		return err_set(err, EBADMSG,
			       "descriptor of '%s' has no valid size", digest);
	desc->media_type = xstrdup(media_type);
	return 0;
}

static int
descriptor_read(const struct node *node, struct descriptor *desc,
		struct err *err)
{
	const struct node *platform = node_get(node, "platform");
	const struct node *annotations;
	int r;

	if (node_kind(node) != NODE_OBJ)
		return err_set(err, EBADMSG,
			       "descriptor is %s instead of an object",
			       node_kind_name(node_kind(node)));
	r = descriptor_read_core(node, desc, err);
	if (r >= 0)
		r = node_check_strvec(node, "urls", &desc->urls, err);
	if (r >= 0)
		r = node_check_str_obj(node, "annotations", &annotations, err);
	if (r < 0)
		return r;
	if (annotations)
		desc->annotations = node_clone(annotations);
	if (node_kind(platform) == NODE_NULL)
		return 0;
	if (node_kind(platform) != NODE_OBJ)
		return err_set(err, EBADMSG, "platform is not an object");
	r = node_check_platform(platform, &desc->platform, err);
	desc->has_platform = desc->platform.os[0] || desc->platform.arch[0];
	return r;
}

int
descriptor_from_node(const struct node *node, struct descriptor *ret_desc,
		     struct err *err)
{
	struct descriptor desc = { .media_type = NULL };
	int r = descriptor_read(node, &desc, err);

	if (r < 0) {
		descriptor_release(&desc);
		return r;
	}
	*ret_desc = desc;
	return 0;
}

struct node *
descriptor_to_node(const struct descriptor *desc)
{
	struct node *node = node_new_obj();

	node_set_str(node, "mediaType", desc->media_type);
	node_set_str(node, "digest", desc->digest.text);
	node_set_int(node, "size", desc->size_bytes);
	if (desc->urls.len)
		node_set_strvec(node, "urls", &desc->urls);
	if (desc->annotations)
		(void)node_set(node, "annotations",
			       node_clone(desc->annotations));
	if (desc->has_platform) {
		struct node *platform = node_need_obj(node, "platform");

		node_set_str(platform, "architecture", desc->platform.arch);
		node_set_str(platform, "os", desc->platform.os);
		if (desc->platform.variant[0])
			node_set_str(platform, "variant",
				     desc->platform.variant);
	}
	return node;
}
