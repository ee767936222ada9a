/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/seccomp_profile.h"
#include "runtime/seccomp_rules.h"

#define DOCKER_CAPS UINT64_C(0xa80425fb)
#define CAP_BIT(cap) (UINT64_C(1) << (cap))

/* A system call by number and arguments, and the errno it shall give. */
struct probe {
	const char *name;
	long nr;
	long args[4];
	int want;
};

static void
install(const struct seccomp_filter *filter)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter->flags,
		    &filter->prog) < 0)
		_exit(200);
}

/* The errno of the call under the filters; 201 when the child was killed. */
static int
errno_under(const struct seccomp_filter *first,
	    const struct seccomp_filter *second, const struct probe *probe)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		long r;

		install(first);
		if (second)
			install(second);
		errno = 0;
		r = syscall(probe->nr, probe->args[0], probe->args[1],
			    probe->args[2], probe->args[3], 0L, 0L);
		_exit(r < 0 ? errno : 0);
	}
	cr_assert(pid > 0);
	cr_assert(eq(int, waitpid(pid, &status, 0), pid));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 201;
}

static void
load(const char *path, uint64_t caps, struct seccomp_filter *ret_filter)
{
	struct err err = ERR_INIT;
	int r = seccomp_profile_load(-1, path, caps, ret_filter, &err);

	cr_assert(eq(int, r, 0), "%s", err.text);
}

Test(runtime_seccomp, the_default_denies_what_reaches_the_host)
{
	static const struct probe probes[] = {
		{ "keyctl", SYS_keyctl, { 0 }, EPERM },
		{ "io_uring_setup", SYS_io_uring_setup, { 1, 0 }, EPERM },
		{ "userfaultfd", SYS_userfaultfd, { 0 }, EPERM },
		{ "kexec_load", SYS_kexec_load, { 0 }, EPERM },
		{ "mount", SYS_mount, { 0 }, EPERM },
		{ "unshare", SYS_unshare, { CLONE_NEWUSER }, EPERM },
		{ "setns", SYS_setns, { 0, 0 }, EPERM },
		{ "clone a userns", SYS_clone, { CLONE_NEWUSER }, EPERM },
		{ "clone3", SYS_clone3, { 0, 0 }, ENOSYS },
		{ "bpf", SYS_bpf, { 0 }, EPERM },
		{ "perf", SYS_perf_event_open, { 0 }, EPERM },
		{ "personality", SYS_personality, { 0x0040000 }, EPERM },
		{ "vsock", SYS_socket, { AF_VSOCK, SOCK_STREAM }, EPERM },
		{ "vsock, high bits",
		  SYS_socket,
		  { AF_VSOCK | 1L << 32, SOCK_STREAM },
		  EPERM },
		{ "TIOCSTI", SYS_ioctl, { -1, TIOCSTI }, EPERM },
		{ "TIOCSTI, high bits",
		  SYS_ioctl,
		  { -1, TIOCSTI | 1L << 40 },
		  EPERM },
		{ "a call of the future", 5000, { 0 }, ENOSYS },
	};
	cleanup_seccomp_filter struct seccomp_filter filter = { 0 };

	load(NULL, DOCKER_CAPS, &filter);
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		cr_expect(eq(int, errno_under(&filter, NULL, &probes[i]),
			     probes[i].want),
			  "%s", probes[i].name);
}

Test(runtime_seccomp, the_default_allows_what_programs_need)
{
	static const struct probe probes[] = {
		{ "getppid", SYS_getppid, { 0 }, 0 },
		{ "ioctl reaches the kernel",
		  SYS_ioctl,
		  { -1, TIOCGWINSZ },
		  EBADF },
		{ "socket", SYS_socket, { AF_UNIX, SOCK_STREAM }, 0 },
		{ "personality", SYS_personality, { 0xffffffff }, 0 },
		{ "openat", SYS_openat, { AT_FDCWD, 0 }, EFAULT },
		{ "a clone without flags",
		  SYS_clone,
		  { CLONE_SIGHAND },
		  EINVAL },
		{ "ptrace", SYS_ptrace, { 99999, 0 }, ESRCH },
		{ "futex_waitv", 449, { 0 }, EINVAL },
	};
	cleanup_seccomp_filter struct seccomp_filter filter = { 0 };

	load(NULL, DOCKER_CAPS, &filter);
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		cr_expect(eq(int, errno_under(&filter, NULL, &probes[i]),
			     probes[i].want),
			  "%s", probes[i].name);
}

