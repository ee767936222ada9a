/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_mount.c - RUN --mount=…
 */
#include "dockerfile/df_mount.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strvec.h"
#include "base/text.h"
#include "base/units.h"
#include "spec/abs_path.h"
#include "spec/choice.h"
#include "spec/csv.h"

#define DF_MOUNT_BIT(kind) (1U << DF_MOUNT_##kind)
#define DF_MOUNT_ALL ((1U << DF_MOUNT_KIND_COUNT) - 1)
#define DF_MOUNT_OWNED \
	(DF_MOUNT_BIT(CACHE) | DF_MOUNT_BIT(SECRET) | DF_MOUNT_BIT(SSH))
#define DF_MOUNT_ASKED (DF_MOUNT_BIT(SECRET) | DF_MOUNT_BIT(SSH))

static const char *const df_mount_kinds[] = { "bind", "cache", "secret",
					      "ssh",  "tmpfs", NULL };
static const char *const df_mount_sharings[] = { "shared", "private", "locked",
						 NULL };

_Static_assert(ARRAY_LEN(df_mount_kinds) == DF_MOUNT_KIND_COUNT + 1,
	       "every kind has its name");
_Static_assert(ARRAY_LEN(df_mount_sharings) == DF_MOUNT_SHARING_COUNT + 1,
	       "every way of sharing has its name");

enum df_mount_key {
	DF_KEY_DESTINATION,
	DF_KEY_DST,
	DF_KEY_ENV,
	DF_KEY_FROM,
	DF_KEY_GID,
	DF_KEY_ID,
	DF_KEY_MODE,
	DF_KEY_READONLY,
	DF_KEY_READWRITE,
	DF_KEY_REQUIRED,
	DF_KEY_RO,
	DF_KEY_RW,
	DF_KEY_SHARING,
	DF_KEY_SIZE,
	DF_KEY_SOURCE,
	DF_KEY_SRC,
	DF_KEY_TARGET,
	DF_KEY_TYPE,
	DF_KEY_UID,
	DF_KEY_COUNT,
};

static const char *const df_mount_keys[] = {
	"destination", "dst",    "env",      "from",      "gid",
	"id",          "mode",   "readonly", "readwrite", "required",
	"ro",          "rw",     "sharing",  "size",      "source",
	"src",         "target", "type",     "uid",       NULL,
};

_Static_assert(ARRAY_LEN(df_mount_keys) == DF_KEY_COUNT + 1,
	       "every key has its name");

/* Which kinds take a key. */
static const unsigned int df_mount_key_kinds[DF_KEY_COUNT] = {
	[DF_KEY_DESTINATION] = DF_MOUNT_ALL,
	[DF_KEY_DST] = DF_MOUNT_ALL,
	[DF_KEY_ENV] = DF_MOUNT_BIT(SECRET),
	[DF_KEY_FROM] = DF_MOUNT_BIT(BIND) | DF_MOUNT_BIT(CACHE),
	[DF_KEY_GID] = DF_MOUNT_OWNED,
	[DF_KEY_ID] = DF_MOUNT_OWNED,
	[DF_KEY_MODE] = DF_MOUNT_OWNED,
	[DF_KEY_READONLY] = DF_MOUNT_ALL,
	[DF_KEY_READWRITE] = DF_MOUNT_ALL,
	[DF_KEY_REQUIRED] = DF_MOUNT_ASKED,
	[DF_KEY_RO] = DF_MOUNT_ALL,
	[DF_KEY_RW] = DF_MOUNT_ALL,
	[DF_KEY_SHARING] = DF_MOUNT_BIT(CACHE),
	[DF_KEY_SIZE] = DF_MOUNT_BIT(TMPFS),
	[DF_KEY_SOURCE] =
		DF_MOUNT_BIT(BIND) | DF_MOUNT_BIT(CACHE) | DF_MOUNT_BIT(SECRET),
	[DF_KEY_SRC] =
		DF_MOUNT_BIT(BIND) | DF_MOUNT_BIT(CACHE) | DF_MOUNT_BIT(SECRET),
	[DF_KEY_TARGET] = DF_MOUNT_ALL,
	[DF_KEY_TYPE] = DF_MOUNT_ALL,
	[DF_KEY_UID] = DF_MOUNT_OWNED,
};

