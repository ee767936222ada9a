/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/secrets.c - the secrets a container was given.
 */
#include "container/secrets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "store/secret.h"

#define SECRETS_DIR "secrets"
#define SECRETS_PATH_BYTES 32

static const char *
secrets_path(size_t i, char buf[SECRETS_PATH_BYTES])
{
	(void)snprintf(buf, SECRETS_PATH_BYTES, SECRETS_DIR "/%zu", i);
	return buf;
}

int
secrets_find(struct store *store, struct container_spec *spec, struct err *err)
{
	for (size_t i = 0; i < spec->secrets.len; i++) {
		struct secret_spec *one = &spec->secrets.items[i];
		cleanup_secret struct secret secret = SECRET_INIT;
		int r = secret_find(store, one->name, &secret, err);

		if (r < 0)
			return r;
		one->id = xstrdup(secret.id);
		strbuf_add(&one->value, secret.value.buf, secret.value.len);
	}
	return 0;
}

int
secrets_write(int dirfd, const struct container_spec *spec, struct err *err)
{
	char path[SECRETS_PATH_BYTES];
	int r = 0;

	if (spec->secrets.len && mkdirat(dirfd, SECRETS_DIR, 0700) < 0)
		return err_sys(err, "create '" SECRETS_DIR "'");
	for (size_t i = 0; r == 0 && i < spec->secrets.len; i++) {
		const struct strbuf *value = &spec->secrets.items[i].value;

		r = fsx_write_atomic(dirfd, secrets_path(i, path), value->buf,
				     value->len, 0400, FSX_NOSYNC, err);
	}
	return r;
}

int
secrets_read(int dirfd, struct container_spec *spec, struct err *err)
{
	char path[SECRETS_PATH_BYTES];
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->secrets.len; i++)
		if (spec->secrets.items[i].is_env)
			r = fsx_read_file(dirfd, secrets_path(i, path),
					  SECRET_MAX_BYTES,
					  &spec->secrets.items[i].value, err);
	return r;
}

int
secrets_give(int dirfd, const struct container_spec *spec,
	     const struct ids *ids, struct err *err)
{
	char path[SECRETS_PATH_BYTES];

	for (size_t i = 0; i < spec->secrets.len; i++) {
		const struct secret_spec *one = &spec->secrets.items[i];
		uint32_t uid = idmap_to_outside(&ids->uids, one->uid);
		uint32_t gid = idmap_to_outside(&ids->gids, one->gid);
		cleanup_close int fd = -EBADF;

		if (one->is_env)
			continue;
		fd = openat(dirfd, secrets_path(i, path),
			    O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			return err_sys(err, "open secret '%s'", one->name);
		/* With one id it is the only user's. */
		if (uid != IDMAP_UNMAPPED && gid != IDMAP_UNMAPPED &&
		    !ids->single && fchown(fd, uid, gid) < 0)
			return err_sys(err, "set the owner of secret '%s'",
				       one->name);
		if (fchmod(fd, (mode_t)one->mode) < 0)
			return err_sys(err, "set the mode of secret '%s'",
				       one->name);
	}
	return 0;
}
