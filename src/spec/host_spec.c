/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/host_spec.c - --add-host: extra lines of /etc/hosts.
 *
 * Names are checked so that none can start a line of its own.
 */
#include "spec/host_spec.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

#define HOST_SPEC_NAME_MAX 253

bool
host_spec_is_ip(const char *text)
{
	struct in6_addr in6;
	struct in_addr in4;

	return inet_pton(AF_INET, text, &in4) == 1 ||
	       inet_pton(AF_INET6, text, &in6) == 1;
}

static bool
host_name_is_valid(const char *name)
{
	size_t len = strlen(name);

	if (!len || len > HOST_SPEC_NAME_MAX || !text_is_alnum(*name))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!text_is_alnum(name[i]) && !strchr("_.-", name[i]))
			return false;
	return true;
}

static int
host_spec_read(char *names, char *ip, struct strvec *hosts, struct err *err)
{
	cleanup_strvec struct strvec list = STRVEC_INIT;
	size_t len = strlen(ip);

	if (*ip == '[' && ip[len - 1] == ']') {
		ip[len - 1] = '\0';
		ip++;
	}
	if (strcmp(ip, HOST_SPEC_GATEWAY) != 0 && !host_spec_is_ip(ip))
		return err_set(err, EINVAL, "'%s' is not an IP address", ip);
	strvec_split(&list, names, ";");
	if (!list.len)
		return err_set(err, EINVAL, "nothing before the address");
	for (size_t i = 0; i < list.len; i++)
		if (!host_name_is_valid(list.v[i]))
			return err_set(err, EINVAL, "'%s' is not a host name",
				       list.v[i]);
	for (size_t i = 0; i < list.len; i++)
		strvec_addf(hosts, "%s:%s", list.v[i], ip);
	return 0;
}

int
host_spec_parse(const char *text, struct strvec *hosts, struct err *err)
{
	cleanup_free char *names = xstrdup(text);
	char *ip = strchr(names, '=') ?: strchr(names, ':');
	int r;

	if (ip) {
		*ip++ = '\0';
		r = host_spec_read(names, ip, hosts, err);
	} else {
		r = err_set(err, EINVAL, "no address");
	}
	if (r < 0) {
		(void)err_wrap(err, r, "extra host '%s'", text);
		err_hint(err, "write NAME:IP or NAME:" HOST_SPEC_GATEWAY);
	}
	return r;
}

const char *
host_spec_ip(const char *host, size_t *ret_name_len)
{
	size_t len = strcspn(host, ":");

	assert(host[len]);
	*ret_name_len = len;
	return host + len + 1;
}
