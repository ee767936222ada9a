/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_cache_rows.h - what builder du and builder prune have in common.
 */
#ifndef DHOW_CLI_BUILD_CACHE_ROWS_H
#define DHOW_CLI_BUILD_CACHE_ROWS_H

#include "build/build.h"
#include "cli/cmd.h"
#include "spec/filter.h"

/* --filter of both. */
struct build_cache_filter {
	struct filter filter;
	int64_t older_ns; /* until=, unused-for=; 0: not said */
	int64_t now_ns;
};

#define BUILD_CACHE_FILTER_INIT        \
	{                              \
		.filter = FILTER_INIT, \
	}

int build_cache_filter_init(struct build_cache_filter *filter,
			    const struct strvec *texts, struct err *err);
void build_cache_filter_release(struct build_cache_filter *filter);
/* For struct build_prune.wants, too. */
bool build_cache_filter_match(void *filter, const struct build_cache_row *row);

/* Remove the rows that the filter leaves out. */
void build_cache_rows_filter(struct build_cache_list *list,
			     struct build_cache_filter *filter);

/*
 * Append the table of rows, or what --format asks for; @verbose: a block of
 * lines for each.
 */
int build_cache_rows_add(const struct build_cache_list *list,
			 const char *format, bool verbose, struct strbuf *out,
			 struct err *err);

/* Of all rows; of those that prune --all could remove. */
uint64_t build_cache_rows_bytes(const struct build_cache_list *list,
				bool reclaimable);

#endif
