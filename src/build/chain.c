/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/chain.c - the trees of a root file system.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "build/build_priv.h"
#include "store/layer.h"

#define CHAIN_STEP "step:"

void
chain_copy(struct chain *to, const struct chain *from)
{
	*to = (struct chain){ .items = STRVEC_INIT };
	strvec_add_all(&to->items, &from->items);
	memcpy(to->id, from->id, sizeof(to->id));
}

void
chain_release(struct chain *chain)
{
	strvec_release(&chain->items);
	chain->id[0] = '\0';
}

void
chain_of_image(struct chain *chain, const struct image_config *config)
{
	struct blake2 hash;

	chain_release(chain);
	blake2_init(&hash);
	blake2_add_text(&hash, "base");
	for (size_t i = 0; config && i < config->diff_id_count; i++) {
		strvec_add(&chain->items, config->diff_ids[i].text);
		blake2_add_text(&hash, config->diff_ids[i].text);
	}
	blake2_end_hex(&hash, chain->id);
}

void
chain_add_step(struct chain *chain, const char *key, const char *id)
{
	struct blake2 hash;

	strvec_addf(&chain->items, CHAIN_STEP "%s", key);
	blake2_init(&hash);
	blake2_add_text(&hash, chain->id);
	blake2_add_text(&hash, id);
	blake2_end_hex(&hash, chain->id);
}

int
chain_paths(struct store *store, const struct chain *chain,
	    struct strvec *paths, struct err *err)
{
	for (size_t i = chain->items.len; i > 0; i--) {
		const char *item = chain->items.v[i - 1];
		const char *key = text_after(item, CHAIN_STEP);
		cleanup_step_record struct step_record record =
			STEP_RECORD_INIT;
		char path[LAYER_PATH_BYTES];
		struct digest digest;
		int r;

		if (!key) {
			r = digest_parse(item, &digest, err);
			if (r < 0)
				return r;
			strvec_add(paths, layer_path(&digest, path));
			continue;
		}
		if (step_cache_get(store, key, &record) < 0)
			return err_set(err, ENOENT,
				       "a step's files are gone: build again");
		strvec_add_take(paths, step_record_tree(&record));
	}
	return 0;
}
