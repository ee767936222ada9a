/* SPDX-License-Identifier: Apache-2.0 */
/* config.yaml, as the user's and as the site's: read, or refused with words. */
#include <assert.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "conf/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int atfd = -1;
static char place[] = "/tmp/fuzz-config.XXXXXX";

static void
leave(void)
{
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

static void
enter(void)
{
	if (!mkdtemp(place))
		abort();
	(void)atexit(leave);
	atfd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert(atfd >= 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const none = "/nonexistent";

	if (atfd < 0)
		enter();
	assert(fsx_write_atomic(atfd, "config.yaml", data, size, 0600,
				FSX_NOSYNC, NULL) == 0);
	for (int i = 0; i < 2; i++) {
		struct config config = CONFIG_INIT;
		struct err err = ERR_INIT;
		int r = config_load(i ? none : place, i ? place : none, &config,
				    &err);

		assert(r == 0 || err.text[0]);
		config_release(&config);
	}
	return 0;
}
