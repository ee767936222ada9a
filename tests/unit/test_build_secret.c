/* SPDX-License-Identifier: Apache-2.0 */
#include "build_help.h"

#include "build/build_secret.h"

/* Secrets "ID", whose values are in the environment under that name. */
static struct build_options
options(struct build_secret *secrets, size_t count)
{
	struct build_options opts = BUILD_OPTIONS_INIT;

	opts.secrets = secrets;
	opts.secret_count = count;
	return opts;
}

Test(build_secret, a_token_is_for_its_host_and_for_no_other)
{
	static char header[] = "HTTP_AUTH_HEADER_a.org";
	static char token[] = "HTTP_AUTH_TOKEN_b.org:8080";
	static char git[] = "GIT_AUTH_TOKEN.c.org", any[] = "GIT_AUTH_HEADER";
	static char one[] = "DT_ONE", two[] = "DT_TWO";
	struct build_secret secrets[] = {
		{ .id = header, .env = one },
		{ .id = token, .env = two },
		{ .id = git, .env = two },
		{ .id = any, .env = one },
	};
	static const struct {
		const char *url;
		bool is_git;
		const char *want;
	} cases[] = {
		{ "https://a.org/x", false, "Token one" },
		{ "https://a.org:444/x", false, "Token one" },
		{ "https://a.org?x", false, "Token one" },
		{ "https://b.org:8080/", false, "Bearer two" },
		{ "https://b.org/", false, NULL },
		{ "https://xa.org/", false, NULL },
		{ "https://a.org.evil/", false, NULL },
		{ "https://evil/a.org/", false, NULL },
		{ "https://c.org/r.git", true,
		  "Basic eC1hY2Nlc3MtdG9rZW46dHdv" },
		{ "https://d.org/r.git", true, "Token one" },
		{ "git@c.org:r.git", true, NULL },
		{ "ssh://c.org/r.git", true, NULL },
	};
	struct build_options opts = options(secrets, ARRAY_LEN(secrets));

	cr_assert(setenv("DT_ONE", "Token one", 1) == 0);
	cr_assert(setenv("DT_TWO", "two\n", 1) == 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_free char *value = NULL;

		cr_expect(eq(int,
			     build_secret_auth(&opts, cases[i].url,
					       cases[i].is_git, &value, NULL),
			     0));
		cr_expect(eq(str, value ?: "none",
			     (char *)(cases[i].want ?: "none")),
			  "'%s'", cases[i].url);
	}
}

Test(build_secret, a_value_of_several_lines_is_no_header)
{
	static char id[] = "HTTP_AUTH_HEADER_a.org", env[] = "DT_TWO";
	struct build_secret secret = { .id = id, .env = env };
	struct build_options opts = options(&secret, 1);
	cleanup_free char *value = NULL;

	cr_assert(setenv("DT_TWO", "one\r\nHost: evil", 1) == 0);
	cr_expect(eq(int,
		     build_secret_auth(&opts, "https://a.org/", false, &value,
				       NULL),
		     -EINVAL));
	cr_expect(value == NULL);
}

Test(build_secret, what_is_required_is_said_how_to_give)
{
	struct build_options opts = BUILD_OPTIONS_INIT;
	struct err err = ERR_INIT;

	cr_expect(eq(int, build_secret_require(&opts, "s", &err), -ENOENT));
	cr_expect(strstr(err.hint, "--secret id=s,src=FILE") != NULL);
}
