/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/seccomp_compile.c - seccomp rules become BPF.
 *
 * libseccomp is loaded here, when a program is really compiled, so that a
 * start with a cached program does not pay for it. In front of its program
 * stands a guard of our own, for what libseccomp's rules cannot say:
 *
 *  - a call newer than any the profile knows fails with ENOSYS instead of the
 *    profile's EPERM, which libraries take for a final answer;
 *  - with rules->guard: ioctl TIOCSTI and TIOCLINUX (input pushed into a
 *    terminal) and AF_VSOCK sockets (the hypervisor) fail with EPERM. Only
 *    the low 32 bits count, as in the kernel.
 */
#include <dlfcn.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/io.h"
#include "runtime/seccomp_rules.h"

#define X32_BIT 0x40000000u
#define OPTIMIZE_TREE 2 /* SCMP_FLTATR_CTL_OPTIMIZE: binary search */

struct library {
	scmp_filter_ctx (*init)(uint32_t action);
	void (*release)(scmp_filter_ctx ctx);
	int (*attr_set)(scmp_filter_ctx ctx, enum scmp_filter_attr attr,
			uint32_t value);
	int (*arch_add)(scmp_filter_ctx ctx, uint32_t arch);
	uint32_t (*arch_native)(void);
	int (*resolve)(uint32_t arch, const char *name);
	int (*rule_add)(scmp_filter_ctx ctx, uint32_t action, int syscall,
			unsigned int arg_count,
			const struct scmp_arg_cmp *args);
	int (*export_bpf)(scmp_filter_ctx ctx, int fd);
};

static int
library_open(struct library *lib, struct err *err)
{
	const struct {
		const char *name;
		void *slot;
	} symbols[] = {
		{ "seccomp_init", &lib->init },
		{ "seccomp_release", &lib->release },
		{ "seccomp_attr_set", &lib->attr_set },
		{ "seccomp_arch_add", &lib->arch_add },
		{ "seccomp_arch_native", &lib->arch_native },
		{ "seccomp_syscall_resolve_name_arch", &lib->resolve },
		{ "seccomp_rule_add_array", &lib->rule_add },
		{ "seccomp_export_bpf", &lib->export_bpf },
	};
	/* Never closed: the process is short-lived. */
	void *handle = dlopen("libseccomp.so.2", RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; i < ARRAY_LEN(symbols); i++) {
		void *address = handle ? dlsym(handle, symbols[i].name) : NULL;

		if (!address) {
			(void)err_set(err, EOPNOTSUPP,
				      "libseccomp.so.2 cannot be loaded: %s",
				      dlerror());
			err_hint(
				err,
				"apt-get install libseccomp2, or run with --security-opt seccomp=unconfined");
			return -EOPNOTSUPP;
		}
		memcpy(symbols[i].slot, &address, sizeof(address));
	}
	return 0;
}

static int
add_rule(const struct library *lib, scmp_filter_ctx ctx,
	 const struct seccomp_rule *rule, struct err *err)
{
	for (size_t i = 0; i < rule->names.len; i++) {
		const char *name = rule->names.v[i];
		int nr = lib->resolve(lib->arch_native(), name);
		int r;

		if (nr == __NR_SCMP_ERROR)
			continue; /* newer than libseccomp, or a typing error */
		r = lib->rule_add(ctx, rule->action, nr, rule->arg_count,
				  rule->args);
		/* Said before, or not a call of this architecture. */
		if (r < 0 && r != -EEXIST && r != -EDOM)
			return err_code(err, -r, "seccomp rule for '%s'", name);
	}
	return 0;
}

static int
add_rules(const struct library *lib, scmp_filter_ctx ctx,
	  const struct seccomp_rules *rules, struct err *err)
{
	int r = lib->attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, OPTIMIZE_TREE);

	/* Before libseccomp 2.5 there is no tree: slower, not wrong. */
	if (r < 0 && r != -EINVAL && r != -EOPNOTSUPP)
		return err_code(err, -r, "optimize the seccomp filter");
	for (size_t i = 0; i < rules->arch_count; i++) {
		if (rules->archs[i] == lib->arch_native())
			continue;
		r = lib->arch_add(ctx, rules->archs[i]);
		if (r < 0 && r != -EEXIST)
			return err_code(err, -r, "add a seccomp architecture");
	}
	for (size_t i = 0; i < rules->len; i++) {
		if (rules->rules[i].action == rules->default_action)
			continue; /* libseccomp refuses to say it twice */
		r = add_rule(lib, ctx, &rules->rules[i], err);
		if (r < 0)
			return r;
	}
	return 0;
}

static struct sock_filter
load(size_t offset)
{
	return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
					    (uint32_t)offset);
}

/* Jump over @over instructions unless the loaded value is @value. */
static struct sock_filter
unless(uint32_t value, unsigned char over)
{
	return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0,
					    over);
}

