/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_compose_run.c - dhow compose run: one command in a new container.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "cli/cmd_list.h"
#include "cli/commands.h"
#include "cli/compose_phases.h"
#include "compose/config_print.h"
#include "compose/container_words.h"
#include "compose/dotenv.h"
#include "compose/shell_words.h"
#include "sys/sealed.h"

#define SLUG_LEN 12

static const struct flag flags[] = {
	{ .name = "build", .kind = FLAG_BOOL, .help = "build the image first" },
	{ .name = "cap-add",
	  .meta = "CAP",
	  .kind = FLAG_LIST,
	  .offer = OFFER_CAPABILITY,
	  .help = "add a capability" },
	{ .name = "cap-drop",
	  .meta = "CAP",
	  .kind = FLAG_LIST,
	  .offer = OFFER_CAPABILITY,
	  .help = "drop a capability" },
	{ .name = "detach",
	  .letter = 'd',
	  .kind = FLAG_BOOL,
	  .help = "print the container's name and do not wait" },
	{ .name = "entrypoint",
	  .meta = "COMMAND",
	  .kind = FLAG_STR,
	  .help = "instead of the service's; its command is dropped too" },
	{ .name = "env",
	  .letter = 'e',
	  .meta = "NAME[=VALUE]",
	  .kind = FLAG_LIST,
	  .help = "set a variable, or pass on the host's" },
	{ .name = "env-from-file",
	  .meta = "FILE",
	  .kind = FLAG_LIST,
	  .offer = OFFER_FILE,
	  .help = "read variables from a file" },
	{ .name = "interactive",
	  .letter = 'i',
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "pass our input on" },
	{ .name = "label",
	  .letter = 'l',
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "a label more" },
	{ .name = "name",
	  .meta = "NAME",
	  .kind = FLAG_STR,
	  .help = "name of the container" },
	{ .name = "no-deps",
	  .kind = FLAG_BOOL,
	  .help = "do not start what the service depends on" },
	{ .name = "no-tty",
	  .letter = 'T',
	  .kind = FLAG_BOOL,
	  .help = "no terminal, even where there is one" },
	{ .name = "publish",
	  .letter = 'p',
	  .meta = "PORT",
	  .kind = FLAG_LIST,
	  .help = "open a port of the host" },
	{ .name = "pull",
	  .kind = FLAG_ENUM,
	  .values = "always|missing|never|build|policy",
	  .fallback = "policy",
	  .help = "when to pull, instead of what the service says" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "show nothing but the command's output" },
	{ .name = "quiet-build",
	  .kind = FLAG_BOOL,
	  .help = "do not show builds" },
	{ .name = "quiet-pull",
	  .kind = FLAG_BOOL,
	  .help = "do not show pulls" },
	{ .name = "remove-orphans",
	  .kind = FLAG_BOOL,
	  .help = "remove containers of services that the files do not have" },
	{ .name = "rm",
	  .kind = FLAG_BOOL,
	  .help = "remove the container when it ends" },
	{ .name = "service-ports",
	  .letter = 'P',
	  .kind = FLAG_BOOL,
	  .help = "open the service's own ports" },
	{ .name = "tty",
	  .letter = 't',
	  .kind = FLAG_BOOL,
	  .fallback = "true",
	  .help = "a terminal, where we have one" },
	{ .name = "use-aliases",
	  .kind = FLAG_BOOL,
	  .help = "others find it by the service's names" },
	{ .name = "user",
	  .letter = 'u',
	  .meta = "USER[:GROUP]",
	  .kind = FLAG_STR,
	  .help = "run as this user of the image" },
	{ .name = "volume",
	  .letter = 'v',
	  .meta = "[SOURCE:]PATH[:OPTIONS]",
	  .kind = FLAG_LIST,
	  .help = "mount something more" },
	{ .name = "workdir",
	  .letter = 'w',
	  .meta = "DIR",
	  .kind = FLAG_STR,
	  .help = "working directory in the container" },
};

static void
add_list(struct strvec *words, const char *flag, const struct strvec *list)
{
	for (size_t i = 0; i < list->len; i++) {
		strvec_add(words, flag);
		strvec_add(words, list->v[i]);
	}
}

static void
add_text(struct strvec *words, const char *flag, const char *value)
{
	if (!value)
		return;
	strvec_add(words, flag);
	strvec_add(words, value);
}

static const char *
lookup_env(void *arg, const char *name)
{
	return project_env_get(arg, name);
}

