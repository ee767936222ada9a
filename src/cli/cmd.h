/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd.h - a command: one const declaration and the function behind it.
 *
 * To add one: src/cli/cmd_<name>.c with its struct cmd, a line in
 * commands.c and in room.am, then "make docs".
 */
#ifndef DHOW_CLI_CMD_H
#define DHOW_CLI_CMD_H

#include "cli/args.h"

#define CMD_MANY 255 /* no upper bound on operands */

struct cmd_ctx {
	const struct cmd *cmd;
	const struct args *global; /* the flags before the command */
	const struct args *group;  /* those behind its noun ("compose"); NULL
				    * for commands without */
	const struct args *args;   /* the command's own */
	int fail_status;           /* exit status of a failure; from the cmd,
				    * changed by who knows better */
	struct err *err;           /* what the function failed of */
};

/* The line may be run by the tests as it stands, after "dhow pull debian". */
struct cmd_example {
	const char *does; /* "list what is there" */
	const char *line; /* "dhow images" */
};

struct cmd {
	const char *path;     /* "run", "image inspect" */
	const char *aliases;  /* "image ls|image list", or NULL */
	const char *summary;  /* "list images" */
	const char *operands; /* "IMAGE [COMMAND] [ARG...]", or NULL */
	const char *about;    /* paragraphs for the man page, "\n\n" between */
	const char *exits;    /* what the exit status means, if it is special */
	const struct flag *flags; /* alphabetical */
	size_t flag_count;
	const struct cmd_example *examples;
	size_t example_count;
	uint8_t min_operands;
	uint8_t max_operands;
	uint8_t offer;        /* enum flag_offer for the operands */
	uint8_t fail_status;  /* exit status of a failure; 0 means 1 */
	bool stop_at_operand; /* the first operand ends the flags */
	bool hidden;          /* not in help, man and completion */
	bool has_verbs;       /* its first operand is a command below it */
	/*
	 * Returns the exit status, or a negative errno with the story in
	 * ctx->err: it is printed and exit_status() picks the status.
	 */
	int (*run)(struct cmd_ctx *ctx);
};

#define CMD_FLAGS(rows) .flags = (rows), .flag_count = ARRAY_LEN(rows)
#define CMD_EXAMPLES(rows) .examples = (rows), .example_count = ARRAY_LEN(rows)

#endif
