/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/template_print.c - values as Go's fmt prints them.
 *
 * Spec: Go package fmt, "Printing", "Format errors".
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/node_priv.h"
#include "data/template_priv.h"
#include "data/utf8.h"

#define TEMPLATE_MAX_WIDTH 1000000 /* Go's own */

/* One %-directive. */
struct template_verb {
	char verb;
	bool is_left, is_plus, is_sharp, is_spaced, is_zero;
	int width;     /* 0: none */
	int precision; /* -1: none */
};

static const struct template_verb template_plain = { .verb = 'v',
						     .precision = -1 };

static void template_format(struct strbuf *sb, const struct template_verb *v,
			    const struct node *node);

void
template_quote(struct strbuf *sb, const char *str, size_t len)
{
	static const char from[] = "\"\\\a\b\f\n\r\t\v";
	static const char to[] = "\"\\abfnrtv";

	strbuf_addch(sb, '"');
	for (size_t at = 0, n; at < len; at += n) {
		uint32_t rune = 0;
		const char *found;

		n = utf8_decode(str + at, len - at, &rune);
		found = n == 1 && rune ? strchr(from, (int)rune) : NULL;
		if (found) {
			strbuf_addch(sb, '\\');
			strbuf_addch(sb, to[found - from]);
		} else if (n == 0 || rune < ' ' || rune == 0x7f) {
			strbuf_addf(sb, "\\x%02x", (unsigned char)str[at]);
		} else if (rune == 0xfeff || (rune >= 0x80 && rune < 0xa1) ||
			   rune == 0xad || (rune >= 0x2000 && rune < 0x2010) ||
			   (rune >= 0x2028 && rune < 0x2030)) {
			strbuf_addf(sb, "\\u%04x", (unsigned int)rune);
		} else {
			strbuf_add(sb, str + at, n);
		}
		n = n ? n : 1;
	}
	strbuf_addch(sb, '"');
}

/* Blanks (or zeros, after the sign) up to the width. */
static void
template_add_padded(struct strbuf *sb, const struct template_verb *v,
		    struct strbuf *text, bool is_number)
{
	size_t have = utf8_count(text->buf, text->len);
	size_t pad = (size_t)v->width > have ? (size_t)v->width - have : 0;

	if (v->is_left) {
		strbuf_add(sb, text->buf, text->len);
		strbuf_pad(sb, ' ', pad);
		return;
	}
	if (!v->is_zero) {
		strbuf_pad(sb, ' ', pad);
		strbuf_add(sb, text->buf, text->len);
		return;
	}
	if (is_number && text->len && strchr("+- ", text->buf[0])) {
		strbuf_addch(sb, text->buf[0]);
		strbuf_pad(sb, '0', pad);
		strbuf_add(sb, text->buf + 1, text->len - 1);
		return;
	}
	strbuf_pad(sb, '0', pad);
	strbuf_add(sb, text->buf, text->len);
}

static const char *
template_type_name(const struct node *node)
{
	static const char *const names[NODE_KIND_COUNT] = {
		[NODE_NULL] = "<nil>",
		[NODE_BOOL] = "bool",
		[NODE_INT] = "int",
		[NODE_FLOAT] = "float64",
		[NODE_STR] = "string",
		[NODE_ARR] = "[]interface {}",
		[NODE_OBJ] = "map[string]interface {}",
	};

	return names[node_kind(node)];
}

/* "%!d(string=hi)": a verb that does not fit its value. */
static void
template_bad_verb(struct strbuf *sb, char verb, const struct node *node)
{
	strbuf_addf(sb, "%%!%c(%s", verb, template_type_name(node));
	if (node_kind(node) != NODE_NULL) {
		strbuf_addch(sb, '=');
		template_print(sb, node);
	}
	strbuf_addch(sb, ')');
}

static void
template_add_digits(struct strbuf *sb, uint64_t value, unsigned int base,
		    bool is_upper)
{
	const char *digits = is_upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char buf[64];
	size_t at = sizeof(buf);

	do
		buf[--at] = digits[value % base];
	while (value /= base);
	strbuf_add(sb, buf + at, sizeof(buf) - at);
}

