/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/endpoint.c - one place a repository can be read from.
 */
#include "registry/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "spec/ref.h"

#define ENDPOINT_HUB "docker.io"
#define ENDPOINT_HUB_API "registry-1.docker.io"
#define ENDPOINT_MAX_PEM_BYTES (1U << 20)

/* What the user and the site allow at this place. */
static void
endpoint_decide_tls(struct endpoint *ep,
		    const struct registries_endpoint *place,
		    const struct registry_opts *opts)
{
	const struct ref ref = { .domain = ep->domain };

	ep->insecure = place->insecure || ref_is_loopback(&ref);
	if (opts->tls == REGISTRY_TLS_VERIFY)
		ep->insecure = false;
	if (opts->tls == REGISTRY_TLS_OFF)
		ep->insecure = true;
	ep->scheme = ep->insecure ? ENDPOINT_TRY_HTTPS : ENDPOINT_HTTPS;
	ep->tls.verify = !ep->insecure;
	ep->foreign_tls.verify = opts->tls != REGISTRY_TLS_OFF;
}

static int
endpoint_load_certs(struct endpoint *ep, const struct registry_opts *opts,
		    struct err *err)
{
	cleanup_certs struct registries_certs certs = REGISTRIES_CERTS_INIT;
	int r = registries_find_certs(NULL, opts->cert_dir, ep->domain, &certs,
				      err);

	for (size_t i = 0; !r && i < certs.ca_files.len; i++) {
		r = fsx_read_file(AT_FDCWD, certs.ca_files.v[i],
				  ENDPOINT_MAX_PEM_BYTES, &ep->tls.ca_pem, err);
		strbuf_addch(&ep->tls.ca_pem, '\n');
	}
	if (r < 0)
		return r;
	ep->tls.client_cert = take_ptr(certs.client_cert);
	ep->tls.client_key = take_ptr(certs.client_key);
	/* To ask for TLS where there is none takes longer than the answer. */
	if (ep->insecure &&
	    ref_is_loopback(&(struct ref){ .domain = ep->domain }) &&
	    !ep->tls.ca_pem.len && !ep->tls.client_cert)
		ep->scheme = ENDPOINT_TRY_HTTP;
	return 0;
}

/* What a token is to be for. */
static char *
endpoint_scope(const struct registries_endpoint *place,
	       const struct registry_opts *opts)
{
	struct strbuf scope = STRBUF_INIT;

	if (opts->whole)
		return xstrdup("");
	strbuf_addf(&scope, "repository:%s:pull%s", place->path,
		    opts->push ? ",push" : "");
	for (size_t i = 0; opts->mounts && i < opts->mounts->len; i++)
		strbuf_addf(&scope, " repository:%s:pull", opts->mounts->v[i]);
	return strbuf_take(&scope);
}

int
endpoint_init(struct endpoint *ep, const struct registries_endpoint *place,
	      const struct registry_opts *opts, struct err *err)
{
	struct credentials_opts where = opts->credentials;
	int r;

	*ep = (struct endpoint){
		.domain = xstrdup(place->domain),
		.path = xstrdup(place->path),
		.scope = endpoint_scope(place, opts),
		.push = opts->push,
		.mirror = place->mirror,
		.tls = HTTP_TLS_INIT,
		.foreign_tls = HTTP_TLS_INIT,
		.auth = AUTH_INIT,
	};
	endpoint_decide_tls(ep, place, opts);
	ep->auth.plain_ok = ep->insecure;
	ep->auth.tls = &ep->tls;
	ep->auth.foreign_tls = &ep->foreign_tls;
	r = endpoint_load_certs(ep, opts, err);
	if (r < 0)
		return r;
	/* --creds are for the registry that was named, not for mirrors. */
	if (opts->user_pass && !ep->mirror)
		return credential_from_user_pass(opts->user_pass,
						 &ep->auth.cred, err);
	if (!where.helpers)
		where.helpers = registries_helpers(opts->registries);
	r = credentials_find(&where, ep->domain, ep->path, &ep->auth.cred, err);
	return r < 0 ? r : 0;
}

void
endpoint_release(struct endpoint *ep)
{
	free(take_ptr(ep->domain));
	free(take_ptr(ep->path));
	free(take_ptr(ep->scope));
	http_tls_release(&ep->tls);
	http_tls_release(&ep->foreign_tls);
	auth_release(&ep->auth);
}

int
endpoint_url(const struct endpoint *ep, const char *suffix, struct url *ret_url,
	     struct err *err)
{
	const char *host = strcmp(ep->domain, ENDPOINT_HUB) ? ep->domain
							    : ENDPOINT_HUB_API;
	bool is_plain =
		ep->scheme == ENDPOINT_HTTP || ep->scheme == ENDPOINT_TRY_HTTP;
	cleanup_free char *text =
		xasprintf("%s://%s/v2/%s/%s", is_plain ? "http" : "https", host,
			  ep->path, suffix);

	return url_parse(text, ret_url, err);
}
