/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dockerfile/df_step_meta.c - ARG, ENV, LABEL, EXPOSE and HEALTHCHECK.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/units.h"
#include "dockerfile/df_form.h"
#include "dockerfile/df_globals_arg.h"
#include "dockerfile/df_secret_name.h"
#include "dockerfile/df_step_priv.h"
#include "spec/port_spec.h"

#define DF_HEALTH_MIN_NS 1000000

/* "k=v" as two words at their places; a legacy pair is two already. */
static int
df_pair_expand(const struct df_expand *run, const struct df_word *key,
	       const char *value, const struct df_range *value_at,
	       struct df_pair *ret_pair)
{
	cleanup_free char *name = xstrndup(key->text, strcspn(key->text, "="));

	ret_pair->key = df_expand_word(run, name, &key->range);
	if (!ret_pair->key)
		return -EINVAL;
	ret_pair->value = df_expand_word(run, value, value_at);
	if (!ret_pair->value)
		return -EINVAL;
	if (!*ret_pair->key)
		return df_step_fail(run, key, "names can not be blank");
	if (run->in->cmd == DF_ENV)
		df_secret_name_check(run->lint, "ENV", ret_pair->key,
				     &run->in->range);
	return 0;
}

static int
df_pair_read(const struct df_expand *run, struct df_globals *globals, size_t i,
	     struct df_pair *pair)
{
	const struct df_word *word = &run->in->args[i];
	struct df_range at = word->range;
	const char *equals = strchr(word->text, '=');

	if (run->in->cmd == DF_ARG)
		return df_globals_take_arg(globals, run, word, true, &pair->key,
					   &pair->value);
	if (df_form_is_legacy(run->in))
		return df_pair_expand(run, word, word[1].text, &word[1].range,
				      pair);
	at.col += (int)(equals + 1 - word->text);
	return df_pair_expand(run, word, equals + 1, &at, pair);
}

int
df_step_pairs(const struct df_expand *run, struct df_globals *globals,
	      struct df_step *step)
{
	struct df_pairs *pairs = &step->pairs;
	size_t count = df_form_is_legacy(run->in) ? 1 : run->in->arg_count;

	pairs->items = xcalloc(count, sizeof(*pairs->items));
	for (size_t i = 0; i < count; i++) {
		int r = df_pair_read(run, globals, i, &pairs->items[i]);

		pairs->len++;
		if (r < 0)
			return r;
	}
	return 0;
}

/* "IP:HOST:CTR" has a container port only; the rest is not for an image. */
static const char *
df_expose_port(const struct df_expand *run, const char *word)
{
	const char *colon = strrchr(word, ':');

	if (!colon)
		return word;
	df_lint_add(
		run->lint, DF_RULE_EXPOSE_INVALID_FORMAT, &run->in->range,
		"EXPOSE instruction should not define an IP address or host-port mapping, found '%s'",
		word);
	return colon + 1;
}

static int
df_expose_word(const struct df_expand *run, const struct df_word *at,
	       const char *word, struct df_step *step)
{
	cleanup_port_list struct port_list ports = PORT_LIST_INIT;
	const char *port = df_expose_port(run, word);
	cleanup_free char *lower = xstrdup(port);
	struct err inner = ERR_INIT;

	for (char *p = lower; *p; p++)
		if (text_is_upper(*p))
			*p = (char)(*p - 'A' + 'a');
	if (strcmp(lower, port) != 0)
		df_lint_add(
			run->lint, DF_RULE_EXPOSE_PROTO_CASING, &run->in->range,
			"Defined protocol '%s' in EXPOSE instruction should be lowercase",
			word);
	/* A slash with nothing behind it says nothing. */
	if (text_ends(lower, "/"))
		lower[strlen(lower) - 1] = '\0';
	if (port_list_expose(&ports, lower, &inner) < 0)
		return df_step_fail(run, at, "%s", inner.text);
	for (size_t i = 0; i < ports.len; i++) {
		cleanup_strbuf struct strbuf key = STRBUF_INIT;

		port_spec_add_key(&key, &ports.items[i]);
		strvec_add(&step->words, key.buf);
	}
	return 0;
}

int
df_step_expose(const struct df_expand *run, struct df_step *step)
{
	for (size_t i = 0; i < run->in->arg_count; i++) {
		const struct df_word *at = &run->in->args[i];
		cleanup_strvec struct strvec words = STRVEC_INIT;
		cleanup_free char *text =
			df_expand_word(run, at->text, &at->range);

		if (!text)
			return -EINVAL;
		strvec_split(&words, text, " \t");
		for (size_t j = 0; j < words.len; j++) {
			int r = df_expose_word(run, at, words.v[j], step);

			if (r < 0)
				return r;
		}
	}
	strvec_sort(&step->words);
	return 0;
}

static int
df_health_duration(const struct df_expand *run, const char *name,
		   int64_t *ret_ns)
{
	const char *text = df_flag_get(run->in, name);
	struct err inner = ERR_INIT;
	int64_t ns = 0;

	if (!text || !*text)
		return 0;
	if (units_parse_duration(text, &ns, &inner) < 0)
		return df_step_fail_flag(run, name, "--%s: %s", name,
					 inner.text);
	if (ns != 0 && ns < DF_HEALTH_MIN_NS)
		return df_step_fail_flag(run, name,
					 "--%s '%s' cannot be less than 1ms",
					 name, text);
	*ret_ns = ns;
	return 0;
}

static int
df_health_retries(const struct df_expand *run, int64_t *ret_retries)
{
	const char *text = df_flag_get(run->in, "retries");
	struct err inner = ERR_INIT;

	if (!text || !*text)
		return 0;
	if (units_parse_i64(text, INT32_MIN, INT32_MAX, ret_retries, &inner) <
	    0)
		return df_step_fail_flag(run, "retries", "--retries: %s",
					 inner.text);
	if (*ret_retries < 0)
		return df_step_fail_flag(run, "retries",
					 "--retries cannot be negative (%s)",
					 text);
	return 0;
}

int
df_step_health(const struct df_expand *run, struct df_step *step)
{
	struct df_healthcheck *health = &step->health;
	int r;

	health->is_none = run->in->arg_count == 1 && !run->in->json;
	if (health->is_none)
		return 0;
	df_step_command(run->in, 1, &health->test);
	r = df_health_duration(run, "interval", &health->interval_ns);
	if (r == 0)
		r = df_health_duration(run, "timeout", &health->timeout_ns);
	if (r == 0)
		r = df_health_duration(run, "start-period",
				       &health->start_period_ns);
	if (r == 0)
		r = df_health_duration(run, "start-interval",
				       &health->start_interval_ns);
	if (r == 0)
		r = df_health_retries(run, &health->retries);
	return r;
}
