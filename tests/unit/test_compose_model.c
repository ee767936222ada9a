/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs tests/unit/compose/(name).cases: files of a project, and what the model
 * holds or which mistakes are told.
 *
 *	=== label
 *	--- compose.yaml         a file; more may follow
 *	--- env A=1              a variable of the process
 *	--- profile NAME         --profile
 *	--- use FILE             -f, instead of every compose*.yaml
 *	--- with WORD            no-interpolate, no-normalize, …: as of config
 *	--- want services.a.b    the JSON of what stands there ("absent")
 *	--- config services.a.b  the same of what "config --format json" prints
 *	--- errors               a line each, "compose.yaml:3:5: …"
 *	--- warnings             the same
 *	--- told                 the errors whole, as a terminal shows them
 *	--- acts                 containers are about to be made of it
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "compose/config_print.h"
#include "compose/project.h"

struct section {
	char *head; /* "want services.a" */
	char *body;
};

struct test_case {
	char *label;
	struct section *sections;
	size_t len, cap;
};

static void
end_section(struct test_case *test, struct strbuf *body)
{
	if (test->len)
		test->sections[test->len - 1].body = strbuf_take(body);
	else
		strbuf_reset(body);
}

static void
release_case(struct test_case *test)
{
	for (size_t i = 0; i < test->len; i++) {
		free(test->sections[i].head);
		free(test->sections[i].body);
	}
	free(test->sections);
	free(test->label);
	*test = (struct test_case){ .label = NULL };
}

/* Compare with DIR standing for the directory of the case. */
static char *
without_dir(const char *text, const char *dir)
{
	struct strbuf sb = STRBUF_INIT;
	size_t len = strlen(dir);

	while (*text) {
		if (!strncmp(text, dir, len)) {
			strbuf_addstr(&sb, "DIR");
			text += len;
			if (text_starts(text, "/compose") &&
			    strstr(text, "yaml:")) {
				strbuf_truncate(&sb, sb.len - 3);
				text++;
			}
		} else {
			strbuf_addch(&sb, *text++);
		}
	}
	return strbuf_take(&sb);
}

static const struct node *
find_path(const struct node *node, const char *path)
{
	cleanup_strvec struct strvec keys = STRVEC_INIT;

	strvec_split(&keys, path, ".");
	for (size_t i = 0; i < keys.len; i++) {
		if (text_is_digit(keys.v[i][0]) && !keys.v[i][1])
			node = node_at(node, (size_t)(keys.v[i][0] - '0'));
		else
			node = node_get(node, keys.v[i]);
	}
	return node;
}

/* @path: of a section's head, behind its first word */
static void
check_want(const struct test_case *test, const struct section *section,
	   const struct node *model, const char *path, const char *dir)
{
	const struct node *node = find_path(model, path);
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_free char *got = NULL;
	cleanup_node struct node *want = NULL;
	cleanup_node struct node *have = NULL;
	struct err err = ERR_INIT;

	if (node)
		node_write_json(&sb, node, NODE_COMPACT);
	else
		strbuf_addstr(&sb, "absent");
	got = without_dir(sb.buf, dir);
	if (text_starts(section->body, "absent")) {
		cr_expect(node == NULL, "%s: %s is %s", test->label,
			  section->head, got);
		return;
	}
	cr_assert(node_parse_json(span_of(section->body), test->label, &want,
				  &err) == 0,
		  "%s", err.text);
	cr_expect(node &&
			  node_parse_json(span_of(got), "got", &have, NULL) ==
				  0 &&
			  node_equal(have, want),
		  "%s: %s is %s", test->label, section->head, got);
}

/* Each line must be there, and nothing else. */
static void
check_lines(const struct test_case *test, const char *what, const char *body,
	    const struct strvec *got)
{
	cleanup_strvec struct strvec want = STRVEC_INIT;

	strvec_split(&want, body, "\n");
	for (size_t i = 0; i < want.len; i++)
		cr_expect(strvec_has(got, want.v[i]), "%s: no %s '%s'",
			  test->label, what, want.v[i]);
	for (size_t i = 0; i < got->len; i++)
		cr_expect(strvec_has(&want, got->v[i]), "%s: %s '%s'",
			  test->label, what, got->v[i]);
}

