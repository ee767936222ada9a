/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/blake2.h"

static const char *
hex_of(const void *data, size_t len, size_t step)
{
	static char hex[BLAKE2_HEX_BYTES];
	const char *from = data;
	struct blake2 b;

	blake2_init(&b);
	for (size_t i = 0; i < len; i += step)
		blake2_add(&b, from + i, len - i < step ? len - i : step);
	blake2_end_hex(&b, hex);
	return hex;
}

/* The numbers are those of b2sum -l 256. */
Test(base_blake2, known_texts_have_known_digests)
{
	cr_expect(eq(str, (char *)hex_of("", 0, 1),
		     "0e5751c026e543b2e8ab2eb06099daa1"
		     "d1e5df47778f7787faab45cdf12fe3a8"));
	cr_expect(eq(str, (char *)hex_of("abc", 3, 3),
		     "bddd813c634239723171ef3fee98579b"
		     "94964e3bb1cb3e427262c8c068d52319"));
}

Test(base_blake2, pieces_do_not_matter)
{
	char data[1000];
	char whole[BLAKE2_HEX_BYTES];

	memset(data, 'x', sizeof(data));
	memcpy(whole, hex_of(data, sizeof(data), sizeof(data)), sizeof(whole));
	cr_expect(eq(str, whole,
		     "ab75119ede14ef06ebf31f745fb655ed"
		     "006cccfe8054c635308a557f7c9beaba"));
	for (size_t step = 1; step < 300; step += 13)
		cr_expect(eq(str, (char *)hex_of(data, sizeof(data), step),
			     whole));
}

Test(base_blake2, texts_do_not_run_together)
{
	char a[BLAKE2_HEX_BYTES], b[BLAKE2_HEX_BYTES];
	struct blake2 hash;

	blake2_init(&hash);
	blake2_add_text(&hash, "a");
	blake2_add_text(&hash, "bc");
	blake2_end_hex(&hash, a);
	blake2_init(&hash);
	blake2_add_text(&hash, "ab");
	blake2_add_text(&hash, "c");
	blake2_end_hex(&hash, b);
	cr_expect(ne(str, a, b));
}
