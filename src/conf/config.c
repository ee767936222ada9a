/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/config.c - config.yaml: the user's, and the site's in /etc/dhow.
 */
#include "conf/config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "data/decode.h"

static const struct field config_fields[] = {
	FIELD_STRVEC(struct config, additional_stores, "additional-stores", 0),
	FIELD_STRVEC(struct config, additional_stores, "additional_stores", 0),
	FIELD_STRVEC(struct config, enforce, "enforce", 0),
	FIELD_BOOL(struct config, host_loopback, "host-loopback", 0),
	FIELD_INT(struct config, parallel_downloads, "parallel-downloads", 0),
	FIELD_STR(struct config, platform, "platform", 0),
	FIELD_STR(struct config, publish_address, "publish-address", 0),
	FIELD_NODE(struct config, registries, "registries", 0),
	FIELD_STR(struct config, storage_driver, "storage-driver", 0),
	FIELD_END,
};

void
config_release(struct config *config)
{
	decode_release(config_fields, config);
}

/* "publish_address" is "publish-address". */
static void
config_dash_keys(struct node *doc)
{
	for (size_t i = 0; i < node_len(doc); i++) {
		cleanup_free char *old = xstrdup(node_key_at(doc, i) ?: "");
		cleanup_free char *key = xstrdup(old);

		if (!strchr(key, '_'))
			continue;
		for (char *c = key; *c; c++)
			if (*c == '_')
				*c = '-';
		if (node_get(doc, key))
			continue; /* both: the odd one is told */
		node_set(doc, key, node_clone(node_get(doc, old)));
		(void)node_del(doc, old);
		i--; /* the next one moved here */
	}
}

/* Returns 0 with NULL when there is no such file, or an empty one. */
static int
config_read(const char *dir, struct node **ret_doc, struct err *err)
{
	cleanup_free char *path = xasprintf("%s/" CONFIG_FILE, dir);
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_node struct node *doc = NULL;
	int r;

	r = fsx_read_file(AT_FDCWD, path, CONFIG_MAX_BYTES, &text, err);
	if (r == -ENOENT || r == -ENOTDIR) {
		err_reset(err);
		*ret_doc = NULL;
		return 0;
	}
	if (r == 0)
		r = node_parse_yaml(span_new(text.buf, text.len), path, &doc,
				    err);
	if (r < 0)
		return r;
	if (node_kind(doc) == NODE_OBJ)
		config_dash_keys(doc);
	*ret_doc = node_kind(doc) == NODE_NULL ? NULL : take_ptr(doc);
	return 0;
}

static bool
config_is_enforced(const struct node *site, const char *key)
{
	const struct node *keys = node_get(site, "enforce");

	for (size_t i = 0; i < node_len(keys); i++)
		if (!strcmp(node_str_or(node_at(keys, i), ""), key))
			return true;
	return false;
}

/* Put into @doc what its own registries do not say. */
static void
config_merge_registries(struct node *doc, const struct node *site)
{
	struct node *own = node_get(doc, "registries");
	const struct node *more = node_get(site, "registries");

	for (size_t i = 0; own && i < node_len(more); i++)
		if (!node_get(own, node_key_at(more, i)))
			node_set(own, node_key_at(more, i),
				 node_clone(node_value_at(more, i)));
}

/* The site's values where the user has none or may not have any. */
static void
config_merge(struct node *doc, const struct node *site)
{
	if (!config_is_enforced(site, "registries"))
		config_merge_registries(doc, site);
	for (size_t i = 0; i < node_len(site); i++) {
		const char *key = node_key_at(site, i);

		if (!node_get(doc, key) || config_is_enforced(site, key))
			node_set(doc, key, node_clone(node_value_at(site, i)));
	}
}

static int
config_check_address(const struct node *doc, const struct config *config,
		     struct err *err)
{
	struct in6_addr addr;

	if (!config->publish_address ||
	    inet_pton(AF_INET, config->publish_address, &addr) == 1 ||
	    inet_pton(AF_INET6, config->publish_address, &addr) == 1)
		return 0;
	return node_err(node_get(doc, "publish-address"), err, EBADMSG,
			"publish-address must be an IP address");
}

static int
config_check(const struct node *doc, const struct config *config,
	     struct err *err)
{
	const struct node *node = node_get(doc, "parallel-downloads");
	const char *file;
	int line;
	int col;

	if (!node || (config->parallel_downloads >= 1 &&
		      config->parallel_downloads <= CONFIG_MAX_PARALLEL))
		return config_check_address(doc, config, err);
	node_position(node, &file, &line, &col);
	return err_set(err, EBADMSG,
		       "%s:%d:%d: parallel-downloads must be 1 to %d", file,
		       line, col, CONFIG_MAX_PARALLEL);
}

static int
config_decode(const struct node *doc, struct config *config, struct err *err)
{
	int r;

	config->host_loopback = true;
	r = decode_read(doc, config_fields, DECODE_STRICT, config, err);
	return r < 0 ? r : config_check(doc, config, err);
}

int
config_load(const char *user_dir, const char *site_dir,
	    struct config *ret_config, struct err *err)
{
	cleanup_config struct config config = CONFIG_INIT;
	cleanup_node struct node *user = NULL;
	cleanup_node struct node *site = NULL;
	int r;

	r = config_read(user_dir, &user, err);
	if (r == 0)
		r = config_read(site_dir, &site, err);
	/* Each file by itself: a key is told where it stands. */
	if (r == 0 && site)
		r = config_decode(site, &config, err);
	if (r == 0 && user) {
		config_release(&config);
		r = config_decode(user, &config, err);
	}
	if (r == 0 && user && config.enforce.len)
		r = err_set(err, EBADMSG,
			    "%s/" CONFIG_FILE
			    ": enforce is for the site's file",
			    user_dir);
	if (r == 0 && user && site) {
		config_merge(user, site);
		config_release(&config);
		r = config_decode(user, &config, err);
	}
	if (r < 0)
		return r;
	*ret_config = config;
	config = (struct config)CONFIG_INIT;
	return 0;
}