static void
template_quote_rune(struct strbuf *sb, int64_t rune)
{
	struct strbuf one = STRBUF_INIT, quoted = STRBUF_INIT;

	utf8_add(&one, rune >= 0 && rune <= 0x10ffff ? (uint32_t)rune
						     : UTF8_REPLACEMENT);
	if (rune == '\'') {
		strbuf_addstr(sb, "'\\''");
	} else if (rune == '"') {
		strbuf_addstr(sb, "'\"'");
	} else {
		template_quote(&quoted, one.buf, one.len);
		strbuf_addf(sb, "'%.*s'", (int)quoted.len - 2, quoted.buf + 1);
	}
	strbuf_release(&one);
	strbuf_release(&quoted);
}

/* The prefix "#" asks for, and the base. 0: not a verb for integers. */
static unsigned int
template_int_base(char verb, const char **ret_prefix)
{
	static const struct {
		char verb;
		unsigned int base;
		const char *prefix;
	} bases[] = {
		{ 'v', 10, "" },   { 'd', 10, "" },   { 's', 0, "" },
		{ 'b', 2, "0b" },  { 'o', 8, "0" },   { 'O', 8, "0o" },
		{ 'x', 16, "0x" }, { 'X', 16, "0X" }, { 'U', 16, "U+" },
	};

	for (size_t i = 0; i < ARRAY_LEN(bases); i++) {
		*ret_prefix = bases[i].prefix;
		if (bases[i].verb == verb)
			return bases[i].base;
	}
	return 0;
}

static void
template_format_int(struct strbuf *sb, const struct template_verb *v,
		    const struct node *node)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strbuf struct strbuf digits = STRBUF_INIT;
	struct template_verb fit = *v;
	int64_t value = node_int_or(node, 0);
	uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	const char *prefix;
	unsigned int base = template_int_base(v->verb, &prefix);
	int precision = v->verb == 'U' && v->precision < 4 ? 4 : v->precision;

	if (v->verb == 'c' || v->verb == 'q') {
		if (v->verb == 'q')
			template_quote_rune(&text, value);
		else
			utf8_add(&text,
				 value < 0 ? UTF8_REPLACEMENT : (uint32_t)size);
		template_add_padded(sb, v, &text, false);
		return;
	}
	if (!base) {
		template_bad_verb(sb, v->verb, node);
		return;
	}
	if (value < 0 || v->is_plus || v->is_spaced)
		strbuf_addch(&text, value < 0 ? '-' : v->is_plus ? '+' : ' ');
	if (v->is_sharp || v->verb == 'O' || v->verb == 'U')
		strbuf_addstr(&text, v->verb == 'v' ? "" : prefix);
	template_add_digits(&digits, size, base,
			    v->verb == 'X' || v->verb == 'U');
	if (precision > (int)digits.len)
		strbuf_pad(&text, '0', (size_t)precision - digits.len);
	strbuf_add(&text, digits.buf, digits.len);
	fit.is_zero = v->is_zero && v->precision < 0;
	template_add_padded(sb, &fit, &text, true);
}

/* The fewest digits after the first that read back as the same number. */
static int
template_float_digits(double value)
{
	char buf[40];
	int digits = 0;

	for (; digits < 17; digits++) {
		(void)snprintf(buf, sizeof(buf), "%.*e", digits, value);
		if (strtod(buf, NULL) == value)
			break;
	}
	return digits;
}

static void
template_add_float(struct strbuf *text, const struct template_verb *v,
		   double value)
{
	bool is_general = strchr("vgG", v->verb) != NULL;
	int digits = v->precision;
	int exponent;
	char buf[40];

	if (!is_general) {
		digits = digits < 0 ? 6 : digits;
	} else if (digits < 0) {
		digits = template_float_digits(value);
		(void)snprintf(buf, sizeof(buf), "%.*e", digits, value);
		exponent = (int)strtol(strchr(buf, 'e') + 1, NULL, 10);
		if (exponent < -4 || exponent >= 6)
			strbuf_addf(text, v->verb == 'G' ? "%.*E" : "%.*e",
				    digits, value);
		else
			strbuf_addf(text, "%.*f",
				    digits > exponent ? digits - exponent : 0,
				    value);
		return;
	}
	switch (v->verb) {
	case 'e':
		strbuf_addf(text, "%.*e", digits, value);
		return;
	case 'E':
		strbuf_addf(text, "%.*E", digits, value);
		return;
	case 'G':
		strbuf_addf(text, "%.*G", digits, value);
		return;
	case 'v':
	case 'g':
		strbuf_addf(text, "%.*g", digits, value);
		return;
	default:
		strbuf_addf(text, "%.*f", digits, value);
		return;
	}
}

