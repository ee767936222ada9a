/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_version.c - dhow version.
 *
 * Scripts ask .Server.Version of docker; without a daemon it is the client.
 */
#include <stdio.h>
#include <sys/utsname.h>

#include "base/alloc.h"
#include "cli/cmd_list.h"
#include "cli/say.h"
#include "cli/version.h"
#include "spec/platform.h"
#include "ui/format.h"

static const char text[] =
	"Client: {{.Client.Platform.Name}}\n"
	" Version:           {{.Client.Version}}\n"
	" API version:       {{.Client.ApiVersion}}\n"
	" Git commit:        {{.Client.GitCommit}}\n"
	" OS/Arch:           {{.Client.Os}}/{{.Client.Arch}}\n"
	" Context:           {{.Client.Context}}\n"
	"\n"
	"Server: {{.Server.Platform.Name}}\n"
	" Engine:\n"
	"  Version:          {{.Server.Version}}\n"
	"  API version:      {{.Server.ApiVersion}} (minimum version {{.Server.MinAPIVersion}})\n"
	"  Git commit:       {{.Server.GitCommit}}\n"
	"  OS/Arch:          {{.Server.Os}}/{{.Server.Arch}}\n"
	"  Kernel:           {{.Server.KernelVersion}}";

int
version_print_line(void)
{
	(void)printf("dhow version %s, build %s\n", PACKAGE_VERSION,
		     DHOW_BUILD);
	return 0;
}

/* What client and server have in common. */
static struct node *
add_side(struct node *root, const char *side, const char *name)
{
	struct node *obj = node_need_obj(root, side);
	struct platform host;

	platform_host(&host);
	node_set_str(node_need_obj(obj, "Platform"), "Name", name);
	node_set_str(obj, "Version", PACKAGE_VERSION);
	node_set_str(obj, "ApiVersion", VERSION_API);
	node_set_str(obj, "GitCommit", DHOW_BUILD);
	node_set_str(obj, "GoVersion", "");
	node_set_str(obj, "Os", host.os);
	node_set_str(obj, "Arch", host.arch);
	node_set_str(obj, "BuildTime", "");
	return obj;
}

static struct node *
make_version(void)
{
	struct node *root = node_new_obj();
	struct node *client = add_side(root, "Client", "dhow");
	struct node *server =
		add_side(root, "Server", "dhow (the same program: no daemon)");
	struct node *component;
	struct utsname host;

	node_set_str(client, "DefaultAPIVersion", VERSION_API);
	node_set_str(client, "Context", "default");
	node_set_str(server, "MinAPIVersion", VERSION_API_MIN);
	if (uname(&host) == 0)
		node_set_str(server, "KernelVersion", host.release);
	node_set_bool(server, "Experimental", false);
	component =
		node_push(node_need_arr(server, "Components"), node_new_obj());
	node_set_str(component, "Name", "Engine");
	node_set_str(component, "Version", PACKAGE_VERSION);
	(void)node_need_obj(component, "Details");
	return root;
}

static int
run(struct cmd_ctx *ctx)
{
	static const char *const maps[] = { "Details", NULL };
	cleanup_node struct node *version = make_version();
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const char *format = args_str(ctx->args, "format");
	int r = format_object(format && format[0] ? format : text, maps,
			      version, &sb, ctx->err);

	if (r < 0)
		return r;
	say_text(&sb);
	return 0;
}

static const struct flag flags[] = {
	{ .name = "format",
	  .letter = 'f',
	  .meta = "json|TEMPLATE",
	  .kind = FLAG_STR,
	  .help = "print JSON or what a Go template makes of it" },
};

static const struct cmd_example examples[] = {
	{ "print the version", "dhow version" },
	{ "print the number alone, as a script may want it",
	  "dhow version --format '{{.Client.Version}}'" },
};

const struct cmd cmd_version = {
	.path = "version",
	.summary = "print the version of dhow and of the host's kernel",
	.about =
		"Client and server are the same program; both are printed because scripts written for docker ask for either.",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};

/* Scripts ask whether there is a buildx. */
static int
run_buildx(struct cmd_ctx *ctx)
{
	(void)ctx;
	(void)printf("dhow/buildx v%s %s\n", PACKAGE_VERSION, DHOW_BUILD);
	return 0;
}

const struct cmd cmd_buildx_version = {
	.path = "buildx version",
	.summary = "print the version, as scripts ask for it",
	.run = run_buildx,
};
