/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/fetch.c - one request until it succeeds or cannot.
 *
 *   READY → RUNNING → OVER
 *     ↑        ├→ READY    redirect, challenge, next endpoint, plain HTTP
 *     └ WAITING ←┘         trouble that may pass
 *
 * Every attempt begins at the registry, also after a redirect: the address it
 * led to may have been good for once only.
 */
#include "registry/fetch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "base/units.h"
#include "registry/refusal.h"
#include "registry/registry_priv.h"

struct fetch *
fetch_new(struct registry *reg, char *suffix, char *what)
{
	struct fetch *fetch = xcalloc(1, sizeof(*fetch));

	fetch->reg = reg;
	fetch->suffix = suffix;
	fetch->what = what;
	fetch->request = (struct http_request)HTTP_REQUEST_INIT;
	return fetch;
}

void
fetch_free(struct fetch *fetch)
{
	if (!fetch)
		return;
	http_request_release(&fetch->request);
	url_release(&fetch->origin);
	url_release(&fetch->url);
	strvec_release(&fetch->headers);
	free(fetch->suffix);
	free(fetch->at);
	free(fetch->what);
	free(fetch);
}

static struct endpoint *
fetch_endpoint(const struct fetch *fetch)
{
	return &fetch->reg->endpoints[fetch->endpoint];
}

static bool
fetch_is_away(const struct fetch *fetch)
{
	return !url_same_origin(&fetch->url, &fetch->origin);
}

/* The next request starts from the registry. */
static void
fetch_restart(struct fetch *fetch)
{
	http_request_release(&fetch->request);
	url_release(&fetch->url);
	fetch->redirects = 0;
	fetch->state = FETCH_READY;
}

static int ERR_PRINTF(4, 5) fetch_sink_fail(struct fetch *fetch, int code,
					    bool final, const char *fmt, ...)
{
	va_list args;
	cleanup_free char *what = NULL;

	va_start(args, fmt);
	what = xvasprintf(fmt, args);
	va_end(args);
	fetch->sink_failed = final;
	return err_set(&fetch->sink_err, code, "%s %s", fetch->what, what);
}

/* "bytes FIRST-LAST/TOTAL" of a 206: where does it begin? */
static int
fetch_check_range(struct fetch *fetch)
{
	const char *range = http_header(&fetch->request, "Content-Range", 0);
	cleanup_free char *first = NULL;
	uint64_t at;

	if (range && !strncmp(range, "bytes ", 6))
		first = xstrndup(range + 6, strcspn(range + 6, "-"));
	if (!first || units_parse_u64(first, 0, INT64_MAX, &at, NULL) < 0 ||
	    at != (uint64_t)fetch->offset)
		return fetch_sink_fail(fetch, EPROTO, false,
				       "comes from another place than asked");
	return 0;
}

/* Before a blob's first byte: is this what was asked for? */
static int
fetch_check_head(struct fetch *fetch)
{
	const char *text = http_header(&fetch->request, "Content-Length", 0);
	uint64_t len;

	fetch->head_checked = true;
	fetch->discard = 0;
	if (fetch->request.status == 206)
		return fetch_check_range(fetch);
	/* The server does not know ranges: pass over what we have. */
	fetch->discard = fetch->offset;
	if (text && units_parse_u64(text, 0, INT64_MAX, &len, NULL) == 0 &&
	    len != (uint64_t)fetch->blob->size_bytes)
		return fetch_sink_fail(fetch, EBADMSG, false,
				       "has %" PRIu64 " bytes, not the %" PRId64
				       " of its descriptor",
				       len, fetch->blob->size_bytes);
	return 0;
}

