/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_complete.c - dhow __complete: names for completion scripts.
 *
 * A line per name, with a text behind a tab where there is one. It answers
 * nothing rather than fail: a message would land in somebody's prompt.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/commands.h"
#include "cli/say.h"
#include "spec/ref.h"
#include "store/image_table.h"
#include "store/netdef.h"

static void
add_name(struct strbuf *sb, const char *prefix, const char *name,
	 const char *text)
{
	if (text_starts(name, prefix))
		strbuf_addf(sb, "%s\t%s\n", name, text);
}

static void
add_commands(struct cmd_ctx *ctx, struct strbuf *sb, const char *prefix)
{
	for (size_t i = 0; i < commands_count; i++)
		if (!commands_all[i]->hidden)
			add_name(sb, prefix, commands_all[i]->path,
				 commands_all[i]->summary);
}

static void
add_aliases(struct cmd_ctx *ctx, struct strbuf *sb, const char *prefix)
{
	for (size_t i = 0; i < commands_count; i++) {
		const struct cmd *cmd = commands_all[i];
		struct span rest = span_of(cmd->aliases ?: ""), alias;

		while (!cmd->hidden && span_next(&rest, '|', &alias)) {
			cleanup_free char *name = span_dup(alias);

			add_name(sb, prefix, name, cmd->path);
		}
	}
}

static void
add_image_row(struct strbuf *sb, const char *prefix,
	      const struct image_row *row)
{
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	cleanup_ref struct ref ref = REF_INIT;

	if (!row->name || ref_parse(row->name, &ref, NULL) < 0)
		return;
	ref_add_familiar(&name, &ref);
	if (!strchr(name.buf, '@'))
		add_name(sb, prefix, name.buf, "image");
}

static void
add_images(struct cmd_ctx *ctx, struct strbuf *sb, const char *prefix)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_image_table struct image_table table = IMAGE_TABLE_INIT;
	struct store *store;

	if (cmd_session(ctx, &session) < 0 ||
	    session_store(&session, &store, NULL) < 0 ||
	    image_table_load(store, &table, NULL) < 0)
		return;
	for (size_t i = 0; i < table.len; i++)
		add_image_row(sb, prefix, &table.rows[i]);
}

/* The names in a directory of the store are those of the objects. */
static void
add_entries(struct cmd_ctx *ctx, struct strbuf *sb, const char *prefix,
	    const char *dir_name, const char *text)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_closedir DIR *dir = NULL;
	struct store *store;
	int fd;

	if (cmd_session(ctx, &session) < 0 ||
	    session_store(&session, &store, NULL) < 0)
		return;
	fd = openat(store->dirfd, dir_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	for (struct dirent *entry; (entry = readdir(dir));)
		if (entry->d_name[0] != '.')
			add_name(sb, prefix, entry->d_name, text);
}

static void
add_containers(struct cmd_ctx *ctx, struct strbuf *sb, const char *prefix)
{
	add_entries(ctx, sb, prefix, "names", "container");
}

static void
add_volumes(struct cmd_ctx *ctx, struct strbuf *sb, const char *prefix)
{
	add_entries(ctx, sb, prefix, "volumes", "volume");
}

static void
add_networks(struct cmd_ctx *ctx, struct strbuf *sb, const char *prefix)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_netdef_vec struct netdef_vec vec = NETDEF_VEC_INIT;
	struct store *store;

	if (cmd_session(ctx, &session) < 0 ||
	    session_store(&session, &store, NULL) < 0 ||
	    netdef_list(store, &vec, NULL) < 0)
		return;
	for (size_t i = 0; i < vec.len; i++)
		add_name(sb, prefix, vec.items[i].name, "network");
}

static void
add_objects(struct cmd_ctx *ctx, struct strbuf *sb, const char *prefix)
{
	add_containers(ctx, sb, prefix);
	add_images(ctx, sb, prefix);
	add_volumes(ctx, sb, prefix);
}

static const struct {
	const char *kind;
	void (*add)(struct cmd_ctx *ctx, struct strbuf *sb, const char *prefix);
} kinds[] = {
	{ "alias", add_aliases },        { "command", add_commands },
	{ "container", add_containers }, { "image", add_images },
	{ "network", add_networks },     { "object", add_objects },
	{ "volume", add_volumes },
};

static int
run(struct cmd_ctx *ctx)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const char *kind = args_operand(ctx->args, 0);
	const char *prefix = args_operand(ctx->args, 1) ?: "";

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i].kind, kind))
			kinds[i].add(ctx, &sb, prefix);
	say_text(&sb);
	return 0;
}

const struct cmd cmd_complete = {
	.path = "__complete",
	.summary = "print names for a completion script",
	.operands = "KIND [PREFIX]",
	.min_operands = 1,
	.max_operands = 2,
	.hidden = true,
	.run = run,
};
