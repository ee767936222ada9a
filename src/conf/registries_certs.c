/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/registries_certs.c - certs.d: TLS files by registry.
 */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "conf/registries_priv.h"

void
registries_certs_release(struct registries_certs *certs)
{
	strvec_release(&certs->ca_files);
	free(take_ptr(certs->client_cert));
	free(take_ptr(certs->client_key));
}

static int
certs_add_client(const char *dir, const char *name,
		 struct registries_certs *certs, struct err *err)
{
	size_t len = strlen(name) - strlen(".cert");
	cleanup_free char *key = xasprintf("%s/%.*s.key", dir, (int)len, name);

	if (certs->client_cert)
		return 0;
	if (access(key, F_OK) < 0)
		return err_set(err, ENOENT, "'%s/%s' has no key '%s' beside it",
			       dir, name, key);
	certs->client_cert = xasprintf("%s/%s", dir, name);
	certs->client_key = take_ptr(key);
	return 0;
}

/* Files are taken in the order of their names. */
static int
certs_read_dir(const char *dir, struct registries_certs *certs, struct err *err)
{
	cleanup_strvec struct strvec names = STRVEC_INIT;
	cleanup_closedir DIR *stream = opendir(dir);
	const struct dirent *entry;

	if (!stream)
		return errno == ENOTDIR ? -ENOENT : -errno;
	while ((entry = readdir(stream)))
		strvec_add(&names, entry->d_name);
	strvec_sort(&names);
	for (size_t i = 0; i < names.len; i++) {
		int r = 0;

		if (text_ends(names.v[i], ".crt"))
			strvec_addf(&certs->ca_files, "%s/%s", dir, names.v[i]);
		else if (text_ends(names.v[i], ".cert"))
			r = certs_add_client(dir, names.v[i], certs, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* One of the places certs.d may stand; one that cannot be read is as none. */
static int
certs_read_place(const char *base, const char *sub, const char *domain,
		 struct registries_certs *certs, struct err *err)
{
	cleanup_free char *dir = NULL;
	struct err why = ERR_INIT;
	int r;

	if (!base)
		return 0;
	dir = xasprintf("%s/%s/certs.d/%s", base, sub, domain);
	r = certs_read_dir(dir, certs, &why);
	if (r < 0 && why.code) {
		if (err)
			*err = why;
		return r;
	}
	return 0;
}

int
registries_find_certs(const struct registries_opts *opts, const char *cert_dir,
		      const char *domain, struct registries_certs *ret_certs,
		      struct err *err)
{
	static const char *const subs[] = { "containers", "docker" };
	const char *etc = opts && opts->etc ? opts->etc : "/etc";
	cleanup_certs struct registries_certs certs = REGISTRIES_CERTS_INIT;
	cleanup_free char *user = registries_user_dir(opts);
	struct err why = ERR_INIT;
	int r = 0;

	if (!*domain || domain[0] == '.' || strchr(domain, '/'))
		return err_set(err, EINVAL, "'%s' is no registry", domain);
	if (cert_dir) {
		r = certs_read_dir(cert_dir, &certs, &why);
		if (r < 0 && !why.code)
			err_code(&why, -r, "certificates in '%s'", cert_dir);
	}
	for (size_t i = 0; !cert_dir && !r && i < 2 * ARRAY_LEN(subs); i++)
		r = certs_read_place(i < ARRAY_LEN(subs) ? user : etc,
				     subs[i % ARRAY_LEN(subs)], domain, &certs,
				     &why);
	if (r < 0) {
		if (err)
			*err = why;
		return r;
	}
	*ret_certs = certs;
	certs = (struct registries_certs)REGISTRIES_CERTS_INIT;
	return 0;
}
