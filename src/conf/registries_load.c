/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/registries_load.c - registries.conf, its drop-ins and config.yaml.
 *
 * Both become one kind of tree: what TOML calls [[registry]] is read from
 * node objects, and so is each value of config.yaml's `registries:`.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "conf/registries_priv.h"
#include "conf/toml.h"

struct registries_reader {
	struct registries *regs;
	const char *name; /* of the file; NULL: the nodes know */
	struct err *err;
};

static int ERR_PRINTF(3, 4)
	reader_fail(const struct registries_reader *reader,
		    const struct node *node, const char *fmt, ...)
{
	const char *file = NULL;
	cleanup_free char *what = NULL;
	int line = 0, col = 0;
	va_list args;

	va_start(args, fmt);
	what = xvasprintf(fmt, args);
	va_end(args);
	if (reader->name)
		return err_set(reader->err, EBADMSG, "%s: %s", reader->name,
			       what);
	node_position(node, &file, &line, &col);
	return err_set(reader->err, EINVAL, "%s:%d:%d: %s",
		       file ? file : "config", line, col, what);
}

/* Set @io_value from a member if it is there. */
static int
reader_bool(const struct registries_reader *reader, const struct node *obj,
	    const char *key, bool *io_value)
{
	const struct node *node = node_get(obj, key);

	if (!node)
		return 0;
	if (node_kind(node) != NODE_BOOL)
		return reader_fail(reader, node, "'%s' must be true or false",
				   key);
	*io_value = node_bool_or(node, false);
	return 0;
}

static int
reader_str(const struct registries_reader *reader, const struct node *obj,
	   const char *key, const char **io_value)
{
	const struct node *node = node_get(obj, key);

	if (!node)
		return 0;
	if (node_kind(node) != NODE_STR)
		return reader_fail(reader, node, "'%s' must be a string", key);
	*io_value = node_str(node);
	return 0;
}

/* A "host[:port][/path]" without scheme; slashes at its end are dropped. */
static int
reader_place(const struct registries_reader *reader, const struct node *node,
	     const char *text, char **ret_place)
{
	size_t len = strlen(text);

	while (len && text[len - 1] == '/')
		len--;
	if (strstr(text, "://"))
		return reader_fail(reader, node,
				   "'%s': leave out the scheme; HTTP is "
				   "'insecure = true'",
				   text);
	if (!len || text[0] == '/' || strcspn(text, " \t@?#%\\") < len)
		return reader_fail(reader, node,
				   "'%s' is not host[:port][/path]", text);
	*ret_place = xstrndup(text, len);
	return 0;
}

static int
reader_pull(const struct registries_reader *reader, const struct node *node,
	    bool digest_only, enum registries_pull *ret_pull)
{
	static const char *const words[] = {
		[REGISTRIES_PULL_ALL] = "all",
		[REGISTRIES_PULL_DIGEST] = "digest-only",
		[REGISTRIES_PULL_TAG] = "tag-only",
	};
	const char *word = NULL;
	int r = reader_str(reader, node, "pull-from-mirror", &word);

	if (r < 0)
		return r;
	*ret_pull = digest_only ? REGISTRIES_PULL_DIGEST : REGISTRIES_PULL_ALL;
	if (!word || !*word)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!strcmp(word, words[i])) {
			*ret_pull = (enum registries_pull)i;
			return 0;
		}
	return reader_fail(reader, node,
			   "'pull-from-mirror' must be all, digest-only or "
			   "tag-only");
}

/* A mirror is a string, or an object with a location. */
static int
reader_mirror(const struct registries_reader *reader, const struct node *node,
	      bool digest_only, struct registries_rule *rule)
{
	struct registries_mirror mirror = { .insecure = false };
	const char *location = node_str(node);
	int r = 0;

	if (!location) {
		r = reader_str(reader, node, "location", &location);
		if (!r)
			r = reader_bool(reader, node, "insecure",
					&mirror.insecure);
	}
	if (r < 0)
		return r;
	if (!location)
		return reader_fail(reader, node, "mirror without location");
	r = reader_pull(reader, node, digest_only, &mirror.pull);
	if (!r)
		r = reader_place(reader, node, location, &mirror.location);
	if (r < 0)
		return r;
	array_push(rule->mirrors, rule->mirror_count, rule->mirror_cap, mirror);
	return 0;
}

