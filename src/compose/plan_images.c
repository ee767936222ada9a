/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compose/plan_images.c - which images are pulled and which are built.
 *
 * Spec: compose-spec, "pull_policy"; build.md.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "compose/config_print.h"
#include "compose/container_words_priv.h"
#include "compose/plan_images.h"
#include "compose/rebase.h"
#include "compose/schema.h"
#include "spec/abs_path.h"

struct images {
	const struct plan_input *in;
	const struct plan_images_opts *opts;
	struct plan *plan;
	struct map seen;   /* image name → step + 1 */
	size_t last_build; /* builds draw on the terminal: one at a time */
};

static const char *
policy_of(const struct images *im, const struct node *service)
{
	if (im->opts->policy && strcmp(im->opts->policy, "policy") != 0)
		return im->opts->policy;
	return node_str_or(node_get(service, "pull_policy"), "missing");
}

static void
add_pairs(struct plan *plan, size_t at, const char *flag,
	  const struct node *map)
{
	for (size_t i = 0; i < node_len(map); i++) {
		cleanup_free char *value = schema_text(node_value_at(map, i));
		cleanup_free char *pair =
			value ? xasprintf("%s=%s", node_key_at(map, i), value)
			      : xstrdup(node_key_at(map, i));

		plan_words(plan, at, flag, pair);
	}
}

static void
add_list(struct plan *plan, size_t at, const char *flag,
	 const struct node *list)
{
	for (size_t i = 0; i < node_len(list); i++) {
		cleanup_free char *text = schema_text(node_at(list, i));

		plan_words(plan, at, flag, text ? text : "");
	}
}

static void
add_text(struct plan *plan, size_t at, const char *flag,
	 const struct node *value)
{
	cleanup_free char *text = schema_text(value);

	if (text)
		plan_words(plan, at, flag, text);
}

static void
add_switch(struct plan *plan, size_t at, const char *flag, bool on)
{
	if (on)
		plan_words(plan, at, flag);
}

static void
add_labels(struct images *im, size_t at, const char *service,
	   const struct node *build)
{
	const char *const pairs[][2] = {
		{ LABEL_PROJECT, im->in->project->name },
		{ LABEL_SERVICE, service },
		{ LABEL_VERSION, WORDS_VERSION },
	};

	add_pairs(im->plan, at, "--label", node_get(build, "labels"));
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		cleanup_free char *pair =
			xasprintf("%s=%s", pairs[i][0], pairs[i][1]);

		plan_words(im->plan, at, "--label", pair);
	}
}

/* Where the Dockerfile is; the text of one written in the project's file goes
 * to a file of its own first. */
static void
add_dockerfile(struct images *im, size_t at, size_t written, const char *path,
	       const struct node *build)
{
	const char *context = node_str_or(node_get(build, "context"), ".");
	const char *file = node_get_str(build, "dockerfile");
	cleanup_free char *full = NULL;

	if (path) {
		plan_need(im->plan, at, written);
		plan_words(im->plan, at, "--file", path);
		return;
	}
	if (!file)
		return;
	full = rebase_is_remote(context) ? xstrdup(file)
					 : abs_path_join(context, file);
	plan_words(im->plan, at, "--file", full);
}

static void
add_contexts(struct images *im, size_t at, const struct node *contexts)
{
	for (size_t i = 0; i < node_len(contexts); i++) {
		const char *where = node_str_or(node_value_at(contexts, i), "");
		const char *service = text_after(where, "service:");
		cleanup_free char *image = NULL;
		cleanup_free char *pair = NULL;

		if (service)
			image = config_print_image(im->in->project, service,
						   im->in->underscore);
		pair = xasprintf("%s=%s%s", node_key_at(contexts, i),
				 image ? "docker-image://" : "",
				 image ? image : where);
		plan_words(im->plan, at, "--build-context", pair);
		if (image && map_has(&im->seen, image))
			plan_need(im->plan, at,
				  (size_t)map_get(&im->seen, image) - 1);
	}
}

static void
add_secrets(struct images *im, size_t at, const struct node *secrets)
{
	for (size_t i = 0; i < node_len(secrets); i++) {
		const struct node *grant = node_at(secrets, i);
		const char *source = node_str_or(node_get(grant, "source"), "");
		const struct node *one = node_get(
			node_get(im->in->project->model, "secrets"), source);
		const char *target = node_get_str(grant, "target");
		const char *file = node_get_str(one, "file");
		const char *variable = node_get_str(one, "environment");
		cleanup_strbuf struct strbuf sb = STRBUF_INIT;

		words_csv(&sb, "id", target ? target : source);
		if (file)
			words_csv(&sb, "src", file);
		else if (variable)
			words_csv(&sb, "env", variable);
		plan_words(im->plan, at, "--secret", sb.buf);
	}
}