static ssize_t
fetch_sink(void *data, const char *bytes, size_t len)
{
	struct fetch *fetch = data;
	const struct registry_blob *blob = fetch->blob;
	size_t skip;
	ssize_t n;
	int r = fetch->head_checked ? 0 : fetch_check_head(fetch);

	if (r < 0)
		return r;
	skip = (int64_t)len < fetch->discard ? len : (size_t)fetch->discard;
	fetch->discard -= (int64_t)skip;
	len -= skip;
	if (!len)
		return (ssize_t)skip;
	if ((int64_t)len > blob->size_bytes - fetch->offset)
		return fetch_sink_fail(fetch, EBADMSG, false,
				       "is larger than the %" PRId64
				       " bytes of its descriptor",
				       blob->size_bytes);
	n = blob->write(blob->data, bytes + skip, len, &fetch->sink_err);
	if (n < 0) {
		fetch->sink_failed = true;
		return n;
	}
	fetch->offset += n;
	return (ssize_t)skip + n;
}

/* Where it starts from: the endpoint, or where that told us to go. */
static int
fetch_start_url(struct fetch *fetch, struct err *err)
{
	cleanup_url struct url origin = URL_INIT;
	int r = endpoint_url(fetch_endpoint(fetch), fetch->suffix, &origin,
			     err);

	if (r < 0)
		return r;
	if (fetch->at)
		r = url_resolve(&origin, fetch->at, &fetch->url, err);
	else
		url_copy(&fetch->url, &origin);
	url_copy(&fetch->origin, &origin);
	fetch->began_offset = fetch->offset;
	return r;
}

/* Send the next request to .url, or to its start when that is empty. */
static int
fetch_send(struct fetch *fetch, struct err *err)
{
	struct endpoint *ep = fetch_endpoint(fetch);
	struct http_request *request = &fetch->request;
	const char *auth;
	int r = 0;

	http_request_release(request);
	if (!fetch->url.text)
		r = fetch_start_url(fetch, err);
	if (r < 0)
		return r;
	request->method = fetch->method;
	request->form = fetch->body;
	request->body_fd = fetch->body_fd;
	request->body_from = fetch->body_from;
	request->body_bytes = fetch->body_bytes;
	request->is_slow = fetch->is_slow;
	strvec_add_all(&request->headers, &fetch->headers);
	request->url = &fetch->url;
	request->tls = url_same_host(&fetch->url, &fetch->origin)
			       ? &ep->tls
			       : &ep->foreign_tls;
	request->max_body = fetch->max_body;
	if (fetch->accept)
		strvec_addf(&request->headers, "Accept: %s", fetch->accept);
	auth = fetch_is_away(fetch) ? NULL : auth_header(&ep->auth, ep->scope);
	if (auth)
		strvec_add(&request->headers, auth);
	fetch->epoch = ep->answers;
	if (fetch->blob) {
		request->sink = fetch_sink;
		request->sink_data = fetch;
		if (fetch->offset)
			strvec_addf(&request->headers,
				    "Range: bytes=%" PRId64 "-", fetch->offset);
	}
	fetch->head_checked = false;
	err_reset(&fetch->sink_err);
	fetch->state = FETCH_RUNNING;
	return http_start(fetch->reg->http, request, err);
}

/* This endpoint will not do it; the next one may. */
static int
fetch_give_up(struct fetch *fetch, int code, const struct err *why,
	      struct err *err)
{
	struct registry *reg = fetch->reg;

	if (fetch->endpoint + 1 < reg->endpoint_count &&
	    !http_is_stopped(reg->http) && !fetch->sink_failed) {
		cleanup_free char *text =
			xasprintf("mirror '%s' passed over: %s",
				  fetch_endpoint(fetch)->domain, why->text);

		if (reg->opts.note)
			reg->opts.note(reg->opts.data, text);
		fetch->endpoint++;
		fetch->attempts = 0;
		fetch->answers = 0;
		fetch_restart(fetch);
		return 0;
	}
	if (err)
		*err = *why;
	return code;
}

