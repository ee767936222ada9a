/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_run.c - dhow run, dhow create.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/exit.h"
#include "cli/run_flags.h"
#include "cli/run_image.h"
#include "cli/run_spec.h"
#include "cli/say.h"
#include "conf/logout.h"
#include "container/cdi_edits.h"
#include "container/lifecycle.h"
#include "container/limits.h"
#include "container/run.h"
#include "container/secrets.h"
#include "container/volumes_from.h"
#include "spec/abs_path.h"
#include "store/image_remove.h"
#include "store/layer.h"
#include "sys/sealed.h"

static int
check_terminal(struct cmd_ctx *ctx)
{
	if (!args_bool(ctx->args, "detach") && args_bool(ctx->args, "tty") &&
	    args_bool(ctx->args, "interactive") && !isatty(STDIN_FILENO)) {
		(void)err_set(ctx->err, EINVAL,
			      "the input device is not a TTY");
		err_hint(ctx->err, "leave out -t, or -i, when input is piped");
		ctx->fail_status = 1;
		return -EINVAL;
	}
	return 0;
}

/* --rmi: an image that others use stays, and that is no failure. */
static int
remove_image(struct session *session, const struct container_spec *spec,
	     struct err *err)
{
	struct image_removal removal = { .untagged = STRVEC_INIT };
	struct store *store;
	int r = session_store(session, &store, err);

	if (r == 0)
		r = image_remove(store, spec->image_name, false, &removal, err);
	image_removal_release(&removal);
	if (r == -EBUSY || r == -ENOENT) {
		err_reset(err);
		return 0;
	}
	/* Files of other ids can only be removed from inside. */
	if (r == 0)
		r = session_enter(session, false, err);
	return r < 0 ? r : store_gc(store, NULL, err);
}

/* A scope of the user's systemd ends with that, whatever logind is told. */
static void
warn_of_logout(uid_t uid, const struct container_spec *spec)
{
	if (logout_kills("", uid))
		say_warning(
			"this host kills your processes when you log out; 'loginctl enable-linger' keeps them");
	else if (uid != 0 && limits_need_scope(spec, uid) &&
		 !logout_lingers("", uid))
		say_warning(
			"its limits are held by your systemd, which ends it when you log out; 'loginctl enable-linger' keeps both");
}

static void
say_warnings(const struct strvec *warnings)
{
	for (size_t i = 0; i < warnings->len; i++)
		say_warning("%s", warnings->v[i]);
}

static void
warn_of_limits(uid_t uid, const struct container_spec *spec)
{
	cleanup_strvec struct strvec warnings = STRVEC_INIT;

	limits_warn(spec, uid, &warnings);
	say_warnings(&warnings);
}

static int
run_spec(struct cmd_ctx *ctx, struct session *session,
	 struct container_spec *spec)
{
	const struct run_options options = {
		.driver = args_str(ctx->global, "storage-driver"),
		.detach = args_bool(ctx->args, "detach"),
		.sig_proxy = args_bool(ctx->args, "sig-proxy"),
	};
	struct run_result result = { .exit_status = 0 };
	int r;

	if (args_bool(ctx->args, "rmi") && !spec->auto_remove)
		return err_set(ctx->err, EINVAL, "--rmi needs --rm");
	warn_of_limits(session->paths.uid, spec);
	if (options.detach)
		warn_of_logout(session->paths.uid, spec);
	r = run_container(session, spec, &options, &result, ctx->err);
	if (r < 0) {
		if (result.command_failed)
			ctx->fail_status = exit_status_of_exec(r);
		return r;
	}
	if (options.detach)
		(void)printf("%s\n", spec->id);
	if (args_bool(ctx->args, "rmi") && !result.detached)
		r = remove_image(session, spec, ctx->err);
	return r < 0 ? r : result.exit_status;
}

static int
create_spec(struct cmd_ctx *ctx, struct session *session,
	    struct container_spec *spec)
{
	int r;

	warn_of_limits(session->paths.uid, spec);
	r = lifecycle_create(session, spec, ctx->err);
	if (r == 0)
		(void)printf("%s\n", spec->id);
	return r;
}

/* Make room for a container of this name. */
static int
replace(struct session *session, const char *name, struct err *err)
{
	cleanup_container struct container container = CONTAINER_INIT;
	int r;

	if (!name)
		return err_set(err, EINVAL, "--replace needs a --name");
	r = container_find(session, name, &container, err);
	if (r == -ENOENT || (r == 0 && strcmp(container.name, name) != 0)) {
		err_reset(err);
		return 0;
	}
	return r < 0 ? r
		     : lifecycle_remove(session, &container,
					LIFECYCLE_FORCE | LIFECYCLE_VOLUMES,
					NULL, err);
}