static void
add_ulimits(struct images *im, size_t at, const struct node *ulimits)
{
	for (size_t i = 0; i < node_len(ulimits); i++) {
		const struct node *one = node_value_at(ulimits, i);
		cleanup_free char *text = xasprintf(
			"%s=%ld:%ld", node_key_at(ulimits, i),
			(long)node_int_or(one, node_get_int(one, "soft", 0)),
			(long)node_int_or(one, node_get_int(one, "hard", 0)));

		plan_words(im->plan, at, "--ulimit", text);
	}
}

static void
add_asked(struct images *im, size_t at, const struct node *build)
{
	const struct plan_images_opts *opts = im->opts;

	add_switch(im->plan, at, "--no-cache",
		   opts->no_cache || node_get_bool(build, "no_cache", false));
	add_switch(im->plan, at, "--pull",
		   opts->pull_base || node_get_bool(build, "pull", false));
	add_switch(im->plan, at, "--quiet", opts->quiet);
	add_switch(im->plan, at, "--check", opts->check);
	if (opts->progress && !opts->quiet)
		plan_words(im->plan, at, "--progress", opts->progress);
	if (opts->memory)
		plan_words(im->plan, at, "--memory", opts->memory);
	for (size_t i = 0; opts->build_args && i < opts->build_args->len; i++)
		plan_words(im->plan, at, "--build-arg", opts->build_args->v[i]);
	for (size_t i = 0; opts->ssh && i < opts->ssh->len; i++)
		plan_words(im->plan, at, "--ssh", opts->ssh->v[i]);
}

static size_t
write_dockerfile(struct images *im, const char *service,
		 const struct node *build, char **ret_path)
{
	const char *text = node_get_str(build, "dockerfile_inline");
	size_t at;

	*ret_path = NULL;
	if (!text)
		return PLAN_NONE;
	*ret_path = xasprintf("%s/%s/Dockerfile-%s", im->in->secrets_dir,
			      im->in->project->name, service);
	at = plan_add(im->plan, PLAN_WRITE, service, "Writing", "Written");
	im->plan->steps[at].quiet = true;
	plan_words(im->plan, at, *ret_path, "0600", "text", text);
	return at;
}

static void
add_build(struct images *im, const char *service, const char *image,
	  const struct node *body)
{
	const struct node *build = node_get(body, "build");
	cleanup_free char *path = NULL;
	size_t written = write_dockerfile(im, service, build, &path);
	cleanup_free char *subject = plan_subject("Image", image);
	size_t at =
		plan_add(im->plan, PLAN_COMMAND, subject, "Building", "Built");
	struct plan *plan = im->plan;

	plan->steps[at].verbose = !im->opts->quiet;
	plan_need(plan, at, im->last_build);
	im->last_build = at;
	plan_words(plan, at, "build", "--tag", image);
	add_list(plan, at, "--tag", node_get(build, "tags"));
	add_dockerfile(im, at, written, path, build);
	add_pairs(plan, at, "--build-arg", node_get(build, "args"));
	add_text(plan, at, "--target", node_get(build, "target"));
	add_text(plan, at, "--network", node_get(build, "network"));
	add_text(plan, at, "--shm-size", node_get(build, "shm_size"));
	add_text(plan, at, "--platform", node_get(body, "platform"));
	add_list(plan, at, "--add-host", node_get(build, "extra_hosts"));
	add_list(plan, at, "--cache-from", node_get(build, "cache_from"));
	add_list(plan, at, "--cache-to", node_get(build, "cache_to"));
	add_list(plan, at, "--no-cache-filter",
		 node_get(build, "no_cache_filter"));
	add_pairs(plan, at, "--ssh", node_get(build, "ssh"));
	add_contexts(im, at, node_get(build, "additional_contexts"));
	add_secrets(im, at, node_get(build, "secrets"));
	add_ulimits(im, at, node_get(build, "ulimits"));
	add_labels(im, at, service, build);
	add_asked(im, at, build);
	plan_words(plan, at, node_str_or(node_get(build, "context"), "."));
	(void)map_set(&im->seen, image, (void *)(at + 1));
}

