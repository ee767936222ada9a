/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_info.c - dhow info: this installation and this host, as a summary.
 */
#include "base/alloc.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/info_node.h"
#include "cli/say.h"
#include "ui/format.h"

/* The lines of docker info, which scripts search. */
static const char text[] =
	"Client: dhow\n"
	" Version:    {{.ClientInfo.Version}}\n"
	" Context:    {{.ClientInfo.Context}}\n"
	" Debug Mode: {{.ClientInfo.Debug}}\n"
	"\n"
	"Server: the same program, there is no daemon\n"
	" Containers: {{.Containers}}\n"
	"  Running: {{.ContainersRunning}}\n"
	"  Paused: {{.ContainersPaused}}\n"
	"  Stopped: {{.ContainersStopped}}\n"
	" Images: {{.Images}}\n"
	" Server Version: {{.ServerVersion}}\n"
	" Storage Driver: {{.Driver}}\n"
	"{{range .DriverStatus}}  {{index . 0}}: {{index . 1}}\n{{end}}"
	" Id Mode: {{.IdMode}}\n"
	" Logging Driver: {{.LoggingDriver}}\n"
	" Cgroup Driver: {{.CgroupDriver}}\n"
	" Cgroup Version: {{.CgroupVersion}}\n"
	" Plugins:\n"
	"  Volume: {{join .Plugins.Volume \" \"}}\n"
	"  Network: {{join .Plugins.Network \" \"}}\n"
	" Swarm: {{.Swarm.LocalNodeState}}\n"
	" Default Runtime: {{.DefaultRuntime}}\n"
	" Security Options:\n"
	"{{range .SecurityOptions}}  {{.}}\n{{end}}"
	" Kernel Version: {{.KernelVersion}}\n"
	" Operating System: {{.OperatingSystem}}\n"
	" OSType: {{.OSType}}\n"
	" Architecture: {{.Architecture}}\n"
	" CPUs: {{.NCPU}}\n"
	" Total Memory: {{.Memory}}\n"
	" Name: {{.Name}}\n"
	" Docker Root Dir: {{.DockerRootDir}}\n"
	"{{with .HttpProxy}} HTTP Proxy: {{.}}\n{{end}}"
	"{{with .HttpsProxy}} HTTPS Proxy: {{.}}\n{{end}}"
	"{{with .NoProxy}} No Proxy: {{.}}\n{{end}}"
	" Debug Mode: {{.Debug}}";

/* For the text alone: docker's object has no such member. */
static void
spell_memory(struct node *info)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	units_add_size_binary(&sb, (uint64_t)node_get_int(info, "MemTotal", 0));
	node_set_str(info, "Memory", sb.buf);
}

static void
say_warnings(const struct node *info)
{
	const struct node *warnings = node_get(info, "Warnings");

	for (size_t i = 0; i < node_len(warnings); i++)
		say_warning("%s", node_str_or(node_at(warnings, i), ""));
}

static int
run(struct cmd_ctx *ctx)
{
	static const char *const maps[] = { "Runtimes", NULL };
	cleanup_host_report struct host_report report = HOST_REPORT_INIT;
	cleanup_session struct session session = SESSION_INIT;
	cleanup_node struct node *info = node_new_obj();
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const char *format = args_str(ctx->args, "format");
	bool is_plain = !format || !format[0];
	int r = cmd_session(ctx, &session);

	if (r < 0)
		return r;
	host_report_make(&report, &session.paths);
	r = info_node_fill(&session, &report, info, ctx->err);
	if (r < 0)
		return r;
	if (is_plain)
		spell_memory(info);
	r = format_object(is_plain ? text : format, maps, info, &sb, ctx->err);
	if (r < 0)
		return r;
	say_text(&sb);
	if (is_plain)
		say_warnings(info);
	return 0;
}

static const struct flag flags[] = {
	{ .name = "format",
	  .letter = 'f',
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .values = "json",
	  .help = "json, or a Go template over the object" },
};

static const struct cmd_example examples[] = {
	{ "see a summary", "dhow info" },
	{ "ask for one thing", "dhow info --format '{{.Driver}}'" },
};

const struct cmd cmd_info = {
	.path = "info",
	.aliases = "system info",
	.summary = "print a summary of this installation and this host",
	CMD_FLAGS(flags),
	CMD_EXAMPLES(examples),
	.run = run,
};