struct df_mount_read {
	char *(*expand)(void *arg, const char *value);
	void *arg;
	struct df_mount *mount;
	bool readonly_said;
	struct err *err;
};

void
df_mount_release(struct df_mount *mount)
{
	free(mount->from);
	free(mount->source);
	free(mount->target);
	free(mount->id);
	free(mount->env);
	*mount = (struct df_mount){ 0 };
}

/* One of @names, in capitals or not. */
static int
df_mount_choose(struct df_mount_read *run, const char *what, const char *word,
		const char *const *names)
{
	cleanup_free char *lower = xstrdup(word);

	for (char *p = lower; *p; p++)
		if (text_is_upper(*p))
			*p = (char)(*p - 'A' + 'a');
	return choice_find(what, lower, names, run->err);
}

/* "KEY=value" or "KEY": the key's number, the value or NULL. */
static int
df_mount_cut(struct df_mount_read *run, char *field, char **ret_value)
{
	*ret_value = csv_cut_value(field);
	return df_mount_choose(run, "key", field, df_mount_keys);
}

/* Which key is a switch, that may stand without a value? */
static bool
df_mount_key_is_bool(int key)
{
	return key == DF_KEY_READONLY || key == DF_KEY_RO ||
	       key == DF_KEY_READWRITE || key == DF_KEY_RW ||
	       key == DF_KEY_REQUIRED;
}

static void
df_mount_set_str(char **slot, const char *value)
{
	free(*slot);
	*slot = *value ? xstrdup(value) : NULL;
}

static int
df_mount_set_bool(struct df_mount_read *run, int key, const char *value)
{
	bool on = true;
	int r = value ? units_parse_bool(value, &on, run->err) : 0;

	if (r < 0)
		return r;
	if (key == DF_KEY_REQUIRED) {
		run->mount->required = on;
		return 0;
	}
	run->mount->readonly =
		(key == DF_KEY_READONLY || key == DF_KEY_RO) == on;
	run->readonly_said = true;
	return 0;
}

static int
df_mount_set_mode(struct df_mount_read *run, const char *value)
{
	unsigned int mode;
	int r = units_parse_mode(value, &mode, run->err);

	if (r == 0)
		run->mount->mode = (int)mode;
	return r;
}

static int
df_mount_set_id(struct df_mount_read *run, int64_t *slot, const char *value)
{
	return units_parse_i64(value, 0, INT32_MAX, slot, run->err);
}

static int
df_mount_set_sharing(struct df_mount_read *run, const char *value)
{
	int at = df_mount_choose(run, "sharing", value, df_mount_sharings);

	if (at < 0)
		return at;
	run->mount->sharing = (enum df_mount_sharing)at;
	return 0;
}

static int
df_mount_set(struct df_mount_read *run, int key, const char *value)
{
	struct df_mount *mount = run->mount;

	switch (key) {
	case DF_KEY_DESTINATION:
	case DF_KEY_DST:
	case DF_KEY_TARGET:
		df_mount_set_str(&mount->target, value);
		return 0;
	case DF_KEY_ENV:
		df_mount_set_str(&mount->env, value);
		return 0;
	case DF_KEY_FROM:
		df_mount_set_str(&mount->from, value);
		return 0;
	case DF_KEY_ID:
		df_mount_set_str(&mount->id, value);
		return 0;
	case DF_KEY_SOURCE:
	case DF_KEY_SRC:
		df_mount_set_str(&mount->source, value);
		return 0;
	case DF_KEY_UID:
		return df_mount_set_id(run, &mount->uid, value);
	case DF_KEY_GID:
		return df_mount_set_id(run, &mount->gid, value);
	case DF_KEY_MODE:
		return df_mount_set_mode(run, value);
	case DF_KEY_SHARING:
		return df_mount_set_sharing(run, value);
	case DF_KEY_SIZE:
		return units_parse_size(value, &mount->size_bytes, run->err);
	default:
		return df_mount_set_bool(run, key, value);
	}
}

