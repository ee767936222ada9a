/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/build_options.c - what a build is asked for.
 */
#include "base/alloc.h"
#include "build/build.h"

static void
release_lists(struct build_options *opts)
{
	for (size_t i = 0; i < opts->secret_count; i++) {
		free(opts->secrets[i].id);
		free(opts->secrets[i].file);
		free(opts->secrets[i].env);
	}
	for (size_t i = 0; i < opts->ssh_count; i++) {
		free(opts->ssh[i].id);
		strvec_release(&opts->ssh[i].paths);
	}
	for (size_t i = 0; i < opts->output_count; i++) {
		free(opts->outputs[i].dest);
		free(opts->outputs[i].name);
	}
	for (size_t i = 0; i < opts->cache_from_count; i++)
		free(opts->cache_from[i].where);
	for (size_t i = 0; i < opts->cache_to_count; i++)
		free(opts->cache_to[i].where);
	free(opts->secrets);
	free(opts->ssh);
	free(opts->outputs);
	free(opts->cache_from);
	free(opts->cache_to);
}

void
build_options_release(struct build_options *opts)
{
	struct strvec *lists[] = {
		&opts->build_args,
		&opts->build_contexts,
		&opts->tags,
		&opts->labels,
		&opts->env,
		&opts->unset_env,
		&opts->unset_labels,
		&opts->annotations,
		&opts->no_cache_filter,
		&opts->hosts,
		&opts->dns,
		&opts->dns_search,
		&opts->dns_options,
		&opts->cap_add,
		&opts->cap_drop,
		&opts->security_opts,
		&opts->volumes,
		&opts->devices,
	};
	char *texts[] = { opts->context, opts->file,         opts->ignore_file,
			  opts->target,  opts->from,         opts->driver,
			  opts->iidfile, opts->metadata_file };

	release_lists(opts);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		strvec_release(lists[i]);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		free(texts[i]);
	ulimit_list_release(&opts->ulimits);
	limits_spec_release(&opts->limits);
	transfer_request_release(&opts->registry);
	*opts = (struct build_options)BUILD_OPTIONS_INIT;
}
