/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/mount_csv.c - --mount: key=value fields between commas.
 *
 * The kind may stand anywhere, so the fields are cut first, the kind is
 * found, and only then is every key read with its kind known.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "spec/abs_path.h"
#include "spec/choice.h"
#include "spec/csv.h"
#include "spec/mount_words.h"

/* State of one --mount while its keys are read. */
struct mount_csv {
	struct mount_spec *spec;
	unsigned int groups; /* of mount_words_apply() */
	uint64_t seen;       /* keys, by their row */
};

static int
mount_csv_take(char **member, const char *value)
{
	free(*member);
	*member = xstrdup(value);
	return 0;
}

static int
mount_csv_source(struct mount_csv *csv, const char *value, struct err *err)
{
	return mount_csv_take(&csv->spec->source, value);
}

static int
mount_csv_target(struct mount_csv *csv, const char *value, struct err *err)
{
	return mount_spec_set_target(csv->spec, value, err);
}

static int
mount_csv_consistency(struct mount_csv *csv, const char *value, struct err *err)
{
	static const char *const names[] = { "default", "consistent", "cached",
					     "delegated", NULL };
	int at = choice_find("consistency", value, names, err);

	return at < 0 ? at : 0;
}

static int
mount_csv_propagation(struct mount_csv *csv, const char *value, struct err *err)
{
	int at = choice_find("propagation", value, mount_propagation_names + 1,
			     err);

	if (at < 0)
		return at;
	csv->spec->propagation = (enum mount_propagation)(at + 1);
	return 0;
}

static int
mount_csv_recursive(struct mount_csv *csv, const char *value, struct err *err)
{
	static const char *const names[] = { "enabled", "disabled", "writable",
					     "readonly", NULL };
	static const enum mount_ro_depth depths[] = {
		MOUNT_RO_WHERE_POSSIBLE,
		MOUNT_RO_WHERE_POSSIBLE,
		MOUNT_RO_TOP,
		MOUNT_RO_FORCED,
	};
	int at = choice_find("value", value, names, err);

	if (at < 0)
		return at;
	csv->spec->recursive = at != 1;
	csv->spec->ro_depth = depths[at];
	return 0;
}

static int
mount_csv_nonrecursive(struct mount_csv *csv, const char *value,
		       struct err *err)
{
	(void)err_set(err, EINVAL, "bind-nonrecursive is gone");
	err_hint(err, "write bind-recursive=disabled");
	return -EINVAL;
}

static int
mount_csv_bool(const char *value, bool *member, struct err *err)
{
	*member = true;
	return value ? units_parse_bool(value, member, err) : 0;
}

static int
mount_csv_create(struct mount_csv *csv, const char *value, struct err *err)
{
	return mount_csv_bool(value, &csv->spec->create_source, err);
}

static int
mount_csv_chown(struct mount_csv *csv, const char *value, struct err *err)
{
	return mount_csv_bool(value, &csv->spec->chown, err);
}

static int
mount_csv_no_dereference(struct mount_csv *csv, const char *value,
			 struct err *err)
{
	return mount_csv_bool(value, &csv->spec->no_dereference, err);
}

static int
mount_csv_nocopy(struct mount_csv *csv, const char *value, struct err *err)
{
	bool nocopy = true;
	int r = value ? units_parse_bool(value, &nocopy, err) : 0;

	csv->spec->copy_up = !nocopy;
	return r;
}

static int
mount_csv_subpath(struct mount_csv *csv, const char *value, struct err *err)
{
	return mount_csv_take(&csv->spec->subpath, value);
}

static int
mount_csv_label(struct mount_csv *csv, const char *value, struct err *err)
{
	strvec_addf(&csv->spec->volume_labels, "%s%s", value,
		    strchr(value, '=') ? "" : "=");
	return 0;
}

static int
mount_csv_driver(struct mount_csv *csv, const char *value, struct err *err)
{
	return mount_csv_take(&csv->spec->volume_driver, value);
}

static int
mount_csv_opt(struct mount_csv *csv, const char *value, struct err *err)
{
	if (*value == '=' || !strchr(value, '='))
		return err_set(err, EINVAL, "'%s' is not KEY=VALUE", value);
	strvec_add(&csv->spec->volume_opts, value);
	return 0;
}

static int
mount_csv_relabel(struct mount_csv *csv, const char *value, struct err *err)
{
	static const char *const names[] = { "shared", "private", NULL };
	int at = choice_find("value", value, names, err);

	if (at < 0)
		return at;
	csv->spec->relabel = at ? MOUNT_RELABEL_PRIVATE : MOUNT_RELABEL_SHARED;
	return 0;
}

/* Hand "word" or "key=value" to the options of -v and --tmpfs. */
static int
mount_csv_word(struct mount_csv *csv, const char *word, const char *value,
	       struct err *err)
{
	cleanup_free char *text =
		value ? xasprintf("%s=%s", word, value) : xstrdup(word);

	return mount_words_apply(csv->spec, text, &csv->groups, err);
}