/* The trees of images that are mounted; one that is missing is pulled. */
static int
find_mounted_images(struct cmd_ctx *ctx, struct session *session,
		    struct container_spec *spec)
{
	for (size_t i = 0; i < spec->mounts.len; i++) {
		cleanup_with(run_image_free) struct run_image *image = NULL;
		struct mount_spec *mount = &spec->mounts.items[i];
		char path[LAYER_PATH_BYTES];
		int r;

		if (mount->kind != MOUNT_IMAGE)
			continue;
		r = run_image_get(ctx, session, mount->source, &image);
		if (r < 0)
			return err_wrap(ctx->err, r, "mount on '%s'",
					mount->target);
		for (size_t k = image->config.diff_id_count; k-- > 0;) {
			(void)layer_path(&image->config.diff_ids[k], path);
			if (!strvec_has(&mount->layers, path))
				strvec_add(&mount->layers, path);
		}
	}
	return 0;
}

static int
find_secrets(struct session *session, struct container_spec *spec,
	     struct err *err)
{
	struct store *store;
	int r = session_store(session, &store, err);

	return r < 0 ? r : secrets_find(store, spec, err);
}

/* Devices by name: they are there, and bring their variables. */
static int
find_devices(struct cmd_ctx *ctx, struct session *session,
	     struct container_spec *spec)
{
	const struct strvec *dirs = args_list(ctx->global, "cdi-spec-dir");
	cleanup_strvec struct strvec warnings = STRVEC_INIT;
	cleanup_free char *cwd = getcwd(NULL, 0);
	int r;

	for (size_t i = 0; i < dirs->len; i++)
		strvec_add_take(&spec->cdi_dirs,
				abs_path_join(cwd ?: "/", dirs->v[i]));
	r = cdi_settle(session, spec, &warnings, ctx->err);
	say_warnings(&warnings);
	return r;
}

typedef int (*spec_fn)(struct cmd_ctx *ctx, struct session *session,
		       struct container_spec *spec);

/* Find the image, read the flags, do it. */
static int
with_spec(struct cmd_ctx *ctx, spec_fn fn)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_with(run_image_free) struct run_image *image = NULL;
	cleanup_container_spec struct container_spec spec;
	int status = ctx->fail_status, r;

	container_spec_init(&spec);
	r = sealed_ensure(ctx->err);
	if (r == 0)
		r = cmd_session(ctx, &session);
	if (r == 0)
		r = run_image_get(ctx, &session, args_operand(ctx->args, 0),
				  &image);
	if (r < 0)
		return r;
	spec.image_name = xstrdup(args_operand(ctx->args, 0));
	spec.image = &image->row;
	spec.image_config = &image->config;
	/* What is wrong with the flags is told as what does not parse. */
	ctx->fail_status = EXIT_ENGINE;
	r = run_spec_fill(&spec, ctx->args, ctx->args->operands.v + 1,
			  ctx->err);
	if (r == 0)
		ctx->fail_status = status;
	if (r == 0)
		r = find_mounted_images(ctx, &session, &spec);
	if (r == 0)
		r = find_secrets(&session, &spec, ctx->err);
	if (r == 0)
		r = find_devices(ctx, &session, &spec);
	if (r == 0)
		r = volumes_from_add(&session, &spec, ctx->err);
	if (r == 0 && args_bool(ctx->args, "replace"))
		r = replace(&session, spec.name, ctx->err);
	return r < 0 ? r : fn(ctx, &session, &spec);
}

static int
run(struct cmd_ctx *ctx)
{
	int r = check_terminal(ctx);

	return r < 0 ? r : with_spec(ctx, run_spec);
}

static int
create(struct cmd_ctx *ctx)
{
	return with_spec(ctx, create_spec);
}

static const struct cmd_example examples[] = {
	{ "run one command and remove the container",
	  "dhow run --rm debian cat /etc/os-release" },
	{ "work in a shell", "dhow run --rm -it debian bash" },
	{ "show the files of this directory to a container, read-only",
	  "dhow run --rm -v .:/src:ro debian ls /src" },
	{ "run as another user, without a network",
	  "dhow run --rm -u 1000:1000 --network none debian id" },
};

const struct cmd cmd_run = {
	.path = "run",
	.aliases = "container run",
	.summary = "run a command in a new container",
	.operands = "IMAGE [COMMAND] [ARG...]",
	.about = "A container is made from the image, started, and waited for: "
		 "its output is ours, signals are passed on, and the exit "
		 "status is the command's.\n\n"
		 "An image that is not here yet is pulled first.",
	.exits = "That of the command; 125 when the container could not be "
		 "started, 126 when the command is not executable, 127 when "
		 "there is no such command, 128 + N when it was ended by "
		 "signal N.",
	.flags = run_flags,
	.flag_count = RUN_FLAGS_COUNT,
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.offer = OFFER_IMAGE,
	.fail_status = EXIT_ENGINE,
	.stop_at_operand = true,
	.run = run,
};

static const struct cmd_example create_examples[] = {
	{ "make a container now and start it later",
	  "dhow create --name web debian sleep 60" },
};

const struct cmd cmd_create = {
	.path = "create",
	.aliases = "container create",
	.summary = "make a new container without starting it",
	.operands = "IMAGE [COMMAND] [ARG...]",
	.about = "As run, but the container is only made; its id is printed. "
		 "'dhow start' starts it.",
	.flags = create_flags,
	.flag_count = RUN_FLAGS_COUNT,
	CMD_EXAMPLES(create_examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.offer = OFFER_IMAGE,
	.stop_at_operand = true,
	.run = create,
};
