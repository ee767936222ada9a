/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/port_holder.h"

#define TCP_TEXT                                                                  \
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "     \
	"retrnsmt   uid  timeout inode\n"                                         \
	"   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 "     \
	"00000000  1000        0 4711 1 0000000000000000 100 0 0 10 0\n"          \
	"   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 "     \
	"00000000  1000        0 4712 1 0000000000000000 20 4 0 10 -1\n"          \
	"   2: 00000000000000000000000000000000:1F90 "                            \
	"00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 " \
	"00000000  1000        0 4713 1 0000000000000000 100 0 0 10 0\n"

Test(net_port_holder, listening_sockets_of_the_port_are_found)
{
	uint64_t inodes[4];

	cr_assert(
		eq(sz, port_holder_inodes(TCP_TEXT, true, 8080, inodes, 4), 2));
	cr_assert(eq(u64, inodes[0], 4711));
	cr_assert(eq(u64, inodes[1], 4713));
	cr_assert(eq(sz, port_holder_inodes(TCP_TEXT, false, 8080, inodes, 4),
		     3));
	cr_assert(
		eq(sz, port_holder_inodes(TCP_TEXT, true, 8081, inodes, 4), 0));
	cr_assert(
		eq(sz, port_holder_inodes(TCP_TEXT, true, 8080, inodes, 1), 1));
}

Test(net_port_holder, this_process_is_found)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char want[32];

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	cr_assert(eq(int, bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0));
	cr_assert(eq(int, listen(fd, 1), 0));
	cr_assert(eq(int, getsockname(fd, (struct sockaddr *)&addr, &len), 0));
	cr_assert(port_holder_find(PORT_PROTO_TCP, ntohs(addr.sin_port), &sb));
	(void)snprintf(want, sizeof(want), "process %d", (int)getpid());
	cr_assert(strstr(sb.buf, want) != NULL, "%s", sb.buf);
	(void)close(fd);
}
