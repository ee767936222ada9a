/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/http_exchange.c - one exchange's libcurl side: options, callbacks,
 * and what an ended one means.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "registry/http_priv.h"

#define HTTP_BUNDLE_MAX_BYTES (8U << 20)
#define HTTP_BUFFER_BYTES (256L << 10)
#define HTTP_SEND_BUFFER_BYTES (512L << 10)

/* Keep an answer in memory; errors get less room and are cut. */
static size_t
http_keep(struct http_request *request, const char *bytes, size_t len)
{
	bool good = request->status / 100 == 2;
	size_t max = good ? request->max_body : HTTP_MAX_ERROR_BODY;
	size_t room = max > request->body.len ? max - request->body.len : 0;

	if (len <= room) {
		strbuf_add(&request->body, bytes, len);
		return len;
	}
	request->failure = -EFBIG;
	strbuf_add(&request->body, bytes, room);
	return 0;
}

static size_t
http_on_body(char *bytes, size_t size, size_t count, void *data)
{
	struct http_request *request = data;
	struct http_exchange *ex = request->exchange;
	size_t len = size * count, from;
	long status = 0;
	ssize_t n = 0;

	(void)curl_easy_getinfo(ex->easy, CURLINFO_RESPONSE_CODE, &status);
	request->status = (int)status;
	if (!request->sink || (status != 200 && status != 206))
		return http_keep(request, bytes, len);
	from = ex->ahead < len ? ex->ahead : len;
	if (from < len)
		n = request->sink(request->sink_data, bytes + from, len - from);
	if (n < 0) {
		request->failure = (int)n;
		return 0;
	}
	if ((size_t)n < len - from) {
		ex->ahead = from + (size_t)n;
		request->held = true;
		ex->http->held = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	ex->ahead -= from;
	return len;
}

static size_t
http_on_header(char *bytes, size_t size, size_t count, void *data)
{
	struct http_request *request = data;

	request->exchange->header_bytes += size * count;
	if (request->exchange->header_bytes > HTTP_MAX_HEADER_BYTES) {
		request->failure = -EFBIG;
		return 0;
	}
	return size * count;
}

/* CURLOPT_READFUNCTION: the next bytes of the file that is sent. */
static size_t
http_on_send(char *buf, size_t size, size_t count, void *data)
{
	struct http_request *request = data;
	int64_t left = request->body_bytes - request->sent;
	size_t len = size * count;
	ssize_t n;

	if ((int64_t)len > left)
		len = (size_t)left;
	n = pread(request->body_fd, buf, len,
		  request->body_from + request->sent);
	if (n < 0 || (n == 0 && len > 0)) {
		request->failure = n < 0 ? -errno : -EBUSY;
		err_code(&request->err, -request->failure,
			 "read what is to be sent");
		return CURL_READFUNC_ABORT;
	}
	request->sent += n;
	return (size_t)n;
}

/* CURLOPT_SEEKFUNCTION: a line was lost before anything was answered. */
static int
http_on_rewind(void *data, curl_off_t offset, int origin)
{
	struct http_request *request = data;

	if (origin != SEEK_SET || offset > request->body_bytes)
		return CURL_SEEKFUNC_FAIL;
	request->sent = offset;
	return CURL_SEEKFUNC_OK;
}

static void
http_set_body(CURL *easy, struct http_request *request)
{
	if (request->body_bytes > 0) {
		(void)curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
		(void)curl_easy_setopt(easy, CURLOPT_READFUNCTION,
				       http_on_send);
		(void)curl_easy_setopt(easy, CURLOPT_READDATA, request);
		(void)curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION,
				       http_on_rewind);
		(void)curl_easy_setopt(easy, CURLOPT_SEEKDATA, request);
		(void)curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE,
				       (curl_off_t)request->body_bytes);
		(void)curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE,
				       HTTP_SEND_BUFFER_BYTES);
		return;
	}
	(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
			       (curl_off_t)request->form.len);
	(void)curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS,
			       request->form.len ? request->form.ptr : "");
}

static void
http_set_method(CURL *easy, struct http_request *request)
{
	const char *name = http_method_name(request->method);

	switch (request->method) {
	case HTTP_GET:
		break;
	case HTTP_HEAD:
		(void)curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
		break;
	case HTTP_DELETE:
		(void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, name);
		break;
	default:
		http_set_body(easy, request);
		(void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, name);
		break;
	}
}

/*
 * libcurl reads the proxy variables itself, but for HTTP_PROXY in capitals
 * (which a CGI request could set), and would send loopback to a proxy.
 */
