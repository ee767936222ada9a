/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/http.h - single HTTP exchanges over one set of connections.
 *
 * One exchange: no redirect is followed, nothing is repeated, no credentials
 * are added; that is fetch.h's business. Many may run at once; all are driven
 * by http_step() in the calling thread.
 */
#ifndef DHOW_REGISTRY_HTTP_H
#define DHOW_REGISTRY_HTTP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/span.h"
#include "base/strbuf.h"
#include "base/strvec.h"
#include "registry/url.h"

#define HTTP_MAX_HEADER_BYTES (128U << 10)
#define HTTP_MAX_ERROR_BODY (64U << 10)
#define HTTP_MAX_RETRY_AFTER_S 60 /* longer: a person may decide */
#define HTTP_CONNECT_TIMEOUT_S 20
#define HTTP_STALL_TIMEOUT_S 30  /* not a byte for so long */
#define HTTP_SMALL_TIMEOUT_S 120 /* for an answer kept in memory */
#define HTTP_TICK_MS 200

#define HTTP_COMMIT_TIMEOUT_S 600 /* while a large blob is checked */

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_METHOD_COUNT,
};

struct http_tls {
	bool verify;
	struct strbuf ca_pem; /* trusted beside the system's; may be empty */
	char *client_cert;    /* paths, or NULL */
	char *client_key;
};

#define HTTP_TLS_INIT                                 \
	{                                             \
		.verify = true, .ca_pem = STRBUF_INIT \
	}
void http_tls_release(struct http_tls *tls);

struct http;

/* @tick: see struct registry_opts; may be NULL. */
struct http *http_new(int (*tick)(void *data), void *tick_data);
/* True once the tick has ended a call. */
bool http_is_stopped(const struct http *http);
/* All requests must be released before. */
void http_free(struct http *http);

struct http_request {
	/* What to send; the caller's until the request is released. */
	enum http_method method;
	const struct url *url;
	const struct http_tls *tls;
	struct strvec headers; /* "Name: value"; owned */
	struct span form;      /* what POST, PUT and PATCH send, or … */
	int body_fd;           /* … from a file, when body_bytes > 0 */
	int64_t body_from;     /* its first byte sent */
	int64_t body_bytes;

	bool is_slow; /* the answer may take as long as a commit does */

	/*
	 * Where the body of a 200 or 206 goes; NULL: to .body, up to
	 * @max_body bytes. Takes part of it (count), or fails with -errno.
	 * A sink that takes less than all holds the line until http_resume().
	 */
	ssize_t (*sink)(void *data, const char *bytes, size_t len);
	void *sink_data;
	size_t max_body;

	/* What came. */
	bool done;
	bool held;
	int64_t sent;       /* bytes of body_fd that libcurl has taken */
	int status;         /* HTTP status; 0: none came */
	struct strbuf body; /* of an error, or when there is no sink */
	int64_t retry_after_s;
	/*
	 * 0, or how the exchange itself failed: what the sink returned,
	 * -EFBIG too much came, -ECONNRESET cut, -ETIMEDOUT, -ECONNREFUSED,
	 * -EHOSTUNREACH, -EKEYREJECTED certificate, -EPROTO anything else;
	 * -ESHUTDOWN no TLS to be had at that port.
	 */
	int failure;
	struct err err; /* the story of the failure */

	struct http_exchange *exchange; /* private */
};

#define HTTP_REQUEST_INIT            \
	{                            \
		.body = STRBUF_INIT, \
	}
#define cleanup_http_request cleanup_release(http_request_release)

/* Ends the exchange if it still runs; the struct is empty afterwards. */
void http_request_release(struct http_request *request);

/* Begin. The request must not move until it is released. */
int http_start(struct http *http, struct http_request *request,
	       struct err *err);
/* Let a held line go on. */
void http_resume(struct http_request *request);

/*
 * Drive all exchanges; waits at most @timeout_ms, less when something
 * happens at @fds (may be NULL; revents are filled). Returns 0 or what the
 * tick returned.
 */
int http_step(struct http *http, struct pollfd *fds, size_t fd_count,
	      int timeout_ms, struct err *err);

/* Start and drive until it is done. 0, or the tick's result. */
int http_perform(struct http *http, struct http_request *request,
		 struct err *err);
/* Let time pass while other exchanges go on. */
int http_sleep(struct http *http, int64_t delay_ns, struct err *err);

/*
 * The value of a response header, or NULL; borrowed until the release.
 * @index: of several with one name.
 */
const char *http_header(const struct http_request *request, const char *name,
			size_t index);

/* "GET", "HEAD", …; static. */
const char *http_method_name(enum http_method method);

#endif
