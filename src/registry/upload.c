/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/upload.c - a set of blobs on their way to the registry.
 *
 *   LOOK → DONE                         it is there
 *     ├→ OPEN → DONE                    taken over from another repository
 *     │    └→ (SEND →) CLOSE → DONE
 *     └→ ASK → SEND                     an upload was begun: where is it?
 *   SEND, CLOSE → WAIT → LOOK           trouble that may pass
 *
 * A small blob goes whole with CLOSE. Of a large one all the rest is sent at
 * once, as docker does; in pieces only to a registry that refuses so much.
 * Spec: OCI distribution-spec, "Pushing blobs".
 */
#include "registry/upload.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/units.h"
#include "registry/fetch.h"
#include "registry/registry_priv.h"

#define UPLOAD_MAX_PARALLEL 16
#define UPLOAD_WHOLE_BYTES (INT64_C(1) << 20)
#define UPLOAD_PIECE_BYTES (INT64_C(16) << 20)
#define UPLOAD_MIN_PIECE_BYTES (INT64_C(64) << 10)
/* Attempts that bring so much between them are no failed ones. */
#define UPLOAD_PROGRESS_BYTES (INT64_C(1) << 20)
#define UPLOAD_TELL_MS 100

enum upload_state {
	UPLOAD_LOOK,
	UPLOAD_ASK,
	UPLOAD_OPEN,
	UPLOAD_SEND,
	UPLOAD_CLOSE,
	UPLOAD_WAIT,
	UPLOAD_DONE,
};

struct upload {
	struct registry_upload blob;
	struct registry *reg;
	enum upload_state state;
	struct fetch *fetch;
	char *location;      /* of the upload under way, or NULL */
	bool mount_refused;  /* or it led to an ordinary upload */
	int fd;              /* of its bytes, once they are needed */
	int64_t offset;      /* the registry has so many */
	int64_t reached;     /* the most it had so far */
	int64_t piece_bytes; /* at once; 0: all */
	int attempts;
	int64_t due_ns;
};

struct registry_upload_set {
	struct registry *reg;
	struct upload **items; /* owned */
	size_t len;
	size_t cap;
	size_t next; /* not begun from here on */
	size_t parallel;
};

struct registry_upload_set *
registry_upload_new(struct registry *reg, size_t parallel)
{
	struct registry_upload_set *set = xcalloc(1, sizeof(*set));

	set->reg = reg;
	set->parallel = parallel ? parallel : REGISTRY_PARALLEL;
	if (set->parallel > UPLOAD_MAX_PARALLEL)
		set->parallel = UPLOAD_MAX_PARALLEL;
	return set;
}

static void
upload_free(struct upload *upload)
{
	if (!upload)
		return;
	fetch_free(upload->fetch);
	if (upload->fd >= 0)
		(void)close(upload->fd);
	free(upload->location);
	free(upload);
}

void
registry_upload_free(struct registry_upload_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->len; i++)
		upload_free(set->items[i]);
	free(set->items);
	free(set);
}

void
registry_upload_add(struct registry_upload_set *set,
		    const struct registry_upload *blob)
{
	struct upload *upload = xcalloc(1, sizeof(*upload));

	assert(digest_is_valid(blob->digest.text) && blob->size_bytes >= 0);
	upload->blob = *blob;
	upload->reg = set->reg;
	upload->fd = -EBADF;
	upload->location = xstrdup_null(blob->location);
	array_push(set->items, set->len, set->cap, upload);
}

static void
upload_tell(const struct upload *upload, enum registry_upload_event event)
{
	int64_t sent = upload->offset;

	if (upload->fetch && upload->state == UPLOAD_SEND)
		sent += upload->fetch->request.sent;
	if (upload->blob.tell)
		upload->blob.tell(upload->blob.data, event, sent);
}

/* Keep what the upload is now known by, also for another time. */
static void
upload_remember(struct upload *upload, const char *location)
{
	if (upload->location && location && !strcmp(upload->location, location))
		return;
	free(upload->location);
	upload->location = xstrdup_null(location);
	if (upload->blob.remember)
		upload->blob.remember(upload->blob.data, upload->location);
}

