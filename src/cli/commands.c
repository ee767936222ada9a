/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/commands.c - the table of all commands, and finding one in it.
 */
#include "cli/commands.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "cli/cmd_list.h"

const struct cmd *const commands_all[] = {
	/* clang-format off */
	&cmd_complete,
	&cmd_attach,
	&cmd_autostart,
	&cmd_build,
	&cmd_builder_du,
	&cmd_builder_prune,
	&cmd_buildx_imagetools_create,
	&cmd_buildx_imagetools_inspect,
	&cmd_buildx_version,
	&cmd_commit,
	&cmd_completion,
	&cmd_compose,
	&cmd_compose_attach,
	&cmd_compose_build,
	&cmd_compose_commit,
	&cmd_compose_config,
	&cmd_compose_cp,
	&cmd_compose_create,
	&cmd_compose_down,
	&cmd_compose_events,
	&cmd_compose_exec,
	&cmd_compose_export,
	&cmd_compose_images,
	&cmd_compose_kill,
	&cmd_compose_logs,
	&cmd_compose_ls,
	&cmd_compose_manual,
	&cmd_compose_pause,
	&cmd_compose_port,
	&cmd_compose_ps,
	&cmd_compose_pull,
	&cmd_compose_push,
	&cmd_compose_restart,
	&cmd_compose_rm,
	&cmd_compose_run,
	&cmd_compose_scale,
	&cmd_compose_start,
	&cmd_compose_stats,
	&cmd_compose_stop,
	&cmd_compose_top,
	&cmd_compose_unpause,
	&cmd_compose_up,
	&cmd_compose_version,
	&cmd_compose_volumes,
	&cmd_compose_wait,
	&cmd_compose_watch,
	&cmd_container_exists,
	&cmd_container_inspect,
	&cmd_container_prune,
	&cmd_copy,
	&cmd_cp,
	&cmd_create,
	&cmd_debug_dockerfile,
	&cmd_debug_yaml2json,
	&cmd_diff,
	&cmd_doctor,
	&cmd_events,
	&cmd_exec,
	&cmd_export,
	&cmd_healthcheck_run,
	&cmd_help,
	&cmd_history,
	&cmd_image_exists,
	&cmd_image_inspect,
	&cmd_image_prune,
	&cmd_image_tree,
	&cmd_images,
	&cmd_import,
	&cmd_info,
	&cmd_inspect,
	&cmd_kill,
	&cmd_load,
	&cmd_login,
	&cmd_logout,
	&cmd_logs,
	&cmd_manifest_add,
	&cmd_manifest_annotate,
	&cmd_manifest_create,
	&cmd_manifest_exists,
	&cmd_manifest_inspect,
	&cmd_manifest_push,
	&cmd_manifest_remove,
	&cmd_manifest_rm,
	&cmd_network_connect,
	&cmd_network_create,
	&cmd_network_disconnect,
	&cmd_network_exists,
	&cmd_network_inspect,
	&cmd_network_ls,
	&cmd_network_prune,
	&cmd_network_rm,
	&cmd_pause,
	&cmd_port,
	&cmd_ps,
	&cmd_pull,
	&cmd_push,
	&cmd_rename,
	&cmd_restart,
	&cmd_rm,
	&cmd_rmi,
	&cmd_run,
	&cmd_save,
	&cmd_search,
	&cmd_secret_create,
	&cmd_secret_exists,
	&cmd_secret_inspect,
	&cmd_secret_ls,
	&cmd_secret_rm,
	&cmd_start,
	&cmd_stats,
	&cmd_stop,
	&cmd_system_df,
	&cmd_system_prune,
	&cmd_system_reset,
	&cmd_tag,
	&cmd_top,
	&cmd_unpause,
	&cmd_unshare,
	&cmd_untag,
	&cmd_update,
	&cmd_version,
	&cmd_volume_create,
	&cmd_volume_exists,
	&cmd_volume_export,
	&cmd_volume_import,
	&cmd_volume_inspect,
	&cmd_volume_ls,
	&cmd_volume_prune,
	&cmd_volume_rm,
	&cmd_wait,
	/* clang-format on */
};

const size_t commands_count = ARRAY_LEN(commands_all);

#define COMMANDS_MAX_WORDS 3
#define NEEDS_DAEMON "there is no daemon that it could talk to"
#define NEEDS_CLUSTER "it manages a cluster of daemons"

/* What other tools have and dhow has not, or not yet: said plainly, or 'rm'
 * would be taken for a misspelt 'rmi'. A command that is there comes first. */
static const struct {
	const char *name;
	const char *why;
	const char *hint;
} absent[] = {
	{ "checkpoint", "checkpoints need privileges of the host", NULL },
	{ "compose alpha", "it is about what is not settled yet", NULL },
	{ "compose bridge", "it converts for clusters", NULL },
	{ "compose publish", "no Compose file is fetched from a registry",
	  "'dhow compose push' pushes the images; give the files along otherwise" },
	{ "config", NEEDS_CLUSTER, "compose has configs too" },
	{ "context", NEEDS_DAEMON, NULL },
	{ "farm", NEEDS_DAEMON, NULL },
	{ "machine", "containers run on this host, without a machine", NULL },
	{ "node", NEEDS_CLUSTER, NULL },
	{ "plugin", NEEDS_DAEMON, NULL },
	{ "service", NEEDS_CLUSTER, "describe services in a compose file" },
	{ "stack", NEEDS_CLUSTER, "describe services in a compose file" },
	{ "swarm", NEEDS_CLUSTER, "describe services in a compose file" },
};

