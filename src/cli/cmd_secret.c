/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_secret.c - dhow secret create, inspect, ls and rm.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "base/units.h"
#include "cli/cmd_list.h"
#include "cli/cmd_session.h"
#include "cli/container_cells.h"
#include "cli/docker_format.h"
#include "cli/inspect_print.h"
#include "cli/say.h"
#include "spec/env_file.h"
#include "spec/filter.h"
#include "store/event_log.h"
#include "store/secret.h"
#include "ui/format.h"

static void
note_event(struct store *store, const char *id, const char *name,
	   const char *action)
{
	cleanup_strvec struct strvec attributes = STRVEC_INIT;

	strvec_addf(&attributes, "name=%s", name);
	event_log_add(store, &(struct event){ .type = "secret",
					      .action = action,
					      .id = id,
					      .attributes = &attributes });
}

/* create */

static const struct flag create_flags[] = {
	{ .name = "driver",
	  .letter = 'd',
	  .meta = "NAME",
	  .kind = FLAG_ENUM,
	  .values = "file",
	  .fallback = "file",
	  .ignore = "",
	  .help = "who keeps it: a file only you can read" },
	{ .name = "driver-opts",
	  .meta = "KEY=VALUE",
	  .kind = FLAG_CSV,
	  .refuse = "the file driver has no options",
	  .hidden = true },
	{ .name = "env",
	  .kind = FLAG_BOOL,
	  .help = "take the value of an environment variable, not of a file" },
	{ .name = "ignore",
	  .kind = FLAG_BOOL,
	  .help = "one that is there is fine, and keeps its value",
	  .conflicts = "replace" },
	{ .name = "label",
	  .letter = 'l',
	  .meta = "KEY[=VALUE]",
	  .kind = FLAG_LIST,
	  .help = "a label of the secret" },
	{ .name = "replace",
	  .kind = FLAG_BOOL,
	  .help = "give one that is there the new value" },
	{ .name = "template-driver",
	  .meta = "NAME",
	  .kind = FLAG_STR,
	  .refuse = "templates are filled in by a cluster of daemons",
	  .hidden = true },
};

/* From a file, standard input ("-", or nothing), or a variable. */
static int
read_value(const struct args *args, struct strbuf *value, struct err *err)
{
	const char *from = args_operand(args, 1);
	const char *text;

	if (!args_bool(args, "env"))
		return !from || !strcmp(from, "-")
			       ? io_read_all(STDIN_FILENO, SECRET_MAX_BYTES + 1,
					     value, err)
			       : fsx_read_file(AT_FDCWD, from,
					       SECRET_MAX_BYTES + 1, value,
					       err);
	text = from ? getenv(from) : NULL;
	if (!text)
		return err_set(err, ENOENT, "the variable '%s' is not set",
			       from ?: "");
	strbuf_addstr(value, text);
	return 0;
}

static int
read_labels(const struct args *args, struct node *labels, struct err *err)
{
	const struct strvec *given = args_list(args, "label");
	cleanup_strvec struct strvec pairs = STRVEC_INIT;
	int r = 0;

	for (size_t i = 0; r == 0 && i < given->len; i++)
		r = env_file_set_label(&pairs, given->v[i], err);
	for (size_t i = 0; r == 0 && i < pairs.len; i++) {
		char *eq = strchr(pairs.v[i], '=');

		if (eq)
			*eq = '\0';
		node_set_str(labels, pairs.v[i], eq ? eq + 1 : "");
	}
	return r;
}

static int
keep(struct cmd_ctx *ctx, struct store *store, struct span value)
{
	const char *name = args_operand(ctx->args, 0);
	bool replace = args_bool(ctx->args, "replace");
	cleanup_node struct node *labels = node_new_obj();
	cleanup_secret struct secret old = SECRET_INIT;
	char id[SECRET_ID_BYTES];
	int r = read_labels(ctx->args, labels, ctx->err);

	if (r == 0)
		r = secret_create(store, name, value, labels, replace, id,
				  ctx->err);
	if (r == 0)
		note_event(store, id, name, "create");
	if (r == -EEXIST && args_bool(ctx->args, "ignore")) {
		err_reset(ctx->err);
		r = secret_find(store, name, &old, ctx->err);
	}
	if (r == 0)
		(void)printf("%s\n", old.id ?: id);
	return r;
}

static int
run_create(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_strbuf struct strbuf value = STRBUF_INIT;
	struct store *store;
	int r = read_value(ctx->args, &value, ctx->err);

	if (r == 0)
		r = cmd_store(ctx, &session, &store);
	if (r == 0)
		r = keep(ctx, store, span_new(value.buf, value.len));
	if (value.buf)
		explicit_bzero(value.buf, value.len);
	return r;
}

static const struct cmd_example create_examples[] = {
	{ "keep a password that no command line shows",
	  "dhow secret create --replace db_password password.txt" },
	{ "give it to a container",
	  "dhow run --rm --secret db_password debian cat /run/secrets/db_password" },
};

