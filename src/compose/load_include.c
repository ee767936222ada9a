/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/load_include.c - projects within projects.
 *
 * Each is loaded as a project of its own (directory, .env) and imported below
 * what the including document says itself. Spec: compose-spec, 14-include.md.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/load_priv.h"
#include "compose/rebase.h"
#include "compose/schema.h"
#include "spec/abs_path.h"

static bool
is_remote(const char *path)
{
	return text_starts(path, "oci://") || text_starts(path, "git@") ||
	       strstr(path, "://");
}

/* Append the files of one item, absolute; false when one is in the chain. */
static bool
list_files(struct load *load, const struct load_doc *doc,
	   const struct node *paths, struct strvec *files)
{
	cleanup_free char *dir = load_dir_of(doc->file);

	for (size_t i = 0; i < node_len(paths); i++) {
		const char *path = node_str_or(node_at(paths, i), "");
		cleanup_free char *full = rebase_path(path, dir);

		if (is_remote(path)) {
			diag_at(load->diag, node_at(paths, i),
				"'%s': files from elsewhere cannot be included",
				path);
			return false;
		}
		if (strvec_has(&load->chain, full) ||
		    !strcmp(full, doc->file)) {
			diag_at(load->diag, node_at(paths, i),
				"include cycle detected: %s includes %s again",
				doc->file, full);
			return false;
		}
		strvec_add(files, full);
	}
	return files->len > 0;
}

static void
read_env_files(struct load *load, const struct load_doc *doc,
	       const struct node *item, const char *project_dir,
	       struct project_env *env)
{
	const struct node *list = node_get(item, "env_file");
	cleanup_free char *dir = load_dir_of(doc->file);
	struct err err = ERR_INIT;

	for (size_t i = 0; i < node_len(list); i++) {
		const char *path = node_str_or(node_at(list, i), "");
		cleanup_free char *full = rebase_path(path, dir);

		if (strcmp(path, "/dev/null") != 0 &&
		    project_env_read(env, full, true, false, &err) < 0)
			diag_at(load->diag, node_at(list, i), "%s", err.text);
	}
	if (!list) {
		cleanup_free char *full = abs_path_join(project_dir, ".env");

		if (project_env_read(env, full, false, false, &err) < 0)
			diag_add(load->diag, &err);
	}
}

static void
include_one(struct load *load, const struct load_doc *doc,
	    const struct node *item, struct node *imported)
{
	cleanup_project_env struct project_env env = { .parent = doc->env };
	cleanup_strvec struct strvec files = STRVEC_INIT;
	cleanup_node struct node *model = NULL;
	cleanup_free char *own_dir = load_dir_of(doc->file);
	cleanup_free char *dir = NULL;
	const char *given = node_get_str(item, "project_directory");
	struct node *raw = load->raw;

	if (!list_files(load, doc, node_get(item, "path"), &files))
		return;
	dir = given ? rebase_path(given, own_dir) : load_dir_of(files.v[0]);
	read_env_files(load, doc, item, dir, &env);
	load->raw = NULL;
	load_files(load, &files, node_get(item, "path"), &env, &model);
	load->raw = raw;
	(void)node_del(model, "name");
	rebase_model(model, dir);
	merge_into(&schema_file, imported, model, "", load->diag);
}

void
load_include(struct load *load, struct load_doc *doc)
{
	cleanup_node struct node *list = node_take(doc->node, "include");
	struct node *imported;

	if (!node_len(list))
		return;
	if (load->chain.len >= LOAD_MAX_DEPTH) {
		diag_at(load->diag, list, "files are nested more than %d deep",
			LOAD_MAX_DEPTH);
		return;
	}
	strvec_add(&load->chain, doc->file);
	imported = node_new_obj();
	for (size_t i = 0; i < node_len(list); i++)
		include_one(load, doc, node_at(list, i), imported);
	strvec_remove(&load->chain, load->chain.len - 1);
	merge_apply_cuts(&doc->cuts, imported, "");
	merge_into(&schema_file, imported, doc->node, "", load->diag);
	node_free(doc->node);
	doc->node = imported;
}
