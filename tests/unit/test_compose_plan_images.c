/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which images are pulled and which are built.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "compose/plan_images.h"
#include "plan_place.h"

Test(compose_plan_images, images_are_pulled_or_built_by_policy)
{
	static const struct {
		const char *service, *policy;
		bool build, here;
		const char *pulls, *builds;
	} cases[] = {
		{ "image: i", NULL, false, false, "i Pulled", "" },
		{ "image: i", NULL, false, true, "", "" },
		{ "image: i", "always", false, true, "i Pulled", "" },
		{ "image: i", "never", false, false, "", "" },
		{ "image: i, pull_policy: always", NULL, false, true,
		  "i Pulled", "" },
		{ "build: .", NULL, false, false, "", "p-a Built" },
		{ "build: .", NULL, false, true, "", "" },
		{ "build: .", NULL, true, true, "", "p-a Built" },
		{ "image: i, build: .", NULL, false, false, "i Pulled",
		  "i Built" },
		{ "image: i, build: .", NULL, true, false, "", "i Built" },
		{ "image: i, build: ., pull_policy: build", NULL, false, true,
		  "", "i Built" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_free char *yaml =
			xasprintf("services: {a: {%s}}", cases[i].service);
		cleanup_plan struct plan pulls = PLAN_INIT;
		cleanup_plan struct plan builds = PLAN_INIT;
		cleanup_free char *got = NULL;
		cleanup_free char *made = NULL;
		const struct plan_images_opts opts = {
			.policy = cases[i].policy,
			.build = cases[i].build,
		};
		struct plan_place p;

		plan_place_begin(&p, yaml);
		if (cases[i].here) {
			(void)map_set(&p.world.images, "i", xstrdup("x"));
			(void)map_set(&p.world.images, "p-a", xstrdup("x"));
		}
		plan_pulls(&p.in, &opts, &pulls);
		plan_builds(&p.in, &opts, &builds);
		got = plan_place_summary(&pulls);
		made = plan_place_summary(&builds);
		cr_expect(eq(str, got, (char *)cases[i].pulls), "%s",
			  cases[i].service);
		cr_expect(eq(str, made, (char *)cases[i].builds), "%s",
			  cases[i].service);
		plan_place_end(&p);
	}
}

Test(compose_plan_images, what_another_service_builds_need_not_be_found)
{
	struct plan_place p;
	cleanup_plan struct plan pulls = PLAN_INIT, builds = PLAN_INIT;
	const struct plan_images_opts opts = { .policy = NULL };
	cleanup_free char *made = NULL;

	plan_place_begin(
		&p, "services:\n  a: {image: i}\n  b: {image: i, build: .}");
	plan_pulls(&p.in, &opts, &pulls);
	plan_builds(&p.in, &opts, &builds);
	made = plan_place_summary(&builds);
	cr_assert(eq(sz, pulls.len, 1));
	cr_expect(pulls.steps[0].optional);
	cr_expect(eq(str, made, "i Built"));
	plan_place_end(&p);
}

Test(compose_plan_images, an_image_that_is_mounted_is_pulled_too)
{
	struct plan_place p;
	cleanup_plan struct plan plan = PLAN_INIT;
	const struct plan_images_opts opts = { .policy = NULL };
	cleanup_free char *got = NULL;

	plan_place_begin(&p, "services:\n  a:\n    image: i\n    volumes:\n"
			     "      - {type: image, source: data, target: /d}");
	(void)map_set(&p.world.images, "i", xstrdup("x"));
	plan_pulls(&p.in, &opts, &plan);
	got = plan_place_summary(&plan);
	cr_expect(eq(str, got, "data Pulled"));
	plan_place_end(&p);
}
