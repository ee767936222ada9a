/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans, from a file and a world written by hand: no namespaces, no store.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/fsx.h"
#include "base/text.h"
#include "compose/config_print.h"
#include "compose/plan_input.h"
#include "plan_place.h"

static void
expect_up(struct plan_place *p, const char *want)
{
	cleanup_plan struct plan plan = PLAN_INIT;
	cleanup_free char *got = NULL;
	struct err err = ERR_INIT;

	world_sort(&p->world);
	cr_assert(plan_up(&p->in, &plan, &err) == 0, "%s", err.text);
	got = plan_place_summary(&plan);
	cr_expect(eq(str, got, (char *)want));
}

/* Does step @at come after step @first, through whatever is between? */
static bool
comes_after(const struct plan *plan, size_t at, size_t first)
{
	for (size_t i = 0; i < plan->steps[at].need_count; i++)
		if (plan->steps[at].needs[i] == first ||
		    comes_after(plan, plan->steps[at].needs[i], first))
			return true;
	return false;
}

static size_t
find_step(const struct plan *plan, const char *subject, const char *done)
{
	for (size_t i = 0; i < plan->len; i++)
		if (!strcmp(plan->steps[i].subject, subject) &&
		    !strcmp(plan->steps[i].done, done))
			return i;
	cr_assert(false, "no step '%s %s'", subject, done);
	return 0;
}

#define TWO                                  \
	"services:\n"                        \
	"  a: {image: i, depends_on: [b]}\n" \
	"  b: {image: i}\n"
#define MADE "p_default Created|p-b-1 Created|p-a-1 Created|"

Test(compose_plan, from_nothing_all_is_made_then_started)
{
	struct plan_place p;

	plan_place_begin(&p, TWO);
	expect_up(&p, MADE "p-b-1 Started|p-a-1 Started");
	plan_place_end(&p);
}

Test(compose_plan, what_runs_and_did_not_change_stays)
{
	struct plan_place p;

	plan_place_begin(&p, TWO);
	plan_place_add(&p, "a", 1, CONTAINER_RUNNING);
	plan_place_add(&p, "b", 1, CONTAINER_RUNNING);
	plan_place_add_network(&p, "default", "p_default");
	expect_up(&p, "p-b-1 Running|p-a-1 Running");
	plan_place_end(&p);
}

Test(compose_plan, what_is_stopped_is_started)
{
	struct plan_place p;

	plan_place_begin(&p, TWO);
	plan_place_add(&p, "a", 1, CONTAINER_EXITED);
	plan_place_add(&p, "b", 1, CONTAINER_RUNNING);
	plan_place_add_network(&p, "default", "p_default");
	expect_up(&p, "p-b-1 Running|p-a-1 Started");
	plan_place_end(&p);
}

Test(compose_plan, a_changed_configuration_replaces)
{
	struct plan_place p;
	struct world_container *one;

	plan_place_begin(&p, "services: {a: {image: i}}");
	one = plan_place_add(&p, "a", 1, CONTAINER_RUNNING);
	strvec_env_set(&one->labels, LABEL_HASH, "other");
	plan_place_add_network(&p, "default", "p_default");
	expect_up(&p,
		  "p-a-1 Recreated (its configuration changed)|p-a-1 Stopped|"
		  "p-a-1 Removed|p-a-1 Renamed|p-a-1 Started");
	p.in.no_recreate = true;
	expect_up(&p, "p-a-1 Running");
	plan_place_end(&p);
}

Test(compose_plan, another_image_of_the_same_name_replaces)
{
	struct plan_place p;
	struct world_container *one;

	plan_place_begin(&p, "services: {a: {image: i}}");
	one = plan_place_add(&p, "a", 1, CONTAINER_EXITED);
	strvec_env_set(&one->labels, LABEL_IMAGE, "sha256:old");
	(void)map_set(&p.world.images, "i", xstrdup("sha256:new"));
	plan_place_add_network(&p, "default", "p_default");
	expect_up(&p, "p-a-1 Recreated (its image changed)|p-a-1 Removed|"
		      "p-a-1 Renamed|p-a-1 Started");
	plan_place_end(&p);
}

Test(compose_plan, force_replaces_what_is_named_only)
{
	struct plan_place p;

	plan_place_begin(&p, TWO);
	plan_place_add(&p, "a", 1, CONTAINER_EXITED);
	plan_place_add(&p, "b", 1, CONTAINER_RUNNING);
	plan_place_add_network(&p, "default", "p_default");
	strvec_add(&p.named, "a");
	p.in.force_recreate = true;
	expect_up(&p, "p-a-1 Recreated (asked for)|p-a-1 Removed|"
		      "p-a-1 Renamed|p-b-1 Running|p-a-1 Started");
	plan_place_end(&p);
}

