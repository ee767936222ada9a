/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/http.c - single HTTP exchanges over one set of connections.
 *
 * A request is idle, then running (it has an exchange in the multi handle),
 * then done. Done requests keep their easy handle for the headers until they
 * are released. HTTP/1.1 only: parallel blobs come over parallel lines, which
 * a single multiplexed one does not outrun, and there is less to go wrong.
 */
#include "registry/http.h"

#include <assert.h>
#include <curl/curl.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/log.h"
#include "base/units.h"
#include "registry/http_priv.h"

#define HTTP_PARALLEL_WAIT_FDS 64

static_assert(LIBCURL_VERSION_NUM >= 0x075500, "libcurl 7.85 or later");

void
http_tls_release(struct http_tls *tls)
{
	strbuf_release(&tls->ca_pem);
	free(take_ptr(tls->client_cert));
	free(take_ptr(tls->client_key));
}

const char *
http_method_name(enum http_method method)
{
	static const char *const names[] = { "GET", "HEAD",  "POST",
					     "PUT", "PATCH", "DELETE" };

	static_assert(ARRAY_LEN(names) == HTTP_METHOD_COUNT, "one each");
	return names[method];
}

struct http *
http_new(int (*tick)(void *data), void *tick_data)
{
	struct http *http = xcalloc(1, sizeof(*http));

	(void)curl_global_init(CURL_GLOBAL_DEFAULT);
	http->multi = curl_multi_init();
	assert(http->multi);
	http->tick = tick;
	http->tick_data = tick_data;
	return http;
}

bool
http_is_stopped(const struct http *http)
{
	return http->stopped;
}

void
http_free(struct http *http)
{
	if (!http)
		return;
	(void)curl_multi_cleanup(http->multi);
	free(http);
}

void
http_request_release(struct http_request *request)
{
	struct http_exchange *ex = take_ptr(request->exchange);

	if (ex) {
		if (!request->done)
			(void)curl_multi_remove_handle(ex->http->multi,
						       ex->easy);
		curl_easy_cleanup(ex->easy);
		curl_slist_free_all(ex->headers);
		free(ex);
	}
	for (size_t i = 0; i < request->headers.len; i++)
		explicit_bzero(request->headers.v[i],
			       strlen(request->headers.v[i]));
	strvec_release(&request->headers);
	if (request->body.len)
		explicit_bzero(request->body.buf, request->body.len);
	strbuf_release(&request->body);
	*request = (struct http_request)HTTP_REQUEST_INIT;
}

int
http_start(struct http *http, struct http_request *request, struct err *err)
{
	struct http_exchange *ex = xcalloc(1, sizeof(*ex));
	int r;

	assert(!request->exchange);
	request->exchange = ex;
	request->done = false;
	request->status = 0;
	ex->http = http;
	ex->easy = curl_easy_init();
	assert(ex->easy);
	r = http_exchange_setup(request, err);
	if (!r && curl_multi_add_handle(http->multi, ex->easy) != CURLM_OK)
		r = err_set(err, EPROTO, "libcurl refuses the request");
	if (r < 0)
		request->done = true; /* it is not in the multi handle */
	else
		log_debug("http: %s %s", http_method_name(request->method),
			  request->url->text);
	return r;
}

void
http_resume(struct http_request *request)
{
	if (!request->held || request->done)
		return;
	request->held = false;
	(void)curl_easy_pause(request->exchange->easy, CURLPAUSE_CONT);
}

/* Take note of what has ended. Returns how many did. */
static int
http_collect(struct http *http)
{
	int left, count = 0;
	CURLMsg *msg;

	while ((msg = curl_multi_info_read(http->multi, &left))) {
		struct http_request *request = NULL;
		CURLcode code = msg->data.result;
		CURL *easy = msg->easy_handle;

		if (msg->msg != CURLMSG_DONE)
			continue;
		(void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &request);
		(void)curl_multi_remove_handle(http->multi, easy);
		http_exchange_finish(request, code);
		log_debug("http: %d %s%s", request->status,
			  request->failure ? "failed: " : "",
			  request->failure ? request->err.text
					   : request->url->host);
		count++;
	}
	return count;
}

static int
http_tick(struct http *http, struct err *err)
{
	int64_t now = units_monotonic_ns();
	int r;

	if (!http->tick ||
	    now - http->ticked_ns < HTTP_TICK_MS * INT64_C(1000000) / 2)
		return 0;
	http->ticked_ns = now;
	r = http->tick(http->tick_data);
	if (r >= 0)
		return 0;
	http->stopped = true;
	return err_code(err, -r, "interrupted");
}

/* Wait for the lines and for @fds. */
static void
http_wait(struct http *http, struct pollfd *fds, size_t fd_count,
	  int timeout_ms)
{
	struct curl_waitfd wait[HTTP_PARALLEL_WAIT_FDS];
	unsigned int count = 0;

	assert(fd_count <= ARRAY_LEN(wait));
	for (size_t i = 0; i < fd_count; i++) {
		struct curl_waitfd *to = &wait[count];

		if (fds[i].fd < 0)
			continue;
		*to = (struct curl_waitfd){ .fd = fds[i].fd };
		if (fds[i].events & POLLIN)
			to->events |= CURL_WAIT_POLLIN;
		if (fds[i].events & POLLOUT)
			to->events |= CURL_WAIT_POLLOUT;
		count++;
	}
	(void)curl_multi_poll(http->multi, wait, count, timeout_ms, NULL);
}

int
http_step(struct http *http, struct pollfd *fds, size_t fd_count,
	  int timeout_ms, struct err *err)
{
	int running = 0;

	if (timeout_ms < 0 || timeout_ms > HTTP_TICK_MS)
		timeout_ms = HTTP_TICK_MS;
	http->held = false;
	(void)curl_multi_perform(http->multi, &running);
	if (!http_collect(http) && !http->held) {
		http_wait(http, fds, fd_count, timeout_ms);
		(void)curl_multi_perform(http->multi, &running);
		(void)http_collect(http);
	}
	/* libcurl does not tell hang-ups of others' descriptors: look here. */
	if (fd_count)
		(void)poll(fds, fd_count, 0);
	return http_tick(http, err);
}

int
http_perform(struct http *http, struct http_request *request, struct err *err)
{
	int r = http_start(http, request, err);

	while (!r && !request->done)
		r = http_step(http, NULL, 0, HTTP_TICK_MS, err);
	return r;
}

int
http_sleep(struct http *http, int64_t delay_ns, struct err *err)
{
	int64_t end = units_monotonic_ns() + delay_ns;
	int r = 0;

	while (!r) {
		int64_t left_ms = (end - units_monotonic_ns()) / 1000000;

		if (left_ms <= 0)
			return 0;
		r = http_step(http, NULL, 0,
			      left_ms < HTTP_TICK_MS ? (int)left_ms
						     : HTTP_TICK_MS,
			      err);
	}
	return r;
}

const char *
http_header(const struct http_request *request, const char *name, size_t index)
{
	struct curl_header *header = NULL;

	if (!request->exchange ||
	    curl_easy_header(request->exchange->easy, name, index, CURLH_HEADER,
			     -1, &header) != CURLHE_OK)
		return NULL;
	return header->value;
}
