/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/url.h - where a request goes.
 *
 * libcurl's own parser reads them: what we compare is what it connects to.
 */
#ifndef DHOW_REGISTRY_URL_H
#define DHOW_REGISTRY_URL_H

#include <stdbool.h>

#include "base/cleanup.h"
#include "base/err.h"

#define URL_MAX_BYTES 8192

struct url {
	char *text;   /* all of it, normalised */
	char *scheme; /* "http" or "https" */
	char *host;   /* lower case; IPv6 in brackets */
	char *port;   /* never NULL: the scheme's own when none was given */
};

#define URL_INIT             \
	{                    \
		.text = NULL \
	}
#define cleanup_url cleanup_release(url_release)
void url_release(struct url *url);
void url_copy(struct url *to, const struct url *from);

/*
 * Parse an absolute http or https URL without user information.
 * Returns 0, -EPROTO when it is none.
 */
int url_parse(const char *text, struct url *ret_url, struct err *err);

/* As a Location seen at @base, which may be relative to it. */
int url_resolve(const struct url *base, const char *location,
		struct url *ret_url, struct err *err);

/* Same scheme, host and port: what credentials are bound to (rule R5). */
bool url_same_origin(const struct url *a, const struct url *b);
bool url_same_host(const struct url *a, const struct url *b);
bool url_is_https(const struct url *url);
/* localhost, 127.0.0.0/8, ::1 */
bool url_is_loopback(const struct url *url);

#endif
