/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http_script.h - a loopback HTTP server that answers from a table.
 *
 * Runs in a child until the test ends. Each request takes the first row whose
 * .match is found in its head and whose .times are not used up. A client that
 * speaks TLS is hung up on. All heads are kept for the test to look at.
 */
#ifndef DHOW_TESTS_HTTP_SCRIPT_H
#define DHOW_TESTS_HTTP_SCRIPT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define HTTP_SCRIPT_LOG_BYTES (64 << 10)

struct http_script_row {
	const char *match; /* "GET /v2/x", "Authorization: Bearer t" */
	const char *reply; /* head and body, whole */
	int times;         /* 0: any number */
	const char *and;   /* a second text that must be there, or NULL */
};

struct http_script {
	int port;
	pid_t pid;
	int listenfd;
	char *log; /* shared: the heads of all requests, in order */
};

static inline void
http_script_answer(int fd, const struct http_script_row *rows, size_t count,
		   int *used, char *log)
{
	static const char none[] =
		"HTTP/1.1 404 none\r\nContent-Length: 0\r\n\r\n";
	char head[8192];
	size_t len = 0;

	while (len + 1 < sizeof(head)) {
		ssize_t n = read(fd, head + len, sizeof(head) - 1 - len);

		if (n <= 0 || head[0] == 0x16)
			return;
		len += (size_t)n;
		head[len] = '\0';
		if (strstr(head, "\r\n\r\n"))
			break;
	}
	if (strlen(log) + len < HTTP_SCRIPT_LOG_BYTES)
		(void)memcpy(log + strlen(log), head, len + 1);
	for (size_t i = 0; i < count; i++) {
		const char *p = rows[i].reply;

		if (!strstr(head, rows[i].match) ||
		    (rows[i].and &&!strstr(head, rows[i].and)) ||
		    (rows[i].times && used[i] >= rows[i].times))
			continue;
		used[i]++;
		for (size_t left = strlen(p); left;) {
			ssize_t n = send(fd, p, left, MSG_NOSIGNAL);

			if (n <= 0)
				return;
			p += n;
			left -= (size_t)n;
		}
		return;
	}
	(void)send(fd, none, sizeof(none) - 1, MSG_NOSIGNAL);
}

/* Take a port; rows may be written once it is known. */
static inline void
http_script_listen(struct http_script *script)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	script->listenfd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)bind(script->listenfd, (struct sockaddr *)&addr, len);
	(void)listen(script->listenfd, 16);
	(void)getsockname(script->listenfd, (struct sockaddr *)&addr, &len);
	script->port = ntohs(addr.sin_port);
	script->log = mmap(NULL, HTTP_SCRIPT_LOG_BYTES, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static inline void
http_script_serve(struct http_script *script,
		  const struct http_script_row *rows, size_t count)
{
	int used[64] = { 0 };

	script->pid = fork();
	if (script->pid)
		return;
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		int fd = accept(script->listenfd, NULL, NULL);

		if (fd < 0)
			_exit(1);
		http_script_answer(fd, rows, count, used, script->log);
		(void)shutdown(fd, SHUT_WR);
		(void)close(fd);
	}
}

static inline void
http_script_stop(struct http_script *script)
{
	if (script->pid > 0) {
		(void)kill(script->pid, SIGKILL);
		(void)waitpid(script->pid, NULL, 0);
	}
	(void)close(script->listenfd);
}

/* How often @text stands in the heads seen so far. */
static inline int
http_script_count(const struct http_script *script, const char *text)
{
	int count = 0;

	for (const char *p = script->log; (p = strstr(p, text)); p++)
		count++;
	return count;
}

#endif
