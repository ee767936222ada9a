/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/copy_flags.c - flags that push, copy and manifest push have in common.
 */
#include "cli/copy_flags.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "archive/comp.h"
#include "base/fsx.h"
#include "image/image_copy.h"

int
copy_request_from_args(const struct cmd_ctx *ctx,
		       struct transfer_request *request)
{
	const char *format = args_str(ctx->args, "format");
	const char *compress = args_str(ctx->args, "compression-format");

	if (format && strcmp(format, "v2s1") == 0)
		return err_set(ctx->err, EOPNOTSUPP,
			       "--format v2s1: nobody reads schema 1 any more");
	if (compress && strcmp(compress, "zstd:chunked") == 0) {
		err_set(ctx->err, EOPNOTSUPP,
			"--compression-format zstd:chunked: dhow writes no "
			"table of contents into layers");
		err_hint(ctx->err, "use zstd, which every reader of "
				   "zstd:chunked reads too");
		return -EOPNOTSUPP;
	}
	if (format)
		request->convert = strcmp(format, "oci") == 0
					   ? IMAGE_COPY_TO_OCI
					   : IMAGE_COPY_TO_DOCKER;
	if (compress)
		request->compress =
			strcmp(compress, "gzip") == 0 ? COMP_GZIP : COMP_ZSTD;
	request->level = args_int(ctx->args, "compression-level");
	request->force_compress = args_bool(ctx->args, "force-compression");
	return 0;
}

int
copy_write_digest(const char *path, const char *digest, struct err *err)
{
	int r = fsx_write_atomic(AT_FDCWD, path, digest, strlen(digest), 0644,
				 FSX_NOSYNC, err);

	return r < 0 ? err_wrap(err, r, "--digestfile") : 0;
}

void
copy_say_digest(void *data, struct progress *progress,
		const struct transfer_event *event)
{
	struct copy_said *said = data;

	if (event->kind != TRANSFER_COPIED)
		return;
	progress_end(progress);
	if (said->digestfile)
		said->status = copy_write_digest(said->digestfile,
						 event->digest, said->err);
	(void)printf("%s\n", event->digest);
	(void)fflush(stdout);
}
