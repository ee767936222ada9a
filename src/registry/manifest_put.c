/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/manifest_put.c - manifests on their way to the registry.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "registry/fetch.h"
#include "registry/registry_priv.h"
#include "registry/upload.h"

static struct fetch *
manifest_fetch(struct registry *reg, const char *name)
{
	struct fetch *fetch = fetch_new(
		reg, xasprintf("manifests/%s", name),
		xasprintf("%s '%s'", digest_is_valid(name) ? "manifest" : "tag",
			  name));

	fetch->endpoint = reg->endpoint_count - 1;
	fetch->max_body = HTTP_MAX_ERROR_BODY;
	return fetch;
}

int
registry_find_manifest(struct registry *reg, const char *tag,
		       struct digest *ret_digest, struct err *err)
{
	cleanup_with(fetch_free) struct fetch *fetch = manifest_fetch(reg, tag);
	const char *digest;
	int r;

	fetch->method = HTTP_HEAD;
	fetch->takes_no = true;
	fetch->accept = REGISTRY_ACCEPT;
	r = fetch_run(fetch, err);
	if (r < 0)
		return err_wrap(err, r, "'%s'", reg->name);
	if (fetch->request.status == 404)
		return err_set(err, ENOENT, "'%s' has no tag '%s'", reg->name,
			       tag);
	digest = http_header(&fetch->request, "Docker-Content-Digest", 0);
	if (!digest || digest_parse(digest, ret_digest, NULL) < 0)
		return err_set(err, EPROTO, "'%s' does not say what '%s' is",
			       reg->name, tag);
	return 0;
}

int
registry_put_manifest(struct registry *reg, const char *tag_or_digest,
		      const char *media_type, struct span bytes,
		      struct err *err)
{
	cleanup_with(fetch_free) struct fetch *fetch =
		manifest_fetch(reg, tag_or_digest);
	struct digest own = registry_hash(bytes);
	const char *digest;
	int r;

	fetch->method = HTTP_PUT;
	fetch->body = bytes;
	strvec_addf(&fetch->headers, "Content-Type: %s", media_type);
	r = fetch_run(fetch, err);
	if (r < 0)
		return err_wrap(err, r, "'%s'", reg->name);
	digest = http_header(&fetch->request, "Docker-Content-Digest", 0);
	if (digest && text_starts(digest, "sha256:") &&
	    strcmp(digest, own.text) != 0)
		return err_set(err, EBADMSG,
			       "'%s' took the manifest for '%.80s', and it is "
			       "'%s'",
			       reg->name, digest, own.text);
	return 0;
}
