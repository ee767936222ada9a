/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/credentials.h - who the user is to a registry.
 *
 * Looked up in this order; the first that knows the registry wins:
 *   1. --authfile, then nothing else;
 *   2. DOCKER_AUTH_CONFIG (the JSON itself);
 *   3. REGISTRY_AUTH_FILE, then nothing else;
 *   4. config.json of --config, DOCKER_CONFIG or ~/.docker;
 *   5. $XDG_RUNTIME_DIR/containers/auth.json or /run/containers/UID/auth.json,
 *      $XDG_CONFIG_HOME/containers/auth.json, ~/.dockercfg.
 * Inside one file: credHelpers for the registry, credsStore, auths; keys may
 * name a part of a registry ("host/team"), the most specific one counts.
 * Spec: docker config.json; containers-auth.json(5).
 */
#ifndef DHOW_CONF_CREDENTIALS_H
#define DHOW_CONF_CREDENTIALS_H

#include "base/err.h"
#include "base/strvec.h"

#define CREDENTIALS_MAX_FILE_BYTES (1U << 20)

struct credential {
	char *username;
	char *password;
	char *identity_token; /* to be exchanged for a token (OAuth2) */
	char *registry_token; /* a bearer token, used as it is */
	char *source;         /* file or variable it came from; for messages */
	char *skipped; /* a file that could not be read and why, or NULL */
};

#define CREDENTIAL_INIT          \
	{                        \
		.username = NULL \
	}
#define cleanup_credential cleanup_release(credential_release)

/* Frees all texts; secrets are wiped first. */
void credential_release(struct credential *cred);

struct credentials_opts {
	const char *config_dir; /* --config; NULL: DOCKER_CONFIG, ~/.docker */
	const char *authfile;   /* --authfile; NULL: REGISTRY_AUTH_FILE */
	/*
	 * What registries.conf lists as credential-helpers, borrowed; NULL or
	 * empty: none. They are asked in turn in place of the files 2 to 5,
	 * for which "containers-auth.json" stands.
	 */
	const struct strvec *helpers;
};

/*
 * Find what to tell the registry @domain ("docker.io", "localhost:5000") for
 * the repository @path ("library/debian"; NULL: the registry as a whole).
 *
 * Call it before entering a user namespace: it asks for the host's uid and
 * may run docker-credential-… programs, which talk to the user's session.
 *
 * A file that may not be read and a helper that fails are passed over, so
 * that public images can still be had, and told in .skipped.
 *
 * Returns 1 when found, 0 when there is nothing (@ret_cred then only has
 * .skipped); -ENOENT when --authfile does not exist, -EBADMSG with
 * file:line:col when a file is malformed.
 */
int credentials_find(const struct credentials_opts *opts, const char *domain,
		     const char *path, struct credential *ret_cred,
		     struct err *err);

/* The home directory, or NULL; the caller frees it. */
char *credentials_home(void);

/* Split "USER[:PASS]" as of --creds. -EINVAL when there is no user. */
int credential_from_user_pass(const char *user_pass,
			      struct credential *ret_cred, struct err *err);

#endif
