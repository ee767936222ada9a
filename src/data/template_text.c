/* SPDX-License-Identifier: Apache-2.0 */
/*
 * data/template_text.c - functions of a template that make texts.
 *
 * Go's own, then Docker's. Lower and upper know ASCII.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/template_priv.h"
#include "data/utf8.h"

/* Printing and escaping. */

static int
template_func_print(struct template_run *run, const struct template_value *args,
		    size_t arg_count, struct template_value *ret_value)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	template_print_all(&sb, args, arg_count);
	return template_run_keep_str(run, &sb, ret_value);
}

static int
template_func_println(struct template_run *run,
		      const struct template_value *args, size_t arg_count,
		      struct template_value *ret_value)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < arg_count; i++) {
		if (i)
			strbuf_addch(&sb, ' ');
		template_print(&sb, args[i].node);
	}
	strbuf_addch(&sb, '\n');
	return template_run_keep_str(run, &sb, ret_value);
}

static int
template_func_printf(struct template_run *run,
		     const struct template_value *args, size_t arg_count,
		     struct template_value *ret_value)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const char *format = NULL;
	int r = template_want_str(run, &args[0], &format);

	if (r < 0)
		return r;
	template_printf(&sb, format, args + 1, arg_count - 1);
	return template_run_keep_str(run, &sb, ret_value);
}

static int
template_func_html(struct template_run *run, const struct template_value *args,
		   size_t arg_count, struct template_value *ret_value)
{
	static const char from[] = "\"'&<>";
	static const char *const to[] = { "&#34;", "&#39;", "&amp;", "&lt;",
					  "&gt;" };
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	template_print_all(&text, args, arg_count);
	for (const char *p = text.buf; *p; p++) {
		const char *found = strchr(from, *p);

		if (found)
			strbuf_addstr(&sb, to[found - from]);
		else
			strbuf_addch(&sb, *p);
	}
	return template_run_keep_str(run, &sb, ret_value);
}

static int
template_func_js(struct template_run *run, const struct template_value *args,
		 size_t arg_count, struct template_value *ret_value)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	template_print_all(&text, args, arg_count);
	for (const char *p = text.buf; *p; p++) {
		if (strchr("\\'\"", *p))
			strbuf_addf(&sb, "\\%c", *p);
		else if (strchr("<>&=", *p) || (unsigned char)*p < ' ' ||
			 *p == 0x7f)
			strbuf_addf(&sb, "\\u%04X", (unsigned int)*p);
		else
			strbuf_addch(&sb, *p);
	}
	return template_run_keep_str(run, &sb, ret_value);
}

static int
template_func_urlquery(struct template_run *run,
		       const struct template_value *args, size_t arg_count,
		       struct template_value *ret_value)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	template_print_all(&text, args, arg_count);
	for (const char *p = text.buf; *p; p++) {
		if (text_is_alnum(*p) || strchr("-_.~", *p))
			strbuf_addch(&sb, *p);
		else if (*p == ' ')
			strbuf_addch(&sb, '+');
		else
			strbuf_addf(&sb, "%%%02X", (unsigned char)*p);
	}
	return template_run_keep_str(run, &sb, ret_value);
}

static int
template_func_json(struct template_run *run, const struct template_value *args,
		   size_t arg_count, struct template_value *ret_value)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	node_write_json(&sb, args[0].node, NODE_COMPACT);
	return template_run_keep_str(run, &sb, ret_value);
}

/* Docker's strings. */

/* Every code point by itself: Go's Split with an empty separator. */
static void
template_split_runes(struct node *arr, const char *str)
{
	size_t len = strlen(str);

	for (size_t at = 0, n; at < len; at += n) {
		uint32_t rune;

		n = utf8_decode_lossy(str + at, len - at, &rune);
		node_push(arr, node_new_strn(str + at, n));
	}
}

static int
template_func_split(struct template_run *run, const struct template_value *args,
		    size_t arg_count, struct template_value *ret_value)
{
	struct node *arr;
	const char *str = NULL, *sep = NULL, *at;
	int r = template_want_str(run, &args[0], &str);

	if (r == 0)
		r = template_want_str(run, &args[1], &sep);
	if (r < 0)
		return r;
	arr = node_new_arr();
	if (!*sep) {
		template_split_runes(arr, str);
		return template_run_keep(run, arr, ret_value);
	}
	while ((at = strstr(str, sep))) {
		node_push(arr, node_new_strn(str, (size_t)(at - str)));
		str = at + strlen(sep);
	}
	node_push(arr, node_new_str(str));
	return template_run_keep(run, arr, ret_value);
}

