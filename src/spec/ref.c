/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/ref.c - image references: [domain/]path[:tag][@digest].
 *
 * The text is cut from its end (digest, tag) to its start (domain, path), then
 * every part is checked by its own grammar, so that the message can say which
 * part is wrong.
 */
#include "spec/ref.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/span.h"
#include "base/text.h"
#include "base/units.h"

#define REF_DOCKER "docker.io"
#define REF_DOCKER_OLD "index.docker.io"
#define REF_LIBRARY "library/"

static bool
ref_is_path_char(char c)
{
	return text_is_lower(c) || text_is_digit(c);
}

/* How many separator bytes start @a: ".", "_", "__" or any run of "-". */
static size_t
ref_separator(struct span a)
{
	size_t len = 0;

	if (!a.len)
		return 0;
	if (a.ptr[0] == '.')
		return 1;
	if (a.ptr[0] == '_')
		return a.len > 1 && a.ptr[1] == '_' ? 2 : 1;
	while (len < a.len && a.ptr[len] == '-')
		len++;
	return len;
}

static bool
ref_component_is_valid(struct span a)
{
	for (;;) {
		size_t word = 0;
		size_t sep;

		while (word < a.len && ref_is_path_char(a.ptr[word]))
			word++;
		if (!word)
			return false;
		a = span_skip(a, word);
		if (!a.len)
			return true;
		sep = ref_separator(a);
		if (!sep)
			return false;
		a = span_skip(a, sep);
	}
}

static bool
ref_path_is_valid(const char *path)
{
	struct span rest = span_of(path);

	for (;;) {
		size_t at = span_find(rest, '/');

		if (!ref_component_is_valid(span_new(rest.ptr, at)))
			return false;
		if (at == rest.len)
			return true;
		rest = span_skip(rest, at + 1);
	}
}

static bool
ref_label_is_valid(struct span a)
{
	if (!a.len || a.ptr[0] == '-' || a.ptr[a.len - 1] == '-')
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (!text_is_alnum(a.ptr[i]) && a.ptr[i] != '-')
			return false;
	return true;
}

static bool
ref_labels_are_valid(struct span host)
{
	for (;;) {
		size_t at = span_find(host, '.');

		if (!ref_label_is_valid(span_new(host.ptr, at)))
			return false;
		if (at == host.len)
			return true;
		host = span_skip(host, at + 1);
	}
}

/* "[…]" without its brackets, into @ret_addr. */
static bool
ref_parse_ipv6(struct span host, struct in6_addr *ret_addr)
{
	char text[INET6_ADDRSTRLEN];
	size_t len = host.len - 2;

	if (host.len < 4 || host.ptr[0] != '[' ||
	    host.ptr[host.len - 1] != ']' || len >= sizeof(text))
		return false;
	(void)memcpy(text, host.ptr + 1, len);
	text[len] = '\0';
	return inet_pton(AF_INET6, text, ret_addr) == 1;
}

/* The host of "host[:port]"; @ret_port is what follows the colon, or empty. */
static struct span
ref_host(const char *domain, struct span *ret_port)
{
	struct span all = span_of(domain);
	size_t from = *domain == '[' ? span_find(all, ']') : 0;
	size_t at = from + span_find(span_skip(all, from), ':');

	*ret_port = span_skip(all, at < all.len ? at + 1 : at);
	return span_new(domain, at);
}

static bool
ref_domain_is_valid(const char *domain)
{
	struct in6_addr addr;
	struct span port;
	struct span host = ref_host(domain, &port);
	uint64_t number;

	if (domain[host.len] == ':' &&
	    units_parse_u64(port.ptr, 0, UINT16_MAX, &number, NULL) < 0)
		return false;
	return *domain == '[' ? ref_parse_ipv6(host, &addr)
			      : ref_labels_are_valid(host);
}

static bool
ref_tag_is_valid(const char *tag)
{
	size_t len = strlen(tag);

	if (!len || len > REF_MAX_TAG || *tag == '.' || *tag == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!text_is_alnum(tag[i]) && !strchr("_.-", tag[i]))
			return false;
	return true;
}

