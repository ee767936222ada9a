/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/security_spec.c - --security-opt KEY=VALUE or KEY:VALUE.
 */
#include "spec/security_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "spec/choice.h"

static int
security_set_apparmor(struct security_spec *spec, const char *value,
		      struct err *err)
{
	free(spec->apparmor);
	spec->apparmor = xstrdup(value);
	return 0;
}

static int
security_set_label(struct security_spec *spec, const char *value,
		   struct err *err)
{
	static const char *const kinds[] = { "user",  "role",     "type",
					     "level", "filetype", NULL };
	size_t len = strcspn(value, ":");
	cleanup_free char *kind = xstrndup(value, len);

	if (!strcmp(value, "disable")) {
		spec->label_disable = true;
		return 0;
	}
	if (!strcmp(value, "nested")) {
		spec->label_nested = true;
		return 0;
	}
	if (choice_find("label", kind, kinds, err) < 0)
		return -EINVAL;
	if (!value[len] || !value[len + 1])
		return err_set(err, EINVAL, "label '%s' has no value", kind);
	strvec_add(&spec->labels, value);
	return 0;
}

static int
security_set_nnp(struct security_spec *spec, const char *value, struct err *err)
{
	spec->no_new_privileges = true;
	return value ? units_parse_bool(value, &spec->no_new_privileges, err)
		     : 0;
}

static int
security_set_proc_opts(struct security_spec *spec, const char *value,
		       struct err *err)
{
	free(spec->proc_opts);
	spec->proc_opts = xstrdup(value);
	return 0;
}

static int
security_set_seccomp(struct security_spec *spec, const char *value,
		     struct err *err)
{
	free(spec->seccomp_path);
	spec->seccomp_path = NULL;
	if (!strcmp(value, "unconfined")) {
		spec->seccomp = SECURITY_SECCOMP_UNCONFINED;
	} else if (!strcmp(value, "builtin") || !strcmp(value, "default")) {
		spec->seccomp = SECURITY_SECCOMP_BUILTIN;
	} else {
		spec->seccomp = SECURITY_SECCOMP_FILE;
		spec->seccomp_path = xstrdup(value);
	}
	return 0;
}

static int
security_set_systempaths(struct security_spec *spec, const char *value,
			 struct err *err)
{
	if (strcmp(value, "unconfined") != 0)
		return err_set(err, EINVAL,
			       "'%s' is not 'unconfined', the only value",
			       value);
	spec->systempaths_unconfined = true;
	return 0;
}

static int
security_set_writable(struct security_spec *spec, const char *value,
		      struct err *err)
{
	spec->writable_cgroups = true;
	return value ? units_parse_bool(value, &spec->writable_cgroups, err)
		     : 0;
}

/* Absolute paths between colons. */
static int
security_add_paths(struct strvec *list, const char *value, struct err *err)
{
	cleanup_strvec struct strvec paths = STRVEC_INIT;

	strvec_split(&paths, value, ":");
	for (size_t i = 0; i < paths.len; i++)
		if (*paths.v[i] != '/')
			return err_set(err, EINVAL, "path '%s' is not absolute",
				       paths.v[i]);
	strvec_add_all(list, &paths);
	return 0;
}

static int
security_set_mask(struct security_spec *spec, const char *value,
		  struct err *err)
{
	return security_add_paths(&spec->mask, value, err);
}

static int
security_set_unmask(struct security_spec *spec, const char *value,
		    struct err *err)
{
	if (!strcasecmp(value, "all")) {
		spec->unmask_all = true;
		return 0;
	}
	return security_add_paths(&spec->unmask, value, err);
}

static const char *const security_keys[] = {
	"apparmor", "label",       "mask",   "no-new-privileges", "proc-opts",
	"seccomp",  "systempaths", "unmask", "writable-cgroups",  NULL,
};

static const struct {
	int (*set)(struct security_spec *, const char *, struct err *);
	bool value_optional;
} security_rows[] = {
	{ security_set_apparmor, false },    { security_set_label, false },
	{ security_set_mask, false },        { security_set_nnp, true },
	{ security_set_proc_opts, false },   { security_set_seccomp, false },
	{ security_set_systempaths, false }, { security_set_unmask, false },
	{ security_set_writable, true },
};

_Static_assert(ARRAY_LEN(security_keys) == ARRAY_LEN(security_rows) + 1,
	       "every key has its row");

int
security_spec_apply(struct security_spec *spec, const char *text,
		    struct err *err)
{
	size_t len = strcspn(text, "=:");
	cleanup_free char *key = xstrndup(text, len);
	const char *value = text[len] ? text + len + 1 : NULL;
	int at = choice_find("security option", key, security_keys, err);
	int r;

	if (at < 0)
		return at;
	if (value ? !*value : !security_rows[at].value_optional)
		return err_set(err, EINVAL, "security option '%s' has no value",
			       key);
	r = security_rows[at].set(spec, value, err);
	return r < 0 ? err_wrap(err, r, "security option '%s'", text) : 0;
}

void
security_spec_release(struct security_spec *spec)
{
	free(spec->seccomp_path);
	free(spec->apparmor);
	free(spec->proc_opts);
	strvec_release(&spec->labels);
	strvec_release(&spec->mask);
	strvec_release(&spec->unmask);
	*spec = (struct security_spec)SECURITY_SPEC_INIT;
}
