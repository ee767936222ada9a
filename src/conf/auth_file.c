/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/auth_file.c - one file of credentials: config.json or auth.json.
 */
#include "conf/auth_file.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "conf/base64.h"

int
auth_file_parse(struct span text, const char *name, enum auth_file_kind kind,
		struct node **ret_root, struct err *err)
{
	cleanup_with(auth_file_free) struct node *root = NULL;
	int r;

	r = node_parse_json(text, name, &root, err);
	if (r < 0)
		return r;
	if (node_kind(root) != NODE_OBJ)
		return err_set(err, EBADMSG, "%s: not a JSON object", name);
	if (kind == AUTH_FILE_DOCKERCFG) {
		struct node *wrapped = node_new_obj();

		(void)node_set(wrapped, "auths", take_ptr(root));
		root = wrapped;
	}
	*ret_root = take_ptr(root);
	return 0;
}

/* The tree is ours and ends here, so its strings may be written to. */
static void
auth_file_wipe(const struct node *node)
{
	const char *text = node_str(node);

	if (text)
		explicit_bzero((char *)text, strlen(text));
	for (size_t i = 0; i < node_len(node); i++)
		auth_file_wipe(node_kind(node) == NODE_ARR
				       ? node_at(node, i)
				       : node_value_at(node, i));
}

void
auth_file_free(struct node *root)
{
	auth_file_wipe(root);
	node_free(root);
}

char *
auth_file_normal_key(const char *key)
{
	static const char *const hub[] = { "index.docker.io",
					   "registry-1.docker.io" };
	const char *rest =
		text_after(key, "https://") ?: text_after(key, "http://");
	struct span s = span_of(rest ?: key);

	if (rest)
		s.len = span_find(s, '/');
	while (s.len && s.ptr[s.len - 1] == '/')
		s.len--;
	if (s.len > 3 && s.ptr[s.len - 3] == '/' && s.ptr[s.len - 2] == 'v' &&
	    (s.ptr[s.len - 1] == '1' || s.ptr[s.len - 1] == '2'))
		s.len -= 3;
	for (size_t i = 0; i < ARRAY_LEN(hub); i++) {
		size_t len = strlen(hub[i]);

		if (span_starts(s, hub[i]) &&
		    (s.len == len || s.ptr[len] == '/'))
			return xasprintf("docker.io%.*s", (int)(s.len - len),
					 s.ptr + len);
	}
	return span_dup(s);
}

void
auth_file_candidates(const char *domain, const char *path,
		     struct strvec *ret_keys)
{
	cleanup_free char *key =
		path ? xasprintf("%s/%s", domain, path) : xstrdup(domain);
	size_t stop = strlen(domain);

	for (;;) {
		char *slash;

		strvec_add(ret_keys, key);
		slash = strrchr(key, '/');
		if (!slash || (size_t)(slash - key) < stop)
			return;
		*slash = '\0';
	}
}

/* The member of @obj whose key means @want. */
static const struct node *
auth_file_find(const struct node *obj, const char *want)
{
	const struct node *exact = node_get(obj, want);

	if (exact)
		return exact;
	for (size_t i = 0; i < node_len(obj); i++) {
		const char *key = node_key_at(obj, i);
		cleanup_free char *normal = NULL;

		if (!key)
			return NULL;
		normal = auth_file_normal_key(key);
		if (!strcmp(normal, want))
			return node_value_at(obj, i);
	}
	return NULL;
}

const char *
auth_file_helper(const struct node *root, const struct strvec *keys)
{
	const struct node *helpers = node_get(root, "credHelpers");
	const char *store = node_get_str(root, "credsStore");

	for (size_t i = 0; i < keys->len; i++) {
		const struct node *found = auth_file_find(helpers, keys->v[i]);

		/* An empty name takes the registry out of the store. */
		if (node_str(found))
			return *node_str(found) ? node_str(found) : NULL;
	}
	return store && *store ? store : NULL;
}

/* "auth": base64 of user:password. Docker pads old ones with NULs. */
static int
auth_file_decode(const char *auth, struct credential *cred)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	size_t len = strlen(auth);
	char *colon = NULL;
	int r;

	/* Room for all at once: no copy of the secret is left behind. */
	(void)strbuf_grow(&sb, len);
	r = base64_decode(&sb, span_new(auth, len));
	if (!r) {
		colon = memchr(sb.buf, ':', sb.len);
		r = colon && colon > sb.buf ? 0 : -EINVAL;
	}
	if (!r) {
		cred->username = xstrndup(sb.buf, (size_t)(colon - sb.buf));
		cred->password = xstrdup(colon + 1);
	}
	if (sb.len)
		explicit_bzero(sb.buf, sb.len);
	return r;
}

static char *
auth_file_text(const struct node *entry, const char *key)
{
	const char *text = node_get_str(entry, key);

	return text && *text ? xstrdup(text) : NULL;
}

static int
auth_file_entry(const struct node *entry, const char *key,
		struct credential *ret_cred, struct err *err)
{
	cleanup_credential struct credential cred = CREDENTIAL_INIT;
	const char *auth = node_get_str(entry, "auth");

	if (auth && *auth && auth_file_decode(auth, &cred) < 0)
		return err_set(err, EBADMSG,
			       "the 'auth' of '%s' is not base64 of "
			       "user:password",
			       key);
	if (!cred.username) {
		cred.username = auth_file_text(entry, "username");
		cred.password = auth_file_text(entry, "password");
	}
	cred.identity_token = auth_file_text(entry, "identitytoken");
	cred.registry_token = auth_file_text(entry, "registrytoken");
	if (!cred.identity_token && !cred.registry_token &&
	    (!cred.username || !cred.password))
		return 0;
	*ret_cred = cred;
	cred = (struct credential)CREDENTIAL_INIT;
	return 1;
}

int
auth_file_lookup(const struct node *root, const struct strvec *keys,
		 struct credential *ret_cred, struct err *err)
{
	const struct node *auths = node_get(root, "auths");

	for (size_t i = 0; i < keys->len; i++) {
		const struct node *entry = auth_file_find(auths, keys->v[i]);
		int r = 0;

		if (entry)
			r = auth_file_entry(entry, keys->v[i], ret_cred, err);
		if (r)
			return r;
	}
	return 0;
}