static void
check_told(const struct test_case *test, const char *want,
	   const struct diag *diag, const char *dir)
{
	cleanup_strbuf struct strbuf sb = STRBUF_INIT;
	cleanup_free char *got = NULL;

	for (size_t i = 0; i < diag->len; i++)
		diag_print(diag, i, &sb);
	got = without_dir(sb.buf, dir);
	cr_expect(strcmp(got, want) == 0, "%s: told:\n%s", test->label, got);
}

static void
check_diag(const struct test_case *test, const struct diag *diag,
	   const char *dir)
{
	cleanup_strvec struct strvec errors = STRVEC_INIT;
	cleanup_strvec struct strvec warnings = STRVEC_INIT;
	const char *want = "", *told = NULL;

	for (size_t i = 0; i < diag->len; i++)
		strvec_add_take(&errors,
				without_dir(diag->errors[i].text, dir));
	for (size_t i = 0; i < diag->warnings.len; i++)
		strvec_add_take(&warnings,
				without_dir(diag->warnings.v[i], dir));
	for (size_t i = 0; i < test->len; i++) {
		if (!strcmp(test->sections[i].head, "errors"))
			want = test->sections[i].body;
		if (!strcmp(test->sections[i].head, "warnings"))
			check_lines(test, "warning", test->sections[i].body,
				    &warnings);
		if (!strcmp(test->sections[i].head, "told"))
			told = test->sections[i].body;
	}
	if (told)
		check_told(test, told, diag, dir);
	else
		check_lines(test, "error", want, &errors);
}

static bool
is_word(const char *head)
{
	static const char *const words[] = { "errors", "warnings", "told",
					     "acts",   "with ",    "want ",
					     "config " };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (text_starts(head, words[i]))
			return true;
	return false;
}

static void
add_sections(const struct test_case *test, const char *dir,
	     struct strvec *files, struct strvec *used, struct strvec *env,
	     struct strvec *profiles)
{
	for (size_t i = 0; i < test->len; i++) {
		const struct section *s = &test->sections[i];
		const char *rest;
		cleanup_free char *path = xasprintf("%s/%s", dir, s->head);

		if ((rest = text_after(s->head, "env "))) {
			strvec_add(env, rest);
		} else if ((rest = text_after(s->head, "profile "))) {
			strvec_add(profiles, rest);
		} else if ((rest = text_after(s->head, "use "))) {
			strvec_addf(used, "%s/%s", dir, rest);
		} else if (!is_word(s->head)) {
			const char *slash = strrchr(s->head, '/');

			if (slash) {
				cleanup_free char *sub = xstrndup(
					s->head, (size_t)(slash - s->head));
				cleanup_free char *full =
					xasprintf("%s/%s", dir, sub);

				(void)mkdir(full, 0755);
			}
			cr_assert(fsx_write_atomic(AT_FDCWD, path, s->body,
						   strlen(s->body), 0644, 0,
						   NULL) == 0);
			if (text_starts(s->head, "compose") && !slash)
				strvec_add_take(files, take_ptr(path));
		}
	}
}

static void
set_options(const struct test_case *test, struct project_opts *opts)
{
	const struct {
		const char *word;
		bool *option;
	} options[] = {
		{ "acts", &opts->acts },
		{ "with all-resources", &opts->all_resources },
		{ "with no-consistency", &opts->no_consistency },
		{ "with no-env", &opts->no_env_resolution },
		{ "with no-interpolate", &opts->no_interpolate },
		{ "with no-normalize", &opts->no_normalize },
		{ "with no-paths", &opts->no_paths },
	};

	for (size_t i = 0; i < test->len; i++)
		for (size_t k = 0; k < ARRAY_LEN(options); k++)
			if (!strcmp(test->sections[i].head, options[k].word))
				*options[k].option = true;
}

static void
check_model(const struct test_case *test, const struct project *project,
	    const char *dir)
{
	cleanup_node struct node *printed =
		config_print_model(project, NULL, false);

	config_print_fill_json(printed);
	for (size_t i = 0; i < test->len; i++) {
		const struct section *section = &test->sections[i];
		const char *path;

		if ((path = text_after(section->head, "want ")))
			check_want(test, section, project->model, path, dir);
		if ((path = text_after(section->head, "config ")))
			check_want(test, section, printed, path, dir);
	}
}

