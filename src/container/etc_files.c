/* SPDX-License-Identifier: Apache-2.0 */
/*
 * container/etc_files.c - hosts, hostname and resolv.conf of a container.
 *
 * They are made once empty so that they can be mounted, and written again in
 * place when the addresses are known: the mount shows the same inode.
 */
#include "container/etc_files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/fsx.h"
#include "base/io.h"
#include "base/span.h"
#include "container/rootfs.h"
#include "spec/host_spec.h"

#define ETC_MAX_BYTES (1U << 20)

static int
etc_files_put(const struct container_dir *dir, const char *name,
	      const struct strbuf *text, struct err *err)
{
	cleanup_close int fd =
		openat(dir->fd, name,
		       O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		       0644);
	int r = fd < 0 ? -errno : io_write_all(fd, text->buf, text->len);

	return r < 0 ? err_code(err, -r, "write '%s/%s'", dir->path, name) : 0;
}

static void
etc_files_host_text(struct strbuf *sb)
{
	/* A host without the file has no settings to repeat. */
	(void)fsx_read_file(AT_FDCWD, "/etc/hosts", ETC_MAX_BYTES, sb, NULL);
	if (sb->len && sb->buf[sb->len - 1] != '\n')
		strbuf_addch(sb, '\n');
}

/* --hosts-file: what is not there adds nothing. */
static void
etc_files_base(const struct container_dir *dir,
	       const struct container_spec *spec, struct strbuf *sb)
{
	if (!strcmp(spec->hosts_file, "image"))
		(void)rootfs_peek(dir->store, spec, "etc/hosts", ETC_MAX_BYTES,
				  sb);
	else if (strcmp(spec->hosts_file, "none") != 0)
		(void)fsx_read_file(AT_FDCWD, spec->hosts_file, ETC_MAX_BYTES,
				    sb, NULL);
	if (sb->len && sb->buf[sb->len - 1] != '\n')
		strbuf_addch(sb, '\n');
}

static void
etc_files_own_name(struct strbuf *sb, const char *ip,
		   const struct container_spec *spec)
{
	if (*ip)
		strbuf_addf(sb, "%s\t%s\n", ip, spec->hostname);
}

static void
etc_files_hosts(const struct container_dir *dir,
		const struct container_spec *spec, const struct networking *net,
		struct strbuf *sb)
{
	bool joined = net && net->len;

	if (spec->hosts_file)
		etc_files_base(dir, spec, sb);
	else if (spec->net_mode == NET_MODE_HOST)
		etc_files_host_text(sb);
	if (!strstr(sb->buf, "localhost"))
		strbuf_addstr(sb, "127.0.0.1\tlocalhost\n"
				  "::1\tlocalhost ip6-localhost ip6-loopback\n"
				  "fe00::\tip6-localnet\n"
				  "ff00::\tip6-mcastprefix\n"
				  "ff02::1\tip6-allnodes\n"
				  "ff02::2\tip6-allrouters\n");
	for (size_t i = 0; i < spec->hosts.len; i++) {
		size_t len;
		const char *ip = host_spec_ip(spec->hosts.v[i], &len);

		if (!strcmp(ip, "host-gateway"))
			ip = joined ? net->legs[0].reply.host_ip : "127.0.0.1";
		strbuf_addf(sb, "%s\t%.*s\n", ip, (int)len, spec->hosts.v[i]);
	}
	if (!joined)
		return;
	strbuf_add(sb, net->links.buf, net->links.len);
	for (size_t i = 0; i < net->len; i++) {
		etc_files_own_name(sb, net->legs[i].reply.ip, spec);
		etc_files_own_name(sb, net->legs[i].reply.ip6, spec);
	}
}

static void
etc_files_list(struct strbuf *sb, const char *word, const struct strvec *list)
{
	if (!list->len)
		return;
	strbuf_addstr(sb, word);
	for (size_t i = 0; i < list->len; i++)
		strbuf_addf(sb, " %s", list->v[i]);
	strbuf_addch(sb, '\n');
}

