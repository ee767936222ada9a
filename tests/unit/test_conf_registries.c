/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "conf/registries.h"

static char place[64];

static void
registries_setup(void)
{
	(void)snprintf(place, sizeof(place), "/tmp/dhow-unit.XXXXXX");
	cr_assert(mkdtemp(place) != NULL);
	(void)unsetenv("CONTAINERS_REGISTRIES_CONF");
}

static void
registries_teardown(void)
{
	(void)fsx_remove_tree(AT_FDCWD, place, NULL);
}

TestSuite(conf_registries, .init = registries_setup,
	  .fini = registries_teardown);

static void
file(const char *name, const char *text)
{
	cleanup_free char *path = xasprintf("%s/%s", place, name);
	cleanup_free char *dir =
		xstrndup(path, (size_t)(strrchr(path, '/') - path));

	cr_assert(eq(int, fsx_mkdir_p(AT_FDCWD, dir, 0700, NULL), 0));
	cr_assert(eq(int,
		     fsx_write_atomic(AT_FDCWD, path, text, strlen(text), 0600,
				      FSX_NOSYNC, NULL),
		     0));
}

static struct registries *
load(struct err *err)
{
	cleanup_free char *etc = xasprintf("%s/etc", place);
	cleanup_free char *home = xasprintf("%s/home", place);
	struct registries_opts opts = { .etc = etc, .home = home };
	struct registries *regs = NULL;

	(void)registries_load(&opts, &regs, err);
	return regs;
}

/* "domain/path[!] …", "!" marks insecure ones. */
static char *
places(const struct registries *regs, const char *domain, const char *path,
       bool by_digest)
{
	cleanup_endpoints struct registries_endpoints list =
		REGISTRIES_ENDPOINTS_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int r = registries_resolve(regs, domain, path, by_digest, &list, NULL);

	if (r < 0)
		return xasprintf("error %d", -r);
	for (size_t i = 0; i < list.len; i++)
		strbuf_addf(&sb, "%s%s/%s%s", i ? " " : "",
			    list.items[i].domain, list.items[i].path,
			    list.items[i].insecure ? "!" : "");
	return strbuf_take(&sb);
}

#define expect_places(regs, domain, path, by_digest, want)             \
	do {                                                           \
		cleanup_free char *got_ =                              \
			places((regs), (domain), (path), (by_digest)); \
		cr_expect(eq(str, got_, (char *)(want)));              \
	} while (0)

Test(conf_registries, nothing_configured_changes_nothing)
{
	cleanup_with(registries_free) struct registries *regs = load(NULL);

	cr_assert(regs != NULL);
	expect_places(regs, "docker.io", "library/x", false,
		      "docker.io/library/x");
	expect_places(NULL, "docker.io", "library/x", false,
		      "docker.io/library/x");
	cr_assert(registries_alias(regs, "debian") == NULL);
	cr_assert(eq(int, registries_search(regs)->len, 0));
}

Test(conf_registries, the_longest_prefix_decides)
{
	cleanup_with(registries_free) struct registries *regs = NULL;

	file("etc/containers/registries.conf",
	     "[[registry]]\nprefix='r.example'\nlocation='other.example/p/'\n"
	     "[[registry]]\nprefix='r.example/team'\nblocked=true\n"
	     "[[registry]]\nlocation='plain.example:5000'\ninsecure=true\n"
	     "[[registry]]\nprefix='*.wild.example'\ninsecure=true\n"
	     "[[registry]]\nprefix='a.wild.example'\n");
	regs = load(NULL);
	expect_places(regs, "r.example", "x/y", false, "other.example/p/x/y");
	expect_places(regs, "r.example", "team/x", false, "error 13");
	expect_places(regs, "r.example", "teams/x", false,
		      "other.example/p/teams/x");
	expect_places(regs, "plain.example:5000", "x", false,
		      "plain.example:5000/x!");
	expect_places(regs, "plain.example", "x", false, "plain.example/x");
	expect_places(regs, "b.wild.example", "x", false, "b.wild.example/x!");
	expect_places(regs, "wild.example", "x", false, "wild.example/x");
	expect_places(regs, "awild.example", "x", false, "awild.example/x");
}

Test(conf_registries, mirrors_come_first_and_may_be_limited)
{
	cleanup_with(registries_free) struct registries *regs = NULL;

	file("etc/containers/registries.conf",
	     "[[registry]]\nlocation='docker.io'\n"
	     "[[registry.mirror]]\nlocation='m1:5000'\ninsecure=true\n"
	     "[[registry.mirror]]\nlocation='m2/hub'\n"
	     "pull-from-mirror='digest-only'\n"
	     "[[registry.mirror]]\nlocation='m3'\n"
	     "pull-from-mirror='tag-only'\n");
	regs = load(NULL);
	expect_places(regs, "docker.io", "library/x", false,
		      "m1:5000/library/x! m3/library/x docker.io/library/x");
	expect_places(
		regs, "docker.io", "library/x", true,
		"m1:5000/library/x! m2/hub/library/x docker.io/library/x");
}

