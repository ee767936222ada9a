/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/err.h - the story of a failure, owned by the caller.
 *
 * Functions return 0 or a negative errno for branching; the text is for the
 * person. The object is 1 KiB, owns nothing and can be sent in one write().
 */
#ifndef DHOW_BASE_ERR_H
#define DHOW_BASE_ERR_H

#include <stdarg.h>

#define ERR_TEXT_BYTES 764
#define ERR_HINT_BYTES 256

struct err {
	int code;                  /* positive errno, 0 while nothing failed */
	char text[ERR_TEXT_BYTES]; /* lower case, one line, no full stop */
	char hint[ERR_HINT_BYTES]; /* what the person can do, may be empty */
};

#define ERR_INIT          \
	{                 \
		.code = 0 \
	}

#define ERR_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/*
 * Start a story. @code is a positive errno; returns -code. Every function
 * here takes a NULL err and then only passes the code on. errno survives.
 */
int err_set(struct err *err, int code, const char *fmt, ...) ERR_PRINTF(3, 4);

/* Start a story from errno, adding its words; returns -errno. */
int err_sys(struct err *err, const char *fmt, ...) ERR_PRINTF(2, 3);

/* As err_sys() for a code at hand (positive errno); returns -code. */
int err_code(struct err *err, int code, const char *fmt, ...) ERR_PRINTF(3, 4);

/* Put outer words in front ("outer: inner"); returns @r unchanged. */
int err_wrap(struct err *err, int r, const char *fmt, ...) ERR_PRINTF(3, 4);

/* Set the hint. The innermost, most specific one wins: it is set once. */
void err_hint(struct err *err, const char *fmt, ...) ERR_PRINTF(2, 3);

/* Forget what was recorded. */
void err_reset(struct err *err);

#endif
