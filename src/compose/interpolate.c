/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/interpolate.c - variables in the values of a file.
 *
 * Spec: compose-spec, 12-interpolation.md.
 */
#include "compose/interpolate.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/expand.h"

struct walk {
	const struct project_env *env;
	struct diag *diag;
};

static const char *
walk_get(void *arg, const char *name)
{
	const struct walk *walk = arg;

	return project_env_get(walk->env, name);
}

static void
walk_unset(void *arg, const char *name, size_t offset)
{
	struct walk *walk = arg;

	diag_warn(
		walk->diag, NULL,
		"The \"%s\" variable is not set. Defaulting to a blank string.",
		name);
}

/* @r: what expanding failed of */
static void
tell(struct walk *walk, const struct node *node, int r, const struct err *err)
{
	bool is_missing = r == -ENOENT;

	diag_at(walk->diag, node, "%s%s",
		is_missing ? "" : "invalid interpolation format: ", err->text);
	diag_hint(
		walk->diag, "%s",
		is_missing
			? "set it in the environment, in .env or in a file of --env-file"
			: "write $$ for a dollar sign");
}

static void
fill(struct walk *walk, struct node *parent, size_t at)
{
	struct node *node = node_value_at(parent, at);
	const struct expand_opts opts = {
		.mode = EXPAND_COMPOSE,
		.get = walk_get,
		.unset = walk_unset,
		.arg = walk,
	};
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct node *made;
	int r;

	if (!strchr(node_str(node), '$'))
		return;
	r = expand_vars(node_str(node), &opts, &out, NULL, &err);
	if (r < 0) {
		tell(walk, node, r, &err);
		made = node_new_null();
		node_set_tag(made, "!bad");
	} else {
		made = node_new_str(out.buf);
		node_set_tag(made, node_tag(node));
	}
	node_set_position(made, node);
	node_replace_at(parent, at, made);
}

static void
walk_below(struct walk *walk, struct node *node)
{
	for (size_t i = 0; i < node_len(node); i++) {
		if (node_kind(node_value_at(node, i)) == NODE_STR)
			fill(walk, node, i);
		else
			walk_below(walk, node_value_at(node, i));
	}
}

void
interpolate(struct node *node, const struct project_env *env, struct diag *diag)
{
	struct walk walk = { .env = env, .diag = diag };

	walk_below(&walk, node);
}

/* Finding uses, for "config --variables". */

static size_t
name_len(const char *text)
{
	size_t len = 0;

	if (text_is_digit(*text))
		return 0;
	while (text_is_alnum(text[len]) || text[len] == '_')
		len++;
	return len;
}

/* Length up to the brace that closes what is open at @text. */
static size_t
word_len(const char *text)
{
	size_t i = 0;
	int depth = 0;

	for (; text[i]; i++) {
		if (text[i] == '$' && text[i + 1] == '{')
			depth++;
		else if (text[i] == '}' && !depth--)
			break;
	}
	return i;
}

static void find_in(const char *text, const struct node *node,
		    struct interpolate_uses *uses);

/* Behind "${". Returns what follows the closing brace. */
static const char *
find_braced(const char *text, const struct node *node,
	    struct interpolate_uses *uses)
{
	size_t len = name_len(text);
	struct interpolate_use use = { .node = node };
	const char *op = text + len;
	cleanup_free char *word = NULL;

	if (!len)
		return text;
	use.name = xstrndup(text, len);
	op += *op == ':';
	if (*op && strchr("-+?", *op)) {
		word = xstrndup(op + 1, word_len(op + 1));
		use.required = *op == '?';
		if (*op == '-')
			use.fallback = xstrdup(word);
		if (*op == '+')
			use.alternative = xstrdup(word);
		op += 1 + strlen(word);
	}
	array_push(uses->items, uses->len, uses->cap, use);
	if (word)
		find_in(word, node, uses);
	return *op == '}' ? op + 1 : op;
}

static void
find_in(const char *text, const struct node *node,
	struct interpolate_uses *uses)
{
	while ((text = strchr(text, '$'))) {
		size_t len;

		text++;
		if (*text == '$') {
			text++;
		} else if (*text == '{') {
			text = find_braced(text + 1, node, uses);
		} else if ((len = name_len(text))) {
			struct interpolate_use use = { .node = node };

			use.name = xstrndup(text, len);
			array_push(uses->items, uses->len, uses->cap, use);
			text += len;
		}
	}
}

void
interpolate_find(const struct node *node, struct interpolate_uses *uses)
{
	if (node_kind(node) == NODE_STR)
		find_in(node_str(node), node, uses);
	for (size_t i = 0; i < node_len(node); i++)
		interpolate_find(node_value_at(node, i), uses);
}

void
interpolate_uses_release(struct interpolate_uses *uses)
{
	for (size_t i = 0; i < uses->len; i++) {
		free(uses->items[i].name);
		free(uses->items[i].fallback);
		free(uses->items[i].alternative);
	}
	free(uses->items);
	*uses = (struct interpolate_uses)INTERPOLATE_USES_INIT;
}
