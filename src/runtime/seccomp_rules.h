/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/seccomp_rules.h - a seccomp profile as data, before it is compiled.
 *
 * The conditions of a profile (capabilities, architecture, kernel) are already
 * decided: what is in the list holds for this container on this host.
 */
#ifndef DHOW_RUNTIME_SECCOMP_RULES_H
#define DHOW_RUNTIME_SECCOMP_RULES_H

#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/span.h"
#include "base/strvec.h"
#include "runtime/seccomp_profile.h"

#define SECCOMP_RULES_MAX_ARGS 6
#define SECCOMP_RULES_MAX_ARCHS 8

struct seccomp_rule {
	struct strvec names; /* system calls; unknown ones are skipped */
	uint32_t action;     /* SCMP_ACT_* */
	struct scmp_arg_cmp args[SECCOMP_RULES_MAX_ARGS]; /* all must hold */
	unsigned int arg_count;
};

struct seccomp_rules {
	uint32_t default_action;
	uint32_t archs[SECCOMP_RULES_MAX_ARCHS]; /* beside the native one */
	size_t arch_count;
	unsigned int flags; /* SECCOMP_FILTER_FLAG_* */
	bool guard;         /* refuse what argument rules cannot express */
	struct seccomp_rule *rules;
	size_t len;
	size_t cap;
};

#define SECCOMP_RULES_INIT     \
	{                      \
		.rules = NULL, \
	}
#define cleanup_seccomp_rules cleanup_release(seccomp_rules_release)

/* What the conditions of a profile are held against. */
struct seccomp_host {
	uint64_t caps;          /* of the container */
	unsigned int kernel[2]; /* "6.18" */
	const char *arch;       /* Go's name, "amd64" */
	uint32_t scmp_arch;     /* SCMP_ARCH_* */
	const char *scmp_name;  /* "SCMP_ARCH_X86_64" */
};

void seccomp_rules_release(struct seccomp_rules *rules);
/* Add an empty rule; borrowed until the next one is added. */
struct seccomp_rule *seccomp_rules_add(struct seccomp_rules *rules,
				       uint32_t action);

/* Facts of this host; -EOPNOTSUPP on an architecture we do not know. */
int seccomp_host_init(struct seccomp_host *host, uint64_t caps,
		      struct err *err);

/* The built-in default, and a number that changes whenever its table does. */
void seccomp_default_rules(const struct seccomp_host *host,
			   struct seccomp_rules *rules);
uint64_t seccomp_default_hash(void);

/*
 * Read a profile of Docker's JSON format (formats.md §9).
 *
 * @name: leads messages
 *
 * Returns 0; -EINVAL with "name: what" for a bad one, -EBADMSG for bad JSON,
 * -EOPNOTSUPP when it asks for a listener. @rules is released by the caller
 * in any case.
 */
int seccomp_json_rules(struct span text, const char *name,
		       const struct seccomp_host *host,
		       struct seccomp_rules *rules, struct err *err);

/* Compile with libseccomp, loaded here; -EOPNOTSUPP when it is missing. */
int seccomp_compile(const struct seccomp_rules *rules,
		    struct seccomp_filter *ret_filter, struct err *err);

/*
 * Replace the program by one that decides the same with fewer instructions;
 * one of a form that libseccomp does not write is left as it is.
 */
void seccomp_shrink(struct seccomp_filter *filter);

/* Append one instruction list to another; both malloc'd arrays. */
void seccomp_filter_append(struct seccomp_filter *filter,
			   const struct sock_filter *insns, size_t count);

/* FNV-1a, 64 bits; start with SECCOMP_HASH_INIT. */
#define SECCOMP_HASH_INIT UINT64_C(14695981039346656037)
uint64_t seccomp_hash(uint64_t hash, const void *data, size_t len);

/*
 * Compiled programs in the cache directory, named by a hash of their key; the
 * key itself lies in the file and is compared. Returns true when found.
 */
bool seccomp_cache_get(int dirfd, struct span key,
		       struct seccomp_filter *ret_filter);
void seccomp_cache_put(int dirfd, struct span key,
		       const struct seccomp_filter *filter);

#endif
