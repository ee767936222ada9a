/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_exists.c - dhow container exists, image exists, …
 *
 * For scripts: nothing is printed, the exit status is the answer.
 */
#include <errno.h>

#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/exit.h"
#include "container/lookup.h"
#include "store/image.h"
#include "store/netdef.h"
#include "store/secret.h"
#include "store/volume.h"

#define EXISTS_STATUS \
	"0 when there is one, 1 when there is none, 125 otherwise."

typedef int (*exists_fn)(struct session *session, struct store *store,
			 const char *name, struct err *err);

static int
find_container(struct session *session, struct store *store, const char *name,
	       struct err *err)
{
	cleanup_container struct container container = CONTAINER_INIT;

	(void)store;
	return container_find(session, name, &container, err);
}

static int
find_image(struct session *session, struct store *store, const char *name,
	   struct err *err)
{
	struct image_row row = { .line = NULL };
	int r;

	(void)session;
	r = image_find(store, name, &row, NULL, err);
	image_row_release(&row);
	return r;
}

static int
find_volume(struct session *session, struct store *store, const char *name,
	    struct err *err)
{
	cleanup_volume struct volume volume = VOLUME_INIT;
	int r;

	(void)session;
	r = volume_check_name(name, err);
	return r < 0 ? r : volume_open(store, name, &volume, err);
}

static int
find_network(struct session *session, struct store *store, const char *name,
	     struct err *err)
{
	cleanup_netdef struct netdef def = NETDEF_INIT;

	(void)session;
	return netdef_find(store, name, &def, err);
}

static int
find_secret(struct session *session, struct store *store, const char *name,
	    struct err *err)
{
	cleanup_secret struct secret secret = SECRET_INIT;

	(void)session;
	return secret_find(store, name, &secret, err);
}

static int
answer(struct cmd_ctx *ctx, exists_fn find)
{
	cleanup_session struct session session = SESSION_INIT;
	struct store *store;
	int r;

	r = cmd_store(ctx, &session, &store);
	if (r == 0) {
		r = find(&session, store, args_operand(ctx->args, 0), ctx->err);
		if (r == -ENOENT)
			return EXIT_FAILURE;
	}
	return r;
}

static int
run_container(struct cmd_ctx *ctx)
{
	return answer(ctx, find_container);
}

static int
run_image(struct cmd_ctx *ctx)
{
	return answer(ctx, find_image);
}

static int
run_network(struct cmd_ctx *ctx)
{
	return answer(ctx, find_network);
}

static int
run_secret(struct cmd_ctx *ctx)
{
	return answer(ctx, find_secret);
}

static int
run_volume(struct cmd_ctx *ctx)
{
	return answer(ctx, find_volume);
}

static const struct cmd_example container_examples[] = {
	{ "start a container unless there is one of that name",
	  "dhow container exists web || dhow run -d --name web debian sleep "
	  "60" },
};

const struct cmd cmd_container_exists = {
	.path = "container exists",
	.summary = "say by the exit status whether there is such a container",
	.operands = "CONTAINER",
	.exits = EXISTS_STATUS,
	CMD_EXAMPLES(container_examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_CONTAINER,
	.fail_status = EXIT_ENGINE,
	.run = run_container,
};

static const struct cmd_example image_examples[] = {
	{ "pull an image unless it is here",
	  "dhow image exists debian || dhow pull debian" },
};

const struct cmd cmd_image_exists = {
	.path = "image exists",
	.summary = "say by the exit status whether there is such an image",
	.operands = "IMAGE",
	.exits = EXISTS_STATUS,
	CMD_EXAMPLES(image_examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_IMAGE,
	.fail_status = EXIT_ENGINE,
	.run = run_image,
};

static const struct cmd_example network_examples[] = {
	{ "make a network unless there is one of that name",
	  "dhow network exists backend || dhow network create backend" },
};

const struct cmd cmd_network_exists = {
	.path = "network exists",
	.summary = "say by the exit status whether there is such a network",
	.operands = "NETWORK",
	.exits = EXISTS_STATUS,
	CMD_EXAMPLES(network_examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_NETWORK,
	.fail_status = EXIT_ENGINE,
	.run = run_network,
};

static const struct cmd_example volume_examples[] = {
	{ "ask for a volume", "dhow volume exists data || echo none" },
};

const struct cmd cmd_volume_exists = {
	.path = "volume exists",
	.summary = "say by the exit status whether there is such a volume",
	.operands = "VOLUME",
	.exits = EXISTS_STATUS,
	CMD_EXAMPLES(volume_examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_VOLUME,
	.fail_status = EXIT_ENGINE,
	.run = run_volume,
};

static const struct cmd_example secret_examples[] = {
	{ "ask for a secret", "dhow secret exists token || echo none" },
};

const struct cmd cmd_secret_exists = {
	.path = "secret exists",
	.summary = "say by the exit status whether there is such a secret",
	.operands = "SECRET",
	.exits = EXISTS_STATUS,
	CMD_EXAMPLES(secret_examples),
	.min_operands = 1,
	.max_operands = 1,
	.fail_status = EXIT_ENGINE,
	.run = run_secret,
};
