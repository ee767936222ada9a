/* SPDX-License-Identifier: Apache-2.0 */
#include "build_plan.h"

/* "0 2 | base base": the stages that a target needs, and their images. */
static char *
needed_by(const char *text, const char *context, const char *target)
{
	struct plan plan;
	struct build *build = &plan.build;
	struct strbuf sb = STRBUF_INIT;
	struct err err = ERR_INIT;
	size_t at;

	plan_init(&plan, text, NULL, NULL);
	if (context)
		plan_name_context(&plan, context);
	plan_stages(&plan);
	cr_assert(dockerfile_find_target(build->df, target, &at, NULL) == 0);
	if (stage_need(&build->stages[at], &err) < 0)
		strbuf_addf(&sb, "%s @%d", err.text, plan.result.range.line);
	for (size_t i = 0; !err.code && i < build->stage_count; i++)
		if (build->stages[i].needed)
			strbuf_addf(&sb, "%zu ", i);
	if (!err.code)
		strbuf_addstr(&sb, "|");
	for (size_t i = 0; !err.code && i < build->base_count; i++)
		strbuf_addf(&sb, " %s", build->bases[i]->name);
	plan_release(&plan);
	return strbuf_take(&sb);
}

Test(build_stage, only_what_a_target_needs_is_made)
{
	static const struct {
		const char *text, *context, *target, *want;
	} cases[] = {
		{ "FROM x", NULL, NULL, "0 | x" },
		{ "FROM scratch\nCOPY a b", NULL, NULL, "0 |" },
		{ "FROM x\nFROM y", NULL, NULL, "1 | y" },
		{ "FROM x AS a\nFROM y AS b", NULL, "a", "0 | x" },
		{ "FROM x AS a\nFROM y AS b", NULL, "0", "0 | x" },
		/* by FROM, COPY and mounts; through others */
		{ "FROM x AS a\nFROM y\nFROM a", NULL, NULL, "0 2 | x" },
		{ "FROM x AS a\nFROM y AS b\nFROM A AS c\nFROM c", NULL, NULL,
		  "0 2 3 | x" },
		{ "FROM x AS a\nFROM y AS b\nFROM z\nCOPY --from=a / /\n"
		  "COPY --from=1 / /",
		  NULL, NULL, "0 1 2 | z x y" },
		{ "FROM x AS a\nFROM y\nRUN --mount=from=a,target=/m true",
		  NULL, NULL, "0 1 | y x" },
		{ "FROM x AS a\nFROM y\nRUN --mount=target=/m,FROM=a true",
		  NULL, NULL, "0 1 | y x" },
		{ "FROM x AS a\nFROM y AS b\nCOPY --from=a / /\nFROM z\n"
		  "COPY --from=b / /",
		  NULL, NULL, "0 1 2 | z y x" },
		/* images */
		{ "FROM x\nCOPY --from=img / /\nRUN --mount=from=o:1,target=/m a",
		  NULL, NULL, "0 | x img o:1" },
		{ "FROM x AS a\nFROM x\nCOPY --from=x / /\nCOPY --from=a / /",
		  NULL, NULL, "0 1 | x" },
		{ "FROM later\nFROM x AS later\nFROM y", NULL, "0",
		  "0 | later" },
		/* the last stage of a name counts */
		{ "FROM x AS a\nFROM y AS a\nFROM a", NULL, NULL, "1 2 | y" },
		/* a named context goes before images, and replaces stages */
		{ "FROM dir\nCOPY --from=dir / /", "dir", NULL, "0 |" },
		{ "FROM x AS dep\nFROM y AS dir\nCOPY --from=dep / /\n"
		  "FROM z\nCOPY --from=dir / /",
		  "dir", NULL, "1 2 | z" },
		{ "FROM x AS dep\nFROM dep AS dir", "dir", NULL, "1 |" },
		{ "FROM alpine:3\nFROM alpine:4", "alpine:4", NULL, "1 |" },
		{ "FROM alpine:3\nFROM alpine:4", "alpine:4", "0",
		  "0 | alpine:3" },
		/* what cannot be needed */
		{ "FROM x\nCOPY --from=b / /\nFROM x AS b", NULL, "0",
		  "f:2:6: stage 'b' is not defined before this one @2" },
		{ "FROM X", NULL, NULL,
		  "f:1:6: image name 'X' has upper-case letters @1" },
		{ "FROM x AS a\nCOPY --from=Y / /\nFROM a", NULL, NULL,
		  "f:2:6: image name 'Y' has upper-case letters @2" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_free char *got = needed_by(
			cases[i].text, cases[i].context, cases[i].target);

		cr_expect(eq(str, got, (char *)cases[i].want), "%s",
			  cases[i].text);
	}
}