/* ro, ro=false, rw and rw=false exclude each other as after -v. */
static int
mount_csv_access(struct mount_csv *csv, const char *value, bool readonly,
		 struct err *err)
{
	bool yes = true;
	int r = value ? units_parse_bool(value, &yes, err) : 0;

	return r < 0 ? r
		     : mount_csv_word(csv, yes == readonly ? "ro" : "rw", NULL,
				      err);
}

static int
mount_csv_readonly(struct mount_csv *csv, const char *value, struct err *err)
{
	return mount_csv_access(csv, value, true, err);
}

static int
mount_csv_readwrite(struct mount_csv *csv, const char *value, struct err *err)
{
	return mount_csv_access(csv, value, false, err);
}

static int
mount_csv_size(struct mount_csv *csv, const char *value, struct err *err)
{
	return mount_csv_word(csv, "size", value, err);
}

static int
mount_csv_mode(struct mount_csv *csv, const char *value, struct err *err)
{
	return mount_csv_word(csv, "mode", value, err);
}

#define B MOUNT_KIND_BIT(MOUNT_BIND)
#define V MOUNT_KIND_BIT(MOUNT_VOLUME)
#define T MOUNT_KIND_BIT(MOUNT_TMPFS)
#define I MOUNT_KIND_BIT(MOUNT_IMAGE)
#define G MOUNT_KIND_BIT(MOUNT_GLOB)
#define M MOUNT_KINDS_MEMORY
#define ALL MOUNT_KINDS_ALL

enum mount_csv_value {
	VALUE_NEEDED,
	VALUE_OPTIONAL,
};

static const struct mount_csv_key {
	const char *key;
	int (*set)(struct mount_csv *, const char *, struct err *);
	enum mount_csv_value value;
	bool repeats;
	unsigned int kinds;
} mount_csv_keys[] = {
	{ "source", mount_csv_source, VALUE_NEEDED, false, B | V | I | G },
	{ "target", mount_csv_target, VALUE_NEEDED, false, ALL },
	{ "readonly", mount_csv_readonly, VALUE_OPTIONAL, false, ALL },
	{ "readwrite", mount_csv_readwrite, VALUE_OPTIONAL, false, ALL },
	{ "consistency", mount_csv_consistency, VALUE_NEEDED, false, ALL },
	{ "bind-propagation", mount_csv_propagation, VALUE_NEEDED, false,
	  B | G },
	{ "bind-recursive", mount_csv_recursive, VALUE_NEEDED, false, B },
	{ "bind-nonrecursive", mount_csv_nonrecursive, VALUE_OPTIONAL, false,
	  ALL },
	{ "bind-create-src", mount_csv_create, VALUE_OPTIONAL, false, B },
	{ "chown", mount_csv_chown, VALUE_OPTIONAL, false, B | V | M },
	{ "no-dereference", mount_csv_no_dereference, VALUE_OPTIONAL, false,
	  G },
	{ "volume-nocopy", mount_csv_nocopy, VALUE_OPTIONAL, false, V },
	{ "volume-subpath", mount_csv_subpath, VALUE_NEEDED, false, V },
	{ "volume-label", mount_csv_label, VALUE_NEEDED, true, V },
	{ "volume-driver", mount_csv_driver, VALUE_NEEDED, false, V },
	{ "volume-opt", mount_csv_opt, VALUE_NEEDED, true, V },
	{ "image-subpath", mount_csv_subpath, VALUE_NEEDED, false, I },
	{ "subpath", mount_csv_subpath, VALUE_NEEDED, false, V | I },
	{ "relabel", mount_csv_relabel, VALUE_NEEDED, false, B | V | G },
	{ "tmpfs-size", mount_csv_size, VALUE_NEEDED, false, M },
	{ "tmpfs-mode", mount_csv_mode, VALUE_NEEDED, false, M },
};

static const struct {
	const char *alias, *key;
} mount_csv_aliases[] = {
	{ "src", "source" },
	{ "dst", "target" },
	{ "destination", "target" },
	{ "dest", "target" },
	{ "ro", "readonly" },
	{ "rw", "readwrite" },
	{ "U", "chown" },
	{ "ramfs-size", "tmpfs-size" },
	{ "ramfs-mode", "tmpfs-mode" },
};

/* Those that stand for themselves and mean what they mean after -v. */
static const char *const mount_csv_words[] = {
	"dev",  "exec",  "gid",       "idmap",  "max",
	"mode", "nodev", "noexec",    "nosuid", "notmpcopyup",
	"size", "suid",  "tmpcopyup", "uid",    NULL,
};

