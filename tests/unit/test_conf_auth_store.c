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

#include "base/alloc.h"
#include "base/fsx.h"
#include "conf/auth_store.h"

static char place[64];

static void
store_setup(void)
{
	static const char *const names[] = { "DOCKER_CONFIG",
					     "DOCKER_AUTH_CONFIG",
					     "REGISTRY_AUTH_FILE",
					     "XDG_CONFIG_HOME" };

	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)unsetenv(names[i]);
	(void)setenv("HOME", place, 1);
	(void)setenv("XDG_RUNTIME_DIR", place, 1);
}

static void
store_teardown(void)
{
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

static const struct credentials_opts nothing = { .authfile = NULL };

static void
put(const char *server, const char *user, const char *password)
{
	struct credential cred = { .username = (char *)user,
				   .password = (char *)password };
	cleanup_free char *where = NULL;
	bool is_plain = false;

	cr_assert(eq(int,
		     auth_store_put(&nothing, server, &cred, &where, &is_plain,
				    NULL),
		     0));
	cr_expect(is_plain);
}

Test(conf_auth_store, what_is_put_is_found, .init = store_setup,
     .fini = store_teardown)
{
	cleanup_credential struct credential found = CREDENTIAL_INIT;
	cleanup_strvec struct strvec servers = STRVEC_INIT;
	cleanup_free char *path = xasprintf("%s/.docker/config.json", place);
	struct stat st;

	put("https://host:5000/v2/", "a", "b:c");
	put("host:5000", "d", "e:f");
	put("docker.io", "x", "y");
	cr_assert(eq(int, stat(path, &st), 0));
	cr_expect(eq(int, st.st_mode & 0777, 0600));
	cr_assert(
		eq(int,
		   credentials_find(&nothing, "host:5000", NULL, &found, NULL),
		   1));
	cr_expect(eq(str, found.username, "d"));
	cr_expect(eq(str, found.password, "e:f"));
	cr_assert(eq(int, auth_store_list(&nothing, &servers, NULL), 0));
	cr_expect(eq(sz, servers.len, 2));
	cr_expect(eq(int, auth_store_erase(&nothing, "index.docker.io", NULL),
		     1));
	cr_expect(eq(int, auth_store_erase(&nothing, "docker.io", NULL), 0));
}

Test(conf_auth_store, what_else_is_there_stays, .init = store_setup,
     .fini = store_teardown)
{
	static const char before[] =
		"{\"HttpHeaders\": {\"A\": \"b\"}, \"auths\": {\"z\": {}}}";
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_free char *dir = xasprintf("%s/.docker", place);

	cr_assert(eq(int, mkdir(dir, 0700), 0));
	(void)setenv("DOCKER_CONFIG", dir, 1);
	{
		cleanup_free char *path = xasprintf("%s/config.json", dir);

		cr_assert(eq(int,
			     fsx_write_atomic(AT_FDCWD, path, before,
					      strlen(before), 0644, 0, NULL),
			     0));
		put("host", "a", "b");
		cr_assert(eq(int,
			     fsx_read_file(AT_FDCWD, path, 4096, &text, NULL),
			     0));
	}
	cr_expect(strstr(text.buf, "HttpHeaders") != NULL);
	cr_expect(strstr(text.buf, "\"z\"") != NULL);
	cr_expect(strstr(text.buf, "\"host\"") != NULL);
}

Test(conf_auth_store, a_malformed_file_is_left_alone, .init = store_setup,
     .fini = store_teardown)
{
	struct credential cred = { .username = (char *)"a",
				   .password = (char *)"b" };
	cleanup_free char *path = xasprintf("%s/auth.json", place);
	struct credentials_opts opts = { .authfile = path };
	cleanup_free char *where = NULL;
	struct stat st;
	bool is_plain;

	cr_assert(eq(int,
		     fsx_write_atomic(AT_FDCWD, path, "{", 1, 0600, 0, NULL),
		     0));
	cr_expect(eq(int,
		     auth_store_put(&opts, "host", &cred, &where, &is_plain,
				    NULL),
		     -EBADMSG));
	cr_assert(eq(int, stat(path, &st), 0));
	cr_expect(eq(int, (int)st.st_size, 1));
}
