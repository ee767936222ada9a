/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/registry.h - one repository on a registry, to read or write.
 *
 * Requests go out from the calling thread: a call blocks until it is over or
 * the tick says stop. Credentials go to the registry's own origin and to the
 * token service it names, never to where a redirect leads (rule R5).
 * libcurl may resolve names on short-lived threads of its own: a caller that
 * wants to unshare() forks first.
 * Spec: OCI distribution-spec v1.1; docker registry token authentication.
 */
#ifndef DHOW_REGISTRY_REGISTRY_H
#define DHOW_REGISTRY_REGISTRY_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "base/strvec.h"
#include "conf/credentials.h"
#include "conf/registries.h"
#include "spec/digest.h"
#include "spec/ref.h"

enum registry_tls {
	REGISTRY_TLS_AUTO,   /* verified; loopback and `insecure` need not be */
	REGISTRY_TLS_VERIFY, /* HTTPS with a valid certificate, no exception */
	REGISTRY_TLS_OFF, /* any certificate, plain HTTP if there is no TLS */
	REGISTRY_TLS_COUNT,
};

#define REGISTRY_RETRIES 3
#define REGISTRY_PARALLEL 3

struct registry_opts {
	const struct registries *registries; /* borrowed while open; or NULL */
	struct credentials_opts credentials;
	const char *user_pass; /* --creds "USER[:PASS]", or NULL */
	enum registry_tls tls;
	const char *cert_dir; /* --cert-dir, or NULL */
	/*
	 * To be written to: mirrors are left out, and access is asked for to
	 * @mounts too, repositories there whose blobs may be taken over. NULL:
	 * none; borrowed while open.
	 */
	bool push;
	const struct strvec *mounts;
	bool whole;  /* the registry, not one repository: any log-in will do */
	int retries; /* after the first attempt, in a row */
	int64_t retry_delay_ns; /* 0: exponential back-off */
	/*
	 * Called at least every 200 ms while a call waits; a negative result
	 * ends the call with that code. May be NULL.
	 */
	int (*tick)(void *data);
	/* A line worth showing ("retrying in 2 s: …"). May be NULL. */
	void (*note)(void *data, const char *text);
	void *data; /* for tick and note */
};

#define REGISTRY_OPTS_INIT                  \
	{                                   \
		.retries = REGISTRY_RETRIES \
	}

struct registry;

/*
 * Prepare to read @ref's repository: choose endpoints (mirrors, rewrites),
 * find credentials and certificates. Nothing is sent yet. Call it before
 * entering a user namespace (see credentials_find()).
 *
 * @ref, @opts: copied, but for what opts borrows
 *
 * Returns 0; -EACCES when the site blocks the registry, and what
 * credentials_find() and registries_find_certs() return.
 */
int registry_open(const struct ref *ref, const struct registry_opts *opts,
		  struct registry **ret_reg, struct err *err);
void registry_close(struct registry *reg);
DEFINE_CLEANUP(struct registry *, registry_close);

/*
 * Does the registry @domain take the credentials of @opts? One that asks
 * nobody who he is takes any. Returns 0; -EACCES; or as
 * registry_get_manifest().
 */
int registry_check_login(const char *domain, const struct registry_opts *opts,
			 struct err *err);

struct registry_manifest {
	struct strbuf bytes; /* at most MANIFEST_MAX_BYTES */
	/* As the registry said, without parameters; NULL when it said nothing
	 * that tells (text/plain, application/json, …). */
	char *media_type;
	struct digest digest; /* of the bytes, computed here */
};

#define REGISTRY_MANIFEST_INIT       \
	{                            \
		.bytes = STRBUF_INIT \
	}
#define cleanup_registry_manifest cleanup_release(registry_manifest_release)
void registry_manifest_release(struct registry_manifest *manifest);

/*
 * Get a manifest or an index.
 *
 * @tag_or_digest: NULL for the reference's own (its digest if it has one)
 *
 * The bytes are hashed: a digest that was asked for, and one that the
 * registry claims, must be theirs.
 *
 * Returns 0; -ENOENT no such repository or tag, -EACCES refused, -EBADMSG
 * wrong digest or too large, -EOPNOTSUPP a type nobody can use (schema 1),
 * -EDQUOT rate limit, -EPROTO the registry broke its protocol, -ETIMEDOUT,
 * -EHOSTUNREACH, -ECONNREFUSED, -EKEYREJECTED certificate not accepted.
 */
int registry_get_manifest(struct registry *reg, const char *tag_or_digest,
			  struct registry_manifest *ret_manifest,
			  struct err *err);

/*
 * Append the repository's tags in the registry's order, following its pages
 * up to @max of them. Returns 0 or as registry_get_manifest().
 */
int registry_list_tags(struct registry *reg, size_t max,
		       struct strvec *ret_tags, struct err *err);

/*
 * Where a blob's bytes go. They arrive in order; after a cut line they go on
 * where they stopped. They are not verified here: the caller hashes them.
 */
struct registry_blob {
	struct digest digest;
	int64_t size_bytes; /* from the descriptor; more or less is -EBADMSG */
	int64_t offset;     /* bytes the caller has already; start there */
	/*
	 * Take up to @len bytes: returns the count taken, or -errno, which ends
	 * the download with it (@err may be filled). When fewer than @len were
	 * taken the line is held until @wait_fd can be written to.
	 */
	ssize_t (*write)(void *data, const void *bytes, size_t len,
			 struct err *err);
	/*
	 * The last byte was taken (once per blob; not called on failure).
	 * < 0 ends the whole set with that code. May be NULL.
	 */
	int (*done)(void *data, struct err *err);
	int wait_fd; /* polled for POLLOUT while the sink is full; or -1 */
	void *data;
};

/* A set of blobs under way, a few at a time. */
struct registry_download;

/* @parallel: how many at once, 0 for REGISTRY_PARALLEL. Borrows @reg. */
struct registry_download *registry_download_new(struct registry *reg,
						size_t parallel);
/* Ends what still runs. */
void registry_download_free(struct registry_download *set);
DEFINE_CLEANUP(struct registry_download *, registry_download_free);

/* Queue a blob (copied); also while the set runs. */
void registry_download_add(struct registry_download *set,
			   const struct registry_blob *blob);

/*
 * Drive the set for one round of at most @timeout_ms, watching @extra
 * (revents are filled) beside the lines.
 *
 * Returns the number of blobs not yet complete (0: all done), or the first
 * failure; then the set is only good for registry_download_free().
 */
int registry_download_step(struct registry_download *set, struct pollfd *extra,
			   size_t extra_count, int timeout_ms, struct err *err);

/* Drive the set to its end. Returns 0 or the first failure. */
int registry_download_run(struct registry_download *set, struct err *err);

#endif
