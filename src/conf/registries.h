/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/registries.h - what the site says about registries.
 *
 * registries.conf version 2 (CONTAINERS_REGISTRIES_CONF, else the user's,
 * else the system's, then the drop-ins of registries.conf.d), the
 * `registries:` mapping of our own config.yaml on top of it, and certs.d.
 * Spec: containers-registries.conf(5), containers-certs.d(5).
 */
#ifndef DHOW_CONF_REGISTRIES_H
#define DHOW_CONF_REGISTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/strvec.h"
#include "data/node.h"

#define REGISTRIES_MAX_FILE_BYTES (1U << 20)

struct registries;

struct registries_opts {
	const char *etc;  /* NULL: "/etc" */
	const char *home; /* NULL: $HOME */
};

/*
 * Read all that exists; files that do not are no failure.
 * @opts: may be NULL. Returns 0; -EBADMSG with file:line:col.
 */
int registries_load(const struct registries_opts *opts,
		    struct registries **ret_regs, struct err *err);
void registries_free(struct registries *regs);
DEFINE_CLEANUP(struct registries *, registries_free);

/*
 * Add the `registries:` mapping of config.yaml; it wins over what is there:
 * "host[/path]": { insecure, blocked: bool; location: host[/path];
 * mirrors: [host[/path], …] }. @node may be NULL.
 * Returns 0; -EINVAL with file:line:col.
 */
int registries_add_config(struct registries *regs, const struct node *node,
			  struct err *err);

/* What an unqualified name stands for ("debian" → "docker.io/library/debian"),
 * or NULL; borrowed. */
const char *registries_alias(const struct registries *regs, const char *name);

/* unqualified-search-registries; empty unless configured. Borrowed. */
const struct strvec *registries_search(const struct registries *regs);

/* credential-helpers, for struct credentials_opts; borrowed. */
const struct strvec *registries_helpers(const struct registries *regs);

/* One place to ask for a repository. */
struct registries_endpoint {
	char *domain;  /* after rewriting: "mirror.example:5000" */
	char *path;    /* "proxy/library/debian" */
	bool insecure; /* unverified TLS and plain HTTP are allowed */
	bool mirror;
};

struct registries_endpoints {
	struct registries_endpoint *items; /* mirrors first, itself last */
	size_t len;
	size_t cap;
};

#define REGISTRIES_ENDPOINTS_INIT \
	{                         \
		.items = NULL     \
	}
#define cleanup_endpoints cleanup_release(registries_endpoints_release)
void registries_endpoints_release(struct registries_endpoints *list);

/*
 * Where to get @domain/@path. @by_digest: the content is known by its digest
 * (mirrors may be limited to that, or to tags). @regs may be NULL.
 * Returns 0, or -EACCES when the site blocks it.
 */
int registries_resolve(const struct registries *regs, const char *domain,
		       const char *path, bool by_digest,
		       struct registries_endpoints *ret_list, struct err *err);

/* TLS files for one registry; paths, or NULL. */
struct registries_certs {
	struct strvec ca_files;
	char *client_cert;
	char *client_key;
};

#define REGISTRIES_CERTS_INIT           \
	{                               \
		.ca_files = STRVEC_INIT \
	}
#define cleanup_certs cleanup_release(registries_certs_release)
void registries_certs_release(struct registries_certs *certs);

/*
 * Collect *.crt, NAME.cert and NAME.key for @domain ("host[:port]") from
 * @cert_dir (--cert-dir) alone, or when that is NULL from the user's and the
 * system's certs.d. Returns 0; -ENOENT when @cert_dir or a key is missing.
 */
int registries_find_certs(const struct registries_opts *opts,
			  const char *cert_dir, const char *domain,
			  struct registries_certs *ret_certs, struct err *err);

#endif
