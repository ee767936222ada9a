/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/credentials.c - who the user is to a registry.
 */
#include "conf/credentials.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "conf/auth_file.h"
#include "conf/credential_helper.h"

/* How credential-helpers of registries.conf name the files. */
#define CREDENTIALS_FILES_HELPER "containers-auth.json"

struct credentials_query {
	const struct credentials_opts *opts;
	struct strvec keys;
	const char *server; /* as helpers know it */
	struct credential *cred;
};

static void
credential_wipe(char **text)
{
	if (*text)
		explicit_bzero(*text, strlen(*text));
	free(take_ptr(*text));
}

void
credential_release(struct credential *cred)
{
	credential_wipe(&cred->username);
	credential_wipe(&cred->password);
	credential_wipe(&cred->identity_token);
	credential_wipe(&cred->registry_token);
	free(take_ptr(cred->source));
	free(take_ptr(cred->skipped));
}

/* What cannot be used is remembered for the message of a refusal. */
static void
credentials_skip(struct credentials_query *query, const char *source,
		 const struct err *why)
{
	if (!query->cred->skipped)
		query->cred->skipped = xasprintf("%s: %s", source, why->text);
}

/* Ask one helper; its failure is passed over. */
static int
credentials_ask(struct credentials_query *query, const char *helper,
		const char *source)
{
	struct err why = ERR_INIT;
	int r = credential_helper_get(helper, query->server, query->cred, &why);

	if (r < 0) {
		credentials_skip(query, source, &why);
		return 0;
	}
	if (r > 0)
		query->cred->source = xasprintf("docker-credential-%s", helper);
	return r;
}

static int
credentials_in_text(struct credentials_query *query, struct span text,
		    const char *source, enum auth_file_kind kind,
		    struct err *err)
{
	cleanup_with(auth_file_free) struct node *root = NULL;
	struct credential found = CREDENTIAL_INIT;
	const char *helper;
	int r;

	/* An emptied file (podman's /dev/null included) holds nothing. */
	if (!span_trim(text).len)
		return 0;
	r = auth_file_parse(text, source, kind, &root, err);
	if (r < 0)
		return r;
	helper = auth_file_helper(root, &query->keys);
	if (helper && credentials_ask(query, helper, source) > 0)
		return 1;
	r = auth_file_lookup(root, &query->keys, &found, err);
	if (r < 0)
		return err_wrap(err, r, "%s", source);
	if (r > 0) {
		found.skipped = take_ptr(query->cred->skipped);
		found.source = xstrdup(source);
		*query->cred = found;
	}
	return r;
}

/* Absent: -ENOENT, which most callers take for "nothing there". */
static int
credentials_in_file(struct credentials_query *query, const char *path,
		    enum auth_file_kind kind, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct err why = ERR_INIT;
	int r;

	r = fsx_read_file(AT_FDCWD, path, CREDENTIALS_MAX_FILE_BYTES, &text,
			  &why);
	if (r == -ENOENT || r == -ENOTDIR)
		return err_set(err, ENOENT,
			       "credentials file '%s' does not "
			       "exist",
			       path);
	if (r < 0) {
		credentials_skip(query, path, &why);
		return 0;
	}
	r = credentials_in_text(query, span_new(text.buf, text.len), path, kind,
				err);
	if (text.len)
		explicit_bzero(text.buf, text.len);
	return r;
}

/* As above below a directory that may be unknown (NULL); absent is 0. */
static int
credentials_below(struct credentials_query *query, const char *dir,
		  const char *name, enum auth_file_kind kind, struct err *err)
{
	cleanup_free char *path = NULL;
	int r;

	if (!dir || !*dir)
		return 0;
	path = xasprintf("%s/%s", dir, name);
	r = credentials_in_file(query, path, kind, err);
	if (r == -ENOENT) {
		err_reset(err);
		return 0;
	}
	return r;
}

char *
credentials_home(void)
{
	const char *home = getenv("HOME");
	struct passwd pw, *found = NULL;
	char buf[4096];

	if (home && *home)
		return xstrdup(home);
	if (getpwuid_r(getuid(), &pw, buf, sizeof(buf), &found) || !found)
		return NULL;
	return xstrdup(found->pw_dir);
}

