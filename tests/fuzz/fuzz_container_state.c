/* SPDX-License-Identifier: Apache-2.0 */
/* What is read from a container's state.json is written and read the same. */
#include <assert.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "container/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static int atfd = -1;
static char place[] = "/tmp/fuzz-state.XXXXXX";

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
	cleanup_container_state struct container_state state =
		CONTAINER_STATE_INIT;
	cleanup_container_state struct container_state again =
		CONTAINER_STATE_INIT;

	if (atfd < 0)
		enter();
	assert(fsx_write_atomic(atfd, "state.json", data, size, 0600,
				FSX_NOSYNC, NULL) == 0);
	if (container_state_read(atfd, atfd, ID, &state, NULL) < 0)
		return 0;
	/* Nobody holds the lock: it does not run, whatever was written. */
	assert(!container_status_is_live(state.status) || state.elsewhere);
	assert(container_state_write(atfd, &state, false, NULL) == 0);
	assert(container_state_read(atfd, atfd, ID, &again, NULL) == 0);
	assert(again.status == state.status &&
	       again.exit_code == state.exit_code &&
	       again.endpoint_count == state.endpoint_count);
	return 0;
}