static void
upload_done(struct upload *upload, enum registry_upload_event event)
{
	upload->state = UPLOAD_DONE;
	upload->offset = upload->blob.size_bytes;
	upload_remember(upload, NULL);
	upload_tell(upload, event);
}

static void
fetch_use_file(struct fetch *fetch, const struct upload *upload, int64_t bytes)
{
	fetch->body_fd = upload->fd;
	fetch->body_from = upload->offset;
	fetch->body_bytes = bytes;
	fetch->is_once = true;
	strvec_add(&fetch->headers, "Content-Type: application/octet-stream");
}

static void
upload_prepare_send(struct upload *upload)
{
	struct fetch *fetch = upload->fetch;
	int64_t left = upload->blob.size_bytes - upload->offset;

	if (upload->piece_bytes && left > upload->piece_bytes)
		left = upload->piece_bytes;
	fetch->method = HTTP_PATCH;
	fetch->at = xstrdup(upload->location);
	fetch_use_file(fetch, upload, left);
	strvec_addf(&fetch->headers, "Content-Range: %" PRId64 "-%" PRId64,
		    upload->offset, upload->offset + left - 1);
	upload_tell(upload, REGISTRY_UPLOAD_SENDING);
}

static void
upload_prepare_close(struct upload *upload)
{
	struct fetch *fetch = upload->fetch;

	fetch->method = HTTP_PUT;
	fetch->at = xasprintf("%s%cdigest=sha256%%3A%s", upload->location,
			      strchr(upload->location, '?') ? '&' : '?',
			      digest_hex(&upload->blob.digest));
	fetch->is_slow = true;
	fetch->is_once = true;
	if (upload->offset < upload->blob.size_bytes)
		fetch_use_file(fetch, upload, upload->blob.size_bytes);
}

static char *
upload_open_suffix(const struct upload *upload)
{
	if (!upload->blob.mount_from || upload->mount_refused)
		return xstrdup("blobs/uploads/");
	return xasprintf("blobs/uploads/?mount=sha256%%3A%s&from=%s",
			 digest_hex(&upload->blob.digest),
			 upload->blob.mount_from);
}

/* The request that belongs to the state. */
static int
upload_begin(struct upload *upload, struct err *err)
{
	const char *digest = upload->blob.digest.text;
	char *suffix = upload->state == UPLOAD_OPEN
			       ? upload_open_suffix(upload)
			       : xasprintf("blobs/%s", digest);
	struct fetch *fetch =
		fetch_new(upload->reg, suffix, xasprintf("blob '%s'", digest));

	upload->fetch = fetch;
	fetch->max_body = HTTP_MAX_ERROR_BODY;
	if ((upload->state == UPLOAD_SEND || upload->state == UPLOAD_CLOSE) &&
	    upload->fd < 0 && upload->blob.size_bytes > 0) {
		int r = upload->blob.open(upload->blob.data, &upload->fd, err);

		if (r < 0)
			return r;
	}
	switch (upload->state) {
	case UPLOAD_LOOK:
		fetch->method = HTTP_HEAD;
		fetch->takes_no = true;
		break;
	case UPLOAD_ASK:
		fetch->at = xstrdup(upload->location);
		fetch->takes_no = true;
		break;
	case UPLOAD_OPEN:
		fetch->method = HTTP_POST;
		break;
	case UPLOAD_SEND:
		upload_prepare_send(upload);
		break;
	default:
		upload_prepare_close(upload);
		break;
	}
	return 0;
}

/* "0-41": 42 bytes are there. "0-0" is said of none, too. */
static int64_t
upload_range_end(const struct fetch *fetch)
{
	const char *range = http_header(&fetch->request, "Range", 0);
	const char *dash = range ? strchr(range, '-') : NULL;
	uint64_t last;

	if (!dash ||
	    units_parse_u64(dash + 1, 0, INT64_MAX - 1, &last, NULL) < 0)
		return -1;
	return last ? (int64_t)last + 1 : 0;
}

static void
upload_next_part(struct upload *upload)
{
	bool is_small = !upload->offset &&
			upload->blob.size_bytes <= UPLOAD_WHOLE_BYTES;

	upload->state = is_small || upload->offset == upload->blob.size_bytes
				? UPLOAD_CLOSE
				: UPLOAD_SEND;
}

