/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spec/image_change.c - Dockerfile instructions on an image config.
 *
 * Import and commit take a handful of instructions that only change metadata.
 * Each has one function from its arguments to the "config" object.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/strbuf.h"
#include "base/text.h"
#include "base/units.h"
#include "spec/abs_path.h"
#include "spec/choice.h"
#include "spec/entrypoint_spec.h"
#include "spec/image_config.h"
#include "spec/port_spec.h"
#include "spec/signal_spec.h"

static const char *
image_change_skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

/* Exec form as it is, shell form through /bin/sh (or the image's Shell). */
static void
image_change_argv(const struct node *config, const char *args,
		  struct strvec *argv)
{
	cleanup_strvec struct strvec words = STRVEC_INIT;

	if (entrypoint_spec_parse(args, &words)) {
		strvec_add_all(argv, &words);
		return;
	}
	node_get_strvec(config, "Shell", argv);
	if (!argv->len) {
		strvec_add(argv, "/bin/sh");
		strvec_add(argv, "-c");
	}
	strvec_add(argv, args);
}

static int
image_change_cmd(struct node *config, const char *args, struct err *err)
{
	cleanup_strvec struct strvec argv = STRVEC_INIT;

	image_change_argv(config, args, &argv);
	node_set_strvec(config, "Cmd", &argv);
	return 0;
}

static int
image_change_entrypoint(struct node *config, const char *args, struct err *err)
{
	cleanup_strvec struct strvec argv = STRVEC_INIT;

	image_change_argv(config, args, &argv);
	node_set_strvec(config, "Entrypoint", &argv);
	return 0;
}

/* One word, quotes and backslashes taken away; NULL on a quote without end. */
static const char *
image_change_word(const char *at, struct strbuf *word)
{
	char quote = '\0';

	for (; *at && (quote || (*at != ' ' && *at != '\t')); at++) {
		if (*at == '\\' && quote != '\'' && at[1]) {
			strbuf_addch(word, *++at);
		} else if (quote ? *at == quote : *at == '"' || *at == '\'') {
			quote = quote ? '\0' : *at;
		} else {
			strbuf_addch(word, *at);
		}
	}
	return quote ? NULL : at;
}

/* "K=V K2='V 2'", or the old "K the rest". */
static int
image_change_pairs(const char *args, struct strvec *pairs, struct err *err)
{
	size_t first = strcspn(args, " \t");

	if (!memchr(args, '=', first)) {
		if (!args[first])
			return err_set(err, EINVAL, "'%s' has no value", args);
		strvec_addf(pairs, "%.*s=%s", (int)first, args,
			    image_change_skip_blanks(args + first));
		return 0;
	}
	while (*args) {
		cleanup_strbuf struct strbuf word = STRBUF_INIT;

		args = image_change_word(args, &word);
		if (!args)
			return err_set(err, EINVAL, "quote without end");
		if (*word.buf == '=' || !strchr(word.buf, '='))
			return err_set(err, EINVAL, "'%s' is not KEY=VALUE",
				       word.buf);
		strvec_add(pairs, word.buf);
		args = image_change_skip_blanks(args);
	}
	return 0;
}

static int
image_change_env(struct node *config, const char *args, struct err *err)
{
	cleanup_strvec struct strvec pairs = STRVEC_INIT;
	cleanup_strvec struct strvec env = STRVEC_INIT;
	int r = image_change_pairs(args, &pairs, err);

	if (r < 0)
		return r;
	node_get_strvec(config, "Env", &env);
	for (size_t i = 0; i < pairs.len; i++) {
		char *value = strchr(pairs.v[i], '=');

		*value = '\0';
		strvec_env_set(&env, pairs.v[i], value + 1);
	}
	node_set_strvec(config, "Env", &env);
	return 0;
}

static int
image_change_label(struct node *config, const char *args, struct err *err)
{
	cleanup_strvec struct strvec pairs = STRVEC_INIT;
	int r = image_change_pairs(args, &pairs, err);

	if (r < 0)
		return r;
	for (size_t i = 0; i < pairs.len; i++) {
		char *value = strchr(pairs.v[i], '=');

		*value = '\0';
		node_set_str(node_need_obj(config, "Labels"), pairs.v[i],
			     value + 1);
	}
	return 0;
}

