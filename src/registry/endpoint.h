/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/endpoint.h - one place a repository can be read from.
 */
#ifndef DHOW_REGISTRY_ENDPOINT_H
#define DHOW_REGISTRY_ENDPOINT_H

#include "registry/auth.h"
#include "registry/registry.h"

enum endpoint_scheme {
	ENDPOINT_TRY_HTTPS, /* HTTP comes next if there is no TLS */
	ENDPOINT_TRY_HTTP,  /* the other way round, once */
	ENDPOINT_HTTPS,
	ENDPOINT_HTTP,
};

struct endpoint {
	char *domain; /* as the user knows it: "docker.io" */
	char *path;
	char *scope; /* "repository:PATH:pull"; several with blanks between */
	bool push;
	bool mirror;
	bool insecure;
	enum endpoint_scheme scheme;
	bool contacted; /* it has answered before: failures may pass */
	struct http_tls tls;
	struct http_tls foreign_tls; /* for other hosts: no certs.d */
	struct auth auth;
	unsigned int answers; /* challenges answered so far */
};

/*
 * Prepare a place: certificates, credentials, what is allowed there.
 * @ep must not move afterwards. Errors as registry_open().
 */
int endpoint_init(struct endpoint *ep, const struct registries_endpoint *place,
		  const struct registry_opts *opts, struct err *err);
void endpoint_release(struct endpoint *ep);

/* The URL of "/v2/PATH/@suffix" there, by the scheme in use. */
int endpoint_url(const struct endpoint *ep, const char *suffix,
		 struct url *ret_url, struct err *err);

#endif
