/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/image_history.c - the steps an image was made in.
 */
#include "image/image_history.h"

#include "base/alloc.h"
#include "store/layer.h"

void
image_history_release(struct image_history *history)
{
	image_config_release(&history->config);
	free(take_ptr(history->steps));
}

static int64_t
layer_size(struct store *store, const struct digest *diff_id)
{
	struct layer_info info;

	return layer_read_info(store, diff_id, &info, NULL) < 0
		       ? 0
		       : info.size_bytes;
}

/* From the newest step down, each that made a layer gets the next one. */
static void
history_fill(struct image_history *history, struct store *store,
	     const struct node *told)
{
	size_t layer = history->config.diff_id_count;

	for (size_t i = node_len(told); i-- > 0;) {
		const struct node *entry = node_at(told, i);
		struct image_step *step = &history->steps[history->count++];

		*step = (struct image_step){
			.created = node_get_str(entry, "created"),
			.created_by = node_get_str(entry, "created_by") ?: "",
			.comment = node_get_str(entry, "comment") ?: "",
		};
		if (node_get_bool(entry, "empty_layer", false) || layer == 0)
			continue;
		step->diff_id = &history->config.diff_ids[--layer];
		step->size_bytes = layer_size(store, step->diff_id);
	}
	while (layer > 0) {
		struct image_step *step = &history->steps[history->count++];

		*step = (struct image_step){ .created_by = "", .comment = "" };
		step->diff_id = &history->config.diff_ids[--layer];
		step->size_bytes = layer_size(store, step->diff_id);
	}
}

int
image_history_read(struct store *store, const struct image_row *row,
		   struct image_history *history, struct err *err)
{
	const struct node *told;
	int r = image_read_config(store, row, &history->config, err);

	if (r < 0)
		return r;
	told = node_get(history->config.doc, "history");
	history->steps =
		xcalloc(node_len(told) + history->config.diff_id_count + 1,
			sizeof(*history->steps));
	history_fill(history, store, told);
	return 0;
}
