/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/dotenv.h - .env files as Compose reads them.
 *
 * [export] KEY=value or KEY: value; '…' is literal, "…" has escapes and
 * variables, anything else variables up to " #"; quoted values may hold line
 * ends; KEY alone is inherited.
 */
#ifndef DHOW_COMPOSE_DOTENV_H
#define DHOW_COMPOSE_DOTENV_H

#include <stddef.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/span.h"

#define DOTENV_MAX_BYTES (4U << 20)

struct dotenv_entry {
	char *key;
	char *value;
	int line;
};

/* In the file's order; a key may come again, the last one counts. */
struct dotenv {
	struct dotenv_entry *items; /* owned */
	size_t len, cap;
};

#define DOTENV_INIT           \
	{                     \
		.items = NULL \
	}
#define cleanup_dotenv cleanup_release(dotenv_release)

/* Asked before what the file itself said; borrowed, or NULL. */
typedef const char *(*dotenv_lookup_fn)(void *arg, const char *name);

/*
 * Read @text. Returns 0, or -EINVAL with "name:line:col: what".
 */
int dotenv_read(struct span text, const char *name, dotenv_lookup_fn lookup,
		void *arg, struct dotenv *dotenv, struct err *err);
void dotenv_release(struct dotenv *dotenv);

/* The last value of @key, or NULL. */
const char *dotenv_get(const struct dotenv *dotenv, const char *key);

#endif
