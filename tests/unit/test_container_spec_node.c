/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "container/spec.h"

static struct image_row row;
static struct image_config config;

static void
fill(struct container_spec *spec)
{
	struct mount_spec mount = MOUNT_SPEC_INIT;

	container_spec_init(spec);
	spec->name = xstrdup("web");
	spec->image_name = xstrdup("debian:12");
	spec->image = &row;
	spec->image_config = &config;
	spec->user = xstrdup("");
	spec->cwd = xstrdup("/srv");
	spec->hostname = xstrdup("box");
	strvec_add(&spec->argv, "/entry");
	strvec_add(&spec->argv, "--flag");
	spec->entrypoint_len = 1;
	cr_assert(eq(
		int,
		network_list_add(
			&spec->networks,
			"name=back,alias=db,alias=sql,ip=172.18.0.9,gw-priority=5",
			NULL),
		0));
	cr_assert(eq(int, network_list_add(&spec->networks, "front", NULL), 0));
	strvec_add(&spec->links, "db:sql");
	spec->seccomp = SECURITY_SECCOMP_UNCONFINED;
	spec->ids_mode = IDS_KEEP;
	spec->keep_uid = 1000;
	spec->caps = UINT64_MAX;
	spec->umask = 027;
	spec->has_oom_score_adj = true;
	spec->oom_score_adj = -500;
	spec->stop_timeout_s = 0;
	spec->attach[1] = true;
	spec->limits.memory_swap_bytes = -1;
	spec->limits.cpuset_cpus = xstrdup("0-1");
	strvec_add(&spec->limits.read_bps, "/dev/sda:1024");
	strvec_add(&spec->labels, "a=b=c");
	cr_assert(eq(int,
		     restart_spec_parse("on-failure:3", &spec->restart, NULL),
		     0));
	spec->health.on_failure = HEALTH_ACTION_KILL;
	strvec_add(&spec->health.test, "CMD-SHELL");
	strvec_add(&spec->health.test, "true");
	health_spec_fill(&spec->health);
	cr_assert(eq(int, ulimit_list_add(&spec->ulimits, "nofile=64:-1", NULL),
		     0));
	cr_assert(eq(int,
		     port_list_publish(&spec->ports,
				       "127.0.0.1:8000-8001:80-81/udp", NULL),
		     0));
	cr_assert(
		eq(int,
		   mount_spec_parse_volume("data:/var:ro,noexec", &mount, NULL),
		   0));
	mount_list_take(&spec->mounts, &mount);
}

Test(container_spec_node, every_member_survives_the_record)
{
	cleanup_container_spec struct container_spec spec, back;
	cleanup_node struct node *doc = NULL, *again = NULL;
	struct err err = ERR_INIT;

	fill(&spec);
	doc = container_spec_to_node(&spec);
	container_spec_init(&back);
	cr_assert(eq(int, container_spec_from_node(doc, &back, &err), 0), "%s",
		  err.text);
	back.image = &row;
	back.image_config = &config;
	again = container_spec_to_node(&back);
	cr_assert(node_equal(doc, again));
	cr_assert(eq(str, back.id, spec.id));
	cr_assert(eq(u64, back.caps, UINT64_MAX));
	cr_assert(eq(u64, back.ulimits.items[0].hard, UINT64_MAX));
	cr_assert(eq(sz, back.networks.len, 2));
	cr_assert(eq(str, back.networks.items[0].name, "back"));
	cr_assert(eq(str, back.networks.items[0].aliases.v[1], "sql"));
	cr_assert(eq(str, back.networks.items[0].ip4, "172.18.0.9"));
	cr_assert(eq(str, back.networks.items[1].name, "front"));
	cr_assert(eq(int, back.seccomp, SECURITY_SECCOMP_UNCONFINED));
	cr_assert(eq(int, back.health.on_failure, HEALTH_ACTION_KILL));
	cr_assert(eq(int, (int)back.stop_timeout_s, 0));
	cr_assert(eq(int, back.restart.max_retries, 3));
	cr_assert(eq(str, back.user, ""));
}

Test(container_spec_node, a_record_that_lacks_something_is_refused)
{
	static const char *const members[] = {
		"Id", "Name", "Argv", "User", "WorkingDir", "Hostname"
	};

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		cleanup_container_spec struct container_spec spec, back;
		cleanup_node struct node *doc = NULL;

		fill(&spec);
		doc = container_spec_to_node(&spec);
		cr_assert(node_del(doc, members[i]));
		container_spec_init(&back);
		cr_assert(eq(int, container_spec_from_node(doc, &back, NULL),
			     -EBADMSG),
			  "%s", members[i]);
	}
}

Test(container_spec_node, an_unknown_word_is_refused)
{
	static const char *const members[] = { "Network", "Seccomp", "Ids" };

	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		cleanup_container_spec struct container_spec spec, back;
		cleanup_node struct node *doc = NULL;

		fill(&spec);
		doc = container_spec_to_node(&spec);
		node_set_str(doc, members[i], "whatever");
		container_spec_init(&back);
		cr_assert(eq(int, container_spec_from_node(doc, &back, NULL),
			     -EBADMSG),
			  "%s", members[i]);
	}
}
