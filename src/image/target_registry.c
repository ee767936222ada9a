/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image/target_registry.c - images copied to a registry.
 *
 * Where an upload stands is remembered in the cache directory, so that one
 * whose process was killed goes on where it was cut.
 */
#include "image/target.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "archive/sha256.h"
#include "base/alloc.h"
#include "base/fsx.h"
#include "image/mount_hints.h"
#include "registry/upload.h"

#define UPLOADS_DIR "uploads"
#define UPLOADS_MAX_BYTES 8192
#define UPLOAD_SHORT_ID 12

struct target_registry {
	struct target base;
	struct remote *remote;
	const struct mount_hints *hints;
	int uploadsfd; /* -EBADF: nothing is remembered */
};

/* One blob under way. */
struct sending {
	struct target_registry *target;
	struct origin *from;
	const struct target_blob *blob;
	char id[UPLOAD_SHORT_ID + 1];
	char file[SHA256_HEX_BYTES]; /* where its upload is remembered */
	struct strbuf location;
};

static void
remember_name(struct sending *sending)
{
	const struct ref *ref = &sending->target->remote->ref;
	cleanup_strbuf struct strbuf key = STRBUF_INIT;

	ref_add_name(&key, ref);
	strbuf_addf(&key, " %s", sending->blob->desc->digest.text);
	sha256_hex_of(key.buf, key.len, sending->file);
}

static int
sending_open(void *data, int *ret_fd, struct err *err)
{
	struct sending *sending = data;
	const struct target_blob *blob = sending->blob;
	int fd;

	if (blob->fd < 0)
		return sending->from->ops->blob(sending->from, blob->desc,
						ret_fd, err);
	fd = fcntl(blob->fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(err, "use the layer");
	*ret_fd = fd;
	return 0;
}

static void
sending_tell(void *data, enum registry_upload_event event, int64_t sent_bytes)
{
	struct sending *sending = data;
	struct engine *engine = sending->target->base.engine;

	if (sending->blob->is_config)
		return;
	switch (event) {
	case REGISTRY_UPLOAD_SENDING:
		engine_step(engine, sending->id, "Pushing",
			    (uint64_t)sent_bytes,
			    (uint64_t)sending->blob->desc->size_bytes);
		return;
	case REGISTRY_UPLOAD_EXISTS:
		engine_state(engine, sending->id, "Layer already exists");
		return;
	case REGISTRY_UPLOAD_MOUNTED:
		engine_state(engine, sending->id, "Mounted");
		return;
	case REGISTRY_UPLOAD_COMPLETE:
		engine_state(engine, sending->id, "Pushed");
		return;
	}
}

/* What cannot be remembered is only sent again. */
static void
sending_remember(void *data, const char *location)
{
	struct sending *sending = data;
	int dirfd = sending->target->uploadsfd;

	if (dirfd < 0)
		return;
	if (location)
		(void)fsx_write_atomic(dirfd, sending->file, location,
				       strlen(location), 0600, FSX_NOSYNC,
				       NULL);
	else
		(void)unlinkat(dirfd, sending->file, 0);
}

static void
sending_add(struct sending *sending, struct registry_upload_set *set)
{
	const struct descriptor *desc = sending->blob->desc;
	struct target_registry *target = sending->target;
	struct registry_upload upload = {
		.digest = desc->digest,
		.size_bytes = desc->size_bytes,
		.open = sending_open,
		.tell = sending_tell,
		.remember = sending_remember,
		.data = sending,
	};

	(void)snprintf(sending->id, sizeof(sending->id), "%s",
		       digest_hex(&desc->digest));
	remember_name(sending);
	if (target->hints)
		upload.mount_from =
			mount_hints_get(target->hints, &desc->digest);
	if (target->uploadsfd >= 0 &&
	    fsx_read_file(target->uploadsfd, sending->file, UPLOADS_MAX_BYTES,
			  &sending->location, NULL) == 0 &&
	    sending->location.len)
		upload.location = sending->location.buf;
	if (!sending->blob->is_config)
		engine_step(target->base.engine, sending->id, "Preparing", 0,
			    0);
	registry_upload_add(set, &upload);
}

static int
registry_blobs(struct target *base, struct origin *from,
	       const struct target_blob *blobs, size_t count, struct err *err)
{
	struct target_registry *target = (void *)base;
	cleanup_with(registry_upload_free) struct registry_upload_set *set =
		registry_upload_new(target->remote->reg,
				    (size_t)base->engine->request.parallel);
	struct sending *sending = xcalloc(count ?: 1, sizeof(*sending));
	int r;

	for (size_t i = 0; i < count; i++) {
		sending[i] = (struct sending){ .target = target,
					       .from = from,
					       .blob = &blobs[i],
					       .location = STRBUF_INIT };
		sending_add(&sending[i], set);
	}
	r = registry_upload_run(set, err);
	for (size_t i = 0; i < count; i++)
		strbuf_release(&sending[i].location);
	free(sending);
	return r;
}

static int
registry_document(struct target *base, const struct target_doc *doc,
		  struct err *err)
{
	struct target_registry *target = (void *)base;
	const struct ref *ref = &target->remote->ref;

	return registry_put_manifest(
		target->remote->reg,
		doc->is_root && ref->tag ? ref->tag : doc->digest.text,
		doc->media_type, doc->bytes, err);
}

/* A registry that has the manifest has all that it names. */
static bool
registry_has(struct target *base, const struct digest *root)
{
	struct target_registry *target = (void *)base;
	const struct ref *ref = &target->remote->ref;
	struct digest there;

	return registry_find_manifest(target->remote->reg,
				      ref->tag ?: root->text, &there,
				      NULL) == 0 &&
	       digest_eq(&there, root);
}

static int
registry_finish(struct target *base, struct err *err)
{
	return 0;
}

static void
registry_free(struct target *base)
{
	struct target_registry *target = (void *)base;

	if (target->uploadsfd >= 0)
		(void)close(target->uploadsfd);
	free(target);
}

static const struct target_ops registry_ops = {
	.blobs = registry_blobs,
	.document = registry_document,
	.has = registry_has,
	.finish = registry_finish,
	.free = registry_free,
};

struct target *
target_of_registry(struct engine *engine, struct remote *remote,
		   const struct mount_hints *hints)
{
	struct target_registry *target = xcalloc(1, sizeof(*target));
	int cachefd = paths_open_cache(&engine->session.paths, NULL);

	target->base = (struct target){ .ops = &registry_ops,
					.engine = engine,
					.wants_gzip = true };
	target->remote = remote;
	target->hints = hints;
	target->uploadsfd =
		cachefd < 0 ? -EBADF
			    : fsx_opendir_p(cachefd, UPLOADS_DIR, 0700, NULL);
	return &target->base;
}

void
target_free(struct target *target)
{
	if (target)
		target->ops->free(target);
}
