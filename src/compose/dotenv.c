/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/dotenv.c - .env files as Compose reads them.
 */
#include "compose/dotenv.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "data/expand.h"

#define BOM "\xef\xbb\xbf"

struct reader {
	const char *text; /* NUL-terminated */
	const char *at;
	const char *name;
	dotenv_lookup_fn lookup;
	void *arg;
	struct dotenv *dotenv;
	struct err *err;
};

void
dotenv_release(struct dotenv *dotenv)
{
	for (size_t i = 0; i < dotenv->len; i++) {
		free(dotenv->items[i].key);
		free(dotenv->items[i].value);
	}
	free(dotenv->items);
	*dotenv = (struct dotenv)DOTENV_INIT;
}

const char *
dotenv_get(const struct dotenv *dotenv, const char *key)
{
	for (size_t i = dotenv->len; i; i--)
		if (!strcmp(dotenv->items[i - 1].key, key))
			return dotenv->items[i - 1].value;
	return NULL;
}

static int
line_at(const struct reader *r, const char *at, int *ret_col)
{
	int line = 1;

	*ret_col = 1;
	for (const char *p = r->text; p < at; p++) {
		++*ret_col;
		if (*p == '\n') {
			line++;
			*ret_col = 1;
		}
	}
	return line;
}

static int
fail(const struct reader *r, const char *at, const char *what)
{
	int col;
	int line = line_at(r, at, &col);

	return err_set(r->err, EINVAL, "%s:%d:%d: %s", r->name, line, col,
		       what);
}

static void
skip_blanks(struct reader *r)
{
	r->at += strspn(r->at, " \t");
}

static void
skip_line(struct reader *r)
{
	r->at += strcspn(r->at, "\n");
	r->at += *r->at == '\n';
}

static const char *
get_value(void *arg, const char *name)
{
	const struct reader *r = arg;
	const char *value = r->lookup ? r->lookup(r->arg, name) : NULL;

	return value ? value : dotenv_get(r->dotenv, name);
}

static int
add(struct reader *r, const char *start, struct span key, const char *value)
{
	int col;

	array_push(r->dotenv->items, r->dotenv->len, r->dotenv->cap,
		   (struct dotenv_entry){ span_dup(key), xstrdup(value),
					  line_at(r, start, &col) });
	return 0;
}

static int
add_expanded(struct reader *r, const char *start, struct span key,
	     const char *value)
{
	const struct expand_opts opts = {
		.mode = EXPAND_COMPOSE,
		.get = get_value,
		.arg = r,
	};
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	int col, line = line_at(r, start, &col);
	int res = expand_vars(value, &opts, &out, NULL, r->err);

	/* What is missing is a variable, not the file. */
	if (res == -ENOENT)
		res = -EINVAL;
	if (res < 0)
		return err_wrap(r->err, res, "%s:%d:%d", r->name, line, col);
	return add(r, start, key, out.buf);
}

/* After a closing quote only a comment may follow; what does is dropped. */
static int
end_quoted(struct reader *r)
{
	skip_blanks(r);
	if (*r->at == '\r')
		r->at++;
	if (*r->at && *r->at != '\n' && *r->at != '#')
		return fail(r, r->at,
			    "only a comment may follow the closing quote");
	skip_line(r);
	return 0;
}

static int
read_single(struct reader *r, const char *start, struct span key)
{
	cleanup_strbuf struct strbuf value = STRBUF_INIT;
	const char *open = r->at++;

	for (; *r->at != '\''; r->at++) {
		if (!*r->at)
			return fail(r, open, "this quote is never closed");
		if (*r->at == '\\' && r->at[1] == '\'')
			r->at++;
		strbuf_addch(&value, *r->at);
	}
	r->at++;
	(void)add(r, start, key, value.buf);
	return end_quoted(r);
}

/* "\0" and up to three octal digits. */
static char
read_octal(struct reader *r)
{
	int value = 0;

	for (int i = 0; i < 3 && r->at[1] >= '0' && r->at[1] <= '7'; i++)
		value = value * 8 + (*++r->at - '0');
	return (char)value;
}