static int
reader_rule_body(const struct registries_reader *reader,
		 const struct node *node, const char *mirrors_key,
		 struct registries_rule *rule)
{
	const struct node *mirrors = node_get(node, mirrors_key);
	bool digest_only = false;
	int r = reader_bool(reader, node, "insecure", &rule->insecure);

	if (!r)
		r = reader_bool(reader, node, "blocked", &rule->blocked);
	if (!r)
		r = reader_bool(reader, node, "mirror-by-digest-only",
				&digest_only);
	if (!r && mirrors && node_kind(mirrors) != NODE_ARR)
		r = reader_fail(reader, mirrors, "'%s' must be a list",
				mirrors_key);
	for (size_t i = 0; !r && i < node_len(mirrors); i++)
		r = reader_mirror(reader, node_at(mirrors, i), digest_only,
				  rule);
	return r;
}

static int
reader_rule(const struct registries_reader *reader, const struct node *node,
	    const char *prefix, const char *mirrors_key)
{
	struct registries_rule rule = { .prefix = NULL };
	const char *location = NULL;
	int r = reader_str(reader, node, "location", &location);

	if (!r && !prefix)
		r = reader_str(reader, node, "prefix", &prefix);
	if (!r && (!prefix || !*prefix))
		prefix = location;
	if (!r && !prefix)
		r = reader_fail(reader, node,
				"registry without prefix and location");
	if (!r)
		r = reader_place(reader, node, prefix, &rule.prefix);
	if (!r && rule.prefix[0] == '*' &&
	    (rule.prefix[1] != '.' || strchr(rule.prefix, '/')))
		r = reader_fail(reader, node, "'%s' is not *.host", prefix);
	if (!r && location && *location)
		r = reader_place(reader, node, location, &rule.location);
	if (!r)
		r = reader_rule_body(reader, node, mirrors_key, &rule);
	if (!r)
		registries_put(reader->regs, &rule);
	registries_rule_release(&rule);
	return r;
}

static int
reader_aliases(const struct registries_reader *reader, const struct node *node)
{
	if (node && node_kind(node) != NODE_OBJ)
		return reader_fail(reader, node, "'aliases' must be a table");
	for (size_t i = 0; i < node_len(node); i++) {
		const char *full = node_str(node_value_at(node, i));

		if (!full)
			return reader_fail(reader, node,
					   "alias '%s' must be a string",
					   node_key_at(node, i));
		registries_put_alias(reader->regs, node_key_at(node, i), full);
	}
	return 0;
}

/* Replace @list by the strings under @key, if it is there. */
static int
reader_list(const struct registries_reader *reader, const struct node *root,
	    const char *key, struct strvec *list)
{
	const struct node *node = node_get(root, key);

	if (!node)
		return 0;
	if (node_kind(node) != NODE_ARR)
		return reader_fail(reader, node, "'%s' must be a list", key);
	strvec_release(list);
	for (size_t i = 0; i < node_len(node); i++) {
		const char *text = node_str(node_at(node, i));

		if (!text || !*text)
			return reader_fail(reader, node,
					   "'%s' must be a list of names", key);
		strvec_add(list, text);
	}
	return 0;
}

int
registries_add_toml(struct registries *regs, struct span text, const char *name,
		    struct err *err)
{
	const struct registries_reader reader = { regs, name, err };
	cleanup_node struct node *root = NULL;
	const struct node *rules;
	int r = toml_parse(text, name, &root, err);

	if (r < 0)
		return r;
	if (node_get(root, "registries")) {
		reader_fail(&reader, root, "version 1 of registries.conf");
		err_hint(err, "write it as [[registry]] tables, see "
			      "containers-registries.conf(5)");
		return -EBADMSG;
	}
	rules = node_get(root, "registry");
	if (rules && node_kind(rules) != NODE_ARR)
		return reader_fail(&reader, rules,
				   "'registry' must be written [[registry]]");
	r = reader_list(&reader, root, "unqualified-search-registries",
			&regs->search);
	if (!r)
		r = reader_list(&reader, root, "credential-helpers",
				&regs->helpers);
	if (!r)
		r = reader_aliases(&reader, node_get(root, "aliases"));
	for (size_t i = 0; !r && i < node_len(rules); i++)
		r = reader_rule(&reader, node_at(rules, i), NULL, "mirror");
	return r;
}

