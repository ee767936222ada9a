/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/strvec.c - a NULL-ended vector of strings: argv, environment, lists.
 */
#include "base/strvec.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"

void
strvec_add_take(struct strvec *sv, char *str)
{
	if (sv->len + 1 >= sv->cap) {
		sv->cap = sv->cap ? 2 * sv->cap : 8;
		sv->v = xreallocarray(sv->v, sv->cap, sizeof(*sv->v));
	}
	sv->v[sv->len++] = str;
	sv->v[sv->len] = NULL;
}

void
strvec_add(struct strvec *sv, const char *str)
{
	strvec_add_take(sv, xstrdup(str));
}

void
strvec_addf(struct strvec *sv, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	strvec_add_take(sv, xvasprintf(fmt, args));
	va_end(args);
}

void
strvec_add_all(struct strvec *sv, const struct strvec *from)
{
	for (size_t i = 0; i < from->len; i++)
		strvec_add(sv, from->v[i]);
}

void
strvec_add_array(struct strvec *sv, char *const *array)
{
	for (; array && *array; array++)
		strvec_add(sv, *array);
}

void
strvec_split(struct strvec *sv, const char *str, const char *seps)
{
	for (;;) {
		size_t len;

		str += strspn(str, seps);
		len = strcspn(str, seps);
		if (!len)
			return;
		strvec_add_take(sv, xstrndup(str, len));
		str += len;
	}
}

bool
strvec_has(const struct strvec *sv, const char *str)
{
	for (size_t i = 0; i < sv->len; i++)
		if (!strcmp(sv->v[i], str))
			return true;
	return false;
}

void
strvec_remove(struct strvec *sv, size_t at)
{
	assert(at < sv->len);
	free(sv->v[at]);
	(void)memmove(sv->v + at, sv->v + at + 1,
		      (sv->len - at) * sizeof(*sv->v));
	sv->len--;
}

static int
strvec_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
strvec_sort(struct strvec *sv)
{
	if (sv->len)
		qsort(sv->v, sv->len, sizeof(*sv->v), strvec_compare);
}

void
strvec_release(struct strvec *sv)
{
	for (size_t i = 0; i < sv->len; i++)
		free(sv->v[i]);
	free(sv->v);
	*sv = (struct strvec)STRVEC_INIT;
}

char *const *
strvec_argv(const struct strvec *sv)
{
	static char *const none[] = { NULL };

	return sv->v ? sv->v : none;
}

static size_t
strvec_env_find(const struct strvec *env, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < env->len; i++)
		if (!strncmp(env->v[i], name, len) && env->v[i][len] == '=')
			return i;
	return env->len;
}

const char *
strvec_env_get(const struct strvec *env, const char *name)
{
	size_t at = strvec_env_find(env, name);

	return at < env->len ? env->v[at] + strlen(name) + 1 : NULL;
}

void
strvec_env_set(struct strvec *env, const char *name, const char *value)
{
	size_t at = strvec_env_find(env, name);
	char *text = xasprintf("%s=%s", name, value);

	if (at == env->len) {
		strvec_add_take(env, text);
		return;
	}
	free(env->v[at]);
	env->v[at] = text;
}

void
strvec_env_unset(struct strvec *env, const char *name)
{
	size_t at = strvec_env_find(env, name);

	if (at < env->len)
		strvec_remove(env, at);
}
