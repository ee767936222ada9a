/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/copy_flags.h - flags that push, copy and manifest push have in common.
 */
#ifndef DHOW_CLI_COPY_FLAGS_H
#define DHOW_CLI_COPY_FLAGS_H

#include "cli/cmd.h"
#include "image/transfer.h"
#include "ui/progress.h"

#define COPY_NO_ENCRYPTION "dhow does not encrypt layers"
#define COPY_NO_SIGNATURES "dhow does not sign images: cosign or skopeo can"

#define COPY_FLAG_COMPRESSION_FORMAT                                         \
	{                                                                    \
		.name = "compression-format", .meta = "FORMAT",              \
		.kind = FLAG_ENUM, .values = "gzip|zstd|zstd:chunked",       \
		.help = "compress layers that are compressed otherwise, too" \
	}
#define COPY_FLAG_COMPRESSION_LEVEL                                             \
	{                                                                       \
		.name = "compression-level", .meta = "N", .kind = FLAG_INT,     \
		.min = 0, .max = 22,                                            \
		.help = "of layers that have to be compressed; 0 for the usual" \
	}
#define COPY_FLAG_DIGESTFILE                                            \
	{                                                               \
		.name = "digestfile", .meta = "FILE", .kind = FLAG_STR, \
		.offer = OFFER_FILE,                                    \
		.help = "write the digest of what was sent to a file"   \
	}
#define COPY_FLAG_FORCE_COMPRESSION                                                 \
	{                                                                           \
		.name = "force-compression", .kind = FLAG_BOOL,                     \
		.help = "compress layers anew that are compressed that way already" \
	}
#define COPY_FLAG_FORMAT                                                      \
	{                                                                     \
		.name = "format", .letter = 'f', .meta = "FORMAT",            \
		.kind = FLAG_ENUM, .values = "oci|v2s2|v2s1",                 \
		.help = "media types of the manifest: oci or docker's (v2s2)" \
	}
#define COPY_FLAG_NO_SIGN(flag_name)                                    \
	{                                                               \
		.name = (flag_name), .meta = "VALUE", .kind = FLAG_STR, \
		.refuse = COPY_NO_SIGNATURES, .hidden = true            \
	}
#define COPY_FLAGS_SIGN                                                      \
	COPY_FLAG_NO_SIGN("sign-by"), COPY_FLAG_NO_SIGN("sign-by-sigstore"), \
		COPY_FLAG_NO_SIGN("sign-by-sigstore-private-key"),           \
		COPY_FLAG_NO_SIGN("sign-by-sq-fingerprint"),                 \
		COPY_FLAG_NO_SIGN("sign-passphrase-file")

/*
 * Fill the request from compression-format compression-level
 * force-compression format. Returns 0, or -EOPNOTSUPP.
 */
int copy_request_from_args(const struct cmd_ctx *ctx,
			   struct transfer_request *request);

/* Write a digest where --digestfile says. */
int copy_write_digest(const char *path, const char *digest, struct err *err);

/* What copy_say_digest() needs, and what came of it. */
struct copy_said {
	struct err *err;
	const char *digestfile; /* or NULL */
	int status;             /* 0, or why the digest was not written */
};

/* transfer_show.event: print the digest of what was copied; keep it. */
void copy_say_digest(void *data, struct progress *progress,
		     const struct transfer_event *event);

#endif
