/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/fetch.h - one request until it succeeds or cannot.
 *
 * Mostly a GET; what pushes asks by other methods. Follows redirects (without
 * credentials once the origin is left), answers challenges, waits and repeats
 * when trouble may pass, goes on where a cut line stopped, and turns to the
 * next endpoint when one has failed.
 */
#ifndef DHOW_REGISTRY_FETCH_H
#define DHOW_REGISTRY_FETCH_H

#include "registry/http.h"
#include "registry/registry.h"

#define FETCH_MAX_REDIRECTS 5
#define FETCH_MAX_ANSWERS 2
#define FETCH_BACKOFF_NS INT64_C(500000000)
#define FETCH_RESUME_NS INT64_C(100000000) /* after one that got somewhere */
#define FETCH_MAX_BACKOFF_NS INT64_C(8000000000)
/* An attempt that moved so much is no failed one. */
#define FETCH_PROGRESS_BYTES (64 << 10)

enum fetch_state {
	FETCH_READY,   /* to be sent to .url */
	FETCH_RUNNING, /* .request is under way */
	FETCH_WAITING, /* until .due_ns */
	FETCH_OVER,    /* .request holds the answer */
};

struct fetch {
	/* What is wanted; set before the first fetch_advance(). */
	struct registry *reg;
	char *suffix;       /* "manifests/latest"; owned */
	char *what;         /* for messages: "blob 'sha256:…'"; owned */
	const char *accept; /* Accept header's value, or NULL */
	size_t max_body;    /* when kept in memory */
	const struct registry_blob *blob; /* or its bytes' way; borrowed */
	enum http_method method;
	char *at; /* a whole URL the registry gave instead of suffix; owned */
	struct strvec headers; /* beside Accept and Authorization */
	struct span body;      /* what is sent; borrowed. Or, of a file: */
	int body_fd;
	int64_t body_from, body_bytes;
	bool is_slow;  /* see struct http_request */
	bool is_once;  /* what fails is not tried again here */
	bool takes_no; /* a 404 is an answer, and success */

	size_t endpoint; /* index into the registry's */
	int64_t offset;  /* blob: the next byte wanted */

	/* The rest is fetch.c's. */
	enum fetch_state state;
	struct http_request request;
	struct url origin; /* of the endpoint as it was asked */
	struct url url;    /* where the next request goes */
	int redirects;
	int answers;          /* challenges answered in this attempt */
	unsigned int epoch;   /* endpoint's .answers when it was sent */
	int attempts;         /* failed ones in a row */
	int64_t began_offset; /* where this attempt began */
	int64_t due_ns;
	bool head_checked;
	int64_t discard; /* bytes of this answer we have already */
	bool sink_failed;
	bool may_pass; /* it failed of trouble that may pass (is_once) */
	struct err sink_err;
};

struct fetch *fetch_new(struct registry *reg, char *suffix, char *what);
void fetch_free(struct fetch *fetch);
DEFINE_CLEANUP(struct fetch *, fetch_free);

/*
 * Move on as far as possible without waiting. Returns 1 when it is over and
 * has succeeded, 0 while it is under way, -errno when it cannot succeed (as
 * registry_get_manifest(), and what a blob's sink returned).
 */
int fetch_advance(struct fetch *fetch, struct err *err);

/* Milliseconds until it wants to be advanced; -1: when its line moves. */
int fetch_timeout_ms(const struct fetch *fetch);

/* How long to wait after so many failures in a row. */
int64_t fetch_backoff_ns(const struct registry *reg, int attempts);

/* Drive it alone to its end. */
int fetch_run(struct fetch *fetch, struct err *err);

#endif
