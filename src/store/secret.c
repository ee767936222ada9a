/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store/secret.c - values that containers may be given: secrets/<name>.json.
 */
#include "store/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "base/units.h"
#include "conf/base64.h"
#include "spec/name_spec.h"

#define SECRET_DIR "secrets"
#define SECRET_SUFFIX ".json"
#define SECRET_FILE_MAX_BYTES (2U << 20)

void
secret_release(struct secret *secret)
{
	if (secret->value.buf)
		explicit_bzero(secret->value.buf, secret->value.len);
	strbuf_release(&secret->value);
	node_free(secret->doc);
	*secret = (struct secret)SECRET_INIT;
}

void
secret_vec_release(struct secret_vec *vec)
{
	for (size_t i = 0; i < vec->len; i++)
		secret_release(&vec->items[i]);
	free(vec->items);
	*vec = (struct secret_vec)SECRET_VEC_INIT;
}

static int
secret_absent(const char *ref, struct err *err)
{
	(void)err_set(err, ENOENT, "no such secret: '%s'", ref);
	err_hint(err, "'secret ls' lists them, 'secret create' makes one");
	return -ENOENT;
}

static char *
secret_path(const char *name)
{
	return xasprintf(SECRET_DIR "/%s" SECRET_SUFFIX, name);
}

/* @doc is owned by @ret_secret from the call on. */
static int
secret_from_doc(struct node *doc, struct secret *ret_secret, struct err *err)
{
	const struct node *spec = node_get(doc, "Spec");
	const char *value = node_get_str(doc, "Value");
	struct secret secret = {
		.doc = doc,
		.name = node_get_str(spec, "Name"),
		.id = node_get_str(doc, "ID"),
		.created = node_str_or(node_get(doc, "CreatedAt"), ""),
		.updated = node_str_or(node_get(doc, "UpdatedAt"), ""),
		.labels = node_get(spec, "Labels"),
		.value = STRBUF_INIT,
	};

	if (!secret.name || !secret.id || !value ||
	    base64_decode(&secret.value, span_of(value)) < 0) {
		secret_release(&secret);
		return err_set(err, EBADMSG,
			       "the record of a secret is damaged");
	}
	(void)node_del(doc, "Value");
	*ret_secret = secret;
	return 0;
}

static int
secret_open(struct store *store, const char *name, struct secret *ret_secret,
	    struct err *err)
{
	cleanup_free char *path = secret_path(name);
	struct node *doc;
	int r = name_spec_check("secret name", name, NULL);

	if (r == 0)
		r = node_read_json_file(store->dirfd, path,
					SECRET_FILE_MAX_BYTES, &doc, err);
	if (r == -ENOENT || r == -EINVAL) {
		err_reset(err);
		return secret_absent(name, err);
	}
	if (r == 0)
		r = secret_from_doc(doc, ret_secret, err);
	return r < 0 ? err_wrap(err, r, "secret '%s'", name) : 0;
}

static int
secret_compare(const void *a, const void *b)
{
	const struct secret *x = a, *y = b;

	return strcmp(x->name, y->name);
}

int
secret_list(struct store *store, struct secret_vec *ret_vec, struct err *err)
{
	cleanup_secret_vec struct secret_vec vec = SECRET_VEC_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	int r = store_list_json(store, SECRET_DIR, &names);

	if (r < 0)
		return err_code(err, -r, "list the secrets");
	for (size_t i = 0; i < names.len; i++) {
		struct secret secret = SECRET_INIT;

		r = secret_open(store, names.v[i], &secret, err);
		if (r == -ENOENT) { /* removed meanwhile */
			err_reset(err);
			continue;
		}
		if (r < 0)
			return r;
		array_push(vec.items, vec.len, vec.cap, secret);
	}
	if (vec.len)
		qsort(vec.items, vec.len, sizeof(*vec.items), secret_compare);
	*ret_vec = vec;
	vec = (struct secret_vec)SECRET_VEC_INIT;
	return 0;
}

int
secret_find(struct store *store, const char *ref, struct secret *ret_secret,
	    struct err *err)
{
	cleanup_secret_vec struct secret_vec vec = SECRET_VEC_INIT;
	struct secret *found = NULL;
	int r = secret_open(store, ref, ret_secret, err);

