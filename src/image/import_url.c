/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/import_url.c - a root file system's archive from the web.
 */
#include "image/import_url.h"

#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/io.h"
#include "base/text.h"
#include "base/units.h"
#include "registry/http.h"

#define IMPORT_MAX_REDIRECTS 5
#define IMPORT_STEP_NAME "archive"

struct download {
	struct engine *engine;
	struct url origin; /* what authorization is bound to (rule R5) */
	struct import_url_info *info; /* or NULL */
	int fd;
	uint64_t bytes;
	int64_t told_ns;
};

static int
download_tick(void *data)
{
	return engine_check_stop(NULL);
}

bool
import_url_is(const char *input)
{
	return input && (text_starts(input, "http://") ||
			 text_starts(input, "https://"));
}

/* http_request.sink */
static ssize_t
download_take(void *data, const char *bytes, size_t len)
{
	struct download *download = data;
	int64_t now = units_monotonic_ns();
	int r = io_write_all(download->fd, bytes, len);

	if (r < 0)
		return r;
	download->bytes += len;
	if (now - download->told_ns > UNITS_NS_PER_S / 10) {
		download->told_ns = now;
		engine_step(download->engine, IMPORT_STEP_NAME, "Downloading",
			    download->bytes, 0);
	}
	return (ssize_t)len;
}

static int
err_status(const struct url *url, int status, struct err *err)
{
	int code = status == 404 || status == 410   ? ENOENT
		   : status == 401 || status == 403 ? EACCES
						    : EPROTO;

	return err_set(err, code, "'%s' answers with status %d", url->text,
		       status);
}

/* The last component of the path, if there is one. */
static char *
name_of_url(const struct url *url)
{
	const char *path = strchr(url->text + strcspn(url->text, ":") + 3, '/');
	const char *slash;
	size_t len;

	if (!path)
		return NULL;
	len = strcspn(path, "?#");
	for (slash = path + len; slash > path && slash[-1] != '/'; slash--)
		;
	len -= (size_t)(slash - path);
	return len ? xstrndup(slash, len) : NULL;
}

/* "attachment; filename=\"x.tar\"" */
static char *
name_of_header(const char *text)
{
	const char *at = text ? strcasestr(text, "filename=") : NULL;
	size_t len;

	if (!at)
		return NULL;
	at += strlen("filename=");
	at += *at == '"';
	len = strcspn(at, "\";");
	return len ? xstrndup(at, len) : NULL;
}

static int64_t
time_of_header(const char *text)
{
	struct tm tm = { .tm_sec = 0 };
	const char *end =
		text ? strptime(text, "%a, %d %b %Y %H:%M:%S GMT", &tm) : NULL;

	return end && !*end ? (int64_t)timegm(&tm) : -1;
}

static bool
is_plain_name(const char *name)
{
	return name && *name && !strchr(name, '/') && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

static void
note_info(const struct http_request *request, const struct url *url,
	  struct import_url_info *info)
{
	cleanup_free char *given =
		name_of_header(http_header(request, "Content-Disposition", 0));

	if (!info)
		return;
	info->mtime = time_of_header(http_header(request, "Last-Modified", 0));
	info->name = is_plain_name(given) ? take_ptr(given) : name_of_url(url);
	if (info->name && !is_plain_name(info->name))
		free(take_ptr(info->name));
}

/* Returns 1 and the place to go to, 0 when all was received. */
static int
download_once(struct http *http, const struct url *url,
	      struct download *download, struct url *ret_next, struct err *err)
{
	struct http_tls tls = HTTP_TLS_INIT;
	cleanup_http_request struct http_request request = HTTP_REQUEST_INIT;
	const char *who = download->engine->request.authorization;
	const char *place;
	int r;

	if (who && url_same_origin(url, &download->origin))
		strvec_addf(&request.headers, "Authorization: %s", who);
	request.url = url;
	request.tls = &tls;
	request.sink = download_take;
	request.sink_data = download;
	request.max_body = HTTP_MAX_ERROR_BODY;
	r = http_perform(http, &request, err);
	if (r < 0)
		return r;
	if (request.failure) {
		if (err)
			*err = request.err;
		return request.failure;
	}
	if (request.status == 200) {
		note_info(&request, url, download->info);
		return 0;
	}
	place = http_header(&request, "Location", 0);
	if (request.status < 300 || request.status > 399 || !place)
		return err_status(url, request.status, err);
	r = url_resolve(url, place, ret_next, err);
	if (r < 0)
		return r;
	if (url_is_https(url) && !url_is_https(ret_next))
		return err_set(err, EACCES,
			       "'%s' leads to an address without TLS",
			       url->text);
	return 1;
}

static int
download_all(struct http *http, struct url *url, struct download *download,
	     struct err *err)
{
	for (int i = 0; i <= IMPORT_MAX_REDIRECTS; i++) {
		cleanup_url struct url next = URL_INIT;
		int r = download_once(http, url, download, &next, err);

		if (r <= 0)
			return r;
		url_release(url);
		*url = next;
		next = (struct url)URL_INIT;
	}
	return err_set(err, EPROTO, "too many redirects");
}

int
import_url_get(struct engine *engine, const char *text, int fd,
	       struct import_url_info *ret_info, struct err *err)
{
	struct download download = { .engine = engine,
				     .info = ret_info,
				     .fd = fd };
	cleanup_url struct url url = URL_INIT;
	struct http *http;
	int r;

	r = url_parse(text, &url, err);
	if (r < 0)
		return r;
	url_copy(&download.origin, &url);
	http = http_new(download_tick, NULL);
	r = download_all(http, &url, &download, err);
	http_free(http);
	url_release(&download.origin);
	return r;
}
