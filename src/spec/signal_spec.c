/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/signal_spec.c - signals by name or number.
 */
#include "spec/signal_spec.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"

#define SIGNAL_SPEC_RTMIN 34
#define SIGNAL_SPEC_WORD_BYTES 16

static const char *const signal_names[] = {
	"SIGABRT",   "SIGALRM",   "SIGBUS",  "SIGCHLD", "SIGCLD",  "SIGCONT",
	"SIGFPE",    "SIGHUP",    "SIGILL",  "SIGINT",  "SIGIO",   "SIGIOT",
	"SIGKILL",   "SIGPIPE",   "SIGPOLL", "SIGPROF", "SIGPWR",  "SIGQUIT",
	"SIGSEGV",   "SIGSTKFLT", "SIGSTOP", "SIGSYS",  "SIGTERM", "SIGTRAP",
	"SIGTSTP",   "SIGTTIN",   "SIGTTOU", "SIGURG",  "SIGUSR1", "SIGUSR2",
	"SIGVTALRM", "SIGWINCH",  "SIGXCPU", "SIGXFSZ", NULL,
};

static const int signal_numbers[] = {
	SIGABRT, SIGALRM, SIGBUS,    SIGCHLD,  SIGCHLD, SIGCONT,   SIGFPE,
	SIGHUP,  SIGILL,  SIGINT,    SIGIO,    SIGABRT, SIGKILL,   SIGPIPE,
	SIGPOLL, SIGPROF, SIGPWR,    SIGQUIT,  SIGSEGV, SIGSTKFLT, SIGSTOP,
	SIGSYS,  SIGTERM, SIGTRAP,   SIGTSTP,  SIGTTIN, SIGTTOU,   SIGURG,
	SIGUSR1, SIGUSR2, SIGVTALRM, SIGWINCH, SIGXCPU, SIGXFSZ,
};

_Static_assert(ARRAY_LEN(signal_names) == ARRAY_LEN(signal_numbers) + 1,
	       "every name has its number");

const char *const *
signal_spec_names(void)
{
	return signal_names;
}

/* "+n" after RTMIN or "-n" after RTMAX to a number; 0 when it is none. */
static int
signal_spec_realtime(const char *name)
{
	const char *min = text_after(name, "SIGRTMIN");
	const char *max = text_after(name, "SIGRTMAX");
	const char *rest = min ?: max;
	uint64_t n = 0;

	if (!rest)
		return 0;
	if (*rest &&
	    (*rest != (min ? '+' : '-') ||
	     units_parse_u64(rest + 1, 0, SIGNAL_SPEC_MAX - SIGNAL_SPEC_RTMIN,
			     &n, NULL) < 0))
		return 0;
	return min ? SIGNAL_SPEC_RTMIN + (int)n : SIGNAL_SPEC_MAX - (int)n;
}

/* Upper case and with SIG in front; false when it cannot be a name. */
static bool
signal_spec_normalise(const char *text, char name[SIGNAL_SPEC_WORD_BYTES])
{
	size_t len = strlen(text);
	bool has_sig = !strncasecmp(text, "SIG", 3);
	size_t from = has_sig ? 0 : 3;

	if (!len || from + len >= SIGNAL_SPEC_WORD_BYTES)
		return false;
	(void)memcpy(name, "SIG", 3);
	for (size_t i = 0; i <= len; i++)
		name[from + i] = text_is_lower(text[i])
					 ? (char)(text[i] - 'a' + 'A')
					 : text[i];
	return true;
}

int
signal_spec_parse(const char *text, int *ret_signal, struct err *err)
{
	char name[SIGNAL_SPEC_WORD_BYTES] = "";
	const char *near;
	uint64_t number;
	int realtime;

	if (!units_parse_u64(text, 1, SIGNAL_SPEC_MAX, &number, NULL)) {
		*ret_signal = (int)number;
		return 0;
	}
	if (signal_spec_normalise(text, name)) {
		for (size_t i = 0; signal_names[i]; i++) {
			if (strcmp(name, signal_names[i]) != 0)
				continue;
			*ret_signal = signal_numbers[i];
			return 0;
		}
		realtime = signal_spec_realtime(name);
		if (realtime) {
			*ret_signal = realtime;
			return 0;
		}
	}
	near = text_nearest(name, signal_names);
	(void)err_set(err, EINVAL, "invalid signal '%s'", text);
	if (near)
		err_hint(err, "did you mean '%s'?", near);
	else
		err_hint(err, "a name as TERM or SIGTERM, or 1-%d",
			 SIGNAL_SPEC_MAX);
	return -EINVAL;
}

void
signal_spec_add(struct strbuf *sb, int signal)
{
	/* Of two names for one number the list's first is the usual one. */
	for (size_t i = 0; signal_names[i]; i++) {
		if (signal_numbers[i] == signal) {
			strbuf_addstr(sb, signal_names[i]);
			return;
		}
	}
	if (signal == SIGNAL_SPEC_RTMIN)
		strbuf_addstr(sb, "SIGRTMIN");
	else if (signal > SIGNAL_SPEC_RTMIN && signal <= SIGNAL_SPEC_MAX)
		strbuf_addf(sb, "SIGRTMIN+%d", signal - SIGNAL_SPEC_RTMIN);
	else
		strbuf_addf(sb, "%d", signal);
}
