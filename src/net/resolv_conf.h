/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/resolv_conf.h - the host's resolvers: /etc/resolv.conf, read and
 * watched.
 *
 * man: resolv.conf(5).
 */
#ifndef DHOW_NET_RESOLV_CONF_H
#define DHOW_NET_RESOLV_CONF_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/span.h"
#include "base/strbuf.h"
#include "base/strvec.h"

#define RESOLV_CONF_MAX_SERVERS 8
#define RESOLV_CONF_MAX_BYTES 16384

struct resolv_conf {
	struct sockaddr_storage servers[RESOLV_CONF_MAX_SERVERS];
	size_t server_count; /* 0: 127.0.0.1 is meant; it is put in */
	struct strvec search;
	struct strvec options;
};

#define RESOLV_CONF_INIT                                      \
	{                                                     \
		.search = STRVEC_INIT, .options = STRVEC_INIT \
	}
#define cleanup_resolv_conf cleanup_release(resolv_conf_release)

/* Never fails: lines that make no sense are passed over. */
void resolv_conf_parse(struct span text, struct resolv_conf *ret_conf);
void resolv_conf_release(struct resolv_conf *conf);

/*
 * The file, held so that it can be read again after the root was left: mounts
 * of their own for /etc and the directory of what it links to, and an inotify
 * descriptor.
 */
struct resolv_watch {
	int etcfd;
	int targetfd; /* -EBADF: it is no symlink */
	char *target; /* its name below targetfd */
	int notifyfd; /* readable: something changed nearby */
};

#define RESOLV_WATCH_INIT                                                \
	{                                                                \
		.etcfd = -EBADF, .targetfd = -EBADF, .notifyfd = -EBADF, \
	}

/* The caller is in a mount namespace of its own. Returns 0 or -errno. */
int resolv_watch_open(struct resolv_watch *watch, struct err *err);
/* Empty the notices and read the file as it is now; -ENOENT when there is
 * none. */
int resolv_watch_read(struct resolv_watch *watch, struct strbuf *sb);
void resolv_watch_release(struct resolv_watch *watch);

#endif
