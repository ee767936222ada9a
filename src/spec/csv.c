/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/csv.c - one line of comma-separated fields, quoted as in RFC 4180.
 */
#include "spec/csv.h"

#include <errno.h>
#include <string.h>

#include "base/strbuf.h"

static int
csv_complain(const char *text, const char *what, struct err *err)
{
	(void)err_set(err, EINVAL, "%s in '%s'", what, text);
	err_hint(err,
		 "quote a whole field that has a comma: \"key=a,b\",other=c");
	return -EINVAL;
}

/* A quoted field; @at stands after its first quote. Returns its end. */
static const char *
csv_read_quoted(const char *at, struct strbuf *field)
{
	for (; *at; at++) {
		if (*at == '"' && *++at != '"')
			return at;
		strbuf_addch(field, *at);
	}
	return NULL;
}

int
csv_split(const char *text, struct strvec *fields, struct err *err)
{
	const char *at = text;

	while (*text) {
		cleanup_strbuf struct strbuf field = STRBUF_INIT;

		if (*at == '"') {
			at = csv_read_quoted(at + 1, &field);
			if (!at)
				return csv_complain(text, "quote without end",
						    err);
			if (*at && *at != ',')
				return csv_complain(
					text, "text after a closing quote",
					err);
		} else {
			size_t len = strcspn(at, ",");

			if (memchr(at, '"', len))
				return csv_complain(text, "bare quote", err);
			strbuf_add(&field, at, len);
			at += len;
		}
		strvec_add(fields, field.buf);
		if (!*at)
			break;
		at++;
	}
	return 0;
}

char *
csv_cut_value(char *field)
{
	char *value = strchr(field, '=');

	if (!value)
		return NULL;
	*value = '\0';
	return value + 1;
}
