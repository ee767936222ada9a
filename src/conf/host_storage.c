/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/host_storage.c - checks of the places where files are kept.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/proc.h"
#include "base/units.h"
#include "conf/host_priv.h"

#define LITTLE_SPACE_BYTES (UINT64_C(1) << 30)

/* Those that are kept elsewhere: shared by hosts, slow with many files. */
static const struct file_system {
	uint32_t magic;
	const char *name;
	bool is_network;
} file_systems[] = {
	{ 0x0bd00bd0, "lustre", true },
	{ 0x19830326, "fhgfs", true }, /* BeeGFS */
	{ 0x2fc12fc1, "zfs", false },
	{ 0x47504653, "gpfs", true },
	{ 0x58465342, "xfs", false },
	{ 0x00c36400, "ceph", true },
	{ 0x65735546, "fuse", false },
	{ 0xf2f52010, "f2fs", false },
	{ 0xfe534d42, "smb2", true },
	{ 0xff534d42, "cifs", true },
	{ AFS_SUPER_MAGIC, "afs", true },
	{ BTRFS_SUPER_MAGIC, "btrfs", false },
	{ ECRYPTFS_SUPER_MAGIC, "ecryptfs", false },
	{ EXT4_SUPER_MAGIC, "ext4", false },
	{ NFS_SUPER_MAGIC, "nfs", true },
	{ OVERLAYFS_SUPER_MAGIC, "overlay", false },
	{ TMPFS_MAGIC, "tmpfs", false },
	{ V9FS_MAGIC, "9p", true },
};

static const struct file_system *
file_system_of(const struct statfs *fs)
{
	static const struct file_system unknown = { 0, "an unknown type",
						    false };

	for (size_t i = 0; i < ARRAY_LEN(file_systems); i++)
		if (file_systems[i].magic == (uint32_t)fs->f_type)
			return &file_systems[i];
	return &unknown;
}

void
host_check_store(struct host_report *report, struct paths *paths)
{
	cleanup_strbuf struct strbuf free_space = STRBUF_INIT;
	const struct file_system *type;
	struct err err = ERR_INIT;
	struct host_check *check;
	struct statfs fs;
	uint64_t bytes;
	int fd = paths_open_data(paths, &err);

	if (fd < 0 || fstatfs(fd, &fs) < 0) {
		check = host_check_add(report, "store", "%s: %s", paths->data,
				       err.text);
		host_check_lose(check, HOST_MISSING,
				"images and containers cannot be kept");
		host_check_remedy(check,
				  "set XDG_DATA_HOME, or give --root DIR");
		return;
	}
	type = file_system_of(&fs);
	bytes = (uint64_t)fs.f_bavail * (uint64_t)fs.f_bsize;
	units_add_size(&free_space, bytes);
	check = host_check_add(report, "store", "%s on %s, %s free",
			       paths->data, type->name, free_space.buf);
	if (type->is_network) {
		host_check_lose(
			check, HOST_DEGRADED,
			"a network file system is slow with many small files and may refuse ids and attributes");
		host_check_remedy(
			check,
			"keep images on a local disk: --root /var/tmp/%s/dhow",
			getenv("USER") ? getenv("USER") : "YOU");
	} else if (bytes < LITTLE_SPACE_BYTES) {
		host_check_lose(check, HOST_DEGRADED,
				"larger images will not fit");
		host_check_remedy(check, "dhow rmi images you do not need");
	}
}

/*
 * In the child's namespaces: mount, and hide a file, which needs whiteouts in
 * the upper directory. By path: a directory fd would lead into the mount
 * namespace it was opened in, of which overlay takes no layers.
 */
static int
probe_overlay(void *data)
{
	const char *dir = data;

	if (chdir(dir) < 0 ||
	    mount("overlay", "mnt", "overlay", 0,
		  "lowerdir=lower,upperdir=upper,workdir=work,userxattr") < 0)
		return errno;
	return unlink("mnt/file") < 0 ? errno : 0;
}

