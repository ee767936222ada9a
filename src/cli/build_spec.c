/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/build_spec.c - from the flags of build to what is asked for.
 */
#include "cli/build_spec.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "base/units.h"
#include "cli/build_words.h"
#include "cli/pull_image.h"
#include "cli/run_spec.h"
#include "cli/say.h"
#include "conf/docker_proxies.h"
#include "container/limits.h"
#include "spec/caps_spec.h"
#include "spec/env_file.h"
#include "spec/host_spec.h"
#include "spec/mount_spec.h"
#include "spec/ref.h"

static const char *const proxy_names[] = {
	"HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY",
	"http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy",
};

/* Call @add for each value of a list flag, naming the flag when it fails. */
static int
each(const struct args *args, const char *flag, const struct strvec *given,
     struct build_options *opts,
     int (*add)(struct build_options *, const char *, struct err *),
     struct err *err)
{
	for (size_t i = 0; i < given->len; i++) {
		int r = add(opts, given->v[i], err);

		if (r < 0)
			return run_spec_bad(err, r, flag, given->v[i]);
	}
	return 0;
}

static int
add_build_arg(struct build_options *opts, const char *text, struct err *err)
{
	return env_file_set(&opts->build_args, text, environ, err);
}

static int
add_build_arg_file(struct build_options *opts, const char *path,
		   struct err *err)
{
	cleanup_strbuf struct strbuf bytes = STRBUF_INIT;
	int r = fsx_read_file(AT_FDCWD, path, ENV_FILE_MAX_BYTES, &bytes, err);

	if (r < 0)
		return r;
	return env_file_read(&opts->build_args, span_new(bytes.buf, bytes.len),
			     path, environ, err);
}

static int
add_env(struct build_options *opts, const char *text, struct err *err)
{
	return env_file_set(&opts->env, text, environ, err);
}

static int
add_label(struct build_options *opts, const char *text, struct err *err)
{
	return env_file_set_label(&opts->labels, text, err);
}

/* "manifest:K=V" is the same as "K=V"; others speak of an index. */
static int
add_annotation(struct build_options *opts, const char *text, struct err *err)
{
	static const char *const kinds[] = { "index", "manifest-descriptor",
					     "index-descriptor" };
	size_t len = strcspn(text, ":=");
	cleanup_free char *kind = xstrndup(text, strcspn(text, ":=["));

	if (text[len] == ':') {
		for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
			if (!strcmp(kind, kinds[i]))
				return err_set(
					err, EOPNOTSUPP,
					"an image of one platform has no %s to annotate",
					kind);
		if (!strcmp(kind, "manifest"))
			text += len + 1;
	}
	if (*text == '=' || !strchr(text, '='))
		return err_set(err, EINVAL, "it is not KEY=VALUE");
	return env_file_set_label(&opts->annotations, text, err);
}

static int
add_tag(struct build_options *opts, const char *text, struct err *err)
{
	cleanup_ref struct ref ref = REF_INIT;
	int r = ref_parse(text, &ref, err);

	if (r < 0)
		return r;
	if (ref.digest.text[0])
		return err_set(err, EINVAL,
			       "an image that is not made yet has no digest");
	strvec_add(&opts->tags, text);
	return 0;
}

static int
add_context(struct build_options *opts, const char *text, struct err *err)
{
	size_t len = strcspn(text, "=");

	if (!len || !text[len] || !text[len + 1])
		return err_set(err, EINVAL, "it is not NAME=SOURCE");
	strvec_add(&opts->build_contexts, text);
	return 0;
}

/* As podman: a directory of the host, no volume of ours. */
static int
add_volume(struct build_options *opts, const char *text, struct err *err)
{
	cleanup_mount_spec struct mount_spec mount = MOUNT_SPEC_INIT;
	struct stat st;
	int r = mount_spec_parse_volume(text, &mount, err);

	if (r < 0)
		return r;
	if (mount.kind != MOUNT_BIND || mount.source[0] != '/')
		return err_set(
			err, EINVAL,
			"steps see directories of the host only, as in /DIR:/STEP");
	if (stat(mount.source, &st) < 0)
		return err_sys(err, "'%s'", mount.source);
	strvec_add(&opts->volumes, text);
	return 0;
}

static int
add_device(struct build_options *opts, const char *text, struct err *err)
{
	return run_spec_device(&opts->devices, text, err);
}

static int
add_allow(struct build_options *opts, const char *text, struct err *err)
{
	if (!strcmp(text, "network.host"))
		opts->allow_host_network = true;
	else if (!strcmp(text, "security.insecure"))
		opts->allow_insecure = true;
	else
		return err_set(err, EOPNOTSUPP,
			       "devices are not given to steps");
	return 0;
}

static int
add_host(struct build_options *opts, const char *text, struct err *err)
{
	return host_spec_parse(text, &opts->hosts, err);
}

static int
add_ulimit(struct build_options *opts, const char *text, struct err *err)
{
	return ulimit_list_add(&opts->ulimits, text, err);
}

/* Proxies: of Docker's config.json, of the host when asked for; then what
 * the flags say. */