Test(compose_plan, scale_makes_more_and_removes_the_last)
{
	struct plan_place p;
	cleanup_map struct map scale = MAP_INIT;

	plan_place_begin(&p, "services: {a: {image: i}}");
	plan_place_add(&p, "a", 1, CONTAINER_RUNNING);
	plan_place_add(&p, "a", 2, CONTAINER_RUNNING);
	plan_place_add_network(&p, "default", "p_default");
	p.in.scale = &scale;
	(void)map_set(&scale, "a", (void *)(intptr_t)(3 + 1));
	expect_up(&p, "p-a-3 Created|p-a-1 Running|p-a-2 Running|"
		      "p-a-3 Started");
	(void)map_set(&scale, "a", (void *)(intptr_t)(1 + 1));
	expect_up(&p, "p-a-2 Stopped|p-a-2 Removed (more than were asked "
		      "for)|p-a-1 Running");
	(void)map_set(&scale, "a", (void *)(intptr_t)(0 + 1));
	expect_up(&p, "p-a-1 Stopped|p-a-1 Removed (more than were asked for)|"
		      "p-a-2 Stopped|p-a-2 Removed (more than were asked for)");
	plan_place_end(&p);
}

Test(compose_plan, orphans_are_told_or_removed)
{
	struct plan_place p;
	cleanup_plan struct plan plan = PLAN_INIT;

	plan_place_begin(&p, "services: {a: {image: i}}");
	plan_place_add(&p, "a", 1, CONTAINER_RUNNING);
	plan_place_add(&p, "gone", 1, CONTAINER_EXITED);
	plan_place_add_network(&p, "default", "p_default");
	cr_assert(eq(int, plan_up(&p.in, &plan, NULL), 0));
	cr_assert(eq(sz, plan.warnings.len, 1));
	cr_expect(strstr(plan.warnings.v[0], "p-gone-1") != NULL);
	p.in.remove_orphans = true;
	expect_up(&p, "p-gone-1 Removed (no service of the files is its own)|"
		      "p-a-1 Running");
	plan_place_end(&p);
}

Test(compose_plan, conditions_become_waits)
{
	struct plan_place p;
	cleanup_plan struct plan plan = PLAN_INIT;
	size_t healthy, done, start;

	plan_place_begin(
		&p, "services:\n"
		    "  a:\n"
		    "    image: i\n"
		    "    depends_on:\n"
		    "      b: {condition: service_healthy}\n"
		    "      c: {condition: service_completed_successfully}\n"
		    "  b: {image: i, healthcheck: {test: x}}\n"
		    "  c: {image: i}\n");
	cr_assert(eq(int, plan_up(&p.in, &plan, NULL), 0));
	healthy = find_step(&plan, "Container p-b-1", "Healthy");
	done = find_step(&plan, "Container p-c-1", "Exited");
	start = find_step(&plan, "Container p-a-1", "Started");
	cr_expect(comes_after(&plan, start, healthy));
	cr_expect(comes_after(&plan, start, done));
	cr_expect(comes_after(&plan, healthy,
			      find_step(&plan, "Container p-b-1", "Started")));
	plan_place_end(&p);
}

Test(compose_plan, an_external_secret_is_one_of_the_store)
{
	struct plan_place p;
	cleanup_plan struct plan none = PLAN_INIT, plan = PLAN_INIT;
	const char *const want[] = { "--secret",
				     "token,target=/run/secrets/t,mode=0400" };
	struct err err = ERR_INIT;
	bool found = false;

	plan_place_begin(
		&p, "services:\n"
		    "  a: {image: i, secrets: [{source: s, target: t, mode: "
		    "0400}]}\n"
		    "secrets: {s: {external: true, name: token}}");
	plan_place_add_network(&p, "default", "p_default");
	cr_assert(eq(int, plan_up(&p.in, &none, &err), -ENOENT));
	cr_expect(strstr(err.text,
			 "compose.yaml:2:27: secret token declared "
			 "as external, but could not be found") != NULL,
		  "%s", err.text);
	strvec_add(&p.world.secrets, "token");
	cr_assert(plan_up(&p.in, &plan, &err) == 0, "%s", err.text);
	for (size_t i = 0; i + 1 < plan.steps[0].words.len; i++)
		found |= !strcmp(plan.steps[0].words.v[i], want[0]) &&
			 !strcmp(plan.steps[0].words.v[i + 1], want[1]);
	cr_expect(found);
	plan_place_end(&p);
}

