/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/auth_store.c - keeping credentials: what login writes, logout erases.
 */
#include "conf/auth_store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/text.h"
#include "conf/auth_file.h"
#include "conf/base64.h"
#include "conf/credential_helper.h"

/* The file, open for a change that nobody else makes at the same time. */
struct auth_store {
	char *path;        /* as it is known */
	const char *name;  /* in its directory; borrowed from .real */
	char *real;        /* where the path leads */
	int dirfd;         /* locked */
	struct node *root; /* an object */
};

static void
auth_store_release(struct auth_store *store)
{
	if (store->dirfd >= 0)
		(void)close(store->dirfd);
	auth_file_free(store->root);
	free(store->path);
	free(store->real);
}

static char *
auth_store_path(const struct credentials_opts *opts)
{
	const char *file = opts->authfile ?: getenv("REGISTRY_AUTH_FILE");
	const char *dir = opts->config_dir ?: getenv("DOCKER_CONFIG");
	cleanup_free char *home = NULL;

	if (file && *file)
		return xstrdup(file);
	if (dir && *dir)
		return xasprintf("%s/config.json", dir);
	home = credentials_home();
	return home ? xasprintf("%s/.docker/config.json", home) : NULL;
}

/* A dangling link is written where it leads, too: some keep dotfiles so. */
static char *
auth_store_real(const char *path)
{
	char target[PATH_MAX];
	char *real = realpath(path, NULL);
	ssize_t n;

	if (real)
		return real;
	n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0)
		return xstrdup(path);
	target[n] = '\0';
	if (target[0] == '/')
		return xstrdup(target);
	return xasprintf("%.*s%s", (int)(strrchr(path, '/') - path + 1), path,
			 target);
}

static int
auth_store_read(struct auth_store *store, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	int r = fsx_read_file(store->dirfd, store->name,
			      CREDENTIALS_MAX_FILE_BYTES, &text, err);

	if (r == -ENOENT ||
	    (r == 0 && !span_trim(span_new(text.buf, text.len)).len)) {
		err_reset(err);
		store->root = node_new_obj();
		return 0;
	}
	if (r == 0)
		r = auth_file_parse(span_new(text.buf, text.len), store->path,
				    AUTH_FILE_CONFIG, &store->root, err);
	if (text.len)
		explicit_bzero(text.buf, text.len);
	return r;
}

static int
auth_store_open(struct auth_store *store, const struct credentials_opts *opts,
		struct err *err)
{
	cleanup_free char *dir = NULL;
	char *slash;

	*store = (struct auth_store){ .dirfd = -EBADF };
	store->path = auth_store_path(opts);
	if (!store->path)
		return err_set(err, ENOENT, "there is no home directory");
	if (!strchr(store->path, '/')) {
		char *path = xasprintf("./%s", store->path);

		free(store->path);
		store->path = path;
	}
	store->real = auth_store_real(store->path);
	slash = strrchr(store->real, '/');
	dir = xstrndup(store->real, (size_t)(slash - store->real + 1));
	store->name = slash + 1;
	store->dirfd = fsx_opendir_p(AT_FDCWD, dir, 0700, err);
	if (store->dirfd < 0)
		return store->dirfd;
	if (flock(store->dirfd, LOCK_EX) < 0)
		return err_sys(err, "lock '%s'", dir);
	return auth_store_read(store, err);
}

static int
auth_store_write(struct auth_store *store, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	int r;

	node_write_json(&text, store->root, NODE_INDENT4);
	strbuf_addch(&text, '\n');
	r = fsx_write_atomic(store->dirfd, store->name, text.buf, text.len,
			     0600, 0, err);
	explicit_bzero(text.buf, text.len);
	return r < 0 ? err_wrap(err, r, "'%s'", store->path) : 0;
}

/* Remove every key of @obj that means @want. Returns how many. */
static int
drop_meant(struct node *obj, const char *want)
{
	int count = 0;

	for (size_t i = node_len(obj); i-- > 0;) {
		cleanup_free char *key = xstrdup(node_key_at(obj, i));
		cleanup_free char *normal = auth_file_normal_key(key);

		if (strcmp(normal, want) == 0)
			count += node_del(obj, key);
	}
	return count;
}

/* As docker names it: the hub by its old address. */
static const char *
stored_key(const char *normal)
{
	return strcmp(normal, "docker.io") ? normal : AUTH_FILE_HUB_KEY;
}

static struct node *
plain_entry(const struct credential *cred)
{
	cleanup_strbuf struct strbuf pair = STRBUF_INIT;
	cleanup_strbuf struct strbuf encoded = STRBUF_INIT;
	struct node *entry = node_new_obj();

	strbuf_addf(&pair, "%s:%s", cred->username, cred->password);
	base64_encode(&encoded, pair.buf, pair.len);
	node_set_str(entry, "auth", encoded.buf);
	explicit_bzero(pair.buf, pair.len);
	explicit_bzero(encoded.buf, encoded.len);
	return entry;
}

int
auth_store_put(const struct credentials_opts *opts, const char *server,
	       const struct credential *cred, char **ret_place,
	       bool *ret_is_plain, struct err *err)
{
	cleanup_release(auth_store_release) struct auth_store store;
	cleanup_free char *normal = auth_file_normal_key(server);
	cleanup_strvec struct strvec keys = STRVEC_INIT;
	const char *helper;
	struct node *auths;
	int r = auth_store_open(&store, opts, err);

	if (r < 0)
		return r;
	strvec_add(&keys, normal);
	helper = auth_file_helper(store.root, &keys);
	if (helper) {
		r = credential_helper_store(helper, stored_key(normal), cred,
					    err);
		if (r < 0)
			return r;
	}
	auths = node_need_obj(store.root, "auths");
	(void)drop_meant(auths, normal);
	node_set(auths, stored_key(normal),
		 helper ? node_new_obj() : plain_entry(cred));
	*ret_is_plain = !helper;
	*ret_place = helper ? xasprintf("docker-credential-%s", helper)
			    : xstrdup(store.path);
	r = auth_store_write(&store, err);
	if (r < 0)
		free(take_ptr(*ret_place));
	return r;
}

int
auth_store_erase(const struct credentials_opts *opts, const char *server,
		 struct err *err)
{
	cleanup_release(auth_store_release) struct auth_store store;
	cleanup_free char *normal = auth_file_normal_key(server);
	cleanup_strvec struct strvec keys = STRVEC_INIT;
	const char *helper;
	int count;
	int r = auth_store_open(&store, opts, err);

	if (r < 0)
		return r;
	strvec_add(&keys, normal);
	helper = auth_file_helper(store.root, &keys);
	if (helper) {
		r = credential_helper_erase(helper, stored_key(normal), err);
		if (r < 0)
			return r;
	}
	count = drop_meant(node_get(store.root, "auths"), normal);
	if (!count)
		return 0;
	r = auth_store_write(&store, err);
	return r < 0 ? r : 1;
}

int
auth_store_list(const struct credentials_opts *opts, struct strvec *ret_servers,
		struct err *err)
{
	cleanup_release(auth_store_release) struct auth_store store;
	const struct node *auths;
	int r = auth_store_open(&store, opts, err);

	if (r < 0)
		return r;
	auths = node_get(store.root, "auths");
	for (size_t i = 0; i < node_len(auths); i++)
		strvec_add_take(ret_servers,
				auth_file_normal_key(node_key_at(auths, i)));
	return 0;
}