int64_t
fetch_backoff_ns(const struct registry *reg, int attempts)
{
	int64_t delay = reg->opts.retry_delay_ns;
	uint16_t jitter = 0;

	if (delay > 0)
		return delay;
	delay = FETCH_BACKOFF_NS << (attempts - 1);
	if (attempts > 4 || delay > FETCH_MAX_BACKOFF_NS)
		delay = FETCH_MAX_BACKOFF_NS;
	(void)getrandom(&jitter, sizeof(jitter), GRND_NONBLOCK);
	return delay + delay / 4 * jitter / UINT16_MAX;
}

/* Trouble that may pass: wait and begin again, unless it has been too often. */
static int
fetch_retry(struct fetch *fetch, int code, const struct err *why,
	    struct err *err)
{
	const struct registry_opts *opts = &fetch->reg->opts;
	int64_t delay = fetch->request.retry_after_s * UNITS_NS_PER_S;
	cleanup_free char *text = NULL;

	if (fetch->is_once) {
		fetch->may_pass = true;
		return fetch_give_up(fetch, code, why, err);
	}
	if (fetch->offset - fetch->began_offset >= FETCH_PROGRESS_BYTES) {
		fetch->attempts = 0;
		if (delay <= 0 && opts->retry_delay_ns <= 0)
			delay = FETCH_RESUME_NS;
	}
	if (++fetch->attempts > opts->retries ||
	    fetch->request.retry_after_s > HTTP_MAX_RETRY_AFTER_S)
		return fetch_give_up(fetch, code, why, err);
	if (delay <= 0)
		delay = fetch_backoff_ns(fetch->reg, fetch->attempts);
	if (opts->note) {
		text = xasprintf("retrying in %.1f s: %s",
				 (double)delay / UNITS_NS_PER_S, why->text);
		opts->note(opts->data, text);
	}
	fetch_restart(fetch);
	fetch->answers = 0;
	fetch->due_ns = units_monotonic_ns() + delay;
	fetch->state = FETCH_WAITING;
	return 0;
}

static bool
fetch_may_pass(const struct fetch *fetch)
{
	switch (fetch->request.failure) {
	case -ECONNRESET:
	case -ETIMEDOUT:
		return true;
	case -ECONNREFUSED:
	case -EHOSTUNREACH:
	case -ENETUNREACH:
	case -ESHUTDOWN:
		return fetch_endpoint(fetch)->contacted;
	default:
		return false;
	}
}

/* No TLS where plain HTTP is allowed; others may have found out already. */
static bool
fetch_may_be_plain(const struct fetch *fetch, int code)
{
	const struct endpoint *ep = fetch_endpoint(fetch);

	return (ep->scheme == ENDPOINT_TRY_HTTPS ||
		ep->scheme == ENDPOINT_HTTP) &&
	       url_is_https(&fetch->url) && !fetch_is_away(fetch) &&
	       (code == -ESHUTDOWN || code == -ECONNREFUSED ||
		code == -ECONNRESET || code == -EPROTO);
}

/* What spoke no plain HTTP, or said that it does not, may speak TLS. */
static bool
fetch_may_be_tls(const struct fetch *fetch)
{
	const struct http_request *request = &fetch->request;

	if (fetch_endpoint(fetch)->scheme != ENDPOINT_TRY_HTTP ||
	    fetch_is_away(fetch))
		return false;
	return request->failure == -ECONNRESET || request->failure == -EPROTO ||
	       (!request->failure && request->status == 400);
}

