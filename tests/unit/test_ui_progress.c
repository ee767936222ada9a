/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/alloc.h"
#include "ui/progress.h"

static char *
text_of(int fd)
{
	char *text = xcalloc(1, 65536);

	cr_assert(ge(i64, pread(fd, text, 65535, 0), 0));
	return text;
}

static void
pull_two(struct progress *progress)
{
	progress_say(progress, "latest: Pulling from library/debian");
	progress_update(progress, "a1", "Downloading", 0, 1000);
	progress_update(progress, "b2", "Downloading", 0, 0);
	for (unsigned int i = 0; i < 1000; i++)
		progress_update(progress, "a1", "Downloading", i, 1000);
	progress_state(progress, "a1", "Pull complete");
	progress_update(progress, "b2", "Downloading", 500, 0);
}

Test(ui_progress, plain_style_says_each_action_once)
{
	cleanup_close int fd = memfd_create("out", MFD_CLOEXEC);
	struct progress *progress = progress_new(fd, PROGRESS_AUTO);
	cleanup_free char *out = NULL;

	pull_two(progress);
	progress_free(progress);
	out = text_of(fd);
	cr_expect(eq(str, out,
		     "latest: Pulling from library/debian\n"
		     "a1: Downloading\nb2: Downloading\n"
		     "a1: Pull complete\n"));
}

Test(ui_progress, quiet_style_says_nothing)
{
	cleanup_close int fd = memfd_create("out", MFD_CLOEXEC);
	struct progress *progress = progress_new(fd, PROGRESS_QUIET);
	cleanup_free char *out = NULL;

	pull_two(progress);
	progress_free(progress);
	out = text_of(fd);
	cr_expect(eq(str, out, ""));
}

Test(ui_progress, live_style_draws_in_place_and_seldom)
{
	cleanup_close int fd = memfd_create("out", MFD_CLOEXEC);
	struct progress *progress = progress_new(fd, PROGRESS_LIVE);
	cleanup_free char *out = NULL;
	size_t draws = 0;

	pull_two(progress);
	progress_free(progress);
	out = text_of(fd);
	for (const char *p = out; (p = strstr(p, "\033[J")); p++)
		draws++;
	cr_expect(lt(sz, draws, 20));
	/* The last block: both lines, cursor below, nothing hidden. */
	cr_expect(ne(ptr,
		     strstr(out, "\033[2A\r\033[Ja1: Pull complete\n"
				 "b2: Downloading  500B"),
		     NULL));
	cr_expect(eq(ptr, strstr(out, "\033[?25l"), NULL));
	cr_expect(eq(chr, out[strlen(out) - 1], '\n'));
}

Test(ui_progress, cleared_bars_come_back_with_the_next_change)
{
	cleanup_close int fd = memfd_create("out", MFD_CLOEXEC);
	struct progress *progress = progress_new(fd, PROGRESS_LIVE);
	cleanup_free char *out = NULL;

	progress_update(progress, "a1", "Downloading", 1, 0);
	progress_clear(progress);
	progress_clear(progress);
	progress_update(progress, "a1", "Downloading", 2, 0);
	progress_free(progress);
	out = text_of(fd);
	cr_expect(eq(str, out,
		     "a1: Downloading  1B\n"
		     "\033[1A\r\033[J"
		     "a1: Downloading  2B\n"));
}

Test(ui_progress, what_ended_stays_above_what_comes)
{
	cleanup_close int fd = memfd_create("out", MFD_CLOEXEC);
	struct progress *progress = progress_new(fd, PROGRESS_LIVE);
	cleanup_free char *out = NULL;

	progress_update(progress, "a1", "Waiting", 0, 0);
	progress_end(progress);
	progress_say(progress, "Digest: x");
	progress_state(progress, "b2", "Waiting");
	progress_free(progress);
	out = text_of(fd);
	cr_expect(eq(str, out, "a1: Waiting\nDigest: x\nb2: Waiting\n"));
}

Test(ui_progress, names_from_outside_cannot_drive_the_terminal)
{
	cleanup_close int fd = memfd_create("out", MFD_CLOEXEC);
	struct progress *progress = progress_new(fd, PROGRESS_PLAIN);
	cleanup_free char *out = NULL;

	progress_state(progress, "x\033[2J", "Done\n");
	progress_free(progress);
	out = text_of(fd);
	cr_expect(eq(str, out, "x?[2J: Done?\n"));
}

Test(ui_progress, several_sizes_have_a_total_that_never_shrinks)
{
	cleanup_close int fd = memfd_create("out", MFD_CLOEXEC);
	struct progress *progress = progress_new(fd, PROGRESS_LIVE);
	cleanup_free char *out = NULL;
	size_t totals = 0;

	progress_update(progress, "a1", "Downloading", 100, 1000);
	progress_update(progress, "b2", "Downloading", 0, 3000);
	progress_state(progress, "a1", "Pull complete");
	progress_update(progress, "b2", "Fetching", 500, 3000);
	progress_state(progress, "b2", "Pull complete");
	progress_free(progress);
	out = text_of(fd);
	for (const char *p = out; (p = strstr(p, "Total: ")); p++)
		totals++;
	cr_expect(eq(sz, totals, 3));
	cr_expect(ne(ptr, strstr(out, "1.5kB/4kB"), NULL));
}
