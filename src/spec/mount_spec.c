/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/mount_spec.c - what --volume, --mount and --tmpfs ask for.
 *
 * Here: -v and --tmpfs, and what every mount must fulfil. --mount is in
 * mount_csv.c, the single options in mount_words.c, JSON in mount_node.c.
 */
#include "spec/mount_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/text.h"
#include "spec/abs_path.h"
#include "spec/mount_words.h"
#include "spec/name_spec.h"
#include "spec/ref.h"

const char *const mount_kind_names[] = {
	"bind", "volume", "tmpfs", "image", "devpts", "glob", "ramfs", NULL,
};

const char *const mount_propagation_names[] = {
	"",      "private", "rprivate",   "shared",      "rshared",
	"slave", "rslave",  "unbindable", "runbindable", NULL,
};

const char *
mount_kind_name(enum mount_kind kind)
{
	return mount_kind_names[kind];
}

const char *
mount_propagation_name(enum mount_propagation propagation)
{
	return mount_propagation_names[propagation];
}

void
mount_spec_release(struct mount_spec *spec)
{
	free(spec->source);
	free(spec->target);
	free(spec->upper_dir);
	free(spec->work_dir);
	free(spec->idmap);
	free(spec->subpath);
	free(spec->volume_driver);
	strvec_release(&spec->layers);
	strvec_release(&spec->volume_opts);
	strvec_release(&spec->volume_labels);
	*spec = (struct mount_spec)MOUNT_SPEC_INIT;
}

int
mount_spec_set_target(struct mount_spec *spec, const char *target,
		      struct err *err)
{
	if (*target != '/') {
		(void)err_set(err, EINVAL,
			      "container path '%s' is not absolute", target);
		err_hint(err, "the path inside the container starts with /");
		return -EINVAL;
	}
	spec->target = abs_path_join("/", target);
	if (!strcmp(spec->target, "/"))
		return err_set(err, EINVAL,
			       "container path '%s' is the root itself",
			       target);
	return 0;
}

static int
mount_check_source(const struct mount_spec *spec, struct err *err)
{
	cleanup_ref struct ref ref = REF_INIT;

	switch (spec->kind) {
	case MOUNT_BIND:
	case MOUNT_GLOB:
	case MOUNT_IMAGE:
		if (!spec->source || !*spec->source)
			return err_set(err, EINVAL, "a %s mount has a source",
				       mount_kind_name(spec->kind));
		return spec->kind == MOUNT_IMAGE
			       ? ref_parse(spec->source, &ref, err)
			       : 0;
	case MOUNT_VOLUME:
		return spec->source ? name_spec_check("volume name",
						      spec->source, err)
				    : 0;
	default:
		if (spec->source)
			return err_set(err, EINVAL, "a %s mount has no source",
				       mount_kind_name(spec->kind));
		return 0;
	}
}

int
mount_spec_check(const struct mount_spec *spec, struct err *err)
{
	if (!spec->target)
		return err_set(err, EINVAL, "target is missing");
	if (!spec->upper_dir != !spec->work_dir)
		return err_set(err, EINVAL,
			       "upperdir= and workdir= come together");
	if (spec->upper_dir && !spec->overlay)
		return err_set(err, EINVAL, "upperdir= needs the option O");
	if (spec->overlay && spec->readonly)
		return err_set(err, EINVAL,
			       "options O and ro contradict each other");
	if (spec->subpath && !abs_path_stays_below(spec->subpath))
		return err_set(err, EINVAL,
			       "subpath '%s' leads out of the mount",
			       spec->subpath);
	return mount_check_source(spec, err);
}

/* "/x", "./x", "..": a path; anything else names a volume. */
static bool
mount_source_is_path(const char *source)
{
	return *source == '/' || !strcmp(source, ".") ||
	       !strcmp(source, "..") || text_starts(source, "./") ||
	       text_starts(source, "../");
}

static int
mount_set_volume_source(struct mount_spec *spec, const char *source,
			struct err *err)
{
	int r;

	if (!*source)
		return err_set(err, EINVAL, "nothing before the colon");
	spec->source = xstrdup(source);
	if (mount_source_is_path(source)) {
		spec->kind = MOUNT_BIND;
		return 0;
	}
	r = name_spec_check("volume name", source, err);
	if (r < 0 && strchr(source, '/') && err) {
		err->hint[0] = '\0';
		err_hint(err, "a path starts with / or ./: './%s'", source);
	}
	return r;
}

