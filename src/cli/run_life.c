/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/run_life.c - flags of run about a container's life and what is told of
 * it: restarts, health, log, labels, how it ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/units.h"
#include "cli/health_flags.h"
#include "cli/run_spec.h"
#include "spec/abs_path.h"
#include "spec/detach_keys.h"
#include "spec/env_file.h"
#include "spec/signal_spec.h"

#define RUN_DETACH_KEYS "ctrl-p,ctrl-q"
#define FILE_MAX_BYTES (4U << 20)

static char *
absolute(const char *path)
{
	cleanup_free char *here = path ? getcwd(NULL, 0) : NULL;

	return path ? abs_path_join(here ?: "/", path) : NULL;
}

static int
fill_end(struct container_spec *spec, const struct args *args, struct err *err)
{
	const char *umask_text = args_str(args, "umask");
	const char *signal = args_str(args, "stop-signal");
	const char *keys = args_str(args, "detach-keys");
	unsigned int mask;
	int signo, r = 0;

	spec->init = args_bool(args, "init");
	spec->auto_remove = args_bool(args, "rm");
	spec->timeout_s = args_int(args, "timeout");
	spec->cidfile = xstrdup_null(args_str(args, "cidfile"));
	/* It is written at every start, wherever that is asked for. */
	spec->pidfile = absolute(args_str(args, "pidfile"));
	if (umask_text) {
		r = units_parse_mode(umask_text, &mask, err);
		if (r < 0)
			return run_spec_bad(err, r, "umask", umask_text);
		spec->umask = mask & 0777;
	}
	if (signal) {
		r = signal_spec_parse(signal, &signo, err);
		if (r < 0)
			return run_spec_bad(err, r, "stop-signal", signal);
	} else {
		signal = spec->image_config->stop_signal;
	}
	spec->stop_signal = xstrdup_null(signal);
	if (args_given(args, "stop-timeout"))
		spec->stop_timeout_s = args_int(args, "stop-timeout");
	r = detach_keys_parse(keys ? keys : RUN_DETACH_KEYS, &spec->detach_keys,
			      err);
	return r < 0 ? run_spec_bad(err, r, "detach-keys", keys) : 0;
}

static int
fill_labels(struct container_spec *spec, const struct args *args,
	    struct err *err)
{
	const struct strvec *files = args_list(args, "label-file");
	const struct strvec *given = args_list(args, "label");
	const struct node *inherited = spec->image_config->labels;
	int r = 0;

	for (size_t i = 0; i < node_len(inherited); i++)
		strvec_env_set(&spec->labels, node_key_at(inherited, i),
			       node_str_or(node_value_at(inherited, i), ""));
	for (size_t i = 0; r == 0 && i < files->len; i++) {
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		r = fsx_read_file(AT_FDCWD, files->v[i], FILE_MAX_BYTES, &sb,
				  err);
		if (r == 0)
			r = env_file_read_labels(&spec->labels,
						 span_new(sb.buf, sb.len),
						 files->v[i], err);
	}
	for (size_t i = 0; r == 0 && i < given->len; i++)
		r = env_file_set_label(&spec->labels, given->v[i], err);
	strvec_add_all(&spec->annotations, args_list(args, "annotation"));
	return r;
}

static int
fill_restart(struct container_spec *spec, const struct args *args,
	     struct err *err)
{
	const char *text = args_str(args, "restart");
	int r = restart_spec_parse(text ?: "", &spec->restart, err);

	if (r < 0)
		return run_spec_bad(err, r, "restart", text);
	if (spec->restart.policy != RESTART_NO && spec->auto_remove)
		return err_set(err, EINVAL,
			       "--rm and --restart exclude each other");
	return 0;
}

/* The image's check, what flags change of it, defaults. */
static int
fill_health(struct container_spec *spec, const struct args *args,
	    struct err *err)
{
	int r = 0;

	if (spec->image_config->healthcheck)
		r = health_spec_from_node(spec->image_config->healthcheck,
					  &spec->health, err);
	return r < 0 ? err_wrap(err, r, "image")
		     : health_flags_fill(&spec->health, args, err);
}

static int
fill_log(struct container_spec *spec, const struct args *args, struct err *err)
{
	struct log_spec *log = &spec->log;
	int r = log_spec_parse(args_str(args, "log-driver"),
			       args_list(args, "log-opt"), log, err);

	if (r < 0)
		return err_wrap(err, r, "--log-opt");
	if (log->driver == LOG_DRIVER_JOURNALD ||
	    log->driver == LOG_DRIVER_PASSTHROUGH) {
		r = err_set(err, EOPNOTSUPP, "there is no log driver '%s'",
			    log_driver_name(log->driver));
		err_hint(err, "json-file, local and none are here");
	} else if (log->compress) {
		r = err_set(
			err, EOPNOTSUPP,
			"--log-opt compress: rotated logs stay as they are");
	} else if (log->tag && strstr(log->tag, "{{")) {
		r = err_set(
			err, EOPNOTSUPP,
			"--log-opt tag: it is taken as it stands, without a template");
	}
	return r;
}

int
run_spec_life(struct container_spec *spec, const struct args *args,
	      struct err *err)
{
	int r;

	r = fill_end(spec, args, err);
	if (r == 0)
		r = fill_restart(spec, args, err);
	if (r == 0)
		r = fill_health(spec, args, err);
	if (r == 0)
		r = fill_log(spec, args, err);
	return r < 0 ? r : fill_labels(spec, args, err);
}
