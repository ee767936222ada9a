/* SPDX-License-Identifier: Apache-2.0 */
/*
 * build/draft.c - the config of the image that a stage will be.
 *
 * Spec: OCI image-spec, config.md; Docker image spec v1.2; BuildKit's
 * Dockerfile reference for what each instruction changes.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "build/build_priv.h"
#include "spec/signal_spec.h"

#define DRAFT_COMMENT "buildkit.dockerfile.v0"

static struct node *
config_of(const struct image_draft *draft)
{
	return node_need_obj(draft->doc, "config");
}

static void
take_config(struct image_draft *draft, const struct image_config *config)
{
	const struct node *old = node_get(config->doc, "config");

	strvec_add_all(&draft->env, &config->env);
	node_get_strvec(old, "Shell", &draft->shell);
	draft->user = xstrdup(config->user);
	draft->workdir =
		xstrdup(*config->working_dir ? config->working_dir : "/");
	if (config->created)
		(void)units_parse_rfc3339(config->created, &draft->layer_ns,
					  NULL);
	/* Triggers are run by this stage, and are gone then. */
	(void)node_del(config_of(draft), "OnBuild");
}

/* What the flags say about every stage that begins with an image. */
static void
take_flags(struct image_draft *draft, const struct build_options *opts)
{
	struct node *labels = node_get(config_of(draft), "Labels");

	for (size_t i = 0; i < opts->env.len; i++) {
		const char *text = opts->env.v[i];
		cleanup_free char *name = xstrndup(text, strcspn(text, "="));

		strvec_env_set(&draft->env, name, text + strlen(name) + 1);
	}
	for (size_t i = 0; i < opts->unset_labels.len; i++)
		(void)node_del(labels, opts->unset_labels.v[i]);
}

void
draft_init(struct image_draft *draft, const struct build *build,
	   const struct image_config *config)
{
	*draft = (struct image_draft){ .doc = NULL };
	draft->doc = config ? node_clone(config->doc) : node_new_obj();
	(void)node_del(draft->doc, "rootfs");
	if (config) {
		take_config(draft, config);
	} else {
		draft->user = xstrdup("");
		draft->workdir = xstrdup("/");
		node_set_str(config_of(draft), "WorkingDir", "/");
		node_set_str(draft->doc, "architecture", build->target.arch);
		node_set_str(draft->doc, "os", build->target.os);
		if (build->target.variant[0])
			node_set_str(draft->doc, "variant",
				     build->target.variant);
	}
	if (!strvec_env_get(&draft->env, "PATH"))
		strvec_env_set(&draft->env, "PATH", DF_DEFAULT_PATH);
	take_flags(draft, build->opts);
}

void
draft_copy(struct image_draft *to, const struct image_draft *from)
{
	*to = (struct image_draft){ .doc = node_clone(from->doc),
				    .workdir = xstrdup(from->workdir),
				    .user = xstrdup(from->user),
				    .layer_ns = from->layer_ns };
	strvec_add_all(&to->env, &from->env);
	strvec_add_all(&to->shell, &from->shell);
}

void
draft_release(struct image_draft *draft)
{
	node_free(draft->doc);
	strvec_release(&draft->env);
	strvec_release(&draft->shell);
	strvec_release(&draft->onbuild);
	free(draft->workdir);
	free(draft->user);
	*draft = (struct image_draft){ .doc = NULL };
}

static void
set_text(char **field, const char *text)
{
	char *copy = xstrdup(text);

	free(*field);
	*field = copy;
}

char *
draft_join(const struct image_draft *draft, const char *path)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_strvec struct strvec words = STRVEC_INIT;
	cleanup_strvec struct strvec clean = STRVEC_INIT;

	if (*path != '/')
		strvec_split(&words, draft->workdir, "/");
	strvec_split(&words, path, "/");
	for (size_t i = 0; i < words.len; i++) {
		bool up = !strcmp(words.v[i], "..");

		if (up && clean.len)
			strvec_remove(&clean, clean.len - 1);
		else if (!up && strcmp(words.v[i], ".") != 0)
			strvec_add(&clean, words.v[i]);
	}
	for (size_t i = 0; i < clean.len; i++)
		strbuf_addf(&sb, "/%s", clean.v[i]);
	if (!sb.len)
		strbuf_addch(&sb, '/');
	return strbuf_take(&sb);
}

static void
apply_pairs(struct image_draft *draft, const struct df_step *step)
{
	struct node *labels;

	for (size_t i = 0; i < step->pairs.len; i++) {
		const struct df_pair *pair = &step->pairs.items[i];

		if (step->cmd == DF_ENV) {
			strvec_env_set(&draft->env, pair->key,
				       pair->value ?: "");
			continue;
		}
		labels = node_need_obj(config_of(draft), "Labels");
		node_set_str(labels, pair->key, pair->value ?: "");
	}
}

static void
apply_command(struct image_draft *draft, const struct df_step *step)
{
	cleanup_strvec struct strvec argv = STRVEC_INIT;
	struct node *config = config_of(draft);

	df_command_argv(&step->command, &draft->shell, &argv);
	if (step->cmd == DF_CMD) {
		node_set_strvec(config, "Cmd", &argv);
		node_set_bool(config, "ArgsEscaped", true);
		draft->has_cmd = true;
		return;
	}
	if (argv.len)
		node_set_strvec(config, "Entrypoint", &argv);
	else
		(void)node_del(config, "Entrypoint");
	/* What the base would have run has nothing to do with this one. */
	if (!draft->has_cmd)
		(void)node_del(config, "Cmd");
}

