/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/dns_msg.h - DNS messages: as much as a forwarder must understand.
 *
 * Spec: RFC 1035, "Message format"; RFC 6891 passes through untouched.
 */
#ifndef DHOW_NET_DNS_MSG_H
#define DHOW_NET_DNS_MSG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_HEADER_BYTES 12
#define DNS_NAME_BYTES 256
#define DNS_MAX_BYTES 65535

enum dns_type {
	DNS_TYPE_A = 1,
	DNS_TYPE_PTR = 12,
	DNS_TYPE_AAAA = 28,
	DNS_TYPE_ANY = 255,
};

enum dns_rcode {
	DNS_RCODE_OK = 0,
	DNS_RCODE_FORMAT = 1,
	DNS_RCODE_SERVER = 2,
	DNS_RCODE_NAME = 3,
	DNS_RCODE_REFUSED = 5,
};

struct dns_question {
	uint16_t id;
	char name[DNS_NAME_BYTES]; /* lower case, dots, none at the end */
	uint16_t type;
	uint16_t class;
	size_t end; /* bytes of header and question */
};

/*
 * Read a query with one question. Returns 0, or -EBADMSG when it is none.
 * A name with a dot or a control byte inside a label is refused too.
 */
int dns_read_query(const uint8_t *msg, size_t len,
		   struct dns_question *ret_question);

/* True when @msg answers this question (same id, same question). */
bool dns_is_answer(const uint8_t *msg, size_t len,
		   const struct dns_question *question);

uint16_t dns_id(const uint8_t *msg);
void dns_set_id(uint8_t *msg, uint16_t id);
enum dns_rcode dns_rcode(const uint8_t *msg);

struct dns_addr {
	int family;
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
};

/*
 * The address that a reverse look-up asks for ("2.0.17.172.in-addr.arpa", or
 * ip6.arpa). Returns false for any other question.
 */
bool dns_reverse_addr(const struct dns_question *question,
		      struct dns_addr *ret_addr);

/* Low: containers come and go. */
#define DNS_ANSWER_TTL 10

/*
 * Make the answer to @query (@question was read from it) with @count
 * addresses; those of another type than asked for are left out.
 *
 * @out: at least @question->end bytes; what does not fit in @out_len is cut
 *       and marked truncated
 *
 * Returns the length.
 */
size_t dns_write_answer(const uint8_t *query,
			const struct dns_question *question,
			const struct dns_addr *addrs, size_t count,
			enum dns_rcode rcode, uint8_t *out, size_t out_len);
/* The same with one name (PTR). */
size_t dns_write_name(const uint8_t *query, const struct dns_question *question,
		      const char *name, uint8_t *out, size_t out_len);

#endif
