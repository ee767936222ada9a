/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_call.h - --call: tell about a Dockerfile instead of building it.
 */
#ifndef DHOW_CLI_BUILD_CALL_H
#define DHOW_CLI_BUILD_CALL_H

#include "build/build.h"
#include "dockerfile/df_check.h"

enum build_method {
	BUILD_METHOD_BUILD,
	BUILD_METHOD_CHECK,
	BUILD_METHOD_OUTLINE,
	BUILD_METHOD_TARGETS,
	BUILD_METHOD_COUNT,
};

struct build_call {
	enum build_method method;
	bool json;
};

/* "check", "outline,format=json". -EINVAL with the nearest word. */
int build_call_parse(const char *text, struct build_call *ret_call,
		     struct err *err);

/*
 * Print to stdout what was asked for. @lint: begun by df_lint_init().
 *
 * Returns the exit status, 1 when a check found something, or a negative
 * errno with ret_failed.
 */
int build_call_run(const struct build_call *call, struct session *session,
		   const struct build_options *opts,
		   const struct build_source *source, struct df_lint *lint,
		   struct df_range *ret_failed, struct err *err);

/* Evaluate with what is here of base images, for warnings. 0 or -EINVAL. */
int build_call_check(struct session *session, const struct build_options *opts,
		     const struct build_source *source, struct df_lint *lint,
		     struct df_outline *outline, struct df_range *ret_failed,
		     struct err *err);

#endif