static struct sock_filter
fail(unsigned int code)
{
	return (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
					    SECCOMP_RET_ERRNO | code);
}

static size_t
low_word(unsigned int arg)
{
	size_t offset = offsetof(struct seccomp_data, args) + 8 * arg;

	return offset + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0);
}

/* The highest number any rule gives a call of @arch. */
static int
highest_call(const struct library *lib, uint32_t arch,
	     const struct seccomp_rules *rules)
{
	int highest = 0;

	for (size_t i = 0; i < rules->len; i++) {
		const struct strvec *names = &rules->rules[i].names;

		for (size_t n = 0; n < names->len; n++) {
			int nr = lib->resolve(arch, names->v[n]);

			highest = nr > highest ? nr : highest;
		}
	}
	return highest;
}

static bool
has_arch(const struct seccomp_rules *rules, uint32_t arch)
{
	for (size_t i = 0; i < rules->arch_count; i++)
		if (rules->archs[i] == arch)
			return true;
	return false;
}

/* The guard of one architecture; each part ends where the next begins. */
static void
add_guard(const struct library *lib, uint32_t arch,
	  const struct seccomp_rules *rules, struct seccomp_filter *filter)
{
	struct sock_filter code[32];
	size_t n = 0, start;
	bool is_errno = (rules->default_action & SECCOMP_RET_ACTION_FULL) ==
			SECCOMP_RET_ERRNO;
	uint32_t newest = (uint32_t)highest_call(lib, arch, rules);

	code[n++] = load(offsetof(struct seccomp_data, arch));
	start = n++;
	code[n++] = load(offsetof(struct seccomp_data, nr));
	if (is_errno && !has_arch(rules, SCMP_ARCH_X32)) {
		code[n++] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JGT | BPF_K, newest, 0, 1);
		code[n++] = fail(ENOSYS);
	}
	if (rules->guard) {
		code[n++] = unless((uint32_t)lib->resolve(arch, "ioctl"), 5);
		code[n++] = load(low_word(1));
		code[n++] = unless(TIOCSTI, 1);
		code[n++] = fail(EPERM);
		code[n++] = unless(TIOCLINUX, 1);
		code[n++] = fail(EPERM);
		code[n++] = load(offsetof(struct seccomp_data, nr));
		code[n++] = unless((uint32_t)lib->resolve(arch, "socket"), 3);
		code[n++] = load(low_word(0));
		code[n++] = unless(AF_VSOCK, 1);
		code[n++] = fail(EPERM);
	}
	code[start] = unless(arch, (unsigned char)(n - start - 1));
	seccomp_filter_append(filter, code, n);
}

static int
export_program(const struct library *lib, scmp_filter_ctx ctx,
	       struct seccomp_filter *filter, struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_close int fd = memfd_create("seccomp", MFD_CLOEXEC);
	size_t count;
	int r;

	if (fd < 0)
		return err_sys(err, "make a memory file");
	r = lib->export_bpf(ctx, fd);
	if (r < 0)
		return err_code(err, -r, "compile the seccomp filter");
	if (lseek(fd, 0, SEEK_SET) < 0)
		return err_sys(err, "read the seccomp filter");
	r = io_read_all(fd, 1 << 20, &sb, err);
	if (r < 0)
		return r;
	count = sb.len / sizeof(struct sock_filter);
	if (count == 0 || filter->prog.len + count > BPF_MAXINSNS)
		return err_set(
			err, EOPNOTSUPP,
			"the seccomp profile needs %zu instructions, the kernel takes %d",
			count, BPF_MAXINSNS);
	seccomp_filter_append(filter, (const struct sock_filter *)sb.buf,
			      count);
	return 0;
}

int
seccomp_compile(const struct seccomp_rules *rules,
		struct seccomp_filter *ret_filter, struct err *err)
{
	cleanup_seccomp_filter struct seccomp_filter filter = {
		.flags = rules->flags
	};
	struct library lib;
	scmp_filter_ctx ctx;
	int r = library_open(&lib, err);

	if (r < 0)
		return r;
	ctx = lib.init(rules->default_action);
	if (!ctx)
		return err_set(
			err, EINVAL,
			"libseccomp refuses the profile's default action");
	r = add_rules(&lib, ctx, rules, err);
	if (r == 0) {
		add_guard(&lib, lib.arch_native(), rules, &filter);
		for (size_t i = 0; i < rules->arch_count; i++)
			if (rules->archs[i] != lib.arch_native() &&
			    rules->archs[i] != SCMP_ARCH_X32)
				add_guard(&lib, rules->archs[i], rules,
					  &filter);
		r = export_program(&lib, ctx, &filter, err);
	}
	lib.release(ctx);
	if (r < 0)
		return r;
	*ret_filter = filter;
	filter.prog.filter = NULL;
	return 0;
}
