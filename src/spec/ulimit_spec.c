/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/ulimit_spec.c - --ulimit name=soft[:hard].
 */
#include "spec/ulimit_spec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/alloc.h"
#include "base/units.h"
#include "spec/choice.h"
#include "spec/node_check.h"

static const char *const ulimit_names[] = {
	"core",     "cpu",        "data",   "fsize", "locks", "memlock",
	"msgqueue", "nice",       "nofile", "nproc", "rss",   "rtprio",
	"rttime",   "sigpending", "stack",  NULL,
};

static const int ulimit_resources[] = {
	RLIMIT_CORE,   RLIMIT_CPU,        RLIMIT_DATA,     RLIMIT_FSIZE,
	RLIMIT_LOCKS,  RLIMIT_MEMLOCK,    RLIMIT_MSGQUEUE, RLIMIT_NICE,
	RLIMIT_NOFILE, RLIMIT_NPROC,      RLIMIT_RSS,      RLIMIT_RTPRIO,
	RLIMIT_RTTIME, RLIMIT_SIGPENDING, RLIMIT_STACK,
};

_Static_assert(ARRAY_LEN(ulimit_names) == ARRAY_LEN(ulimit_resources) + 1,
	       "every name has its number");

static int
ulimit_parse_value(const char *text, uint64_t *ret_value, struct err *err)
{
	int64_t value;

	if (units_parse_i64(text, -1, INT64_MAX, &value, NULL) < 0)
		return err_set(err, EINVAL, "'%s' is neither a number nor -1",
			       text);
	*ret_value = value < 0 ? ULIMIT_SPEC_UNLIMITED : (uint64_t)value;
	return 0;
}

static void
ulimit_list_put(struct ulimit_list *list, struct ulimit_spec spec)
{
	for (size_t i = 0; i < list->len; i++) {
		if (list->items[i].resource != spec.resource)
			continue;
		list->items[i] = spec;
		return;
	}
	array_push(list->items, list->len, list->cap, spec);
}

/* name and "soft[:hard]" of one option. */
static int
ulimit_list_read(struct ulimit_list *list, const char *name, char *soft,
		 struct err *err)
{
	char *hard = strchr(soft, ':');
	struct ulimit_spec spec;
	int at = choice_find("limit", name, ulimit_names, err);
	int r;

	if (at < 0)
		return at;
	if (hard)
		*hard++ = '\0';
	spec = (struct ulimit_spec){ .name = ulimit_names[at],
				     .resource = ulimit_resources[at] };
	r = ulimit_parse_value(soft, &spec.soft, err);
	if (r >= 0)
		r = ulimit_parse_value(hard ?: soft, &spec.hard, err);
	if (r < 0)
		return r;
	if (spec.soft > spec.hard)
		return err_set(err, EINVAL,
			       "soft limit '%s' is above the hard limit '%s'",
			       soft, hard);
	ulimit_list_put(list, spec);
	return 0;
}

int
ulimit_list_add(struct ulimit_list *list, const char *text, struct err *err)
{
	cleanup_free char *name = xstrdup(text);
	char *soft = strchr(name, '=');
	int r;

	if (!strcmp(text, "host")) {
		list->host = true;
		return 0;
	}
	if (soft) {
		*soft++ = '\0';
		r = ulimit_list_read(list, name, soft, err);
	} else {
		r = err_set(err, EINVAL, "no value");
	}
	if (r < 0) {
		(void)err_wrap(err, r, "ulimit '%s'", text);
		err_hint(err, "write NAME=SOFT[:HARD], as nofile=1024:4096");
	}
	return r;
}

void
ulimit_list_release(struct ulimit_list *list)
{
	free(list->items);
	*list = (struct ulimit_list)ULIMIT_LIST_INIT;
}

struct node *
ulimit_list_to_node(const struct ulimit_list *list)
{
	struct node *arr = node_new_arr();

	for (size_t i = 0; i < list->len; i++) {
		struct node *item = node_push(arr, node_new_obj());

		node_set_str(item, "Name", list->items[i].name);
		node_set_int(item, "Hard", (int64_t)list->items[i].hard);
		node_set_int(item, "Soft", (int64_t)list->items[i].soft);
	}
	return arr;
}

int
ulimit_list_from_node(const struct node *node, struct ulimit_list *list,
		      struct err *err)
{
	for (size_t i = 0; i < node_len(node); i++) {
		const struct node *item = node_at(node, i);
		cleanup_free char *soft =
			xasprintf("%lld:%lld",
				  (long long)node_get_int(item, "Soft", 0),
				  (long long)node_get_int(item, "Hard", 0));
		int r = ulimit_list_read(
			list, node_str_or(node_get(item, "Name"), ""), soft,
			err);

		if (r < 0)
			return err_wrap(err, r, "recorded limit");
	}
	return 0;
}
