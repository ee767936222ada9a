/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/seccomp_fakeid.c - ids that a one-id user namespace has not.
 *
 * The kernel refuses an unmapped id before any file system sees it (EINVAL),
 * and setgroups always (EPERM), so package managers fail. Here such calls
 * succeed and do nothing; calls that name only mapped ids, or -1 for "leave
 * as it is", are made for real, with real errors. A device node that mknod
 * could not make is reported as made; whiteouts (0:0) and FIFOs are real.
 * With somebody to answer (owner_watch.h) all calls that change owners, those
 * that make devices or would become another user go there instead.
 */
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/alloc.h"
#include "runtime/seccomp_rules.h"

#define NO_ID UINT32_MAX

enum fake_kind {
	FAKE_ALWAYS,
	FAKE_IDS,   /* when an id argument is not a mapped one */
	FAKE_OWNER, /* the same, of a file */
	FAKE_USER,  /* the same, of the process */
	FAKE_NODE,  /* when it would make a device */
	FAKE_KIND_COUNT,
};

struct fake_call {
	uint32_t nr;
	enum fake_kind kind;
	unsigned char first; /* argument of the first id, or of the mode */
	const char *ids;     /* 'u' and 'g' for the arguments from there on */
};

static const struct fake_call native_calls[] = {
#ifdef SYS_chown
	{ SYS_chown, FAKE_OWNER, 1, "ug" },
	{ SYS_lchown, FAKE_OWNER, 1, "ug" },
	{ SYS_mknod, FAKE_NODE, 1, NULL },
#endif
	{ SYS_fchown, FAKE_OWNER, 1, "ug" },
	{ SYS_fchownat, FAKE_OWNER, 2, "ug" },
	{ SYS_mknodat, FAKE_NODE, 2, NULL },
	{ SYS_setfsgid, FAKE_IDS, 0, "g" },
	{ SYS_setfsuid, FAKE_IDS, 0, "u" },
	{ SYS_setgid, FAKE_IDS, 0, "g" },
	{ SYS_setgroups, FAKE_ALWAYS, 0, NULL },
	{ SYS_setregid, FAKE_IDS, 0, "gg" },
	{ SYS_setresgid, FAKE_IDS, 0, "ggg" },
	{ SYS_setresuid, FAKE_USER, 0, "uuu" },
	{ SYS_setreuid, FAKE_USER, 0, "uu" },
	{ SYS_setuid, FAKE_USER, 0, "u" },
};

#ifdef __x86_64__
#define NATIVE_ARCH AUDIT_ARCH_X86_64
/* i386 (arch/x86/entry/syscalls/syscall_32.tbl), the 32-bit id forms. */
static const struct fake_call compat_calls[] = {
	{ 14, FAKE_NODE, 1, NULL },    /* mknod */
	{ 198, FAKE_OWNER, 1, "ug" },  /* lchown32 */
	{ 203, FAKE_USER, 0, "uu" },   /* setreuid32 */
	{ 204, FAKE_IDS, 0, "gg" },    /* setregid32 */
	{ 206, FAKE_ALWAYS, 0, NULL }, /* setgroups32 */
	{ 207, FAKE_OWNER, 1, "ug" },  /* fchown32 */
	{ 208, FAKE_USER, 0, "uuu" },  /* setresuid32 */
	{ 210, FAKE_IDS, 0, "ggg" },   /* setresgid32 */
	{ 212, FAKE_OWNER, 1, "ug" },  /* chown32 */
	{ 213, FAKE_USER, 0, "u" },    /* setuid32 */
	{ 214, FAKE_IDS, 0, "g" },     /* setgid32 */
	{ 215, FAKE_IDS, 0, "u" },     /* setfsuid32 */
	{ 216, FAKE_IDS, 0, "g" },     /* setfsgid32 */
	{ 297, FAKE_NODE, 2, NULL },   /* mknodat */
	{ 298, FAKE_OWNER, 2, "ug" },  /* fchownat */
};
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv)
#define NATIVE_ARCH AUDIT_ARCH_RISCV64
#elif defined(__s390x__)
#define NATIVE_ARCH AUDIT_ARCH_S390X
#elif defined(__powerpc64__)
#define NATIVE_ARCH AUDIT_ARCH_PPC64LE
#endif

