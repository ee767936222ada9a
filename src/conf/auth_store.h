/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/auth_store.h - keeping credentials: what login writes, logout erases.
 *
 * The file is that of --authfile, REGISTRY_AUTH_FILE, or config.json of
 * --config, DOCKER_CONFIG, ~/.docker, in this order. Where it names a helper
 * for the registry (credHelpers, credsStore), that keeps the secret and the
 * file only that there is one. What else the file says stays; it is written
 * whole, with mode 0600, where a symlink leads.
 */
#ifndef DHOW_CONF_AUTH_STORE_H
#define DHOW_CONF_AUTH_STORE_H

#include "base/err.h"
#include "base/strvec.h"
#include "conf/credentials.h"

/*
 * Keep user name and password for @server ("docker.io", "host:port",
 * "host/team").
 *
 * @ret_place: the file, or "docker-credential-…"; the caller frees it
 *
 * Returns 0; -EBADMSG when the file is malformed; or what writing failed of.
 */
int auth_store_put(const struct credentials_opts *opts, const char *server,
		   const struct credential *cred, char **ret_place,
		   bool *ret_is_plain, struct err *err);

/* Erase what is kept for @server. Returns 1, 0 when nothing was, or -errno. */
int auth_store_erase(const struct credentials_opts *opts, const char *server,
		     struct err *err);

/* Every registry that the file has something for. */
int auth_store_list(const struct credentials_opts *opts,
		    struct strvec *ret_servers, struct err *err);

#endif
