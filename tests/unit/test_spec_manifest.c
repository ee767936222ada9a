/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/manifest.h"

#define HEX16 "0123456789abcdef"
#define DIGEST "sha256:" HEX16 HEX16 HEX16 HEX16
#define DESC(type) \
	"{\"mediaType\":\"" type "\",\"digest\":\"" DIGEST "\",\"size\":7}"
#define CONFIG "\"config\":" DESC(MEDIA_OCI_CONFIG)
#define LAYERS "\"layers\":[" DESC(MEDIA_OCI_LAYER_GZIP) "]"
#define MANIFESTS "\"manifests\":[" DESC(MEDIA_OCI_MANIFEST) "]"
#define TYPE(type) "\"mediaType\":\"" type "\","
#define V2 "{\"schemaVersion\":2,"

static const char good[] = V2 TYPE(MEDIA_OCI_MANIFEST) CONFIG "," LAYERS "}";

static int
parse(const char *text, const char *media_type, struct err *err)
{
	struct manifest manifest;
	int r = manifest_parse(span_of(text), media_type, &manifest, err);

	if (!r)
		manifest_release(&manifest);
	return r;
}

Test(spec_manifest, a_manifest_gives_its_parts)
{
	struct manifest manifest;

	cr_assert(eq(int, manifest_parse(span_of(good), NULL, &manifest, NULL),
		     0));
	cr_assert(eq(str, manifest.media_type, (char *)MEDIA_OCI_MANIFEST));
	cr_assert(eq(sz, manifest.layer_count, 1));
	cr_assert(eq(str, manifest.layers[0].media_type,
		     (char *)MEDIA_OCI_LAYER_GZIP));
	cr_assert(eq(str, manifest.config.digest.text, (char *)DIGEST));
	cr_assert(eq(i64, manifest.config.size_bytes, 7));
	manifest_release(&manifest);
}

Test(spec_manifest, it_is_written_as_it_was_read)
{
	static const char text[] = V2 TYPE(MEDIA_DOCKER_MANIFEST) CONFIG
		"," LAYERS ",\"annotations\":{\"a\":\"b\"}}";
	struct manifest manifest;
	struct strbuf sb = STRBUF_INIT;
	struct node *node;

	cr_assert(eq(int, manifest_parse(span_of(text), NULL, &manifest, NULL),
		     0));
	node = manifest_to_node(&manifest);
	node_write_json(&sb, node, NODE_COMPACT);
	cr_assert(eq(str, sb.buf, (char *)text));
	node_free(node);
	strbuf_release(&sb);
	manifest_release(&manifest);
}

Test(spec_manifest, CVE_2021_41190_one_document_has_one_kind)
{
	static const struct {
		const char *text, *media_type;
		int want;
	} cases[] = {
		{ good, NULL, 0 },
		{ good, MEDIA_OCI_MANIFEST, 0 },
		{ good, MEDIA_OCI_MANIFEST "; charset=utf-8", 0 },
		{ good, "application/json", 0 },
		{ good, "", 0 },
		{ good, MEDIA_DOCKER_MANIFEST, -EBADMSG },
		{ V2 TYPE("text/plain") CONFIG "," LAYERS "}", NULL, 0 },
		{ V2 TYPE("text/plain") CONFIG "," LAYERS "}",
		  "application/json", 0 },
		{ good, MEDIA_OCI_INDEX, -EBADMSG },
		{ good, MEDIA_DOCKER_LIST, -EBADMSG },
		{ good, "application/x-else", -EBADMSG },
		{ V2 CONFIG "," LAYERS "}", NULL, 0 },
		{ V2 CONFIG "," LAYERS "}", MEDIA_DOCKER_MANIFEST, 0 },
		{ V2 CONFIG "," LAYERS "}", MEDIA_DOCKER_LIST, -EBADMSG },
		{ V2 CONFIG "," LAYERS "," MANIFESTS "}", NULL, -EBADMSG },
		{ V2 LAYERS "," MANIFESTS "}", MEDIA_OCI_INDEX, -EBADMSG },
		{ V2 CONFIG "," MANIFESTS "}", NULL, -EBADMSG },
		{ V2 LAYERS ",\"manifests\":[]," CONFIG "}", NULL, -EBADMSG },
		{ V2 TYPE(MEDIA_OCI_INDEX) CONFIG "," LAYERS "}", NULL,
		  -EBADMSG },
		{ V2 TYPE(MEDIA_OCI_MANIFEST) MANIFESTS "}", NULL, -EBADMSG },
		{ V2 MANIFESTS "}", NULL, -EBADMSG },
		{ V2 CONFIG "," LAYERS ",\"layers\":[]}", NULL, -EBADMSG },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(eq(int,
			     parse(cases[i].text, cases[i].media_type, NULL),
			     cases[i].want),
			  "%zu: %s", i, cases[i].text);
}

Test(spec_manifest, an_artifact_is_no_image)
{
#define IMAGE(config, layer) \
	V2 "\"config\":" DESC(config) ",\"layers\":[" DESC(layer) "]}"
	static const struct {
		const char *text;
		int want;
	} cases[] = {
		{ good, 0 },
		{ IMAGE(MEDIA_DOCKER_CONFIG, MEDIA_DOCKER_LAYER_GZIP), 0 },
		{ IMAGE("application/octet-stream", MEDIA_DOCKER_LAYER), 0 },
		{ IMAGE(MEDIA_OCI_CONFIG, MEDIA_OCI_LAYER_ZSTD), 0 },
		{ IMAGE("application/vnd.oci.empty.v1+json", MEDIA_OCI_LAYER),
		  -EBADMSG },
		{ IMAGE(MEDIA_OCI_CONFIG, "application/vnd.in-toto+json"),
		  -EBADMSG },
		{ IMAGE(MEDIA_OCI_CONFIG, MEDIA_OCI_LAYER "+gzip+encrypted"),
		  -EBADMSG },
	};
#undef IMAGE

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct manifest manifest;

		cr_assert(eq(int,
			     manifest_parse(span_of(cases[i].text), NULL,
					    &manifest, NULL),
			     0));
		cr_expect(eq(int, manifest_check_image(&manifest, NULL),
			     cases[i].want),
			  "%zu: %s", i, cases[i].text);
		manifest_release(&manifest);
	}
}

