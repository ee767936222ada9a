/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "registry/url.h"

Test(registry_url, only_plain_http_urls_are_taken)
{
	static const struct {
		const char *text;
		int want;
		const char *origin;
	} cases[] = {
		{ "https://R.Example/v2/", 0, "https r.example 443" },
		{ "http://[::1]:5000/x?y#z", 0, "http [::1] 5000" },
		{ "HTTPS://h:0443/", 0, "https h 443" },
		{ "ftp://h/", -EPROTO, NULL },
		{ "file:///etc/passwd", -EPROTO, NULL },
		{ "https://user@h/", -EPROTO, NULL },
		{ "https://good.example\\@evil.example/", -EPROTO, NULL },
		{ "https://h/a b", -EPROTO, NULL },
		{ "https://h/a\r\nX: y", -EPROTO, NULL },
		{ "https://", -EPROTO, NULL },
		{ "", -EPROTO, NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_url struct url url = URL_INIT;
		char got[256] = "";
		int r = url_parse(cases[i].text, &url, NULL);

		cr_expect(eq(int, r, cases[i].want), "%s", cases[i].text);
		if (r < 0)
			continue;
		(void)snprintf(got, sizeof(got), "%s %s %s", url.scheme,
			       url.host, url.port);
		cr_expect(eq(str, got, (char *)cases[i].origin));
	}
}

Test(registry_url, a_location_leads_from_where_it_was_seen)
{
	static const struct {
		const char *location, *want;
		bool same;
	} cases[] = {
		{ "/b", "https://r.example:5000/b", true },
		{ "c?d=e", "https://r.example:5000/v2/c?d=e", true },
		{ "https://r.example:5000/z", "https://r.example:5000/z",
		  true },
		{ "//cdn.example/x", "https://cdn.example/x", false },
		{ "https://r.example/x", "https://r.example/x", false },
		{ "http://r.example:5000/x", "http://r.example:5000/x", false },
		{ "https://r.example.evil:5000/",
		  "https://r.example.evil:5000/", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_url struct url base = URL_INIT, url = URL_INIT;

		cr_assert(eq(int,
			     url_parse("https://r.example:5000/v2/a", &base,
				       NULL),
			     0));
		cr_assert(eq(int,
			     url_resolve(&base, cases[i].location, &url, NULL),
			     0));
		cr_expect(eq(str, url.text, (char *)cases[i].want));
		cr_expect(eq(int, url_same_origin(&base, &url), cases[i].same),
			  "%s", cases[i].location);
	}
}

Test(registry_url, loopback_is_told_from_names_that_look_like_it)
{
	static const struct {
		const char *text;
		bool want;
	} cases[] = {
		{ "http://localhost:5000/", true },
		{ "http://127.9.8.7/", true },
		{ "http://[::1]:1/", true },
		{ "http://localhost.example/", false },
		{ "http://127.0.0.1.example/", false },
		{ "http://10.0.0.1/", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_url struct url url = URL_INIT;

		cr_assert(eq(int, url_parse(cases[i].text, &url, NULL), 0));
		cr_expect(eq(int, url_is_loopback(&url), cases[i].want), "%s",
			  cases[i].text);
	}
}
