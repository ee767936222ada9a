/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry/download.c - a set of blobs under way, a few at a time.
 *
 * A blob is queued, then active (it has a fetch), then gone. Sinks run inside
 * http_step(); a sink that is full holds its own line only, and its
 * descriptor is polled with the sockets.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "registry/fetch.h"
#include "registry/registry_priv.h"

#define DOWNLOAD_MAX_PARALLEL 16
#define DOWNLOAD_MAX_EXTRA 32
/* A full sink without a descriptor is offered the bytes again after this. */
#define DOWNLOAD_BLIND_MS 20

struct download_item {
	struct registry_blob blob;
	struct fetch *fetch;
};

struct registry_download {
	struct registry *reg;
	struct download_item **queue; /* owned; from .next on */
	size_t next;
	size_t len;
	size_t cap;
	struct download_item *active[DOWNLOAD_MAX_PARALLEL];
	size_t parallel;
	size_t left;
	int failure;
};

struct registry_download *
registry_download_new(struct registry *reg, size_t parallel)
{
	struct registry_download *set = xcalloc(1, sizeof(*set));

	set->reg = reg;
	set->parallel = parallel ? parallel : REGISTRY_PARALLEL;
	if (set->parallel > DOWNLOAD_MAX_PARALLEL)
		set->parallel = DOWNLOAD_MAX_PARALLEL;
	return set;
}

static void
download_item_free(struct download_item *item)
{
	if (!item)
		return;
	fetch_free(item->fetch);
	free(item);
}

void
registry_download_free(struct registry_download *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->parallel; i++)
		download_item_free(set->active[i]);
	for (size_t i = set->next; i < set->len; i++)
		download_item_free(set->queue[i]);
	free(set->queue);
	free(set);
}

void
registry_download_add(struct registry_download *set,
		      const struct registry_blob *blob)
{
	struct download_item *item = xcalloc(1, sizeof(*item));

	assert(blob->size_bytes >= blob->offset && blob->offset >= 0);
	assert(digest_is_valid(blob->digest.text));
	item->blob = *blob;
	array_push(set->queue, set->len, set->cap, item);
	set->left++;
}

static void
download_start(struct registry_download *set)
{
	for (size_t i = 0; i < set->parallel && set->next < set->len; i++) {
		struct download_item *item;

		if (set->active[i])
			continue;
		item = set->active[i] = set->queue[set->next++];
		item->fetch = fetch_new(
			set->reg, xasprintf("blobs/%s", item->blob.digest.text),
			xasprintf("blob '%s'", item->blob.digest.text));
		item->fetch->endpoint = set->reg->current;
		item->fetch->blob = &item->blob;
		item->fetch->offset = item->blob.offset;
	}
}

/* The last byte of an active blob was taken. */
static int
download_end(struct registry_download *set, size_t at, struct err *err)
{
	struct download_item *item = take_ptr(set->active[at]);
	int r = item->blob.done ? item->blob.done(item->blob.data, err) : 0;

	download_item_free(item);
	set->left--;
	return r;
}

/* Move all active ones on; where one has ended the next is begun. */
static int
download_advance(struct registry_download *set, struct err *err)
{
	size_t i = 0;

	while (i < set->parallel) {
		struct download_item *item = set->active[i];
		int r = item ? fetch_advance(item->fetch, err) : 0;

		if (r < 0)
			return err_wrap(err, r, "'%s'", set->reg->name);
		if (!r) {
			i++;
			continue;
		}
		r = download_end(set, i, err);
		if (r < 0)
			return r;
		/* Stay: the one put in this place is to be sent. */
		download_start(set);
	}
	return 0;
}

/* What to wait for beside the lines: full sinks and pauses. */
static size_t
download_wait_for(const struct registry_download *set, struct pollfd *fds,
		  int *io_timeout_ms)
{
	size_t count = 0;

	for (size_t i = 0; i < set->parallel; i++) {
		const struct download_item *item = set->active[i];
		int wanted = item ? fetch_timeout_ms(item->fetch) : -1;

		if (item && item->fetch->request.held) {
			if (item->blob.wait_fd < 0)
				wanted = DOWNLOAD_BLIND_MS;
			else
				fds[count++] = (struct pollfd){
					.fd = item->blob.wait_fd,
					.events = POLLOUT,
				};
		}
		if (wanted >= 0 &&
		    (*io_timeout_ms < 0 || wanted < *io_timeout_ms))
			*io_timeout_ms = wanted;
	}
	return count;
}

/* Let those lines go on whose sinks have room (or an error to tell). */
static void
download_resume(struct registry_download *set, const struct pollfd *fds,
		size_t count)
{
	for (size_t i = 0; i < set->parallel; i++) {
		struct download_item *item = set->active[i];
		bool ready;

		if (!item || !item->fetch->request.held)
			continue;
		ready = item->blob.wait_fd < 0;
		for (size_t j = 0; j < count && !ready; j++)
			ready = fds[j].fd == item->blob.wait_fd &&
				fds[j].revents;
		if (ready)
			http_resume(&item->fetch->request);
	}
}

static int
download_round(struct registry_download *set, struct pollfd *extra,
	       size_t extra_count, int timeout_ms, struct err *err)
{
	struct pollfd fds[DOWNLOAD_MAX_EXTRA + DOWNLOAD_MAX_PARALLEL];
	size_t count;
	int r;

	assert(extra_count <= DOWNLOAD_MAX_EXTRA);
	download_start(set);
	r = download_advance(set, err);
	if (r < 0)
		return r;
	if (!set->left)
		return 0;
	if (extra_count)
		(void)memcpy(fds, extra, extra_count * sizeof(*fds));
	count = download_wait_for(set, fds + extra_count, &timeout_ms);
	r = http_step(set->reg->http, fds, extra_count + count, timeout_ms,
		      err);
	for (size_t i = 0; i < extra_count; i++)
		extra[i].revents = fds[i].revents;
	if (r < 0)
		return r;
	download_resume(set, fds + extra_count, count);
	r = download_advance(set, err);
	return r < 0 ? r : (int)set->left;
}

int
registry_download_step(struct registry_download *set, struct pollfd *extra,
		       size_t extra_count, int timeout_ms, struct err *err)
{
	int r;

	for (size_t i = 0; i < extra_count; i++)
		extra[i].revents = 0;
	if (set->failure)
		return err_set(err, -set->failure, "the download has failed");
	r = download_round(set, extra, extra_count, timeout_ms, err);
	if (r < 0)
		set->failure = r;
	return r;
}

int
registry_download_run(struct registry_download *set, struct err *err)
{
	int r;

	do
		r = registry_download_step(set, NULL, 0, -1, err);
	while (r > 0);
	return r;
}
