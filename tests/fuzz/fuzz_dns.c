/* SPDX-License-Identifier: Apache-2.0 */
/* A question that is read can be answered, and the answer is its answer. */
#include <assert.h>
#include <string.h>

#include "net/dns_msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t out[DNS_MAX_BYTES];
	struct dns_addr addrs[] = { { .family = AF_INET },
				    { .family = AF_INET6 } };
	struct dns_question question, again;
	size_t len;

	if (dns_read_query(data, size, &question) < 0)
		return 0;
	assert(question.end <= size);
	assert(strlen(question.name) < DNS_NAME_BYTES);
	assert(!dns_is_answer(data, size, &question));
	len = dns_write_answer(data, &question, addrs, 2, DNS_RCODE_OK, out,
			       sizeof(out));
	assert(len >= question.end);
	assert(dns_is_answer(out, len, &question));
	assert(dns_read_query(out, len, &again) < 0);
	len = dns_write_answer(data, &question, addrs, 2, DNS_RCODE_SERVER, out,
			       question.end);
	assert(len == question.end);
	(void)dns_reverse_addr(&question, &addrs[0]);
	len = dns_write_name(data, &question, question.name, out, sizeof(out));
	assert(dns_is_answer(out, len, &question));
	return 0;
}
