/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/service_env.c - a service's environment and labels, files included.
 */
#include "compose/service_env.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "spec/env_file.h"

struct lookup {
	struct project_env *env;
	const struct node *own; /* the service's environment */
};

/* Around it, then the service itself; then what the file said so far. */
static const char *
lookup_get(void *arg, const char *name)
{
	const struct lookup *lookup = arg;
	const char *value = project_env_get(lookup->env, name);

	return value ? value : node_get_str(lookup->own, name);
}

static int
read_raw(struct lookup *lookup, struct span text, const char *path,
	 struct node *all, struct err *err)
{
	cleanup_strvec struct strvec vars = STRVEC_INIT;
	cleanup_strvec struct strvec around = STRVEC_INIT;
	int r;

	project_env_list(lookup->env, &around);
	r = env_file_read(&vars, text, path, strvec_argv(&around), err);
	for (size_t i = 0; i < vars.len; i++) {
		char *eq = strchr(vars.v[i], '=');

		*eq = '\0';
		node_set_str(all, vars.v[i], eq + 1);
	}
	return r;
}

static int
read_lines(struct lookup *lookup, struct span text, const char *path,
	   struct node *all, struct err *err)
{
	cleanup_dotenv struct dotenv vars = DOTENV_INIT;
	int r = dotenv_read(text, path, lookup_get, lookup, &vars, err);

	for (size_t i = 0; i < vars.len; i++)
		node_set_str(all, vars.items[i].key, vars.items[i].value);
	return r;
}

/*
 * What is wrong in the file is told of the file, that it cannot be read of
 * @from. Returns -ENOENT when it is not there, which is for the caller to tell.
 */
static int
read_file(struct lookup *lookup, const char *path, bool raw,
	  const struct node *from, struct node *all, struct diag *diag)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct span text;
	int r = fsx_read_file(AT_FDCWD, path, DOTENV_MAX_BYTES, &sb, &err);

	if (r < 0) {
		if (r != -ENOENT)
			diag_at(diag, from, "%s", err.text);
		return r;
	}
	text = span_new(sb.buf, sb.len);
	r = raw ? read_raw(lookup, text, path, all, &err)
		: read_lines(lookup, text, path, all, &err);
	if (r < 0)
		diag_add(diag, &err);
	return 0;
}

static void
read_env_file(struct lookup *lookup, const struct node *file, struct node *all,
	      struct diag *diag)
{
	const char *path = node_get_str(file, "path");
	const char *format = node_get_str(file, "format");
	bool required = node_get_bool(file, "required", true);
	bool raw = format && !strcmp(format, "raw");

	if (!path || read_file(lookup, path, raw, node_get(file, "path"), all,
			       diag) != -ENOENT)
		return;
	if (!required)
		return;
	diag_at(diag, node_get(file, "path"), "env file %s not found", path);
	diag_hint(diag, "write the file, or 'required: false' beside its path");
}

static void
resolve_environment(struct node *service, struct project_env *env,
		    struct diag *diag)
{
	const struct node *own = node_get(service, "environment");
	const struct node *files = node_get(service, "env_file");
	struct lookup lookup = { .env = env, .own = own };
	struct node *all = node_new_obj();

	for (size_t i = 0; i < node_len(files); i++)
		read_env_file(&lookup, node_at(files, i), all, diag);
	for (size_t i = 0; i < node_len(own); i++) {
		const char *key = node_key_at(own, i);
		const char *value = node_str(node_value_at(own, i));

		if (!value)
			value = project_env_get(env, key);
		/* Without a value it is to be unset, in the image's too. */
		if (value)
			node_set_str(all, key, value);
		else
			node_set_null(all, key);
	}
	(void)node_del(service, "env_file");
	if (node_len(all) || own)
		node_set(service, "environment", all);
	else
		node_free(all);
}

static void
resolve_labels(struct node *service, struct project_env *env, struct diag *diag)
{
	cleanup_node struct node *files = node_take(service, "label_file");
	cleanup_node struct node *own = node_take(service, "labels");
	struct lookup lookup = { .env = env };
	struct node *all = node_new_obj();

	for (size_t i = 0; i < node_len(files); i++) {
		const struct node *file = node_at(files, i);
		const char *path = node_str_or(file, "");

		if (read_file(&lookup, path, false, file, all, diag) == -ENOENT)
			diag_at(diag, file, "label file %s not found", path);
	}
	for (size_t i = 0; i < node_len(own); i++)
		node_set(all, node_key_at(own, i),
			 node_clone(node_value_at(own, i)));
	node_set_position(all, own);
	if (node_len(all))
		node_set(service, "labels", all);
	else
		node_free(all);
}

void
service_env_resolve(struct node *service, struct project_env *env,
		    struct diag *diag)
{
	resolve_environment(service, env, diag);
	resolve_labels(service, env, diag);
}