	if (r != -ENOENT)
		return r;
	err_reset(err);
	r = secret_list(store, &vec, err);
	if (r < 0)
		return r;
	for (size_t i = 0; *ref && i < vec.len; i++) {
		if (!text_starts(vec.items[i].id, ref))
			continue;
		if (found)
			return err_set(
				err, EEXIST,
				"'%s' is ambiguous: secrets '%s' and '%s' have ids that start so",
				ref, found->name, vec.items[i].name);
		found = &vec.items[i];
	}
	if (!found)
		return secret_absent(ref, err);
	*ret_secret = *found;
	*found = (struct secret)SECRET_INIT;
	return 0;
}

static struct node *
secret_doc(const char *name, struct span value, const struct node *labels,
	   const struct secret *old, char id[SECRET_ID_BYTES])
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT, now = STRBUF_INIT;
	struct node *doc = node_new_obj(), *spec;
	char random[SECRET_ID_BYTES + 1];

	text_random_hex(random, SECRET_ID_BYTES);
	(void)snprintf(id, SECRET_ID_BYTES, "%.*s", SECRET_ID_BYTES - 1,
		       old ? old->id : random);
	units_add_rfc3339(&now, units_now_ns());
	base64_encode(&text, value.ptr, value.len);
	node_set_str(doc, "ID", id);
	node_set_str(doc, "CreatedAt", old ? old->created : now.buf);
	node_set_str(doc, "UpdatedAt", now.buf);
	spec = node_need_obj(doc, "Spec");
	node_set_str(spec, "Name", name);
	node_set_str(node_need_obj(spec, "Driver"), "Name", "file");
	(void)node_need_obj(node_get(spec, "Driver"), "Options");
	node_set(spec, "Labels", labels ? node_clone(labels) : node_new_obj());
	node_set_str(doc, "Value", text.buf);
	explicit_bzero(text.buf, text.len);
	return doc;
}

static int
secret_write(struct store *store, const struct node *doc, const char *name,
	     bool replace, struct err *err)
{
	cleanup_close int pinfd = store_pin(store, err);
	cleanup_free char *path = secret_path(name), *tmp = NULL;
	char leaf[FSX_TMP_NAME_BYTES];
	int r;

	if (pinfd < 0)
		return pinfd;
	if (mkdirat(store->dirfd, SECRET_DIR, 0700) < 0 && errno != EEXIST)
		return err_sys(err, "make '" SECRET_DIR "'");
	if (replace)
		return node_write_json_file(store->dirfd, path, doc, 0600, 0,
					    err);
	fsx_tmp_name("secret", leaf);
	tmp = xasprintf("tmp/%s", leaf);
	r = node_write_json_file(store->dirfd, tmp, doc, 0600, 0, err);
	/* A link does not replace: the name is taken by one alone. */
	if (r == 0 && linkat(store->dirfd, tmp, store->dirfd, path, 0) < 0)
		r = errno == EEXIST
			    ? err_set(err, EEXIST,
				      "the secret name '%s' is in use", name)
			    : err_sys(err, "name secret '%s'", name);
	(void)unlinkat(store->dirfd, tmp, 0);
	return r;
}

int
secret_create(struct store *store, const char *name, struct span value,
	      const struct node *labels, bool replace,
	      char ret_id[SECRET_ID_BYTES], struct err *err)
{
	cleanup_secret struct secret old = SECRET_INIT;
	cleanup_node struct node *doc = NULL;
	int r = name_spec_check("secret name", name, err);

	if (r == 0 && (!value.len || value.len > SECRET_MAX_BYTES))
		r = err_set(err, EINVAL,
			    "a secret has 1 to %u bytes, this one %zu",
			    SECRET_MAX_BYTES, value.len);
	if (r == 0)
		r = store_lay_out(store, err);
	if (r < 0)
		return r;
	if (replace)
		replace = secret_open(store, name, &old, NULL) == 0;
	doc = secret_doc(name, value, labels, replace ? &old : NULL, ret_id);
	return secret_write(store, doc, name, replace, err);
}

int
secret_remove(struct store *store, const char *name, struct err *err)
{
	cleanup_free char *path = secret_path(name);

	if (unlinkat(store->dirfd, path, 0) == 0)
		return 0;
	return errno == ENOENT ? secret_absent(name, err)
			       : err_sys(err, "remove secret '%s'", name);
}