static void
read_escape(struct reader *r, struct strbuf *value)
{
	static const char from[] = "nrtabfv\\\"";
	static const char to[] = "\n\r\t\a\b\f\v\\\"";
	const char *at;

	r->at++;
	at = *r->at ? strchr(from, *r->at) : NULL;
	if (at) {
		strbuf_addch(value, to[at - from]);
	} else if (*r->at == '$') {
		strbuf_addstr(value, "$$");
	} else if (*r->at == '0') {
		char c = read_octal(r);

		if (c)
			strbuf_addch(value, c);
	} else {
		strbuf_addch(value, '\\');
		r->at--;
	}
}

static int
read_double(struct reader *r, const char *start, struct span key)
{
	cleanup_strbuf struct strbuf value = STRBUF_INIT;
	const char *open = r->at++;
	int res;

	for (; *r->at != '"'; r->at++) {
		if (!*r->at)
			return fail(r, open, "this quote is never closed");
		if (*r->at == '\\')
			read_escape(r, &value);
		else
			strbuf_addch(&value, *r->at);
	}
	r->at++;
	res = add_expanded(r, start, key, value.buf);
	return res < 0 ? res : end_quoted(r);
}

static int
read_plain(struct reader *r, const char *start, struct span key)
{
	struct span value = span_new(r->at, strcspn(r->at, "\n"));
	cleanup_free char *text = NULL;

	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] == '#' && strchr(" \t", (value.ptr + i)[-1])) {
			value.len = i;
			break;
		}
	skip_line(r);
	text = span_dup(span_trim(value));
	return add_expanded(r, start, key, text);
}

static bool
is_key_char(char c)
{
	return text_is_alnum(c) || (c && strchr("_.-[]", c));
}

/* KEY alone: as it is around, or not at all. */
static int
inherit(struct reader *r, const char *start, struct span key)
{
	cleanup_free char *name = span_dup(key);
	const char *value = get_value(r, name);

	return value ? add(r, start, key, value) : 0;
}

static int
read_line(struct reader *r)
{
	const char *start = r->at;
	struct span key;

	if (text_starts(r->at, "export ") || text_starts(r->at, "export\t")) {
		r->at += strlen("export");
		skip_blanks(r);
	}
	key.ptr = r->at;
	while (is_key_char(*r->at))
		r->at++;
	key.len = (size_t)(r->at - key.ptr);
	skip_blanks(r);
	if (*r->at == '\r')
		r->at++;
	if (key.len && (!*r->at || *r->at == '\n' || *r->at == '#')) {
		skip_line(r);
		return inherit(r, start, key);
	}
	if (!key.len || (*r->at != '=' && *r->at != ':')) {
		const char *at =
			key.len && is_key_char(*r->at) ? key.ptr : r->at;

		(void)fail(
			r, at,
			at == key.ptr && key.len
				? "a variable's name may hold no blanks"
				: "unexpected character in a variable's name");
		err_hint(r->err, "write KEY=value");
		return -EINVAL;
	}
	r->at++;
	skip_blanks(r);
	if (*r->at == '\'')
		return read_single(r, start, key);
	if (*r->at == '"')
		return read_double(r, start, key);
	return read_plain(r, start, key);
}

int
dotenv_read(struct span text, const char *name, dotenv_lookup_fn lookup,
	    void *arg, struct dotenv *dotenv, struct err *err)
{
	cleanup_free char *copy = NULL;
	struct reader r = {
		.name = name,
		.lookup = lookup,
		.arg = arg,
		.dotenv = dotenv,
		.err = err,
	};
	int res = 0;

	if (!text_is_utf8(text.ptr, text.len))
		return err_set(err, EINVAL, "%s:1:1: this is no UTF-8 text",
			       name);
	copy = span_dup(text);
	r.text = copy;
	r.at = text_starts(copy, BOM) ? copy + strlen(BOM) : copy;
	while (res == 0 && *r.at) {
		r.at += strspn(r.at, " \t\r\n");
		if (*r.at == '#')
			skip_line(&r);
		else if (*r.at)
			res = read_line(&r);
	}
	return res;
}