/* Docker's own file. */
static int
credentials_docker(struct credentials_query *query, const char *home,
		   struct err *err)
{
	const char *dir = query->opts->config_dir ?: getenv("DOCKER_CONFIG");
	cleanup_free char *fallback = NULL;

	if ((!dir || !*dir) && home)
		dir = fallback = xasprintf("%s/.docker", home);
	return credentials_below(query, dir, "config.json", AUTH_FILE_CONFIG,
				 err);
}

/* podman's files, and Docker's oldest. */
static int
credentials_podman(struct credentials_query *query, const char *home,
		   struct err *err)
{
	static const char name[] = "containers/auth.json";
	const char *run = getenv("XDG_RUNTIME_DIR");
	const char *config = getenv("XDG_CONFIG_HOME");
	cleanup_free char *own_run = NULL, *own_config = NULL;
	int r;

	if (run && *run) {
		r = credentials_below(query, run, name, AUTH_FILE_CONFIG, err);
	} else {
		own_run = xasprintf("/run/containers/%u", getuid());
		r = credentials_below(query, own_run, "auth.json",
				      AUTH_FILE_CONFIG, err);
	}
	if (r)
		return r;
	if ((!config || !*config) && home)
		config = own_config = xasprintf("%s/.config", home);
	r = credentials_below(query, config, name, AUTH_FILE_CONFIG, err);
	if (r)
		return r;
	return credentials_below(query, home, ".dockercfg", AUTH_FILE_DOCKERCFG,
				 err);
}

/* The variables and the usual files. */
static int
credentials_in_files(struct credentials_query *query, struct err *err)
{
	const char *text = getenv("DOCKER_AUTH_CONFIG");
	const char *file = getenv("REGISTRY_AUTH_FILE");
	cleanup_free char *home = NULL;
	int r;

	if (text && *text) {
		r = credentials_in_text(query, span_of(text),
					"DOCKER_AUTH_CONFIG", AUTH_FILE_CONFIG,
					err);
		if (r)
			return r;
	}
	if (file && *file) {
		r = credentials_in_file(query, file, AUTH_FILE_CONFIG, err);
		if (r != -ENOENT)
			return r;
		/* It comes into being with the first login. */
		err_reset(err);
		return 0;
	}
	home = credentials_home();
	r = credentials_docker(query, home, err);
	return r ? r : credentials_podman(query, home, err);
}

static int
credentials_search(struct credentials_query *query, struct err *err)
{
	const struct strvec *helpers = query->opts->helpers;
	int r = 0;

	if (query->opts->authfile)
		return credentials_in_file(query, query->opts->authfile,
					   AUTH_FILE_CONFIG, err);
	if (!helpers || !helpers->len)
		return credentials_in_files(query, err);
	for (size_t i = 0; i < helpers->len && !r; i++) {
		if (!strcmp(helpers->v[i], CREDENTIALS_FILES_HELPER))
			r = credentials_in_files(query, err);
		else
			r = credentials_ask(query, helpers->v[i],
					    "registries.conf");
	}
	return r;
}

int
credentials_find(const struct credentials_opts *opts, const char *domain,
		 const char *path, struct credential *ret_cred, struct err *err)
{
	static const struct credentials_opts none = { .authfile = NULL };
	cleanup_credential struct credential cred = CREDENTIAL_INIT;
	cleanup_free char *normal = auth_file_normal_key(domain);
	struct credentials_query query = {
		.opts = opts ? opts : &none,
		.server = strcmp(normal, "docker.io") ? domain
						      : AUTH_FILE_HUB_KEY,
		.cred = &cred,
	};
	int r;

	auth_file_candidates(normal, path, &query.keys);
	r = credentials_search(&query, err);
	strvec_release(&query.keys);
	if (r < 0)
		return r;
	*ret_cred = cred;
	cred = (struct credential)CREDENTIAL_INIT;
	return r;
}

int
credential_from_user_pass(const char *user_pass, struct credential *ret_cred,
			  struct err *err)
{
	size_t len = strcspn(user_pass, ":");

	if (!len)
		return err_set(
			err, EINVAL,
			"credentials without a user (use USER:PASSWORD)");
	*ret_cred = (struct credential){
		.username = xstrndup(user_pass, len),
		.password = xstrdup(user_pass[len] ? user_pass + len + 1 : ""),
		.source = xstrdup("--creds"),
	};
	return 0;
}