Test(conf_registries, drop_ins_and_the_users_file_have_their_order)
{
	cleanup_with(registries_free) struct registries *regs = NULL;

	file("etc/containers/registries.conf",
	     "unqualified-search-registries=['system.example']\n"
	     "[aliases]\n'never'='x.example/never'\n");
	file("home/.config/containers/registries.conf",
	     "unqualified-search-registries=['user.example']\n"
	     "[aliases]\n'a'='one.example/a'\n'b'='one.example/b'\n"
	     "[[registry]]\nlocation='r'\ninsecure=true\n");
	file("etc/containers/registries.conf.d/10-x.conf",
	     "[aliases]\na='two.example/a'\nb=''\n");
	file("etc/containers/registries.conf.d/20-y.conf",
	     "[[registry]]\nlocation='r'\n");
	file("etc/containers/registries.conf.d/ignored.txt", "=");
	file("home/.config/containers/registries.conf.d/a.conf",
	     "[aliases]\na='three.example/a'\n");
	regs = load(NULL);
	cr_assert(regs != NULL);
	cr_assert(eq(str, (char *)registries_alias(regs, "a"),
		     (char *)"three.example/a"));
	cr_assert(registries_alias(regs, "b") == NULL);
	cr_assert(registries_alias(regs, "never") == NULL);
	cr_assert(
		eq(str, registries_search(regs)->v[0], (char *)"user.example"));
	expect_places(regs, "r", "x", false, "r/x");
}

Test(conf_registries, mistakes_are_refused_with_the_files_name)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "[registries.search]\nregistries=['x']\n", "version 1" },
		{ "[[registry]]\n", "without prefix" },
		{ "[[registry]]\nlocation='http://x'\n", "scheme" },
		{ "[[registry]]\nlocation='x'\ninsecure='yes'\n",
		  "'insecure' must be true or false" },
		{ "[[registry]]\nprefix='*x'\n", "*.host" },
		{ "[[registry]]\nlocation='x'\n[[registry.mirror]]\n",
		  "mirror without location" },
		{ "registry=1", "[[registry]]" },
		{ "credential-helpers='x'", "'credential-helpers' must be" },
		{ "unqualified-search-registries=[1]", "list of names" },
		{ "[[registry]", ":1:12: expected ']'" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_with(registries_free) struct registries *regs = NULL;
		struct err err = ERR_INIT;

		file("etc/containers/registries.conf", cases[i].text);
		regs = load(&err);
		cr_expect(regs == NULL, "%s", cases[i].text);
		cr_expect(eq(int, err.code, EBADMSG));
		cr_expect(strstr(err.text, cases[i].want) != NULL, "%s",
			  err.text);
		cr_expect(strstr(err.text, "registries.conf") != NULL);
	}
}

Test(conf_registries, our_own_configuration_wins)
{
	cleanup_with(registries_free) struct registries *regs = NULL;
	cleanup_node struct node *node = NULL;
	struct err err = ERR_INIT;

	file("etc/containers/registries.conf",
	     "[[registry]]\nlocation='r.example'\nblocked=true\n");
	regs = load(NULL);
	cr_assert(eq(int,
		     node_parse_yaml(span_of("r.example:\n  insecure: true\n"
					     "  mirrors: [m.example/x]\n"),
				     "config.yaml", &node, NULL),
		     0));
	cr_assert(eq(int, registries_add_config(regs, node, &err), 0));
	expect_places(regs, "r.example", "a", false,
		      "m.example/x/a r.example/a!");
	node_free(take_ptr(node));
	cr_assert(eq(int,
		     node_parse_yaml(span_of("\nr.example:\n  blocked: 3\n"),
				     "config.yaml", &node, NULL),
		     0));
	cr_assert(eq(int, registries_add_config(regs, node, &err), -EINVAL));
	cr_assert(strstr(err.text, "config.yaml:3:") != NULL, "%s", err.text);
}

Test(conf_registries, certificates_are_found_by_host)
{
	cleanup_certs struct registries_certs certs = REGISTRIES_CERTS_INIT;
	cleanup_free char *etc = xasprintf("%s/etc", place);
	cleanup_free char *home = xasprintf("%s/home", place);
	struct registries_opts opts = { .etc = etc, .home = home };
	struct err err = ERR_INIT;

	file("etc/docker/certs.d/r:5000/ca.crt", "x");
	file("home/.config/containers/certs.d/r:5000/me.cert", "x");
	cr_assert(eq(int,
		     registries_find_certs(&opts, NULL, "r:5000", &certs, &err),
		     -ENOENT));
	cr_assert(strstr(err.text, "has no key") != NULL);
	file("home/.config/containers/certs.d/r:5000/me.key", "x");
	cr_assert(eq(int,
		     registries_find_certs(&opts, NULL, "r:5000", &certs, NULL),
		     0));
	cr_assert(eq(int, certs.ca_files.len, 1));
	cr_assert(strstr(certs.client_key, "me.key") != NULL);
	registries_certs_release(&certs);
	cr_assert(eq(int, registries_find_certs(&opts, NULL, "r", &certs, NULL),
		     0));
	cr_assert(eq(int, certs.ca_files.len, 0));
	cr_assert(eq(int,
		     registries_find_certs(&opts, NULL, "../r", &certs, NULL),
		     -EINVAL));
	cr_assert(eq(int,
		     registries_find_certs(&opts, "/nonexistent", "r", &certs,
					   NULL),
		     -ENOENT));
}
