/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/base.c - images that stages and copies begin with.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "build/build_priv.h"
#include "image/short_name.h"
#include "image/transfer_client.h"
#include "spec/ref.h"
#include "store/layer.h"

struct pull_task {
	struct base_image *base;
	struct task_link *link;
	struct task *task;
};

struct base_image *
base_get(struct build *build, const char *name, const struct platform *platform,
	 const char *stage_title)
{
	struct base_image *base;

	for (size_t i = 0; i < build->base_count; i++) {
		base = build->bases[i];
		if (!strcmp(base->name, name) &&
		    !memcmp(&base->platform, platform, sizeof(*platform)))
			return base;
	}
	base = xcalloc(1, sizeof(*base));
	base->name = xstrdup(name);
	base->platform = *platform;
	base->build = build;
	array_push(build->bases, build->base_count, build->base_cap, base);
	return base;
}

int
base_check_name(const char *name, struct err *err)
{
	cleanup_ref struct ref ref = REF_INIT;

	/* An id is told apart by image_find(). */
	if (text_is_hex_of(name, DIGEST_HEX_LEN))
		return 0;
	return ref_parse(name, &ref, err);
}

void
base_free(struct base_image *base)
{
	free(base->name);
	image_row_release(&base->row);
	image_config_release(&base->config);
	chain_release(&base->chain);
	free(base);
}

static bool
has_layers(struct store *store, const struct image_config *config)
{
	for (size_t i = 0; i < config->diff_id_count; i++)
		if (!layer_exists(store, &config->diff_ids[i]))
			return false;
	return true;
}

static int
load_as(struct base_image *base, const char *name, struct err *err)
{
	struct store *store = base->build->store;
	int r;

	image_row_release(&base->row);
	image_config_release(&base->config);
	r = image_find(store, name, &base->row, NULL, err);
	if (r == 0)
		r = image_read_config(store, &base->row, &base->config, err);
	return r;
}

/* Returns 0; -ENOENT when it is not here, or not as it is wanted. */
static int
load(struct base_image *base, struct err *err)
{
	cleanup_free char *full = NULL;
	int r = load_as(base, base->name, err);

	if (r == -ENOENT &&
	    short_name_expand(NULL, base->name, &full, NULL) == 0 && full)
		r = load_as(base, full, err);
	if (r < 0)
		return r;
	if (!has_layers(base->build->store, &base->config) ||
	    !platform_match(&base->platform, &base->config.platform))
		return err_set(err, ENOENT, "image '%s' is not here",
			       base->name);
	return 0;
}

static void
ready(struct base_image *base)
{
	struct build *build = base->build;

	base->state = BASE_READY;
	chain_of_image(&base->chain, &base->config);
	if (base->vertex)
		vertex_tell(build, base->vertex, BUILD_EVENT_DONE, NULL);
}

static void
on_event(void *data, const struct transfer_event *event)
{
	struct pull_task *pull = data;
	struct task_status status = {
		.id = event->id,
		.action = event->action,
		.done = event->bytes_done,
		.total = event->bytes_total,
	};

	if (event->kind == TRANSFER_NOTE)
		status.note = event->text;
	if (event->kind == TRANSFER_NOTE || event->kind == TRANSFER_STEP ||
	    event->kind == TRANSFER_STATE)
		task_tell(pull->link, &status);
}

static int
pull_work(void *data, struct task_link *link, struct node *result,
	  struct err *err)
{
	struct pull_task *pull = data;
	struct base_image *base = pull->base;
	struct transfer_request request = base->build->opts->registry;
	struct transfer_sink sink = { .event = on_event,
				      .data = pull,
				      .stdin_fd = -1 };
	cleanup_strbuf struct strbuf platform = STRBUF_INIT;

	pull->link = link;
	platform_add(&platform, &base->platform);
	request.op = TRANSFER_PULL;
	request.name = base->name;
	request.platform = platform.buf;
	return transfer_run(base->build->session, &request, &sink, err);
}

static void
pull_status(void *data, const struct task_status *status)
{
	struct pull_task *pull = data;

	vertex_status(pull->base->build, pull->base->vertex, status);
}

/* COPY --from=NAME, RUN --mount=from=NAME */
static bool
names_image(const struct df_instruction *in, const char *name)
{
	cleanup_free char *option = xasprintf("from=%s", name);

	for (size_t i = 0; i < in->flag_count; i++) {
		const char *value = in->flags[i].value ?: "";

		if (!strcmp(in->flags[i].name, "from") && !strcmp(value, name))
			return true;
		if (!strcmp(in->flags[i].name, "mount") &&
		    strstr(value, option))
			return true;
	}
	return false;
}

/* The first line that asks for the image, or NULL. */
static const struct df_range *
asked_for_at(const struct base_image *base)
{
	const struct build *build = base->build;

	for (size_t i = 0; i < build->stage_count; i++) {
		const struct stage *stage = &build->stages[i];

		if (!stage->needed)
			continue;
		if (stage->base == base)
			return &stage->df->from->range;
		for (size_t k = 0; k < stage->df->len; k++)
			if (names_image(&stage->df->items[k], base->name))
				return &stage->df->items[k].range;
	}
	return NULL;
}

/* An image that cannot be had may be a stage whose name was mistyped. */
static void
guess_stage(const struct base_image *base, struct err *story)
{
	const struct dockerfile *df = base->build->df;
	cleanup_strvec struct strvec names = STRVEC_INIT;
	const char *near;

	for (size_t i = 0; i < df->stage_count; i++)
		if (df->stages[i].name)
			strvec_add(&names, df->stages[i].name);
	near = text_nearest(base->name,
			    (const char *const *)strvec_argv(&names));
	if (!near)
		return;
	story->hint[0] = '\0';
	err_hint(story, "did you mean the stage '%s'?", near);
}

static void
pull_end(void *data, int r, const struct node *result, const struct err *err)
{
	struct pull_task *pull = data;
	struct base_image *base = pull->base;
	struct build *build = base->build;
	struct err story = *err;

	build_task_over(build, pull->task);
	free(pull);
	if (r == 0) {
		err_reset(&story);
		r = load(base, &story);
	}
	if (r < 0) {
		guess_stage(base, &story);
		build_fail(build, r, &story, base->vertex, asked_for_at(base));
		return;
	}
	ready(base);
	build_advance(build);
}

static int
pull(struct base_image *base, struct err *err)
{
	struct pull_task *pull = xcalloc(1, sizeof(*pull));
	struct task_spec spec = {
		.work = pull_work,
		.status = pull_status,
		.end = pull_end,
		.data = pull,
	};

	pull->base = base;
	base->state = BASE_PULLING;
	pull->task = build_task(base->build, &spec, err);
	if (!pull->task) {
		free(pull);
		return -EAGAIN;
	}
	return 0;
}

int
base_advance(struct base_image *base, struct err *err)
{
	struct build *build = base->build;
	enum build_pull policy = build->opts->pull;
	struct err why = ERR_INIT;
	int r;

	if (base->state != BASE_NEW)
		return base->state == BASE_READY;
	base->vertex =
		vertex_new(build, NULL, NULL, "[internal] load metadata for %s",
			   base->name);
	vertex_tell(build, base->vertex, BUILD_EVENT_START, NULL);
	r = policy == BUILD_PULL_ALWAYS ? -ENOENT : load(base, &why);
	if (r == 0) {
		ready(base);
		return 1;
	}
	if (r != -ENOENT || policy == BUILD_PULL_NEVER) {
		if (err)
			*err = why;
		return r;
	}
	return pull(base, err);
}