static void
upload_looked(struct upload *upload, bool is_there)
{
	if (is_there)
		upload_done(upload, REGISTRY_UPLOAD_EXISTS);
	else
		upload->state = upload->location ? UPLOAD_ASK : UPLOAD_OPEN;
}

/* Where the upload stands; one that is gone is begun anew. */
static void
upload_asked(struct upload *upload, const struct fetch *fetch)
{
	const char *location = http_header(&fetch->request, "Location", 0);
	int64_t end = upload_range_end(fetch);

	if (fetch->request.status == 404 || end < 0 ||
	    end > upload->blob.size_bytes) {
		upload_remember(upload, NULL);
		upload->offset = 0;
		upload->state = UPLOAD_OPEN;
		return;
	}
	if (location)
		upload_remember(upload, location);
	upload->offset = end;
	/* What got somewhere was no failed attempt. */
	if (end >= upload->reached + UPLOAD_PROGRESS_BYTES) {
		upload->reached = end;
		upload->attempts = 0;
	}
	upload_next_part(upload);
}

static int
upload_opened(struct upload *upload, const struct fetch *fetch, struct err *err)
{
	const char *location = http_header(&fetch->request, "Location", 0);

	if (fetch->request.status == 201 && upload->blob.mount_from) {
		upload_done(upload, REGISTRY_UPLOAD_MOUNTED);
		return 0;
	}
	if (!location)
		return err_set(err, EPROTO,
			       "the registry opens an upload without a place");
	upload->mount_refused = true;
	upload->offset = 0;
	upload_remember(upload, location);
	upload_next_part(upload);
	return 0;
}

static int
upload_sent(struct upload *upload, const struct fetch *fetch, struct err *err)
{
	const char *location = http_header(&fetch->request, "Location", 0);
	int64_t end = upload_range_end(fetch);

	upload->offset += fetch->body_bytes;
	if (end >= 0 && end != upload->offset)
		return err_set(err, EPROTO,
			       "the registry has %" PRId64 " bytes of %" PRId64
			       " that were sent",
			       end, upload->offset);
	if (location)
		upload_remember(upload, location);
	upload_next_part(upload);
	return 0;
}

/* The state's request has succeeded. */
static int
upload_advance_state(struct upload *upload, struct err *err)
{
	cleanup_with(fetch_free) struct fetch *fetch = take_ptr(upload->fetch);
	int r = 0;

	switch (upload->state) {
	case UPLOAD_LOOK:
		upload_looked(upload, fetch->request.status != 404);
		break;
	case UPLOAD_ASK:
		upload_asked(upload, fetch);
		break;
	case UPLOAD_OPEN:
		r = upload_opened(upload, fetch, err);
		break;
	case UPLOAD_SEND:
		r = upload_sent(upload, fetch, err);
		break;
	default:
		upload_done(upload, REGISTRY_UPLOAD_COMPLETE);
		break;
	}
	return r;
}

/* Begin again after a pause, from what the registry has by then. */
static int
upload_retry(struct upload *upload, const struct fetch *fetch, int code,
	     const struct err *why, struct err *err)
{
	const struct registry_opts *opts = &upload->reg->opts;
	int64_t retry_after_ns = fetch->request.retry_after_s * UNITS_NS_PER_S;
	cleanup_free char *text = NULL;
	int64_t delay;

	if (++upload->attempts > opts->retries ||
	    fetch->request.retry_after_s > HTTP_MAX_RETRY_AFTER_S) {
		if (err)
			*err = *why;
		return code;
	}
	delay = retry_after_ns > 0
			? retry_after_ns
			: fetch_backoff_ns(upload->reg, upload->attempts);
	if (opts->note) {
		text = xasprintf("retrying in %.1f s: %s",
				 (double)delay / UNITS_NS_PER_S, why->text);
		opts->note(opts->data, text);
	}
	upload->due_ns = units_monotonic_ns() + delay;
	upload->state = UPLOAD_WAIT;
	return 0;
}

/* Send less at once; false when that would be too little. */
static bool
upload_cut_smaller(struct upload *upload)
{
	int64_t bytes = upload->piece_bytes ? upload->piece_bytes / 4
					    : UPLOAD_PIECE_BYTES;

	upload->piece_bytes = bytes;
	return bytes >= UPLOAD_MIN_PIECE_BYTES;
}

