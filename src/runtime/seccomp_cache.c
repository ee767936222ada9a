/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/seccomp_cache.c - compiled seccomp programs between starts.
 *
 * A file is a struct header, the key and the instructions; it appears whole
 * by rename. One that is torn, foreign or of another key counts as absent and
 * is written anew. A wrong program would still only be ours: the directory is
 * private to the user, and the kernel verifies what it loads.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fsx.h"
#include "base/strbuf.h"
#include "runtime/seccomp_rules.h"

#define CACHE_MAGIC UINT64_C(0x32465042574f4844) /* "DHOWBPF2" */
#define CACHE_MAX_BYTES                                             \
	(SECCOMP_PROFILE_MAX_BYTES + sizeof(struct header) + 4096 + \
	 BPF_MAXINSNS * sizeof(struct sock_filter))
#define CACHE_NAME_BYTES 32

struct header {
	uint64_t magic;
	uint64_t sum; /* of key and instructions */
	uint32_t key_bytes;
	uint32_t insn_count;
	uint32_t flags;
	uint32_t unused;
};

static void
cache_name(struct span key, char name[CACHE_NAME_BYTES])
{
	(void)snprintf(name, CACHE_NAME_BYTES, "%016llx.bpf",
		       (unsigned long long)seccomp_hash(SECCOMP_HASH_INIT,
							key.ptr, key.len));
}

static uint64_t
cache_sum(struct span key, const struct sock_filter *insns, size_t count)
{
	uint64_t sum = seccomp_hash(SECCOMP_HASH_INIT, key.ptr, key.len);

	return seccomp_hash(sum, insns, count * sizeof(*insns));
}

bool
seccomp_cache_get(int dirfd, struct span key, struct seccomp_filter *ret_filter)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	char name[CACHE_NAME_BYTES];
	const struct sock_filter *insns;
	struct header head;

	cache_name(key, name);
	if (fsx_read_file(dirfd, name, CACHE_MAX_BYTES, &sb, NULL) < 0 ||
	    sb.len < sizeof(head))
		return false;
	memcpy(&head, sb.buf, sizeof(head));
	if (head.magic != CACHE_MAGIC || head.key_bytes != key.len ||
	    head.insn_count == 0 || head.insn_count > BPF_MAXINSNS ||
	    sb.len !=
		    sizeof(head) + key.len + head.insn_count * sizeof(*insns) ||
	    memcmp(sb.buf + sizeof(head), key.ptr, key.len) != 0)
		return false;
	insns = (const void *)(sb.buf + sizeof(head) + key.len);
	if (head.sum != cache_sum(key, insns, head.insn_count))
		return false;
	*ret_filter = (struct seccomp_filter){ .flags = head.flags };
	seccomp_filter_append(ret_filter, insns, head.insn_count);
	return true;
}

void
seccomp_cache_put(int dirfd, struct span key,
		  const struct seccomp_filter *filter)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const struct sock_fprog *prog = &filter->prog;
	char name[CACHE_NAME_BYTES];
	struct header head = {
		.magic = CACHE_MAGIC,
		.sum = cache_sum(key, prog->filter, prog->len),
		.key_bytes = (uint32_t)key.len,
		.insn_count = prog->len,
		.flags = filter->flags,
	};

	cache_name(key, name);
	strbuf_add(&sb, &head, sizeof(head));
	strbuf_add(&sb, key.ptr, key.len);
	strbuf_add(&sb, prog->filter, prog->len * sizeof(*prog->filter));
	/* A cache that cannot be written only costs the next start time. */
	(void)fsx_write_atomic(dirfd, name, sb.buf, sb.len, 0600, FSX_NOSYNC,
			       NULL);
}