static int
image_change_expose(struct node *config, const char *args, struct err *err)
{
	cleanup_port_list struct port_list ports = PORT_LIST_INIT;
	cleanup_strvec struct strvec words = STRVEC_INIT;

	strvec_split(&words, args, " \t");
	for (size_t i = 0; i < words.len; i++) {
		int r = port_list_expose(&ports, words.v[i], err);

		if (r < 0)
			return r;
	}
	for (size_t i = 0; i < ports.len; i++) {
		cleanup_strbuf struct strbuf key = STRBUF_INIT;

		port_spec_add_key(&key, &ports.items[i]);
		(void)node_need_obj(node_need_obj(config, "ExposedPorts"),
				    key.buf);
	}
	return 0;
}

/* --interval=… and its like, from @args into @health; returns what follows. */
static int
image_change_health_options(const char **io_args, struct node *health,
			    struct err *err)
{
	static const char *const names[] = { "interval",     "timeout",
					     "start-period", "start-interval",
					     "retries",      NULL };
	static const char *const keys[] = { "Interval", "Timeout",
					    "StartPeriod", "StartInterval",
					    "Retries" };

	while (text_starts(*io_args, "--")) {
		cleanup_strbuf struct strbuf word = STRBUF_INIT;
		const char *rest = image_change_word(*io_args + 2, &word);
		char *value = strchr(word.buf, '=');
		int64_t number = 0;
		int at, r;

		if (!rest || !value)
			return err_set(err, EINVAL, "'--%s' has no value",
				       word.buf);
		*value++ = '\0';
		at = choice_find("option", word.buf, names, err);
		if (at < 0)
			return at;
		r = names[at + 1] ? units_parse_duration(value, &number, err)
				  : units_parse_i64(value, 0, INT32_MAX,
						    &number, err);
		if (r < 0)
			return r;
		if (number < 0)
			return err_set(err, EINVAL, "'--%s' is negative",
				       names[at]);
		node_set_int(health, keys[at], number);
		*io_args = image_change_skip_blanks(rest);
	}
	return 0;
}

static int
image_change_healthcheck(struct node *config, const char *args, struct err *err)
{
	cleanup_node struct node *health = node_new_obj();
	cleanup_strvec struct strvec argv = STRVEC_INIT;
	cleanup_strvec struct strvec test = STRVEC_INIT;
	const char *command;
	int r;

	r = image_change_health_options(&args, health, err);
	if (r < 0)
		return r;
	command = text_after(args, "CMD");
	if (!strcmp(args, "NONE")) {
		strvec_add(&test, "NONE");
	} else if (command && (*command == ' ' || *command == '\t')) {
		command = image_change_skip_blanks(command);
		strvec_add(&test, entrypoint_spec_parse(command, &argv)
					  ? "CMD"
					  : "CMD-SHELL");
		strvec_add_all(&test, &argv);
	} else {
		return err_set(err, EINVAL,
			       "'%s' is neither NONE nor CMD and a command",
			       args);
	}
	node_set_strvec(health, "Test", &test);
	(void)node_set(config, "Healthcheck", take_ptr(health));
	return 0;
}

static int
image_change_onbuild(struct node *config, const char *args, struct err *err)
{
	static const char *const refused[] = { "ONBUILD", "FROM",
					       "MAINTAINER" };
	size_t len = strcspn(args, " \t");
	struct node *list = node_get(config, "OnBuild");

	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		if (len == strlen(refused[i]) &&
		    !strncasecmp(args, refused[i], len))
			return err_set(err, EINVAL,
				       "%s cannot be triggered later",
				       refused[i]);
	if (node_kind(list) != NODE_ARR)
		list = node_set(config, "OnBuild", node_new_arr());
	node_push_str(list, args);
	return 0;
}

static int
image_change_shell(struct node *config, const char *args, struct err *err)
{
	cleanup_strvec struct strvec argv = STRVEC_INIT;

	if (!entrypoint_spec_parse(args, &argv) || !argv.len)
		return err_set(err, EINVAL,
			       "'%s' is not a JSON array of strings", args);
	node_set_strvec(config, "Shell", &argv);
	return 0;
}

