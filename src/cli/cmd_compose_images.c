/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_images.c - dhow compose build, pull, push and images.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/compose_phases.h"
#include "cli/container_cells.h"
#include "cli/say.h"
#include "compose/config_print.h"
#include "container/lookup.h"
#include "spec/ref.h"
#include "store/image.h"
#include "sys/sealed.h"
#include "ui/format.h"

#define ROW(name_, kind_, help_, ...)                               \
	{                                                           \
		.name = name_, .kind = FLAG_##kind_, .help = help_, \
		##__VA_ARGS__                                       \
	}

static const struct flag build_flags[] = {
	ROW("build-arg", LIST, "a value for ARG", .meta = "NAME[=VALUE]"),
	ROW("check", BOOL, "only check the Dockerfiles"),
	ROW("memory", STR, "memory for each step", .letter = 'm',
	    .meta = "BYTES"),
	ROW("no-cache", BOOL, "do every step anew"),
	ROW("progress", STR, "how to show steps: auto, plain, tty, quiet",
	    .meta = "STYLE", .values = "auto|plain|tty|quiet|rawjson"),
	ROW("pull", BOOL, "look for newer base images"),
	ROW("push", BOOL, "push what was built"),
	ROW("quiet", BOOL, "do not show steps", .letter = 'q'),
	ROW("ssh", LIST, "agent or keys for steps that ask for them",
	    .meta = "ID[=PATH]"),
	ROW("with-dependencies", BOOL, "what services depend on too"),
};

static const struct flag pull_flags[] = {
	ROW("ignore-buildable", BOOL, "leave out what can be built"),
	ROW("ignore-pull-failures", BOOL, "go on when a pull fails"),
	ROW("include-deps", BOOL, "what services depend on too"),
	ROW("policy", ENUM, "pull what is missing, or everything",
	    .values = "missing|always"),
	ROW("quiet", BOOL, "do not show pulls", .letter = 'q'),
};

static const struct flag push_flags[] = {
	ROW("ignore-push-failures", BOOL, "go on when a push fails"),
	ROW("include-deps", BOOL, "what services depend on too"),
	ROW("quiet", BOOL, "do not show pushes", .letter = 'q'),
};

static const struct flag images_flags[] = {
	ROW("format", STR, "how to print them", .meta = "table|json|TEMPLATE"),
	ROW("quiet", BOOL, "print ids only", .letter = 'q'),
};

static int
begin(struct compose *compose, struct cmd_ctx *ctx, bool with_deps)
{
	int r = sealed_ensure(ctx->err);

	if (r == 0)
		r = compose_begin(compose, ctx, NULL,
				  (with_deps ? COMPOSE_WITH_DEPS : 0) |
					  COMPOSE_WARN);
	return r ? r : compose_look_images(compose);
}

/* push, and build --push: images that can be built and have a name. */
static int
push_all(struct compose *compose, bool ignore_failures, bool quiet)
{
	cleanup_plan struct plan plan = PLAN_INIT;
	const struct act_opts act = { .title = "Pushing" };
	struct map seen = MAP_INIT;
	int r;

	for (size_t i = 0; i < compose->selected.len; i++) {
		const struct node *body = project_service(
			&compose->project, compose->selected.v[i]);
		const char *image = node_get_str(body, "image");
		cleanup_free char *subject = NULL;
		size_t at;

		if (!image || !node_get(body, "build") || map_has(&seen, image))
			continue;
		(void)map_set(&seen, image, compose);
		subject = plan_subject("Image", image);
		at = plan_add(&plan, PLAN_COMMAND, subject, "Pushing",
			      "Pushed");
		plan_words(&plan, at, "push", "--quiet", image);
		plan.steps[at].optional = ignore_failures;
		plan.steps[at].quiet = quiet;
	}
	map_release(&seen);
	r = compose_act(compose, &plan, &act);
	return r;
}

static int
run_build(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_plan struct plan plan = PLAN_INIT;
	const struct act_opts act = { .title = "Building" };
	const char *style =
		ctx->group ? args_str(ctx->group, "progress") : NULL;
	const struct plan_images_opts opts = {
		.build = true,
		.no_cache = args_bool(args, "no-cache"),
		.pull_base = args_bool(args, "pull"),
		.check = args_bool(args, "check"),
		.quiet = args_bool(args, "quiet"),
		.progress = args_given(args, "progress")
				    ? args_str(args, "progress")
				    : style,
		.memory = args_str(args, "memory"),
		.build_args = args_list(args, "build-arg"),
		.ssh = args_list(args, "ssh"),
	};
	int r = begin(&compose, ctx, args_bool(args, "with-dependencies"));

	if (r)
		return r;
	plan_builds(&compose.in, &opts, &plan);
	r = compose_act(&compose, &plan, &act);
	if (r == 0 && args_bool(args, "push"))
		r = push_all(&compose, false, opts.quiet);
	return r;
}

