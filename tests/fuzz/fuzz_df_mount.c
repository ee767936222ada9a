/* SPDX-License-Identifier: Apache-2.0 */
/* RUN --mount values: what is accepted has a target, and never "/". */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/span.h"
#include "dockerfile/df_chmod.h"
#include "dockerfile/df_mount.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *
expand(void *arg, const char *value)
{
	return xstrdup(strcmp(value, "$X") != 0 ? value : "a,b=/");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *text = span_dup(span_new((const char *)data, size));
	struct err err = ERR_INIT;
	struct df_mount mount;

	if (df_chmod_check(text, &err) == 0)
		assert(df_chmod_apply(text, 0640, false) <= 07777);
	if (df_mount_parse(text, expand, NULL, &mount, &err) < 0) {
		assert(err.text[0]);
		return 0;
	}
	assert(mount.target || mount.env || mount.kind == DF_MOUNT_SSH);
	assert(!mount.target || strcmp(mount.target, "/") != 0);
	df_mount_release(&mount);
	return 0;
}
