/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/host_spec.h - --add-host: extra lines of /etc/hosts.
 *
 * NAME:IP or NAME=IP, several names between semicolons, the IP bare or in
 * brackets or the word host-gateway. Kept as Docker's HostConfig.ExtraHosts
 * does: "name:ip", one name each.
 */
#ifndef DHOW_SPEC_HOST_SPEC_H
#define DHOW_SPEC_HOST_SPEC_H

#include "base/err.h"
#include "base/strvec.h"

#define HOST_SPEC_GATEWAY "host-gateway"

/* Append "name:ip" for every name of @text. Returns 0 or -EINVAL. */
int host_spec_parse(const char *text, struct strvec *hosts, struct err *err);
/* The IP of "name:ip"; *ret_name_len is how long the name is. Borrowed. */
const char *host_spec_ip(const char *host, size_t *ret_name_len);
/* An IPv4 or IPv6 address and nothing else? */
bool host_spec_is_ip(const char *text);

#endif