Test(runtime_seccomp, capabilities_open_the_calls_they_are_about)
{
	static const struct {
		const char *name;
		int cap;
		struct probe probe;
	} cases[] = {
		{ "mount", CAP_SYS_ADMIN, { "", SYS_mount, { 0 }, EFAULT } },
		{ "clone3", CAP_SYS_ADMIN, { "", SYS_clone3, { 0 }, EINVAL } },
		{ "kcmp", CAP_SYS_PTRACE, { "", SYS_kcmp, { -1, -1 }, ESRCH } },
		{ "mbind",
		  CAP_SYS_NICE,
		  { "", SYS_get_mempolicy, { 0, 0, 0, 0 }, 0 } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_seccomp_filter struct seccomp_filter without = { 0 };
		cleanup_seccomp_filter struct seccomp_filter with = { 0 };
		int denied;

		load(NULL, DOCKER_CAPS, &without);
		load(NULL, DOCKER_CAPS | CAP_BIT(cases[i].cap), &with);
		denied = errno_under(&without, NULL, &cases[i].probe);
		cr_expect(denied == EPERM || denied == ENOSYS, "%s is %d",
			  cases[i].name, denied);
		cr_expect(eq(int, errno_under(&with, NULL, &cases[i].probe),
			     cases[i].probe.want),
			  "%s", cases[i].name);
	}
}

static const char *
write_profile(const char *text)
{
	static char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "/tmp/dhow-test-profile.XXXXXX");
	fd = mkstemp(path);
	cr_assert(fd >= 0);
	cr_assert(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	(void)close(fd);
	return path;
}

Test(runtime_seccomp, a_json_profile_decides_by_action_argument_and_cap)
{
	static const char text[] =
		"{\"defaultAction\": \"SCMP_ACT_ALLOW\","
		"\"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\","
		"  \"subArchitectures\": [\"SCMP_ARCH_X86\"]}],"
		"\"syscalls\": ["
		"{\"names\": [\"getppid\", \"no_such_call\"],"
		"  \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 71},"
		"{\"names\": [\"umask\"], \"action\": \"SCMP_ACT_ERRNO\","
		"  \"args\": [{\"index\": 0, \"value\": 7,"
		"    \"op\": \"SCMP_CMP_EQ\"}]},"
		"{\"names\": [\"getpgid\"], \"action\": \"SCMP_ACT_ERRNO\","
		"  \"includes\": {\"caps\": [\"CAP_SYS_ADMIN\"]}},"
		"{\"names\": [\"getsid\"], \"action\": \"SCMP_ACT_ERRNO\","
		"  \"excludes\": {\"minKernel\": \"4.8\"}}]}";
	static const struct probe probes[] = {
		{ "errnoRet", SYS_getppid, { 0 }, 71 },
		{ "the argument holds", SYS_umask, { 7 }, EPERM },
		{ "the argument differs", SYS_umask, { 8 }, 0 },
		{ "a cap that is not held", SYS_getpgid, { 0 }, 0 },
		{ "a kernel that is newer", SYS_getsid, { 0 }, 0 },
	};
	const char *path = write_profile(text);
	cleanup_seccomp_filter struct seccomp_filter filter = { 0 };

	load(path, 0, &filter);
	(void)unlink(path);
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		cr_expect(eq(int, errno_under(&filter, NULL, &probes[i]),
			     probes[i].want),
			  "%s", probes[i].name);
}

Test(runtime_seccomp, a_bad_profile_is_refused_with_its_reason)
{
	static const struct {
		const char *text;
		int want;
	} cases[] = {
		{ "", -EINVAL },
		{ "[]", -EINVAL },
		{ "{}", -EINVAL },
		{ "{\"defaultAction\": \"ALLOW\"}", -EINVAL },
		{ "{\"defaultAction\": \"SCMP_ACT_NOTIFY\"}", -EOPNOTSUPP },
		{ "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"flags\": [\"X\"]}",
		  -EINVAL },
		{ "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{"
		  "\"names\": [\"read\"], \"action\": \"SCMP_ACT_KILL\","
		  "\"args\": [{\"index\": 6, \"op\": \"SCMP_CMP_EQ\"}]}]}",
		  -EINVAL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *path = write_profile(cases[i].text);
		struct seccomp_filter filter = { 0 };
		struct err err = ERR_INIT;

		cr_expect(eq(int,
			     seccomp_profile_load(-1, path, 0, &filter, &err),
			     cases[i].want),
			  "%s: %s", cases[i].text, err.text);
		cr_expect(err.text[0] != '\0', "%s", cases[i].text);
		(void)unlink(path);
	}
}

static int
cache_dir(char path[32])
{
	int fd;

	(void)snprintf(path, 32, "/tmp/dhow-test-bpf.XXXXXX");
	cr_assert(ne(ptr, mkdtemp(path), NULL));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert(fd >= 0);
	return fd;
}

/* What the kernel would answer: classic BPF, as far as filters go. */
static uint32_t
verdict(const struct sock_fprog *prog, const struct seccomp_data *data)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < prog->len; pc++) {
		const struct sock_filter *insn = &prog->filter[pc];
		bool is_true;

		switch (insn->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const char *)data + insn->k, sizeof(a));
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= insn->k;
			continue;
		case BPF_JMP | BPF_JA:
			pc += insn->k;
			continue;
		case BPF_RET | BPF_K:
			return insn->k;
		case BPF_JMP | BPF_JEQ | BPF_K:
			is_true = a == insn->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			is_true = a > insn->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			is_true = a >= insn->k;
			break;
		default:
			cr_fatal("instruction %x", insn->code);
		}
		pc += is_true ? insn->jt : insn->jf;
	}
	cr_fatal("the program has no end");
}

