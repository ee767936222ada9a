/* SPDX-License-Identifier: Apache-2.0 */
/* A message that is read is written back byte for byte. */
#include <assert.h>
#include <string.h>

#include "base/strbuf.h"
#include "net/net_def.h"
#include "net/net_msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_net_msg struct net_msg msg = NET_MSG_INIT;
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	struct err err = ERR_INIT;
	struct net_def def;

	if (net_msg_decode(span_new((const char *)data, size), &msg) < 0)
		return 0;
	net_msg_encode(&msg, &sb);
	assert(sb.len == size && memcmp(sb.buf, data, size) == 0);
	(void)net_msg_get_int(&msg, "prefix", 0);
	assert(net_msg_to_err(&msg, &err) < 0 && err.text[0]);
	/* A network that is taken has addresses that agree. */
	if (net_def_read(&msg, &def, NULL) == 0 && def.v4.subnet.family) {
		struct ipam ipam;

		assert(ipam_init(&ipam, &def.v4, NULL) == 0);
		ipam_release(&ipam);
	}
	return 0;
}
