/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/log_spec.c - --log-driver and --log-opt.
 */
#include "spec/log_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "spec/choice.h"
#include "spec/csv.h"
#include "spec/node_check.h"

#define LOG_MAX_FILES 1000

static const char *const log_drivers[] = {
	"json-file", "k8s-file",    "journald", "local",
	"none",      "passthrough", NULL,
};

_Static_assert(ARRAY_LEN(log_drivers) == LOG_DRIVER_COUNT + 1,
	       "every driver has its name");

enum log_key {
	LOG_KEY_COMPRESS,
	LOG_KEY_ENV,
	LOG_KEY_ENV_REGEX,
	LOG_KEY_LABELS,
	LOG_KEY_LABELS_REGEX,
	LOG_KEY_MAX_FILE,
	LOG_KEY_MAX_SIZE,
	LOG_KEY_PATH,
	LOG_KEY_TAG,
};

static const char *const log_keys[] = {
	"compress", "env",      "env-regex", "labels", "labels-regex",
	"max-file", "max-size", "path",      "tag",    NULL,
};

const char *
log_driver_name(enum log_driver driver)
{
	return log_drivers[driver];
}

static bool
log_driver_is_file(enum log_driver driver)
{
	return driver == LOG_DRIVER_JSON_FILE ||
	       driver == LOG_DRIVER_K8S_FILE || driver == LOG_DRIVER_LOCAL;
}

/* Does the driver know what to do with this key? */
static bool
log_driver_takes(enum log_driver driver, enum log_key key)
{
	if (driver == LOG_DRIVER_NONE || driver == LOG_DRIVER_PASSTHROUGH)
		return false;
	switch (key) {
	case LOG_KEY_COMPRESS:
	case LOG_KEY_MAX_FILE:
	case LOG_KEY_MAX_SIZE:
	case LOG_KEY_PATH:
		return log_driver_is_file(driver);
	default:
		return true;
	}
}

static int
log_set(struct log_spec *spec, enum log_key key, const char *value,
	struct err *err)
{
	uint64_t number = 0;
	int r = 0;

	switch (key) {
	case LOG_KEY_COMPRESS:
		return units_parse_bool(value, &spec->compress, err);
	case LOG_KEY_MAX_FILE:
		r = units_parse_u64(value, 1, LOG_MAX_FILES, &number, err);
		spec->max_files = r < 0 ? spec->max_files : (int)number;
		return r;
	case LOG_KEY_MAX_SIZE:
		return strcmp(value, "-1") != 0
			       ? units_parse_size(value, &spec->max_size_bytes,
						  err)
			       : (spec->max_size_bytes = 0, 0);
	case LOG_KEY_PATH:
		if (*value != '/')
			return err_set(err, EINVAL, "path '%s' is not absolute",
				       value);
		free(spec->path);
		spec->path = xstrdup(value);
		return 0;
	case LOG_KEY_TAG:
		free(spec->tag);
		spec->tag = xstrdup(value);
		return 0;
	default:
		return 0; /* kept in opts, read when a line is written */
	}
}

static int
log_apply(struct log_spec *spec, const char *opt, struct err *err)
{
	cleanup_free char *key = xstrdup(opt);
	char *value = csv_cut_value(key);
	int at = choice_find("log option", key, log_keys, err);
	int r;

	if (at < 0)
		return at;
	if (!value)
		return err_set(err, EINVAL, "log option '%s' has no value",
			       key);
	if (!log_driver_takes(spec->driver, (enum log_key)at))
		return err_set(err, EINVAL,
			       "log driver '%s' has no option '%s'",
			       log_driver_name(spec->driver), key);
	r = log_set(spec, (enum log_key)at, value, err);
	if (r < 0)
		return err_wrap(err, r, "log option '%s'", opt);
	strvec_env_set(&spec->opts, key, value);
	return 0;
}

int
log_spec_parse(const char *driver, const struct strvec *opts,
	       struct log_spec *ret_spec, struct err *err)
{
	struct log_spec spec = LOG_SPEC_INIT;
	int r = 0;
	int at = choice_find("log driver",
			     driver && *driver ? driver : log_drivers[0],
			     log_drivers, err);

	if (at < 0)
		return at;
	spec.driver = (enum log_driver)at;
	for (size_t i = 0; r >= 0 && opts && i < opts->len; i++)
		r = log_apply(&spec, opts->v[i], err);
	if (r >= 0 && spec.max_files > 1 && !spec.max_size_bytes &&
	    spec.driver != LOG_DRIVER_LOCAL) {
		r = err_set(err, EINVAL,
			    "log option 'max-file' needs 'max-size'");
		err_hint(err, "add --log-opt max-size=10m");
	}
	if (r < 0) {
		log_spec_release(&spec);
		return r;
	}
	*ret_spec = spec;
	return 0;
}

void
log_spec_release(struct log_spec *spec)
{
	free(spec->tag);
	free(spec->path);
	strvec_release(&spec->opts);
	*spec = (struct log_spec)LOG_SPEC_INIT;
}

struct node *
log_spec_to_node(const struct log_spec *spec)
{
	struct node *node = node_new_obj();
	struct node *config;

	node_set_str(node, "Type", log_driver_name(spec->driver));
	config = node_need_obj(node, "Config");
	for (size_t i = 0; i < spec->opts.len; i++) {
		cleanup_free char *key = xstrdup(spec->opts.v[i]);

		node_set_str(config, key, csv_cut_value(key));
	}
	return node;
}

int
log_spec_from_node(const struct node *node, struct log_spec *ret_spec,
		   struct err *err)
{
	cleanup_strvec struct strvec opts = STRVEC_INIT;
	const struct node *config = NULL;
	int r = node_check_str_obj(node, "Config", &config, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < node_len(config); i++)
		strvec_addf(&opts, "%s=%s", node_key_at(config, i),
			    node_str(node_value_at(config, i)));
	return log_spec_parse(node_get_str(node, "Type"), &opts, ret_spec, err);
}
