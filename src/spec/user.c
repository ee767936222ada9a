/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/user.c - NAME|UID[:GROUP|GID], resolved by ourselves (rule R4).
 *
 * The files come from an image: a line that is not as passwd(5) or group(5)
 * say is passed over, a number out of range never becomes another number.
 */
#include "spec/user.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/text.h"

#define USER_ID_MAX INT32_MAX

enum {
	PASSWD_NAME,
	PASSWD_PASSWORD,
	PASSWD_UID,
	PASSWD_GID,
	PASSWD_GECOS,
	PASSWD_HOME,
	PASSWD_SHELL,
	PASSWD_COUNT,
};

enum {
	GROUP_NAME,
	GROUP_PASSWORD,
	GROUP_GID,
	GROUP_MEMBERS,
	GROUP_COUNT,
};

static bool
user_is_number(struct span a)
{
	for (size_t i = 0; i < a.len; i++)
		if (!text_is_digit(a.ptr[i]))
			return false;
	return a.len > 0;
}

/* Digits to a number; false beyond USER_ID_MAX. */
static bool
user_parse_id(struct span a, uint32_t *ret_id)
{
	uint64_t id = 0;

	if (!user_is_number(a))
		return false;
	for (size_t i = 0; i < a.len; i++) {
		id = 10 * id + (uint64_t)(a.ptr[i] - '0');
		if (id > USER_ID_MAX)
			return false;
	}
	*ret_id = (uint32_t)id;
	return true;
}

static int
user_complain_range(struct span a, const char *what, struct err *err)
{
	return err_set(err, ERANGE, "%s '%.*s' is not in 0-%d", what,
		       (int)(a.len < 40 ? a.len : 40), a.ptr, USER_ID_MAX);
}

/* Cut a line at its colons. Returns how many fields were filled. */
static size_t
user_cut_line(struct span line, struct span *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = i + 1 < count ? span_find(line, ':') : line.len;

		fields[i] = span_new(line.ptr, at);
		if (at == line.len)
			return i + 1;
		line = span_skip(line, at + 1);
	}
	return count;
}

struct user_entry {
	struct span name, home;
	uint32_t uid, gid;
};

/*
 * The first passwd line with this name, or with this number when @name is
 * NULL.
 */
static bool
user_find_passwd(struct span passwd, const struct span *name, uint32_t uid,
		 struct user_entry *ret_entry)
{
	struct span line;

	while (span_next(&passwd, '\n', &line)) {
		struct span f[PASSWD_COUNT] = { 0 };
		struct user_entry entry;

		if (user_cut_line(line, f, PASSWD_COUNT) < PASSWD_GID + 1 ||
		    !f[PASSWD_NAME].len ||
		    !user_parse_id(f[PASSWD_UID], &entry.uid) ||
		    !user_parse_id(f[PASSWD_GID], &entry.gid))
			continue;
		entry.name = f[PASSWD_NAME];
		entry.home = f[PASSWD_HOME];
		if (name ? !span_eq(entry.name, *name) : entry.uid != uid)
			continue;
		*ret_entry = entry;
		return true;
	}
	return false;
}

/* The next well-formed group line; false at the end. */
static bool
user_next_group(struct span *group, struct span *ret_name, uint32_t *ret_gid,
		struct span *ret_members)
{
	struct span line;

	while (span_next(group, '\n', &line)) {
		struct span f[GROUP_COUNT] = { 0 };

		if (user_cut_line(line, f, GROUP_COUNT) < GROUP_GID + 1 ||
		    !f[GROUP_NAME].len || !user_parse_id(f[GROUP_GID], ret_gid))
			continue;
		*ret_name = f[GROUP_NAME];
		*ret_members = f[GROUP_MEMBERS];
		return true;
	}
	return false;
}

/* A group by number or by its name in the file. */
static int
user_find_group(struct span want, struct span group, uint32_t *ret_gid,
		struct err *err)
{
	struct span name, members;
	uint32_t gid;