int
registries_add_config(struct registries *regs, const struct node *node,
		      struct err *err)
{
	const struct registries_reader reader = { regs, NULL, err };

	if (node_kind(node) == NODE_NULL)
		return 0;
	if (node_kind(node) != NODE_OBJ)
		return reader_fail(&reader, node,
				   "'registries' must be a mapping");
	for (size_t i = 0; i < node_len(node); i++) {
		const struct node *rule = node_value_at(node, i);
		int r;

		if (node_kind(rule) != NODE_OBJ)
			return reader_fail(&reader, rule,
					   "'%s' must be a mapping",
					   node_key_at(node, i));
		r = reader_rule(&reader, rule, node_key_at(node, i), "mirrors");
		if (r < 0)
			return r;
	}
	return 0;
}

/* Returns 1 when the file was there, 0 when not. */
static int
registries_read_file(struct registries *regs, const char *path, struct err *err)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	int r = fsx_read_file(AT_FDCWD, path, REGISTRIES_MAX_FILE_BYTES, &text,
			      err);

	if (r == -ENOENT || r == -ENOTDIR) {
		err_reset(err);
		return 0;
	}
	if (r < 0)
		return r;
	r = registries_add_toml(regs, span_new(text.buf, text.len), path, err);
	return r < 0 ? r : 1;
}

static int
registries_read_drop_ins(struct registries *regs, const char *dir,
			 struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_closedir DIR *stream = opendir(dir);
	const struct dirent *entry;

	if (!stream)
		return 0;
	while ((entry = readdir(stream)))
		if (text_ends(entry->d_name, ".conf"))
			strvec_add(&names, entry->d_name);
	strvec_sort(&names);
	for (size_t i = 0; i < names.len; i++) {
		cleanup_free char *path = xasprintf("%s/%s", dir, names.v[i]);
		int r = registries_read_file(regs, path, err);

		if (r < 0)
			return r;
	}
	return 0;
}

char *
registries_user_dir(const struct registries_opts *opts)
{
	const char *home = opts && opts->home ? opts->home : getenv("HOME");
	const char *config = getenv("XDG_CONFIG_HOME");

	if (!(opts && opts->home) && config && *config == '/')
		return xstrdup(config);
	return home && *home ? xasprintf("%s/.config", home) : NULL;
}

/* The one registries.conf that counts. */
static int
registries_read_main(struct registries *regs, const char *etc, const char *user,
		     struct err *err)
{
	const char *named = getenv("CONTAINERS_REGISTRIES_CONF");
	cleanup_free char *path = NULL;
	int r = 0;

	if (named && *named) {
		r = registries_read_file(regs, named, err);
		if (!r)
			r = err_set(err, ENOENT,
				    "'%s' (CONTAINERS_REGISTRIES_CONF) does "
				    "not exist",
				    named);
		return r;
	}
	if (user) {
		path = xasprintf("%s/containers/registries.conf", user);
		r = registries_read_file(regs, path, err);
		free(take_ptr(path));
	}
	if (!r) {
		path = xasprintf("%s/containers/registries.conf", etc);
		r = registries_read_file(regs, path, err);
	}
	return r;
}

int
registries_load(const struct registries_opts *opts,
		struct registries **ret_regs, struct err *err)
{
	cleanup_with(registries_free) struct registries *regs =
		xcalloc(1, sizeof(*regs));
	const char *etc = opts && opts->etc ? opts->etc : "/etc";
	cleanup_free char *user = registries_user_dir(opts);
	cleanup_free char *system_dir =
		xasprintf("%s/containers/registries.conf.d", etc);
	cleanup_free char *user_dir =
		xasprintf("%s/containers/registries.conf.d", user ?: "/.");
	int r = registries_read_main(regs, etc, user, err);

	if (r >= 0)
		r = registries_read_drop_ins(regs, system_dir, err);
	if (r >= 0 && user)
		r = registries_read_drop_ins(regs, user_dir, err);
	if (r < 0)
		return r;
	*ret_regs = take_ptr(regs);
	return 0;
}
