/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fsx.h"
#include "conf/config.h"

static char place[64];
static char user[80];
static char site[80];

static void
config_setup(void)
{
	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	(void)snprintf(user, sizeof(user), "%s/user", place);
	(void)snprintf(site, sizeof(site), "%s/site", place);
	cr_assert(eq(int, mkdir(user, 0700), 0));
	cr_assert(eq(int, mkdir(site, 0700), 0));
}

static void
config_teardown(void)
{
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(conf_config, .init = config_setup, .fini = config_teardown);

static void
write_config(const char *dir, const char *text)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/" CONFIG_FILE, dir);
	cr_assert(eq(int,
		     fsx_write_atomic(AT_FDCWD, path, text, strlen(text), 0644,
				      0, NULL),
		     0));
}

Test(conf_config, without_files_nothing_is_said)
{
	cleanup_config struct config config = CONFIG_INIT;

	cr_assert(eq(int, config_load(user, site, &config, NULL), 0));
	cr_expect(eq(i64, config.parallel_downloads, 0));
	cr_expect(config.storage_driver == NULL);
}

Test(conf_config, the_user_comes_before_the_site)
{
	cleanup_config struct config config = CONFIG_INIT;

	write_config(user, "parallel-downloads: 5\nregistries:\n"
			   "  a: {insecure: true}\n");
	write_config(site, "parallel-downloads: 2\nplatform: linux/arm64\n"
			   "registries:\n  a: {blocked: true}\n"
			   "  b: {blocked: true}\n");
	cr_assert(eq(int, config_load(user, site, &config, NULL), 0));
	cr_expect(eq(i64, config.parallel_downloads, 5));
	cr_expect(eq(str, config.platform, "linux/arm64"));
	cr_expect(node_get(node_get(config.registries, "a"), "insecure") !=
		  NULL);
	cr_expect(node_get(node_get(config.registries, "a"), "blocked") ==
		  NULL);
	cr_expect(node_get(node_get(config.registries, "b"), "blocked") !=
		  NULL);
}

Test(conf_config, what_the_site_enforces_it_decides_alone)
{
	cleanup_config struct config config = CONFIG_INIT;

	write_config(user,
		     "parallel-downloads: 5\nregistries: {a: {}, c: {}}\n");
	write_config(site, "enforce: [parallel-downloads, registries]\n"
			   "parallel-downloads: 2\n"
			   "registries: {a: {blocked: true}}\n");
	cr_assert(eq(int, config_load(user, site, &config, NULL), 0));
	cr_expect(eq(i64, config.parallel_downloads, 2));
	cr_expect(eq(sz, node_len(config.registries), 1));
}

Test(conf_config, mistakes_are_told_with_their_place)
{
	static const struct {
		const char *text;
		const char *place;
	} cases[] = {
		{ "a: [", ":1:" },
		{ "\nparallel: 3\n", ":2:" },
		{ "parallel-downloads: many\n", ":1:" },
		{ "platform: x\nparallel-downloads: 99\n", ":2:" },
		{ "enforce: [platform]\n", "enforce" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config config;
		struct err err = ERR_INIT;

		write_config(user, cases[i].text);
		cr_expect(eq(int, config_load(user, site, &config, &err),
			     -EBADMSG),
			  "case %zu", i);
		cr_expect(strstr(err.text, cases[i].place) != NULL, "%s",
			  err.text);
		cr_expect(strstr(err.text, CONFIG_FILE) != NULL, "%s",
			  err.text);
	}
}

Test(conf_config, a_key_may_have_underscores)
{
	cleanup_config struct config config = CONFIG_INIT;

	write_config(user, "publish_address: 127.0.0.1\n"
			   "host_loopback: false\n");
	cr_assert(eq(int, config_load(user, site, &config, NULL), 0));
	cr_assert(eq(str, config.publish_address, (char *)"127.0.0.1"));
	cr_assert(not(config.host_loopback));
}

Test(conf_config, the_site_may_forbid_the_hosts_loopback)
{
	cleanup_config struct config config = CONFIG_INIT;

	write_config(site, "host-loopback: false\nenforce: [host-loopback]\n");
	write_config(user, "host-loopback: true\n");
	cr_assert(eq(int, config_load(user, site, &config, NULL), 0));
	cr_assert(not(config.host_loopback));
}

Test(conf_config, an_address_to_publish_on_is_an_address)
{
	cleanup_config struct config config = CONFIG_INIT;
	struct err err = ERR_INIT;

	write_config(user, "publish-address: localhost\n");
	cr_assert(eq(int, config_load(user, site, &config, &err), -EBADMSG));
	cr_assert(strstr(err.text, "config.yaml:1:") != NULL, "%s", err.text);
}
