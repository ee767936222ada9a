/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/credential_helper.h - secrets kept by a docker-credential-… program.
 *
 * Spec: docker-credential-helpers, "get", "store", "erase".
 */
#ifndef DHOW_CONF_CREDENTIAL_HELPER_H
#define DHOW_CONF_CREDENTIAL_HELPER_H

#include "base/err.h"
#include "conf/credentials.h"

#define CREDENTIAL_HELPER_TIMEOUT_MS 60000
#define CREDENTIAL_HELPER_MAX_BYTES (64U << 10)

/*
 * Ask docker-credential-@name for @server.
 *
 * Returns 1 when it knows; 0 when it has none; -ENOENT no such program,
 * -EINVAL a name that is no file name, -ETIMEDOUT, -EPROTO with its words.
 */
int credential_helper_get(const char *name, const char *server,
			  struct credential *ret_cred, struct err *err);

/*
 * Have it keep user name and password of @cred for @server, or forget what it
 * has. Returns 0, or as credential_helper_get().
 */
int credential_helper_store(const char *name, const char *server,
			    const struct credential *cred, struct err *err);
int credential_helper_erase(const char *name, const char *server,
			    struct err *err);

#endif
