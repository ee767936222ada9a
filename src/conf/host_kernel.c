/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/host_kernel.c - checks of the kernel: namespaces, ids, seccomp.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/proc.h"
#include "conf/host_priv.h"
#include "conf/subid.h"

#define AT_LEAST(major, minor) ((major)*1000L + (minor))
#define OLDEST_KERNEL AT_LEAST(4, 18)
#define OVERLAY_KERNEL AT_LEAST(5, 11)
#define WANTED_IDS 65536
#define APPARMOR_SWITCH "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"
#define DEBIAN_SWITCH "/proc/sys/kernel/unprivileged_userns_clone"

static long
kernel_version(const char *release)
{
	char *end;
	long major = strtol(release, &end, 10);

	return AT_LEAST(major, *end == '.' ? strtol(end + 1, NULL, 10) : 0);
}

void
host_check_kernel(struct host_report *report, struct paths *paths)
{
	struct host_check *check;
	struct utsname uts;
	long version;

	if (uname(&uts) < 0)
		return;
	version = kernel_version(uts.release);
	check = host_check_add(report, "kernel", "Linux %s, %s", uts.release,
			       uts.machine);
	if (version < OLDEST_KERNEL) {
		host_check_lose(check, HOST_MISSING,
				"dhow needs Linux 4.18 or newer");
		host_check_remedy(check, "ask for a newer kernel");
	} else if (version < OVERLAY_KERNEL) {
		host_check_lose(
			check, HOST_DEGRADED,
			"no overlay for ordinary users before 5.11: containers start slower");
		host_check_remedy(check, "ask for a newer kernel");
	}
}

static int
probe_nothing(void *data)
{
	return 0;
}

static void
print_apparmor_profile(struct host_check *check)
{
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[len > 0 ? len : 0] = '\0';
	host_check_remedy(
		check,
		"ask an administrator for: printf 'abi <abi/4.0>,\\nprofile dhow %s flags=(unconfined) {\\n  userns,\\n}\\n' > /etc/apparmor.d/dhow && apparmor_parser -r /etc/apparmor.d/dhow",
		self);
}

void
host_check_userns(struct host_report *report, struct paths *paths)
{
	long long limit =
		host_read_number("/proc/sys/user/max_user_namespaces", 0);
	int code = host_try_in_userns(probe_nothing, NULL);
	struct host_check *check;

	check = host_check_add(report, "user namespaces",
			       "%s, at most %lld for each user",
			       code ? strerror(code) : "usable", limit);
	if (!code)
		return;
	host_check_lose(check, HOST_MISSING, "no container can be started");
	if (host_read_number(APPARMOR_SWITCH, 0) == 1)
		print_apparmor_profile(check);
	else if (limit == 0)
		host_check_remedy(
			check,
			"ask an administrator for: sysctl -w user.max_user_namespaces=15000");
	else if (host_read_number(DEBIAN_SWITCH, 1) == 0)
		host_check_remedy(
			check,
			"ask an administrator for: sysctl -w kernel.unprivileged_userns_clone=1");
	else
		host_check_remedy(
			check,
			"a sandbox around this session forbids it: try from a plain login");
}

static bool
is_privileged_program(const char *name)
{
	cleanup_free char *path = proc_find_program(name);
	struct stat st;

	return path && stat(path, &st) == 0 &&
	       ((st.st_mode & S_ISUID) ||
		getxattr(path, "security.capability", NULL, 0) > 0);
}

static void
lose_range(struct host_check *check)
{
	host_check_lose(
		check, HOST_DEGRADED,
		"one id only: all files of a container are yours, and programs that become another user stay you");
}

void
host_check_subids(struct host_report *report, struct paths *paths)
{
	struct idmap uids = { .len = 0 }, gids = { .len = 0 };
	int64_t uid_count, gid_count;
	struct host_check *check;

	report->id_mode = ID_MODE_SINGLE;
	if (paths->uid == 0) {
		report->id_mode = ID_MODE_ROOT;
		(void)host_check_add(report, "sub-ids",
				     "not needed: started as root");
		return;
	}
	uid_count = subid_add(SUBID_USER, paths->uid, &uids);
	gid_count = subid_add(SUBID_GROUP, paths->uid, &gids);
	check = host_check_add(report, "sub-ids", "%lld uids and %lld gids",
			       (long long)uid_count, (long long)gid_count);
	if (uid_count < WANTED_IDS || gid_count < WANTED_IDS) {
		lose_range(check);
		host_check_remedy(
			check,
			"ask an administrator for: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 %s",
			getenv("USER") ? getenv("USER") : "YOU");
	}
	if (uid_count <= 0 || gid_count <= 0)
		return;
	if (!is_privileged_program("newuidmap") ||
	    !is_privileged_program("newgidmap")) {
		lose_range(check);
		host_check_remedy(
			check,
			"ask an administrator for: apt-get install uidmap");
		return;
	}
	report->id_mode = ID_MODE_RANGE;
}

void
host_check_seccomp(struct host_report *report, struct paths *paths)
{
	cleanup_free char *actions =
		host_read_line("/proc/sys/kernel/seccomp/actions_avail");
	struct host_check *check;
	void *library = dlopen("libseccomp.so.2", RTLD_LAZY | RTLD_LOCAL);

	check = host_check_add(report, "seccomp", "%s, %s",
			       actions ? "filters" : "no filters",
			       library ? "libseccomp" : "no libseccomp");
	if (!actions || !strstr(actions, "errno")) {
		host_check_lose(
			check, HOST_MISSING,
			"containers run only with --security-opt seccomp=unconfined");
		host_check_remedy(
			check, "ask for a kernel with CONFIG_SECCOMP_FILTER");
	} else if (!library) {
		host_check_lose(
			check, HOST_MISSING,
			"profiles that are not cached cannot be compiled");
		host_check_remedy(
			check,
			"ask an administrator for: apt-get install libseccomp2");
	}
	if (library)
		(void)dlclose(library);
}

void
host_check_programs(struct host_report *report, struct paths *paths)
{
	static const char *const names[] = { "dhow-net", "dhow-transfer" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		cleanup_free char *path = NULL;
		struct host_check *check;
		struct err err = ERR_INIT;
		int r = proc_find_helper(names[i], &path, &err);

		check = host_check_add(report, names[i], "%s",
				       r < 0 ? err.text : path);
		if (r == 0)
			continue;
		host_check_lose(check, HOST_MISSING,
				i ? "images cannot be fetched or unpacked"
				  : "containers have no network");
		host_check_remedy(check, "%s",
				  err.hint[0]
					  ? err.hint
					  : "install dhow again, all of it");
	}
}
