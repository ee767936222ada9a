/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/plan.h - everything a container's first process does, decided.
 *
 * The parent builds the plan; the child walks it and decides nothing. What
 * can only be known once the root file system stands (who the user is) comes
 * in struct rt_late, in memory both share.
 */
#ifndef DHOW_RUNTIME_PLAN_H
#define DHOW_RUNTIME_PLAN_H

#include <limits.h>
#include <linux/filter.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/err.h"
#include "spec/user.h"
#include "sys/idmap.h"
#include "sys/mountx.h"
#include "sys/spread.h"

enum rt_root_kind {
	RT_ROOT_OVERLAY, /* the kernel's, with userxattr */
	RT_ROOT_FUSE,    /* fuse-overlayfs serves a mount made by the child */
	RT_ROOT_DIR,     /* an unpacked tree of this container's own */
};

/* Paths are relative to the store, the child's first working directory. */
struct rt_root {
	enum rt_root_kind kind;
	const char *const *lowers; /* top first, NULL-ended */
	const char *upper;         /* NULL: no upper, the root is read-only */
	const char *work;
	const char *mount_point; /* a directory to mount on; for DIR the tree */
	bool is_volatile;        /* nothing here survives the container */
	bool readonly;
};

enum rt_mount_kind {
	RT_BIND,
	RT_TMPFS,
	RT_RAMFS,
	RT_PROC,
	RT_SYSFS,
	RT_CGROUP2,
	RT_DEVPTS,
	RT_MQUEUE,
	RT_OVERLAY, /* by options only */
};

struct rt_mount {
	enum rt_mount_kind kind;
	const char *source; /* RT_BIND: a path on the host or in the store */
	const char *below;  /* RT_BIND: of it, under rule R1; or NULL */
	const char *target; /* in the container, resolved under rule R1 */
	unsigned int attrs; /* MOUNTX_* */
	unsigned long propagation; /* MS_*, 0 for private */
	bool recursive;
	bool attrs_top_only; /* not those mounted below the source */
	bool target_is_file; /* what is missing is made as a file */
	bool no_symlink; /* a symlink as target is refused (/proc, /sys, /dev)
			  */
	bool optional;   /* skip when the source does not exist */
	const struct mountx_option *options; /* file system options */
};

struct rt_sysctl {
	const char *path; /* below /proc/sys, with slashes */
	const char *value;
};

struct rt_rlimit {
	int resource;
	struct rlimit limit;
};

struct rt_plan {
	/* namespaces */
	uint64_t unshare_flags; /* CLONE_NEWNS … of unshare(2), never NEWUSER */
	bool new_pid;
	int join_netfd;    /* a network namespace to be in; or -EBADF */
	struct idmap uids; /* container → U */
	struct idmap gids;
	bool deny_setgroups;
	const int *cgroup_procs; /* to be in these groups; -1 ended, or NULL */
	const char *hostname;    /* NULL: leave */
	const char *domainname;
	bool loopback_up; /* no network process will do it */

	/* file systems */
	const char *store_path; /* absolute */
	struct rt_root root;
	const struct rt_mount *base_mounts; /* /proc, /dev, /sys: before late */
	size_t base_mount_count;
	const struct rt_mount *mounts; /* what was asked for, by depth */
	size_t mount_count;
	const char *const
		*dev_nodes;        /* host nodes bound into /dev; NULL-ended */
	const char *const *masked; /* NULL-ended */
	const char *const *readonly; /* NULL-ended */
	bool shared_propagation;     /* some bind wants slave or shared */

	/*
	 * Instead of becoming a command: called with the root file system as
	 * "/" and all capabilities over it, as a forked process of ours. No
	 * /dev is made and nothing is masked; process is not looked at.
	 */
	int (*visit)(void *data, int rootfd, struct err *err);
	void *visit_data;

	/* process */
	const char *const *argv;
	const char *const *envp;
	const char *const *exec_paths; /* candidates for argv[0], NULL-ended */
	const char *cwd;
	bool keep_cwd; /* it must be there: it is not made */
	bool outlives; /* it does not end with whoever started it */
	bool tty;
	struct winsize tty_size; /* before the command asks; 0: unknown */
	int stdio[3];            /* without a tty; -1 never */
	bool init;               /* a reaper of ours is process 1 */
	char *cmdline; /* with init: where our command line stands, or NULL */
	size_t cmdline_len;
	uint64_t caps_bounding;
	uint64_t caps_effective; /* for uid 0; others start with none */
	bool no_new_privs;
	mode_t umask;
	int oom_score_adj;
	bool has_oom_score_adj;
	const cpu_set_t *affinity; /* or NULL */
	const struct rt_sysctl *sysctls;
	size_t sysctl_count;
	const struct rt_rlimit *rlimits;
	size_t rlimit_count;
	struct sock_fprog seccomp;  /* len 0: unconfined */
	struct sock_fprog fake_ids; /* len 0: not in single-id mode */
	/* The same, answered by owner_watch.h; len 0: nobody does. */
	struct sock_fprog watched_ids;
};

#define RT_LATE_HOME_BYTES 4096

/* Filled by the parent between RT_MSG_ROOT and RT_MSG_LATE. */
struct rt_late {
	bool begun;  /* by the child: it runs */
	bool spread; /* … away from our processor, until it is set up */
	struct spread cpus;
	uid_t uid;
	gid_t gid;
	size_t group_count;
	gid_t groups[USER_MAX_GROUPS];
	char home_env[RT_LATE_HOME_BYTES]; /* "HOME=…", pointed to by envp */
};

#define RT_ROOT_FDS 3

/* One-byte messages on the link; a struct err there is a failure's story. */
enum rt_msg {
	RT_MSG_MAPS = 'm',   /* to the child: its id maps are written */
	RT_MSG_LATE = 'l',   /* to the child: struct rt_late is filled */
	RT_MSG_GO = 'g',     /* to the child: the network is there, exec */
	RT_MSG_NET = 'n',    /* from it, with its network namespace */
	RT_MSG_ROOT = 'r',   /* from it, with its root and user, mount ns */
	RT_MSG_FUSE = 'f',   /* from it, with the /dev/fuse fd to serve */
	RT_MSG_TTY = 't',    /* from it, with the pty's master */
	RT_MSG_OWNERS = 'o', /* from it, with the fd of owner_watch.h */
	RT_MSG_PID = 'p',    /* to whom it asked to be let in: a pidfd */
	RT_MSG_EXEC = 'x', /* from it: what fails from here on is the command */
};

#endif