static struct sock_filter
stmt(unsigned short code, uint32_t value)
{
	return (struct sock_filter)BPF_STMT(code, value);
}

static struct sock_filter
jump_eq(uint32_t value, unsigned char if_true, unsigned char if_false)
{
	return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value,
					    if_true, if_false);
}

static struct sock_filter
load_arg(unsigned int arg)
{
	size_t offset = offsetof(struct seccomp_data, args) + 8 * arg;

	offset += __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;
	return stmt(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

/* What is done once the number is known; ends with a return in all cases. */
static size_t
check_ids(const struct fake_call *call, const struct seccomp_fakeid *fake,
	  uint32_t action, struct sock_filter *code)
{
	size_t n = 0;

	for (size_t i = 0; call->ids[i]; i++) {
		uint32_t id = call->ids[i] == 'u' ? fake->uid : fake->gid;

		code[n++] = load_arg(call->first + (unsigned int)i);
		code[n++] = jump_eq(id, 2, 0);
		code[n++] = jump_eq(NO_ID, 1, 0);
		code[n++] = stmt(BPF_RET | BPF_K, action);
	}
	code[n++] = stmt(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	return n;
}

static size_t
check_node(const struct fake_call *call, uint32_t action,
	   struct sock_filter *code)
{
	size_t n = 0;

	code[n++] = load_arg(call->first);
	code[n++] = stmt(BPF_ALU | BPF_AND | BPF_K, S_IFMT);
	code[n++] = jump_eq(S_IFBLK, 3, 0);
	code[n++] = jump_eq(S_IFCHR, 0, 3);
	code[n++] = load_arg(call->first + 1u);
	code[n++] = jump_eq(0, 1, 0);
	code[n++] = stmt(BPF_RET | BPF_K, action);
	code[n++] = stmt(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	return n;
}

static void
add_call(const struct fake_call *call, const struct seccomp_fakeid *fake,
	 struct seccomp_filter *filter)
{
	uint32_t action =
		fake->is_watched ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_ERRNO;
	struct sock_filter code[24];
	size_t n = 1;

	if (call->kind == FAKE_ALWAYS)
		code[n++] = stmt(BPF_RET | BPF_K, SECCOMP_RET_ERRNO);
	else if (call->kind == FAKE_NODE)
		n += check_node(call, action, code + n);
	else if (call->kind == FAKE_OWNER && fake->is_watched)
		code[n++] = stmt(BPF_RET | BPF_K, action);
	else
		n += check_ids(call, fake,
			       call->kind == FAKE_USER ? action
						       : SECCOMP_RET_ERRNO,
			       code + n);
	code[0] = jump_eq(call->nr, 0, (unsigned char)(n - 1));
	seccomp_filter_append(filter, code, n);
}

/* The calls of one architecture, jumped over by all others. */
static void
add_arch(uint32_t arch, const struct fake_call *calls, size_t count,
	 const struct seccomp_fakeid *fake, struct seccomp_filter *filter)
{
	size_t at = filter->prog.len;
	struct sock_filter head[] = {
		stmt(BPF_LD | BPF_W | BPF_ABS,
		     offsetof(struct seccomp_data, arch)),
		jump_eq(arch, 1, 0),
		stmt(BPF_JMP | BPF_JA, 0), /* to the end; length comes later */
		stmt(BPF_LD | BPF_W | BPF_ABS,
		     offsetof(struct seccomp_data, nr)),
	};

	seccomp_filter_append(filter, head, ARRAY_LEN(head));
	for (size_t i = 0; i < count; i++)
		add_call(&calls[i], fake, filter);
	filter->prog.filter[at + 2].k = (uint32_t)(filter->prog.len - at - 3);
}

void
seccomp_fakeid_build(const struct seccomp_fakeid *fake,
		     struct seccomp_filter *ret_filter)
{
	const struct sock_filter end = stmt(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct seccomp_filter filter = { .flags = 0 };

	add_arch(NATIVE_ARCH, native_calls, ARRAY_LEN(native_calls), fake,
		 &filter);
#ifdef __x86_64__
	add_arch(AUDIT_ARCH_I386, compat_calls, ARRAY_LEN(compat_calls), fake,
		 &filter);
#endif
	seccomp_filter_append(&filter, &end, 1);
	*ret_filter = filter;
}
