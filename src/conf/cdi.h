/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/cdi.h - what this host says its devices need: nodes, mounts, variables.
 *
 * Descriptions are *.json and *.yaml files of the host, made by a vendor's
 * tool, or by hand. A device is named VENDOR/CLASS=NAME; a directory that
 * stands later in the list counts more, and in one directory nobody may
 * describe a device twice. Spec: Container Device Interface 0.3 to 1.0.
 */
#ifndef DHOW_CONF_CDI_H
#define DHOW_CONF_CDI_H

#include <stddef.h>

#include "base/err.h"
#include "base/strvec.h"
#include "data/node.h"

#define CDI_FILE_MAX_BYTES (4U << 20)

struct cdi_device_node {
	char *path;
	char *host_path; /* NULL: path */
	char *permissions;
};

struct cdi_mount {
	char *host_path;
	char *container_path;
	char *type;
	struct strvec options;
};

struct cdi_hook {
	char *name;
	char *path;
	struct strvec args; /* with argv[0] */
};

struct cdi_edits {
	struct strvec env; /* "K=V" */
	struct cdi_device_node *nodes;
	size_t node_len;
	struct cdi_mount *mounts;
	size_t mount_len;
	struct cdi_hook *hooks;
	size_t hook_len;
	struct node *net_devices; /* or NULL; an array */
	struct node *gids;
};

struct cdi_device {
	char *name;
	struct cdi_edits edits;
};

struct cdi_file {
	char *path;
	size_t rank; /* of its directory */
	char *version;
	char *kind; /* "vendor/class" */
	struct cdi_device *devices;
	size_t len;
	struct cdi_edits edits; /* for whoever gets any of its devices */
};

struct cdi {
	struct strvec dirs;
	struct cdi_file *files; /* what counts more comes first */
	size_t len, cap;
	struct strvec broken; /* files that do not count, and why */
};

#define CDI_INIT              \
	{                     \
		.files = NULL \
	}
#define cleanup_cdi cleanup_release(cdi_release)

/*
 * The directories that are looked through: /etc/cdi, /var/run/cdi, "cdi" in
 * @config_dir; then @more. Appended to @ret_dirs.
 */
void cdi_list_dirs(const char *config_dir, const struct strvec *more,
		   struct strvec *ret_dirs);

/*
 * Read all descriptions below @dirs. A directory that is not there is no
 * failure; nor is a file that cannot be read: it is told when a device is not
 * found.
 */
void cdi_load(const struct strvec *dirs, struct cdi *ret_cdi);
void cdi_release(struct cdi *cdi);

/* Names of all devices, sorted. */
void cdi_list_names(const struct cdi *cdi, struct strvec *names);

/*
 * Find the device @name. Both results are borrowed from @cdi.
 * Returns 0; -ENOENT with the names that there are; -EEXIST when two files of
 * one directory describe it.
 */
int cdi_find(const struct cdi *cdi, const char *name,
	     const struct cdi_file **ret_file,
	     const struct cdi_device **ret_device, struct err *err);

/* Check one description and fill @ret_file from it; -EBADMSG. */
int cdi_read(const struct node *doc, struct cdi_file *ret_file,
	     struct err *err);
void cdi_file_release(struct cdi_file *file);

#endif