/* --env-from-file: above what the service itself says, as -e. */
static int
add_env_files(struct compose *compose, struct strvec *words)
{
	const struct strvec *files =
		args_list(compose->ctx->args, "env-from-file");
	struct err *err = compose->ctx->err;

	for (size_t i = 0; i < files->len; i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;
		cleanup_dotenv struct dotenv vars = DOTENV_INIT;
		int r = fsx_read_file(AT_FDCWD, files->v[i], DOTENV_MAX_BYTES,
				      &sb, err);

		if (r == 0)
			r = dotenv_read(span_new(sb.buf, sb.len), files->v[i],
					lookup_env, &compose->project.env,
					&vars, err);
		if (r < 0)
			return err_wrap(err, r, "--env-from-file");
		for (size_t k = 0; k < vars.len; k++) {
			strvec_add(words, "--env");
			strvec_addf(words, "%s=%s", vars.items[k].key,
				    vars.items[k].value);
		}
	}
	return 0;
}

/* -e NAME: as the project sees it. */
static void
add_env(const struct compose *compose, struct strvec *words)
{
	const struct strvec *env = args_list(compose->ctx->args, "env");

	for (size_t i = 0; i < env->len; i++) {
		const char *value =
			project_env_get(&compose->project.env, env->v[i]);

		if (strchr(env->v[i], '=')) {
			add_text(words, "--env", env->v[i]);
		} else if (value) {
			strvec_add(words, "--env");
			strvec_addf(words, "%s=%s", env->v[i], value);
		}
	}
}

static int
add_entrypoint(const struct args *args, struct strvec *words, struct err *err)
{
	const char *text = args_str(args, "entrypoint");
	cleanup_strvec struct strvec parts = STRVEC_INIT;
	cleanup_node struct node *list = NULL;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int r;

	if (!text)
		return 0;
	r = shell_words_split(text, &parts, err);
	if (r < 0)
		return err_wrap(err, r, "--entrypoint");
	list = node_new_strvec(&parts);
	if (parts.len)
		node_write_json(&sb, list, NODE_COMPACT);
	add_text(words, "--entrypoint", sb.buf);
	return 0;
}

/* A volume of the project goes by its name there. */
static void
add_volumes(const struct compose *compose, struct strvec *words)
{
	const struct strvec *list = args_list(compose->ctx->args, "volume");
	const struct node *volumes =
		node_get(compose->project.model, "volumes");

	for (size_t i = 0; i < list->len; i++) {
		size_t len = strcspn(list->v[i], ":");
		cleanup_free char *source = xstrndup(list->v[i], len);
		const char *name =
			node_get_str(node_get(volumes, source), "name");

		strvec_add(words, "--volume");
		if (name && list->v[i][len])
			strvec_addf(words, "%s%s", name, list->v[i] + len);
		else
			strvec_add(words, list->v[i]);
	}
}

static int
extra_words(struct compose *compose, struct strvec *words)
{
	const struct args *args = compose->ctx->args;
	bool detach = args_bool(args, "detach");
	bool tty = args_bool(args, "tty") && !args_bool(args, "no-tty") &&
		   !detach && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	int r;

	strvec_add(words, tty ? "--tty=true" : "--tty=false");
	if (args_bool(args, "interactive") && !detach)
		strvec_add(words, "--interactive=true");
	if (detach)
		strvec_add(words, "--detach");
	if (args_bool(args, "rm"))
		strvec_add(words, "--rm");
	r = add_env_files(compose, words);
	if (r < 0)
		return r;
	add_env(compose, words);
	add_list(words, "--label", args_list(args, "label"));
	add_list(words, "--publish", args_list(args, "publish"));
	add_list(words, "--cap-add", args_list(args, "cap-add"));
	add_list(words, "--cap-drop", args_list(args, "cap-drop"));
	add_text(words, "--user", args_str(args, "user"));
	add_text(words, "--workdir", args_str(args, "workdir"));
	add_volumes(compose, words);
	return add_entrypoint(args, words, compose->ctx->err);
}

/* What the service depends on is started, and waited for. */
static int
start_dependencies(struct compose *compose, const char *service)
{
	const struct act_opts act = {
		.title = "Running",
		.quiet = args_bool(compose->ctx->args, "quiet"),
	};
	cleanup_plan struct plan plan = PLAN_INIT;
	struct plan_input in = compose->in;
	cleanup_strvec struct strvec others = STRVEC_INIT;
	int r;

	for (size_t i = 0; i < compose->selected.len; i++)
		if (strcmp(compose->selected.v[i], service) != 0)
			strvec_add(&others, compose->selected.v[i]);
	in.services = &others;
	in.named = &others;
	in.keep_surplus = true;
	r = plan_up_for(&in, service, &plan, compose->ctx->err);
	return r < 0 ? r : compose_act(compose, &plan, &act);
}

