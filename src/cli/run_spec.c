/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_spec.c - from the flags of run and the image to what is asked for.
 */
#include "cli/run_spec.h"

#include "base/alloc.h"
#include "spec/name_spec.h"

int
run_spec_bad(struct err *err, int r, const char *flag, const char *value)
{
	return err_wrap(err, r, "--%s '%s'", flag, value);
}

int
run_spec_fill(struct container_spec *spec, const struct args *args,
	      char *const *command, struct err *err)
{
	const char *name = args_str(args, "name");
	int r;

	if (name) {
		r = name_spec_check("container name", name, err);
		if (r < 0)
			return r;
		spec->name = xstrdup(name);
	}
	r = run_spec_process(spec, args, command, err);
	if (r == 0)
		r = run_spec_life(spec, args, err);
	if (r == 0)
		r = run_spec_network(spec, args, err);
	if (r == 0)
		r = run_spec_files(spec, args, err);
	if (r == 0)
		r = run_spec_rights(spec, args, err);
	return r < 0 ? r : run_spec_limits(spec, args, err);
}
