/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever resolv.conf says, there is a server to ask. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "net/resolv_conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_resolv_conf struct resolv_conf conf = RESOLV_CONF_INIT;

	resolv_conf_parse(span_new((const char *)data, size), &conf);
	assert(conf.server_count > 0);
	assert(conf.server_count <= RESOLV_CONF_MAX_SERVERS);
	for (size_t i = 0; i < conf.server_count; i++)
		assert(conf.servers[i].ss_family == AF_INET ||
		       conf.servers[i].ss_family == AF_INET6);
	return 0;
}