	if (user_is_number(want))
		return user_parse_id(want, ret_gid)
			       ? 0
			       : user_complain_range(want, "group id", err);
	while (user_next_group(&group, &name, &gid, &members)) {
		if (!span_eq(name, want))
			continue;
		*ret_gid = gid;
		return 0;
	}
	(void)err_set(err, ENOENT, "unable to find group '%.*s'",
		      (int)(want.len < 80 ? want.len : 80), want.ptr);
	err_hint(err, "the image's /etc/group has no such name, give a number");
	return -ENOENT;
}

static int
user_add_group(struct user *user, gid_t gid, struct err *err)
{
	for (size_t i = 0; i < user->group_count; i++)
		if (user->groups[i] == gid)
			return 0;
	if (user->group_count == USER_MAX_GROUPS)
		return err_set(err, EINVAL, "user has more than %d groups",
			       USER_MAX_GROUPS);
	user->groups[user->group_count++] = gid;
	return 0;
}

/* The groups of the file that list the user. */
static int
user_add_memberships(struct user *user, struct span group, struct err *err)
{
	struct span want = span_of(user->name);
	struct span name, members, member;
	uint32_t gid;

	while (user_next_group(&group, &name, &gid, &members)) {
		while (span_next(&members, ',', &member)) {
			int r;

			if (!span_eq(span_trim(member), want))
				continue;
			r = user_add_group(user, gid, err);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

static int
user_find(struct span want, struct span passwd, struct user *user,
	  struct err *err)
{
	struct user_entry entry = { .uid = 0 };
	bool is_number = !want.len || user_is_number(want);
	bool found;

	if (want.len && is_number && !user_parse_id(want, &entry.uid))
		return user_complain_range(want, "user id", err);
	user->uid = entry.uid;
	found = user_find_passwd(passwd, is_number ? NULL : &want, entry.uid,
				 &entry);
	if (!found && !is_number) {
		(void)err_set(err, ENOENT, "unable to find user '%.*s'",
			      (int)(want.len < 80 ? want.len : 80), want.ptr);
		err_hint(
			err,
			"the image's /etc/passwd has no such name, give a number");
		return -ENOENT;
	}
	if (!found)
		return 0;
	user->uid = entry.uid;
	user->gid = entry.gid;
	user->name = span_dup(entry.name);
	if (entry.home.len && *entry.home.ptr == '/')
		user->home = span_dup(entry.home);
	return 0;
}

static int
user_fill(const char *spec, struct span passwd, struct span group,
	  const struct strvec *group_add, struct user *user, struct err *err)
{
	struct span all = span_of(spec);
	struct span name = span_new(spec, span_find(all, ':'));
	struct span rest = span_skip(all, name.len);
	bool has_group = rest.len > 1;
	uint32_t gid;
	int r;

	r = user_find(name, passwd, user, err);
	if (r >= 0 && has_group) {
		r = user_find_group(span_skip(rest, 1), group, &gid, err);
		if (r >= 0)
			user->gid = gid;
	}
	if (r < 0)
		return r;
	user->groups = xcalloc(USER_MAX_GROUPS, sizeof(*user->groups));
	r = user_add_group(user, user->gid, err);
	if (r >= 0 && !has_group && user->name)
		r = user_add_memberships(user, group, err);
	for (size_t i = 0; r >= 0 && group_add && i < group_add->len; i++) {
		r = user_find_group(span_of(group_add->v[i]), group, &gid, err);
		if (r >= 0)
			r = user_add_group(user, gid, err);
	}
	return r;
}

int
user_resolve(const char *spec, struct span passwd, struct span group,
	     const struct strvec *group_add, struct user *ret_user,
	     struct err *err)
{
	struct user user = { .uid = 0 };
	int r;

	if (passwd.len > USER_FILE_MAX_BYTES || group.len > USER_FILE_MAX_BYTES)
		return err_set(
			err, EINVAL,
			"the image's user files are larger than %u bytes",
			USER_FILE_MAX_BYTES);
	r = user_fill(spec, passwd, group, group_add, &user, err);
	if (r < 0) {
		user_release(&user);
		return r;
	}
	if (!user.home)
		user.home = xstrdup("/");
	*ret_user = user;
	return 0;
}

void
user_release(struct user *user)
{
	free(user->groups);
	free(user->name);
	free(user->home);
	*user = (struct user){ .uid = 0 };
}
