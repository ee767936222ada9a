/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/mount_node.c - mounts as HostConfig.Mounts of config.json has them.
 *
 * Docker's members first; what Docker has no member for is in "Options", the
 * words of -v and --tmpfs that differ from the defaults.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "spec/choice.h"
#include "spec/mount_words.h"
#include "spec/node_check.h"

static void
mount_add_word(struct strbuf *sb, const char *word)
{
	strbuf_addf(sb, "%s%s", sb->len ? "," : "", word);
}

static void
mount_add_switch(struct strbuf *sb, const char *name, enum mount_switch value)
{
	if (value == MOUNT_SWITCH_DEFAULT)
		return;
	strbuf_addf(sb, "%s%s%s", sb->len ? "," : "",
		    value == MOUNT_SWITCH_OFF ? "no" : "", name);
}

static void
mount_add_number(struct strbuf *sb, const char *name, int64_t value)
{
	strbuf_addf(sb, "%s%s=%lld", sb->len ? "," : "", name,
		    (long long)value);
}

static void
mount_add_text(struct strbuf *sb, const char *name, const char *value)
{
	if (value)
		strbuf_addf(sb, "%s%s%s%s", sb->len ? "," : "", name,
			    *value ? "=" : "", value);
}

/* What Docker's JSON has no member for. */
static void
mount_add_extras(struct strbuf *sb, const struct mount_spec *spec)
{
	static const char *const labels[] = { NULL, "z", "Z" };

	if (labels[spec->relabel])
		mount_add_word(sb, labels[spec->relabel]);
	if (spec->chown)
		mount_add_word(sb, "U");
	if (spec->overlay)
		mount_add_word(sb, "O");
	if (spec->kind == MOUNT_VOLUME && !spec->create_source)
		mount_add_word(sb, "nocreate");
	mount_add_text(sb, "upperdir", spec->upper_dir);
	mount_add_text(sb, "workdir", spec->work_dir);
	mount_add_text(sb, "idmap", spec->idmap);
	mount_add_switch(sb, "exec", spec->exec);
	mount_add_switch(sb, "suid", spec->suid);
	mount_add_switch(sb, "dev", spec->dev);
	if (spec->tmpfs_copy_up)
		mount_add_word(sb, "tmpcopyup");
	if (spec->size_percent)
		strbuf_addf(sb, "%ssize=%d%%", sb->len ? "," : "",
			    spec->size_percent);
	if (spec->nr_inodes)
		mount_add_number(sb, "nr_inodes", spec->nr_inodes);
	if (spec->uid >= 0)
		mount_add_number(sb, "uid", spec->uid);
	if (spec->gid >= 0)
		mount_add_number(sb, "gid", spec->gid);
	if (spec->max_ptys)
		mount_add_number(sb, "max", spec->max_ptys);
}

void
mount_spec_add_options(struct strbuf *sb, const struct mount_spec *spec)
{
	cleanup_strbuf struct strbuf words = STRBUF_INIT;

	mount_add_word(&words, spec->readonly ? "ro" : "rw");
	mount_add_extras(&words, spec);
	if (spec->size_bytes)
		mount_add_number(&words, "size", spec->size_bytes);
	if (spec->mode >= 0)
		strbuf_addf(&words, ",mode=%04llo",
			    (unsigned long long)spec->mode);
	if (!spec->copy_up)
		mount_add_word(&words, "nocopy");
	if (spec->kind == MOUNT_BIND && !spec->recursive)
		mount_add_word(&words, "bind");
	if (spec->propagation)
		mount_add_word(&words,
			       mount_propagation_name(spec->propagation));
	strbuf_addstr(sb, words.buf);
}

/* "k=v" strings as an object. */
static void
mount_set_pairs(struct node *obj, const char *key, const struct strvec *pairs)
{
	if (!pairs->len)
		return;
	for (size_t i = 0; i < pairs->len; i++) {
		size_t len = strcspn(pairs->v[i], "=");
		cleanup_free char *name = xstrndup(pairs->v[i], len);
		const char *value = pairs->v[i] + len;

		node_set_str(node_need_obj(obj, key), name,
			     *value ? value + 1 : "");
	}
}

