/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/mount_spec.h - what --volume, --mount and --tmpfs ask for.
 *
 * One struct for all three; it is written to and read from a container's
 * config.json in the shape of Docker's HostConfig.Mounts. Nothing on the host
 * is looked at: whether a source exists is found out by who mounts it.
 */
#ifndef DHOW_SPEC_MOUNT_SPEC_H
#define DHOW_SPEC_MOUNT_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "base/strvec.h"
#include "data/node.h"

enum mount_kind {
	MOUNT_BIND,   /* source: a path of the host */
	MOUNT_VOLUME, /* source: a volume's name, NULL for an anonymous one */
	MOUNT_TMPFS,
	MOUNT_IMAGE, /* source: an image reference */
	MOUNT_DEVPTS,
	MOUNT_GLOB, /* source: a pattern of host paths */
	MOUNT_RAMFS,
	MOUNT_KIND_COUNT,
};

enum mount_propagation {
	MOUNT_PROPAGATION_DEFAULT, /* rprivate */
	MOUNT_PROPAGATION_PRIVATE,
	MOUNT_PROPAGATION_RPRIVATE,
	MOUNT_PROPAGATION_SHARED,
	MOUNT_PROPAGATION_RSHARED,
	MOUNT_PROPAGATION_SLAVE,
	MOUNT_PROPAGATION_RSLAVE,
	MOUNT_PROPAGATION_UNBINDABLE,
	MOUNT_PROPAGATION_RUNBINDABLE,
	MOUNT_PROPAGATION_COUNT,
};

/* How deep "read-only" reaches when what is bound has mounts below it. */
enum mount_ro_depth {
	MOUNT_RO_WHERE_POSSIBLE,
	MOUNT_RO_TOP,    /* bind-recursive=writable */
	MOUNT_RO_FORCED, /* bind-recursive=readonly: an error where impossible
			  */
	MOUNT_RO_DEPTH_COUNT,
};

enum mount_switch {
	MOUNT_SWITCH_DEFAULT, /* as the kind has it: tmpfs off, others kept */
	MOUNT_SWITCH_OFF,
	MOUNT_SWITCH_ON,
};

enum mount_relabel {
	MOUNT_RELABEL_NONE,
	MOUNT_RELABEL_SHARED,  /* z */
	MOUNT_RELABEL_PRIVATE, /* Z */
};

struct mount_spec {
	enum mount_kind kind;
	char *source; /* may start with "." until mount_spec_set_base() */
	char *target; /* absolute, folded, never "/" */
	bool readonly;

	/* bind; propagation, chown and the like for volumes too */
	enum mount_propagation propagation;
	bool recursive; /* true by default */
	enum mount_ro_depth ro_depth;
	bool create_source; /* make what is missing: -v, any volume, and --mount
			       with bind-create-src */
	bool chown;         /* U: give the source to the container's user */
	bool overlay;       /* O: writes go to a layer thrown away */
	char *upper_dir;    /* with O, kept on the host; both or none */
	char *work_dir;
	enum mount_relabel relabel;
	char *idmap;         /* NULL: none, "": by the container's maps */
	bool no_dereference; /* glob: keep symlinks */
	enum mount_switch exec, suid, dev;

	/* volume and image */
	bool copy_up;         /* volume: fill a new one from the image; true */
	char *subpath;        /* relative, without ".."; of a bind too */
	struct strvec layers; /* image: its trees below the store, top first */
	char *volume_driver;
	struct strvec volume_opts;   /* "k=v" */
	struct strvec volume_labels; /* "k=v" */

	/* tmpfs, ramfs, devpts */
	bool tmpfs_copy_up;
	int64_t size_bytes; /* 0: the kernel's default */
	int size_percent;   /* of the memory, 0: none */
	int64_t nr_inodes;  /* 0: the kernel's default */
	int64_t mode;       /* -1: 1777 */
	int64_t uid, gid;   /* -1: container root */
	int64_t max_ptys;   /* devpts, 0: the kernel's default */
};

#define MOUNT_SPEC_INIT                                                    \
	{                                                                  \
		.recursive = true, .copy_up = true, .mode = -1, .uid = -1, \
		.gid = -1                                                  \
	}
#define cleanup_mount_spec cleanup_release(mount_spec_release)

struct mount_list {
	struct mount_spec *items; /* owned */
	size_t len;
	size_t cap;
};

#define MOUNT_LIST_INIT       \
	{                     \
		.items = NULL \
	}
#define cleanup_mount_list cleanup_release(mount_list_release)

/* -v: [SRC:]DST[:opt,…]. Parsers return 0, -EINVAL, or -ERANGE for a number. */
int mount_spec_parse_volume(const char *text, struct mount_spec *ret_spec,
			    struct err *err);
/* --mount: type=bind,source=…,target=…,… */
int mount_spec_parse_mount(const char *text, struct mount_spec *ret_spec,
			   struct err *err);
/* --tmpfs: PATH[:opt,…] */
int mount_spec_parse_tmpfs(const char *text, struct mount_spec *ret_spec,
			   struct err *err);
/* An image's VOLUME or -v DST: an anonymous volume at @target. */
int mount_spec_anonymous(const char *target, struct mount_spec *ret_spec,
			 struct err *err);
void mount_spec_release(struct mount_spec *spec);

/* Make a relative bind source absolute, below @cwd. */
void mount_spec_set_base(struct mount_spec *spec, const char *cwd);

/* The options that differ from the defaults, "ro,size=64m", for people. */
void mount_spec_add_options(struct strbuf *sb, const struct mount_spec *spec);
const char *mount_kind_name(enum mount_kind kind);
/* "rprivate" and the like; "" for the default. */
const char *mount_propagation_name(enum mount_propagation propagation);

/* One element of HostConfig.Mounts. */
struct node *mount_spec_to_node(const struct mount_spec *spec);
/* -EBADMSG for what mount_spec_to_node() cannot have written. */
int mount_spec_from_node(const struct node *node, struct mount_spec *ret_spec,
			 struct err *err);

/* The list owns @spec's contents from now on; @spec is empty again. */
void mount_list_take(struct mount_list *list, struct mount_spec *spec);
/* -EINVAL when two mounts have one target. */
int mount_list_check(const struct mount_list *list, struct err *err);
void mount_list_release(struct mount_list *list);

#endif
