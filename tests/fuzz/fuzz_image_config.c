/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_image_config.c - whatever a config says, it is refused or its members
 * have their kinds.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "spec/image_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct image_config config;
	struct err err = ERR_INIT;

	if (image_config_parse(span_new((const char *)data, size), &config,
			       &err) < 0) {
		assert(err.code == EBADMSG);
		return 0;
	}
	assert(config.user && config.working_dir && config.platform.os[0]);
	for (size_t i = 0; i < config.env.len; i++)
		assert(strchr(config.env.v[i], '='));
	for (size_t i = 0; i < config.diff_id_count; i++)
		assert(digest_is_valid(config.diff_ids[i].text));
	image_config_release(&config);
	return 0;
}