/* All that rules compare arguments with, and what lies beside. */
static void
compare_calls(const struct sock_fprog *a, const struct sock_fprog *b,
	      uint32_t arch, uint32_t nr)
{
	static const uint64_t values[] = {
		0,
		1,
		8,
		0x20000,
		0x20008,
		0xffffffff,
		AF_VSOCK,
		TIOCSTI,
		TIOCLINUX,
		CLONE_NEWUSER,
		CLONE_NEWNS | CLONE_VM,
		UINT64_C(0x100000000) | AF_VSOCK,
		UINT64_MAX,
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		for (size_t k = 0; k < sizeof(values) / sizeof(values[0]);
		     k++) {
			const struct seccomp_data data = {
				.nr = (int)nr,
				.arch = arch,
				.args = { values[i], values[k], values[i] },
			};

			cr_assert(eq(u32, verdict(a, &data), verdict(b, &data)),
				  "arch %x call %u", arch, nr);
		}
}

/* Every call of every architecture is decided as before. */
static void
compare_programs(const struct sock_fprog *a, const struct sock_fprog *b)
{
	static const uint32_t archs[] = { SCMP_ARCH_X86_64,
					  SCMP_ARCH_X86,
					  SCMP_ARCH_AARCH64,
					  SCMP_ARCH_ARM,
					  0,
					  UINT32_MAX };
	static const uint32_t far[] = { 0x3fffffff, 0x40000000, 0x40000200,
					0x40000221, 0x7fffffff, 0x80000000,
					0xffffffff };

	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++) {
		for (uint32_t nr = 0; nr < 700; nr++)
			compare_calls(a, b, archs[i], nr);
		for (size_t k = 0; k < sizeof(far) / sizeof(far[0]); k++)
			compare_calls(a, b, archs[i], far[k]);
	}
}

Test(runtime_seccomp, a_shorter_program_decides_the_same)
{
	static const uint64_t caps[] = { 0, DOCKER_CAPS, UINT64_MAX };

	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		cleanup_seccomp_rules struct seccomp_rules rules =
			SECCOMP_RULES_INIT;
		cleanup_seccomp_filter struct seccomp_filter whole = { 0 };
		cleanup_seccomp_filter struct seccomp_filter shorter = { 0 };
		struct seccomp_host host;
		struct err err = ERR_INIT;

		cr_assert(eq(int, seccomp_host_init(&host, caps[i], &err), 0));
		seccomp_default_rules(&host, &rules);
		cr_assert(eq(int, seccomp_compile(&rules, &whole, &err), 0));
		seccomp_filter_append(&shorter, whole.prog.filter,
				      whole.prog.len);
		seccomp_shrink(&shorter);
		cr_assert(lt(int, 2 * shorter.prog.len, whole.prog.len));
		compare_programs(&whole.prog, &shorter.prog);
	}
}

