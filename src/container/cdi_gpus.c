/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/cdi_gpus.c - --gpus as names of described devices.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "container/cdi_edits.h"

static const char *
cdi_gpus_vendor(const struct gpu_spec *gpus)
{
	static const struct {
		const char *driver, *kind;
	} vendors[] = {
		{ "nvidia", "nvidia.com/gpu" },
		{ "amd", "amd.com/gpu" },
		{ "intel", "intel.com/gpu" },
	};

	for (size_t i = 0; i < ARRAY_LEN(vendors); i++)
		if (!strcmp(gpus->driver, vendors[i].driver))
			return vendors[i].kind;
	return NULL;
}

/* Without a driver: NVIDIA's, or whose GPUs are described. */
static const char *
cdi_gpus_any(const struct cdi *cdi)
{
	static const char nvidia[] = "nvidia.com/gpu";
	const char *other = NULL;

	for (size_t i = 0; i < cdi->len; i++) {
		if (!strcmp(cdi->files[i].kind, nvidia))
			return nvidia;
		if (text_ends(cdi->files[i].kind, "/gpu"))
			other = cdi->files[i].kind;
	}
	return other ?: nvidia;
}

/* The first @count of a kind that are one device: "all" is several. */
static int
cdi_gpus_count(const struct cdi *cdi, const char *kind, int count,
	       struct strvec *names, struct err *err)
{
	cleanup_strvec struct strvec all = STRVEC_INIT;
	int got = 0;

	cdi_list_names(cdi, &all);
	for (size_t i = 0; i < all.len && (count < 0 || got < count); i++) {
		const char *rest = text_after(all.v[i], kind);

		if (!rest || *rest != '=' || !strcmp(rest, "=all"))
			continue;
		strvec_add(names, all.v[i]);
		got++;
	}
	if (got && (count < 0 || got == count))
		return 0;
	if (!got) {
		cleanup_free char *name = xasprintf("%s=all", kind);
		const struct cdi_device *device;
		const struct cdi_file *file;

		return cdi_find(cdi, name, &file, &device, err);
	}
	return err_set(err, ENOENT, "%d GPUs were asked for, there %s %d",
		       count, got == 1 ? "is" : "are", got);
}

static int
cdi_gpus_check(const struct gpu_spec *gpus, struct err *err)
{
	static const char *const known[] = { "gpu",      "compute", "compat32",
					     "graphics", "utility", "video",
					     "display",  "ngx" };

	if (gpus->options.len)
		return err_set(err, EOPNOTSUPP, "options are not known");
	for (size_t i = 0; i < gpus->capabilities.len; i++) {
		const char *wanted = gpus->capabilities.v[i];
		size_t k = 0;

		while (k < ARRAY_LEN(known) && strcmp(known[k], wanted) != 0)
			k++;
		if (k == ARRAY_LEN(known))
			return err_set(err, EOPNOTSUPP,
				       "capability '%s' is not known", wanted);
	}
	return 0;
}

int
cdi_gpus_list(const struct cdi *cdi, const struct gpu_spec *gpus,
	      struct strvec *names, struct err *err)
{
	const char *kind =
		gpus->driver ? cdi_gpus_vendor(gpus) : cdi_gpus_any(cdi);
	cleanup_free char *all = NULL;
	const struct cdi_device *device;
	const struct cdi_file *file;
	int r = cdi_gpus_check(gpus, err);

	if (r < 0)
		return r;
	/* Then each is VENDOR/CLASS=NAME. */
	if (gpus->driver && !strcmp(gpus->driver, "cdi")) {
		strvec_add_all(names, &gpus->device_ids);
		return 0;
	}
	if (!kind)
		return err_set(err, EOPNOTSUPP, "driver '%s' is not known",
			       gpus->driver);
	for (size_t i = 0; i < gpus->device_ids.len; i++)
		strvec_addf(names, "%s=%s", kind, gpus->device_ids.v[i]);
	if (gpus->device_ids.len || gpus->count == 0)
		return 0;
	all = xasprintf("%s=all", kind);
	if (gpus->count == GPU_SPEC_ALL &&
	    cdi_find(cdi, all, &file, &device, NULL) == 0) {
		strvec_add(names, all);
		return 0;
	}
	return cdi_gpus_count(cdi, kind, gpus->count, names, err);
}
