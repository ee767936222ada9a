/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/resolv_conf.c - the host's resolvers: /etc/resolv.conf, read and
 * watched.
 */
#include "net/resolv_conf.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mount.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/io.h"

#define RESOLV_CONF_NAME "resolv.conf"
#define DNS_PORT 53

/* "10.0.0.1", "fe80::1%eth0"; returns false when it is no address. */
static bool
parse_server(const char *text, struct sockaddr_storage *ret_addr)
{
	struct sockaddr_storage addr = { 0 };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&addr;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&addr;
	const char *scope = strchr(text, '%');
	cleanup_free char *ip =
		scope ? xstrndup(text, scope - text) : xstrdup(text);

	if (!scope && inet_pton(AF_INET, ip, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(DNS_PORT);
	} else if (inet_pton(AF_INET6, ip, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(DNS_PORT);
		v6->sin6_scope_id = scope ? if_nametoindex(scope + 1) : 0;
	} else {
		return false;
	}
	*ret_addr = addr;
	return true;
}

static void
parse_words(struct resolv_conf *conf, const struct strvec *words)
{
	const char *key = words->v[0];

	if (strcmp(key, "nameserver") == 0 && words->len > 1) {
		if (conf->server_count < RESOLV_CONF_MAX_SERVERS &&
		    parse_server(words->v[1],
				 &conf->servers[conf->server_count]))
			conf->server_count++;
	} else if (strcmp(key, "search") == 0 || strcmp(key, "domain") == 0) {
		strvec_release(&conf->search); /* the last one counts */
		strvec_add_array(&conf->search, words->v + 1);
	} else if (strcmp(key, "options") == 0) {
		strvec_add_array(&conf->options, words->v + 1);
	}
}

void
resolv_conf_parse(struct span text, struct resolv_conf *ret_conf)
{
	struct resolv_conf conf = RESOLV_CONF_INIT;
	struct span line;

	while (span_next(&text, '\n', &line)) {
		cleanup_strvec struct strvec words = STRVEC_INIT;
		cleanup_free char *copy = span_dup(span_trim(line));

		if (copy[0] == '#' || copy[0] == ';')
			continue;
		strvec_split(&words, copy, " \t\r");
		if (words.len)
			parse_words(&conf, &words);
	}
	if (!conf.server_count) {
		(void)parse_server("127.0.0.1", &conf.servers[0]);
		conf.server_count = 1;
	}
	*ret_conf = conf;
}

void
resolv_conf_release(struct resolv_conf *conf)
{
	strvec_release(&conf->search);
	strvec_release(&conf->options);
	conf->server_count = 0;
}

static int
hold_directory(struct resolv_watch *watch, const char *path)
{
	const uint32_t mask = IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE |
			      IN_DELETE | IN_ONLYDIR;
	int fd = open_tree(AT_FDCWD, path,
			   OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);

	if (fd < 0)
		return -errno;
	(void)inotify_add_watch(watch->notifyfd, path, mask);
	return fd;
}

int
resolv_watch_open(struct resolv_watch *watch, struct err *err)
{
	cleanup_free char *real = realpath("/etc/" RESOLV_CONF_NAME, NULL);
	char *slash = real ? strrchr(real, '/') : NULL;

	watch->notifyfd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch->notifyfd < 0)
		return err_sys(err, "watch the host's resolvers");
	watch->etcfd = hold_directory(watch, "/etc");
	if (watch->etcfd < 0)
		return err_code(err, -watch->etcfd, "hold /etc");
	if (!real || strcmp(real, "/etc/" RESOLV_CONF_NAME) == 0)
		return 0;
	watch->target = xstrdup(slash + 1);
	*slash = '\0';
	watch->targetfd = hold_directory(watch, real[0] ? real : "/");
	return 0;
}

static int
read_regular(int dirfd, const char *name, struct strbuf *sb)
{
	cleanup_close int fd = -EBADF;

	fd = openat(dirfd, name,
		    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	strbuf_reset(sb);
	return io_read_all(fd, RESOLV_CONF_MAX_BYTES, sb, NULL);
}

int
resolv_watch_read(struct resolv_watch *watch, struct strbuf *sb)
{
	char notices[4096];
	int r;

	while (read(watch->notifyfd, notices, sizeof(notices)) > 0)
		;
	r = read_regular(watch->etcfd, RESOLV_CONF_NAME, sb);
	if (r < 0 && watch->targetfd >= 0)
		r = read_regular(watch->targetfd, watch->target, sb);
	return r;
}

void
resolv_watch_release(struct resolv_watch *watch)
{
	if (watch->etcfd >= 0)
		(void)close(watch->etcfd);
	if (watch->targetfd >= 0)
		(void)close(watch->targetfd);
	if (watch->notifyfd >= 0)
		(void)close(watch->notifyfd);
	free(watch->target);
	*watch = (struct resolv_watch)RESOLV_WATCH_INIT;
}
