/* SPDX-License-Identifier: Apache-2.0 */
/*
 * net/port_holder.c - who has a port of this host.
 *
 * man: proc(5), "/proc/net/tcp": the fields are local address and port in
 * hexadecimal, the remote ones, the state (0A: listening), …, the inode.
 */
#include "net/port_holder.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fsx.h"
#include "base/text.h"

#define TABLE_MAX_BYTES (4U << 20)
#define MAX_INODES 16
#define STATE_LISTEN 0x0a

size_t
port_holder_inodes(const char *text, bool is_tcp, uint16_t port,
		   uint64_t *inodes, size_t max)
{
	size_t count = 0;

	for (const char *line = text; line && *line && count < max;
	     line = strchr(line, '\n'), line += line ? 1 : 0) {
		unsigned int local, state;
		uint64_t inode;

		if (sscanf(line,
			   " %*u: %*32[0-9A-Fa-f]:%x %*32[0-9A-Fa-f]:%*x %x "
			   "%*s %*s %*s %*u %*u %" SCNu64,
			   &local, &state, &inode) == 3 &&
		    local == port && (!is_tcp || state == STATE_LISTEN))
			inodes[count++] = inode;
	}
	return count;
}

static size_t
find_inodes(enum port_proto proto, uint16_t port, uint64_t *inodes)
{
	static const char *const tables[][2] = {
		{ "/proc/net/tcp", "/proc/net/tcp6" },
		{ "/proc/net/udp", "/proc/net/udp6" },
	};
	bool is_tcp = proto == PORT_PROTO_TCP;
	size_t count = 0;

	for (size_t i = 0; i < 2; i++) {
		cleanup_strbuf struct strbuf text = STRBUF_INIT;

		if (fsx_read_file(AT_FDCWD, tables[!is_tcp][i], TABLE_MAX_BYTES,
				  &text, NULL) == 0)
			count += port_holder_inodes(text.buf, is_tcp, port,
						    inodes + count,
						    MAX_INODES - count);
	}
	return count;
}

/* Does /proc/PID/fd, open as @dir, have one of the sockets? */
static bool
has_socket(DIR *dir, const uint64_t *inodes, size_t count)
{
	const struct dirent *ent;

	while ((ent = readdir(dir))) {
		char target[64];
		ssize_t n = readlinkat(dirfd(dir), ent->d_name, target,
				       sizeof(target) - 1);
		uint64_t inode;

		if (n < 0)
			continue;
		target[n] = '\0';
		if (sscanf(target, "socket:[%" SCNu64 "]", &inode) != 1)
			continue;
		for (size_t i = 0; i < count; i++)
			if (inodes[i] == inode)
				return true;
	}
	return false;
}

static bool
is_holder(const char *pid, const uint64_t *inodes, size_t count)
{
	cleanup_closedir DIR *dir = NULL;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%.16s/fd", pid);
	dir = opendir(path);
	return dir && has_socket(dir, inodes, count);
}

static void
name_holder(const char *pid, struct strbuf *sb)
{
	cleanup_strbuf struct strbuf name = STRBUF_INIT;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%.16s/comm", pid);
	(void)fsx_read_file(AT_FDCWD, path, 64, &name, NULL);
	if (name.len)
		strbuf_addf(sb, "%.*s, ", (int)name.len - 1, name.buf);
	strbuf_addf(sb, "process %s", pid);
}

bool
port_holder_find(enum port_proto proto, uint16_t port, struct strbuf *sb)
{
	cleanup_closedir DIR *proc = opendir("/proc");
	uint64_t inodes[MAX_INODES];
	size_t count = find_inodes(proto, port, inodes);
	const struct dirent *ent;

	while (proc && count && (ent = readdir(proc))) {
		if (!text_is_digit(ent->d_name[0]) ||
		    !is_holder(ent->d_name, inodes, count))
			continue;
		name_holder(ent->d_name, sb);
		return true;
	}
	return false;
}
