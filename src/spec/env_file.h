/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/env_file.h - environment and labels from files and options.
 *
 * Files are applied first, then options, the later one winning. Lists are
 * strvecs of unique "KEY=value" strings.
 */
#ifndef DHOW_SPEC_ENV_FILE_H
#define DHOW_SPEC_ENV_FILE_H

#include "base/err.h"
#include "base/span.h"
#include "base/strvec.h"

#define ENV_FILE_MAX_BYTES (16U << 20)
#define ENV_FILE_MAX_LINE (64U << 10)

/*
 * -e: KEY=value, KEY (the host's value, or nothing when it has none), KEY*
 * (all of the host's that start so). @host_env: NULL-ended, as environ.
 * Returns 0 or -EINVAL (empty key).
 */
int env_file_set(struct strvec *env, const char *text, char *const *host_env,
		 struct err *err);

/*
 * --env-file: UTF-8, a BOM dropped, lines trimmed on the left, '#' starts a
 * comment line, no quotes, keys without blanks; KEY alone as with -e.
 * @name leads messages. Returns 0 or -EINVAL with "name:line: …".
 */
int env_file_read(struct strvec *env, struct span bytes, const char *name,
		  char *const *host_env, struct err *err);

/* -l: KEY or KEY=value; a missing value is empty. */
int env_file_set_label(struct strvec *labels, const char *text,
		       struct err *err);
/* --label-file: as --env-file, KEY alone having an empty value. */
int env_file_read_labels(struct strvec *labels, struct span bytes,
			 const char *name, struct err *err);

#endif