static void
http_set_proxy(CURL *easy, const struct url *url)
{
	const char *lower = getenv("http_proxy");
	const char *upper = getenv("HTTP_PROXY");

	if (url_is_loopback(url))
		(void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
	else if (!url_is_https(url) && (!lower || !*lower) && upper && *upper &&
		 !getenv("REQUEST_METHOD"))
		(void)curl_easy_setopt(easy, CURLOPT_PROXY, upper);
}

/*
 * Certificates of certs.d are trusted beside the system's. A CAINFO_BLOB takes
 * the place of the bundle file, while a directory goes on counting: where
 * there is none, the bundle is put in front.
 */
static int
http_set_ca(CURL *easy, const struct http_tls *tls, struct err *err)
{
	const char *bundle = getenv("SSL_CERT_FILE");
	const char *dir = getenv("SSL_CERT_DIR");
	cleanup_strbuf struct strbuf pem = STRBUF_INIT;
	struct curl_blob blob = { .flags = CURL_BLOB_COPY };
	char *default_dir = NULL, *default_bundle = NULL;
	int r;

	(void)curl_easy_getinfo(easy, CURLINFO_CAPATH, &default_dir);
	(void)curl_easy_getinfo(easy, CURLINFO_CAINFO, &default_bundle);
	if (dir && *dir)
		(void)curl_easy_setopt(easy, CURLOPT_CAPATH, dir);
	if (bundle && *bundle)
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO, bundle);
	else
		bundle = default_dir ? NULL : default_bundle;
	if (!tls->ca_pem.len)
		return 0;
	if (bundle && *bundle) {
		r = fsx_read_file(AT_FDCWD, bundle, HTTP_BUNDLE_MAX_BYTES, &pem,
				  err);
		if (r < 0)
			return err_wrap(err, r, "certificates");
		strbuf_addch(&pem, '\n');
	}
	strbuf_add(&pem, tls->ca_pem.buf, tls->ca_pem.len);
	blob.data = pem.buf;
	blob.len = pem.len;
	(void)curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
	return 0;
}

static int
http_set_tls(CURL *easy, const struct http_tls *tls, struct err *err)
{
	(void)curl_easy_setopt(easy, CURLOPT_SSLVERSION,
			       (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER,
			       tls->verify ? 1L : 0L);
	(void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST,
			       tls->verify ? 2L : 0L);
	if (tls->client_cert)
		(void)curl_easy_setopt(easy, CURLOPT_SSLCERT, tls->client_cert);
	if (tls->client_key)
		(void)curl_easy_setopt(easy, CURLOPT_SSLKEY, tls->client_key);
	return tls->verify ? http_set_ca(easy, tls, err) : 0;
}

static void
http_set_limits(CURL *easy, const struct http_request *request)
{
	(void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT,
			       (long)HTTP_CONNECT_TIMEOUT_S);
	(void)curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
			       request->is_slow ? 0L
						: (long)HTTP_STALL_TIMEOUT_S);
	if (request->is_slow)
		(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT,
				       (long)HTTP_COMMIT_TIMEOUT_S);
	else if (!request->sink && !request->body_bytes)
		(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT,
				       (long)HTTP_SMALL_TIMEOUT_S);
	(void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, HTTP_BUFFER_BYTES);
	(void)curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
			       (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

int
http_exchange_setup(struct http_request *request, struct err *err)
{
	struct http_exchange *ex = request->exchange;
	CURL *easy = ex->easy;

	for (size_t i = 0; i < request->headers.len; i++)
		ex->headers =
			curl_slist_append(ex->headers, request->headers.v[i]);
	(void)curl_easy_setopt(easy, CURLOPT_PRIVATE, request);
	(void)curl_easy_setopt(easy, CURLOPT_URL, request->url->text);
	(void)curl_easy_setopt(easy, CURLOPT_USERAGENT,
			       "dhow/" PACKAGE_VERSION);
	(void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, ex->detail);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, http_on_body);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, request);
	(void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, http_on_header);
	(void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, request);
	/* Whoever is refused has shown it before the body is sent: waiting for
	 * "100 Continue" would only cost time. */
	ex->headers = curl_slist_append(ex->headers, "Expect:");
	http_set_method(easy, request);
	(void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, ex->headers);
	http_set_limits(easy, request);
	http_set_proxy(easy, request->url);
	return http_set_tls(easy, request->tls, err);
}

/* Does the environment send this request to a proxy, perhaps? */
static bool
http_may_be_proxied(const struct url *url)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY",
					     "http_proxy",  "HTTP_PROXY",
					     "all_proxy",   "ALL_PROXY" };

	if (url_is_loopback(url))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return true;
	}
	return false;
}

