/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/http_priv.h - one exchange's libcurl side.
 */
#ifndef DHOW_REGISTRY_HTTP_PRIV_H
#define DHOW_REGISTRY_HTTP_PRIV_H

#include <curl/curl.h>

#include "registry/http.h"

struct http {
	CURLM *multi;
	int (*tick)(void *data);
	void *tick_data;
	int64_t ticked_ns;
	bool stopped;
	bool held; /* a sink has become full: do not wait without it */
};

struct http_exchange {
	struct http *http;
	CURL *easy;
	struct curl_slist *headers;
	size_t header_bytes;
	/* Bytes of the held chunk that the sink has taken already: libcurl
	 * delivers a refused chunk again from its start. */
	size_t ahead;
	char detail[CURL_ERROR_SIZE];
};

/* Tell libcurl what the request wants. */
int http_exchange_setup(struct http_request *request, struct err *err);
/* Translate how it ended; the request is done. */
void http_exchange_finish(struct http_request *request, CURLcode code);

#endif
