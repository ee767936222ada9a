/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_spec.c - from the flags of run and the image to what is asked for.
 */
#include "cli/run_spec.h"

#include <fcntl.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/io.h"
#include "base/span.h"
#include "spec/name_spec.h"

#define CMDLINE_MAX_BYTES (2U << 20)

int
run_spec_bad(struct err *err, int r, const char *flag, const char *value)
{
	return err_wrap(err, r, "--%s '%s'", flag, value);
}

/* How dhow was called, for inspect; who cannot read it leaves it out. */
static void
note_command(struct strvec *command)
{
	cleanup_strbuf struct strbuf text = STRBUF_INIT;
	cleanup_close int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	struct span rest, word;

	if (fd < 0 || io_read_all(fd, CMDLINE_MAX_BYTES, &text, NULL) < 0)
		return;
	rest = span_new(text.buf, text.len);
	while (span_next(&rest, '\0', &word))
		strvec_add_take(command, span_dup(word));
}

int
run_spec_fill(struct container_spec *spec, const struct args *args,
	      char *const *command, struct err *err)
{
	const char *name = args_str(args, "name");
	int r;

	note_command(&spec->create_command);
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