static void
template_format_float(struct strbuf *sb, const struct template_verb *v,
		      const struct node *node)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct template_verb fit = *v;
	double value = node_float_or(node, 0);

	if (!strchr("vgGeEfF", v->verb)) {
		template_bad_verb(sb, v->verb, node);
		return;
	}
	if (!signbit(value) && (v->is_plus || v->is_spaced))
		strbuf_addch(&text, v->is_plus ? '+' : ' ');
	if (isfinite(value)) {
		template_add_float(&text, v, value);
	} else {
		fit.is_zero = false;
		strbuf_addstr(&text, isnan(value)                 ? "NaN"
				     : value < 0                  ? "-Inf"
				     : v->is_plus || v->is_spaced ? "Inf"
								  : "+Inf");
	}
	template_add_padded(sb, &fit, &text, true);
}

/* The first @count code points, all when negative. */
static size_t
template_cut(const struct node *node, int count)
{
	size_t at = 0;

	for (; at < node->str_len && count; count--) {
		uint32_t rune;

		at += utf8_decode_lossy(node->text + at, node->str_len - at,
					&rune);
	}
	return at;
}

static void
template_format_str(struct strbuf *sb, const struct template_verb *v,
		    const struct node *node)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	size_t len = template_cut(node, v->precision);

	switch (v->verb) {
	case 'v':
		if (v->is_sharp) {
			template_quote(&text, node->text, len);
			break;
		}
		/* fallthrough */
	case 's':
		strbuf_add(&text, node->text, len);
		break;
	case 'q':
		if (v->is_sharp && !memchr(node->text, '`', len))
			strbuf_addf(&text, "`%.*s`", (int)len, node->text);
		else
			template_quote(&text, node->text, len);
		break;
	case 'x':
	case 'X':
		for (size_t i = 0; i < len; i++)
			strbuf_addf(&text, v->verb == 'x' ? "%s%02x" : "%s%02X",
				    i && v->is_spaced ? " " : "",
				    (unsigned char)node->text[i]);
		break;
	default:
		template_bad_verb(sb, v->verb, node);
		return;
	}
	template_add_padded(sb, v, &text, false);
}

static void
template_format_bool(struct strbuf *sb, const struct template_verb *v,
		     const struct node *node)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct template_verb fit = *v;

	if (v->verb != 't' && v->verb != 'v') {
		template_bad_verb(sb, v->verb, node);
		return;
	}
	fit.is_zero = false;
	strbuf_addstr(&text, node_bool_or(node, false) ? "true" : "false");
	template_add_padded(sb, &fit, &text, false);
}

static void
template_format_null(struct strbuf *sb, const struct template_verb *v,
		     const struct node *node)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;

	if (node_tag(node)) {
		strbuf_addstr(sb, node_tag(node));
		return;
	}
	if (v->verb != 'v') {
		strbuf_addf(sb, "%%!%c(<nil>)", v->verb);
		return;
	}
	strbuf_addstr(&text, "<nil>");
	template_add_padded(sb, v, &text, false);
}

/* The verb goes to what is in the list. */
static void
template_format_list(struct strbuf *sb, const struct template_verb *v,
		     const struct node *node)
{
	cleanup_strvec struct strvec keys = STRVEC_INIT;

	if (node_kind(node) == NODE_ARR) {
		strbuf_addch(sb, '[');
		for (size_t i = 0; i < node_len(node); i++) {
			if (i)
				strbuf_addch(sb, ' ');
			template_format(sb, v, node_at(node, i));
		}
		strbuf_addch(sb, ']');
		return;
	}
	template_sorted_keys(node, &keys);
	strbuf_addstr(sb, "map[");
	for (size_t i = 0; i < keys.len; i++) {
		cleanup_node struct node *key = node_new_str(keys.v[i]);

		if (i)
			strbuf_addch(sb, ' ');
		template_format(sb, v, key);
		strbuf_addch(sb, ':');
		template_format(sb, v, node_get(node, keys.v[i]));
	}
	strbuf_addch(sb, ']');
}

