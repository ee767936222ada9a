/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/sysctl_spec.c - kernel settings that belong to a namespace.
 */
#include "spec/sysctl_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/span.h"
#include "base/text.h"

/* Names of the ipc namespace; a dot at the end allows all below. */
static const char *const sysctl_ipc[] = {
	"fs.mqueue.",    "kernel.msgmax", "kernel.msgmnb",
	"kernel.msgmni", "kernel.sem",    "kernel.shm_rmid_forced",
	"kernel.shmall", "kernel.shmmax", "kernel.shmmni",
};

static const char *const sysctl_net[] = { "net." };

static const char *const sysctl_uts[] = { "kernel.domainname" };

static const struct sysctl_group {
	const char *const *names;
	size_t count;
	const char *flag;
} sysctl_groups[] = {
	{ sysctl_net, ARRAY_LEN(sysctl_net), "network" },
	{ sysctl_ipc, ARRAY_LEN(sysctl_ipc), "ipc" },
	{ sysctl_uts, ARRAY_LEN(sysctl_uts), "uts" },
};

static bool
sysctl_in_group(const char *key, const struct sysctl_group *group)
{
	for (size_t i = 0; i < group->count; i++) {
		const char *name = group->names[i];

		if (text_ends(name, ".") ? text_starts(key, name)
					 : !strcmp(key, name))
			return true;
	}
	return false;
}

static int
sysctl_check_allowed(const char *key, const struct sysctl_shared *shared,
		     struct err *err)
{
	const bool is_shared[] = { shared->net, shared->ipc, shared->uts };

	for (size_t i = 0; i < ARRAY_LEN(sysctl_groups); i++) {
		if (!sysctl_in_group(key, &sysctl_groups[i]))
			continue;
		if (!is_shared[i])
			return 0;
		(void)err_set(
			err, EACCES,
			"sysctl '%s' would change the host, whose %s namespace the container uses",
			key, sysctl_groups[i].flag);
		err_hint(err, "leave out --%s or the sysctl",
			 sysctl_groups[i].flag);
		return -EACCES;
	}
	(void)err_set(err, EACCES, "sysctl '%s' is not a container's own", key);
	err_hint(
		err,
		"net.*, fs.mqueue.*, kernel.msg*, kernel.sem, kernel.shm* and kernel.domainname are");
	return -EACCES;
}

/* No empty component and none that starts with a dot. */
static bool
sysctl_path_is_plain(const char *path)
{
	struct span rest = span_of(path);

	for (;;) {
		size_t at = span_find(rest, '/');

		if (!at || *rest.ptr == '.')
			return false;
		if (at == rest.len)
			return true;
		rest = span_skip(rest, at + 1);
	}
}

/* Dots part the key, slashes stand for dots; NULL when it leads astray. */
static char *
sysctl_path(const char *key)
{
	cleanup_free char *path = xstrdup(key);

	for (char *p = path; *p; p++) {
		if (*p == '.')
			*p = '/';
		else if (*p == '/')
			*p = '.';
		else if (!text_is_alnum(*p) && !strchr("_-:", *p))
			return NULL;
	}
	return sysctl_path_is_plain(path) ? take_ptr(path) : NULL;
}

int
sysctl_spec_parse(const char *text, const struct sysctl_shared *shared,
		  struct sysctl_spec *ret_spec, struct err *err)
{
	size_t len = strcspn(text, "=");
	cleanup_free char *key = xstrndup(text, len);
	cleanup_free char *path = sysctl_path(key);
	int r;

	if (!text[len] || !path) {
		(void)err_set(err, EINVAL, "sysctl '%s' is not KEY=VALUE",
			      text);
		err_hint(err, "as net.ipv4.ip_forward=1");
		return -EINVAL;
	}
	r = sysctl_check_allowed(key, shared, err);
	if (r < 0)
		return r;
	*ret_spec = (struct sysctl_spec){
		.key = take_ptr(key),
		.value = xstrdup(text + len + 1),
		.path = take_ptr(path),
	};
	return 0;
}

void
sysctl_spec_release(struct sysctl_spec *spec)
{
	free(spec->key);
	free(spec->value);
	free(spec->path);
	*spec = (struct sysctl_spec)SYSCTL_SPEC_INIT;
}
