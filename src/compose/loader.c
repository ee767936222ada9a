/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/loader.c - files to one merged tree in long form.
 */
#include "compose/loader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "compose/interpolate.h"
#include "compose/load_priv.h"
#include "compose/schema.h"

void
load_release(struct load *load)
{
	strvec_release(&load->chain);
}

char *
load_dir_of(const char *file)
{
	const char *slash = strrchr(file, '/');
	char *cwd;

	if (slash)
		return slash == file ? xstrdup("/")
				     : xstrndup(file, (size_t)(slash - file));
	cwd = getcwd(NULL, 0);
	return cwd ? cwd : xstrdup("/");
}

static int
read_text(const char *path, struct strbuf *sb, struct err *err)
{
	if (!strcmp(path, "-"))
		return io_read_all(STDIN_FILENO, LOAD_MAX_BYTES, sb, err);
	return fsx_read_file(AT_FDCWD, path, LOAD_MAX_BYTES, sb, err);
}

int
load_read(struct load *load, const char *path, const struct node *from,
	  struct node **ret_docs)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct err err = ERR_INIT;
	int r;

	if (++load->file_count > LOAD_MAX_FILES) {
		diag_at(load->diag, from, "these are more than %d files",
			LOAD_MAX_FILES);
		return -EFBIG;
	}
	r = read_text(path, &sb, &err);
	if (r < 0) {
		diag_at(load->diag, from, "%s", err.text);
		return r;
	}
	r = node_parse_yaml_all(span_new(sb.buf, sb.len), path, ret_docs, &err);
	if (!map_has(&load->diag->texts, path))
		diag_keep_text(load->diag, path, strbuf_take(&sb));
	if (r < 0)
		diag_add(load->diag, &err);
	return r;
}

void
load_prepare(struct load *load, struct load_doc *doc)
{
	struct node *node = doc->node;

	if (!(load->flags & SCHEMA_RAW))
		interpolate(node, doc->env, load->diag);
	merge_collect_cuts(node, &doc->cuts);
	schema_check(&schema_file, node, "", load->flags, load->diag);
	if (node_kind(node) != NODE_OBJ) {
		node_free(doc->node);
		doc->node = node_new_obj();
		return;
	}
	if (node_get(node, "version"))
		diag_warn(
			load->diag, node_get(node, "version"),
			"the attribute `version` is obsolete, it will be ignored, please remove it to avoid potential confusion");
	(void)node_del(node, "version");
	schema_canon(&schema_file, node, load->flags, load->diag);
	merge_check_unique(&schema_file, node, load->diag);
}

static void
load_document(struct load *load, struct node *raw, const char *file,
	      const struct project_env *env, struct node *model)
{
	struct load_doc doc = {
		.node = raw,
		.cuts = MERGE_CUTS_INIT,
		.file = file,
		.env = env,
	};

	if (load->raw)
		node_push(load->raw, node_clone(raw));
	load_prepare(load, &doc);
	load_include(load, &doc);
	merge_apply_cuts(&doc.cuts, model, "");
	load_extends(load, &doc);
	merge_into(&schema_file, model, doc.node, "", load->diag);
	merge_cuts_release(&doc.cuts);
	node_free(doc.node);
}

static void
load_docs(struct load *load, struct node *docs, const char *file,
	  const struct project_env *env, struct node *model)
{
	while (node_len(docs))
		load_document(load, node_take_at(docs, 0), file, env, model);
}

void
load_text(struct load *load, struct span text, const char *name,
	  const struct project_env *env, struct node *model)
{
	cleanup_node struct node *docs = NULL;
	struct err err = ERR_INIT;

	diag_keep_text(load->diag, name, span_dup(text));
	if (node_parse_yaml_all(text, name, &docs, &err) < 0)
		diag_add(load->diag, &err);
	load_docs(load, docs, name, env, model);
}

static void
tell_name(struct load *load, struct node *files)
{
	const struct node *name = NULL;

	for (size_t i = 0; i < node_len(files); i++)
		for (size_t k = 0; k < node_len(node_value_at(files, i)); k++) {
			const struct node *found = node_get(
				node_at(node_value_at(files, i), k), "name");

			if (node_str(found))
				name = found;
		}
	load->named(load->data, name);
}

void
load_files(struct load *load, const struct strvec *files,
	   const struct node *from, const struct project_env *env,
	   struct node **ret_model)
{
	cleanup_node struct node *read = node_new_obj();
	struct node *model = node_new_obj();

	for (size_t i = 0; i < files->len; i++) {
		struct node *docs = NULL;

		if (load_read(load, files->v[i], node_at(from, i), &docs) == 0)
			node_set(read, files->v[i], docs);
	}
	if (load->named)
		tell_name(load, read);
	load->named = NULL;
	for (size_t i = 0; i < node_len(read); i++)
		load_docs(load, node_value_at(read, i), node_key_at(read, i),
			  env, model);
	*ret_model = model;
}
