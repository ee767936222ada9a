/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/url.c - where a request goes.
 */
#include "registry/url.h"

#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "spec/ref.h"

#define URL_GET_FLAGS (CURLU_DEFAULT_PORT)
#define URL_SET_FLAGS (CURLU_DISALLOW_USER)

void
url_release(struct url *url)
{
	free(take_ptr(url->text));
	free(take_ptr(url->scheme));
	free(take_ptr(url->host));
	free(take_ptr(url->port));
}

void
url_copy(struct url *to, const struct url *from)
{
	struct url copy = {
		.text = xstrdup(from->text),
		.scheme = xstrdup(from->scheme),
		.host = xstrdup(from->host),
		.port = xstrdup(from->port),
	};

	url_release(to);
	*to = copy;
}

static char *
url_part(CURLU *handle, CURLUPart part, unsigned int flags)
{
	char *text = NULL, *copy;

	if (curl_url_get(handle, part, &text, flags) != CURLUE_OK)
		return NULL;
	copy = xstrdup(text);
	curl_free(text);
	return copy;
}

static void
url_lower(char *text)
{
	for (; text && *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

/* Control characters and blanks have no place in a URL, encoded or not at
 * all: libcurl would pass some of them on. */
static bool
url_text_is_clean(const char *text)
{
	size_t len = strlen(text);

	if (!len || len > URL_MAX_BYTES)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f ||
		    text[i] == '\\')
			return false;
	return true;
}

static int
url_read(CURLU *handle, const char *text, struct url *ret_url, struct err *err)
{
	cleanup_url struct url url = URL_INIT;

	if (!url_text_is_clean(text) ||
	    curl_url_set(handle, CURLUPART_URL, text, URL_SET_FLAGS) !=
		    CURLUE_OK)
		return err_set(err, EPROTO, "'%.200s' is not a usable URL",
			       text);
	(void)curl_url_set(handle, CURLUPART_FRAGMENT, NULL, 0);
	url.text = url_part(handle, CURLUPART_URL, 0);
	url.scheme = url_part(handle, CURLUPART_SCHEME, 0);
	url.host = url_part(handle, CURLUPART_HOST, 0);
	url.port = url_part(handle, CURLUPART_PORT, URL_GET_FLAGS);
	url_lower(url.scheme);
	url_lower(url.host);
	if (!url.text || !url.scheme || !url.host || !*url.host || !url.port ||
	    (strcmp(url.scheme, "http") != 0 &&
	     strcmp(url.scheme, "https") != 0))
		return err_set(err, EPROTO, "'%.200s' is not an http URL",
			       text);
	*ret_url = url;
	url = (struct url)URL_INIT;
	return 0;
}

int
url_parse(const char *text, struct url *ret_url, struct err *err)
{
	CURLU *handle = curl_url();
	int r;

	if (!handle)
		return err_set(err, ENOMEM, "out of memory");
	r = url_read(handle, text, ret_url, err);
	curl_url_cleanup(handle);
	return r;
}

int
url_resolve(const struct url *base, const char *location, struct url *ret_url,
	    struct err *err)
{
	CURLU *handle = curl_url();
	int r;

	if (!handle)
		return err_set(err, ENOMEM, "out of memory");
	if (curl_url_set(handle, CURLUPART_URL, base->text, 0) != CURLUE_OK)
		r = err_set(err, EPROTO, "'%.200s' is not a URL", base->text);
	else
		r = url_read(handle, location, ret_url, err);
	curl_url_cleanup(handle);
	return r;
}

bool
url_same_host(const struct url *a, const struct url *b)
{
	return !strcmp(a->host, b->host);
}

bool
url_same_origin(const struct url *a, const struct url *b)
{
	return url_same_host(a, b) && !strcmp(a->scheme, b->scheme) &&
	       !strcmp(a->port, b->port);
}

bool
url_is_https(const struct url *url)
{
	return !strcmp(url->scheme, "https");
}

bool
url_is_loopback(const struct url *url)
{
	const struct ref ref = { .domain = url->host };

	return ref_is_loopback(&ref);
}