static int
df_mount_apply(struct df_mount_read *run, const char *text)
{
	cleanup_free char *field = xstrdup(text);
	cleanup_free char *words = NULL;
	char *value;
	int key = df_mount_cut(run, field, &value);

	if (key < 0)
		return key;
	if (!value && !df_mount_key_is_bool(key))
		return err_set(run->err, EINVAL,
			       "'%s' must be a key=value pair", text);
	if (key == DF_KEY_TYPE)
		return 0;
	if (!(df_mount_key_kinds[key] & 1U << run->mount->kind))
		return err_set(run->err, EINVAL,
			       "'%s' is not for mounts of type %s", field,
			       df_mount_kinds[run->mount->kind]);
	if (value && key == DF_KEY_FROM && strchr(value, '$'))
		return err_set(
			run->err, EINVAL,
			"'from' does not support variable expansion, define a stage with that image instead");
	if (value && key != DF_KEY_FROM) {
		words = run->expand(run->arg, value);
		if (!words)
			return -EINVAL;
	}
	return df_mount_set(run, key, words ?: value);
}

/* The type is known before the other keys are judged. */
static int
df_mount_find_kind(struct df_mount_read *run, const struct strvec *fields)
{
	for (size_t i = 0; i < fields->len; i++) {
		cleanup_free char *field = xstrdup(fields->v[i]);
		cleanup_free char *words = NULL;
		char *value;
		int kind, key = df_mount_cut(run, field, &value);

		if (key < 0)
			return key;
		if (key != DF_KEY_TYPE || !value)
			continue;
		words = run->expand(run->arg, value);
		if (!words)
			return -EINVAL;
		kind = df_mount_choose(run, "mount type", words,
				       df_mount_kinds);
		if (kind < 0)
			return kind;
		run->mount->kind = (enum df_mount_kind)kind;
	}
	return 0;
}

static const char *
df_mount_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static int
df_mount_finish_secret(struct df_mount *mount, struct err *err)
{
	if (mount->source && mount->id)
		return err_set(err, EINVAL,
			       "'source' and 'id' are the same thing");
	if (!mount->id)
		mount->id = take_ptr(mount->source);
	if (!mount->id && !mount->target)
		return err_set(err, EINVAL,
			       "a secret needs 'id', 'source' or 'target'");
	if (!mount->id)
		mount->id = xstrdup(df_mount_base_name(mount->target));
	if (!mount->target && !mount->env)
		mount->target = xasprintf("/run/secrets/%s",
					  df_mount_base_name(mount->id));
	return 0;
}

static int
df_mount_finish(struct df_mount_read *run)
{
	static const int modes[DF_MOUNT_KIND_COUNT] = {
		[DF_MOUNT_CACHE] = 0755,
		[DF_MOUNT_SECRET] = 0400,
		[DF_MOUNT_SSH] = 0600,
	};
	struct df_mount *mount = run->mount;
	cleanup_free char *clean =
		abs_path_join("/", mount->target ? mount->target : "/");

	if (mount->target && !strcmp(clean, "/"))
		return err_set(run->err, EINVAL,
			       "the target of a mount cannot be '/'");
	if (!run->readonly_said)
		mount->readonly = mount->kind != DF_MOUNT_CACHE &&
				  mount->kind != DF_MOUNT_TMPFS;
	if (mount->mode < 0)
		mount->mode = modes[mount->kind];
	if (mount->kind == DF_MOUNT_SECRET)
		return df_mount_finish_secret(mount, run->err);
	if (mount->kind == DF_MOUNT_SSH) {
		mount->id = mount->id ?: xstrdup("default");
		return 0;
	}
	if (!mount->target)
		return err_set(run->err, EINVAL, "'target' is missing");
	if (mount->kind == DF_MOUNT_CACHE && !mount->id &&
	    *mount->target == '/')
		mount->id = take_ptr(clean);
	return 0;
}

int
df_mount_parse(const char *text, char *(*expand)(void *arg, const char *value),
	       void *arg, struct df_mount *ret_mount, struct err *err)
{
	cleanup_strvec struct strvec fields = STRVEC_INIT;
	struct df_mount mount = { .mode = -1 };
	struct df_mount_read run = {
		.expand = expand, .arg = arg, .mount = &mount, .err = err
	};
	int r = csv_split(text, &fields, err);

	if (r == 0)
		r = df_mount_find_kind(&run, &fields);
	for (size_t i = 0; r == 0 && i < fields.len; i++)
		r = df_mount_apply(&run, fields.v[i]);
	if (r == 0)
		r = df_mount_finish(&run);
	if (r < 0) {
		df_mount_release(&mount);
		return r;
	}
	*ret_mount = mount;
	return 0;
}
