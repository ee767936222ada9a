/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_words.c - what --output, --secret, --ssh and --cache-* say.
 */
#include "cli/build_words.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/comp.h"
#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "spec/choice.h"
#include "spec/csv.h"
#include "spec/ref.h"

#define BUILD_SECRET_MAX_BYTES (500U << 10)

/* Options as "key=value" words; a word without '=' has the value NULL. */
struct build_words {
	struct strvec fields; /* cut at '=' */
	char **values;
};

static void
words_release(struct build_words *words)
{
	strvec_release(&words->fields);
	free(words->values);
}

static int
words_read(struct build_words *words, const char *text, struct err *err)
{
	int r;

	*words = (struct build_words){ .fields = STRVEC_INIT };
	r = csv_split(text, &words->fields, err);
	if (r < 0)
		return r;
	words->values = xcalloc(words->fields.len + 1, sizeof(char *));
	for (size_t i = 0; i < words->fields.len; i++)
		words->values[i] = csv_cut_value(words->fields.v[i]);
	return 0;
}

#define cleanup_words cleanup_release(words_release)

static int
set_bool(bool *slot, const char *key, const char *value, struct err *err)
{
	*slot = true;
	if (value && units_parse_bool(value, slot, err) < 0)
		return err_wrap(err, -EINVAL, "%s", key);
	return 0;
}

static void
set_text(char **slot, const char *value)
{
	free(*slot);
	*slot = value && *value ? xstrdup(value) : NULL;
}

static int
output_type(struct build_output *output, const char *value, struct err *err)
{
	static const char *const names[] = { "image",    "local",  "tar",
					     "oci",      "docker", "cacheonly",
					     "registry", NULL };
	int at = choice_find("output type", value, names, err);

	_Static_assert(BUILD_OUTPUT_KIND_COUNT == 6, "names are in order");
	if (at < 0)
		return at;
	output->push |= at == BUILD_OUTPUT_KIND_COUNT;
	output->kind = at == BUILD_OUTPUT_KIND_COUNT
			       ? BUILD_OUTPUT_IMAGE
			       : (enum build_output_kind)at;
	return 0;
}

static int
output_compression(struct build_output *output, const char *value,
		   struct err *err)
{
	static const char *const names[] = { "uncompressed", "gzip", "zstd",
					     NULL };
	int at = choice_find("compression", value, names, err);

	_Static_assert(COMP_COUNT == 3, "names are in order");
	if (at >= 0)
		output->format = at;
	return at < 0 ? at : 0;
}

static int
output_set(struct build_options *opts, struct build_output *output,
	   const char *key, const char *value, struct err *err)
{
	static const char *const keys[] = { "type",
					    "dest",
					    "name",
					    "push",
					    "tar",
					    "compression",
					    "rewrite-timestamp",
					    "oci-mediatypes",
					    NULL };
	bool oci = true, tar = true, clamps;
	int r, at = choice_find("option", key, keys, err);

	if (at < 0)
		return at;
	if (!value && at != 3 && at != 4 && at != 6 && at != 7)
		return err_set(err, EINVAL, "'%s' has no value", key);
	switch (at) {
	case 0:
		return output_type(output, value, err);
	case 1:
		set_text(&output->dest, value);
		return 0;
	case 2:
		set_text(&output->name, value);
		return 0;
	case 3:
		return set_bool(&output->push, key, value, err);
	case 4:
		r = set_bool(&tar, key, value, err);
		output->tar_off = !tar;
		return r;
	case 5:
		return output_compression(output, value, err);
	case 6: /* new layers always are */
		return set_bool(&clamps, key, value, err);
	default:
		r = set_bool(&oci, key, value, err);
		opts->docker_format = !oci;
		return r;
	}
}

/* Archives go to a file, or to a descriptor that is no terminal. */
static int
output_check(struct build_output *output, struct err *err)
{
	bool is_archive = output->kind == BUILD_OUTPUT_TAR ||
			  output->kind == BUILD_OUTPUT_OCI;

	if (output->kind == BUILD_OUTPUT_LOCAL && !output->dest)
		return err_set(err, EINVAL, "type=local needs 'dest'");
	if (output->kind == BUILD_OUTPUT_LOCAL && !strcmp(output->dest, "-"))
		return err_set(err, EINVAL,
			       "a directory cannot go to standard output");
	if (is_archive && !output->dest && !output->tar_off)
		output->dest = xstrdup("-");
	if (output->dest && !strcmp(output->dest, "-") && isatty(1)) {
		(void)err_set(err, EINVAL,
			      "an archive is not written to a terminal");
		err_hint(err, "say dest=FILE, or redirect standard output");
		return -EINVAL;
	}
	if (output->push && output->kind != BUILD_OUTPUT_IMAGE)
		return err_set(err, EINVAL, "push is for type=image");
	return 0;
}