Test(runtime_seccomp, a_program_of_another_form_stays_as_it_is)
{
	/* The number is masked: it has no ranges. */
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 1),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
	};
	cleanup_seccomp_filter struct seccomp_filter filter = { 0 };

	seccomp_filter_append(&filter, code, 5);
	seccomp_shrink(&filter);
	cr_assert(eq(int, filter.prog.len, 5));
	cr_assert(eq(int, memcmp(filter.prog.filter, code, sizeof(code)), 0));
}

Test(runtime_seccomp, the_cache_gives_back_what_was_compiled)
{
	static const struct sock_filter insns[] = {
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	cleanup_seccomp_filter struct seccomp_filter put = { .flags = 2 };
	cleanup_seccomp_filter struct seccomp_filter got = { 0 };
	struct span key = span_of("a key");
	char path[32], name[64], byte;
	int dirfd = cache_dir(path), fd;

	seccomp_filter_append(&put, insns, 1);
	cr_assert(not(seccomp_cache_get(dirfd, key, &got)));
	seccomp_cache_put(dirfd, key, &put);
	cr_assert(seccomp_cache_get(dirfd, key, &got));
	cr_expect(eq(int, got.prog.len, 1));
	cr_expect(eq(uint, got.flags, 2));
	cr_expect(not(seccomp_cache_get(dirfd, span_of("other"), &got)));

	/* A byte that changed on disk makes it absent. */
	(void)snprintf(name, sizeof(name), "%016llx.bpf",
		       (unsigned long long)seccomp_hash(SECCOMP_HASH_INIT,
							key.ptr, key.len));
	fd = openat(dirfd, name, O_RDWR);
	cr_assert(fd >= 0);
	cr_assert(eq(int, (int)pread(fd, &byte, 1, 40), 1));
	byte ^= 1;
	cr_assert(eq(int, (int)pwrite(fd, &byte, 1, 40), 1));
	seccomp_filter_release(&got);
	cr_expect(not(seccomp_cache_get(dirfd, key, &got)));
	(void)close(fd);
	(void)unlinkat(dirfd, name, 0);
	(void)close(dirfd);
	(void)rmdir(path);
}

Test(runtime_seccomp, fake_ids_succeed_and_real_ones_are_real)
{
	static const char missing[] = "/dhow/no/such/file";
	const struct probe probes[] = {
		{ "chown to a foreign id",
		  SYS_fchownat,
		  { AT_FDCWD, (long)missing, 42, -1 },
		  0 },
		{ "chown to a foreign group",
		  SYS_fchownat,
		  { AT_FDCWD, (long)missing, -1, 42 },
		  0 },
		{ "chown to the mapped id",
		  SYS_fchownat,
		  { AT_FDCWD, (long)missing, 7, 8 },
		  ENOENT },
		{ "chown of nothing",
		  SYS_fchownat,
		  { AT_FDCWD, (long)missing, -1, -1 },
		  ENOENT },
		{ "setgroups", SYS_setgroups, { 3, 0 }, 0 },
		{ "setresuid", SYS_setresuid, { -1, 65534, -1 }, 0 },
		{ "setregid to nothing", SYS_setregid, { -1, -1 }, 0 },
		{ "a device",
		  SYS_mknodat,
		  { AT_FDCWD, (long)missing, S_IFBLK | 0600, 0x801 },
		  0 },
		{ "a whiteout",
		  SYS_mknodat,
		  { AT_FDCWD, (long)missing, S_IFCHR, 0 },
		  ENOENT },
		{ "a FIFO",
		  SYS_mknodat,
		  { AT_FDCWD, (long)missing, S_IFIFO, 0 },
		  ENOENT },
		{ "the profile still holds", SYS_keyctl, { 0 }, EPERM },
	};
	cleanup_seccomp_filter struct seccomp_filter profile = { 0 };
	cleanup_seccomp_filter struct seccomp_filter fake = { 0 };

	load(NULL, DOCKER_CAPS, &profile);
	seccomp_fakeid_build(&(struct seccomp_fakeid){ .uid = 7, .gid = 8 },
			     &fake);
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		cr_expect(eq(int, errno_under(&profile, &fake, &probes[i]),
			     probes[i].want),
			  "%s", probes[i].name);
}
