/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_image.c - the image of a new container, pulled when it is missing.
 */
#include "cli/run_image.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/pull_image.h"
#include "cli/say.h"
#include "cli/transfer_show.h"
#include "image/short_name.h"
#include "spec/platform.h"
#include "spec/transport.h"
#include "store/image.h"
#include "store/layer.h"

void
run_image_free(struct run_image *image)
{
	if (!image)
		return;
	image_row_release(&image->row);
	image_config_release(&image->config);
	free(image);
}

static int
load_image(struct store *store, const char *name, struct run_image *image,
	   struct err *err)
{
	int r;

	r = image_find(store, name, &image->row, NULL, err);
	if (r == 0)
		r = image_read_config(store, &image->row, &image->config, err);
	return r;
}

/*
 * As load_image(); a short name that is not here may be an alias of what is.
 * @io_full: NULL; set to what the name stands for then.
 */
static int
load_named(struct store *store, const char *name, struct run_image *image,
	   char **io_full, struct err *err)
{
	struct err why = ERR_INIT;
	int r = load_image(store, name, image, &why);
	char *full = NULL;
	int aliased = 0;

	if (r == -ENOENT)
		aliased = short_name_expand(NULL, name, &full, err);
	/* An id is not here, and is no name either. */
	if (aliased < 0 && aliased != -EINVAL)
		return aliased;
	if (full)
		r = load_image(store, full, image, &why);
	*io_full = full;
	if (r < 0 && err)
		*err = why;
	return r;
}

/* Is every layer unpacked here? Another tool's store may lack some. */
static bool
has_layers(struct store *store, const struct image_config *config)
{
	for (size_t i = 0; i < config->diff_id_count; i++)
		if (!layer_exists(store, &config->diff_ids[i]))
			return false;
	return true;
}

/* The host runs its own architecture; --platform asked for what it gets. */
static void
warn_of_platform(const struct cmd_ctx *ctx, const struct run_image *image)
{
	cleanup_strbuf struct strbuf theirs = STRBUF_INIT;
	cleanup_strbuf struct strbuf ours = STRBUF_INIT;
	struct platform host;

	platform_host(&host);
	if (args_given(ctx->args, "platform") ||
	    platform_match(&host, &image->config.platform) > 0)
		return;
	platform_add(&theirs, &image->config.platform);
	platform_add(&ours, &host);
	say_warning("the image is for %s, this host is %s", theirs.buf,
		    ours.buf);
}

static int
pull(struct cmd_ctx *ctx, struct session *session, const char *name, bool tell)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	int r;

	r = pull_request_from_args(ctx, &request);
	if (r < 0)
		return r;
	request.name = xstrdup(name);
	request.find_first = tell;
	if (tell && !args_bool(ctx->args, "quiet"))
		(void)fprintf(stderr, "Unable to find image '%s' locally\n",
			      name);
	return pull_image(session, &request, STDERR_FILENO,
			  args_bool(ctx->args, "quiet"), ctx->err);
}

/* What another tool wrote into the store has blobs, but no trees yet. */
static int
unpack(struct session *session, const char *name, struct err *err)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	struct transfer_show show = { .fd = STDERR_FILENO,
				      .style = PROGRESS_QUIET,
				      .stdin_fd = -1 };

	request.op = TRANSFER_UNPACK;
	request.name = xstrdup(name);
	return transfer_show(session, &request, &show, err);
}

/* Is what is here of the platform that was asked for? */
static bool
is_wanted_platform(const struct cmd_ctx *ctx, const struct run_image *image)
{
	const char *text = args_str(ctx->args, "platform");
	struct platform want;

	return !text || platform_parse(text, &want, NULL) < 0 ||
	       platform_match(&want, &image->config.platform) > 0;
}

/* See pull_transport(). */
static int
take_place(struct cmd_ctx *ctx, struct session *session, const char *text,
	   char **ret_name)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	int r = pull_request_from_args(ctx, &request);

	return r < 0 ? r
		     : pull_transport(session, &request, text, STDERR_FILENO,
				      args_bool(ctx->args, "quiet"), ret_name,
				      ctx->err);
}

int
run_image_get(struct cmd_ctx *ctx, struct session *session, const char *name,
	      struct run_image **ret_image)
{
	enum pull_policy policy = pull_policy_of(args_str(ctx->args, "pull"));
	cleanup_with(run_image_free) struct run_image *image =
		xcalloc(1, sizeof(*image));
	cleanup_free char *full = NULL;
	cleanup_free char *place = NULL;
	struct store *store;
	int r;

	r = session_store(session, &store, ctx->err);
	if (r == 0 && transport_is_given(name)) {
		r = take_place(ctx, session, name, &place);
		name = place;
		/* It is here now: nobody is asked for it. */
		if (r > 0)
			policy = PULL_NEVER;
	}
	if (r < 0)
		return r;
	r = load_named(store, name, image, &full, ctx->err);
	if (full)
		name = full;
	if (r < 0 && (r != -ENOENT || policy == PULL_NEVER))
		return r;
	if (r == 0 && !has_layers(store, &image->config)) {
		int unpacked = unpack(session, name, ctx->err);

		if (unpacked < 0 && policy == PULL_NEVER)
			return unpacked;
	}
	if (r < 0 || policy == PULL_ALWAYS || policy == PULL_NEWER ||
	    (policy == PULL_MISSING && (!has_layers(store, &image->config) ||
					!is_wanted_platform(ctx, image)))) {
		err_reset(ctx->err);
		r = pull(ctx, session, name, r < 0);
		run_image_free(image);
		image = xcalloc(1, sizeof(*image));
		if (r == 0)
			r = load_image(store, name, image, ctx->err);
	}
	if (r < 0)
		return r;
	warn_of_platform(ctx, image);
	*ret_image = take_ptr(image);
	return 0;
}