static void
run_case(const struct test_case *test)
{
	char dir[] = "/tmp/dhow-compose-XXXXXX";
	cleanup_strvec struct strvec files = STRVEC_INIT, used = STRVEC_INIT;
	cleanup_strvec struct strvec env = STRVEC_INIT, profiles = STRVEC_INIT;
	cleanup_project struct project project = PROJECT_INIT;
	cleanup_diag struct diag diag = DIAG_INIT;
	struct err err = ERR_INIT;
	struct project_opts opts = { .name = "p" };
	int r;

	cr_assert(mkdtemp(dir) != NULL);
	cr_assert(setenv("HOME", "/home/me", 1) == 0);
	add_sections(test, dir, &files, &used, &env, &profiles);
	opts.files = used.len ? &used : &files;
	opts.profiles = &profiles;
	opts.process_env = strvec_argv(&env);
	set_options(test, &opts);
	r = project_load(&project, &opts, &diag, &err);
	/* What is wrong before any file of the project was read. */
	if (r < 0 && !diag.len)
		diag_add(&diag, &err);
	check_diag(test, &diag, dir);
	if (r == 0)
		check_model(test, &project, dir);
	(void)fsx_remove_tree(AT_FDCWD, dir, NULL);
}

static size_t
run_cases(const char *name)
{
	cleanup_free char *path = xasprintf("%s/tests/unit/compose/%s.cases",
					    getenv("DHOW_SRCDIR") ?: ".", name);
	cleanup_strbuf struct strbuf text = STRBUF_INIT, body = STRBUF_INIT;
	struct test_case test = { .label = NULL };
	struct span rest, line;
	size_t count = 0;

	cr_assert(fsx_read_file(AT_FDCWD, path, 1 << 20, &text, NULL) == 0,
		  "%s", path);
	strbuf_addstr(&text, "=== end\n");
	for (rest = span_new(text.buf, text.len);
	     span_next(&rest, '\n', &line);) {
		bool is_case = span_starts(line, "=== ");

		if (!is_case && !span_starts(line, "--- ")) {
			strbuf_add(&body, line.ptr, line.len);
			strbuf_addch(&body, '\n');
			continue;
		}
		end_section(&test, &body);
		if (!is_case) {
			array_push(
				test.sections, test.len, test.cap,
				(struct section){ span_dup(span_skip(line, 4)),
						  NULL });
			continue;
		}
		if (test.label) {
			run_case(&test);
			count++;
		}
		release_case(&test);
		test.label = span_dup(span_skip(line, 4));
	}
	release_case(&test);
	return count;
}

Test(compose_model, short_forms_are_written_out)
{
	cr_assert(run_cases("forms") > 30);
}

Test(compose_model, files_are_merged_by_the_rules)
{
	cr_assert(run_cases("merge") > 20);
}

Test(compose_model, variables_and_env_files_fill_the_model)
{
	cr_assert(run_cases("variables") > 10);
}

Test(compose_model, mistakes_are_told_with_their_place)
{
	cr_assert(run_cases("errors") > 40);
}

Test(compose_model, mistakes_are_told_with_excerpt_and_hint)
{
	cr_assert(run_cases("told") > 25);
}

Test(compose_model, every_key_of_a_service_has_its_canonical_form)
{
	cr_assert(run_cases("service") > 100);
}

Test(compose_model, every_key_of_a_service_can_be_wrong)
{
	cr_assert(run_cases("service_errors") > 60);
}

Test(compose_model, every_form_of_ports_and_volumes_is_known)
{
	cr_assert(run_cases("mounts") > 50);
}

Test(compose_model, every_form_of_ports_and_volumes_can_be_wrong)
{
	cr_assert(run_cases("mounts_errors") > 50);
}

Test(compose_model, every_key_of_networks_volumes_secrets_and_configs)
{
	cr_assert(run_cases("resources") > 25);
}

Test(compose_model, every_key_of_build_deploy_and_develop)
{
	cr_assert(run_cases("build") > 20);
}

Test(compose_model, yaml_is_read_as_the_contract_says)
{
	cr_assert(run_cases("loading") > 30);
}

Test(compose_model, every_modifier_and_line_of_an_env_file_is_known)
{
	cr_assert(run_cases("filling") > 30);
}

Test(compose_model, every_rule_of_merging_extending_and_including)
{
	cr_assert(run_cases("merging") > 45);
}
