/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/seccomp_rules.c - a seccomp profile as data, before it is compiled.
 */
#include "runtime/seccomp_rules.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/alloc.h"

static const struct {
	const char *machine; /* of uname */
	const char *arch;
	uint32_t scmp;
	const char *name;
} host_archs[] = {
	{ "aarch64", "arm64", SCMP_ARCH_AARCH64, "SCMP_ARCH_AARCH64" },
	{ "ppc64le", "ppc64le", SCMP_ARCH_PPC64LE, "SCMP_ARCH_PPC64LE" },
	{ "riscv64", "riscv64", SCMP_ARCH_RISCV64, "SCMP_ARCH_RISCV64" },
	{ "s390x", "s390x", SCMP_ARCH_S390X, "SCMP_ARCH_S390X" },
	{ "x86_64", "amd64", SCMP_ARCH_X86_64, "SCMP_ARCH_X86_64" },
};

void
seccomp_rules_release(struct seccomp_rules *rules)
{
	for (size_t i = 0; i < rules->len; i++)
		strvec_release(&rules->rules[i].names);
	free(rules->rules);
	*rules = (struct seccomp_rules)SECCOMP_RULES_INIT;
}

struct seccomp_rule *
seccomp_rules_add(struct seccomp_rules *rules, uint32_t action)
{
	array_push(rules->rules, rules->len, rules->cap,
		   (struct seccomp_rule){ .action = action });
	return &rules->rules[rules->len - 1];
}

static void
parse_release(const char *release, unsigned int version[2])
{
	char *end;

	version[0] = (unsigned int)strtoul(release, &end, 10);
	if (*end == '.')
		version[1] = (unsigned int)strtoul(end + 1, NULL, 10);
}

int
seccomp_host_init(struct seccomp_host *host, uint64_t caps, struct err *err)
{
	struct utsname uts;

	if (uname(&uts) < 0)
		return err_sys(err, "ask the kernel for its name");
	*host = (struct seccomp_host){ .caps = caps };
	parse_release(uts.release, host->kernel);
	for (size_t i = 0; i < ARRAY_LEN(host_archs); i++) {
		if (strcmp(uts.machine, host_archs[i].machine) != 0)
			continue;
		host->arch = host_archs[i].arch;
		host->scmp_arch = host_archs[i].scmp;
		host->scmp_name = host_archs[i].name;
		return 0;
	}
	return err_set(err, EOPNOTSUPP,
		       "no seccomp profile is known for the machine '%s'",
		       uts.machine);
}

uint64_t
seccomp_hash(uint64_t hash, const void *data, size_t len)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	return hash;
}

void
seccomp_filter_append(struct seccomp_filter *filter,
		      const struct sock_filter *insns, size_t count)
{
	struct sock_fprog *prog = &filter->prog;

	prog->filter =
		xreallocarray(prog->filter, prog->len + count, sizeof(*insns));
	memcpy(prog->filter + prog->len, insns, count * sizeof(*insns));
	prog->len = (unsigned short)(prog->len + count);
}

void
seccomp_filter_release(struct seccomp_filter *filter)
{
	free(filter->prog.filter);
	*filter = (struct seccomp_filter){ .flags = 0 };
}
