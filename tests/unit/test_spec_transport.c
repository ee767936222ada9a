/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/transport.h"

Test(spec_transport, a_text_says_where_an_image_is)
{
	static const struct {
		const char *text;
		enum transport_kind kind;
		const char *path;
		const char *name;
	} cases[] = {
		{ "debian:12", TRANSPORT_NONE, NULL, "debian:12" },
		{ "localhost:5000/oci:x", TRANSPORT_NONE, NULL,
		  "localhost:5000/oci:x" },
		{ "docker://h:1/a:2", TRANSPORT_REGISTRY, NULL, "h:1/a:2" },
		{ "containers-storage:a", TRANSPORT_STORE, NULL, "a" },
		{ "oci:dir", TRANSPORT_OCI, "dir", NULL },
		{ "oci:/d/i:h:1/a:2", TRANSPORT_OCI, "/d/i", "h:1/a:2" },
		{ "oci-archive:f.tar:x", TRANSPORT_OCI_ARCHIVE, "f.tar", "x" },
		{ "docker-archive:f:", TRANSPORT_DOCKER_ARCHIVE, "f", NULL },
		{ "dir:a:b", TRANSPORT_DIR, "a:b", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_transport struct transport got = TRANSPORT_INIT;
		int r = transport_parse(cases[i].text, &got, NULL);

		cr_expect(eq(int, r, 0), "%s", cases[i].text);
		cr_expect(eq(int, got.kind, cases[i].kind), "%s",
			  cases[i].text);
		cr_expect(eq(str, got.path ?: "-", cases[i].path ?: "-"));
		cr_expect(eq(str, got.name ?: "-", cases[i].name ?: "-"));
		cr_expect(eq(int, transport_is_given(cases[i].text),
			     cases[i].kind != TRANSPORT_NONE));
	}
}

Test(spec_transport, what_leads_nowhere_is_refused)
{
	struct transport got = TRANSPORT_INIT;

	cr_expect(eq(int, transport_parse("oci:", &got, NULL), -EINVAL));
	cr_expect(eq(int, transport_parse("oci::x", &got, NULL), -EINVAL));
	cr_expect(eq(int, transport_parse("", &got, NULL), -EINVAL));
	cr_expect(eq(int, transport_parse("docker-daemon:x", &got, NULL),
		     -EOPNOTSUPP));
	cr_expect(transport_is_given("ostree:x"));
}
