/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/image_make.c - have dhow-transfer make an image of trees and layers.
 */
#include "image/image_make.h"

#include "base/alloc.h"

struct watch {
	const struct transfer_sink *sink; /* or NULL */
	struct image_made made;
};

void
image_made_release(struct image_made *made)
{
	for (size_t i = 0; i < made->layer_count; i++)
		decode_release(transfer_layer_fields, &made->layers[i]);
	free(made->layers);
	*made = (struct image_made){ .layers = NULL };
}

static void
take_layer(struct image_made *made, const struct transfer_event *event)
{
	struct transfer_layer *layer;

	if (event->index < 0 || (size_t)event->index >= made->layer_count)
		return;
	layer = &made->layers[event->index];
	decode_release(transfer_layer_fields, layer);
	layer->diff_id = xstrdup_null(event->diff_id);
	layer->digest = xstrdup_null(event->digest);
	layer->media_type = xstrdup_null(event->media_type);
	layer->size = event->bytes_total;
}

static void
watch_event(void *data, const struct transfer_event *event)
{
	struct watch *watch = data;
	struct image_made *made = &watch->made;

	if (event->kind == TRANSFER_LAYER)
		take_layer(made, event);
	if (event->kind == TRANSFER_IMAGE) {
		(void)digest_parse(event->id ?: "", &made->id, NULL);
		(void)digest_parse(event->manifest ?: "", &made->manifest,
				   NULL);
	}
	if (watch->sink && watch->sink->event)
		watch->sink->event(watch->sink->data, event);
}

int
image_make(struct session *session, struct transfer_request *request,
	   const struct transfer_sink *sink, struct image_made *ret_made,
	   struct err *err)
{
	struct watch watch = { .sink = sink };
	struct transfer_sink mine = { .event = watch_event,
				      .data = &watch,
				      .stdin_fd = -1 };
	int r;

	request->op = TRANSFER_MAKE;
	watch.made.layer_count = request->layer_count;
	watch.made.layers =
		xcalloc(request->layer_count + 1, sizeof(*watch.made.layers));
	r = transfer_run(session, request, &mine, err);
	if (r < 0) {
		image_made_release(&watch.made);
		return r;
	}
	*ret_made = watch.made;
	return 0;
}
