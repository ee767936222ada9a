/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/restart_spec.c - no | always | unless-stopped | on-failure[:N].
 */
#include "spec/restart_spec.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "spec/choice.h"
#include "spec/node_check.h"

static const char *const restart_names[] = {
	"no", "always", "unless-stopped", "on-failure", NULL,
};

_Static_assert(ARRAY_LEN(restart_names) == RESTART_POLICY_COUNT + 1,
	       "every policy has its name");

const char *
restart_policy_name(enum restart_policy policy)
{
	return restart_names[policy];
}

int
restart_spec_parse(const char *text, struct restart_spec *ret_spec,
		   struct err *err)
{
	cleanup_free char *name = xstrdup(*text ? text : restart_names[0]);
	char *count = strchr(name, ':');
	uint64_t retries = 0;
	int at;

	if (count)
		*count++ = '\0';
	at = choice_find("restart policy", name, restart_names, err);
	if (at < 0)
		return at;
	if (count && at != RESTART_ON_FAILURE) {
		(void)err_set(err, EINVAL,
			      "restart policy '%s' takes no number", name);
		err_hint(err, "only on-failure:N counts");
		return -EINVAL;
	}
	if (count && units_parse_u64(count, 0, INT32_MAX, &retries, NULL) < 0)
		return err_set(err, EINVAL, "'%s' is not a number of retries",
			       count);
	*ret_spec =
		(struct restart_spec){ (enum restart_policy)at, (int)retries };
	return 0;
}

struct node *
restart_spec_to_node(const struct restart_spec *spec)
{
	struct node *node = node_new_obj();

	node_set_str(node, "Name", restart_policy_name(spec->policy));
	node_set_int(node, "MaximumRetryCount", spec->max_retries);
	return node;
}

int
restart_spec_from_node(const struct node *node, struct restart_spec *ret_spec,
		       struct err *err)
{
	struct restart_spec spec = { .policy = RESTART_NO };
	const char *name = NULL;
	int64_t retries = 0;
	int r;

	r = node_check_str(node, "Name", &name, err);
	if (r >= 0)
		r = restart_spec_parse(name ?: "", &spec, err);
	if (r >= 0)
		r = node_check_int(node, "MaximumRetryCount", 0, INT32_MAX,
				   &retries, err);
	if (r < 0)
		return r;
	spec.max_retries = (int)retries;
	*ret_spec = spec;
	return 0;
}
