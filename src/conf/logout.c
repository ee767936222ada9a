/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/logout.c - what this host does to processes of who logged out.
 *
 * man: logind.conf(5), KillUserProcesses, KillOnlyUsers, KillExcludeUsers.
 */
#include "conf/logout.h"

#include <dirent.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/strvec.h"
#include "base/text.h"
#include "base/units.h"

#define LOGOUT_MAX_BYTES (64U << 10)

struct logout {
	bool kills;
	struct strvec only, except; /* users */
};

static void
logout_read_line(struct logout *logout, const char *line)
{
	const char *value;

	line += strspn(line, " \t");
	value = text_after(line, "KillUserProcesses=");
	if (value) {
		logout->kills = !strcmp(value, "yes") || !strcmp(value, "on");
		(void)units_parse_bool(value, &logout->kills, NULL);
	}
	value = text_after(line, "KillOnlyUsers=");
	if (value)
		strvec_split(&logout->only, value, " ");
	value = text_after(line, "KillExcludeUsers=");
	if (value)
		strvec_split(&logout->except, value, " ");
}

static void
logout_read_file(struct logout *logout, const char *path)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	char *line, *rest;

	if (fsx_read_file(AT_FDCWD, path, LOGOUT_MAX_BYTES, &sb, NULL) < 0)
		return;
	rest = sb.buf;
	while ((line = strsep(&rest, "\n")))
		logout_read_line(logout, line);
}

/* Drop-ins in the order of their names. */
static void
logout_read_dir(struct logout *logout, const char *path)
{
	cleanup_closedir DIR *dir = opendir(path);
	cleanup_strvec struct strvec names = STRVEC_INIT;
	struct dirent *ent;

	while (dir && (ent = readdir(dir)))
		if (text_ends(ent->d_name, ".conf"))
			strvec_addf(&names, "%s/%s", path, ent->d_name);
	strvec_sort(&names);
	for (size_t i = 0; i < names.len; i++)
		logout_read_file(logout, names.v[i]);
}

static char *
logout_user_name(uid_t uid)
{
	const struct passwd *entry = getpwuid(uid);

	return entry ? xstrdup(entry->pw_name) : xasprintf("%u", uid);
}

bool
logout_lingers(const char *root, uid_t uid)
{
	cleanup_free char *name = logout_user_name(uid);
	cleanup_free char *path =
		xasprintf("%s/var/lib/systemd/linger/%s", root, name);

	return access(path, F_OK) == 0;
}

bool
logout_kills(const char *root, uid_t uid)
{
	cleanup_free char *running = xasprintf("%s/run/systemd/seats", root);
	cleanup_free char *file = xasprintf("%s/etc/systemd/logind.conf", root);
	cleanup_free char *dir =
		xasprintf("%s/etc/systemd/logind.conf.d", root);
	struct logout logout = { .kills = false };
	bool kills;

	/* Without a logind nobody keeps count of who is there. */
	if (access(running, F_OK) < 0)
		return false;
	logout_read_file(&logout, file);
	logout_read_dir(&logout, dir);
	kills = logout.kills;
	if (kills && (logout.only.len || logout.except.len)) {
		cleanup_free char *name = logout_user_name(uid);

		kills = (!logout.only.len || strvec_has(&logout.only, name)) &&
			!strvec_has(&logout.except, name);
	}
	strvec_release(&logout.only);
	strvec_release(&logout.except);
	return kills && !logout_lingers(root, uid);
}
