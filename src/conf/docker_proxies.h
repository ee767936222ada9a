/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/docker_proxies.h - "proxies" of Docker's config.json.
 *
 * Spec: docker config.json, "Automatic proxy configuration for containers".
 */
#ifndef DHOW_CONF_DOCKER_PROXIES_H
#define DHOW_CONF_DOCKER_PROXIES_H

#include "base/err.h"
#include "base/strvec.h"

/*
 * Set HTTP_PROXY and its like in @env, in capitals and not, as the file's
 * "default" says. @config_dir: --config; NULL: DOCKER_CONFIG, ~/.docker.
 * Returns 0, also when there is no file; -EBADMSG when it is malformed.
 */
int docker_proxies_read(const char *config_dir, struct strvec *env,
			struct err *err);

#endif