/* The exchange did not come to its end. */
static int
fetch_judge_failure(struct fetch *fetch, struct err *err)
{
	struct endpoint *ep = fetch_endpoint(fetch);
	struct http_request *request = &fetch->request;
	int code = request->failure;
	struct err why = request->err;

	if (fetch->sink_err.code || fetch->sink_failed) {
		why = fetch->sink_err;
		if (!why.code)
			err_code(&why, -code, "%s", fetch->what);
		return fetch_give_up(fetch, code, &why, err);
	}
	if (fetch_may_be_plain(fetch, code)) {
		ep->scheme = ENDPOINT_HTTP;
		fetch_restart(fetch);
		return 0;
	}
	err_wrap(&why, code, "%s", fetch->what);
	if (code == -EFBIG) {
		why.code = EBADMSG;
		return fetch_give_up(fetch, -EBADMSG, &why, err);
	}
	if (fetch_may_pass(fetch))
		return fetch_retry(fetch, code, &why, err);
	if (code == -ESHUTDOWN)
		code = -EPROTO;
	return fetch_give_up(fetch, code, &why, err);
}

static int
fetch_redirect(struct fetch *fetch, struct err *err)
{
	struct endpoint *ep = fetch_endpoint(fetch);
	const char *location = http_header(&fetch->request, "Location", 0);
	cleanup_url struct url to = URL_INIT;
	struct err why = ERR_INIT;
	int r;

	if (!location)
		r = err_set(&why, EPROTO, "redirect without a place");
	else if (++fetch->redirects > FETCH_MAX_REDIRECTS)
		r = err_set(&why, EPROTO, "too many redirects");
	else
		r = url_resolve(&fetch->url, location, &to, &why);
	/* Only these two say that the method stays what it is. */
	if (!r && fetch->method > HTTP_HEAD && fetch->request.status < 307)
		r = err_set(&why, EPROTO, "redirect with status %d",
			    fetch->request.status);
	if (!r && !url_is_https(&to) && url_is_https(&fetch->url) &&
	    !ep->insecure)
		r = err_set(&why, EPROTO,
			    "'%s' leads to '%s' without encryption",
			    fetch->url.host, to.host);
	if (r < 0) {
		err_wrap(&why, r, "%s", fetch->what);
		return fetch_give_up(fetch, r, &why, err);
	}
	http_request_release(&fetch->request);
	url_copy(&fetch->url, &to);
	fetch->state = FETCH_READY;
	return 0;
}

static int
fetch_refused(struct fetch *fetch, struct err *err)
{
	struct err why = ERR_INIT;
	int r = refusal_tell(&fetch->request, fetch_endpoint(fetch),
			     fetch->what, fetch_is_away(fetch), &why);

	return fetch_give_up(fetch, r, &why, err);
}

/* A 401 of the registry itself: show who we are, once. */
static int
fetch_challenge(struct fetch *fetch, struct err *err)
{
	cleanup_auth_challenge struct auth_challenge challenge =
		AUTH_CHALLENGE_INIT;
	struct endpoint *ep = fetch_endpoint(fetch);
	struct err why = ERR_INIT;
	const char *value;
	int r = 0;

	if (fetch->answers++ >= FETCH_MAX_ANSWERS)
		return fetch_refused(fetch, err);
	/* Another fetch may have answered since this one was sent. */
	if (fetch->epoch == ep->answers) {
		if (fetch->answers > 1 && auth_header(&ep->auth, ep->scope))
			return fetch_refused(fetch, err);
		auth_forget(&ep->auth, ep->scope);
		for (size_t i = 0; (value = http_header(&fetch->request,
							"WWW-Authenticate", i));
		     i++)
			auth_challenge_read(span_of(value), &challenge);
		r = auth_answer(&ep->auth, fetch->reg->http, &fetch->origin,
				&challenge, ep->scope, &why);
		ep->answers++;
	}
	if (r < 0 && r == -EACCES && auth_is_anonymous(&ep->auth))
		return fetch_refused(fetch, err);
	if (r < 0)
		return fetch_give_up(fetch, r, &why, err);
	fetch_restart(fetch);
	return 0;
}

