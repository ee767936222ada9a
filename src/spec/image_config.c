/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/image_config.c - what an image says of itself: config, layers, history.
 *
 * Strings hold no NUL because the JSON parser refuses one.
 */
#include "spec/image_config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "spec/manifest.h"
#include "spec/node_check.h"

static int
image_config_read_layers(const struct node *doc, struct image_config *config,
			 struct err *err)
{
	cleanup_strvec struct strvec ids = STRVEC_INIT;
	const struct node *rootfs = NULL;
	int r;

	r = node_check_obj(doc, "rootfs", &rootfs, err);
	if (r >= 0)
		r = node_check_strvec(rootfs, "diff_ids", &ids, err);
	if (r < 0)
		return r;
	if (ids.len > MANIFEST_MAX_LAYERS)
		return err_set(err, EBADMSG, "image has more than %d layers",
			       MANIFEST_MAX_LAYERS);
	config->diff_ids = xcalloc(ids.len ?: 1, sizeof(*config->diff_ids));
	config->diff_id_count = ids.len;
	for (size_t i = 0; i < ids.len; i++) {
		if (digest_parse(ids.v[i], &config->diff_ids[i], err) >= 0)
			continue;
		if (err)
			err->code = EBADMSG;
		return err_wrap(err, -EBADMSG, "layer %zu", i);
	}
	return 0;
}

/* An array of strings, or (older writers) one string. */
static int
image_config_read_argv(const struct node *obj, const char *key,
		       struct strvec *argv, struct err *err)
{
	const char *str = node_get_str(obj, key);

	if (!str)
		return node_check_strvec(obj, key, argv, err);
	strvec_add(argv, str);
	return 0;
}

/* The keys of an object: paths and ports are written so. */
static int
image_config_read_keys(const struct node *obj, const char *key,
		       struct strvec *keys, struct err *err)
{
	const struct node *node = NULL;
	int r = node_check_obj(obj, key, &node, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < node_len(node); i++)
		strvec_add(keys, node_key_at(node, i));
	return 0;
}

static int
image_config_read_env(const struct node *obj, struct strvec *env,
		      struct err *err)
{
	cleanup_strvec struct strvec all = STRVEC_INIT;
	int r = node_check_strvec(obj, "Env", &all, err);

	/* A name without a value would be unset by Docker: it is left out. */
	for (size_t i = 0; i < all.len; i++)
		if (all.v[i][0] != '=' && strchr(all.v[i], '='))
			strvec_add(env, all.v[i]);
	return r;
}

static int
image_config_read_health(const struct node *obj, struct image_config *config,
			 struct err *err)
{
	cleanup_strvec struct strvec test = STRVEC_INIT;
	int r = node_check_obj(obj, "Healthcheck", &config->healthcheck, err);

	if (r >= 0)
		r = node_check_strvec(config->healthcheck, "Test", &test, err);
	return r < 0 ? err_wrap(err, r, "'Healthcheck'") : 0;
}

static int
image_config_read_strings(const struct node *obj, struct image_config *config,
			  struct err *err)
{
	const struct {
		const char *key;
		const char **to;
	} strings[] = {
		{ "User", &config->user },
		{ "WorkingDir", &config->working_dir },
		{ "StopSignal", &config->stop_signal },
	};

	for (size_t i = 0; i < ARRAY_LEN(strings); i++) {
		int r = node_check_str(obj, strings[i].key, strings[i].to, err);

		if (r < 0)
			return r;
	}
	config->user = config->user ?: "";
	config->working_dir = config->working_dir ?: "";
	if (config->stop_signal && !*config->stop_signal)
		config->stop_signal = NULL;
	return 0;
}

static int
image_config_check_counts(const struct image_config *config, struct err *err)
{
	const struct {
		const char *key;
		size_t count, max;
	} lists[] = {
		{ "Env", config->env.len, IMAGE_CONFIG_MAX_ENV },
		{ "Volumes", config->volumes.len, IMAGE_CONFIG_MAX_VOLUMES },
		{ "ExposedPorts", config->exposed_ports.len,
		  IMAGE_CONFIG_MAX_PORTS },
	};

	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (lists[i].count > lists[i].max)
			return err_set(err, EBADMSG,
				       "'%s' has %zu entries, more than %zu",
				       lists[i].key, lists[i].count,
				       lists[i].max);
	return 0;
}

static int
image_config_read_config(const struct node *obj, struct image_config *config,
			 struct err *err)
{
	int r = image_config_read_strings(obj, config, err);

	if (r >= 0)
		r = image_config_read_env(obj, &config->env, err);
	if (r >= 0)
		r = image_config_read_argv(obj, "Entrypoint",
					   &config->entrypoint, err);
	if (r >= 0)
		r = image_config_read_argv(obj, "Cmd", &config->cmd, err);
	if (r >= 0)
		r = image_config_read_keys(obj, "Volumes", &config->volumes,
					   err);
	if (r >= 0)
		r = image_config_read_keys(obj, "ExposedPorts",
					   &config->exposed_ports, err);
	if (r >= 0)
		r = node_check_str_obj(obj, "Labels", &config->labels, err);
	if (r >= 0)
		r = image_config_read_health(obj, config, err);
	return r < 0 ? r : image_config_check_counts(config, err);
}

static int
image_config_read(struct image_config *config, struct err *err)
{
	const struct node *doc = config->doc;
	const struct node *obj = NULL;
	int r;

	if (node_kind(doc) != NODE_OBJ)
		return err_set(err, EBADMSG,
			       "image config is not a JSON object");
	r = node_check_platform(doc, &config->platform, err);
	if (r >= 0 && !config->platform.os[0])
		(void)snprintf(config->platform.os, PLATFORM_PART_BYTES,
			       "linux");
	if (r >= 0)
		r = node_check_str(doc, "created", &config->created, err);
	if (r >= 0)
		r = image_config_read_layers(doc, config, err);
	if (r >= 0)
		r = node_check_obj(doc, "config", &obj, err);
	if (r >= 0)
		r = image_config_read_config(obj, config, err);
	return r < 0 ? err_wrap(err, r, "image config") : 0;
}

int
image_config_parse(struct span bytes, struct image_config *ret_config,
		   struct err *err)
{
	struct image_config config = { .doc = NULL };
	int r;

	if (bytes.len > IMAGE_CONFIG_MAX_BYTES)
		return err_set(err, EBADMSG,
			       "image config is larger than %u bytes",
			       IMAGE_CONFIG_MAX_BYTES);
	r = node_parse_json(bytes, "image config", &config.doc, err);
	if (r >= 0)
		r = image_config_read(&config, err);
	if (r < 0) {
		image_config_release(&config);
		return r;
	}
	*ret_config = config;
	return 0;
}

void
image_config_release(struct image_config *config)
{
	free(config->diff_ids);
	strvec_release(&config->env);
	strvec_release(&config->entrypoint);
	strvec_release(&config->cmd);
	strvec_release(&config->volumes);
	strvec_release(&config->exposed_ports);
	node_free(config->doc);
	*config = (struct image_config){ .doc = NULL };
}
