/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/build_secret.h - values that the caller lends to a build.
 *
 * A value is read when it is needed and enters no key, no record, no layer and
 * no argument of a program.
 */
#ifndef DHOW_BUILD_BUILD_SECRET_H
#define DHOW_BUILD_BUILD_SECRET_H

#include "base/strbuf.h"
#include "build/build.h"

/* Append the value of --secret id=@id. Returns 1, 0 when there is none. */
int build_secret_read(const struct build_options *opts, const char *id,
		      struct strbuf *value, struct err *err);

/* 0, or -ENOENT with what to do when there is no --secret id=@id. */
int build_secret_require(const struct build_options *opts, const char *id,
			 struct err *err);

/* --ssh of that id, the last one given; or NULL. */
const struct build_ssh *build_ssh_find(const struct build_options *opts,
				       const char *id);
/* 0, or -ENOENT with what to do when there is no agent for @id. */
int build_ssh_require(const struct build_options *opts, const char *id,
		      struct err *err);

/*
 * What authenticates at @url's host: the value of an Authorization header,
 * from the secrets HTTP_AUTH_HEADER_HOST and HTTP_AUTH_TOKEN_HOST, or, for a
 * repository, GIT_AUTH_HEADER[.HOST] and GIT_AUTH_TOKEN[.HOST]. HOST may have
 * a port. The caller wipes and frees it; NULL when there is none.
 */
int build_secret_auth(const struct build_options *opts, const char *url,
		      bool is_git, char **ret_value, struct err *err);

#endif
