/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "ui/prompt.h"

/* Types once nothing is echoed any more, or sends a signal to @who. */
static pid_t
type_later(int masterfd, int slavefd, const char *keys, pid_t who)
{
	pid_t pid = fork();
	struct termios now;

	if (pid)
		return pid;
	for (int i = 0; i < 2000; i++) {
		if (tcgetattr(slavefd, &now) == 0 && !(now.c_lflag & ECHO))
			break;
		(void)usleep(1000);
	}
	if (keys && write(masterfd, keys, strlen(keys)) < 0)
		_exit(1);
	if (!keys)
		(void)kill(who, SIGTERM);
	_exit(0);
}

/* A terminal hands on in pieces what was written: up to the line's end. */
static void
read_shown(int masterfd, char *shown, size_t shown_bytes)
{
	struct pollfd pfd = { .fd = masterfd, .events = POLLIN };
	size_t len = 0;
	ssize_t n;

	while ((!len || shown[len - 1] != '\n') && poll(&pfd, 1, 500) == 1 &&
	       len < shown_bytes - 1) {
		n = read(masterfd, shown + len, shown_bytes - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	shown[len] = '\0';
}

static int
ask(const char *keys, char **ret_secret, char *shown, size_t shown_bytes)
{
	struct termios before, after;
	int masterfd, slavefd, r;
	pid_t pid;

	cr_assert(eq(int, openpty(&masterfd, &slavefd, NULL, NULL, NULL), 0));
	cr_assert(eq(int, tcgetattr(slavefd, &before), 0));
	pid = type_later(masterfd, slavefd, keys, getpid());
	r = prompt_secret(slavefd, "Password: ", ret_secret, NULL);
	cr_assert(eq(int, waitpid(pid, NULL, 0), pid));
	cr_assert(eq(int, tcgetattr(slavefd, &after), 0));
	cr_expect(eq(u64, after.c_lflag, before.c_lflag));
	read_shown(masterfd, shown, shown_bytes);
	(void)close(masterfd);
	(void)close(slavefd);
	return r;
}

Test(ui_prompt, what_is_typed_is_read_and_not_shown)
{
	cleanup_free char *secret = NULL;
	char shown[256];

	cr_assert(eq(int,
		     ask("wrong\x15s3cresX\x7f\x7ft\r", &secret, shown,
			 sizeof(shown)),
		     0));
	cr_expect(eq(str, secret, "s3cret"));
	cr_expect(eq(str, shown, "Password: \r\n"));
}

Test(ui_prompt, ctrl_c_and_an_empty_line_give_nothing)
{
	cleanup_free char *secret = NULL;
	char shown[256];

	cr_expect(eq(int, ask("abc\x03", &secret, shown, sizeof(shown)),
		     -ECANCELED));
	cr_expect(eq(int, ask("\n", &secret, shown, sizeof(shown)), -EINVAL));
	cr_expect(zero(ptr, secret));
}

static void
note_signal(int signo)
{
}

Test(ui_prompt, a_signal_leaves_the_terminal_in_order)
{
	cleanup_free char *secret = NULL;
	char shown[256];

	/* It comes through once the terminal is restored. */
	(void)signal(SIGTERM, note_signal);
	cr_expect(
		eq(int, ask(NULL, &secret, shown, sizeof(shown)), -ECANCELED));
	cr_expect(zero(ptr, secret));
}

Test(ui_prompt, a_file_is_no_terminal)
{
	cleanup_close int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	char *secret = NULL;

	cr_expect(eq(int, prompt_secret(fd, "x", &secret, NULL), -ENOTTY));
}
