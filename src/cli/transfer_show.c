/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/transfer_show.c - have dhow-transfer work and show how far it is.
 */
#include "cli/transfer_show.h"

#include "cli/say.h"

struct showing {
	const struct transfer_show *show;
	struct progress *progress;
};

static void
on_event(void *data, const struct transfer_event *event)
{
	struct showing *showing = data;
	struct progress *progress = showing->progress;

	switch (event->kind) {
	case TRANSFER_STEP:
		progress_update(progress, event->id, event->action,
				(uint64_t)event->bytes_done,
				(uint64_t)event->bytes_total);
		break;
	case TRANSFER_STATE:
		progress_state(progress, event->id, event->action);
		break;
	case TRANSFER_NOTE:
		progress_clear(progress);
		say_warning("%s", event->text);
		break;
	default:
		if (showing->show->event)
			showing->show->event(showing->show->data, progress,
					     event);
		break;
	}
}

int
transfer_show(struct session *session, struct transfer_request *request,
	      const struct transfer_show *show, struct err *err)
{
	cleanup_with(progress_free) struct progress *progress =
		progress_new(show->fd, show->style);
	struct showing showing = { .show = show, .progress = progress };
	struct transfer_sink sink = { .event = on_event,
				      .data = &showing,
				      .stdin_fd = show->stdin_fd,
				      .gives_stdout = show->gives_stdout };

	return transfer_run(session, request, &sink, err);
}
