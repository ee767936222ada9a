/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/auth_challenge.c - what a registry asks for: WWW-Authenticate.
 *
 * A header is a list of schemes and parameters, both separated by commas: a
 * word that is followed by '=' and a value is a parameter of the scheme
 * before it, any other word begins the next challenge.
 */
#include "registry/auth_challenge.h"

#include <string.h>
#include <strings.h>

#include "base/strbuf.h"
#include "base/text.h"

void
auth_challenge_release(struct auth_challenge *challenge)
{
	free(take_ptr(challenge->realm));
	free(take_ptr(challenge->service));
	free(take_ptr(challenge->scope));
	free(take_ptr(challenge->error));
	challenge->scheme = AUTH_SCHEME_NONE;
}

static bool
challenge_is_token(char c)
{
	return text_is_alnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static struct span
challenge_word(struct span *rest)
{
	size_t len = 0;

	while (len < rest->len && challenge_is_token(rest->ptr[len]))
		len++;
	*rest = span_skip(*rest, len);
	return span_new(rest->ptr - len, len);
}

static void
challenge_skip_blanks(struct span *rest)
{
	while (rest->len && (*rest->ptr == ' ' || *rest->ptr == '\t'))
		*rest = span_skip(*rest, 1);
}

/* The text of a quoted-string whose first quote is passed, or false. */
static bool
challenge_quoted(struct span *rest, struct strbuf *text)
{
	while (rest->len) {
		char c = *rest->ptr;

		*rest = span_skip(*rest, 1);
		if (c == '"')
			return true;
		if (c == '\\' && rest->len) {
			c = *rest->ptr;
			*rest = span_skip(*rest, 1);
		}
		if ((unsigned char)c < ' ' || c == 0x7f)
			return false;
		strbuf_addch(text, c);
	}
	return false;
}

static enum auth_scheme
challenge_scheme(struct span word)
{
	if (word.len == 5 && !strncasecmp(word.ptr, "Basic", 5))
		return AUTH_SCHEME_BASIC;
	if (word.len == 6 && !strncasecmp(word.ptr, "Bearer", 6))
		return AUTH_SCHEME_BEARER;
	return AUTH_SCHEME_NONE;
}

/* The first of two parameters with one name counts. */
static void
challenge_set(struct auth_challenge *challenge, struct span name,
	      const struct strbuf *value)
{
	const struct {
		const char *name;
		char **to;
	} known[] = {
		{ "realm", &challenge->realm },
		{ "service", &challenge->service },
		{ "scope", &challenge->scope },
		{ "error", &challenge->error },
	};

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (name.len == strlen(known[i].name) &&
		    !strncasecmp(name.ptr, known[i].name, name.len) &&
		    !*known[i].to)
			*known[i].to = xstrdup(value->buf);
}

/* The value after '='; false when there is none that makes sense. */
static bool
challenge_value(struct span *rest, struct strbuf *value)
{
	struct span word;

	challenge_skip_blanks(rest);
	if (rest->len && *rest->ptr == '"') {
		*rest = span_skip(*rest, 1);
		return challenge_quoted(rest, value);
	}
	word = challenge_word(rest);
	strbuf_add(value, word.ptr, word.len);
	return word.len > 0;
}

/* Keep the better one of @challenge (emptied) and @best. */
static void
challenge_offer(struct auth_challenge *challenge, struct auth_challenge *best)
{
	bool usable =
		challenge->scheme == AUTH_SCHEME_BASIC ||
		(challenge->scheme == AUTH_SCHEME_BEARER && challenge->realm);

	if (usable && challenge->scheme > best->scheme) {
		auth_challenge_release(best);
		*best = *challenge;
		*challenge = (struct auth_challenge)AUTH_CHALLENGE_INIT;
	} else {
		auth_challenge_release(challenge);
	}
}

void
auth_challenge_read(struct span value, struct auth_challenge *io_challenge)
{
	struct auth_challenge now = AUTH_CHALLENGE_INIT;
	struct span rest = value;

	while (rest.len) {
		cleanup_strbuf struct strbuf text = STRBUF_INIT;
		struct span word;

		challenge_skip_blanks(&rest);
		word = challenge_word(&rest);
		challenge_skip_blanks(&rest);
		if (word.len && rest.len && *rest.ptr == '=') {
			rest = span_skip(rest, 1);
			if (challenge_value(&rest, &text))
				challenge_set(&now, word, &text);
		} else if (word.len) {
			challenge_offer(&now, io_challenge);
			now.scheme = challenge_scheme(word);
			continue;
		}
		/* A token68 or worse: on to the next comma. */
		rest = span_skip(rest, span_find(rest, ','));
		if (rest.len)
			rest = span_skip(rest, 1);
	}
	challenge_offer(&now, io_challenge);
}
