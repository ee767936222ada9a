/* SPDX-License-Identifier: Apache-2.0 */
#include "store_fixture.h"

#include "store/event_log.h"

TestSuite(store_event_log, .init = fixture_setup, .fini = fixture_teardown);

static void
add(const char *action, const char *attribute)
{
	cleanup_strvec struct strvec attributes = STRVEC_INIT;

	strvec_add(&attributes, "image=debian");
	strvec_add(&attributes, attribute);
	event_log_add(&store, &(struct event){ .type = "container",
					       .action = action,
					       .id = "abc",
					       .attributes = &attributes });
}

static int
count_events(void)
{
	cleanup_follow struct follow follow = FOLLOW_INIT;
	struct node *event;
	int count = 0;

	cr_assert(eq(int, event_log_open(&store, &follow, NULL), 0));
	while (event_log_next(&follow, &event, NULL) > 0) {
		node_free(event);
		count++;
	}
	return count;
}

Test(store_event_log, an_event_is_read_back_as_docker_writes_it)
{
	cleanup_follow struct follow follow = FOLLOW_INIT;
	cleanup_node struct node *event = NULL;
	const struct node *actor;

	add("die", "exitCode=3");
	cr_assert(eq(int, event_log_open(&store, &follow, NULL), 0));
	cr_assert(eq(int, event_log_next(&follow, &event, NULL), 1));
	actor = node_get(event, "Actor");
	cr_assert(eq(str, (char *)node_get_str(event, "Action"), "die"));
	cr_assert(eq(str, (char *)node_get_str(event, "status"), "die"));
	cr_assert(eq(str, (char *)node_get_str(event, "from"), "debian"));
	cr_assert(eq(str, (char *)node_get_str(actor, "ID"), "abc"));
	cr_assert(eq(str,
		     (char *)node_get_str(node_get(actor, "Attributes"),
					  "exitCode"),
		     "3"));
	cr_assert(gt(i64, node_get_int(event, "timeNano", 0), 0));
}

Test(store_event_log, a_damaged_line_hides_no_other)
{
	int fd;

	add("start", "a=b");
	fd = openat(store.dirfd, EVENT_LOG_FILE, O_WRONLY | O_APPEND);
	cr_assert(eq(sz, (size_t)write(fd, "{\"Type\":\n[]\n", 12), 12));
	(void)close(fd);
	add("die", "a=b");
	cr_assert(eq(int, count_events(), 2));
}

Test(store_event_log, a_full_log_is_rotated_once_and_stays_readable)
{
	char *big = xcalloc(1, 300001);
	struct stat st;

	memset(big, 'x', 300000);
	for (int i = 0; i < 20; i++)
		add("start", big);
	free(big);
	cr_assert(eq(int, fstatat(store.dirfd, EVENT_LOG_FILE, &st, 0), 0));
	cr_assert(lt(i64, (int64_t)st.st_size, EVENT_LOG_MAX_BYTES));
	cr_assert(eq(int, count_events(), 20));
}
