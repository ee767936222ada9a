/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/project_env.c - the variables that a project's files are filled with.
 */
#include "compose/project_env.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"

void
project_env_release(struct project_env *env)
{
	for (size_t i = 0; i < env->file_count; i++) {
		free(env->files[i].path);
		dotenv_release(&env->files[i].vars);
	}
	free(env->files);
	strvec_release(&env->set);
	*env = (struct project_env)PROJECT_ENV_INIT;
}

static const char *
process_get(const struct project_env *env, const char *name)
{
	size_t len = strlen(name);

	for (char *const *e = env->process; e && *e; e++)
		if (!strncmp(*e, name, len) && (*e)[len] == '=')
			return *e + len + 1;
	return NULL;
}

const char *
project_env_outer(const struct project_env *env, const char *name)
{
	const char *value = strvec_env_get(&env->set, name);

	if (!value)
		value = process_get(env, name);
	if (!value && env->parent)
		value = project_env_get(env->parent, name);
	return value;
}

const char *
project_env_get(const struct project_env *env, const char *name)
{
	const char *value = project_env_outer(env, name);

	for (size_t i = env->file_count; !value && i; i--)
		value = dotenv_get(&env->files[i - 1].vars, name);
	return value;
}

const char *
project_env_lookup(void *env, const char *name)
{
	return project_env_get(env, name);
}

int
project_env_read(struct project_env *env, const char *path, bool required,
		 bool below, struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct project_env_file file = { .vars = DOTENV_INIT };
	struct err why = ERR_INIT;
	int r = fsx_read_file(AT_FDCWD, path, DOTENV_MAX_BYTES, &sb, &why);

	if (!required && (r == -ENOENT || r == -ENOTDIR))
		return 0;
	if (r == -ENOENT)
		return err_set(err, ENOENT, "couldn't find env file: %s", path);
	if (r < 0)
		return err_set(err, -r, "%s", why.text);
	r = dotenv_read(span_new(sb.buf, sb.len), path, project_env_lookup, env,
			&file.vars, err);
	if (r < 0) {
		dotenv_release(&file.vars);
		return r;
	}
	file.path = xstrdup(path);
	array_push(env->files, env->file_count, env->file_cap, file);
	if (below) {
		(void)memmove(env->files + 1, env->files,
			      (env->file_count - 1) * sizeof(*env->files));
		env->files[0] = file;
	}
	return 0;
}

static void
list_keep(struct strvec *list, const char *name, const char *value)
{
	if (!strvec_env_get(list, name))
		strvec_env_set(list, name, value);
}

void
project_env_list(const struct project_env *env, struct strvec *list)
{
	for (size_t i = 0; i < env->set.len; i++) {
		cleanup_free char *name =
			xstrndup(env->set.v[i], strcspn(env->set.v[i], "="));

		list_keep(list, name, env->set.v[i] + strlen(name) + 1);
	}
	for (char *const *e = env->process; e && *e; e++) {
		cleanup_free char *name = xstrndup(*e, strcspn(*e, "="));

		if ((*e)[strlen(name)])
			list_keep(list, name, *e + strlen(name) + 1);
	}
	if (env->parent)
		project_env_list(env->parent, list);
	for (size_t i = env->file_count; i; i--) {
		const struct dotenv *vars = &env->files[i - 1].vars;

		for (size_t k = vars->len; k; k--)
			list_keep(list, vars->items[k - 1].key,
				  vars->items[k - 1].value);
	}
	strvec_sort(list);
}

static void
explain_line(struct strbuf *sb, const char *where, const char *value)
{
	strbuf_addf(sb, "%s\t%s\n", where, value);
}

void
project_env_explain(const struct project_env *env, const char *name,
		    struct strbuf *sb)
{
	const char *value = strvec_env_get(&env->set, name);

	if (value)
		explain_line(sb, "project name", value);
	value = process_get(env, name);
	if (value)
		explain_line(sb, "environment", value);
	if (env->parent)
		project_env_explain(env->parent, name, sb);
	for (size_t i = env->file_count; i; i--) {
		const struct project_env_file *file = &env->files[i - 1];

		for (size_t k = file->vars.len; k; k--) {
			const struct dotenv_entry *entry =
				&file->vars.items[k - 1];
			cleanup_free char *where =
				xasprintf("%s:%d", file->path, entry->line);

			if (!strcmp(entry->key, name))
				explain_line(sb, where, entry->value);
		}
	}
}
