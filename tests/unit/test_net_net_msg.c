/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "net/net_msg.h"

static int pair[2];

static void
open_pair(void)
{
	cr_assert(
		eq(int,
		   socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair),
		   0));
}

Test(net_net_msg, what_is_sent_arrives, .init = open_pair)
{
	struct net_msg msg = NET_MSG_INIT;
	cleanup_net_msg struct net_msg got = NET_MSG_INIT;
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	net_msg_add(&msg, "op", "join");
	net_msg_add(&msg, "name", "a=b\nc");
	net_msg_add(&msg, "empty", "");
	net_msg_add(&msg, "absent", NULL);
	net_msg_add_int(&msg, "prefix", -16);
	net_msg_add_fd(&msg, fd);
	cr_assert(eq(int, net_msg_send(pair[0], &msg, NULL), 0));
	cr_assert(eq(int, net_msg_recv(pair[1], &got, NULL), 1));
	cr_assert(net_msg_is(&got, "join"));
	cr_assert(eq(str, (char *)net_msg_get(&got, "name"), (char *)"a=b\nc"));
	cr_assert(net_msg_get(&got, "empty") == NULL);
	cr_assert(net_msg_get(&got, "absent") == NULL);
	cr_assert(eq(long, net_msg_get_int(&got, "prefix", 0), -16));
	cr_assert(eq(long, net_msg_get_int(&got, "name", 7), 7));
	cr_assert(eq(sz, got.fd_count, 1));
	cr_assert(fcntl(got.fds[0], F_GETFD) & FD_CLOEXEC);
	cr_assert(eq(int, net_msg_take_fd(&got, 1), -EBADF));
	net_msg_release_fields(&msg);
	(void)close(fd);
}

Test(net_net_msg, the_end_of_file_is_told_apart, .init = open_pair)
{
	cleanup_net_msg struct net_msg got = NET_MSG_INIT;

	(void)close(pair[0]);
	cr_assert(eq(int, net_msg_recv(pair[1], &got, NULL), 0));
}

Test(net_net_msg, garbage_is_refused_and_its_descriptors_are_closed,
     .init = open_pair)
{
	static const struct {
		const char *bytes;
		size_t len;
	} cases[] = {
		{ "op=join", 7 }, /* no end */
		{ "op\0", 3 },    /* no value */
		{ "=x\0", 3 },    /* no key */
		{ "a=b\0rest", 8 }, { "\0", 1 },
		{ "ab\0c=d\0", 7 }, /* '=' belongs to the next one */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cleanup_net_msg struct net_msg got = NET_MSG_INIT;
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		cr_assert(eq(int,
			     io_send_fds(pair[0], cases[i].bytes, cases[i].len,
					 &fd, 1),
			     0));
		(void)close(fd);
		cr_assert(eq(int, net_msg_recv(pair[1], &got, NULL), -EPROTO),
			  "case %zu", i);
	}
}

Test(net_net_msg, an_overlong_message_is_not_sent, .init = open_pair)
{
	struct net_msg msg = NET_MSG_INIT;
	struct err err = ERR_INIT;

	for (int i = 0; i < 1000; i++)
		net_msg_add(&msg, "alias",
			    "a-name-of-exactly-forty-bytes-or-so-it-is");
	cr_assert(eq(int, net_msg_send(pair[0], &msg, &err), -E2BIG));
	net_msg_release_fields(&msg);
}

Test(net_net_msg, a_story_travels_with_code_and_hint, .init = open_pair)
{
	cleanup_net_msg struct net_msg got = NET_MSG_INIT;
	struct err sent = ERR_INIT, err = ERR_INIT;

	(void)err_set(&sent, EOPNOTSUPP, "open '%s'", "/dev/net/tun");
	err_hint(&sent, "ask for it");
	cr_assert(eq(int, net_msg_send_err(pair[0], &sent), 0));
	cr_assert(eq(int, net_msg_recv(pair[1], &got, NULL), 1));
	cr_assert(eq(int, net_msg_to_err(&got, &err), -EOPNOTSUPP));
	cr_assert(eq(str, err.text, sent.text));
	cr_assert(eq(str, err.hint, sent.hint));
}

Test(net_net_msg, a_code_from_outside_is_always_an_errno)
{
	static const char *const codes[] = { "0", "-5", "5000", "x" };

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct net_msg msg = NET_MSG_INIT;

		net_msg_add(&msg, "op", "error");
		net_msg_add(&msg, "code", codes[i]);
		cr_assert(eq(int, net_msg_to_err(&msg, NULL), -EPROTO));
		net_msg_release_fields(&msg);
	}
}
