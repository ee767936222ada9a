/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fsx.h"
#include "session/session.h"

static char place[64];

static void
session_setup(void)
{
	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
}

static void
session_teardown(void)
{
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(session, .init = session_setup, .fini = session_teardown);

Test(session, makes_nothing_before_it_is_asked)
{
	cleanup_session struct session session = SESSION_INIT;
	char root[96];
	char run[96];
	struct store *store;

	(void)snprintf(root, sizeof(root), "%s/root", place);
	(void)snprintf(run, sizeof(run), "%s/run", place);
	cr_assert(eq(int, session_open(&session, root, run, NULL), 0));
	cr_expect(eq(int, access(root, F_OK), -1));
	cr_assert(eq(int, session_store(&session, &store, NULL), 0));
	cr_expect(eq(int, access(root, F_OK), 0));
	cr_expect(eq(int, access(run, F_OK), -1));
}

Test(session, has_one_store)
{
	cleanup_session struct session session = SESSION_INIT;
	struct store *first;
	struct store *second;

	cr_assert(eq(int, session_open(&session, place, place, NULL), 0));
	cr_assert(eq(int, session_store(&session, &first, NULL), 0));
	cr_assert(eq(int, session_store(&session, &second, NULL), 0));
	cr_expect(first == second);
}