static int
fill_build_args(const struct cmd_ctx *ctx, struct build_options *opts)
{
	const struct args *args = ctx->args;
	int r = docker_proxies_read(args_str(ctx->global, "config"),
				    &opts->build_args, ctx->err);

	if (r < 0)
		return r;
	if (args_bool(args, "http-proxy"))
		for (size_t i = 0; i < ARRAY_LEN(proxy_names); i++)
			(void)env_file_set(&opts->build_args, proxy_names[i],
					   environ, NULL);
	r = each(args, "build-arg-file", args_list(args, "build-arg-file"),
		 opts, add_build_arg_file, ctx->err);
	if (r == 0)
		r = each(args, "build-arg", args_list(args, "build-arg"), opts,
			 add_build_arg, ctx->err);
	return r;
}

/* The flags, the build argument, the client's environment, in this order. */
static int
fill_epoch(const struct cmd_ctx *ctx, struct build_options *opts)
{
	const char *text = args_str(ctx->args, "source-date-epoch");

	if (args_given(ctx->args, "timestamp"))
		text = args_str(ctx->args, "timestamp");
	if (!text)
		text = strvec_env_get(&opts->build_args, "SOURCE_DATE_EPOCH");
	if (!text)
		text = getenv("SOURCE_DATE_EPOCH");
	if (!text || !*text)
		return 0;
	if (units_parse_i64(text, 0, INT64_MAX / UNITS_NS_PER_S, &opts->epoch,
			    ctx->err) < 0)
		return err_wrap(ctx->err, -EINVAL, "SOURCE_DATE_EPOCH");
	opts->has_epoch = true;
	strvec_env_set(&opts->build_args, "SOURCE_DATE_EPOCH", text);
	return 0;
}

static int
fill_platform(const struct cmd_ctx *ctx, struct build_options *opts)
{
	const char *text = args_str(ctx->args, "platform");
	int r;

	if (text && strchr(text, ',')) {
		r = err_set(ctx->err, EOPNOTSUPP,
			    "--platform '%s': one platform is built at a time",
			    text);
		err_hint(
			ctx->err,
			"build each one with --manifest LIST, then: dhow manifest push LIST");
		return r;
	}
	r = pull_request_from_args(ctx, &opts->registry);
	if (r < 0 || !opts->registry.platform)
		return r;
	return platform_parse(opts->registry.platform, &opts->platform,
			      ctx->err);
}

static enum build_pull
pull_of(const char *word)
{
	if (!strcmp(word, "never"))
		return BUILD_PULL_NEVER;
	if (!strcmp(word, "false") || !strcmp(word, "missing"))
		return BUILD_PULL_MISSING;
	return BUILD_PULL_ALWAYS;
}

static enum df_network
network_of(const char *word)
{
	if (!strcmp(word, "host"))
		return DF_NETWORK_HOST;
	return strcmp(word, "none") ? DF_NETWORK_DEFAULT : DF_NETWORK_NONE;
}

static int
fill_image(const struct cmd_ctx *ctx, struct build_options *opts)
{
	const struct args *args = ctx->args;
	int r = each(args, "tag", args_list(args, "tag"), opts, add_tag,
		     ctx->err);

	if (r == 0)
		r = each(args, "label", args_list(args, "label"), opts,
			 add_label, ctx->err);
	if (r == 0)
		r = each(args, "annotation", args_list(args, "annotation"),
			 opts, add_annotation, ctx->err);
	if (r == 0)
		r = each(args, "env", args_list(args, "env"), opts, add_env,
			 ctx->err);
	if (r == 0)
		r = fill_epoch(ctx, opts);
	strvec_add_all(&opts->unset_env, args_list(args, "unsetenv"));
	strvec_add_all(&opts->unset_labels, args_list(args, "unsetlabel"));
	opts->docker_format = !strcmp(args_str(args, "format"), "docker");
	opts->from = xstrdup_null(args_str(args, "from"));
	opts->pull = pull_of(args_str(args, "pull"));
	opts->iidfile = xstrdup_null(args_str(args, "iidfile"));
	opts->metadata_file = xstrdup_null(args_str(args, "metadata-file"));
	return r;
}

static int
fill_cache(const struct cmd_ctx *ctx, struct build_options *opts)
{
	const struct args *args = ctx->args;
	int r;

	opts->no_cache =
		args_bool(args, "no-cache") || !args_bool(args, "layers");
	opts->why = args_bool(args, "why");
	strvec_add_all(&opts->no_cache_filter,
		       args_list(args, "no-cache-filter"));
	r = each(args, "cache-from", args_list(args, "cache-from"), opts,
		 build_words_cache_from, ctx->err);
	if (r == 0)
		r = each(args, "cache-to", args_list(args, "cache-to"), opts,
			 build_words_cache_to, ctx->err);
	return r;
}