static void
add_pull(struct images *im, const char *image, const struct node *body,
	 bool optional)
{
	cleanup_free char *subject = plan_subject("Image", image);
	size_t at =
		plan_add(im->plan, PLAN_COMMAND, subject, "Pulling", "Pulled");

	im->plan->steps[at].optional = optional;
	im->plan->steps[at].quiet = im->opts->quiet_pull;
	plan_words(im->plan, at, "pull", "--quiet");
	add_text(im->plan, at, "--platform", node_get(body, "platform"));
	plan_words(im->plan, at, image);
	(void)map_set(&im->seen, image, (void *)(at + 1));
}

/* refresh, daily, weekly and every_… are always: what is unchanged is not
 * fetched again. */
static bool
pulls_always(const char *policy)
{
	return !strcmp(policy, "always") || !strcmp(policy, "refresh") ||
	       !strcmp(policy, "daily") || !strcmp(policy, "weekly") ||
	       text_starts(policy, "every_");
}

/* Does a service that is meant build this image, for itself and others? */
static bool
is_built(const struct images *im, const char *image)
{
	for (size_t i = 0; i < im->in->services->len; i++) {
		const char *name = im->in->services->v[i];
		cleanup_free char *built = NULL;

		if (!node_get(project_service(im->in->project, name), "build"))
			continue;
		built = config_print_image(im->in->project, name,
					   im->in->underscore);
		if (!strcmp(built, image))
			return true;
	}
	return false;
}

/* Images that are mounted. */
static void
plan_volume_pulls(struct images *im, const struct node *body)
{
	const struct node *volumes = node_get(body, "volumes");

	for (size_t i = 0; i < node_len(volumes); i++) {
		const struct node *one = node_at(volumes, i);
		const char *image = node_get_str(one, "source");

		if (image &&
		    !strcmp(node_str_or(node_get(one, "type"), ""), "image") &&
		    !*world_image(im->in->world, image) &&
		    !map_has(&im->seen, image) && !is_built(im, image))
			add_pull(im, image, NULL, im->opts->ignore_failures);
	}
}

static void
plan_service_pull(struct images *im, const char *image, const struct node *body)
{
	const char *policy = policy_of(im, body);
	bool builds = is_built(im, image);
	bool named = node_get(body, "image") != NULL;
	bool here = *world_image(im->in->world, image);

	if (!named || map_has(&im->seen, image) || !strcmp(policy, "never") ||
	    !strcmp(policy, "build") || (builds && im->opts->build))
		return;
	if (pulls_always(policy) || !here)
		add_pull(im, image, body, builds || im->opts->ignore_failures);
}

static void
plan_service_build(struct images *im, const char *service, const char *image,
		   const struct node *body)
{
	bool here = *world_image(im->in->world, image);

	if (!node_get(body, "build") || im->opts->no_build ||
	    map_has(&im->seen, image))
		return;
	if (im->opts->build || !here || !strcmp(policy_of(im, body), "build"))
		add_build(im, service, image, body);
}

static void
plan_images(const struct plan_input *in, const struct plan_images_opts *opts,
	    bool build, struct plan *plan)
{
	cleanup_strvec struct strvec order = STRVEC_INIT;
	struct images im = { .in = in,
			     .opts = opts,
			     .plan = plan,
			     .seen = MAP_INIT,
			     .last_build = PLAN_NONE };

	plan_order(in, in->services, &order);
	/* A context of another service is built before. */
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < order.len; i++) {
			const struct node *body =
				project_service(in->project, order.v[i]);
			cleanup_free char *image = config_print_image(
				in->project, order.v[i], in->underscore);
			bool late = node_len(node_get(node_get(body, "build"),
						      "additional_contexts"));

			if (late != (pass == 1))
				continue;
			if (build) {
				plan_service_build(&im, order.v[i], image,
						   body);
				continue;
			}
			plan_service_pull(&im, image, body);
			plan_volume_pulls(&im, body);
		}
	map_release(&im.seen);
}

void
plan_pulls(const struct plan_input *in, const struct plan_images_opts *opts,
	   struct plan *plan)
{
	plan_images(in, opts, false, plan);
}

void
plan_builds(const struct plan_input *in, const struct plan_images_opts *opts,
	    struct plan *plan)
{
	plan_images(in, opts, true, plan);
}
