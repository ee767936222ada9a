/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/mount_words.c - the comma-separated options of mounts.
 *
 * A row says which member a word sets to what; words of one group say
 * different things about one matter, so only one of them may stand.
 */
#include "spec/mount_words.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "spec/abs_path.h"

enum mount_group {
	GROUP_ACCESS,
	GROUP_LABEL,
	GROUP_COPY,
	GROUP_CHOWN,
	GROUP_OVERLAY,
	GROUP_EXEC,
	GROUP_SUID,
	GROUP_DEV,
	GROUP_DEPTH,
	GROUP_PROPAGATION,
	GROUP_CREATE,
	GROUP_MAC,
	GROUP_SIZE,
	GROUP_MODE,
	GROUP_UID,
	GROUP_GID,
	GROUP_INODES,
	GROUP_UPPER,
	GROUP_WORK,
	GROUP_IDMAP,
	GROUP_MAX,
};

enum mount_field {
	FIELD_BOOL,
	FIELD_ENUM,
	FIELD_NONE,
};

#define V MOUNT_KINDS_VOLUME
#define B MOUNT_KIND_BIT(MOUNT_BIND)
#define T MOUNT_KINDS_MEMORY
#define D MOUNT_KIND_BIT(MOUNT_DEVPTS)
#define N MOUNT_KIND_BIT(MOUNT_VOLUME)
#define I MOUNT_KIND_BIT(MOUNT_IMAGE)
#define G MOUNT_KIND_BIT(MOUNT_GLOB)

#define FLAG(text, group, member, value, kinds)                           \
	{                                                                 \
		text, GROUP_##group, FIELD_BOOL,                          \
			offsetof(struct mount_spec, member), value, kinds \
	}
#define PICK(text, group, member, value, kinds)                           \
	{                                                                 \
		text, GROUP_##group, FIELD_ENUM,                          \
			offsetof(struct mount_spec, member), value, kinds \
	}