/* Networks, volumes and files of the service itself. */
static int
make_resources(struct compose *compose, const struct strvec *only)
{
	const struct act_opts act = {
		.title = "Running",
		.quiet = args_bool(compose->ctx->args, "quiet"),
	};
	cleanup_plan struct plan plan = PLAN_INIT;
	struct plan_input in = compose->in;
	size_t *ready = NULL, count;
	int r;

	in.services = only;
	r = plan_resources(&in, &plan, &ready, &count, compose->ctx->err);
	free(ready);
	return r < 0 ? r : compose_act(compose, &plan, &act);
}

/* The name is what is printed, where run itself prints the id. */
static int
detach(const struct compose *compose, const struct cmd *cmd,
       const struct strvec *words, const char *name)
{
	cleanup_close int outfd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	cleanup_close int nullfd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int r;

	(void)fflush(stdout);
	(void)dup2(nullfd, STDOUT_FILENO);
	r = compose_invoke(compose, cmd, words);
	(void)fflush(stdout);
	(void)dup2(outfd, STDOUT_FILENO);
	if (r == 0)
		(void)puts(name);
	return r;
}

static int
run_container(struct compose *compose, const char *service,
	      const struct strvec *command)
{
	const struct args *args = compose->ctx->args;
	cleanup_strvec struct strvec words = STRVEC_INIT, extra = STRVEC_INIT;
	cleanup_free char *image = config_print_image(
		&compose->project, service, compose->in.underscore);
	cleanup_free char *name = NULL;
	char slug[SLUG_LEN + 1];
	/* As Docker Compose: 1 where docker itself says 125. */
	struct cmd cmd = *commands_get(span_of("run"));
	struct container_words from = {
		.project = &compose->project,
		.world = &compose->world,
		.service = service,
		.image = image,
		.image_id = world_image(&compose->world, image),
		.secrets = compose->secrets_dir,
		.number = 1,
		.underscore = compose->in.underscore,
		.oneoff = true,
		.slug = slug,
		.no_ports = !args_bool(args, "service-ports"),
		.no_aliases = !args_bool(args, "use-aliases"),
		.drop_command = args_given(args, "entrypoint"),
	};
	int r;

	text_random_hex(slug, SLUG_LEN);
	name = args_str(args, "name")
		       ? xstrdup(args_str(args, "name"))
		       : xasprintf("%s%c%s%crun%c%s", compose->project.name,
				   from.underscore ? '_' : '-', service,
				   from.underscore ? '_' : '-',
				   from.underscore ? '_' : '-', slug);
	from.name = name;
	r = extra_words(compose, &extra);
	if (r < 0)
		return r;
	container_words_add(&from, &extra, command, &words);
	cmd.fail_status = 1;
	return args_bool(args, "detach")
		       ? detach(compose, &cmd, &words, name)
		       : compose_invoke(compose, &cmd, &words);
}

static int
run(struct cmd_ctx *ctx)
{
	const struct args *args = ctx->args;
	const char *service = args_operand(args, 0);
	cleanup_compose struct compose compose = COMPOSE_INIT;
	cleanup_strvec struct strvec named = STRVEC_INIT;
	cleanup_strvec struct strvec command = STRVEC_INIT;
	struct plan_images_opts images = { .policy = NULL };
	bool with_deps = !args_bool(args, "no-deps");
	int r = sealed_ensure(ctx->err);

	strvec_add(&named, service);
	strvec_add_array(&command, args->operands.v + 1);
	if (r == 0)
		r = compose_begin(&compose, ctx, &named,
				  (with_deps ? COMPOSE_WITH_DEPS : 0) |
					  COMPOSE_WARN | COMPOSE_ACTS);
	if (r)
		return r;
	compose.in.remove_orphans = args_bool(args, "remove-orphans");
	compose.in.ignore_orphans =
		compose_is_on(&compose, "COMPOSE_IGNORE_ORPHANS");
	compose_image_flags(args, &images);
	images.quiet = images.quiet || args_bool(args, "quiet");
	images.quiet_pull = images.quiet_pull || args_bool(args, "quiet");
	r = compose_images(&compose, &images);
	if (r == 0 && with_deps)
		r = start_dependencies(&compose, service);
	if (r == 0)
		r = compose_look(&compose);
	if (r == 0)
		r = compose_look_images(&compose);
	if (r == 0)
		r = make_resources(&compose, &named);
	if (r == 0)
		r = compose_look(&compose);
	if (r == 0)
		r = compose_look_images(&compose);
	return r ? r : run_container(&compose, service, &command);
}

static const struct cmd_example examples[] = {
	{ "a command beside the running services",
	  "dhow compose run --rm web ls" },
};

const struct cmd cmd_compose_run = {
	.path = "compose run",
	.summary = "run a command in a new container of a service",
	.operands = "SERVICE [COMMAND] [ARG...]",
	.about = "What the service depends on is started first. The "
		 "container has the service's settings, but no ports and no "
		 "restart policy.",
	.exits = "That of the command; 1 when it could not be started.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.stop_at_operand = true,
	.run = run,
};