const struct cmd cmd_secret_create = {
	.path = "secret create",
	.summary = "keep a value that containers may be given",
	.operands = "NAME [FILE|-]",
	.about = "The value is kept in a file that only you can read; it is "
		 "not encrypted. Its id is printed. A container gets a copy "
		 "when it is made: what becomes of the secret later does not "
		 "change the container.",
	CMD_FLAGS(create_flags),
	CMD_EXAMPLES(create_examples),
	.min_operands = 1,
	.max_operands = 2,
	.offer = OFFER_FILE,
	.run = run_create,
};

/* inspect */

static const struct flag inspect_flags[] = {
	{ .name = "format",
	  .letter = 'f',
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .conflicts = "pretty",
	  .help = "print by a Go template, or json" },
	{ .name = "pretty",
	  .kind = FLAG_BOOL,
	  .help = "print for people to read" },
	{ .name = "showsecret",
	  .kind = FLAG_BOOL,
	  .help = "show the value too, as SecretData" },
};

static void
print_pretty(const struct secret *secret, bool shows)
{
	(void)printf("ID:              %s\nName:            %s\n", secret->id,
		     secret->name);
	if (node_len(secret->labels))
		(void)printf("Labels:\n");
	for (size_t i = 0; i < node_len(secret->labels); i++)
		(void)printf(" - %s=%s\n", node_key_at(secret->labels, i),
			     node_str_or(node_value_at(secret->labels, i), ""));
	(void)printf("Driver:          file\nCreated at:      %s\n"
		     "Updated at:      %s\n",
		     secret->created, secret->updated);
	if (shows)
		(void)printf("Secret:          %.*s\n", (int)secret->value.len,
			     secret->value.buf);
}

static int
run_inspect(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_node struct node *found = node_new_arr();
	bool shows = args_bool(ctx->args, "showsecret");
	bool pretty = args_bool(ctx->args, "pretty");
	struct store *store;
	int status = 0;
	int r = cmd_store(ctx, &session, &store);

	for (size_t i = 0; r == 0 && i < ctx->args->operands.len; i++) {
		cleanup_secret struct secret secret = SECRET_INIT;
		struct err err = ERR_INIT;
		struct node *node;

		if (secret_find(store, ctx->args->operands.v[i], &secret,
				&err) < 0) {
			say_error(&err);
			status = 1;
			continue;
		}
		if (pretty) {
			print_pretty(&secret, shows);
			continue;
		}
		node = node_push(found, node_clone(secret.doc));
		if (shows)
			node_set(node, "SecretData",
				 node_new_strn(secret.value.buf,
					       secret.value.len));
	}
	if (r == 0 && pretty)
		return status;
	return r < 0 ? r : inspect_print(ctx, found, status);
}

static const struct cmd_example inspect_examples[] = {
	{ "see its value",
	  "dhow secret inspect --showsecret -f '{{.SecretData}}' db_password" },
};

const struct cmd cmd_secret_inspect = {
	.path = "secret inspect",
	.summary = "show all that is known of secrets",
	.operands = "SECRET...",
	CMD_FLAGS(inspect_flags),
	CMD_EXAMPLES(inspect_examples),
	.min_operands = 1,
	.max_operands = CMD_MANY,
	.run = run_inspect,
};

/* ls */

static const struct flag ls_flags[] = {
	{ .name = "filter",
	  .letter = 'f',
	  .meta = "KEY=VALUE",
	  .kind = FLAG_LIST,
	  .help = "show those that match: id, label, name" },
	{ .name = "format",
	  .meta = "FORMAT",
	  .kind = FLAG_STR,
	  .help = "print by a Go template, table TEMPLATE, or json" },
	{ .name = "noheading",
	  .letter = 'n',
	  .kind = FLAG_BOOL,
	  .help = "print no headings" },
	{ .name = "quiet",
	  .letter = 'q',
	  .kind = FLAG_BOOL,
	  .help = "print ids only" },
};

static const struct format_field fields[] = {
	{ "CreatedAt", "CREATED" },
	{ "Driver", "DRIVER" },
	{ "ID", "ID" },
	{ "Labels", "LABELS" },
	{ "Name", "NAME" },
	{ "UpdatedAt", "UPDATED" },
};

static const struct format_listing listing = {
	.fields = fields,
	.field_count = ARRAY_LEN(fields),
	.columns = "ID|Name|Driver|CreatedAt|UpdatedAt",
	.raw = "id: {{.ID}}\nname: {{.Name}}\n",
	.quiet = "ID",
};

static void
set_ago(struct node *row, const char *key, const char *when)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	int64_t ns = 0;

	(void)units_parse_rfc3339(when, &ns, NULL);
	cell_add_ago(&text, ns, units_now_ns());
	node_set_str(row, key, text.buf);
}