/* The state's request cannot succeed as it is: what else may be done? */
static int
upload_failed(struct upload *upload, int code, const struct err *why,
	      struct err *err)
{
	cleanup_with(fetch_free) struct fetch *fetch = take_ptr(upload->fetch);
	int status = fetch->request.failure ? 0 : fetch->request.status;
	bool is_part =
		upload->state == UPLOAD_SEND || upload->state == UPLOAD_CLOSE;

	if (http_is_stopped(upload->reg->http)) {
		/* nothing else */
	} else if (upload->state == UPLOAD_OPEN && upload->blob.mount_from &&
		   !upload->mount_refused && status) {
		upload->mount_refused = true;
		return 0;
	} else if (upload->state == UPLOAD_ASK && status) {
		upload_remember(upload, NULL);
		upload->state = UPLOAD_OPEN;
		return 0;
	} else if (is_part && status == 413 && upload_cut_smaller(upload)) {
		upload->state = UPLOAD_LOOK;
		return 0;
	} else if (is_part && (status == 404 || status == 416)) {
		return upload_retry(upload, fetch, code, why, err);
	} else if (upload->state == UPLOAD_CLOSE && status == 400) {
		/* Perhaps what another time left there is something else. */
		upload_remember(upload, NULL);
		return upload_retry(upload, fetch, code, why, err);
	} else if (is_part && fetch->may_pass) {
		return upload_retry(upload, fetch, code, why, err);
	}
	if (err)
		*err = *why;
	return code;
}

/* Move on as far as possible without waiting: 1 over, 0 not yet, -errno. */
static int
upload_advance(struct upload *upload, struct err *err)
{
	struct err why = ERR_INIT;
	int r = 0;

	while (r >= 0) {
		if (upload->state == UPLOAD_DONE)
			return 1;
		if (upload->state == UPLOAD_WAIT) {
			if (units_monotonic_ns() < upload->due_ns)
				return 0;
			upload->state = UPLOAD_LOOK;
		}
		if (!upload->fetch) {
			r = upload_begin(upload, err);
			if (r < 0)
				break;
		}
		err_reset(&why);
		r = fetch_advance(upload->fetch, &why);
		if (r == 0)
			return 0;
		r = r > 0 ? upload_advance_state(upload, err)
			  : upload_failed(upload, r, &why, err);
	}
	return r;
}

static int
upload_timeout_ms(const struct upload *upload)
{
	int64_t left_ns;

	if (upload->state == UPLOAD_SEND)
		return UPLOAD_TELL_MS;
	if (upload->state != UPLOAD_WAIT)
		return upload->fetch ? fetch_timeout_ms(upload->fetch) : -1;
	left_ns = upload->due_ns - units_monotonic_ns();
	return left_ns < 0 ? 0 : (int)(left_ns / 1000000) + 1;
}

/* Move all that are under way; returns how many are, or -errno. */
static int
upload_round(struct registry_upload_set *set, int *ret_timeout_ms,
	     struct err *err)
{
	size_t active = 0;

	*ret_timeout_ms = -1;
	for (size_t i = 0; i < set->len && active < set->parallel; i++) {
		struct upload *upload = set->items[i];
		int wanted, r;

		if (upload->state == UPLOAD_DONE)
			continue;
		r = upload_advance(upload, err);
		if (r < 0)
			return r;
		if (r > 0)
			continue;
		active++;
		if (upload->state == UPLOAD_SEND)
			upload_tell(upload, REGISTRY_UPLOAD_SENDING);
		wanted = upload_timeout_ms(upload);
		if (wanted >= 0 &&
		    (*ret_timeout_ms < 0 || wanted < *ret_timeout_ms))
			*ret_timeout_ms = wanted;
	}
	return (int)active;
}

int
registry_upload_run(struct registry_upload_set *set, struct err *err)
{
	for (;;) {
		int timeout_ms;
		int r = upload_round(set, &timeout_ms, err);

		if (r > 0)
			r = http_step(set->reg->http, NULL, 0, timeout_ms, err);
		else if (r == 0)
			return 0;
		if (r < 0)
			return err_wrap(err, r, "'%s'", set->reg->name);
	}
}
