/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/locate.c - which files a project is made of, and its name.
 *
 * Spec: compose-spec, 04-version-and-name.md; docker compose, "-f".
 */
#include "compose/locate.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "spec/abs_path.h"

static const char *const usual_names[] = {
	"compose.yaml",
	"compose.yml",
	"docker-compose.yml",
	"docker-compose.yaml",
};

static const char *const override_names[] = {
	"compose.override.yml",
	"compose.override.yaml",
	"docker-compose.override.yml",
	"docker-compose.override.yaml",
};

static char *
current_dir(void)
{
	char *cwd = getcwd(NULL, 0);

	return cwd ? cwd : xstrdup("/");
}

static char *
parent_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash || slash == path)
		return xstrdup("/");
	return xstrndup(path, (size_t)(slash - path));
}

static char *
first_of(const char *dir, const char *const *names, size_t count,
	 struct diag *diag)
{
	char *found = NULL;

	for (size_t i = 0; i < count; i++) {
		cleanup_free char *path = abs_path_join(dir, names[i]);

		if (access(path, F_OK) < 0)
			continue;
		if (!found)
			found = take_ptr(path);
		else
			diag_warn(
				diag, NULL,
				"there are several Compose files: %s is taken, %s is not",
				found, path);
	}
	return found;
}

/* Here, then in each parent directory. */
static void
discover(struct project *project, struct diag *diag)
{
	cleanup_free char *dir = current_dir();

	for (;;) {
		char *path = first_of(dir, usual_names, ARRAY_LEN(usual_names),
				      diag);
		char *up;

		if (path) {
			strvec_add_take(&project->files, path);
			path = first_of(dir, override_names,
					ARRAY_LEN(override_names), diag);
			if (path)
				strvec_add_take(&project->files, path);
			return;
		}
		if (!strcmp(dir, "/"))
			return;
		up = parent_of(dir);
		free(dir);
		dir = up;
	}
}

static int
add_file(struct project *project, const char *path, struct err *err)
{
	cleanup_free char *cwd = current_dir();

	if (strstr(path, "://") || text_starts(path, "git@")) {
		(void)err_set(err, EOPNOTSUPP,
			      "'%s': files from elsewhere are not read", path);
		err_hint(err, "fetch it first, and name the file");
		return -EOPNOTSUPP;
	}
	if (!strcmp(path, "-"))
		strvec_add(&project->files, path);
	else
		strvec_add_take(&project->files, abs_path_join(cwd, path));
	return 0;
}

static int
add_from_variable(struct project *project, struct err *err)
{
	const char *value = project_env_get(&project->env, "COMPOSE_FILE");
	const char *seps =
		project_env_get(&project->env, "COMPOSE_PATH_SEPARATOR");
	cleanup_strvec struct strvec list = STRVEC_INIT;
	int r = 0;

	strvec_split(&list, value ? value : "", seps && *seps ? seps : ":");
	for (size_t i = 0; r == 0 && i < list.len; i++)
		r = add_file(project, list.v[i], err);
	return r;
}

static char *
choose_dir(const struct project *project, const struct project_opts *opts)
{
	cleanup_free char *cwd = current_dir();

	if (opts->dir && *opts->dir)
		return abs_path_join(cwd, opts->dir);
	for (size_t i = 0; i < project->files.len; i++)
		if (strcmp(project->files.v[i], "-") != 0)
			return parent_of(project->files.v[i]);
	return take_ptr(cwd);
}

/* Env files. */

static int
read_env(struct project *project, const char *path, bool required, bool below,
	 struct err *err)
{
	size_t before = project->env.file_count;
	int r;

	if (strvec_has(&project->env_paths, path))
		return 0;
	r = project_env_read(&project->env, path, required, below, err);
	if (r == 0 && project->env.file_count > before)
		strvec_add(&project->env_paths, path);
	return r;
}

static int
read_env_list(struct project *project, const struct strvec *list,
	      struct err *err)
{
	cleanup_free char *cwd = current_dir();
	int r = 0;

	for (size_t i = 0; r == 0 && i < list->len; i++) {
		cleanup_free char *path = abs_path_join(cwd, list->v[i]);

		r = read_env(project, path, true, false, err);
	}
	return r;
}

static bool
env_is_true(const struct project_env *env, const char *name)
{
	const char *value = project_env_get(env, name);
	bool on = false;

	return value && units_parse_bool(value, &on, NULL) == 0 && on;
}

