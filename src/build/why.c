/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/why.c - which input of a step changed since it was made last.
 *
 * build/last/<slot> holds the key that the instruction at one place of one
 * Dockerfile had last; that record's inputs are held against the new ones.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/log.h"
#include "base/text.h"
#include "build/build_priv.h"

static char *
slot_path(const struct step_work *work)
{
	const struct stage *stage = work->stage;
	const struct context *context = &work->build->source->contexts[0];
	char hex[BLAKE2_HEX_BYTES];
	struct blake2 hash;

	blake2_init(&hash);
	blake2_add_text(&hash, context->is_fetched ? NULL : context->path);
	blake2_add_text(&hash, work->build->df->name);
	blake2_add_text(&hash, stage->df->title);
	blake2_add_number(&hash, stage->at);
	blake2_end_hex(&hash, hex);
	return xasprintf("build/last/%.32s", hex);
}

/* The value of @name among "name=value" texts, or NULL. */
static const char *
value_of(const struct strvec *inputs, const char *name, size_t name_len)
{
	for (size_t i = 0; i < inputs->len; i++)
		if (!strncmp(inputs->v[i], name, name_len) &&
		    inputs->v[i][name_len] == '=')
			return inputs->v[i] + name_len + 1;
	return NULL;
}

static size_t
name_len_of(const char *input)
{
	const char *eq = strrchr(input, '=');

	return eq ? (size_t)(eq - input) : strlen(input);
}

static void
add_piece(struct strbuf *sb, const char *how, const char *input)
{
	strbuf_addf(sb, "%s%s %.*s", sb->len ? ", " : "", how,
		    (int)name_len_of(input), input);
}

static void
compare(const struct strvec *now, const struct strvec *then, struct strbuf *sb)
{
	for (size_t i = 0; i < now->len; i++) {
		size_t len = name_len_of(now->v[i]);
		const char *old = value_of(then, now->v[i], len);

		if (!old)
			add_piece(sb, "new:", now->v[i]);
		else if (strcmp(old, now->v[i] + len + 1) != 0)
			add_piece(sb, "changed:", now->v[i]);
	}
	for (size_t i = 0; i < then->len; i++)
		if (!value_of(now, then->v[i], name_len_of(then->v[i])))
			add_piece(sb, "gone:", then->v[i]);
}

static void
tell(struct step_work *work, const char *last_key)
{
	cleanup_step_record struct step_record last = STEP_RECORD_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (work->no_cache)
		strbuf_addstr(&text, "the cache was not asked (--no-cache)");
	else if (!last_key ||
		 step_cache_read(work->build->store, last_key, &last) < 0)
		strbuf_addstr(&text, "it was not built here before");
	else
		compare(&work->inputs, &last.inputs, &text);
	if (!text.len)
		strbuf_addstr(&text, "its files were removed from the cache");
	vertex_tell(work->build, work->stage->vertex, BUILD_EVENT_WHY,
		    text.buf);
}

void
step_explain(struct step_work *work)
{
	struct store *store = work->build->store;
	cleanup_free char *path = slot_path(work);
	cleanup_strbuf struct strbuf last = STRBUF_INIT;
	struct err err = ERR_INIT;
	bool known = fsx_read_file(store->dirfd, path, BLAKE2_HEX_BYTES, &last,
				   NULL) == 0 &&
		     text_is_hex_of(last.buf, BLAKE2_HEX_BYTES - 1);

	if (work->build->opts->why)
		tell(work, known ? last.buf : NULL);
	if (fsx_write_atomic(store->dirfd, path, work->key, strlen(work->key),
			     0600, FSX_NOSYNC, &err) < 0)
		log_debug("build cache: %s", err.text);
}
