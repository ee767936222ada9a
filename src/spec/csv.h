/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/csv.h - one line of comma-separated fields, quoted as in RFC 4180.
 *
 * Docker's long option forms (--mount, --publish, --network, --gpus) are read
 * by Go's encoding/csv: a field that starts with a double quote ends at the
 * next single one, two inside stand for one; elsewhere a quote is an error.
 */
#ifndef DHOW_SPEC_CSV_H
#define DHOW_SPEC_CSV_H

#include "base/err.h"
#include "base/strvec.h"

/*
 * Append the fields of @text to @fields, empty ones too; "" has none.
 * Returns 0 or -EINVAL.
 */
int csv_split(const char *text, struct strvec *fields, struct err *err);

/* Cut "key=value" at its first '='; returns the value or NULL for "key". */
char *csv_cut_value(char *field);

#endif
