/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conf/config.h - config.yaml: the user's, and the site's in /etc/dhow.
 *
 * What the user says counts before what the site says, but for the keys that
 * the site lists under `enforce`. A key may be written with underscores. Files
 * that do not exist are no failure; a key that is not known is one.
 */
#ifndef DHOW_CONF_CONFIG_H
#define DHOW_CONF_CONFIG_H

#include <stdbool.h>

#include "base/err.h"
#include "data/node.h"

#define CONFIG_FILE "config.yaml"
#define CONFIG_SITE_DIR "/etc/dhow"
#define CONFIG_MAX_BYTES (1U << 20)
#define CONFIG_MAX_PARALLEL 16

struct config {
	/* additional-stores: directories to take images from; the same with
	 * '_' */
	struct strvec additional_stores;
	/* parallel-downloads: layers at once, 1..16; 0: not said */
	int64_t parallel_downloads;
	/* platform: what --platform is when nobody says; NULL: this host */
	char *platform;
	/*
	 * publish-address: what -p without an address opens ports on; NULL:
	 * all. For hosts shared with others: 127.0.0.1.
	 */
	char *publish_address;
	/* host-loopback: containers may reach servers on 127.0.0.1 here */
	bool host_loopback;
	/* registries: see registries_add_config(); NULL: none */
	struct node *registries;
	/* storage-driver: as --storage-driver; NULL: auto */
	char *storage_driver;
	/* enforce: keys the site decides alone; only in the site's file */
	struct strvec enforce;
};

#define CONFIG_INIT                                           \
	{                                                     \
		.enforce = STRVEC_INIT, .host_loopback = true \
	}

#define cleanup_config cleanup_release(config_release)
void config_release(struct config *config);

/*
 * Read config.yaml of @user_dir and of @site_dir.
 *
 * Returns 0, or -EBADMSG with file:line:col: bad YAML, an unknown key, a
 * value of another type or out of range.
 */
int config_load(const char *user_dir, const char *site_dir,
		struct config *ret_config, struct err *err);

#endif