/* Cut "SRC:DST:opts" at its colons; a fourth part is an error. */
static int
mount_cut_volume(char *text, char **ret_source, char **ret_target,
		 char **ret_words, struct err *err)
{
	char *first = strchr(text, ':');
	char *second = first ? strchr(first + 1, ':') : NULL;

	if (second && strchr(second + 1, ':')) {
		(void)err_set(err, EINVAL, "more than two colons");
		err_hint(
			err,
			"paths with a colon need --mount type=bind,source=…,target=…");
		return -EINVAL;
	}
	if (first)
		*first = '\0';
	if (second)
		*second = '\0';
	*ret_source = first ? text : NULL;
	*ret_target = first ? first + 1 : text;
	*ret_words = second ? second + 1 : NULL;
	return 0;
}

static int
mount_read_volume(char *text, struct mount_spec *spec, struct err *err)
{
	char *source, *target, *words;
	int r = mount_cut_volume(text, &source, &target, &words, err);

	spec->kind = MOUNT_VOLUME;
	spec->create_source = true;
	if (r >= 0 && source)
		r = mount_set_volume_source(spec, source, err);
	if (r >= 0)
		r = mount_spec_set_target(spec, target, err);
	if (r >= 0 && words)
		r = mount_words_apply_all(spec, words, err);
	if (r >= 0)
		r = mount_spec_check(spec, err);
	return r;
}

int
mount_spec_parse_volume(const char *text, struct mount_spec *ret_spec,
			struct err *err)
{
	struct mount_spec spec = MOUNT_SPEC_INIT;
	cleanup_free char *copy = xstrdup(text);
	int r = mount_read_volume(copy, &spec, err);

	if (r < 0) {
		mount_spec_release(&spec);
		(void)err_wrap(err, r, "volume '%s'", text);
		err_hint(err, "write [SOURCE:]/TARGET[:OPTION,…]");
		return r;
	}
	*ret_spec = spec;
	return 0;
}

int
mount_spec_anonymous(const char *target, struct mount_spec *ret_spec,
		     struct err *err)
{
	struct mount_spec spec = MOUNT_SPEC_INIT;
	int r;

	spec.kind = MOUNT_VOLUME;
	spec.create_source = true;
	r = mount_spec_set_target(&spec, target, err);
	if (r < 0) {
		mount_spec_release(&spec);
		return r;
	}
	*ret_spec = spec;
	return 0;
}

int
mount_spec_parse_tmpfs(const char *text, struct mount_spec *ret_spec,
		       struct err *err)
{
	struct mount_spec spec = MOUNT_SPEC_INIT;
	cleanup_free char *target = xstrdup(text);
	char *words = strchr(target, ':');
	int r;

	spec.kind = MOUNT_TMPFS;
	if (words)
		*words++ = '\0';
	r = mount_spec_set_target(&spec, target, err);
	if (r >= 0 && words)
		r = mount_words_apply_all(&spec, words, err);
	if (r < 0) {
		mount_spec_release(&spec);
		(void)err_wrap(err, r, "tmpfs '%s'", text);
		err_hint(err, "write /PATH[:size=64m,mode=1777,…]");
		return r;
	}
	*ret_spec = spec;
	return 0;
}

void
mount_spec_set_base(struct mount_spec *spec, const char *cwd)
{
	char *path;

	if (!spec->source ||
	    (spec->kind != MOUNT_BIND && spec->kind != MOUNT_GLOB))
		return;
	path = abs_path_join(cwd, spec->source);
	free(spec->source);
	spec->source = path;
}

void
mount_list_take(struct mount_list *list, struct mount_spec *spec)
{
	array_push(list->items, list->len, list->cap, *spec);
	*spec = (struct mount_spec)MOUNT_SPEC_INIT;
}

int
mount_list_check(const struct mount_list *list, struct err *err)
{
	cleanup_map struct map targets = MAP_INIT;

	for (size_t i = 0; i < list->len; i++)
		if (map_set(&targets, list->items[i].target, &targets))
			return err_set(err, EINVAL,
				       "two mounts have the target '%s'",
				       list->items[i].target);
	return 0;
}

void
mount_list_release(struct mount_list *list)
{
	for (size_t i = 0; i < list->len; i++)
		mount_spec_release(&list->items[i]);
	free(list->items);
	*list = (struct mount_list)MOUNT_LIST_INIT;
}