Test(spec_manifest, kinds_are_told_apart)
{
	static const struct {
		const char *text, *media_type;
		int want;
	} cases[] = {
		{ good, NULL, 0 },
		{ V2 MANIFESTS "}", NULL, 1 },
		{ V2 MANIFESTS "}", MEDIA_DOCKER_LIST, 1 },
		{ V2 MANIFESTS "}", MEDIA_OCI_MANIFEST, -EBADMSG },
		{ V2 "\"x\":1}", NULL, -EBADMSG },
		{ "[]", NULL, -EBADMSG },
		{ "", NULL, -EBADMSG },
		{ "{", NULL, -EBADMSG },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(eq(int,
			     manifest_bytes_are_index(span_of(cases[i].text),
						      cases[i].media_type,
						      NULL),
			     cases[i].want),
			  "%zu", i);
}

Test(spec_manifest, schema_1_is_refused_by_name)
{
	static const char *const cases[][2] = {
		{ "{\"schemaVersion\":1,\"fsLayers\":[]}", NULL },
		{ "{\"schemaVersion\":1,\"fsLayers\":[]}",
		  "application/vnd.docker.distribution.manifest.v1+prettyjws" },
		{ "{\"fsLayers\":[]}", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(eq(int, parse(cases[i][0], cases[i][1], NULL),
			     -EOPNOTSUPP));
}

Test(spec_manifest, CVE_2024_3727_bad_descriptors_are_refused)
{
#define BAD(members) V2 "\"config\":{" members "}," LAYERS "}"
	static const char *const cases[] = {
		V2 LAYERS "}",
		V2 "\"config\":null," LAYERS "}",
		V2 "\"config\":[]," LAYERS "}",
		V2 CONFIG ",\"layers\":{}}",
		V2 CONFIG ",\"layers\":[1]}",
		V2 CONFIG ",\"layers\":[" DESC("") "]}",
		BAD("\"digest\":\"" DIGEST "\",\"size\":1"),
		BAD("\"mediaType\":\"x\",\"size\":1"),
		BAD("\"mediaType\":\"x\",\"digest\":\"" DIGEST "\""),
		BAD("\"mediaType\":1,\"digest\":\"" DIGEST "\",\"size\":1"),
		BAD("\"mediaType\":\"x\",\"digest\":\"" DIGEST
		    "\",\"size\":-1"),
		BAD("\"mediaType\":\"x\",\"digest\":\"" DIGEST
		    "\",\"size\":\"1\""),
		BAD("\"mediaType\":\"x\",\"digest\":\"" DIGEST
		    "\",\"size\":1e30"),
		BAD("\"mediaType\":\"x\",\"digest\":\"sha256:../../x\",\"size\":1"),
		BAD("\"mediaType\":\"x\",\"digest\":\"" DIGEST
		    "\",\"size\":1,\"urls\":[1]"),
		BAD("\"mediaType\":\"x\",\"digest\":\"" DIGEST
		    "\",\"size\":1,\"annotations\":{\"a\":1}"),
		BAD("\"mediaType\":\"x\",\"digest\":\"" DIGEST
		    "\",\"size\":1,\"platform\":\"linux\""),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = ERR_INIT;

		cr_expect(eq(int, parse(cases[i], NULL, &err), -EBADMSG), "%s",
			  cases[i]);
		cr_expect(eq(int, err.code, EBADMSG), "%s", cases[i]);
	}
}

Test(spec_manifest, layers_have_a_limit)
{
	struct strbuf sb = STRBUF_INIT;

	strbuf_addstr(&sb, V2 CONFIG ",\"layers\":[");
	for (int i = 0; i <= MANIFEST_MAX_LAYERS; i++)
		strbuf_addf(&sb, "%s%s", i ? "," : "", DESC(MEDIA_OCI_LAYER));
	strbuf_addstr(&sb, "]}");
	cr_assert(eq(int, parse(sb.buf, NULL, NULL), -EBADMSG));
	strbuf_release(&sb);
}

#define ENTRY(os, arch, more)                                            \
	"{\"mediaType\":\"" MEDIA_OCI_MANIFEST "\",\"digest\":\"" DIGEST \
	"\",\"size\":7,\"platform\":{\"os\":\"" os                       \
	"\",\"architecture\":\"" arch "\"" more "}}"

static int
select_from(const char *entries, const char *want, struct err *err)
{
	struct strbuf sb = STRBUF_INIT;
	struct image_index index;
	struct platform platform;
	int r;

	strbuf_addf(&sb, V2 "\"manifests\":[%s]}", entries);
	cr_assert(eq(int,
		     image_index_parse(span_of(sb.buf), NULL, &index, NULL),
		     0));
	cr_assert(eq(int, platform_parse(want, &platform, NULL), 0));
	r = image_index_select(&index, &platform, err);
	image_index_release(&index);
	strbuf_release(&sb);
	return r;
}

Test(spec_image_index, the_best_platform_is_selected)
{
	static const char entries[] =
		ENTRY("unknown", "unknown", "") "," ENTRY("linux", "386", "") "," ENTRY("linux", "arm", ",\"variant\":\"v6\"") "," ENTRY(
			"linux", "arm",
			",\"variant\":\"v7\"") "," ENTRY("linux", "amd64",
							 "") "," ENTRY("windows",
								       "amd64",
								       ",\"os.version\":\"10\"");
	static const struct {
		const char *want;
		int at;
	} cases[] = {
		{ "linux/amd64", 4 },       { "linux/arm/v7", 3 },
		{ "linux/arm/v6", 2 },      { "linux/arm/v8", 3 },
		{ "linux/386", 1 },         { "windows/amd64", 5 },
		{ "linux/s390x", -ENOENT },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect(eq(int, select_from(entries, cases[i].want, NULL),
			     cases[i].at),
			  "%s", cases[i].want);
}

Test(spec_image_index, a_missing_platform_tells_which_exist)
{
	struct err err = ERR_INIT;

	cr_assert(eq(
		int,
		select_from(ENTRY("linux", "amd64", "") "," ENTRY(
				    "linux", "arm64",
				    ",\"variant\":\"v8\"") "," ENTRY("unknown",
								     "unknown",
								     ""),
			    "linux/s390x", &err),
		-ENOENT));
	cr_assert(eq(str, err.text,
		     (char *)"image has no variant for linux/s390x"));
	cr_assert(eq(
		str, err.hint,
		(char *)"--platform takes one of: linux/amd64, linux/arm64/v8"));
}

Test(spec_image_index, an_entry_without_platform_is_the_last_resort)
{
	cr_assert(eq(int,
		     select_from(DESC(MEDIA_OCI_MANIFEST), "linux/amd64", NULL),
		     0));
	cr_assert(eq(int,
		     select_from(DESC(MEDIA_OCI_MANIFEST) "," ENTRY(
					 "linux", "amd64", ""),
				 "linux/amd64", NULL),
		     1));
}

Test(spec_image_index, an_empty_platform_is_none)
{
	cr_assert(eq(int,
		     select_from("{\"mediaType\":\"m\",\"digest\":\"" DIGEST
				 "\",\"size\":7,\"platform\":{}}",
				 "linux/amd64", NULL),
		     0));
}

Test(spec_image_index, an_index_is_no_manifest)
{
	struct image_index index;

	cr_assert(eq(int, image_index_parse(span_of(good), NULL, &index, NULL),
		     -EBADMSG));
}

Test(spec_image_index, it_is_written_as_it_was_read)
{
	static const char text[] = V2 TYPE(
		MEDIA_OCI_INDEX) "\"manifests\":["
				 "{\"mediaType\":\"m\",\"digest\":\"" DIGEST
				 "\",\"size\":1,"
				 "\"urls\":[\"https://x\"],\"annotations\":{\"k\":\"v\"},"
				 "\"platform\":{\"architecture\":\"arm\",\"os\":\"linux\","
				 "\"variant\":\"v7\"}}]}";
	struct image_index index;
	struct strbuf sb = STRBUF_INIT;
	struct node *node;

	cr_assert(eq(int, image_index_parse(span_of(text), NULL, &index, NULL),
		     0));
	node = image_index_to_node(&index);
	node_write_json(&sb, node, NODE_COMPACT);
	cr_assert(eq(str, sb.buf, (char *)text));
	node_free(node);
	strbuf_release(&sb);
	image_index_release(&index);
}