static int
run_pull(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_plan struct plan plan = PLAN_INIT;
	const struct act_opts act = { .title = "Pulling" };
	const struct plan_images_opts opts = {
		.policy = args_str(args, "policy") ?: "always",
		.quiet_pull = args_bool(args, "quiet"),
		.ignore_failures = args_bool(args, "ignore-pull-failures"),
	};
	cleanup_strvec struct strvec kept = STRVEC_INIT;
	int r = begin(&compose, ctx, args_bool(args, "include-deps"));

	if (r)
		return r;
	for (size_t i = 0; i < compose.selected.len; i++)
		if (!args_bool(args, "ignore-buildable") ||
		    !node_get(project_service(&compose.project,
					      compose.selected.v[i]),
			      "build"))
			strvec_add(&kept, compose.selected.v[i]);
	compose.in.services = &kept;
	plan_pulls(&compose.in, &opts, &plan);
	return compose_act(&compose, &plan, &act);
}

static int
run_push(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	int r = begin(&compose, ctx, args_bool(args, "include-deps"));

	return r ? r
		 : push_all(&compose, args_bool(args, "ignore-push-failures"),
			    args_bool(args, "quiet"));
}

/* images */

static const struct format_field fields[] = {
	{ "ContainerName", "CONTAINER" },
	{ "CreatedSince", "CREATED" },
	{ "ID", "IMAGE ID" },
	{ "Platform", "PLATFORM" },
	{ "Repository", "REPOSITORY" },
	{ "Size", "SIZE" },
	{ "Tag", "TAG" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "ContainerName|Repository|Tag|Platform|ID|Size|CreatedSince",
	.quiet = "ID",
};

static struct node *
image_row_node(struct compose *compose, const struct world_container *one)
{
	cleanup_container struct container c = CONTAINER_INIT;
	cleanup_strbuf struct strbuf size = STRBUF_INIT, name = STRBUF_INIT;
	cleanup_strbuf struct strbuf age = STRBUF_INIT, os = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;
	struct image_row row = { .line = NULL };
	struct node *node = node_new_obj();
	struct platform host;
	const char *id;

	if (container_find(&compose->session, one->id, &c, NULL) < 0)
		return node;
	id = node_str_or(node_get(c.config, "Image"), "");
	if (ref_parse(node_str_or(node_get(c.config, "ImageName"), ""), &ref,
		      NULL) == 0)
		ref_add_familiar_name(&name, &ref);
	if (image_find(&compose->session.store, id, &row, NULL, NULL) == 0) {
		units_add_size(&size, (uint64_t)row.size_bytes);
		cell_add_ago(&age, row.created_ns, units_now_ns());
		image_row_release(&row);
	}
	platform_host(&host);
	platform_add(&os, &host);
	node_set_str(node, "ContainerName", one->name);
	node_set_str(node, "Repository", name.len ? name.buf : "<none>");
	node_set_str(node, "Tag", ref.tag ? ref.tag : "<none>");
	node_set_str(node, "Platform", os.buf);
	node_set(node, "ID",
		 node_new_strn(text_after(id, "sha256:") ?: id,
			       strlen(text_after(id, "sha256:") ?: id) > 12
				       ? 12
				       : strlen(id)));
	node_set_str(node, "Size", size.buf);
	node_set_str(node, "CreatedSince", age.buf);
	return node;
}

static int
run_images(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_node struct node *rows = node_new_arr();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	const struct format_request request = {
		.format = args_str(args, "format"),
		.is_quiet = args_bool(args, "quiet"),
	};
	int r = compose_begin(&compose, ctx, NULL,
			      COMPOSE_NO_FILES | COMPOSE_MAYBE_NONE);

	if (r)
		return r;
	for (size_t i = 0; i < compose.world.container_count; i++)
		if (strvec_has(&compose.selected,
			       compose.world.containers[i].service))
			node_push(rows,
				  image_row_node(&compose,
						 &compose.world.containers[i]));
	if (request.format && !strcmp(request.format, "json") &&
	    !request.is_quiet) {
		node_write_json(&out, rows, NODE_COMPACT);
		strbuf_addch(&out, '\n');
	} else {
		r = format_rows(&listing, &request, rows, &out, ctx->err);
	}
	if (r == 0)
		say_text(&out);
	return r;
}

#define SERVICES_CMD(path_, summary_, rows_, run_, example_)                   \
	{                                                                      \
		.path = path_, .summary = summary_,                            \
		.operands = "[SERVICE...]", CMD_FLAGS(rows_),                  \
		CMD_EXAMPLES(example_), .max_operands = CMD_MANY, .run = run_, \
	}

static const struct cmd_example build_examples[] = {
	{ "build all images anew", "dhow compose build --no-cache" },
};
static const struct cmd_example pull_examples[] = {
	{ "pull what is newer", "dhow compose pull" },
};
static const struct cmd_example push_examples[] = {
	{ "push what services are built as", "dhow compose push" },
};
static const struct cmd_example images_examples[] = {
	{ "which images containers are of", "dhow compose images" },
};

const struct cmd cmd_compose_build =
	SERVICES_CMD("compose build", "build images of services", build_flags,
		     run_build, build_examples);
const struct cmd cmd_compose_pull =
	SERVICES_CMD("compose pull", "pull images of services", pull_flags,
		     run_pull, pull_examples);
const struct cmd cmd_compose_push =
	SERVICES_CMD("compose push", "push images of services that are built",
		     push_flags, run_push, push_examples);
const struct cmd cmd_compose_images =
	SERVICES_CMD("compose images", "list images of containers",
		     images_flags, run_images, images_examples);
