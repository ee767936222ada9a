/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

#include "net/port_plan.h"

static int
open_text(const char *text, struct port_plan *plan, struct err *err)
{
	cleanup_port_list struct port_list list = PORT_LIST_INIT;
	int r = port_list_publish(&list, text, err);

	return r < 0 ? r : port_plan_open(&list, NULL, plan, err);
}

/* A listener on a free port of 127.0.0.1, and which port that is. */
static int
occupy(uint16_t *ret_port)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	cr_assert(eq(int, bind(fd, (struct sockaddr *)&addr, len), 0));
	cr_assert(eq(int, listen(fd, 1), 0));
	cr_assert(eq(int, getsockname(fd, (struct sockaddr *)&addr, &len), 0));
	*ret_port = ntohs(addr.sin_port);
	return fd;
}

Test(net_port_plan, a_random_port_is_settled_and_the_same_for_both)
{
	cleanup_port_plan struct port_plan plan = PORT_PLAN_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	struct port_binding *binding;

	cr_assert(eq(int, open_text("80", &plan, NULL), 0));
	binding = &plan.bindings[0];
	cr_assert(gt(int, binding->spec.host_first, 1023));
	cr_assert(ge(int, binding->fds[0], 0));
	cr_assert(eq(int, binding->both, binding->fds[1] >= 0));
	port_plan_add_text(&text, binding);
	cr_assert(strncmp(text.buf, "0.0.0.0:", 8) == 0);
	cr_assert(strstr(text.buf, "->80/tcp") != NULL);
	cr_assert(eq(int, strstr(text.buf, ", [::]:") != NULL, binding->both));
}

Test(net_port_plan, a_taken_port_is_refused_and_nothing_stays_open)
{
	cleanup_port_plan struct port_plan plan = PORT_PLAN_INIT;
	struct err err = ERR_INIT;
	char text[64];
	uint16_t port;
	int fd = occupy(&port);

	(void)snprintf(text, sizeof(text), "127.0.0.1:%u:80", port);
	cr_assert(eq(int, open_text(text, &plan, &err), -EADDRINUSE));
	cr_assert(strstr(err.text, "port is already allocated") != NULL);
	cr_assert(ne(int, err.hint[0], '\0'));
	cr_assert(eq(sz, plan.len, 0));
	(void)close(fd);
	cr_assert(eq(int, open_text(text, &plan, NULL), 0));
}

Test(net_port_plan, a_host_range_gives_its_first_free_port)
{
	cleanup_port_plan struct port_plan plan = PORT_PLAN_INIT;
	char text[64];
	uint16_t port;
	int fd = occupy(&port);

	(void)snprintf(text, sizeof(text), "127.0.0.1:%u-%u:80", port,
		       port + 20);
	cr_assert(eq(int, open_text(text, &plan, NULL), 0));
	cr_assert(gt(int, plan.bindings[0].spec.host_first, port));
	(void)close(fd);
}

Test(net_port_plan, udp_and_tcp_may_have_the_same_number)
{
	cleanup_port_plan struct port_plan tcp = PORT_PLAN_INIT;
	cleanup_port_plan struct port_plan udp = PORT_PLAN_INIT;
	char text[64];

	cr_assert(eq(int, open_text("127.0.0.1::53", &tcp, NULL), 0));
	(void)snprintf(text, sizeof(text), "127.0.0.1:%u:53/udp",
		       tcp.bindings[0].spec.host_first);
	cr_assert(eq(int, open_text(text, &udp, NULL), 0));
}

Test(net_port_plan, sctp_is_refused_with_a_reason)
{
	cleanup_port_plan struct port_plan plan = PORT_PLAN_INIT;
	struct err err = ERR_INIT;

	cr_assert(eq(int, open_text("9:9/sctp", &plan, &err), -EOPNOTSUPP));
	cr_assert(strstr(err.text, "sctp") != NULL);
}

Test(net_port_plan, the_site_address_stands_for_every_address)
{
	cleanup_port_list struct port_list list = PORT_LIST_INIT;
	cleanup_port_plan struct port_plan plan = PORT_PLAN_INIT;

	cr_assert(eq(int, port_list_publish(&list, "80", NULL), 0));
	cr_assert(eq(int, port_plan_open(&list, "127.0.0.1", &plan, NULL), 0));
	cr_assert(eq(str, plan.bindings[0].spec.host_ip, (char *)"127.0.0.1"));
	cr_assert(eq(int, plan.bindings[0].fds[1], -EBADF));
}
