/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/inspect_print.c - what the inspect commands print, by --format.
 */
#include "cli/inspect_print.h"

#include "cli/say.h"
#include "ui/format.h"

/* Members that are maps in docker's objects of any kind. */
static const char *const maps[] = {
	"Annotations", "Containers", "Data",    "DriverOpts",   "ExposedPorts",
	"Labels",      "Networks",   "Options", "PortBindings", "Ports",
	"Sysctls",     "Tmpfs",      "Volumes", NULL,
};

/* What docker leaves out where there is none, by a member that is beside it. */
static const struct format_omitted omitted[] = {
	{ "Annotations", "AutoRemove", TEMPLATE_NIL_MAP },
	{ "ArgsEscaped", "OnBuild", "false" },
	{ "Driver", "Destination", "" },
	{ "ExposedPorts", "AttachStdin", TEMPLATE_NIL_MAP },
	{ "Health", "OOMKilled", "null" },
	{ "Healthcheck", "AttachStdin", "null" },
	{ "ImageManifestDescriptor", "ResolvConfPath", "null" },
	{ "Init", "AutoRemove", "null" },
	{ "Isolation", "AutoRemove", "" },
	{ "MacAddress", "AttachStdin", "" },
	{ "Mounts", "AutoRemove", TEMPLATE_NIL_SLICE },
	{ "Name", "Destination", "" },
	{ "NetworkDisabled", "AttachStdin", "false" },
	{ "OnBuild", "AttachStdin", TEMPLATE_NIL_SLICE },
	{ "Shell", "AttachStdin", TEMPLATE_NIL_SLICE },
	{ "SizeRootFs", "ResolvConfPath", "null" },
	{ "SizeRw", "ResolvConfPath", "null" },
	{ "Status", "Mountpoint", TEMPLATE_NIL_MAP },
	{ "StopSignal", "AttachStdin", "" },
	{ "StopTimeout", "AttachStdin", "null" },
	{ "Storage", "ResolvConfPath", "null" },
	{ "StorageOpt", "AutoRemove", TEMPLATE_NIL_MAP },
	{ "Sysctls", "AutoRemove", TEMPLATE_NIL_MAP },
	{ "Timezone", "CreateCommand", "" },
	{ "Tmpfs", "AutoRemove", TEMPLATE_NIL_MAP },
	{ "UsageData", "Mountpoint", "null" },
	{ "Variant", "RepoTags", "" },
	{ NULL, NULL, NULL },
};

int
inspect_print(struct cmd_ctx *ctx, const struct node *found, int status)
{
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int r;

	r = format_inspect(args_str(ctx->args, "format"), maps, omitted, found,
			   &out, ctx->err);
	if (r < 0)
		return r;
	say_text(&out);
	return status;
}