/* What the files said when it was made is not what they say now. */
static void
forget_hash(struct world_object *one)
{
	strvec_release(&one->labels);
	strvec_addf(&one->labels, "%s=p", LABEL_PROJECT);
	strvec_addf(&one->labels, "%s=old", LABEL_HASH);
}

Test(compose_plan, a_changed_network_is_made_again_and_all_come_back)
{
	struct plan_place p;
	cleanup_plan struct plan plan = PLAN_INIT;
	cleanup_free char *got = NULL;
	struct err err = ERR_INIT;

	plan_place_begin(&p, "services:\n  a: {image: i}\n  b: {image: i}\n"
			     "networks: {default: {labels: {new: '1'}}}");
	plan_place_add_network(&p, "default", "p_default");
	forget_hash(&p.world.networks[0]);
	strvec_add(&plan_place_add(&p, "a", 1, CONTAINER_RUNNING)->networks,
		   "p_default");
	strvec_add(&plan_place_add(&p, "b", 1, CONTAINER_RUNNING)->networks,
		   "p_default");
	/* Only "a" was asked for. */
	strvec_release(&p.selected);
	strvec_add(&p.selected, "a");
	cr_assert(plan_up(&p.in, &plan, &err) == 0, "%s", err.text);
	got = plan_place_summary(&plan);
	cr_expect(eq(str, got,
		     "p-a-1 Stopped|p-b-1 Stopped|"
		     "p_default Removed (its definition changed)|"
		     "p_default Created|"
		     "p-b-1 Started (its network was made again)|"
		     "p-a-1 Recreated (a network changed)|"
		     "p-a-1 Removed|p-a-1 Renamed|p-a-1 Started"));
	cr_expect(eq(sz, plan.warnings.len, 0));
	plan_place_end(&p);
}

Test(compose_plan, with_no_recreate_a_changed_network_stays)
{
	struct plan_place p;
	cleanup_plan struct plan plan = PLAN_INIT;
	cleanup_free char *got = NULL;

	plan_place_begin(&p, "services: {a: {image: i}}");
	plan_place_add_network(&p, "default", "p_default");
	forget_hash(&p.world.networks[0]);
	strvec_add(&plan_place_add(&p, "a", 1, CONTAINER_RUNNING)->networks,
		   "p_default");
	p.in.no_recreate = true;
	cr_assert(plan_up(&p.in, &plan, NULL) == 0);
	got = plan_place_summary(&plan);
	cr_expect(eq(str, got, "p-a-1 Running"));
	cr_expect(eq(sz, plan.warnings.len, 1));
	plan_place_end(&p);
}

Test(compose_plan, a_changed_volume_keeps_its_data_unless_that_may_go)
{
	struct plan_place p;
	cleanup_plan struct plan keeps = PLAN_INIT, renews = PLAN_INIT;
	cleanup_strvec struct strvec may_go = STRVEC_INIT;
	cleanup_free char *kept = NULL, *renewed = NULL;
	struct world_object volume = { .name = xstrdup("p_v") };

	plan_place_begin(
		&p, "services: {a: {image: i, volumes: ['v:/v'], scale: 1}}\n"
		    "volumes: {v: {labels: {new: '1'}}}");
	plan_place_add_network(&p, "default", "p_default");
	forget_hash(&volume);
	array_push(p.world.volumes, p.world.volume_count, p.world.volume_cap,
		   volume);
	(void)plan_place_add(&p, "a", 1, CONTAINER_RUNNING);
	(void)plan_place_add(&p, "a", 2, CONTAINER_EXITED);
	cr_assert(plan_up(&p.in, &keeps, NULL) == 0);
	kept = plan_place_summary(&keeps);
	cr_expect(eq(str, kept,
		     "p-a-2 Removed (more than were asked for)|"
		     "p-a-1 Running"));
	cr_expect(eq(sz, keeps.warnings.len, 1));
	strvec_add(&may_go, "v");
	p.in.renew_volumes = &may_go;
	cr_assert(plan_up(&p.in, &renews, NULL) == 0);
	renewed = plan_place_summary(&renews);
	cr_expect(eq(str, renewed,
		     "p-a-1 Stopped|"
		     "p-a-1 Removed (a volume of it is made again)|"
		     "p-a-2 Removed (a volume of it is made again)|"
		     "p_v Removed (its definition changed)|p_v Created|"
		     "p-a-1 Created|p-a-1 Started"));
	plan_place_end(&p);
}