static struct node *
secret_row(const struct secret *secret)
{
	cleanup_strbuf struct strbuf labels = STRBUF_INIT;
	struct node *row = node_new_obj();

	for (size_t i = 0; i < node_len(secret->labels); i++)
		strbuf_addf(&labels, "%s%s=%s", i ? "," : "",
			    node_key_at(secret->labels, i),
			    node_str_or(node_value_at(secret->labels, i), ""));
	set_ago(row, "CreatedAt", secret->created);
	node_set_str(row, "Driver", "file");
	node_set_str(row, "ID", secret->id);
	node_set_str(row, "Labels", labels.len ? labels.buf : "");
	node_set_str(row, "Name", secret->name);
	set_ago(row, "UpdatedAt", secret->updated);
	return row;
}

static int
run_ls(struct cmd_ctx *ctx)
{
	static const char *const keys[] = { "id", "label", "name", NULL };
	cleanup_session struct session session = SESSION_INIT;
	cleanup_secret_vec struct secret_vec all = SECRET_VEC_INIT;
	cleanup_filter struct filter filter = FILTER_INIT;
	cleanup_node struct node *rows = node_new_arr();
	cleanup_node struct node *labels = node_new_arr();
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	cleanup_free char *usual = docker_format(ctx, "secretFormat");
	bool quiet = args_bool(ctx->args, "quiet");
	struct format_request request = {
		.format = args_str(ctx->args, "format"),
		.is_quiet = quiet,
		.no_heading = args_bool(ctx->args, "noheading"),
		.labels = labels,
	};
	struct store *store;
	int r = filter_add_all(&filter, args_list(ctx->args, "filter"), keys,
			       ctx->err);

	if (!request.format && !quiet)
		request.format = usual;
	if (r == 0)
		r = cmd_store(ctx, &session, &store);
	if (r == 0)
		r = secret_list(store, &all, ctx->err);
	for (size_t i = 0; r == 0 && i < all.len; i++) {
		const struct secret *one = &all.items[i];

		if (!filter_match_prefix(&filter, "id", one->id) ||
		    !filter_match_name(&filter, "name", one->name) ||
		    !filter_match_labels(&filter, one->labels))
			continue;
		node_push(rows, secret_row(one));
		node_push(labels, node_clone(one->labels));
	}
	if (r == 0)
		r = format_rows(&listing, &request, rows, &out, ctx->err);
	if (r == 0)
		say_text(&out);
	return r;
}

static const struct cmd_example ls_examples[] = {
	{ "names of all secrets", "dhow secret ls --format '{{.Name}}'" },
};

const struct cmd cmd_secret_ls = {
	.path = "secret ls",
	.aliases = "secret list",
	.summary = "list secrets",
	CMD_FLAGS(ls_flags),
	CMD_EXAMPLES(ls_examples),
	.run = run_ls,
};

/* rm */

static const struct flag rm_flags[] = {
	{ .name = "all",
	  .letter = 'a',
	  .kind = FLAG_BOOL,
	  .help = "remove every secret" },
	{ .name = "ignore",
	  .letter = 'i',
	  .kind = FLAG_BOOL,
	  .help = "do not complain of secrets that are not there" },
};

static int
remove_one(struct store *store, const char *ref, struct err *err)
{
	cleanup_secret struct secret secret = SECRET_INIT;
	int r = secret_find(store, ref, &secret, err);

	if (r == 0)
		r = secret_remove(store, secret.name, err);
	if (r < 0)
		return r;
	note_event(store, secret.id, secret.name, "remove");
	(void)printf("%s\n", ref);
	return 0;
}

static int
run_rm(struct cmd_ctx *ctx)
{
	cleanup_session struct session session = SESSION_INIT;
	cleanup_secret_vec struct secret_vec all = SECRET_VEC_INIT;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	struct store *store;
	int status = 0;
	int r = 0;

	strvec_add_all(&names, &ctx->args->operands);
	if (!names.len && !args_bool(ctx->args, "all"))
		return err_set(ctx->err, EINVAL,
			       "name a secret, or all of them with --all");
	r = cmd_store(ctx, &session, &store);
	if (r == 0 && args_bool(ctx->args, "all"))
		r = secret_list(store, &all, ctx->err);
	for (size_t i = 0; r == 0 && i < all.len; i++)
		strvec_add(&names, all.items[i].id);
	for (size_t i = 0; r == 0 && i < names.len; i++) {
		struct err err = ERR_INIT;
		int one = remove_one(store, names.v[i], &err);

		if (one == 0 ||
		    (one == -ENOENT && args_bool(ctx->args, "ignore")))
			continue;
		say_error(&err);
		status = 1;
	}
	return r < 0 ? r : status;
}

static const struct cmd_example rm_examples[] = {
	{ "forget a secret", "dhow secret rm --ignore db_password" },
};

const struct cmd cmd_secret_rm = {
	.path = "secret rm",
	.aliases = "secret remove",
	.summary = "remove secrets",
	.operands = "SECRET...",
	.about = "Containers that were given one keep their copy.",
	CMD_FLAGS(rm_flags),
	CMD_EXAMPLES(rm_examples),
	.max_operands = CMD_MANY,
	.run = run_rm,
};
