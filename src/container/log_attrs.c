/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/log_attrs.c - what --log-opt labels, env and tag add to records.
 */
#include "container/log_attrs.h"

#include <regex.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/node.h"

/* The value of the option @key, or NULL. */
static const char *
log_attrs_opt(const struct log_spec *log, const char *key)
{
	const char *value = NULL;

	for (size_t i = 0; i < log->opts.len && !value; i++) {
		const char *rest = text_after(log->opts.v[i], key);

		if (rest && *rest == '=')
			value = rest + 1;
	}
	return value;
}

static bool
log_attrs_wants(const struct strvec *names, const regex_t *pattern,
		const char *name)
{
	return strvec_has(names, name) ||
	       (pattern && regexec(pattern, name, 0, NULL, 0) == 0);
}

/* Those of the "k=v" pairs that are listed, or match. */
static void
log_attrs_add(struct node *attrs, const struct strvec *pairs, const char *list,
	      const char *expression)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	regex_t regex;
	bool has_regex = expression && regcomp(&regex, expression,
					       REG_EXTENDED | REG_NOSUB) == 0;

	strvec_split(&names, list ?: "", ",");
	for (size_t i = 0; i < pairs->len; i++) {
		const char *pair = pairs->v[i];
		size_t len = strcspn(pair, "=");
		cleanup_free char *name = xstrndup(pair, len);

		if (log_attrs_wants(&names, has_regex ? &regex : NULL, name))
			node_set_str(attrs, name,
				     pair[len] ? pair + len + 1 : "");
	}
	if (has_regex)
		regfree(&regex);
}

char *
log_attrs_text(const struct container_spec *spec)
{
	cleanup_node struct node *attrs = node_new_obj();
	struct strbuf sb = STRBUF_INIT;

	log_attrs_add(attrs, &spec->labels, log_attrs_opt(&spec->log, "labels"),
		      log_attrs_opt(&spec->log, "labels-regex"));
	log_attrs_add(attrs, &spec->env, log_attrs_opt(&spec->log, "env"),
		      log_attrs_opt(&spec->log, "env-regex"));
	if (spec->log.tag)
		node_set_str(attrs, "tag", spec->log.tag);
	if (!node_len(attrs))
		return NULL;
	node_write_json(&sb, attrs, NODE_COMPACT);
	return strbuf_take(&sb);
}
