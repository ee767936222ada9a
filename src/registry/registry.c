/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/registry.c - one repository on a registry: opening, manifests.
 */
#include "registry/registry.h"

#include <errno.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "registry/fetch.h"
#include "registry/registry_priv.h"
#include "spec/manifest.h"

static int
registry_open_endpoints(struct registry *reg,
			const struct registries_endpoints *places,
			struct err *err)
{
	/* The registry itself is the last; only mirrors come before it. */
	size_t first = reg->opts.push ? places->len - 1 : 0;

	reg->endpoints = xcalloc(places->len, sizeof(*reg->endpoints));
	for (size_t i = first; i < places->len; i++) {
		int r = endpoint_init(&reg->endpoints[reg->endpoint_count++],
				      &places->items[i], &reg->opts, err);

		if (r < 0)
			return err_wrap(err, r, "registry '%s'",
					places->items[i].domain);
	}
	return 0;
}

int
registry_open(const struct ref *ref, const struct registry_opts *opts,
	      struct registry **ret_reg, struct err *err)
{
	cleanup_with(registry_close) struct registry *reg =
		xcalloc(1, sizeof(*reg));
	cleanup_endpoints struct registries_endpoints places =
		REGISTRIES_ENDPOINTS_INIT;
	int r;

	reg->opts = *opts;
	reg->name = xasprintf("%s/%s", ref->domain, ref->path);
	ref_copy(&reg->ref, ref);
	r = registries_resolve(opts->registries, ref->domain, ref->path,
			       ref->digest.text[0] != '\0', &places, err);
	if (!r)
		r = registry_open_endpoints(reg, &places, err);
	if (r < 0)
		return r;
	reg->http = http_new(opts->tick, opts->data);
	*ret_reg = take_ptr(reg);
	return 0;
}

int
registry_check_login(const char *domain, const struct registry_opts *opts,
		     struct err *err)
{
	cleanup_with(registry_close) struct registry *reg = NULL;
	cleanup_with(fetch_free) struct fetch *fetch = NULL;
	cleanup_ref struct ref ref = {
		.domain = xstrdup(domain),
		.path = xstrdup("login"), /* any: it is not asked for */
	};
	struct registry_opts direct = *opts;
	int r;

	direct.push = true; /* itself, no mirror */
	direct.whole = true;
	r = registry_open(&ref, &direct, &reg, err);
	if (r < 0)
		return r;
	fetch = fetch_new(reg, xstrdup(""), xstrdup("login"));
	fetch->at = xstrdup("/v2/");
	fetch->max_body = HTTP_MAX_ERROR_BODY;
	r = fetch_run(fetch, err);
	/* The fetch ends before the registry it belongs to. */
	fetch_free(take_ptr(fetch));
	return r;
}

void
registry_close(struct registry *reg)
{
	if (!reg)
		return;
	for (size_t i = 0; i < reg->endpoint_count; i++)
		endpoint_release(&reg->endpoints[i]);
	free(reg->endpoints);
	http_free(reg->http);
	ref_release(&reg->ref);
	free(reg->name);
	free(reg);
}

void
registry_manifest_release(struct registry_manifest *manifest)
{
	strbuf_release(&manifest->bytes);
	free(take_ptr(manifest->media_type));
}

struct digest
registry_hash(struct span bytes)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	char hex[DIGEST_HEX_LEN + 1];
	unsigned int len = 0;

	if (EVP_Digest(bytes.ptr, bytes.len, sum, &len, EVP_sha256(), NULL) !=
		    1 ||
	    len != DIGEST_HEX_LEN / 2)
		return (struct digest){ .text = "" };
	for (unsigned int i = 0; i < len; i++) {
		hex[2 * i] = digits[sum[i] >> 4];
		hex[2 * i + 1] = digits[sum[i] & 15];
	}
	hex[DIGEST_HEX_LEN] = '\0';
	return digest_of_hex(hex);
}

/* The type without its parameters; NULL for those that tell nothing. */
static char *
registry_media_type(const char *value)
{
	static const char *const vague[] = { "application/json",
					     "application/octet-stream",
					     "text/plain" };
	char *type;

	if (!value)
		return NULL;
	type = span_dup(span_trim(span_new(value, strcspn(value, ";"))));
	for (size_t i = 0; i < ARRAY_LEN(vague); i++)
		if (!strcmp(type, vague[i]))
			free(take_ptr(type));
	return type;
}