static void
apply_health(struct image_draft *draft, const struct df_step *step)
{
	const struct df_healthcheck *health = &step->health;
	struct node *node = node_new_obj();
	struct node *test = node_need_arr(node, "Test");
	const struct {
		const char *name;
		int64_t value;
	} times[] = {
		{ "Interval", health->interval_ns },
		{ "Timeout", health->timeout_ns },
		{ "StartPeriod", health->start_period_ns },
		{ "StartInterval", health->start_interval_ns },
		{ "Retries", health->retries },
	};

	node_push_str(test, health->is_none         ? "NONE"
			    : health->test.is_shell ? "CMD-SHELL"
						    : "CMD");
	for (size_t i = 0; !health->is_none && i < health->test.argv.len; i++)
		node_push_str(test, health->test.argv.v[i]);
	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		if (times[i].value)
			node_set_int(node, times[i].name, times[i].value);
	(void)node_set(config_of(draft), "Healthcheck", node);
}

static void
apply_set(struct image_draft *draft, const struct df_step *step,
	  const char *name)
{
	struct node *set = node_need_obj(config_of(draft), name);

	for (size_t i = 0; i < step->words.len; i++)
		(void)node_set(set, step->words.v[i], node_new_obj());
}

static int
apply_signal(struct image_draft *draft, const struct df_step *step,
	     struct err *err)
{
	int signo;
	int r = signal_spec_parse(step->word, &signo, err);

	if (r == 0)
		node_set_str(config_of(draft), "StopSignal", step->word);
	return r;
}

int
draft_apply(struct image_draft *draft, const struct df_step *step,
	    struct err *err)
{
	cleanup_free char *joined = NULL;

	switch (step->cmd) {
	case DF_ENV:
	case DF_LABEL:
		apply_pairs(draft, step);
		break;
	case DF_CMD:
	case DF_ENTRYPOINT:
		apply_command(draft, step);
		break;
	case DF_EXPOSE:
		apply_set(draft, step, "ExposedPorts");
		break;
	case DF_VOLUME:
		apply_set(draft, step, "Volumes");
		break;
	case DF_HEALTHCHECK:
		apply_health(draft, step);
		break;
	case DF_SHELL:
		strvec_release(&draft->shell);
		strvec_add_all(&draft->shell, &step->words);
		node_set_strvec(config_of(draft), "Shell", &step->words);
		break;
	case DF_STOPSIGNAL:
		return apply_signal(draft, step, err);
	case DF_USER:
		set_text(&draft->user, step->word);
		node_set_str(config_of(draft), "User", step->word);
		break;
	case DF_WORKDIR:
		joined = draft_join(draft, step->word);
		set_text(&draft->workdir, joined);
		node_set_str(config_of(draft), "WorkingDir", joined);
		break;
	case DF_MAINTAINER:
		node_set_str(draft->doc, "author", step->word);
		break;
	case DF_ONBUILD:
		strvec_add(&draft->onbuild, step->word);
		break;
	default:
		break;
	}
	return 0;
}

int64_t
draft_time(const struct image_draft *draft, const struct build *build)
{
	if (build->opts->has_epoch)
		return build->opts->epoch * UNITS_NS_PER_S;
	return draft->layer_ns;
}

void
draft_add_history(struct image_draft *draft, const char *created_by, bool empty,
		  int64_t created_ns)
{
	cleanup_strbuf struct strbuf created = STRBUF_INIT;
	struct node *entry =
		node_push(node_need_arr(draft->doc, "history"), node_new_obj());

	units_add_rfc3339(&created, created_ns);
	if (created_ns)
		node_set_str(entry, "created", created.buf);
	node_set_str(entry, "created_by", created_by);
	node_set_str(entry, "comment", DRAFT_COMMENT);
	if (empty)
		node_set_bool(entry, "empty_layer", true);
}

/* What came before the first layer is as old as that. */
static void
fill_times(struct node *doc, const char *last)
{
	struct node *history = node_get(doc, "history");
	cleanup_free char *time = xstrdup(last);

	for (size_t i = node_len(history); i > 0; i--) {
		struct node *entry = node_at(history, i - 1);
		const char *own = node_get_str(entry, "created");

		if (!own) {
			node_set_str(entry, "created", time);
			continue;
		}
		free(time);
		time = xstrdup(own);
	}
}

struct node *
draft_finish(const struct image_draft *draft, const struct build *build)
{
	cleanup_strbuf struct strbuf created = STRBUF_INIT;
	struct node *doc = node_clone(draft->doc);
	struct node *config = node_need_obj(doc, "config");
	cleanup_strvec struct strvec env = STRVEC_INIT;

	units_add_rfc3339(&created, draft_time(draft, build) ?: units_now_ns());
	node_set_str(doc, "created", created.buf);
	fill_times(doc, created.buf);
	strvec_add_all(&env, &draft->env);
	for (size_t i = 0; i < build->opts->unset_env.len; i++)
		strvec_env_unset(&env, build->opts->unset_env.v[i]);
	node_set_strvec(config, "Env", &env);
	if (draft->onbuild.len)
		node_set_strvec(config, "OnBuild", &draft->onbuild);
	for (size_t i = 0; i < build->opts->labels.len; i++) {
		cleanup_free char *key = xstrdup(build->opts->labels.v[i]);
		char *eq = strchr(key, '=');

		if (eq)
			*eq = '\0';
		node_set_str(node_need_obj(config, "Labels"), key,
			     eq ? eq + 1 : "");
	}
	return doc;
}