static int
image_change_stopsignal(struct node *config, const char *args, struct err *err)
{
	int signal;
	int r = signal_spec_parse(args, &signal, err);

	if (r >= 0)
		node_set_str(config, "StopSignal", args);
	return r;
}

static int
image_change_user(struct node *config, const char *args, struct err *err)
{
	if (strpbrk(args, " \t"))
		return err_set(err, EINVAL, "'%s' is not USER[:GROUP]", args);
	node_set_str(config, "User", args);
	return 0;
}

static int
image_change_volume(struct node *config, const char *args, struct err *err)
{
	cleanup_strvec struct strvec paths = STRVEC_INIT;

	if (!entrypoint_spec_parse(args, &paths)) {
		strvec_release(&paths);
		strvec_split(&paths, args, " \t");
	}
	for (size_t i = 0; i < paths.len; i++) {
		if (!paths.v[i][0])
			return err_set(err, EINVAL, "volume path is empty");
		(void)node_need_obj(node_need_obj(config, "Volumes"),
				    paths.v[i]);
	}
	return 0;
}

static int
image_change_workdir(struct node *config, const char *args, struct err *err)
{
	const char *old = node_get_str(config, "WorkingDir");
	cleanup_free char *path =
		abs_path_join(old && *old == '/' ? old : "/", args);

	node_set_str(config, "WorkingDir", path);
	return 0;
}

static const char *const image_change_names[] = {
	"CMD",    "ENTRYPOINT", "ENV",   "EXPOSE",     "HEALTHCHECK",
	"LABEL",  "ONBUILD",    "SHELL", "STOPSIGNAL", "USER",
	"VOLUME", "WORKDIR",    NULL,
};

static int (*const image_change_functions[])(struct node *, const char *,
					     struct err *) = {
	image_change_cmd,     image_change_entrypoint,  image_change_env,
	image_change_expose,  image_change_healthcheck, image_change_label,
	image_change_onbuild, image_change_shell,       image_change_stopsignal,
	image_change_user,    image_change_volume,      image_change_workdir,
};

_Static_assert(ARRAY_LEN(image_change_names) ==
		       ARRAY_LEN(image_change_functions) + 1,
	       "every instruction has its function");

/* "CMD x" or "CMD=x" into an upper-case name and its arguments. */
static void
image_change_cut(const char *instruction, char **ret_name, char **ret_args)
{
	struct span rest = span_trim(span_of(instruction));
	size_t len = 0;
	char *name;

	while (len < rest.len && text_is_alnum(rest.ptr[len]))
		len++;
	name = xstrndup(rest.ptr, len);
	for (char *p = name; *p; p++)
		if (text_is_lower(*p))
			*p = (char)(*p - 'a' + 'A');
	rest = span_skip(rest, len);
	if (rest.len && *rest.ptr == '=')
		rest = span_skip(rest, 1);
	*ret_name = name;
	*ret_args = span_dup(span_trim(rest));
}

int
image_config_change(struct node *config_obj, const char *instruction,
		    struct err *err)
{
	cleanup_free char *name = NULL, *args = NULL;
	int at, r;

	image_change_cut(instruction, &name, &args);
	at = choice_find("instruction", name, image_change_names, err);
	if (at < 0)
		return at;
	if (!*args)
		return err_set(err, EINVAL, "%s has no argument", name);
	r = image_change_functions[at](config_obj, args, err);
	return r < 0 ? err_wrap(err, r, "%s", name) : 0;
}

int
image_config_change_all(struct node *config_obj,
			const struct strvec *instructions, struct err *err)
{
	bool sets_cmd = false, sets_entrypoint = false;

	for (size_t i = 0; i < instructions->len; i++) {
		cleanup_free char *name = NULL, *args = NULL;
		int r = image_config_change(config_obj, instructions->v[i],
					    err);

		if (r < 0)
			return r;
		image_change_cut(instructions->v[i], &name, &args);
		sets_cmd |= !strcmp(name, "CMD");
		sets_entrypoint |= !strcmp(name, "ENTRYPOINT");
	}
	if (sets_entrypoint && !sets_cmd)
		(void)node_del(config_obj, "Cmd");
	return 0;
}
