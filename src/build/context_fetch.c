/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/context_fetch.c - files from the web, and archives.
 */
#include "build/context_fetch.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "build/build_priv.h"
#include "build/build_secret.h"
#include "image/transfer_client.h"
#include "store/store.h"

#define USTAR_AT 257

struct watch {
	struct task_link *tell;
	struct fetched *fetched;
};

void
fetched_release(struct fetched *fetched)
{
	free(fetched->path);
	free(fetched->name);
	free(fetched->commit);
	free(fetched->subdir);
	*fetched = (struct fetched){ .mtime = -1 };
}

void
fetched_remove(struct fetched *fetched, struct store *store)
{
	if (fetched->path)
		(void)fsx_remove_tree(store->dirfd, fetched->path, NULL);
	fetched_release(fetched);
}

char *
fetch_new_path(const char *name)
{
	char tmp[FSX_TMP_NAME_BYTES];

	fsx_tmp_name(name, tmp);
	return xasprintf("tmp/%s", tmp);
}

static void
on_event(void *data, const struct transfer_event *event)
{
	struct watch *watch = data;
	struct task_status status = { .id = event->id,
				      .action = event->action,
				      .done = event->bytes_done,
				      .total = event->bytes_total };

	if (event->kind == TRANSFER_STEP && watch->tell)
		task_tell(watch->tell, &status);
	if (event->kind != TRANSFER_FILE)
		return;
	watch->fetched->name = xstrdup_null(event->name);
	watch->fetched->mtime = event->index;
	(void)digest_parse(event->digest ?: "", &watch->fetched->digest, NULL);
}

int
fetch_url(const struct build_source *source, const char *url,
	  struct task_link *tell, struct fetched *ret_fetched, struct err *err)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	struct fetched fetched = { .mtime = -1 };
	struct watch watch = { .tell = tell, .fetched = &fetched };
	struct transfer_sink sink = { .event = on_event,
				      .data = &watch,
				      .stdin_fd = -1 };
	int r = build_secret_auth(source->opts, url, false,
				  &request.authorization, err);

	if (r < 0)
		return r;
	fetched.path = fetch_new_path("fetch");
	request.op = TRANSFER_FETCH;
	request.input = xstrdup(url);
	request.output = xstrdup(fetched.path);
	r = transfer_run(source->session, &request, &sink, err);
	if (request.authorization)
		explicit_bzero(request.authorization,
			       strlen(request.authorization));
	if (r < 0) {
		fetched_remove(&fetched, source->store);
		return r;
	}
	*ret_fetched = fetched;
	return 0;
}

int
fetch_extract(struct session *session, const char *input, const char *output,
	      bool own, struct err *err)
{
	cleanup_transfer_request struct transfer_request request =
		TRANSFER_REQUEST_INIT;
	struct transfer_sink sink = { .stdin_fd = -1 };

	if (mkdirat(session->store.dirfd, output, 0755) < 0)
		return err_sys(err, "make '%s'", output);
	request.op = TRANSFER_EXTRACT;
	request.input = xstrdup(input);
	request.output = xstrdup(output);
	request.own = own;
	return transfer_run(session, &request, &sink, err);
}

bool
fetch_is_archive(int fd)
{
	/* gzip, bzip2, xz, zstd */
	static const char *const magics[] = { "\x1f\x8b", "BZh",
					      "\xfd"
					      "7zXZ",
					      "\x28\xb5\x2f\xfd" };
	char head[512];
	ssize_t n = pread(fd, head, sizeof(head), 0);

	for (size_t i = 0; n >= 6 && i < ARRAY_LEN(magics); i++)
		if (!memcmp(head, magics[i], strlen(magics[i])))
			return true;
	return n == (ssize_t)sizeof(head) &&
	       !memcmp(head + USTAR_AT, "ustar", 5);
}