int
build_words_output(struct build_options *opts, const char *text,
		   struct err *err)
{
	cleanup_words struct build_words words = { .values = NULL };
	struct build_output output = { .format = -1 };
	bool is_bare = !strchr(text, '=') && !strchr(text, ',');
	int r = 0;

	if (is_bare) {
		output.kind = strcmp(text, "-") ? BUILD_OUTPUT_LOCAL
						: BUILD_OUTPUT_TAR;
		output.dest = xstrdup(text);
	} else {
		r = words_read(&words, text, err);
	}
	for (size_t i = 0; r == 0 && i < words.fields.len; i++)
		r = output_set(opts, &output, words.fields.v[i],
			       words.values[i], err);
	if (r == 0)
		r = output_check(&output, err);
	if (r < 0) {
		free(output.dest);
		free(output.name);
		return r;
	}
	opts->outputs = xreallocarray(opts->outputs, opts->output_count + 1,
				      sizeof(*opts->outputs));
	opts->outputs[opts->output_count++] = output;
	return 0;
}

static int
secret_check_file(const struct build_secret *secret, struct err *err)
{
	struct stat st;

	if (stat(secret->file, &st) < 0)
		return err_sys(err, "secret '%s': open '%s'", secret->id,
			       secret->file);
	if (S_ISDIR(st.st_mode))
		return err_set(err, EISDIR, "secret '%s': '%s' is a directory",
			       secret->id, secret->file);
	if (st.st_size > BUILD_SECRET_MAX_BYTES)
		return err_set(err, EFBIG,
			       "secret '%s': '%s' has more than %u KiB",
			       secret->id, secret->file,
			       BUILD_SECRET_MAX_BYTES >> 10);
	return 0;
}

/* Where it comes from when only its id is known: a variable, or a file. */
static int
secret_finish(struct build_secret *secret, const char *type, struct err *err)
{
	bool is_env = type && !strcmp(type, "env");

	if (type && !is_env && strcmp(type, "file") != 0)
		return err_set(err, EINVAL,
			       "unknown type '%s', try env or file", type);
	if (!secret->id)
		return err_set(err, EINVAL, "'id' is missing");
	if (secret->file && secret->env)
		return err_set(err, EINVAL, "both 'src' and 'env' are there");
	if (is_env && secret->file)
		secret->env = take_ptr(secret->file);
	if (!secret->file && !secret->env) {
		if (is_env || (!type && getenv(secret->id)))
			secret->env = xstrdup(secret->id);
		else
			secret->file = xstrdup(secret->id);
	}
	if (secret->env && !getenv(secret->env))
		return err_set(err, ENOENT,
			       "secret '%s': the variable '%s' is not set",
			       secret->id, secret->env);
	return secret->file ? secret_check_file(secret, err) : 0;
}

static int
secret_read(const char *text, struct build_secret *secret, struct err *err)
{
	static const char *const keys[] = { "id",  "src",  "source",
					    "env", "type", NULL };
	cleanup_words struct build_words words = { .values = NULL };
	cleanup_free char *type = NULL;
	char **const slots[] = { &secret->id, &secret->file, &secret->file,
				 &secret->env, &type };
	int r = words_read(&words, text, err);

	for (size_t i = 0; r == 0 && i < words.fields.len; i++) {
		int at = choice_find("option", words.fields.v[i], keys, err);

		if (at < 0)
			return at;
		if (!words.values[i])
			return err_set(err, EINVAL, "'%s' has no value",
				       words.fields.v[i]);
		set_text(slots[at], words.values[i]);
	}
	return r < 0 ? r : secret_finish(secret, type, err);
}

int
build_words_secret(struct build_options *opts, const char *text,
		   struct err *err)
{
	struct build_secret secret = { .id = NULL };
	int r = secret_read(text, &secret, err);

	if (r < 0) {
		free(secret.id);
		free(secret.file);
		free(secret.env);
		return r;
	}
	opts->secrets = xreallocarray(opts->secrets, opts->secret_count + 1,
				      sizeof(*opts->secrets));
	opts->secrets[opts->secret_count++] = secret;
	return 0;
}