/* Is the first component a host rather than a directory on Docker Hub? */
static bool
ref_looks_like_domain(struct span first)
{
	if (span_is(first, "localhost"))
		return true;
	for (size_t i = 0; i < first.len; i++)
		if (first.ptr[i] == '.' || first.ptr[i] == ':' ||
		    text_is_upper(first.ptr[i]))
			return true;
	return false;
}

static bool
ref_has_upper(const char *str)
{
	for (; *str; str++)
		if (text_is_upper(*str))
			return true;
	return false;
}

static char *
ref_lowered(const char *str)
{
	char *lower = xstrdup(str);

	for (char *p = lower; *p; p++)
		if (text_is_upper(*p))
			*p = (char)(*p - 'A' + 'a');
	return lower;
}

static int
ref_complain_path(const char *text, const char *path, struct err *err)
{
	if (!*path)
		return err_set(err, EINVAL, "image reference '%s' has no name",
			       text);
	if (ref_has_upper(path)) {
		cleanup_free char *lower = ref_lowered(path);

		if (ref_path_is_valid(lower)) {
			(void)err_set(err, EINVAL,
				      "image name '%s' has upper-case letters",
				      path);
			err_hint(err, "image names are lower case: '%s'",
				 lower);
			return -EINVAL;
		}
	}
	(void)err_set(err, EINVAL, "image name '%s' is not valid", path);
	err_hint(
		err,
		"a name is words of a-z and 0-9, joined by one of . _ __ or dashes, components by /");
	return -EINVAL;
}

/* Cut "@digest" and ":tag" off @name. */
static int
ref_cut_tail(const char *text, char *name, struct ref *ref, struct err *err)
{
	char *at = strchr(name, '@');
	char *slash;
	char *colon;
	int r;

	if (at) {
		*at = '\0';
		r = digest_parse(at + 1, &ref->digest, err);
		if (r < 0)
			return err_wrap(err, r, "image reference '%s'", text);
	}
	slash = strrchr(name, '/');
	colon = strrchr(slash ? slash : name, ':');
	/* "[::1]" alone is no name with a tag, but an address. */
	if (!colon || (!slash && *name == '['))
		return 0;
	*colon = '\0';
	if (!ref_tag_is_valid(colon + 1)) {
		(void)err_set(err, EINVAL, "tag '%s' of '%s' is not valid",
			      colon + 1, text);
		err_hint(
			err,
			"a tag is at most %d of A-Z a-z 0-9 _ . - and starts with none of . -",
			REF_MAX_TAG);
		return -EINVAL;
	}
	ref->tag = xstrdup(colon + 1);
	ref->tag_given = true;
	return 0;
}

static int
ref_fill_name(const char *text, const char *name, struct ref *ref,
	      struct err *err)
{
	struct span first = span_new(name, strcspn(name, "/"));
	bool has_domain =
		name[first.len] == '/' && ref_looks_like_domain(first);
	const char *path = has_domain ? name + first.len + 1 : name;

	ref->domain_given = has_domain;
	ref->domain = has_domain ? span_dup(first) : xstrdup(REF_DOCKER);
	if (!strcmp(ref->domain, REF_DOCKER_OLD)) {
		free(ref->domain);
		ref->domain = xstrdup(REF_DOCKER);
	}
	/* "Debian/x" is a directory with a capital sooner than a host. */
	if (has_domain && !strpbrk(ref->domain, ".:") &&
	    strcmp(ref->domain, "localhost") != 0 && !ref_path_is_valid(path))
		path = name;
	if (!ref_path_is_valid(path))
		return ref_complain_path(text, path, err);
	if (!ref_domain_is_valid(ref->domain))
		return err_set(err, EINVAL,
			       "registry '%s' of '%s' is not a host[:port]",
			       ref->domain, text);
	ref->path = !strcmp(ref->domain, REF_DOCKER) && !strchr(path, '/')
			    ? xasprintf(REF_LIBRARY "%s", path)
			    : xstrdup(path);
	if (strlen(ref->domain) + 1 + strlen(ref->path) > REF_MAX_NAME)
		return err_set(err, EINVAL,
			       "image name '%.40s…' is longer than %d bytes",
			       name, REF_MAX_NAME);
	return 0;
}

