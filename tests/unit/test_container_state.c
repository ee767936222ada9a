/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "container/live.h"
#include "container/state.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char place[64];
static int placefd;

static void
state_setup(void)
{
	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	placefd = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cr_assert(placefd >= 0);
}

static void
state_teardown(void)
{
	(void)close(placefd);
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(container_state, .init = state_setup, .fini = state_teardown);

static void
write_running(void)
{
	cleanup_container_state struct container_state state = {
		.status = CONTAINER_RUNNING,
		.pid = 77,
		.pid_start = 1234567,
		.restart_count = 3,
		.stopped_by_user = true,
		.started_ns = INT64_C(1700000000123456789),
	};

	state.driver = xstrdup("overlay");
	state.health.status = HEALTH_HEALTHY;
	container_health_add(&state.health, 1, 2, 0, "fine\n");
	(void)snprintf(container_state_add_endpoint(&state)->ip, 46,
		       "10.1.2.3");
	cr_assert(eq(int,
		     port_list_publish(&state.ports, "127.0.0.1:8080:80", NULL),
		     0));
	cr_assert(eq(int, container_state_write(placefd, &state, false, NULL),
		     0));
}

Test(container_state, a_container_without_a_record_was_created)
{
	cleanup_container_state struct container_state state =
		CONTAINER_STATE_INIT;

	cr_assert(eq(int,
		     container_state_read(placefd, placefd, ID, &state, NULL),
		     0));
	cr_expect(eq(int, state.status, CONTAINER_CREATED));
}

Test(container_state, what_was_written_is_read_while_the_lock_is_held)
{
	cleanup_container_state struct container_state state =
		CONTAINER_STATE_INIT;
	int lockfd = live_hold(placefd, ID, NULL);

	cr_assert(lockfd >= 0);
	write_running();
	cr_assert(eq(int,
		     container_state_read(placefd, placefd, ID, &state, NULL),
		     0));
	cr_expect(eq(int, state.status, CONTAINER_RUNNING));
	cr_expect(not(state.died));
	cr_expect(eq(int, state.pid, 77));
	cr_expect(eq(u64, state.pid_start, 1234567));
	cr_expect(eq(int, state.restart_count, 3));
	cr_expect(state.stopped_by_user);
	cr_expect(eq(i64, state.started_ns, INT64_C(1700000000123456789)));
	cr_expect(eq(str, state.driver, "overlay"));
	cr_expect(eq(int, state.health.status, HEALTH_HEALTHY));
	cr_assert(eq(sz, state.health.log_count, 1));
	cr_expect(eq(str, state.health.log[0].output, "fine\n"));
	cr_assert(eq(sz, state.endpoint_count, 1));
	cr_expect(eq(str, state.endpoints[0].ip, "10.1.2.3"));
	cr_assert(eq(sz, state.ports.len, 1));
	cr_expect(eq(int, state.ports.items[0].host_first, 8080));
	(void)close(lockfd);
}

Test(container_state, a_monitor_that_was_killed_is_an_exit_with_137)
{
	cleanup_container_state struct container_state state =
		CONTAINER_STATE_INIT;
	int lockfd = live_hold(placefd, ID, NULL);

	write_running();
	(void)close(lockfd);
	cr_assert(eq(int,
		     container_state_read(placefd, placefd, ID, &state, NULL),
		     0));
	cr_expect(eq(int, state.status, CONTAINER_EXITED));
	cr_expect(state.died);
	cr_expect(eq(int, state.exit_code, 137));
	cr_expect(state.finished_ns > 0);
}

Test(container_state, another_host_speaks_for_its_own_containers)
{
	cleanup_container_state struct container_state state = {
		.status = CONTAINER_RUNNING,
	};
	cleanup_container_state struct container_state got =
		CONTAINER_STATE_INIT;

	state.host = xstrdup("a.host.that.is.not.this");
	cr_assert(
		eq(int, container_state_write(placefd, &state, true, NULL), 0));
	cr_assert(eq(int,
		     container_state_read(placefd, placefd, ID, &got, NULL),
		     0));
	cr_expect(eq(int, got.status, CONTAINER_RUNNING));
	cr_expect(got.elsewhere);
}

Test(container_state, the_lock_is_held_once_and_ends_with_its_fd)
{
	int lockfd;

	cr_expect(eq(int, live_test(placefd, ID), LIVE_ABSENT));
	lockfd = live_hold(placefd, ID, NULL);
	cr_assert(lockfd >= 0);
	cr_expect(eq(int, live_test(placefd, ID), LIVE_HELD));
	cr_expect(eq(int, live_hold(placefd, ID, NULL), -EBUSY));
	(void)close(lockfd);
	cr_expect(eq(int, live_test(placefd, ID), LIVE_FREE));
}

Test(container_state, only_the_last_probes_are_kept)
{
	struct container_health health = { .status = HEALTH_STARTING };

	for (int i = 0; i < HEALTH_LOG_MAX + 3; i++)
		container_health_add(&health, i, i, i, "");
	cr_expect(eq(sz, health.log_count, HEALTH_LOG_MAX));
	cr_expect(eq(int, health.log[0].exit_code, 3));
	for (size_t i = 0; i < health.log_count; i++)
		free(health.log[i].output);
}
