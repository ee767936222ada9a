/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/env_flags.c - --env and --env-file of run and exec.
 */
#include "cli/env_flags.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/fsx.h"
#include "cli/run_spec.h"
#include "spec/env_file.h"

extern char **environ;

static int
add_file(struct strvec *env, const char *path, struct err *err)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	int r;

	r = fsx_read_file(AT_FDCWD, path, ENV_FILE_MAX_BYTES, &sb, err);
	return r < 0 ? r
		     : env_file_read(env, span_new(sb.buf, sb.len), path,
				     environ, err);
}

int
env_flags_add(struct strvec *env, const struct args *args, struct err *err)
{
	const struct strvec *files = args_list(args, "env-file");
	const struct strvec *given = args_list(args, "env");
	int r = 0;

	for (size_t i = 0; r == 0 && i < files->len; i++)
		r = add_file(env, files->v[i], err);
	for (size_t i = 0; r == 0 && i < given->len; i++) {
		r = env_file_set(env, given->v[i], environ, err);
		if (r < 0)
			r = run_spec_bad(err, r, "env", given->v[i]);
	}
	return r;
}