int
build_words_ssh(struct build_options *opts, const char *text, struct err *err)
{
	size_t len = strcspn(text, "=");
	struct build_ssh ssh = { .id = NULL };

	if (!len)
		return err_set(err, EINVAL, "the name is missing");
	if (text[len])
		strvec_split(&ssh.paths, text + len + 1, ",");
	if (!ssh.paths.len && !getenv("SSH_AUTH_SOCK")) {
		(void)err_set(err, ENOENT,
			      "there is no agent: SSH_AUTH_SOCK is not set");
		err_hint(err, "start ssh-agent, or name a key: --ssh %.*s=KEY",
			 (int)len, text);
		return -ENOENT;
	}
	ssh.id = xstrndup(text, len);
	opts->ssh = xreallocarray(opts->ssh, opts->ssh_count + 1,
				  sizeof(*opts->ssh));
	opts->ssh[opts->ssh_count++] = ssh;
	return 0;
}

static int
cache_type(struct build_cache_ref *ref, const char *value, struct err *err)
{
	static const char *const names[] = { "local", "registry", "inline",
					     NULL };
	static const char *const foreign[] = { "gha", "s3", "azblob" };
	int at;

	_Static_assert(BUILD_CACHE_KIND_COUNT == 3, "names are in order");
	for (size_t i = 0; i < ARRAY_LEN(foreign); i++)
		if (!strcmp(value, foreign[i]))
			return err_set(
				err, EOPNOTSUPP,
				"caches of type '%s' are not supported; there are registry and local",
				value);
	at = choice_find("cache type", value, names, err);
	if (at >= 0)
		ref->kind = (enum build_cache_kind)at;
	return at < 0 ? at : 0;
}

static int
cache_mode(struct build_cache_ref *ref, const char *value, struct err *err)
{
	static const char *const names[] = { "min", "max", NULL };
	int at = choice_find("mode", value, names, err);

	ref->max = at == 1;
	return at < 0 ? at : 0;
}

static int
cache_finish(struct build_cache_ref *ref, struct err *err)
{
	cleanup_ref struct ref name = REF_INIT;

	if (ref->kind == BUILD_CACHE_INLINE)
		return 0;
	if (!ref->where)
		return err_set(err, EINVAL,
			       ref->kind == BUILD_CACHE_LOCAL
				       ? "a local cache needs its directory"
				       : "a registry's cache needs 'ref'");
	return ref->kind == BUILD_CACHE_REGISTRY
		       ? ref_parse(ref->where, &name, err)
		       : 0;
}

/* @place: what the directory's key is, "src" or "dest". */
static int
cache_read(const char *text, const char *place, struct build_cache_ref *ref,
	   struct err *err)
{
	const char *const keys[] = { "type", "mode", "ref", place, NULL };
	cleanup_words struct build_words words = { .values = NULL };
	int r = words_read(&words, text, err);

	*ref = (struct build_cache_ref){ .kind = BUILD_CACHE_REGISTRY };
	if (r == 0 && words.fields.len == 1 && !words.values[0]) {
		ref->where = xstrdup(text);
		return cache_finish(ref, err);
	}
	for (size_t i = 0; r == 0 && i < words.fields.len; i++) {
		const char *value = words.values[i];
		int at = choice_find("option", words.fields.v[i], keys, err);

		if (at < 0)
			return at;
		if (!value)
			return err_set(err, EINVAL, "'%s' has no value",
				       words.fields.v[i]);
		if (at == 0)
			r = cache_type(ref, value, err);
		else if (at == 1)
			r = cache_mode(ref, value, err);
		else
			set_text(&ref->where, value);
	}
	return r < 0 ? r : cache_finish(ref, err);
}

static int
cache_add(struct build_cache_ref **list, size_t *count, const char *text,
	  const char *place, struct err *err)
{
	struct build_cache_ref ref;
	int r = cache_read(text, place, &ref, err);

	if (r < 0) {
		free(ref.where);
		return r;
	}
	*list = xreallocarray(*list, *count + 1, sizeof(**list));
	(*list)[(*count)++] = ref;
	return 0;
}

int
build_words_cache_from(struct build_options *opts, const char *text,
		       struct err *err)
{
	return cache_add(&opts->cache_from, &opts->cache_from_count, text,
			 "src", err);
}

int
build_words_cache_to(struct build_options *opts, const char *text,
		     struct err *err)
{
	return cache_add(&opts->cache_to, &opts->cache_to_count, text, "dest",
			 err);
}
