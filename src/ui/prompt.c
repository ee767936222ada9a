/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui/prompt.c - asking the person at the terminal.
 */
#include "ui/prompt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "base/strbuf.h"

#define KEY_INTERRUPT 3
#define KEY_END 4
#define KEY_BACKSPACE 8
#define KEY_KILL 21
#define KEY_DELETE 127

/* A key of the line: 1 when it is whole, 0 to go on, or -ECANCELED. */
static int
take_key(struct strbuf *line, char key)
{
	switch (key) {
	case '\r':
	case '\n':
	case KEY_END:
		return 1;
	case KEY_INTERRUPT:
		return -ECANCELED;
	case KEY_KILL:
		strbuf_reset(line);
		return 0;
	case KEY_BACKSPACE:
	case KEY_DELETE:
		if (line->len)
			strbuf_truncate(line, line->len - 1);
		return 0;
	default:
		if (line->len < PROMPT_MAX_BYTES)
			strbuf_addch(line, key);
		return 0;
	}
}

/* Until the line is whole or a signal asks to end. */
static int
read_keys(int ttyfd, int signalfd, struct strbuf *line)
{
	struct pollfd polls[] = { { .fd = ttyfd, .events = POLLIN },
				  { .fd = signalfd, .events = POLLIN } };

	for (;;) {
		char key;
		int r;

		if (poll(polls, ARRAY_LEN(polls), -1) < 0 && errno != EINTR)
			return -errno;
		if (polls[1].revents)
			return -ECANCELED;
		if (!polls[0].revents)
			continue;
		if (read(ttyfd, &key, 1) != 1)
			return -ECANCELED;
		r = take_key(line, key);
		if (r)
			return r < 0 ? r : 0;
	}
}

/* With the terminal quiet and the signals that would end us held back. */
static int
read_quietly(int ttyfd, const struct termios *before, struct strbuf *line)
{
	struct termios quiet = *before;
	cleanup_close int fd = -EBADF;
	sigset_t ends, old;
	int r;

	(void)sigemptyset(&ends);
	(void)sigaddset(&ends, SIGHUP);
	(void)sigaddset(&ends, SIGINT);
	(void)sigaddset(&ends, SIGQUIT);
	(void)sigaddset(&ends, SIGTERM);
	(void)sigaddset(&ends, SIGTSTP);
	fd = signalfd(-1, &ends, SFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	(void)sigprocmask(SIG_BLOCK, &ends, &old);
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	r = tcsetattr(ttyfd, TCSADRAIN, &quiet) < 0 ? -errno : 0;
	if (r == 0)
		r = read_keys(ttyfd, fd, line);
	(void)tcsetattr(ttyfd, TCSADRAIN, before);
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	return r;
}

int
prompt_secret(int ttyfd, const char *label, char **ret_secret, struct err *err)
{
	cleanup_strbuf struct strbuf line = STRBUF_INIT;
	struct termios before;
	int r;

	if (tcgetattr(ttyfd, &before) < 0)
		return err_sys(err, "use the terminal");
	(void)io_write_all(ttyfd, label, strlen(label));
	r = read_quietly(ttyfd, &before, &line);
	(void)io_write_all(ttyfd, "\n", 1);
	if (r == -ECANCELED)
		(void)err_set(err, ECANCELED, "stopped");
	else if (r < 0)
		(void)err_code(err, -r, "read from the terminal");
	else if (!line.len)
		r = err_set(err, EINVAL, "nothing was typed");
	else
		*ret_secret = xstrdup(line.buf);
	explicit_bzero(line.buf, line.len);
	return r;
}

int
prompt_line(int ttyfd, const char *label, char **ret_line, struct err *err)
{
	char line[PROMPT_MAX_BYTES];
	ssize_t n;

	if (!isatty(ttyfd))
		return err_sys(err, "use the terminal");
	(void)io_write_all(ttyfd, label, strlen(label));
	n = read(ttyfd, line, sizeof(line));
	if (n < 0)
		return err_sys(err, "read from the terminal");
	if (n > 0 && line[n - 1] == '\n')
		n--;
	if (n == 0)
		return err_set(err, EINVAL, "nothing was typed");
	*ret_line = xstrndup(line, (size_t)n);
	return 0;
}
