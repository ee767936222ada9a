/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/build_secret.c - values that the caller lends to a build.
 */
#include "build/build_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/text.h"
#include "conf/base64.h"

#define SECRET_MAX_BYTES (500U << 10)

static const struct build_secret *
find(const struct build_options *opts, const char *id)
{
	for (size_t i = opts->secret_count; i > 0; i--)
		if (!strcmp(opts->secrets[i - 1].id, id))
			return &opts->secrets[i - 1];
	return NULL;
}

static int
read_value(const struct build_secret *secret, struct strbuf *value,
	   struct err *err)
{
	const char *env = secret->env ? getenv(secret->env) : NULL;

	if (secret->env && !env)
		return err_set(err, ENOENT, "$%s is not set", secret->env);
	if (env) {
		strbuf_addstr(value, env);
		return 0;
	}
	return fsx_read_file(AT_FDCWD, secret->file ?: secret->id,
			     SECRET_MAX_BYTES, value, err);
}

int
build_secret_read(const struct build_options *opts, const char *id,
		  struct strbuf *value, struct err *err)
{
	const struct build_secret *secret = find(opts, id);
	int r = secret ? read_value(secret, value, err) : 0;

	if (r < 0)
		return err_wrap(err, r, "secret '%s'", id);
	return secret != NULL;
}

int
build_secret_require(const struct build_options *opts, const char *id,
		     struct err *err)
{
	if (find(opts, id))
		return 0;
	(void)err_set(err, ENOENT, "secret '%s' is required", id);
	err_hint(err, "give it with --secret id=%s,src=FILE", id);
	return -ENOENT;
}

const struct build_ssh *
build_ssh_find(const struct build_options *opts, const char *id)
{
	for (size_t i = opts->ssh_count; i > 0; i--)
		if (!strcmp(opts->ssh[i - 1].id, id))
			return &opts->ssh[i - 1];
	return NULL;
}

int
build_ssh_require(const struct build_options *opts, const char *id,
		  struct err *err)
{
	const struct build_ssh *ssh = build_ssh_find(opts, id);

	if (ssh && (ssh->paths.len || getenv("SSH_AUTH_SOCK")))
		return 0;
	(void)err_set(err, ENOENT, "the step needs the ssh agent '%s'", id);
	err_hint(err, "give it with --ssh %s", id);
	return -ENOENT;
}

/* How a secret becomes a header. */
enum auth_kind {
	AUTH_HEADER, /* it is one */
	AUTH_BEARER,
	AUTH_BASIC, /* of the user that forges take any token for */
};

static char *
header_of(enum auth_kind kind, struct strbuf *value)
{
	cleanup_strbuf struct strbuf pair = STRBUF_INIT;
	struct strbuf header = STRBUF_INIT;

	while (value->len && strchr("\r\n", value->buf[value->len - 1]))
		strbuf_truncate(value, value->len - 1);
	if (kind == AUTH_BEARER)
		strbuf_addstr(&header, "Bearer ");
	if (kind == AUTH_BASIC) {
		strbuf_addf(&pair, "x-access-token:%s", value->buf);
		strbuf_addstr(&header, "Basic ");
		base64_encode(&header, pair.buf, pair.len);
		explicit_bzero(pair.buf, pair.len);
	} else {
		strbuf_addstr(&header, value->buf);
	}
	return strbuf_take(&header);
}

/* Returns 1, 0 when there is no such secret. */
static int
try_name(const struct build_options *opts, const char *name,
	 enum auth_kind kind, char **ret_value, struct err *err)
{
	cleanup_strbuf struct strbuf value = STRBUF_INIT;
	int r = build_secret_read(opts, name, &value, err);

	if (r <= 0)
		return r;
	*ret_value = header_of(kind, &value);
	explicit_bzero(value.buf, value.len);
	if (!strpbrk(*ret_value, "\r\n"))
		return 1;
	free(take_ptr(*ret_value));
	return err_set(err, EINVAL, "secret '%s' has more than one line", name);
}

/* Both forms of what @prefix@host names. */
static int
try_host(const struct build_options *opts, bool is_git, const char *host,
	 char **ret_value, struct err *err)
{
	const char *what = is_git ? "GIT" : "HTTP";
	const char *dot = !*host ? "" : is_git ? "." : "_";
	cleanup_free char *header =
		xasprintf("%s_AUTH_HEADER%s%s", what, dot, host);
	cleanup_free char *token =
		xasprintf("%s_AUTH_TOKEN%s%s", what, dot, host);
	int r = try_name(opts, header, AUTH_HEADER, ret_value, err);

	return r ? r
		 : try_name(opts, token, is_git ? AUTH_BASIC : AUTH_BEARER,
			    ret_value, err);
}

int
build_secret_auth(const struct build_options *opts, const char *url,
		  bool is_git, char **ret_value, struct err *err)
{
	const char *at =
		text_after(url, "https://") ?: text_after(url, "http://");
	cleanup_free char *place = NULL;
	cleanup_free char *host = NULL;
	char *value = NULL;
	int r;

	*ret_value = NULL;
	if (!at || !opts->secret_count)
		return 0;
	place = xstrndup(at, strcspn(at, "/?#"));
	host = xstrndup(place, strcspn(place, ":"));
	r = try_host(opts, is_git, place, &value, err);
	if (r == 0 && strcmp(place, host) != 0)
		r = try_host(opts, is_git, host, &value, err);
	if (r == 0 && is_git)
		r = try_host(opts, is_git, "", &value, err);
	if (r > 0)
		*ret_value = value;
	return r < 0 ? r : 0;
}
