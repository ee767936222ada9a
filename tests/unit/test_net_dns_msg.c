/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "net/dns_msg.h"

/* id 0x1234, recursion wanted, one question: Ab.example A IN */
static const uint8_t query[] = {
	0x12, 0x34, 0x01, 0x00, 0,   1,   0,   0,   0,   0, 0, 0, 2, 'A',
	'b',  7,    'e',  'x',  'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1,
};

static int
read_bytes(const uint8_t *bytes, size_t len)
{
	struct dns_question question;

	return dns_read_query(bytes, len, &question);
}

Test(net_dns_msg, a_question_is_read)
{
	struct dns_question question;

	cr_assert(eq(int, dns_read_query(query, sizeof(query), &question), 0));
	cr_assert(eq(str, question.name, (char *)"ab.example"));
	cr_assert(eq(int, question.id, 0x1234));
	cr_assert(eq(int, question.type, DNS_TYPE_A));
	cr_assert(eq(sz, question.end, sizeof(query)));
}

Test(net_dns_msg, every_cut_question_is_refused)
{
	for (size_t len = 0; len < sizeof(query); len++)
		cr_assert(eq(int, read_bytes(query, len), -EBADMSG), "%zu",
			  len);
}

Test(net_dns_msg, what_is_no_plain_question_is_refused)
{
	static const struct {
		size_t at;
		uint8_t byte;
	} changes[] = {
		{ 2, 0x81 },  /* a response */
		{ 2, 0x28 },  /* an update */
		{ 5, 0 },     /* no question */
		{ 5, 2 },     /* two */
		{ 12, 0xc0 }, /* a pointer */
		{ 12, 64 },   /* a label too long */
		{ 13, '.' },  /* a dot inside a label */
		{ 13, 0 },    /* a NUL */
		{ 13, 0x80 },
	};
	uint8_t bytes[sizeof(query)];

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		(void)memcpy(bytes, query, sizeof(query));
		bytes[changes[i].at] = changes[i].byte;
		cr_assert(eq(int, read_bytes(bytes, sizeof(bytes)), -EBADMSG),
			  "change %zu", i);
	}
}

Test(net_dns_msg, a_name_longer_than_255_bytes_is_refused)
{
	uint8_t bytes[512] = { 0, 1, 1, 0, 0, 1 };
	size_t at = DNS_HEADER_BYTES;

	for (int i = 0; i < 5; i++) {
		bytes[at++] = 63;
		(void)memset(bytes + at, 'a', 63);
		at += 63;
	}
	at++; /* the root, then type and class */
	cr_assert(eq(int, read_bytes(bytes, at + 4), -EBADMSG));
}

Test(net_dns_msg, only_the_answer_to_this_question_counts)
{
	struct dns_question question;
	uint8_t answer[sizeof(query)];

	cr_assert(eq(int, dns_read_query(query, sizeof(query), &question), 0));
	(void)memcpy(answer, query, sizeof(query));
	cr_assert(not(dns_is_answer(answer, sizeof(answer), &question)));
	answer[2] |= 0x80;
	cr_assert(dns_is_answer(answer, sizeof(answer), &question));
	answer[13] = 'a'; /* case does not matter */
	cr_assert(dns_is_answer(answer, sizeof(answer), &question));
	answer[13] = 'x';
	cr_assert(not(dns_is_answer(answer, sizeof(answer), &question)));
	answer[13] = 'a';
	answer[0] ^= 1; /* another id */
	cr_assert(not(dns_is_answer(answer, sizeof(answer), &question)));
}

Test(net_dns_msg, an_own_answer_has_the_addresses_asked_for)
{
	struct dns_addr addrs[2] = { { .family = AF_INET },
				     { .family = AF_INET6 } };
	struct dns_question question, got;
	uint8_t out[512];
	size_t len;

	(void)inet_pton(AF_INET, "169.254.1.2", &addrs[0].v4);
	cr_assert(eq(int, dns_read_query(query, sizeof(query), &question), 0));
	len = dns_write_answer(query, &question, addrs, 2, DNS_RCODE_OK, out,
			       sizeof(out));
	cr_assert(eq(sz, len, sizeof(query) + 16));
	cr_assert(dns_is_answer(out, len, &question));
	cr_assert(eq(int, out[7], 1)); /* one answer */
	cr_assert(memcmp(out + len - 4, "\xa9\xfe\x01\x02", 4) == 0);
	cr_assert(eq(int, out[2] & 0x01, 1)); /* recursion is repeated */
	out[2] &= 0x7f;
	cr_assert(eq(int, dns_read_query(out, len, &got), 0));
}

Test(net_dns_msg, an_answer_that_does_not_fit_is_marked)
{
	struct dns_addr addrs[3] = { { .family = AF_INET },
				     { .family = AF_INET },
				     { .family = AF_INET } };
	struct dns_question question;
	uint8_t out[sizeof(query) + 2 * 16 + 15];
	size_t len;

	cr_assert(eq(int, dns_read_query(query, sizeof(query), &question), 0));
	len = dns_write_answer(query, &question, addrs, 3, DNS_RCODE_OK, out,
			       sizeof(out));
	cr_assert(eq(sz, len, sizeof(query) + 2 * 16));
	cr_assert(eq(int, out[2] & 0x02, 0x02));
	cr_assert(eq(int, out[7], 2));
}

Test(net_dns_msg, reverse_questions_name_an_address)
{
	static const struct {
		const char *name, *want;
	} cases[] = {
		{ "2.0.17.172.in-addr.arpa", "172.17.0.2" },
		{ "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa",
		  "fd00::1" },
		{ "0.17.172.in-addr.arpa", NULL },
		{ "in-addr.arpa", NULL },
		{ ".in-addr.arpa", NULL },
		{ "1.0.ip6.arpa", NULL },
		{ "x.0.17.172.in-addr.arpa", NULL },
		{ "172.17.0.2", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct dns_question question = { .type = DNS_TYPE_PTR };
		struct dns_addr addr;
		char text[INET6_ADDRSTRLEN];
		bool found;

		(void)snprintf(question.name, sizeof(question.name), "%s",
			       cases[i].name);
		found = dns_reverse_addr(&question, &addr);
		cr_assert(eq(int, found, cases[i].want != NULL), "%s",
			  cases[i].name);
		if (found)
			cr_assert(eq(str,
				     (char *)inet_ntop(addr.family, &addr.v6,
						       text, sizeof(text)),
				     (char *)cases[i].want));
	}
}