/* Mistakes that deserve their own words. */
static int
ref_check_text(const char *text, struct err *err)
{
	const char *scheme = strstr(text, "://");

	if (!*text)
		return err_set(err, EINVAL, "image reference is empty");
	if (text_is_hex_of(text, DIGEST_HEX_LEN)) {
		(void)err_set(err, EINVAL, "'%s' is an image id, not a name",
			      text);
		err_hint(err, "64 hex digits cannot name a repository");
		return -EINVAL;
	}
	if (scheme) {
		(void)err_set(err, EINVAL,
			      "image reference '%s' starts with a scheme",
			      text);
		err_hint(err, "write '%s'", scheme + 3);
		return -EINVAL;
	}
	return 0;
}

int
ref_parse(const char *text, struct ref *ret_ref, struct err *err)
{
	cleanup_ref struct ref ref = REF_INIT;
	cleanup_free char *name = NULL;
	int r;

	r = ref_check_text(text, err);
	if (r < 0)
		return r;
	name = xstrdup(text);
	r = ref_cut_tail(text, name, &ref, err);
	if (r < 0)
		return r;
	r = ref_fill_name(text, name, &ref, err);
	if (r < 0)
		return r;
	if (!ref.tag && !ref.digest.text[0])
		ref.tag = xstrdup("latest");
	*ret_ref = ref;
	ref = (struct ref)REF_INIT;
	return 0;
}

void
ref_release(struct ref *ref)
{
	free(ref->domain);
	free(ref->path);
	free(ref->tag);
	*ref = (struct ref)REF_INIT;
}

void
ref_copy(struct ref *to, const struct ref *from)
{
	*to = *from;
	to->domain = xstrdup_null(from->domain);
	to->path = xstrdup_null(from->path);
	to->tag = xstrdup_null(from->tag);
}

void
ref_add_name(struct strbuf *sb, const struct ref *ref)
{
	strbuf_addf(sb, "%s/%s", ref->domain, ref->path);
}

static void
ref_add_tail(struct strbuf *sb, const struct ref *ref)
{
	if (ref->tag)
		strbuf_addf(sb, ":%s", ref->tag);
	if (ref->digest.text[0])
		strbuf_addf(sb, "@%s", ref->digest.text);
}

void
ref_add_canonical(struct strbuf *sb, const struct ref *ref)
{
	ref_add_name(sb, ref);
	ref_add_tail(sb, ref);
}

void
ref_add_familiar_name(struct strbuf *sb, const struct ref *ref)
{
	const char *rest;

	if (strcmp(ref->domain, REF_DOCKER) != 0) {
		ref_add_name(sb, ref);
		return;
	}
	/* docker.io/library/a/b stays whole: "a/b" would be another image. */
	rest = text_after(ref->path, REF_LIBRARY);
	strbuf_addstr(sb, rest && !strchr(rest, '/') ? rest : ref->path);
}

void
ref_add_familiar(struct strbuf *sb, const struct ref *ref)
{
	ref_add_familiar_name(sb, ref);
	ref_add_tail(sb, ref);
}

bool
ref_is_loopback(const struct ref *ref)
{
	struct span port;
	struct span host = ref_host(ref->domain, &port);
	struct in6_addr in6;
	struct in_addr in4;
	cleanup_free char *text = span_dup(host);

	if (!strcmp(text, "localhost"))
		return true;
	if (ref_parse_ipv6(host, &in6))
		return IN6_IS_ADDR_LOOPBACK(&in6);
	return inet_pton(AF_INET, text, &in4) == 1 &&
	       ntohl(in4.s_addr) >> 24 == IN_LOOPBACKNET;
}