static int
prepare_overlay(int datafd, const char *name)
{
	static const char *const dirs[] = { "lower", "upper", "work", "mnt" };
	cleanup_close int dirfd = fsx_opendir_p(datafd, name, 0700, NULL);

	if (dirfd < 0)
		return -dirfd;
	for (size_t i = 0; i < ARRAY_LEN(dirs); i++)
		if (mkdirat(dirfd, dirs[i], 0700) < 0)
			return errno;
	if (fsx_write_atomic(dirfd, "lower/file", "", 0, 0600, FSX_NOSYNC,
			     NULL) < 0)
		return EIO;
	return 0;
}

/* Try it where the store is. Returns an errno or 0. */
static int
try_overlay(struct paths *paths)
{
	char name[FSX_TMP_NAME_BYTES], path[FSX_TMP_NAME_BYTES + 8];
	cleanup_free char *dir = NULL;
	int datafd = paths_open_data(paths, NULL);
	int code;

	if (datafd < 0)
		return -datafd;
	fsx_tmp_name("probe", name);
	(void)snprintf(path, sizeof(path), "tmp/%s", name);
	dir = xasprintf("%s/%s", paths->data, path);
	code = prepare_overlay(datafd, path);
	if (!code)
		code = host_try_in_userns(probe_overlay, dir);
	/* What is left would be collected as any crash's rest. */
	(void)fsx_remove_tree(datafd, path, NULL);
	return code;
}

void
host_check_overlay(struct host_report *report, struct paths *paths)
{
	struct host_check *check;
	int code = try_overlay(paths);

	report->overlay_works = code == 0;
	check = host_check_add(report, "overlay", "%s",
			       code ? strerror(code)
				    : "the kernel's, in user namespaces");
	if (!code)
		return;
	host_check_lose(
		check, HOST_DEGRADED,
		"layers are put together by fuse-overlayfs, or copied at each start: slower");
	host_check_remedy(
		check,
		"keep the store on a local disk, on Linux 5.11 or newer");
}

void
host_check_fuse(struct host_report *report, struct paths *paths)
{
	cleanup_free char *program = proc_find_program("fuse-overlayfs");
	cleanup_close int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	int code = fd < 0 ? errno : 0;
	struct host_check *check;

	report->fuse_works = program && fd >= 0;
	check = host_check_add(report, "fuse", "%s, /dev/fuse: %s",
			       program ? program : "no fuse-overlayfs",
			       code ? strerror(code) : "usable");
	if (report->fuse_works)
		return;
	host_check_lose(
		check, HOST_DEGRADED,
		report->overlay_works
			? "layers cannot be shown with other owners: a service that runs as another user does not write to your directories as you"
			: "every start copies its image: slow, and takes space");
	if (fd < 0)
		host_check_remedy(
			check,
			"ask an administrator for: modprobe fuse && chmod 0666 /dev/fuse");
	else
		host_check_remedy(
			check,
			"ask an administrator for: apt-get install fuse-overlayfs");
}

void
host_check_tun(struct host_report *report, struct paths *paths)
{
	cleanup_close int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	int code = fd < 0 ? errno : 0;
	struct host_check *check;

	check = host_check_add(report, "tun", "/dev/net/tun: %s",
			       code ? strerror(code) : "usable");
	if (!code)
		return;
	host_check_lose(check, HOST_DEGRADED,
			"containers have only --network none and host");
	host_check_remedy(
		check,
		"ask an administrator for: modprobe tun && chmod 0666 /dev/net/tun");
}

void
host_check_run_dir(struct host_report *report, struct paths *paths)
{
	struct err err = ERR_INIT;
	struct host_check *check;
	int fd = paths_open_run(paths, &err);

	check = host_check_add(report, "run directory", "%s%s%s", paths->run,
			       fd < 0 ? ": " : "", fd < 0 ? err.text : "");
	if (fd < 0) {
		host_check_lose(check, HOST_MISSING,
				"running containers cannot be found");
		host_check_remedy(check, "%s",
				  err.hint[0] ? err.hint
					      : "give --runroot DIR");
	} else if (paths->warning) {
		host_check_lose(check, HOST_DEGRADED, "%s", paths->warning);
		host_check_remedy(
			check,
			"unset XDG_RUNTIME_DIR, or set it to a directory of yours");
	}
}
