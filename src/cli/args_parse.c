/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/args_parse.c - the words of a command line, by the GNU conventions.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/span.h"
#include "base/text.h"
#include "cli/args_value.h"

struct parse {
	struct args *args;
	char *const *argv;
	int argc;
	int at; /* the next word */
};

static int
refuse_unknown(const struct args *args, const char *word, size_t len,
	       struct err *err)
{
	cleanup_free const char **names =
		xcalloc(args->flag_count + 2, sizeof(*names));
	cleanup_free char *name = xstrndup(word, len);
	const char *near;
	size_t count = 0;
	int r;

	for (size_t i = 0; i < args->flag_count; i++)
		if (!args->flags[i].hidden)
			names[count++] = args->flags[i].name;
	names[count] = "help";
	near = text_nearest(name, names);
	r = err_set(err, EINVAL, "unknown flag '--%s'", name);
	if (near)
		err_hint(err, "did you mean '--%s'?", near);
	return r;
}

/* "-name x" is a long flag typed short more often than six letters. */
static int
refuse_letter(const struct args *args, const char *word, char letter,
	      struct err *err)
{
	size_t len = strcspn(word + 1, "=");
	cleanup_free char *name = xstrndup(word + 1, len);
	int r = err_set(err, EINVAL, "unknown flag '-%c' in '%s'", letter,
			word);

	if (len > 1 && flag_find(args->flags, args->flag_count, name))
		err_hint(err, "did you mean '--%s'?", name);
	return r;
}

static int
store(struct args *args, const struct flag *named, const char *value,
      struct err *err)
{
	const struct flag *flag =
		flag_resolve(args->flags, args->flag_count, named);
	struct arg *arg = &args->values[flag - args->flags];
	bool harmless = flag->harmless && !strcmp(value, flag->harmless);
	int r = args_value_set(arg, flag, value, err);

	if (r < 0)
		return r;
	if (flag->kind == FLAG_BOOL && !arg->number && !flag->fallback)
		harmless = true;
	if (flag->refuse && !harmless)
		return err_set(err, EOPNOTSUPP, "--%s: %s", named->name,
			       flag->refuse);
	if (flag->ignore && flag->ignore[0] && !harmless)
		strvec_addf(&args->warnings, "--%s: %s", named->name,
			    flag->ignore);
	return 0;
}

/* The value of a flag that stands without '=': by rule the next word. */
static int
next_value(struct parse *parse, const struct flag *flag, const char **ret_value,
	   struct err *err)
{
	const char *word =
		parse->at < parse->argc ? parse->argv[parse->at] : NULL;

	if (flag->bare && !(word && flag_has_word(flag->values, word))) {
		*ret_value = flag->bare;
		return 0;
	}
	if (!word)
		return err_set(err, EINVAL, "--%s needs a value: %s",
			       flag->name, flag->meta);
	*ret_value = word;
	parse->at++;
	return 0;
}

static int
parse_long(struct parse *parse, const char *word, struct err *err)
{
	struct args *args = parse->args;
	size_t len = strcspn(word, "=");
	cleanup_free char *name = xstrndup(word, len);
	const struct flag *flag =
		flag_find(args->flags, args->flag_count, name);
	const char *value;
	int r;

	if (!flag && !strcmp(name, "help")) {
		args->help = true;
		return 0;
	}
	if (!flag)
		return refuse_unknown(args, word, len, err);
	if (word[len] == '=')
		return store(args, flag, word + len + 1, err);
	if (flag->kind == FLAG_BOOL)
		return store(args, flag, "true", err);
	r = next_value(parse, flag_resolve(args->flags, args->flag_count, flag),
		       &value, err);
	return r < 0 ? r : store(args, flag, value, err);
}

static int
parse_letters(struct parse *parse, const char *word, struct err *err)
{
	struct args *args = parse->args;
	const struct flag *flag;
	const char *value;
	int r = 0;

	for (const char *p = word + 1; *p && !r; p++) {
		flag = flag_find_letter(args->flags, args->flag_count, *p);
		if (!flag && *p == 'h') {
			args->help = true;
			return 0;
		}
		if (!flag)
			return refuse_letter(args, word, *p, err);
		if (p[1] == '=')
			return store(args, flag, p + 2, err);
		if (flag->kind == FLAG_BOOL) {
			r = store(args, flag, "true", err);
			continue;
		}
		if (p[1])
			return store(args, flag, p + 1, err);
		r = next_value(parse, flag, &value, err);
		return r < 0 ? r : store(args, flag, value, err);
	}
	return r;
}

/* A boolean set to false is as good as absent. */
static bool
stands(const struct args *args, size_t i)
{
	const struct arg *arg = &args->values[i];

	return arg->given && (args->flags[i].kind != FLAG_BOOL || arg->number);
}

static int
check_conflicts(const struct args *args, struct err *err)
{
	for (size_t i = 0; i < args->flag_count; i++) {
		const char *words = args->flags[i].conflicts;

		if (!words || !stands(args, i))
			continue;
		for (size_t k = 0; k < args->flag_count; k++)
			if (stands(args, k) &&
			    flag_has_word(words, args->flags[k].name))
				return err_set(
					err, EINVAL,
					"--%s and --%s exclude each other",
					args->flags[i].name,
					args->flags[k].name);
	}
	return 0;
}

static int
parse_words(struct parse *parse, bool stop_at_operand, struct err *err)
{
	struct args *args = parse->args;
	bool flags_ended = false;

	while (parse->at < parse->argc && !args->help) {
		const char *word = parse->argv[parse->at];
		int r = 0;

		if (flags_ended || word[0] != '-' || !word[1]) {
			if (stop_at_operand)
				break;
			strvec_add(&args->operands, word);
			parse->at++;
			continue;
		}
		parse->at++;
		if (!strcmp(word, "--"))
			flags_ended = true;
		else if (word[1] == '-')
			r = parse_long(parse, word + 2, err);
		else
			r = parse_letters(parse, word, err);
		if (r < 0)
			return r;
	}
	return 0;
}

int
args_parse(struct args *args, int argc, char *const *argv, bool stop_at_operand,
	   int *ret_used, struct err *err)
{
	struct parse parse = { .args = args, .argv = argv, .argc = argc };
	int r = parse_words(&parse, stop_at_operand, err);

	if (r < 0)
		return r;
	if (ret_used)
		*ret_used = parse.at;
	for (; stop_at_operand && !ret_used && parse.at < argc; parse.at++)
		strvec_add(&args->operands, argv[parse.at]);
	return args->help ? 0 : check_conflicts(args, err);
}
