/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/caps_spec.c - capability names and the set a container gets.
 */
#include "spec/caps_spec.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

#define CAPS_SPEC_WORD_BYTES 32

static const char *const caps_names[] = {
	[CAP_CHOWN] = "CAP_CHOWN",
	[CAP_DAC_OVERRIDE] = "CAP_DAC_OVERRIDE",
	[CAP_DAC_READ_SEARCH] = "CAP_DAC_READ_SEARCH",
	[CAP_FOWNER] = "CAP_FOWNER",
	[CAP_FSETID] = "CAP_FSETID",
	[CAP_KILL] = "CAP_KILL",
	[CAP_SETGID] = "CAP_SETGID",
	[CAP_SETUID] = "CAP_SETUID",
	[CAP_SETPCAP] = "CAP_SETPCAP",
	[CAP_LINUX_IMMUTABLE] = "CAP_LINUX_IMMUTABLE",
	[CAP_NET_BIND_SERVICE] = "CAP_NET_BIND_SERVICE",
	[CAP_NET_BROADCAST] = "CAP_NET_BROADCAST",
	[CAP_NET_ADMIN] = "CAP_NET_ADMIN",
	[CAP_NET_RAW] = "CAP_NET_RAW",
	[CAP_IPC_LOCK] = "CAP_IPC_LOCK",
	[CAP_IPC_OWNER] = "CAP_IPC_OWNER",
	[CAP_SYS_MODULE] = "CAP_SYS_MODULE",
	[CAP_SYS_RAWIO] = "CAP_SYS_RAWIO",
	[CAP_SYS_CHROOT] = "CAP_SYS_CHROOT",
	[CAP_SYS_PTRACE] = "CAP_SYS_PTRACE",
	[CAP_SYS_PACCT] = "CAP_SYS_PACCT",
	[CAP_SYS_ADMIN] = "CAP_SYS_ADMIN",
	[CAP_SYS_BOOT] = "CAP_SYS_BOOT",
	[CAP_SYS_NICE] = "CAP_SYS_NICE",
	[CAP_SYS_RESOURCE] = "CAP_SYS_RESOURCE",
	[CAP_SYS_TIME] = "CAP_SYS_TIME",
	[CAP_SYS_TTY_CONFIG] = "CAP_SYS_TTY_CONFIG",
	[CAP_MKNOD] = "CAP_MKNOD",
	[CAP_LEASE] = "CAP_LEASE",
	[CAP_AUDIT_WRITE] = "CAP_AUDIT_WRITE",
	[CAP_AUDIT_CONTROL] = "CAP_AUDIT_CONTROL",
	[CAP_SETFCAP] = "CAP_SETFCAP",
	[CAP_MAC_OVERRIDE] = "CAP_MAC_OVERRIDE",
	[CAP_MAC_ADMIN] = "CAP_MAC_ADMIN",
	[CAP_SYSLOG] = "CAP_SYSLOG",
	[CAP_WAKE_ALARM] = "CAP_WAKE_ALARM",
	[CAP_BLOCK_SUSPEND] = "CAP_BLOCK_SUSPEND",
	[CAP_AUDIT_READ] = "CAP_AUDIT_READ",
	/* Younger than some kernel headers: numbers, not names. */
	[38] = "CAP_PERFMON",
	[39] = "CAP_BPF",
	[40] = "CAP_CHECKPOINT_RESTORE",
	[CAPS_SPEC_COUNT] = NULL,
};

#define CAPS_BIT(name) (UINT64_C(1) << (name))

const uint64_t caps_spec_default =
	CAPS_BIT(CAP_AUDIT_WRITE) | CAPS_BIT(CAP_CHOWN) |
	CAPS_BIT(CAP_DAC_OVERRIDE) | CAPS_BIT(CAP_FOWNER) |
	CAPS_BIT(CAP_FSETID) | CAPS_BIT(CAP_KILL) | CAPS_BIT(CAP_MKNOD) |
	CAPS_BIT(CAP_NET_BIND_SERVICE) | CAPS_BIT(CAP_NET_RAW) |
	CAPS_BIT(CAP_SETFCAP) | CAPS_BIT(CAP_SETGID) | CAPS_BIT(CAP_SETPCAP) |
	CAPS_BIT(CAP_SETUID) | CAPS_BIT(CAP_SYS_CHROOT);

const char *
caps_spec_name(int cap)
{
	return cap >= 0 && cap < CAPS_SPEC_COUNT ? caps_names[cap] : NULL;
}

/* "chown" → "CAP_CHOWN"; cut when it is longer than any name. */
static void
caps_normalise(const char *name, char ret_full[CAPS_SPEC_WORD_BYTES])
{
	(void)snprintf(ret_full, CAPS_SPEC_WORD_BYTES, "%s%s",
		       strncasecmp(name, "CAP_", 4) ? "CAP_" : "", name);
	for (char *p = ret_full; *p; p++)
		if (text_is_lower(*p))
			*p = (char)(*p - 'a' + 'A');
}

int
caps_spec_parse(const char *name, int *ret_cap, struct err *err)
{
	char full[CAPS_SPEC_WORD_BYTES];
	const char *near;

	caps_normalise(name, full);
	for (int i = 0; i < CAPS_SPEC_COUNT; i++) {
		if (strcmp(full, caps_names[i]) != 0)
			continue;
		*ret_cap = i;
		return 0;
	}
	near = text_nearest(full, caps_names);
	(void)err_set(err, EINVAL, "unknown capability '%s'", name);
	if (near)
		err_hint(err, "did you mean '%s'?", near + strlen("CAP_"));
	else
		err_hint(err,
			 "a name as NET_ADMIN, or ALL; see capabilities(7)");
	return -EINVAL;
}

/* Comma lists to a set; ALL is told apart. */
static int
caps_read_list(const struct strvec *list, uint64_t *ret_set, bool *ret_all,
	       struct err *err)
{
	cleanup_strvec struct strvec words = STRVEC_INIT;
	uint64_t set = 0;
	bool all = false;

	for (size_t i = 0; list && i < list->len; i++)
		strvec_split(&words, list->v[i], ", ");
	for (size_t i = 0; i < words.len; i++) {
		int cap = 0;
		int r;

		if (!strcasecmp(words.v[i], "ALL") ||
		    !strcasecmp(words.v[i], "CAP_ALL")) {
			all = true;
			continue;
		}
		r = caps_spec_parse(words.v[i], &cap, err);
		if (r < 0)
			return r;
		set |= CAPS_BIT(cap);
	}
	*ret_set = set;
	*ret_all = all;
	return 0;
}

int
caps_spec_resolve(uint64_t base, const struct strvec *add,
		  const struct strvec *drop, uint64_t *ret_set, struct err *err)
{
	bool add_all, drop_all;
	uint64_t added, dropped;
	int r;

	r = caps_read_list(add, &added, &add_all, err);
	if (r >= 0)
		r = caps_read_list(drop, &dropped, &drop_all, err);
	if (r < 0)
		return r;
	if (add_all)
		*ret_set = CAPS_SPEC_ALL & ~dropped;
	else if (drop_all)
		*ret_set = added;
	else
		*ret_set = (base & ~dropped) | added;
	return 0;
}

void
caps_spec_list(uint64_t set, struct strvec *names)
{
	for (int i = 0; i < CAPS_SPEC_COUNT; i++)
		if (set & CAPS_BIT(i))
			strvec_add(names, caps_names[i]);
}
