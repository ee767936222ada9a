/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/cdi_edits.h - what devices asked for by name (CDI) bring along.
 *
 * Variables are settled when a container is made, for exec sees them too;
 * nodes and mounts at every start, for a driver may be another by then.
 *
 * Hooks are programs of the vendor that a runtime of root's would run inside;
 * dhow runs none. What the two usual ones do is done by mounts: names of
 * libraries (create-symlinks, update-ldcache), and LD_LIBRARY_PATH for
 * directories the image's loader does not look at.
 */
#ifndef DHOW_CONTAINER_CDI_EDITS_H
#define DHOW_CONTAINER_CDI_EDITS_H

#include "conf/cdi.h"
#include "container/spec.h"
#include "session/session.h"
#include "spec/gpu_spec.h"

struct cdi_gift {
	struct strvec env;
	struct strvec devices; /* as container_spec.devices */
	struct mount_list mounts;
	struct strvec library_dirs; /* of the container */
	struct strvec links;        /* "TARGET::PATH" in the container */
	struct strvec warnings;     /* what is left undone */
};

#define CDI_GIFT_INIT              \
	{                          \
		.env = STRVEC_INIT \
	}
#define cleanup_cdi_gift cleanup_release(cdi_gift_release)
void cdi_gift_release(struct cdi_gift *gift);

/*
 * Find the devices that @spec names (cdi_devices, gpus).
 * @config_dir: paths.config
 * Returns 0; as cdi_find(); -EOPNOTSUPP for what needs root.
 */
int cdi_gift_make(const struct container_spec *spec, const char *config_dir,
		  struct cdi_gift *ret_gift, struct err *err);

/*
 * When a container is made: check the names, add the variables. What is left
 * undone is appended to @warnings.
 */
int cdi_settle(struct session *session, struct container_spec *spec,
	       struct strvec *warnings, struct err *err);

/* One more bind mount; -EINVAL for what no mount is. */
int cdi_gift_mount(struct cdi_gift *gift, const char *source,
		   const char *target, const char *options, struct err *err);

/* cdi_hooks.c: read the hooks of @edits into library_dirs and links. */
void cdi_gift_hooks(const struct cdi_edits *edits, const char *file,
		    struct cdi_gift *io_gift);
/* When all mounts are there: those that do as the hooks would. */
int cdi_gift_link(struct cdi_gift *io_gift, struct err *err);

/*
 * cdi_gpus.c: append the devices that a request means. Without a driver:
 * NVIDIA's, or whose GPUs are described. -ENOENT for more than there are.
 */
int cdi_gpus_list(const struct cdi *cdi, const struct gpu_spec *gpus,
		  struct strvec *names, struct err *err);

#endif
