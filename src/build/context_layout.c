/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/context_layout.c - an OCI layout as a named context.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "build/build_priv.h"
#include "image/transfer_client.h"

struct loaded {
	char *id;
};

static void
on_event(void *data, const struct transfer_event *event)
{
	struct loaded *loaded = data;

	if (event->kind != TRANSFER_IMAGE || !event->id)
		return;
	free(loaded->id);
	loaded->id = xstrdup(event->id);
}

int
build_load_layout(struct build_source *source, struct context *context,
		  const char *text, struct err *err)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	struct loaded loaded = { .id = NULL };
	struct transfer_sink sink = { .event = on_event,
				      .data = &loaded,
				      .stdin_fd = -1 };
	const char *digest = strchr(text, '@');
	size_t len = strcspn(text, ":@");
	int r;

	/* A digest counts more than a tag; a layout of one image needs none. */
	request.op = TRANSFER_COPY;
	request.input =
		digest ? xasprintf("oci:%.*s:%s", (int)len, text, digest)
		       : xasprintf("oci:%s", text);
	request.target = xstrdup("containers-storage:.");
	r = transfer_run(source->session, &request, &sink, err);
	if (r == 0 && !loaded.id)
		r = err_set(err, ENOENT, "'%s' holds no image", text);
	if (r < 0)
		return err_wrap(err, r, "load the layout '%s'", text);
	context->image = loaded.id;
	return 0;
}