static bool
is_called(const struct cmd *cmd, struct span name)
{
	struct span rest, alias;

	if (span_is(name, cmd->path))
		return true;
	if (!cmd->aliases)
		return false;
	rest = span_of(cmd->aliases);
	while (span_next(&rest, '|', &alias))
		if (span_eq(alias, name))
			return true;
	return false;
}

const struct cmd *
commands_get(struct span path)
{
	for (size_t i = 0; i < commands_count; i++)
		if (is_called(commands_all[i], path))
			return commands_all[i];
	return NULL;
}

static bool
cut_verb(struct span path, const char *noun, struct span *ret_verb)
{
	size_t len = strlen(noun);

	if (!span_starts(path, noun) || path.len <= len || path.ptr[len] != ' ')
		return false;
	*ret_verb = span_skip(path, len + 1);
	return true;
}

bool
commands_verb(const struct cmd *cmd, const char *noun, struct span *ret_verb)
{
	struct span rest, alias;

	if (cut_verb(span_of(cmd->path), noun, ret_verb))
		return true;
	if (!cmd->aliases)
		return false;
	rest = span_of(cmd->aliases);
	while (span_next(&rest, '|', &alias))
		if (cut_verb(alias, noun, ret_verb))
			return true;
	return false;
}

bool
commands_completes(const struct cmd *cmd)
{
	const char *blank = strchr(cmd->path, ' ');

	return !cmd->hidden && !(blank && strchr(blank + 1, ' '));
}

bool
commands_is_group(const char *noun)
{
	struct span verb;

	for (size_t i = 0; i < commands_count; i++)
		if (!commands_all[i]->hidden &&
		    commands_verb(commands_all[i], noun, &verb))
			return true;
	return false;
}

static void
add_noun(struct strvec *nouns, struct span name)
{
	size_t len = span_find(name, ' ');
	char *noun;

	if (len == name.len)
		return;
	noun = span_dup(span_new(name.ptr, len));
	if (strvec_has(nouns, noun))
		free(noun);
	else
		strvec_add_take(nouns, noun);
}

bool
commands_has_flags(const char *noun)
{
	const struct cmd *cmd = commands_get(span_of(noun));

	return cmd && cmd->has_verbs;
}

void
commands_add_nouns(struct strvec *nouns)
{
	for (size_t i = 0; i < commands_count; i++) {
		struct span rest, alias;

		if (commands_all[i]->hidden)
			continue;
		add_noun(nouns, span_of(commands_all[i]->path));
		rest = span_of(commands_all[i]->aliases ?: "");
		while (span_next(&rest, '|', &alias))
			add_noun(nouns, alias);
	}
	strvec_sort(nouns);
}

/* -ENOENT with the reason when @word is in that table, else 0. */
static int
refuse_absent(const char *word, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(absent); i++) {
		if (strcmp(absent[i].name, word) != 0)
			continue;
		(void)err_set(err, ENOENT, "dhow has no '%s': %s", word,
			      absent[i].why);
		if (absent[i].hint)
			err_hint(err, "%s", absent[i].hint);
		return -ENOENT;
	}
	return 0;
}

int
commands_refuse_verb(const char *noun, const char *word, struct err *err)
{
	cleanup_strvec struct strvec verbs = STRVEC_INIT;
	cleanup_free char *path = NULL;
	const char *near;
	struct span verb;
	int r;

	path = xasprintf("%s %s", noun, word);
	r = refuse_absent(path, err);
	if (r == 0)
		r = refuse_absent(word, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < commands_count; i++)
		if (commands_verb(commands_all[i], noun, &verb))
			strvec_add_take(&verbs, span_dup(verb));
	near = text_nearest(word, (const char *const *)strvec_argv(&verbs));
	r = err_set(err, ENOENT, "unknown command '%s %s'", noun, word);
	if (near)
		err_hint(err, "did you mean 'dhow %s %s'?", noun, near);
	else
		err_hint(err, "'dhow %s --help' lists what there is", noun);
	return r;
}

static int
refuse_command(const char *word, struct err *err)
{
	const char *names[ARRAY_LEN(commands_all) + 1] = { NULL };
	const char *near;
	int r;

	r = refuse_absent(word, err);
	if (r < 0)
		return r;
	for (size_t i = 0, n = 0; i < commands_count; i++)
		if (!commands_all[i]->hidden)
			names[n++] = commands_all[i]->path;
	near = text_nearest(word, names);
	r = err_set(err, ENOENT, "unknown command '%s'", word);
	if (near)
		err_hint(err, "did you mean 'dhow %s'?", near);
	else
		err_hint(err, "'dhow --help' lists what there is");
	return r;
}

/* The first @count words, joined. */
static char *
join_words(int count, char *const *argv)
{
	struct strbuf sb = STRBUF_INIT;

	for (int i = 0; i < count; i++)
		strbuf_addf(&sb, "%s%s", i ? " " : "", argv[i]);
	return strbuf_take(&sb);
}

/* The longest that there is: "buildx imagetools create", "run". */
int
commands_find(int argc, char *const *argv, const struct cmd **ret_cmd,
	      int *ret_words, struct err *err)
{
	int most = argc < COMMANDS_MAX_WORDS ? argc : COMMANDS_MAX_WORDS;

	for (int count = most; count > 0; count--) {
		cleanup_free char *path = join_words(count, argv);
		const struct cmd *cmd = commands_get(span_of(path));

		if (cmd) {
			*ret_cmd = cmd;
			*ret_words = count;
			return 0;
		}
	}
	for (int count = most - 1; count > 0; count--) {
		cleanup_free char *noun = join_words(count, argv);

		if (commands_is_group(noun))
			return commands_refuse_verb(noun, argv[count], err);
	}
	return refuse_command(argv[0], err);
}
