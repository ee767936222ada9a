/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "registry/auth_challenge.h"

Test(registry_auth_challenge, headers_are_read_as_the_rfc_says)
{
	static const struct {
		const char *header, *want;
	} cases[] = {
		{ "Bearer realm=\"https://a/t\",service=\"s\",scope=\"x:y:pull\"",
		  "2 https://a/t s x:y:pull -" },
		{ "bearer  realm = \"r\" , Service=s", "2 r s - -" },
		{ "Basic realm=\"a \\\"b\\\", c\"", "1 a \"b\", c - - -" },
		{ "Basic", "1 - - - -" },
		{ "Basic realm=x, Bearer realm=\"y\",error=\"insufficient_scope\"",
		  "2 y - - insufficient_scope" },
		{ "Bearer realm=y, Basic realm=x", "2 y - - -" },
		{ "Negotiate YWJj==, Basic realm=x", "1 x - - -" },
		{ "Negotiate a/b=, Bearer realm=x", "2 x - - -" },
		{ "Digest realm=x, nonce=y", "0 - - - -" },
		{ "Bearer service=s", "0 - - - -" },
		{ "Bearer realm=\"cut", "0 - - - -" },
		{ "Bearer realm=\"a\nb\"", "0 - - - -" },
		{ "Bearer realm=a, realm=b", "2 a - - -" },
		{ "", "0 - - - -" },
		{ ",, ,=,\"", "0 - - - -" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_auth_challenge struct auth_challenge challenge =
			AUTH_CHALLENGE_INIT;
		char got[256];

		auth_challenge_read(span_of(cases[i].header), &challenge);
		(void)snprintf(got, sizeof(got), "%d %s %s %s %s",
			       challenge.scheme, challenge.realm ?: "-",
			       challenge.service ?: "-", challenge.scope ?: "-",
			       challenge.error ?: "-");
		cr_expect(eq(str, got, (char *)cases[i].want), "%s",
			  cases[i].header);
	}
}

Test(registry_auth_challenge, of_two_headers_the_better_one_stays)
{
	cleanup_auth_challenge struct auth_challenge challenge =
		AUTH_CHALLENGE_INIT;

	auth_challenge_read(span_of("Basic realm=b"), &challenge);
	auth_challenge_read(span_of("Bearer realm=t"), &challenge);
	auth_challenge_read(span_of("Basic realm=c"), &challenge);
	cr_assert(eq(int, challenge.scheme, AUTH_SCHEME_BEARER));
	cr_assert(eq(str, challenge.realm, (char *)"t"));
}
