/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/alloc.h"
#include "spec/digest.h"

#define HEX16 "0123456789abcdef"
#define HEX64 HEX16 HEX16 HEX16 HEX16

Test(spec_digest, a_good_digest_gives_its_hex)
{
	struct digest digest;

	cr_assert(eq(int, digest_parse("sha256:" HEX64, &digest, NULL), 0));
	cr_assert(eq(str, (char *)digest_hex(&digest), (char *)HEX64));
	cr_assert(digest_eq(&digest, &(struct digest){ "sha256:" HEX64 }));
}

Test(spec_digest, hex_becomes_a_digest)
{
	struct digest digest = digest_of_hex(HEX64);

	cr_assert(eq(str, digest.text, (char *)"sha256:" HEX64));
}

Test(spec_digest, CVE_2024_3727_nothing_but_sha256_and_lower_case_hex_passes)
{
	static const char *const bad[] = {
		"",
		"sha256:",
		HEX64,
		"sha256:" HEX16,
		"sha256:" HEX64 "0",
		"sha256:" HEX64 "/",
		"sha256:../../../../../../../../../../../../../../../../../etc/passwd",
		"sha256:" HEX16 HEX16 HEX16 "0123456789abcde/",
		"sha256:" HEX16 HEX16 HEX16 "0123456789ABCDEF",
		"SHA256:" HEX64,
		"sha512:" HEX64 HEX64,
		"md5:0123456789abcdef0123456789abcdef",
		"sha256 :" HEX64,
		" sha256:" HEX64,
		"sha256:" HEX64 "\n",
		"sha256/" HEX64,
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct digest digest = { "kept" };
		struct err err = ERR_INIT;

		cr_expect(eq(int, digest_parse(bad[i], &digest, &err), -EINVAL),
			  "'%s'", bad[i]);
		cr_expect(eq(str, digest.text, (char *)"kept"), "'%s'", bad[i]);
		cr_expect(eq(int, err.code, EINVAL), "'%s'", bad[i]);
		cr_expect(gt(sz, strlen(err.hint), 0));
	}
}