/* Is the answer what was asked for, byte for byte? */
static int
registry_check_manifest(const struct fetch *fetch, const char *wanted,
			struct registry_manifest *manifest, struct err *err)
{
	const char *claim =
		http_header(&fetch->request, "Docker-Content-Digest", 0);

	manifest->digest = registry_hash(
		span_new(manifest->bytes.buf, manifest->bytes.len));
	if (!manifest->digest.text[0])
		return err_set(err, EOPNOTSUPP, "libcrypto has no SHA-256");
	if (digest_is_valid(wanted) &&
	    strcmp(wanted, manifest->digest.text) != 0)
		return err_set(err, EBADMSG,
			       "wrong digest: '%s' was asked for, '%s' came",
			       wanted, manifest->digest.text);
	if (claim && text_starts(claim, "sha256:") &&
	    strcmp(claim, manifest->digest.text) != 0)
		return err_set(err, EBADMSG,
			       "wrong digest: the registry says '%.80s', the "
			       "bytes are '%s'",
			       claim, manifest->digest.text);
	if (manifest->media_type &&
	    text_starts(manifest->media_type,
			"application/vnd.docker.distribution.manifest.v1")) {
		err_set(err, EOPNOTSUPP,
			"the image has a schema 1 manifest, which nobody "
			"uses any more");
		err_hint(err, "have it pushed again with a newer tool");
		return -EOPNOTSUPP;
	}
	return 0;
}

/* Get it from the endpoint @at or one after it. */
static int
registry_try_manifest(struct registry *reg, size_t *io_at, const char *wanted,
		      struct registry_manifest *ret_manifest, struct err *err)
{
	bool by_digest = digest_is_valid(wanted);
	cleanup_with(fetch_free) struct fetch *fetch = fetch_new(
		reg, xasprintf("manifests/%s", wanted),
		xasprintf("%s '%s'", by_digest ? "manifest" : "tag", wanted));
	cleanup_registry_manifest struct registry_manifest manifest =
		REGISTRY_MANIFEST_INIT;
	int r;

	fetch->endpoint = *io_at;
	fetch->accept = REGISTRY_ACCEPT;
	fetch->max_body = MANIFEST_MAX_BYTES;
	r = fetch_run(fetch, err);
	*io_at = fetch->endpoint;
	if (r < 0)
		return r;
	strbuf_add(&manifest.bytes, fetch->request.body.buf,
		   fetch->request.body.len);
	manifest.media_type = registry_media_type(
		http_header(&fetch->request, "Content-Type", 0));
	r = registry_check_manifest(fetch, wanted, &manifest, err);
	if (r < 0)
		return r;
	reg->current = fetch->endpoint;
	*ret_manifest = manifest;
	manifest = (struct registry_manifest)REGISTRY_MANIFEST_INIT;
	return 0;
}

static bool
registry_is_tag(const char *text)
{
	size_t len = strlen(text);

	if (!len || len > REF_MAX_TAG || text[0] == '.' || text[0] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!text_is_alnum(text[i]) && !strchr("._-", text[i]))
			return false;
	return true;
}

int
registry_get_manifest(struct registry *reg, const char *tag_or_digest,
		      struct registry_manifest *ret_manifest, struct err *err)
{
	const char *wanted = tag_or_digest;
	size_t at = tag_or_digest ? reg->current : 0;
	int r;

	if (!wanted)
		wanted = reg->ref.digest.text[0] ? reg->ref.digest.text
						 : reg->ref.tag;
	if (!digest_is_valid(wanted) && !registry_is_tag(wanted))
		return err_set(err, EINVAL, "'%s' is no tag and no digest",
			       wanted);
	for (;; at++) {
		r = registry_try_manifest(reg, &at, wanted, ret_manifest, err);
		/* A mirror with wrong bytes must not stand in the way. */
		if (r != -EBADMSG || at + 1 >= reg->endpoint_count)
			break;
		if (reg->opts.note && err)
			reg->opts.note(reg->opts.data, err->text);
		err_reset(err);
	}
	return r < 0 ? err_wrap(err, r, "'%s'", reg->name) : 0;
}
