/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/docker_proxies.c - "proxies" of Docker's config.json.
 */
#include "conf/docker_proxies.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "conf/credentials.h"
#include "data/node.h"

static char *
docker_config_path(const char *config_dir)
{
	const char *dir = config_dir ?: getenv("DOCKER_CONFIG");
	const char *home = getenv("HOME");

	if (dir && *dir)
		return xasprintf("%s/config.json", dir);
	return home && *home ? xasprintf("%s/.docker/config.json", home) : NULL;
}

int
docker_proxies_read(const char *config_dir, struct strvec *env, struct err *err)
{
	static const struct {
		const char *key, *upper, *lower;
	} names[] = {
		{ "httpProxy", "HTTP_PROXY", "http_proxy" },
		{ "httpsProxy", "HTTPS_PROXY", "https_proxy" },
		{ "ftpProxy", "FTP_PROXY", "ftp_proxy" },
		{ "noProxy", "NO_PROXY", "no_proxy" },
		{ "allProxy", "ALL_PROXY", "all_proxy" },
	};
	cleanup_free char *path = docker_config_path(config_dir);
	cleanup_strbuf struct strbuf bytes = STRBUF_INIT;
	cleanup_node struct node *root = NULL;
	const struct node *proxies;
	int r;

	/* A file that cannot be read is told of where credentials are. */
	if (!path || fsx_read_file(AT_FDCWD, path, CREDENTIALS_MAX_FILE_BYTES,
				   &bytes, NULL) < 0)
		return 0;
	r = node_parse_json(span_new(bytes.buf, bytes.len), path, &root, err);
	if (r < 0)
		return r;
	proxies = node_get(node_get(root, "proxies"), "default");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = node_get_str(proxies, names[i].key);

		if (!value || !*value)
			continue;
		strvec_env_set(env, names[i].upper, value);
		strvec_env_set(env, names[i].lower, value);
	}
	return 0;
}