static int
mount_csv_unknown(const char *key, struct err *err)
{
	const char *names[ARRAY_LEN(mount_csv_keys) +
			  ARRAY_LEN(mount_csv_aliases) +
			  ARRAY_LEN(mount_csv_words) + 1];
	size_t count = 0;
	const char *near;

	names[count++] = "type";
	for (size_t i = 0; i < ARRAY_LEN(mount_csv_keys); i++)
		names[count++] = mount_csv_keys[i].key;
	for (size_t i = 0; i < ARRAY_LEN(mount_csv_aliases); i++)
		names[count++] = mount_csv_aliases[i].alias;
	for (size_t i = 0; i < ARRAY_LEN(mount_csv_words); i++)
		names[count++] = mount_csv_words[i];
	near = text_nearest(key, names);
	(void)err_set(err, EINVAL, "unknown key '%s'", key);
	if (near)
		err_hint(err, "did you mean '%s'?", near);
	return -EINVAL;
}

static int
mount_csv_apply_row(struct mount_csv *csv, size_t at, const char *value,
		    struct err *err)
{
	const struct mount_csv_key *row = &mount_csv_keys[at];
	int r;

	if (!(row->kinds & MOUNT_KIND_BIT(csv->spec->kind)))
		return err_set(err, EINVAL, "key '%s' is not for a %s mount",
			       row->key, mount_kind_name(csv->spec->kind));
	if (!row->repeats && csv->seen & (UINT64_C(1) << at))
		return err_set(err, EINVAL, "key '%s' is given twice",
			       row->key);
	csv->seen |= UINT64_C(1) << at;
	if (row->value == VALUE_NEEDED && (!value || !*value))
		return err_set(err, EINVAL, "key '%s' has no value", row->key);
	r = row->set(csv, value, err);
	return r < 0 ? err_wrap(err, r, "key '%s'", row->key) : 0;
}

static int
mount_csv_apply(struct mount_csv *csv, const char *key, const char *value,
		struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(mount_csv_aliases); i++)
		if (!strcmp(key, mount_csv_aliases[i].alias)) {
			key = mount_csv_aliases[i].key;
			break;
		}
	for (size_t i = 0; i < ARRAY_LEN(mount_csv_keys); i++)
		if (!strcmp(key, mount_csv_keys[i].key))
			return mount_csv_apply_row(csv, i, value, err);
	for (size_t i = 0; mount_csv_words[i]; i++)
		if (!strcmp(key, mount_csv_words[i]))
			return mount_csv_word(csv, key, value, err);
	return mount_csv_unknown(key, err);
}

static bool
mount_csv_has_edge_blank(const char *text)
{
	size_t len = strlen(text);

	return len && (strchr(" \t", text[0]) || strchr(" \t", text[len - 1]));
}

/* "type=" alone, wherever it stands; the default is a volume. */
static int
mount_csv_find_kind(const struct strvec *fields, enum mount_kind *ret_kind,
		    struct err *err)
{
	static const char *const foreign[] = { "npipe", "cluster", "artifact" };
	const char *type = NULL;
	int at;

	for (size_t i = 0; i < fields->len; i++) {
		const char *value = text_after(fields->v[i], "type=");

		if (value && type)
			return err_set(err, EINVAL, "'type' is given twice");
		type = value ?: type;
	}
	*ret_kind = MOUNT_VOLUME;
	if (!type)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(foreign); i++)
		if (!strcmp(type, foreign[i]))
			return err_set(err, EINVAL,
				       "mount type '%s' does not exist here",
				       type);
	at = choice_find("mount type", type, mount_kind_names, err);
	if (at < 0)
		return at;
	*ret_kind = (enum mount_kind)at;
	return 0;
}

static int
mount_csv_read(const struct strvec *fields, struct mount_spec *spec,
	       struct err *err)
{
	struct mount_csv csv = { .spec = spec };
	int r = mount_csv_find_kind(fields, &spec->kind, err);

	/* An image is shared by all containers: written only on request. */
	spec->readonly = spec->kind == MOUNT_IMAGE;
	spec->create_source = spec->kind == MOUNT_VOLUME;
	for (size_t i = 0; r >= 0 && i < fields->len; i++) {
		cleanup_free char *key = xstrdup(fields->v[i]);
		char *value = csv_cut_value(key);

		if (mount_csv_has_edge_blank(key) ||
		    (value && mount_csv_has_edge_blank(value)))
			return err_set(err, EINVAL, "blank around '%s'",
				       fields->v[i]);
		if (strcmp(key, "type") != 0 || !value)
			r = mount_csv_apply(&csv, key, value, err);
	}
	return r < 0 ? r : mount_spec_check(spec, err);
}

int
mount_spec_parse_mount(const char *text, struct mount_spec *ret_spec,
		       struct err *err)
{
	struct mount_spec spec = MOUNT_SPEC_INIT;
	cleanup_strvec struct strvec fields = STRVEC_INIT;
	int r = csv_split(text, &fields, err);

	if (r >= 0)
		r = mount_csv_read(&fields, &spec, err);
	if (r < 0) {
		mount_spec_release(&spec);
		(void)err_wrap(err, r, "mount '%s'", text);
		err_hint(
			err,
			"write type=bind|volume|tmpfs|image,source=…,target=/…");
		return r;
	}
	*ret_spec = spec;
	return 0;
}
