/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/shell.c - what the scripts of all shells share.
 */
#include "cli/shell.h"

#include <assert.h>

#include "base/alloc.h"
#include "base/text.h"

static const char *const names[] = {
	[OFFER_NOTHING] = "",        [OFFER_FILE] = "file",
	[OFFER_DIR] = "dir",         [OFFER_CAPABILITY] = "capability",
	[OFFER_COMMAND] = "command", [OFFER_CONTAINER] = "container",
	[OFFER_IMAGE] = "image",     [OFFER_NETWORK] = "network",
	[OFFER_OBJECT] = "object",   [OFFER_SIGNAL] = "signal",
	[OFFER_VOLUME] = "volume",
};

static_assert(ARRAY_LEN(names) == OFFER_COUNT, "a name per offer");

/* Man: capabilities(7), signal(7). */
static const char *const words[OFFER_COUNT] = {
	[OFFER_CAPABILITY] =
		"ALL AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND BPF CHECKPOINT_RESTORE CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW PERFMON SETFCAP SETGID SETPCAP SETUID SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG SYSLOG WAKE_ALARM",
	[OFFER_SIGNAL] =
		"SIGABRT SIGALRM SIGCONT SIGHUP SIGINT SIGKILL SIGPWR SIGQUIT SIGSTOP SIGTERM SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH",
};

const char *
shell_offer_name(enum flag_offer offer)
{
	return names[offer];
}

const char *
shell_offer_words(enum flag_offer offer)
{
	return words[offer];
}

void
shell_add_quoted(struct strbuf *sb, const char *text)
{
	strbuf_addch(sb, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			strbuf_addstr(sb, "'\\''");
		else
			strbuf_addch(sb, *text);
	}
	strbuf_addch(sb, '\'');
}

const char *
shell_flag_text(const struct flag *flag)
{
	return flag->help ? flag->help : "another name of the flag";
}

void
shell_add_ident(struct strbuf *sb, const char *path)
{
	for (; *path; path++)
		strbuf_addch(sb, text_is_alnum(*path) ? *path : '_');
}
