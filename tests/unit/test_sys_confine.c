/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/confine.h"

/* Criterion's workers have threads: everything happens in a forked child. */
static int
in_child(int (*body)(void *data), void *data)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
		_exit(body(data));
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

static void
write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		_exit(90);
	(void)close(fd);
}

/* Become root of a user namespace where one is not root already. */
static void
become_root(void)
{
	char map[32];
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (uid == 0)
		return;
	if (unshare(CLONE_NEWUSER) < 0)
		_exit(77);
	write_text("/proc/self/setgroups", "deny");
	(void)snprintf(map, sizeof(map), "0 %u 1", (unsigned int)uid);
	write_text("/proc/self/uid_map", map);
	(void)snprintf(map, sizeof(map), "0 %u 1", (unsigned int)gid);
	write_text("/proc/self/gid_map", map);
}

static void
skip_without_userns(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		cr_skip_test("no user namespaces here");
}

static void
make_room(char path[64])
{
	(void)snprintf(path, 64, "/tmp/test-confine.XXXXXX");
	cr_assert(mkdtemp(path) != NULL);
}

static int
see_only_the_directory(void *data)
{
	struct err err = ERR_INIT;
	int dirfd;

	become_root();
	dirfd = open(data, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (confine_root(dirfd, CONFINE_NEW_NET, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	if (mkdir("/made", 0700) < 0)
		return 2;
	if (access("/proc", F_OK) == 0 || access("../etc", F_OK) == 0)
		return 3;
	if (access("made", F_OK) < 0)
		return 4;
	return 0;
}

Test(sys_confine, the_root_is_the_directory_and_nothing_else)
{
	char path[64], made[80];
	int status;

	make_room(path);
	status = in_child(see_only_the_directory, path);
	(void)snprintf(made, sizeof(made), "%s/made", path);
	cr_expect(status != 0 || rmdir(made) == 0);
	cr_expect(rmdir(path) == 0);
	skip_without_userns(status);
	cr_assert(eq(int, status, 0));
}

static int
see_an_empty_root(void *data)
{
	struct err err = ERR_INIT;

	become_root();
	if (confine_root(-1, 0, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	if (mkdir("/x", 0700) == 0 || errno != EROFS)
		return 2;
	return access("/etc", F_OK) == 0 ? 3 : 0;
}

Test(sys_confine, without_a_directory_the_root_is_empty_and_read_only)
{
	int status = in_child(see_an_empty_root, NULL);

	skip_without_userns(status);
	cr_assert(eq(int, status, 0));
}

static int
keep_only_chown(void *data)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];

	become_root();
	if (confine_caps(UINT64_C(1) << CAP_CHOWN, NULL) < 0)
		return 1;
	if (syscall(SYS_capget, &head, caps) < 0)
		return 2;
	if (caps[0].permitted != 1u << CAP_CHOWN || caps[1].permitted ||
	    caps[0].effective != 1u << CAP_CHOWN || caps[0].inheritable)
		return 3;
	if (prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) != 0 ||
	    prctl(PR_CAPBSET_READ, CAP_CHOWN, 0, 0, 0) != 1)
		return 4;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 5;
}

Test(sys_confine, capabilities_not_kept_are_gone_from_every_set)
{
	int status = in_child(keep_only_chown, NULL);

	skip_without_userns(status);
	cr_assert(eq(int, status, 0));
}

static const int allowed[] = {
	SYS_exit_group,
	SYS_exit,
	SYS_clone,
	SYS_clone3,
	SYS_mmap,
	SYS_munmap,
	SYS_mprotect,
	SYS_madvise,
	SYS_rt_sigprocmask,
	SYS_futex,
	SYS_set_robust_list,
	SYS_rseq,
	SYS_getpid,
	SYS_gettid,
	SYS_brk,
	SYS_sched_getaffinity,
	SYS_prlimit64,
	SYS_sigaltstack,
	SYS_write,
};

static int
confine(void)
{
	return confine_syscalls(allowed, sizeof(allowed) / sizeof(allowed[0]),
				NULL);
}

static int
call_what_is_not_listed(void *data)
{
	if (confine() < 0)
		return 1;
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 2 : 3;
}

static int
call_what_is_listed(void *data)
{
	if (confine() < 0)
		return 1;
	return getpid() > 0 ? 0 : 2;
}

static int
fork_in_vain(void *data)
{
	if (confine() < 0)
		return 1;
	return fork() < 0 ? 2 : 3;
}

static void *
in_thread(void *data)
{
	*(int *)data = 1;
	return NULL;
}

static int
start_a_thread(void *data)
{
	pthread_t thread;
	int ran = 0;

	if (confine() < 0)
		return 1;
	if (pthread_create(&thread, NULL, in_thread, &ran) != 0)
		return 2;
	(void)pthread_join(thread, NULL);
	return ran ? 0 : 3;
}

static bool
died_of_the_filter(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

Test(sys_confine, a_system_call_not_listed_kills)
{
	int status = in_child(call_what_is_not_listed, NULL);

	cr_assert(died_of_the_filter(status), "status %#x", status);
}

Test(sys_confine, listed_system_calls_work)
{
	cr_assert(eq(int, in_child(call_what_is_listed, NULL), 0));
}

Test(sys_confine, a_listed_clone_makes_threads_and_no_processes)
{
	int status = in_child(fork_in_vain, NULL);

	cr_expect(died_of_the_filter(status), "status %#x", status);
	cr_expect(eq(int, in_child(start_a_thread, NULL), 0));
}