static int
template_func_join(struct template_run *run, const struct template_value *args,
		   size_t arg_count, struct template_value *ret_value)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	const struct node *arr = args[0].node;
	const char *sep = NULL, *str = NULL;
	int r = template_want_str(run, &args[1], &sep);

	if (r < 0)
		return r;
	if (node_kind(arr) != NODE_ARR && node_kind(arr) != NODE_NULL)
		return template_run_fail(run, "needs an array, not %s",
					 node_kind_phrase(node_kind(arr)));
	for (size_t i = 0; i < node_len(arr); i++) {
		struct template_value elem = { .node = node_at(arr, i) };

		r = template_want_str(run, &elem, &str);
		if (r < 0)
			return r;
		strbuf_addstr(&sb, i ? sep : "");
		strbuf_addstr(&sb, str);
	}
	return template_run_keep_str(run, &sb, ret_value);
}

static char
template_to_upper(char c)
{
	return text_is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

static char
template_to_lower(char c)
{
	return text_is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static int
template_map_chars(struct template_run *run, const struct template_value *arg,
		   char (*change)(char c), bool only_first,
		   struct template_value *ret_value)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	bool in_word = false;
	const char *str = NULL;
	int r = template_want_str(run, arg, &str);

	if (r < 0)
		return r;
	for (; *str; str++) {
		strbuf_addch(&sb, only_first && in_word ? *str : change(*str));
		/* What Go's strings.Title takes for the inside of a word. */
		in_word = text_is_alnum(*str) || *str == '_' || *str == '\'' ||
			  (unsigned char)*str >= 0x80;
	}
	return template_run_keep_str(run, &sb, ret_value);
}

static int
template_func_title(struct template_run *run, const struct template_value *args,
		    size_t arg_count, struct template_value *ret_value)
{
	return template_map_chars(run, args, template_to_upper, true,
				  ret_value);
}

static int
template_func_lower(struct template_run *run, const struct template_value *args,
		    size_t arg_count, struct template_value *ret_value)
{
	return template_map_chars(run, args, template_to_lower, false,
				  ret_value);
}

static int
template_func_upper(struct template_run *run, const struct template_value *args,
		    size_t arg_count, struct template_value *ret_value)
{
	return template_map_chars(run, args, template_to_upper, false,
				  ret_value);
}

/* pad VALUE BEFORE AFTER: blanks around what is not empty. */
static int
template_func_pad(struct template_run *run, const struct template_value *args,
		  size_t arg_count, struct template_value *ret_value)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int64_t before = 0, after = 0;
	const char *str = NULL;
	int r = template_want_str(run, &args[0], &str);

	if (r == 0)
		r = template_want_int(run, &args[1], &before);
	if (r == 0)
		r = template_want_int(run, &args[2], &after);
	if (r < 0)
		return r;
	if (before < 0 || after < 0 || before > (1 << 20) || after > (1 << 20))
		return template_run_fail(run, "cannot pad by so many");
	if (*str) {
		strbuf_pad(&sb, ' ', (size_t)before);
		strbuf_addstr(&sb, str);
		strbuf_pad(&sb, ' ', (size_t)after);
	}
	return template_run_keep_str(run, &sb, ret_value);
}

static int
template_func_truncate(struct template_run *run,
		       const struct template_value *args, size_t arg_count,
		       struct template_value *ret_value)
{
	const char *str = NULL;
	int64_t want = 0;
	size_t len, cut = 0;
	int r = template_want_str(run, &args[0], &str);

	if (r == 0)
		r = template_want_int(run, &args[1], &want);
	if (r < 0)
		return r;
	if (want < 0)
		return template_run_fail(run, "cannot truncate to %lld",
					 (long long)want);
	/* Bytes, as Docker does, but never half a character. */
	len = strlen(str);
	while (cut < len) {
		uint32_t rune;
		size_t n = utf8_decode_lossy(str + cut, len - cut, &rune);

		if (cut + n > (uint64_t)want)
			break;
		cut += n;
	}
	return template_run_keep(run, node_new_strn(str, cut), ret_value);
}

const struct template_func template_text_funcs[] = {
	{ "html", 0, SIZE_MAX, template_func_html },
	{ "join", 2, 2, template_func_join },
	{ "js", 0, SIZE_MAX, template_func_js },
	{ "json", 1, 1, template_func_json },
	{ "lower", 1, 1, template_func_lower },
	{ "pad", 3, 3, template_func_pad },
	{ "print", 0, SIZE_MAX, template_func_print },
	{ "printf", 1, SIZE_MAX, template_func_printf },
	{ "println", 0, SIZE_MAX, template_func_println },
	{ "split", 2, 2, template_func_split },
	{ "title", 1, 1, template_func_title },
	{ "truncate", 2, 2, template_func_truncate },
	{ "upper", 1, 1, template_func_upper },
	{ "urlquery", 0, SIZE_MAX, template_func_urlquery },
	{ .name = NULL },
};
