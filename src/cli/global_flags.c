/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/global_flags.c - the flags before the command.
 */
#include "base/alloc.h"
#include "cli/commands.h"

#define NO_DAEMON "there is no daemon: containers are children of this command"
#define NO_REMOTE "dhow works on this host only"

static const struct flag flags[] = {
	{ .name = "config", .meta = "DIR", .kind = FLAG_STR,
	  .offer = OFFER_DIR,
	  .help = "directory of config.json with credentials (default $DOCKER_CONFIG, else ~/.docker)" },
	{ .name = "connection", .meta = "NAME", .kind = FLAG_STR,
	  .refuse = NO_REMOTE, .hidden = true },
	{ .name = "context", .letter = 'c', .meta = "NAME", .kind = FLAG_STR,
	  .refuse = NO_REMOTE, .harmless = "default", .hidden = true },
	{ .name = "debug", .letter = 'D', .kind = FLAG_BOOL,
	  .help = "say on stderr what is being done" },
	{ .name = "host", .letter = 'H', .meta = "URL", .kind = FLAG_STR,
	  .refuse = NO_DAEMON, .harmless = "", .hidden = true },
	{ .name = "identity", .meta = "FILE", .kind = FLAG_STR,
	  .refuse = NO_REMOTE, .hidden = true },
	{ .name = "log-level", .letter = 'l', .kind = FLAG_ENUM,
	  .values = "debug|info|warn|error|fatal", .fallback = "info",
	  .help = "how much to say; error leaves out warnings" },
	{ .name = "remote", .letter = 'r', .kind = FLAG_BOOL,
	  .refuse = NO_REMOTE, .hidden = true },
	{ .name = "root", .meta = "DIR", .kind = FLAG_STR,
	  .offer = OFFER_DIR,
	  .help = "where images, containers and volumes are kept (default $XDG_DATA_HOME/dhow)" },
	{ .name = "runroot", .meta = "DIR", .kind = FLAG_STR,
	  .offer = OFFER_DIR,
	  .help = "where the state of running containers is kept (default $XDG_RUNTIME_DIR/dhow)" },
	{ .name = "ssh", .meta = "MODE", .kind = FLAG_STR,
	  .refuse = NO_REMOTE, .hidden = true },
	{ .name = "storage-driver", .kind = FLAG_ENUM,
	  .values = "auto|overlay|fuse-overlayfs|copy|vfs",
	  .fallback = "auto",
	  .help = "how a container's root is made of layers; vfs is copy" },
	{ .name = "tls", .kind = FLAG_BOOL, .refuse = NO_DAEMON,
	  .hidden = true },
	{ .name = "tlscacert", .meta = "FILE", .kind = FLAG_STR,
	  .refuse = NO_DAEMON, .hidden = true },
	{ .name = "tlscert", .meta = "FILE", .kind = FLAG_STR,
	  .refuse = NO_DAEMON, .hidden = true },
	{ .name = "tlskey", .meta = "FILE", .kind = FLAG_STR,
	  .refuse = NO_DAEMON, .hidden = true },
	{ .name = "tlsverify", .kind = FLAG_BOOL, .refuse = NO_DAEMON,
	  .hidden = true },
	{ .name = "url", .meta = "URL", .kind = FLAG_STR, .refuse = NO_REMOTE,
	  .hidden = true },
	{ .name = "version", .letter = 'v', .kind = FLAG_BOOL,
	  .help = "print the version in one line" },
};

const struct cmd commands_global = {
	.path = "",
	.summary = "run containers and images on the account you have",
	.operands = "COMMAND [ARG...]",
	.about = "dhow understands the command line of docker(1) and works without a daemon and without privileges: a container is a child of the command that runs it, and when no container runs, nothing runs.\n\n"
		 "A link named docker that points to dhow behaves as dhow.",
	CMD_FLAGS(flags),
	.max_operands = CMD_MANY,
	.offer = OFFER_COMMAND,
	.stop_at_operand = true,
};