/* --env-file, COMPOSE_ENV_FILES, or the directory's own; false: the latter. */
static int
read_named_env(struct project *project, const struct project_opts *opts,
	       bool *ret_named, struct err *err)
{
	cleanup_strvec struct strvec list = STRVEC_INIT;
	const char *value = project_env_get(&project->env, "COMPOSE_ENV_FILES");

	*ret_named = true;
	if (opts->env_files && opts->env_files->len)
		return read_env_list(project, opts->env_files, err);
	strvec_split(&list, value ? value : "", ",");
	if (list.len)
		return read_env_list(project, &list, err);
	*ret_named = env_is_true(&project->env, "COMPOSE_DISABLE_ENV_FILE");
	return 0;
}

static int
read_dot_env(struct project *project, const char *dir, bool below,
	     struct err *err)
{
	cleanup_free char *path = abs_path_join(dir, ".env");

	return read_env(project, path, false, below, err);
}

static void
choose_profiles(struct project *project, const struct project_opts *opts)
{
	const char *value = project_env_get(&project->env, "COMPOSE_PROFILES");
	cleanup_strvec struct strvec list = STRVEC_INIT;

	strvec_split(&list, value ? value : "", ", ");
	if (opts->profiles)
		strvec_add_all(&list, opts->profiles);
	if (opts->all_profiles)
		strvec_add(&list, "*");
	for (size_t i = 0; i < list.len; i++)
		if (!strvec_has(&project->profiles, list.v[i]))
			strvec_add(&project->profiles, list.v[i]);
}

int
locate_project(struct project *project, const struct project_opts *opts,
	       bool need_files, struct diag *diag, struct err *err)
{
	cleanup_free char *dir = NULL;
	bool named;
	int r = 0;

	project->env.process = opts->process_env;
	for (size_t i = 0; r == 0 && opts->files && i < opts->files->len; i++)
		r = add_file(project, opts->files->v[i], err);
	if (r < 0)
		return r;
	dir = choose_dir(project, opts);
	r = read_named_env(project, opts, &named, err);
	if (r == 0 && !named)
		r = read_dot_env(project, dir, false, err);
	if (r == 0 && !project->files.len)
		r = add_from_variable(project, err);
	if (r < 0)
		return r;
	if (!project->files.len && !(opts->dir && !need_files))
		discover(project, diag);
	project->dir = choose_dir(project, opts);
	/* Found further up: that directory's own, below what is here. */
	if (!named && strcmp(project->dir, dir) != 0)
		r = read_dot_env(project, project->dir, true, err);
	if (r < 0)
		return r;
	choose_profiles(project, opts);
	if (project->files.len || !need_files)
		return 0;
	(void)err_set(err, ENOENT, "no configuration file provided: not found");
	err_hint(err, "write a compose.yaml, or name a file with -f");
	return -ENOENT;
}

/* The name. */

static int
check_name(const char *name, struct err *err)
{
	bool good = text_is_digit(*name) || text_is_lower(*name);

	for (const char *p = name; *p; p++)
		good = good && (text_is_digit(*p) || text_is_lower(*p) ||
				*p == '_' || *p == '-');
	if (good)
		return 0;
	(void)err_set(err, EINVAL, "invalid project name '%s'", name);
	err_hint(
		err,
		"it consists of a-z, 0-9, '-' and '_' and begins with a letter or a digit");
	return -EINVAL;
}

static char *
normalise_name(const char *text)
{
	struct strbuf sb = STRBUF_INIT;

	for (; *text; text++) {
		char c = text_is_upper(*text) ? (char)(*text | 0x20) : *text;
		bool is_edge = c == '_' || c == '-';

		if (text_is_digit(c) || text_is_lower(c) || (is_edge && sb.len))
			strbuf_addch(&sb, c);
	}
	return strbuf_take(&sb);
}

static char *
name_from_dirs(const struct project *project)
{
	const char *slash = strrchr(project->dir, '/');
	char *name = normalise_name(slash ? slash + 1 : project->dir);
	cleanup_free char *cwd = NULL;

	if (*name)
		return name;
	free(name);
	cwd = current_dir();
	slash = strrchr(cwd, '/');
	return normalise_name(slash ? slash + 1 : cwd);
}

int
locate_name(struct project *project, const struct project_opts *opts,
	    const char *written, struct err *err)
{
	const char *given = opts->name && *opts->name ? opts->name : NULL;
	int r = 0;

	if (!given)
		given = project_env_get(&project->env, "COMPOSE_PROJECT_NAME");
	if (given && *given) {
		r = check_name(given, err);
		project->name = xstrdup(given);
	} else {
		project->name = written ? normalise_name(written)
					: name_from_dirs(project);
	}
	if (r < 0)
		return r;
	if (!*project->name) {
		(void)err_set(err, EINVAL, "project name must not be empty");
		err_hint(err, "give one with -p");
		return -EINVAL;
	}
	strvec_env_set(&project->env.set, "COMPOSE_PROJECT_NAME",
		       project->name);
	return 0;
}