/* A 200 or 206 that came to its end. */
static int
fetch_complete(struct fetch *fetch, struct err *err)
{
	struct err why = ERR_INIT;

	if (fetch->blob && fetch->offset < fetch->blob->size_bytes) {
		if (!fetch->head_checked && fetch_check_head(fetch) < 0)
			return fetch_give_up(fetch, -fetch->sink_err.code,
					     &fetch->sink_err, err);
		err_set(&why, ECONNRESET,
			"%s ends after %" PRId64 " of %" PRId64 " bytes",
			fetch->what, fetch->offset, fetch->blob->size_bytes);
		return fetch_retry(fetch, -ECONNRESET, &why, err);
	}
	fetch->state = FETCH_OVER;
	return 0;
}

static int
fetch_judge_status(struct fetch *fetch, struct err *err)
{
	struct err why = ERR_INIT;
	int r;

	switch (fetch->request.status) {
	case 200:
	case 206:
		return fetch_complete(fetch, err);
	case 201:
	case 202:
	case 204:
		if (fetch->method == HTTP_GET && fetch->blob)
			return fetch_refused(fetch, err);
		fetch->state = FETCH_OVER;
		return 0;
	case 301:
	case 302:
	case 303:
	case 307:
	case 308:
		return fetch_redirect(fetch, err);
	case 401:
		if (fetch_is_away(fetch))
			return fetch_refused(fetch, err);
		return fetch_challenge(fetch, err);
	case 408:
	case 429:
	case 500:
	case 502:
	case 503:
	case 504:
		r = refusal_tell(&fetch->request, fetch_endpoint(fetch),
				 fetch->what, fetch_is_away(fetch), &why);
		return fetch_retry(fetch, r, &why, err);
	case 404:
		if (!fetch->takes_no || fetch_is_away(fetch))
			return fetch_refused(fetch, err);
		fetch->state = FETCH_OVER;
		return 0;
	default:
		return fetch_refused(fetch, err);
	}
}

static int
fetch_judge(struct fetch *fetch, struct err *err)
{
	struct endpoint *ep = fetch_endpoint(fetch);

	if (fetch_may_be_tls(fetch)) {
		ep->scheme = ENDPOINT_TRY_HTTPS;
		fetch_restart(fetch);
		return 0;
	}
	if (fetch->request.status && !fetch_is_away(fetch)) {
		ep->contacted = true;
		if (ep->scheme == ENDPOINT_TRY_HTTPS)
			ep->scheme = ENDPOINT_HTTPS;
		else if (ep->scheme == ENDPOINT_TRY_HTTP)
			ep->scheme = ENDPOINT_HTTP;
	}
	if (fetch->request.failure)
		return fetch_judge_failure(fetch, err);
	return fetch_judge_status(fetch, err);
}

int
fetch_advance(struct fetch *fetch, struct err *err)
{
	int r = 0;

	while (!r) {
		switch (fetch->state) {
		case FETCH_READY:
			if (fetch->blob &&
			    fetch->offset == fetch->blob->size_bytes)
				fetch->state = FETCH_OVER;
			else
				r = fetch_send(fetch, err);
			break;
		case FETCH_RUNNING:
			if (!fetch->request.done)
				return 0;
			r = fetch_judge(fetch, err);
			break;
		case FETCH_WAITING:
			if (units_monotonic_ns() < fetch->due_ns)
				return 0;
			fetch->state = FETCH_READY;
			break;
		case FETCH_OVER:
			return 1;
		}
	}
	return r;
}

int
fetch_timeout_ms(const struct fetch *fetch)
{
	int64_t left;

	if (fetch->state != FETCH_WAITING)
		return -1;
	left = fetch->due_ns - units_monotonic_ns();
	return left < 0 ? 0 : (int)(left / 1000000) + 1;
}

int
fetch_run(struct fetch *fetch, struct err *err)
{
	for (;;) {
		int r = fetch_advance(fetch, err);

		if (r)
			return r < 0 ? r : 0;
		r = http_step(fetch->reg->http, NULL, 0,
			      fetch_timeout_ms(fetch), err);
		if (r < 0)
			return r;
	}
}
