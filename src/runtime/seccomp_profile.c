/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runtime/seccomp_profile.c - which system calls a container may make.
 */
#include "runtime/seccomp_profile.h"

#include <fcntl.h>

#include "base/fsx.h"
#include "base/log.h"
#include "runtime/seccomp_rules.h"

/* All that a program depends on, as text: the cache compares it whole. */
static int
make_key(const struct seccomp_host *host, const char *path, struct strbuf *key,
	 size_t *ret_profile_at, struct err *err)
{
	int r;

	strbuf_addf(key, "arch=%s kernel=%u.%u caps=%llx ", host->arch,
		    host->kernel[0], host->kernel[1],
		    (unsigned long long)host->caps);
	if (!path) {
		strbuf_addf(key, "builtin=%llx",
			    (unsigned long long)seccomp_default_hash());
		return 0;
	}
	strbuf_addstr(key, "profile=");
	*ret_profile_at = key->len;
	r = fsx_read_file(AT_FDCWD, path, SECCOMP_PROFILE_MAX_BYTES, key, err);
	return r < 0 ? err_wrap(err, r, "seccomp profile '%s'", path) : 0;
}

static int
compile(const struct seccomp_host *host, const char *path, struct span profile,
	struct seccomp_filter *ret_filter, struct err *err)
{
	cleanup_seccomp_rules struct seccomp_rules rules = SECCOMP_RULES_INIT;
	int r = 0;

	if (path)
		r = seccomp_json_rules(profile, path, host, &rules, err);
	else
		seccomp_default_rules(host, &rules);
	/* Callers tell "not a profile" from "not possible" by the code. */
	if (r == -EBADMSG && err)
		err->code = EINVAL;
	if (r < 0)
		return r == -EBADMSG ? -EINVAL : r;
	r = seccomp_compile(&rules, ret_filter, err);
	if (r == 0)
		seccomp_shrink(ret_filter);
	return r;
}

int
seccomp_profile_load(int cachedirfd, const char *path, uint64_t caps,
		     struct seccomp_filter *ret_filter, struct err *err)
{
	cleanup_strbuf struct strbuf key = STRBUF_INIT;
	struct seccomp_host host;
	size_t profile_at = 0;
	int r = seccomp_host_init(&host, caps, err);

	if (r == 0)
		r = make_key(&host, path, &key, &profile_at, err);
	if (r < 0)
		return r;
	if (cachedirfd >= 0 &&
	    seccomp_cache_get(cachedirfd, span_new(key.buf, key.len),
			      ret_filter))
		return 0;
	log_debug("compiling the seccomp profile '%s'",
		  path ? path : "builtin");
	r = compile(&host, path,
		    span_new(key.buf + profile_at, key.len - profile_at),
		    ret_filter, err);
	if (r == 0 && cachedirfd >= 0)
		seccomp_cache_put(cachedirfd, span_new(key.buf, key.len),
				  ret_filter);
	return r;
}