static void
mount_write_bind(struct node *node, const struct mount_spec *spec)
{
	struct node *options = node_need_obj(node, "BindOptions");

	if (spec->propagation)
		node_set_str(options, "Propagation",
			     mount_propagation_name(spec->propagation));
	if (!spec->recursive)
		node_set_bool(options, "NonRecursive", true);
	if (spec->create_source && spec->kind == MOUNT_BIND)
		node_set_bool(options, "CreateMountpoint", true);
	if (spec->ro_depth == MOUNT_RO_TOP)
		node_set_bool(options, "ReadOnlyNonRecursive", true);
	if (spec->ro_depth == MOUNT_RO_FORCED)
		node_set_bool(options, "ReadOnlyForceRecursive", true);
	if (spec->no_dereference)
		node_set_bool(options, "NoDereference", true);
	if (!node_len(options))
		(void)node_del(node, "BindOptions");
}

static void
mount_write_volume(struct node *node, const struct mount_spec *spec)
{
	struct node *options = node_need_obj(node, "VolumeOptions");

	if (!spec->copy_up)
		node_set_bool(options, "NoCopy", true);
	mount_set_pairs(options, "Labels", &spec->volume_labels);
	if (spec->subpath)
		node_set_str(options, "Subpath", spec->subpath);
	if (spec->volume_driver)
		node_set_str(node_need_obj(options, "DriverConfig"), "Name",
			     spec->volume_driver);
	if (spec->volume_opts.len)
		mount_set_pairs(node_need_obj(options, "DriverConfig"),
				"Options", &spec->volume_opts);
	if (!node_len(options))
		(void)node_del(node, "VolumeOptions");
}

static void
mount_write_tmpfs(struct node *node, const struct mount_spec *spec)
{
	if (spec->size_bytes)
		node_set_int(node_need_obj(node, "TmpfsOptions"), "SizeBytes",
			     spec->size_bytes);
	if (spec->mode >= 0)
		node_set_int(node_need_obj(node, "TmpfsOptions"), "Mode",
			     spec->mode);
}

struct node *
mount_spec_to_node(const struct mount_spec *spec)
{
	cleanup_strbuf struct strbuf extras = STRBUF_INIT;
	struct node *node = node_new_obj();

	node_set_str(node, "Type", mount_kind_name(spec->kind));
	if (spec->source)
		node_set_str(node, "Source", spec->source);
	node_set_str(node, "Target", spec->target);
	if (spec->readonly)
		node_set_bool(node, "ReadOnly", true);
	mount_write_bind(node, spec);
	if (spec->kind == MOUNT_VOLUME)
		mount_write_volume(node, spec);
	else if (spec->subpath)
		node_set_str(node_need_obj(node, "ImageOptions"), "Subpath",
			     spec->subpath);
	if (spec->layers.len)
		node_set_strvec(node, "Layers", &spec->layers);
	mount_write_tmpfs(node, spec);
	mount_add_extras(&extras, spec);
	if (extras.len) {
		cleanup_strvec struct strvec words = STRVEC_INIT;

		strvec_split(&words, extras.buf, ",");
		node_set_strvec(node, "Options", &words);
	}
	return node;
}

static int
mount_take_str(const struct node *obj, const char *key, char **member,
	       struct err *err)
{
	const char *str = NULL;
	int r = node_check_str(obj, key, &str, err);

	if (r >= 0 && str && *str)
		*member = xstrdup(str);
	return r;
}

static int
mount_take_pairs(const struct node *obj, const char *key, struct strvec *pairs,
		 struct err *err)
{
	const struct node *map = NULL;
	int r = node_check_str_obj(obj, key, &map, err);

	for (size_t i = 0; r >= 0 && i < node_len(map); i++)
		strvec_addf(pairs, "%s=%s", node_key_at(map, i),
			    node_str(node_value_at(map, i)));
	return r;
}

static int
mount_read_bind(const struct node *node, struct mount_spec *spec,
		struct err *err)
{
	const struct node *options = node_get(node, "BindOptions");
	const char *propagation = node_get_str(options, "Propagation");
	bool shallow = false, top = false, forced = false;
	int r = 0;

