/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/dns_msg.c - DNS messages: as much as a forwarder must understand.
 */
#include "net/dns_msg.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"

#define FLAG_RESPONSE 0x80 /* in byte 2 */
#define MASK_OPCODE 0x78
#define FLAG_AUTHORITY 0x04
#define FLAG_TRUNCATED 0x02
#define FLAG_RECURSION 0x01
#define FLAG_AVAILABLE 0x80 /* in byte 3 */
#define MASK_RCODE 0x0f
#define MAX_LABEL_BYTES 63

static uint16_t
get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void
put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

uint16_t
dns_id(const uint8_t *msg)
{
	return get16(msg);
}

void
dns_set_id(uint8_t *msg, uint16_t id)
{
	put16(msg, id);
}

enum dns_rcode
dns_rcode(const uint8_t *msg)
{
	return msg[3] & MASK_RCODE;
}

static char
lower(char c)
{
	return text_is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

/*
 * Read the name at @at; a question comes first, so nothing can be pointed
 * back to. Returns what follows it, 0 when it is malformed.
 */
static size_t
read_name(const uint8_t *msg, size_t len, size_t at, char name[DNS_NAME_BYTES])
{
	size_t used = 0;

	for (;;) {
		size_t label;

		if (at >= len)
			return 0;
		label = msg[at++];
		if (label == 0)
			break;
		if (label > MAX_LABEL_BYTES || label >= len - at ||
		    used + label + 2 > DNS_NAME_BYTES)
			return 0;
		if (used)
			name[used++] = '.';
		for (size_t i = 0; i < label; i++, at++) {
			if (msg[at] <= ' ' || msg[at] == '.' || msg[at] > '~')
				return 0;
			name[used++] = lower((char)msg[at]);
		}
	}
	name[used] = '\0';
	return at;
}

static int
read_question(const uint8_t *msg, size_t len, struct dns_question *question)
{
	size_t at;

	if (len < DNS_HEADER_BYTES || get16(msg + 4) != 1)
		return -EBADMSG;
	at = read_name(msg, len, DNS_HEADER_BYTES, question->name);
	if (at == 0 || len - at < 4)
		return -EBADMSG;
	question->id = get16(msg);
	question->type = get16(msg + at);
	question->class = get16(msg + at + 2);
	question->end = at + 4;
	return 0;
}

int
dns_read_query(const uint8_t *msg, size_t len,
	       struct dns_question *ret_question)
{
	struct dns_question question;
	int r = read_question(msg, len, &question);

	if (r < 0)
		return r;
	if (msg[2] & (FLAG_RESPONSE | MASK_OPCODE))
		return -EBADMSG;
	*ret_question = question;
	return 0;
}

bool
dns_is_answer(const uint8_t *msg, size_t len,
	      const struct dns_question *question)
{
	struct dns_question got;

	if (len < DNS_HEADER_BYTES || !(msg[2] & FLAG_RESPONSE) ||
	    get16(msg) != question->id)
		return false;
	/* A server that cannot parse a query may leave the question out. */
	if (get16(msg + 4) == 0)
		return dns_rcode(msg) != DNS_RCODE_OK;
	return read_question(msg, len, &got) == 0 &&
	       got.type == question->type && got.class == question->class &&
	       strcmp(got.name, question->name) == 0;
}

static bool
is_wanted(const struct dns_question *question, const struct dns_addr *addr)
{
	if (question->type == DNS_TYPE_ANY)
		return true;
	return addr->family == AF_INET ? question->type == DNS_TYPE_A
				       : question->type == DNS_TYPE_AAAA;
}

/* Append one address; returns false when there is no room. */
static bool
put_address(uint8_t *out, size_t *io_len, size_t out_len,
	    const struct dns_addr *addr)
{
	size_t bytes =
		addr->family == AF_INET ? sizeof(addr->v4) : sizeof(addr->v6);
	uint8_t *at = out + *io_len;

	if (out_len - *io_len < 12 + bytes)
		return false;
	put16(at, 0xc000 | DNS_HEADER_BYTES); /* the question's name */
	put16(at + 2, addr->family == AF_INET ? DNS_TYPE_A : DNS_TYPE_AAAA);
	put16(at + 4, 1);
	put16(at + 6, 0);
	put16(at + 8, DNS_ANSWER_TTL);
	put16(at + 10, (uint16_t)bytes);
	(void)memcpy(at + 12, &addr->v6, bytes);
	*io_len += 12 + bytes;
	return true;
}

/* Header and question of an answer; returns their length. */
static size_t
begin_answer(const uint8_t *query, const struct dns_question *question,
	     enum dns_rcode rcode, uint8_t *out, size_t out_len)
{
	assert(out_len >= question->end);
	(void)memcpy(out, query, question->end);
	out[2] = (uint8_t)(FLAG_RESPONSE | FLAG_AUTHORITY |
			   (query[2] & FLAG_RECURSION));
	out[3] = (uint8_t)(FLAG_AVAILABLE | rcode);
	(void)memset(out + 6, 0, 6);
	return question->end;
}

size_t
dns_write_answer(const uint8_t *query, const struct dns_question *question,
		 const struct dns_addr *addrs, size_t count,
		 enum dns_rcode rcode, uint8_t *out, size_t out_len)
{
	size_t len = begin_answer(query, question, rcode, out, out_len);
	uint16_t answers = 0;

	for (size_t i = 0; i < count; i++) {
		if (!is_wanted(question, &addrs[i]))
			continue;
		if (!put_address(out, &len, out_len, &addrs[i])) {
			out[2] |= FLAG_TRUNCATED;
			break;
		}
		answers++;
	}
	put16(out + 6, answers);
	return len;
}

/* Labels of @name, each after its length; 0 when it is no name. */
static size_t
put_name(uint8_t *at, size_t room, const char *name)
{
	size_t used = 0;

	for (;;) {
		size_t len = strcspn(name, ".");

		if (len == 0 || len > MAX_LABEL_BYTES || used + len + 2 > room)
			return 0;
		at[used++] = (uint8_t)len;
		(void)memcpy(at + used, name, len);
		used += len;
		if (!name[len])
			break;
		name += len + 1;
	}
	at[used++] = 0;
	return used;
}

size_t
dns_write_name(const uint8_t *query, const struct dns_question *question,
	       const char *name, uint8_t *out, size_t out_len)
{
	uint8_t target[DNS_NAME_BYTES];
	size_t bytes = put_name(target, sizeof(target), name);
	size_t len = begin_answer(query, question, DNS_RCODE_OK, out, out_len);
	uint8_t *at = out + len;

	if (!bytes || out_len - len < 12 + bytes)
		return len;
	put16(at, 0xc000 | DNS_HEADER_BYTES);
	put16(at + 2, DNS_TYPE_PTR);
	put16(at + 4, 1);
	put16(at + 6, 0);
	put16(at + 8, DNS_ANSWER_TTL);
	put16(at + 10, (uint16_t)bytes);
	(void)memcpy(at + 12, target, bytes);
	put16(out + 6, 1);
	return len + 12 + bytes;
}

/* The part before @suffix, turned label by label; "" when it has not that. */
static void
turn_labels(const char *name, const char *suffix, char *turned)
{
	size_t len = strlen(name), tail = strlen(suffix), used = 0;

	turned[0] = '\0';
	if (len <= tail || strcmp(name + len - tail, suffix) != 0)
		return;
	len -= tail;
	while (len) {
		size_t start = len;

		while (start && name[start - 1] != '.')
			start--;
		(void)memcpy(turned + used, name + start, len - start);
		used += len - start;
		turned[used++] = '.';
		len = start ? start - 1 : 0;
	}
	turned[used - 1] = '\0';
}

/* "2.0.0.1.…" of 32 nibbles. */
static bool
parse_nibbles(const char *text, struct in6_addr *ret_addr)
{
	if (strlen(text) != 63)
		return false;
	for (size_t i = 0; i < 32; i++) {
		char c = text[2 * i];
		int value = text_is_digit(c) ? c - '0' : c - 'a' + 10;

		if (!text_is_hex(c) || (i < 31 && text[2 * i + 1] != '.'))
			return false;
		ret_addr->s6_addr[i / 2] =
			(uint8_t)(ret_addr->s6_addr[i / 2] << 4 | value);
	}
	return true;
}

bool
dns_reverse_addr(const struct dns_question *question, struct dns_addr *ret_addr)
{
	struct dns_addr addr = { .family = AF_INET };
	char turned[DNS_NAME_BYTES + 1];

	if (question->type != DNS_TYPE_PTR)
		return false;
	turn_labels(question->name, ".in-addr.arpa", turned);
	if (inet_pton(AF_INET, turned, &addr.v4) != 1) {
		addr.family = AF_INET6;
		turn_labels(question->name, ".ip6.arpa", turned);
		if (!parse_nibbles(turned, &addr.v6))
			return false;
	}
	*ret_addr = addr;
	return true;
}
