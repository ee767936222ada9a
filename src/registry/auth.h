/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/auth.h - answering challenges: Basic, and tokens from a service.
 *
 * One of these belongs to one origin; what it holds is given to that origin
 * and to the token service that the origin names, to nobody else (rule R5).
 * Tokens are kept by scope until they expire.
 * Spec: docker registry token authentication (GET), its OAuth2 form (POST).
 */
#ifndef DHOW_REGISTRY_AUTH_H
#define DHOW_REGISTRY_AUTH_H

#include <stdbool.h>

#include "base/err.h"
#include "base/map.h"
#include "conf/credentials.h"
#include "registry/auth_challenge.h"
#include "registry/http.h"

#define AUTH_MAX_ANSWER_BYTES (256U << 10)
#define AUTH_MAX_TOKEN_BYTES (16U << 10)
#define AUTH_DEFAULT_LIFE_S 60
#define AUTH_TRIES 3

struct auth {
	struct credential cred;     /* empty: anonymous */
	bool plain_ok;              /* the user allows plain HTTP here */
	const struct http_tls *tls; /* for the origin's own host */
	const struct http_tls *foreign_tls; /* for a token service elsewhere */
	struct map tokens;                  /* scope → struct auth_token */
};

#define AUTH_INIT           \
	{                   \
		.tls = NULL \
	}
void auth_release(struct auth *auth);

bool auth_is_anonymous(const struct auth *auth);

/* "Authorization: …" for @scope while one is held and valid, or NULL. */
const char *auth_header(const struct auth *auth, const char *scope);

/* @scope's header was not accepted. */
void auth_forget(struct auth *auth, const char *scope);

/*
 * Answer a challenge of @origin: afterwards auth_header() has something.
 *
 * Returns 0; -EACCES when there is nothing to answer with or the token
 * service refuses, -EPROTO when it breaks the protocol or may not be trusted
 * with what we know, or a failure of the exchange.
 */
int auth_answer(struct auth *auth, struct http *http, const struct url *origin,
		const struct auth_challenge *challenge, const char *scope,
		struct err *err);

#endif
