/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_words.h - what --output, --secret, --ssh and --cache-* say.
 *
 * Each appends to its list of @opts and returns 0, or -EINVAL, -ENOENT for a
 * file that is not there, -EOPNOTSUPP.
 */
#ifndef DHOW_CLI_BUILD_WORDS_H
#define DHOW_CLI_BUILD_WORDS_H

#include "build/build.h"

int build_words_output(struct build_options *opts, const char *text,
		       struct err *err);
int build_words_secret(struct build_options *opts, const char *text,
		       struct err *err);
int build_words_ssh(struct build_options *opts, const char *text,
		    struct err *err);
int build_words_cache_from(struct build_options *opts, const char *text,
			   struct err *err);
int build_words_cache_to(struct build_options *opts, const char *text,
			 struct err *err);

#endif