static void
template_format(struct strbuf *sb, const struct template_verb *v,
		const struct node *node)
{
	switch (node_kind(node)) {
	case NODE_BOOL:
		template_format_bool(sb, v, node);
		return;
	case NODE_INT:
		template_format_int(sb, v, node);
		return;
	case NODE_FLOAT:
		template_format_float(sb, v, node);
		return;
	case NODE_STR:
		template_format_str(sb, v, node);
		return;
	case NODE_ARR:
	case NODE_OBJ:
		template_format_list(sb, v, node);
		return;
	default:
		template_format_null(sb, v, node);
		return;
	}
}

void
template_print(struct strbuf *sb, const struct node *node)
{
	template_format(sb, &template_plain, node);
}

void
template_print_all(struct strbuf *sb, const struct template_value *args,
		   size_t arg_count)
{
	for (size_t i = 0; i < arg_count; i++) {
		if (i && node_kind(args[i].node) != NODE_STR &&
		    node_kind(args[i - 1].node) != NODE_STR)
			strbuf_addch(sb, ' ');
		template_print(sb, args[i].node);
	}
}

/* printf. */

struct template_printer {
	struct strbuf *sb;
	const char *at;
	const struct template_value *args;
	size_t arg_count;
	size_t next;
};

static void
template_read_flags(struct template_printer *p, struct template_verb *v)
{
	for (;; p->at++) {
		switch (*p->at) {
		case '-':
			v->is_left = true;
			continue;
		case '+':
			v->is_plus = true;
			continue;
		case '#':
			v->is_sharp = true;
			continue;
		case ' ':
			v->is_spaced = true;
			continue;
		case '0':
			v->is_zero = true;
			continue;
		default:
			return;
		}
	}
}

/* Digits or '*'; false (and what Go prints for it) when out of bounds. */
static bool
template_read_number(struct template_printer *p, const char *bad, int *number)
{
	int64_t value = 0;

	if (*p->at == '*') {
		const struct node *arg =
			p->next < p->arg_count ? p->args[p->next++].node : NULL;

		p->at++;
		value = node_int_or(arg, INT64_MAX);
	} else {
		for (; text_is_digit(*p->at); p->at++)
			if (value <= TEMPLATE_MAX_WIDTH)
				value = value * 10 + (*p->at - '0');
	}
	if (value > TEMPLATE_MAX_WIDTH || value < -TEMPLATE_MAX_WIDTH) {
		strbuf_addstr(p->sb, bad);
		return false;
	}
	*number = (int)value;
	return true;
}

/* One directive, after its '%'. */
static void
template_print_directive(struct template_printer *p)
{
	struct template_verb v = template_plain;

	template_read_flags(p, &v);
	(void)template_read_number(p, "%!(BADWIDTH)", &v.width);
	if (v.width < 0) {
		v.is_left = true;
		v.width = -v.width;
	}
	if (*p->at == '.') {
		p->at++;
		v.precision = 0;
		if (!template_read_number(p, "%!(BADPREC)", &v.precision) ||
		    v.precision < 0)
			v.precision = -1;
	}
	if (!*p->at) {
		strbuf_addstr(p->sb, "%!(NOVERB)");
		return;
	}
	v.verb = *p->at++;
	v.is_zero = v.is_zero && !v.is_left;
	if (v.verb == '%')
		strbuf_addch(p->sb, '%');
	else if (p->next >= p->arg_count)
		strbuf_addf(p->sb, "%%!%c(MISSING)", v.verb);
	else if (v.verb == 'T')
		strbuf_addstr(p->sb,
			      template_type_name(p->args[p->next++].node));
	else
		template_format(p->sb, &v, p->args[p->next++].node);
}

void
template_printf(struct strbuf *sb, const char *format,
		const struct template_value *args, size_t arg_count)
{
	struct template_printer p = {
		.sb = sb, .at = format, .args = args, .arg_count = arg_count
	};

	while (*p.at) {
		size_t plain = strcspn(p.at, "%");

		strbuf_add(sb, p.at, plain);
		p.at += plain;
		if (*p.at == '%') {
			p.at++;
			template_print_directive(&p);
		}
	}
	if (p.next >= arg_count)
		return;
	strbuf_addstr(sb, "%!(EXTRA ");
	for (size_t i = p.next; i < arg_count; i++) {
		if (i > p.next)
			strbuf_addstr(sb, ", ");
		strbuf_addstr(sb, template_type_name(args[i].node));
		if (node_kind(args[i].node) != NODE_NULL) {
			strbuf_addch(sb, '=');
			template_print(sb, args[i].node);
		}
	}
	strbuf_addch(sb, ')');
}
