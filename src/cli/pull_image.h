/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/pull_image.h - what pull, run and others that pull have in common.
 */
#ifndef DHOW_CLI_PULL_IMAGE_H
#define DHOW_CLI_PULL_IMAGE_H

#include "cli/cmd.h"
#include "image/transfer.h"
#include "session/session.h"

/* Rows of a table of flags, for whoever talks to a registry. */
#define PULL_FLAG_AUTHFILE                                                  \
	{                                                                   \
		.name = "authfile", .meta = "FILE", .kind = FLAG_STR,       \
		.offer = OFFER_FILE, .help = "credentials for the registry" \
	}
#define PULL_FLAG_CERT_DIR                                           \
	{                                                            \
		.name = "cert-dir", .meta = "DIR", .kind = FLAG_STR, \
		.offer = OFFER_DIR,                                  \
		.help = "certificates and keys for the registry"     \
	}
#define PULL_FLAG_CREDS                                                       \
	{                                                                     \
		.name = "creds", .meta = "USER[:PASSWORD]", .kind = FLAG_STR, \
		.help = "credentials for the registry, as text"               \
	}
#define PULL_FLAG_RETRY                                                     \
	{                                                                   \
		.name = "retry", .meta = "N", .kind = FLAG_INT, .max = 100, \
		.fallback = "3",                                            \
		.help = "how often to try again when the network fails"     \
	}
#define PULL_FLAG_RETRY_DELAY                                                \
	{                                                                    \
		.name = "retry-delay", .meta = "DURATION",                   \
		.kind = FLAG_DURATION,                                       \
		.help = "pause between attempts (default: longer each time)" \
	}
#define PULL_FLAG_TLS_VERIFY                                                                  \
	{                                                                                     \
		.name = "tls-verify", .kind = FLAG_BOOL,                                      \
		.help = "insist on HTTPS with a valid certificate; =false permits plain HTTP" \
	}

enum pull_policy {
	PULL_ALWAYS,
	PULL_MISSING,
	PULL_NEVER,
	PULL_NEWER, /* as always: unchanged layers cost nothing */
	PULL_POLICY_COUNT,
};

/* Of "always", "missing", "never", "newer"; asserts that it is one. */
enum pull_policy pull_policy_of(const char *word);

/*
 * Fill the registry's part of a request from the flags that @ctx's command
 * has in common with pull: arch authfile cert-dir creds insecure os platform
 * retry retry-delay tls-verify variant. Those that its table lacks are left
 * out. DOCKER_DEFAULT_PLATFORM is the last word on the platform. Returns 0, or
 * -EINVAL.
 */
int pull_request_from_args(const struct cmd_ctx *ctx,
			   struct transfer_request *request);

/*
 * Pull request->name, telling how far it is on @fd: 1 as pull does, 2 as run.
 *
 * @quiet: say nothing but warnings
 */
int pull_image(struct session *session, struct transfer_request *request,
	       int fd, bool quiet, struct err *err);

/*
 * Make an image of what @text names by a transport. One that needs nothing
 * more than a name is only named.
 *
 * @request:  as pull_request_from_args() fills it
 * @ret_name: a name or an id; the caller frees it
 *
 * Returns 1 when it is in the store now, 0 when *@ret_name is to be pulled
 * or found as ever, or -errno.
 */
int pull_transport(struct session *session, struct transfer_request *request,
		   const char *text, int fd, bool quiet, char **ret_name,
		   struct err *err);

#endif
