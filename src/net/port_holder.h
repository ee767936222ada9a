/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/port_holder.h - who has a port of this host.
 */
#ifndef DHOW_NET_PORT_HOLDER_H
#define DHOW_NET_PORT_HOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "spec/port_spec.h"

/*
 * Append the command and id of a process that listens on @port ("nginx,
 * process 123"). Returns false when it cannot be seen: it may be another
 * user's. Reads /proc of every process: for an error's hint only.
 */
bool port_holder_find(enum port_proto proto, uint16_t port, struct strbuf *sb);

/*
 * The inodes of sockets bound to @port in the text of /proc/net/tcp and its
 * like; for TCP only those that listen. At most @max, returns how many.
 */
size_t port_holder_inodes(const char *text, bool is_tcp, uint16_t port,
			  uint64_t *inodes, size_t max);

#endif
