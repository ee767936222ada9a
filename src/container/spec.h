/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/spec.h - what was asked for, checked and with defaults filled in.
 *
 * cli/ fills it from flags and the image's config; this room turns it into a
 * plan for runtime/ and records it as config.json. A new member needs a line
 * in container_spec_release() and one in spec_node.c.
 */
#ifndef DHOW_CONTAINER_SPEC_H
#define DHOW_CONTAINER_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strvec.h"
#include "spec/detach_keys.h"
#include "spec/health_spec.h"
#include "spec/image_config.h"
#include "spec/limits_spec.h"
#include "spec/log_spec.h"
#include "spec/mount_spec.h"
#include "spec/network_spec.h"
#include "spec/port_spec.h"
#include "spec/restart_spec.h"
#include "spec/secret_spec.h"
#include "spec/security_spec.h"
#include "spec/ulimit_spec.h"
#include "store/image_table.h"

#define CONTAINER_ID_BYTES 65 /* 64 hex digits and NUL */
#define CONTAINER_STOP_TIMEOUT_S 10
#define CONTAINER_SHM_BYTES (INT64_C(64) << 20)

enum net_mode {
	NET_MODE_BRIDGE,
	NET_MODE_NONE,
	NET_MODE_HOST,
	NET_MODE_CONTAINER, /* that of the container net_container */
};

enum ids_mode {
	IDS_AUTO, /* you are root, or the user whose bind mount you share */
	IDS_ROOT, /* you are container root, whatever the user is */
	IDS_KEEP, /* you are keep_uid:keep_gid */
};

struct container_spec {
	char id[CONTAINER_ID_BYTES];
	char *name;
	char *image_name;                  /* as the user typed it */
	struct image_row *image;           /* borrowed */
	struct image_config *image_config; /* borrowed */
	struct strvec lowers; /* trees below the store, top first, instead of
				 the image's layers; or none */
	int64_t created_ns;

	struct strvec argv;     /* entrypoint and command */
	int64_t entrypoint_len; /* how many of argv are the entrypoint */
	struct strvec env;
	bool bare_env; /* HOSTNAME is not among them by itself */
	char *cwd;
	char *user;
	struct strvec group_add;
	bool tty;
	bool open_stdin;
	bool attach[3]; /* which streams the caller sees */
	bool init;
	bool auto_remove;
	char *stop_signal;      /* or NULL */
	int64_t stop_timeout_s; /* -1: for ever */
	mode_t umask;
	struct restart_spec restart;
	struct log_spec log;
	struct health_spec health; /* whole: no 0 is left to a default */

	bool readonly;
	bool privileged;
	bool no_new_privs;
	uint64_t caps;
	struct strvec cap_add, cap_drop; /* as given, "CAP_CHOWN" or "ALL" */
	struct strvec security_opts;     /* as given */
	enum security_seccomp seccomp;
	char *seccomp_path; /* of a profile file */
	char *proc_opts;    /* mount options of /proc, or NULL */
	bool unmasked;      /* systempaths=unconfined */
	struct strvec extra_masks;
	struct strvec unmasks;

	struct mount_list mounts;
	struct strvec binds; /* those of -v, as docker shows them */
	struct strvec tmpfs; /* those of --tmpfs, as given */
	struct strvec volumes_from;
	struct strvec anonymous; /* volumes that go with the container */
	struct secret_spec_list secrets;
	int64_t shm_bytes;
	struct strvec devices;     /* "HOST\nCONTAINER\nrwm", parsed by cli */
	struct strvec cdi_devices; /* by name: container/cdi_edits.h */
	struct strvec gpus;        /* as --gpus has it */
	struct strvec cdi_dirs;    /* --cdi-spec-dir, absolute */

	enum net_mode net_mode;
	struct port_list ports; /* published */
	struct port_list exposed;
	bool publish_all;
	/* NET_MODE_BRIDGE: those it is in, one or more; eth0 is the first. */
	struct network_list networks;
	char *net_container;   /* id */
	struct strvec links;   /* "CONTAINER:ALIAS", as --link gives them */
	bool no_host_loopback; /* servers on the host's 127.0.0.1 */
	struct strvec dns, dns_search, dns_options;
	struct strvec hosts; /* "name:ip"; the ip may be host-gateway */
	bool no_hosts;
	char *hosts_file; /* what /etc/hosts starts with: "image", "none", a
			     path; or NULL */
	char *timezone;   /* "local", a name of zoneinfo; or NULL */
	char *hostname;
	char *domainname; /* or NULL */

	bool host_pid, host_ipc, host_uts;
	bool no_shm; /* --ipc none: /dev/shm is not mounted */
	enum ids_mode ids_mode;
	uint32_t keep_uid, keep_gid;

	struct strvec sysctls; /* "net/ipv4/x=1" */
	struct ulimit_list ulimits;
	struct limits_spec limits;
	bool has_oom_score_adj;
	int oom_score_adj;
	int64_t timeout_s; /* kill it after so long; 0: never */

	struct strvec labels; /* "k=v" */
	struct strvec annotations;
	char *cidfile, *pidfile;
	struct strvec create_command;   /* how dhow was called */
	struct detach_keys detach_keys; /* the caller's; not recorded */
};

#define cleanup_container_spec cleanup_release(container_spec_release)

void container_spec_init(struct container_spec *spec);
void container_spec_release(struct container_spec *spec);

/*
 * The record of it, config.json: a schema of our own, of which store/ relies
 * on "Image" and "Layers" (store/container_ref.h). The caller frees it.
 */
struct node *container_spec_to_node(const struct container_spec *spec);
/*
 * The reverse; @spec is initialised, image and image_config stay the caller's
 * to fill. Returns 0 or -EBADMSG; then @spec is still to be released.
 */
int container_spec_from_node(const struct node *doc,
			     struct container_spec *spec, struct err *err);

#endif