/* The status by which a proxy refused to connect us, or 0. */
static long
http_proxy_refusal(const struct http_exchange *ex)
{
	long status = 0;

	(void)curl_easy_getinfo(ex->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	return status >= 300 ? status : 0;
}

/* A connection that could not be made: the system's own word for it. */
static int
http_connect_failure(struct http_exchange *ex)
{
	long code = 0;

	(void)curl_easy_getinfo(ex->easy, CURLINFO_OS_ERRNO, &code);
	switch (code) {
	case ECONNREFUSED:
	case ETIMEDOUT:
	case ENETUNREACH:
		return -(int)code;
	default:
		return -EHOSTUNREACH;
	}
}

/* TLS alerts about us come late, as failures to read. */
static bool
http_wants_certificate(const struct http_exchange *ex)
{
	return strstr(ex->detail, " alert ") &&
	       strstr(ex->detail, "certificate");
}

static int
http_failure(struct http_exchange *ex, CURLcode code)
{
	if (http_wants_certificate(ex))
		return -EKEYREJECTED;
	if (http_proxy_refusal(ex))
		return -EPROTO;
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return -EHOSTUNREACH;
	case CURLE_COULDNT_CONNECT:
		return http_connect_failure(ex);
	case CURLE_OPERATION_TIMEDOUT:
		return -ETIMEDOUT;
	case CURLE_PARTIAL_FILE:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_GOT_NOTHING:
		return -ECONNRESET;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
		return -EKEYREJECTED;
	case CURLE_SSL_CONNECT_ERROR:
		return -ESHUTDOWN;
	default:
		return -EPROTO;
	}
}

/* The story in our words where libcurl's are clumsy. */
static void
http_tell(struct http_request *request, CURLcode code)
{
	const struct url *url = request->url;
	const char *detail = request->exchange->detail;
	int failure = -request->failure;
	long refusal = http_proxy_refusal(request->exchange);

	if (refusal)
		err_set(&request->err, failure,
			"the proxy refuses to connect to '%s:%s' (status %ld)",
			url->host, url->port, refusal);
	else if (code == CURLE_COULDNT_CONNECT && http_may_be_proxied(url))
		err_set(&request->err, failure, "'%s:%s': %s", url->host,
			url->port, detail);
	else if (code == CURLE_COULDNT_CONNECT)
		err_code(&request->err, failure, "cannot connect to '%s:%s'",
			 url->host, url->port);
	else if (code == CURLE_COULDNT_RESOLVE_HOST)
		err_set(&request->err, failure, "cannot find the host '%s'",
			url->host);
	else if (code == CURLE_OPERATION_TIMEDOUT)
		err_set(&request->err, failure, "'%s:%s' does not answer",
			url->host, url->port);
	else if (failure == ECONNRESET)
		err_set(&request->err, failure, "'%s:%s' cut the line%s%s%s",
			url->host, url->port, *detail ? " (" : "", detail,
			*detail ? ")" : "");
	else
		err_set(&request->err, failure, "'%s:%s': %s", url->host,
			url->port, *detail ? detail : curl_easy_strerror(code));
}

static void
http_hint(struct http_request *request)
{
	const char *host = request->url->host;

	if (http_wants_certificate(request->exchange))
		err_hint(&request->err,
			 "it asks for a client certificate: put NAME.cert and "
			 "NAME.key in /etc/containers/certs.d/%s:%s/",
			 host, request->url->port);
	else if (request->failure == -EKEYREJECTED)
		err_hint(&request->err,
			 "put its CA in /etc/containers/certs.d/%s:%s/ca.crt, "
			 "or use --tls-verify=false",
			 host, request->url->port);
	else if (request->failure == -ESHUTDOWN)
		err_hint(&request->err,
			 "if it speaks plain HTTP use --tls-verify=false, or "
			 "'insecure = true' in registries.conf");
	else if (http_proxy_refusal(request->exchange))
		err_hint(&request->err, "the proxy is taken from HTTPS_PROXY "
					"or ALL_PROXY; NO_PROXY lists hosts "
					"to be reached without it");
	else if (request->failure == -EHOSTUNREACH ||
		 request->failure == -ENETUNREACH ||
		 request->failure == -ETIMEDOUT)
		err_hint(&request->err,
			 "check the name and the network; a proxy is taken "
			 "from HTTPS_PROXY");
}

void
http_exchange_finish(struct http_request *request, CURLcode code)
{
	struct http_exchange *ex = request->exchange;
	const struct url *url = request->url;
	curl_off_t retry = 0;
	long status = 0;

	request->done = true;
	request->held = false;
	(void)curl_easy_getinfo(ex->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(ex->easy, CURLINFO_RETRY_AFTER, &retry);
	request->status = (int)status;
	request->retry_after_s = retry;
	if (code == CURLE_OK)
		return;
	/* The rest of a long error text is not worth failing for. */
	if (request->failure == -EFBIG && status >= 300 &&
	    ex->header_bytes <= HTTP_MAX_HEADER_BYTES) {
		request->failure = 0;
		return;
	}
	if (request->failure == -EFBIG) {
		err_set(&request->err, EFBIG, "'%s' sends too much", url->host);
		return;
	}
	if (request->failure)
		return;
	request->failure = http_failure(ex, code);
	http_tell(request, code);
	http_hint(request);
}