Test(compose_plan, an_external_network_must_be_there)
{
	struct plan_place p;
	cleanup_plan struct plan plan = PLAN_INIT;
	struct err err = ERR_INIT;

	plan_place_begin(&p, "services: {a: {image: i, networks: [n]}}\n"
			     "networks: {n: {external: true, name: www}}");
	cr_assert(eq(int, plan_up(&p.in, &plan, &err), -ENOENT));
	cr_expect(strstr(err.text, "compose.yaml:2:") != NULL, "%s", err.text);
	cr_expect(strstr(err.text, "www declared as external") != NULL);
	plan_place_end(&p);
}

Test(compose_plan, down_stops_what_depends_on_others_first)
{
	struct plan_place p;
	cleanup_plan struct plan plan = PLAN_INIT;
	cleanup_free char *got = NULL;

	plan_place_begin(&p, TWO);
	plan_place_add(&p, "a", 1, CONTAINER_RUNNING);
	plan_place_add(&p, "b", 1, CONTAINER_RUNNING);
	plan_place_add_network(&p, "default", "p_default");
	plan_down(&p.in, &plan);
	got = plan_place_summary(&plan);
	cr_expect(eq(str, got,
		     "p-a-1 Stopped|p-a-1 Removed|p-b-1 Stopped|"
		     "p-b-1 Removed|p_default Removed"));
	cr_expect(comes_after(&plan,
			      find_step(&plan, "Container p-b-1", "Stopped"),
			      find_step(&plan, "Container p-a-1", "Stopped")));
	cr_expect(comes_after(&plan,
			      find_step(&plan, "Network p_default", "Removed"),
			      find_step(&plan, "Container p-a-1", "Removed")));
	plan_place_end(&p);
}

/* The words of "dhow create", behind the labels. */
Test(compose_plan, a_service_becomes_flags_of_run)
{
	static const struct {
		const char *body, *flag, *value;
	} cases[] = {
		{ "command: [a, b]", "i", "a" },
		{ "entrypoint: [x, y]", "--entrypoint", "[\"x\",\"y\"]" },
		{ "environment: {A: b}", "--env", "A=b" },
		{ "ports: ['127.0.0.1:80:81/udp']", "--publish",
		  "127.0.0.1:80:81/udp" },
		{ "ports: ['[::1]:80:81']", "--publish", "[::1]:80:81/tcp" },
		{ "volumes: ['/a,b:/c:ro']", "--mount",
		  "type=bind,target=/c,\"source=/a,b\",readonly=true,"
		  "bind-create-src=true" },
		{ "volumes: ['/v']", "--mount", "type=volume,target=/v" },
		{ "tmpfs: /t", "--tmpfs", "/t" },
		{ "restart: always", "--restart", "always" },
		{ "deploy: {restart_policy: {condition: on-failure, "
		  "max_attempts: 3}}",
		  "--restart", "on-failure:3" },
		{ "healthcheck: {test: [CMD, a, b]}", "--health-cmd",
		  "[\"a\",\"b\"]" },
		{ "healthcheck: {test: a b, interval: 90s}",
		  "--health-interval", "1m30s" },
		{ "stop_grace_period: 1500ms", "--stop-timeout", "2" },
		{ "mem_limit: 1k", "--memory", "1024" },
		{ "deploy: {resources: {limits: {cpus: '0.5'}}}", "--cpus",
		  "0.5" },
		{ "ulimits: {nofile: {soft: 1, hard: 2}}", "--ulimit",
		  "nofile=1:2" },
		{ "networks: {default: {aliases: [x]}}", "--network",
		  "name=p_default,alias=a,alias=x" },
		{ "network_mode: host", "--network", "host" },
		{ "extra_hosts: ['h:1.2.3.4']", "--add-host", "h=1.2.3.4" },
		{ "devices: ['/dev/null']", "--device",
		  "/dev/null:/dev/null:rwm" },
		{ "user: '1:2'", "--user", "1:2" },
		{ "labels: {k: v}", "--label", "k=v" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_free char *yaml = xasprintf(
			"services: {a: {image: i, %s}}", cases[i].body);
		cleanup_plan struct plan plan = PLAN_INIT;
		const struct strvec *words;
		bool found = false;
		struct plan_place p;

		plan_place_begin(&p, yaml);
		cr_assert(eq(int, plan_up(&p.in, &plan, NULL), 0));
		words = &plan.steps[find_step(&plan, "Container p-a-1",
					      "Created")]
				 .words;
		for (size_t k = 0; k + 1 < words->len; k++)
			found = found ||
				(!strcmp(words->v[k], cases[i].flag) &&
				 !strcmp(words->v[k + 1], cases[i].value));
		if (!found) {
			cleanup_strbuf struct strbuf sb = STRBUF_INIT;

			plan_print(&plan, true, &sb);
			cr_expect(found, "%s: %s", cases[i].body, sb.buf);
		}
		plan_place_end(&p);
	}
}
