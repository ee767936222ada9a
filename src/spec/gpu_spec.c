/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/gpu_spec.c - --gpus as a device request.
 */
#include "spec/gpu_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "spec/choice.h"
#include "spec/csv.h"

enum gpu_key {
	GPU_KEY_DRIVER,
	GPU_KEY_COUNT,
	GPU_KEY_DEVICE,
	GPU_KEY_CAPABILITIES,
	GPU_KEY_OPTIONS,
};

static const char *const gpu_keys[] = {
	"driver", "count", "device", "capabilities", "options", NULL,
};

static int
gpu_set_count(struct gpu_spec *spec, const char *value, struct err *err)
{
	int64_t count = GPU_SPEC_ALL;

	if (strcmp(value, "all") != 0 &&
	    units_parse_i64(value, -1, INT32_MAX, &count, NULL) < 0)
		return err_set(err, EINVAL,
			       "count '%s' is neither a number nor 'all'",
			       value);
	spec->count = (int)count;
	return 0;
}

static int
gpu_set_options(struct gpu_spec *spec, const char *value, struct err *err)
{
	strvec_split(&spec->options, value, ",");
	for (size_t i = 0; i < spec->options.len; i++)
		if (*spec->options.v[i] == '=' ||
		    !strchr(spec->options.v[i], '='))
			return err_set(err, EINVAL,
				       "option '%s' is not KEY=VALUE",
				       spec->options.v[i]);
	return 0;
}

static int
gpu_set(struct gpu_spec *spec, enum gpu_key key, const char *value,
	struct err *err)
{
	switch (key) {
	case GPU_KEY_DRIVER:
		spec->driver = xstrdup(value);
		return 0;
	case GPU_KEY_COUNT:
		return gpu_set_count(spec, value, err);
	case GPU_KEY_DEVICE:
		strvec_split(&spec->device_ids, value, ",");
		return 0;
	case GPU_KEY_CAPABILITIES:
		strvec_split(&spec->capabilities, value, ",");
		return 0;
	case GPU_KEY_OPTIONS:
		return gpu_set_options(spec, value, err);
	}
	return 0;
}

static int
gpu_read(struct gpu_spec *spec, struct strvec *fields, struct err *err)
{
	unsigned int seen = 0;

	for (size_t i = 0; i < fields->len; i++) {
		char *value = csv_cut_value(fields->v[i]);
		int at, r;

		/* "all" and "2" alone are the count. */
		at = value ? choice_find("key", fields->v[i], gpu_keys, err)
			   : GPU_KEY_COUNT;
		if (at < 0)
			return at;
		if (seen & (1U << at))
			return err_set(err, EINVAL, "'%s' is given twice",
				       gpu_keys[at]);
		seen |= 1U << at;
		value = value ?: fields->v[i];
		if (!*value)
			return err_set(err, EINVAL, "'%s' has no value",
				       gpu_keys[at]);
		r = gpu_set(spec, (enum gpu_key)at, value, err);
		if (r < 0)
			return r;
	}
	if (seen & (1U << GPU_KEY_COUNT) && seen & (1U << GPU_KEY_DEVICE))
		return err_set(err, EINVAL,
			       "'count' and 'device' exclude each other");
	if (!(seen & (1U << GPU_KEY_COUNT)))
		spec->count = spec->device_ids.len ? 0 : 1;
	if (!strvec_has(&spec->capabilities, "gpu"))
		strvec_add(&spec->capabilities, "gpu");
	return 0;
}

int
gpu_spec_parse(const char *text, struct gpu_spec *ret_spec, struct err *err)
{
	struct gpu_spec spec = GPU_SPEC_INIT;
	cleanup_strvec struct strvec fields = STRVEC_INIT;
	int r = csv_split(text, &fields, err);

	if (r >= 0 && !fields.len)
		r = err_set(err, EINVAL, "empty");
	if (r >= 0)
		r = gpu_read(&spec, &fields, err);
	if (r < 0) {
		gpu_spec_release(&spec);
		(void)err_wrap(err, r, "gpus '%s'", text);
		err_hint(err, "write all, a number, or \"device=0,1\"");
		return r;
	}
	*ret_spec = spec;
	return 0;
}

void
gpu_spec_release(struct gpu_spec *spec)
{
	free(spec->driver);
	strvec_release(&spec->device_ids);
	strvec_release(&spec->capabilities);
	strvec_release(&spec->options);
	*spec = (struct gpu_spec)GPU_SPEC_INIT;
}

struct node *
gpu_spec_to_node(const struct gpu_spec *spec)
{
	struct node *node = node_new_obj();
	struct node *sets, *options;

	node_set_str(node, "Driver", spec->driver ?: "");
	node_set_int(node, "Count", spec->count);
	node_set_strvec(node, "DeviceIDs", &spec->device_ids);
	sets = node_set(node, "Capabilities", node_new_arr());
	(void)node_push(sets, node_new_strvec(&spec->capabilities));
	options = node_need_obj(node, "Options");
	for (size_t i = 0; i < spec->options.len; i++) {
		cleanup_free char *key = xstrdup(spec->options.v[i]);

		node_set_str(options, key, csv_cut_value(key));
	}
	return node;
}
