/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_debug_dockerfile.c - dhow debug dockerfile-parse.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/fsx.h"
#include "base/io.h"
#include "cli/cmd_list.h"
#include "cli/dockerfile_fault.h"
#include "cli/say.h"
#include "dockerfile/dockerfile.h"

static int
read_input(const char *path, struct strbuf *bytes, struct err *err)
{
	if (!strcmp(path, "-"))
		return io_read_all(STDIN_FILENO, DOCKERFILE_MAX_BYTES, bytes,
				   err);
	return fsx_read_file(AT_FDCWD, path, DOCKERFILE_MAX_BYTES, bytes, err);
}

static int
run(struct cmd_ctx *ctx)
{
	cleanup_with(dockerfile_free) struct dockerfile *df = NULL;
	cleanup_strbuf struct strbuf bytes = STRBUF_INIT;
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_node struct node *array = NULL;
	const char *path = args_operand(ctx->args, 0);
	int r;

	r = read_input(path, &bytes, ctx->err);
	if (r < 0)
		return r;
	df = dockerfile_new(strcmp(path, "-") != 0 ? path : "Dockerfile",
			    span_new(bytes.buf, bytes.len));
	r = dockerfile_parse(df, ctx->err);
	if (r < 0) {
		dockerfile_fault_show(df, &df->failed);
		return r;
	}
	array = dockerfile_to_node(df);
	node_write_json(&text, array, NODE_INDENT2);
	strbuf_addch(&text, '\n');
	say_text(&text);
	return 0;
}

static const struct cmd_example examples[] = {
	{ "show how a Dockerfile is understood",
	  "dhow debug dockerfile-parse Dockerfile" },
};

const struct cmd cmd_debug_dockerfile = {
	.path = "debug dockerfile-parse",
	.summary = "show the instructions of a Dockerfile as JSON",
	.operands = "FILE|-",
	.about =
		"Words are as written: nothing is replaced, no stage is left out.",
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_FILE,
	.run = run,
};