	if (propagation) {
		r = choice_find("propagation", propagation,
				mount_propagation_names, err);
		if (r < 0)
			return r;
		spec->propagation = (enum mount_propagation)r;
	}
	r = node_check_bool(options, "NonRecursive", &shallow, err);
	if (r >= 0)
		r = node_check_bool(options, "CreateMountpoint",
				    &spec->create_source, err);
	if (r >= 0)
		r = node_check_bool(options, "ReadOnlyNonRecursive", &top, err);
	if (r >= 0)
		r = node_check_bool(options, "ReadOnlyForceRecursive", &forced,
				    err);
	if (r >= 0)
		r = node_check_bool(options, "NoDereference",
				    &spec->no_dereference, err);
	spec->recursive = !shallow;
	spec->ro_depth = forced ? MOUNT_RO_FORCED
			 : top  ? MOUNT_RO_TOP
				: MOUNT_RO_WHERE_POSSIBLE;
	return r;
}

static int
mount_read_volume_options(const struct node *node, struct mount_spec *spec,
			  struct err *err)
{
	const struct node *options = node_get(node, "VolumeOptions");
	const struct node *driver = node_get(options, "DriverConfig");
	bool nocopy = false;
	int r = node_check_bool(options, "NoCopy", &nocopy, err);

	spec->copy_up = !nocopy;
	if (r >= 0)
		r = mount_take_pairs(options, "Labels", &spec->volume_labels,
				     err);
	if (r >= 0)
		r = mount_take_str(options, "Subpath", &spec->subpath, err);
	if (r >= 0)
		r = mount_take_str(driver, "Name", &spec->volume_driver, err);
	if (r >= 0)
		r = mount_take_pairs(driver, "Options", &spec->volume_opts,
				     err);
	if (r >= 0 && !spec->subpath)
		r = mount_take_str(node_get(node, "ImageOptions"), "Subpath",
				   &spec->subpath, err);
	return r;
}

static int
mount_read_rest(const struct node *node, struct mount_spec *spec,
		struct err *err)
{
	const struct node *tmpfs = node_get(node, "TmpfsOptions");
	cleanup_strvec struct strvec words = STRVEC_INIT;
	unsigned int groups = 0;
	int r = node_check_int(tmpfs, "SizeBytes", 0, INT64_MAX,
			       &spec->size_bytes, err);

	if (r >= 0)
		r = node_check_int(tmpfs, "Mode", 0, 07777, &spec->mode, err);
	if (r >= 0)
		r = node_check_strvec(node, "Options", &words, err);
	if (r >= 0)
		r = node_check_strvec(node, "Layers", &spec->layers, err);
	for (size_t i = 0; r >= 0 && i < words.len; i++)
		r = mount_words_apply(spec, words.v[i], &groups, err);
	return r;
}

static int
mount_read_node(const struct node *node, struct mount_spec *spec,
		struct err *err)
{
	const char *type = NULL, *target = NULL;
	int r = node_check_str(node, "Type", &type, err);

	if (r >= 0)
		r = node_check_str(node, "Target", &target, err);
	if (r >= 0)
		r = choice_find("mount type", type ?: "", mount_kind_names,
				err);
	if (r < 0)
		return r;
	spec->kind = (enum mount_kind)r;
	spec->create_source = spec->kind == MOUNT_VOLUME;
	r = mount_spec_set_target(spec, target ?: "", err);
	if (r >= 0)
		r = mount_take_str(node, "Source", &spec->source, err);
	if (r >= 0)
		r = node_check_bool(node, "ReadOnly", &spec->readonly, err);
	if (r >= 0)
		r = mount_read_bind(node, spec, err);
	if (r >= 0)
		r = mount_read_volume_options(node, spec, err);
	if (r >= 0)
		r = mount_read_rest(node, spec, err);
	return r < 0 ? r : mount_spec_check(spec, err);
}

int
mount_spec_from_node(const struct node *node, struct mount_spec *ret_spec,
		     struct err *err)
{
	struct mount_spec spec = MOUNT_SPEC_INIT;

	if (mount_read_node(node, &spec, err) < 0) {
		mount_spec_release(&spec);
		if (err)
			err->code = EBADMSG;
		return err_wrap(err, -EBADMSG, "recorded mount");
	}
	*ret_spec = spec;
	return 0;
}
