/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/settle.c - what was unpacked reaches the disk behind the user's back.
 */
#include <sys/prctl.h>

#include "image/engine.h"
#include "store/layer.h"

/*
 * Nobody waits for the child, and it holds nothing of anybody: no pin, lock,
 * pipe or terminal. Where it cannot be made or is killed, the next transfer
 * that unpacks something does its work.
 */
void
engine_settle(const struct engine *engine)
{
	struct store store = STORE_INIT;

	if (!engine->store || !engine->store->unsettled || fork() != 0)
		return;
	(void)prctl(PR_SET_NAME, "dhow-settle");
	(void)setsid();
	if (dup2(engine->store->dirfd, STDIN_FILENO) < 0 ||
	    close_range(STDIN_FILENO + 1, ~0U, 0) < 0 || chdir("/") < 0)
		_exit(1);
	store.dirfd = STDIN_FILENO;
	_exit(layer_settle(&store, NULL) < 0);
}
