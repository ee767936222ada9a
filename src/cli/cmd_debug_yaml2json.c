/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_debug_yaml2json.c - dhow debug yaml2json: what the reader makes of
 * it.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/io.h"
#include "cli/cmd_list.h"
#include "cli/say.h"
#include "compose/loader.h"
#include "data/node.h"

static int
run(struct cmd_ctx *ctx)
{
	const char *path = args_operand(ctx->args, 0);
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_strbuf struct strbuf out = STRBUF_INIT;
	cleanup_node struct node *docs = NULL;
	int r;

	r = strcmp(path, "-") ? fsx_read_file(AT_FDCWD, path, LOAD_MAX_BYTES,
					      &text, ctx->err)
			      : io_read_all(STDIN_FILENO, LOAD_MAX_BYTES, &text,
					    ctx->err);
	if (r == 0)
		r = node_parse_yaml_all(span_new(text.buf, text.len), path,
					&docs, ctx->err);
	for (size_t i = 0; r == 0 && i < node_len(docs); i++) {
		node_write_json(&out, node_at(docs, i), NODE_INDENT2);
		strbuf_addch(&out, '\n');
	}
	if (r == 0)
		say_text(&out);
	return r;
}

static const struct cmd_example examples[] = {
	{ "what is this text, as YAML?", "dhow debug yaml2json compose.yaml" },
};

const struct cmd cmd_debug_yaml2json = {
	.path = "debug yaml2json",
	.summary = "print what is read from a YAML file as JSON",
	.operands = "FILE|-",
	.about = "One JSON text per document, before anything is known of "
		 "Compose files.",
	CMD_EXAMPLES(examples),
	.min_operands = 1,
	.max_operands = 1,
	.offer = OFFER_FILE,
	.run = run,
};
