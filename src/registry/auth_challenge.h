/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/auth_challenge.h - what a registry asks for: WWW-Authenticate.
 *
 * Spec: RFC 9110, sections 11.2 to 11.6; RFC 6750, section 3.
 */
#ifndef DHOW_REGISTRY_AUTH_CHALLENGE_H
#define DHOW_REGISTRY_AUTH_CHALLENGE_H

#include "base/cleanup.h"
#include "base/span.h"

enum auth_scheme {
	AUTH_SCHEME_NONE, /* nothing that is understood here */
	AUTH_SCHEME_BASIC,
	AUTH_SCHEME_BEARER,
	AUTH_SCHEME_COUNT,
};

struct auth_challenge {
	enum auth_scheme scheme;
	char *realm; /* NULL when absent; so are the others */
	char *service;
	char *scope;
	char *error;
};

#define AUTH_CHALLENGE_INIT                 \
	{                                   \
		.scheme = AUTH_SCHEME_NONE, \
	}
#define cleanup_auth_challenge cleanup_release(auth_challenge_release)
void auth_challenge_release(struct auth_challenge *challenge);

/*
 * Read one header's value, which may hold several challenges, and keep it in
 * @io_challenge if it offers better than what is there (Bearer with a realm,
 * then Basic). Malformed challenges and unknown schemes are passed over.
 */
void auth_challenge_read(struct span value,
			 struct auth_challenge *io_challenge);

#endif