static int
fill_steps(const struct cmd_ctx *ctx, struct build_options *opts)
{
	const struct args *args = ctx->args;
	uint64_t caps;
	int r = each(args, "add-host", args_list(args, "add-host"), opts,
		     add_host, ctx->err);

	if (r == 0)
		r = each(args, "ulimit", args_list(args, "ulimit"), opts,
			 add_ulimit, ctx->err);
	if (r == 0)
		r = each(args, "volume", args_list(args, "volume"), opts,
			 add_volume, ctx->err);
	if (r == 0)
		r = each(args, "device", args_list(args, "device"), opts,
			 add_device, ctx->err);
	if (r == 0)
		r = each(args, "allow", args_list(args, "allow"), opts,
			 add_allow, ctx->err);
	if (r == 0)
		r = each(args, "secret", args_list(args, "secret"), opts,
			 build_words_secret, ctx->err);
	if (r == 0)
		r = each(args, "ssh", args_list(args, "ssh"), opts,
			 build_words_ssh, ctx->err);
	if (r == 0)
		r = caps_spec_resolve(caps_spec_default,
				      args_list(args, "cap-add"),
				      args_list(args, "cap-drop"), &caps,
				      ctx->err);
	strvec_add_all(&opts->cap_add, args_list(args, "cap-add"));
	strvec_add_all(&opts->cap_drop, args_list(args, "cap-drop"));
	strvec_add_all(&opts->dns, args_list(args, "dns"));
	strvec_add_all(&opts->dns_search, args_list(args, "dns-search"));
	strvec_add_all(&opts->dns_options, args_list(args, "dns-option"));
	strvec_add_all(&opts->security_opts, args_list(args, "security-opt"));
	opts->shm_bytes = args_int(args, "shm-size");
	opts->network = network_of(args_str(args, "network"));
	/* Who says so for all steps need not allow it once more. */
	opts->allow_host_network |= opts->network == DF_NETWORK_HOST;
	return r;
}

/* What steps may use of the host; what it cannot hold is said. */
static int
fill_limits(const struct cmd_ctx *ctx, struct build_options *opts)
{
	const struct args *args = ctx->args;
	struct limits_spec *limits = &opts->limits;
	struct container_spec step;
	cleanup_strvec struct strvec warnings = STRVEC_INIT;
	int r;

	limits->memory_bytes = args_int(args, "memory");
	limits->memory_swap_bytes = args_int(args, "memory-swap");
	limits->cpu_shares = args_int(args, "cpu-shares");
	limits->cpu_period_us = args_int(args, "cpu-period");
	limits->cpu_quota_us = args_int(args, "cpu-quota");
	limits->cpuset_cpus = xstrdup_null(args_str(args, "cpuset-cpus"));
	limits->cpuset_mems = xstrdup_null(args_str(args, "cpuset-mems"));
	limits->cgroup_parent = xstrdup_null(args_str(args, "cgroup-parent"));
	r = limits_spec_check(limits, ctx->err);
	if (r < 0)
		return r;
	container_spec_init(&step);
	step.limits = *limits;
	limits_warn(&step, getuid(), &warnings);
	for (size_t i = 0; i < warnings.len; i++)
		say_warning("%s", warnings.v[i]);
	return 0;
}

/* --push and --load are outputs too, beside those that are named. */
static int
fill_outputs(const struct cmd_ctx *ctx, struct build_options *opts)
{
	const struct args *args = ctx->args;
	bool push = args_bool(args, "push");
	bool has_image = false;
	int r = each(args, "output", args_list(args, "output"), opts,
		     build_words_output, ctx->err);

	for (size_t i = 0; i < opts->output_count; i++) {
		has_image |= opts->outputs[i].kind == BUILD_OUTPUT_IMAGE;
		if (push && opts->outputs[i].kind == BUILD_OUTPUT_IMAGE)
			opts->outputs[i].push = true;
	}
	if (r == 0 && !has_image &&
	    (push || args_bool(args, "load") || !opts->output_count))
		r = build_words_output(
			opts, push ? "type=image,push=true" : "type=image",
			ctx->err);
	if (r == 0 && push && !opts->tags.len)
		return err_set(ctx->err, EINVAL,
			       "--push needs a name: --tag REGISTRY/NAME");
	return r;
}

int
build_spec_fill(const struct cmd_ctx *ctx, struct build_options *opts)
{
	const struct args *args = ctx->args;
	int r;

	opts->context = xstrdup(args_operand(args, 0));
	opts->file = xstrdup_null(args_str(args, "file"));
	opts->ignore_file = xstrdup_null(args_str(args, "ignorefile"));
	opts->target = xstrdup_null(args_str(args, "target"));
	opts->jobs = (unsigned int)args_int(args, "jobs");
	opts->driver = xstrdup_null(args_str(ctx->global, "storage-driver"));
	r = each(args, "build-context", args_list(args, "build-context"), opts,
		 add_context, ctx->err);
	if (r == 0)
		r = fill_build_args(ctx, opts);
	if (r == 0)
		r = fill_platform(ctx, opts);
	if (r == 0)
		r = fill_image(ctx, opts);
	if (r == 0)
		r = fill_cache(ctx, opts);
	if (r == 0)
		r = fill_steps(ctx, opts);
	if (r == 0)
		r = fill_limits(ctx, opts);
	return r < 0 ? r : fill_outputs(ctx, opts);
}
