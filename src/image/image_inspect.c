/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/image_inspect.c - an image as docker inspect shows it.
 */
#include "image/image_inspect.h"

#include "base/alloc.h"
#include "base/units.h"
#include "data/template.h"
#include "store/layer.h"

enum shape {
	SHAPE_TEXT,  /* "" when absent */
	SHAPE_LIST,  /* null when absent, and a list for templates */
	SHAPE_MAP,   /* the same for a map */
	SHAPE_ANY,   /* null when absent */
	SHAPE_MAYBE, /* left out when absent */
};

/* The members of Config, in the order they are shown. */
static const struct {
	const char *name;
	enum shape shape;
} config_members[] = {
	{ "User", SHAPE_TEXT },       { "ExposedPorts", SHAPE_MAP },
	{ "Env", SHAPE_LIST },        { "Entrypoint", SHAPE_LIST },
	{ "Cmd", SHAPE_LIST },        { "Volumes", SHAPE_MAP },
	{ "WorkingDir", SHAPE_TEXT }, { "Labels", SHAPE_MAP },
	{ "StopSignal", SHAPE_TEXT }, { "ArgsEscaped", SHAPE_MAYBE },
	{ "Healthcheck", SHAPE_ANY }, { "OnBuild", SHAPE_LIST },
	{ "Shell", SHAPE_LIST },
};

static struct node *
absent_value(enum shape shape)
{
	struct node *node;

	if (shape == SHAPE_TEXT)
		return node_new_str("");
	node = node_new_null();
	if (shape == SHAPE_LIST)
		node_set_tag(node, TEMPLATE_NIL_SLICE);
	if (shape == SHAPE_MAP)
		node_set_tag(node, TEMPLATE_NIL_MAP);
	return node;
}

static struct node *
inspect_config(const struct node *config)
{
	struct node *shown = node_new_obj();

	for (size_t i = 0; i < ARRAY_LEN(config_members); i++) {
		const char *name = config_members[i].name;
		const struct node *value = node_get(config, name);

		if (node_kind(value) != NODE_NULL)
			node_set(shown, name, node_clone(value));
		else if (config_members[i].shape != SHAPE_MAYBE)
			node_set(shown, name,
				 absent_value(config_members[i].shape));
	}
	return shown;
}

/* Where the layers are, as the overlay drivers of others show it. */
static struct node *
inspect_driver(const struct image_config *config)
{
	struct node *driver = node_new_obj();
	struct node *data = node_new_obj();
	cleanup_strbuf struct strbuf lower = STRBUF_INIT;
	char path[LAYER_PATH_BYTES];

	for (size_t i = config->diff_id_count; i-- > 0;)
		strbuf_addf(&lower, "%s%s", lower.len ? ":" : "",
			    layer_path(&config->diff_ids[i], path));
	node_set_str(data, "LowerDir", lower.buf);
	node_set(driver, "Data", data);
	node_set_str(driver, "Name", "overlay2");
	return driver;
}

static struct node *
inspect_rootfs(const struct image_config *config)
{
	struct node *rootfs = node_new_obj();
	struct node *layers;

	node_set_str(rootfs, "Type", "layers");
	layers = node_need_arr(rootfs, "Layers");
	for (size_t i = 0; i < config->diff_id_count; i++)
		node_push_str(layers, config->diff_ids[i].text);
	return rootfs;
}

static void
inspect_names(const struct image_table *table, const struct image_row *row,
	      struct node *shown)
{
	cleanup_strvec struct strvec tags = STRVEC_INIT;
	cleanup_strvec struct strvec digests = STRVEC_INIT;

	image_names(table, &row->id, &tags, &digests);
	node_set_strvec(shown, "RepoTags", &tags);
	node_set_strvec(shown, "RepoDigests", &digests);
}

/* The comment of the newest step of the history. */
static const char *
inspect_comment(const struct image_config *config)
{
	const struct node *history = node_get(config->doc, "history");
	const struct node *last = node_at(history, node_len(history) - 1);

	return node_str_or(node_get(last, "comment"), "");
}

static struct node *
inspect_build(const struct image_table *table, const struct image_row *row,
	      const struct image_config *config)
{
	struct node *shown = node_new_obj();

	node_set_str(shown, "Id", row->id.text);
	inspect_names(table, row, shown);
	node_set_str(shown, "Parent", "");
	node_set_str(shown, "Comment", inspect_comment(config));
	node_set_str(shown, "Created", config->created ?: "");
	node_set_str(shown, "DockerVersion", "");
	node_set_str(shown, "Author",
		     node_str_or(node_get(config->doc, "author"), ""));
	node_set(shown, "Config",
		 inspect_config(node_get(config->doc, "config")));
	node_set_str(shown, "Architecture", config->platform.arch);
	if (config->platform.variant[0])
		node_set_str(shown, "Variant", config->platform.variant);
	node_set_str(shown, "Os", config->platform.os);
	node_set_int(shown, "Size", row->size_bytes);
	node_set_int(shown, "VirtualSize", row->size_bytes);
	node_set(shown, "GraphDriver", inspect_driver(config));
	node_set(shown, "RootFS", inspect_rootfs(config));
	node_set_str(node_need_obj(shown, "Metadata"), "LastTagTime",
		     "0001-01-01T00:00:00Z");
	return shown;
}

int
image_inspect(struct store *store, const struct image_table *table,
	      const struct image_row *row, struct node **ret_node,
	      struct err *err)
{
	cleanup_release(image_config_release) struct image_config config = {
		.doc = NULL
	};
	int r;

	r = image_read_config(store, row, &config, err);
	if (r < 0)
		return r;
	*ret_node = inspect_build(table, row, &config);
	return 0;
}
