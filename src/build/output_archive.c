/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/output_archive.c - the image as an archive, not as one of the store.
 *
 * It is made in the store without a name, saved, and forgotten again unless it
 * was there before. What it is made of stays with the build cache.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "build/output.h"
#include "image/transfer_client.h"
#include "store/image_remove.h"

struct save_work {
	struct build *build;
	struct transfer_request request;
	bool to_stdout;
	struct task *task;
	bool over;
	int r;
	struct err err;
};

static int
save_child(void *data, struct task_link *link, struct node *result,
	   struct err *err)
{
	struct save_work *work = data;
	struct transfer_sink sink = { .stdin_fd = -1,
				      .gives_stdout = work->to_stdout };

	return transfer_run(work->build->session, &work->request, &sink, err);
}

static void
save_end(void *data, int r, const struct node *result, const struct err *err)
{
	struct save_work *work = data;

	build_task_over(work->build, work->task);
	work->over = true;
	work->r = r;
	work->err = *err;
	loop_stop(work->build->loop, 0);
}

static int
save(struct build *build, const struct build_output *output, const char *id,
     struct err *err)
{
	const struct build_options *opts = build->opts;
	const char *kind = output->kind == BUILD_OUTPUT_OCI ? "oci" : "docker";
	const char *name = output->name     ? output->name
			   : opts->tags.len ? opts->tags.v[0]
					    : NULL;
	const char *dest = output->dest ?: "-";
	struct save_work work = { .build = build,
				  .request = TRANSFER_REQUEST_INIT,
				  .to_stdout = !strcmp(dest, "-") };
	struct task_spec spec = { .work = save_child,
				  .end = save_end,
				  .data = &work };

	work.request.op = TRANSFER_SAVE;
	strvec_add(&work.request.names, id);
	work.request.target =
		xasprintf("%s%s:%s%s%s", kind,
			  output->tar_off && output->kind == BUILD_OUTPUT_OCI
				  ? ""
				  : "-archive",
			  dest, name ? ":" : "", name ?: "");
	work.task = build_task(build, &spec, err);
	while (work.task && !work.over && build->r == 0)
		(void)loop_run(build->loop);
	if (work.task && !work.over) {
		build_task_over(build, work.task);
		task_kill(work.task);
		work.r = build->r;
	}
	transfer_request_release(&work.request);
	if (work.r < 0 && err && work.err.code)
		*err = work.err;
	return work.task ? work.r : -EAGAIN;
}

static bool
is_known(struct build *build, const char *id)
{
	struct image_row row = { .line = NULL };
	bool known = image_find(build->store, id, &row, NULL, NULL) == 0;

	image_row_release(&row);
	return known;
}

static int
make(struct build *build, struct build_vertex *vertex, struct image_made *made,
     struct err *err)
{
	const struct stage *stage = &build->stages[build->target_stage];
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	cleanup_close int lockfd = output_lock(build, err);
	int r = lockfd < 0 ? lockfd
			   : output_request(build, stage, &request, err);

	return r < 0 ? r
		     : output_make(build, &stage->chain, &request, vertex, made,
				   err);
}

/* It had no name before and gets none: it goes, its layers stay. */
static void
forget(struct build *build, const char *id)
{
	struct image_removal removal = { .untagged = STRVEC_INIT };

	(void)image_remove(build->store, id, true, &removal, NULL);
	image_removal_release(&removal);
}

int
output_archive(struct build *build, const struct build_output *output,
	       struct err *err)
{
	struct build_vertex *vertex =
		vertex_new(build, NULL, NULL, "exporting to %s image format",
			   output->kind == BUILD_OUTPUT_OCI ? "oci" : "docker");
	struct image_made made = { .layers = NULL };
	cleanup_image_table struct image_table before = IMAGE_TABLE_INIT;
	bool known = false;
	int r;

	vertex_tell(build, vertex, BUILD_EVENT_START, NULL);
	r = image_table_load(build->store, &before, err);
	if (r == 0)
		r = make(build, vertex, &made, err);
	for (size_t i = 0; r == 0 && i < before.len; i++)
		known |= digest_eq(&before.rows[i].id, &made.id);
	if (r == 0)
		r = save(build, output, made.id.text, err);
	if (made.id.text[0] && !known && is_known(build, made.id.text))
		forget(build, made.id.text);
	if (r == 0) {
		build->result->image = made.id;
		build->result->manifest = made.manifest;
	}
	vertex_tell(build, vertex,
		    r < 0 ? BUILD_EVENT_FAILED : BUILD_EVENT_DONE,
		    r < 0 && err ? err->text : NULL);
	image_made_release(&made);
	return r;
}
