/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/slirp_lib.c - libslirp, loaded when it is needed.
 */
#include "net/slirp_lib.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"

#define LIBRARY "libslirp.so.0"
/*
 * The first whose DHCP server can be turned off. Older ones had holes in the
 * parsing of packets (CVE-2021-3592 and before).
 */
#define OLDEST "4.7.0"

static const struct {
	const char *name;
	size_t offset;
} symbols[] = {
	{ "slirp_cleanup", offsetof(struct slirp_lib, cleanup) },
	{ "slirp_input", offsetof(struct slirp_lib, input) },
	{ "slirp_new", offsetof(struct slirp_lib, create) },
	{ "slirp_pollfds_fill", offsetof(struct slirp_lib, pollfds_fill) },
	{ "slirp_pollfds_poll", offsetof(struct slirp_lib, pollfds_poll) },
	{ "slirp_version_string", offsetof(struct slirp_lib, version_string) },
};

static int
unusable(struct err *err, const char *why)
{
	(void)err_set(err, EOPNOTSUPP, "load " LIBRARY ": %s", why);
	err_hint(
		err,
		"install libslirp " OLDEST
		" or newer (Debian: apt-get install libslirp0), or use --network host");
	return -EOPNOTSUPP;
}

int
slirp_lib_load(struct slirp_lib *ret_lib, struct err *err)
{
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	struct slirp_lib lib;

	if (!handle)
		return unusable(err, dlerror());
	for (size_t i = 0; i < ARRAY_LEN(symbols); i++) {
		void *symbol = dlsym(handle, symbols[i].name);

		if (!symbol)
			return unusable(err, dlerror());
		(void)memcpy((char *)&lib + symbols[i].offset, &symbol,
			     sizeof(symbol));
	}
	if (strverscmp(lib.version_string(), OLDEST) < 0)
		return unusable(err, "it is too old");
	*ret_lib = lib;
	return 0;
}
