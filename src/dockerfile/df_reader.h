/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_reader.h - from physical to logical lines; room only.
 */
#ifndef DHOW_DOCKERFILE_DF_READER_H
#define DHOW_DOCKERFILE_DF_READER_H

#include <stdbool.h>

#include "base/span.h"
#include "base/strbuf.h"
#include "dockerfile/dockerfile.h"

struct df_reader {
	struct dockerfile *df;
	struct span rest;
	int line;            /* the number of the last line that was read */
	bool in_directives;  /* nothing but directives was seen */
	struct strbuf above; /* comments directly above, a line each */
};

void df_reader_init(struct df_reader *reader, struct dockerfile *df);
void df_reader_release(struct df_reader *reader);

/*
 * Read the next logical line: in->text, in->pieces, in->range; comments above
 * it stay in reader->above until the next call. Returns 1, 0 at the end,
 * -EINVAL.
 */
int df_reader_next(struct df_reader *reader, struct df_instruction *in,
		   struct err *err);

/* Read the body of @doc, the lines up to its name. -EINVAL without an end. */
int df_reader_heredoc(struct df_reader *reader, struct df_instruction *in,
		      struct df_heredoc *doc, struct err *err);

/* Where the byte @offset of in->text stood in the file. */
struct df_range df_instruction_at(const struct df_instruction *in,
				  size_t offset);

/* Record where parsing failed and start the story; returns -EINVAL. */
int df_fail(struct dockerfile *df, const struct df_instruction *in,
	    size_t offset, struct err *err, const char *fmt, ...)
	ERR_PRINTF(5, 6);

#endif
