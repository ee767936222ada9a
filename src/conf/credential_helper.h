/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/credential_helper.h - secrets kept by a docker-credential-… program.
 *
 * Spec: docker-credential-helpers, "get".
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

#endif
