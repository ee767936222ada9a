/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/yaml_scalar.c - which value a YAML scalar is.
 *
 * Spec: YAML 1.2.2, 10.3 "Core Schema"; beyond it 0440 is octal, as YAML 1.1
 * and Go's reader have it: file modes in Compose files are written so.
 */
#include "data/yaml_scalar.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

#include "data/node_priv.h"

#define YAML_TAG_PREFIX "tag:yaml.org,2002:"
#define YAML_MAX_NUMBER_BYTES 512

static bool
yaml_scalar_is_one_of(struct span text, const char *const *words)
{
	for (; *words; words++)
		if (span_is(text, *words))
			return true;
	return false;
}

static struct node *
yaml_scalar_null(struct span text)
{
	static const char *const words[] = { "",     "~",    "null",
					     "Null", "NULL", NULL };

	return yaml_scalar_is_one_of(text, words) ? node_new_null() : NULL;
}

static struct node *
yaml_scalar_bool(struct span text)
{
	static const char *const yes[] = { "true", "True", "TRUE", NULL };
	static const char *const no[] = { "false", "False", "FALSE", NULL };

	if (yaml_scalar_is_one_of(text, yes))
		return node_new_bool(true);
	return yaml_scalar_is_one_of(text, no) ? node_new_bool(false) : NULL;
}

static int
yaml_scalar_digit(char c)
{
	if (text_is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* A decimal too large for int64: as the JSON reader keeps such numbers. */
static struct node *
yaml_scalar_big(struct span text)
{
	struct node *node = node_new(NODE_FLOAT, text.len);

	(void)memcpy(node->text, text.ptr, text.len);
	node->text[text.len] = '\0';
	node->real = strtod(node->text, NULL);
	/* What JSON would not read is written from the value. */
	if (node->text[strspn(node->text, "-")] == '0' || text.ptr[0] == '+' ||
	    isinf(node->real))
		node->text[0] = '\0';
	return node;
}

static struct node *
yaml_scalar_int(struct span text)
{
	struct span rest = text;
	bool negative = rest.len && *rest.ptr == '-';
	int64_t value = 0;
	int base = 10;

	if (negative || (rest.len && *rest.ptr == '+'))
		rest = span_skip(rest, 1);
	if (span_starts(rest, "0x") || span_starts(rest, "0o")) {
		base = rest.ptr[1] == 'x' ? 16 : 8;
		rest = span_skip(rest, 2);
	} else if (rest.len > 1 && *rest.ptr == '0' &&
		   strspn(rest.ptr, "01234567") >= rest.len) {
		base = 8;
	}
	if (!rest.len || rest.len > YAML_MAX_NUMBER_BYTES)
		return NULL;
	for (size_t i = 0; i < rest.len; i++)
		if (yaml_scalar_digit(rest.ptr[i]) >= base)
			return NULL;
	for (size_t i = 0; i < rest.len; i++)
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_sub_overflow(
			    value, yaml_scalar_digit(rest.ptr[i]), &value))
			return base == 10 ? yaml_scalar_big(text) : NULL;
	if (!negative && __builtin_sub_overflow(0, value, &value))
		return base == 10 ? yaml_scalar_big(text) : NULL;
	return node_new_int(value);
}

static size_t
yaml_scalar_skip_digits(struct span text, size_t at)
{
	while (at < text.len && text_is_digit(text.ptr[at]))
		at++;
	return at;
}

/* [-+]? ( \.[0-9]+ | [0-9]+ (\.[0-9]*)? ) ( [eE] [-+]? [0-9]+ )? */
static bool
yaml_scalar_looks_float(struct span text)
{
	size_t at = text.len && strchr("+-", *text.ptr) ? 1 : 0;
	size_t whole = yaml_scalar_skip_digits(text, at);
	size_t digits = whole - at;

	at = whole;
	if (at < text.len && text.ptr[at] == '.') {
		size_t part = yaml_scalar_skip_digits(text, at + 1);

		digits += part - (at + 1);
		at = part;
	}
	if (!digits)
		return false;
	if (at < text.len && strchr("eE", text.ptr[at])) {
		at++;
		if (at < text.len && strchr("+-", text.ptr[at]))
			at++;
		if (yaml_scalar_skip_digits(text, at) == at)
			return false;
		at = yaml_scalar_skip_digits(text, at);
	}
	return at == text.len;
}

static struct node *
yaml_scalar_float(struct span text)
{
	static const char *const infs[] = { ".inf", ".Inf", ".INF", NULL };
	static const char *const nans[] = { ".nan", ".NaN", ".NAN", NULL };
	struct span rest = text;
	char buf[YAML_MAX_NUMBER_BYTES + 1];

	if (yaml_scalar_is_one_of(text, nans))
		return node_new_float(NAN);
	if (rest.len && strchr("+-", *rest.ptr))
		rest = span_skip(rest, 1);
	if (yaml_scalar_is_one_of(rest, infs))
		return node_new_float(*text.ptr == '-' ? -INFINITY : INFINITY);
	if (text.len > YAML_MAX_NUMBER_BYTES || !yaml_scalar_looks_float(text))
		return NULL;
	(void)memcpy(buf, text.ptr, text.len);
	buf[text.len] = '\0';
	return node_new_float(strtod(buf, NULL));
}

static struct node *
yaml_scalar_str(struct span text)
{
	return node_new_strn(text.ptr, text.len);
}

/* By its looks; order matters: an integer also looks like a float. */
static struct node *
yaml_scalar_plain(struct span text)
{
	struct node *node = yaml_scalar_null(text);

	if (!node)
		node = yaml_scalar_bool(text);
	if (!node)
		node = yaml_scalar_int(text);
	if (!node)
		node = yaml_scalar_float(text);
	return node ? node : yaml_scalar_str(text);
}

struct node *
yaml_scalar_node(struct span text, const char *tag, bool is_plain)
{
	static const struct {
		const char *name;
		struct node *(*read)(struct span text);
	} kinds[] = {
		{ "bool", yaml_scalar_bool },
		{ "float", yaml_scalar_float },
		{ "int", yaml_scalar_int },
		{ "null", yaml_scalar_null },
		{ "str", yaml_scalar_str },
		{ "merge", yaml_scalar_str },
		{ "timestamp", yaml_scalar_str },
	};
	const char *name = tag ? text_after(tag, YAML_TAG_PREFIX) : NULL;

	for (size_t i = 0; name && i < ARRAY_LEN(kinds); i++)
		if (!strcmp(name, kinds[i].name))
			return kinds[i].read(text);
	if (name)
		return NULL;
	if (!is_plain || (tag && !strcmp(tag, "!")))
		return yaml_scalar_str(text);
	return yaml_scalar_plain(text);
}
