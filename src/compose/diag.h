/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/diag.h - all that is wrong with a project's files, in one go.
 *
 * Every entry is a story that begins with "file:line:col: ", as nodes tell
 * it; the texts of the files are kept, so that the line can be shown.
 */
#ifndef DHOW_COMPOSE_DIAG_H
#define DHOW_COMPOSE_DIAG_H

#include "base/map.h"
#include "base/strvec.h"
#include "data/node.h"

#define DIAG_MAX 100 /* more than that nobody reads */

struct diag {
	struct err *errors; /* owned */
	size_t len, cap;
	struct strvec warnings;
	struct map texts; /* file name → char *, owned */
};

#define DIAG_INIT                                          \
	{                                                  \
		.warnings = STRVEC_INIT, .texts = MAP_INIT \
	}
#define cleanup_diag cleanup_release(diag_release)

void diag_release(struct diag *diag);

/* Keep the text of a file for excerpts; the diag owns @text. */
void diag_keep_text(struct diag *diag, const char *file, char *text);

/* Add a story as it stands. */
void diag_add(struct diag *diag, const struct err *err);
/* At a node, or at the key of member @i of an object. */
void diag_at(struct diag *diag, const struct node *node, const char *fmt, ...)
	ERR_PRINTF(3, 4);
void diag_key(struct diag *diag, const struct node *obj, size_t i,
	      const char *fmt, ...) ERR_PRINTF(4, 5);
/* What can be done about the error added last. */
void diag_hint(struct diag *diag, const char *fmt, ...) ERR_PRINTF(2, 3);
/* "did you mean" among the keys of @known; false when none is near. */
bool diag_hint_near(struct diag *diag, const struct node *known,
		    const char *word);
/* Once per text. */
void diag_warn(struct diag *diag, const struct node *node, const char *fmt, ...)
	ERR_PRINTF(3, 4);

/* 0, or -EINVAL with the only error, or how many there are. */
int diag_result(const struct diag *diag, struct err *err);

/* Append error @i with its excerpt and hint, as a terminal shows it. */
void diag_print(const struct diag *diag, size_t i, struct strbuf *sb);

#endif