#define SPREAD(text, value) \
	PICK(text, PROPAGATION, propagation, MOUNT_PROPAGATION_##value, V | G)

static const struct mount_word {
	const char *word;
	enum mount_group group;
	enum mount_field field;
	size_t offset;
	int value;
	unsigned int kinds;
} mount_words[] = {
	FLAG("O", OVERLAY, overlay, true, V),
	FLAG("U", CHOWN, chown, true, V | T),
	FLAG("bind", DEPTH, recursive, false, V),
	{ "cached", GROUP_MAC, FIELD_NONE, 0, 0, V },
	{ "consistent", GROUP_MAC, FIELD_NONE, 0, 0, V },
	FLAG("copy", COPY, copy_up, true, N),
	{ "delegated", GROUP_MAC, FIELD_NONE, 0, 0, V },
	PICK("dev", DEV, dev, MOUNT_SWITCH_ON, V | T | G),
	PICK("exec", EXEC, exec, MOUNT_SWITCH_ON, V | T | G),
	FLAG("nocopy", COPY, copy_up, false, N),
	FLAG("nocreate", CREATE, create_source, false, V),
	PICK("nodev", DEV, dev, MOUNT_SWITCH_OFF, V | T | G),
	PICK("noexec", EXEC, exec, MOUNT_SWITCH_OFF, V | T | G),
	PICK("nosuid", SUID, suid, MOUNT_SWITCH_OFF, V | T | G),
	FLAG("notmpcopyup", COPY, tmpfs_copy_up, false, T),
	SPREAD("private", PRIVATE),
	FLAG("rbind", DEPTH, recursive, true, V),
	FLAG("ro", ACCESS, readonly, true, V | T | I | G),
	SPREAD("rprivate", RPRIVATE),
	SPREAD("rshared", RSHARED),
	SPREAD("rslave", RSLAVE),
	SPREAD("runbindable", RUNBINDABLE),
	FLAG("rw", ACCESS, readonly, false, V | T | I | G),
	SPREAD("shared", SHARED),
	SPREAD("slave", SLAVE),
	PICK("suid", SUID, suid, MOUNT_SWITCH_ON, V | T | G),
	FLAG("tmpcopyup", COPY, tmpfs_copy_up, true, T),
	SPREAD("unbindable", UNBINDABLE),
	PICK("z", LABEL, relabel, MOUNT_RELABEL_SHARED, V | G),
	PICK("Z", LABEL, relabel, MOUNT_RELABEL_PRIVATE, V | G),
};

static int
mount_set_size(struct mount_spec *spec, const char *value, struct err *err)
{
	size_t len = strlen(value);
	uint64_t percent;

	if (len && value[len - 1] == '%') {
		cleanup_free char *number = xstrndup(value, len - 1);
		int r = units_parse_u64(number, 1, 100, &percent, err);

		if (r >= 0)
			spec->size_percent = (int)percent;
		return r;
	}
	return units_parse_size(value, &spec->size_bytes, err);
}

static int
mount_set_mode(struct mount_spec *spec, const char *value, struct err *err)
{
	unsigned int mode;
	int r = units_parse_mode(value, &mode, err);

	if (r >= 0)
		spec->mode = mode;
	return r;
}

static int
mount_set_uid(struct mount_spec *spec, const char *value, struct err *err)
{
	return units_parse_i64(value, 0, INT32_MAX, &spec->uid, err);
}

static int
mount_set_gid(struct mount_spec *spec, const char *value, struct err *err)
{
	return units_parse_i64(value, 0, INT32_MAX, &spec->gid, err);
}

static int
mount_set_inodes(struct mount_spec *spec, const char *value, struct err *err)
{
	return units_parse_size(value, &spec->nr_inodes, err);
}

static int
mount_set_max(struct mount_spec *spec, const char *value, struct err *err)
{
	return units_parse_i64(value, 1, 1 << 20, &spec->max_ptys, err);
}

static int
mount_set_host_dir(char **member, const char *value, struct err *err)
{
	if (*value != '/')
		return err_set(err, EINVAL, "'%s' is not an absolute path",
			       value);
	*member = abs_path_join("/", value);
	return 0;
}

static int
mount_set_upper(struct mount_spec *spec, const char *value, struct err *err)
{
	return mount_set_host_dir(&spec->upper_dir, value, err);
}

static int
mount_set_work(struct mount_spec *spec, const char *value, struct err *err)
{
	return mount_set_host_dir(&spec->work_dir, value, err);
}

static int
mount_set_idmap(struct mount_spec *spec, const char *value, struct err *err)
{
	spec->idmap = xstrdup(value);
	return 0;
}

static const struct mount_key {
	const char *key;
	enum mount_group group;
	int (*set)(struct mount_spec *, const char *, struct err *);
	bool value_optional;
	unsigned int kinds;
} mount_keys[] = {
	{ "gid", GROUP_GID, mount_set_gid, false, T | D },
	{ "idmap", GROUP_IDMAP, mount_set_idmap, true, V },
	{ "max", GROUP_MAX, mount_set_max, false, D },
	{ "mode", GROUP_MODE, mount_set_mode, false, T | D },
	{ "nr_inodes", GROUP_INODES, mount_set_inodes, false, T },
	{ "size", GROUP_SIZE, mount_set_size, false, T },
	{ "uid", GROUP_UID, mount_set_uid, false, T | D },
	{ "upperdir", GROUP_UPPER, mount_set_upper, false, V },
	{ "workdir", GROUP_WORK, mount_set_work, false, V },
};

static int
mount_words_unknown(const struct mount_spec *spec, const char *word,
		    struct err *err)
{
	const char *names[ARRAY_LEN(mount_words) + ARRAY_LEN(mount_keys) + 1];
	size_t count = 0;
	const char *near;

	for (size_t i = 0; i < ARRAY_LEN(mount_words); i++)
		if (mount_words[i].kinds & MOUNT_KIND_BIT(spec->kind))
			names[count++] = mount_words[i].word;
	for (size_t i = 0; i < ARRAY_LEN(mount_keys); i++)
		if (mount_keys[i].kinds & MOUNT_KIND_BIT(spec->kind))
			names[count++] = mount_keys[i].key;
	names[count] = NULL;
	near = text_nearest(word, names);
	(void)err_set(err, EINVAL, "unknown option '%s'", word);
	if (near)
		err_hint(err, "did you mean '%s'?", near);
	return -EINVAL;
}

/* May this option stand here, and is it the first of its group? */
static int
mount_words_admit(const struct mount_spec *spec, const char *word,
		  unsigned int kinds, enum mount_group group,
		  unsigned int *io_groups, struct err *err)
{
	if (!(kinds & MOUNT_KIND_BIT(spec->kind)))
		return err_set(err, EINVAL, "option '%s' is not for a %s mount",
			       word, mount_kind_name(spec->kind));
	if (*io_groups & (1U << group))
		return err_set(err, EINVAL,
			       "option '%s' repeats or contradicts another",
			       word);
	*io_groups |= 1U << group;
	return 0;
}

static int
mount_words_apply_key(struct mount_spec *spec, const struct mount_key *key,
		      const char *value, unsigned int *io_groups,
		      struct err *err)
{
	int r = mount_words_admit(spec, key->key, key->kinds, key->group,
				  io_groups, err);

	if (r < 0)
		return r;
	if (!key->value_optional && (!value || !*value))
		return err_set(err, EINVAL, "option '%s' has no value",
			       key->key);
	r = key->set(spec, value ?: "", err);
	return r < 0 ? err_wrap(err, r, "option '%s'", key->key) : 0;
}

int
mount_words_apply(struct mount_spec *spec, const char *word,
		  unsigned int *io_groups, struct err *err)
{
	const char *equals = strchr(word, '=');
	struct span name = span_new(word, strcspn(word, "="));

	for (size_t i = 0; i < ARRAY_LEN(mount_keys); i++)
		if (span_is(name, mount_keys[i].key))
			return mount_words_apply_key(spec, &mount_keys[i],
						     equals ? equals + 1 : NULL,
						     io_groups, err);
	for (size_t i = 0; i < ARRAY_LEN(mount_words); i++) {
		const struct mount_word *row = &mount_words[i];
		char *member = (char *)spec + row->offset;
		int r;

		if (strcmp(row->word, word) != 0)
			continue;
		r = mount_words_admit(spec, word, row->kinds, row->group,
				      io_groups, err);
		if (r < 0)
			return r;
		if (row->field == FIELD_BOOL)
			*(bool *)member = row->value;
		else if (row->field == FIELD_ENUM)
			(void)memcpy(member, &row->value, sizeof(row->value));
		return 0;
	}
	return mount_words_unknown(spec, word, err);
}

int
mount_words_apply_all(struct mount_spec *spec, const char *words,
		      struct err *err)
{
	struct span rest = span_of(words), word;
	unsigned int groups = 0;

	while (span_next(&rest, ',', &word)) {
		cleanup_free char *text = span_dup(word);
		int r;

		if (!*text)
			return err_set(err, EINVAL, "empty option in '%s'",
				       words);
		r = mount_words_apply(spec, text, &groups, err);
		if (r < 0)
			return r;
	}
	return 0;
}