/* "." as only search domain means none. */
static bool
etc_files_no_search(const struct container_spec *spec)
{
	return spec->dns_search.len == 1 && !strcmp(spec->dns_search.v[0], ".");
}

static void
etc_files_resolv(const struct container_spec *spec,
		 const struct networking *net, struct strbuf *sb)
{
	bool joined = net && net->len, named;
	cleanup_strbuf struct strbuf host = STRBUF_INIT;
	cleanup_strbuf struct strbuf extras = STRBUF_INIT;
	struct span rest, line;

	(void)fsx_read_file(AT_FDCWD, "/etc/resolv.conf", ETC_MAX_BYTES, &host,
			    NULL);
	if (!joined && spec->net_mode == NET_MODE_HOST && !spec->dns.len &&
	    !spec->dns_search.len && !spec->dns_options.len) {
		strbuf_add(sb, host.buf, host.len);
		return;
	}
	net_resolv_extras(&extras, host.buf);
	rest = span_new(extras.buf, extras.len);
	while (span_next(&rest, '\n', &line)) {
		if (spec->dns_search.len && span_starts(line, "search"))
			continue;
		if (spec->dns_options.len && span_starts(line, "options"))
			continue;
		strbuf_add(sb, line.ptr, line.len);
		strbuf_addch(sb, '\n');
	}
	if (!etc_files_no_search(spec))
		etc_files_list(sb, "search", &spec->dns_search);
	/* Our name server asks those of --dns itself. */
	named = joined && !net->legs[0].is_default;
	for (size_t i = 0; !named && i < spec->dns.len; i++)
		strbuf_addf(sb, "nameserver %s\n", spec->dns.v[i]);
	if (named || (!spec->dns.len && joined))
		strbuf_addf(sb, "nameserver %s\n", net->legs[0].reply.dns);
	etc_files_list(sb, "options", &spec->dns_options);
}

int
etc_files_write(const struct container_dir *dir,
		const struct container_spec *spec, const struct networking *net,
		struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int r;

	etc_files_resolv(spec, net, &sb);
	r = etc_files_put(dir, "resolv.conf", &sb, err);
	strbuf_reset(&sb);
	etc_files_hosts(dir, spec, net, &sb);
	if (r == 0)
		r = etc_files_put(dir, "hosts", &sb, err);
	strbuf_reset(&sb);
	strbuf_addf(&sb, "%s\n", spec->hostname);
	return r < 0 ? r : etc_files_put(dir, "hostname", &sb, err);
}

/* What the container itself wrote there stays; a failure costs one name. */
void
etc_files_add_host(const struct container_dir *dir,
		   const struct container_spec *spec,
		   const struct net_join_reply *reply)
{
	cleanup_close int fd = openat(
		dir->fd, "hosts", O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;

	etc_files_own_name(&sb, reply->ip, spec);
	etc_files_own_name(&sb, reply->ip6, spec);
	if (fd >= 0)
		(void)io_write_all(fd, sb.buf, sb.len);
}

static bool
etc_files_is_of(struct span line, const char *ip)
{
	struct span first;

	return *ip && span_next(&line, '\t', &first) && span_is(first, ip);
}

void
etc_files_del_host(const struct container_dir *dir,
		   const struct net_join_reply *reply)
{
	cleanup_strbuf struct strbuf old = STRBUF_INIT, new = STRBUF_INIT;
	struct span rest, line;

	if (fsx_read_file(dir->fd, "hosts", ETC_MAX_BYTES, &old, NULL) < 0)
		return;
	rest = span_new(old.buf, old.len);
	while (span_next(&rest, '\n', &line)) {
		if (etc_files_is_of(line, reply->ip) ||
		    etc_files_is_of(line, reply->ip6))
			continue;
		strbuf_add(&new, line.ptr, line.len);
		strbuf_addch(&new, '\n');
	}
	(void)etc_files_put(dir, "hosts", &new, NULL);
}
