/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/auth_file.h - one file of credentials: config.json or auth.json.
 *
 * Spec: docker config.json ("auths"); containers-auth.json(5).
 */
#ifndef DHOW_CONF_AUTH_FILE_H
#define DHOW_CONF_AUTH_FILE_H

#include "base/err.h"
#include "base/span.h"
#include "conf/credentials.h"
#include "data/node.h"

#define AUTH_FILE_HUB_KEY "https://index.docker.io/v1/"

enum auth_file_kind {
	AUTH_FILE_CONFIG,    /* {"auths": {…}, "credHelpers": …} */
	AUTH_FILE_DOCKERCFG, /* the auths themselves */
};

/* Parse a file's bytes. Returns 0; -EBADMSG with name:line:col. */
int auth_file_parse(struct span text, const char *name,
		    enum auth_file_kind kind, struct node **ret_root,
		    struct err *err);

/* Overwrite all strings, then free. */
void auth_file_free(struct node *root);
DEFINE_CLEANUP(struct node *, auth_file_free);

/* How a key is compared: no scheme, no /v1/, Docker Hub under one name. */
char *auth_file_normal_key(const char *key);

/* "host/a/b", "host/a", "host": what may be listed, most specific first. */
void auth_file_candidates(const char *domain, const char *path,
			  struct strvec *ret_keys);

/* The helper for @keys in credHelpers, or credsStore, or NULL; borrowed. */
const char *auth_file_helper(const struct node *root,
			     const struct strvec *keys);

/*
 * The entry of "auths" for the most specific of @keys that has secrets.
 * Returns 1, 0 none, -EBADMSG when its base64 is damaged.
 */
int auth_file_lookup(const struct node *root, const struct strvec *keys,
		     struct credential *ret_cred, struct err *err);

#endif
